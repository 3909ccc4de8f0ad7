//! Strict reading of a document: what is not known is refused, with its line. As Go's YAML reads into structs.

use crate::error::{AtlantisError, ErrorKind};
use trueup_manifest::yaml::{self, ParseOptions, PathStep};
use trueup_manifest::{EcoString, Map, Number, Value, View};

/// Why a value cannot be read.
pub(crate) struct Misfit {
    message: String,
    path: Vec<PathStep>,
    at_key: bool,
}

pub(crate) type Decoded<T> = Result<T, Misfit>;

/// A value and how it is reached.
#[derive(Clone, Debug)]
pub(crate) struct Node<'a> {
    pub(crate) value: &'a Value,
    pub(crate) path: Vec<PathStep>,
}

/// Reads the first document of a text; no document is an empty map.
pub(crate) fn document<T>(
    text: &[u8],
    read: impl FnOnce(&Node<'_>) -> Decoded<T>,
) -> Result<T, AtlantisError> {
    let mut value =
        yaml::parse(text, &ParseOptions::kyaml()).map_err(|error| AtlantisError::syntax(text, &error))?;
    if value.is_null() {
        value = Map::new().into();
    }
    read(&Node { value: &value, path: Vec::new() }).map_err(|misfit| {
        let error = AtlantisError::new(ErrorKind::Shape, misfit.message);
        if misfit.at_key { error.at_key(text, &misfit.path) } else { error.at(text, &misfit.path) }
    })
}

impl<'a> Node<'a> {
    /// Returns the map, of which every key is one of these.
    pub(crate) fn fields(&self, what: &str, known: &[&str]) -> Decoded<&'a Map> {
        let map = self.map(what)?;
        let unknown = map.keys().find(|key| !known.contains(&key.as_str()) && *key != "<<");
        let Some(key) = unknown else { return Ok(map) };
        let hint = trueup_manifest::meant(key, known.iter().copied());
        let hint = hint.map(|meant| format!("; did you mean `{meant}`?")).unwrap_or_default();
        let path = self.below(PathStep::Key(key.clone()));
        Err(Misfit { message: format!("{what} has no field `{key}`{hint}"), path, at_key: true })
    }

    /// Returns the map.
    pub(crate) fn map(&self, what: &str) -> Decoded<&'a Map> {
        self.value.as_map().ok_or_else(|| self.misfit(&format!("a map ({what})")))
    }

    /// Returns the value of a field; null counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(Self { value, path: self.below(PathStep::Key(key.into())) })
    }

    /// Reads a field if it is there.
    pub(crate) fn optional<T>(
        &self,
        key: &str,
        read: impl FnOnce(&Self) -> Decoded<T>,
    ) -> Decoded<Option<T>> {
        self.get(key).map(|node| read(&node)).transpose()
    }

    /// Returns the entries of a map, nulls among them.
    pub(crate) fn entries(&self, what: &str) -> Decoded<Vec<(&'a EcoString, Self)>> {
        let entry = |(key, value): (&'a EcoString, &'a Value)| {
            (key, Node { value, path: self.below(PathStep::Key(key.clone())) })
        };
        Ok(self.map(what)?.iter().map(entry).collect())
    }

    /// Returns the items of a list, without nulls.
    pub(crate) fn items(&self) -> Decoded<Vec<Self>> {
        let Some(items) = self.value.as_seq() else { return Err(self.misfit("a list")) };
        let node = |(at, value): (usize, &'a Value)| Node { value, path: self.below(PathStep::Index(at)) };
        Ok(items.iter().enumerate().filter(|(_, item)| !item.is_null()).map(node).collect())
    }

    /// Returns a scalar as it is written.
    pub(crate) fn text(&self) -> Decoded<EcoString> {
        self.value.scalar_text().filter(|_| !self.value.is_null()).ok_or_else(|| self.misfit("a string"))
    }

    /// Returns a list of scalars as they are written.
    pub(crate) fn texts(&self) -> Decoded<Vec<EcoString>> {
        self.items()?.iter().map(Self::text).collect()
    }

    /// Returns a boolean; the words of YAML 1.1 count.
    pub(crate) fn flag(&self) -> Decoded<bool> {
        let word = match self.value.view() {
            View::Bool(flag) => Some(flag),
            View::String("y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON") => Some(true),
            View::String("n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF") => Some(false),
            _ => None,
        };
        word.ok_or_else(|| self.misfit("a boolean"))
    }

    /// Returns an integer, also one that is written as a float.
    pub(crate) fn integer(&self) -> Decoded<i64> {
        let whole = match self.value.as_number() {
            Some(Number::Float(float)) if float.trunc() == float && float.abs() < 9e18 => Some(float as i64),
            Some(number) => number.as_i64(),
            None => None,
        };
        whole.ok_or_else(|| self.misfit("an integer"))
    }

    fn below(&self, step: PathStep) -> Vec<PathStep> {
        self.path.iter().cloned().chain([step]).collect()
    }

    pub(crate) fn misfit(&self, wanted: &str) -> Misfit {
        let found = self.value.type_name();
        Misfit {
            message: format!("expected {wanted}, found a {found}"),
            path: self.path.clone(),
            at_key: false,
        }
    }
}

impl Node<'_> {
    /// Returns the position of an item in its list.
    pub(crate) fn index(&self) -> usize {
        match self.path.last() {
            Some(PathStep::Index(index)) => *index,
            _ => 0,
        }
    }
}
