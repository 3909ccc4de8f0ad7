//! How matrix and merge put parameter sets together.

use super::{Parameters, string, value_text};
use crate::error::{Error, Failure};
use std::collections::BTreeMap;
use trueup_manifest::{Map, json};
use trueup_template::{Text, Value};

/// Combines two flat sets as the matrix generator does without Go templates: every value becomes text.
///
/// # Errors
/// A name that is in both with different texts.
pub fn combine(first: &Parameters, second: &Parameters) -> Result<Parameters, Error> {
    combine_flat(first, second).map_err(|failure| failure.generate(""))
}

pub(crate) fn combine_flat(first: &Parameters, second: &Parameters) -> Result<Parameters, Failure> {
    let as_text = |value: Value| match value {
        Value::Str(_) => value,
        other => string(value_text(&other)),
    };
    let texts = first.entries().into_iter().map(|(key, value)| (key, as_text(value)));
    let mut entries: BTreeMap<Text, Value> = texts.collect();
    for (key, value) in second.entries() {
        let value = as_text(value);
        match entries.get(key.as_bytes()) {
            Some(other) if value_text(other) != value_text(&value) => {
                let (a, b) = (value_text(other), value_text(&value));
                return Err(Failure::new(format!(
                    "found duplicate key {key} with different value, a: {a} ,b: {b}"
                )));
            }
            _ => entries.insert(key, value),
        };
    }
    Ok(entries.into_iter().collect())
}

/// Lays one tree over another: maps merge deeply, everything else of `over` replaces what `base` has.
///
/// Where both sides are maps and the base's is not empty they merge; null, false, 0 and "" replace too.
pub fn deep_override(base: &Parameters, over: &Parameters) -> Parameters {
    let mut entries: BTreeMap<Text, Value> = base.entries().into_iter().collect();
    overlay(&mut entries, over.entries());
    entries.into_iter().collect()
}

fn overlay(base: &mut BTreeMap<Text, Value>, over: Vec<(Text, Value)>) {
    for (key, value) in over {
        let merged = match (base.get(key.as_bytes()), &value) {
            (Some(Value::Map(old)), Value::Map(new)) if !old.is_empty() => {
                let mut entries: BTreeMap<Text, Value> = old.entries().into_iter().collect();
                overlay(&mut entries, new.entries());
                Value::Map(entries.into_iter().collect())
            }
            _ => value,
        };
        base.insert(key, merged);
    }
}

/// Returns the sets of one child of a merge generator with their keys: JSON objects of the merge keys' values.
///
/// # Errors
/// No merge keys; two sets with one key.
pub fn keyed<'a>(
    merge_keys: &[impl AsRef<str>],
    sets: impl IntoIterator<Item = &'a Parameters>,
) -> Result<Vec<(String, &'a Parameters)>, Error> {
    keys(merge_keys, sets).map_err(|failure| failure.generate(""))
}

pub(crate) fn keys<'a>(
    merge_keys: &[impl AsRef<str>],
    sets: impl IntoIterator<Item = &'a Parameters>,
) -> Result<Vec<(String, &'a Parameters)>, Failure> {
    if merge_keys.is_empty() {
        return Err("no merge keys were specified, Merge requires at least one".into());
    }
    let mut seen = std::collections::BTreeSet::new();
    let mut out = Vec::new();
    for set in sets {
        let value =
            |key: &str| set.get(key).map_or(trueup_manifest::Value::NULL, |value| value.to_manifest());
        let key = Map::from_iter(merge_keys.iter().map(|key| (key.as_ref(), value(key.as_ref()))));
        let key = json::to_string(&key.into())
            .map_err(|error| Failure::new(format!("error marshalling param set key json: {error}")))?;
        if !seen.insert(key.clone()) {
            return Err(Failure::new(format!(
                "the parameters from a generator were not unique by the given mergeKeys, Merge requires all param \
                 sets to be unique. Duplicate key was {key}"
            )));
        }
        out.push((key, set));
    }
    Ok(out)
}
