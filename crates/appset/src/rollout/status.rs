//! Where each Application stands.

use super::name_of;
use super::steps::number;
use super::sync::disable_automated_sync;
use super::time::is_after;
use crate::error::Error;
use crate::model::{items, text, texts};
use crate::reconcile::IgnoreRules;
use std::collections::BTreeMap;
use trueup_manifest::argocd::ApplicationSetApplicationStatus as Status;
use trueup_manifest::{EcoString, Value};

/// Returns where each existing Application stands, from where it stood and how it is now.
///
/// `desired` are the generated Applications, `now` is the time in RFC 3339.
///
/// # Errors
/// Ignore rules that are none, or that are not supported.
pub fn update_status(
    application_set: &Value,
    current: &[Status],
    applications: &[Value],
    desired: &[Value],
    step_of: &BTreeMap<EcoString, usize>,
    now: &str,
) -> Result<Vec<Status>, Error> {
    let rules = IgnoreRules::of(application_set)?;
    let desired: BTreeMap<&str, &Value> = desired.iter().map(|it| (name_of(it), it)).collect();
    let one = |application: &Value| {
        let name = name_of(application);
        let changed = desired.get(name).is_some_and(|desired| {
            let mut desired = (*desired).clone();
            disable_automated_sync(&mut desired);
            !rules.specs_equal(application, &desired)
        });
        let old = current.iter().find(|status| status.application == name);
        let mut next = old.cloned().unwrap_or_else(|| Status {
            application: name.into(),
            last_transition_time: Some(now.into()),
            message: "No Application status found, defaulting status to Waiting".into(),
            status: "Waiting".into(),
            target_revisions: revisions(application),
            ..Status::default()
        });
        next.step = number(step_of, name).to_string().into();
        advance(&mut next, application, changed, now);
        next
    };
    let mut all: Vec<Status> = applications.iter().map(one).collect();
    all.sort_by(|a, b| a.application.cmp(&b.application));
    Ok(all)
}

fn revisions(application: &Value) -> Vec<EcoString> {
    let many: Vec<EcoString> = texts(application, &["status", "sync", "revisions"]).map(Into::into).collect();
    let one = text(application, &["status", "sync", "revision"]);
    match many.is_empty() {
        false => many,
        true if one.is_empty() => Vec::new(),
        true => vec![one.into()],
    }
}

fn advance(status: &mut Status, application: &Value, spec_changed: bool, now: &str) {
    let before = status.status.clone();
    let since = status.last_transition_time.clone();
    let revisions = revisions(application);
    let revisions_changed = status.target_revisions != revisions;
    if revisions_changed || spec_changed {
        status.target_revisions = revisions;
        let message = match (revisions_changed, spec_changed) {
            (true, true) => {
                "Application has pending changes (revision and spec differ), setting status to Waiting"
            }
            (true, false) => "Application has pending changes, setting status to Waiting",
            _ => "Application has pending changes (spec differs), setting status to Waiting",
        };
        turn(status, "Waiting", message, now);
    }
    let synced = text(application, &["status", "sync", "status"]) == "Synced";
    let healthy = text(application, &["status", "health", "status"]) == "Healthy";
    if status.status == "Waiting" {
        match (synced, healthy) {
            (true, true) => {
                turn(status, "Healthy", "Application resource has synced, updating status to Healthy", now);
            }
            (true, false) => {
                turn(
                    status,
                    "Progressing",
                    "Application resource has synced, updating status to Progressing",
                    now,
                );
            }
            _ => {}
        }
        return;
    }
    match before.as_str() {
        "Pending" => leave_pending(status, application, since.as_deref(), now),
        "Progressing" if healthy && synced => {
            let message = "Application resource became Healthy, updating status from Progressing to Healthy";
            turn(status, "Healthy", message, now);
        }
        _ => {}
    }
}

/// A pending Application progresses once it was reconciled and an operation began, both after it became pending.
fn leave_pending(status: &mut Status, application: &Value, since: Option<&str>, now: &str) {
    let reconciled = text(application, &["status", "reconciledAt"]);
    let seen = reconciled.is_empty() || since.is_some_and(|since| is_after(reconciled, since));
    if !seen {
        return;
    }
    let started = text(application, &["status", "operationState", "startedAt"]);
    let has_operation = application.at(&["status", "operationState"]).is_some_and(|state| !state.is_null());
    // Without a transition time the controller panics; an operation then counts as later.
    let later = since.is_none_or(|since| is_after(started, since));
    let message = if has_operation && later {
        match text(application, &["status", "operationState", "phase"]) {
            "Succeeded" => {
                "Application resource completed a sync successfully, updating status from Pending to Progressing"
            }
            "Failed" | "Error" => {
                "Application resource completed a sync, updating status from Pending to Progressing"
            }
            _ => "Application resource became Progressing, updating status from Pending to Progressing",
        }
    } else if has_error(application) {
        "Application resource has error and cannot sync, updating status to Progressing"
    } else {
        return;
    };
    turn(status, "Progressing", message, now);
}

fn has_error(application: &Value) -> bool {
    let conditions = items(application, &["status", "conditions"]).iter();
    conditions
        .map(|condition| text(condition, &["type"]))
        .any(|kind| matches!(kind, "InvalidSpecError" | "UnknownError"))
}

fn turn(status: &mut Status, to: &str, message: &str, now: &str) {
    status.status = to.into();
    status.message = message.into();
    status.last_transition_time = Some(now.into());
}
