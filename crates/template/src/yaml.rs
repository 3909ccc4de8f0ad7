//! YAML for templates, as `sigs.k8s.io/yaml` reads and writes it: by way of JSON.

use crate::env::Env;
use crate::function::{Fault, Outcome};
use crate::go::encoding::base64_encode;
use crate::go::json::{MAX_DEPTH, Style, encode};
use crate::value::{Map, Text, Value};
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, ParseOptions, SequenceIndent, V3Style};
use trueup_manifest::{self as manifest, Resolved, ScalarStyle, SourceScalar, View};

/// Writes a value as YAML without the newline at the end; the error is Go's text.
pub(crate) fn to_yaml(env: &mut Env<'_>, value: &Value) -> Outcome<String> {
    let json = to_json(env, value)?;
    let mut text = match written(&json) {
        Some(text) => text,
        None => yaml::to_string(&reread(&json)?).map_err(|error| error.to_string())?,
    };
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

/// Writes a value as YAML with list items indented below their key, as Helm's `toYamlPretty`: not by way of JSON.
pub(crate) fn to_pretty_yaml(env: &mut Env<'_>, value: &Value) -> Outcome<String> {
    let style = V3Style::default().with_sequences(SequenceIndent::Wide).with_go_values(true);
    let document = go_value(env, value, 0)?;
    let mut text = yaml::to_string_v3(&document, &style).map_err(|error| error.to_string())?;
    if text.ends_with('\n') {
        text.pop();
    }
    Ok(text)
}

fn to_json(env: &mut Env<'_>, value: &Value) -> Outcome<Vec<u8>> {
    let json = encode(value, Style::Compact, env.room() / 2).map_err(|fault| match fault {
        Fault::Error(text) => Fault::Error(format!("error marshaling into JSON: {text}")),
        other => other,
    })?;
    env.allocate(json.len())?;
    Ok(json)
}

/// Converts to a document in which floats stay floats and bytes that are no text are tagged, as the library takes Go's values.
fn go_value(env: &mut Env<'_>, value: &Value, depth: usize) -> Outcome<manifest::Value> {
    if depth > MAX_DEPTH {
        return Err(Fault::Limit("a value is nested too deep for YAML".to_owned()));
    }
    if let Value::Str(text) = value {
        env.allocate(text.len())?;
    }
    Ok(match value {
        Value::Nil => source("null".to_owned(), None, Resolved::Null),
        Value::Float(float) => (*float).into(),
        Value::Str(text) if std::str::from_utf8(text.as_bytes()).is_err() => {
            let text = base64_encode(text.as_bytes());
            source(text.clone(), Some("tag:yaml.org,2002:binary"), Resolved::String(text.into()))
        }
        Value::Time(time) => source(time.rfc3339_nano(), None, Resolved::Timestamp),
        Value::List(list) => {
            env.items(list.len())?;
            let items: Outcome<manifest::Value> =
                list.items().iter().map(|item| go_value(env, item, depth + 1)).collect();
            items?
        }
        Value::Map(map) => {
            env.items(map.len())?;
            let mut entry = |(key, value): (Text, Value)| {
                Ok((key.to_str_lossy().into_owned(), go_value(env, &value, depth + 1)?))
            };
            let entries: Outcome<manifest::Map> = map.entries().into_iter().map(&mut entry).collect();
            entries?.into()
        }
        value => value.to_manifest(),
    })
}

fn source(text: String, tag: Option<&str>, resolved: Resolved) -> manifest::Value {
    let style = ScalarStyle::Plain;
    manifest::Value::from_source(SourceScalar {
        text: text.into(),
        style,
        tag: tag.map(Into::into),
        resolved,
        cell: 0,
    })
}

/// Reads JSON as YAML, as Go does, so that whole numbers are integers.
fn reread(json: &[u8]) -> Outcome<manifest::Value> {
    Ok(yaml::parse(json, &ParseOptions::kubernetes()).map_err(|error| error.message().to_owned())?)
}

/// Writes JSON as YAML without reading it as YAML, which [`yaml::to_string`] looks into where it matters.
///
/// Nothing where that may give another text, or an error.
fn written(json: &[u8]) -> Option<String> {
    let document = json::parse(json, &JsonOptions::default()).ok()?;
    if has_large_number(&document) {
        return None;
    }
    yaml::to_string(&document).ok()
}

/// Tells whether a number does not fit `int64`; what is only a float in JSON may be a `uint64` in YAML.
fn has_large_number(document: &manifest::Value) -> bool {
    match document.view() {
        View::Number(manifest::Number::Float(number)) => number.abs() >= i64::MAX as f64,
        View::Seq(items) => items.iter().any(has_large_number),
        View::Map(map) => map.values().any(has_large_number),
        _ => false,
    }
}

/// Reads the first document as a map or a list, empty for null; the error is Go's text.
pub(crate) fn from_yaml(env: &mut Env<'_>, text: &[u8], want: Want) -> Outcome {
    env.items(text.len() / 8)?;
    let document = yaml::parse(text, &ParseOptions::kubernetes())
        .map_err(|error| format!("error converting YAML to JSON: {}", error.message()))?;
    if let Some(number) = not_finite(&document) {
        let text = crate::go::number::float_text(number);
        return Err(Fault::Error(format!("error converting YAML to JSON: json: unsupported value: {text}")));
    }
    want.check(&document).map_err(Fault::Error)?;
    Ok(match (document.is_null(), want) {
        (true, Want::Map) => Map::new().into(),
        (true, Want::List) => Vec::new().into(),
        _ => Value::from_manifest(&document),
    })
}

/// Returns the first number that JSON has no form for, in the order of the keys.
fn not_finite(document: &manifest::Value) -> Option<f64> {
    match document.view() {
        View::Number(manifest::Number::Float(number)) if !number.is_finite() => Some(number),
        View::Seq(items) => items.iter().find_map(not_finite),
        View::Map(map) => {
            let found = map.iter().filter_map(|(key, value)| Some((key, not_finite(value)?)));
            found.min_by_key(|(key, _)| *key).map(|(_, number)| number)
        }
        _ => None,
    }
}

/// What a document must be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// A `map[string]interface {}`
    Map,
    /// A `[]interface {}`
    List,
}

impl Want {
    pub(crate) fn type_name(self) -> &'static str {
        match self {
            Self::Map => "map[string]interface {}",
            Self::List => "[]interface {}",
        }
    }

    fn check(self, document: &manifest::Value) -> Result<(), String> {
        let found = match (document.view(), self) {
            (View::Null, _) | (View::Map(_), Self::Map) | (View::Seq(_), Self::List) => return Ok(()),
            (View::Bool(_), _) => "bool",
            (View::Number(_), _) => "number",
            (View::String(_), _) => "string",
            (View::Seq(_), _) => "array",
            (View::Map(_), _) => "object",
        };
        let ty = self.type_name();
        Err(format!(
            "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go value of type {ty}"
        ))
    }
}
