//! What a comment at the end of a document does to the text before it.
//!
//! kyaml keeps comments, and writes a blank line in front of one behind a document. Where the document ends with a block
//! scalar that keeps its line breaks (`|+`), that line becomes part of the scalar when the text is read back, as it is before
//! anything is printed.

use super::scanner;
use crate::{ScalarStyle, Value, View};

/// Notes whether a document ends with a comment.
pub(super) fn note(document: &mut Value, text: &[u8]) {
    if let Some(map) = document.as_map_mut().filter(|_| ends_in_comment(text)) {
        map.set_foot(true);
    }
}

/// Returns a document with the line break at the end that kyaml adds to it; `None` if it adds none.
pub(super) fn lengthened(document: &Value) -> Option<Value> {
    let has_foot = document.as_map().is_some_and(crate::Map::has_foot);
    (has_foot && ends_in_kept_block(document)).then(|| {
        let mut longer = document.clone();
        lengthen_last(&mut longer);
        longer
    })
}

fn lengthen_last(document: &mut Value) {
    let mut leaf = document;
    loop {
        if let Some(last) = leaf.as_seq().map(|items| items.len().saturating_sub(1)) {
            let Some(item) = leaf.item_mut(last) else { return };
            leaf = item;
        } else if leaf.is_map() {
            let Some(value) = leaf.as_map_mut().and_then(|map| map.values_mut().next_back()) else { return };
            leaf = value;
        } else {
            break;
        }
    }
    if let Some(longer) = leaf.as_str().map(|text| format!("{text}\n")) {
        *leaf = Value::string_with_style(longer, leaf.style());
    }
}

fn ends_in_kept_block(document: &Value) -> bool {
    let mut leaf = document;
    loop {
        let last = match leaf.view() {
            View::Seq(items) if !leaf.is_flow() => items.last(),
            View::Map(map) if !map.is_flow() => map.values().next_back(),
            View::String(text) => {
                let is_block = matches!(leaf.style(), ScalarStyle::Literal | ScalarStyle::Folded);
                return is_block && leaf.source().is_none() && (text.ends_with("\n\n") || text == "\n");
            }
            _ => None,
        };
        match last {
            Some(last) => leaf = last,
            None => return false,
        }
    }
}

/// Tells whether the last line that is not blank is a comment.
fn ends_in_comment(text: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(text) else { return false };
    let text = text.trim_end();
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let is_candidate = text.get(line..).is_some_and(|line| line.trim_start().starts_with('#'));
    is_candidate
        && scanner::comments_of(text).is_ok_and(|comments| comments.last().is_some_and(|at| *at >= line))
}

#[cfg(test)]
mod tests {
    use crate::yaml::{self, ParseOptions};

    #[test]
    fn a_comment_behind_a_kept_block_lengthens_it() {
        for (text, last) in [
            ("a: |+\n  x\n\n# c\n", "x\n\n\n"),
            // A folded one grows by itself, too.
            ("a: >+\n  x\n\n# c\n\n# d", "x\n\n\n\n"),
            ("a: |+\n\n# c\n", "\n\n"),
            ("a: |+\n  x\n\n  # c\n", "x\n\n# c\n"),
            ("a: |+\n  x\n\n", "x\n\n"),
            ("a: |+\n  x\n# c\n", "x\n"),
            ("a: \"x\\n\\n\"\n\n# c\n", "x\n\n"),
        ] {
            let documents = yaml::parse_stream(text.as_bytes(), &ParseOptions::kyaml()).unwrap();
            let written = yaml::through_kyaml(&documents[0]).unwrap();
            assert_eq!(written.get("a").unwrap().as_str(), Some(last), "{text}");
        }
        let nested = b"a:\n- b:\n  - |+\n    x\n\n # c\n---\na: 1\n";
        let mut documents = yaml::parse_stream(nested, &ParseOptions::kyaml()).unwrap();
        let last = |document: &crate::Value| {
            let written = yaml::through_kyaml(document).unwrap();
            let item = written.get("a").unwrap().item(0).unwrap().get("b").unwrap().item(0).cloned();
            item.unwrap().as_str().unwrap().to_owned()
        };
        assert_eq!(last(&documents[0]), "x\n\n\n");
        // Only what is at the end.
        documents[0].as_map_mut().unwrap().insert("z", 1);
        assert_eq!(last(&documents[0]), "x\n\n");
    }
}
