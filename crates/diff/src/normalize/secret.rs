//! Secrets: what is written in plain text becomes what the cluster stores.

use crate::object::is_core;
use crate::typed::{Unknown, round_trip, typed_kind};
use trueup_manifest::Value;

/// Moves `stringData` into `data`, and makes null and empty entries the empty text.
///
/// A Secret that cannot be read as one keeps its `data`; it is not an error.
pub fn normalize_secret(object: &Value) -> Value {
    if !is_core(object, "Secret") {
        return object.clone();
    }
    let mut out = object.clone();
    move_string_data(&mut out);
    let Some(ty) = typed_kind(&out).map(|kind| kind.ty()) else { return out };
    let Some(typed) = round_trip(ty, &out, Unknown::Drop) else { return out };
    if out.get("data").and_then(Value::as_map).is_some_and(trueup_manifest::Map::is_empty)
        && let Some(out) = out.as_map_mut()
    {
        // What is empty is not written.
        out.insert("data", Value::NULL);
    }
    let (Some(data), Some(own)) = (typed.get("data").and_then(Value::as_map), out.get("data")) else {
        return out;
    };
    let mut cleaned = data.clone();
    for (key, _) in data.iter().filter(|(_, value)| value.is_null()) {
        cleaned.insert(key.clone(), "");
    }
    if *own != Value::from(cleaned.clone())
        && let Some(out) = out.as_map_mut()
    {
        out.insert("data", cleaned);
    }
    out
}

fn move_string_data(secret: &mut Value) {
    let Some(plain) = secret.get("stringData").and_then(Value::as_map).cloned() else { return };
    let mut data = secret.get("data").and_then(Value::as_map).cloned().unwrap_or_default();
    for (key, value) in &plain {
        let encoded = value.as_str().map(|text| Value::from(crate::typed::encode_base64(text.as_bytes())));
        data.insert(key.clone(), encoded.unwrap_or_else(|| value.clone()));
    }
    if let Some(secret) = secret.as_map_mut() {
        secret.insert("data", data);
        secret.remove("stringData");
    }
}
