//! How plain data and handles are read from requests and shown in answers.

use super::{Input, Output, Type};
use crate::api::data::Data;
use crate::api::error::Error;
use crate::api::handles::{Document, Manifest, Manifests, Template, Tree};
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, Map, Value};

/// Returns the error for something of the wrong type.
pub(in crate::api) fn expected(what: &str, data: &Data, at: &dyn Fn() -> String) -> Error {
    Error::request(format!("`{}` must be {what}, not {}", at(), article(data.type_name())))
}

fn article(name: &str) -> String {
    match name {
        "null" | "bytes" => name.to_owned(),
        name => format!("a {name}"),
    }
}

fn plain(data: Data, what: &str, at: &dyn Fn() -> String) -> Result<Value, Error> {
    data.into_value().map_err(|data| expected(what, &data, at))
}

impl Input for Value {
    fn ty() -> Type {
        Type::Any
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        plain(data, "plain data", at)
    }
}

impl Output for Value {
    fn ty() -> Type {
        Type::Any
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(self))
    }
}

impl Input for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        match &data {
            Data::Value(value) => value.as_bool().ok_or_else(|| expected("a boolean", &data, at)),
            _ => Err(expected("a boolean", &data, at)),
        }
    }
}

impl Output for bool {
    fn ty() -> Type {
        Type::Bool
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(self.into()))
    }
}

impl Input for i64 {
    fn ty() -> Type {
        Type::Int
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        match &data {
            Data::Value(value) => value.as_i64().ok_or_else(|| expected("an integer", &data, at)),
            _ => Err(expected("an integer", &data, at)),
        }
    }
}

impl Input for u64 {
    fn ty() -> Type {
        Type::Int
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        let number = i64::read(data, at)?;
        Self::try_from(number).map_err(|_| Error::request(format!("`{}` must not be negative", at())))
    }
}

impl Input for EcoString {
    fn ty() -> Type {
        Type::String
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        match &data {
            Data::Value(value) => value.as_eco_str().cloned().ok_or_else(|| expected("a string", &data, at)),
            _ => Err(expected("a string", &data, at)),
        }
    }
}

impl Output for EcoString {
    fn ty() -> Type {
        Type::String
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(self.into()))
    }
}

impl Output for i64 {
    fn ty() -> Type {
        Type::Int
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(self.into()))
    }
}

impl Output for usize {
    fn ty() -> Type {
        Type::Int
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(Value::from(self as u64)))
    }
}

impl Output for String {
    fn ty() -> Type {
        Type::String
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(self.into()))
    }
}

/// A text: a string, or its bytes, which need not be UTF-8.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text(pub(crate) Vec<u8>);

impl Input for Text {
    fn ty() -> Type {
        Type::Text
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        match data {
            Data::Bytes(bytes) => Ok(Self(bytes)),
            Data::Value(value) if value.as_str().is_some() => {
                Ok(Self(value.as_str().unwrap_or_default().as_bytes().to_vec()))
            }
            other => Err(expected("a string or bytes", &other, at)),
        }
    }
}

/// The bytes of a file.
#[derive(Clone, Debug)]
pub(crate) struct Bytes(pub(crate) Vec<u8>);

impl Output for Bytes {
    fn ty() -> Type {
        Type::Bytes
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Bytes(self.0))
    }
}

/// A Kubernetes object, or another map.
#[derive(Clone, Debug)]
pub(crate) struct Object(pub(crate) Value);

impl Input for Object {
    fn ty() -> Type {
        Type::Object
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        let value = plain(data, "a map", at)?;
        if value.is_map() { Ok(Self(value)) } else { Err(expected("a map", &Data::Value(value), at)) }
    }
}

impl Output for Object {
    fn ty() -> Type {
        Type::Object
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(self.0))
    }
}

/// Objects: manifests, or a list of maps.
#[derive(Clone, Debug, Default)]
pub(crate) struct Objects(pub(crate) Vec<Value>);

impl Input for Objects {
    fn ty() -> Type {
        Type::Union(vec![Type::Handle("Manifests"), Type::List(Box::new(Type::Object))])
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        let value = plain(data, "a list of objects", at)?;
        match value.as_seq() {
            Some(items) => Ok(Self(items.to_vec())),
            None => Err(expected("a list of objects", &Data::Value(value), at)),
        }
    }
}

impl<T: Input> Input for Option<T> {
    fn ty() -> Type {
        Type::Optional(Box::new(T::ty()))
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        if data.is_null() { Ok(None) } else { T::read(data, at).map(Some) }
    }

    fn absent() -> Option<Self> {
        Some(None)
    }
}

impl<T: Output> Output for Option<T> {
    fn ty() -> Type {
        Type::Optional(Box::new(T::ty()))
    }

    fn show(self) -> Result<Data, Error> {
        self.map_or(Ok(Data::NULL), T::show)
    }
}

impl<T: Input> Input for Vec<T> {
    fn ty() -> Type {
        Type::List(Box::new(T::ty()))
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        let items = match data {
            Data::List(items) => items,
            Data::Manifests(manifests) => manifests.iter().cloned().map(Data::Manifest).collect(),
            Data::Value(value) if value.is_seq() => {
                value.as_seq().unwrap_or_default().iter().cloned().map(Data::Value).collect()
            }
            other => return Err(expected("a list", &other, at)),
        };
        let item = |(position, item)| T::read(item, &|| format!("{}[{position}]", at()));
        items.into_iter().enumerate().map(item).collect()
    }
}

impl<T: Output> Output for Vec<T> {
    fn ty() -> Type {
        Type::List(Box::new(T::ty()))
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::list(self.into_iter().map(T::show).collect::<Result<_, _>>()?))
    }
}

impl<T: Input> Input for BTreeMap<EcoString, T> {
    fn ty() -> Type {
        Type::Map(Box::new(T::ty()))
    }

    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
        let entries = entries(data, at)?.into_iter();
        let entry = |(key, item): (EcoString, Data)| {
            let read = T::read(item, &|| format!("{}[{key:?}]", at()))?;
            Ok((key, read))
        };
        entries.map(entry).collect()
    }
}

impl<T: Output> Output for BTreeMap<EcoString, T> {
    fn ty() -> Type {
        Type::Map(Box::new(T::ty()))
    }

    fn show(self) -> Result<Data, Error> {
        let entries = self.into_iter().map(|(key, item)| Ok((key, item.show()?)));
        Ok(Data::map(entries.collect::<Result<_, Error>>()?))
    }
}

/// The entries of a map.
pub(in crate::api) fn entries(data: Data, at: &dyn Fn() -> String) -> Result<Vec<(EcoString, Data)>, Error> {
    match data {
        Data::Map(entries) => Ok(entries),
        Data::Value(value) if value.is_map() => {
            let map: Map = value.as_map().cloned().unwrap_or_default();
            Ok(map.iter().map(|(key, value)| (key.clone(), Data::Value(value.clone()))).collect())
        }
        other => Err(expected("a map", &other, at)),
    }
}

/// Makes a handle part of requests and answers.
macro_rules! handle {
    ($($ty:ident),*) => {$(
        impl Input for $ty {
            fn ty() -> Type {
                Type::Handle(stringify!($ty))
            }

            fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error> {
                match data {
                    Data::$ty(handle) => Ok(handle),
                    other => Err(expected(concat!("a ", stringify!($ty)), &other, at)),
                }
            }
        }

        impl Output for $ty {
            fn ty() -> Type {
                Type::Handle(stringify!($ty))
            }

            fn show(self) -> Result<Data, Error> {
                Ok(Data::$ty(self))
            }
        }
    )*};
}

handle!(Tree, Template, Manifests, Manifest);

/// A document of a kind, as an answer.
macro_rules! document {
    ($($name:ident = $class:literal),*) => {$(
        #[doc = concat!("The handle of a `", $class, "`.")]
        #[derive(Clone, Debug)]
        pub(crate) struct $name(pub(crate) Document);

        impl Output for $name {
            fn ty() -> Type {
                Type::Handle($class)
            }

            fn show(self) -> Result<Data, Error> {
                Ok(Data::Document(self.0))
            }
        }
    )*};
}

document!(ReportHandle = "Report", ComparisonHandle = "Comparison", PlanHandle = "Plan");
