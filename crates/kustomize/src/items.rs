//! Editing the items of a list, in which one map may stand more than once: upstream's merge of lists repeats elements that lack
//! the key they are merged by, and they stay one node, so what is set in one of them is set in all.

use crate::error::Result;
use trueup_manifest::{Map, Value};

/// Visits the items of a list and sets those that change; `None` if none does.
pub(crate) fn edit(
    list: &Value,
    mut visit: impl FnMut(&Value) -> Result<Option<Value>>,
) -> Result<Option<Value>> {
    let items = list.as_seq().unwrap_or_default();
    let mut changed: Option<Value> = None;
    let mut repeats = false;
    for (index, original) in items.iter().enumerate() {
        let item = match &changed {
            Some(changed) if repeats => changed.item(index).cloned(),
            _ => None,
        };
        let Some(new) = visit(item.as_ref().unwrap_or(original))? else { continue };
        let changed = changed.get_or_insert_with(|| {
            repeats = has_repeats(items);
            list.clone()
        });
        if repeats {
            set(changed, index, &new);
        } else if let Some(slot) = changed.item_mut(index) {
            *slot = new;
        }
    }
    Ok(changed)
}

/// Sets an item, also where the same map stands in the list again.
pub(crate) fn set(list: &mut Value, index: usize, new: &Value) {
    let old = list.item(index).and_then(Value::as_map).cloned();
    let is_old = |item: &Value| old.as_ref().zip(item.as_map()).is_some_and(|(old, map)| map.same(old));
    for (at, slot) in list.as_seq_mut().into_iter().flatten().enumerate() {
        if at == index || is_old(slot) {
            *slot = new.clone();
        }
    }
}

/// The items with a map of its own for each, as JSON has no nodes that are shared; `None` if they have that.
pub(crate) fn separated(items: &[Value]) -> Option<Vec<Value>> {
    let own = |item: &Value| item.as_map().map_or_else(|| item.clone(), |map| map.unshared().into());
    has_repeats(items).then(|| items.iter().map(own).collect())
}

/// Whether any map stands in a list more than once.
fn has_repeats(items: &[Value]) -> bool {
    if items.len() < 2 {
        return false;
    }
    let mut addresses: Vec<usize> = items.iter().filter_map(Value::as_map).map(Map::address).collect();
    addresses.sort_unstable();
    addresses.windows(2).any(|pair| pair.first() == pair.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list() -> Value {
        let shared: Value = [("a", Value::from("1"))].into_iter().collect::<Map>().into();
        let other: Value = shared.as_map().map(Map::unshared).unwrap_or_default().into();
        vec![shared.clone(), other, shared].into()
    }

    #[test]
    fn what_is_set_in_a_map_is_set_wherever_it_stands() {
        let mut set_once = list();
        set(&mut set_once, 2, &Value::from("new"));
        let texts: Vec<_> = set_once.as_seq().unwrap().iter().map(Value::as_str).collect();
        assert_eq!(texts, [Some("new"), None, Some("new")]);
    }

    #[test]
    fn separated_maps_are_equal_and_set_apart() {
        let mut apart: Value = separated(list().as_seq().unwrap()).unwrap().into();
        assert!(apart == list() && separated(apart.as_seq().unwrap()).is_none());
        set(&mut apart, 0, &Value::from("new"));
        assert_eq!(apart.as_seq().unwrap().iter().filter(|item| item.as_str().is_some()).count(), 1);
    }

    #[test]
    fn a_repeated_map_is_visited_as_often_as_it_stands_there() {
        let longer = |item: &Value| {
            let mut item = item.clone();
            let text = format!("{}+", item.get("a").and_then(Value::as_str).unwrap_or_default());
            item.as_map_mut().unwrap().insert("a", text.as_str());
            Ok(Some(item))
        };
        let edited = edit(&list(), longer).unwrap().unwrap();
        let texts: Vec<_> = edited.as_seq().unwrap().iter().map(|item| item.get("a")?.as_str()).collect();
        assert_eq!(texts, [Some("1++"), Some("1+"), Some("1++")]);
    }
}
