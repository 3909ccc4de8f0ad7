//! `<<`: taking entries over from other maps.

use super::super::error::ParseErrorKind;
use super::{Fail, Merge, Outcome};
use crate::{EcoString, Map, Value};

/// Takes entries over as kyaml does: written ones win and keep their place, of several maps the first wins.
pub(super) fn under(mut map: Map, merges: &[Merge]) -> Outcome<Map> {
    let own = map.clone();
    for merge in merges {
        for source in sources(merge)? {
            for (key, value) in source {
                if !own.contains_key(key) {
                    map.insert(key.clone(), value.clone());
                    map.set_key_kind(key, source.key_kind(key));
                }
            }
        }
    }
    Ok(map)
}

fn sources(merge: &Merge) -> Outcome<Vec<&Map>> {
    if let Some(map) = merge.value.as_map() {
        return Ok(vec![map]);
    }
    if merge.alias {
        return Err(wrong(merge, "invalid map merge: received alias for a non-map value"));
    }
    let wanted = "map merge requires map or sequence of maps as the value";
    let items = merge.value.as_seq().ok_or_else(|| wrong(merge, wanted))?;
    let source = |item: &'_ Value| match item.is_seq() {
        true => Err(wrong(merge, "invalid map merge: received a nested sequence")),
        false if item.is_map() => Ok(()),
        false => Err(wrong(merge, wanted)),
    };
    items.iter().try_for_each(source)?;
    Ok(items.iter().rev().filter_map(Value::as_map).collect())
}

/// Takes entries over as the older library does: whatever is written later wins.
pub(super) fn in_order(entries: Vec<(EcoString, Value)>, merges: &[Merge]) -> Outcome<Map> {
    let mut map = Map::with_capacity(entries.len());
    let mut merges = merges.iter().peekable();
    for (position, (key, value)) in entries.into_iter().enumerate() {
        while let Some(merge) = merges.next_if(|merge| merge.position <= position) {
            merge_into(&mut map, merge)?;
        }
        map.insert(key, value);
    }
    merges.try_for_each(|merge| merge_into(&mut map, merge))?;
    Ok(map)
}

fn merge_into(map: &mut Map, merge: &Merge) -> Outcome<()> {
    let wanted = "yaml: map merge requires map or sequence of maps as the value";
    let mut take = |source: &Map| map.extend(source.iter().map(|(key, value)| (key.clone(), value.clone())));
    if let Some(source) = merge.value.as_map() {
        take(source);
        return Ok(());
    }
    let items = merge.value.as_seq().filter(|_| !merge.alias).ok_or_else(|| wrong(merge, wanted))?;
    for item in items.iter().rev() {
        take(item.as_map().ok_or_else(|| wrong(merge, wanted))?);
    }
    Ok(())
}

fn wrong(merge: &Merge, message: &str) -> Box<Fail> {
    Box::new(Fail { kind: ParseErrorKind::Merge, message: message.to_owned(), offset: merge.offset })
}
