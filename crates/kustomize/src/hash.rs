//! Content hashes in the names of generated ConfigMaps and Secrets.

use crate::documents;
use crate::error::{Error, ErrorKind, Result};
use crate::node;
use crate::resmap::ResMap;
use ecow::EcoString;
use sha2::{Digest, Sha256};
use trueup_manifest::{Map, Number, Value, View, json};
use trueup_schema::kustomize::Schema;

/// Appends the hash of its content to the name of every resource that asks for it.
pub(crate) fn add_hashes(map: &mut ResMap, schema: &Schema) -> Result<()> {
    for resource in map.list.iter_mut().filter(|resource| resource.history().needs_hash) {
        let hash = hash_of(&resource.value)?;
        resource.store_previous_id(schema)?;
        let name = ecow::eco_format!("{}-{hash}", resource.name());
        resource.set_name(&name);
    }
    Ok(())
}

fn hash_of(document: &Value) -> Result<EcoString> {
    let kind = node::text(document.get("kind").unwrap_or(&Value::NULL));
    // Upstream looks the name up under a path that never exists.
    let mut content = Map::from_iter([("kind", Value::from(kind.clone())), ("name", Value::from(""))]);
    content.insert("data", content_of(document, "data")?);
    let optional = match kind.as_str() {
        "ConfigMap" => "binaryData",
        "Secret" => {
            content.insert("type", content_of(document, "type")?);
            "stringData"
        }
        _ => {
            let message = format!("a name hash of a {kind} depends on upstream's memory layout");
            return Err(Error::new(ErrorKind::Unsupported, message));
        }
    };
    let value = content_of(document, optional)?;
    // A list is null by now.
    if value.is_map() || value.is_null() {
        content.insert(optional, value);
    }
    let text = json::to_string(&content.into());
    let text = text.map_err(|error| Error::new(ErrorKind::Generator, error.to_string()))?;
    Ok(encode(&text))
}

/// A field for the hash: a map as it is, a scalar as its text, nothing as the empty text.
fn content_of(document: &Value, field: &str) -> Result<Value> {
    Ok(match document.get(field) {
        None => Value::from(""),
        Some(value) if value.is_map() => with_floats(&documents::read_back(value)?),
        Some(value) if value.is_seq() => Value::NULL,
        Some(value) => Value::from(node::text(value)),
    })
}

/// A value whose integers have the precision of a float, as Go reads numbers that nobody gave a type.
fn with_floats(value: &Value) -> Value {
    match value.view() {
        View::Map(map) => {
            map.iter().map(|(key, value)| (key.clone(), with_floats(value))).collect::<Map>().into()
        }
        View::Seq(items) => items.iter().map(with_floats).collect(),
        View::Number(number) => Number::Float(number.as_f64()).into(),
        _ => value.clone(),
    }
}

/// The first ten hexadecimal digits, spelled so that they form no words.
fn encode(text: &str) -> EcoString {
    let digest = Sha256::digest(text.as_bytes());
    let hex = digest.iter().take(5).flat_map(|byte| [byte >> 4, byte & 15]);
    let spell = |digit: u8| match digit {
        0 => 'g',
        1 => 'h',
        3 => 'k',
        10 => 'm',
        14 => 't',
        digit => char::from_digit(digit.into(), 16).unwrap_or('0'),
    };
    hex.map(spell).collect()
}
