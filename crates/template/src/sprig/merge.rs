//! Merging dicts as mergo does.

use super::args::{Family, M, any, variadic};
use super::coerce::is_empty;
use crate::env::Env;
use crate::function::{Fault, Function, Outcome};
use crate::value::{Map, Value};

pub(super) fn table() -> Family {
    let merging = |body| Function { mutates: true, ..variadic(&[M], M, body) };
    vec![
        ("merge", merging(|env, a| merge(env, a, false))),
        ("mustMerge", merging(|env, a| merge(env, a, false))),
        ("mergeOverwrite", merging(|env, a| merge(env, a, true))),
        ("mustMergeOverwrite", merging(|env, a| merge(env, a, true))),
    ]
}

fn merge(env: &mut Env<'_>, args: &[Value], overwrite: bool) -> Outcome {
    let Some((Value::Map(target), sources)) = args.split_first() else { return Ok(Value::Nil) };
    let mut target = target.clone();
    for source in sources {
        if let Value::Map(source) = source {
            if target.is_nil() && !source.is_nil() {
                target = Map::new();
            }
            merge_maps(env, &target, source, overwrite, 0)?;
        }
    }
    match any(args, 0) {
        Value::Map(first) if first.is_nil() => Ok(Value::Map(target)),
        first => Ok(first.clone()),
    }
}

fn merge_maps(env: &mut Env<'_>, target: &Map, source: &Map, overwrite: bool, depth: usize) -> Outcome<()> {
    if depth > 100 {
        return Err(Fault::Limit("values are nested too deep to merge".to_owned()));
    }
    if target.same(source) {
        return Ok(());
    }
    env.touch(target);
    for (key, value) in source.entries() {
        env.items(1)?;
        let current = target.get(key.as_bytes());
        match (&current, &value) {
            (_, Value::Nil) if !overwrite => {}
            (Some(_), Value::List(_)) if is_typed(target) => {
                return Err("reflect: call of reflect.Value.IsNil on string Value".into());
            }
            (None, Value::List(list)) if is_typed(target) => {
                return Err(mismatch(&Value::List(list.clone()).type_name()));
            }
            (Some(Value::Map(inner)), Value::Map(value)) => {
                if !inner.is_nil() {
                    merge_maps(env, inner, value, overwrite, depth + 1)?;
                }
                if inner.is_empty() {
                    target.insert(key, Value::Map(value.clone()));
                }
            }
            (Some(kept), _) if !overwrite && !is_empty(kept) => {}
            _ if is_typed(target) && !is_typed(source) => return Err(mismatch("interface {}")),
            _ => target.insert(key, value),
        }
    }
    Ok(())
}

/// A map of strings: `map[string]string`.
fn is_typed(map: &Map) -> bool {
    !map.elem().is_interface()
}

/// What Go panics with when a map of strings would be given something else.
fn mismatch(found: &str) -> Fault {
    Fault::Error(format!("reflect.Value.SetMapIndex: value of type {found} is not assignable to type string"))
}
