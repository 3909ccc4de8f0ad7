//! What the schema says about a field, the way Go's reflection says it.

use super::error::{Result, StrategicError};
use trueup_schema::{PatchStrategy, Shape, TypeRef};

/// What the schema says about a field.
#[derive(Clone, Copy, Debug)]
pub(super) struct Meta<'a> {
    /// The type of the field; of its items when it was looked up as a list.
    pub(super) ty: TypeRef<'a>,
    pub(super) strategy: PatchStrategy,
    pub(super) merge_key: &'a str,
    /// Whether Go holds it by a pointer.
    pub(super) is_pointer: bool,
}

/// Looks a field up as a map.
pub(super) fn field<'a>(ty: TypeRef<'a>, name: &str) -> Result<Meta<'a>> {
    if let Some(field) = ty.field_folded(name) {
        let merge_key = field.merge_key().unwrap_or_default();
        let strategy = field.patch_strategy();
        return Ok(Meta { ty: field.ty(), strategy, merge_key, is_pointer: field.is_pointer() });
    }
    // Nothing is known, so nothing is special.
    if ty.shape() == Shape::Any {
        return Ok(plain(ty));
    }
    // OpenAPI documents describe maps whose members have fields of their own; Go's reflection stops there.
    let member = ty.item().filter(|item| ty.shape() == Shape::Map && !ty.is_built_in() && has_members(item));
    if let Some(member) = member {
        return Ok(plain(member));
    }
    Err(match struct_name(ty) {
        Some(name_of_type) => StrategicError::UnknownField { ty: name_of_type.into(), field: name.into() },
        None => StrategicError::NotAStruct(kind_name(ty)),
    })
}

/// Looks a field up as a list.
pub(super) fn list<'a>(ty: TypeRef<'a>, name: &str) -> Result<Meta<'a>> {
    let meta = field(ty, name)?;
    match (meta.ty.shape(), meta.ty.list()) {
        (Shape::List, Some(list)) if list.item.shape() == Shape::List => Err(StrategicError::ListOfLists),
        (Shape::List, Some(list)) => Ok(Meta { ty: list.item, ..meta }),
        // Bytes are a list in Go; what is behind a pointer is not looked at.
        (Shape::Bytes, _) if ty.shape() == Shape::Struct => Ok(meta),
        (Shape::Any, _) => Ok(meta),
        _ if meta.is_pointer => Ok(meta),
        _ => Err(StrategicError::NotASlice(kind_name(ty))),
    }
}

/// Nothing is special about it.
fn plain(ty: TypeRef<'_>) -> Meta<'_> {
    Meta { ty, strategy: PatchStrategy::default(), merge_key: "", is_pointer: false }
}

fn has_members(ty: &TypeRef<'_>) -> bool {
    matches!(ty.shape(), Shape::Struct | Shape::Map | Shape::Any)
}

/// Returns the name of the Go struct, if it is one.
fn struct_name(ty: TypeRef<'_>) -> Option<&str> {
    match ty.shape() {
        Shape::Struct => Some(ty.name().map_or("", |name| name.rsplit('.').next().unwrap_or(name))),
        Shape::Quantity => Some("Quantity"),
        Shape::IntOrString => Some("IntOrString"),
        Shape::Time => Some("Time"),
        Shape::MicroTime => Some("MicroTime"),
        Shape::Raw => Some("RawExtension"),
        _ => None,
    }
}

/// Returns the kind of the Go type.
pub(super) fn kind_name(ty: TypeRef<'_>) -> &'static str {
    match ty.shape() {
        Shape::Map => "map",
        Shape::List | Shape::Bytes => "slice",
        Shape::String => "string",
        Shape::Integer => "int64",
        Shape::Number => "float64",
        Shape::Boolean => "bool",
        _ => "struct",
    }
}
