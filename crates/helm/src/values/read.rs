//! Files of values: several YAML documents, later ones over earlier ones.

use crate::chart::document_of;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use trueup_manifest::View;
use trueup_template::{Map, Value};

/// Reads a file; every number is a float, as JSON has them in Go.
pub(crate) fn read(text: &[u8], limits: &Limits) -> Result<Map> {
    let mut values = Map::new();
    for document in documents(text)? {
        let document = document_of(document, &limits.documents)
            .map_err(|error| invalid_values(&error).wrap("cannot unmarshal yaml document"))?;
        let found = match document.view() {
            View::Null => continue,
            View::Map(_) => {
                if let Value::Map(map) = Value::from_manifest(&document) {
                    values = merge_maps(&values, &map);
                }
                continue;
            }
            View::Bool(_) => "bool",
            View::Number(_) => "number",
            View::String(_) => "string",
            View::Seq(_) => "array",
        };
        let message = format!(
            "cannot unmarshal yaml document: error unmarshaling JSON: while decoding JSON: \
             json: cannot unmarshal {found} into Go value of type map[string]interface {{}}"
        );
        return Err(Error::new(ErrorKind::InvalidValues, message));
    }
    Ok(values)
}

fn invalid_values(error: &Error) -> Error {
    let kind = match error.kind() {
        ErrorKind::Limit => ErrorKind::Limit,
        _ => ErrorKind::InvalidValues,
    };
    Error::new(kind, error.message())
}

/// Cuts a stream at the lines that begin with `---`, as Kubernetes' reader does.
fn documents(text: &[u8]) -> Result<Vec<&[u8]>> {
    let mut documents = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if let Some(rest) = line.strip_prefix(b"---") {
            let rest = String::from_utf8_lossy(rest);
            let rest = rest.trim();
            if !rest.is_empty() && !rest.starts_with('#') {
                let message = format!("error reading yaml document: invalid Yaml document separator: {rest}");
                return Err(Error::new(ErrorKind::InvalidValues, message));
            }
            if at > start {
                documents.extend(text.get(start..at));
                start = at + line.len();
            }
        }
        at += line.len();
    }
    if at > start {
        documents.extend(text.get(start..at));
    }
    Ok(documents)
}

/// Puts one map over another: maps meet, anything else is replaced, nulls are kept.
pub(super) fn merge_maps(below: &Map, over: &Map) -> Map {
    let merged: Map = below.entries().into_iter().collect();
    for (key, value) in over.entries() {
        let value = match (merged.get(key.as_bytes()), value) {
            (Some(Value::Map(below)), Value::Map(over)) => Value::Map(merge_maps(&below, &over)),
            (_, value) => value,
        };
        merged.insert(key, value);
    }
    merged
}
