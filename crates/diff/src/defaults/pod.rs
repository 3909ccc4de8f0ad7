//! Pods and everything inside them.

use super::{each, empty, is_empty, is_set, text, unset, within, within_new};
use trueup_manifest::{Map, Value};

/// The source fields of a volume; without any of them it is an empty directory.
const SOURCES: [&str; 31] = [
    "hostPath",
    "emptyDir",
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "secret",
    "nfs",
    "iscsi",
    "glusterfs",
    "persistentVolumeClaim",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "downwardAPI",
    "fc",
    "azureFile",
    "configMap",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "projected",
    "portworxVolume",
    "scaleIO",
    "storageos",
    "csi",
    "ephemeral",
    "image",
    "podCertificate",
];

/// Fills a pod spec as it stands in a template.
pub(super) fn spec(spec: &mut Map) {
    empty(spec, "dnsPolicy", "ClusterFirst");
    empty(spec, "restartPolicy", "Always");
    unset(spec, "securityContext", Map::new());
    unset(spec, "terminationGracePeriodSeconds", 30);
    empty(spec, "schedulerName", "default-scheduler");
    each(spec, "volumes", volume);
    for list in ["initContainers", "containers", "ephemeralContainers"] {
        each(spec, list, container);
    }
    within(spec, "resources", resources);
    within(spec, "overhead", round_quantities);
}

/// Rounds the resources that a status tells of.
pub(super) fn status(object: &mut Map) {
    within(object, "status", |status| {
        within(status, "resources", resources);
        within(status, "allocatedResources", round_quantities);
        for list in ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"] {
            each(status, list, |container| {
                within(container, "resources", resources);
                within(container, "allocatedResources", round_quantities);
            });
        }
    });
}

/// Fills a pod, which gets more than a template does.
pub(super) fn pod(object: &mut Map) {
    status(object);
    within(object, "spec", |spec| {
        unset(spec, "enableServiceLinks", true);
        for list in ["initContainers", "containers"] {
            each(spec, list, requests_from_limits);
        }
        within(spec, "resources", pod_requests);
        self::spec(spec);
        if spec.get("hostNetwork").and_then(Value::as_bool) == Some(true) {
            for list in ["initContainers", "containers"] {
                each(spec, list, |container| each(container, "ports", host_port));
            }
        }
    });
}

fn requests_from_limits(container: &mut Map) {
    within(container, "resources", limits_into_requests);
}

fn limits_into_requests(resources: &mut Map) {
    let limits = resources.get("limits").and_then(Value::as_map).cloned();
    let Some(limits) = limits.filter(|limits| !limits.is_empty()) else { return };
    within_new(resources, "requests", |requests| {
        for (name, limit) in &limits {
            unset(requests, name, limit.clone());
        }
    });
}

/// What a pod as a whole may use is about processors, memory and huge pages only.
fn pod_requests(resources: &mut Map) {
    let limits = resources.get("limits").and_then(Value::as_map).cloned().unwrap_or_default();
    for (name, limit) in &limits {
        if matches!(name.as_str(), "cpu" | "memory") || name.starts_with("hugepages-") {
            within_new(resources, "requests", |requests| unset(requests, name, limit.clone()));
        }
    }
}

fn host_port(port: &mut Map) {
    // Go leaves a zero out.
    if let Some(container_port) = port.get("containerPort").filter(|port| **port != Value::from(0)).cloned() {
        empty(port, "hostPort", container_port);
    }
}

fn container(container: &mut Map) {
    if text(container, "imagePullPolicy").is_empty() {
        let policy = if pulls_always(text(container, "image")) { "Always" } else { "IfNotPresent" };
        container.insert("imagePullPolicy", policy);
    }
    empty(container, "terminationMessagePath", "/dev/termination-log");
    empty(container, "terminationMessagePolicy", "File");
    each(container, "ports", |port| empty(port, "protocol", "TCP"));
    each(container, "env", |variable| {
        within(variable, "valueFrom", |source| {
            within(source, "fieldRef", field_ref);
            within(source, "fileKeyRef", |file| unset(file, "optional", false));
        });
    });
    within(container, "resources", resources);
    for probe_name in ["livenessProbe", "readinessProbe", "startupProbe"] {
        within(container, probe_name, probe);
    }
    within(container, "lifecycle", |lifecycle| {
        for hook in ["postStart", "preStop"] {
            within(lifecycle, hook, |handler| within(handler, "httpGet", http_get));
        }
    });
}

/// Tells whether the image is `latest`: by its tag, or by having neither tag nor digest.
///
/// What is no image reference counts as something that has both.
fn pulls_always(image: &str) -> bool {
    let path = image.rsplit('/').next().unwrap_or(image);
    let (name, digest) = path.split_once('@').map_or((path, None), |(name, digest)| (name, Some(digest)));
    let (name, tag) = name.split_once(':').map_or((name, None), |(name, tag)| (name, Some(tag)));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    let is_reference = !name.is_empty() && name.chars().all(plain);
    is_reference && (tag == Some("latest") || (tag.is_none() && digest.is_none()))
}

fn resources(resources: &mut Map) {
    within(resources, "limits", round_quantities);
    within(resources, "requests", round_quantities);
}

/// Rounds every quantity up to whole milli-units.
pub(super) fn round_quantities(list: &mut Map) {
    for (_, quantity) in list.iter_mut() {
        let finer = quantity.as_str().filter(|text| text.ends_with(['n', 'u']));
        if let Some(rounded) = finer.and_then(rounded_to_milli) {
            *quantity = rounded;
        }
    }
}

fn rounded_to_milli(text: &str) -> Option<Value> {
    let (number, per_milli) = match text.strip_suffix('n') {
        Some(number) => (number, 1_000_000),
        None => (text.strip_suffix('u')?, 1000),
    };
    let number: i64 = number.parse().ok()?;
    let milli = number.div_euclid(per_milli) + i64::from(number.rem_euclid(per_milli) > 0);
    crate::typed::canonical_quantity(&format!("{milli}m")).map(Value::from)
}

fn probe(probe: &mut Map) {
    empty(probe, "timeoutSeconds", 1);
    empty(probe, "periodSeconds", 10);
    empty(probe, "successThreshold", 1);
    empty(probe, "failureThreshold", 3);
    within(probe, "httpGet", http_get);
    within(probe, "grpc", |grpc| unset(grpc, "service", ""));
}

fn http_get(action: &mut Map) {
    empty(action, "path", "/");
    empty(action, "scheme", "HTTP");
}

fn field_ref(selector: &mut Map) {
    empty(selector, "apiVersion", "v1");
}

fn downward_items(source: &mut Map) {
    each(source, "items", |item| within(item, "fieldRef", field_ref));
}

fn volume(volume: &mut Map) {
    if !SOURCES.iter().any(|source| is_set(volume, source)) {
        volume.insert("emptyDir", Map::new());
    }
    for source in ["secret", "configMap", "downwardAPI", "projected"] {
        within(volume, source, |source| unset(source, "defaultMode", 420));
    }
    within(volume, "downwardAPI", downward_items);
    within(volume, "projected", |projected| {
        each(projected, "sources", |source| {
            within(source, "downwardAPI", downward_items);
            within(source, "serviceAccountToken", |token| unset(token, "expirationSeconds", 3600));
        });
    });
    within(volume, "hostPath", |path| unset(path, "type", ""));
    within(volume, "iscsi", |iscsi| empty(iscsi, "iscsiInterface", "default"));
    within(volume, "rbd", rbd);
    within(volume, "azureDisk", azure_disk);
    within(volume, "scaleIO", scale_io);
    within(volume, "image", |image| {
        if is_empty(image.get("pullPolicy")) {
            let policy = if pulls_always(text(image, "reference")) { "Always" } else { "IfNotPresent" };
            image.insert("pullPolicy", policy);
        }
    });
    within(volume, "ephemeral", |ephemeral| {
        within(ephemeral, "volumeClaimTemplate", |template| within(template, "spec", claim_spec));
    });
}

/// Fills the spec of a persistent volume claim.
pub(super) fn claim_spec(spec: &mut Map) {
    unset(spec, "volumeMode", "Filesystem");
    within(spec, "resources", resources);
}

pub(super) fn rbd(source: &mut Map) {
    empty(source, "pool", "rbd");
    empty(source, "user", "admin");
    empty(source, "keyring", "/etc/ceph/keyring");
}

pub(super) fn azure_disk(source: &mut Map) {
    unset(source, "cachingMode", "ReadWrite");
    unset(source, "kind", "Shared");
    unset(source, "fsType", "ext4");
    unset(source, "readOnly", false);
}

pub(super) fn scale_io(source: &mut Map) {
    empty(source, "storageMode", "ThinProvisioned");
    empty(source, "fsType", "xfs");
}
