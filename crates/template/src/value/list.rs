//! Go slices.

use super::Value;
use std::sync::Arc;

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
}

impl List {
    /// Returns a slice of these items.
    pub fn of(elem: Elem, items: Vec<Value>) -> Self {
        Self(Arc::new(Data { elem, nil: false, len: items.len(), cap: items.len(), items }))
    }

    /// Returns the nil slice.
    pub fn nil(elem: Elem) -> Self {
        Self(Arc::new(Data { elem, nil: true, len: 0, cap: 0, items: Vec::new() }))
    }

    /// Returns a `[]interface {}` with the capacity that appending the items one by one leaves, as `encoding/json` does.
    ///
    /// Nothing shows it but the built-in `slice`, which may reach up to the capacity.
    pub fn appended(items: Vec<Value>) -> Self {
        let cap = match items.len() {
            0 => 0,
            len @ ..=512 => len.next_power_of_two(),
            len => len,
        };
        Self(Arc::new(Data { elem: Elem::Any, nil: false, len: items.len(), cap, items }))
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
        self.0.items.get(..self.0.len).unwrap_or_default()
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
        let mut items = data.items.get(start..max.min(data.items.len())).unwrap_or_default().to_vec();
        let len = end - start;
        if items.len() < len {
            items.resize(len, Value::Nil);
        }
        Some(Self(Arc::new(Data { elem: data.elem, nil: data.nil, len, cap: max - start, items })))
    }

    /// Returns true when both are the same allocation.
    pub(crate) fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(super) fn deep_copy(&self) -> Self {
        let scalar = |item: &Value| !matches!(item, Value::List(_) | Value::Map(_));
        if self.0.items.iter().all(scalar) {
            return self.clone();
        }
        let items = self.0.items.iter().map(Value::deep_copy).collect();
        Self(Arc::new(Data { elem: self.0.elem, nil: self.0.nil, len: self.0.len, cap: self.0.cap, items }))
    }
}
