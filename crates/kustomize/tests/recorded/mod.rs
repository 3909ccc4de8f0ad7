//! Lines that were recorded from the real kustomize: what was built, what came of it (`output`, `error` or `refused`), and its text.

#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

use trueup_kustomize::{Options, build};
use trueup_manifest::FileTree;
use trueup_manifest::json::{self, JsonOptions};

/// Reads a text of a line, which is written as JSON.
pub(crate) fn text(written: &str) -> String {
    let value = json::parse(written.as_bytes(), &JsonOptions::default()).unwrap();
    value.as_str().unwrap().to_owned()
}

/// Builds files and holds what comes of it to what was recorded. Where only the refusal counts, upstream follows a pointer to nothing, or
/// reads YAML where it reads JSON elsewhere.
pub(crate) fn hold<const N: usize>(files: [(&'static str, String); N], kind: &str, wanted: &str, of: &str) {
    let tree = FileTree::from_files(files.map(|(path, text)| (path, text.into_bytes()))).unwrap();
    let built = build(&tree, "", &Options::default()).and_then(|manifests| manifests.to_yaml());
    match (kind, built) {
        ("output", Ok(output)) => assert_eq!(output, wanted, "{of}"),
        ("error", Err(error)) => assert_eq!(squeeze(error.message()), wanted, "{of}"),
        ("refused", Err(_)) => {}
        (_, built) => panic!("wanted {kind} {wanted} of {of} but got {built:?}"),
    }
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
