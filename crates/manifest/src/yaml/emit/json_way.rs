//! What kyaml makes of a value when it is done with it: written as YAML, read again, turned into JSON.

use super::{MAX_DEPTH, v3};
use crate::yaml::compose::go_syntax;
use crate::yaml::{Dialect, EmitError, foot, resolve};
use crate::{EcoString, KeyKind, Map, Number, Resolved, ScalarStyle, Value, View};
use std::borrow::Cow;

/// Returns the value as JSON has it; what does not change is shared.
pub(in crate::yaml) fn through_kyaml(value: &Value) -> Result<Value, EmitError> {
    let longer = foot::lengthened(value);
    let value = longer.as_ref().unwrap_or(value);
    Ok(changed(value, 0, false)?.unwrap_or_else(|| value.clone()))
}

/// Returns what a value becomes, `None` if it stays the same. In a flow collection, all below is written so.
fn changed(value: &Value, depth: usize, flow: bool) -> Result<Option<Value>, EmitError> {
    if depth > MAX_DEPTH {
        return Err(EmitError::TooDeep(MAX_DEPTH));
    }
    match value.view() {
        View::Seq(items) => sequence(value, items, depth, flow || value.is_flow()),
        View::Map(map) => mapping(map, depth, flow || map.is_flow()),
        View::Number(Number::Float(f)) if !f.is_finite() => {
            let word = if f.is_nan() {
                "NaN"
            } else if f > 0.0 {
                "+Inf"
            } else {
                "-Inf"
            };
            Err(EmitError::UnsupportedNumber(word))
        }
        View::String(text) => string(value, text, flow),
        // In a flow collection, nothing at all is written as '' and read as a text.
        View::Null if flow && value.scalar_text().is_some_and(|text| text.is_empty()) => Ok(Some("".into())),
        View::Null | View::Bool(_) | View::Number(_) => Ok(None),
    }
}

fn sequence(value: &Value, items: &[Value], depth: usize, flow: bool) -> Result<Option<Value>, EmitError> {
    let mut copy: Option<Value> = None;
    for (index, item) in items.iter().enumerate() {
        let Some(item) = changed(item, depth + 1, flow)? else { continue };
        if let Some(slot) = copy.get_or_insert_with(|| value.clone()).item_mut(index) {
            *slot = item;
        }
    }
    Ok(copy)
}

fn mapping(map: &Map, depth: usize, flow: bool) -> Result<Option<Value>, EmitError> {
    if map.has_commented_keys() {
        check_comments(map, flow)?;
    }
    if map.has_odd_keys()
        && let Some(message) = map.keys().find_map(|key| unreadable(map, key))
    {
        return Err(EmitError::Unreadable(format!("map[string]interface {{}}(nil): {message}")));
    }
    // Only the outermost map is read into one with texts for keys.
    if depth > 0 && map.has_odd_keys() && map.keys().any(|key| is_odd(map, key)) {
        return Err(EmitError::UnsupportedType("map[interface {}]interface {}"));
    }
    let mut values = Vec::new();
    let mut rename = false;
    for (position, (key, value)) in map.iter().enumerate() {
        rename |= matches!(written_key(key)?, Cow::Owned(_)) || map.key_kind(key) != KeyKind::String;
        if let Some(value) = changed(value, depth + 1, flow)? {
            values.push((position, value));
        }
    }
    if values.is_empty() && !rename {
        return Ok(None);
    }
    let mut values = values.into_iter().peekable();
    let mut copy = Map::with_capacity(map.len());
    for (position, (key, value)) in map.iter().enumerate() {
        let value = match values.next_if(|(changed, _)| *changed == position) {
            Some((_, changed)) => changed,
            None => value.clone(),
        };
        match map.key_kind(key) {
            // Null does not become a text.
            KeyKind::Null if is_odd(map, key) => {}
            _ => {
                copy.insert(EcoString::from(written_key(key)?), value);
            }
        }
    }
    Ok(Some(copy.into()))
}

/// What is wrong with a key that was let pass when it was read.
fn unreadable(map: &Map, key: &str) -> Option<String> {
    match map.key_kind(key) {
        KeyKind::Repeated => Some(format!("yaml: unmarshal errors:\n  mapping key {key:?} already defined")),
        KeyKind::Misfit => Some(format!("yaml: cannot decode !!str `{key}` as its tag asks")),
        _ => None,
    }
}

/// Refuses comments behind the colon of a key that cannot be read back: in a flow collection, a comma is written between the
/// two if the value is a collection, too; in a block collection, `{}` comes to stand at the start of the next line.
fn check_comments(map: &Map, flow: bool) -> Result<(), EmitError> {
    for (_, value) in map.iter().filter(|(key, _)| map.is_commented(key)) {
        let message = match value.view() {
            View::Map(_) | View::Seq(_) if flow => {
                format!("invalid map key: {}", go_syntax(Dialect::Kyaml, value))
            }
            View::Map(map) if map.is_empty() && !map.is_flow() => "could not find expected ':'".to_owned(),
            View::Seq([]) if !value.is_flow() => "could not find expected ':'".to_owned(),
            _ => continue,
        };
        return Err(EmitError::Comment(message));
    }
    Ok(())
}

/// Tells whether a key is still no string when it is read again; a key that is nothing at all is written as `''`.
fn is_odd(map: &Map, key: &str) -> bool {
    map.key_kind(key) != KeyKind::String && !key.is_empty()
}

fn written_key(key: &str) -> Result<Cow<'_, str>, EmitError> {
    v3::round_trip(key, ScalarStyle::Plain).map_err(EmitError::Unreadable)
}

fn string(value: &Value, text: &str, flow: bool) -> Result<Option<Value>, EmitError> {
    let source = value.source();
    match source.map(|source| &source.resolved) {
        // In a flow collection, a time of day is quoted and read as a text.
        Some(Resolved::Timestamp) if flow && text.contains(':') => Ok(Some(text.into())),
        Some(Resolved::Timestamp) => match resolve::rfc3339(text) {
            Some(text) => Ok(Some(text.into())),
            None => Err(EmitError::Unreadable(
                "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: timezone hour outside of range [0,23]"
                    .to_owned(),
            )),
        },
        Some(Resolved::String(_)) => Ok(None),
        _ => match v3::round_trip(text, style_in(value.style(), flow)).map_err(EmitError::Unreadable)? {
            Cow::Borrowed(_) => Ok(None),
            Cow::Owned(text) => Ok(Some(text.into())),
        },
    }
}

/// Returns the style that a string is written in: there are no block scalars in a flow collection.
fn style_in(style: ScalarStyle, flow: bool) -> ScalarStyle {
    match style {
        ScalarStyle::Literal | ScalarStyle::Folded if flow => ScalarStyle::DoubleQuoted,
        style => style,
    }
}

#[cfg(test)]
mod tests {
    use crate::yaml::{self, ParseOptions};

    #[test]
    fn what_changes_changes_and_the_rest_is_shared() {
        let read = |text: &str| yaml::parse(text.as_bytes(), &ParseOptions::kyaml()).unwrap();
        let value = read("flow: {a: , b: [c: ], d: ~}\nblock:\n  a:\n");
        let through = yaml::through_kyaml(&value).unwrap();
        let expected = "block:\n  a: null\nflow:\n  a: \"\"\n  b:\n  - c: \"\"\n  d: null\n";
        assert_eq!(yaml::to_string(&through).unwrap(), expected);
        assert!(through.get("block").unwrap().same(value.get("block").unwrap()));
        assert!(yaml::through_kyaml(&read("a: {1: x}\n")).is_err());
        assert_eq!(yaml::to_string(&yaml::through_kyaml(&read("1: x\n")).unwrap()).unwrap(), "\"1\": x\n");
    }

    #[test]
    fn comments_that_cannot_be_read_back_are_errors() {
        let read = |text: &str| yaml::parse(text.as_bytes(), &ParseOptions::kyaml()).unwrap();
        let fails =
            |value: &crate::Value| yaml::through_kyaml(value).map_err(|error| error.to_string()).err();
        // The full reader and the fast one.
        for text in ["a: # c\n  b: c\n", "? x\n: y\na: # c\n  b: c\n", "a: # c\n- b\n"] {
            let mut value = read(text);
            assert_eq!(fails(&value), None, "{text:?}");
            value.set_flow(true);
            assert!(fails(&value).is_some_and(|why| why.starts_with("yaml: invalid map key: ")), "{text:?}");
            value.set_flow(false);
            let below = value.get_mut("a").unwrap();
            match below.is_map() {
                true => drop(below.as_map_mut().unwrap().remove("b")),
                false => below.as_seq_mut().unwrap().clear(),
            }
            assert_eq!(fails(&value).as_deref(), Some("yaml: could not find expected ':'"), "{text:?}");
        }
        for text in ["a: # c\n  {}\n", "a: # c\n  []\n", "x: {}\na: # c\n", "a: &x # c\n  b: c\n"] {
            assert_eq!(fails(&read(text)), None, "{text:?}");
        }
    }
}
