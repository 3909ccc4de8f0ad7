//! Paths into an object: fields, list items by key or value, indexes.

use ecow::EcoString;
use std::cmp::Ordering;
use std::fmt;
use trueup_manifest::{Number, Value, View};

/// One step of a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PathElement {
    /// A field of a map or struct.
    Field(EcoString),
    /// The item of a keyed list that has these values; sorted by name.
    Key(Vec<(EcoString, ScalarValue)>),
    /// The item of a set that has this value.
    Value(ScalarValue),
    /// The item of a list at this position.
    Index(i64),
    /// The item of a list that nothing tells from the others, as null is in a keyed list. It is never written down.
    Unknown,
}

/// A path from the root of an object.
pub type Path = Vec<PathElement>;

/// A value that identifies a list item, in the order of structured-merge-diff: numbers, strings, booleans, others, null.
#[derive(Clone, Debug)]
pub enum ScalarValue {
    /// A number.
    Number(Number),
    /// A string.
    String(EcoString),
    /// A boolean.
    Bool(bool),
    /// A list or a map, which identifies nothing in a valid object; its JSON.
    Other(EcoString),
    /// Null.
    Null,
}

impl ScalarValue {
    /// Takes the value out of a document.
    pub fn of(value: &Value) -> Self {
        match value.view() {
            View::Null => Self::Null,
            View::Bool(b) => Self::Bool(b),
            View::Number(n) => Self::Number(n),
            View::String(text) => Self::String(value.as_eco_str().cloned().unwrap_or_else(|| text.into())),
            View::Seq(_) | View::Map(_) => Self::Other(json(value).into()),
        }
    }

    fn json(&self) -> String {
        match self {
            Self::Number(n) => json(&Value::from(*n)),
            Self::String(text) => quoted(text),
            Self::Bool(b) => b.to_string(),
            Self::Other(json) => json.to_string(),
            Self::Null => "null".into(),
        }
    }
}

/// Writes a value for people: strings in quotes.
pub(super) fn show(value: &Value) -> String {
    match value.view() {
        View::Number(n) => crate::go::print_number(n),
        View::Seq(items) => format!("[{}]", items.iter().map(show).collect::<Vec<_>>().join(",")),
        View::Map(map) => map.iter().map(|(key, value)| format!("{key}={}", show(value))).collect(),
        _ => ScalarValue::of(value).json(),
    }
}

fn json(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

impl PathElement {
    /// Reads the form used in managedFields: `f:name`, `k:{"key":"value"}`, `v:value`, `i:1`.
    ///
    /// `Ok(None)` is an element of a kind that is not known, which readers skip.
    pub fn parse(text: &str) -> Result<Option<Self>, String> {
        let Some((kind, rest)) = text.split_once(':').filter(|(kind, _)| kind.len() == 1) else {
            let short = text.len() < 2;
            return Err(if short {
                "key must be 2 characters long:".into()
            } else {
                format!("missing colon: {text}")
            });
        };
        Ok(Some(match kind {
            "f" => Self::Field(rest.into()),
            "k" => {
                let key: Value = serde_json::from_str(rest).map_err(|error| error.to_string())?;
                let Some(map) = key.as_map() else { return Err(format!("expected an object in {text}")) };
                let mut fields: Vec<_> =
                    map.iter().map(|(name, value)| (name.clone(), ScalarValue::of(value))).collect();
                fields.sort_by(|(a, _), (b, _)| a.cmp(b));
                Self::Key(fields)
            }
            "v" => {
                let value: Value = serde_json::from_str(rest).map_err(|error| error.to_string())?;
                Self::Value(ScalarValue::of(&value))
            }
            "i" => Self::Index(rest.parse().map_err(|_| format!("invalid index {rest}"))?),
            _ => return Ok(None),
        }))
    }

    /// Writes the form used in managedFields.
    pub fn encode(&self) -> String {
        match self {
            Self::Field(name) => format!("f:{name}"),
            Self::Key(fields) => {
                let fields: Vec<String> =
                    fields.iter().map(|(name, value)| format!("{}:{}", quoted(name), value.json())).collect();
                format!("k:{{{}}}", fields.join(","))
            }
            Self::Value(value) => format!("v:{}", value.json()),
            Self::Index(index) => format!("i:{index}"),
            Self::Unknown => String::new(),
        }
    }
}

impl fmt::Display for PathElement {
    /// Writes it for people: `.name`, `[key="value"]`, `[="value"]`, `[1]`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(name) => write!(f, ".{name}"),
            Self::Key(fields) => {
                f.write_str("[")?;
                for (at, (name, value)) in fields.iter().enumerate() {
                    let comma = if at > 0 { "," } else { "" };
                    write!(f, "{comma}{name}={value}")?;
                }
                f.write_str("]")
            }
            Self::Value(value) => write!(f, "[={value}]"),
            Self::Index(index) => write!(f, "[{index}]"),
            Self::Unknown => f.write_str("{???}"),
        }
    }
}

/// Writes a path for people: `.spec.containers[name="app"].image`.
pub fn display_path(path: &[PathElement]) -> String {
    path.iter().map(PathElement::to_string).collect()
}

impl fmt::Display for ScalarValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(n) => f.write_str(&crate::go::print_number(*n)),
            other => f.write_str(&other.json()),
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

impl PartialEq for ScalarValue {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for ScalarValue {}

impl PartialOrd for ScalarValue {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ScalarValue {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Number(a), Self::Number(b)) => compare_numbers(*a, *b),
            (Self::String(a), Self::String(b)) | (Self::Other(a), Self::Other(b)) => a.cmp(b),
            (Self::Bool(a), Self::Bool(b)) => a.cmp(b),
            (a, b) => a.rank().cmp(&b.rank()),
        }
    }
}

impl ScalarValue {
    fn rank(&self) -> u8 {
        match self {
            Self::Number(_) => 0,
            Self::String(_) => 1,
            Self::Bool(_) => 2,
            Self::Other(_) => 3,
            Self::Null => 4,
        }
    }
}

fn compare_numbers(a: Number, b: Number) -> Ordering {
    match (a, b) {
        (Number::Int(a), Number::Int(b)) => a.cmp(&b),
        // `0.0` and `-0.0` are the same key.
        (a, b) => (a.as_f64() + 0.0).total_cmp(&(b.as_f64() + 0.0)),
    }
}
