//! Go slices.

use super::Value;
use std::sync::{Arc, OnceLock};

/// The element type of a slice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Elem {
    /// `interface {}`
    Any,
    /// `string`
    String,
    /// `int`
    Int,
    /// `float64`
    Float64,
    /// `uint8`: bytes
    Byte,
    /// `[]interface {}`
    AnyList,
    /// `map[string]interface {}`
    AnyMap,
    /// `string`, of the named type `common.VersionSet`: Helm's `.Capabilities.APIVersions`
    VersionSet,
}

impl Elem {
    /// Returns Go's name of a slice of these.
    pub fn list_type(self) -> &'static str {
        match self {
            Self::Any => "[]interface {}",
            Self::String => "[]string",
            Self::Int => "[]int",
            Self::Float64 => "[]float64",
            Self::Byte => "[]uint8",
            Self::AnyList => "[][]interface {}",
            Self::AnyMap => "[]map[string]interface {}",
            Self::VersionSet => "common.VersionSet",
        }
    }

    /// Returns the value of an element that was never set.
    fn zero(self) -> Value {
        match self {
            Self::Any => Value::Nil,
            Self::String | Self::VersionSet => Value::Str(Default::default()),
            Self::Int => Value::int(0),
            Self::Float64 => Value::Float(0.0),
            Self::Byte => Value::Uint(super::UintType::Uint8, 0),
            Self::AnyList => Value::List(List::nil(Self::Any)),
            Self::AnyMap => Value::Map(super::Map::nil(super::MapElem::Any)),
        }
    }

    /// Returns true if the elements are interfaces.
    pub fn is_interface(self) -> bool {
        self == Self::Any
    }
}

/// A Go slice. Cloning is O(1); it never changes.
#[derive(Clone)]
pub struct List(Arc<Data>);

struct Data {
    elem: Elem,
    nil: bool,
    /// How many of the items are visible; what `slice` may reach lies beyond.
    len: usize,
    /// Go's `cap`; there are nils between the last item and it.
    cap: usize,
    items: Vec<Value>,
    /// The items in order, once a `[]string` was sorted in place.
    sorted: OnceLock<Vec<Value>>,
}

impl Data {
    fn new(elem: Elem, items: Vec<Value>, cap: usize) -> Self {
        Self { elem, nil: false, len: items.len(), cap, items, sorted: OnceLock::new() }
    }
}

impl List {
    /// Returns a slice of these items.
    pub fn of(elem: Elem, items: Vec<Value>) -> Self {
        let cap = items.len();
        Self(Arc::new(Data::new(elem, items, cap)))
    }

    /// Returns the nil slice.
    pub fn nil(elem: Elem) -> Self {
        Self(Arc::new(Data { nil: true, ..Data::new(elem, Vec::new(), 0) }))
    }

    /// Returns a slice with the capacity that appending the items one by one leaves, as `encoding/json` does.
    ///
    /// Nothing shows it but the built-in `slice`, which may reach up to the capacity.
    pub fn appended(elem: Elem, items: Vec<Value>) -> Self {
        let cap = match items.len() {
            0 => 0,
            len @ ..=512 => len.next_power_of_two(),
            len => len,
        };
        Self(Arc::new(Data::new(elem, items, cap)))
    }

    /// Returns the bytes as a `[]uint8`.
    pub fn bytes(bytes: &[u8]) -> Self {
        let items = bytes.iter().map(|&b| Value::Uint(super::UintType::Uint8, b.into())).collect();
        Self::of(Elem::Byte, items)
    }

    /// Returns the bytes of a `[]uint8`.
    pub fn to_bytes(&self) -> Option<Vec<u8>> {
        let byte = |item: &Value| match item {
            Value::Uint(_, byte) => *byte as u8,
            _ => 0,
        };
        (self.0.elem == Elem::Byte).then(|| self.items().iter().map(byte).collect())
    }

    /// Returns the element type.
    pub fn elem(&self) -> Elem {
        self.0.elem
    }

    /// Returns true for the nil slice.
    pub fn is_nil(&self) -> bool {
        self.0.nil
    }

    /// Returns the number of items.
    pub fn len(&self) -> usize {
        self.0.len
    }

    /// Returns true if there is no item.
    pub fn is_empty(&self) -> bool {
        self.0.len == 0
    }

    /// Returns Go's `cap`.
    pub fn capacity(&self) -> usize {
        self.0.cap
    }

    /// Returns the items.
    pub fn items(&self) -> &[Value] {
        self.all().get(..self.0.len).unwrap_or_default()
    }

    fn all(&self) -> &[Value] {
        self.0.sorted.get().unwrap_or(&self.0.items)
    }

    /// Sorts a `[]string` for every holder, as sprig's `sortAlpha` does. Sorting again changes nothing.
    pub(crate) fn sort_strings(&self) {
        self.0.sorted.get_or_init(|| {
            let mut items = self.0.items.clone();
            let text = |value: &Value| match value {
                Value::Str(text) => text.clone(),
                _ => Default::default(),
            };
            items.sort_by_key(text);
            items
        });
    }

    /// Returns a slice of this type with other items.
    pub(crate) fn with_items(&self, items: Vec<Value>) -> Self {
        let cap = items.len();
        Self(Arc::new(Data { nil: self.0.nil, ..Data::new(self.0.elem, items, cap) }))
    }

    /// Returns a slice with room up to a capacity.
    pub(crate) fn with_cap(elem: Elem, items: Vec<Value>, cap: usize) -> Self {
        let cap = cap.max(items.len());
        Self(Arc::new(Data::new(elem, items, cap)))
    }

    /// Returns an item.
    pub fn get(&self, index: usize) -> Option<&Value> {
        self.items().get(index)
    }

    /// Returns `list[start:end:max]`; `None` when out of range.
    pub(crate) fn slice(&self, start: usize, end: usize, max: usize) -> Option<Self> {
        let data = &*self.0;
        if start > end || end > max || max > data.cap {
            return None;
        }
        let all = self.all();
        let mut items = all.get(start..max.min(all.len())).unwrap_or_default().to_vec();
        let len = end - start;
        if items.len() < len {
            items.resize(len, data.elem.zero());
        }
        Some(Self(Arc::new(Data { nil: data.nil, len, ..Data::new(data.elem, items, max - start) })))
    }

    /// Returns true when both are the same allocation.
    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn deep_copy(&self) -> Self {
        let data = &*self.0;
        let scalar = |item: &Value| !matches!(item, Value::List(_) | Value::Map(_));
        if data.elem != Elem::String && data.items.iter().all(scalar) {
            return self.clone();
        }
        let items = self.all().iter().map(Value::deep_copy).collect();
        Self(Arc::new(Data { nil: data.nil, len: data.len, ..Data::new(data.elem, items, data.cap) }))
    }
}
