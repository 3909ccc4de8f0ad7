//! Pods.

use crate::fields::{Fields, Result};
use crate::hooks::is_hook;
use crate::status::{Health, Status};

/// Makes a pod count as one that is to keep running, whatever its restart policy.
const IGNORE_RESTART_POLICY: &str = "argocd.argoproj.io/ignore-restart-policy";

pub(super) fn pod(pod: Fields<'_>) -> Result<Health> {
    let policy = pod.text(&["spec", "restartPolicy"])?;
    let keeps_running =
        policy == "Always" || (pod.annotation(IGNORE_RESTART_POLICY) == Some("true") && !is_hook(pod.0));
    let containers = pod.list(&["status", "containerStatuses"])?;
    if keeps_running && let Some(health) = waiting_in_vain(&containers)? {
        return Ok(health);
    }
    let message = pod.text(&["status", "message"])?;
    let with_message = |status| Ok(Health::new(status, message));
    match pod.text(&["status", "phase"])? {
        "Pending" => with_message(Status::Progressing),
        "Succeeded" => with_message(Status::Healthy),
        "Failed" if !message.is_empty() => with_message(Status::Degraded),
        "Failed" => {
            let initial = pod.list(&["status", "initContainerStatuses"])?;
            Ok(Health::new(Status::Degraded, failure(initial.iter().chain(&containers))?))
        }
        "Running" if keeps_running => {
            if is_ready(pod)? {
                return with_message(Status::Healthy);
            }
            let terminated =
                containers.iter().any(|status| status.get(&["lastState", "terminated"]).is_some());
            with_message(if terminated { Status::Degraded } else { Status::Progressing })
        }
        "Running" if matches!(policy, "OnFailure" | "Never") => with_message(Status::Progressing),
        _ => with_message(Status::Unknown),
    }
}

/// Containers that wait for something that will not come by itself.
fn waiting_in_vain(containers: &[Fields<'_>]) -> Result<Option<Health>> {
    let mut messages = Vec::new();
    for status in containers {
        let reason = status.text(&["state", "waiting", "reason"])?;
        if reason.starts_with("Err") || reason.ends_with("Error") || reason.ends_with("BackOff") {
            messages.push(status.text(&["state", "waiting", "message"])?);
        }
    }
    Ok((!messages.is_empty()).then(|| Health::new(Status::Degraded, messages.join(", "))))
}

fn is_ready(pod: Fields<'_>) -> Result<bool> {
    for condition in pod.list(&["status", "conditions"])? {
        if condition.text(&["type"])? == "Ready" {
            return Ok(condition.text(&["status"])? == "True");
        }
    }
    Ok(false)
}

/// The first thing that says why a container ended.
fn failure<'f, 'v: 'f>(containers: impl Iterator<Item = &'f Fields<'v>>) -> Result<String> {
    for status in containers {
        let message = status.text(&["state", "terminated", "message"])?;
        if !message.is_empty() {
            return Ok(message.into());
        }
        let reason = status.text(&["state", "terminated", "reason"])?;
        if reason == "OOMKilled" {
            return Ok(reason.into());
        }
        let code = status.int(&["state", "terminated", "exitCode"])?;
        if code != 0 {
            return Ok(format!("container {:?} failed with exit code {code}", status.text(&["name"])?));
        }
    }
    Ok(String::new())
}
