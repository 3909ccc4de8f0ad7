//! From and to the documents of `trueup_manifest`.

use super::{Elem, List, Map, MapElem, Text, Value};
use std::collections::BTreeMap;
use trueup_manifest as manifest;
use trueup_manifest::{Number, View};

/// How numbers of a document become Go numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Numbers {
    /// Every number is a `float64`, as `encoding/json` reads it.
    #[default]
    Floats,
    /// Integers are `int64`, as Helm's `--set` and Kubernetes' own JSON reader have them.
    Integers,
}

impl Value {
    /// Converts a document; every number becomes a `float64`, as JSON has them in Go.
    pub fn from_manifest(document: &manifest::Value) -> Self {
        Self::from_manifest_with(document, Numbers::Floats)
    }

    /// Converts a document.
    pub fn from_manifest_with(document: &manifest::Value, numbers: Numbers) -> Self {
        match document.view() {
            View::Null => Self::Nil,
            View::Bool(b) => Self::Bool(b),
            View::Number(number) => from_number(number, numbers),
            View::String(text) => {
                Self::Str(document.as_eco_str().map_or_else(|| text.into(), |text| text.clone().into()))
            }
            View::Seq(items) => {
                let items = items.iter().map(|item| Self::from_manifest_with(item, numbers)).collect();
                Self::List(List::appended(Elem::Any, items))
            }
            View::Map(map) => {
                let entry = |(key, value): (&manifest::EcoString, &manifest::Value)| {
                    (Text::from(key.clone()), Self::from_manifest_with(value, numbers))
                };
                let entries: BTreeMap<_, _> = map.iter().map(entry).collect();
                Self::Map(Map::from_entries(MapElem::Any, entries))
            }
        }
    }

    /// Converts to a document, with the maps in key order.
    ///
    /// What JSON has no form for is converted as `encoding/json` would: bytes to base64, times and versions to text.
    /// Strings that are not UTF-8 get U+FFFD for each bad byte.
    pub fn to_manifest(&self) -> manifest::Value {
        match self {
            Self::Nil | Self::Complex(_) => manifest::Value::NULL,
            Self::Bool(b) => (*b).into(),
            Self::Int(_, i) => (*i).into(),
            Self::Uint(_, u) => (*u).into(),
            Self::Float(f) => from_float(*f),
            Self::Str(text) => text.to_str_lossy().as_ref().into(),
            Self::List(list) if list.is_nil() => manifest::Value::NULL,
            Self::List(list) => match list.to_bytes() {
                Some(bytes) => crate::go::encoding::base64_encode(&bytes).into(),
                None => list.items().iter().map(Self::to_manifest).collect(),
            },
            Self::Map(map) if map.is_nil() => manifest::Value::NULL,
            Self::Map(map) => {
                let entry =
                    |(key, value): (Text, Value)| (key.to_str_lossy().into_owned(), value.to_manifest());
                manifest::Map::from_iter(map.entries().into_iter().map(entry)).into()
            }
            Self::Time(time) => time.rfc3339_nano().into(),
            Self::Version(version) => version.to_string().into(),
            Self::Object(object) => {
                let fields = object.fields().into_iter().map(|(name, value)| (name, value.to_manifest()));
                manifest::Map::from_iter(fields).into()
            }
        }
    }
}

fn from_number(number: Number, numbers: Numbers) -> Value {
    match (number, numbers) {
        (Number::Int(i), Numbers::Integers) => Value::int64(i),
        (number, _) => Value::Float(number.as_f64()),
    }
}

/// A whole float is an integer in the document, as it would be in JSON text.
fn from_float(float: f64) -> manifest::Value {
    let whole = float.trunc() == float && float.abs() < 9e15 && !(float == 0.0 && float.is_sign_negative());
    if whole { (float as i64).into() } else { float.into() }
}

impl From<&manifest::Value> for Value {
    fn from(document: &manifest::Value) -> Self {
        Self::from_manifest(document)
    }
}
