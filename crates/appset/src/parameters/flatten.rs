//! Trees as flat names.

use super::{Parameters, value_text};
use trueup_template::{Elem, MapElem, Value};

/// Returns the flat names of a tree with their texts: `a.b`, `a.0`. Empty maps and lists disappear.
///
/// A list of strings that a generator made (such as `path.segments`) stays one text, as in Go.
///
/// ```
/// use trueup_appset::parameters::{Parameters, flatten};
///
/// let document = serde_json::from_str(r#"{"a":{"b":[1,true]},"c":{}}"#).unwrap();
/// let flat = flatten(&Parameters::from_document(&document));
/// assert_eq!(flat, [("a.b.0".to_owned(), "1".to_owned()), ("a.b.1".to_owned(), "true".to_owned())]);
/// ```
pub fn flatten(parameters: &Parameters) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (key, value) in parameters.entries() {
        walk(&key.to_str_lossy(), &value, &mut |name, value| out.push((name.to_owned(), value_text(value))));
    }
    out
}

/// Returns the text under one flat name, if there is one, without flattening everything.
pub(crate) fn flatten_label(parameters: &Parameters, label: &str) -> Option<String> {
    let mut found = None;
    for (key, value) in parameters.entries() {
        let key = key.to_str_lossy();
        let below =
            label.strip_prefix(key.as_ref()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if below {
            walk(&key, &value, &mut |name, value| {
                if name == label {
                    found = Some(value_text(value));
                }
            });
        }
    }
    found
}

fn walk(name: &str, value: &Value, leaf: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Map(map) if matches!(map.elem(), MapElem::Any | MapElem::String) => {
            for (key, value) in map.entries() {
                walk(&format!("{name}.{}", key.to_str_lossy()), &value, leaf);
            }
        }
        Value::List(list) if list.elem() == Elem::Any => {
            for (position, item) in list.items().iter().enumerate() {
                walk(&format!("{name}.{position}"), item, leaf);
            }
        }
        scalar => leaf(name, scalar),
    }
}
