//! Parameter sets: what generators produce and templates consume.

mod combine;
mod flatten;
mod origin;
mod text;

pub use combine::{combine, deep_override, keyed};
pub(crate) use combine::{combine_flat, keys};
pub use flatten::flatten;
pub(crate) use flatten::flatten_label;
pub use origin::{Origin, Row};
pub(crate) use text::string;
pub use text::value_text;

use std::fmt;
use std::sync::Arc;
use trueup_manifest as manifest;
use trueup_template::{Map, MapElem, Text, Value};

/// Names and values that one Application is rendered with.
///
/// With fasttemplate the names are flat (`path.basename`) and the values nearly all strings; with Go templates they are
/// trees. Values have Go's types, since templates can tell `map[string]string` from `map[string]interface {}`.
#[derive(Clone, Default)]
pub struct Parameters(Map);

impl Parameters {
    /// Returns an empty set.
    pub fn new() -> Self {
        Self(Map::new())
    }

    /// Returns the set that Go's nil map is: it reads as an empty one, but nothing can be put into it.
    pub(crate) fn nil() -> Self {
        Self(Map::nil(MapElem::Any))
    }

    /// Returns the set of a document's members; numbers become floats, as Go reads JSON.
    pub fn from_document(document: &manifest::Map) -> Self {
        Self(document.iter().map(|(key, value)| (key.clone(), Value::from_manifest(value))).collect())
    }

    /// Returns the set as a document.
    pub fn to_document(&self) -> manifest::Map {
        let entries = self.0.entries().into_iter();
        manifest::Map::from_iter(
            entries.map(|(key, value)| (key.to_str_lossy().into_owned(), value.to_manifest())),
        )
    }

    /// Returns the value of a name.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name.as_bytes())
    }

    /// Returns the value of a name, or of a chain of names into maps.
    pub fn find(&self, name: &str) -> Option<Value> {
        self.get(name).or_else(|| {
            let mut parts = name.split('.');
            let first = self.get(parts.next()?)?;
            parts.try_fold(first, |value, part| value.get(part))
        })
    }

    /// Returns true if there is no name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the names and values, in order.
    pub fn entries(&self) -> Vec<(Text, Value)> {
        self.0.entries()
    }

    pub(crate) fn is_nil(&self) -> bool {
        self.0.is_nil()
    }

    pub(crate) fn set(&mut self, name: impl Into<Text>, value: impl Into<Value>) {
        self.0.insert(name, value);
    }

    pub(crate) fn map(&self) -> &Map {
        &self.0
    }

    /// Returns a set with the same entries that can be changed without changing this one.
    pub(crate) fn copy(&self) -> Self {
        if self.is_nil() { self.clone() } else { self.0.entries().into_iter().collect() }
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Parameters {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self(entries.into_iter().collect())
    }
}

impl fmt::Debug for Parameters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_document().fmt(f)
    }
}

impl PartialEq for Parameters {
    fn eq(&self, other: &Self) -> bool {
        self.to_document() == other.to_document()
    }
}

/// A parameter set and where it came from.
#[derive(Clone, Debug)]
pub struct ParameterSet {
    /// The names and values.
    pub parameters: Parameters,
    /// The generator and row.
    pub origin: Arc<Origin>,
}
