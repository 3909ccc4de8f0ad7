//! Schemas from CRDs and OpenAPI documents, in the same shape as the built-in one.
//!
//! Reads OpenAPI v2 (`definitions`), v3 (`components.schemas`) and `CustomResourceDefinition` objects, with the
//! `x-kubernetes-*` extensions that say how lists and maps merge.

use crate::build::{NewField, Node, SchemaBuilder};
use crate::model::{PatchStrategy, Relation, Scalar, Schema, Shape};
use ecow::EcoString;
use trueup_manifest::{Map, Value};

const QUANTITY: &str = "io.k8s.apimachinery.pkg.api.resource.Quantity";
const RAW_EXTENSION: &str = "io.k8s.apimachinery.pkg.runtime.RawExtension";
const OBJECT_META: &str = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
/// How deep a schema may nest before its inner part counts as open.
const MAX_DEPTH: usize = 128;

/// Reads documents into one schema: OpenAPI v2 and v3 documents and CRDs, in any mix.
///
/// Documents that are none of these are skipped. Of two descriptions of one kind the last counts.
pub fn parse<'a>(documents: impl IntoIterator<Item = &'a Value>) -> Schema {
    let mut reader = Reader::new();
    for document in documents {
        let components = document.at(&["components", "schemas"]);
        if let Some(definitions) = document.get("definitions").or(components).and_then(Value::as_map) {
            reader.definitions(definitions);
        } else if document.get("kind").and_then(Value::as_str) == Some("CustomResourceDefinition") {
            reader.custom_resource(document);
        }
    }
    reader.finish()
}

struct Reader {
    builder: SchemaBuilder,
    deduced: Node,
    untyped: Node,
    /// References that override the relation of a named type, to be copied when all types are known.
    overrides: Vec<(Node, Node, Relation)>,
    /// Whether the schema is a CRD's, which the API server publishes in a simpler form than it has.
    of_crd: bool,
}

impl Reader {
    fn finish(mut self) -> Schema {
        for (node, named, relation) in std::mem::take(&mut self.overrides) {
            self.builder.copy(node, named, Some(relation));
        }
        self.builder.finish()
    }

    fn new() -> Self {
        let mut builder = SchemaBuilder::new();
        let untyped = open_node(&mut builder, crate::smd::UNTYPED, None);
        let deduced = open_node(&mut builder, crate::smd::DEDUCED, Some(untyped));
        Self { builder, deduced, untyped, overrides: Vec::new(), of_crd: false }
    }

    fn definitions(&mut self, definitions: &Map) {
        // Its own description comes first, where there is one.
        for name in definitions.keys().filter(|name| *name == OBJECT_META) {
            self.builder.named(name);
        }
        for (name, definition) in definitions {
            let node = self.builder.named(name);
            match name.as_str() {
                QUANTITY => self.scalar(node, Shape::Quantity, Scalar::Untyped),
                RAW_EXTENSION => self.builder.copy(node, self.untyped, None),
                _ => self.fill(node, definition, 0, false),
            }
            let group_version_kinds =
                definition.get("x-kubernetes-group-version-kind").and_then(Value::as_seq);
            for gvk in group_version_kinds.unwrap_or_default() {
                let text = |key| gvk.get(key).and_then(Value::as_str).unwrap_or_default();
                let api_version = api_version(text("group"), text("version"));
                self.builder.add_kind(&api_version, text("kind"), node, None);
            }
        }
    }

    fn custom_resource(&mut self, crd: &Value) {
        let Some(spec) = crd.get("spec") else { return };
        let text = |path: &[&str]| spec.at(path).and_then(Value::as_str).unwrap_or_default();
        let (group, kind) = (text(&["group"]), text(&["names", "kind"]));
        let namespaced = match text(&["scope"]) {
            "Namespaced" => Some(true),
            "Cluster" => Some(false),
            _ => None,
        };
        let old_schema = spec.at(&["validation", "openAPIV3Schema"]);
        let versions = spec.get("versions").and_then(Value::as_seq).unwrap_or_default();
        for version in versions {
            let Some(name) = version.get("name").and_then(Value::as_str) else { continue };
            let schema = version.at(&["schema", "openAPIV3Schema"]).or(old_schema);
            let node = match schema {
                Some(schema) => {
                    self.of_crd = true;
                    let node = self.custom_type(schema);
                    self.of_crd = false;
                    node
                }
                None => self.deduced,
            };
            self.builder.add_kind(&api_version(group, name), kind, node, namespaced);
        }
    }

    /// A custom resource has apiVersion, kind and metadata whatever its schema says.
    fn custom_type(&mut self, schema: &Value) -> Node {
        let node = self.builder.reserve();
        if is_true(schema, "x-kubernetes-preserve-unknown-fields") {
            // Then nothing else of it is published.
            self.builder.set_map(node, Some(self.deduced), Relation::Granular);
            self.builder.set_shape(node, Shape::Map);
            return node;
        }
        let mut fields = self.fields(schema, 0, false);
        for name in ["apiVersion", "kind"] {
            let text = self.builder.reserve();
            self.scalar(text, Shape::String, Scalar::String);
            fields.push(NewField::new(name, text));
        }
        fields.push(NewField::new("metadata", self.object_meta()));
        self.builder.set_fields(node, fields);
        self.builder.set_shape(node, Shape::Struct);
        self.builder.set_map(node, None, Relation::Granular);
        node
    }

    fn object_meta(&mut self) -> Node {
        if self.builder.has_type(OBJECT_META) {
            return self.builder.named(OBJECT_META);
        }
        let node = self.builder.named(OBJECT_META);
        if let Some(ty) = crate::kubernetes::schema().type_named("meta/v1.ObjectMeta") {
            let imported = self.builder.import(ty);
            self.builder.copy(node, imported, None);
        }
        node
    }

    fn node(&mut self, schema: &Value, depth: usize, open: bool) -> Node {
        let wrapped = schema.get("allOf").and_then(Value::as_seq).and_then(|all| all.first());
        if let Some(reference) = reference_of(schema).or_else(|| wrapped.and_then(reference_of)) {
            // A document about some kinds only need not say what metadata is.
            let named =
                if reference == OBJECT_META { self.object_meta() } else { self.builder.named(reference) };
            return match map_relation(schema) {
                None => named,
                Some(relation) => {
                    let node = self.builder.reserve();
                    self.overrides.push((node, named, relation));
                    node
                }
            };
        }
        if depth >= MAX_DEPTH {
            return self.deduced;
        }
        let node = self.builder.reserve();
        self.fill(node, schema, depth, open);
        node
    }

    fn fill(&mut self, node: Node, schema: &Value, depth: usize, open: bool) {
        let open = open || is_true(schema, "x-kubernetes-preserve-unknown-fields");
        let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
        if is_true(schema, "x-kubernetes-int-or-string") || format == "int-or-string" {
            return self.scalar(node, Shape::IntOrString, Scalar::Untyped);
        }
        // What is published of these has no type.
        let untold =
            ["nullable", "x-kubernetes-preserve-unknown-fields"].iter().any(|key| is_true(schema, key));
        match type_of(schema) {
            _ if untold && self.of_crd => self.builder.copy(node, self.deduced, None),
            "object" => self.object(node, schema, depth, open),
            "array" => self.array(node, schema, depth, open),
            // A format other than bytes may be written in several ways.
            "string" if !matches!(format, "" | "byte") => {
                self.scalar(node, string_shape(format), Scalar::Untyped);
            }
            "string" => self.scalar(node, string_shape(format), Scalar::String),
            "integer" => self.scalar(node, Shape::Integer, Scalar::Numeric),
            "number" => self.scalar(node, Shape::Number, Scalar::Numeric),
            "boolean" => self.scalar(node, Shape::Boolean, Scalar::Boolean),
            _ => self.builder.copy(node, self.deduced, None),
        }
    }

    fn object(&mut self, node: Node, schema: &Value, depth: usize, open: bool) {
        let relation = map_relation(schema).unwrap_or(Relation::Granular);
        let members = schema.get("additionalProperties").filter(|members| members.is_map());
        let fields = self.fields(schema, depth, open);
        let item = match members {
            Some(members) if fields.is_empty() => Some(self.node(members, depth + 1, open)),
            // Of an object without fields anything may be a member, but nothing else is one.
            _ if open || fields.is_empty() => Some(self.deduced),
            _ => None,
        };
        let shape = if fields.is_empty() { Shape::Map } else { Shape::Struct };
        self.builder.set_fields(node, fields);
        self.builder.set_map(node, item, relation);
        self.builder.set_shape(node, shape);
    }

    fn fields(&mut self, schema: &Value, depth: usize, open: bool) -> Vec<NewField> {
        let properties = schema.get("properties").and_then(Value::as_map);
        let properties = properties.into_iter().flat_map(Map::iter);
        properties
            .map(|(name, property)| NewField {
                strategy: patch_strategy(property),
                merge_key: merge_key(property),
                default: property.get("default").cloned(),
                ..NewField::new(name.clone(), self.node(property, depth + 1, open))
            })
            .collect()
    }

    fn array(&mut self, node: Node, schema: &Value, depth: usize, open: bool) {
        let item = match schema.get("items") {
            Some(items) => self.node(items, depth + 1, open),
            None => self.deduced,
        };
        let keys = schema.get("x-kubernetes-list-map-keys").and_then(Value::as_seq).unwrap_or_default();
        let keys: Vec<EcoString> = keys.iter().filter_map(|key| key.as_eco_str().cloned()).collect();
        let (relation, keys) = match schema.get("x-kubernetes-list-type").and_then(Value::as_str) {
            Some("map") => (Relation::Associative, keys),
            Some("set") => (Relation::Associative, Vec::new()),
            // Documents older than list types say it by the patch strategy.
            None if patch_strategy(schema).merge => {
                (Relation::Associative, merge_key(schema).into_iter().collect())
            }
            _ => (Relation::Atomic, Vec::new()),
        };
        self.builder.set_list(node, item, relation, &keys);
        self.builder.set_shape(node, Shape::List);
    }

    fn scalar(&mut self, node: Node, shape: Shape, scalar: Scalar) {
        self.builder.set_shape(node, shape);
        self.builder.set_scalar(node, scalar);
    }
}

/// A type that fits everything; `list_item` is the type itself when absent.
fn open_node(builder: &mut SchemaBuilder, name: &str, list_item: Option<Node>) -> Node {
    let node = builder.named(name);
    let relation = if list_item.is_some() { Relation::Granular } else { Relation::Atomic };
    builder.set_scalar(node, Scalar::Untyped);
    builder.set_list(node, list_item.unwrap_or(node), Relation::Atomic, &[]);
    builder.set_map(node, Some(node), relation);
    node
}

fn type_of(schema: &Value) -> &str {
    let stated = schema.get("type").and_then(Value::as_str);
    let implied = || if schema.get("properties").is_some() { "object" } else { "" };
    stated.unwrap_or_else(implied)
}

fn string_shape(format: &str) -> Shape {
    match format {
        "byte" => Shape::Bytes,
        "date-time" => Shape::Time,
        _ => Shape::String,
    }
}

fn reference_of(schema: &Value) -> Option<&str> {
    let reference = schema.get("$ref")?.as_str()?;
    reference.rsplit('/').next()
}

fn is_true(schema: &Value, key: &str) -> bool {
    schema.get(key).and_then(Value::as_bool) == Some(true)
}

fn map_relation(schema: &Value) -> Option<Relation> {
    match schema.get("x-kubernetes-map-type")?.as_str()? {
        "atomic" => Some(Relation::Atomic),
        "granular" => Some(Relation::Granular),
        _ => None,
    }
}

fn patch_strategy(schema: &Value) -> PatchStrategy {
    let text = schema.get("x-kubernetes-patch-strategy").and_then(Value::as_str).unwrap_or_default();
    let has = |word| text.split(',').any(|part| part == word);
    PatchStrategy { merge: has("merge"), replace: has("replace"), retain_keys: has("retainKeys") }
}

fn merge_key(schema: &Value) -> Option<EcoString> {
    schema.get("x-kubernetes-patch-merge-key")?.as_eco_str().cloned()
}

fn api_version(group: &str, version: &str) -> String {
    if group.is_empty() { version.to_owned() } else { format!("{group}/{version}") }
}
