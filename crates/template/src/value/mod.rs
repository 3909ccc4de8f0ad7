//! Values with Go's kinds.

mod convert;
pub use convert::Numbers;
mod list;
mod map;
mod object;
mod text;

pub use list::{Elem, List};
pub use map::{Map, MapElem};
pub use object::Object;
pub use text::{Runes, Text};
pub(crate) use text::{last_rune, lossy, without};

use crate::go::semver::Version;
use crate::go::time::Time;
use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

/// Go's signed integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntType {
    /// `int`
    Int,
    /// `int8`
    Int8,
    /// `int16`
    Int16,
    /// `int32`
    Int32,
    /// `int64`
    Int64,
    /// `time.Duration`
    Duration,
    /// `time.Month`
    Month,
    /// `time.Weekday`
    Weekday,
}

/// Go's unsigned integer types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UintType {
    /// `uint`
    Uint,
    /// `uint8`
    Uint8,
    /// `uint16`
    Uint16,
    /// `uint32`
    Uint32,
    /// `uint64`
    Uint64,
}

/// Go's kinds, as `reflect` names them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing, or nil.
    Invalid,
    /// `bool`
    Bool,
    /// Any signed integer.
    Int(IntType),
    /// Any unsigned integer.
    Uint(UintType),
    /// `float64`
    Float64,
    /// `complex128`
    Complex128,
    /// `string`
    String,
    /// A slice.
    Slice,
    /// A map.
    Map,
    /// A struct.
    Struct,
    /// A pointer.
    Ptr,
}

impl Kind {
    /// Returns Go's word for it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Bool => "bool",
            Self::Int(int) => match int {
                IntType::Int | IntType::Month | IntType::Weekday => "int",
                IntType::Int8 => "int8",
                IntType::Int16 => "int16",
                IntType::Int32 => "int32",
                IntType::Int64 | IntType::Duration => "int64",
            },
            Self::Uint(uint) => uint.name(),
            Self::Float64 => "float64",
            Self::Complex128 => "complex128",
            Self::String => "string",
            Self::Slice => "slice",
            Self::Map => "map",
            Self::Struct => "struct",
            Self::Ptr => "ptr",
        }
    }
}

impl IntType {
    /// Returns Go's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Int => "int",
            Self::Int8 => "int8",
            Self::Int16 => "int16",
            Self::Int32 => "int32",
            Self::Int64 => "int64",
            Self::Duration => "time.Duration",
            Self::Month => "time.Month",
            Self::Weekday => "time.Weekday",
        }
    }
}

impl UintType {
    /// Returns Go's name of the type.
    pub fn name(self) -> &'static str {
        match self {
            Self::Uint => "uint",
            Self::Uint8 => "uint8",
            Self::Uint16 => "uint16",
            Self::Uint32 => "uint32",
            Self::Uint64 => "uint64",
        }
    }
}

/// A value as a Go program holds it in an `interface{}`.
///
/// Cloning is O(1). Lists never change; maps are references, as in Go: a function that sets a key is seen by
/// every holder. A render of a template that may do so works on its own deep copy of the data.
///
/// ```
/// use trueup_template::{Map, Value};
///
/// let data = Value::from(Map::from_iter([("replicas", Value::from(3.0)), ("name", Value::from("web"))]));
/// assert_eq!(data.type_name(), "map[string]interface {}");
/// assert_eq!(data.get("replicas").unwrap().type_name(), "float64"); // as JSON numbers are
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Value {
    /// A nil interface.
    #[default]
    Nil,
    /// `bool`
    Bool(bool),
    /// A signed integer and its type.
    Int(IntType, i64),
    /// An unsigned integer and its type.
    Uint(UintType, u64),
    /// `float64`
    Float(f64),
    /// `complex128`
    Complex(Arc<(f64, f64)>),
    /// `string`
    Str(Text),
    /// A slice.
    List(List),
    /// A map with string keys.
    Map(Map),
    /// `time.Time`
    Time(Arc<Time>),
    /// `*semver.Version`
    Version(Arc<Version>),
    /// Anything else with fields and methods, such as Helm's `.Files`.
    Object(Arc<dyn Object>),
}

impl Value {
    /// Returns an `int`.
    pub fn int(value: i64) -> Self {
        Self::Int(IntType::Int, value)
    }

    /// Returns an `int64`.
    pub fn int64(value: i64) -> Self {
        Self::Int(IntType::Int64, value)
    }

    /// Returns the kind, as `reflect.ValueOf(v).Kind()` gives it.
    pub fn kind(&self) -> Kind {
        match self {
            Self::Nil => Kind::Invalid,
            Self::Bool(_) => Kind::Bool,
            Self::Int(int, _) => Kind::Int(*int),
            Self::Uint(uint, _) => Kind::Uint(*uint),
            Self::Float(_) => Kind::Float64,
            Self::Complex(_) => Kind::Complex128,
            Self::Str(_) => Kind::String,
            Self::List(_) => Kind::Slice,
            Self::Map(_) => Kind::Map,
            Self::Time(_) => Kind::Struct,
            Self::Version(version) if version.is_plain() => Kind::Struct,
            Self::Version(_) => Kind::Ptr,
            Self::Object(object) => object.kind(),
        }
    }

    /// Returns the Go type, as `%T` prints it.
    pub fn type_name(&self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Nil => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(int, _) => int.name(),
            Self::Uint(uint, _) => uint.name(),
            Self::Float(_) => "float64",
            Self::Complex(_) => "complex128",
            Self::Str(_) => "string",
            Self::List(list) => list.elem().list_type(),
            Self::Map(map) => map.elem().map_type(),
            Self::Time(_) => "time.Time",
            Self::Version(version) if version.is_plain() => "semver.Version",
            Self::Version(_) => "*semver.Version",
            Self::Object(object) => return object.type_name(),
        })
    }

    /// Returns true for a nil interface, a nil list or a nil map.
    pub fn is_nil(&self) -> bool {
        match self {
            Self::Nil => true,
            Self::List(list) => list.is_nil(),
            Self::Map(map) => map.is_nil(),
            _ => false,
        }
    }

    /// Returns the truth of a value, as `if` sees it.
    pub fn truth(&self) -> bool {
        match self {
            Self::Nil => false,
            Self::Bool(b) => *b,
            Self::Int(_, i) => *i != 0,
            Self::Uint(_, u) => *u != 0,
            Self::Float(f) => *f != 0.0,
            Self::Complex(c) => **c != (0.0, 0.0),
            Self::Str(s) => !s.is_empty(),
            Self::List(list) => !list.is_empty(),
            Self::Map(map) => !map.is_empty(),
            Self::Time(_) | Self::Version(_) => true,
            Self::Object(object) => object.truth(),
        }
    }

    /// Returns the element of a map, if it is one and has it.
    pub fn get(&self, key: &str) -> Option<Value> {
        match self {
            Self::Map(map) => map.get(key.as_bytes()),
            _ => None,
        }
    }

    /// Returns the text, if it is a string of valid UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::Str(text) => text.as_str(),
            _ => None,
        }
    }

    /// Returns a copy that shares no map with this one.
    pub fn deep_copy(&self) -> Self {
        match self {
            Self::List(list) => Self::List(list.deep_copy()),
            Self::Map(map) => Self::Map(map.deep_copy()),
            other => other.clone(),
        }
    }

    /// Returns a map with string values, as Argo CD holds cluster labels.
    pub fn string_map<K: Into<Text>, V: Into<Text>>(entries: impl IntoIterator<Item = (K, V)>) -> Self {
        let map = Map::of(MapElem::String);
        for (key, value) in entries {
            map.insert(key.into(), Self::Str(value.into()));
        }
        Self::Map(map)
    }

    /// Returns a list of strings (`[]string`).
    pub fn string_list<T: Into<Text>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(List::of(Elem::String, items.into_iter().map(|item| Self::Str(item.into())).collect()))
    }
}

/// Compares as `reflect.DeepEqual` does: same type, same content; NaN is unequal to itself.
pub(crate) fn deep_equal(a: &Value, b: &Value, depth: usize) -> bool {
    if depth == 0 {
        return false;
    }
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Int(s, a), Value::Int(t, b)) => s == t && a == b,
        (Value::Uint(s, a), Value::Uint(t, b)) => s == t && a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Complex(a), Value::Complex(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            let same_shape = a.elem() == b.elem() && a.is_nil() == b.is_nil() && a.len() == b.len();
            // Go compares the addresses first, so a list with NaN equals itself.
            same_shape
                && (a.same(b) || a.items().iter().zip(b.items()).all(|(a, b)| deep_equal(a, b, depth - 1)))
        }
        (Value::Map(a), Value::Map(b)) => {
            if a.elem() != b.elem() || a.is_nil() != b.is_nil() || a.len() != b.len() {
                return false;
            }
            a.same(b)
                || a.entries()
                    .iter()
                    .all(|(key, a)| b.get(key.as_bytes()).is_some_and(|b| deep_equal(a, &b, depth - 1)))
        }
        (Value::Time(a), Value::Time(b)) => a.same_struct(b),
        (Value::Version(a), Value::Version(b)) => a.same_struct(b),
        (Value::Object(a), Value::Object(b)) => Arc::ptr_eq(a, b),
        _ => false,
    }
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&lossy(&crate::go::fmt::sprint_debug(self)))
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<f64> for Value {
    fn from(value: f64) -> Self {
        Self::Float(value)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Str(text.into())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<Time> for Value {
    fn from(time: Time) -> Self {
        Self::Time(Arc::new(time))
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Str(text)
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self::List(List::of(Elem::Any, items))
    }
}

impl<K: Into<Text>, V: Into<Value>> FromIterator<(K, V)> for Value {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        Self::Map(entries.into_iter().collect())
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self::Map(map)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_24_bytes_and_crosses_threads() {
        fn shareable<T: Send + Sync>() {}
        shareable::<Value>();
        assert_eq!(size_of::<Value>(), 24);
    }
}
