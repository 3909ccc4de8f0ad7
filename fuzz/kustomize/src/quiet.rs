//! What upstream stumbles over by itself, so that a difference says nothing about us: comments that it carries along and
//! cannot read back, byte order marks within a text, and merges of maps that merge (`COMPATIBILITY.md`, known differences 7,
//! 10 and 11).

use crate::builders::Answer;
use crate::case::Case;
use crate::compare::{Class, Difference};

const MARK: char = '\u{feff}';

/// Returns the case without what may be the cause of a difference, if there is any of it.
pub(crate) fn without_known_causes(case: &Case, difference: &Difference, reference: &Answer) -> Option<Case> {
    let says = |words: &str| matches!(reference, Answer::Error(text) if text.contains(words));
    let we_build = difference.class == Class::WeBuild;
    let comments = we_build && (says("yaml: line ") || says("yaml: invalid map key"));
    let merges = we_build && says("yaml: map merge requires map");
    let mut quiet = case.clone();
    let mut changed = false;
    for bytes in quiet.files.values_mut() {
        let Ok(text) = std::str::from_utf8(bytes) else { continue };
        let mut new = without_marks(text);
        if comments {
            new = without_comments(&new);
        }
        if merges {
            new = without_merges(&new);
        }
        changed |= new != text;
        *bytes = new.into_bytes();
    }
    changed.then_some(quiet)
}

/// Drops byte order marks, but for one at the start.
fn without_marks(text: &str) -> String {
    let start = if text.starts_with(MARK) { MARK.len_utf8() } else { 0 };
    let (front, rest) = text.split_at_checked(start).unwrap_or(("", text));
    format!("{front}{}", rest.replace(MARK, ""))
}

/// Drops lines that are comments, and comments at the end of lines, as far as a glance tells.
fn without_comments(text: &str) -> String {
    let lines = text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with('#'));
    let shortened = lines.map(|line| match line.rsplit_once(" #") {
        Some((front, comment)) if !comment.contains(['"', '\'']) => {
            format!("{}{}", front.trim_end(), if line.ends_with('\n') { "\n" } else { "" })
        }
        _ => line.to_owned(),
    });
    shortened.collect()
}

/// Drops the lines that merge another map.
fn without_merges(text: &str) -> String {
    text.split_inclusive('\n').filter(|line| !line.trim_start().starts_with("<<: ")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_marks_go() {
        assert_eq!(without_comments("a: {} # line\n  # b\nb: 'x # y'\nc: 1"), "a: {}\nb: 'x # y'\nc: 1");
        assert_eq!(without_merges("a:\n  <<: *b\n  c: d\n"), "a:\n  c: d\n");
        assert_eq!(without_marks("\u{feff}a\u{feff}b"), "\u{feff}ab");
    }
}
