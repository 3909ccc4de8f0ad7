//! One reconcile of a rollout.

use super::{
    Issues, Steps, is_rolling_sync, may_sync, name_of, progress, step_list, steps, sync_applications,
    update_status,
};
use crate::error::Error;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::argocd::{
    ApplicationSetApplicationStatus as Status, ApplicationSetCondition as Condition,
};
use trueup_manifest::{EcoString, Value};

/// What one reconcile of a rollout gives.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Rollout {
    /// Which Application is in which step.
    pub steps: Steps,
    /// Where each Application stands afterwards.
    pub status: Vec<Status>,
    /// The Applications that may sync.
    pub sync: BTreeSet<EcoString>,
    /// The Applications as they are written.
    pub applications: Vec<Value>,
    /// The conditions of the rollout.
    pub conditions: Vec<Condition>,
}

/// Does one reconcile of a rollout.
///
/// `current` is where the Applications stood, `existing` are the Applications as they are, `desired` those that are valid, `now`
/// is the time in RFC 3339.
///
/// # Errors
/// No steps; ignore rules that are not supported.
pub fn perform(
    application_set: &Value,
    current: &[Status],
    existing: &[Value],
    desired: &[Value],
    now: &str,
) -> Result<Rollout, Error> {
    if !is_rolling_sync(application_set) {
        return Ok(Rollout { applications: desired.to_vec(), ..Rollout::default() });
    }
    if step_list(application_set).is_empty() {
        return Err(Error::Document { message: "No steps defined for rollout".to_owned() });
    }
    let mut steps = steps(application_set, desired);
    let status = update_status(application_set, current, existing, desired, &steps.step_of, now)?;
    let names: BTreeSet<EcoString> = existing.iter().map(|it| name_of(it).into()).collect();
    let sync = may_sync(&status, &steps.steps, &names);
    let status = progress(application_set, &status, &sync, &steps.step_of, now, &mut steps.issues);
    let conditions = conditions(application_set, &status, &steps.issues);
    let applications = sync_applications(application_set, &status, &sync, desired);
    Ok(Rollout { steps, status, sync, applications, conditions })
}

/// Returns the conditions of a rollout: whether it goes on, and whether its steps are in order.
pub fn conditions(application_set: &Value, current: &[Status], issues: &Issues) -> Vec<Condition> {
    if !is_rolling_sync(application_set) {
        return Vec::new();
    }
    let condition = |kind: &str, holds: bool, reason: &str, message: String| Condition {
        type_: kind.into(),
        status: if holds { "True" } else { "False" }.into(),
        reason: reason.into(),
        message: message.into(),
        ..Condition::default()
    };
    let mut healthy: BTreeMap<&str, bool> = BTreeMap::new();
    for status in current {
        *healthy.entry(&status.step).or_insert(true) &= status.status == "Healthy";
    }
    let numbers = (1..=step_list(application_set).len()).map(|number| number.to_string());
    let running = numbers.into_iter().find(|number| healthy.get(number.as_str()) == Some(&false));
    let config = match issues.message() {
        Some(message) => {
            condition("InvalidRolloutConfig", true, "ApplicationSetInvalidRolloutConfig", message)
        }
        None => {
            let message = "Rolling Sync Configured correctly".to_owned();
            condition("InvalidRolloutConfig", false, "ApplicationSetValidRolloutConfig", message)
        }
    };
    let progressing = match running {
        Some(step) => {
            let message = format!("ApplicationSet is performing rollout of step {step}");
            condition("RolloutProgressing", true, "ApplicationSetModified", message)
        }
        None => {
            let message = "ApplicationSet Rollout has completed".to_owned();
            condition("RolloutProgressing", false, "ApplicationSetRolloutComplete", message)
        }
    };
    vec![config, progressing]
}
