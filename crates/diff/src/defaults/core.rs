//! Kinds of the core group.

use super::workloads::{is_one_of, template};
use super::{each, empty, is_empty, is_set, labels_from_template, pod, text, unset, within, within_new};
use trueup_manifest::{Map, Value};

pub(super) fn fill(kind: &str, object: &mut Map) {
    match kind {
        "Pod" => pod::pod(object),
        "PodStatusResult" => pod::status(object),
        "PodTemplate" => within(object, "template", |template| within(template, "spec", pod::spec)),
        "ReplicationController" => replication_controller(object),
        "Service" => within(object, "spec", service),
        "Secret" => empty(object, "type", "Opaque"),
        "PersistentVolume" => persistent_volume(object),
        "PersistentVolumeClaim" => claim(object),
        "Namespace" => namespace(object),
        "Node" => node(object),
        "Endpoints" => {
            each(object, "subsets", |subset| each(subset, "ports", |port| empty(port, "protocol", "TCP")))
        }
        "LimitRange" => within(object, "spec", |spec| each(spec, "limits", limit)),
        "ResourceQuota" => resource_quota(object),
        _ => {}
    }
}

fn replication_controller(object: &mut Map) {
    labels_from_template(object);
    let labels = object.get("spec").and_then(|spec| spec.at(&["template", "metadata", "labels"])).cloned();
    within(object, "spec", |spec| {
        if let Some(labels) = labels.filter(|labels| !is_empty(Some(labels))) {
            empty(spec, "selector", labels);
        }
        unset(spec, "replicas", 1);
        template(spec);
    });
}

fn service(spec: &mut Map) {
    empty(spec, "sessionAffinity", "None");
    if text(spec, "sessionAffinity") == "None" {
        spec.remove("sessionAffinityConfig");
    }
    if text(spec, "sessionAffinity") == "ClientIP" {
        let timeout =
            spec.get("sessionAffinityConfig").and_then(|config| config.at(&["clientIP", "timeoutSeconds"]));
        if timeout.is_none_or(Value::is_null) {
            let client_ip = Map::from_iter([("timeoutSeconds", 10_800)]);
            spec.insert("sessionAffinityConfig", Map::from_iter([("clientIP", client_ip)]));
        }
    }
    empty(spec, "type", "ClusterIP");
    each(spec, "ports", |port| {
        empty(port, "protocol", "TCP");
        if is_empty(port.get("targetPort")) {
            let number = port.get("port").cloned().unwrap_or_else(|| 0.into());
            port.insert("targetPort", number);
        }
    });
    let exposed = is_one_of(spec.get("type"), &["NodePort", "LoadBalancer"]);
    let external_ips = text(spec, "type") == "ClusterIP" && !is_empty(spec.get("externalIPs"));
    if exposed || external_ips {
        empty(spec, "externalTrafficPolicy", "Cluster");
    }
    if is_one_of(spec.get("type"), &["ClusterIP", "NodePort", "LoadBalancer"]) {
        unset(spec, "internalTrafficPolicy", "Cluster");
    }
    if text(spec, "type") == "LoadBalancer" {
        unset(spec, "allocateLoadBalancerNodePorts", true);
    }
}

fn persistent_volume(object: &mut Map) {
    within_new(object, "status", |status| empty(status, "phase", "Pending"));
    within(object, "spec", |spec| {
        empty(spec, "persistentVolumeReclaimPolicy", "Retain");
        unset(spec, "volumeMode", "Filesystem");
        volume_source(spec);
    });
}

/// Fills what a persistent volume says about where its data is.
pub(super) fn volume_source(spec: &mut Map) {
    within(spec, "capacity", pod::round_quantities);
    within(spec, "hostPath", |path| unset(path, "type", ""));
    within(spec, "iscsi", |iscsi| empty(iscsi, "iscsiInterface", "default"));
    within(spec, "rbd", pod::rbd);
    within(spec, "azureDisk", pod::azure_disk);
    within(spec, "scaleIO", pod::scale_io);
}

pub(super) fn claim(object: &mut Map) {
    within_new(object, "status", |status| {
        empty(status, "phase", "Pending");
        within(status, "capacity", pod::round_quantities);
        within(status, "allocatedResources", pod::round_quantities);
    });
    within(object, "spec", pod::claim_spec);
}

fn namespace(object: &mut Map) {
    let name =
        object.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Value::as_eco_str).cloned();
    if let Some(name) = name.filter(|name| !name.is_empty()) {
        within_new(object, "metadata", |metadata| {
            within_new(metadata, "labels", |labels| {
                labels.insert("kubernetes.io/metadata.name", name);
            });
        });
    }
    within_new(object, "status", |status| empty(status, "phase", "Active"));
}

fn node(object: &mut Map) {
    within(object, "status", |status| {
        within(status, "capacity", pod::round_quantities);
        if let Some(capacity) = status.get("capacity").cloned().filter(|_| !is_set(status, "allocatable")) {
            status.insert("allocatable", capacity);
        }
        within(status, "allocatable", pod::round_quantities);
    });
}

fn limit(limit: &mut Map) {
    if text(limit, "type") == "Container" {
        let copy = |limit: &mut Map, from: &str, to: &str| {
            let values = limit.get(from).and_then(Value::as_map).cloned().unwrap_or_default();
            within_new(limit, to, |target| {
                for (name, value) in &values {
                    unset(target, name, value.clone());
                }
            });
        };
        copy(limit, "max", "default");
        copy(limit, "default", "defaultRequest");
        copy(limit, "min", "defaultRequest");
        for list in ["default", "defaultRequest"] {
            if is_empty(limit.get(list)) {
                limit.remove(list);
            }
        }
    }
    for list in ["max", "min", "default", "defaultRequest", "maxLimitRequestRatio"] {
        within(limit, list, pod::round_quantities);
    }
}

fn resource_quota(object: &mut Map) {
    within(object, "spec", |spec| within(spec, "hard", pod::round_quantities));
    within(object, "status", |status| {
        within(status, "hard", pod::round_quantities);
        within(status, "used", pod::round_quantities);
    });
}
