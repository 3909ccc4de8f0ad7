//! Deleting an ApplicationSet in reverse order of its steps.

use super::time::seconds_between;
use super::{is_deletion_reversed, name_of, step_list, steps};
use crate::model::text;
use trueup_manifest::{EcoString, Value};

/// What comes next when an ApplicationSet is deleted in reverse order.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Deletion {
    /// This Application is deleted now; look again in ten seconds.
    Delete(EcoString),
    /// This Application is being deleted; look again in ten seconds.
    Wait(EcoString),
    /// This Application has been deleted for more than two minutes and is still there: an error.
    Stuck(EcoString),
    /// Nothing is left, or there is no order: the ApplicationSet's finalizer goes.
    Done,
}

/// Returns what comes next when an ApplicationSet is deleted: its Applications one by one, the last step first.
///
/// Applications in no step are not waited for. `now` is the time in RFC 3339.
pub fn next_deletion(application_set: &Value, applications: &[Value], now: &str) -> Deletion {
    if !is_deletion_reversed(application_set) {
        return Deletion::Done;
    }
    let found = steps(application_set, applications);
    let last = step_list(application_set).len();
    let order = |application: &&Value| {
        let name = name_of(application);
        Some((last.saturating_sub(*found.step_of.get(name)?), EcoString::from(name)))
    };
    let next = applications.iter().filter(|it| order(it).is_some()).min_by_key(order);
    let Some(next) = next else { return Deletion::Done };
    let name = EcoString::from(name_of(next));
    match text(next, &["metadata", "deletionTimestamp"]) {
        "" => Deletion::Delete(name),
        since if seconds_between(since, now).is_some_and(|seconds| seconds > 120) => Deletion::Stuck(name),
        _ => Deletion::Wait(name),
    }
}
