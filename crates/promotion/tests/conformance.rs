//! The shared conformance cases, when they are there, and this crate's own.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "tests read their fixtures, and fail by panicking"
)]

#[path = "generate/meaning.rs"]
mod meaning;
mod runner;

use runner::{Outcome, run, run_dir};
use serde_json::Value as Json;
use std::path::Path;
use trueup_promotion::{Edit, edit};

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
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/promotion");
    let results = run_dir(Path::new(corpus));
    if !results.is_empty() {
        assert!(passed(&results) >= 69);
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

/// Recorded by `fuzz/promotion`: what kustomize 5.8.1 made of generated kustomizations.
#[test]
fn recorded_edits_mean_what_they_mean_to_kustomize() {
    let mut compared = 0;
    for line in include_str!("fixtures/recorded.jsonl").lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let text = |key: &str| case[key].as_str().unwrap_or_default();
        let arguments: Vec<&str> =
            case["arguments"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        let edits = Edit::parse(text("what"), &arguments).unwrap();
        let edited = edit(text("text"), &edits).unwrap();
        assert_eq!(meaning::meaning(&edited.text), meaning::meaning(text("kustomize")), "{line}");
        compared += 1;
    }
    assert!(compared >= 150);
}
