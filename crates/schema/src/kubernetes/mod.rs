//! The types of Kubernetes 1.36.

mod rows;
#[rustfmt::skip]
mod tables;

use crate::cursor::TypeRef;
use crate::model::Schema;
use std::borrow::Cow;

static SCHEMA: Schema = Schema {
    text: Cow::Borrowed(tables::TEXT),
    names: Cow::Borrowed(&tables::NAMES),
    nodes: Cow::Borrowed(&tables::NODES),
    fields: Cow::Borrowed(&tables::FIELDS),
    keys: Cow::Borrowed(&tables::KEYS),
    key_sets: Cow::Borrowed(&tables::KEY_SETS),
    patches: Cow::Borrowed(&tables::PATCHES),
    kinds: Cow::Borrowed(&tables::KINDS),
    types: Cow::Borrowed(&tables::TYPES),
};

/// Returns the built-in schema.
pub fn schema() -> &'static Schema {
    &SCHEMA
}

/// Returns the type that fits everything.
pub(crate) fn deduced() -> TypeRef<'static> {
    SCHEMA.type_named(crate::smd::DEDUCED).unwrap_or_else(|| TypeRef::open(&SCHEMA))
}
