//! Bringing an object into the form in which it is compared.

mod endpoints;
mod secret;

pub use secret::normalize_secret;

use crate::object::{group_of, is_core, kind_of, remove_at};
use trueup_manifest::{Map, Value};

/// Returns the object in the form in which it is compared, before any rules.
///
/// The creation time goes, `stringData` moves into `data`, empty rules become null, endpoints are sorted.
pub fn normalize(object: &Value, ignore_aggregated_roles: bool) -> Value {
    let mut out = object.clone();
    remove_at(&mut out, &["metadata"], "creationTimestamp");
    if is_core(&out, "Secret") {
        return normalize_secret(&out);
    }
    if is_core(&out, "Endpoints") {
        return endpoints::normalize(&out);
    }
    if is_role(&out) {
        normalize_role(&mut out, ignore_aggregated_roles);
    }
    out
}

fn is_role(object: &Value) -> bool {
    group_of(object) == "rbac.authorization.k8s.io" && matches!(kind_of(object), "Role" | "ClusterRole")
}

/// Tells whether a role gets its rules from others.
pub(crate) fn is_aggregated(object: &Value) -> bool {
    is_role(object) && object.get("aggregationRule").is_some_and(Value::is_map)
}

fn normalize_role(role: &mut Value, ignore_aggregated_roles: bool) {
    let aggregated = ignore_aggregated_roles && is_aggregated(role);
    let empty = role.get("rules").and_then(Value::as_seq).is_some_and(<[Value]>::is_empty);
    if (aggregated || empty)
        && let Some(role) = role.as_map_mut()
    {
        role.insert("rules", Value::NULL);
    }
}

/// Returns the object without what a manifest need not state: its namespace, and annotations when there are none.
///
/// # Errors
/// When the metadata is no map.
pub fn strip_namespace(object: &Value) -> Result<Value, &'static str> {
    let Some(metadata) = object.get("metadata") else { return Ok(object.clone()) };
    let Some(metadata) = metadata.as_map() else { return Err(metadata.type_name()) };
    let empty = |value: &Value| value.is_null() || value.as_map().is_some_and(Map::is_empty);
    let no_annotations = metadata.get("annotations").is_some_and(empty);
    let mut out = object.clone();
    remove_at(&mut out, &["metadata"], "namespace");
    if no_annotations {
        remove_at(&mut out, &["metadata"], "annotations");
    }
    Ok(out)
}
