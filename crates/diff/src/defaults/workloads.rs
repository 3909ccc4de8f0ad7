//! Workloads: what makes pods.

use super::{each, empty, is_set, labels_from_template, pod, text, unset, within, within_new};
use trueup_manifest::{Map, Value};

/// Kinds of the group `apps`.
pub(super) fn apps(kind: &str, object: &mut Map) {
    match kind {
        "Deployment" => with_spec(object, deployment),
        "DaemonSet" => with_spec(object, daemon_set),
        "StatefulSet" => with_spec(object, stateful_set),
        "ReplicaSet" => with_spec(object, |spec| unset(spec, "replicas", 1)),
        _ => return,
    }
    with_spec(object, template);
}

/// Kinds of the group `batch`.
pub(super) fn batch(kind: &str, object: &mut Map) {
    match kind {
        "Job" => {
            with_spec(object, job_spec);
            labels_from_template(object);
            with_spec(object, template);
        }
        "CronJob" => with_spec(object, |spec| {
            empty(spec, "concurrencyPolicy", "Allow");
            unset(spec, "suspend", false);
            unset(spec, "successfulJobsHistoryLimit", 3);
            unset(spec, "failedJobsHistoryLimit", 1);
            within(spec, "jobTemplate", |job| {
                within(job, "spec", |spec| {
                    failure_conditions(spec);
                    template(spec);
                });
            });
        }),
        _ => {}
    }
}

fn with_spec(object: &mut Map, change: impl FnOnce(&mut Map)) {
    within(object, "spec", change);
}

/// Fills the pod template of a spec.
pub(super) fn template(spec: &mut Map) {
    within(spec, "template", |template| within(template, "spec", pod::spec));
}

pub(super) fn deployment(spec: &mut Map) {
    unset(spec, "replicas", 1);
    within_new(spec, "strategy", |strategy| {
        empty(strategy, "type", "RollingUpdate");
        if text(strategy, "type") == "RollingUpdate" {
            within_new(strategy, "rollingUpdate", |rolling| {
                unset(rolling, "maxUnavailable", "25%");
                unset(rolling, "maxSurge", "25%");
            });
        }
    });
    unset(spec, "revisionHistoryLimit", 10);
    unset(spec, "progressDeadlineSeconds", 600);
}

pub(super) fn daemon_set(spec: &mut Map) {
    within_new(spec, "updateStrategy", |strategy| {
        empty(strategy, "type", "RollingUpdate");
        if text(strategy, "type") == "RollingUpdate" {
            within_new(strategy, "rollingUpdate", |rolling| {
                unset(rolling, "maxUnavailable", 1);
                unset(rolling, "maxSurge", 0);
            });
        }
    });
    unset(spec, "revisionHistoryLimit", 10);
}

pub(super) fn stateful_set(spec: &mut Map) {
    empty(spec, "podManagementPolicy", "OrderedReady");
    within_new(spec, "updateStrategy", |strategy| {
        if text(strategy, "type").is_empty() {
            strategy.insert("type", "RollingUpdate");
            within_new(strategy, "rollingUpdate", |_| {});
        }
        if text(strategy, "type") == "RollingUpdate" && is_set(strategy, "rollingUpdate") {
            within(strategy, "rollingUpdate", |rolling| unset(rolling, "partition", 0));
        }
    });
    within_new(spec, "persistentVolumeClaimRetentionPolicy", |policy| {
        empty(policy, "whenDeleted", "Retain");
        empty(policy, "whenScaled", "Retain");
    });
    unset(spec, "replicas", 1);
    unset(spec, "revisionHistoryLimit", 10);
    each(spec, "volumeClaimTemplates", super::core::claim);
}

fn job_spec(spec: &mut Map) {
    if !is_set(spec, "completions") && !is_set(spec, "parallelism") {
        spec.insert("completions", 1);
    }
    unset(spec, "parallelism", 1);
    let backoff_limit = if is_set(spec, "backoffLimitPerIndex") { i32::MAX } else { 6 };
    unset(spec, "backoffLimit", backoff_limit);
    unset(spec, "completionMode", "NonIndexed");
    unset(spec, "suspend", false);
    let replacement = if is_set(spec, "podFailurePolicy") { "Failed" } else { "TerminatingOrFailed" };
    unset(spec, "podReplacementPolicy", replacement);
    unset(spec, "manualSelector", false);
    failure_conditions(spec);
}

fn failure_conditions(spec: &mut Map) {
    within(spec, "podFailurePolicy", |policy| {
        each(policy, "rules", |rule| {
            each(rule, "onPodConditions", |condition| empty(condition, "status", "True"));
        });
    });
}

/// Returns whether a value is one of several texts.
pub(super) fn is_one_of(value: Option<&Value>, texts: &[&str]) -> bool {
    value.and_then(Value::as_str).is_some_and(|value| texts.contains(&value))
}
