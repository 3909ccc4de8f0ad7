//! Where a value goes: maps by key, lists by index.

use super::{Input, MAX_ITEMS, MAX_LISTS, Step, Stop, not_a};
use trueup_template::{Map, Value};

/// The largest index.
const MAX_INDEX: i64 = 65_536;
/// How many dots a name may have.
const MAX_NESTING: usize = 30;

/// Sets a key; an empty one is skipped.
pub(super) fn set(data: &Map, key: &str, value: impl Into<Value>) {
    if !key.is_empty() {
        data.insert(key, value);
    }
}

/// Counts a dot of a name.
pub(super) fn deeper(level: usize) -> Step<usize> {
    if level >= MAX_NESTING {
        let message = format!(
            "value name nested level is greater than maximum supported nested level of {MAX_NESTING}"
        );
        return Err(Stop::Error(message));
    }
    Ok(level + 1)
}

/// Returns the map under a key, a new one if there is none.
pub(super) fn inner_map(data: &Map, key: &str) -> Step<Map> {
    match data.get(key.as_bytes()) {
        None => Ok(Map::new()),
        Some(Value::Map(map)) => Ok(map),
        Some(other) => Err(not_a(&other, "map[string]interface {}")),
    }
}

/// Returns the items of the list under a key, none if there is none.
pub(super) fn inner_list(data: &Map, key: &str) -> Step<Vec<Value>> {
    data.get(key.as_bytes()).map_or(Ok(Vec::new()), |value| items(&value))
}

/// Returns the items of a list.
pub(super) fn items(value: &Value) -> Step<Vec<Value>> {
    match value {
        Value::List(list) => Ok(list.items().to_vec()),
        other => Err(not_a(other, "[]interface {}")),
    }
}

/// Returns the map at an index; a new one takes the place of anything else.
pub(super) fn map_at(list: &mut [Value], index: i64) -> Map {
    match usize::try_from(index).ok().and_then(|index| list.get_mut(index)) {
        Some(Value::Map(map)) => map.clone(),
        Some(slot) => {
            let map = Map::new();
            *slot = map.clone().into();
            map
        }
        None => Map::new(),
    }
}

/// Returns a list inside of another one, once it was read; where that failed it stays in its place, if it was there.
pub(super) fn finish_inner(list: &mut [Value], index: i64, inner: Vec<Value>, read: Step<()>) -> Step<Value> {
    match (read, usize::try_from(index).ok().and_then(|index| list.get_mut(index))) {
        (Ok(()), _) => Ok(inner.into()),
        (Err(stop), Some(slot @ Value::List(_))) => {
            *slot = inner.into();
            Err(stop)
        }
        (Err(stop), _) => Err(stop),
    }
}

/// Counts lists inside of lists.
pub(super) fn check_nesting(lists: usize) -> Step<()> {
    if lists > MAX_LISTS {
        return Err(Stop::Limit(format!("lists are nested more than {MAX_LISTS} levels deep")));
    }
    Ok(())
}

/// Returns the items of the list at an index; none for null and beyond the end.
pub(super) fn list_at(list: &[Value], index: i64) -> Step<Vec<Value>> {
    match usize::try_from(index).ok().and_then(|index| list.get(index)) {
        None | Some(Value::Nil) => Ok(Vec::new()),
        Some(value) => items(value),
    }
}

pub(super) fn not_negative(index: i64) -> Step<()> {
    if index < 0 {
        return Err(Stop::Error(format!("negative {index} index not allowed")));
    }
    Ok(())
}

/// Sets an item; the list grows with nulls.
pub(super) fn set_index(input: &mut Input<'_>, list: &mut Vec<Value>, index: i64, value: Value) -> Step<()> {
    not_negative(index)?;
    if index > MAX_INDEX {
        let message = format!("index of {index} is greater than maximum supported index of {MAX_INDEX}");
        return Err(Stop::Error(message));
    }
    let at = usize::try_from(index).unwrap_or(0);
    if list.len() <= at {
        list.resize(at + 1, Value::Nil);
    }
    input.items += list.len();
    if input.items > MAX_ITEMS {
        return Err(Stop::Limit(format!("lists of more than {MAX_ITEMS} items are set")));
    }
    if let Some(slot) = list.get_mut(at) {
        *slot = value;
    }
    Ok(())
}
