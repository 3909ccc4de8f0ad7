//! The shapes of requests and answers, described once: the types of Python and TypeScript are written from them.

mod convert;
mod describe;

use super::data::Data;
use super::error::Error;
use trueup_manifest::Value;

pub(super) use convert::{Bytes, ComparisonHandle, Object, Objects, PlanHandle, ReportHandle, Text, entries};
pub(super) use describe::{
    DefaultOf, Empty, Word, answer, choice, input, is_key_of, key_of, missing_key, output, unknown_key,
    unknown_word, words,
};

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
