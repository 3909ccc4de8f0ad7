//! Bringing the merging lists of an object into one order, for comparisons that do not care about it.

use super::error::{Result, StrategicError};
use super::lists::{DIRECTIVE, as_map, deduplicate, element_kind, sort_maps, sort_scalars};
use super::meta;
use super::{DELETE_FROM_PRIMITIVE_LIST, RETAIN_KEYS, SET_ELEMENT_ORDER};
use crate::go::Kind;
use trueup_manifest::{Map, Value};
use trueup_schema::TypeRef;

/// Sorts every list that a strategic merge would merge: maps by merge key, scalars by text and without repetition.
///
/// # Errors
/// Fields the type does not have, and lists whose items are not of one type.
pub fn sort_merge_lists(object: &Value, ty: TypeRef<'_>) -> Result<Value> {
    let map = object.as_map().ok_or(StrategicError::BadDocument)?;
    Ok(sorted_map(map, ty)?.into())
}

fn sorted_map(map: &Map, ty: TypeRef<'_>) -> Result<Map> {
    let mut out = Map::with_capacity(map.len());
    for (key, value) in map {
        out.insert(key.clone(), sorted_member(key, value, ty)?);
    }
    Ok(out)
}

fn sorted_member(key: &str, value: &Value, ty: TypeRef<'_>) -> Result<Value> {
    let scalars = |error| {
        let mut items = value.as_seq().ok_or(error)?.to_vec();
        sort_scalars(&mut items);
        Ok(items.into())
    };
    if key == RETAIN_KEYS {
        return scalars(StrategicError::RetainKeys);
    } else if key.starts_with(DELETE_FROM_PRIMITIVE_LIST) {
        return scalars(StrategicError::PrimitiveList);
    } else if key.starts_with(SET_ELEMENT_ORDER) {
        return if value.is_seq() { Ok(value.clone()) } else { Err(StrategicError::SetElementOrder) };
    } else if key == DIRECTIVE {
        return Ok(value.clone());
    }
    if let Some(map) = value.as_map() {
        return Ok(sorted_map(map, meta::field(ty, key)?.ty)?.into());
    }
    let Some(items) = value.as_seq() else { return Ok(value.clone()) };
    let meta = meta::list(ty, key)?;
    if !meta.strategy.merge || items.is_empty() {
        return Ok(value.clone());
    }
    let mut items = items.to_vec();
    if element_kind(&[&items])? == Kind::Map {
        for item in &mut items {
            *item = sorted_map(as_map(item)?, meta.ty)?.into();
        }
        sort_maps(&mut items, meta.merge_key);
    } else {
        deduplicate(&mut items)?;
        sort_scalars(&mut items);
    }
    Ok(items.into())
}
