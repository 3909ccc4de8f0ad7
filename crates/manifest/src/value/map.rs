//! The ordered, persistent map.

use super::Value;
use ecow::EcoString;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, OnceLock};

/// Maps up to this size are searched from the front; larger ones build an index when first asked.
const LINEAR: usize = 16;

/// An ordered map from strings to values: document order, unique keys, indexed lookup.
///
/// Cloning is O(1); a change copies this map's entries (not what they hold) if it is shared.
/// Lookup is a scan up to 16 keys and O(log n) beyond.
#[derive(Clone, Default)]
pub struct Map(Arc<MapData>);

#[derive(Default)]
struct MapData {
    entries: Vec<(EcoString, Value)>,
    /// Large maps have it; of the others, nearly none.
    extra: Option<Box<Extra>>,
    /// Whether it was written in braces.
    flow: bool,
    /// Whether a comment stands behind it, at the end of its document.
    footed: bool,
}

#[derive(Default)]
struct Extra {
    /// Made when first asked for; only large maps have one.
    index: OnceLock<Index>,
    odd_keys: Option<OddKeys>,
}

/// Where each key is.
#[derive(Default)]
struct Index(BTreeMap<EcoString, usize>);

/// What is to be said of keys besides their names.
#[derive(Clone, Default)]
struct OddKeys {
    /// Keys that were not strings in the document.
    kinds: BTreeMap<EcoString, KeyKind>,
    /// The further values of keys that were written more than once.
    repeated: Vec<(EcoString, Value)>,
    /// Keys with a comment behind their colon.
    commented: Vec<EcoString>,
}

/// What a key was in the document. Go turns some into text and refuses others, so it must be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    /// A string, as in JSON.
    String,
    /// `1:`
    Int,
    /// `1.5:`
    Float,
    /// `true:`
    Bool,
    /// `~:` or an empty key.
    Null,
    /// `2001-01-01:`
    Timestamp,
    /// `!x a:`, a text with a tag of its own: Go no longer takes the map for one of texts.
    Tagged,
    /// `!!int x:`, a text that does not fit its tag, where the reader lets that pass.
    Misfit,
    /// A key that occurs more than once, where the reader lets that pass.
    Repeated,
}

impl Map {
    /// Returns an empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns an empty map with room for `capacity` entries.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(Arc::new(MapData::of(Vec::with_capacity(capacity))))
    }

    /// Returns a map of these entries, or the position of the first one whose key occurred before it.
    pub fn from_entries(entries: Vec<(EcoString, Value)>) -> Result<Self, usize> {
        Self::try_from_entries(entries).map_err(|entries| {
            let mut seen = std::collections::BTreeSet::new();
            entries.iter().position(|(key, _)| !seen.insert(key)).unwrap_or_default()
        })
    }

    /// Returns a map of these entries, or the entries again if a key occurs twice.
    pub(crate) fn try_from_entries(
        entries: Vec<(EcoString, Value)>,
    ) -> Result<Self, Vec<(EcoString, Value)>> {
        if entries.len() <= LINEAR {
            let is_duplicate = |i: usize| {
                let (seen, rest) = entries.split_at(i);
                rest.first().is_some_and(|(key, _)| seen.iter().any(|(k, _)| k == key))
            };
            return match (1..entries.len()).any(is_duplicate) {
                true => Err(entries),
                false => Ok(Self(Arc::new(MapData::of(entries)))),
            };
        }
        let mut index = BTreeMap::new();
        for (position, (key, _)) in entries.iter().enumerate() {
            if index.insert(key.clone(), position).is_some() {
                return Err(entries);
            }
        }
        let extra = Extra { index: OnceLock::from(Index(index)), odd_keys: None };
        Ok(Self(Arc::new(MapData { entries, extra: Some(Box::new(extra)), ..MapData::default() })))
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Returns true if there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Returns the value under a key.
    pub fn get(&self, key: &str) -> Option<&Value> {
        let position = self.position(key)?;
        self.0.entries.get(position).map(|(_, value)| value)
    }

    /// Returns the value under a key for editing if no other map shares it.
    pub fn own_mut(&mut self, key: &str) -> Option<&mut Value> {
        let position = self.position(key)?;
        Arc::get_mut(&mut self.0)?.entries.get_mut(position).map(|(_, value)| value)
    }

    /// Returns the value under a key for editing; nothing is unshared when the key does not exist.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let position = self.position(key)?;
        self.make_mut().entries.get_mut(position).map(|(_, value)| value)
    }

    /// Returns true if the key exists.
    pub fn contains_key(&self, key: &str) -> bool {
        self.position(key).is_some()
    }

    /// Returns the position of a key in document order.
    pub fn position(&self, key: &str) -> Option<usize> {
        let data = &*self.0;
        match &data.extra {
            Some(extra) if data.entries.len() > LINEAR => {
                extra.index.get_or_init(|| Index::of(&data.entries)).0.get(key).copied()
            }
            _ => data.entries.iter().position(|(k, _)| k == key),
        }
    }

    /// Returns the entry at a position in document order.
    pub fn entry_at(&self, position: usize) -> Option<(&EcoString, &Value)> {
        self.0.entries.get(position).map(|(key, value)| (key, value))
    }

    /// Sets a key, in place if it exists and at the end otherwise; returns what it held.
    pub fn insert(&mut self, key: impl Into<EcoString>, value: impl Into<Value>) -> Option<Value> {
        let (key, value) = (key.into(), value.into());
        if let Some(position) = self.position(&key) {
            let slot = self.make_mut().entries.get_mut(position);
            return slot.map(|(_, slot)| std::mem::replace(slot, value));
        }
        self.make_mut_with_room().push(key, value);
        None
    }

    /// Returns the value under a key, inserting what `default` gives if there is none.
    pub fn get_or_insert_with(&mut self, key: &str, default: impl FnOnce() -> Value) -> &mut Value {
        let position = self.position(key).unwrap_or_else(|| {
            self.insert(key, default());
            self.len() - 1
        });
        let data = self.make_mut();
        #[expect(clippy::indexing_slicing, reason = "the position was just found or pushed")]
        &mut data.entries[position].1
    }

    /// Inserts or moves a key to the front; returns what it held.
    pub fn insert_front(&mut self, key: impl Into<EcoString>, value: impl Into<Value>) -> Option<Value> {
        let key = key.into();
        let old = self.remove(&key);
        let data = self.make_mut_with_room();
        data.forget_index();
        data.make_room();
        data.entries.insert(0, (key, value.into()));
        data.settle();
        old
    }

    /// Removes a key and returns what it held; the order of the others stays. Nothing is unshared when it does not exist.
    /// A key that was written more than once then holds its next value.
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let position = self.position(key)?;
        let data = self.make_mut();
        data.forget_index();
        let next = data.odd_keys_mut().and_then(|odd| odd.remove(key));
        let (key, value) = data.entries.remove(position);
        data.entries.extend(next.map(|next| (key, next)));
        Some(value)
    }

    /// Keeps those values of a key for which `keep` holds; there are several if it was written more than once.
    pub fn retain_values(&mut self, key: &str, mut keep: impl FnMut(&Value) -> bool) {
        let mut kept = Vec::new();
        while let Some(value) = self.remove(key) {
            if keep(&value) {
                kept.push(value);
            }
        }
        kept.into_iter().for_each(|value| self.push_repeated(key, value));
    }

    /// Keeps the entries for which `keep` holds.
    pub fn retain(&mut self, mut keep: impl FnMut(&str, &Value) -> bool) {
        if self.iter().all(|(key, value)| keep(key, value)) {
            return;
        }
        let data = self.make_mut();
        data.forget_index();
        data.entries.retain(|(key, value)| keep(key, value));
        let MapData { entries, extra, .. } = data;
        if let Some(odd) = extra.as_mut().and_then(|extra| extra.odd_keys.as_mut()) {
            odd.retain(|key| entries.iter().any(|(kept, _)| kept == key));
        }
    }

    /// Sorts the entries by key, byte by byte.
    pub fn sort_keys(&mut self) {
        if self.0.entries.is_sorted_by(|(a, _), (b, _)| a <= b) {
            return;
        }
        let data = self.make_mut();
        data.forget_index();
        data.entries.sort_by(|(a, _), (b, _)| a.cmp(b));
    }

    /// Returns the entries in document order.
    pub fn iter(&self) -> Entries<'_> {
        Entries(self.0.entries.iter())
    }

    /// Returns the keys in document order.
    pub fn keys(&self) -> impl ExactSizeIterator<Item = &EcoString> + DoubleEndedIterator {
        self.0.entries.iter().map(|(key, _)| key)
    }

    /// Returns the values in document order.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &Value> + DoubleEndedIterator {
        self.0.entries.iter().map(|(_, value)| value)
    }

    /// Returns the values in document order for editing.
    pub fn values_mut(&mut self) -> impl ExactSizeIterator<Item = &mut Value> + DoubleEndedIterator {
        self.make_mut().entries.iter_mut().map(|(_, value)| value)
    }

    /// Returns the entries in document order with the values for editing.
    pub fn iter_mut(&mut self) -> impl ExactSizeIterator<Item = (&EcoString, &mut Value)> {
        self.make_mut().entries.iter_mut().map(|(key, value)| (&*key, value))
    }

    /// Returns a map of the same keys, each with what `change` makes of its value. All keys count as strings.
    pub fn map_values(&self, mut change: impl FnMut(&Value) -> Value) -> Self {
        let entries = self.iter().map(|(key, value)| (key.clone(), change(value))).collect();
        Self(Arc::new(MapData::of(entries)))
    }

    /// Returns a map in which the values are replaced for which `change` gives another one; `None` if it never does.
    pub fn with_changes(&self, mut change: impl FnMut(&Value) -> Option<Value>) -> Option<Self> {
        let mut copy: Option<MapData> = None;
        for (position, value) in self.values().enumerate() {
            let Some(new) = change(value) else { continue };
            let data = copy.get_or_insert_with(|| MapData::clone(&self.0));
            if let Some((_, slot)) = data.entries.get_mut(position) {
                *slot = new;
            }
        }
        copy.map(|data| Self(Arc::new(data)))
    }

    /// Returns what a key was in the document.
    pub fn key_kind(&self, key: &str) -> KeyKind {
        let odd = self.0.odd_keys().and_then(|odd| odd.kinds.get(key));
        odd.copied().unwrap_or(KeyKind::String)
    }

    /// Records what a key was in the document.
    pub fn set_key_kind(&mut self, key: &str, kind: KeyKind) {
        let data = self.make_mut();
        if kind == KeyKind::String {
            if let Some(odd) = data.odd_keys_mut() {
                odd.kinds.remove(key);
            }
            return;
        }
        data.new_odd_keys().kinds.insert(key.into(), kind);
    }

    /// Returns true if any key was something other than a string in the document.
    pub fn has_odd_keys(&self) -> bool {
        self.0.odd_keys().is_some_and(|odd| !odd.kinds.is_empty())
    }

    /// Adds a further value of a key, as a text has that writes it more than once: only [`Map::last`] and [`Map::remove`] see it.
    /// A key that does not exist gets its first value.
    pub fn push_repeated(&mut self, key: impl Into<EcoString>, value: impl Into<Value>) {
        let key = key.into();
        if !self.contains_key(&key) {
            self.insert(key, value);
            return;
        }
        let odd = self.make_mut().new_odd_keys();
        odd.kinds.insert(key.clone(), KeyKind::Repeated);
        odd.repeated.push((key, value.into()));
    }

    /// Returns the value under a key, the last one if it was written more than once.
    pub fn last(&self, key: &str) -> Option<&Value> {
        let odd = self.0.odd_keys();
        let last = odd.and_then(|odd| odd.repeated.iter().rev().find(|(repeated, _)| repeated == key));
        last.map(|(_, value)| value).or_else(|| self.get(key))
    }

    /// Records that a comment stands behind the colon of a key, in front of a value that begins on a later line.
    pub fn set_commented(&mut self, key: &str) {
        if !self.is_commented(key) {
            self.make_mut().new_odd_keys().commented.push(key.into());
        }
    }

    /// Returns true if a comment stands behind the colon of a key.
    pub fn is_commented(&self, key: &str) -> bool {
        self.0.odd_keys().is_some_and(|odd| odd.commented.iter().any(|commented| commented == key))
    }

    /// Returns true if any key has a comment behind its colon.
    pub fn has_commented_keys(&self) -> bool {
        self.0.odd_keys().is_some_and(|odd| !odd.commented.is_empty())
    }

    /// Returns true if it was written in braces.
    pub fn is_flow(&self) -> bool {
        self.0.flow
    }

    /// Records whether it was written in braces.
    pub fn set_flow(&mut self, flow: bool) {
        if self.0.flow != flow {
            self.make_mut().flow = flow;
        }
    }

    /// Returns true for the map of a document that ends with a comment.
    pub fn has_foot(&self) -> bool {
        self.0.footed
    }

    /// Sets whether the document of this map ends with a comment.
    pub fn set_foot(&mut self, footed: bool) {
        if self.0.footed != footed {
            self.make_mut().footed = footed;
        }
    }

    /// Returns true when both are the same allocation.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Returns a number that [the same](Map::same) maps, and no others that exist beside them, have in common.
    pub fn address(&self) -> usize {
        Arc::as_ptr(&self.0).addr()
    }

    /// Returns an equal map that is not [the same](Map::same): what it holds is shared, it is not.
    pub fn unshared(&self) -> Self {
        Self(Arc::new(MapData::clone(&self.0)))
    }

    fn make_mut(&mut self) -> &mut MapData {
        Arc::make_mut(&mut self.0)
    }

    /// As `make_mut`, for one more entry.
    fn make_mut_with_room(&mut self) -> &mut MapData {
        if Arc::get_mut(&mut self.0).is_none() {
            self.0 = Arc::new(self.0.copy(1));
        }
        self.make_mut()
    }
}

impl MapData {
    fn of(entries: Vec<(EcoString, Value)>) -> Self {
        let mut data = Self { entries, ..Self::default() };
        data.settle();
        data
    }

    /// A copy with room for more entries. The index stays behind: it is made to be changed.
    fn copy(&self, room: usize) -> Self {
        let mut entries = Vec::with_capacity(self.entries.len() + room);
        entries.extend_from_slice(&self.entries);
        let odd_keys = self.odd_keys().cloned();
        let extra = odd_keys.map(|odd| Box::new(Extra { odd_keys: Some(odd), ..Extra::default() }));
        let mut copy = Self { entries, extra, flow: self.flow, footed: self.footed };
        copy.settle();
        copy
    }

    /// Gives a large map what it needs.
    fn settle(&mut self) {
        if self.entries.len() > LINEAR {
            self.extra.get_or_insert_default();
        }
    }

    /// Makes room for another entry: most maps stay small.
    fn make_room(&mut self) {
        if self.entries.len() == self.entries.capacity() {
            self.entries.reserve_exact(1 + self.entries.len() / 2);
        }
    }

    fn push(&mut self, key: EcoString, value: Value) {
        if let Some(index) = self.extra.as_mut().and_then(|extra| extra.index.get_mut()) {
            index.0.insert(key.clone(), self.entries.len());
        }
        self.make_room();
        self.entries.push((key, value));
        self.settle();
    }

    fn forget_index(&mut self) {
        if let Some(extra) = &mut self.extra {
            extra.index = OnceLock::new();
        }
    }

    fn odd_keys(&self) -> Option<&OddKeys> {
        self.extra.as_ref()?.odd_keys.as_ref()
    }

    fn odd_keys_mut(&mut self) -> Option<&mut OddKeys> {
        self.extra.as_mut()?.odd_keys.as_mut()
    }

    fn new_odd_keys(&mut self) -> &mut OddKeys {
        self.extra.get_or_insert_default().odd_keys.get_or_insert_default()
    }
}

impl Clone for MapData {
    fn clone(&self) -> Self {
        self.copy(0)
    }
}

impl OddKeys {
    /// Forgets what is known of a key and returns the next of its values, if it has more.
    fn remove(&mut self, key: &str) -> Option<Value> {
        self.commented.retain(|commented| commented != key);
        let next = self.repeated.iter().position(|(repeated, _)| repeated == key);
        let next = next.map(|position| self.repeated.remove(position).1);
        if !self.repeated.iter().any(|(repeated, _)| repeated == key) {
            self.kinds.remove(key);
        }
        next
    }

    /// Forgets what is known of all keys but these.
    fn retain(&mut self, is_kept: impl Fn(&str) -> bool) {
        self.kinds.retain(|key, _| is_kept(key));
        self.repeated.retain(|(key, _)| is_kept(key));
        self.commented.retain(|key| is_kept(key));
    }
}

impl Index {
    fn of(entries: &[(EcoString, Value)]) -> Self {
        Self(entries.iter().enumerate().map(|(position, (key, _))| (key.clone(), position)).collect())
    }
}

/// The entries of a [`Map`] in document order.
#[derive(Clone)]
pub struct Entries<'a>(std::slice::Iter<'a, (EcoString, Value)>);

impl<'a> Iterator for Entries<'a> {
    type Item = (&'a EcoString, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key, value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

impl DoubleEndedIterator for Entries<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.0.next_back().map(|(key, value)| (key, value))
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl<'a> IntoIterator for &'a Map {
    type Item = (&'a EcoString, &'a Value);
    type IntoIter = Entries<'a>;

    fn into_iter(self) -> Entries<'a> {
        self.iter()
    }
}

impl IntoIterator for Map {
    type Item = (EcoString, Value);
    type IntoIter = std::vec::IntoIter<(EcoString, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        let data = Arc::try_unwrap(self.0).unwrap_or_else(|shared| MapData::clone(&shared));
        data.entries.into_iter()
    }
}

impl<K: Into<EcoString>, V: Into<Value>> FromIterator<(K, V)> for Map {
    /// Later entries win over earlier ones with the same key.
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        map.extend(entries);
        map
    }
}

impl<K: Into<EcoString>, V: Into<Value>> Extend<(K, V)> for Map {
    fn extend<I: IntoIterator<Item = (K, V)>>(&mut self, entries: I) {
        let entries = entries.into_iter();
        let room = entries.size_hint().0;
        if self.is_empty() && room > 0 {
            self.make_mut().entries.reserve_exact(room);
        }
        for (key, value) in entries {
            self.insert(key, value);
        }
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_finds_keys_at_any_size() {
        for size in [0_usize, 1, LINEAR, LINEAR + 1, 1000] {
            let mut map = Map::from_iter((0..size).map(|i| (format!("k{i}"), Value::from(i as i64))));
            assert_eq!(map.len(), size);
            assert!((0..size).all(|i| map.get(&format!("k{i}")).unwrap().as_i64() == Some(i as i64)));
            assert!(map.get("nope").is_none());
            if size > 1 {
                map.remove("k0");
                assert_eq!(map.position("k1"), Some(0));
                map.insert_front("z", 1);
                assert_eq!(map.position("k1"), Some(1));
                map.insert("k1", 7);
                assert_eq!(map.position("k1"), Some(1));
            }
        }
    }

    #[test]
    fn a_key_that_is_repeated_gives_way_to_its_next_value() {
        let mut map = Map::from_iter([("a", 1), ("b", 2)]);
        map.push_repeated("a", 3);
        map.set_commented("a");
        assert_eq!(map.get("a").and_then(Value::as_i64), Some(1));
        assert_eq!(map.last("a").and_then(Value::as_i64), Some(3));
        assert_eq!(map.key_kind("a"), KeyKind::Repeated);
        assert_eq!(map.remove("a").and_then(|value| value.as_i64()), Some(1));
        assert_eq!(map.get("a").and_then(Value::as_i64), Some(3));
        assert!(!map.has_odd_keys() && !map.has_commented_keys());
        assert!(map.remove("a").is_some() && map.remove("a").is_none());
        [1, 2, 3].into_iter().for_each(|value| map.push_repeated("a", value));
        map.retain_values("a", |value| value.as_i64() != Some(1));
        assert_eq!((map.get("a"), map.last("a")), (Some(&2.into()), Some(&3.into())));
        map.retain_values("a", |_| false);
        assert!(!map.contains_key("a") && !map.has_odd_keys());
    }

    #[test]
    fn an_unshared_map_is_equal_and_another() {
        let map = Map::from_iter([("a", 1)]);
        assert!(map.same(&map.clone()) && !map.same(&map.unshared()));
        assert_eq!(map, map.unshared());
    }

    #[test]
    fn only_what_changes_is_copied() {
        let map = Map::from_iter([("a", Value::from(1)), ("b", Value::from(2))]);
        assert!(map.with_changes(|_| None).is_none());
        let changed = map.with_changes(|value| (value.as_i64() == Some(2)).then(|| 3.into())).unwrap();
        assert_eq!(changed, Map::from_iter([("a", 1), ("b", 3)]));
        assert_eq!(map.get("b"), Some(&Value::from(2)));
    }

    #[test]
    fn duplicates_are_found_at_any_size() {
        for size in [2_usize, LINEAR, LINEAR + 10] {
            let mut entries: Vec<_> =
                (0..size).map(|i| (ecow::eco_format!("k{i}"), Value::from(i as i64))).collect();
            entries.push(("k1".into(), Value::NULL));
            assert_eq!(Map::from_entries(entries).unwrap_err(), size);
        }
    }
}
