//! Argo CD's Go types: which fields there are, what Go's JSON decoder makes of a document, and when a value is empty.

mod decode;
mod normalize;
mod types;

pub(crate) use decode::decode;
pub use normalize::normalize_spec;
pub(crate) use normalize::prune_empty;
pub(crate) use types::{Shape, Ty, application_schema, named};

use trueup_manifest::{Map, Value};

/// Returns the text under a chain of keys; nothing is the empty text, as in Go.
pub(crate) fn text<'a>(value: &'a Value, path: &[&str]) -> &'a str {
    value.at(path).and_then(Value::as_str).unwrap_or_default()
}

/// Returns the boolean under a chain of keys; nothing is false.
pub(crate) fn flag(value: &Value, path: &[&str]) -> bool {
    value.at(path).and_then(Value::as_bool).unwrap_or_default()
}

/// Returns the items under a chain of keys; nothing is no items.
pub(crate) fn items<'a>(value: &'a Value, path: &[&str]) -> &'a [Value] {
    value.at(path).and_then(Value::as_seq).unwrap_or_default()
}

/// Returns the texts under a chain of keys.
pub(crate) fn texts<'a>(value: &'a Value, path: &[&str]) -> impl Iterator<Item = &'a str> + use<'a> {
    items(value, path).iter().filter_map(Value::as_str)
}

/// Returns the map under a chain of keys, if there is one.
pub(crate) fn map<'a>(value: &'a Value, path: &[&str]) -> Option<&'a Map> {
    value.at(path).and_then(Value::as_map)
}

/// Returns the entries of a map of strings under a chain of keys.
pub(crate) fn strings<'a>(
    value: &'a Value,
    path: &[&str],
) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    map(value, path)
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default()))
}

/// Returns the map under a chain of keys for editing, making the maps on the way.
pub(crate) fn map_mut<'a>(value: &'a mut Value, path: &[&str]) -> Option<&'a mut Map> {
    let Some((first, rest)) = path.split_first() else { return value.as_map_mut() };
    if !value.is_map() {
        *value = Map::new().into();
    }
    let member = value.as_map_mut()?.get_or_insert_with(first, || Map::new().into());
    if !member.is_map() {
        *member = Map::new().into();
    }
    map_mut(member, rest)
}
