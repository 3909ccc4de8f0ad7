//! The shared conformance cases, when they are there, and this crate's own.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "tests read their fixtures, and fail by panicking"
)]

mod runner;

use runner::{Outcome, run, run_dir};
use serde_json::Value as Json;
use std::path::Path;

fn passed(results: &[(String, Outcome)]) -> usize {
    let failed: Vec<String> = results
        .iter()
        .filter(|(_, outcome)| *outcome != Outcome::Pass)
        .map(|(name, outcome)| format!("{name}: {outcome:?}"))
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
    results.len()
}

#[test]
fn corpus() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/secrets");
    let results = run_dir(Path::new(corpus));
    if !results.is_empty() {
        assert!(passed(&results) >= 63);
    }
}

#[test]
fn own_cases() {
    let lines = include_str!("fixtures/cases.jsonl").lines();
    let cases: Vec<Json> = lines.map(|line| serde_json::from_str(line).unwrap()).collect();
    let results: Vec<(String, Outcome)> =
        cases.iter().map(|case| (case["name"].as_str().unwrap_or_default().to_owned(), run(case))).collect();
    assert!(passed(&results) >= 40);
}
