//! Values at paths of keys with dots between them.

use trueup_template::{Map, Value};

/// Returns the table at a path.
pub(crate) fn table(values: &Map, path: &str) -> Option<Map> {
    path.split('.').try_fold(values.clone(), |table, key| match table.get(key.as_bytes()) {
        Some(Value::Map(inner)) => Some(inner),
        _ => None,
    })
}

/// Returns what is at a path, unless it is a table.
pub(crate) fn path_value(values: &Map, path: &str) -> Option<Value> {
    let found = match path.rsplit_once('.') {
        Some((parent, key)) => table(values, parent)?.get(key.as_bytes()),
        None => values.get(path.as_bytes()),
    };
    found.filter(|value| !matches!(value, Value::Map(_)))
}
