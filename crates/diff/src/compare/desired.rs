//! What an Application wants: namespaces filled in, marks set, repetitions told.

use crate::error::DiffError;
use crate::object::{ObjectKey, annotation, remove_at};
use crate::tracking::Tracking;
use std::collections::BTreeMap;
use trueup_manifest::{Diagnostic, Map, Value};
use trueup_schema::{Schema, kubernetes};

/// What an Application wants.
#[derive(Clone, Debug, Default)]
pub struct DesiredSet {
    /// The objects, in order of first appearance.
    pub objects: Vec<Value>,
    /// What is odd about them.
    pub diagnostics: Vec<Diagnostic>,
}

/// Prepares rendered manifests for a comparison with what is live.
///
/// Objects of cluster-wide kinds lose their namespace, others get the destination's where they name none (an unknown
/// kind counts as namespaced). Lists are taken apart. Each object is marked as the Application's own. Hooks that only
/// run before or after a deletion leave the set.
pub fn desired_set(
    manifests: &[Value],
    app: &str,
    namespace: &str,
    tracking: &Tracking,
    host: Option<&Schema>,
) -> DesiredSet {
    let mut out = DesiredSet::default();
    let mut places: BTreeMap<ObjectKey, (usize, usize)> = BTreeMap::new();
    let mut queue: Vec<&Value> = manifests.iter().rev().collect();
    while let Some(manifest) = queue.pop() {
        if super::is_list(manifest) {
            queue.extend(manifest.get("items").and_then(Value::as_seq).unwrap_or_default().iter().rev());
            continue;
        }
        if runs_at_deletion_only(manifest) {
            continue;
        }
        let placed = with_namespace(manifest, namespace, host);
        let marked = match tracking.set(&placed, app, namespace) {
            Ok(marked) => marked,
            Err(error) => {
                out.diagnostics.push(Diagnostic::error("diff/tracking", error.to_string()));
                placed
            }
        };
        let key = ObjectKey::of(&marked);
        // A name that is made up later repeats nothing.
        match places.get_mut(&key).filter(|_| !key.name.is_empty()) {
            Some((at, times)) => {
                *times += 1;
                if let Some(place) = out.objects.get_mut(*at) {
                    *place = marked;
                }
            }
            None => {
                places.insert(key, (out.objects.len(), 1));
                out.objects.push(marked);
            }
        }
    }
    for (key, (_, times)) in places.iter().filter(|(_, (_, times))| *times > 1) {
        let message = format!("Resource {key} appeared {times} times among application resources.");
        out.diagnostics.push(Diagnostic::warning("diff/repeated-resource", message));
    }
    for object in out.objects.iter().filter(|object| !object.is_map()) {
        out.diagnostics.push(DiffError::NotAnObject(object.type_name()).diagnostic());
    }
    out
}

fn runs_at_deletion_only(object: &Value) -> bool {
    let hooks = annotation(object, "argocd.argoproj.io/hook");
    hooks.is_some_and(|hooks| hooks.split(',').all(|hook| matches!(hook.trim(), "PreDelete" | "PostDelete")))
}

/// The cluster-wide kinds of Kubernetes that its own schema does not have.
fn extends_the_api(object: &Value) -> bool {
    let key = ObjectKey::of(object);
    matches!(
        (key.group.as_str(), key.kind.as_str()),
        ("apiextensions.k8s.io", "CustomResourceDefinition") | ("apiregistration.k8s.io", "APIService")
    )
}

fn with_namespace(object: &Value, namespace: &str, host: Option<&Schema>) -> Value {
    let scope = |schema: &Schema| schema.kind_of(object).and_then(|kind| kind.is_namespaced());
    let known = scope(kubernetes::schema()).or_else(|| scope(host?));
    let namespaced = known.unwrap_or_else(|| !extends_the_api(object));
    let own = object.at(&["metadata", "namespace"]).and_then(Value::as_str).unwrap_or_default();
    let mut out = object.clone();
    match (namespaced, own) {
        (false, "") | (true, _) if !namespaced || !own.is_empty() => {}
        (false, _) => {
            remove_at(&mut out, &["metadata"], "namespace");
        }
        _ => {
            let metadata =
                out.as_map_mut().map(|map| map.get_or_insert_with("metadata", || Map::new().into()));
            if let Some(metadata) = metadata.and_then(Value::as_map_mut) {
                metadata.insert("namespace", namespace);
            }
        }
    }
    out
}
