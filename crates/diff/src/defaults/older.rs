//! Versions that have defaults of their own: what is served no longer, but still stands in repositories.

use super::{
    each, empty, is_set, labels_from_template, other, pod, text, unset, within, within_new, workloads,
};
use trueup_manifest::{Map, Value};

/// Fills an object of such a version; says no for every other.
pub(super) fn fill(group: &str, version: &str, kind: &str, object: &mut Map) -> bool {
    match (group, version, kind) {
        ("extensions", _, "Ingress") | ("networking.k8s.io", "v1beta1", "Ingress") => {
            within(object, "spec", ingress);
        }
        // Its function for ports changes a copy, so that they get no protocol.
        ("extensions", _, "NetworkPolicy") => within(object, "spec", other::policy_types),
        ("extensions", _, _) | ("apps", "v1beta1", _) => workload(group, kind, object),
        ("admissionregistration.k8s.io", "v1beta1", "MutatingWebhookConfiguration") => {
            each(object, "webhooks", |hook| {
                webhook(hook);
                unset(hook, "reinvocationPolicy", "Never");
            });
        }
        ("admissionregistration.k8s.io", "v1beta1", "ValidatingWebhookConfiguration") => {
            each(object, "webhooks", webhook);
        }
        ("certificates.k8s.io", "v1beta1", "CertificateSigningRequest") => {
            within(object, "spec", |spec| {
                unset(spec, "usages", vec![Value::from("digital signature"), "key encipherment".into()]);
                unset(spec, "signerName", "kubernetes.io/legacy-unknown");
            });
            within(object, "status", |status| {
                each(status, "conditions", |condition| empty(condition, "status", "True"));
            });
        }
        _ => return false,
    }
    true
}

fn ingress(spec: &mut Map) {
    each(spec, "rules", |rule| {
        within(rule, "http", |http| {
            each(http, "paths", |path| unset(path, "pathType", "ImplementationSpecific"));
        });
    });
}

fn webhook(webhook: &mut Map) {
    unset(webhook, "failurePolicy", "Ignore");
    unset(webhook, "matchPolicy", "Exact");
    unset(webhook, "namespaceSelector", Map::new());
    unset(webhook, "objectSelector", Map::new());
    unset(webhook, "sideEffects", "Unknown");
    unset(webhook, "timeoutSeconds", 30);
    empty(webhook, "admissionReviewVersions", vec![Value::from("v1beta1")]);
    within(webhook, "clientConfig", |config| {
        within(config, "service", |service| unset(service, "port", 443));
    });
    each(webhook, "rules", |rule| unset(rule, "scope", "*"));
}

fn workload(group: &str, kind: &str, object: &mut Map) {
    if !matches!(kind, "Deployment" | "DaemonSet" | "ReplicaSet" | "StatefulSet") {
        return;
    }
    within(object, "spec", selector_from_template);
    labels_from_template(object);
    within(object, "spec", |spec| {
        match (group, kind) {
            ("extensions", "Deployment") => extensions_deployment(spec),
            ("extensions", "DaemonSet") => daemon_set(spec),
            (_, "Deployment") => {
                unset(spec, "revisionHistoryLimit", 2);
                workloads::deployment(spec);
            }
            (_, "StatefulSet") => {
                within_new(spec, "updateStrategy", |strategy| empty(strategy, "type", "OnDelete"));
                workloads::stateful_set(spec);
            }
            _ => unset(spec, "replicas", 1),
        }
        within(spec, "template", |template| within(template, "spec", pod::spec));
    });
}

fn selector_from_template(spec: &mut Map) {
    let labels = spec.get("template").and_then(|template| template.at(&["metadata", "labels"])).cloned();
    if let Some(labels) = labels.filter(|labels| !labels.is_null()) {
        unset(spec, "selector", Map::from_iter([("matchLabels", labels)]));
    }
}

/// Where a template says that it has no labels, the selector selects them; the typed form cannot tell that from
/// saying nothing.
pub(super) fn select_no_labels(api_version: &str, object: &Value, defaulted: &mut Value) {
    let old = matches!(api_version, "extensions/v1beta1" | "apps/v1beta1");
    let labels = object.at(&["spec", "template", "metadata", "labels"]).and_then(Value::as_map);
    if let Some(spec) = defaulted.get_mut("spec").and_then(Value::as_map_mut)
        && old
        && labels.is_some_and(Map::is_empty)
    {
        unset(spec, "selector", Map::new());
    }
}

fn extensions_deployment(spec: &mut Map) {
    unset(spec, "replicas", 1);
    within_new(spec, "strategy", |strategy| {
        empty(strategy, "type", "RollingUpdate");
        if text(strategy, "type") == "RollingUpdate" || is_set(strategy, "rollingUpdate") {
            within_new(strategy, "rollingUpdate", |rolling| {
                unset(rolling, "maxUnavailable", 1);
                unset(rolling, "maxSurge", 1);
            });
        }
    });
    unset(spec, "progressDeadlineSeconds", i32::MAX);
    unset(spec, "revisionHistoryLimit", i32::MAX);
}

fn daemon_set(spec: &mut Map) {
    within_new(spec, "updateStrategy", |strategy| empty(strategy, "type", "OnDelete"));
    workloads::daemon_set(spec);
}
