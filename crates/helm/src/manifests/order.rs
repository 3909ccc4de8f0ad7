//! The order in which kinds are installed.

use ecow::EcoString;
use std::cmp::Ordering;

/// Kinds that others need come first; those that are not listed follow, by name.
const INSTALL_ORDER: &[&str] = &[
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
    "MutatingWebhookConfiguration",
    "ValidatingWebhookConfiguration",
];

/// Sorts kinds as Helm installs them; equal ones keep their order.
///
/// ```
/// let mut kinds = vec!["Widget".into(), "Deployment".into(), "Secret".into()];
/// trueup_helm::sort_kinds(&mut kinds);
/// assert_eq!(kinds, ["Secret", "Deployment", "Widget"]);
/// ```
pub fn sort_kinds(kinds: &mut [EcoString]) {
    kinds.sort_by(|a, b| compare(a, b));
}

/// Sorts by kind; what is equal keeps its order.
pub(super) fn sort_by_kind<T>(items: &mut [T], kind: impl Fn(&T) -> &EcoString) {
    items.sort_by(|a, b| compare(kind(a), kind(b)));
}

fn compare(a: &str, b: &str) -> Ordering {
    let place = |kind: &str| INSTALL_ORDER.iter().position(|known| *known == kind);
    match (place(a), place(b)) {
        (Some(a), Some(b)) => a.cmp(&b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => a.cmp(b),
    }
}
