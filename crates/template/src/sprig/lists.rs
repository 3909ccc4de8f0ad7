//! Lists.

use super::args::{A, Family, I, any, fixed, int, variadic};
use super::coerce::{is_empty, to_int};
use crate::env::Env;
use crate::function::{Fault, Function, Outcome};
use crate::value::{Elem, List, Value, deep_equal};

pub(super) fn table() -> Family {
    let mut table = vec![
        ("list", variadic(&[], A, |_, a| Ok(a.to_vec().into()))),
        ("tuple", variadic(&[], A, |_, a| Ok(a.to_vec().into()))),
        ("concat", Function { dynamic: true, ..variadic(&[], A, concat) }),
    ];
    let twice: [(&str, &str, Function); 12] = [
        ("append", "mustAppend", fixed(&[A, A], append)),
        ("push", "mustPush", fixed(&[A, A], append)),
        ("prepend", "mustPrepend", fixed(&[A, A], prepend)),
        (
            "first",
            "mustFirst",
            fixed(&[A], |_, a| {
                Ok(list(a, 0, "Cannot find first on type")?.items().first().cloned().unwrap_or_default())
            }),
        ),
        (
            "last",
            "mustLast",
            fixed(&[A], |_, a| {
                Ok(list(a, 0, "Cannot find last on type")?.items().last().cloned().unwrap_or_default())
            }),
        ),
        ("rest", "mustRest", fixed(&[A], rest)),
        ("initial", "mustInitial", fixed(&[A], initial)),
        ("reverse", "mustReverse", fixed(&[A], reverse)),
        ("uniq", "mustUniq", fixed(&[A], uniq)),
        ("without", "mustWithout", variadic(&[A], A, without)),
        ("compact", "mustCompact", fixed(&[A], compact)),
        ("chunk", "mustChunk", fixed(&[I, A], chunk)),
    ];
    for (name, must, function) in twice {
        table.push((name, function.clone()));
        table.push((must, function));
    }
    for name in ["has", "mustHas"] {
        table.push((name, fixed(&[A, A], has)));
    }
    for name in ["slice", "mustSlice"] {
        table.push((name, variadic(&[A], A, slice)));
    }
    table
}

/// Returns a list argument; a nil is what Go crashes over.
fn list<'a>(args: &'a [Value], at: usize, complaint: &str) -> Outcome<&'a List> {
    match any(args, at) {
        Value::List(list) => Ok(list),
        Value::Nil => Err(Fault::from("runtime error: invalid memory address or nil pointer dereference")),
        value => Err(Fault::Error(format!("{complaint} {}", value.kind().name()))),
    }
}

fn any_list(env: &mut Env<'_>, items: Vec<Value>) -> Outcome {
    env.spend(items.len() as u64)?;
    Ok(items.into())
}

/// A list that Go appends to, item by item.
fn grown_list(env: &mut Env<'_>, items: Vec<Value>) -> Outcome {
    env.spend(items.len() as u64)?;
    Ok(Value::List(List::appended(Elem::Any, items)))
}

fn append(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut items = list(args, 0, "Cannot push on type")?.items().to_vec();
    items.push(any(args, 1).clone());
    env.spend(items.len() as u64)?;
    // Go makes room for the items there are, and then doubles it.
    let cap = items.len().saturating_sub(1).saturating_mul(2).max(1);
    Ok(Value::List(if items.len() <= 256 {
        List::with_cap(Elem::Any, items, cap)
    } else {
        List::of(Elem::Any, items)
    }))
}

fn prepend(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let tail = list(args, 0, "Cannot prepend on type")?.items();
    let mut items = Vec::with_capacity(tail.len() + 1);
    items.push(any(args, 1).clone());
    items.extend_from_slice(tail);
    any_list(env, items)
}

fn nil_list() -> Value {
    Value::List(List::nil(Elem::Any))
}

fn rest(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    match list(args, 0, "Cannot find rest on type")?.items().split_first() {
        Some((_, rest)) => any_list(env, rest.to_vec()),
        None => Ok(nil_list()),
    }
}

fn initial(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    match list(args, 0, "Cannot find initial on type")?.items().split_last() {
        Some((_, initial)) => any_list(env, initial.to_vec()),
        None => Ok(nil_list()),
    }
}

fn reverse(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let items = list(args, 0, "Cannot find reverse on type")?.items().iter().rev().cloned().collect();
    any_list(env, items)
}

fn compact(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let items = list(args, 0, "Cannot compact on type")?.items();
    grown_list(env, items.iter().filter(|item| !is_empty(item)).cloned().collect())
}

/// Compares deeply, counting what is compared.
pub(super) fn same(env: &mut Env<'_>, a: &Value, b: &Value) -> Outcome<bool> {
    let steps = env.steps_left();
    let mut left = steps;
    let equal = deep_equal(a, b, 100, &mut left);
    env.spend(steps - left)?;
    equal.ok_or_else(|| Fault::Limit("values are too large or nested too deep to compare".to_owned()))
}

fn contains(env: &mut Env<'_>, items: &[Value], wanted: &Value) -> Outcome<bool> {
    for item in items {
        if same(env, wanted, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn uniq(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut kept: Vec<Value> = Vec::new();
    for item in list(args, 0, "Cannot find uniq on type")?.items() {
        if !contains(env, &kept, item)? {
            kept.push(item.clone());
        }
    }
    grown_list(env, kept)
}

fn without(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let omitted = args.get(1..).unwrap_or_default();
    let mut kept = Vec::new();
    for item in list(args, 0, "Cannot find without on type")?.items() {
        if !contains(env, omitted, item)? {
            kept.push(item.clone());
        }
    }
    grown_list(env, kept)
}

fn has(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    if matches!(any(args, 1), Value::Nil) {
        return Ok(false.into());
    }
    let items = list(args, 1, "Cannot find has on type")?.items();
    contains(env, items, any(args, 0)).map(Value::Bool)
}

fn slice(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let list = list(args, 0, "list should be type of slice or array but")?;
    if list.is_empty() {
        return Ok(Value::Nil);
    }
    let end = args.get(2).map_or(i64::try_from(list.len()).unwrap_or(i64::MAX), to_int);
    let start = args.get(1).map_or(0, to_int);
    let bounds = usize::try_from(start).ok().zip(usize::try_from(end).ok());
    let sliced = bounds.and_then(|(start, end)| list.slice(start, end, list.capacity()));
    match sliced {
        Some(list) => Ok(Value::List(list)),
        None => Err("reflect.Value.Slice: slice index out of bounds".into()),
    }
}

fn concat(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let mut items = Vec::new();
    for at in 0..args.len() {
        match any(args, at) {
            Value::List(list) => {
                env.items(list.len())?;
                items.extend_from_slice(list.items());
            }
            Value::Nil => {
                return Err("runtime error: invalid memory address or nil pointer dereference".into());
            }
            value => return Err(Fault::Error(format!("Cannot concat type {} as list", value.kind().name()))),
        }
    }
    if items.is_empty() {
        return Ok(nil_list());
    }
    Ok(Value::List(List::appended(Elem::Any, items)))
}

fn chunk(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let list = list(args, 1, "Cannot chunk type")?;
    let size = int(args, 0);
    let len = i64::try_from(list.len()).unwrap_or(i64::MAX);
    let out_of_range = || Fault::from("runtime error: makeslice: len out of range");
    let count = ((len - 1) as f64 / size as f64).floor() + 1.0;
    if !count.is_finite() || count < 0.0 {
        return Err(out_of_range());
    }
    if count == 0.0 {
        return Ok(Value::List(List::of(Elem::AnyList, Vec::new())));
    }
    // One item and a size of -2 or less: the one chunk that Go counts gets it.
    let size = if len == 1 && size < -1 { 1 } else { size };
    let Some(size) = usize::try_from(size).ok().filter(|&size| size > 0) else { return Err(out_of_range()) };
    env.items(list.len())?;
    let chunks = list.items().chunks(size).map(|chunk| chunk.to_vec().into()).collect();
    Ok(Value::List(List::of(Elem::AnyList, chunks)))
}
