//! Go maps with string keys: shared, changeable, walked in key order.

use super::{Elem, List, Text, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// The element type of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapElem {
    /// `interface {}`
    Any,
    /// `string`
    String,
    /// `interface {}`, of the named type `common.Values`: what Helm gives templates as `.Values`.
    Values,
    /// Bytes, of the named type `engine.files`: what Helm gives templates as `.Files`. The entries are held as texts.
    Files,
}

impl MapElem {
    /// Returns Go's name of a map of these.
    pub fn map_type(self) -> &'static str {
        match self {
            Self::Any => "map[string]interface {}",
            Self::String => "map[string]string",
            Self::Values => "common.Values",
            Self::Files => "engine.files",
        }
    }

    /// Returns true if the elements are interfaces.
    pub fn is_interface(self) -> bool {
        matches!(self, Self::Any | Self::Values)
    }

    /// Returns what a key that is not there gives, as a template sees it.
    pub(crate) fn zero(self) -> Value {
        match self {
            Self::Any | Self::Values => Value::Nil,
            Self::String => "".into(),
            Self::Files => Value::List(List::nil(Elem::Byte)),
        }
    }

    /// Returns an entry as the type has it.
    fn typed(self, value: &Value) -> Value {
        match (self, value) {
            (Self::Files, Value::Str(text)) => Value::List(List::bytes(text.as_bytes())),
            (_, value) => value.clone(),
        }
    }
}

type Entries = BTreeMap<Text, Value>;

/// A Go map with string keys. Cloning shares it; a change is seen by every holder.
#[derive(Clone)]
pub struct Map {
    elem: MapElem,
    cell: Option<Arc<RwLock<Entries>>>,
}

impl Map {
    /// Returns an empty `map[string]interface {}`.
    pub fn new() -> Self {
        Self::of(MapElem::Any)
    }

    /// Returns an empty map of this type.
    pub fn of(elem: MapElem) -> Self {
        Self { elem, cell: Some(Arc::default()) }
    }

    /// Returns the nil map.
    pub fn nil(elem: MapElem) -> Self {
        Self { elem, cell: None }
    }

    pub(crate) fn from_entries(elem: MapElem, entries: BTreeMap<Text, Value>) -> Self {
        Self { elem, cell: Some(Arc::new(RwLock::new(entries))) }
    }

    /// Returns the element type.
    pub fn elem(&self) -> MapElem {
        self.elem
    }

    /// Returns true for the nil map.
    pub fn is_nil(&self) -> bool {
        self.cell.is_none()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.read().map_or(0, |entries| entries.len())
    }

    /// Returns true if there is no entry.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the value under a key.
    pub fn get(&self, key: &[u8]) -> Option<Value> {
        self.read()?.get(key).map(|value| self.elem.typed(value))
    }

    /// Returns the text that an entry is held as, if it is one.
    pub fn text(&self, key: &[u8]) -> Option<Text> {
        match self.read()?.get(key)? {
            Value::Str(text) => Some(text.clone()),
            _ => None,
        }
    }

    /// Returns the same map under another type.
    #[must_use]
    pub fn with_elem(&self, elem: MapElem) -> Self {
        Self { elem, cell: self.cell.clone() }
    }

    /// Returns true if the key exists.
    pub fn contains_key(&self, key: &[u8]) -> bool {
        self.read().is_some_and(|entries| entries.contains_key(key))
    }

    /// Sets a key for every holder; does nothing to the nil map.
    pub fn insert(&self, key: impl Into<Text>, value: impl Into<Value>) {
        if let Some(mut entries) = self.write() {
            entries.insert(key.into(), value.into());
        }
    }

    /// Removes a key for every holder.
    pub fn remove(&self, key: &[u8]) {
        if let Some(mut entries) = self.write() {
            entries.remove(key);
        }
    }

    /// Removes every key, for every holder: what a cycle needs to be freed.
    pub(crate) fn clear(&self) {
        let taken = self.write().map(|mut entries| std::mem::take(&mut *entries));
        drop(taken);
    }

    /// Returns the entries in key order, as they are now.
    pub fn entries(&self) -> Vec<(Text, Value)> {
        let copy = |entries: RwLockReadGuard<'_, Entries>| {
            entries.iter().map(|(key, value)| (key.clone(), self.elem.typed(value))).collect()
        };
        self.read().map(copy).unwrap_or_default()
    }

    /// Returns the keys in order, as they are now.
    pub fn keys(&self) -> Vec<Text> {
        self.read().map(|entries| entries.keys().cloned().collect()).unwrap_or_default()
    }

    /// Returns true when both are the same map.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.cell, &other.cell) {
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }

    pub(super) fn deep_copy(&self) -> Self {
        let copy = |entries: RwLockReadGuard<'_, Entries>| {
            entries.iter().map(|(key, value)| (key.clone(), value.deep_copy())).collect()
        };
        match self.read().map(copy) {
            Some(entries) => Self::from_entries(self.elem, entries),
            None => self.clone(),
        }
    }

    // A poisoned lock only says that another thread panicked; the entries are whole all the same.
    fn read(&self) -> Option<RwLockReadGuard<'_, Entries>> {
        self.cell.as_ref().map(|cell| cell.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self) -> Option<RwLockWriteGuard<'_, Entries>> {
        self.cell.as_ref().map(|cell| cell.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Default for Map {
    fn default() -> Self {
        Self::new()
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Map {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        Self::from_entries(MapElem::Any, entries)
    }
}
