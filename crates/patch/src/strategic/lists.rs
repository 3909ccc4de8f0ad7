//! Lists as the patch code sees them: typed by their items, compared and ordered by a key.

use super::error::{LIST, MAP, Result, StrategicError};
use crate::go::{Kind, print, scalar_equal};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::{Map, Value};

/// The marker of a directive.
pub(super) const DIRECTIVE: &str = "$patch";

/// Returns the one type that all items have.
pub(super) fn element_kind(lists: &[&[Value]]) -> Result<Kind> {
    let mut kind = None;
    for item in lists.iter().copied().flatten() {
        let of_item = Kind::of(item);
        match kind {
            None if of_item == Kind::Slice => return Err(StrategicError::ListOfLists),
            None if of_item == Kind::Nil => return Err(mixed(lists)),
            None => kind = Some(of_item),
            Some(kind) if kind != of_item => return Err(mixed(lists)),
            Some(_) => {}
        }
    }
    kind.ok_or(StrategicError::NoElements)
}

fn mixed(lists: &[&[Value]]) -> StrategicError {
    let lists: Vec<EcoString> = lists.iter().map(|list| print(&list.to_vec().into())).collect();
    StrategicError::MixedList(format!("[{}]", lists.join(" ")))
}

/// Returns the item as a map.
pub(super) fn as_map(item: &Value) -> Result<&Map> {
    item.as_map().ok_or_else(|| StrategicError::bad_type(MAP, item))
}

/// Returns the value as a list.
pub(super) fn as_list(value: &Value) -> Result<&[Value]> {
    value.as_seq().ok_or_else(|| StrategicError::bad_type(LIST, value))
}

/// Returns the value of the merge key of an item.
pub(super) fn key_of<'v>(item: &'v Value, merge_key: &str) -> Result<&'v Value> {
    let map = as_map(item)?;
    map.get(merge_key).ok_or_else(|| StrategicError::no_merge_key(map, merge_key))
}

/// A value as a key: its type and its text.
type Token = (u8, EcoString);

fn token(value: &Value) -> Token {
    (Kind::of(value) as u8, print(value))
}

/// Where the items of a list stand, by merge key or, without one, by value.
pub(super) struct Positions<'k> {
    merge_key: &'k str,
    kind: Kind,
    first: BTreeMap<Token, usize>,
}

impl<'k> Positions<'k> {
    pub(super) fn new(list: &[Value], merge_key: &'k str, kind: Kind) -> Self {
        let mut positions = Self { merge_key, kind, first: BTreeMap::new() };
        for (at, item) in list.iter().enumerate() {
            let token = positions.token(item);
            positions.first.entry(token).or_insert(at);
        }
        positions
    }

    fn token(&self, item: &Value) -> Token {
        match self.kind {
            Kind::Map => token(item.get(self.merge_key).unwrap_or(&Value::NULL)),
            _ => token(item),
        }
    }

    pub(super) fn of(&self, item: &Value) -> Option<usize> {
        self.first.get(&self.token(item)).copied()
    }
}

/// Finds the first map with this key.
pub(super) fn find(list: &[Value], merge_key: &str, key: &Value) -> Result<Option<usize>> {
    for (at, item) in list.iter().enumerate() {
        let map = item.as_map().ok_or(StrategicError::NotAMap(at))?;
        let Some(candidate) = map.get(merge_key) else { continue };
        if scalar_equal(candidate, key).ok_or_else(|| StrategicError::uncomparable(key))? {
            return Ok(Some(at));
        }
    }
    Ok(None)
}

/// Splits off the items that say `$patch: delete`.
pub(super) fn split_deletes(list: Vec<Value>) -> Result<(Vec<Value>, Vec<Value>)> {
    for item in &list {
        as_map(item)?;
    }
    Ok(list.into_iter().partition(|item| item.get(DIRECTIVE).is_none_or(|directive| *directive != "delete")))
}

/// Sorts items by the order of another list; deletions go to the end.
pub(super) fn sort_by_order(
    mut items: Vec<Value>,
    order: &[Value],
    merge_key: &str,
    kind: Kind,
) -> Result<Vec<Value>> {
    let mut deletes = Vec::new();
    if kind == Kind::Map {
        for item in items.iter().chain(order) {
            key_of(item, merge_key)?;
        }
        (items, deletes) = split_deletes(items)?;
    }
    let positions = Positions::new(order, merge_key, kind);
    let mut placed = Vec::with_capacity(items.len());
    for item in items {
        placed.push((positions.of(&item), item));
    }
    if placed.iter().all(|(position, _)| position.is_some()) {
        placed.sort_by_key(|(position, _)| *position);
    } else {
        // An item without a place counts as smaller than whatever it is compared with.
        insertion_sort(&mut placed, |a, b| a.0.zip(b.0).is_none_or(|(a, b)| a < b));
    }
    Ok(placed.into_iter().map(|(_, item)| item).chain(deletes).collect())
}

/// Sorts in the way Go sorts short slices, which shows when the order is not a strict one.
pub(super) fn insertion_sort<T>(items: &mut [T], less: impl Fn(&T, &T) -> bool) {
    for from in 1..items.len() {
        for at in (1..=from).rev() {
            let out_of_order = items.get(at).zip(items.get(at - 1)).is_some_and(|(a, b)| less(a, b));
            if !out_of_order {
                break;
            }
            items.swap(at, at - 1);
        }
    }
}

/// Interleaves two sorted lists: an item of the left goes before the first of the right that follows it in `order`.
fn interleave(left: Vec<Value>, right: Vec<Value>, order: &Positions<'_>) -> Vec<Value> {
    let mut out = Vec::with_capacity(left.len() + right.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(l), Some(r)) = (left.peek(), right.peek()) {
        let before = order.of(l).zip(order.of(r)).is_some_and(|(l, r)| l < r);
        out.extend(if before { left.next() } else { right.next() });
    }
    out.extend(left);
    out.extend(right);
    out
}

/// Orders the items a patch names by the patch, the others as they were, and interleaves them.
pub(super) fn ordered(
    (named, others): (Vec<Value>, Vec<Value>),
    patch_order: &[Value],
    server_order: &[Value],
    merge_key: &str,
    kind: Kind,
) -> Result<Vec<Value>> {
    let named = sort_by_order(named, patch_order, merge_key, kind)?;
    let others = sort_by_order(others, server_order, merge_key, kind)?;
    Ok(interleave(others, named, &Positions::new(server_order, merge_key, kind)))
}

/// Splits a list into the items that another list names and the others.
pub(super) fn partition(list: Vec<Value>, by: &[Value], merge_key: &str) -> Result<(Vec<Value>, Vec<Value>)> {
    let (mut named, mut others) = (Vec::with_capacity(list.len()), Vec::new());
    let kind = if merge_key.is_empty() { Kind::Nil } else { Kind::Map };
    if kind == Kind::Map && !list.is_empty() {
        for (at, item) in by.iter().enumerate() {
            item.as_map().ok_or(StrategicError::NotAMap(at))?;
        }
    }
    // An item without the key names nothing.
    let with_key = |item: &&Value| kind != Kind::Map || item.get(merge_key).is_some();
    let naming: Vec<Value> = by.iter().filter(with_key).cloned().collect();
    let positions = Positions::new(&naming, merge_key, kind);
    for item in list {
        if kind == Kind::Map {
            key_of(&item, merge_key)?;
        }
        if positions.of(&item).is_some() { named.push(item) } else { others.push(item) }
    }
    Ok((named, others))
}

/// Removes repeated scalars. The last item takes the place of a removed one, so the order is not kept.
pub(super) fn deduplicate(items: &mut Vec<Value>) -> Result<()> {
    let mut at = 0;
    while at < items.len() {
        let mut other = at + 1;
        while other < items.len() {
            let same = items.get(at).zip(items.get(other)).map(|(a, b)| scalar_equal(a, b));
            match same.flatten() {
                Some(true) => {
                    items.swap_remove(other);
                }
                Some(false) => other += 1,
                None => return Err(StrategicError::Uncomparable(LIST)),
            }
        }
        at += 1;
    }
    Ok(())
}

/// Sorts scalars by their text.
pub(super) fn sort_scalars(items: &mut [Value]) {
    items.sort_by_cached_key(print);
}

/// Sorts maps by the text of a key. Go's order is not strict here, so equal ones end up reversed.
pub(super) fn sort_maps(items: &mut [Value], merge_key: &str) {
    items.reverse();
    items.sort_by_cached_key(|item| item.get(merge_key).map_or_else(|| "<nil>".into(), print));
}
