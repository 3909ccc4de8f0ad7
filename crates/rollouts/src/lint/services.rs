//! The services of a rollout.

use super::{of_kind, warning};
use crate::model::{Rollout, template_labels};
use std::collections::BTreeMap;
use trueup_manifest::{Diagnostic, EcoString, Value};

/// The label by which the controller tells the versions apart; it adds it to the selectors itself.
const VERSION_LABEL: &str = "rollouts-pod-template-hash";

pub(super) fn check(rollout: &Rollout, objects: &[Value], found: &mut Vec<Diagnostic>) {
    let labels = pod_labels(rollout, objects);
    for (field, name) in named(rollout).into_iter().filter(|(_, name)| !name.is_empty()) {
        let mut services = of_kind(rollout, objects, "", "Service");
        let Some(service) = services.find(|service| service.name() == name) else {
            let message = format!("Service `{name}` is named in `spec.strategy.{field}` and not there");
            found.push(warning("rollouts/missing-service", message));
            continue;
        };
        let Some(labels) = &labels else { continue };
        let selector =
            service.value().at(&["spec", "selector"]).and_then(Value::as_map).into_iter().flatten();
        for (key, value) in selector.filter(|(key, _)| key.as_str() != VERSION_LABEL) {
            if labels.get(key).map(EcoString::as_str) != value.as_str() {
                // Upstream's words.
                let message = format!("Service \"{name}\" has unmatch label \"{key}\" in rollout");
                found.push(
                    warning("rollouts/service-selector", message)
                        .because(format!("at `spec.strategy.{field}`")),
                );
            }
        }
    }
}

fn named(rollout: &Rollout) -> Vec<(&'static str, &EcoString)> {
    let mut named = Vec::new();
    if let Some(canary) = &rollout.spec.strategy.canary {
        named.push(("canary.canaryService", &canary.canary_service));
        named.push(("canary.stableService", &canary.stable_service));
        if let Some(services) = &canary.ping_pong {
            named.push(("canary.pingPong.pingService", &services.ping_service));
            named.push(("canary.pingPong.pongService", &services.pong_service));
        }
    }
    if let Some(blue_green) = &rollout.spec.strategy.blue_green {
        named.push(("blueGreen.activeService", &blue_green.active_service));
        named.push(("blueGreen.previewService", &blue_green.preview_service));
    }
    named
}

/// Returns the labels of the pods, from the workload that the rollout points to where it has no template; nothing if that is not there.
fn pod_labels(rollout: &Rollout, objects: &[Value]) -> Option<BTreeMap<EcoString, EcoString>> {
    let Some(reference) = &rollout.spec.workload_ref else { return Some(rollout.template_labels()) };
    let mut workloads = of_kind(rollout, objects, "apps", "Deployment");
    let workload = workloads.find(|workload| {
        reference.kind == "Deployment"
            && workload.name() == reference.name
            && reference.api_version.starts_with("apps/")
    })?;
    workload.value().at(&["spec", "template"]).map(template_labels)
}
