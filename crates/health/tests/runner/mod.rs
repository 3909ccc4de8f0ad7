//! Runs conformance cases: one JSON file each, `{name, op, input, expect}`.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;

pub use cases::Outcome;

use cases::run_each;
use serde_json::Value as Json;
use std::path::Path;
use trueup_health::{
    Checks, Health, HealthError, Managed, ObjectRef, Status, aggregate, format_causes, lookup, shipped_check,
};
use trueup_manifest::{EcoString, Value};

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
}

fn run(case: &Json) -> Outcome {
    let (input, expect) = (&case["input"], &case["expect"]);
    let result = match case["op"].as_str().unwrap_or_default() {
        "builtin" => judged(Checks::built_in().judge(&value(&input["object"])), expect),
        "custom" => custom(input, expect),
        "lua" => lua(input, expect),
        "lookup" => lookups(input, expect),
        "is_worse" => {
            let status = |key: &str| Status::named(input[key].as_str().unwrap_or_default());
            let worse = status("current").zip(status("new")).map(|(current, new)| current.is_worse(new));
            if expect["worse"].as_bool() == worse { Ok(()) } else { Err(format!("{worse:?}")) }
        }
        "aggregate" => aggregated(input, expect),
        "format_causes" => {
            let causes: Vec<ObjectRef> =
                input["causes"].as_array().into_iter().flatten().map(object_ref).collect();
            let text = format_causes(&causes);
            if expect["text"] == text { Ok(()) } else { Err(text) }
        }
        other => return Outcome::Skip(other.to_owned()),
    };
    match result {
        Ok(()) => Outcome::Pass,
        Err(message) if message.starts_with("skip:") => Outcome::Skip(message),
        Err(message) => Outcome::Fail(message),
    }
}

fn value(json: &Json) -> Value {
    serde_json::from_value(json.clone()).unwrap()
}

fn custom(input: &Json, expect: &Json) -> Result<(), String> {
    match shipped_check(&value(&input["object"])) {
        None => Err("no such check".into()),
        Some(Ok(health)) => same(&health, expect),
        Some(Err(error)) => Err(error.to_string()),
    }
}

fn judged((health, error): (Option<Health>, Option<HealthError>), expect: &Json) -> Result<(), String> {
    if expect.get("health").is_some_and(Json::is_null) {
        return health.map_or(Ok(()), |health| Err(format!("{health:?}")));
    }
    if expect["error"] == true && error.is_none() {
        return Err(format!("no error: {health:?}"));
    }
    same(&health.unwrap_or_default(), expect)
}

fn same(health: &Health, expect: &Json) -> Result<(), String> {
    let status = health.status.map_or("", Status::name);
    let wrong = expect["status"].as_str().is_some_and(|expected| expected != status)
        || expect["message"].as_str().is_some_and(|expected| expected != health.message);
    if wrong { Err(format!("{health:?} instead of {expect}")) } else { Ok(()) }
}

#[cfg(feature = "lua")]
fn lua(input: &Json, expect: &Json) -> Result<(), String> {
    use trueup_health::lua::{Libraries, run};
    let libraries = if input["useOpenLibs"] == true { Libraries::Open } else { Libraries::Few };
    let result = run(input["script"].as_str().unwrap_or_default(), &value(&input["object"]), libraries);
    match (result, expect["error_contains"].as_str()) {
        (Err(error), Some(part)) if error.to_string().contains(part) => Ok(()),
        (Err(_), _) if expect["error"] == true => Ok(()),
        (Err(error), _) => Err(error.to_string()),
        (Ok(health), None) => same(&health, expect),
        (Ok(health), Some(_)) => Err(format!("no error: {health:?}")),
    }
}

#[cfg(not(feature = "lua"))]
fn lua(_: &Json, _: &Json) -> Result<(), String> {
    Err("skip: built without Lua".into())
}

fn lookups(input: &Json, expect: &Json) -> Result<(), String> {
    let keys: Vec<EcoString> = input["overrides"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Json::as_str)
        .map(Into::into)
        .collect();
    let text = |key: &str| input[key].as_str().unwrap_or_default();
    let found = lookup(keys.iter(), text("group"), text("kind"));
    if expect["key"].as_str() == found.map(EcoString::as_str) { Ok(()) } else { Err(format!("{found:?}")) }
}

fn object_ref(json: &Json) -> ObjectRef {
    let text = |key: &str| json[key].as_str().unwrap_or_default().into();
    ObjectRef { group: text("group"), kind: text("kind"), namespace: text("namespace"), name: text("name") }
}

fn aggregated(input: &Json, expect: &Json) -> Result<(), String> {
    let mut checks = Checks::built_in();
    for (key, given) in input["overrides"].as_object().into_iter().flatten() {
        let status = Status::named(given["status"].as_str().unwrap_or_default()).ok_or("status")?;
        checks = checks.with(key, move |_| Ok(Health::new(status, "")));
    }
    let given: Vec<&Json> = input["resources"].as_array().into_iter().flatten().collect();
    let side = |json: &Json| (!json.is_null()).then(|| value(json));
    let sides: Vec<_> =
        given.iter().map(|resource| (side(&resource["target"]), side(&resource["live"]))).collect();
    let resources: Vec<Managed<'_>> = given
        .iter()
        .zip(&sides)
        .map(|(json, (target, live))| Managed {
            object: object_ref(json),
            target: target.as_ref(),
            live: live.as_ref(),
        })
        .collect();
    let app = aggregate(&resources, &checks, None);
    if expect["status"] != app.status.name() {
        return Err(format!("{app:?}"));
    }
    if let Some(causes) = expect["causes"].as_str()
        && causes != format_causes(&app.causes)
    {
        return Err(format!("causes: {:?}", app.causes));
    }
    if let Some(statuses) = expect["resources"].as_array() {
        let name =
            |health: &Option<Health>| health.as_ref().and_then(|health| health.status).map(Status::name);
        let actual: Vec<Option<&str>> = app.resources.iter().map(name).collect();
        if actual != statuses.iter().map(Json::as_str).collect::<Vec<_>>() {
            return Err(format!("resources: {actual:?}"));
        }
    }
    Ok(())
}
