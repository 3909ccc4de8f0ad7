//! Three texts into one, line by line.

use serde::Serialize;
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;

/// Lines that both sides changed, each in its own way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Conflict {
    /// The first of them in our text, from 1.
    pub line: usize,
    /// How many there are in our text.
    pub lines: usize,
}

/// Makes the changes that lead from `base` to `theirs` in `ours`, as `git merge-file` would.
///
/// ```
/// use trueup_promotion::merge_text;
///
/// let merged = merge_text("a\nb\nc\n", "a\nb\nc\nd\n", "A\nb\nc\n");
/// assert_eq!(merged.unwrap(), "A\nb\nc\nd\n");
/// assert_eq!(merge_text("a\n", "b\n", "c\n").unwrap_err()[0].line, 1);
/// ```
///
/// # Errors
/// The places where both changed the same lines, or lines next to each other, differently.
pub fn merge_text(base: &str, ours: &str, theirs: &str) -> Result<String, Vec<Conflict>> {
    let lines = |text| -> Vec<&str> { str::split_inclusive(text, '\n').collect() };
    let (base, ours, theirs) = (lines(base), lines(ours), lines(theirs));
    let (our_line, their_line) = (partners(&base, &ours), partners(&base, &theirs));
    let mut merged = String::new();
    let mut conflicts = Vec::new();
    let mut from = [0, 0, 0];
    for at in 0..=base.len() {
        // The next line that all three have, or the ends.
        let partner = |lines: &[Option<usize>]| lines.get(at).copied().flatten();
        let to = match (at == base.len(), partner(&our_line), partner(&their_line)) {
            (true, ..) => [at, ours.len(), theirs.len()],
            (_, Some(our), Some(their)) => [at, our, their],
            _ => continue,
        };
        let [of_base, of_ours, of_theirs] =
            [(&base, 0), (&ours, 1), (&theirs, 2)].map(|(lines, side)| piece(lines, from, to, side));
        match (of_ours == of_base, of_theirs == of_base || of_ours == of_theirs) {
            (_, true) => merged.extend(of_ours.iter().copied()),
            (true, _) => merged.extend(of_theirs.iter().copied()),
            _ => conflicts.push(Conflict { line: from[1] + 1, lines: of_ours.len() }),
        }
        merged.push_str(base.get(at).copied().unwrap_or_default());
        from = to.map(|line| line + 1);
    }
    if conflicts.is_empty() { Ok(merged) } else { Err(conflicts) }
}

fn piece<'a, 'b>(lines: &'a [&'b str], from: [usize; 3], to: [usize; 3], side: usize) -> &'a [&'b str] {
    let range: Option<Range<usize>> = from.get(side).zip(to.get(side)).map(|(from, to)| *from..*to);
    range.and_then(|range| lines.get(range)).unwrap_or_default()
}

/// Returns, for each line of the one text, which line of the other it is.
fn partners(base: &[&str], other: &[&str]) -> Vec<Option<usize>> {
    let mut partners = vec![None; base.len()];
    for op in capture_diff_slices(Algorithm::Myers, base, other) {
        if let DiffOp::Equal { old_index, new_index, len } = op {
            for (step, partner) in partners.iter_mut().skip(old_index).take(len).enumerate() {
                *partner = Some(new_index + step);
            }
        }
    }
    partners
}
