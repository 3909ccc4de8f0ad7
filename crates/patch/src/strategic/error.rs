//! Why a strategic merge patch could not be made or applied.

use crate::go::{Kind, print, print_map};
use trueup_manifest::{Map, Value};

/// Why a strategic merge patch could not be made or applied. The texts are those of the API machinery.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StrategicError {
    /// A document is not an object.
    #[error("invalid JSON document")]
    BadDocument,
    /// A list contains a list.
    #[error("lists of lists are not supported")]
    ListOfLists,
    /// `$deleteFromPrimitiveList` does not have its form.
    #[error("invalid patch format of primitive list")]
    PrimitiveList,
    /// `$retainKeys` does not have its form, or does not name every key of the patch.
    #[error("invalid patch format of retainKeys")]
    RetainKeys,
    /// `$setElementOrder` does not have its form, or two of them differ.
    #[error("invalid patch format of setElementOrder list")]
    SetElementOrder,
    /// The items of a patch are not in the order that the patch asks for.
    #[error("The order in patch list:\n{patch}\n doesn't match $setElementOrder list:\n{order}\n")]
    Order {
        /// The list in the patch.
        patch: String,
        /// The order it asks for.
        order: String,
    },
    /// An item of a merging list lacks the merge key.
    #[error("map: {map} does not contain declared merge key: {key}")]
    NoMergeKey {
        /// The item.
        map: String,
        /// The key.
        key: String,
    },
    /// A list of maps is to be merged, but no key is declared.
    #[error("cannot merge lists without merge key for {0}")]
    NoKeyDeclared(&'static str),
    /// A value has the wrong type.
    #[error("expected a {expected}, but received a {received}")]
    BadType {
        /// The type that belongs there.
        expected: &'static str,
        /// The type found.
        received: &'static str,
    },
    /// `$patch` says something unknown.
    #[error("unknown patch type: {directive} in map: {map}")]
    BadDirective {
        /// What it says.
        directive: String,
        /// Where it says it.
        map: String,
    },
    /// `$patch` is not a string.
    #[error("invalid value for special key: $patch")]
    BadDirectiveValue,
    /// `$patch: merge` in a list.
    #[error("merging lists cannot yet be specified in the patch")]
    MergeDirective,
    /// The items of a list are not of one type.
    #[error("list element types are not identical: {0}")]
    MixedList(String),
    /// There are no items to tell the type from.
    #[error("no elements in any of the given slices")]
    NoElements,
    /// An item of a merging list is not a map.
    #[error("value for key {0} is not a map")]
    NotAMap(usize),
    /// The type has no such field.
    #[error("unable to find api field in struct {ty} for the json field {field:?}")]
    UnknownField {
        /// The type.
        ty: String,
        /// The field.
        field: String,
    },
    /// Something that has no fields is to be merged.
    #[error("merging an object in json but data type is not struct, instead is: {0}")]
    NotAStruct(&'static str),
    /// A field that is no list is to be merged as one.
    #[error("expected slice or array type, but got: {0}")]
    NotASlice(&'static str),
    /// Two patches ask for different keys to be retained.
    #[error("{0} and {1} are not deep equal: this may happen when calculating the 3-way diff patch")]
    RetainKeysDiffer(String, String),
    /// A list or map is used where only a scalar identifies something.
    #[error("runtime error: comparing uncomparable type {0}")]
    Uncomparable(&'static str),
    /// A precondition does not hold.
    #[error("precondition failed for: {0}")]
    Precondition(String),
    /// The live object was changed in the same place with another value.
    #[error("patch:\n{patch}\nconflicts with changes made from original to current:\n{changes}\n")]
    Conflict {
        /// The patch, in YAML.
        patch: String,
        /// What was changed, in YAML.
        changes: String,
    },
    /// A merging list in a conflict check holds something else than maps with the key.
    #[error("{0}")]
    BadMergingList(String),
}

pub(super) type Result<T> = std::result::Result<T, StrategicError>;

pub(super) const MAP: &str = "map[string]interface {}";
pub(super) const LIST: &str = "[]interface {}";

impl StrategicError {
    pub(super) fn bad_type(expected: &'static str, received: &Value) -> Self {
        Self::BadType { expected, received: Kind::of(received).type_name() }
    }

    pub(super) fn no_merge_key(map: &Map, key: &str) -> Self {
        Self::NoMergeKey { map: print_map(map).into(), key: key.into() }
    }

    pub(super) fn bad_directive(directive: &Value, map: &Map) -> Self {
        let directive = match (directive.as_str(), Kind::of(directive)) {
            (Some(text), _) => text.to_owned(),
            (None, Kind::Nil) => "%!s(<nil>)".to_owned(),
            (None, kind) => format!("%!s({}={})", kind.type_name(), print(directive)),
        };
        Self::BadDirective { directive, map: print_map(map).into() }
    }

    pub(super) fn uncomparable(value: &Value) -> Self {
        Self::Uncomparable(Kind::of(value).type_name())
    }
}
