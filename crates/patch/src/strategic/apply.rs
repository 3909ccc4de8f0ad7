//! Applying a patch to an object, or to another patch.

use super::error::{Result, StrategicError};
use super::lists::{
    DIRECTIVE, as_list, as_map, deduplicate, element_kind, find, key_of, ordered, partition, split_deletes,
};
use super::meta::{self, Meta};
use super::slice::Slice;
use super::{DELETE_FROM_PRIMITIVE_LIST, RETAIN_KEYS, SET_ELEMENT_ORDER};
use crate::go::{Kind, deep_equal, print, scalar_equal};
use ecow::EcoString;
use trueup_manifest::{Map, Value};
use trueup_schema::TypeRef;

/// What a patch is merged into.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// An object: directives are obeyed, nulls delete.
    Object,
    /// Another patch: directives are kept, nulls too.
    Patch,
}

/// Merges a patch into a map.
pub(super) fn maps(original: Map, mut patch: Map, ty: TypeRef<'_>, mode: Mode) -> Result<Map> {
    if let Some(directive) = patch.get(DIRECTIVE) {
        return match directive.as_str() {
            Some("replace") => {
                patch.remove(DIRECTIVE);
                Ok(patch)
            }
            Some("delete") => Ok(Map::new()),
            _ => Err(StrategicError::bad_directive(directive, &patch)),
        };
    }
    let mut out = original;
    retain_keys(&mut out, &mut patch, mode)?;
    order_lists(&mut out, &mut patch, ty, mode)?;
    patch.sort_keys();
    for (key, value) in &patch {
        member(&mut out, key, value, ty, mode)?;
    }
    Ok(out)
}

fn retain_keys(original: &mut Map, patch: &mut Map, mode: Mode) -> Result<()> {
    let Some(retained) = patch.remove(RETAIN_KEYS) else { return Ok(()) };
    if mode == Mode::Patch {
        return match original.get(RETAIN_KEYS) {
            Some(other) if !deep_equal(other, &retained) => {
                Err(StrategicError::RetainKeysDiffer(print(other).into(), print(&retained).into()))
            }
            Some(_) => Ok(()),
            None => {
                original.insert(RETAIN_KEYS, retained);
                Ok(())
            }
        };
    }
    let retained = retained.as_seq().ok_or(StrategicError::RetainKeys)?;
    let keeps = |key: &str| retained.iter().any(|name| name.as_str() == Some(key));
    let parallel =
        |key: &str| key.starts_with(DELETE_FROM_PRIMITIVE_LIST) || key.starts_with(SET_ELEMENT_ORDER);
    if patch.iter().any(|(key, value)| !value.is_null() && !parallel(key) && !keeps(key)) {
        return Err(StrategicError::RetainKeys);
    }
    original.retain(|key, _| keeps(key));
    Ok(())
}

/// Merges the lists whose order the patch asks for, and takes them out of the patch.
fn order_lists(original: &mut Map, patch: &mut Map, ty: TypeRef<'_>, mode: Mode) -> Result<()> {
    let mut keys: Vec<EcoString> =
        patch.keys().filter(|key| key.starts_with(SET_ELEMENT_ORDER)).cloned().collect();
    keys.sort();
    for key in keys {
        let Some(order) = patch.remove(&key) else { continue };
        if mode == Mode::Patch {
            match original.get(&key) {
                Some(other) if !deep_equal(other, &order) => return Err(StrategicError::SetElementOrder),
                Some(_) => {}
                None => {
                    original.insert(key.clone(), order.clone());
                }
            }
        }
        let order = as_list(&order)?;
        let field = match key.split_once('/') {
            Some((SET_ELEMENT_ORDER, field)) => field,
            _ => return Err(StrategicError::SetElementOrder),
        };
        let meta = || meta::list(ty, field);
        if let Some(list) = ordered_list(original.get(field), patch.get(field), order, meta, mode)? {
            original.insert(field, list);
            patch.remove(field);
        }
    }
    Ok(())
}

fn ordered_list<'a>(
    original: Option<&Value>,
    patch: Option<&Value>,
    order: &[Value],
    meta: impl FnOnce() -> Result<Meta<'a>>,
    mode: Mode,
) -> Result<Option<Vec<Value>>> {
    let original = original.map(as_list).transpose()?;
    let patch = patch.map(as_list).transpose()?;
    let meta = meta()?;
    check_order(patch.unwrap_or_default(), order, meta.merge_key)?;
    let (merged, live) = match (original, patch) {
        (Some(original), None) => (original.to_vec(), original.to_vec()),
        (None, Some(patch)) => (without_directives_list(patch), Vec::new()),
        (Some(original), Some(patch)) => {
            let merged = lists(original, patch, meta, ListKind::Values, mode)?;
            (merged.list, merged.live)
        }
        (None, None) => return Ok(None),
    };
    let parts = partition(merged, order, meta.merge_key)?;
    let kind = element_kind(&[&live, patch.unwrap_or_default()])?;
    ordered(parts, order, &live, meta.merge_key, kind).map(Some)
}

/// Every item of the patch must be in the order list, in the same order.
fn check_order(patch: &[Value], order: &[Value], merge_key: &str) -> Result<()> {
    if order.is_empty() || patch.is_empty() {
        return Ok(());
    }
    let items = if merge_key.is_empty() { patch.to_vec() } else { split_deletes(patch.to_vec())?.0 };
    let (mut items, mut places) = (items.iter().peekable(), order.iter().peekable());
    while let (Some(item), Some(place)) = (items.peek(), places.peek()) {
        if item.get(DIRECTIVE).is_some() {
            items.next();
            continue;
        }
        let (item, place) = if merge_key.is_empty() {
            (*item, *place)
        } else {
            (key_of(item, merge_key)?, key_of(place, merge_key)?)
        };
        if scalar_equal(item, place).ok_or_else(|| StrategicError::uncomparable(item))? {
            items.next();
        }
        places.next();
    }
    if items.peek().is_none() {
        return Ok(());
    }
    let show = |list: &[Value]| print(&list.to_vec().into()).into();
    Err(StrategicError::Order { patch: show(patch), order: show(order) })
}

fn member(out: &mut Map, key: &EcoString, value: &Value, ty: TypeRef<'_>, mode: Mode) -> Result<()> {
    let mut kind = ListKind::Values;
    let mut key = key.as_str();
    if key.starts_with(DELETE_FROM_PRIMITIVE_LIST) {
        if mode == Mode::Patch {
            out.insert(key, value.clone());
            return Ok(());
        }
        let field = match key.split_once('/') {
            Some((DELETE_FROM_PRIMITIVE_LIST, field)) => field,
            _ => return Err(StrategicError::PrimitiveList),
        };
        kind = ListKind::Deletions;
        key = if field.is_empty() { key } else { field };
    }
    if value.is_null() {
        out.remove(key);
        if mode == Mode::Object {
            return Ok(());
        }
    }
    let existing = out.get(key);
    let merged = match existing {
        Some(old) if Kind::of(old) == Kind::of(value) => both(old, key, value, ty, kind, mode)?,
        _ if kind == ListKind::Deletions => return Ok(()),
        _ if mode == Mode::Object => without_directives(&without_nulls(value)),
        _ => without_directives(value),
    };
    match merged {
        Some(merged) => {
            out.insert(key, merged);
        }
        None => {
            out.remove(key);
        }
    }
    Ok(())
}

fn both(
    old: &Value,
    key: &str,
    new: &Value,
    ty: TypeRef<'_>,
    kind: ListKind,
    mode: Mode,
) -> Result<Option<Value>> {
    if let (Some(old), Some(map)) = (old.as_map(), new.as_map()) {
        let meta = meta::field(ty, key)?;
        if meta.strategy.replace {
            return Ok(Some(new.clone()));
        }
        return Ok(Some(maps(old.clone(), map.clone(), meta.ty, mode)?.into()));
    }
    if let (Some(old), Some(list)) = (old.as_seq(), new.as_seq()) {
        return Ok(Some(lists(old, list, meta::list(ty, key)?, kind, mode)?.list.into()));
    }
    Ok(without_directives(new))
}

/// What the items of a patch list are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ListKind {
    Values,
    /// Scalars to be deleted.
    Deletions,
}

struct Merged {
    list: Vec<Value>,
    /// What the live list looks like after the merge worked on it.
    live: Vec<Value>,
}

fn lists(original: &[Value], patch: &[Value], meta: Meta<'_>, kind: ListKind, mode: Mode) -> Result<Merged> {
    if !meta.strategy.merge && kind == ListKind::Values {
        return Ok(Merged { list: patch.to_vec(), live: original.to_vec() });
    }
    if original.is_empty() && patch.is_empty() {
        return Ok(Merged { list: Vec::new(), live: Vec::new() });
    }
    match element_kind(&[original, patch])? {
        Kind::Map if meta.merge_key.is_empty() => {
            Err(StrategicError::NoKeyDeclared(meta::kind_name(meta.ty)))
        }
        Kind::Map => lists_of_maps(original, patch, meta, mode),
        _ if kind == ListKind::Deletions => {
            let deleted = |item: &Value| patch.iter().any(|delete| deep_equal(item, delete));
            let list = original.iter().filter(|item| !deleted(item)).cloned().collect();
            Ok(Merged { list, live: original.to_vec() })
        }
        kind => {
            let mut both = Slice::new(original);
            both.extend(patch);
            let mut unique = both.items().to_vec();
            deduplicate(&mut unique)?;
            both.rewrite(unique);
            let live = both.older_view().to_vec();
            let parts = partition(both.items().to_vec(), patch, meta.merge_key)?;
            Ok(Merged { list: ordered(parts, patch, &live, meta.merge_key, kind)?, live })
        }
    }
}

fn lists_of_maps(original: &[Value], patch: &[Value], meta: Meta<'_>, mode: Mode) -> Result<Merged> {
    let key = meta.merge_key;
    let mut merged = Slice::new(original);
    let (plain, replaces) = obey_directives(&mut merged, patch, key)?;
    if replaces {
        let parts = partition(plain.clone(), &[], key)?;
        let list = ordered(parts, &[], &plain, key, Kind::Map)?;
        return Ok(Merged { list, live: merged.older_view().to_vec() });
    }
    let kept = merged.items().to_vec();
    for item in &plain {
        let map = as_map(item)?;
        match find(merged.items(), key, key_of(item, key)?)? {
            Some(at) => {
                let old = merged.items().get(at).and_then(Value::as_map).cloned().unwrap_or_default();
                merged.set(at, maps(old, map.clone(), meta.ty, mode)?.into());
            }
            None => merged.push(item.clone()),
        }
    }
    let parts = partition(merged.items().to_vec(), &plain, key)?;
    let list = ordered(parts, &plain, &kept, key, Kind::Map)?;
    Ok(Merged { list, live: merged.older_view().to_vec() })
}

/// Deletes what the patch says is to be deleted. Returns its other items, and whether they replace the list.
fn obey_directives(original: &mut Slice, patch: &[Value], key: &str) -> Result<(Vec<Value>, bool)> {
    let mut plain = Vec::with_capacity(patch.len());
    let mut replaces = false;
    for item in patch {
        let map = as_map(item)?;
        let Some(directive) = map.get(DIRECTIVE) else {
            plain.push(item.clone());
            continue;
        };
        match directive.as_str() {
            Some("delete") => {
                let value = key_of(item, key)?;
                while let Some(at) = find(original.items(), key, value)? {
                    original.remove(at);
                }
            }
            Some("replace") => replaces = true,
            Some("merge") => return Err(StrategicError::MergeDirective),
            _ => return Err(StrategicError::bad_directive(directive, map)),
        }
    }
    Ok((plain, replaces))
}

/// Returns the value without null members of maps; null items of lists stay.
fn without_nulls(value: &Value) -> Value {
    if let Some(map) = value.as_map() {
        let members = map.iter().filter(|(_, member)| !member.is_null());
        return members.map(|(key, member)| (key.clone(), without_nulls(member))).collect::<Map>().into();
    }
    match value.as_seq() {
        Some(items) => items.iter().map(without_nulls).collect(),
        None => value.clone(),
    }
}

/// Returns the value without the maps that carry a directive; nothing if it carries one itself.
fn without_directives(value: &Value) -> Option<Value> {
    if let Some(map) = value.as_map() {
        if map.contains_key(DIRECTIVE) {
            return None;
        }
        let members = map.iter().filter_map(|(key, member)| Some((key.clone(), without_directives(member)?)));
        return Some(members.collect::<Map>().into());
    }
    Some(value.as_seq().map_or_else(|| value.clone(), |items| without_directives_list(items).into()))
}

fn without_directives_list(items: &[Value]) -> Vec<Value> {
    items.iter().filter_map(without_directives).collect()
}
