//! Cases about RollingSync.

use super::compare::same;
use super::{json, strings, value};
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use trueup_appset::rollout::{self, Issues};
use trueup_manifest::argocd::ApplicationSetApplicationStatus as Status;
use trueup_manifest::{EcoString, Value};

type Checked = Result<(), String>;

/// The time of an evaluation, in seconds after midnight.
const NOW: i64 = 12 * 3600;

/// Returns a document with its relative times (`now-5m`) as times.
fn timed(json: &Json) -> Json {
    match json {
        Json::String(text) => match text.strip_prefix("now").and_then(offset) {
            Some(seconds) => time(NOW - seconds).into(),
            None => json.clone(),
        },
        Json::Array(items) => items.iter().map(timed).collect(),
        Json::Object(members) => {
            let members = members.iter().map(|(key, value)| (key.clone(), timed(value)));
            members.collect::<serde_json::Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

fn offset(text: &str) -> Option<i64> {
    let Some(offset) = text.strip_prefix('-') else { return text.is_empty().then_some(0) };
    let (number, unit) = offset.split_at_checked(offset.len().checked_sub(1)?)?;
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        _ => return None,
    };
    Some(number.parse::<i64>().ok()? * factor)
}

fn time(seconds: i64) -> String {
    format!("2025-06-01T{:02}:{:02}:{:02}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn status_list(json: &Json) -> Vec<Status> {
    match json {
        Json::Null => Vec::new(),
        list => serde_json::from_value(timed(list)).unwrap(),
    }
}

fn applications(json: &Json) -> Vec<Value> {
    json.as_array().into_iter().flatten().map(|item| value(&timed(item))).collect()
}

fn step_of(json: &Json) -> BTreeMap<EcoString, usize> {
    let entries = json.as_object().into_iter().flatten();
    entries.map(|(name, step)| (name.into(), usize::try_from(step.as_u64().unwrap_or(0)).unwrap())).collect()
}

/// Compares entries by Application, without times.
fn same_status(actual: &[Status], expected: &Json) -> Checked {
    let entry = |status: &Status| {
        json!({"application": status.application, "message": status.message, "status": status.status,
               "step": status.step, "targetRevisions": status.target_revisions})
    };
    let sorted = |mut list: Vec<Status>| {
        list.sort_by(|a, b| a.application.cmp(&b.application));
        list.iter().map(entry).collect::<Json>()
    };
    same("applicationStatus", &sorted(actual.to_vec()), &sorted(status_list(expected)))
}

pub fn steps(case: &Json) -> Checked {
    let expect = &case["expect"];
    let list = case["inputs"]["applications"].as_array().cloned().unwrap_or_default();
    let applications: Vec<Value> = list
        .iter()
        .map(|it| value(&json!({"metadata": {"name": it["name"], "labels": it["labels"]}})))
        .collect();
    let found = rollout::steps(&value(&case["appset"]), &applications);
    same("steps", &json!(found.steps), &expect["steps"])?;
    same("stepOf", &json!(found.step_of), &expect["stepOf"])?;
    let expected = issues(&expect["issues"]);
    if found.issues == expected { Ok(()) } else { Err(format!("{:?} instead of {expected:?}", found.issues)) }
}

fn issues(json: &Json) -> Issues {
    let number = |json: &Json| usize::try_from(json.as_u64().unwrap_or(0)).unwrap();
    let numbers = |json: &Json| json.as_array().into_iter().flatten().map(number).collect::<Vec<_>>();
    let pairs = |list: &Json, field: &str| {
        let text = |item: &Json| match &item[field] {
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let items = list.as_array().into_iter().flatten();
        items.map(|item| (number(&item["step"]), text(item).into())).collect::<Vec<_>>()
    };
    let mut issues = Issues::default();
    issues.invalid_match_expressions = pairs(&json["invalidMatchExpressions"], "operator");
    issues.invalid_max_updates = pairs(&json["invalidMaxUpdates"], "maxUpdate");
    issues.empty_steps = numbers(&json["emptySteps"]);
    let duplicates = json["duplicateApplications"].as_object().into_iter().flatten();
    issues.duplicate_applications = duplicates.map(|(name, steps)| (name.into(), numbers(steps))).collect();
    issues
}

pub fn sync(case: &Json) -> Checked {
    let inputs = &case["inputs"];
    let steps: Vec<Vec<EcoString>> = inputs["steps"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|step| strings(step).into_iter().map(Into::into).collect())
        .collect();
    let current: BTreeSet<EcoString> = strings(&inputs["current"]).into_iter().map(Into::into).collect();
    let allowed = rollout::may_sync(&status_list(&inputs["applicationStatus"]), &steps, &current);
    let mut expected = strings(&case["expect"]["sync"]);
    expected.sort();
    same("sync", &json!(allowed), &json!(expected))
}

pub fn enabled(case: &Json) -> Checked {
    let (set, expect) = (value(&case["appset"]), &case["expect"]);
    match &expect["rollingSync"] {
        Json::Null => {
            same("reverse", &rollout::is_deletion_reversed(&set).into(), &expect["reverseDeletion"])
        }
        expected => same("rollingSync", &rollout::is_rolling_sync(&set).into(), expected),
    }
}

pub fn operation(case: &Json) -> Checked {
    let inputs = &case["inputs"];
    let prune = inputs["prune"].as_bool().unwrap_or_default();
    let operation = rollout::operation(&value(&inputs["application"]), prune);
    same("operation", &json(&operation), &case["expect"]["operation"])
}

pub fn issue_message(case: &Json) -> Checked {
    let message = issues(&case["inputs"]["issues"]).message();
    same("message", &json!(message), &case["expect"]["message"])
}

pub fn progress(case: &Json) -> Checked {
    let (set, inputs) = (&case["appset"], &case["inputs"]);
    let allowed = inputs["sync"].as_object().into_iter().flatten();
    let allowed = allowed.filter(|(_, sync)| **sync == true).map(|(name, _)| name.into()).collect();
    let current = status_list(&set["status"]["applicationStatus"]);
    let steps = step_of(&inputs["stepOf"]);
    let actual =
        rollout::progress(&value(set), &current, &allowed, &steps, &time(NOW), &mut Issues::default());
    same_status(&actual, &case["expect"]["applicationStatus"])
}

pub fn status(case: &Json) -> Checked {
    let (set, inputs) = (&case["appset"], &case["inputs"]);
    let existing = applications(&inputs["applications"]);
    let mut desired = applications(&inputs["desired"]);
    if desired.is_empty() {
        desired.clone_from(&existing);
    }
    let current = status_list(&set["status"]["applicationStatus"]);
    let steps = step_of(&inputs["stepOf"]);
    let actual = rollout::update_status(&value(set), &current, &existing, &desired, &steps, &time(NOW))
        .map_err(|error| error.to_string())?;
    same_status(&actual, &case["expect"]["applicationStatus"])
}
