//! The shared conformance cases, when they are there.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

mod runner;

use runner::{Outcome, run_dir, run_one};
use serde_json::{Value as Json, json};
use std::path::Path;

/// How many of the shared cases contradict Argo CD; see `runner/known.rs`.
const CONTRADICTIONS: usize = 3;

#[test]
fn application_sets() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/applicationset");
    let results = run_dir(Path::new(corpus));
    if results.is_empty() {
        return;
    }
    let skipped = check(&results);
    assert!(skipped <= CONTRADICTIONS, "{skipped} are skipped");
    assert!(results.len() >= 370, "only {} cases ran", results.len());
}

/// Answers of Argo CD's own packages: to random ApplicationSets, and to what once differed.
#[test]
fn recorded_answers() {
    let results = run_dir(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")));
    assert!(results.len() >= 300, "only {} cases ran", results.len());
    assert_eq!(check(&results), 0);
}

/// ApplicationSets that are built like Argo CD's own examples: its packages' answers, and as many Applications as its
/// documentation says.
#[test]
fn examples_generate_what_is_said_of_them() {
    let recorded = include_str!("fixtures/examples.jsonl").lines();
    let cases: Vec<Json> = recorded.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(cases.len() >= 53, "only {} cases", cases.len());
    for case in cases {
        let says = case["says"].as_str().unwrap();
        assert_eq!(run_one(&case), Outcome::Pass, "{}: {says}", case["name"]);
        let count = case["expect"]["applications"].as_array().map(Vec::len);
        assert_eq!(json!(count), case["count"], "{}: {says}", case["name"]);
    }
}

/// Fails if a case does; returns how many are skipped.
fn check(results: &[(String, Outcome)]) -> usize {
    let failed = results.iter().filter_map(|(name, outcome)| match outcome {
        Outcome::Fail(message) => Some(format!("{name}: {message}")),
        _ => None,
    });
    let failed: Vec<String> = failed.collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
    results.iter().filter(|(_, outcome)| matches!(outcome, Outcome::Skip(_))).count()
}
