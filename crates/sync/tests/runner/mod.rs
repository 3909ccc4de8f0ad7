//! Reads conformance cases and says whether the crate does what they expect.

mod decisions;
mod operation;
mod plain;
mod projects;

use serde_json::Value as Json;
use std::path::Path;
use trueup_manifest::Value;

/// What became of a case.
#[derive(Debug)]
pub enum Outcome {
    /// As expected.
    Pass,
    /// Not as expected; says how.
    Fail(String),
    /// Not run; says why.
    Skip(String),
}

/// A check that says what is wrong; `None` for an operation that is not known.
pub(crate) type Checked = Option<Result<(), String>>;

/// Runs all cases of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    let mut files: Vec<_> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .collect();
    files.sort();
    let run = |path: &std::path::PathBuf| {
        let text = std::fs::read_to_string(path).unwrap();
        let case: Json = serde_json::from_str(&text).unwrap();
        (case["name"].as_str().unwrap_or_default().to_owned(), run_case(&case))
    };
    files.iter().map(run).collect()
}

fn run_case(case: &Json) -> Outcome {
    let op = (case["area"].as_str().unwrap_or_default(), case["op"].as_str().unwrap_or_default());
    let (input, expect) = (&case["input"], &case["expect"]);
    let checked = plain::check(op, input, expect)
        .or_else(|| operation::check(op, input, expect))
        .or_else(|| decisions::check(op, input, expect))
        .or_else(|| projects::check(op, input, expect));
    match checked {
        None => Outcome::Skip(format!("unknown operation {op:?}")),
        Some(Ok(())) => Outcome::Pass,
        Some(Err(why)) => Outcome::Fail(why),
    }
}

/// Compares what is expected under `key`, if anything is.
pub(crate) fn same(expect: &Json, key: &str, actual: impl Into<Json>) -> Result<(), String> {
    match expect.get(key) {
        None => Ok(()),
        Some(wanted) => {
            let actual = actual.into();
            if equal(wanted, &actual) {
                Ok(())
            } else {
                Err(format!("{key}: expected {wanted}, got {actual}"))
            }
        }
    }
}

/// Equality with numbers by value.
pub(crate) fn equal(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        _ => a == b,
    }
}

pub(crate) fn text<'a>(of: &'a Json, key: &str) -> &'a str {
    of[key].as_str().unwrap_or_default()
}

pub(crate) fn flag(of: &Json, key: &str) -> bool {
    of[key].as_bool().unwrap_or(false)
}

pub(crate) fn list(of: &Json) -> &[Json] {
    of.as_array().map_or(&[], Vec::as_slice)
}

pub(crate) fn value(json: &Json) -> Value {
    serde_json::from_value(json.clone()).unwrap()
}

/// Reads a typed model; null and absent are its default.
pub(crate) fn model<T: Default + serde::de::DeserializeOwned>(json: &Json) -> T {
    if json.is_null() { T::default() } else { serde_json::from_value(json.clone()).unwrap() }
}

/// Builds an object with annotations.
pub(crate) fn annotated(annotations: &Json) -> Value {
    let annotations = if annotations.is_object() { annotations.clone() } else { serde_json::json!({}) };
    value(&serde_json::json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": {"name": "my-pod", "annotations": annotations}
    }))
}

pub(crate) fn strings<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Json {
    items.into_iter().map(|item| Json::from(item.as_ref())).collect()
}
