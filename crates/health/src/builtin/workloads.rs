//! Deployments, stateful sets, daemon sets, replica sets.

use crate::fields::{Fields, Result};
use crate::status::{Health, Status};

fn progressing(message: impl Into<String>) -> Result<Health> {
    Ok(Health::new(Status::Progressing, message))
}

fn status(object: Fields<'_>, field: &str) -> Result<i64> {
    object.int(&["status", field])
}

/// Tells whether the controller has seen the latest change.
fn is_observed(object: Fields<'_>) -> Result<bool> {
    Ok(object.int(&["metadata", "generation"])? <= status(object, "observedGeneration")?)
}

pub(super) fn deployment(object: Fields<'_>) -> Result<Health> {
    const WAITING: &str = "Waiting for rollout to finish: ";
    if object.flag(&["spec", "paused"])? {
        return Ok(Health::new(Status::Suspended, "Deployment is paused"));
    }
    if !is_observed(object)? {
        return progressing(format!("{WAITING}observed deployment generation less than desired generation"));
    }
    for condition in object.list(&["status", "conditions"])? {
        if condition.text(&["type"])? == "Progressing" {
            if condition.text(&["reason"])? == "ProgressDeadlineExceeded" {
                let message = format!("Deployment {:?} exceeded its progress deadline", object.name());
                return Ok(Health::new(Status::Degraded, message));
            }
            break;
        }
    }
    let desired = object.int_if_set(&["spec", "replicas"])?;
    let (replicas, updated) = (status(object, "replicas")?, status(object, "updatedReplicas")?);
    let available = status(object, "availableReplicas")?;
    if let Some(desired) = desired.filter(|desired| updated < *desired) {
        return progressing(format!("{WAITING}{updated} out of {desired} new replicas have been updated..."));
    }
    if replicas > updated {
        let old = replicas - updated;
        return progressing(format!("{WAITING}{old} old replicas are pending termination..."));
    }
    if available < updated {
        return progressing(format!("{WAITING}{available} of {updated} updated replicas are available..."));
    }
    Ok(Health::healthy())
}

pub(super) fn stateful_set(object: Fields<'_>) -> Result<Health> {
    if status(object, "observedGeneration")? == 0 || !is_observed(object)? {
        return progressing("Waiting for statefulset spec update to be observed...");
    }
    let replicas = object.int_if_set(&["spec", "replicas"])?;
    let (ready, updated) = (status(object, "readyReplicas")?, status(object, "updatedReplicas")?);
    if let Some(replicas) = replicas.filter(|replicas| ready < *replicas) {
        return progressing(format!("Waiting for {} pods to be ready...", replicas - ready));
    }
    let strategy = object.text(&["spec", "updateStrategy", "type"])?;
    if strategy == "RollingUpdate" && object.get(&["spec", "updateStrategy", "rollingUpdate"]).is_some() {
        let partition = object.int_if_set(&["spec", "updateStrategy", "rollingUpdate", "partition"])?;
        if let (Some(replicas), Some(partition)) = (replicas, partition)
            && updated < replicas - partition
        {
            let wanted = replicas - partition;
            return progressing(format!(
                "Waiting for partitioned roll out to finish: {updated} out of {wanted} new pods have been updated..."
            ));
        }
        let message = format!("partitioned roll out complete: {updated} new pods have been updated...");
        return Ok(Health::new(Status::Healthy, message));
    }
    if strategy == "OnDelete" {
        return Ok(Health::new(Status::Healthy, format!("statefulset has {ready} ready pods")));
    }
    let revision = object.text(&["status", "updateRevision"])?;
    let current = status(object, "currentReplicas")?;
    if revision != object.text(&["status", "currentRevision"])? {
        return progressing(format!(
            "waiting for statefulset rolling update to complete {updated} pods at revision {revision}..."
        ));
    }
    let message = format!("statefulset rolling update complete {current} pods at revision {revision}...");
    Ok(Health::new(Status::Healthy, message))
}

pub(super) fn daemon_set(object: Fields<'_>) -> Result<Health> {
    if !is_observed(object)? {
        let message =
            "Waiting for rollout to finish: observed daemon set generation less than desired generation";
        return progressing(message);
    }
    let (updated, desired) =
        (status(object, "updatedNumberScheduled")?, status(object, "desiredNumberScheduled")?);
    if object.text(&["spec", "updateStrategy", "type"])? == "OnDelete" {
        let message = format!("daemon set {updated} out of {desired} new pods have been updated");
        return Ok(Health::new(Status::Healthy, message));
    }
    let waiting = format!("Waiting for daemon set {:?} rollout to finish:", object.name());
    if updated < desired {
        return progressing(format!("{waiting} {updated} out of {desired} new pods have been updated..."));
    }
    let available = status(object, "numberAvailable")?;
    if available < desired {
        return progressing(format!("{waiting} {available} of {desired} updated pods are available..."));
    }
    Ok(Health::healthy())
}

pub(super) fn replica_set(object: Fields<'_>) -> Result<Health> {
    if !is_observed(object)? {
        let message =
            "Waiting for rollout to finish: observed replica set generation less than desired generation";
        return progressing(message);
    }
    for condition in object.list(&["status", "conditions"])? {
        if condition.text(&["type"])? == "ReplicaFailure" {
            if condition.text(&["status"])? == "True" {
                return Ok(Health::new(Status::Degraded, condition.text(&["message"])?));
            }
            break;
        }
    }
    let available = status(object, "availableReplicas")?;
    match object.int_if_set(&["spec", "replicas"])? {
        Some(replicas) if available < replicas => progressing(format!(
            "Waiting for rollout to finish: {available} out of {replicas} new replicas are available..."
        )),
        _ => Ok(Health::healthy()),
    }
}
