//! Typed models out of values.

use super::{Map, Number, Value, View};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, EnumAccess, IntoDeserializer, Unexpected, VariantAccess, Visitor,
};
use serde::{Deserializer, forward_to_deserialize_any};
use std::fmt;

/// Why a value does not fit a type, or a type has no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueError(String);

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ValueError {}

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

impl serde::ser::Error for ValueError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Reads a typed model from a value.
///
/// ```
/// use trueup_manifest::{from_value, yaml};
///
/// #[derive(serde::Deserialize)]
/// struct Port { name: String, port: u16 }
///
/// let value = yaml::parse(b"- {name: http, port: 80}\n", &Default::default())?;
/// let ports: Vec<Port> = from_value(&value)?;
/// assert_eq!((ports[0].name.as_str(), ports[0].port), ("http", 80));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
                let mut items = SeqDeserializer::new(items.iter());
                let found = visitor.visit_seq(&mut items)?;
                items.end().map(|()| found)
            }
            View::Map(map) => {
                let mut entries = entries(map);
                let found = visitor.visit_map(&mut entries)?;
                entries.end().map(|()| found)
            }
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

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        match self.view() {
            View::String(variant) => visitor.visit_enum(Variant { name: variant, content: None }),
            View::Map(map) if map.len() == 1 => match map.entry_at(0) {
                Some((name, content)) => visitor.visit_enum(Variant { name, content: Some(content) }),
                None => Err(de::Error::custom("expected a map with one entry")),
            },
            _ => Err(de::Error::custom(format_args!(
                "expected a string or a map with one entry, found a {}",
                self.type_name()
            ))),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

type Entries<'de> = MapDeserializer<'de, Box<dyn Iterator<Item = (&'de str, &'de Value)> + 'de>, ValueError>;

fn entries(map: &Map) -> Entries<'_> {
    MapDeserializer::new(Box::new(map.iter().map(|(key, value)| (key.as_str(), value))))
}

impl<'de> IntoDeserializer<'de, ValueError> for &'de Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// An enum: the name of the variant, or a map from it to what it holds.
struct Variant<'de> {
    name: &'de str,
    content: Option<&'de Value>,
}

impl<'de> EnumAccess<'de> for Variant<'de> {
    type Error = ValueError;
    type Variant = Content<'de>;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Content<'de>), ValueError> {
        let name: de::value::BorrowedStrDeserializer<'de, ValueError> =
            de::value::BorrowedStrDeserializer::new(self.name);
        Ok((seed.deserialize(name)?, Content(self.content)))
    }
}

struct Content<'de>(Option<&'de Value>);

impl<'de> Content<'de> {
    fn value(self, wanted: &str) -> Result<&'de Value, ValueError> {
        self.0.ok_or_else(|| de::Error::invalid_type(Unexpected::UnitVariant, &wanted))
    }
}

impl<'de> VariantAccess<'de> for Content<'de> {
    type Error = ValueError;

    fn unit_variant(self) -> Result<(), ValueError> {
        match self.0 {
            Some(value) if !value.is_null() => {
                Err(de::Error::custom("expected a variant that holds nothing"))
            }
            _ => Ok(()),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, ValueError> {
        seed.deserialize(self.value("a variant that holds a value")?)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, ValueError> {
        self.value("a variant that holds a list")?.deserialize_any(visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, ValueError> {
        self.value("a variant that holds a map")?.deserialize_any(visitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use std::collections::BTreeMap;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    enum Policy {
        Always,
        MaxAge(u32),
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Model {
        name: String,
        count: Option<u8>,
        ratio: f64,
        policies: Vec<Policy>,
        #[serde(default)]
        labels: BTreeMap<String, String>,
    }

    #[test]
    fn models_are_read() {
        let text = b"name: x\ncount: ~\nratio: 1\npolicies: [always, {maxAge: 5}]\nlabels: {a: b}\n";
        let value = crate::yaml::parse(text, &Default::default()).unwrap();
        let model: Model = from_value(&value).unwrap();
        let labels = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
        let policies = vec![Policy::Always, Policy::MaxAge(5)];
        assert_eq!(model, Model { name: "x".into(), count: None, ratio: 1.0, policies, labels });
        let error = from_value::<Vec<u8>>(&Value::from(vec![300.into()])).unwrap_err();
        assert_eq!(error.to_string(), "invalid value: integer `300`, expected u8");
    }
}
