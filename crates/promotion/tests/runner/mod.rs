//! Runs conformance cases: one JSON file each, an edit or a promotion and what it should give.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;

pub use cases::Outcome;

use cases::run_each;
use serde_json::Value as Json;
use std::path::Path;
use trueup_promotion::{Edit, PromoteOptions, PromotionError, edit, promote};

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, run)
}

/// Runs one case.
pub fn run(case: &Json) -> Outcome {
    let result = match case["op"].as_str().unwrap_or_default() {
        "promote" => promotion(case),
        op => match op.strip_prefix("set ") {
            Some(what) => edited(case, what),
            None => return Outcome::Skip(op.to_owned()),
        },
    };
    let expect = &case["expect"];
    match (result, expect["error"].as_str()) {
        (Ok(actual), None) if actual == *expect => Outcome::Pass,
        (Err(error), Some(expected)) if words(&error) == expected => Outcome::Pass,
        (Ok(actual), _) => Outcome::Fail(format!("{actual} instead of {expect}")),
        (Err(error), _) => Outcome::Fail(format!("{} instead of {expect}", words(&error))),
    }
}

/// Writes an error as the cases do: its code without the area, and what it is about.
fn words(error: &PromotionError) -> String {
    let code = error.code().trim_start_matches("promotion/");
    error.subject().map_or_else(|| code.to_owned(), |subject| format!("{code}: {subject}"))
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().filter_map(Json::as_str).map(str::to_owned).collect()
}

fn edited(case: &Json, what: &str) -> Result<Json, PromotionError> {
    let edits = Edit::parse(what, &strings(&case["args"]))?;
    let edited = edit(case["input"].as_str().unwrap_or_default(), &edits)?;
    let mut actual = serde_json::json!({ "text": edited.text, "changed": edited.changed });
    // Some cases tell the notes, by their codes.
    if !case["expect"]["notes"].is_null() {
        let code = |note: &trueup_manifest::Diagnostic| note.code.trim_start_matches("promotion/").to_owned();
        actual["notes"] = edited.notes.iter().map(code).collect();
    }
    Ok(actual)
}

fn promotion(case: &Json) -> Result<Json, PromotionError> {
    let mut options = PromoteOptions::default();
    if case["options"]["only"].is_array() {
        options = options.only(strings(&case["options"]["only"]));
    }
    if case["options"]["include_new"] == true {
        options = options.with_new();
    }
    let text = |key: &str| case[key].as_str().unwrap_or_default();
    let promotion = promote(text("from"), text("to"), &options)?;
    Ok(serde_json::json!({ "text": promotion.text, "changes": promotion.changes }))
}
