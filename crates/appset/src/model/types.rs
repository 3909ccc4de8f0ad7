//! The table of Argo CD's Go types, and the types as the strategic merge patch wants them.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use trueup_schema::{NewField, Node, PatchStrategy, Relation, Scalar, Schema, SchemaBuilder};

/// One type a line: `Name: field?: *Type; …` or `Name = Type`. `?` is `omitempty`, `@Name` is embedded.
const TABLE: &str = include_str!("types.txt");

static TYPES: LazyLock<BTreeMap<&'static str, Definition>> =
    LazyLock::new(|| TABLE.lines().filter_map(line).collect());
static SCHEMA: LazyLock<Schema> = LazyLock::new(build_schema);

/// A type by its Go name, such as `*[]string`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ty(&'static str);

/// A field of a struct.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) ty: Ty,
    /// Go leaves it out when it is empty.
    pub(crate) optional: bool,
}

/// What a type is, as far as its JSON form goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    String,
    Integer,
    Boolean,
    Time,
    IntOrString,
    /// A document of its own.
    Raw,
    List(Ty),
    Map(Ty),
    Struct(&'static [Field]),
}

enum Definition {
    Alias(Ty),
    Struct(Vec<Field>),
}

fn line(line: &'static str) -> Option<(&'static str, Definition)> {
    if let Some((name, ty)) = line.split_once(" = ") {
        return Some((name, Definition::Alias(Ty(ty))));
    }
    let (name, fields) = line.split_once(": ")?;
    Some((name, Definition::Struct(fields.split("; ").flat_map(field).collect())))
}

fn field(text: &'static str) -> Vec<Field> {
    if let Some(embedded) = text.strip_prefix('@') {
        let line = TABLE.lines().find_map(|line| line.strip_prefix(embedded)?.strip_prefix(": "));
        return line.into_iter().flat_map(|fields| fields.split("; ")).flat_map(field).collect();
    }
    let Some((name, ty)) = text.split_once(": ") else { return Vec::new() };
    let short = name.strip_suffix('?');
    vec![Field { name: short.unwrap_or(name), ty: Ty(ty), optional: short.is_some() }]
}

/// Returns the type of a name.
pub(crate) fn named(name: &'static str) -> Ty {
    Ty(name)
}

impl Ty {
    /// Returns what the type is; aliases and pointers are followed.
    pub(crate) fn shape(self) -> Shape {
        if let Some(item) = self.0.strip_prefix('*') {
            return Ty(item).shape();
        }
        if let Some(item) = self.0.strip_prefix("[]") {
            return Shape::List(Ty(item));
        }
        if let Some(item) = self.0.strip_prefix("map[string]") {
            return Shape::Map(Ty(item));
        }
        match self.0 {
            "string" => Shape::String,
            "int64" => Shape::Integer,
            "bool" => Shape::Boolean,
            "Time" => Shape::Time,
            "IntOrString" => Shape::IntOrString,
            name => match TYPES.get(name) {
                Some(Definition::Alias(ty)) => ty.shape(),
                Some(Definition::Struct(fields)) => Shape::Struct(fields),
                None => Shape::Raw,
            },
        }
    }

    /// Returns true if Go holds it by a pointer.
    pub(crate) fn is_pointer(self) -> bool {
        self.0.starts_with('*')
    }

    /// Returns the name of the struct without pointers, as Go's error messages have it.
    pub(crate) fn name(self) -> &'static str {
        self.0.trim_start_matches('*')
    }

    /// Returns the type as Go prints it.
    pub(crate) fn go_name(self) -> String {
        let at = self.0.find(|c: char| c.is_ascii_alphabetic()).unwrap_or(0);
        let (prefix, name) = self.0.split_at_checked(at).unwrap_or(("", self.0));
        if let Some(item) = name.strip_prefix("map[string]") {
            return format!("{prefix}map[string]{}", Ty(item).go_name());
        }
        let package = match name {
            "string" | "int64" | "bool" => "",
            "ObjectMeta"
            | "TypeMeta"
            | "LabelSelector"
            | "LabelSelectorRequirement"
            | "OwnerReference"
            | "Time" => "v1.",
            "JSON" => "v1.",
            "RawExtension" => "runtime.",
            "IntOrString" => "intstr.",
            _ => "v1alpha1.",
        };
        format!("{prefix}{package}{name}")
    }

    /// Returns a field by its name: exactly, else ignoring case, as Go's decoder looks it up.
    pub(crate) fn field(self, name: &str) -> Option<&'static Field> {
        let Shape::Struct(fields) = self.shape() else { return None };
        let exact = fields.iter().find(|field| field.name == name);
        exact.or_else(|| fields.iter().find(|field| field.name.eq_ignore_ascii_case(name)))
    }
}

/// Returns the types of the table as a schema for strategic merge patches.
pub(crate) fn application_schema() -> &'static Schema {
    &SCHEMA
}

fn build_schema() -> Schema {
    let mut builder = SchemaBuilder::new();
    for (name, definition) in TYPES.iter() {
        if let Definition::Struct(fields) = definition {
            let fields = fields.iter().map(|field| new_field(&mut builder, name, field)).collect();
            let node = builder.named(name);
            builder.set_shape(node, trueup_schema::Shape::Struct);
            builder.set_map(node, None, Relation::Granular);
            builder.set_fields(node, fields);
        }
    }
    builder.finish()
}

fn new_field(builder: &mut SchemaBuilder, owner: &str, field: &Field) -> NewField {
    let node = node(builder, field.ty);
    let mut new = NewField::new(field.name, node);
    if owner == "ObjectMeta" && matches!(field.name, "finalizers" | "ownerReferences") {
        new.strategy = PatchStrategy { merge: true, ..PatchStrategy::default() };
        new.merge_key = (field.name == "ownerReferences").then(|| "uid".into());
    }
    new
}

fn node(builder: &mut SchemaBuilder, ty: Ty) -> Node {
    use trueup_schema::Shape as Kind;
    let scalar = |builder: &mut SchemaBuilder, kind: Kind, scalar: Scalar| {
        let node = builder.reserve();
        builder.set_shape(node, kind);
        builder.set_scalar(node, scalar);
        node
    };
    match ty.shape() {
        Shape::String => scalar(builder, Kind::String, Scalar::String),
        Shape::Integer => scalar(builder, Kind::Integer, Scalar::Numeric),
        Shape::Boolean => scalar(builder, Kind::Boolean, Scalar::Boolean),
        Shape::Time => scalar(builder, Kind::Time, Scalar::Untyped),
        Shape::IntOrString => scalar(builder, Kind::IntOrString, Scalar::Untyped),
        Shape::Raw => scalar(builder, Kind::Raw, Scalar::Untyped),
        Shape::List(item) => {
            let (list, item) = (builder.reserve(), node(builder, item));
            builder.set_shape(list, Kind::List);
            builder.set_list(list, item, Relation::Atomic, &[]);
            list
        }
        Shape::Map(item) => {
            let (map, item) = (builder.reserve(), node(builder, item));
            builder.set_shape(map, Kind::Map);
            builder.set_map(map, Some(item), Relation::Granular);
            map
        }
        Shape::Struct(_) => builder.named(ty.name()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_that_is_named_is_known() {
        let scalars = ["string", "int64", "bool", "Time", "IntOrString", "JSON", "RawExtension"];
        let check = |ty: Ty| {
            let name = ty.0.trim_start_matches("map[string]").trim_start_matches(['*', '[', ']']);
            assert!(scalars.contains(&name) || TYPES.contains_key(name), "{name}");
        };
        for definition in TYPES.values() {
            match definition {
                Definition::Alias(ty) => check(*ty),
                Definition::Struct(fields) => fields.iter().for_each(|field| check(field.ty)),
            }
        }
    }

    #[test]
    fn embedded_fields_are_fields() {
        assert!(named("Application").field("kind").is_some());
        assert!(named("KustomizeSelector").field("version").is_some());
        assert_eq!(named("[]ApplicationSource").go_name(), "[]v1alpha1.ApplicationSource");
        assert_eq!(named("map[string]string").go_name(), "map[string]string");
    }
}
