//! Cases of the strategic merge patch. Their three schemas are in the shared data folder.

use super::{same, value};
use serde_json::Value as Json;
use trueup_manifest::Value;
use trueup_patch::strategic::{
    OnConflict, StrategicError, apply, create_three_way, create_two_way, sort_merge_lists,
};
use trueup_schema::{NewField, Node, PatchStrategy, Relation, Schema, SchemaBuilder, Shape, TypeRef};

pub(crate) fn run(op: &str, input: &Json, expect: &Json) -> Result<(), String> {
    let schema = test_schemas().ok_or("skip: no schemas")?;
    let name = input["schema"].as_str().ok_or("no schema")?;
    let ty = schema.type_named(name).ok_or_else(|| format!("no type {name}"))?;
    if let Some(choices) = expect["one_of"].as_array() {
        let outcomes: Vec<_> =
            choices.iter().map(|choice| text_case(op.trim_end_matches("_text"), ty, input, choice)).collect();
        return if outcomes.iter().any(Result::is_ok) { Ok(()) } else { Err(format!("{outcomes:?}")) };
    }
    match op.strip_suffix("_text") {
        Some(op) => text_case(op, ty, input, expect),
        None => value_case(op, ty, input, expect),
    }
}

fn value_case(op: &str, ty: TypeRef<'_>, input: &Json, expect: &Json) -> Result<(), String> {
    let text = |error: StrategicError| error.to_string();
    let doc = |key: &str| value(&input[key]);
    let outcome = match op {
        "sort_merge_lists" => {
            let sorted = sort_merge_lists(&doc("object"), ty).map_err(text)?;
            return same("sorted", &sorted, &expect["sorted"]);
        }
        "apply" => apply(&doc("original"), &doc("patch"), ty).map(|result| (None, result)),
        "two_way" => patch_and_result(
            create_two_way(&doc("original"), &doc("modified"), ty, &[]),
            &doc("original"),
            ty,
        ),
        "three_way" => {
            if let Some(conflict) = expect["conflict_without_overwrite"].as_bool() {
                let found = three_way(input, ty, OnConflict::Fail);
                if matches!(found, Err(StrategicError::Conflict { .. })) != conflict {
                    return Err(format!("conflict_without_overwrite: {found:?}"));
                }
            }
            let overwrite = input["overwrite"].as_bool().unwrap_or(true);
            let on_conflict = if overwrite { OnConflict::Overwrite } else { OnConflict::Fail };
            let conflicts = expect["conflict_without_overwrite"].as_bool() == Some(true);
            let on_conflict = if conflicts { OnConflict::Overwrite } else { on_conflict };
            patch_and_result(three_way(input, ty, on_conflict), &doc("current"), ty)
        }
        _ => return Err(format!("skip: {op}")),
    };
    match (outcome, expect["error_contains"].as_str()) {
        (Err(error), Some(part)) if error.to_string().contains(part) => Ok(()),
        (Err(error), _) => Err(error.to_string()),
        (Ok(_), Some(part)) => Err(format!("no error with {part}")),
        (Ok((patch, result)), None) => {
            if let (Some(patch), Some(expected)) = (patch, expect.get("patch")) {
                same("patch", &patch, expected)?;
            }
            expect.get("result").map_or(Ok(()), |expected| same("result", &result, expected))
        }
    }
}

fn patch_and_result(
    patch: Result<Value, StrategicError>,
    base: &Value,
    ty: TypeRef<'_>,
) -> Result<(Option<Value>, Value), StrategicError> {
    let patch = patch?;
    Ok((Some(patch.clone()), apply(base, &patch, ty)?))
}

fn three_way(input: &Json, ty: TypeRef<'_>, on_conflict: OnConflict) -> Result<Value, StrategicError> {
    let doc = |key: &str| value(&input[key]);
    create_three_way([&doc("original"), &doc("modified"), &doc("current")], ty, on_conflict, &[])
}

fn text_case(op: &str, ty: TypeRef<'_>, input: &Json, expect: &Json) -> Result<(), String> {
    let mut parsed = serde_json::Map::new();
    for (key, text) in input.as_object().ok_or("input")? {
        let Some(name) = key.strip_suffix("_json") else {
            parsed.insert(key.clone(), text.clone());
            continue;
        };
        match serde_json::from_str(text.as_str().unwrap_or_default()) {
            Ok(json) => parsed.insert(name.into(), json),
            Err(_) => {
                let part = expect["error_contains"].as_str().unwrap_or_default();
                return if "invalid JSON document".contains(part) { Ok(()) } else { Err("bad JSON".into()) };
            }
        };
    }
    let input = Json::Object(parsed);
    let doc = |key: &str| value(&input[key]);
    let outcome = match op {
        "apply" => apply(&doc("original"), &doc("patch"), ty).map(|result| (None, result)),
        "two_way" => patch_and_result(
            create_two_way(&doc("original"), &doc("modified"), ty, &[]),
            &doc("original"),
            ty,
        ),
        "three_way" => patch_and_result(three_way(&input, ty, OnConflict::Overwrite), &doc("current"), ty),
        _ => return Err(format!("skip: {op}")),
    };
    match (outcome, expect["error_contains"].as_str()) {
        (Err(error), Some(part)) if error.to_string().contains(part) => Ok(()),
        (Err(error), _) => Err(error.to_string()),
        (Ok(_), Some(part)) => Err(format!("no error with {part}")),
        (Ok((patch, result)), None) => {
            same_text("patch", patch.as_ref(), expect)?;
            same_text("result", Some(&result), expect)
        }
    }
}

fn same_text(what: &str, actual: Option<&Value>, expect: &Json) -> Result<(), String> {
    let (Some(actual), Some(expected)) = (actual, expect.get(format!("{what}_json"))) else { return Ok(()) };
    let text = trueup_manifest::json::to_string(actual).map_err(|error| error.to_string())?;
    let any = expected["one_of"].as_array().cloned().unwrap_or_else(|| vec![expected.clone()]);
    if any.iter().any(|expected| expected.as_str() == Some(text.as_str())) {
        return Ok(());
    }
    Err(format!("{what}: {text} instead of {expected}"))
}

fn test_schemas() -> Option<Schema> {
    let file = "shared/data/strategic-merge-test-schemas.json";
    let paths = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().map(|folder| folder.join(file));
    let text = paths.into_iter().find_map(|path| std::fs::read_to_string(path).ok())?;
    let document: Json = serde_json::from_str(&text).ok()?;
    let mut builder = SchemaBuilder::new();
    for (name, fields) in document.as_object()? {
        let Some(fields) = fields.as_object() else { continue };
        let node = builder.named(name);
        builder.set_shape(node, Shape::Struct);
        let fields = fields.iter().map(|(name, field)| new_field(&mut builder, name, field)).collect();
        builder.set_fields(node, fields);
    }
    Some(builder.finish())
}

fn new_field(builder: &mut SchemaBuilder, name: &str, field: &Json) -> NewField {
    let of = field["of"].as_str().unwrap_or_default();
    let node = match field["t"].as_str() {
        Some("list") => {
            let (node, item) = (builder.reserve(), element(builder, of));
            builder.set_list(node, item, Relation::Atomic, &[]);
            builder.set_shape(node, Shape::List);
            node
        }
        Some("map") => {
            let (node, item) = (builder.reserve(), element(builder, of));
            builder.set_map(node, Some(item), Relation::Granular);
            builder.set_shape(node, Shape::Map);
            node
        }
        Some("ref") => builder.named(of),
        Some("scalar") => element(builder, "string"),
        _ => builder.reserve(),
    };
    let strategy = field["patchStrategy"].as_str().unwrap_or_default();
    let has = |word| strategy.split(',').any(|part| part == word);
    NewField {
        strategy: PatchStrategy {
            merge: has("merge"),
            replace: has("replace"),
            retain_keys: has("retainKeys"),
        },
        pointer: field["t"] == "ref",
        merge_key: field["patchMergeKey"].as_str().map(Into::into),
        ..NewField::new(name, node)
    }
}

fn element(builder: &mut SchemaBuilder, name: &str) -> Node {
    if !matches!(name, "string" | "integer" | "") {
        return builder.named(name);
    }
    let node = builder.reserve();
    builder.set_shape(node, if name == "integer" { Shape::Integer } else { Shape::String });
    node
}
