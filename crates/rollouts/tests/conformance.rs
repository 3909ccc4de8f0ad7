//! The shared conformance cases, when they are there, and what the controller made of generated rollouts.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

mod runner;

use runner::{Outcome, run_dir};
use serde_json::{Value as Json, json};
use std::path::Path;
use trueup_rollouts::{Progress, Rollout, plan, validate};

#[test]
fn corpus() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/rollouts");
    let results = run_dir(Path::new(corpus));
    let failed: Vec<String> = results
        .iter()
        .filter(|(_, outcome)| *outcome != Outcome::Pass)
        .map(|(name, outcome)| format!("{name}: {outcome:?}"))
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
    assert!(results.is_empty() || results.len() >= 48);
}

/// Written by `fuzz/rollouts`. Further files of the same form beside it are compared, too.
#[test]
fn recorded_rollouts_are_what_the_controller_takes_them_for() {
    let fixtures = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"));
    let (mut compared, mut planned, mut failed) = (0, 0, Vec::new());
    for entry in std::fs::read_dir(fixtures).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if !name.starts_with("recorded") {
            continue;
        }
        for line in std::fs::read_to_string(&path).unwrap().lines() {
            let record: Json = serde_json::from_str(line).unwrap();
            compared += 1;
            planned += usize::from(record["steps"].is_array());
            failed.extend(compare(&record).map(|why| format!("{why}\n  {line}")));
        }
    }
    assert!(
        failed.is_empty(),
        "{} of {compared} failed\n{}",
        failed.len(),
        failed[..failed.len().min(8)].join("\n")
    );
    assert!(compared >= 300 && planned >= 100, "{compared} {planned}");
}

fn compare(record: &Json) -> Option<String> {
    let rollout = Rollout::read(&serde_json::from_value(record["rollout"].clone()).unwrap()).unwrap();
    let problems = validate(&rollout)
        .into_iter()
        .map(|problem| json!({ "field": problem.field, "kind": problem.kind.words(), "text": problem.text }));
    let problems: Json = problems.collect();
    if problems != record["problems"] {
        return Some(format!("{problems}\n  instead of {}", record["problems"]));
    }
    let Some(now) = record.get("now") else {
        // What has no steps for the controller has no plan either.
        let has_one_strategy = record.get("hash").is_some();
        return (has_one_strategy && plan(&rollout).is_ok()).then(|| "a plan".to_owned());
    };
    if record["setWeight"] != rollout.weight() {
        return Some(format!("weight {} instead of {}", rollout.weight(), record["setWeight"]));
    }
    let plan = match plan(&rollout) {
        Ok(plan) => plan,
        Err(error) => return Some(error.to_string()),
    };
    let steps = plan.steps.iter().map(|step| {
        json!({ "weight": step.weight_after, "canary": step.canary_replicas, "stable": step.stable_replicas })
    });
    let steps: Json = steps.collect();
    if steps != *record.get("steps").unwrap_or(&json!([])) {
        return Some(format!("{steps}\n  instead of {}", record["steps"]));
    }
    let knows_steps = record["rollout"]["status"]["currentStepHash"] == record["hash"];
    if (plan.progress == Progress::Restarting) == knows_steps && is_under_way(record) {
        return Some(format!("{:?} with the hash {}", plan.progress, record["hash"]));
    }
    let actual =
        json!({ "weight": plan.weight, "canary": plan.canary_replicas, "stable": plan.stable_replicas });
    let differs = plan.progress != Progress::Restarting && actual != *now;
    differs.then(|| format!("now {actual} instead of {now} ({:?})", plan.progress))
}

/// Tells whether a rollout has a version to replace, and has not been promoted.
fn is_under_way(record: &Json) -> bool {
    let status = &record["rollout"]["status"];
    status["stableRS"] == "old" && status["promoteFull"] != true
}
