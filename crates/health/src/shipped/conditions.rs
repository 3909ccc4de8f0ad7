//! Kinds that say it by their conditions.

use crate::fields::{Fields, Result};
use crate::status::{Health, Status};

/// A kind with one condition that decides.
pub(super) struct Ready {
    pub(super) condition: &'static str,
    pub(super) waiting: &'static str,
}

fn conditions(object: Fields<'_>) -> Result<Vec<Fields<'_>>> {
    object.list(&["status", "conditions"])
}

fn is(condition: Fields<'_>, kind: &str, status: &str) -> Result<bool> {
    Ok(condition.text(&["type"])? == kind && condition.text(&["status"])? == status)
}

fn with_message(status: Status, condition: Fields<'_>) -> Result<Health> {
    Ok(Health::new(status, condition.text(&["message"])?))
}

impl Ready {
    pub(super) fn check(&self, object: Fields<'_>) -> Result<Health> {
        for condition in conditions(object)? {
            if is(condition, self.condition, "False")? {
                return with_message(Status::Degraded, condition);
            }
            if is(condition, self.condition, "True")? {
                return with_message(Status::Healthy, condition);
            }
        }
        Ok(Health::new(Status::Progressing, self.waiting))
    }
}

pub(super) fn certificate(object: Fields<'_>) -> Result<Health> {
    for condition in conditions(object)? {
        if is(condition, "Issuing", "True")? {
            return with_message(Status::Progressing, condition);
        }
    }
    Ready { condition: "Ready", waiting: "Waiting for certificate" }.check(object)
}

pub(super) fn cron_job(job: Fields<'_>) -> Result<Health> {
    let healthy = |message: &str| Ok(Health::new(Status::Healthy, message));
    if job.flag(&["spec", "suspend"])? {
        return healthy("CronJob is Suspended");
    }
    if job.get(&["status"]).is_none() {
        return Ok(Health::new(Status::Progressing, "Waiting for CronJob"));
    }
    if job.get(&["status", "lastScheduleTime"]).is_none() {
        return healthy("CronJob has not been scheduled yet");
    }
    if job.get(&["status", "lastSuccessfulTime"]).is_none() {
        return healthy("The CronJob never completed successfully. It may not be healthy");
    }
    if !job.list(&["status", "active"])?.is_empty() {
        return healthy("The job is running. Its last execution may not have been successful");
    }
    if job.text(&["status", "lastSuccessfulTime"])? < job.text(&["status", "lastScheduleTime"])? {
        return Ok(Health::new(
            Status::Degraded,
            "CronJob has not completed its last execution successfully",
        ));
    }
    healthy("CronJob has completed its last execution successfully")
}

pub(super) fn custom_resource_definition(crd: Fields<'_>) -> Result<Health> {
    if crd.get(&["metadata", "deletionTimestamp"]).is_some() {
        return Ok(Health::new(Status::Progressing, "CRD is terminating"));
    }
    let conditions = conditions(crd)?;
    if conditions.is_empty() {
        return Ok(Health::new(Status::Progressing, "Status conditions not found"));
    }
    let mut established = false;
    for condition in conditions {
        let message = condition.text(&["message"])?;
        let because = |status, what: &str| Ok(Health::new(status, format!("{what}: {message}")));
        match (condition.text(&["type"])?, condition.text(&["status"])?) {
            ("Terminating", "True") => return because(Status::Progressing, "CRD is terminating"),
            ("NamesAccepted", "False") => {
                return because(Status::Degraded, "CRD names have not been accepted");
            }
            ("NonStructuralSchema", "True") => return because(Status::Degraded, "Schema violations found"),
            ("Established", "True") => established = true,
            ("Established", _) if condition.text(&["reason"])? == "Installing" => {
                return Ok(Health::new(Status::Progressing, "CRD is being installed"));
            }
            _ => {}
        }
    }
    Ok(match established {
        true => Health::new(Status::Healthy, "CRD is healthy"),
        false => Health::new(Status::Degraded, "CRD is not established"),
    })
}

pub(super) fn gateway(gateway: Fields<'_>) -> Result<Health> {
    let own = conditions(gateway)?;
    if let Some(health) = gateway_conditions(&own, "Gateway")? {
        return Ok(health);
    }
    let listeners = gateway.list(&["status", "listeners"])?;
    for listener in &listeners {
        if let Some(health) = gateway_conditions(&listener.list(&["conditions"])?, "Listener")? {
            return Ok(Health { message: format!("Listener: {}", health.message), ..health });
        }
    }
    if gateway.get(&["status", "conditions"]).is_some() || !listeners.is_empty() {
        return Ok(Health::new(Status::Healthy, "Gateway is healthy"));
    }
    Ok(Health::new(Status::Progressing, "Waiting for Gateway status"))
}

fn gateway_conditions(conditions: &[Fields<'_>], what: &str) -> Result<Option<Health>> {
    let message = |condition: &Fields<'_>, otherwise: String| -> Result<String> {
        let given = condition.get(&["message"]).is_some();
        Ok(if given { condition.text(&["message"])?.to_owned() } else { otherwise })
    };
    for kind in ["ResolvedRefs", "Accepted"] {
        for condition in conditions {
            if is(*condition, kind, "False")? {
                let message = message(condition, format!("Failed condition: {kind}"))?;
                return Ok(Some(Health::new(Status::Degraded, message)));
            }
        }
    }
    for condition in conditions {
        if condition.text(&["type"])? == "Programmed" && condition.text(&["status"])? != "True" {
            let message = message(condition, format!("{what} is still being programmed"))?;
            return Ok(Some(Health::new(Status::Progressing, message)));
        }
    }
    Ok(None)
}

pub(super) fn scaled_object(object: Fields<'_>) -> Result<Health> {
    let (mut healthy, mut degraded, mut suspended, mut message) = (false, false, false, "");
    for condition in conditions(object)? {
        let flag = match (condition.text(&["type"])?, condition.text(&["status"])?) {
            ("Ready", "False") | ("Fallback", "True") => &mut degraded,
            ("Ready", "True") => &mut healthy,
            ("Paused", "True") => &mut suspended,
            _ => continue,
        };
        *flag = true;
        message = condition.text(&["message"])?;
    }
    Ok(match (degraded, healthy, suspended) {
        (true, ..) => Health::new(Status::Degraded, message),
        (_, true, false) => Health::new(Status::Healthy, message),
        (_, true, true) => Health::new(Status::Suspended, message),
        _ => Health::new(Status::Progressing, "Creating HorizontalPodAutoscaler Object"),
    })
}

pub(super) fn prometheus(object: Fields<'_>) -> Result<Health> {
    let mut health = Health::new(Status::Progressing, "Waiting for initialization");
    for condition in conditions(object)? {
        if condition.text(&["type"])? != "Available" {
            continue;
        }
        if condition.text(&["status"])? == "True" {
            health = Health::new(Status::Healthy, "All instances are available");
            continue;
        }
        let reason = condition.text(&["reason"])?;
        let status = if reason == "SomePodsNotReady" { Status::Progressing } else { Status::Degraded };
        let given = condition.get(&["message"]).is_some();
        health = Health::new(status, if given { condition.text(&["message"])? } else { reason });
    }
    Ok(health)
}

pub(super) fn disruption_budget(object: Fields<'_>) -> Result<Health> {
    let mut health = Health::new(Status::Progressing, "Waiting for status");
    for condition in conditions(object)? {
        let reason = condition.text(&["reason"])?;
        let message = format!("PodDisruptionBudget has {reason}");
        if condition.text(&["status"])? == "False" && reason != "InsufficientPods" {
            return Ok(Health::new(Status::Degraded, message));
        }
        health = Health::new(Status::Healthy, message);
    }
    Ok(health)
}

pub(super) fn knative_service(object: Fields<'_>) -> Result<Health> {
    if object.get(&["status", "conditions"]).is_none() {
        return Ok(Health::new(Status::Progressing, "Waiting for status update."));
    }
    let (mut good, mut bad, mut open, mut message) = (0, 0, 0, String::new());
    for condition in conditions(object)? {
        let kind = condition.text(&["type"])?;
        match condition.text(&["status"])? {
            "True" if matches!(kind, "ConfigurationsReady" | "RoutesReady" | "Ready") => good += 1,
            status @ ("False" | "Unknown") => {
                message += &format!("{kind} is {status}");
                let (reason, text) = (condition.text(&["reason"])?, condition.text(&["message"])?);
                if !reason.is_empty() {
                    message += &format!(", since {reason}.");
                }
                if !text.is_empty() {
                    message += &format!(" {text}");
                }
                message.push('\n');
                *(if status == "False" { &mut bad } else { &mut open }) += 1;
            }
            _ => {}
        }
    }
    Ok(match (good, bad, open) {
        (3, 0, 0) => Health::new(Status::Healthy, "Knative Service is healthy."),
        (_, 0, _) => Health::new(Status::Progressing, message),
        _ => Health::new(Status::Degraded, message),
    })
}
