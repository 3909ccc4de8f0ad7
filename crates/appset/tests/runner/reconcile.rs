//! Cases about validation and what becomes of Applications.

use super::compare::{application, contains, outcome, same};
use super::world::World;
use super::{json, strings, value};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use trueup_appset::reconcile::{
    Action, PlanOptions, Policy, Settings, apply_ignore_differences, plan, updated,
};
use trueup_appset::{Evaluation, Fact, Validation};
use trueup_manifest::Value;

type Checked = Result<(), String>;

fn values(json: &Json) -> Vec<Value> {
    json.as_array().into_iter().flatten().map(value).collect()
}

pub fn validate(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let name = inputs["applicationSetName"].as_str().unwrap_or_default();
    let applications = values(&inputs["applications"]);
    let found = trueup_appset::validate_applications(name, &applications, &World::new(inputs));
    same("errors", &json!(found.errors), &expect["errors"])
}

pub fn policy(case: &Json) -> Checked {
    let name = case["inputs"]["controllerPolicy"].as_str().unwrap_or_default();
    let policy = Policy::named(name).ok_or("no such policy")?;
    let actual = json!({"allowUpdate": policy.allows_update(), "allowDelete": policy.allows_delete()});
    same("policy", &actual, &case["expect"])
}

/// Returns an Application that the ApplicationSet owns, as all existing ones of cases are.
fn owned(set: &Json, existing: &Json) -> Value {
    let mut existing = existing.clone();
    existing["metadata"]["ownerReferences"] = json!([{
        "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "name": set["metadata"]["name"],
        "uid": "", "controller": true, "blockOwnerDeletion": true,
    }]);
    value(&existing)
}

pub fn applications(case: &Json) -> Checked {
    let (set, inputs, expect) = (&case["appset"], &case["inputs"], &case["expect"]);
    let existing: Vec<Value> =
        inputs["existing"].as_array().into_iter().flatten().map(|it| owned(set, it)).collect();
    let named =
        |it: &Value| it.at(&["metadata", "name"]).and_then(Value::as_str).unwrap_or_default().to_owned();
    let mut live: BTreeMap<String, Value> = existing.iter().map(|it| (named(it), it.clone())).collect();
    for desired in values(&inputs["desired"]) {
        let before = live.get(&named(&desired)).cloned();
        if inputs["mode"] == "create-only" && before.is_some() {
            continue;
        }
        let after = updated(&value(set), before.as_ref(), &desired, &Settings::default());
        if let Some(after) = after.map_err(|error| error.to_string())? {
            live.insert(named(&desired), after);
        }
    }
    for expected in expect["applications"].as_array().into_iter().flatten() {
        let name = expected["metadata"]["name"].as_str().unwrap_or_default();
        let actual = live.get(name).ok_or_else(|| format!("{name} does not exist"))?;
        let mut actual = application(&json(actual));
        if let Some(metadata) = actual["metadata"].as_object_mut() {
            metadata.remove("ownerReferences");
        }
        same(name, &actual, &application(expected))?;
    }
    Ok(())
}

pub fn delete(case: &Json) -> Checked {
    let (set, inputs, expect) = (&case["appset"], &case["inputs"], &case["expect"]);
    let namespace = set["metadata"]["namespace"].clone();
    let application = |name: String| json!({"metadata": {"name": name, "namespace": namespace}});
    let existing: Vec<Value> =
        strings(&inputs["existing"]).into_iter().map(|name| owned(set, &application(name))).collect();
    let desired: Vec<Json> = strings(&inputs["desired"])
        .into_iter()
        .map(|name| json!({"list": {"elements": [{"name": name}]}}))
        .collect();
    let mut whole = set.clone();
    whole["spec"]["generators"] = desired.into();
    whole["spec"]["template"]["metadata"] = json!({"name": "{{name}}"});
    let world = World::new(inputs);
    let evaluation: Evaluation =
        trueup_appset::evaluate(&value(&whole), &world).map_err(|error| error.to_string())?;
    let options = PlanOptions::default();
    let plan =
        plan(&value(&whole), &evaluation, &Validation::default(), Fact::Known(&existing), &world, &options)
            .map_err(|error| error.to_string())?;
    let deleted: Vec<_> = plan.names(Action::Delete).collect();
    let remaining: Vec<_> =
        plan.steps.iter().filter(|step| step.action != Action::Delete).map(|step| &step.name).collect();
    same("plan", &json!({"deleted": deleted, "remaining": remaining}), expect)
}

pub fn ignore_differences(case: &Json) -> Checked {
    let (inputs, expect) = (&case["inputs"], &case["expect"]);
    let rules = values(&inputs["ignoreApplicationDifferences"]);
    let result = apply_ignore_differences(&rules, &value(&inputs["live"]), &value(&inputs["generated"]));
    outcome(result, expect, |result| contains("application", &json(&result), &expect["application"]))
}
