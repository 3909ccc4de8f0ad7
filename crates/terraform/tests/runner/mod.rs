//! Runs conformance cases: one JSON file each.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;

pub use cases::Outcome;

use cases::run_each;
use serde_json::Value as Json;
use std::path::Path;
use trueup_manifest::Limits;
use trueup_terraform::*;

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
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
