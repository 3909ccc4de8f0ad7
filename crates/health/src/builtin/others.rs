//! Jobs, services, claims, ingresses, autoscalers, API services, workflows.

use crate::fields::{Fields, Result};
use crate::status::{Health, HealthError, Status};
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{Map, Value};

pub(super) fn job(job: Fields<'_>) -> Result<Health> {
    let (mut failed, mut completed, mut suspended, mut message) = (None, false, false, "");
    for condition in job.list(&["status", "conditions"])? {
        match condition.text(&["type"])? {
            "Failed" => {
                (failed, completed) = (Some(condition.text(&["message"])?), true);
            }
            "Complete" => {
                completed = true;
                message = condition.text(&["message"])?;
            }
            "Suspended" => {
                completed = true;
                message = condition.text(&["message"])?;
                suspended = suspended || condition.text(&["status"])? == "True";
            }
            _ => {}
        }
    }
    Ok(match (completed, failed, suspended) {
        (false, ..) => Health::new(Status::Progressing, message),
        (_, Some(failure), _) => Health::new(Status::Degraded, failure),
        (_, _, true) => Health::new(Status::Suspended, message),
        _ => Health::new(Status::Healthy, message),
    })
}

fn has_ingress(object: Fields<'_>) -> Result<bool> {
    Ok(!object.list(&["status", "loadBalancer", "ingress"])?.is_empty())
}

pub(super) fn service(service: Fields<'_>) -> Result<Health> {
    let waits = service.text(&["spec", "type"])? == "LoadBalancer" && !has_ingress(service)?;
    Ok(Health::new(if waits { Status::Progressing } else { Status::Healthy }, ""))
}

pub(super) fn ingress(ingress: Fields<'_>) -> Result<Health> {
    Ok(Health::new(if has_ingress(ingress)? { Status::Healthy } else { Status::Progressing }, ""))
}

pub(super) fn claim(claim: Fields<'_>) -> Result<Health> {
    let status = match claim.text(&["status", "phase"])? {
        "Lost" => Status::Degraded,
        "Pending" => Status::Progressing,
        "Bound" => Status::Healthy,
        _ => Status::Unknown,
    };
    Ok(Health::new(status, ""))
}

pub(super) fn autoscaler(autoscaler: Fields<'_>) -> Result<Health> {
    const ANNOTATION: &str = "autoscaling.alpha.kubernetes.io/conditions";
    if autoscaler.text(&["apiVersion"])? != "autoscaling/v1" {
        return autoscaler_conditions(&autoscaler.list(&["status", "conditions"])?);
    }
    let Some(text) = autoscaler.annotation(ANNOTATION) else { return autoscaler_conditions(&[]) };
    let parsed = json::parse(text.as_bytes(), &JsonOptions::default());
    let parsed = parsed.map_err(|error| {
        HealthError::Annotation(format!(
            "failed to convert conditions annotation to typed: {}",
            error.message()
        ))
    })?;
    let holder = Value::from(Map::from_iter([("conditions", parsed)]));
    autoscaler_conditions(&Fields(&holder).list(&["conditions"])?)
}

fn autoscaler_conditions(conditions: &[Fields<'_>]) -> Result<Health> {
    for condition in conditions {
        let broken = matches!(
            (condition.text(&["type"])?, condition.text(&["reason"])?),
            ("AbleToScale", "FailedGetScale" | "FailedUpdateScale")
                | (
                    "ScalingActive",
                    "FailedGetResourceMetric"
                        | "FailedGetObjectMetric"
                        | "FailedGetPodsMetric"
                        | "FailedGetExternalMetric"
                        | "FailedComputeMetricsReplicas"
                        | "InvalidSelector"
                )
        );
        if broken {
            return Ok(Health::new(Status::Degraded, condition.text(&["message"])?));
        }
    }
    for condition in conditions {
        let kind = condition.text(&["type"])?;
        if matches!(kind, "AbleToScale" | "ScalingLimited") && condition.text(&["status"])? == "True" {
            return Ok(Health::new(Status::Healthy, condition.text(&["message"])?));
        }
    }
    Ok(Health::new(Status::Progressing, "Waiting to Autoscale"))
}

pub(super) fn api_service(service: Fields<'_>) -> Result<Health> {
    for condition in service.list(&["status", "conditions"])? {
        if condition.text(&["type"])? == "Available" {
            let available = condition.text(&["status"])? == "True";
            let message = format!("{}: {}", condition.text(&["reason"])?, condition.text(&["message"])?);
            return Ok(Health::new(if available { Status::Healthy } else { Status::Progressing }, message));
        }
    }
    Ok(Health::new(Status::Progressing, "Waiting to be processed"))
}

pub(super) fn workflow(workflow: Fields<'_>) -> Result<Health> {
    let status = match workflow.text(&["status", "phase"])? {
        "" | "Pending" | "Running" => Status::Progressing,
        "Succeeded" => Status::Healthy,
        "Failed" | "Error" => Status::Degraded,
        _ => Status::Unknown,
    };
    Ok(Health::new(status, workflow.text(&["status", "message"])?))
}
