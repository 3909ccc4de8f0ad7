//! Runs conformance cases: one JSON file each, a rollout and what is known about it.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;

pub use cases::Outcome;

use cases::run_each;
use serde_json::{Value as Json, json};
use std::path::Path;
use trueup_health::{Checks, Health, Status};
use trueup_manifest::{Map, Value};
use trueup_rollouts::{Rollout, canary_counts};

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
}

/// Runs one case.
pub fn run(case: &Json) -> Outcome {
    let result = match case["op"].as_str().unwrap_or_default() {
        "canary-counts" => Ok(counts(case)),
        "rollout-weight" => weight(case),
        "rollout-health" => {
            Checks::default().health(&value(&case["object"])).map_err(|error| error.to_string()).map(health)
        }
        "lua-health" => scripted(case),
        other => return Outcome::Skip(other.to_owned()),
    };
    match result {
        Ok(actual) if actual == case["expect"] => Outcome::Pass,
        Ok(actual) => Outcome::Fail(format!("{actual} instead of {}", case["expect"])),
        Err(message) if message.starts_with("unsupported") => Outcome::Skip(message),
        Err(message) => Outcome::Fail(message),
    }
}

fn value(json: &Json) -> Value {
    serde_json::from_value(json.clone()).unwrap_or_default()
}

fn counts(case: &Json) -> Json {
    let number = |key: &str| case[key].as_i64().unwrap_or_default();
    let counts =
        canary_counts(number("replicas"), number("weight"), number("max_weight"), number("max_surge"));
    json!({ "canary": counts.canary, "stable": counts.stable })
}

fn weight(case: &Json) -> Result<Json, String> {
    let rollout = json!({
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "spec": { "strategy": { "canary": { "steps": case["steps"] } } },
        "status": { "currentStepIndex": case["current_step_index"], "abort": case["abort"] },
    });
    let rollout = Rollout::read(&value(&rollout)).map_err(|error| error.to_string())?;
    Ok(json!({ "weight": rollout.weight() }))
}

/// Judges by a script as it stands in the settings of Argo CD.
fn scripted(case: &Json) -> Result<Json, String> {
    let key = "resource.customizations.health.argoproj.io_Rollout";
    let settings = Map::from_iter([(key, case["script"].as_str().unwrap_or_default())]);
    let (checks, _) = Checks::default().with_config_map(&settings.into());
    checks.health(&value(&case["object"])).map(health).map_err(|error| error.to_string())
}

fn health(health: Option<Health>) -> Json {
    let health = health.unwrap_or_default();
    json!({ "status": health.status.map_or("", Status::name), "message": health.message })
}
