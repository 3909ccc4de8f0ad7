//! Merging of lists whose elements have keys: literally upstream's steps, since its corner cases show in the output.

use super::strategic::{Directive, Merged, Walker};
use crate::error::Result;
use crate::fieldspec::wrong_kind;
use crate::node;
use ecow::EcoString;
use trueup_manifest::{Map, Value};
use trueup_schema::kustomize::Type;

/// The patch's side of a list.
pub(super) enum PatchList {
    /// It says nothing.
    None,
    /// It is the list itself.
    Same,
    /// It is another list.
    Other(Vec<Value>),
}

/// Takes the directive out of a list: the first element that has nothing but `$patch`.
pub(super) fn directive_of_list(patch: &[Value]) -> Result<(Directive, Vec<Value>)> {
    let found = patch.iter().find_map(|item| item.as_map().filter(|map| map.contains_key("$patch")));
    let Some(value) = found.filter(|map| map.len() == 1).and_then(|map| map.get("$patch")) else {
        return Ok((Directive::Merge, patch.to_vec()));
    };
    let text = node::text(value);
    let directive = Directive::of(&text)?;
    let mut rest = patch.to_vec();
    set_element(&mut rest, None, &["$patch"], &[text])?;
    Ok((directive, rest))
}

/// Walks a list that the patch does not mention; `None` if that changes nothing.
pub(super) fn refresh<'s>(
    walker: &mut Walker<'s>,
    items: &[Value],
    schema: Option<Type<'s>>,
) -> Result<Option<Vec<Value>>> {
    let keys = schema.map(Type::merge_keys).unwrap_or_default();
    if let [key] = *keys
        && has_distinct_keys(items, key)
    {
        return refresh_each(walker, items, schema);
    }
    merge_lists(walker, items.to_vec(), PatchList::None, schema).map(Some)
}

/// Whether every element is a map with a key of its own: then putting the list together again changes nothing.
fn has_distinct_keys(items: &[Value], key: &str) -> bool {
    let mut texts = Vec::with_capacity(items.len());
    for item in items {
        match item.get(key).filter(|value| !node::is_empty(value)).map(node::text) {
            Some(text) if !text.is_empty() => texts.push(text),
            _ => return false,
        }
    }
    texts.sort_unstable();
    texts.is_sorted_by(|a, b| a < b)
}

fn refresh_each<'s>(
    walker: &mut Walker<'s>,
    items: &[Value],
    schema: Option<Type<'s>>,
) -> Result<Option<Vec<Value>>> {
    let element = schema.and_then(Type::elements);
    let mut changed: Option<Vec<Value>> = None;
    for (index, item) in items.iter().enumerate() {
        if let Merged::Target(new) = walker.walk(Some(item), None, element)?
            && let Some(slot) = changed.get_or_insert_with(|| items.to_vec()).get_mut(index)
        {
            *slot = new;
        }
    }
    Ok(changed)
}

/// Merges the patch's elements into a list, which they precede.
pub(super) fn merge_lists<'s>(
    walker: &mut Walker<'s>,
    mut own: Vec<Value>,
    mut patch: PatchList,
    schema: Option<Type<'s>>,
) -> Result<Vec<Value>> {
    let keys = schema.map(Type::merge_keys).unwrap_or_default();
    let keys: Vec<&str> = if keys.is_empty() { vec![""] } else { keys.to_vec() };
    let mut all = element_values(&own, &patch, &keys);
    if keys.len() > 1 {
        complete_values(&mut all);
    }
    let element = schema.and_then(Type::elements);
    let mut made: Vec<Value> = Vec::new();
    let mut last_keys: Vec<&str> = Vec::new();
    for values in &all {
        let (used_keys, used_values) = valid_keys(&all, values, &keys);
        merge_element(walker, &mut own, &mut patch, element, (&used_keys, &used_values), &mut made)?;
        last_keys = used_keys;
    }
    if all.is_empty() {
        return Ok(own);
    }
    append(&mut made, &own, &last_keys)?;
    Ok(made)
}

/// Merges the elements of one key.
fn merge_element<'s>(
    walker: &mut Walker<'s>,
    own: &mut Vec<Value>,
    patch: &mut PatchList,
    element: Option<Type<'s>>,
    (keys, values): (&[&str], &[EcoString]),
    made: &mut Vec<Value>,
) -> Result<()> {
    let (find_keys, find_values) = valid_keys(&[values.to_vec()], values, keys);
    let at = find_element(own, &find_keys, &find_values);
    let target = at.and_then(|at| own.get(at)).cloned();
    let merged = match patch {
        PatchList::None => walker.walk(target.as_ref(), None, element)?,
        PatchList::Same => match &target {
            Some(target) => walker.settle(target, element)?,
            None => walker.walk(None, None, element)?,
        },
        PatchList::Other(items) => {
            let theirs = find_element(items, &find_keys, &find_values).and_then(|at| items.get_mut(at));
            let merged = walker.walk(target.as_ref(), theirs.as_deref(), element)?;
            // The directive has been taken out, should the element be found again.
            if let Some(map) = theirs.and_then(Value::as_map_mut) {
                take_directive(map);
            }
            merged
        }
    };
    let (value, is_own) = match merged {
        Merged::Same => (target, true),
        Merged::Target(value) => (Some(value), true),
        // Where the patch is the list itself, its element is the list's.
        Merged::Patch(value) => (Some(value), matches!(patch, PatchList::Same)),
        Merged::Gone => (None, false),
    };
    let Some(mut value) = value.filter(|value| !is_missing(value)) else {
        if matches!(patch, PatchList::Same)
            && let Some(map) = at.and_then(|at| own.get_mut(at)).and_then(Value::as_map_mut)
        {
            // The directive has been taken out, also where its element is not found again.
            take_directive(map);
        }
        return keys.iter().try_for_each(|_| set_element(own, None, keys, values));
    };
    for (key, text) in keys.iter().zip(values) {
        let missing = value.as_map().is_none_or(|map| !map.contains_key(key));
        if missing && !text.is_empty() {
            value = with_key(&value, key, text)?;
        }
    }
    if is_own && let Some(old) = at.and_then(|at| own.get(at)).cloned() {
        // An element that stands in the list twice changes in both places.
        let is_it =
            |(index, item): &(usize, &mut Value)| Some(*index) == at || (old.is_map() && item.same(&old));
        own.iter_mut().enumerate().filter(is_it).for_each(|(_, slot)| *slot = value.clone());
    }
    set_element(made, Some(&value), keys, values)
}

/// Takes a directive out; what is none stays.
fn take_directive(map: &mut Map) {
    if map.get("$patch").is_some_and(|value| Directive::of(&node::text(value)).is_ok()) {
        map.remove("$patch");
    }
}

/// Whether a merge left nothing of an element.
fn is_missing(value: &Value) -> bool {
    node::is_null(value) || value.as_map().is_some_and(Map::is_empty)
}

/// An element with its key written into it.
fn with_key(value: &Value, key: &str, text: &EcoString) -> Result<Value> {
    if key.is_empty() {
        if !value.is_scalar() {
            return Err(wrong_kind("ScalarNode", value));
        }
        return Ok(node::set_over(value, &node::plain(text.clone())));
    }
    let Some(map) = value.as_map() else { return Err(wrong_kind("MappingNode", value)) };
    let mut map = map.clone();
    node::set_field(&mut map, key, &node::plain(text.clone()));
    Ok(map.into())
}

/// The key texts of every element, the patch's first, each once.
fn element_values(own: &[Value], patch: &PatchList, keys: &[&str]) -> Vec<Vec<EcoString>> {
    let patch = match patch {
        PatchList::Other(items) => items.as_slice(),
        PatchList::None | PatchList::Same => &[],
    };
    let mut all: Vec<Vec<EcoString>> = Vec::new();
    for item in patch.iter().chain(own) {
        let text = |key: &&str| {
            if key.is_empty() {
                return node::text(item);
            }
            let field = item.get(key).filter(|value| !node::is_empty(value));
            field.map(node::text).unwrap_or_default()
        };
        let values: Vec<EcoString> = keys.iter().map(text).collect();
        if !all.contains(&values) {
            all.push(values);
        }
    }
    all
}

/// Fills gaps in composite keys from others that agree with them.
fn complete_values(all: &mut [Vec<EcoString>]) {
    for i in 0..all.len() {
        let Some(first) = all.get(i).cloned() else { continue };
        for j in 0..all.len() {
            let Some(second) = all.get(j) else { continue };
            if let Some(both) = completed(&first, second) {
                for at in [i, j] {
                    if let Some(slot) = all.get_mut(at) {
                        slot.clone_from(&both);
                    }
                }
            }
        }
    }
}

/// Two composite keys as one, if they agree somewhere and differ nowhere.
fn completed(a: &[EcoString], b: &[EcoString]) -> Option<Vec<EcoString>> {
    if a.len() != b.len() {
        return None;
    }
    let mut agree = false;
    let mut result = Vec::with_capacity(a.len());
    for (a, b) in a.iter().zip(b) {
        if a == b {
            agree = true;
        } else if !a.is_empty() && !b.is_empty() {
            return None;
        }
        result.push(if a.is_empty() { b.clone() } else { a.clone() });
    }
    agree.then_some(result)
}

/// The keys that any element has, and this element's texts for them; all of them if no element has any.
fn valid_keys<'k>(
    all: &[Vec<EcoString>],
    values: &[EcoString],
    keys: &[&'k str],
) -> (Vec<&'k str>, Vec<EcoString>) {
    let used = |at: usize| all.iter().any(|values| values.get(at).is_some_and(|text| !text.is_empty()));
    let valid: Vec<bool> = (0..keys.len()).map(used).collect();
    if !valid.contains(&true) {
        return (keys.to_vec(), values.to_vec());
    }
    let kept_keys = keys.iter().zip(&valid).filter(|(_, valid)| **valid).map(|(key, _)| *key);
    let kept_values =
        values.iter().zip(&valid).filter(|(text, valid)| **valid || !text.is_empty()).map(|(text, _)| text);
    (kept_keys.collect(), kept_values.cloned().collect())
}

/// The first element with these keys.
fn find_element(items: &[Value], keys: &[&str], values: &[EcoString]) -> Option<usize> {
    let first = keys.first().copied().unwrap_or_default();
    if first.is_empty() {
        let wanted = values.first().map_or("", |text| text);
        return items.iter().position(|item| node::text(item) == wanted);
    }
    if keys.len() != values.len() {
        return None;
    }
    items.iter().position(|item| {
        let Some(map) = item.as_map() else { return false };
        keys.iter()
            .zip(values)
            .all(|(key, text)| map.get(key).is_some_and(|value| node::text(value) == *text))
    })
}

/// Puts an element in the place of those with its keys, or behind all others; without one, removes them. Nulls and empty
/// maps go away.
fn set_element(
    items: &mut Vec<Value>,
    element: Option<&Value>,
    keys: &[&str],
    values: &[EcoString],
) -> Result<()> {
    let is_for_maps = keys.first().is_some_and(|key| !key.is_empty())
        && values.first().is_some_and(|text| !text.is_empty());
    let mut kept = Vec::with_capacity(items.len() + 1);
    let mut found = false;
    for item in items.iter() {
        if is_missing(item) {
            continue;
        }
        if !item.is_map() && is_for_maps {
            kept.push(item.clone());
            continue;
        }
        if !has_keys(item, keys, values)? {
            if !values.is_empty() {
                kept.push(item.clone());
            }
            continue;
        }
        found = true;
        kept.extend(element.cloned());
    }
    if let Some(element) = element.filter(|element| !found && !node::is_null(element)) {
        kept.push(element.clone());
    }
    *items = kept;
    Ok(())
}

/// Whether an element has these keys; an empty text asks only that the key exists.
fn has_keys(item: &Value, keys: &[&str], values: &[EcoString]) -> Result<bool> {
    let mut found = false;
    for (at, key) in keys.iter().enumerate() {
        if let Some(text) = values.get(at) {
            found = if key.is_empty() {
                if !item.is_scalar() {
                    return Err(wrong_kind("ScalarNode", item));
                }
                node::text(item) == *text
            } else {
                let Some(map) = item.as_map() else { return Err(wrong_kind("MappingNode", item)) };
                map.get(key).is_some_and(|value| text.is_empty() || node::text(value) == *text)
            };
        }
        if !found {
            return Ok(false);
        }
    }
    Ok(found)
}

/// Puts the target's elements into the list of merged ones: each over its own, others behind.
fn append(made: &mut Vec<Value>, own: &[Value], keys: &[&str]) -> Result<()> {
    let first = keys.first().copied().unwrap_or_default();
    for item in own {
        if first.is_empty() {
            set_element(made, Some(item), &[""], &[node::text(item)])?;
            continue;
        }
        let mut values = Vec::with_capacity(keys.len());
        for key in keys {
            if node::is_null(item) {
                made.push(item.clone());
                continue;
            }
            let Some(map) = item.as_map() else { return Err(wrong_kind("MappingNode", item)) };
            match map.get(key) {
                Some(value) => values.push(node::text(value)),
                None => made.push(item.clone()),
            }
        }
        if keys.len() > 1 {
            set_element(made, None, keys, &values)?;
        }
        set_element(made, Some(item), keys, &values)?;
    }
    Ok(())
}
