//! Defaults that clients know: what the API server would fill in, on both sides of a comparison.

mod core;
mod older;
mod other;
mod pod;
mod workloads;

use crate::typed::{Unknown, is_written_when_zero, round_trip, zero};
use trueup_manifest::{Map, Value};
use trueup_patch::strategic::{self, StrategicError};
use trueup_schema::{Kind, Shape, TypeRef};

/// Groups whose kinds have defaulting functions.
const GROUPS: [&str; 19] = [
    "",
    "admissionregistration.k8s.io",
    "apps",
    "authentication.k8s.io",
    "authorization.k8s.io",
    "autoscaling",
    "batch",
    "certificates.k8s.io",
    "coordination.k8s.io",
    "discovery.k8s.io",
    "events.k8s.io",
    "extensions",
    "flowcontrol.apiserver.k8s.io",
    "networking.k8s.io",
    "node.k8s.io",
    "policy",
    "rbac.authorization.k8s.io",
    "scheduling.k8s.io",
    "storage.k8s.io",
];

/// Returns the object with the defaults of a kind; nothing when a typed client cannot read it.
///
/// The kind need not be the object's own: the cluster may serve another version than the one that is configured.
/// Unknown fields stay: the defaults are computed on the typed form and brought over as a patch.
///
/// # Errors
/// When the patch cannot be applied, as with lists that lack their merge keys.
pub(crate) fn apply(object: &Value, kind: Kind<'_>) -> Result<Option<Value>, StrategicError> {
    let ty = kind.ty();
    let Some(typed) = round_trip(ty, object, Unknown::Drop) else { return Ok(None) };
    let typed = materialize(ty, &typed);
    let mut defaulted = typed.clone();
    if let Some(map) = defaulted.as_map_mut() {
        fill(kind.api_version(), kind.name(), map);
    }
    keep_no_policies(object, &mut defaulted);
    older::select_no_labels(kind.api_version(), object, &mut defaulted);
    // Even without defaults the patch may order lists.
    let patch = strategic::create_two_way(&typed, &defaulted, ty, &[])?;
    if patch.as_map().is_some_and(Map::is_empty) {
        return Ok(Some(object.clone()));
    }
    strategic::apply(object, &patch, ty).map(Some)
}

/// An autoscaler that says it has no policies has none; the typed form cannot tell that from saying nothing.
fn keep_no_policies(object: &Value, defaulted: &mut Value) {
    for side in ["scaleUp", "scaleDown"] {
        let path = ["spec", "behavior", side];
        let policies = object.at(&path).and_then(|rules| rules.get("policies")).and_then(Value::as_seq);
        if policies.is_some_and(<[Value]>::is_empty)
            && let Some(rules) = defaulted.at_mut(&path).and_then(Value::as_map_mut)
        {
            rules.remove("policies");
        }
    }
}

fn fill(api_version: &str, kind: &str, object: &mut Map) {
    let (group, version) = api_version.rsplit_once('/').unwrap_or(("", api_version));
    if !GROUPS.contains(&group) || older::fill(group, version, kind, object) {
        return;
    }
    match (group, kind) {
        ("", _) => core::fill(kind, object),
        ("apps" | "extensions", _) => workloads::apps(kind, object),
        ("batch", _) => workloads::batch(kind, object),
        _ => other::fill(group, version, kind, object),
    }
}

/// Adds the fields that Go writes even when they are zero.
pub(crate) fn materialize(ty: TypeRef<'_>, value: &Value) -> Value {
    match (ty.shape(), value.as_map(), value.as_seq()) {
        (Shape::Struct, Some(map), _) => {
            let mut out = map.clone();
            for field in ty.fields() {
                match map.get(field.name()) {
                    Some(member) if member.is_scalar() => {}
                    Some(member) => {
                        out.insert(field.name(), materialize(field.ty(), member));
                    }
                    None if is_written_when_zero(&field) => {
                        out.insert(
                            field.name(),
                            if field.is_pointer() { Value::NULL } else { zero(field.ty()) },
                        );
                    }
                    None => {}
                }
            }
            out.into()
        }
        (Shape::Map, Some(map), _) => match ty.item() {
            Some(item) if item.shape() == Shape::Struct => map
                .iter()
                .map(|(key, member)| (key.clone(), materialize(item, member)))
                .collect::<Map>()
                .into(),
            _ => value.clone(),
        },
        (Shape::List, _, Some(items)) => match ty.item() {
            Some(item) if item.shape() == Shape::Struct => {
                items.iter().map(|member| materialize(item, member)).collect()
            }
            _ => value.clone(),
        },
        _ => value.clone(),
    }
}

/// Sets a field that is absent or null.
fn unset(map: &mut Map, key: &str, value: impl Into<Value>) {
    if map.get(key).is_none_or(Value::is_null) {
        map.insert(key, value);
    }
}

/// Sets a field that is absent, null, an empty text, list or map, or zero.
fn empty(map: &mut Map, key: &str, value: impl Into<Value>) {
    if is_empty(map.get(key)) {
        map.insert(key, value);
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    let Some(value) = value else { return true };
    value.is_null()
        || *value == ""
        || *value == Value::from(0)
        || value.as_seq().is_some_and(<[Value]>::is_empty)
        || value.as_map().is_some_and(Map::is_empty)
}

/// Changes a map inside a map, if it is there.
fn within(map: &mut Map, key: &str, change: impl FnOnce(&mut Map)) {
    if let Some(inner) = map.get_mut(key).and_then(Value::as_map_mut) {
        change(inner);
    }
}

/// Changes the map inside a map, adding it if it is absent or null.
fn within_new(map: &mut Map, key: &str, change: impl FnOnce(&mut Map)) {
    unset(map, key, Map::new());
    within(map, key, change);
}

/// Changes every map of a list.
fn each(map: &mut Map, key: &str, change: impl FnMut(&mut Map)) {
    let items = map.get_mut(key).and_then(Value::as_seq_mut).into_iter().flatten();
    items.filter_map(Value::as_map_mut).for_each(change);
}

fn text<'m>(map: &'m Map, key: &str) -> &'m str {
    map.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn is_set(map: &Map, key: &str) -> bool {
    map.get(key).is_some_and(|value| !value.is_null())
}

/// Copies the labels of a pod template where the object has none.
fn labels_from_template(object: &mut Map) {
    let labels = object.get("spec").and_then(|spec| spec.at(&["template", "metadata", "labels"])).cloned();
    if let Some(labels) = labels.filter(|labels| !is_empty(Some(labels))) {
        within_new(object, "metadata", |metadata| empty(metadata, "labels", labels));
    }
}
