//! Bodies of the kinds that refer to others.

use crate::features::{Feature, Features};
use crate::node::{Node, map, raw, text};
use crate::pods::{pod_spec, pod_template};
use crate::resources::{NAMESPACES, name, workload};
use crate::rng::Rng;

/// Adds what a resource of the kind has besides `metadata`.
pub(crate) fn body(rng: &mut Rng, features: &Features, kind: &str, to: &mut Node) {
    let odd = features.has(Feature::Awkward);
    let named = text(name(rng));
    match kind {
        "Deployment" | "DaemonSet" | "ReplicaSet" | "ReplicationController" | "Job" | "Rollout" => {
            to.set("spec", workload(rng, odd));
        }
        "StatefulSet" => {
            let mut spec = workload(rng, odd);
            spec.set("serviceName", named);
            if rng.chance(40) {
                let claim = map([("storageClassName", text(name(rng)))]);
                let template = map([("metadata", map([("name", text("data"))])), ("spec", claim)]);
                spec.set("volumeClaimTemplates", Node::Seq(vec![template]));
            }
            to.set("spec", spec);
        }
        "CronJob" => {
            let job = map([("spec", map([("template", pod_template(rng, odd))]))]);
            to.set("spec", map([("schedule", text("* * * * *")), ("jobTemplate", job)]));
        }
        "Pod" => to.set("spec", pod_spec(rng, odd)),
        "PodTemplate" => to.set("template", pod_template(rng, odd)),
        "ServiceAccount" => to.set("imagePullSecrets", Node::Seq(vec![map([("name", named)])])),
        "PersistentVolumeClaim" => {
            to.set("spec", map([("storageClassName", named), ("volumeName", text(name(rng)))]));
        }
        "PersistentVolume" => to.set("spec", map([("storageClassName", named)])),
        "StorageClass" => to.set("parameters", map([("secretName", named)])),
        "HorizontalPodAutoscaler" => {
            let target = rng.pick(&["Deployment", "StatefulSet", "ReplicaSet"]);
            let target = map([("apiVersion", text("apps/v1")), ("kind", text(target)), ("name", named)]);
            to.set("spec", map([("scaleTargetRef", target), ("minReplicas", raw("1"))]));
        }
        "Ingress" => ingress(rng, to),
        "Role" | "ClusterRole" => {
            let names = Node::Seq(vec![named, text(name(rng)), text("else")]);
            let rule = map([("resources", Node::Seq(vec![text("secrets")])), ("resourceNames", names)]);
            to.set("rules", Node::Seq(vec![rule]));
        }
        "RoleBinding" | "ClusterRoleBinding" => binding(rng, kind, to),
        "NetworkPolicy" => {
            let pods = map([("matchLabels", map([("app", text("web"))]))]);
            let from = Node::Seq(vec![map([("podSelector", pods.clone())])]);
            to.set("spec", map([("podSelector", pods), ("ingress", Node::Seq(vec![map([("from", from)])]))]));
        }
        "PodDisruptionBudget" => {
            to.set("spec", map([("selector", map([("matchLabels", map([("app", text("web"))]))]))]));
        }
        "CustomResourceDefinition" => {
            let webhook = map([("clientConfig", map([("service", service_ref(rng))]))]);
            to.set("spec", map([("conversion", map([("webhook", webhook)]))]));
        }
        "APIService" => to.set("spec", map([("service", service_ref(rng)), ("version", text("v1"))])),
        "ValidatingWebhookConfiguration" | "MutatingWebhookConfiguration" => {
            let hook = map([("name", text("w.x.y")), ("clientConfig", map([("service", service_ref(rng))]))]);
            to.set("webhooks", Node::Seq(vec![hook]));
        }
        "ValidatingAdmissionPolicyBinding" => to.set("spec", map([("policyName", named)])),
        "Service" => {
            let spec = pod_spec(rng, odd);
            to.set("spec", map([("template", map([("spec", spec)]))]));
        }
        "PriorityClass" => to.set("value", raw("1000")),
        _ => {}
    }
}

fn service_ref(rng: &mut Rng) -> Node {
    let mut service = map([("name", text(name(rng)))]);
    if rng.chance(70) {
        service.set("namespace", text(rng.pick(NAMESPACES)));
    }
    service
}

fn ingress(rng: &mut Rng, to: &mut Node) {
    let legacy = to.get("apiVersion").and_then(Node::scalar).is_some_and(|api| api.starts_with("extensions"));
    let backend = if legacy {
        map([("serviceName", text(name(rng))), ("servicePort", raw("80"))])
    } else {
        map([("service", map([("name", text(name(rng))), ("port", map([("number", raw("80"))]))]))])
    };
    let path = map([("path", text("/")), ("backend", backend.clone())]);
    let rule = map([
        ("host", text(rng.pick(&["h.io", "$(VAR).io"]))),
        ("http", map([("paths", Node::Seq(vec![path]))])),
    ]);
    let mut spec = map([("rules", Node::Seq(vec![rule]))]);
    if rng.chance(40) {
        let hosts = Node::Seq(vec![text("h.io")]);
        spec.set("tls", Node::Seq(vec![map([("hosts", hosts), ("secretName", text(name(rng)))])]));
    }
    if rng.chance(30) {
        spec.set(if legacy { "backend" } else { "defaultBackend" }, backend);
    }
    if rng.chance(25) {
        spec.set("ingressClassName", text(name(rng)));
    }
    to.set("spec", spec);
    if let (true, Some(metadata)) = (rng.chance(25), to.entry("metadata")) {
        let prefix = "nginx.ingress.kubernetes.io";
        let key = format!("{prefix}/{}", rng.pick(&["auth-secret", "fastcgi-params-configmap"]));
        metadata.set("annotations", map([(key.as_str(), text(name(rng)))]));
    }
}

fn binding(rng: &mut Rng, kind: &str, to: &mut Node) {
    let role = if kind == "RoleBinding" && rng.chance(60) { "Role" } else { "ClusterRole" };
    let group = text("rbac.authorization.k8s.io");
    to.set("roleRef", map([("apiGroup", group), ("kind", text(role)), ("name", text(name(rng)))]));
    let subjects = (0..rng.range(1, 3)).map(|_| {
        let kind = if rng.chance(75) { "ServiceAccount" } else { "User" };
        let subject_name = if rng.chance(25) { "default".to_owned() } else { name(rng) };
        let mut subject = map([("kind", text(kind)), ("name", text(subject_name))]);
        if rng.chance(50) {
            subject.set("namespace", text(rng.pick(NAMESPACES)));
        }
        subject
    });
    let subjects: Vec<Node> = subjects.collect();
    to.set("subjects", Node::Seq(subjects));
}
