//! Runs conformance cases: one JSON file each, `{name, kind, appset, inputs, expect}`, in a folder for each area.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

mod compare;
mod generate;
mod known;
mod reconcile;
mod rollout;
mod world;

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

/// Runs every case of a directory and the directories in it, in the order of their paths: one case a file, or one a line.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.sort();
    let mut results = Vec::new();
    for path in paths {
        let extension = path.extension().and_then(|extension| extension.to_str());
        if path.is_dir() {
            results.extend(run_dir(&path));
        } else if extension == Some("json") {
            results.push(run_text(&std::fs::read_to_string(&path).unwrap()));
        } else if extension == Some("jsonl") {
            results.extend(std::fs::read_to_string(&path).unwrap().lines().map(run_text));
        }
    }
    results
}

fn run_text(text: &str) -> (String, Outcome) {
    let case: Json = serde_json::from_str(text).unwrap();
    let outcome = match run_one(&case) {
        Outcome::Fail(message) => known::judge(&case, message),
        outcome => outcome,
    };
    (case["name"].as_str().unwrap_or_default().to_owned(), outcome)
}

/// Runs one case.
pub fn run_one(case: &Json) -> Outcome {
    let result = match case["kind"].as_str().unwrap_or_default() {
        "params" => generate::params(case),
        "applications" => generate::applications(case),
        "values" => generate::values(case),
        "interpolate" => generate::interpolate(case),
        "combine" => generate::combine(case),
        "merge_keys" => generate::merge_keys(case),
        "template" => generate::template(case),
        "function" => generate::function(case),
        "render" => generate::render(case),
        "template_merge" => generate::template_merge(case),
        "patch" => generate::patch(case),
        "scm_filter" => generate::scm_filter(case),
        "pr_filter" => generate::pr_filter(case),
        "unrecognized_generators" => generate::unrecognized(case),
        "validate" => reconcile::validate(case),
        "policy" => reconcile::policy(case),
        "reconcile_applications" => reconcile::applications(case),
        "delete" => reconcile::delete(case),
        "ignore_differences" => reconcile::ignore_differences(case),
        "rollout_steps" => rollout::steps(case),
        "rollout_sync" => rollout::sync(case),
        "rollout_enabled" => rollout::enabled(case),
        "rollout_operation" => rollout::operation(case),
        "rollout_issue_message" => rollout::issue_message(case),
        "rollout_progress" => rollout::progress(case),
        "rollout_status" => rollout::status(case),
        kind => return Outcome::Skip(kind.to_owned()),
    };
    match result {
        Ok(()) => Outcome::Pass,
        Err(message) => Outcome::Fail(message),
    }
}

/// Reads a JSON value of a case as a document.
pub fn value(json: &Json) -> Value {
    serde_json::from_value(json.clone()).unwrap()
}

/// Writes a document as JSON.
pub fn json(value: &Value) -> Json {
    serde_json::to_value(value).unwrap()
}

/// Returns the strings of a list.
pub fn strings(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().map(|item| item.as_str().unwrap_or_default().to_owned()).collect()
}
