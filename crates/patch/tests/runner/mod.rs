//! Runs conformance cases: one JSON file each, `{name, op, input, expect}`.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;
mod json_merge;
mod strategic;
mod structured;

pub use cases::Outcome;

use cases::run_each;
use serde_json::Value as Json;
use std::path::Path;
use trueup_manifest::Value;

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
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
