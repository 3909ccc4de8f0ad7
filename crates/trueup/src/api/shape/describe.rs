//! Macros that make a type together with its description, and what they need.

use super::camel_case;
use super::convert::Objects;
use crate::api::error::Error;
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, Map, Value};

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
pub(in crate::api) fn key_of(name: &str) -> EcoString {
    camel_case(name).into()
}

/// A default as data, for the description.
pub(in crate::api) trait DefaultOf<T> {
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
pub(in crate::api) trait Word {}

/// Nothing at all: an empty list or map.
pub(in crate::api) struct Empty;

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

pub(in crate::api) fn unknown_key(key: &str, known: &[&str]) -> Error {
    let known: Vec<String> = known.iter().map(|name| format!("`{}`", camel_case(name))).collect();
    Error::request(format!("`{key}` is not known here")).with_help(format!("known are {}", known.join(", ")))
}

pub(in crate::api) fn missing_key(at: &dyn Fn() -> String, name: &str) -> Error {
    let outer = at();
    let dot = if outer.is_empty() { "" } else { "." };
    Error::request(format!("`{outer}{dot}{}` is missing", camel_case(name)))
}

pub(in crate::api) fn unknown_word(word: &str, known: &[&str], at: &dyn Fn() -> String) -> Error {
    let known: Vec<String> = known.iter().map(|word| format!("`{word}`")).collect();
    let message = format!("`{}` must not be `{word}`", at());
    Error::request(message).with_help(format!("one of {}", known.join(", ")))
}

/// Tells whether a key is the camel case of a name, without writing it.
pub(in crate::api) fn is_key_of(key: &str, name: &str) -> bool {
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
