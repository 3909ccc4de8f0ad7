//! What a kustomization means to kustomize: the measure by which edits are compared.
#![expect(unreachable_pub, reason = "another program reads this, too")]

use std::collections::BTreeMap;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Map, Value};

/// Returns what a kustomization means to kustomize, which neither looks at the order of images nor at empty fields.
pub fn meaning(text: &str) -> Option<Value> {
    let value = yaml::parse(text.as_bytes(), &ParseOptions::kubernetes()).ok()?;
    let mut map = Map::new();
    for (key, value) in value.as_map()?.iter() {
        let value = match value.as_seq() {
            Some(items) if matches!(key.as_str(), "images" | "replicas") => by_name(items),
            _ => without_nothing(value),
        };
        if !is_nothing(&value) {
            map.insert(key.clone(), value);
        }
    }
    Some(map.into())
}

fn by_name(items: &[Value]) -> Value {
    let mut named: BTreeMap<String, Value> = BTreeMap::new();
    for item in items.iter().filter(|item| !item.is_null()) {
        let name = item.get("name").and_then(Value::as_str).unwrap_or_default();
        named.entry(name.to_owned()).or_insert_with(|| without_nothing(item));
    }
    named.into_values().collect::<Vec<Value>>().into()
}

/// Drops null and empty texts from a map, as Go does with fields that are left out when empty. Annotations may be empty.
fn without_nothing(value: &Value) -> Value {
    let Some(map) = value.as_map() else { return value.clone() };
    let kept = map.iter().map(|(key, value)| {
        let value = if value.is_null() { Value::from("") } else { value.clone() };
        (key.clone(), value)
    });
    let is_label_like = map.keys().all(|key| !matches!(key.as_str(), "name" | "newTag" | "newName"));
    kept.filter(|(_, value)| is_label_like || !is_nothing(value)).collect::<Map>().into()
}

fn is_nothing(value: &Value) -> bool {
    value.is_null()
        || value.as_str() == Some("")
        || value.as_seq().is_some_and(<[Value]>::is_empty)
        || value.as_map().is_some_and(Map::is_empty)
}
