//! What crosses the boundary: plain data, and handles that are not converted on every call.

use super::handles::{Document, Manifest, Manifests, Template, Tree};
use trueup_manifest::{EcoString, Map, Value};

/// Plain data, a handle, or a container that has handles in it.
///
/// Bindings convert their language's values to and from this, and do nothing else.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Data {
    /// Null, a boolean, a number, a string, a list or a map.
    Value(Value),
    /// Bytes: the content of a file.
    Bytes(Vec<u8>),
    /// A file tree.
    Tree(Tree),
    /// A parsed template.
    Template(Template),
    /// The manifests of a build.
    Manifests(Manifests),
    /// One manifest of a build.
    Manifest(Manifest),
    /// A report, a comparison or a plan.
    Document(Document),
    /// A list with something in it that is not plain.
    List(Vec<Data>),
    /// A map with something in it that is not plain.
    Map(Vec<(EcoString, Data)>),
}

impl Data {
    /// Null.
    pub const NULL: Self = Self::Value(Value::NULL);

    /// Returns a list, as plain data if everything in it is plain.
    pub fn list(items: Vec<Self>) -> Self {
        if !items.iter().all(|item| matches!(item, Self::Value(_))) {
            return Self::List(items);
        }
        let plain = items.into_iter().filter_map(|item| match item {
            Self::Value(value) => Some(value),
            _ => None,
        });
        Self::Value(plain.collect())
    }

    /// Returns a map, as plain data if everything in it is plain.
    pub fn map(entries: Vec<(EcoString, Self)>) -> Self {
        if !entries.iter().all(|(_, item)| matches!(item, Self::Value(_))) {
            return Self::Map(entries);
        }
        let plain = entries.into_iter().filter_map(|(key, item)| match item {
            Self::Value(value) => Some((key, value)),
            _ => None,
        });
        Self::Value(Value::from(plain.collect::<Map>()))
    }

    /// Returns true for null.
    pub fn is_null(&self) -> bool {
        matches!(self, Self::Value(value) if value.is_null())
    }

    /// Returns the word for what it is, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Value(value) => value.type_name(),
            Self::Bytes(_) => "bytes",
            Self::Tree(_) => "Tree",
            Self::Template(_) => "Template",
            Self::Manifests(_) => "Manifests",
            Self::Manifest(_) => "Manifest",
            Self::Document(document) => document.kind(),
            Self::List(_) => "list",
            Self::Map(_) => "map",
        }
    }

    /// Returns it as plain data: manifests are their objects, documents what they say.
    ///
    /// # Errors
    /// What cannot be plain data: a tree, a template, bytes.
    pub fn into_value(self) -> Result<Value, Self> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Manifest(manifest) => Ok(manifest.value().clone()),
            Self::Manifests(manifests) => Ok(manifests.values().collect()),
            Self::Document(document) => Ok(document.value().clone()),
            Self::List(items) => items.into_iter().map(Self::into_value).collect(),
            Self::Map(entries) => {
                let plain = entries.into_iter().map(|(key, item)| Ok((key, item.into_value()?)));
                Ok(plain.collect::<Result<Map, Self>>()?.into())
            }
            other => Err(other),
        }
    }

    /// Returns everything as plain data that tells handles by a key of their own, such as `$tree`.
    ///
    /// This is how the suite in `tests/api` compares what languages answer.
    pub fn plain(&self) -> Value {
        let tagged = |tag: &str, value: Value| Value::from(Map::from_iter([(tag, value)]));
        match self {
            Self::Value(value) => value.clone(),
            Self::Bytes(bytes) => tagged("$bytes", String::from_utf8_lossy(bytes).into_owned().into()),
            Self::Tree(tree) => {
                let files = tree.files().files_below("").into_iter();
                let text = |bytes: &[u8]| Value::from(String::from_utf8_lossy(bytes).into_owned());
                let files: Map = files.map(|(path, bytes)| (path.clone(), text(bytes))).collect();
                let mounts = tree
                    .files()
                    .mounts()
                    .map(|(url, tree)| (url.clone(), Self::Tree(Tree::new(tree.clone())).plain()));
                let mut out = Map::from_iter([("$tree", files)]);
                if mounts.len() > 0 {
                    out.insert("mounts", mounts.collect::<Map>());
                }
                out.into()
            }
            Self::Template(template) => tagged("$template", template.name().into()),
            Self::Manifest(manifest) => tagged("$manifest", manifest.value().clone()),
            Self::Manifests(manifests) => {
                let yaml = manifests.to_yaml().map_or(Value::NULL, Value::from);
                let origins =
                    manifests.iter().map(|manifest| Value::from(manifest.origin().as_ref())).collect();
                let warnings = manifests.warnings().iter().map(super::diagnostics::to_value).collect();
                Map::from_iter([("$manifests", yaml), ("origins", origins), ("warnings", warnings)]).into()
            }
            Self::Document(document) => tagged(&format!("${}", document.kind()), document.value().clone()),
            Self::List(items) => items.iter().map(Self::plain).collect(),
            Self::Map(entries) => {
                entries.iter().map(|(key, item)| (key.clone(), item.plain())).collect::<Map>().into()
            }
        }
    }
}

impl From<Value> for Data {
    fn from(value: Value) -> Self {
        Self::Value(value)
    }
}
