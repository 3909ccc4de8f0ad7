//! Reads typed fields of a document as Go's `encoding/json` does behind `sigs.k8s.io/yaml`: names in any case, null is nothing, a
//! scalar is text where text is wanted.

use crate::error::{Error, ErrorKind, Result};
use ecow::EcoString;
use trueup_manifest::{Limits, Map, Value, View, yaml};

/// Reads the first document of a file.
pub(crate) fn document_of(text: &[u8], limits: &Limits) -> Result<Value> {
    let options = yaml::ParseOptions::kubernetes().with_limits(limits.clone());
    let document = yaml::parse(text, &options).map_err(|error| {
        let kind = match error.kind() {
            yaml::ParseErrorKind::Limit => ErrorKind::Limit,
            _ => ErrorKind::InvalidChart,
        };
        Error::new(kind, format!("error converting YAML to JSON: {}", error.message()))
    })?;
    match infinite(&document) {
        None => Ok(document),
        Some(number) => {
            let message = format!("error converting YAML to JSON: json: unsupported value: {number}");
            Err(Error::new(ErrorKind::InvalidChart, message))
        }
    }
}

/// Returns Go's text of the first number that JSON has no form for, in the order of the keys.
fn infinite(document: &Value) -> Option<&'static str> {
    match document.view() {
        View::Number(number) => match number.as_f64() {
            float if float.is_nan() => Some("NaN"),
            f64::INFINITY => Some("+Inf"),
            f64::NEG_INFINITY => Some("-Inf"),
            _ => None,
        },
        View::Seq(items) => items.iter().find_map(infinite),
        View::Map(map) => {
            let found = map.iter().filter_map(|(key, value)| Some((key, infinite(value)?)));
            found.min_by_key(|(key, _)| *key).map(|(_, text)| text)
        }
        _ => None,
    }
}

/// Reads fields of one Go type.
pub(crate) struct Decoder {
    /// The Go type of the fields, and the fields on the way to it.
    pub(crate) type_name: &'static str,
}

impl Decoder {
    /// Returns the map that a struct is read from; null is an empty one.
    pub(crate) fn object<'d>(&self, document: &'d Value, go_type: &str) -> Result<Option<&'d Map>> {
        match document.view() {
            View::Null => Ok(None),
            View::Map(map) => Ok(Some(map)),
            _ => Err(mismatch(document, &format!("Go value of type {go_type}"))),
        }
    }

    /// Returns the value of a field: the last of those whose names differ only in case, the exact one before all.
    pub(crate) fn field<'d>(&self, map: &'d Map, name: &str) -> Option<&'d Value> {
        let found = map.get(name).or_else(|| {
            let similar = map.iter().filter(|(key, _)| key.eq_ignore_ascii_case(name));
            similar.max_by_key(|(key, _)| key.as_str()).map(|(_, value)| value)
        });
        found.filter(|value| !value.is_null())
    }

    /// Reads a text.
    pub(crate) fn text(&self, map: &Map, name: &str, into: &mut EcoString) -> Result<()> {
        let Some(value) = self.field(map, name) else { return Ok(()) };
        *into = self.text_of(value, name)?;
        Ok(())
    }

    /// Reads a boolean.
    pub(crate) fn boolean(&self, map: &Map, name: &str, into: &mut bool) -> Result<()> {
        match self.field(map, name).map(|value| (value, value.as_bool())) {
            None => {}
            Some((_, Some(boolean))) => *into = boolean,
            Some((value, None)) => return Err(self.wrong(value, name, "bool")),
        }
        Ok(())
    }

    /// Reads a list of texts.
    pub(crate) fn texts(&self, map: &Map, name: &str, into: &mut Vec<EcoString>) -> Result<()> {
        if let Some(items) = self.list(map, name, "[]string")? {
            let text = |item: &Value| match item.is_null() {
                true => Ok(EcoString::new()),
                false => self.text_of(item, name),
            };
            *into = items.iter().map(text).collect::<Result<_>>()?;
        }
        Ok(())
    }

    /// Returns the items of a list.
    pub(crate) fn list<'d>(&self, map: &'d Map, name: &str, go_type: &str) -> Result<Option<&'d [Value]>> {
        let Some(value) = self.field(map, name) else { return Ok(None) };
        value.as_seq().map(Some).ok_or_else(|| self.wrong(value, name, go_type))
    }

    /// Reads a value as text.
    pub(crate) fn text_of(&self, value: &Value, name: &str) -> Result<EcoString> {
        match value.view() {
            View::String(text) => Ok(text.into()),
            View::Bool(boolean) => Ok(if boolean { "true" } else { "false" }.into()),
            View::Number(number) => Ok(ecow::eco_format!("{number}")),
            _ => Err(self.wrong(value, name, "string")),
        }
    }

    /// The error for a field of another type.
    pub(crate) fn wrong(&self, value: &Value, name: &str, wanted: &str) -> Error {
        mismatch(value, &format!("Go struct field {}.{name} of type {wanted}", self.type_name))
    }
}

/// What `encoding/json` says of a value that does not fit.
pub(crate) fn mismatch(value: &Value, place: &str) -> Error {
    let found = match value.view() {
        View::Null => "null",
        View::Bool(_) => "bool",
        View::Number(_) => "number",
        View::String(_) => "string",
        View::Seq(_) => "array",
        View::Map(_) => "object",
    };
    let message =
        format!("error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into {place}");
    Error::new(ErrorKind::InvalidChart, message)
}
