//! Reading Rust types from a [`Value`].

use super::{Map, Number, Value, View};
use crate::yaml::PathStep;
use ecow::EcoString;
use serde::de::value::StrDeserializer;
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess,
    SeqAccess, VariantAccess, Visitor,
};
use std::fmt::{self, Write as _};

/// Why a [`Value`] could not be read as, or made from, a Rust type.
///
/// It is shown with the field it is about: `spec.destination.namespace: invalid type: boolean `true`, expected a string`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{message}", shown(path))]
pub struct ValueError {
    message: String,
    /// From the field to the root.
    path: Vec<PathStep>,
}

impl ValueError {
    /// Returns where in the value the error is; empty for the value itself, and for errors of [`crate::to_value`].
    pub fn path(&self) -> Vec<PathStep> {
        self.path.iter().rev().cloned().collect()
    }

    fn below(mut self, step: impl Into<PathStep>) -> Self {
        self.path.push(step.into());
        self
    }
}

/// A path before what is said of it.
fn shown(path: &[PathStep]) -> String {
    let mut out = String::new();
    for step in path.iter().rev() {
        // Writing to a string cannot fail.
        _ = match step {
            PathStep::Key(key) if out.is_empty() => write!(out, "{key}"),
            PathStep::Key(key) => write!(out, ".{key}"),
            PathStep::Index(index) => write!(out, "[{index}]"),
        };
    }
    if !out.is_empty() {
        out.push_str(": ");
    }
    out
}

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { message: message.to_string(), path: Vec::new() }
    }
}

impl serde::ser::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        de::Error::custom(message)
    }
}

/// Reads a Rust type from a value.
///
/// ```
/// use trueup_manifest::argocd::Application;
/// use trueup_manifest::{from_value, yaml};
///
/// let text = b"kind: Application\nmetadata: {name: payment}\nspec: {project: shop, destination: {}}";
/// let value = yaml::parse(text, &yaml::ParseOptions::kubernetes()).unwrap();
/// let application: Application = from_value(&value).unwrap();
/// assert_eq!(application.spec.project, "shop");
/// ```
///
/// # Errors
/// [`ValueError`] when the value has another shape.
pub fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T, ValueError> {
    T::deserialize(value)
}

impl<'de> Deserializer<'de> for &'de Value {
    type Error = ValueError;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        match self.view() {
            View::Null => visitor.visit_unit(),
            View::Bool(b) => visitor.visit_bool(b),
            View::Number(Number::Int(i)) => visitor.visit_i64(i),
            View::Number(Number::UInt(u)) => visitor.visit_u64(u),
            View::Number(Number::Float(f)) => visitor.visit_f64(f),
            View::String(text) => visitor.visit_borrowed_str(text),
            View::Seq(items) => {
                let mut rest = Items { items, at: 0 };
                let value = visitor.visit_seq(&mut rest)?;
                match items.len() - rest.at {
                    0 => Ok(value),
                    _ => Err(de::Error::invalid_length(items.len(), &"fewer items")),
                }
            }
            View::Map(map) => visitor.visit_map(Entries { map, at: 0 }),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, ValueError> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        visitor.visit_newtype_struct(self)
    }

    /// A variant is a string, or a map with one entry: its name and what it holds.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        if let Some(name) = self.as_str() {
            return visitor.visit_enum(name.into_deserializer());
        }
        let entry = self.as_map().filter(|map| map.len() == 1).and_then(|map| map.entry_at(0));
        let (name, value) = entry.ok_or_else(|| {
            de::Error::custom(format_args!("expected a variant, found a {}", self.type_name()))
        })?;
        visitor.visit_enum(Variant { name, value })
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> IntoDeserializer<'de, ValueError> for &'de Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

struct Items<'de> {
    items: &'de [Value],
    at: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = ValueError;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, ValueError> {
        let Some(item) = self.items.get(self.at) else { return Ok(None) };
        let at = self.at;
        self.at += 1;
        seed.deserialize(item).map(Some).map_err(|error| error.below(at))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len() - self.at)
    }
}

/// The entries of a map; `at` is that of the next key, or of the value behind the last one.
struct Entries<'de> {
    map: &'de Map,
    at: usize,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = ValueError;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, ValueError> {
        let Some((key, _)) = self.map.entry_at(self.at) else { return Ok(None) };
        let name: StrDeserializer<'_, ValueError> = key.as_str().into_deserializer();
        seed.deserialize(name).map(Some).map_err(|error| error.below(key.as_str()))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, ValueError> {
        let Some((key, value)) = self.map.entry_at(self.at) else {
            return Err(de::Error::custom("a value is asked for without its key"));
        };
        self.at += 1;
        seed.deserialize(value).map_err(|error| error.below(key.as_str()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.map.len() - self.at)
    }
}

struct Variant<'de> {
    name: &'de EcoString,
    value: &'de Value,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = ValueError;
    type Variant = &'de Value;

    fn variant_seed<S: de::DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, &'de Value), ValueError> {
        let name: StrDeserializer<'_, ValueError> = self.name.as_str().into_deserializer();
        seed.deserialize(name).map(|name| (name, self.value))
    }
}

impl<'de> VariantAccess<'de> for &'de Value {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        de::Deserialize::deserialize(self)
    }

    fn newtype_variant_seed<S: de::DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, ValueError> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.deserialize_any(visitor)
    }
}
