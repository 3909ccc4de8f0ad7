//! Nothing panics, what is written can be read, and a state that was rebased can be pushed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{FileTree, Limits, hcl};
use trueup_terraform::*;

fuzz_target!(|text: &[u8]| {
    let limits = Limits::default();
    if let Ok(summary) = summarize(text, &limits) {
        json::parse(summary.to_json().as_bytes(), &JsonOptions::default()).unwrap();
        let _ = summary.to_string();
    }
    let current = br#"{"version": 4, "serial": 3, "lineage": "l", "resources": []}"#;
    let _ = check_push(Some(current), text, PushMode::Guarded, &limits);
    if let Ok(rebased) = rebase(text, current, &limits) {
        assert!(check_push(Some(current), rebased.as_bytes(), PushMode::Guarded, &limits).unwrap().allowed);
    }
    let _ = lint_workflow("w.yaml", text, Some(&["a".into()]));
    if let Err(error) = hcl::parse(text, &limits) {
        assert!(error.position().offset <= text.len());
    }
    let tree = FileTree::from_files([("a/main.tf", text)]).unwrap();
    let _ = reads(&tree, "a");
});
