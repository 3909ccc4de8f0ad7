//! Runs conformance cases: one JSON file each.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

use serde_json::Value as Json;
use std::path::Path;
use trueup_manifest::Limits;
use trueup_terraform::*;

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
    let read = |path: &std::path::PathBuf| {
        serde_json::from_str::<Json>(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    paths
        .iter()
        .map(read)
        .map(|case| (case["name"].as_str().unwrap_or_default().to_owned(), run(&case)))
        .collect()
}

fn run(case: &Json) -> Outcome {
    let result = if case["plan_json"].is_string() {
        plan(case)
    } else if case["op"] == "state-push" {
        push(case)
    } else {
        return Outcome::Skip("neither a plan nor a push".to_owned());
    };
    result.map_or_else(Outcome::Fail, |()| Outcome::Pass)
}

fn plan(case: &Json) -> Result<(), String> {
    let text = case["plan_json"].as_str().unwrap_or_default();
    let expect = &case["expect"];
    let summary = match (summarize(text.as_bytes(), &Limits::default()), expect["error"].as_str()) {
        (Ok(summary), None) => summary,
        (Err(error), Some(code)) if error.code().ends_with(code) => return Ok(()),
        (answer, _) => return Err(format!("{:?}", answer.map(|_| "no error"))),
    };
    let json = summary.to_json();
    for secret in case["must_not_contain"].as_array().into_iter().flatten().filter_map(Json::as_str) {
        for output in [&json, &summary.to_string(), &format!("{summary:?}")] {
            if output.contains(secret) {
                return Err(format!("`{secret}` leaks"));
            }
        }
    }
    let actual: Json = serde_json::from_str(&json).unwrap();
    if case["detailed_exitcode"].is_number() && case["detailed_exitcode"] != actual["exit_code"] {
        return Err(format!("exit code {}", actual["exit_code"]));
    }
    if &actual == expect { Ok(()) } else { Err(format!("expected {expect}\n     got {actual}")) }
}

fn push(case: &Json) -> Result<(), String> {
    let text = |json: &Json| match json {
        Json::String(text) => text.clone(),
        json => json.to_string(),
    };
    let current = Some(&case["current"]).filter(|current| !current.is_null()).map(text);
    let mode = if case["force"] == true { PushMode::Forced } else { PushMode::Guarded };
    let (limits, candidate) = (Limits::default(), text(&case["candidate"]));
    let check = check_push(current.as_ref().map(String::as_bytes), candidate.as_bytes(), mode, &limits)
        .map_err(|error| error.to_string())?;
    let expect = &case["expect"];
    let serial = expect["terraform_serial_after"].as_u64();
    let fits = expect["allowed"] == check.allowed
        && expect["rule"] == check.rule.name()
        && (serial.is_none() || serial == check.serial_after);
    if fits { Ok(()) } else { Err(format!("expected {expect}\n     got {check:?}")) }
}
