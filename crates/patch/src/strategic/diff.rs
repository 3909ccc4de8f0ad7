//! Making a patch from two objects.

use super::error::{Result, StrategicError};
use super::lists::{DIRECTIVE, deduplicate, element_kind, key_of, sort_by_order, sort_maps, sort_scalars};
use super::meta;
use super::{DELETE_FROM_PRIMITIVE_LIST, RETAIN_KEYS, SET_ELEMENT_ORDER};
use crate::go::{Kind, deep_equal, print, scalar_equal};
use ecow::EcoString;
use std::cmp::Ordering;
use trueup_manifest::{Map, Value};
use trueup_schema::TypeRef;

/// What a patch is to contain.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Options {
    pub(super) set_element_order: bool,
    pub(super) ignore_changes: bool,
    pub(super) ignore_deletions: bool,
    /// Whether this map takes a `$retainKeys`.
    pub(super) retain_keys: bool,
}

/// Returns the patch that leads from one map to another.
pub(super) fn maps(original: &Map, modified: &Map, ty: TypeRef<'_>, options: Options) -> Result<Map> {
    let mut patch = Map::new();
    let mut retained: Vec<Value> = Vec::new();
    for (key, new) in modified {
        if options.retain_keys && !new.is_null() {
            retained.push(Value::from(key.clone()));
        }
        let Some(old) = original.get(key) else {
            if !options.ignore_changes {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        };
        if key == DIRECTIVE {
            directive(old, new, &mut patch)?;
            continue;
        }
        if Kind::of(old) != Kind::of(new) {
            if !options.ignore_changes {
                patch.insert(key.clone(), new.clone());
            }
            continue;
        }
        match (old.as_map().zip(new.as_map()), old.as_seq().zip(new.as_seq())) {
            (Some((old, map)), _) => map_field(key, (old, map, new), &mut patch, ty, options)?,
            (_, Some((old, list))) => list_field(key, (old, list, new), &mut patch, ty, options)?,
            _ => replace_if_different(key, old, new, &mut patch, options),
        }
    }
    if !options.ignore_deletions {
        for key in original.keys().filter(|key| !modified.contains_key(key)) {
            patch.insert(key.clone(), Value::NULL);
        }
    }
    let clears = || original.iter().any(|(key, value)| !value.is_null() && !modified.contains_key(key));
    if !retained.is_empty() && (!patch.is_empty() || clears()) {
        sort_scalars(&mut retained);
        patch.insert(RETAIN_KEYS, retained);
    }
    Ok(patch)
}

fn directive(old: &Value, new: &Value, patch: &mut Map) -> Result<()> {
    let (Some(old), Some(text)) = (old.as_str(), new.as_str()) else {
        return Err(StrategicError::BadDirectiveValue);
    };
    if old != text {
        patch.insert(DIRECTIVE, new.clone());
    }
    Ok(())
}

fn replace_if_different(key: &EcoString, old: &Value, new: &Value, patch: &mut Map, options: Options) {
    if !options.ignore_changes && !deep_equal(old, new) {
        patch.insert(key.clone(), new.clone());
    }
}

fn map_field(
    key: &EcoString,
    (old, new, whole): (&Map, &Map, &Value),
    patch: &mut Map,
    ty: TypeRef<'_>,
    options: Options,
) -> Result<()> {
    let meta = match meta::field(ty, key) {
        Ok(meta) => meta,
        // What nobody describes does not matter while it stays the same.
        Err(_) if deep_equal(&old.clone().into(), whole) => return Ok(()),
        Err(error) => return Err(error),
    };
    if meta.strategy.replace {
        if !options.ignore_changes {
            patch.insert(key.clone(), whole.clone());
        }
        return Ok(());
    }
    let below = maps(old, new, meta.ty, Options { retain_keys: meta.strategy.retain_keys, ..options })?;
    if !below.is_empty() {
        patch.insert(key.clone(), below);
    }
    Ok(())
}

fn list_field(
    key: &EcoString,
    (old, new, whole): (&[Value], &[Value], &Value),
    patch: &mut Map,
    ty: TypeRef<'_>,
    options: Options,
) -> Result<()> {
    let meta = match meta::list(ty, key) {
        Ok(meta) => meta,
        Err(_) if deep_equal(&old.to_vec().into(), whole) => return Ok(()),
        Err(error) => return Err(error),
    };
    if !meta.strategy.merge {
        replace_if_different(key, &old.to_vec().into(), whole, patch, options);
        return Ok(());
    }
    let below = Options { retain_keys: meta.strategy.retain_keys, ..options };
    let lists = lists(old, new, meta.ty, meta.merge_key, below)?;
    let parts = [
        (key.clone(), lists.patch),
        (ecow::eco_format!("{DELETE_FROM_PRIMITIVE_LIST}/{key}"), lists.delete),
        (ecow::eco_format!("{SET_ELEMENT_ORDER}/{key}"), lists.order),
    ];
    for (key, list) in parts.into_iter().filter(|(_, list)| !list.is_empty()) {
        patch.insert(key, list);
    }
    Ok(())
}

#[derive(Default)]
struct ListPatch {
    patch: Vec<Value>,
    delete: Vec<Value>,
    order: Vec<Value>,
}

fn lists(
    old: &[Value],
    new: &[Value],
    ty: TypeRef<'_>,
    merge_key: &str,
    options: Options,
) -> Result<ListPatch> {
    if old.is_empty() {
        let patch = if options.ignore_changes { Vec::new() } else { new.to_vec() };
        return Ok(ListPatch { patch, ..ListPatch::default() });
    }
    match element_kind(&[old, new])? {
        Kind::Map => maps_lists(old, new, ty, merge_key, options),
        kind => scalar_lists(old, new, merge_key, kind, options),
    }
}

fn maps_lists(
    old: &[Value],
    new: &[Value],
    ty: TypeRef<'_>,
    merge_key: &str,
    options: Options,
) -> Result<ListPatch> {
    let (patch, deletes) = items(old, new, ty, merge_key, options)?;
    let mut patch = sort_by_order(patch, new, merge_key, Kind::Map)?;
    let same_order = is_order_same(old, new, merge_key)?;
    patch.extend(deletes);
    let ordered = options.set_element_order
        && ((!options.ignore_changes && (!patch.is_empty() || !same_order))
            || (!options.ignore_deletions && !patch.is_empty()));
    let mut order = Vec::new();
    for item in new.iter().filter(|_| ordered) {
        order.push(Value::from(Map::from_iter([(merge_key, key_of(item, merge_key)?.clone())])));
    }
    Ok(ListPatch { patch, delete: Vec::new(), order })
}

/// Returns the items that were added or changed, and the deletions.
fn items(
    old: &[Value],
    new: &[Value],
    ty: TypeRef<'_>,
    merge_key: &str,
    options: Options,
) -> Result<(Vec<Value>, Vec<Value>)> {
    let (mut patch, mut deletes) = (Vec::new(), Vec::new());
    let sorted = |list: &[Value]| {
        let mut list = list.to_vec();
        sort_maps(&mut list, merge_key);
        list
    };
    let (old, new) = (sorted(old), sorted(new));
    let (mut o, mut n) = (0, 0);
    while o < old.len() || n < new.len() {
        let of_old = old.get(o).map(|item| key_of(item, merge_key)).transpose()?;
        let of_new = new.get(n).map(|item| key_of(item, merge_key)).transpose()?;
        let order = match (of_old, of_new) {
            (Some(old), Some(new)) => print(old).cmp(&print(new)),
            (None, _) => Ordering::Greater,
            (_, None) => Ordering::Less,
        };
        match order {
            Ordering::Equal => {
                let pair = old.get(o).and_then(Value::as_map).zip(new.get(n).and_then(Value::as_map));
                if let Some((old, new)) = pair {
                    let mut item = maps(old, new, ty, options)?;
                    if !item.is_empty() {
                        item.insert(merge_key, of_new.cloned());
                        patch.push(item.into());
                    }
                }
                (o, n) = (o + 1, n + 1);
            }
            Ordering::Greater => {
                patch.extend(new.get(n).filter(|_| !options.ignore_changes).cloned());
                n += 1;
            }
            Ordering::Less => {
                if !options.ignore_deletions {
                    let delete = [(merge_key, Value::from(of_old.cloned())), (DIRECTIVE, "delete".into())];
                    deletes.push(Map::from_iter(delete).into());
                }
                o += 1;
            }
        }
    }
    Ok((patch, deletes))
}

fn is_order_same(old: &[Value], new: &[Value], merge_key: &str) -> Result<bool> {
    if old.len() != new.len() {
        return Ok(false);
    }
    for (old, new) in old.iter().zip(new) {
        let (old, new) = if merge_key.is_empty() {
            (old, new)
        } else {
            (key_of(old, merge_key)?, key_of(new, merge_key)?)
        };
        if !scalar_equal(old, new).ok_or_else(|| StrategicError::uncomparable(old))? {
            return Ok(false);
        }
    }
    Ok(true)
}

fn scalar_lists(
    old: &[Value],
    new: &[Value],
    merge_key: &str,
    kind: Kind,
    options: Options,
) -> Result<ListPatch> {
    let (mut old, mut sorted_new) = (old.to_vec(), new.to_vec());
    sort_scalars(&mut old);
    sort_scalars(&mut sorted_new);
    let (mut added, mut deleted) = (Vec::new(), Vec::new());
    let (mut o, mut n) = (old.iter().peekable(), sorted_new.iter().peekable());
    loop {
        let order = match (o.peek(), n.peek()) {
            (Some(old), Some(new)) => print(old).cmp(&print(new)),
            (None, Some(_)) => Ordering::Greater,
            (Some(_), None) => Ordering::Less,
            (None, None) => break,
        };
        match order {
            Ordering::Equal => {
                o.next();
                n.next();
            }
            Ordering::Greater => added.extend(n.next().filter(|_| !options.ignore_changes).cloned()),
            Ordering::Less => deleted.extend(o.next().filter(|_| !options.ignore_deletions).cloned()),
        }
    }
    deduplicate(&mut deleted)?;
    let patch = sort_by_order(added, new, merge_key, kind)?;
    // By now the original is sorted: an unsorted list counts as reordered even when it did not change.
    let changed = || !(old.len() == new.len() && old.iter().zip(new).all(|(old, new)| deep_equal(old, new)));
    let ordered = options.set_element_order
        && ((!options.ignore_deletions && !deleted.is_empty()) || (!options.ignore_changes && changed()));
    Ok(ListPatch { patch, delete: deleted, order: if ordered { new.to_vec() } else { Vec::new() } })
}
