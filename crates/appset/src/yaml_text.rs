//! The errors of `sigs.k8s.io/yaml`, in its words.

use trueup_manifest::yaml::ParseError;
use trueup_manifest::{Value, View};

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

/// Returns the error for a text that is not YAML.
pub(crate) fn conversion_error(error: &ParseError) -> String {
    format!("error converting YAML to JSON: {}", error.message())
}
