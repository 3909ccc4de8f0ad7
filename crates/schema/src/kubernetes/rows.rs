//! Short names for the rows of the generated tables.

use crate::model::{FieldRow, KindRow, NONE, NodeRow, PatchRow, Relation, Scalar, Shape};

/// The generated tables say "none" in 16 bits.
const fn wide(id: u16) -> u32 {
    if id == u16::MAX { NONE } else { id as u32 }
}

/// A scalar.
pub(super) const fn s(shape: Shape, scalar: Scalar) -> NodeRow {
    NodeRow { shape, scalar, ..NodeRow::EMPTY }
}

/// A list of one type.
pub(super) const fn l(item: u16, list_relation: Relation, key_set: u32) -> NodeRow {
    NodeRow { shape: Shape::List, list: item as u32, list_relation, key_set, ..NodeRow::EMPTY }
}

/// A map to one type.
pub(super) const fn m(item: u16, map_relation: Relation) -> NodeRow {
    NodeRow { shape: Shape::Map, is_map: true, map: item as u32, map_relation, ..NodeRow::EMPTY }
}

/// A struct.
pub(super) const fn t(map_relation: Relation, fields_start: u32, fields_len: u32, type_name: u32) -> NodeRow {
    NodeRow {
        shape: Shape::Struct,
        is_map: true,
        map_relation,
        fields_start,
        fields_len,
        type_name,
        ..NodeRow::EMPTY
    }
}

/// Something open: a scalar, a list and a map at once.
pub(super) const fn x(
    shape: Shape,
    scalar: Scalar,
    list: (u16, Relation),
    map: (u16, Relation),
    fields: (u32, u32),
    type_name: u16,
) -> NodeRow {
    NodeRow {
        shape,
        scalar,
        list_relation: list.1,
        map_relation: map.1,
        is_map: true,
        list: wide(list.0),
        map: wide(map.0),
        fields_start: fields.0,
        fields_len: fields.1,
        type_name: wide(type_name),
        key_set: 0,
    }
}

/// A field.
pub(super) const fn f(name: u16, node: u16, flags: u8, patch: u16, default: u16) -> FieldRow {
    FieldRow { name: name as u32, node: node as u32, default: wide(default), patch: wide(patch), flags }
}

/// A patch strategy with its merge key.
pub(super) const fn p(strategy: u8, key: u16) -> PatchRow {
    PatchRow { strategy, key: wide(key) }
}

/// A kind.
pub(super) const fn k(api_version: u16, kind: u16, node: u16, flags: u8) -> KindRow {
    KindRow { api_version: api_version as u32, kind: kind as u32, node: node as u32, flags }
}
