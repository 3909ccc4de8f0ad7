//! Values: their types, and which are equal.

use trueup_manifest::{self as manifest, View};
use trueup_template::Value;

/// Returns JSON's name of the type of a value.
pub(super) fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Nil => "null",
        Value::Bool(_) => "boolean",
        Value::Str(_) => "string",
        Value::List(_) => "array",
        Value::Map(_) => "object",
        _ => "number",
    }
}

/// Returns a number.
pub(super) fn number_of(value: &Value) -> Option<f64> {
    match value {
        Value::Float(float) => Some(*float),
        Value::Int(_, int) => Some(*int as f64),
        Value::Uint(_, uint) => Some(*uint as f64),
        _ => None,
    }
}

/// Tells whether a value is what a schema says.
pub(super) fn equals(value: &Value, wanted: &manifest::Value) -> bool {
    match (value, wanted.view()) {
        (Value::Nil, View::Null) => true,
        (Value::Bool(a), View::Bool(b)) => *a == b,
        (Value::Str(a), View::String(b)) => a.as_bytes() == b.as_bytes(),
        (Value::List(a), View::Seq(b)) => {
            a.len() == b.len() && a.items().iter().zip(b).all(|(a, b)| equals(a, b))
        }
        (Value::Map(a), View::Map(b)) => {
            a.len() == b.len()
                && b.iter().all(|(key, b)| a.get(key.as_bytes()).is_some_and(|a| equals(&a, b)))
        }
        (value, View::Number(number)) => match (value, number) {
            (Value::Int(_, a), manifest::Number::Int(b)) => *a == b,
            (value, number) => number_of(value) == Some(number.as_f64()),
        },
        _ => false,
    }
}

/// Tells whether two values are the same.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::List(a), Value::List(b)) => {
            a.len() == b.len() && a.items().iter().zip(b.items()).all(|(a, b)| same(a, b))
        }
        (Value::Map(a), Value::Map(b)) => {
            a.len() == b.len()
                && a.entries().iter().all(|(key, a)| b.get(key.as_bytes()).is_some_and(|b| same(a, &b)))
        }
        (Value::Int(_, a), Value::Int(_, b)) => a == b,
        (a, b) => matches!((number_of(a), number_of(b)), (Some(a), Some(b)) if a == b),
    }
}
