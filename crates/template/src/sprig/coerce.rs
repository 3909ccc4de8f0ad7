//! Conversions that the functions share.

use crate::env::Env;
use crate::function::Outcome;
use crate::go::fmt::{stringer, value_text};
use crate::go::number::{float_to_int, parse_float, parse_int};
use crate::value::{Elem, IntType, List, Text, Value};

/// Converts to an integer as `cast.ToInt64`: what cannot be is 0.
pub(super) fn to_int(value: &Value) -> i64 {
    match value {
        Value::Int(IntType::Duration, _) => 0,
        Value::Int(_, i) => *i,
        Value::Uint(_, u) => *u as i64,
        Value::Float(f) => float_to_int(*f),
        Value::Bool(b) => i64::from(*b),
        Value::Str(text) => text.as_str().and_then(|text| parse_int(trim_zeros(text), 0).ok()).unwrap_or(0),
        _ => 0,
    }
}

/// Cuts a tail `.000`.
fn trim_zeros(text: &str) -> &str {
    let whole = text.trim_end_matches('0');
    match whole.strip_suffix('.') {
        Some(cut) if whole.len() < text.len() => cut,
        _ => text,
    }
}

/// Converts to a float as `cast.ToFloat64`: what cannot be is 0.
pub(super) fn to_float(value: &Value) -> f64 {
    match value {
        Value::Int(IntType::Duration, _) => 0.0,
        Value::Int(_, i) => *i as f64,
        Value::Uint(_, u) => *u as f64,
        Value::Float(f) => *f,
        Value::Bool(b) => f64::from(u8::from(*b)),
        Value::Str(text) => text.as_str().and_then(|text| parse_float(text).ok()).unwrap_or(0.0),
        _ => 0.0,
    }
}

/// Converts to a string as sprig's `strval`.
pub(super) fn strval(env: &mut Env<'_>, value: &Value) -> Outcome<Text> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::List(list) if list.elem() == Elem::Byte => Ok(list.to_bytes().unwrap_or_default().into()),
        value => match stringer(value) {
            Some(text) => Ok(text),
            None => {
                let text = value_text(value, env.room())?;
                env.allocate(text.len())?;
                Ok(text.into())
            }
        },
    }
}

/// Converts to strings as sprig's `strslice`: nils are dropped.
pub(super) fn strslice(env: &mut Env<'_>, value: &Value) -> Outcome<Vec<Text>> {
    match value {
        Value::List(list) => {
            env.items(list.len())?;
            let there = list.items().iter().filter(|item| !matches!(item, Value::Nil));
            there.map(|item| strval(env, item)).collect()
        }
        Value::Nil => Ok(Vec::new()),
        value => Ok(vec![strval(env, value)?]),
    }
}

/// Returns a `[]string`.
pub(super) fn string_list(items: Vec<Text>) -> Value {
    Value::List(List::of(Elem::String, items.into_iter().map(Value::Str).collect()))
}

/// Tells whether a value is empty, as sprig's `default` sees it.
pub(super) fn is_empty(value: &Value) -> bool {
    match value {
        Value::Time(_) | Value::Version(_) | Value::Object(_) => false,
        value => !value.truth(),
    }
}
