//! Schemas in the form of structured-merge-diff, and the type that fits everything.

use crate::build::{NewField, Node, SchemaBuilder};
use crate::cursor::TypeRef;
use crate::model::{Relation, Scalar, Schema, Shape};
use ecow::EcoString;
use trueup_manifest::Value;

/// The name of the type that fits everything and owns it whole.
pub const UNTYPED: &str = "__untyped_atomic_";
/// The name of the type that fits everything and owns maps by member.
pub const DEDUCED: &str = "__untyped_deduced_";

/// Returns the type that fits every object: maps by member, lists whole.
pub fn deduced() -> TypeRef<'static> {
    crate::kubernetes::deduced()
}

/// Reads a schema in the YAML form of structured-merge-diff: `{types: [{name, scalar, list, map}]}`.
///
/// Anything it does not understand is left out, as the field would then be unknown to the schema.
pub fn parse(document: &Value) -> Schema {
    let mut reader = Reader { builder: SchemaBuilder::new(), overrides: Vec::new() };
    let types = document.get("types").and_then(Value::as_seq).unwrap_or_default();
    for ty in types {
        if let Some(name) = ty.get("name").and_then(Value::as_str) {
            let node = reader.builder.named(name);
            reader.atom(node, ty);
        }
    }
    reader.finish()
}

struct Reader {
    builder: SchemaBuilder,
    /// References that override the relation of a named type, to be copied when all types are known.
    overrides: Vec<(Node, Node, Relation)>,
}

impl Reader {
    fn atom(&mut self, node: Node, atom: &Value) {
        if let Some(scalar) = atom.get("scalar").and_then(Value::as_str) {
            self.builder.set_scalar(node, scalar_of(scalar));
        }
        if let Some(list) = atom.get("list") {
            let item = self.reference(list.get("elementType"));
            let keys = list.get("keys").and_then(Value::as_seq).unwrap_or_default();
            let keys: Vec<EcoString> = keys.iter().filter_map(|key| key.as_eco_str().cloned()).collect();
            self.builder.set_list(node, item, relation_of(list, Relation::Granular), &keys);
            self.builder.set_shape(node, Shape::List);
        }
        if let Some(map) = atom.get("map") {
            let item = map.get("elementType").map(|reference| self.reference(Some(reference)));
            self.builder.set_map(node, item, relation_of(map, Relation::Granular));
            let fields = map.get("fields").and_then(Value::as_seq).unwrap_or_default();
            let fields = fields.iter().filter_map(|field| {
                let name = field.get("name")?.as_eco_str()?.clone();
                let node = self.reference(field.get("type"));
                Some(NewField { default: field.get("default").cloned(), ..NewField::new(name, node) })
            });
            let fields: Vec<NewField> = fields.collect();
            let shape = if fields.is_empty() { Shape::Map } else { Shape::Struct };
            self.builder.set_fields(node, fields);
            self.builder.set_shape(node, shape);
        }
        let several = ["scalar", "list", "map"].iter().filter(|part| atom.get(part).is_some()).count() > 1;
        if several {
            self.builder.set_shape(node, Shape::Any);
        }
    }

    fn reference(&mut self, reference: Option<&Value>) -> Node {
        let Some(reference) = reference else { return self.builder.reserve() };
        let relation = reference.get("elementRelationship").and_then(Value::as_str).map(relation_named);
        if let Some(name) = reference.get("namedType").and_then(Value::as_str) {
            let named = self.builder.named(name);
            let Some(relation) = relation else { return named };
            let node = self.builder.reserve();
            self.overrides.push((node, named, relation));
            return node;
        }
        let node = self.builder.reserve();
        self.atom(node, reference);
        node
    }

    fn finish(mut self) -> Schema {
        for (node, named, relation) in std::mem::take(&mut self.overrides) {
            self.builder.copy(node, named, Some(relation));
        }
        self.builder.finish()
    }
}

fn scalar_of(name: &str) -> Scalar {
    match name {
        "string" => Scalar::String,
        "numeric" => Scalar::Numeric,
        "boolean" => Scalar::Boolean,
        "untyped" => Scalar::Untyped,
        _ => Scalar::Nothing,
    }
}

fn relation_of(part: &Value, unset: Relation) -> Relation {
    part.get("elementRelationship").and_then(Value::as_str).map_or(unset, relation_named)
}

fn relation_named(name: &str) -> Relation {
    match name {
        "atomic" => Relation::Atomic,
        "associative" => Relation::Associative,
        _ => Relation::Granular,
    }
}
