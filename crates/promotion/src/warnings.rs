//! What going back cannot undo.

use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Diagnostic, EcoString, Object, ResourceKey, Value};

/// Returns what to know before going from what is built now to what was built before.
///
/// Definitions and namespaces that would go, with all that is in them; fields that no update can take back; volumes that would
/// shrink; hooks that have done their work; and images that are not among the known ones, so that their registry may have
/// removed them. Without known images nothing is said about that.
pub fn rollback_warnings(
    now: &[Value],
    target: &[Value],
    known_images: Option<&BTreeSet<EcoString>>,
) -> Vec<Diagnostic> {
    let wanted: BTreeMap<ResourceKey, &Value> =
        target.iter().map(|value| (Object::new(value).key(), value)).collect();
    let mut warnings = Vec::new();
    for current in now {
        let object = Object::new(current);
        let key = object.key();
        match wanted.get(&key) {
            None => warnings.extend(removal(object, &key)),
            Some(then) => {
                let changed = |path: &[&str]| current.at(path) != then.at(path);
                let fixed = fixed_fields(object).iter().filter(|path| changed(path));
                warnings.extend(fixed.map(|path| {
                    let message = format!(
                        "`{}` of {key} cannot be changed: the object has to be replaced",
                        path.join(".")
                    );
                    Diagnostic::warning("promotion/immutable-field", message)
                }));
                if shrinks(object, current, then) {
                    let message = format!("{key} would shrink, which no volume does");
                    warnings.push(Diagnostic::warning("promotion/shrinking-volume", message));
                }
            }
        }
        if is_hook_job(object) && wanted.get(&key) != Some(&current) {
            let message =
                format!("{key} is a hook: what it did, such as a migration of a database, is not undone");
            warnings.push(Diagnostic::warning("promotion/hook-not-undone", message));
        }
    }
    warnings.extend(unknown_images(target, known_images));
    warnings
}

fn removal(object: Object<'_>, key: &ResourceKey) -> Option<Diagnostic> {
    match (object.group(), object.kind()) {
        ("apiextensions.k8s.io", "CustomResourceDefinition") => Some(Diagnostic::warning(
            "promotion/removes-definition",
            format!("{key} would go, and with it every object of its kind"),
        )),
        ("", "Namespace") => Some(Diagnostic::warning(
            "promotion/removes-namespace",
            format!("{key} would go, and with it everything that is in it"),
        )),
        _ => None,
    }
}

/// Returns the fields of a kind that the API server refuses to change.
fn fixed_fields(object: Object<'_>) -> &'static [&'static [&'static str]] {
    match (object.group(), object.kind()) {
        ("apps", "Deployment" | "DaemonSet" | "ReplicaSet") => &[&["spec", "selector"]],
        ("apps", "StatefulSet") => &[
            &["spec", "selector"],
            &["spec", "serviceName"],
            &["spec", "podManagementPolicy"],
            &["spec", "volumeClaimTemplates"],
        ],
        ("batch", "Job") => &[&["spec", "selector"], &["spec", "template"], &["spec", "completionMode"]],
        ("", "PersistentVolumeClaim") => {
            &[&["spec", "storageClassName"], &["spec", "accessModes"], &["spec", "volumeName"]]
        }
        ("storage.k8s.io", "StorageClass") => {
            &[&["provisioner"], &["parameters"], &["reclaimPolicy"], &["volumeBindingMode"]]
        }
        ("rbac.authorization.k8s.io", "RoleBinding" | "ClusterRoleBinding") => &[&["roleRef"]],
        ("", "Secret") => &[&["type"]],
        _ => &[],
    }
}

fn shrinks(object: Object<'_>, now: &Value, then: &Value) -> bool {
    let size = |value: &Value| {
        let request = value.at(&["spec", "resources", "requests", "storage"])?;
        quantity(&request.scalar_text()?)
    };
    object.kind() == "PersistentVolumeClaim"
        && size(now).zip(size(then)).is_some_and(|(now, then)| then < now)
}

/// Reads a quantity, well enough to tell which of two is larger.
fn quantity(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 13] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
        ("E", 1e18),
    ];
    let unit = UNITS.iter().find_map(|(unit, size)| Some((text.strip_suffix(unit)?, *size)));
    let (number, size) = unit.unwrap_or((text, 1.0));
    number.parse::<f64>().ok().filter(|number| number.is_finite()).map(|number| number * size)
}

fn is_hook_job(object: Object<'_>) -> bool {
    let is_hook = |key| object.annotation(key).is_some();
    object.kind() == "Job" && (is_hook("argocd.argoproj.io/hook") || is_hook("helm.sh/hook"))
}

fn unknown_images(target: &[Value], known: Option<&BTreeSet<EcoString>>) -> Vec<Diagnostic> {
    let Some(known) = known else { return Vec::new() };
    let used: BTreeSet<EcoString> = target.iter().flat_map(container_images).collect();
    let unknown = used.into_iter().filter(|image| !known.contains(image));
    unknown
        .map(|image| {
            let message =
                format!("image `{image}` is in no tree that is known: its registry may not keep it any more");
            Diagnostic::warning("promotion/unknown-image", message)
        })
        .collect()
}

/// Returns the images of the containers of an object, wherever its pods are written.
fn container_images(object: &Value) -> Vec<EcoString> {
    let mut images = Vec::new();
    let mut open = vec![object];
    while let Some(value) = open.pop() {
        open.extend(value.as_seq().unwrap_or_default());
        for (key, below) in value.as_map().into_iter().flat_map(|map| map.iter()) {
            if matches!(key.as_str(), "containers" | "initContainers" | "ephemeralContainers") {
                let of = |container: &Value| container.get("image").and_then(Value::as_eco_str).cloned();
                images.extend(below.as_seq().unwrap_or_default().iter().filter_map(of));
            }
            open.push(below);
        }
    }
    images
}
