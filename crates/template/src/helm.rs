//! What Helm adds for charts.

use crate::env::Env;
use crate::function::{Body, Fault, Function, Outcome, Ty};
use crate::go::json::{Style, decode_around_numbers, encode};
use crate::go::toml;
use crate::value::{Elem, List, Map, MapElem, Value, lossy};
use crate::yaml::{Want, from_yaml, to_pretty_yaml, to_yaml};

/// Returns the functions with their names.
pub(crate) fn table() -> impl Iterator<Item = (&'static str, Function)> {
    const ANY: &[Ty] = &[Ty::Any];
    const STRING: &[Ty] = &[Ty::String];
    let plain = |params, body| Function::new(params, None, Body::Plain(body));
    let engine = |body| Function { mutates: true, ..Function::new(&[Ty::String, Ty::Any], None, body) };
    [
        ("toYaml", plain(ANY, |env, args| or_empty(yaml(env, args)))),
        ("mustToYaml", plain(ANY, yaml)),
        ("toYamlPretty", plain(ANY, |env, args| or_empty(to_pretty_yaml(env, first(args)).map(Value::from)))),
        ("fromYaml", plain(STRING, |env, args| in_map(from_yaml(env, &text(args), Want::Map)))),
        ("fromYamlArray", plain(STRING, |env, args| in_list(from_yaml(env, &text(args), Want::List)))),
        ("toJson", plain(ANY, |env, args| or_empty(json(env, args)))),
        ("mustToJson", plain(ANY, json)),
        ("fromJson", plain(STRING, |env, args| in_map(from_json(env, args, Want::Map)))),
        ("fromJsonArray", plain(STRING, |env, args| in_list(from_json(env, args, Want::List)))),
        ("toToml", plain(ANY, |env, args| or_text(to_toml(env, args)))),
        ("mustToToml", plain(ANY, to_toml)),
        ("fromToml", plain(STRING, |env, args| in_map(from_toml(env, args)))),
        ("required", plain(&[Ty::String, Ty::Any], required)),
        ("fail", plain(STRING, |_, args| Err(Fault::Raised(lossy(&text(args)))))),
        ("lookup", plain(&[Ty::String, Ty::String, Ty::String, Ty::String], |_, _| Ok(Map::new().into()))),
        ("getHostByName", plain(STRING, |_, _| Ok("".into()))),
        ("include", Function { mutates: false, ..engine(Body::Include) }),
        ("tpl", engine(Body::Tpl)),
    ]
    .into_iter()
}

fn first(args: &[Value]) -> &Value {
    args.first().unwrap_or(&Value::Nil)
}

fn text(args: &[Value]) -> Vec<u8> {
    match args.first() {
        Some(Value::Str(text)) => text.as_bytes().to_vec(),
        _ => Vec::new(),
    }
}

fn yaml(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    Ok(to_yaml(env, first(args))?.into())
}

fn json(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let json = encode(first(args), Style::Compact, env.room())?;
    Ok(Value::Str(json.into()))
}

fn to_toml(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let text = toml::encode(first(args))?;
    env.allocate(text.len())?;
    Ok(text.into())
}

fn from_toml(env: &mut Env<'_>, args: &[Value]) -> Outcome {
    let text = lossy(&text(args));
    env.items(text.len() / 4)?;
    Ok(toml::decode(&text)?)
}

fn from_json(env: &mut Env<'_>, args: &[Value], want: Want) -> Outcome {
    let text = text(args);
    env.items(text.len() / 4)?;
    let (value, number_error) = decode_around_numbers(&text)?;
    let found = match (&value, want) {
        (Value::Nil, _) if number_error.is_some() => "number",
        (Value::Nil, Want::Map) => return Ok(Map::nil(MapElem::Any).into()),
        (Value::Nil, Want::List) => return Ok(Value::List(List::nil(Elem::Any))),
        (Value::Map(map), Want::Map) => {
            // What stands around a number out of range is kept; the error is one more entry.
            if let Some(error) = number_error {
                map.insert("Error", error);
            }
            return Ok(value);
        }
        (Value::List(_), Want::List) => {
            return number_error.map_or(Ok(value), |error| Err(Fault::Error(error)));
        }
        (Value::Map(_), _) => "object",
        (Value::List(_), _) => "array",
        (Value::Bool(_), _) => "bool",
        (Value::Str(_), _) => "string",
        _ => "number",
    };
    Err(Fault::Error(format!("json: cannot unmarshal {found} into Go value of type {}", want.type_name())))
}

fn or_empty(result: Outcome) -> Outcome {
    match result {
        Err(Fault::Error(_)) => Ok("".into()),
        other => other,
    }
}

fn or_text(result: Outcome) -> Outcome {
    match result {
        Err(Fault::Error(text)) => Ok(text.into()),
        other => other,
    }
}

/// Helm gives the text of an error as the entry `Error`.
fn in_map(result: Outcome) -> Outcome {
    match result {
        Err(Fault::Error(text)) => Ok(Value::from_iter([("Error", text)])),
        other => other,
    }
}

/// Helm gives the text of an error as the only item.
fn in_list(result: Outcome) -> Outcome {
    match result {
        Err(Fault::Error(text)) => Ok(vec![Value::from(text)].into()),
        other => other,
    }
}

fn required(_: &mut Env<'_>, args: &[Value]) -> Outcome {
    let value = args.get(1).unwrap_or(&Value::Nil);
    let missing = match value {
        Value::Nil => true,
        Value::Str(text) => text.is_empty(),
        _ => false,
    };
    if missing { Err(Fault::Raised(lossy(&text(args)))) } else { Ok(value.clone()) }
}
