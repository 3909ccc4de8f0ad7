//! The built-in functions of `text/template`.

use crate::env::Env;
use crate::exec::Operand;
use crate::function::{Body, Fault, Function, Outcome, Ty};
use crate::go::fmt::{sprint, sprintf, sprintln, value_text};
use crate::go::unicode::is_print;
use crate::value::{Elem, List, Runes, UintType, Value, lossy};
use std::cmp::Ordering;

/// Returns the functions with their names.
pub(crate) fn table() -> impl Iterator<Item = (&'static str, Function)> {
    const ONE: &[Ty] = &[Ty::Reflect];
    const TWO: &[Ty] = &[Ty::Reflect, Ty::Reflect];
    const REST: Option<Ty> = Some(Ty::Reflect);
    let reflecting = |params, rest, body| Function::new(params, rest, Body::Reflecting(body));
    let printing = |params, body| Function::new(params, Some(Ty::Any), Body::Plain(body));
    [
        ("and", Function::new(ONE, REST, Body::And)),
        ("or", Function::new(ONE, REST, Body::Or)),
        ("call", Function::new(ONE, REST, Body::Call)),
        ("not", reflecting(ONE, None, not)),
        ("len", reflecting(ONE, None, len)),
        ("index", reflecting(ONE, REST, index)),
        ("slice", reflecting(ONE, REST, slice)),
        ("eq", reflecting(ONE, REST, |_, args| eq(args).map(truth))),
        ("ne", reflecting(TWO, None, |_, args| eq(args).map(|equal| truth(!equal)))),
        ("lt", reflecting(TWO, None, |_, args| lt(args).map(truth))),
        ("le", reflecting(TWO, None, |_, args| le(args).map(truth))),
        ("gt", reflecting(TWO, None, |_, args| le(args).map(|le| truth(!le)))),
        ("ge", reflecting(TWO, None, |_, args| lt(args).map(|lt| truth(!lt)))),
        ("print", printing(&[], |env, args| Ok(text(sprint(args, env.room())?)))),
        ("println", printing(&[], |env, args| Ok(text(sprintln(args, env.room())?)))),
        ("printf", printing(&[Ty::String], printf)),
        ("html", printing(&[], |env, args| Ok(text(html(&joined(env, args)?))))),
        ("js", printing(&[], |env, args| Ok(text(js(&joined(env, args)?))))),
        ("urlquery", printing(&[], |env, args| Ok(text(query_escape(&joined(env, args)?))))),
    ]
    .into_iter()
}

fn text(bytes: Vec<u8>) -> Value {
    Value::Str(bytes.into())
}

fn truth(value: bool) -> Operand {
    Operand::concrete(Value::Bool(value))
}

fn printf(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    match args.split_first() {
        Some((Value::Str(format), args)) => Ok(text(sprintf(format.as_bytes(), args, env.room())?)),
        _ => Ok("".into()),
    }
}

/// Prints the arguments as `html` and its kin see them: what is not there reads `<no value>`.
fn joined(env: &mut Env<'_>, args: &[Value]) -> Outcome<Vec<u8>> {
    // Escaping makes text up to twelve times longer.
    let limit = env.room() / 12;
    if let [Value::Str(text)] = args {
        if text.len() > limit {
            return Err(Fault::Limit("the text of a value is longer than the limit".to_owned()));
        }
        return Ok(text.as_bytes().to_vec());
    }
    let shown = |value: &Value| if matches!(value, Value::Nil) { "<no value>".into() } else { value.clone() };
    let args: Vec<Value> = args.iter().map(shown).collect();
    Ok(sprint(&args, limit)?)
}

fn not(_: &mut Env<'_>, args: &[Operand]) -> Outcome<Operand> {
    Ok(truth(!args.first().is_some_and(|arg| arg.value.truth())))
}

fn len(_: &mut Env<'_>, args: &[Operand]) -> Outcome<Operand> {
    let Some(arg) = args.first() else { return Err("len of nothing".into()) };
    let len = match &arg.value {
        Value::Str(text) => text.len(),
        Value::List(list) => list.len(),
        Value::Map(map) => map.len(),
        Value::Nil if arg.interface => return Err("len of nil pointer".into()),
        Value::Nil => return Err("reflect: call of reflect.Value.Type on zero Value".into()),
        Value::Version(version) if !version.is_plain() => return Err("len of type semver.Version".into()),
        value => return Err(format!("len of type {}", value.type_name()).into()),
    };
    Ok(Operand::concrete(Value::int(i64::try_from(len).unwrap_or(i64::MAX))))
}

/// Reads an index up to and including `top`.
fn index_arg(index: &Value, top: usize) -> Outcome<usize> {
    let number = match index {
        Value::Int(_, i) => *i,
        Value::Uint(_, u) => *u as i64,
        Value::Nil => return Err("cannot index slice/array with nil".into()),
        value => return Err(format!("cannot index slice/array with type {}", value.type_name()).into()),
    };
    match usize::try_from(number).ok().filter(|&number| number <= top) {
        Some(index) => Ok(index),
        None => Err(format!("index out of range: {number}").into()),
    }
}

fn index(_: &mut Env<'_>, args: &[Operand]) -> Outcome<Operand> {
    let Some((item, indexes)) = args.split_first() else { return Err("index of untyped nil".into()) };
    if matches!(item.value, Value::Nil) {
        return Err("index of untyped nil".into());
    }
    let mut item = Operand::concrete(item.value.clone());
    for index in indexes {
        item = index_one(&item.value, &index.value)?;
    }
    Ok(item)
}

fn index_one(item: &Value, index: &Value) -> Outcome<Operand> {
    match item {
        Value::Nil => Err("index of nil pointer".into()),
        Value::Str(text) => {
            let at = index_arg(index, text.len())?;
            let byte = text.as_bytes().get(at).ok_or("reflect: string index out of range")?;
            Ok(Operand::concrete(Value::Uint(UintType::Uint8, (*byte).into())))
        }
        Value::List(list) => {
            let at = index_arg(index, list.len())?;
            let value = list.get(at).ok_or("reflect: slice index out of range")?.clone();
            Ok(Operand { value, interface: list.elem().is_interface() })
        }
        Value::Map(map) => {
            let key = match index {
                Value::Str(key) => key,
                Value::Nil => return Err("value is nil; should be of type string".into()),
                value => return Err(format!("value has type {}; should be string", value.type_name()).into()),
            };
            Ok(match (map.get(key.as_bytes()), map.elem()) {
                (Some(value), elem) => Operand { value, interface: elem.is_interface() },
                (None, elem) => Operand { value: elem.zero(), interface: elem.is_interface() },
            })
        }
        Value::Version(version) if !version.is_plain() => {
            Err("can't index item of type semver.Version".into())
        }
        value => Err(format!("can't index item of type {}", value.type_name()).into()),
    }
}

fn slice(_: &mut Env<'_>, args: &[Operand]) -> Outcome<Operand> {
    let Some((item, indexes)) = args.split_first() else { return Err("slice of untyped nil".into()) };
    if matches!(item.value, Value::Nil) {
        return Err("slice of untyped nil".into());
    }
    if indexes.len() > 3 {
        return Err(format!("too many slice indexes: {}", indexes.len()).into());
    }
    let (len, cap) = match &item.value {
        Value::Str(_) if indexes.len() == 3 => return Err("cannot 3-index slice a string".into()),
        Value::Str(text) => (text.len(), text.len()),
        Value::List(list) => (list.len(), list.capacity()),
        Value::Version(version) if !version.is_plain() => {
            return Err("can't slice item of type semver.Version".into());
        }
        value => return Err(format!("can't slice item of type {}", value.type_name()).into()),
    };
    let mut bounds = [0, len, cap];
    for (slot, index) in bounds.iter_mut().zip(indexes) {
        if index.interface {
            return Err("cannot index slice/array with type interface {}".into());
        }
        *slot = index_arg(&index.value, cap)?;
    }
    let [start, end, max] = bounds;
    if start > end {
        return Err(format!("invalid slice index: {start} > {end}").into());
    }
    if end > max {
        return Err(format!("invalid slice index: {end} > {max}").into());
    }
    let value = match &item.value {
        Value::Str(text) => Value::Str(text.as_bytes().get(start..end).unwrap_or_default().into()),
        Value::List(list) => {
            let empty = || List::of(Elem::Any, Vec::new());
            Value::List(list.slice(start, end, max).unwrap_or_else(empty))
        }
        value => value.clone(),
    };
    Ok(Operand::concrete(value))
}

/// The kinds that can be compared.
#[derive(PartialEq, Eq)]
enum Basic {
    Invalid,
    Bool,
    Complex,
    Int,
    Float,
    String,
    Uint,
}

fn basic(value: &Value) -> Basic {
    match value {
        Value::Bool(_) => Basic::Bool,
        Value::Complex(_) => Basic::Complex,
        Value::Int(..) => Basic::Int,
        Value::Uint(..) => Basic::Uint,
        Value::Float(_) => Basic::Float,
        Value::Str(_) => Basic::String,
        _ => Basic::Invalid,
    }
}

fn incompatible(a: &Value, b: &Value) -> Fault {
    Fault::Error(format!("incompatible types for comparison: {} and {}", a.type_name(), b.type_name()))
}

fn eq(args: &[Operand]) -> Outcome<bool> {
    let Some((first, others)) = args.split_first() else {
        return Err("missing argument for comparison".into());
    };
    if others.is_empty() {
        return Err("missing argument for comparison".into());
    }
    for other in others {
        if equal(&first.value, &other.value)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn equal(a: &Value, b: &Value) -> Outcome<bool> {
    Ok(match (a, b) {
        (Value::Bool(a), Value::Bool(b)) => a == b,
        (Value::Complex(a), Value::Complex(b)) => a == b,
        (Value::Int(_, a), Value::Int(_, b)) => a == b,
        (Value::Uint(_, a), Value::Uint(_, b)) => a == b,
        (Value::Float(a), Value::Float(b)) => a == b,
        (Value::Str(a), Value::Str(b)) => a == b,
        (Value::Int(_, i), Value::Uint(_, u)) | (Value::Uint(_, u), Value::Int(_, i)) => {
            u64::try_from(*i) == Ok(*u)
        }
        (Value::Nil, Value::Nil) => true,
        (a, b) if basic(a) != basic(b) => {
            if !matches!(a, Value::Nil) && !matches!(b, Value::Nil) {
                return Err(incompatible(a, b));
            }
            false
        }
        _ => return equal_others(a, b),
    })
}

/// Compares what is no basic kind: by nil-ness, or not at all.
fn equal_others(a: &Value, b: &Value) -> Outcome<bool> {
    let same_kind = a.kind() == b.kind();
    if !same_kind && !matches!(a, Value::Nil) && !matches!(b, Value::Nil) {
        let (shown_a, shown_b) = (reflect_text(a), value_string(b)?);
        let text = format!("non-comparable types {shown_a}: {}, {}: {shown_b}", a.type_name(), b.type_name());
        return Err(Fault::Error(text));
    }
    if a.is_nil() || b.is_nil() {
        return Ok(a.is_nil() == b.is_nil());
    }
    match (a, b) {
        (_, Value::List(_) | Value::Map(_)) => {
            Err(Fault::Error(format!("non-comparable type {}: {}", reflect_text(b), b.type_name())))
        }
        (Value::Time(a), Value::Time(b)) => Ok(a.same_struct(b)),
        (Value::Version(a), Value::Version(b)) => Ok(std::sync::Arc::ptr_eq(a, b)),
        (Value::Object(a), Value::Object(b)) => Ok(std::sync::Arc::ptr_eq(a, b)),
        _ => Ok(false),
    }
}

fn value_string(value: &Value) -> Outcome<String> {
    Ok(lossy(&value_text(value, 1 << 20)?))
}

/// Returns the text of a `reflect.Value` printed with `%s`.
fn reflect_text(value: &Value) -> String {
    lossy(&sprintf(b"%s", std::slice::from_ref(value), 1 << 20).unwrap_or_default())
}

fn pair(args: &[Operand]) -> Option<(&Value, &Value)> {
    match args {
        [a, b] => Some((&a.value, &b.value)),
        _ => None,
    }
}

fn lt(args: &[Operand]) -> Outcome<bool> {
    let bad = || Fault::Error("invalid type for comparison".to_owned());
    let (a, b) = pair(args).ok_or_else(bad)?;
    if basic(a) == Basic::Invalid || basic(b) == Basic::Invalid {
        return Err(bad());
    }
    let order = match (a, b) {
        (Value::Int(_, a), Value::Int(_, b)) => a.cmp(b),
        (Value::Uint(_, a), Value::Uint(_, b)) => a.cmp(b),
        (Value::Float(a), Value::Float(b)) => return Ok(a < b),
        (Value::Str(a), Value::Str(b)) => a.cmp(b),
        (Value::Int(_, i), Value::Uint(_, u)) => i128::from(*i).cmp(&i128::from(*u)),
        (Value::Uint(_, u), Value::Int(_, i)) => i128::from(*u).cmp(&i128::from(*i)),
        (a, b) if basic(a) != basic(b) => return Err(incompatible(a, b)),
        _ => return Err(bad()),
    };
    Ok(order == Ordering::Less)
}

fn le(args: &[Operand]) -> Outcome<bool> {
    Ok(lt(args)? || eq(args)?)
}

fn html(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            0 => out.extend_from_slice("\u{FFFD}".as_bytes()),
            b'"' => out.extend_from_slice(b"&#34;"),
            b'\'' => out.extend_from_slice(b"&#39;"),
            b'&' => out.extend_from_slice(b"&amp;"),
            b'<' => out.extend_from_slice(b"&lt;"),
            b'>' => out.extend_from_slice(b"&gt;"),
            _ => out.push(byte),
        }
    }
    out
}

fn js(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    let mut runes = Runes(bytes);
    let mut rest = bytes;
    while let Some((rune, width)) = runes.next() {
        match rune {
            '\\' | '\'' | '"' => out.extend_from_slice(&[b'\\', rune as u8]),
            '<' | '>' | '&' | '=' | '\0'..' ' => {
                out.extend_from_slice(format!("\\u{:04X}", u32::from(rune)).as_bytes());
            }
            _ if rune.is_ascii() || is_print(rune) => {
                out.extend_from_slice(rest.get(..width).unwrap_or_default())
            }
            _ => out.extend_from_slice(format!("\\u{:04X}", u32::from(rune)).as_bytes()),
        }
        rest = runes.0;
    }
    out
}

/// Escapes as `url.QueryEscape`.
fn query_escape(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(byte),
            b' ' => out.push(b'+'),
            _ => out.extend_from_slice(format!("%{byte:02X}").as_bytes()),
        }
    }
    out
}
