//! Endpoints: the same addresses in another order are the same.

use crate::defaults::materialize;
use crate::typed::{Unknown, round_trip, typed_kind};
use ecow::EcoString;
use md5::{Digest, Md5};
use std::cmp::Ordering;
use std::fmt::Write;
use trueup_manifest::{Map, Value};

/// Writes the object as its Go struct, and sorts addresses, ports and subsets the way Kubernetes does.
///
/// An object that cannot be read as Endpoints stays as it is.
pub(super) fn normalize(object: &Value) -> Value {
    let Some(kind) = typed_kind(object) else { return object.clone() };
    let Some(typed) = round_trip(kind.ty(), object, Unknown::Drop) else { return object.clone() };
    let mut out = materialize(kind.ty(), &typed);
    // The typed form drops lists that are there and empty, but they count in the order.
    let stated = object.get("subsets").and_then(Value::as_seq).unwrap_or_default();
    if let Some(subsets) = out.get_mut("subsets").and_then(Value::as_seq_mut) {
        for subset in subsets.iter_mut().filter_map(Value::as_map_mut) {
            for list in ["addresses", "notReadyAddresses"] {
                if let Some(addresses) = subset.get_mut(list).and_then(Value::as_seq_mut) {
                    addresses.sort_by(in_order);
                }
            }
            if let Some(ports) = subset.get_mut("ports").and_then(Value::as_seq_mut) {
                ports.iter_mut().filter_map(Value::as_map_mut).for_each(with_protocol);
                ports.sort_by_cached_key(|port| hashed("v1.EndpointPort", &port_text(port)));
            }
        }
        let mut hashes: Vec<([u8; 16], Value)> = Vec::with_capacity(subsets.len());
        for (at, subset) in subsets.iter().enumerate() {
            let text = subset_text(subset, stated.get(at).unwrap_or(subset));
            hashes.push((hashed("v1.EndpointSubset", &text), subset.clone()));
        }
        hashes.sort_by_key(|(hash, _)| *hash);
        *subsets = hashes.into_iter().map(|(_, subset)| subset).collect();
    }
    out
}

fn with_protocol(port: &mut Map) {
    if port.get("protocol").is_none_or(|protocol| *protocol == "") {
        port.insert("protocol", "TCP");
    }
}

/// By address, then by the uid of what it belongs to; what belongs to nothing comes first.
fn in_order(a: &Value, b: &Value) -> Ordering {
    let identity = |address: &Value| -> (EcoString, Option<EcoString>) {
        let uid =
            address.get("targetRef").filter(|target| !target.is_null()).map(|target| text(target, "uid"));
        (text(address, "ip"), uid)
    };
    identity(a).cmp(&identity(b))
}

fn text(value: &Value, key: &str) -> EcoString {
    value.get(key).and_then(Value::as_eco_str).cloned().unwrap_or_default()
}

/// Kubernetes orders ports and subsets by the MD5 of how Go prints them.
fn hashed(ty: &str, fields: &str) -> [u8; 16] {
    Md5::digest(format!("({ty}){fields}")).into()
}

fn subset_text(subset: &Value, stated: &Value) -> String {
    let list = |key: &str, ty: &str, item: fn(&Value) -> String| {
        let items = subset.get(key).and_then(Value::as_seq);
        let items = items.map(|items| items.iter().map(item).collect::<Vec<_>>().join(" "));
        let none = if stated.get(key).is_some_and(Value::is_seq) { "[]" } else { "<nil>" };
        format!("([]{ty}){}", items.map_or_else(|| none.to_owned(), |items| format!("[{items}]")))
    };
    format!(
        "{{Addresses:{} NotReadyAddresses:{} Ports:{}}}",
        list("addresses", "v1.EndpointAddress", address_text),
        list("notReadyAddresses", "v1.EndpointAddress", address_text),
        list("ports", "v1.EndpointPort", port_text),
    )
}

fn address_text(address: &Value) -> String {
    let target = match address.get("targetRef").filter(|target| !target.is_null()) {
        None => "(*v1.ObjectReference)<nil>".to_owned(),
        Some(target) => format!("(*v1.ObjectReference){}", target_text(target)),
    };
    format!(
        "{{IP:(string){} Hostname:(string){} NodeName:{} TargetRef:{target}}}",
        text(address, "ip"),
        text(address, "hostname"),
        optional(address, "nodeName"),
    )
}

fn target_text(target: &Value) -> String {
    let fields = [
        ("Kind", "string", "kind"),
        ("Namespace", "string", "namespace"),
        ("Name", "string", "name"),
        ("UID", "types.UID", "uid"),
        ("APIVersion", "string", "apiVersion"),
        ("ResourceVersion", "string", "resourceVersion"),
        ("FieldPath", "string", "fieldPath"),
    ];
    let mut out = String::new();
    for (name, ty, key) in fields {
        let space = if out.is_empty() { "" } else { " " };
        let _ = write!(out, "{space}{name}:({ty}){}", text(target, key));
    }
    format!("{{{out}}}")
}

fn port_text(port: &Value) -> String {
    format!(
        "{{Name:(string){} Port:(int32){} Protocol:(v1.Protocol){} AppProtocol:{}}}",
        text(port, "name"),
        port.get("port").and_then(Value::as_i64).unwrap_or_default(),
        text(port, "protocol"),
        optional(port, "appProtocol"),
    )
}

fn optional(value: &Value, key: &str) -> String {
    match value.get(key).and_then(Value::as_str) {
        Some(text) => format!("(*string){text}"),
        None => "(*string)<nil>".to_owned(),
    }
}
