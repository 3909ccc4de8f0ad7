//! The API machinery's strategic merge patch: JSON merge patch that knows how lists merge.
//!
//! Types come from [`trueup_schema`]. Directives: `$patch`, `$retainKeys`, `$setElementOrder/…`,
//! `$deleteFromPrimitiveList/…`.

mod apply;
mod conflict;
mod diff;
mod error;
mod lists;
mod meta;
mod slice;
mod sort;

pub use error::StrategicError;
pub use sort::sort_merge_lists;

use crate::go::print_map;
use apply::Mode;
use diff::Options;
use error::Result;
use trueup_manifest::{Map, Value};
use trueup_schema::TypeRef;

const RETAIN_KEYS: &str = "$retainKeys";
const DELETE_FROM_PRIMITIVE_LIST: &str = "$deleteFromPrimitiveList";
const SET_ELEMENT_ORDER: &str = "$setElementOrder";

/// A condition that a patch must meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Precondition {
    /// The patch does not change this field of the object.
    Unchanged(String),
    /// The patch does not change this field of the metadata.
    MetadataUnchanged(String),
}

impl Precondition {
    fn holds(&self, patch: &Map) -> bool {
        match self {
            Self::Unchanged(key) => !patch.contains_key(key),
            Self::MetadataUnchanged(key) => match patch.get("metadata") {
                Some(metadata) => metadata.get(key).is_none(),
                None => true,
            },
        }
    }
}

/// What to do when the live object was changed in the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnConflict {
    /// The modified object wins.
    Overwrite,
    /// It is an error.
    Fail,
}

/// Returns the patch that leads from the original to the modified object. `ty` is the type of both.
///
/// ```
/// use trueup_manifest::Value;
/// let pod = trueup_schema::kubernetes::schema().kind("v1", "Pod").unwrap().ty();
/// let value = |json| serde_json::from_str::<Value>(json).unwrap();
/// let old = value(r#"{"spec":{"containers":[{"name":"app","image":"app:1"},{"name":"log"}]}}"#);
/// let new = value(r#"{"spec":{"containers":[{"name":"app","image":"app:2"},{"name":"log"}]}}"#);
/// let patch = trueup_patch::strategic::create_two_way(&old, &new, pod, &[]).unwrap();
/// assert_eq!(patch.at(&["spec", "containers"]).unwrap().as_seq().unwrap().len(), 1);
/// assert_eq!(trueup_patch::strategic::apply(&old, &patch, pod).unwrap(), new);
/// ```
///
/// # Errors
/// Fields the type does not have where the objects differ, items without their merge key, mixed lists, preconditions.
pub fn create_two_way(
    original: &Value,
    modified: &Value,
    ty: TypeRef<'_>,
    preconditions: &[Precondition],
) -> Result<Value> {
    let options = Options { set_element_order: true, ..Options::default() };
    let patch = diff::maps(&document(original)?, &document(modified)?, ty, options)?;
    check(&patch, preconditions)?;
    Ok(patch.into())
}

/// Returns the patch for the live object `current` that makes the changes and deletions from `original` to `modified`.
///
/// Null stands for an absent document.
///
/// # Errors
/// As [`create_two_way`], and conflicts when they are to fail.
pub fn create_three_way(
    [original, modified, current]: [&Value; 3],
    ty: TypeRef<'_>,
    on_conflict: OnConflict,
    preconditions: &[Precondition],
) -> Result<Value> {
    let (original, modified, current) = (document(original)?, document(modified)?, document(current)?);
    let ordered = Options { set_element_order: true, ..Options::default() };
    let delta = diff::maps(&current, &modified, ty, Options { ignore_deletions: true, ..ordered })?;
    let deletions = diff::maps(&original, &modified, ty, Options { ignore_changes: true, ..ordered })?;
    let patch = apply::maps(deletions, delta, ty, Mode::Patch)?;
    check(&patch, preconditions)?;
    if on_conflict == OnConflict::Fail {
        let changes = diff::maps(&original, &current, ty, Options::default())?;
        if conflict::maps_conflict(&patch, &changes, ty)? {
            let yaml = |map: Map| trueup_manifest::yaml::to_string(&map.into()).unwrap_or_default();
            let (patch, changes) = (yaml(patch), yaml(changes));
            return Err(StrategicError::Conflict { patch, changes });
        }
        return Ok(conflict::searched(&patch, &changes, ty)?.into());
    }
    Ok(patch.into())
}

/// Applies a patch to an object. Null stands for an absent document.
///
/// # Errors
/// Directives that do not have their form, items without their merge key, mixed lists, unknown fields to be merged.
pub fn apply(original: &Value, patch: &Value, ty: TypeRef<'_>) -> Result<Value> {
    Ok(apply::maps(document(original)?, document(patch)?, ty, Mode::Object)?.into())
}

fn document(value: &Value) -> Result<Map> {
    match value.as_map() {
        Some(map) => Ok(map.clone()),
        None if value.is_null() => Ok(Map::new()),
        None => Err(StrategicError::BadDocument),
    }
}

fn check(patch: &Map, preconditions: &[Precondition]) -> Result<()> {
    match preconditions.iter().all(|precondition| precondition.holds(patch)) {
        true => Ok(()),
        false => Err(StrategicError::Precondition(print_map(patch).into())),
    }
}
