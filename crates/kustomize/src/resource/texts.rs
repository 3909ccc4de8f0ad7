//! Texts of a document: its fields, labels and annotations.

use crate::kustomization::StringMap;
use crate::{node, steps};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::{KeyKind, Map, ScalarStyle, Value};

/// An annotation of a document.
pub(crate) fn annotation(document: &Value, key: &str) -> Option<EcoString> {
    document.at(&["metadata", "annotations", key]).map(node::text)
}

/// Sets one annotation of a document and leaves the others as they are.
pub(crate) fn set_annotation(document: &mut Value, key: &str, text: &str) {
    let Some(root) = document.as_map_mut() else { return };
    let meta = root.get_or_insert_with("metadata", || Map::new().into());
    let Some(meta) = meta.as_map_mut() else { return };
    if meta.get("annotations").is_some_and(node::is_empty) {
        meta.remove("annotations");
    }
    let annotations = meta.get_or_insert_with("annotations", || Map::new().into());
    if let Some(map) = annotations.as_map_mut() {
        node::set_field(map, key, &Value::string_with_style(text, ScalarStyle::SingleQuoted));
    }
}

/// Removes one annotation of a document, and the map of annotations when it was the last.
pub(crate) fn remove_annotation(document: &mut Value, key: &str) {
    if annotation(document, key).is_none() {
        return;
    }
    let Some(meta) = document.get_mut("metadata").and_then(Value::as_map_mut) else { return };
    let Some(map) = meta.get_mut("annotations").and_then(Value::as_map_mut) else { return };
    map.remove(key);
    if map.is_empty() {
        meta.remove("annotations");
    }
}

/// The text of a top-level field, empty if there is none.
pub(crate) fn text_field(document: &Value, field: &str) -> EcoString {
    document.get(field).map(node::text).unwrap_or_default()
}

pub(crate) fn meta_text(document: &Value, field: &str) -> EcoString {
    steps::count();
    let value = document.get("metadata").and_then(|meta| meta.get(field));
    value.filter(|value| !node::is_empty(value)).map(node::text).unwrap_or_default()
}

/// The texts of `metadata.labels` or `metadata.annotations`; of a key that occurs twice, the last.
pub(super) fn string_map(document: &Value, field: &str) -> StringMap {
    let field = document.at(&["metadata", field]);
    let Some(map) = field.and_then(Value::as_map) else {
        // Of a list, upstream takes the items for keys and values in turn.
        let pairs = field.and_then(Value::as_seq).unwrap_or_default().as_chunks::<2>().0;
        return pairs.iter().map(|[key, value]| (node::text(key), node::text(value))).collect();
    };
    let last = |key, value| if map.has_odd_keys() { map.last(key).unwrap_or(value) } else { value };
    map.iter().map(|(key, value)| (key.clone(), node::text(last(key, value)))).collect()
}

pub(super) fn set_string_map(document: &mut Value, field: &str, texts: &StringMap) {
    if texts.is_empty() && document.at(&["metadata", field]).is_none() && document.get("metadata").is_some() {
        return;
    }
    if is_string_map(document.at(&["metadata", field]), texts) && !is_repeated(document, field) {
        return;
    }
    let Some(root) = document.as_map_mut() else { return };
    let meta = root.get_or_insert_with("metadata", || Map::new().into());
    let Some(meta) = meta.as_map_mut() else { return };
    meta.remove(field);
    if texts.is_empty() {
        return;
    }
    let entries = texts.iter().map(|(key, text)| (key.clone(), fresh_string(text)));
    // A field that was written twice is still there.
    match meta.get_mut(field).and_then(Value::as_map_mut) {
        Some(next) => entries.for_each(|(key, text)| node::set_field(next, &key, &text)),
        None => drop(meta.insert(field, node::fresh_map(entries))),
    }
}

/// Whether a field of the metadata was written more than once.
pub(super) fn is_repeated(document: &Value, field: &str) -> bool {
    let meta = document.get("metadata").and_then(Value::as_map);
    meta.is_some_and(|meta| meta.key_kind(field) == KeyKind::Repeated)
}

/// A string as upstream writes it into a map.
pub(super) fn fresh_string(text: &EcoString) -> Value {
    let value = node::string(text.clone());
    node::quoted_if_needed(&value).unwrap_or(value)
}

/// Whether a field already holds exactly these strings in their fresh style and in a fresh map, none of them shared.
fn is_string_map(field: Option<&Value>, texts: &StringMap) -> bool {
    field.and_then(Value::as_map).is_some_and(|map| {
        !(map.is_empty() || map.is_flow() || map.has_commented_keys() || map.has_foot())
            && map.len() == texts.len()
            && map.iter().all(|(key, value)| {
                value.source().is_none()
                    && node::fresh_kind(key) == map.key_kind(key)
                    && texts.get(key).is_some_and(|text| {
                        value.as_str() == Some(text) && value.style() == fresh_string(text).style()
                    })
            })
    })
}

pub(super) fn data_map(document: &Value, field: &str) -> BTreeMap<EcoString, EcoString> {
    let text = |value: &Value| if node::is_null(value) { EcoString::new() } else { node::text(value) };
    let map = document.get(field).and_then(Value::as_map);
    map.into_iter().flatten().map(|(key, value)| (key.clone(), text(value))).collect()
}
