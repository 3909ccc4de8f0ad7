//! The methods of the maps and lists that Helm gives templates: `.Values`, `.Files` and `.Capabilities.APIVersions`.

use crate::env::Env;
use crate::function::{Fault, Outcome, Ty};
use crate::go::encoding::base64_encode;
use crate::value::{List, Map, MapElem, Text, Value};
use crate::yaml::to_yaml;
use trueup_manifest::Glob;

/// Returns the parameters of a method that maps of a type have.
pub(crate) fn map_method(elem: MapElem, name: &str) -> Option<Vec<Ty>> {
    match (elem, name) {
        (MapElem::Files, "AsConfig" | "AsSecrets") => Some(Vec::new()),
        (MapElem::Files, "Get" | "GetBytes" | "Glob" | "Lines") => Some(vec![Ty::String]),
        (MapElem::Values, "AsMap" | "YAML") => Some(Vec::new()),
        (MapElem::Values, "PathValue" | "Table") => Some(vec![Ty::String]),
        (MapElem::Values, "Encode") => Some(vec![Ty::Any]),
        _ => None,
    }
}

/// Calls a method of a map.
pub(crate) fn call_map_method(env: &mut Env<'_>, map: &Map, name: &str, args: &[Value]) -> Outcome {
    let arg = match args.first() {
        Some(Value::Str(text)) => text.to_str_lossy(),
        _ => "".into(),
    };
    match name {
        "AsConfig" => by_base_name(env, map, |text| Value::Str(text.clone())),
        "AsSecrets" => by_base_name(env, map, |text| base64_encode(text.as_bytes()).into()),
        "Get" => Ok(Value::Str(map.text(arg.as_bytes()).unwrap_or_default())),
        "GetBytes" => get_bytes(env, map, &arg),
        "Glob" => glob(env, map, &arg),
        "Lines" => lines(env, map, &arg),
        "AsMap" => Ok(Value::Map(map.with_elem(MapElem::Any))),
        "YAML" => Ok(format!("{}\n", to_yaml(env, &Value::Map(map.clone()))?).into()),
        "PathValue" => path_value(map, &arg),
        "Table" => table(map, &arg).map(|table| Value::Map(table.with_elem(MapElem::Values))),
        _ => Err(Fault::Unsupported(format!("{name} needs something to write to"))),
    }
}

/// Returns whether a version is one of a list.
pub(crate) fn has_version(versions: &List, args: &[Value]) -> Value {
    let wanted = args.first().and_then(Value::as_str);
    Value::Bool(wanted.is_some() && versions.items().iter().any(|version| version.as_str() == wanted))
}

fn by_base_name(env: &mut Env<'_>, files: &Map, content: fn(&Text) -> Value) -> Outcome {
    let named = Map::new();
    for path in files.keys() {
        let Some(text) = files.text(path.as_bytes()) else { continue };
        env.items(1)?;
        env.allocate(text.len())?;
        let path = path.to_str_lossy();
        named.insert(path.rsplit('/').next().unwrap_or(&path), content(&text));
    }
    match to_yaml(env, &Value::Map(named)) {
        Ok(text) => Ok(text.into()),
        Err(Fault::Error(_)) => Ok("".into()),
        Err(fault) => Err(fault),
    }
}

fn get_bytes(env: &mut Env<'_>, files: &Map, path: &str) -> Outcome {
    let text = files.text(path.as_bytes()).unwrap_or_default();
    env.items(text.len())?;
    Ok(Value::List(List::bytes(text.as_bytes())))
}

/// A pattern that cannot be read matches everything.
fn glob(env: &mut Env<'_>, files: &Map, pattern: &str) -> Outcome {
    let glob = Glob::new(pattern, &['/']).ok();
    let found = Map::of(MapElem::Files);
    for path in files.keys() {
        env.spend(1 + (path.len() * pattern.len() / 64) as u64)?;
        if glob.as_ref().is_none_or(|glob| glob.matches(&path.to_str_lossy()))
            && let Some(text) = files.text(path.as_bytes())
        {
            found.insert(path, text);
        }
    }
    Ok(found.into())
}

fn lines(env: &mut Env<'_>, files: &Map, path: &str) -> Outcome {
    let Some(text) = files.text(path.as_bytes()) else { return Ok(Value::string_list(Vec::<Text>::new())) };
    let Some((last, most)) = text.as_bytes().split_last() else {
        return Err("runtime error: index out of range [-1]".into());
    };
    let content = if *last == b'\n' { most } else { text.as_bytes() };
    env.items(1 + memchr::memchr_iter(b'\n', content).count())?;
    Ok(Value::string_list(content.split(|byte| *byte == b'\n').map(Text::from_bytes)))
}

/// Returns the table at a path of keys with dots between them.
fn table(values: &Map, path: &str) -> Outcome<Map> {
    let mut table = values.clone();
    for key in path.split('.') {
        match table.get(key.as_bytes()) {
            Some(Value::Map(inner)) if inner.elem().is_interface() => table = inner,
            _ => return Err(Fault::Error(format!("{} is not a table", crate::go::quote::quote_str(key)))),
        }
    }
    Ok(table)
}

fn path_value(values: &Map, path: &str) -> Outcome {
    if path.is_empty() {
        return Err("YAML path cannot be empty".into());
    }
    let (parent, key) = match path.rsplit_once('.') {
        Some((parent, key)) => (table(values, parent).ok(), key),
        None => (Some(values.clone()), path),
    };
    match parent.and_then(|table| table.get(key.as_bytes())) {
        Some(Value::Map(_)) | None => {
            Err(Fault::Error(format!("{} is not a value", crate::go::quote::quote_str(key))))
        }
        Some(value) => Ok(value),
    }
}
