//! Argo's own kinds: rollouts, analysis runs, application sets.

use crate::fields::{Fields, Result};
use crate::status::{Health, Status};
use trueup_manifest::Value;

fn progressing(message: &str) -> Result<Health> {
    Ok(Health::new(Status::Progressing, message))
}

pub(super) fn analysis_run(run: Fields<'_>) -> Result<Health> {
    if run.get(&["status"]).is_none() {
        return progressing("Waiting for analysis run to finish: status has not been reconciled.");
    }
    let or = |default: &str| -> Result<String> {
        let given = run.get(&["status", "message"]).is_some();
        Ok(if given { run.text(&["status", "message"])?.into() } else { default.into() })
    };
    Ok(match run.text(&["status", "phase"])? {
        "Pending" | "Running" => Health::new(Status::Progressing, "Analysis run is running"),
        "Successful" => Health::new(Status::Healthy, or("Analysis run completed successfully")?),
        "Failed" => Health::new(Status::Degraded, or("Analysis run failed")?),
        "Error" => Health::new(Status::Degraded, or("Analysis run had an error")?),
        "Inconclusive" => Health::new(Status::Unknown, or("Analysis run was inconclusive")?),
        _ => Health::default(),
    })
}

pub(super) fn application_set(set: Fields<'_>) -> Result<Health> {
    let order = [
        ("ErrorOccurred", "True", Status::Degraded),
        ("ResourcesUpToDate", "False", Status::Degraded),
        ("RolloutProgressing", "True", Status::Progressing),
        ("ResourcesUpToDate", "True", Status::Healthy),
    ];
    let conditions = set.list(&["status", "conditions"])?;
    for (kind, wanted, status) in order {
        for condition in &conditions {
            if condition.text(&["type"])? == kind && condition.text(&["status"])? == wanted {
                return Ok(Health::new(status, condition.text(&["message"])?));
            }
        }
    }
    progressing("Waiting for the status to be reported")
}

/// A generation: a number, or a number in a text.
fn number(value: Option<&Value>) -> Option<f64> {
    let value = value?;
    value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())
}

pub(super) fn rollout(rollout: Fields<'_>) -> Result<Health> {
    if !is_observed(rollout) || !is_workload_observed(rollout) {
        return progressing("Waiting for rollout spec update to be observed");
    }
    let phase = rollout.text(&["status", "phase"])?;
    if rollout.get(&["status", "phase"]).is_some() {
        let status = if phase == "Paused" { Some(Status::Suspended) } else { Status::named(phase) };
        return Ok(match status {
            Some(status) => Health::new(status, rollout.text(&["status", "message"])?),
            None => Health::new(Status::Unknown, "Lua returned an invalid health status"),
        });
    }
    for condition in rollout.list(&["status", "conditions"])? {
        let failed = matches!(
            (condition.text(&["type"])?, condition.text(&["reason"])?),
            ("InvalidSpec", _) | ("Progressing", "RolloutAborted" | "ProgressDeadlineExceeded")
        );
        if failed {
            return Ok(Health::new(Status::Degraded, condition.text(&["message"])?));
        }
    }
    if !rollout.list(&["status", "pauseConditions"])?.is_empty() || rollout.flag(&["spec", "paused"])? {
        return Ok(Health::new(Status::Suspended, "Rollout is paused"));
    }
    if rollout.get(&["status", "currentPodHash"]).is_none() {
        return progressing("Waiting for rollout to finish: status has not been reconciled.");
    }
    replicas(rollout)?.map_or_else(|| strategy(rollout), Ok)
}

/// Rollouts before 0.10 keep a hash there: those count as observed.
fn is_observed(rollout: Fields<'_>) -> bool {
    if rollout.get(&["status"]).is_none() {
        return false;
    }
    let wanted = number(rollout.get(&["metadata", "generation"])).unwrap_or(0.0);
    number(rollout.get(&["status", "observedGeneration"])).is_none_or(|seen| seen >= wanted)
}

fn is_workload_observed(rollout: Fields<'_>) -> bool {
    if rollout.get(&["spec", "workloadRef"]).is_none() || rollout.get(&["metadata", "annotations"]).is_none()
    {
        return true;
    }
    let wanted = rollout
        .annotation("rollout.argoproj.io/workload-generation")
        .and_then(|text| text.trim().parse().ok());
    wanted == number(rollout.get(&["status", "workloadObservedGeneration"]))
}

fn replicas(rollout: Fields<'_>) -> Result<Option<Health>> {
    let desired = rollout.int_if_set(&["spec", "replicas"])?.unwrap_or(1);
    let updated = rollout.int(&["status", "updatedReplicas"])?;
    let message = if updated < desired {
        "Waiting for roll out to finish: More replicas need to be updated"
    } else if rollout.int(&["status", "availableReplicas"])? < updated {
        "Waiting for roll out to finish: updated replicas are still becoming available"
    } else {
        return Ok(None);
    };
    Ok(Some(Health::new(Status::Progressing, message)))
}

fn strategy(rollout: Fields<'_>) -> Result<Health> {
    let current = rollout.text(&["status", "currentPodHash"])?;
    let stable = match rollout.get(&["status", "stableRS"]) {
        Some(_) => rollout.text(&["status", "stableRS"])?,
        None => rollout.text(&["status", "canary", "stableRS"])?,
    };
    if rollout.get(&["spec", "strategy", "blueGreen"]).is_some() {
        if rollout.text(&["status", "blueGreen", "activeSelector"])? != current {
            return progressing("active service cutover pending");
        }
        if !stable.is_empty() && stable != current {
            return progressing("waiting for analysis to complete");
        }
    } else if rollout.get(&["spec", "strategy", "canary"]).is_some() {
        if rollout.int(&["status", "replicas"])? > rollout.int(&["status", "updatedReplicas"])? {
            return progressing("Waiting for roll out to finish: old replicas are pending termination");
        }
        if stable.is_empty() || stable != current {
            return progressing("Waiting for rollout to finish steps");
        }
    }
    Ok(Health::healthy())
}
