//! The tables behind every schema: numbers into numbers, borrowed when built in and owned when parsed.

use std::borrow::Cow;

/// No such row.
pub(crate) const NONE: u32 = u32::MAX;

/// What a Go type is, as far as its JSON form goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything; nothing is known.
    Any,
    /// A struct with known fields.
    Struct,
    /// A map from strings to one type.
    Map,
    /// A list.
    List,
    /// A string.
    String,
    /// An integer.
    Integer,
    /// A floating point number.
    Number,
    /// A boolean.
    Boolean,
    /// A quantity such as `100m` or `1Gi`.
    Quantity,
    /// An integer or a string.
    IntOrString,
    /// A time in RFC 3339 with seconds.
    Time,
    /// A time in RFC 3339 with microseconds.
    MicroTime,
    /// Bytes, written in base64.
    Bytes,
    /// A document of its own, kept as it is.
    Raw,
}

/// What scalar a structured-merge-diff atom allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scalar {
    /// None.
    Nothing,
    /// A string.
    String,
    /// A number.
    Numeric,
    /// A boolean.
    Boolean,
    /// Any scalar.
    Untyped,
}

/// How the members of a list or map belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// As a whole: owned and replaced together.
    Atomic,
    /// Each by its key (or, in a set, by its value). Lists only.
    Associative,
    /// Each by its name. Maps only.
    Granular,
}

/// How a field takes part in a strategic merge patch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PatchStrategy {
    /// Lists are merged rather than replaced.
    pub merge: bool,
    /// Maps are replaced rather than merged.
    pub replace: bool,
    /// Keys that the patch does not list are removed.
    pub retain_keys: bool,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct NodeRow {
    pub(crate) shape: Shape,
    pub(crate) scalar: Scalar,
    pub(crate) list_relation: Relation,
    pub(crate) map_relation: Relation,
    pub(crate) is_map: bool,
    pub(crate) list: u32,
    pub(crate) key_set: u32,
    pub(crate) map: u32,
    pub(crate) fields_start: u32,
    pub(crate) fields_len: u32,
    pub(crate) type_name: u32,
}

impl NodeRow {
    pub(crate) const EMPTY: Self = Self {
        shape: Shape::Any,
        scalar: Scalar::Nothing,
        list_relation: Relation::Atomic,
        map_relation: Relation::Granular,
        is_map: false,
        list: NONE,
        key_set: 0,
        map: NONE,
        fields_start: 0,
        fields_len: 0,
        type_name: NONE,
    };
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct FieldRow {
    pub(crate) name: u32,
    pub(crate) node: u32,
    /// JSON text of the default.
    pub(crate) default: u32,
    pub(crate) patch: u32,
    pub(crate) flags: u8,
}

impl FieldRow {
    pub(crate) const POINTER: u8 = 1;
    pub(crate) const OMIT_EMPTY: u8 = 2;
    pub(crate) const OMIT_ZERO: u8 = 4;
    /// The field is in the Go type but not in the structured-merge-diff schema.
    pub(crate) const ENCODING_ONLY: u8 = 8;
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct PatchRow {
    pub(crate) strategy: u8,
    pub(crate) key: u32,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct KindRow {
    pub(crate) api_version: u32,
    pub(crate) kind: u32,
    pub(crate) node: u32,
    pub(crate) flags: u8,
}

impl KindRow {
    pub(crate) const TYPED: u8 = 1;
    pub(crate) const STRUCTURED: u8 = 2;
    pub(crate) const OBJECT: u8 = 4;
    pub(crate) const CLUSTER: u8 = 8;
}

/// Types, their fields, and the kinds that have them.
///
/// Look kinds up with [`Schema::kind`] and types by name with [`Schema::type_named`].
#[derive(Clone, Debug)]
pub struct Schema {
    pub(crate) text: Cow<'static, str>,
    pub(crate) names: Cow<'static, [u32]>,
    pub(crate) nodes: Cow<'static, [NodeRow]>,
    pub(crate) fields: Cow<'static, [FieldRow]>,
    pub(crate) keys: Cow<'static, [u32]>,
    pub(crate) key_sets: Cow<'static, [(u32, u32)]>,
    pub(crate) patches: Cow<'static, [PatchRow]>,
    pub(crate) kinds: Cow<'static, [KindRow]>,
    pub(crate) types: Cow<'static, [(u32, u32)]>,
}

impl Schema {
    pub(crate) fn name(&self, name: u32) -> &str {
        let at = |index: usize| self.names.get(index).map(|&offset| offset as usize);
        let range = at(name as usize).zip(at((name as usize).saturating_add(1)));
        range.and_then(|(start, end)| self.text.get(start..end)).unwrap_or_default()
    }

    pub(crate) fn node(&self, node: u32) -> &NodeRow {
        const EMPTY: &NodeRow = &NodeRow::EMPTY;
        self.nodes.get(node as usize).unwrap_or(EMPTY)
    }

    pub(crate) fn fields_of(&self, node: &NodeRow) -> &[FieldRow] {
        let start = node.fields_start as usize;
        self.fields.get(start..start.saturating_add(node.fields_len as usize)).unwrap_or_default()
    }
}
