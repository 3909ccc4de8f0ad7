//! What a rollout does to Applications: no automated sync, and an operation for those whose turn it is.

use super::{is_enabled, name_of};
use crate::model::{flag, map_mut};
use std::collections::BTreeSet;
use trueup_manifest::argocd::ApplicationSetApplicationStatus as Status;
use trueup_manifest::{EcoString, Map, Value};

/// Returns the Applications as a rollout writes them: automated sync is off, and a pending one that may sync gets an operation.
///
/// `current` is the status after [`super::progress`]. Without a rollout they stay as they are.
pub fn sync_applications(
    application_set: &Value,
    current: &[Status],
    sync: &BTreeSet<EcoString>,
    applications: &[Value],
) -> Vec<Value> {
    if !is_enabled(application_set) {
        return applications.to_vec();
    }
    let one = |application: &Value| {
        let name = name_of(application);
        let automated = application.at(&["spec", "syncPolicy", "automated"]).filter(|it| !it.is_null());
        let enabled = automated.is_some_and(|it| it.get("enabled").and_then(Value::as_bool) != Some(false));
        let prune = enabled && flag(application, &["spec", "syncPolicy", "automated", "prune"]);
        let mut application = application.clone();
        disable_automated_sync(&mut application);
        let pending = current.iter().any(|status| status.application == name && status.status == "Pending");
        if pending && sync.contains(name) {
            let operation = operation(&application, prune);
            if let Some(map) = application.as_map_mut() {
                map.insert("operation", operation);
            }
        }
        application
    };
    applications.iter().map(one).collect()
}

/// Switches automated sync off where there is such a section.
pub(super) fn disable_automated_sync(application: &mut Value) {
    let automated = ["spec", "syncPolicy", "automated"];
    if application.at(&automated).is_some_and(|section| !section.is_null())
        && let Some(section) = map_mut(application, &automated)
    {
        section.insert("enabled", false);
    }
}

/// Returns the operation with which a rollout syncs an Application.
pub fn operation(application: &Value, prune: bool) -> Value {
    let policy = application.at(&["spec", "syncPolicy"]).filter(|policy| !policy.is_null());
    let mut sync = Map::new();
    let mut retry = Value::from(Map::from_iter([("limit", 5)]));
    if let Some(policy) = policy {
        if let Some(own) = policy.get("retry").filter(|own| !own.is_null()) {
            retry = own.clone();
        }
        if let Some(options) = policy.get("syncOptions").filter(|options| !options.is_null()) {
            sync.insert("syncOptions", options.clone());
        }
        if prune {
            sync.insert("prune", true);
        }
    }
    let initiator =
        Map::from_iter([("username", Value::from("applicationset-controller")), ("automated", true.into())]);
    let reason = Map::from_iter([
        ("name", "Reason"),
        ("value", "ApplicationSet RollingSync triggered a sync of this Application resource"),
    ]);
    Map::from_iter([
        ("sync", Value::from(sync)),
        ("initiatedBy", initiator.into()),
        ("info", vec![Value::from(reason)].into()),
        ("retry", retry),
    ])
    .into()
}
