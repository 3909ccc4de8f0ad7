//! The three kinds of changes, and what a kustomization means after each.

use super::document::Field;
use trueup_manifest::{EcoString, Map, Value};

/// A change of one field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Change {
    /// A field that is a text: what it becomes; nothing takes it away.
    Text(Field, EcoString),
    /// A field that is a map: one entry of it.
    Entry(Field, EcoString, EcoString),
    /// A field that is a list of maps with names: one item of it, and what becomes of the fields that are told.
    Item(Field, EcoString, Vec<(&'static str, Option<Value>)>),
}

impl Change {
    pub(crate) fn field(&self) -> Field {
        match self {
            Self::Text(field, _) | Self::Entry(field, ..) | Self::Item(field, ..) => *field,
        }
    }

    /// Returns what a kustomization means afterwards.
    pub(super) fn meant(&self, before: &Map) -> Map {
        let mut after = before.clone();
        let name = self.field().name();
        let current = before.get(name);
        match self {
            Self::Text(_, text) if text.is_empty() => {
                if current.is_some_and(says_something) {
                    after.remove(name);
                }
            }
            Self::Text(_, text) => {
                after.insert(name, Value::from(text.as_str()));
            }
            Self::Entry(_, key, text) => {
                let mut entries = current.and_then(Value::as_map).cloned().unwrap_or_default();
                entries.insert(key.clone(), Value::from(text.as_str()));
                after.insert(name, entries);
            }
            Self::Item(_, item, fields) => {
                let items = current.and_then(Value::as_seq).unwrap_or_default();
                after.insert(name, Value::from(with_item(items, item, fields)));
            }
        }
        after
    }
}

fn with_item(items: &[Value], name: &EcoString, fields: &[(&'static str, Option<Value>)]) -> Vec<Value> {
    let mut after = Vec::with_capacity(items.len() + 1);
    let mut found = false;
    for item in items {
        if !is_named(item, name) {
            after.push(item.clone());
        } else if !found {
            found = true;
            let mut entry = item.as_map().cloned().unwrap_or_default();
            for (field, value) in fields {
                match value {
                    Some(value) => {
                        entry.insert(*field, value.clone());
                    }
                    None if entry.get(field).is_some_and(says_something) => {
                        entry.remove(field);
                    }
                    None => {}
                }
            }
            after.push(entry.into());
        }
    }
    if !found {
        let mut entry = Map::from_iter([("name", Value::from(name.as_str()))]);
        for (field, value) in fields.iter().filter_map(|(field, value)| Some((field, value.clone()?))) {
            entry.insert(*field, value);
        }
        after.push(entry.into());
    }
    after
}

/// Returns true for an item of this name; an item without one has the empty name.
pub(super) fn is_named(item: &Value, name: &str) -> bool {
    item.is_map() && item.get("name").and_then(Value::as_str).unwrap_or_default() == name
}

/// Returns false for null and the empty text, which to kustomize are the same as nothing.
pub(super) fn says_something(value: &Value) -> bool {
    !value.is_null() && value.as_str() != Some("")
}
