//! Shorthands for tables of functions and for arguments whose types have been checked.

use crate::function::{Body, Function, Plain, Ty};
use crate::value::{Map, Value};

/// A family of functions.
pub(super) type Family = Vec<(&'static str, Function)>;

pub(super) const A: Ty = Ty::Any;
pub(super) const S: Ty = Ty::String;
pub(super) const I: Ty = Ty::Int;
pub(super) const M: Ty = Ty::Map;

/// A function of fixed arguments.
pub(super) fn fixed(params: &'static [Ty], body: Plain) -> Function {
    Function::new(params, None, Body::Plain(body))
}

/// A function that takes any number of arguments after the fixed ones.
pub(super) fn variadic(params: &'static [Ty], rest: Ty, body: Plain) -> Function {
    Function::new(params, Some(rest), Body::Plain(body))
}

/// Returns a string argument.
pub(super) fn bytes(args: &[Value], at: usize) -> &[u8] {
    match args.get(at) {
        Some(Value::Str(text)) => text.as_bytes(),
        _ => b"",
    }
}

/// Returns a string argument as text; bytes that are not UTF-8 become U+FFFD.
pub(super) fn text(args: &[Value], at: usize) -> std::borrow::Cow<'_, str> {
    match args.get(at) {
        Some(Value::Str(text)) => text.to_str_lossy(),
        _ => "".into(),
    }
}

/// Returns an integer argument.
pub(super) fn int(args: &[Value], at: usize) -> i64 {
    match args.get(at) {
        Some(Value::Int(_, i)) => *i,
        _ => 0,
    }
}

/// Returns an argument of any type; nil if there is none.
pub(super) fn any(args: &[Value], at: usize) -> &Value {
    args.get(at).unwrap_or(&Value::Nil)
}

/// Returns a map argument.
pub(super) fn map(args: &[Value], at: usize) -> Option<&Map> {
    match args.get(at) {
        Some(Value::Map(map)) => Some(map),
        _ => None,
    }
}

/// Returns a string value.
pub(super) fn string(bytes: impl Into<Vec<u8>>) -> Value {
    Value::Str(bytes.into().into())
}
