//! The persistent document model: [`Value`], [`Map`] and the scalars inside them.
//!
//! A clone is a reference count and an edit copies only the containers on its path, so a base that
//! ninety overlays share is held once. Values need no context: a key is a `&str`, always.

mod compare;
mod de;
mod map;
mod scalar;
mod ser;
mod serde_impl;

pub use de::{ValueError, from_value};
pub use map::{Entries, KeyKind, Map};
pub use scalar::{Number, Resolved, ScalarStyle, SourceScalar};
pub(crate) use scalar::{go_float_text, go_float32_text};
pub use scalar::{plain_decimal, shortest_digits};
pub use ser::to_value;

use ecow::EcoString;
use std::fmt;
use std::sync::Arc;

/// One node of a document: null, boolean, number, string, sequence or map.
///
/// 24 bytes. Cloning is O(1). Look at it through [`Value::view`] or the `as_*` accessors; change it through
/// the `*_mut` accessors, which unshare only what they hand out.
///
/// ```
/// use trueup_manifest::{Map, Value};
///
/// let mut spec = Map::new();
/// spec.insert("replicas", Value::from(3));
/// let base = Value::from(spec);
/// let mut overlay = base.clone();                       // a reference count
/// overlay.as_map_mut().unwrap().insert("replicas", Value::from(5));
/// assert_eq!(base.get("replicas").and_then(Value::as_i64), Some(3));
/// assert_eq!(overlay.get("replicas").and_then(Value::as_i64), Some(5));
/// ```
#[derive(Clone, Default)]
pub struct Value(Repr);

#[derive(Clone, Default)]
enum Repr {
    #[default]
    Null,
    Bool(bool),
    Int(i64),
    Float(f64),
    String(EcoString, ScalarStyle),
    /// The items, and whether they were written in brackets.
    Seq(Arc<Vec<Value>>, bool),
    Map(Map),
    /// A scalar whose text says more than its value: `0644`, `1_000`, `True`, `~`, `!!str 1`, a date, a huge integer.
    Source(Arc<SourceScalar>),
}

/// What a [`Value`] is, borrowed.
#[derive(Clone, Copy, Debug)]
pub enum View<'a> {
    /// `null`, `~`, or nothing at all.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// An integer or a float.
    Number(Number),
    /// A string (timestamps and `!!binary` are strings too, as in JSON).
    String(&'a str),
    /// A sequence.
    Seq(&'a [Value]),
    /// A map, in document order.
    Map(&'a Map),
}

impl Value {
    /// The null value.
    pub const NULL: Self = Self(Repr::Null);

    /// Returns a string with the style it should keep when it is written back through a style-preserving path.
    pub fn string_with_style(text: impl Into<EcoString>, style: ScalarStyle) -> Self {
        Self(Repr::String(text.into(), style))
    }

    /// Returns a scalar that remembers how it was spelled; collapses to the plain form when the spelling is canonical.
    pub fn from_source(scalar: SourceScalar) -> Self {
        match scalar.canonical() {
            Some(value) => value,
            None => Self(Repr::Source(Arc::new(scalar))),
        }
    }

    /// Returns what this value is.
    pub fn view(&self) -> View<'_> {
        match &self.0 {
            Repr::Null => View::Null,
            Repr::Bool(b) => View::Bool(*b),
            Repr::Int(i) => View::Number(Number::Int(*i)),
            Repr::Float(f) => View::Number(Number::Float(*f)),
            Repr::String(s, _) => View::String(s),
            Repr::Seq(items, _) => View::Seq(items),
            Repr::Map(map) => View::Map(map),
            Repr::Source(source) => source.view(),
        }
    }

    /// Returns true for null.
    pub fn is_null(&self) -> bool {
        matches!(self.view(), View::Null)
    }

    /// Returns true for a sequence.
    pub fn is_seq(&self) -> bool {
        matches!(self.0, Repr::Seq(..))
    }

    /// Returns true for a map.
    pub fn is_map(&self) -> bool {
        matches!(self.0, Repr::Map(_))
    }

    /// Returns true for anything that is neither a sequence nor a map.
    pub fn is_scalar(&self) -> bool {
        !self.is_seq() && !self.is_map()
    }

    /// Returns the boolean, if it is one.
    pub fn as_bool(&self) -> Option<bool> {
        match self.view() {
            View::Bool(b) => Some(b),
            _ => None,
        }
    }

    /// Returns the number, if it is one.
    pub fn as_number(&self) -> Option<Number> {
        match self.view() {
            View::Number(n) => Some(n),
            _ => None,
        }
    }

    /// Returns the integer, if it is one that fits.
    pub fn as_i64(&self) -> Option<i64> {
        self.as_number().and_then(Number::as_i64)
    }

    /// Returns the number as a float, if it is a number.
    pub fn as_f64(&self) -> Option<f64> {
        self.as_number().map(Number::as_f64)
    }

    /// Returns the string, if it is one.
    pub fn as_str(&self) -> Option<&str> {
        match self.view() {
            View::String(s) => Some(s),
            _ => None,
        }
    }

    /// Returns the string as a shareable handle, if it is one.
    pub fn as_eco_str(&self) -> Option<&EcoString> {
        match &self.0 {
            Repr::String(s, _) => Some(s),
            Repr::Source(source) => source.as_eco_str(),
            _ => None,
        }
    }

    /// Returns the items, if it is a sequence.
    pub fn as_seq(&self) -> Option<&[Value]> {
        match &self.0 {
            Repr::Seq(items, _) => Some(items),
            _ => None,
        }
    }

    /// Returns the items for editing, if it is a sequence; unshares this one node.
    pub fn as_seq_mut(&mut self) -> Option<&mut Vec<Value>> {
        match &mut self.0 {
            Repr::Seq(items, _) => Some(Arc::make_mut(items)),
            _ => None,
        }
    }

    /// Returns the items for editing, if it is a sequence that no other value shares.
    pub fn own_items_mut(&mut self) -> Option<&mut [Value]> {
        match &mut self.0 {
            Repr::Seq(items, _) => Arc::get_mut(items).map(Vec::as_mut_slice),
            _ => None,
        }
    }

    /// Returns the map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match &self.0 {
            Repr::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the map for editing, if it is one. The map unshares itself when it is changed.
    pub fn as_map_mut(&mut self) -> Option<&mut Map> {
        match &mut self.0 {
            Repr::Map(map) => Some(map),
            _ => None,
        }
    }

    /// Returns the member of a map.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.as_map()?.get(key)
    }

    /// Returns the member of a map for editing; nothing is unshared when it does not exist.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        self.as_map_mut()?.get_mut(key)
    }

    /// Returns the item of a sequence.
    pub fn item(&self, index: usize) -> Option<&Value> {
        self.as_seq()?.get(index)
    }

    /// Returns the item of a sequence for editing; nothing is unshared when it does not exist.
    pub fn item_mut(&mut self, index: usize) -> Option<&mut Value> {
        match &mut self.0 {
            Repr::Seq(items, _) if index < items.len() => Arc::make_mut(items).get_mut(index),
            _ => None,
        }
    }

    /// Returns the value below a chain of map keys.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Returns the value below a chain of map keys for editing; nothing is unshared when it does not exist.
    pub fn at_mut(&mut self, path: &[&str]) -> Option<&mut Value> {
        self.at(path)?;
        path.iter().try_fold(self, |value, key| value.get_mut(key))
    }

    /// Returns true for a collection that was written in braces or brackets.
    pub fn is_flow(&self) -> bool {
        match &self.0 {
            Repr::Seq(_, flow) => *flow,
            Repr::Map(map) => map.is_flow(),
            _ => false,
        }
    }

    /// Records whether a collection was written in braces or brackets; means nothing to a scalar.
    pub fn set_flow(&mut self, flow: bool) {
        match &mut self.0 {
            Repr::Seq(_, own) => *own = flow,
            Repr::Map(map) => map.set_flow(flow),
            _ => {}
        }
    }

    /// Returns the style of a scalar as it was written; [`ScalarStyle::Plain`] for anything built in memory.
    pub fn style(&self) -> ScalarStyle {
        match &self.0 {
            Repr::String(_, style) => *style,
            Repr::Source(source) => source.style,
            _ => ScalarStyle::Plain,
        }
    }

    /// Returns the scalar with its spelling when that differs from the canonical one.
    pub fn source(&self) -> Option<&SourceScalar> {
        match &self.0 {
            Repr::Source(source) => Some(source),
            _ => None,
        }
    }

    /// Returns the text of a scalar as it stands (or would stand) in the document: `0644`, `true`, `1e3`; `None` for containers.
    ///
    /// Null without a spelling is the empty text, as in Go's node model.
    pub fn scalar_text(&self) -> Option<EcoString> {
        Some(match &self.0 {
            Repr::Null => EcoString::new(),
            Repr::Bool(b) => EcoString::from(if *b { "true" } else { "false" }),
            Repr::Int(i) => ecow::eco_format!("{i}"),
            Repr::Float(f) => scalar::go_float_text(*f),
            Repr::String(s, _) => s.clone(),
            Repr::Source(source) => source.text.clone(),
            Repr::Seq(..) | Repr::Map(_) => return None,
        })
    }

    /// Returns true when both are the same allocation (or equal small scalars, short strings of one style among them): a proof of
    /// equality without a walk.
    pub fn same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Repr::Seq(a, _), Repr::Seq(b, _)) => Arc::ptr_eq(a, b),
            (Repr::Map(a), Repr::Map(b)) => a.same(b),
            (Repr::Source(a), Repr::Source(b)) => Arc::ptr_eq(a, b),
            (Repr::String(a, style), Repr::String(b, other)) => style == other && is_same_text(a, b),
            (Repr::Null, Repr::Null) => true,
            (Repr::Bool(a), Repr::Bool(b)) => a == b,
            (Repr::Int(a), Repr::Int(b)) => a == b,
            _ => false,
        }
    }

    /// Returns a word for what it is, for messages: `null`, `boolean`, `number`, `string`, `list` or `map`.
    pub fn type_name(&self) -> &'static str {
        match self.view() {
            View::Null => "null",
            View::Bool(_) => "boolean",
            View::Number(_) => "number",
            View::String(_) => "string",
            View::Seq(_) => "list",
            View::Map(_) => "map",
        }
    }
}

/// Tells whether two texts are one allocation, or equal and short enough to need none.
fn is_same_text(a: &str, b: &str) -> bool {
    const INLINE: usize = 15;
    a.len() == b.len() && (a.as_ptr() == b.as_ptr() || (a.len() <= INLINE && a == b))
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.view() {
            View::Null => f.write_str("null"),
            View::Bool(b) => b.fmt(f),
            View::Number(n) => write!(f, "{n}"),
            View::String(s) => s.fmt(f),
            View::Seq(items) => f.debug_list().entries(items).finish(),
            View::Map(map) => map.fmt(f),
        }
    }
}

impl From<Map> for Value {
    fn from(map: Map) -> Self {
        Self(Repr::Map(map))
    }
}

impl From<Vec<Value>> for Value {
    fn from(items: Vec<Value>) -> Self {
        Self(Repr::Seq(Arc::new(items), false))
    }
}

impl FromIterator<Value> for Value {
    fn from_iter<I: IntoIterator<Item = Value>>(items: I) -> Self {
        Self::from(items.into_iter().collect::<Vec<_>>())
    }
}

impl From<bool> for Value {
    fn from(b: bool) -> Self {
        Self(Repr::Bool(b))
    }
}

impl From<i64> for Value {
    fn from(i: i64) -> Self {
        Self(Repr::Int(i))
    }
}

impl From<i32> for Value {
    fn from(i: i32) -> Self {
        Self(Repr::Int(i.into()))
    }
}

impl From<u32> for Value {
    fn from(i: u32) -> Self {
        Self(Repr::Int(i.into()))
    }
}

impl From<u64> for Value {
    fn from(u: u64) -> Self {
        match i64::try_from(u) {
            Ok(i) => Self::from(i),
            Err(_) => Self(Repr::Source(Arc::new(SourceScalar::unsigned(u)))),
        }
    }
}

impl From<f64> for Value {
    fn from(f: f64) -> Self {
        Self(Repr::Float(f))
    }
}

impl From<Number> for Value {
    fn from(number: Number) -> Self {
        match number {
            Number::Int(i) => Self::from(i),
            Number::UInt(u) => Self::from(u),
            Number::Float(f) => Self::from(f),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self(Repr::String(text.into(), ScalarStyle::Plain))
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self(Repr::String(text.into(), ScalarStyle::Plain))
    }
}

impl From<EcoString> for Value {
    fn from(text: EcoString) -> Self {
        Self(Repr::String(text, ScalarStyle::Plain))
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::NULL, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_node_is_24_bytes() {
        assert_eq!(size_of::<Value>(), 24);
        assert_eq!(size_of::<Option<Value>>(), 24);
    }

    #[test]
    fn texts_are_the_same_without_a_walk() {
        let long = Value::from("a text that is too long to be held in place");
        assert!(long.same(&long.clone()));
        assert!(!long.same(&Value::from("a text that is too long to be held in place")));
        assert!(Value::from("short").same(&Value::from("short")));
        assert!(!Value::from("short").same(&Value::string_with_style("short", ScalarStyle::DoubleQuoted)));
        assert!(!Value::from("short").same(&Value::from("other")));
    }

    #[test]
    fn what_is_shared_is_nobodys_own() {
        let mut list = Value::from(vec![Value::from(Map::from_iter([("a", 1)]))]);
        assert!(list.own_items_mut().unwrap()[0].as_map_mut().unwrap().own_mut("a").is_some());
        assert!(list.item_mut(0).unwrap().as_map_mut().unwrap().own_mut("b").is_none());
        let item = list.item(0).unwrap().clone();
        assert!(list.own_items_mut().unwrap()[0].as_map_mut().unwrap().own_mut("a").is_none());
        let copy = list.clone();
        assert!(list.own_items_mut().is_none());
        drop((item, copy));
        assert!(list.own_items_mut().is_some());
    }

    #[test]
    fn looking_up_what_is_not_there_unshares_nothing() {
        let base = Value::from(vec![Value::from(Map::from_iter([("a", Value::from(1))]))]);
        let mut copy = base.clone();
        assert!(copy.item_mut(3).is_none());
        assert!(copy.at_mut(&["x"]).is_none());
        assert!(copy.same(&base));
        copy.item_mut(0).unwrap().as_map_mut().unwrap().insert("a", 2);
        assert!(!copy.same(&base));
        assert_eq!(base.item(0).unwrap().get("a"), Some(&Value::from(1)));
    }
}
