//! Runs the conformance cases: an input tree, options, and the output or the error that upstream gives.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "tests read their fixtures and say what is wrong"
)]

use std::path::Path;
use trueup_kustomize::{Error, LoadRestrictions, Options, Reorder, build};
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{FileTree, Value};

/// What became of a case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As expected; for errors, whether the message is upstream's too.
    Pass {
        /// `Some(false)` for an error in other words.
        message: Option<bool>,
    },
    /// Not as expected.
    Fail(String),
    /// Needs what this runner does not have.
    Skip(String),
}

/// Runs every case of a directory; each with its name.
pub(crate) fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut names: Vec<_> =
        entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    let cases = names.into_iter().filter(|name| dir.join(name).join("case.json").is_file());
    cases.map(|name| (name.clone(), run(&dir.join(name)))).collect()
}

/// Reads what a case is; `None` for one that is not there.
pub(crate) fn case_of(case_dir: &Path) -> Option<Value> {
    let case = std::fs::read(case_dir.join("case.json")).ok()?;
    Some(json::parse(&case, &JsonOptions::default()).unwrap())
}

/// Builds a case with other options than its own.
pub(crate) fn build_case(case_dir: &Path, case: &Value, options: &Options) -> Result<String, Error> {
    let mut files = Vec::new();
    read(&case_dir.join("input"), "", &mut files);
    if case.get("substitute_root").is_some_and(|yes| yes.as_bool() == Some(true)) {
        for (_, bytes) in &mut files {
            *bytes = String::from_utf8_lossy(bytes).replace("@CASE_ROOT@", "").into_bytes();
        }
    }
    let tree = FileTree::from_files(files).unwrap();
    let run = case.get("run").and_then(Value::as_str).unwrap_or(".");
    build(&tree, run, options).and_then(|manifests| manifests.to_yaml())
}

fn run(case_dir: &Path) -> Outcome {
    let case = case_of(case_dir).unwrap();
    let needs = texts(&case, "needs");
    if !needs.is_empty() {
        return Outcome::Skip(needs.join(", "));
    }
    let result = build_case(case_dir, &case, &options(&case));
    let expects_error = case.get("expect").is_some_and(|expect| expect == "error");
    match (result, expects_error) {
        (Err(error), true) => Outcome::Pass { message: message_fits(&case, error.message()) },
        (Err(error), false) => Outcome::Fail(format!("fails: {error}")),
        (Ok(_), true) => Outcome::Fail("should fail".to_owned()),
        (Ok(output), false) => compare(case_dir, &case, &output),
    }
}

fn compare(case_dir: &Path, case: &Value, output: &str) -> Outcome {
    let expected = std::fs::read_to_string(case_dir.join("expected.yaml")).unwrap_or_default();
    let normalized = |text: &str| {
        if !texts(case, "normalize").iter().any(|rule| rule == "managed-by-version") {
            return text.to_owned();
        }
        let lines = text.split_inclusive('\n').map(|line| match line.split_once("managed-by: kustomize-") {
            Some((before, _)) => format!("{before}managed-by: kustomize-VERSION\n"),
            None => line.to_owned(),
        });
        lines.collect()
    };
    let (expected, output) = (normalized(&expected), normalized(output));
    if expected == output {
        return Outcome::Pass { message: None };
    }
    let at = expected.lines().zip(output.lines()).position(|(a, b)| a != b);
    let line = |text: &str| at.and_then(|at| text.lines().nth(at)).unwrap_or("<end>").to_owned();
    Outcome::Fail(format!(
        "differs at line {}: expected `{}`, got `{}`",
        at.map_or(0, |at| at + 1),
        line(&expected),
        line(&output)
    ))
}

/// The options of a case.
pub(crate) fn options(case: &Value) -> Options {
    let text = |key: &str| case.at(&["options", key]).and_then(Value::as_str).unwrap_or_default();
    let flag = |key: &str| case.at(&["options", key]).and_then(Value::as_bool).unwrap_or_default();
    let reorder = match text("reorder") {
        "none" => Reorder::None,
        "legacy" => Reorder::Legacy,
        _ => Reorder::Unspecified,
    };
    let restrictions = match text("load_restrictor") {
        "none" => LoadRestrictions::None,
        _ => LoadRestrictions::RootOnly,
    };
    Options::default()
        .with_reorder(reorder)
        .with_load_restrictions(restrictions)
        .with_plugins(flag("plugins"))
        .with_managed_by_label(flag("add_managed_by_label"))
}

/// Whether a message has what the case asks for; `None` when it asks for nothing that can be checked here.
fn message_fits(case: &Value, message: &str) -> Option<bool> {
    let wanted = texts(case, "error_contains");
    if wanted.is_empty() {
        return None;
    }
    let squeezed = squeeze(message);
    let has = |text: &String| squeezed.contains(&squeeze(text));
    let fits = wanted.iter().all(has) || texts(case, "error_contains_alt").iter().any(has);
    if !fits {
        println!("wanted: {}\n   got: {squeezed}", wanted.join(" | "));
    }
    Some(fits)
}

fn squeeze(text: &str) -> String {
    text.replace("\\\"", "\"").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text or a list of texts.
fn texts(case: &Value, key: &str) -> Vec<String> {
    let value = case.get(key).cloned().unwrap_or_default();
    match value.as_seq() {
        Some(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        None => value.as_str().map(str::to_owned).into_iter().collect(),
    }
}

fn read(directory: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            read(&entry.path(), &path, files);
        } else {
            files.push((path, std::fs::read(entry.path()).unwrap()));
        }
    }
}
