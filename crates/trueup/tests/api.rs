//! The suite in `tests/api` at the root of the repository, which Python and Node run too: operations, requests, and what comes of them.
//!
//! A request is JSON in which handles and what JSON cannot say are written as maps of one key: `$tree` (files by path), `$ref` (the answer of an
//! entry of `let`, with `path` a part of it), `$bytes` (a text), `$int` (an integer in decimal), `$repeat` (a text and how often).
//! Answers are compared as [`Data::plain`] writes them.
//!
//! `cargo test -p trueup --test api -- --ignored` writes the answers of cases that have none.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read and write their fixtures, and fail by panicking"
)]

use serde_json::Value as Json;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use trueup::api::{Context, Data, Error, Tree, call, error_record, find};
use trueup::manifest::{FileTree, Number, Resolved, ScalarStyle, SourceScalar, Value};

fn files() -> Vec<PathBuf> {
    let directory = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/api"));
    let mut files: Vec<_> = fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files
}

fn cases(file: &Path) -> Vec<Json> {
    serde_json::from_slice(&fs::read(file).unwrap()).unwrap()
}

/// The answers of `let`, by name.
type Known = BTreeMap<String, Data>;

fn data(json: &Json, known: &Known) -> Data {
    let text = |json: &Json| json.as_str().unwrap().to_owned();
    match json {
        Json::Array(items) => Data::list(items.iter().map(|item| data(item, known)).collect()),
        Json::Object(map) => {
            if let Some(files) = map.get("$tree") {
                let files = files.as_object().unwrap().iter().map(|(path, content)| (path, text(content)));
                return Data::Tree(Tree::new(FileTree::from_files(files).unwrap()));
            }
            if let Some(name) = map.get("$ref") {
                return reference(&known[name.as_str().unwrap()], map.get("path"));
            }
            if let Some(bytes) = map.get("$bytes") {
                return Data::Bytes(text(bytes).into_bytes());
            }
            if let Some(digits) = map.get("$int") {
                return Data::Value(integer(&text(digits)));
            }
            if let Some(repeat) = map.get("$repeat") {
                let times = usize::try_from(repeat[1].as_u64().unwrap()).unwrap();
                return Data::Value(text(&repeat[0]).repeat(times).into());
            }
            Data::map(map.iter().map(|(key, item)| (key.as_str().into(), data(item, known))).collect())
        }
        plain => Data::Value(serde_json::from_value(plain.clone()).unwrap()),
    }
}

/// The answer, or what stands in it below some keys.
fn reference(answer: &Data, path: Option<&Json>) -> Data {
    let Some(path) = path else { return answer.clone() };
    let start = answer.clone().into_value().unwrap();
    let keys = path.as_array().unwrap().iter().map(|key| key.as_str().unwrap());
    Data::Value(keys.fold(start, |value, key| value.get(key).unwrap().clone()))
}

fn integer(digits: &str) -> Value {
    let number = Number::Float(digits.parse().unwrap());
    let (style, resolved) = (ScalarStyle::Plain, Resolved::Number(number));
    Value::from_source(SourceScalar { text: digits.into(), style, tag: None, resolved, cell: 0 })
}

fn run(case: &Json) -> Result<Data, Error> {
    let mut known = Known::new();
    for (name, step) in case.get("let").and_then(Json::as_object).into_iter().flatten() {
        let request = data(&step["request"], &known);
        let answer = call(step["operation"].as_str().unwrap(), request, &Context::default())?;
        known.insert(name.clone(), answer);
    }
    call(case["operation"].as_str().unwrap(), data(&case["request"], &known), &Context::default())
}

fn json(value: &Value) -> Json {
    // Integers beyond 64 bits are told by their digits.
    if let Some(source) = value.source().filter(|source| matches!(source.resolved, Resolved::Number(_)))
        && source.text.len() > 20
    {
        return serde_json::json!({"$int": source.text.as_str()});
    }
    match (value.as_seq(), value.as_map()) {
        (Some(items), _) => items.iter().map(json).collect(),
        (_, Some(map)) => Json::Object(map.iter().map(|(key, item)| (key.to_string(), json(item))).collect()),
        _ => serde_json::to_value(value).unwrap(),
    }
}

fn outcome(case: &Json) -> (&'static str, Json) {
    match run(case) {
        Ok(answer) => ("answer", json(&answer.plain())),
        Err(error) => ("error", json(&error.to_value())),
    }
}

#[test]
fn every_case_gives_what_it_should() {
    let mut failures = Vec::new();
    let mut count = 0;
    for file in files() {
        for case in cases(&file) {
            let (kind, got) = outcome(&case);
            let expected = case.get(kind).cloned().unwrap_or(Json::Null);
            count += 1;
            if case.get(kind).is_none() || expected != got {
                let name = case["name"].as_str().unwrap();
                failures.push(format!("{}: {name}\n  got {kind}: {got}\n  not: {expected}", file.display()));
            }
        }
    }
    assert!(count > 100, "only {count} cases found");
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn answers_and_errors_have_the_shapes_that_are_described() {
    for file in files() {
        for case in cases(&file) {
            let name = case["name"].as_str().unwrap();
            match run(&case) {
                Ok(answer) => {
                    let operation = find(case["operation"].as_str().unwrap()).unwrap();
                    let checked = operation.answer().check(&answer.plain());
                    checked.unwrap_or_else(|problem| panic!("{name}: {problem}"));
                    if let Data::Document(document) = &answer {
                        let record = trueup::api::document_record(document.kind()).unwrap();
                        let checked = record.check(document.value());
                        checked.unwrap_or_else(|problem| panic!("{name}: {problem}"));
                    }
                }
                Err(error) => {
                    let checked = error_record().check(&error.to_value());
                    checked.unwrap_or_else(|problem| panic!("{name}: {problem}"));
                }
            }
        }
    }
}

#[test]
fn every_operation_has_a_case_that_answers_and_a_doc() {
    let answered: Vec<String> = files()
        .iter()
        .flat_map(|file| cases(file))
        .filter(|case| case.get("answer").is_some())
        .map(|case| case["operation"].as_str().unwrap().to_owned())
        .collect();
    for operation in trueup::api::operations() {
        assert!(!operation.doc.trim().is_empty());
        assert!(answered.iter().any(|name| name == operation.name), "{} has no case", operation.name);
    }
}

#[test]
#[ignore = "writes fixtures"]
fn write_answers_that_are_not_there() {
    for file in files() {
        let mut all = cases(&file);
        for case in &mut all {
            if case.get("answer").is_none() && case.get("error").is_none() {
                let (kind, got) = outcome(case);
                case.as_object_mut().unwrap().insert(kind.to_owned(), got);
            }
        }
        fs::write(&file, serde_json::to_string_pretty(&all).unwrap() + "\n").unwrap();
    }
}
