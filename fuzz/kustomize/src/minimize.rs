//! Makes a case smaller while it still shows the same difference.

use crate::case::Case;

/// How many builds one case is worth.
const BUDGET: usize = 1500;

/// Returns a smaller case for which `still` holds.
pub(crate) fn minimize(case: &Case, mut still: impl FnMut(&Case) -> bool) -> Case {
    let mut state = State { best: case.clone(), left: BUDGET, still: &mut still };
    loop {
        let before = size(&state.best);
        state.drop_flags();
        state.drop_files();
        state.drop_documents();
        state.drop_blocks();
        state.drop_lines();
        if size(&state.best) >= before || state.left == 0 {
            return state.best;
        }
    }
}

fn size(case: &Case) -> usize {
    case.files.values().map(|bytes| bytes.len() + 1).sum()
}

struct State<'a> {
    best: Case,
    left: usize,
    still: &'a mut dyn FnMut(&Case) -> bool,
}

impl State<'_> {
    /// Takes the candidate if it shows the difference too.
    fn offer(&mut self, candidate: Case) -> bool {
        if self.left == 0 {
            return false;
        }
        self.left -= 1;
        let good = (self.still)(&candidate);
        if good {
            self.best = candidate;
        }
        good
    }

    fn drop_flags(&mut self) {
        if self.best.flags != crate::case::Flags::default() {
            let mut candidate = self.best.clone();
            candidate.flags = crate::case::Flags::default();
            self.offer(candidate);
        }
    }

    fn drop_files(&mut self) {
        let paths: Vec<String> = self.best.files.keys().cloned().collect();
        for path in paths {
            let mut candidate = self.best.clone();
            candidate.files.remove(&path);
            self.offer(candidate);
        }
    }

    fn replace(&mut self, path: &str, lines: &[&[u8]]) -> bool {
        let mut candidate = self.best.clone();
        candidate.files.insert(path.to_owned(), lines.concat());
        self.offer(candidate)
    }

    /// Tries to do without ranges of lines that `ranges` proposes, until none can go.
    fn drop_ranges(&mut self, ranges: impl Fn(&[&[u8]]) -> Vec<(usize, usize)>) {
        let paths: Vec<String> = self.best.files.keys().cloned().collect();
        for path in paths {
            let mut skip = 0;
            while self.left > 0 {
                let Some(bytes) = self.best.files.get(&path).cloned() else { break };
                let lines: Vec<&[u8]> = bytes.split_inclusive(|byte| *byte == b'\n').collect();
                let ranges = ranges(&lines);
                let Some(&(from, to)) = ranges.get(skip) else { break };
                let kept: Vec<&[u8]> =
                    lines.iter().enumerate().filter(|(at, _)| *at < from || *at >= to).map(|(_, line)| *line).collect();
                if !self.replace(&path, &kept) {
                    skip += 1;
                }
            }
        }
    }

    fn drop_documents(&mut self) {
        self.drop_ranges(|lines| {
            let mut starts: Vec<usize> =
                lines.iter().enumerate().filter(|(_, line)| line.starts_with(b"---")).map(|(at, _)| at).collect();
            starts.insert(0, 0);
            starts.push(lines.len());
            starts.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect()
        });
    }

    /// Blocks are a line and those below it that are indented more.
    fn drop_blocks(&mut self) {
        self.drop_ranges(|lines| {
            let indents: Vec<usize> = lines.iter().map(|line| indent(line)).collect();
            let blocks = indents.iter().enumerate().map(|(at, own)| {
                let below = indents.iter().skip(at + 1).take_while(|indent| *indent > own).count();
                (at, at + 1 + below)
            });
            blocks.collect()
        });
    }

    fn drop_lines(&mut self) {
        self.drop_ranges(|lines| (0..lines.len()).map(|at| (at, at + 1)).collect());
    }
}

fn indent(line: &[u8]) -> usize {
    line.iter().take_while(|byte| **byte == b' ').count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::case::Flags;
    use std::collections::BTreeMap;

    #[test]
    fn what_is_not_needed_goes() {
        let files = BTreeMap::from([
            ("a.yaml".to_owned(), b"x: 1\ny:\n  bug: 1\n  z: 2\n---\nq: 1\n".to_vec()),
            ("b.yaml".to_owned(), b"c: d\n".to_vec()),
        ]);
        let case = Case { files, run: ".".to_owned(), flags: Flags { reorder: "none", ..Flags::default() } };
        let small = minimize(&case, |case| case.files.values().any(|bytes| bytes.windows(3).any(|part| part == b"bug")));
        assert_eq!(small.files, BTreeMap::from([("a.yaml".to_owned(), b"  bug: 1\n".to_vec())]));
        assert_eq!(small.flags, Flags::default());
    }
}
