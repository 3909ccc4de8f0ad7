//! The errors of `sigs.k8s.io/yaml`, in its words.

use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Number, Value, View};

/// Returns what a value is in Go's JSON errors.
pub(crate) fn go_kind(value: &Value) -> &'static str {
    match value.view() {
        View::Null => "null",
        View::Bool(_) => "bool",
        View::Number(_) => "number",
        View::String(_) => "string",
        View::Seq(_) => "array",
        View::Map(_) => "object",
    }
}

/// Returns the error for a document of the wrong type.
pub(crate) fn type_error(found: &Value, wanted: &str) -> String {
    let found = go_kind(found);
    format!(
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal {found} into Go value of type {wanted}"
    )
}

/// Reads YAML by way of JSON.
///
/// # Errors
/// The text for what is not YAML, or has a number that JSON has not.
pub(crate) fn parse(text: &[u8]) -> Result<Value, String> {
    let failed = |message: &str| format!("error converting YAML to JSON: {message}");
    let document = yaml::parse(text, &ParseOptions::kubernetes()).map_err(|error| failed(error.message()))?;
    match not_finite(&document) {
        Some(number) => Err(failed(&format!("json: unsupported value: {}", go_float(number)))),
        None => Ok(document),
    }
}

fn go_float(number: f64) -> &'static str {
    match (number.is_nan(), number > 0.0) {
        (true, _) => "NaN",
        (false, true) => "+Inf",
        (false, false) => "-Inf",
    }
}

/// Returns the first number that JSON has no form for, in the order of the keys.
fn not_finite(document: &Value) -> Option<f64> {
    match document.view() {
        View::Number(Number::Float(number)) if !number.is_finite() => Some(number),
        View::Seq(items) => items.iter().find_map(not_finite),
        View::Map(map) => {
            let found = map.iter().filter_map(|(key, value)| Some((key, not_finite(value)?)));
            found.min_by_key(|(key, _)| *key).map(|(_, number)| number)
        }
        _ => None,
    }
}
