//! Do two patches want different things?

use super::RETAIN_KEYS;
use super::error::{LIST, Result, StrategicError};
use super::lists::{DIRECTIVE, deduplicate, element_kind, sort_scalars};
use super::meta::{self, Meta};
use crate::go::{Kind, deep_equal, print, print_map, scalar_equal};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::{Map, Value};
use trueup_schema::TypeRef;

/// Returns true if both patches change one field to different values.
pub(super) fn maps_conflict(left: &Map, right: &Map, ty: TypeRef<'_>) -> Result<bool> {
    if let Some(conflict) = directives_conflict(left, right) {
        return Ok(conflict);
    }
    for (key, left) in left {
        if key == DIRECTIVE || key == RETAIN_KEYS {
            continue;
        }
        let Some(right) = right.get(key) else { continue };
        let meta = match Kind::of(left) {
            Kind::Slice => Some(meta::list(ty, key)?),
            Kind::Map => Some(meta::field(ty, key)?),
            _ => None,
        };
        if values_conflict(left, right, meta)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns a patch as the search for conflicts leaves it: lists of scalars that it went through are sorted in place.
pub(super) fn searched(patch: &Map, other: &Map, ty: TypeRef<'_>) -> Result<Map> {
    let mut out = patch.clone();
    for (key, value) in patch.iter().filter(|(key, _)| *key != DIRECTIVE && *key != RETAIN_KEYS) {
        let Some(other) = other.get(key) else { continue };
        let found = match (value.as_map(), other.as_map(), value.as_seq(), other.as_seq()) {
            (Some(map), Some(other), ..) => {
                let meta = meta::field(ty, key)?;
                if meta.strategy.replace { None } else { Some(searched(map, other, meta.ty)?.into()) }
            }
            (_, _, Some(items), Some(other)) => searched_list(items, other, meta::list(ty, key)?)?,
            _ => None,
        };
        if let Some(found) = found {
            out.insert(key.clone(), found);
        }
    }
    Ok(out)
}

fn searched_list(items: &[Value], other: &[Value], meta: Meta<'_>) -> Result<Option<Value>> {
    let below = |item: &Value, other: Option<&Value>| match (item.as_map(), other.and_then(Value::as_map)) {
        (Some(map), Some(other)) => searched(map, other, meta.ty).map(Value::from),
        _ => Ok(item.clone()),
    };
    if element_kind(&[items, other])? != Kind::Map {
        if meta.strategy.merge || items.len() != other.len() {
            return Ok(None);
        }
        // What is left after the distinct ones is what the removal of the others left behind.
        let (mut distinct, rest) = deduplicated_in_place(items)?;
        sort_scalars(&mut distinct);
        return Ok(Some(distinct.into_iter().chain(rest).collect()));
    }
    if meta.strategy.merge {
        let others = by_key(other, meta.merge_key)?;
        let other_of = |item: &Value| others.get(&print(item.get(meta.merge_key)?)).copied();
        return items.iter().map(|item| below(item, other_of(item))).collect::<Result<Value>>().map(Some);
    }
    items.iter().zip(other).map(|(item, other)| below(item, Some(other))).collect::<Result<Value>>().map(Some)
}

/// Splits a list into its distinct items and what stands behind them when repeated ones were removed in place.
fn deduplicated_in_place(items: &[Value]) -> Result<(Vec<Value>, Vec<Value>)> {
    let mut distinct = items.to_vec();
    let mut rest = Vec::new();
    let mut at = 0;
    while at < distinct.len() {
        let mut other = at + 1;
        while other < distinct.len() {
            let same = distinct.get(at).zip(distinct.get(other)).map(|(a, b)| scalar_equal(a, b));
            match same.flatten() {
                // The last item takes the place of the removed one, and stays where it is, too.
                Some(true) => {
                    rest.extend(distinct.last().cloned());
                    distinct.swap_remove(other);
                }
                Some(false) => other += 1,
                None => return Err(StrategicError::Uncomparable(LIST)),
            }
        }
        at += 1;
    }
    rest.reverse();
    Ok((distinct, rest))
}

fn directives_conflict(left: &Map, right: &Map) -> Option<bool> {
    match (left.get(DIRECTIVE), right.get(DIRECTIVE)) {
        (None, None) => None,
        (Some(left), Some(right)) if deep_equal(left, right) => None,
        _ => Some(true),
    }
}

fn values_conflict(left: &Value, right: &Value, meta: Option<Meta<'_>>) -> Result<bool> {
    match (left.as_map(), right.as_map(), meta) {
        (Some(left), Some(right), Some(meta)) => {
            if let Some(conflict) = directives_conflict(left, right) {
                return Ok(conflict);
            }
            return if meta.strategy.replace { Ok(false) } else { maps_conflict(left, right, meta.ty) };
        }
        (Some(_), None, _) => return Ok(true),
        _ => {}
    }
    match (left.as_seq(), right.as_seq(), meta) {
        (Some(left), Some(right), Some(meta)) => lists_conflict(left, right, meta),
        (Some(_), None, _) => Ok(true),
        _ => Ok(!deep_equal(left, right)),
    }
}

fn lists_conflict(left: &[Value], right: &[Value], meta: Meta<'_>) -> Result<bool> {
    let kind = element_kind(&[left, right])?;
    if meta.strategy.merge {
        // Merging scalars never conflicts.
        return if kind == Kind::Map { keyed_lists_conflict(left, right, meta) } else { Ok(false) };
    }
    if left.len() != right.len() {
        return Ok(true);
    }
    let (mut left, mut right) = (left.to_vec(), right.to_vec());
    if kind != Kind::Map {
        for list in [&mut left, &mut right] {
            deduplicate(list)?;
            sort_scalars(list);
        }
    }
    let item_meta = Meta { strategy: Default::default(), merge_key: "", ..meta };
    for (left, right) in left.iter().zip(&right) {
        if values_conflict(left, right, Some(item_meta))? {
            return Ok(true);
        }
    }
    // Upstream looks at as many items as the patch has, and falls over where the other list is shorter.
    Ok(left.len() > right.len())
}

fn keyed_lists_conflict(left: &[Value], right: &[Value], meta: Meta<'_>) -> Result<bool> {
    let (left, right) = (by_key(left, meta.merge_key)?, by_key(right, meta.merge_key)?);
    let item_meta = Meta { strategy: Default::default(), merge_key: "", ..meta };
    for (key, left) in left {
        if let Some(right) = right.get(&key)
            && values_conflict(left, right, Some(item_meta))?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

fn by_key<'v>(list: &'v [Value], merge_key: &str) -> Result<BTreeMap<EcoString, &'v Value>> {
    let mut by_key = BTreeMap::new();
    for item in list {
        let Some(map) = item.as_map() else {
            let list = print(&list.to_vec().into());
            return Err(StrategicError::BadMergingList(format!(
                "invalid element type in merging list:{list}"
            )));
        };
        let Some(key) = map.get(merge_key) else {
            let map = print_map(map);
            let text = format!("cannot find merge key `{merge_key}` in merging list element:{map}");
            return Err(StrategicError::BadMergingList(text));
        };
        by_key.insert(print(key), item);
    }
    Ok(by_key)
}
