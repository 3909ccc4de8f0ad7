//! Reading what every object has: who it is, its labels and annotations.

use ecow::EcoString;
use serde::Serialize;
use std::fmt;
use trueup_manifest::{Map, Value};

/// The annotation in which `kubectl apply` keeps what it applied.
pub const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Who an object is, within one cluster.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct ObjectKey {
    /// The API group; empty for the core group.
    pub group: EcoString,
    /// The kind.
    pub kind: EcoString,
    /// The namespace; empty for what lives in none.
    pub namespace: EcoString,
    /// The name.
    pub name: EcoString,
}

impl ObjectKey {
    /// Returns the key of an object. Parts it does not have are empty.
    pub fn of(object: &Value) -> Self {
        let text = |value: Option<&Value>| value.and_then(Value::as_eco_str).cloned().unwrap_or_default();
        let metadata = |key| text(object.at(&["metadata", key]));
        Self {
            group: group_of(object).into(),
            kind: text(object.get("kind")),
            namespace: metadata("namespace"),
            name: metadata("name"),
        }
    }
}

impl fmt::Display for ObjectKey {
    /// Writes `group/Kind/namespace/name`, empty parts included.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.group, self.kind, self.namespace, self.name)
    }
}

/// Returns the API group of an object.
pub(crate) fn group_of(object: &Value) -> &str {
    let api_version = object.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    api_version.rsplit_once('/').map_or("", |(group, _)| group)
}

pub(crate) fn kind_of(object: &Value) -> &str {
    object.get("kind").and_then(Value::as_str).unwrap_or_default()
}

pub(crate) fn is_core(object: &Value, kind: &str) -> bool {
    kind_of(object) == kind && group_of(object).is_empty()
}

/// Returns an annotation; null is the empty text, and none can be read where one of them is anything else.
pub(crate) fn annotation<'v>(object: &'v Value, key: &str) -> Option<&'v str> {
    let map = object.get("metadata")?.get("annotations")?.as_map()?;
    let readable = map.values().all(|value| value.is_null() || value.as_str().is_some());
    let value = map.get(key).filter(|_| readable)?;
    Some(value.as_str().unwrap_or_default())
}

/// Something else than texts stands where texts belong.
pub(crate) struct NotTexts;

/// Returns a map of texts in the metadata, if there is one.
pub(crate) fn texts<'v>(object: &'v Value, section: &str) -> Result<Option<&'v Map>, NotTexts> {
    let Some(value) = object.get("metadata").and_then(|metadata| metadata.get(section)) else {
        return Ok(None);
    };
    if value.is_null() {
        return Ok(None);
    }
    let map = value.as_map().filter(|map| map.values().all(|value| value.as_str().is_some()));
    map.map(Some).ok_or(NotTexts)
}

/// Sets a key of a map in the metadata, making the map if there is none.
pub(crate) fn set_metadata(object: &mut Value, section: &str, key: &str, value: impl Into<Value>) {
    let Some(map) = object.as_map_mut() else { return };
    let metadata = map.get_or_insert_with("metadata", || Map::new().into());
    let Some(metadata) = metadata.as_map_mut() else { return };
    let section = metadata.get_or_insert_with(section, || Map::new().into());
    if !section.is_map() {
        *section = Map::new().into();
    }
    if let Some(section) = section.as_map_mut() {
        section.insert(key, value);
    }
}

/// Removes a key of a map in the metadata; the map goes when it becomes empty.
pub(crate) fn remove_metadata(object: &mut Value, section: &str, key: &str) {
    remove_at(object, &["metadata", section], key);
    let emptied = object.at(&["metadata", section]).and_then(Value::as_map).is_some_and(Map::is_empty);
    if emptied {
        remove_at(object, &["metadata"], section);
    }
}

/// Removes a key of the map at a path; nothing is unshared when it is not there.
pub(crate) fn remove_at(object: &mut Value, path: &[&str], key: &str) -> Option<Value> {
    object.at(path)?.get(key)?;
    object.at_mut(path)?.as_map_mut()?.remove(key)
}

/// Tells whether a list of options in an annotation (`a=b, c=d`) contains one.
pub(crate) fn has_option(object: &Value, key: &str, option: &str) -> bool {
    annotation(object, key).is_some_and(|list| list.split(',').any(|part| part.trim() == option))
}
