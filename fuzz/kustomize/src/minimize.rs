//! Makes a case smaller while it still shows the same difference.

use crate::case::Case;

/// Returns a smaller case for which `still` holds, after no more than so many builds.
pub(crate) fn minimize(case: &Case, budget: usize, mut still: impl FnMut(&Case) -> bool) -> Case {
    let mut state = State { best: case.clone(), left: budget, still: &mut still };
    loop {
        let before = size(&state.best);
        state.drop_flags();
        state.drop_blocks(0);
        state.drop_files();
        state.drop_documents();
        state.drop_blocks(4);
        state.drop_files();
        state.drop_blocks(usize::MAX);
        state.drop_lines();
        state.drop_pieces();
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
                let kept: Vec<&[u8]> = lines
                    .iter()
                    .enumerate()
                    .filter(|(at, _)| *at < from || *at >= to)
                    .map(|(_, line)| *line)
                    .collect();
                if !self.replace(&path, &kept) {
                    skip += 1;
                }
            }
        }
    }

    fn drop_documents(&mut self) {
        self.drop_ranges(|lines| {
            let mut starts: Vec<usize> = lines
                .iter()
                .enumerate()
                .filter(|(_, line)| line.starts_with(b"---"))
                .map(|(at, _)| at)
                .collect();
            starts.insert(0, 0);
            starts.push(lines.len());
            starts.windows(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?))).collect()
        });
    }

    /// Blocks are a line and what belongs to it; the largest go first.
    fn drop_blocks(&mut self, deepest: usize) {
        self.drop_ranges(|lines| {
            let blocks = lines.iter().enumerate().filter(|(_, line)| indent(line) <= deepest);
            let mut blocks: Vec<(usize, usize)> = blocks.map(|(at, _)| (at, block_end(lines, at))).collect();
            blocks.sort_by_key(|(from, to)| std::cmp::Reverse(to - from));
            blocks
        });
    }

    /// Pieces are the entries of flow collections.
    fn drop_pieces(&mut self) {
        let paths: Vec<String> = self.best.files.keys().cloned().collect();
        for path in paths {
            let mut from = 0;
            while self.left > 0 {
                let Some(bytes) = self.best.files.get(&path).cloned() else { break };
                let Some((start, end)) = next_piece(&bytes, from) else { break };
                let (head, tail) =
                    (bytes.get(..start).unwrap_or_default(), bytes.get(end..).unwrap_or_default());
                if !self.replace(&path, &[head, tail]) {
                    from = start + 1;
                }
            }
        }
    }

    fn drop_lines(&mut self) {
        self.drop_ranges(|lines| (0..lines.len()).map(|at| (at, at + 1)).collect());
    }
}

/// Returns where the lines end that are indented more than this one, or are items of the sequence that it opens.
fn block_end(lines: &[&[u8]], at: usize) -> usize {
    let Some(first) = lines.get(at) else { return at };
    let own = indent(first);
    let opens = first.trim_ascii_end().ends_with(b":") && !first.trim_ascii_start().starts_with(b"-");
    let inside = |line: &&&[u8]| {
        let below = indent(line);
        below > own || (opens && below == own && line.get(own..).is_some_and(|rest| rest.starts_with(b"- ")))
    };
    at + 1 + lines.iter().skip(at + 1).take_while(inside).count()
}

/// Returns the next entry of a flow collection, with the comma after it.
fn next_piece(bytes: &[u8], from: usize) -> Option<(usize, usize)> {
    let opening = bytes.iter().skip(from).position(|byte| matches!(byte, b'{' | b'[' | b','))?;
    let start = from + opening + 1;
    let mut depth = 0;
    for (at, byte) in bytes.iter().enumerate().skip(start) {
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' if depth == 0 => return Some((start, at)),
            b'}' | b']' => depth -= 1,
            b',' if depth == 0 => return Some((start, at + 1)),
            b'\n' => return Some((start, at)),
            _ => {}
        }
    }
    None
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
        let small = minimize(&case, 4000, |case| {
            case.files.values().any(|bytes| bytes.windows(3).any(|part| part == b"bug"))
        });
        assert_eq!(small.files, BTreeMap::from([("a.yaml".to_owned(), b"  bug: 1\n".to_vec())]));
        assert_eq!(small.flags, Flags::default());
    }
}
