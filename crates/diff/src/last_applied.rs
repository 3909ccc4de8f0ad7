//! What was applied last, as `kubectl apply` keeps it in an annotation.

use crate::object::{LAST_APPLIED, annotation};
use trueup_manifest::Value;
use trueup_manifest::json::{self, JsonOptions};

/// Reads the annotation: nothing when there is none.
///
/// # Errors
/// When it is not the JSON of an object with a kind.
pub(crate) fn last_applied(live: &Value) -> Result<Option<Value>, String> {
    let Some(text) = annotation(live, LAST_APPLIED) else { return Ok(None) };
    let object =
        json::parse(text.as_bytes(), &JsonOptions::default()).map_err(|error| error.message().to_owned())?;
    if !object.is_map() {
        return Err(format!("expected an object, found a {}", object.type_name()));
    }
    match object.get("kind").and_then(Value::as_str) {
        None | Some("") => Err("Object 'Kind' is missing".into()),
        Some(_) => Ok(Some(object)),
    }
}
