//! Every code that the engine may give is in the list from which the types of the packages are written.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "a test reads the sources, and fails by panicking"
)]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use trueup::api::CODES;

/// Whatever stands between quotation marks in the sources of all crates and packages and looks like a code of one of the areas.
fn codes_of(directory: &Path, found: &mut BTreeSet<String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes_of(&path, found);
        } else if path.ends_with("api/codes.rs") {
            // The list itself.
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.extend(text.split('"').filter(|piece| looks_like_a_code(piece)).map(str::to_owned));
        }
    }
}

fn looks_like_a_code(text: &str) -> bool {
    let areas = CODES.iter().filter_map(|code| code.split_once('/')).map(|(area, _)| area);
    let Some((area, what)) = text.split_once('/') else { return false };
    let is_letter = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let is_word = |word: &str| !word.is_empty() && word.bytes().all(is_letter);
    areas.into_iter().any(|known| known == area) && what.split('-').all(is_word)
}

#[test]
fn the_list_has_every_code_and_no_other() {
    let mut found = BTreeSet::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    for directory in ["crates", "bindings"] {
        for entry in fs::read_dir(root.join(directory)).unwrap() {
            codes_of(&entry.unwrap().path().join("src"), &mut found);
        }
    }
    let listed: BTreeSet<String> = CODES.iter().map(|code| (*code).to_owned()).collect();
    assert_eq!(listed, found);
    assert!(CODES.is_sorted());
}
