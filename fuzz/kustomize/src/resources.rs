//! Resources of many kinds, small, with names that refer to one another.

use crate::features::{Feature, Features};
use crate::node::{Node, map, raw, text};
use crate::pods::{pod_spec, pod_template};
use crate::rng::Rng;
use crate::scalars::{awkward, word, word_node};

/// Names that resources and references are made of: few, so that they meet.
pub(crate) const NAMES: &[&str] = &["a", "web", "db", "app-1", "cm", "x.y"];

/// Namespaces.
pub(crate) const NAMESPACES: &[&str] = &["ns1", "ns2", "default"];

const WORKLOADS: &[(&str, &str)] = &[
    ("apps/v1", "Deployment"),
    ("apps/v1", "StatefulSet"),
    ("apps/v1", "DaemonSet"),
    ("apps/v1", "ReplicaSet"),
    ("batch/v1", "Job"),
    ("batch/v1", "CronJob"),
    ("v1", "Pod"),
    ("v1", "PodTemplate"),
    ("v1", "ReplicationController"),
    ("apps/v1beta2", "Deployment"),
    ("extensions/v1beta1", "Deployment"),
    ("batch/v1beta1", "CronJob"),
];

const REFERENCES: &[(&str, &str)] = &[
    ("v1", "ServiceAccount"),
    ("v1", "PersistentVolumeClaim"),
    ("v1", "PersistentVolume"),
    ("storage.k8s.io/v1", "StorageClass"),
    ("autoscaling/v2", "HorizontalPodAutoscaler"),
    ("autoscaling/v1", "HorizontalPodAutoscaler"),
    ("networking.k8s.io/v1", "Ingress"),
    ("extensions/v1beta1", "Ingress"),
    ("networking.k8s.io/v1", "IngressClass"),
    ("rbac.authorization.k8s.io/v1", "Role"),
    ("rbac.authorization.k8s.io/v1", "ClusterRole"),
    ("rbac.authorization.k8s.io/v1", "RoleBinding"),
    ("rbac.authorization.k8s.io/v1", "ClusterRoleBinding"),
    ("rbac.authorization.k8s.io/v1beta1", "RoleBinding"),
    ("networking.k8s.io/v1", "NetworkPolicy"),
    ("policy/v1", "PodDisruptionBudget"),
    ("v1", "Namespace"),
    ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ("apiregistration.k8s.io/v1", "APIService"),
    ("admissionregistration.k8s.io/v1", "ValidatingWebhookConfiguration"),
    ("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration"),
    ("scheduling.k8s.io/v1", "PriorityClass"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicy"),
    ("admissionregistration.k8s.io/v1", "ValidatingAdmissionPolicyBinding"),
    ("serving.knative.dev/v1", "Service"),
    ("v1", "LimitRange"),
    ("v1", "Node"),
];

const CUSTOM: &[(&str, &str)] = &[
    ("example.com/v1", "Thing"),
    ("example.com/v2", "Thing"),
    ("example.com/v1", "Gizmo"),
    ("other.io/v1alpha1", "ClusterThing"),
    ("argoproj.io/v1alpha1", "Rollout"),
];

const PLAIN: &[(&str, &str)] = &[("v1", "ConfigMap"), ("v1", "Secret"), ("v1", "Service")];

/// Returns a name of the pool.
pub(crate) fn name(rng: &mut Rng) -> String {
    rng.pick(NAMES).to_owned()
}

/// Returns a kind that the features allow, with its `apiVersion`.
pub(crate) fn kind(rng: &mut Rng, features: &Features) -> (&'static str, &'static str) {
    let mut pools = vec![PLAIN];
    for (feature, pool) in
        [(Feature::Workloads, WORKLOADS), (Feature::References, REFERENCES), (Feature::Custom, CUSTOM)]
    {
        if features.has(feature) {
            pools.push(pool);
        }
    }
    let pool = rng.pick(&pools);
    rng.pick(pool)
}

/// Returns a resource of that kind and name.
pub(crate) fn resource(rng: &mut Rng, features: &Features, api: &str, kind: &str, name: &str) -> Node {
    let mut metadata = map([("name", text(name))]);
    if features.has(Feature::Namespaces) && rng.chance(40) {
        metadata.set("namespace", text(rng.pick(NAMESPACES)));
    }
    let odd = features.has(Feature::Awkward);
    for field in ["labels", "annotations"] {
        if rng.chance(30) {
            metadata.set(field, words(rng, odd, &["app", "tier", "a.b/c", "n"]));
        }
    }
    let mut resource = map([("apiVersion", text(api)), ("kind", text(kind)), ("metadata", metadata)]);
    body(rng, features, api, kind, &mut resource);
    if let (true, Node::Map(entries)) = (rng.chance(8), &mut resource) {
        rng.shuffle(entries);
    }
    resource
}

/// Returns a mapping from some of these keys to strings.
pub(crate) fn words(rng: &mut Rng, odd: bool, keys: &[&str]) -> Node {
    let count = rng.range(1, keys.len().max(1));
    Node::Map(keys.iter().take(count).map(|key| ((*key).to_owned(), word_node(rng, odd))).collect())
}

fn body(rng: &mut Rng, features: &Features, api: &str, kind: &str, to: &mut Node) {
    let odd = features.has(Feature::Awkward);
    match kind {
        "ConfigMap" => {
            if rng.chance(85) {
                let data = if odd && rng.chance(40) {
                    free(rng, 1)
                } else {
                    words(rng, odd, &["k", "key.txt", "A", "1"])
                };
                to.set("data", data);
            }
        }
        "Secret" => {
            if rng.chance(50) {
                to.set("type", text("Opaque"));
            }
            to.set(
                if rng.chance(70) { "data" } else { "stringData" },
                map([("k", text("aGVsbG8=")), ("l", text("Yg=="))]),
            );
        }
        "Service" if api == "v1" => to.set("spec", service(rng)),
        "Thing" | "Gizmo" | "ClusterThing" | "LimitRange" | "Node" => to.set("spec", custom(rng, odd)),
        _ => crate::kinds::body(rng, features, kind, to),
    }
}

fn service(rng: &mut Rng) -> Node {
    let mut spec = map([]);
    if rng.chance(70) {
        let ports = (0..rng.range(1, 3)).map(|_| {
            let mut port = map([("port", raw(rng.pick(&["80", "443", "53"])))]);
            if rng.chance(50) {
                port.set("name", text(rng.pick(&["http", "dns"])));
            }
            if rng.chance(30) {
                port.set("protocol", text(rng.pick(&["TCP", "UDP"])));
            }
            if rng.chance(40) {
                port.set("targetPort", if rng.chance(50) { raw("8080") } else { text("http") });
            }
            port
        });
        let ports: Vec<Node> = ports.collect();
        spec.set("ports", Node::Seq(ports));
    }
    if rng.chance(60) {
        spec.set("selector", map([("app", text("web"))]));
    }
    spec
}

/// Returns a body without a schema, with fields that configurations and replacements know.
pub(crate) fn custom(rng: &mut Rng, odd: bool) -> Node {
    let mut spec = map([]);
    if rng.chance(40) {
        spec.set("image", text(rng.pick(crate::pods::IMAGES)));
    }
    if rng.chance(30) {
        spec.set("ref", map([("name", text(name(rng)))]));
    }
    if rng.chance(25) {
        spec.set("refs", Node::Seq((0..2).map(|_| map([("name", text(name(rng)))])).collect()));
    }
    if rng.chance(30) {
        let items =
            (0..rng.range(1, 3)).map(|at| map([("name", text(format!("i{at}"))), ("v", leaf(rng, odd))]));
        let items: Vec<Node> = items.collect();
        spec.set("items", Node::Seq(items));
    }
    if rng.chance(25) {
        spec.set("template", map([("spec", pod_spec(rng, odd))]));
    }
    if rng.chance(20) {
        spec.set("replicas", raw("1"));
    }
    if rng.chance(50) {
        spec.set("free", free(rng, 3));
    }
    if rng.chance(20) {
        spec.set("var", text(rng.pick(&["$(VAR)", "x-$(VAR)-y", "$(OTHER)", "$$(VAR)"])));
    }
    spec
}

fn leaf(rng: &mut Rng, odd: bool) -> Node {
    if odd { awkward(rng) } else { text(word(rng, false)) }
}

/// Returns a value of any shape.
pub(crate) fn free(rng: &mut Rng, depth: usize) -> Node {
    let keys = ["a", "b", "c", "d", "true", "1", "n", "0x1", "a b", "é", "~", "", "a.b", "x/y", "-", "on"];
    match if depth == 0 { 9 } else { rng.below(10) } {
        0..4 => {
            let count = rng.below(4);
            let mut entries: Vec<(String, Node)> = Vec::new();
            for _ in 0..count {
                let key = if rng.chance(70) { rng.pick(&["a", "b", "c", "d"]) } else { rng.pick(&keys) };
                if entries.iter().all(|(known, _)| known != key) {
                    entries.push((key.to_owned(), free(rng, depth - 1)));
                }
            }
            Node::Map(entries)
        }
        4..6 => Node::Seq((0..rng.below(4)).map(|_| free(rng, depth - 1)).collect()),
        _ => awkward(rng),
    }
}

/// Returns a workload's body.
pub(crate) fn workload(rng: &mut Rng, odd: bool) -> Node {
    let mut spec = map([]);
    if rng.chance(40) {
        spec.set("replicas", raw(rng.pick(&["1", "3", "\"2\""])));
    }
    if rng.chance(60) {
        spec.set("selector", map([("matchLabels", map([("app", text("web"))]))]));
    }
    if rng.chance(15) {
        spec.set("strategy", map([("type", text("Recreate"))]));
    }
    spec.set("template", pod_template(rng, odd));
    spec
}
