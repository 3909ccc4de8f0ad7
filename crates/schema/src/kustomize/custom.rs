//! A user's own OpenAPI document (`openapi.path`): Swagger 2 definitions with the patch extensions, and paths for the scope.

use super::{Kind, Layers, Type, built_in_definition};
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, Map, Value};

const GVK: &str = "x-kubernetes-group-version-kind";
const STRATEGY: &str = "x-kubernetes-patch-strategy";
const MERGE_KEY: &str = "x-kubernetes-patch-merge-key";
const MAP_KEYS: &str = "x-kubernetes-list-map-keys";
/// How many references one look-up may follow.
const MAX_HOPS: usize = 32;

/// Types and scopes read from an OpenAPI document.
#[derive(Debug, Default)]
pub struct CustomSchema {
    definitions: Map,
    /// The definition of each type, by `apiVersion` and `kind`.
    types: BTreeMap<(EcoString, EcoString), EcoString>,
    namespaced: BTreeMap<(EcoString, EcoString), bool>,
}

/// Why a document is no OpenAPI document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError(pub String);

impl std::fmt::Display for SchemaError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for SchemaError {}

impl CustomSchema {
    /// Reads a document.
    ///
    /// # Errors
    /// When the document, its `definitions` or its `paths` are no maps.
    pub fn from_document(document: &Value) -> Result<Self, SchemaError> {
        let root = expect_map(document, "an OpenAPI document")?;
        let mut schema = Self::default();
        if let Some(definitions) = root.get("definitions").filter(|value| !value.is_null()) {
            schema.definitions = expect_map(definitions, "definitions")?.clone();
        }
        for (name, definition) in &schema.definitions {
            let kinds = definition.get(GVK).and_then(Value::as_seq).unwrap_or_default();
            for kind in kinds.iter().filter_map(type_meta) {
                schema.types.insert(kind, name.clone());
            }
        }
        if let Some(paths) = root.get("paths").filter(|value| !value.is_null()) {
            schema.read_paths(expect_map(paths, "paths")?);
        }
        Ok(schema)
    }

    pub(super) fn type_of(&self, api_version: &str, kind: &str, layers: Layers) -> Option<Type<'_>> {
        let name = self.types.get(&(api_version.into(), kind.into()))?;
        let schema = self.definitions.get(name)?;
        Some(Type(Kind::Custom(CustomType { schema, root: self, layers })))
    }

    pub(super) fn is_namespaced(&self, api_version: &str, kind: &str) -> Option<bool> {
        self.namespaced.get(&(api_version.into(), kind.into())).copied()
    }

    fn read_paths(&mut self, paths: &Map) {
        for (path, item) in paths {
            let Some(kind) = item.at(&["get", GVK]).and_then(type_meta) else { continue };
            let namespaced = path.contains("namespaces/{namespace}");
            let known = self.namespaced.entry(kind).or_insert(namespaced);
            *known |= namespaced;
        }
    }
}

/// A place in a custom document.
#[derive(Clone, Copy, Debug)]
pub(super) struct CustomType<'a> {
    schema: &'a Value,
    root: &'a CustomSchema,
    layers: Layers,
}

impl<'a> CustomType<'a> {
    /// Follows `$ref`s, into the built-in definitions too, until a type is reached.
    fn resolve(self, mut schema: &'a Value) -> Option<Type<'a>> {
        for _ in 0..MAX_HOPS {
            let Some(reference) = schema.get("$ref").and_then(Value::as_str).filter(|r| !r.is_empty()) else {
                return Some(Type(Kind::Custom(Self { schema, ..self })));
            };
            let name = reference.strip_prefix("#/definitions/")?;
            let own = self.root.definitions.get(name);
            let built_in = match self.layers {
                Layers::CustomOnly => None,
                Layers::CustomOverBuiltIn if own.is_some() => None,
                Layers::CustomOverBuiltIn | Layers::BuiltInOverCustom => built_in_definition(name),
            };
            if built_in.is_some() {
                return built_in;
            }
            schema = own?;
        }
        None
    }

    pub(super) fn field(self, name: &str) -> Option<Type<'a>> {
        let declared = self.schema.get("properties").and_then(|properties| properties.get(name));
        let additional = || self.schema.get("additionalProperties").filter(|schema| schema.is_map());
        self.resolve(declared.or_else(additional)?)
    }

    pub(super) fn elements(self) -> Option<Type<'a>> {
        let kind = self.schema.get("type")?;
        let is_array = match kind.as_seq() {
            Some([only]) => only == "array",
            Some(_) => false,
            None => kind == "array",
        };
        let items = self.schema.get("items").filter(|items| is_array && items.is_map())?;
        self.resolve(items)
    }

    pub(super) fn patch_strategy(self) -> Option<&'a str> {
        self.schema.get(STRATEGY).and_then(Value::as_str)
    }

    pub(super) fn merge_keys(self) -> Vec<&'a str> {
        if self.patch_strategy().is_none() {
            return Vec::new();
        }
        match self.schema.get(MAP_KEYS).and_then(Value::as_seq) {
            Some(keys) => keys.iter().filter_map(Value::as_str).collect(),
            None => self.schema.get(MERGE_KEY).and_then(Value::as_str).into_iter().collect(),
        }
    }
}

fn expect_map<'a>(value: &'a Value, what: &str) -> Result<&'a Map, SchemaError> {
    value
        .as_map()
        .ok_or_else(|| SchemaError(format!("expected a map as {what}, got a {}", value.type_name())))
}

fn type_meta(value: &Value) -> Option<(EcoString, EcoString)> {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let version = text("version")?;
    let api_version = match text("group") {
        Some(group) if !group.is_empty() => format!("{group}/{version}").into(),
        _ => EcoString::from(version),
    };
    Some((api_version, text("kind")?.into()))
}
