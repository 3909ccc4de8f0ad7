//! What holds of any text, for tests and for the fuzzer.
#![expect(unreachable_pub, reason = "the fuzzer reads this, too")]

use trueup_promotion::{Edit, PromoteOptions, edit, promote};

/// What is set: in the place of the first byte of the input.
const EDITS: [(&str, &str); 8] = [
    ("image", "a=b:1.10@sha256:aa"),
    ("image", "a=*:*"),
    ("image", "a@d"),
    ("replicas", "a=2"),
    ("namespace", "x"),
    ("nameprefix", ""),
    ("label", "a:\"b: #\""),
    ("annotation", "a"),
];

/// An edit is made or refused; made once, it has nothing to do any more; and a promotion to itself changes nothing.
pub fn edits(input: &[u8]) {
    let Some((first, text)) = input.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let (what, argument) = EDITS[usize::from(*first) % EDITS.len()];
    let Ok(edits) = Edit::parse(what, &[argument]) else { return };
    if let Ok(edited) = edit(text, &edits) {
        assert_eq!(edited.changed, edited.text != text);
        let again = edit(&edited.text, &edits).map(|again| again.text);
        assert_eq!(again.as_ref(), Ok(&edited.text));
    }
    if let Ok(promotion) = promote(text, text, &PromoteOptions::default()) {
        assert_eq!((promotion.text.as_str(), promotion.changes.len()), (text, 0));
    }
}
