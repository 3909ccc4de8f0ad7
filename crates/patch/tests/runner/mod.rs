//! Runs conformance cases: one JSON file each, `{name, op, input, expect}`.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

mod json_merge;
mod strategic;
mod structured;

use serde_json::Value as Json;
use std::path::Path;
use trueup_manifest::Value;

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It gave what was expected.
    Pass,
    /// It did not.
    Fail(String),
    /// It is not about this crate.
    Skip(String),
}

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let cases = paths
        .iter()
        .filter_map(|path| serde_json::from_str::<Json>(&std::fs::read_to_string(path).ok()?).ok());
    cases.map(|case| (case["name"].as_str().unwrap_or_default().to_owned(), run(&case))).collect()
}

fn run(case: &Json) -> Outcome {
    let result = match (case["area"].as_str().unwrap_or_default(), case["op"].as_str().unwrap_or_default()) {
        ("json_merge", op) => json_merge::run(op, &case["input"], &case["expect"]),
        ("strategic_merge", op) => strategic::run(op, &case["input"], &case["expect"]),
        ("structured_merge", op) => structured::run(op, &case["input"], &case["expect"]),
        (area, op) => return Outcome::Skip(format!("{area}/{op}")),
    };
    match result {
        Ok(()) => Outcome::Pass,
        Err(message) if message.starts_with("skip:") => Outcome::Skip(message),
        Err(message) => Outcome::Fail(message),
    }
}

/// Reads a JSON value of a case as a document.
pub fn value(json: &Json) -> Value {
    serde_json::from_value(json.clone()).unwrap()
}

/// Compares what came out with what was expected.
pub fn same(what: &str, actual: &Value, expected: &Json) -> Result<(), String> {
    if *actual == value(expected) {
        return Ok(());
    }
    Err(format!("{what}: {} instead of {expected}", serde_json::to_string(actual).unwrap()))
}
