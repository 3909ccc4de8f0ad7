//! Which waiting Applications become pending: `maxUpdate`.

use super::{Issues, is_enabled, step_list};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::argocd::ApplicationSetApplicationStatus as Status;
use trueup_manifest::{EcoString, Value};

/// Moves waiting Applications that may sync to pending, as many as each step's `maxUpdate` allows.
///
/// Percentages are of the step's Applications with a status. Without a rollout there are no entries left. Values that are no
/// `maxUpdate` are added to the issues.
pub fn progress(
    application_set: &Value,
    current: &[Status],
    sync: &BTreeSet<EcoString>,
    step_of: &BTreeMap<EcoString, usize>,
    now: &str,
    issues: &mut Issues,
) -> Vec<Status> {
    if !is_enabled(application_set) {
        return Vec::new();
    }
    let steps = step_list(application_set);
    // Applications in no step are counted with the first.
    let step = |status: &Status| step_of.get(&status.application).copied().unwrap_or(0);
    let mut total = vec![0_usize; steps.len()];
    let mut updating = vec![0_usize; steps.len()];
    for status in current {
        count(&mut total, step(status));
        if matches!(status.status.as_str(), "Pending" | "Progressing") {
            count(&mut updating, step(status));
        }
    }
    let mut out = Vec::with_capacity(current.len());
    for status in current {
        let mut status = status.clone();
        let index = step(&status);
        let limit = steps.get(index).and_then(|step| step.get("maxUpdate")).filter(|limit| !limit.is_null());
        let members = total.get(index).copied().unwrap_or_default();
        let allowed = limit.is_none_or(|limit| {
            let limit = max_update(limit, members, index, issues);
            i64::try_from(updating.get(index).copied().unwrap_or_default()).is_ok_and(|count| count < limit)
        });
        if status.status == "Waiting" && allowed && sync.contains(&status.application) {
            status.status = "Pending".into();
            status.message =
                "Application moved to Pending status, watching for the Application resource to start Progressing".into();
            status.last_transition_time = Some(now.into());
            count(&mut updating, index);
        }
        out.push(status);
    }
    out
}

fn count(counts: &mut [usize], index: usize) {
    if let Some(count) = counts.get_mut(index) {
        *count += 1;
    }
}

fn max_update(limit: &Value, members: usize, step: usize, issues: &mut Issues) -> i64 {
    let Some(text) = limit.as_str() else { return limit.as_i64().unwrap_or_default() };
    let percent = text.strip_suffix('%').and_then(|number| number.parse::<i64>().ok());
    let value = match percent {
        Some(percent) => i64::try_from(members).unwrap_or(i64::MAX).saturating_mul(percent).div_euclid(100),
        None => {
            if issues.invalid_max_updates.iter().all(|(own, _)| *own != step) {
                issues.invalid_max_updates.push((step, text.into()));
            }
            0
        }
    };
    if text != "0%" && value < 1 { 1 } else { value }
}
