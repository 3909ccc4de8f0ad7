//! The shapes of requests and answers, described once: the types of Python and TypeScript are written from them.

use super::data::Data;
use super::error::Error;
use super::handles::{Document, Manifest, Manifests, Template, Tree};
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, Map, Value};

/// What a value may be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Type {
    /// Any plain data.
    Any,
    /// A boolean.
    Bool,
    /// An integer of any size.
    Int,
    /// A string.
    String,
    /// A string, or the bytes of one.
    Text,
    /// Bytes.
    Bytes,
    /// A map with string keys and any plain data.
    Object,
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A list.
    List(Box<Type>),
    /// A map with string keys.
    Map(Box<Type>),
    /// A value or null.
    Optional(Box<Type>),
    /// A map with these fields.
    Record(Record),
    /// A handle, by its class.
    Handle(&'static str),
    /// One of several.
    Union(Vec<Type>),
}

/// A map with fixed fields.
#[derive(Clone, Copy, Debug)]
pub struct Record {
    /// The name of the type.
    pub name: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// Its fields in order.
    pub fields: fn() -> Vec<Field>,
}

impl PartialEq for Record {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Record {}

/// A field of a record.
#[derive(Clone, Debug)]
pub struct Field {
    /// The name in Rust, in snake case; see [`Field::key`].
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// What it may be.
    pub ty: Type,
    /// What it is when it is absent, as JSON; nothing if it must be there.
    pub default: Option<Value>,
}

impl Field {
    /// Returns the key in requests and answers, in camel case.
    pub fn key(&self) -> String {
        camel_case(self.name)
    }
}

fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let mut letters = part.chars();
        out.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        out.extend(letters);
    }
    out
}

/// Tells whether a key is the camel case of a name, without writing it.
pub(super) fn is_key_of(key: &str, name: &str) -> bool {
    let mut key = key.bytes();
    let mut name = name.bytes();
    while let Some(letter) = name.next() {
        let expected = match letter {
            b'_' => name.next().map(|next| next.to_ascii_uppercase()),
            letter => Some(letter),
        };
        if key.next() != expected {
            return false;
        }
    }
    key.next().is_none()
}

/// What a request is made of.
pub(crate) trait Input: Sized {
    /// Describes it.
    fn ty() -> Type;

    /// Reads it; `at` names where it stands, for messages.
    fn read(data: Data, at: &dyn Fn() -> String) -> Result<Self, Error>;

    /// What it is when it is absent, if it may be.
    fn absent() -> Option<Self> {
        None
    }
}

/// What an answer is made of.
pub(crate) trait Output {
    /// Describes it.
    fn ty() -> Type;

    /// Turns it into data.
    fn show(self) -> Result<Data, Error>;
}

/// Returns the error for something of the wrong type.
pub(super) fn expected(what: &str, data: &Data, at: &dyn Fn() -> String) -> Error {
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
pub(super) fn entries(data: Data, at: &dyn Fn() -> String) -> Result<Vec<(EcoString, Data)>, Error> {
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

/// Makes a struct with its description: a request, or a part of one.
macro_rules! input {
    ($(#[doc = $doc:literal])+ struct $name:ident {
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty $(= $default:expr)?,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub(crate) struct $name {
            $($(#[doc = $field_doc])+ pub(crate) $field: $ty,)*
        }

        impl $crate::api::shape::Input for $name {
            fn ty() -> $crate::api::shape::Type {
                $crate::api::shape::Type::Record($crate::api::shape::Record {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    fields: || vec![$($crate::api::shape::Field {
                        name: stringify!($field),
                        doc: concat!($($field_doc, "\n"),+),
                        ty: <$ty as $crate::api::shape::Input>::ty(),
                        default: $crate::api::shape::input!(@default $ty $(, $default)?),
                    }),*],
                })
            }

            fn read(
                data: $crate::api::Data,
                at: &dyn Fn() -> String,
            ) -> Result<Self, $crate::api::Error> {
                $(let mut $field: Option<$ty> = None;)*
                for (key, item) in $crate::api::shape::entries(data, at)? {
                    let within = || match at().as_str() {
                        "" => key.to_string(),
                        outer => format!("{outer}.{key}"),
                    };
                    $(if $crate::api::shape::is_key_of(&key, stringify!($field)) {
                        $field = Some(<$ty as $crate::api::shape::Input>::read(item, &within)?);
                        continue;
                    })*
                    _ = item;
                    let known: &[&str] = &[$(stringify!($field)),*];
                    return Err($crate::api::shape::unknown_key(&within(), known));
                }
                Ok(Self {
                    $($field: match $field {
                        Some(value) => value,
                        None => $crate::api::shape::input!(@absent at, $field, $ty $(, $default)?),
                    },)*
                })
            }
        }
    };
    (@default $ty:ty) => {
        <$ty as $crate::api::shape::Input>::absent().map(|_| trueup_manifest::Value::NULL)
    };
    (@default $ty:ty, $default:expr) => {
        Some($crate::api::shape::DefaultOf::<$ty>::value(&$default))
    };
    (@absent $at:ident, $field:ident, $ty:ty) => {
        match <$ty as $crate::api::shape::Input>::absent() {
            Some(value) => value,
            None => return Err($crate::api::shape::missing_key($at, stringify!($field))),
        }
    };
    (@absent $at:ident, $field:ident, $ty:ty, $default:expr) => {
        $default.into()
    };
}

/// Makes an enum of words with its description.
macro_rules! choice {
    ($(#[doc = $doc:literal])+ enum $name:ident { $($(#[doc = $word_doc:literal])+ $variant:ident = $word:literal,)+ }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $name {
            $($(#[doc = $word_doc])+ $variant,)+
        }

        impl $crate::api::shape::Input for $name {
            fn ty() -> $crate::api::shape::Type {
                $crate::api::shape::Type::Choice(&[$($word),+])
            }

            fn read(
                data: $crate::api::Data,
                at: &dyn Fn() -> String,
            ) -> Result<Self, $crate::api::Error> {
                let word = <trueup_manifest::EcoString as $crate::api::shape::Input>::read(data, at)?;
                match word.as_str() {
                    $($word => Ok(Self::$variant),)+
                    other => Err($crate::api::shape::unknown_word(other, &[$($word),+], at)),
                }
            }
        }

        impl From<$name> for trueup_manifest::Value {
            fn from(choice: $name) -> Self {
                match choice {
                    $($name::$variant => $word.into(),)+
                }
            }
        }
    };
}

/// Describes a type of the engine that becomes data by serialisation.
///
/// The suite in `tests/api` checks that what is described is what comes.
macro_rules! output {
    ($(#[doc = $doc:literal])+ struct $name:ident: $own:ty {
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty $(= $absent:ident)?,)*
    }) => {
        impl $crate::api::shape::Output for $own {
            fn ty() -> $crate::api::shape::Type {
                $crate::api::shape::Type::Record($crate::api::shape::Record {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    fields: || vec![$($crate::api::shape::Field {
                        name: stringify!($field),
                        doc: concat!($($field_doc, "\n"),+),
                        ty: <$ty as $crate::api::shape::Output>::ty(),
                        default: $crate::api::shape::output!(@default $($absent)?),
                    }),*],
                })
            }

            fn show(self) -> Result<$crate::api::Data, $crate::api::Error> {
                let value = trueup_manifest::to_value(&self);
                value.map($crate::api::Data::Value).map_err($crate::api::Error::internal)
            }
        }
    };
    (@default) => { None };
    (@default absent) => { Some(trueup_manifest::Value::NULL) };
}

/// Makes a struct of an answer whose fields may be handles.
macro_rules! answer {
    ($(#[doc = $doc:literal])+ struct $name:ident {
        $($(#[doc = $field_doc:literal])+ $field:ident: $ty:ty,)*
    }) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        pub(crate) struct $name {
            $($(#[doc = $field_doc])+ pub(crate) $field: $ty,)*
        }

        impl $crate::api::shape::Output for $name {
            fn ty() -> $crate::api::shape::Type {
                $crate::api::shape::Type::Record($crate::api::shape::Record {
                    name: stringify!($name),
                    doc: concat!($($doc, "\n"),+),
                    fields: || vec![$($crate::api::shape::Field {
                        name: stringify!($field),
                        doc: concat!($($field_doc, "\n"),+),
                        ty: <$ty as $crate::api::shape::Output>::ty(),
                        default: None,
                    }),*],
                })
            }

            fn show(self) -> Result<$crate::api::Data, $crate::api::Error> {
                Ok($crate::api::Data::map(vec![$((
                    $crate::api::shape::key_of(stringify!($field)),
                    $crate::api::shape::Output::show(self.$field)?,
                )),*]))
            }
        }
    };
}

/// Describes an enum of the engine that becomes one of these words by serialisation.
macro_rules! words {
    ($own:ty: $($word:literal),+ $(,)?) => {
        impl $crate::api::shape::Output for $own {
            fn ty() -> $crate::api::shape::Type {
                $crate::api::shape::Type::Choice(&[$($word),+])
            }

            fn show(self) -> Result<$crate::api::Data, $crate::api::Error> {
                let value = trueup_manifest::to_value(&self);
                value.map($crate::api::Data::Value).map_err($crate::api::Error::internal)
            }
        }
    };
}

pub(crate) use {answer, choice, input, output, words};

/// The key of a field.
pub(super) fn key_of(name: &str) -> EcoString {
    camel_case(name).into()
}

/// A default as data, for the description.
pub(super) trait DefaultOf<T> {
    fn value(&self) -> Value;
}

impl DefaultOf<bool> for bool {
    fn value(&self) -> Value {
        (*self).into()
    }
}

impl DefaultOf<EcoString> for &str {
    fn value(&self) -> Value {
        (*self).into()
    }
}

impl DefaultOf<i64> for i64 {
    fn value(&self) -> Value {
        (*self).into()
    }
}

impl<T: Copy + Into<Value>> DefaultOf<T> for T
where
    T: Word,
{
    fn value(&self) -> Value {
        (*self).into()
    }
}

/// A word of a choice.
pub(super) trait Word {}

/// Nothing at all: an empty list or map.
pub(super) struct Empty;

impl<T> DefaultOf<Vec<T>> for Empty {
    fn value(&self) -> Value {
        Value::from(Vec::new())
    }
}

impl<T> From<Empty> for Vec<T> {
    fn from(_: Empty) -> Self {
        Self::new()
    }
}

impl<T> DefaultOf<BTreeMap<EcoString, T>> for Empty {
    fn value(&self) -> Value {
        Map::new().into()
    }
}

impl<T> From<Empty> for BTreeMap<EcoString, T> {
    fn from(_: Empty) -> Self {
        Self::new()
    }
}

impl DefaultOf<Objects> for Empty {
    fn value(&self) -> Value {
        Value::from(Vec::new())
    }
}

impl From<Empty> for Objects {
    fn from(_: Empty) -> Self {
        Self::default()
    }
}

pub(super) fn unknown_key(key: &str, known: &[&str]) -> Error {
    let known: Vec<String> = known.iter().map(|name| format!("`{}`", camel_case(name))).collect();
    Error::request(format!("`{key}` is not known here")).with_help(format!("known are {}", known.join(", ")))
}

pub(super) fn missing_key(at: &dyn Fn() -> String, name: &str) -> Error {
    let outer = at();
    let dot = if outer.is_empty() { "" } else { "." };
    Error::request(format!("`{outer}{dot}{}` is missing", camel_case(name)))
}

pub(super) fn unknown_word(word: &str, known: &[&str], at: &dyn Fn() -> String) -> Error {
    let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    let message = format!("`{}` must not be `{word}`", at());
    Error::request(message).with_help(format!("one of {}", known.join(", ")))
}

impl Type {
    /// Checks that plain data has this shape; handles are told as [`Data::plain`] writes them.
    ///
    /// # Errors
    /// What does not fit, and where.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let fits = |fits: bool| {
            if fits { Ok(()) } else { Err(format!("{self:?} does not admit a {}", value.type_name())) }
        };
        match self {
            Self::Any => Ok(()),
            Self::Bool => fits(value.as_bool().is_some()),
            Self::Int => fits(value.as_i64().is_some()),
            Self::String | Self::Text => fits(value.as_str().is_some()),
            Self::Bytes => fits(value.get("$bytes").is_some()),
            Self::Object => fits(value.is_map()),
            Self::Choice(words) => fits(value.as_str().is_some_and(|word| words.contains(&word))),
            Self::Optional(_) if value.is_null() => Ok(()),
            Self::Optional(ty) => ty.check(value),
            Self::Handle(name) => fits(value.as_map().is_some_and(|map| {
                map.keys().next().is_some_and(|key| key.trim_start_matches('$').eq_ignore_ascii_case(name))
            })),
            Self::Union(types) => fits(types.iter().any(|ty| ty.check(value).is_ok())),
            Self::List(ty) => {
                fits(value.is_seq())?;
                let mut items = value.as_seq().unwrap_or_default().iter().enumerate();
                items.try_for_each(|(at, item)| ty.check(item).map_err(|error| format!("[{at}] {error}")))
            }
            Self::Map(ty) => {
                fits(value.is_map())?;
                let mut entries = value.as_map().into_iter().flatten();
                entries.try_for_each(|(key, item)| ty.check(item).map_err(|error| format!("{key}: {error}")))
            }
            Self::Record(record) => record.check(value),
        }
    }
}

impl Record {
    /// Checks that plain data has this shape.
    ///
    /// # Errors
    /// What does not fit, and where.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        let Some(map) = value.as_map() else {
            return Err(format!("{} is a {}", self.name, value.type_name()));
        };
        let fields = (self.fields)();
        for field in &fields {
            let key = field.key();
            match map.get(&key) {
                Some(item) => {
                    field.ty.check(item).map_err(|error| format!("{}.{key}: {error}", self.name))?
                }
                None if field.default.is_some() => {}
                None => return Err(format!("{}.{key} is missing", self.name)),
            }
        }
        match map.keys().find(|key| !fields.iter().any(|field| field.key() == key.as_str())) {
            Some(key) => Err(format!("{}.{key} is not described", self.name)),
            None => Ok(()),
        }
    }
}
