//! Comments of a YAML text in which a value is replaced: the library writes them again, and so must we.
//!
//! They are carried over line by line, which holds where writing changes nothing but blanks: every comment stands behind a value or
//! in front of a line that is indented like it. What is commented in other ways is refused rather than written without.

use trueup_manifest::yaml;

/// A line of a text that holds more than a comment.
struct Line<'t> {
    /// Comment lines in front of it.
    above: Vec<&'t str>,
    content: &'t str,
    /// The comment behind it.
    behind: Option<&'t str>,
}

/// Returns the new text with the comments of the old one, which without its comments is written as `unchanged`; nothing if
/// they cannot be carried over.
pub(super) fn carry(old: &str, unchanged: &str, new: &str) -> Option<String> {
    let comments = yaml::comments(old.as_bytes());
    if comments.is_empty() {
        return Some(new.to_owned());
    }
    if old.contains(['\r', '\t']) {
        return None;
    }
    let (head, old) = lines_of(old, &comments)?;
    let same = |line: &Line<'_>, other: &str| line.content.trim() == other.trim();
    let unchanged: Vec<&str> = solid_lines(unchanged).collect();
    if old.len() != unchanged.len() || !old.iter().zip(unchanged).all(|(line, other)| same(line, other)) {
        return None;
    }
    if solid_lines(new).count() != old.len() {
        return None;
    }
    let mut result = String::new();
    if !head.is_empty() {
        head.iter().for_each(|comment| push(&mut result, 0, comment));
        result.push('\n');
    }
    let mut old = old.iter();
    for line in new.lines() {
        if line.trim().is_empty() {
            push(&mut result, 0, line);
            continue;
        }
        let from = old.next()?;
        let indent = line.len() - line.trim_start().len();
        from.above.iter().for_each(|comment| push(&mut result, indent, comment));
        let behind = from.behind.map(|comment| format!(" {comment}")).unwrap_or_default();
        push(&mut result, 0, &format!("{line}{behind}"));
    }
    Some(result.trim().to_owned())
}

fn solid_lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

fn push(text: &mut String, indent: usize, line: &str) {
    text.extend(std::iter::repeat_n(' ', indent));
    text.push_str(line);
    text.push('\n');
}

/// Takes a text apart: the comments at its head, which a blank line follows, and its lines.
fn lines_of<'t>(text: &'t str, comments: &[usize]) -> Option<(Vec<&'t str>, Vec<Line<'t>>)> {
    let mut comments = comments.iter().copied().peekable();
    let (mut head, mut lines, mut above) = (Vec::new(), Vec::new(), Vec::<(usize, &str)>::new());
    let mut offset = 0;
    for whole in text.split_inclusive('\n') {
        let line = whole.trim_end_matches('\n');
        let comment = comments.next_if(|at| *at < offset + whole.len()).map(|at| at - offset);
        offset += whole.len();
        let (content, comment) = match comment {
            Some(at) => (line.get(..at)?, line.get(at..)),
            None => (line, None),
        };
        match (content.trim().is_empty(), comment) {
            (true, Some(comment)) => above.push((content.len(), comment)),
            (true, None) if above.is_empty() => {}
            (true, None) if lines.is_empty() && head.is_empty() => {
                head = above.drain(..).map(|(_, comment)| comment).collect();
            }
            // What a blank line parts from the next line belongs to the one before.
            (true, None) => return None,
            (false, comment) => {
                let indent = content.len() - content.trim_start().len();
                let is_behind_dash = comment.is_some() && content.trim() == "-";
                if is_behind_dash || above.iter().any(|(column, _)| *column != indent) {
                    return None;
                }
                let above = above.drain(..).map(|(_, comment)| comment).collect();
                lines.push(Line { above, content, behind: comment });
            }
        }
    }
    above.is_empty().then_some((head, lines))
}
