//! Kubernetes objects: identity and metadata of a [`Value`], read without trusting its shape.

use crate::Value;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::fmt;

/// A group, version and kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Gvk {
    /// The API group; empty for the core group.
    pub group: EcoString,
    /// The version in the group.
    pub version: EcoString,
    /// The kind.
    pub kind: EcoString,
}

impl Gvk {
    /// Returns the identity that an object writes as `apiVersion` and `kind`. The group is what stands before the first slash.
    ///
    /// ```
    /// use trueup_manifest::Gvk;
    ///
    /// let gvk = Gvk::new("apps/v1", "Deployment");
    /// assert_eq!((gvk.group.as_str(), gvk.version.as_str()), ("apps", "v1"));
    /// assert_eq!(Gvk::new("v1", "Service").to_string(), "/v1, Kind=Service");
    /// ```
    pub fn new(api_version: &str, kind: &str) -> Self {
        let (group, version) = api_version.split_once('/').unwrap_or(("", api_version));
        Self { group: group.into(), version: version.into(), kind: kind.into() }
    }

    /// Returns how an object writes it: `apps/v1`, `v1`.
    pub fn api_version(&self) -> EcoString {
        match self.group.as_str() {
            "" => self.version.clone(),
            group => ecow::eco_format!("{group}/{}", self.version),
        }
    }
}

impl fmt::Display for Gvk {
    /// Writes it as the API machinery does: `apps/v1, Kind=Deployment`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}, Kind={}", self.group, self.version, self.kind)
    }
}

/// What makes an object one object in a cluster, whatever version it is read in: group, kind, namespace and name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ResourceKey {
    /// The API group; empty for the core group.
    pub group: EcoString,
    /// The kind.
    pub kind: EcoString,
    /// The namespace; empty for cluster-scoped objects.
    #[serde(default)]
    pub namespace: EcoString,
    /// The name.
    pub name: EcoString,
}

impl fmt::Display for ResourceKey {
    /// Writes it as Argo CD does: `apps/Deployment/payment/payment-service`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/{}", self.group, self.kind, self.namespace, self.name)
    }
}

/// A [`Value`] read as a Kubernetes object.
///
/// Nothing is assumed: whatever is absent or of the wrong type reads as empty.
///
/// ```
/// use trueup_manifest::{Map, Object, Value};
///
/// let metadata = Map::from_iter([("name", "payment"), ("namespace", "shop")]);
/// let value = Value::from(Map::from_iter([
///     ("apiVersion", Value::from("v1")),
///     ("kind", Value::from("Service")),
///     ("metadata", Value::from(metadata)),
/// ]));
/// assert_eq!(Object::new(&value).key().to_string(), "/Service/shop/payment");
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Object<'a>(&'a Value);

impl<'a> Object<'a> {
    /// Returns the view of a value.
    pub fn new(value: &'a Value) -> Self {
        Self(value)
    }

    /// Returns the value.
    pub fn value(self) -> &'a Value {
        self.0
    }

    /// Returns `apiVersion`.
    pub fn api_version(self) -> &'a str {
        self.text(&["apiVersion"])
    }

    /// Returns `kind`.
    pub fn kind(self) -> &'a str {
        self.text(&["kind"])
    }

    /// Returns group, version and kind.
    pub fn gvk(self) -> Gvk {
        Gvk::new(self.api_version(), self.kind())
    }

    /// Returns the API group; empty for the core group.
    pub fn group(self) -> &'a str {
        self.api_version().split_once('/').map_or("", |(group, _)| group)
    }

    /// Returns `metadata.name`.
    pub fn name(self) -> &'a str {
        self.text(&["metadata", "name"])
    }

    /// Returns `metadata.generateName`.
    pub fn generate_name(self) -> &'a str {
        self.text(&["metadata", "generateName"])
    }

    /// Returns `metadata.namespace`.
    pub fn namespace(self) -> &'a str {
        self.text(&["metadata", "namespace"])
    }

    /// Returns `metadata.uid`.
    pub fn uid(self) -> &'a str {
        self.text(&["metadata", "uid"])
    }

    /// Returns group, kind, namespace and name.
    pub fn key(self) -> ResourceKey {
        ResourceKey {
            group: self.group().into(),
            kind: self.kind().into(),
            namespace: self.namespace().into(),
            name: self.name().into(),
        }
    }

    /// Returns the value of a label.
    pub fn label(self, key: &str) -> Option<&'a str> {
        self.0.at(&["metadata", "labels"])?.get(key)?.as_str()
    }

    /// Returns the value of an annotation.
    pub fn annotation(self, key: &str) -> Option<&'a str> {
        self.0.at(&["metadata", "annotations"])?.get(key)?.as_str()
    }

    /// Returns the labels that are strings, in document order.
    pub fn labels(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.strings(&["metadata", "labels"])
    }

    /// Returns the annotations that are strings, in document order.
    pub fn annotations(self) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.strings(&["metadata", "annotations"])
    }

    /// Returns true if the object is being deleted.
    pub fn is_being_deleted(self) -> bool {
        self.0.at(&["metadata", "deletionTimestamp"]).is_some_and(|time| !time.is_null())
    }

    fn text(self, path: &[&str]) -> &'a str {
        self.0.at(path).and_then(Value::as_str).unwrap_or_default()
    }

    fn strings(self, path: &[&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let entries = self.0.at(path).and_then(Value::as_map).into_iter().flat_map(|map| map.iter());
        entries.filter_map(|(key, value)| Some((key.as_str(), value.as_str()?)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Map;

    #[test]
    fn wrong_shapes_read_as_empty() {
        for value in [Value::NULL, Value::from(1), Value::from(vec![]), Value::from(Map::new())] {
            assert_eq!(Object::new(&value).key(), ResourceKey::default());
            assert_eq!(Object::new(&value).labels().count(), 0);
        }
        let odd = Value::from(Map::from_iter([("metadata", Value::from(vec![])), ("kind", Value::from(1))]));
        assert_eq!(Object::new(&odd).key(), ResourceKey::default());
        assert_eq!(Object::new(&odd).label("x"), None);
    }
}
