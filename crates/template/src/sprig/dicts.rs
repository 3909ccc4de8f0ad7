//! Dicts.

use super::args::{A, Family, M, S, any, bytes, fixed, map, variadic};
use super::coerce::strval;
use super::lists::same;
use crate::env::Env;
use crate::function::{Fault, Function, Outcome};
use crate::value::{Elem, List, Map, MapElem, Value};
use std::sync::Arc;

pub(super) fn table() -> Family {
    let changing = |function| Function { mutates: true, ..function };
    vec![
        ("dict", variadic(&[], A, dict)),
        (
            "get",
            fixed(&[M, S], |_, a| {
                Ok(map(a, 0).and_then(|map| map.get(bytes(a, 1))).unwrap_or_else(|| "".into()))
            }),
        ),
        ("set", changing(fixed(&[M, S, A], set))),
        ("unset", changing(fixed(&[M, S], unset))),
        (
            "hasKey",
            fixed(&[M, S], |_, a| Ok(map(a, 0).is_some_and(|map| map.contains_key(bytes(a, 1))).into())),
        ),
        ("pluck", variadic(&[S], M, pluck)),
        ("keys", variadic(&[], M, keys)),
        ("values", fixed(&[M], values)),
        ("pick", variadic(&[M], S, pick)),
        ("omit", variadic(&[M], S, omit)),
        ("dig", variadic(&[], A, dig)),
        ("deepCopy", fixed(&[A], deep_copy)),
        ("mustDeepCopy", fixed(&[A], deep_copy)),
        ("deepEqual", fixed(&[A, A], |env, a| same(env, any(a, 0), any(a, 1)).map(Value::Bool))),
    ]
}

fn dict(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let dict = Map::new();
    env.items(args.len())?;
    for pair in args.chunks(2) {
        let key = strval(env, any(pair, 0))?;
        dict.insert(key, pair.get(1).cloned().unwrap_or_else(|| "".into()));
    }
    Ok(dict.into())
}

fn set(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let Some(dict) = map(args, 0).filter(|dict| !dict.is_nil()) else {
        return Err("assignment to entry in nil map".into());
    };
    if let Some(Value::Str(key)) = args.get(1) {
        env.items(1)?;
        env.touch(dict);
        dict.insert(key.clone(), any(args, 2).clone());
    }
    Ok(any(args, 0).clone())
}

fn unset(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    if let Some(dict) = map(args, 0) {
        env.touch(dict);
        dict.remove(bytes(args, 1));
    }
    Ok(any(args, 0).clone())
}

fn maps(args: &[Value]) -> impl Iterator<Item = &Map> {
    args.iter().filter_map(|arg| match arg {
        Value::Map(map) => Some(map),
        _ => None,
    })
}

fn pluck(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let key = bytes(args, 0);
    let values = maps(args).filter_map(|map| map.get(key)).collect();
    Ok(Value::List(List::appended(Elem::Any, values)))
}

/// Go's order is random; here it is the order of the keys.
fn keys(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut all = Vec::new();
    for map in maps(args) {
        env.items(map.len())?;
        all.extend(map.keys());
    }
    Ok(Value::List(List::appended(Elem::String, all.into_iter().map(Value::Str).collect())))
}

/// Go's order is random; here it is the order of the keys.
fn values(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let entries = map(args, 0).map(Map::entries).unwrap_or_default();
    env.items(entries.len())?;
    let values = entries.into_iter().map(|(_, value)| value).collect();
    Ok(Value::List(List::appended(Elem::Any, values)))
}

fn pick(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let picked = Map::new();
    for key in args.iter().skip(1) {
        if let (Value::Str(key), Some(source)) = (key, map(args, 0))
            && let Some(value) = source.get(key.as_bytes())
        {
            picked.insert(key.clone(), value);
        }
    }
    Ok(picked.into())
}

fn omit(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let entries = map(args, 0).map(Map::entries).unwrap_or_default();
    env.items(entries.len())?;
    let omitted: std::collections::BTreeSet<&[u8]> = (1..args.len()).map(|at| bytes(args, at)).collect();
    let kept = entries.into_iter().filter(|(key, _)| !omitted.contains(key.as_bytes()));
    Ok(Value::Map(kept.collect()))
}

fn not_a_map(value: &Value) -> Fault {
    let got = match value {
        Value::Nil => "nil".into(),
        value => value.type_name(),
    };
    Fault::Error(format!("interface conversion: interface {{}} is {got}, not map[string]interface {{}}"))
}

fn as_map(value: &Value) -> Outcome<&Map> {
    match value {
        Value::Map(map) if map.elem() == MapElem::Any => Ok(map),
        value => Err(not_a_map(value)),
    }
}

fn dig(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let (Some((dict, front)), true) = (args.split_last(), args.len() >= 3) else {
        return Err("dig needs at least three arguments".into());
    };
    let mut current = Value::Map(as_map(dict)?.clone());
    let Some((default, path)) = front.split_last() else { return Ok(Value::Nil) };
    for key in path {
        if !matches!(key, Value::Str(_)) {
            let got = if matches!(key, Value::Nil) { "nil".into() } else { key.type_name() };
            return Err(Fault::Error(format!("interface conversion: interface {{}} is {got}, not string")));
        }
    }
    for key in path {
        let found = as_map(&current)?.get(match key {
            Value::Str(key) => key.as_bytes(),
            _ => b"",
        });
        match found {
            Some(value) => current = value,
            None => return Ok(default.clone()),
        }
    }
    Ok(current)
}

fn deep_copy(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let value = any(args, 0);
    if matches!(value, Value::Nil) {
        return Err("reflect: call of reflect.Value.Type on zero Value".into());
    }
    copied(env, value, 100)
}

/// Copies a value, counting what is copied.
pub(super) fn copied(env: &mut Env<'_>, value: &Value, depth: usize) -> Outcome {
    if depth == 0 {
        return Err(Fault::Limit("a value is nested too deep to copy".to_owned()));
    }
    match value {
        Value::List(list) => {
            env.items(list.len())?;
            let items: Outcome<Vec<Value>> =
                list.items().iter().map(|item| copied(env, item, depth - 1)).collect();
            Ok(Value::List(list.with_items(items?)))
        }
        Value::Map(map) if !map.is_nil() => {
            env.items(map.len())?;
            let copy = Map::of(map.elem());
            for (key, value) in map.entries() {
                copy.insert(key, copied(env, &value, depth - 1)?);
            }
            Ok(copy.into())
        }
        Value::Version(version) => Ok(Value::Version(Arc::new(version.emptied()))),
        value => Ok(value.clone()),
    }
}
