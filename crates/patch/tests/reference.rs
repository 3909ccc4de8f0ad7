//! Answers of the Go libraries, recorded: `k8s.io/apimachinery` 0.36.1, evanphx/json-patch 4 and 5,
//! structured-merge-diff 6.3.2. One case a line, made at random from the types of Kubernetes.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use serde_json::Value as Json;
use trueup_manifest::{Map, Value};
use trueup_patch::json_patch::{self, Dialect};
use trueup_patch::{merge_patch, strategic, structured};
use trueup_schema::{TypeRef, kubernetes, smd};

fn run(case: &Json) -> Result<Value, String> {
    let value =
        |key: &str| case.get(key).map_or(Value::NULL, |json| serde_json::from_value(json.clone()).unwrap());
    let text = |key: &str| case.get(key).and_then(Json::as_str).unwrap_or_default();
    let flag = |key: &str| case.get(key).and_then(Json::as_bool).unwrap_or_default();
    let (a, b, c) = (value("a"), value("b"), value("c"));
    let ty = kubernetes::schema()
        .kind(text("apiVersion"), text("kind"))
        .map_or_else(smd::deduced, |kind| kind.ty());
    match text("op") {
        "two_way" => strategic::create_two_way(&a, &b, ty, &[]).map_err(|error| error.to_string()),
        "three_way" => {
            let on_conflict = if flag("overwrite") {
                strategic::OnConflict::Overwrite
            } else {
                strategic::OnConflict::Fail
            };
            strategic::create_three_way([&a, &b, &c], ty, on_conflict, &[]).map_err(|error| error.to_string())
        }
        "apply" => strategic::apply(&a, &b, ty).map_err(|error| error.to_string()),
        "jmp3" => merge_patch::create_three_way(&a, &b, &c).map_err(|error| error.to_string()),
        "jmp_create" | "jmp_create4" | "jmp_create5" => {
            merge_patch::create(&a, &b).map_err(|error| error.to_string())
        }
        "jmp_apply" | "jmp_apply4" | "jmp_apply5" => {
            merge_patch::apply(&a, &b).map_err(|error| error.to_string())
        }
        op @ ("jp" | "jp4" | "jp5") => {
            let dialect = if op == "jp5" { Dialect::V5 } else { Dialect::V4 };
            let mut options = json_patch::Options::of(dialect);
            options.negative_indices = flag("neg");
            options.allow_missing_path_on_remove = flag("allowMissing") && op == "jp5";
            options.ensure_path_exists_on_add = flag("ensurePath") && op == "jp5";
            let operations = json_patch::decode(&b, dialect).map_err(|error| error.to_string())?;
            json_patch::apply(&a, &operations, &options).map_err(|error| error.to_string())
        }
        op => structured_case(op, a, b, ty).map_err(|error| error.to_string()),
    }
}

fn structured_case(op: &str, a: Value, b: Value, ty: TypeRef<'_>) -> Result<Value, structured::TypedError> {
    let left = structured::Typed::new(a, ty)?;
    if op == "smd_set" {
        return Ok(left.field_set()?.to_fields_v1());
    }
    let right = structured::Typed::new(b, ty)?;
    if op == "smd_merge" {
        return Ok(left.merge(&right)?.into_value());
    }
    let changes = left.compare(&right)?;
    let sets = [("removed", changes.removed), ("modified", changes.modified), ("added", changes.added)];
    Ok(sets.into_iter().map(|(name, set)| (name, set.to_fields_v1())).collect::<Map>().into())
}

#[test]
fn recorded_answers_are_given_again() {
    let mut wrong = Vec::new();
    for line in include_str!("fixtures/reference.jsonl").lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let expected = match case.get("ok") {
            Some(ok) => Ok(serde_json::from_value::<Value>(ok.clone()).unwrap()),
            None => Err(case.get("error").and_then(Json::as_str).unwrap().to_owned()),
        };
        let got = run(&case);
        if got != expected {
            wrong.push(format!("{line}: {got:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} cases: {wrong:#?}", wrong.len());
}
