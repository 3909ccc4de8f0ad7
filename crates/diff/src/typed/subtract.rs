//! Dropping what a reference does not mention.

use trueup_manifest::{Map, Value};

/// Returns the value with only the keys that the reference has. Lists go by position; what is longer keeps its tail.
pub fn subtract_extra(reference: &Map, value: &Map) -> Map {
    let mut out = Map::with_capacity(value.len());
    for (key, member) in value {
        if let Some(reference) = reference.get(key) {
            out.insert(key.clone(), subtract(reference, member));
        }
    }
    out
}

/// Returns the items, each with only the keys that the item of the reference at its position has.
pub fn subtract_extra_items(reference: &[Value], items: &[Value]) -> Vec<Value> {
    let positions = items.iter().enumerate();
    positions
        .map(|(at, item)| reference.get(at).map_or_else(|| item.clone(), |own| subtract(own, item)))
        .collect()
}

fn subtract(reference: &Value, value: &Value) -> Value {
    if reference.same(value) {
        return value.clone();
    }
    if let (Some(reference), Some(map)) = (reference.as_map(), value.as_map()) {
        return subtract_extra(reference, map).into();
    }
    match (reference.as_seq(), value.as_seq()) {
        (Some(reference), Some(items)) => subtract_extra_items(reference, items).into(),
        _ => value.clone(),
    }
}
