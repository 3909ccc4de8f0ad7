//! Cases of structured merge.

use super::{same, value};
use serde_json::Value as Json;
use trueup_manifest::Value;
use trueup_patch::structured::{
    FieldSet, ManagedSet, Managers, Path, PathElement, Typed, UpdateError, Writer, apply, update,
};
use trueup_schema::{Relation, Schema, TypeRef, smd};

pub(crate) fn run(op: &str, input: &Json, expect: &Json) -> Result<(), String> {
    if op == "diff" {
        return Err("skip: belongs to the diff crate".into());
    }
    let schema = (input["schema"] != "deduced").then(|| smd::parse(&value(&input["schema"])));
    let ty = match &schema {
        None => smd::deduced(),
        Some(schema) => root(schema, input)?,
    };
    let typed =
        |key: &str| Typed::with_duplicates(value(&input[key]), ty).map_err(|error| format!("{key}: {error}"));
    match op {
        "validate" => {
            let valid = Typed::new(value(&input["object"]), ty).is_ok();
            if expect["valid"] == valid { Ok(()) } else { Err(format!("valid: {valid}")) }
        }
        "field_set" => {
            same_set("set", &typed("object")?.field_set().map_err(|e| e.to_string())?, &expect["set"])
        }
        "merge" => {
            let merged = typed("lhs")?.merge(&typed("rhs")?).map_err(|error| error.to_string())?;
            same("result", merged.value(), &expect["result"])
        }
        "compare" => {
            let changes = typed("lhs")?.compare(&typed("rhs")?).map_err(|error| error.to_string())?;
            same_set("removed", &changes.removed, &expect["removed"])?;
            same_set("modified", &changes.modified, &expect["modified"])?;
            same_set("added", &changes.added, &expect["added"])
        }
        "remove" => {
            let (object, set) = (typed("object")?, set(&input["set"])?);
            if let Some(removed) = expect.get("removed") {
                same("removed", object.remove(&set).value(), removed)?;
            }
            match expect.get("extracted") {
                Some(extracted) => same("extracted", object.extract(&set).value(), extracted),
                None => Ok(()),
            }
        }
        "history" => history(ty, input, expect),
        _ => Err(format!("skip: {op}")),
    }
}

fn root<'s>(schema: &'s Schema, input: &Json) -> Result<TypeRef<'s>, String> {
    let name = input["type"].as_str().map(str::to_owned);
    let name = name.or_else(|| input["schema"]["types"][0]["name"].as_str().map(str::to_owned));
    let name = name.unwrap_or_default();
    schema.type_named(&name).ok_or_else(|| format!("no type {name}"))
}

fn path(json: &Json) -> Result<Path, String> {
    let steps = json.as_array().ok_or("path")?.iter();
    steps
        .map(|step| PathElement::parse(step.as_str().unwrap_or_default())?.ok_or("unknown step".into()))
        .collect()
}

fn set(json: &Json) -> Result<FieldSet, String> {
    json.as_array().ok_or("set")?.iter().map(path).collect()
}

fn same_set(what: &str, actual: &FieldSet, expected: &Json) -> Result<(), String> {
    let expected = set(expected)?;
    let text = |set: &FieldSet| serde_json::to_string(&set.to_fields_v1()).unwrap();
    if text(actual) == text(&expected) {
        return Ok(());
    }
    Err(format!("{what}: {} instead of {}", text(actual), text(&expected)))
}

fn history(ty: TypeRef<'_>, input: &Json, expect: &Json) -> Result<(), String> {
    let empty = Value::from(trueup_manifest::Map::new());
    let mut live = Typed::new(empty, ty).map_err(|error| error.to_string())?;
    let mut managers = Managers::new();
    for (at, step) in input["operations"].as_array().ok_or("operations")?.iter().enumerate() {
        let text = |key: &str| step[key].as_str().unwrap_or_default();
        let force = text("op") == "force_apply" || text("op") == "force_update";
        let writer = Writer { manager: text("manager"), api_version: text("apiVersion"), force };
        let object = value(&step["object"]);
        let conflicts = step["conflicts"].as_array().cloned().unwrap_or_default();
        let outcome = if text("op").ends_with("apply") {
            let config = Typed::new(object, ty).map_err(|error| format!("{at}: {error}"))?;
            apply(&live, &config, managers.clone(), &writer)
                .map(|(object, managers)| (object.unwrap_or(live.clone()), managers))
        } else {
            let object = Typed::with_duplicates(object, ty).map_err(|error| format!("{at}: {error}"))?;
            let forced = update(&live, &object, managers.clone(), &writer);
            forced.map(|managers| (object, managers))
        };
        match outcome {
            Ok((object, after)) if conflicts.is_empty() => (live, managers) = (object, after),
            Ok(_) => return Err(format!("{at}: no conflict")),
            Err(UpdateError::Conflicts(found)) => {
                let found: FieldSet = found.into_iter().map(|conflict| conflict.path).collect();
                let expected: Result<Vec<Path>, String> =
                    conflicts.iter().map(|conflict| path(&conflict["path"])).collect();
                if found != expected?.into_iter().collect() {
                    return Err(format!("{at}: conflicts {found:?}"));
                }
            }
            Err(error) => return Err(format!("{at}: {error}")),
        }
    }
    if !expect["object"].is_null() {
        let (actual, expected) = (sorted(ty, live.value()), sorted(ty, &value(&expect["object"])));
        if actual != expected {
            let text = serde_json::to_string(&actual).unwrap();
            return Err(format!("object: {text} instead of {}", expect["object"]));
        }
    }
    if let Some(expected) = expect["managed"].as_object() {
        let names: Vec<&str> = managers.keys().map(|name| name.as_str()).collect();
        if managers.len() != expected.len() {
            return Err(format!("managers: {names:?} instead of {expected:?}"));
        }
        for (name, managed) in expected {
            let Some(ManagedSet { set, api_version, .. }) = managers.get(name.as_str()) else {
                return Err(format!("no manager {name}: {names:?}"));
            };
            same_set(name, set, &managed["set"])?;
            if managed["apiVersion"] != api_version.as_str() {
                return Err(format!("{name}: {api_version}"));
            }
        }
    }
    Ok(())
}

/// The order of keyed lists is not asserted.
fn sorted(ty: TypeRef<'_>, object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(map) = object.as_map().cloned() {
        for (key, member) in &map {
            let below = ty.field(key).map(|field| field.ty()).or_else(|| ty.map()?.item);
            if let (Some(below), Some(target)) = (below, object.as_map_mut()) {
                target.insert(key.clone(), sorted(below, member));
            }
        }
    }
    let associative = ty.list().is_some_and(|list| list.relation == Relation::Associative);
    if let (Some(list), Some(items)) = (ty.list(), object.as_seq_mut()) {
        for item in items.iter_mut() {
            *item = sorted(list.item, item);
        }
        if associative {
            items.sort_by_key(|item| serde_json::to_string(item).unwrap());
        }
    }
    object
}
