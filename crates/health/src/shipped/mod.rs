//! Checks of frequent custom kinds, as the scripts that ship with Argo CD judge them.

mod conditions;
mod rollouts;

use crate::fields::{Fields, Result};
use crate::status::Health;
use conditions::Ready;
use trueup_manifest::Value;

type Check = fn(Fields<'_>) -> Result<Health>;

/// The checks by group and kind.
const CHECKS: [(&str, &str, Check); 16] = [
    ("argoproj.io", "Rollout", rollouts::rollout),
    ("argoproj.io", "AnalysisRun", rollouts::analysis_run),
    ("argoproj.io", "ApplicationSet", rollouts::application_set),
    ("batch", "CronJob", conditions::cron_job),
    ("apiextensions.k8s.io", "CustomResourceDefinition", conditions::custom_resource_definition),
    ("cert-manager.io", "Certificate", conditions::certificate),
    ("cert-manager.io", "Issuer", |object| READY_ISSUER.check(object)),
    ("cert-manager.io", "ClusterIssuer", |object| READY_CLUSTER_ISSUER.check(object)),
    ("external-secrets.io", "ExternalSecret", |object| READY_EXTERNAL_SECRET.check(object)),
    ("bitnami.com", "SealedSecret", |object| SYNCED_SEALED_SECRET.check(object)),
    ("gateway.networking.k8s.io", "Gateway", conditions::gateway),
    ("keda.sh", "ScaledObject", conditions::scaled_object),
    ("monitoring.coreos.com", "Prometheus", conditions::prometheus),
    ("monitoring.coreos.com", "Alertmanager", conditions::prometheus),
    ("policy", "PodDisruptionBudget", conditions::disruption_budget),
    ("serving.knative.dev", "Service", conditions::knative_service),
];

const READY_ISSUER: Ready = Ready { condition: "Ready", waiting: "Initializing issuer" };
const READY_CLUSTER_ISSUER: Ready = Ready { condition: "Ready", waiting: "Initializing ClusterIssuer" };
const READY_EXTERNAL_SECRET: Ready = Ready { condition: "Ready", waiting: "Waiting for ExternalSecret" };
const SYNCED_SEALED_SECRET: Ready =
    Ready { condition: "Synced", waiting: "Waiting for Sealed Secret to be decrypted" };

/// Returns what the check that ships with Argo CD says, by itself; nothing if there is none for the kind.
pub fn shipped_check(object: &Value) -> Option<Result<Health>> {
    let text = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let group = text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let (.., check) = CHECKS.iter().find(|(g, k, _)| *g == group && *k == text("kind"))?;
    Some(check(Fields(object)))
}
