//! Runs conformance cases: one JSON file each, `{name, op, input, expect}`.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;
mod diffs;
mod ignores;
mod normalizes;
mod trackings;

pub use cases::Outcome;

use cases::run_each;
use serde_json::Value as Json;
use std::path::Path;
use trueup_diff::rules::{IgnoreRule, Overrides, Rules};
use trueup_manifest::{Map, Value};

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
}

fn run(case: &Json) -> Outcome {
    let (input, expect) = (&case["input"], &case["expect"]);
    let result = match (case["area"].as_str().unwrap_or_default(), case["op"].as_str().unwrap_or_default()) {
        ("three_way_diff" | "structured_merge" | "server_side_diff" | "ignore_differences", "diff") => {
            diffs::run(case["area"].as_str().unwrap_or_default(), input, expect)
        }
        ("server_side_diff", "exclude_owned_ancestors") => diffs::exclude_owned_ancestors(input, expect),
        ("ignore_differences", op) => ignores::run(op, input, expect),
        ("normalize", op) => normalizes::run(op, input, expect),
        ("hide_secrets", "hide") => normalizes::hide(input, expect),
        ("tracking", op) => trackings::run(op, input, expect),
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

/// Reads an object that may be absent.
pub fn object(json: &Json) -> Option<Value> {
    (!json.is_null()).then(|| value(json))
}

/// Compares what came out with what was expected.
pub fn same(what: &str, actual: &Value, expected: &Json) -> Result<(), String> {
    if *actual == value(expected) {
        return Ok(());
    }
    Err(format!("{what}: {} instead of {expected}", serde_json::to_string(actual).unwrap()))
}

/// Checks a list of assertions.
pub fn assert_all(what: &str, actual: &Value, assertions: &Json) -> Result<(), String> {
    let actual: Json = serde_json::to_value(actual).unwrap();
    for assertion in assertions.as_array().into_iter().flatten() {
        let path = assertion["path"].as_str().unwrap_or_default();
        let found = actual.pointer(path);
        let holds = if let Some(expected) = assertion.get("equals") {
            found.is_some_and(|found| value(found) == value(expected))
        } else if assertion["absent"] == true {
            found.is_none()
        } else if assertion["present"] == true {
            found.is_some()
        } else if let Some(length) = assertion["length"].as_u64() {
            let len =
                |found: &Json| found.as_array().map(Vec::len).or(found.as_object().map(serde_json::Map::len));
            found.and_then(len) == usize::try_from(length).ok()
        } else {
            let expected = value(&assertion["contains"]);
            found
                .and_then(Json::as_array)
                .is_some_and(|items| items.iter().any(|item| holds_all(&value(item), &expected)))
        };
        if !holds {
            return Err(format!("{what}: {assertion} does not hold: {found:?}"));
        }
    }
    Ok(())
}

/// Builds the rules of a case.
pub fn rules(ignores: &Json, overrides: &Json) -> Result<Rules, String> {
    let ignores = ignores.as_array().into_iter().flatten().map(|rule| IgnoreRule::from_value(&value(rule)));
    let ignores: Vec<IgnoreRule> = ignores.collect();
    let overrides = if overrides.is_null() { Map::new().into() } else { value(overrides) };
    Rules::new(&ignores, &Overrides::from_value(&overrides)).map_err(|error| error.to_string())
}

/// Tells whether a value is another one, or a map with at least its members.
pub fn holds_all(actual: &Value, expected: &Value) -> bool {
    match (actual.as_map(), expected.as_map()) {
        (Some(actual), Some(expected)) => expected.iter().all(|(key, value)| actual.get(key) == Some(value)),
        _ => actual == expected,
    }
}
