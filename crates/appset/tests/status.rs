//! The status of an ApplicationSet, and how its Applications go one by one.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use serde_json::{Value as Json, json};
use trueup_appset::rollout::{Deletion, next_deletion};
use trueup_appset::status::{Outcome, conditions, health, resources};
use trueup_manifest::Value;
use trueup_manifest::argocd::ApplicationSetCondition as Condition;

fn value(json: Json) -> Value {
    serde_json::from_value(json).unwrap()
}

fn set(strategy: Json) -> Value {
    value(json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "metadata": {"name": "set"},
        "spec": {"generators": [], "strategy": strategy, "template": {"metadata": {"name": "x"}, "spec": {}}},
    }))
}

fn rolling(order: &str) -> Value {
    let step = |env: &str| json!({"matchExpressions": [{"key": "env", "operator": "In", "values": [env]}]});
    set(
        json!({"type": "RollingSync", "deletionOrder": order, "rollingSync": {"steps": [step("dev"), step("prod")]}}),
    )
}

fn lines(conditions: &[Condition]) -> Vec<String> {
    let time = |it: &Condition| it.last_transition_time.clone().unwrap_or_default();
    conditions
        .iter()
        .map(|it| format!("{} {} {} {} {}", it.type_, it.status, it.reason, it.message, time(it)))
        .collect()
}

#[test]
fn a_condition_keeps_its_time_until_it_says_something_else() {
    let all_at_once = set(json!(null));
    let generated = "Successfully generated parameters for all Applications";
    let done = "All applications have been generated successfully";
    let first = conditions(&all_at_once, &[], &Outcome::Success, &[], "t1");
    let good = [
        format!("ErrorOccurred False ApplicationSetUpToDate {done} t1"),
        format!("ParametersGenerated True ParametersGenerated {generated} t1"),
        format!("ResourcesUpToDate True ApplicationSetUpToDate {done} t1"),
    ];
    assert_eq!(lines(&first), good);
    let again = conditions(&all_at_once, &first, &Outcome::Success, &[], "t2");
    assert_eq!(again, first);
    let invalid =
        Outcome::Failed { reason: "ApplicationValidationError".into(), message: "no project".into() };
    let failed = conditions(&all_at_once, &again, &invalid, &[], "t3");
    assert_eq!(
        lines(&failed),
        [
            "ErrorOccurred True ApplicationValidationError no project t3".to_owned(),
            good[1].clone(),
            "ResourcesUpToDate False ErrorOccurred no project t3".to_owned(),
        ]
    );
    let broken =
        Outcome::GenerationFailed { reason: "RenderTemplateParamsError".into(), message: "bad".into() };
    let broken = conditions(&all_at_once, &failed, &broken, &[], "t4");
    assert_eq!(
        lines(&broken),
        [
            "ErrorOccurred True RenderTemplateParamsError bad t4",
            "ParametersGenerated False ErrorOccurred bad t4",
            "ResourcesUpToDate False ErrorOccurred bad t4",
        ]
    );
}

#[test]
fn conditions_of_a_rollout_go_with_the_rollout_and_others_stay() {
    let condition = |kind: &str, status: &str| Condition {
        type_: kind.into(),
        status: status.into(),
        reason: "R".into(),
        message: "m".into(),
        last_transition_time: Some("t0".into()),
        ..Condition::default()
    };
    let before = [condition("Own", "True"), condition("RolloutProgressing", "True")];
    let types = |all: &[Condition]| all.iter().map(|it| it.type_.to_string()).collect::<Vec<_>>();
    let three = ["ErrorOccurred", "Own", "ParametersGenerated", "ResourcesUpToDate"];
    let stopped = conditions(&set(json!(null)), &before, &Outcome::Success, &before[1..], "t1");
    assert_eq!(types(&stopped), three);
    // A rolling set that says nothing new of its rollout keeps what it said.
    let kept = conditions(&rolling("AllAtOnce"), &before, &Outcome::Success, &[], "t1");
    assert_eq!(types(&kept), [&three[..], &["RolloutProgressing"]].concat());
    let over = [condition("RolloutProgressing", "False")];
    let changed = conditions(&rolling("AllAtOnce"), &before, &Outcome::Success, &over, "t1");
    assert_eq!(changed.last().unwrap().status, "False");
}

#[test]
fn health_is_that_of_the_worst_condition() {
    let health_of = |kinds: &[(&str, &str)]| {
        let condition = |(kind, status): &(&str, &str)| Condition {
            type_: (*kind).into(),
            status: (*status).into(),
            message: (*kind).into(),
            ..Condition::default()
        };
        let found = health(&kinds.iter().map(condition).collect::<Vec<_>>());
        format!("{}: {}", found.status, found.message)
    };
    assert_eq!(health_of(&[]), "Unknown: No status conditions found for ApplicationSet");
    let waiting = "Unknown: Waiting for health status to be determined";
    assert_eq!(health_of(&[("ResourcesUpToDate", "False")]), waiting);
    let all = [("ResourcesUpToDate", "True"), ("RolloutProgressing", "True"), ("ErrorOccurred", "True")];
    assert_eq!(health_of(&all[..1]), "Healthy: ResourcesUpToDate");
    assert_eq!(health_of(&all[..2]), "Progressing: RolloutProgressing");
    assert_eq!(health_of(&all), "Degraded: ErrorOccurred");
}

fn application(name: &str, env: &str, deleted: Option<&str>) -> Value {
    value(json!({
        "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
        "metadata": {"name": name, "namespace": "argocd", "labels": {"env": env}, "deletionTimestamp": deleted},
        "status": {"sync": {"status": "Synced"}, "health": {"status": "Healthy"}},
    }))
}

#[test]
fn resources_are_told_by_name_up_to_a_limit() {
    let applications = ["c", "a", "b"].map(|name| application(name, "dev", None));
    let (all, count) = resources(&applications, 0);
    assert_eq!((all.len(), count), (3, 3));
    let (some, count) = resources(&applications, 2);
    let told: Vec<String> = some.iter().map(|it| format!("{} {}", it.name, it.status)).collect();
    assert_eq!((told, count), (vec!["a Synced".to_owned(), "b Synced".to_owned()], 3));
}

#[test]
fn a_deletion_in_reverse_order_takes_the_last_step_first_and_waits() {
    let set = rolling("Reverse");
    let now = "2024-01-01T00:10:00Z";
    let (dev, prod) = (application("dev", "dev", None), application("prod", "prod", None));
    let stray = application("stray", "test", None);
    let all = [dev.clone(), prod, stray.clone()];
    assert_eq!(next_deletion(&set, &all, now), Deletion::Delete("prod".into()));
    let going = |since: &str| [dev.clone(), application("prod", "prod", Some(since)), stray.clone()];
    assert_eq!(next_deletion(&set, &going("2024-01-01T00:08:00Z"), now), Deletion::Wait("prod".into()));
    assert_eq!(next_deletion(&set, &going("2024-01-01T00:07:59Z"), now), Deletion::Stuck("prod".into()));
    assert_eq!(next_deletion(&set, &[dev, stray.clone()], now), Deletion::Delete("dev".into()));
    // What is in no step is not waited for, and without the order nothing is.
    assert_eq!(next_deletion(&set, &[stray], now), Deletion::Done);
    assert_eq!(next_deletion(&rolling("AllAtOnce"), &all, now), Deletion::Done);
}
