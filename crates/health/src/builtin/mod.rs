//! The checks that are built in.

mod others;
mod pod;
mod workloads;

use crate::fields::{Fields, Result};
use crate::status::{Health, HealthError};
use trueup_manifest::Value;

type Check = fn(Fields<'_>) -> Result<Health>;

/// The checks, by group and kind, with the versions they know.
const CHECKS: [(&str, &str, &[&str], Check); 13] = [
    ("apps", "Deployment", &["v1"], workloads::deployment),
    ("apps", "StatefulSet", &["v1"], workloads::stateful_set),
    ("apps", "DaemonSet", &["v1"], workloads::daemon_set),
    ("apps", "ReplicaSet", &["v1"], workloads::replica_set),
    ("", "Pod", &["v1"], pod::pod),
    ("batch", "Job", &["v1"], others::job),
    ("", "Service", &["v1"], others::service),
    ("", "PersistentVolumeClaim", &["v1"], others::claim),
    ("networking.k8s.io", "Ingress", &[], others::ingress),
    ("extensions", "Ingress", &[], others::ingress),
    ("autoscaling", "HorizontalPodAutoscaler", &["v1", "v2"], others::autoscaler),
    ("apiregistration.k8s.io", "APIService", &["v1", "v1beta1"], others::api_service),
    ("argoproj.io", "Workflow", &[], others::workflow),
];

/// Returns what the built-in check says; nothing if there is none for the kind.
pub(crate) fn check(object: &Value) -> Option<Result<Health>> {
    let text = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
    let (api_version, kind) = (text("apiVersion"), text("kind"));
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    let (.., versions, check) = CHECKS.iter().find(|(g, k, ..)| *g == group && *k == kind)?;
    if !versions.is_empty() && !versions.contains(&version) {
        return Some(Err(HealthError::Unsupported { kind: kind.into(), api_version: api_version.into() }));
    }
    Some(check(Fields(object)))
}
