//! JSON merge patch (RFC 7386) as evanphx/json-patch does it, and the API machinery's three-way variant.

use trueup_manifest::{Map, Number, Value, View};

/// Why a merge patch could not be made or applied. The texts are those of evanphx/json-patch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum MergePatchError {
    /// The document is not an object where one is needed.
    #[error("Invalid JSON Document")]
    BadDocument,
    /// The patch is neither an object nor a list.
    #[error("Invalid JSON Patch")]
    BadPatch,
    /// One document is a list and the other is not.
    #[error("Mismatched JSON Documents")]
    Mismatch,
}

type Result<T> = std::result::Result<T, MergePatchError>;

/// Applies a merge patch: null deletes, maps merge, everything else replaces.
///
/// ```
/// let value = |json| serde_json::from_str::<trueup_manifest::Value>(json).unwrap();
/// let merged = trueup_patch::merge_patch::apply(&value(r#"{"a":1,"b":{"c":1}}"#), &value(r#"{"a":null,"b":{"d":2}}"#));
/// assert_eq!(merged.unwrap(), value(r#"{"b":{"c":1,"d":2}}"#));
/// ```
///
/// # Errors
/// A null document or patch, and a patch that is a scalar.
pub fn apply(document: &Value, patch: &Value) -> Result<Value> {
    if document.is_null() {
        return Err(MergePatchError::BadDocument);
    }
    match (document.as_map(), patch.view()) {
        (Some(document), View::Map(patch)) => Ok(merge_maps(document, patch).into()),
        (None, View::Map(_)) | (_, View::Seq(_)) => Ok(without_nulls(patch)),
        _ => Err(MergePatchError::BadPatch),
    }
}

/// Merges a patch into a map.
pub fn merge_maps(document: &Map, patch: &Map) -> Map {
    let mut out = document.clone();
    for (key, value) in patch {
        if value.is_null() {
            out.remove(key);
            continue;
        }
        let merged = match out.get(key) {
            Some(current) if !current.is_null() => merge(current, value),
            _ => without_nulls(value),
        };
        out.insert(key.clone(), merged);
    }
    out
}

fn merge(current: &Value, patch: &Value) -> Value {
    match (current.as_map(), patch.as_map()) {
        (Some(current), Some(patch)) => merge_maps(current, patch).into(),
        // What replaces a map is taken as it is, nulls included.
        (Some(_), None) => patch.clone(),
        (None, _) => without_nulls(patch),
    }
}

/// Returns the value without null members of maps; null items of lists stay.
fn without_nulls(value: &Value) -> Value {
    match value.view() {
        View::Map(map) => {
            let kept = map.iter().filter(|(_, member)| !member.is_null());
            kept.map(|(key, member)| (key.clone(), without_nulls(member))).collect::<Map>().into()
        }
        View::Seq(items) => items.iter().map(without_nulls).collect(),
        _ => value.clone(),
    }
}

/// Returns the merge patch that leads from one document to another.
///
/// Lists are replaced as a whole. Two lists of documents of one length give a list of patches. A member that is null
/// in the modified document cannot be kept by a merge patch: it is removed.
///
/// # Errors
/// Documents that are no objects, lists of different lengths, a list and an object.
pub fn create(original: &Value, modified: &Value) -> Result<Value> {
    match (original.as_seq(), modified.as_seq()) {
        (Some(original), Some(modified)) if original.len() == modified.len() => {
            let pairs = original.iter().zip(modified);
            pairs
                .map(|(original, modified)| create_object(original, modified))
                .collect::<Result<Vec<_>>>()
                .map(Into::into)
        }
        (Some(_), Some(_)) => Err(MergePatchError::BadDocument),
        (None, None) => create_object(original, modified),
        _ => Err(MergePatchError::Mismatch),
    }
}

fn create_object(original: &Value, modified: &Value) -> Result<Value> {
    Ok(difference(&object(&as_floats(original))?, &object(&as_floats(modified))?).into())
}

/// The largest whole number up to which every whole number is a float.
const EXACT: u64 = 1 << 53;

/// Returns the value as evanphx/json-patch reads it: numbers are floats, so large integers lose digits.
fn as_floats(value: &Value) -> Value {
    match value.view() {
        View::Number(Number::Int(i)) if i.unsigned_abs() > EXACT => (i as f64).into(),
        View::Number(Number::UInt(u)) => (u as f64).into(),
        View::Seq(items) if items.iter().any(loses_digits) => items.iter().map(as_floats).collect(),
        View::Map(map) if map.values().any(loses_digits) => {
            map.iter().map(|(key, member)| (key.clone(), as_floats(member))).collect::<Map>().into()
        }
        _ => value.clone(),
    }
}

fn loses_digits(value: &Value) -> bool {
    match value.view() {
        View::Number(Number::Int(i)) => i.unsigned_abs() > EXACT,
        View::Number(Number::UInt(_)) => true,
        View::Seq(items) => items.iter().any(loses_digits),
        View::Map(map) => map.values().any(loses_digits),
        _ => false,
    }
}

fn object(value: &Value) -> Result<Map> {
    match value.as_map() {
        Some(map) => Ok(map.clone()),
        None if value.is_null() => Ok(Map::new()),
        None => Err(MergePatchError::BadDocument),
    }
}

fn difference(original: &Map, modified: &Map) -> Map {
    let mut patch = Map::new();
    for (key, new) in modified {
        match original.get(key) {
            Some(old) if old.same(new) => {}
            Some(old) => match old.as_map().zip(new.as_map()) {
                Some((old, new)) => {
                    let below = difference(old, new);
                    if !below.is_empty() {
                        patch.insert(key.clone(), below);
                    }
                }
                None if old != new => {
                    patch.insert(key.clone(), new.clone());
                }
                None => {}
            },
            None => {
                patch.insert(key.clone(), new.clone());
            }
        }
    }
    for key in original.keys().filter(|key| !modified.contains_key(key)) {
        patch.insert(key.clone(), Value::NULL);
    }
    patch
}

/// Which part of a patch to keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Only deletions.
    Nulls,
    /// Only additions and changes.
    Values,
}

/// Returns the part of a patch that deletes, or the part that does not. Maps that become empty go, too.
pub fn filter_nulls(patch: &Map, keep: Keep) -> Map {
    let mut out = Map::new();
    for (key, value) in patch {
        match value.view() {
            View::Null if keep == Keep::Nulls => {
                out.insert(key.clone(), Value::NULL);
            }
            View::Null => {}
            // An empty map is a value, not a patch without content.
            View::Map(map) if map.is_empty() && keep == Keep::Values => {
                out.insert(key.clone(), value.clone());
            }
            View::Map(map) => {
                let below = filter_nulls(map, keep);
                if !below.is_empty() {
                    out.insert(key.clone(), below);
                }
            }
            _ if keep == Keep::Values => {
                out.insert(key.clone(), value.clone());
            }
            _ => {}
        }
    }
    out
}

/// Returns the patch for `current` that makes the changes and deletions from `original` to `modified`.
///
/// Null stands for an absent document.
///
/// # Errors
/// Documents that are no objects.
pub fn create_three_way(original: &Value, modified: &Value, current: &Value) -> Result<Value> {
    let read = |document| object(&as_floats(document));
    let (original, modified, current) = (read(original)?, read(modified)?, read(current)?);
    let changes = filter_nulls(&difference(&current, &modified), Keep::Values);
    let deletions = filter_nulls(&difference(&original, &modified), Keep::Nulls);
    Ok(merge_maps(&deletions, &changes).into())
}
