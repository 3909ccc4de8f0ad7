//! Kinds of the other groups.

use super::{core, each, empty, is_empty, text, unset, within, within_new};
use trueup_manifest::{Map, Value};

const RBAC: &str = "rbac.authorization.k8s.io";

pub(super) fn fill(group: &str, version: &str, kind: &str, object: &mut Map) {
    match (group, kind) {
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration") => {
            each(object, "webhooks", |webhook| {
                self::webhook(webhook);
                unset(webhook, "reinvocationPolicy", "Never");
            })
        }
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration") => {
            each(object, "webhooks", webhook)
        }
        ("admissionregistration.k8s.io", _) => admission_policy(version, kind, object),
        ("autoscaling", "HorizontalPodAutoscaler") => autoscaler(version, object),
        ("networking.k8s.io", "IngressClass") if version == "v1" => within(object, "spec", |spec| {
            within(spec, "parameters", |parameters| unset(parameters, "scope", "Cluster"));
        }),
        ("networking.k8s.io", "NetworkPolicy") => within(object, "spec", network_policy),
        ("discovery.k8s.io", "EndpointSlice") => each(object, "ports", |port| {
            unset(port, "name", "");
            unset(port, "protocol", "TCP");
        }),
        (RBAC, "RoleBinding" | "ClusterRoleBinding") => {
            within_new(object, "roleRef", |role| empty(role, "apiGroup", RBAC));
            each(object, "subjects", |subject| {
                if matches!(text(subject, "kind"), "User" | "Group") {
                    empty(subject, "apiGroup", RBAC);
                }
            });
        }
        ("storage.k8s.io", "StorageClass") => {
            unset(object, "reclaimPolicy", "Delete");
            unset(object, "volumeBindingMode", "Immediate");
        }
        // The functions of v1alpha1 are not registered.
        ("storage.k8s.io", "VolumeAttachment") if version != "v1alpha1" => within(object, "spec", |spec| {
            within(spec, "source", |source| within(source, "inlineVolumeSpec", core::volume_source));
        }),
        ("storage.k8s.io", "CSIDriver") => within(object, "spec", csi_driver),
        ("scheduling.k8s.io", "PriorityClass") => unset(object, "preemptionPolicy", "PreemptLowerPriority"),
        ("scheduling.k8s.io", "PodGroup") => {
            within(object, "spec", |spec| unset(spec, "disruptionMode", "Pod"))
        }
        ("authentication.k8s.io", "TokenRequest") if version == "v1" => {
            within(object, "spec", |spec| unset(spec, "expirationSeconds", 3600));
        }
        ("certificates.k8s.io", "PodCertificateRequest") if version == "v1beta1" => {
            within(object, "spec", |spec| unset(spec, "maxExpirationSeconds", 86_400));
        }
        ("flowcontrol.apiserver.k8s.io", _) => flow_control(version, kind, object),
        _ => {}
    }
}

fn webhook(webhook: &mut Map) {
    unset(webhook, "failurePolicy", "Fail");
    unset(webhook, "matchPolicy", "Equivalent");
    unset(webhook, "namespaceSelector", Map::new());
    unset(webhook, "objectSelector", Map::new());
    unset(webhook, "timeoutSeconds", 10);
    within(webhook, "clientConfig", |config| {
        within(config, "service", |service| unset(service, "port", 443))
    });
    each(webhook, "rules", |rule| unset(rule, "scope", "*"));
}

fn admission_policy(version: &str, kind: &str, object: &mut Map) {
    let (constraints, fails) = match kind {
        "ValidatingAdmissionPolicy" | "MutatingAdmissionPolicy" => ("matchConstraints", true),
        "ValidatingAdmissionPolicyBinding" | "MutatingAdmissionPolicyBinding" => ("matchResources", false),
        _ => return,
    };
    within(object, "spec", |spec| {
        if fails {
            unset(spec, "failurePolicy", "Fail");
        } else if version == "v1alpha1" {
            within(spec, "paramRef", |reference| unset(reference, "parameterNotFoundAction", "Deny"));
        }
        within(spec, constraints, |resources| {
            unset(resources, "matchPolicy", "Equivalent");
            unset(resources, "namespaceSelector", Map::new());
            unset(resources, "objectSelector", Map::new());
            for list in ["resourceRules", "excludeResourceRules"] {
                each(resources, list, |rule| unset(rule, "scope", "*"));
            }
        });
    });
}

fn autoscaler(version: &str, object: &mut Map) {
    let is_v1 = version == "v1";
    within(object, "spec", |spec| {
        unset(spec, "minReplicas", 1);
        if is_v1 {
            return;
        }
        if is_empty(spec.get("metrics")) {
            let target =
                Map::from_iter([("type", Value::from("Utilization")), ("averageUtilization", 80.into())]);
            let cpu = Map::from_iter([("name", Value::from("cpu")), ("target", target.into())]);
            let metric = Map::from_iter([("type", Value::from("Resource")), ("resource", cpu.into())]);
            spec.insert("metrics", vec![Value::from(metric)]);
        }
        within(spec, "behavior", |behavior| {
            within_new(behavior, "scaleUp", |rules| {
                unset(rules, "stabilizationWindowSeconds", 0);
                scaling(rules, &[("Pods", 4), ("Percent", 100)]);
            });
            within_new(behavior, "scaleDown", |rules| scaling(rules, &[("Percent", 100)]));
        });
    });
}

fn scaling(rules: &mut Map, policies: &[(&str, i64)]) {
    unset(rules, "selectPolicy", "Max");
    let policy = |(kind, value): &(&str, i64)| {
        let parts =
            [("type", Value::from(*kind)), ("value", Value::from(*value)), ("periodSeconds", 15.into())];
        Value::from(Map::from_iter(parts))
    };
    unset(rules, "policies", policies.iter().map(policy).collect::<Value>());
}

pub(super) fn network_policy(spec: &mut Map) {
    for list in ["ingress", "egress"] {
        each(spec, list, |rule| each(rule, "ports", |port| unset(port, "protocol", "TCP")));
    }
    policy_types(spec);
}

pub(super) fn policy_types(spec: &mut Map) {
    if is_empty(spec.get("policyTypes")) {
        let mut types = vec![Value::from("Ingress")];
        if !is_empty(spec.get("egress")) {
            types.push("Egress".into());
        }
        spec.insert("policyTypes", types);
    }
}

fn flow_control(version: &str, kind: &str, object: &mut Map) {
    // Since v1beta3 an annotation tells a wanted zero from an absent number; since v1 it is plain.
    let keeps_zero = version == "v1beta3"
        && object.get("metadata").and_then(|metadata| metadata.get("annotations")?.get(KEEPS_ZERO)).is_some();
    within(object, "spec", |spec| match kind {
        "FlowSchema" => empty(spec, "matchingPrecedence", 1000),
        "PriorityLevelConfiguration" => {
            within(spec, "exempt", |exempt| {
                unset(exempt, "nominalConcurrencyShares", 0);
                unset(exempt, "lendablePercent", 0);
            });
            within(spec, "limited", |limited| {
                match version {
                    "v1" => unset(limited, "nominalConcurrencyShares", 30),
                    "v1beta3" if keeps_zero => {}
                    "v1beta3" => empty(limited, "nominalConcurrencyShares", 30),
                    _ => empty(limited, "assuredConcurrencyShares", 30),
                }
                unset(limited, "lendablePercent", 0);
                within(limited, "limitResponse", |response| {
                    within(response, "queuing", |queuing| {
                        empty(queuing, "handSize", 8);
                        empty(queuing, "queues", 64);
                        empty(queuing, "queueLengthLimit", 50);
                    });
                });
            });
        }
        _ => {}
    });
}

/// The annotation by which a priority level keeps a share of zero.
const KEEPS_ZERO: &str = "flowcontrol.k8s.io/preserve-zero-concurrency-shares";

fn csi_driver(spec: &mut Map) {
    unset(spec, "attachRequired", true);
    unset(spec, "podInfoOnMount", false);
    unset(spec, "storageCapacity", false);
    unset(spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
    empty(spec, "volumeLifecycleModes", vec![Value::from("Persistent")]);
    unset(spec, "requiresRepublish", false);
    unset(spec, "seLinuxMount", false);
}
