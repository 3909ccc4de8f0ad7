//! The status of an ApplicationSet: conditions, health, resources.

use crate::error::Error;
use crate::model::text;
use crate::rollout::is_rolling_sync;
use std::collections::BTreeMap;
use trueup_manifest::Value;
use trueup_manifest::argocd::{ApplicationSetCondition as Condition, HealthStatus, ResourceStatus};

/// What a reconcile came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// Everything is as it should be.
    Success,
    /// Generators or templates failed.
    GenerationFailed {
        /// The reason of the condition.
        reason: String,
        /// The error.
        message: String,
    },
    /// Something failed after generation: validation or a write.
    Failed {
        /// The reason of the condition, such as `ApplicationValidationError`.
        reason: String,
        /// The error.
        message: String,
    },
}

impl Outcome {
    /// Returns the outcome of an evaluation that failed.
    pub fn of_error(error: &Error) -> Self {
        let reason = error.reason().unwrap_or("ErrorOccurred").to_owned();
        Self::GenerationFailed { reason, message: error.to_string() }
    }

    /// Returns the outcome of a validation.
    pub fn of_validation(validation: &crate::Validation) -> Self {
        match validation.message() {
            Some(message) => Self::Failed { reason: "ApplicationValidationError".to_owned(), message },
            None => Self::Success,
        }
    }
}

/// Returns the conditions after a reconcile, sorted by type.
///
/// `current` are those before, `rollout` those of a rollout, `now` is the time in RFC 3339. A condition that says what it said
/// keeps its time.
pub fn conditions(
    application_set: &Value,
    current: &[Condition],
    outcome: &Outcome,
    rollout: &[Condition],
    now: &str,
) -> Vec<Condition> {
    let condition = |kind: &str, holds: bool, reason: &str, message: &str| Condition {
        type_: kind.into(),
        status: if holds { "True" } else { "False" }.into(),
        reason: reason.into(),
        message: message.into(),
        ..Condition::default()
    };
    let generated = "Successfully generated parameters for all Applications";
    let up_to_date = "All applications have been generated successfully";
    let mut new = match outcome {
        Outcome::Success => vec![
            condition("ParametersGenerated", true, "ParametersGenerated", generated),
            condition("ResourcesUpToDate", true, "ApplicationSetUpToDate", up_to_date),
            condition("ErrorOccurred", false, "ApplicationSetUpToDate", up_to_date),
        ],
        Outcome::GenerationFailed { reason, message } => vec![
            condition("ParametersGenerated", false, "ErrorOccurred", message),
            condition("ErrorOccurred", true, reason, message),
            condition("ResourcesUpToDate", false, "ErrorOccurred", message),
        ],
        Outcome::Failed { reason, message } => vec![
            condition("ParametersGenerated", true, "ParametersGenerated", generated),
            condition("ErrorOccurred", true, reason, message),
            condition("ResourcesUpToDate", false, "ErrorOccurred", message),
        ],
    };
    let rolling = is_rolling_sync(application_set);
    if rolling {
        new.extend(rollout.iter().cloned());
    }
    let is_rollout = |kind: &str| matches!(kind, "RolloutProgressing" | "InvalidRolloutConfig");
    let is_stale = |old: &Condition| {
        new.iter().any(|own| own.type_ == old.type_) || (!rolling && is_rollout(&old.type_))
    };
    let kept = current.iter().filter(|old| !is_stale(old)).cloned();
    let same = |a: &Condition, b: &Condition| {
        (&a.type_, &a.status, &a.reason, &a.message) == (&b.type_, &b.status, &b.reason, &b.message)
    };
    let evaluated = new.iter().map(|own| match current.iter().find(|old| same(old, own)) {
        Some(old) => old.clone(),
        None => own.clone(),
    });
    let mut all: Vec<Condition> = kept.chain(evaluated).collect();
    for condition in &mut all {
        condition.last_transition_time.get_or_insert_with(|| now.into());
    }
    let key = |it: &Condition| (it.type_.clone(), it.status.clone(), it.reason.clone(), it.message.clone());
    all.sort_by_key(key);
    all
}

/// Returns the health that conditions amount to.
pub fn health(conditions: &[Condition]) -> HealthStatus {
    let is_true = |kind: &str| conditions.iter().find(|it| it.type_ == kind && it.status == "True");
    let of = |status: &str, message: &str| HealthStatus {
        status: status.into(),
        message: message.into(),
        ..HealthStatus::default()
    };
    if conditions.is_empty() {
        return of("Unknown", "No status conditions found for ApplicationSet");
    }
    let ranked = [
        ("ErrorOccurred", "Degraded"),
        ("RolloutProgressing", "Progressing"),
        ("ResourcesUpToDate", "Healthy"),
    ];
    let found = ranked.iter().find_map(|(kind, status)| is_true(kind).map(|it| of(status, &it.message)));
    found.unwrap_or_else(|| of("Unknown", "Waiting for health status to be determined"))
}

/// Returns `status.resources` and `status.resourcesCount`: the owned Applications by name, at most `limit` (0 is no limit).
pub fn resources(applications: &[Value], limit: usize) -> (Vec<ResourceStatus>, usize) {
    let resource = |application: &Value| {
        let health = HealthStatus {
            status: text(application, &["status", "health", "status"]).into(),
            ..HealthStatus::default()
        };
        ResourceStatus {
            group: "argoproj.io".into(),
            version: "v1alpha1".into(),
            kind: "Application".into(),
            namespace: text(application, &["metadata", "namespace"]).into(),
            name: text(application, &["metadata", "name"]).into(),
            status: text(application, &["status", "sync", "status"]).into(),
            health: Some(health),
            ..ResourceStatus::default()
        }
    };
    let by_name: BTreeMap<&str, &Value> =
        applications.iter().map(|it| (text(it, &["metadata", "name"]), it)).collect();
    let count = by_name.len();
    let shown = if limit == 0 { count } else { limit };
    (by_name.into_values().take(shown).map(resource).collect(), count)
}
