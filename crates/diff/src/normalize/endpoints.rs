//! Endpoints: the same addresses in another arrangement are the same.

use crate::typed::{Unknown, round_trip, typed_kind};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::{Map, Value};

/// Regroups addresses by the set of ports they share, and sorts everything.
///
/// An object that cannot be read as Endpoints stays as it is.
pub(super) fn normalize(object: &Value) -> Value {
    let typed = typed_kind(object).and_then(|kind| round_trip(kind.ty(), object, Unknown::Drop));
    let Some(mut out) = typed else { return object.clone() };
    let Some(subsets) = out.get("subsets").and_then(Value::as_seq) else { return out };
    let subsets = repacked(subsets);
    if let Some(out) = out.as_map_mut() {
        out.insert("subsets", subsets);
    }
    out
}

#[derive(Default)]
struct Group {
    ports: Vec<Value>,
    ready: BTreeMap<(EcoString, EcoString), Value>,
    not_ready: BTreeMap<(EcoString, EcoString), Value>,
}

fn repacked(subsets: &[Value]) -> Value {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for subset in subsets {
        let mut ports: Vec<Value> = items(subset, "ports").iter().map(with_protocol).collect();
        ports.sort_by_cached_key(text);
        let key = ports.iter().map(text).collect();
        let group = groups.entry(key).or_default();
        group.ports = ports;
        for address in items(subset, "addresses") {
            // Ready somewhere is ready.
            group.not_ready.remove(&identity(address));
            group.ready.insert(identity(address), address.clone());
        }
        for address in items(subset, "notReadyAddresses") {
            if !group.ready.contains_key(&identity(address)) {
                group.not_ready.insert(identity(address), address.clone());
            }
        }
    }
    groups.into_values().map(subset).collect()
}

fn subset(group: Group) -> Value {
    let mut out = Map::new();
    let parts = [("addresses", group.ready), ("notReadyAddresses", group.not_ready)];
    for (key, addresses) in parts.into_iter().filter(|(_, addresses)| !addresses.is_empty()) {
        out.insert(key, addresses.into_values().collect::<Value>());
    }
    if !group.ports.is_empty() {
        out.insert("ports", group.ports);
    }
    out.into()
}

fn items<'v>(subset: &'v Value, key: &str) -> &'v [Value] {
    subset.get(key).and_then(Value::as_seq).unwrap_or_default()
}

fn with_protocol(port: &Value) -> Value {
    let mut port = port.clone();
    let unset = port.get("protocol").is_none_or(|protocol| *protocol == "");
    if let Some(port) = port.as_map_mut().filter(|_| unset) {
        port.insert("protocol", "TCP");
    }
    port
}

fn identity(address: &Value) -> (EcoString, EcoString) {
    let text = |value: Option<&Value>| value.and_then(Value::as_eco_str).cloned().unwrap_or_default();
    (text(address.get("ip")), text(address.at(&["targetRef", "uid"])))
}

fn text(value: &Value) -> String {
    trueup_manifest::json::to_string(value).unwrap_or_default()
}
