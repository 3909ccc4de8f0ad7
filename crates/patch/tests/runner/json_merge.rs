//! Cases of the JSON merge patch.

use super::{same, value};
use serde_json::Value as Json;
use trueup_patch::merge_patch::{Keep, apply, create_three_way, filter_nulls};

pub(crate) fn run(op: &str, input: &Json, expect: &Json) -> Result<(), String> {
    match op {
        "filter_null" => {
            let keep = if input["keep_null"] == true { Keep::Nulls } else { Keep::Values };
            let object = value(&input["object"]);
            let filtered = filter_nulls(object.as_map().ok_or("object")?, keep);
            same("result", &filtered.into(), &expect["result"])
        }
        "three_way" => {
            let doc = |key: &str| value(&input[key]);
            let patch = create_three_way(&doc("original"), &doc("modified"), &doc("current"));
            let patch = patch.map_err(|error| error.to_string())?;
            same("patch", &patch, &expect["patch"])?;
            let current =
                if input["current"].is_null() { trueup_manifest::Map::new().into() } else { doc("current") };
            let result = apply(&current, &patch).map_err(|error| error.to_string())?;
            expect.get("result").map_or(Ok(()), |expected| same("result", &result, expected))
        }
        _ => Err(format!("skip: {op}")),
    }
}
