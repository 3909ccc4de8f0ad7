//! The shared conformance cases, when they are there.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

mod runner;

use runner::{Outcome, run_dir};
use std::path::Path;

fn check(area: &str, at_least: usize) {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance");
    let results = run_dir(&Path::new(corpus).join(area));
    if results.is_empty() {
        return;
    }
    let failed: Vec<String> = results
        .iter()
        .filter_map(|(name, outcome)| match outcome {
            Outcome::Fail(message) => Some(format!("{name}: {message}")),
            _ => None,
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
    let passed = results.iter().filter(|(_, outcome)| *outcome == Outcome::Pass).count();
    assert!(passed >= at_least, "only {passed} cases ran");
}

#[test]
fn structured_merge() {
    check("structured_merge", 267);
}

#[test]
fn strategic_merge() {
    check("strategic_merge", 186);
}

#[test]
fn json_merge() {
    check("json_merge", 30);
}
