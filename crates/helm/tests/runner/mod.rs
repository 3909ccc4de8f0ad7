//! Runs the cases of a conformance directory: arrays of charts, options and the answers that Helm gave.

#![expect(unreachable_pub, reason = "the runner is also read by other programs")]
#![expect(clippy::unwrap_used, clippy::panic, reason = "a malformed case is a broken corpus")]
#![expect(clippy::disallowed_methods, reason = "tests read their fixtures")]

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value as Json, json};
use std::path::Path;
use trueup_helm::{
    Capabilities, Chart, Error, IgnoreRules, KubeVersion, Limits, Options, SetFiles, SetKind, ValuesFile,
    check_values, compute_values, render_files, set_values, sort_kinds, split_manifests, template,
};
use trueup_manifest::{EcoString, FileTree, View};
use trueup_template::{Constraints, Map, Value, Version};

/// Runs every case of every `*.json` file in a directory.
pub fn run_dir(dir: &Path) -> Vec<(String, Result<(), String>)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().flat_map(|file| run_file(file)).collect()
}

fn run_file(file: &Path) -> Vec<(String, Result<(), String>)> {
    let text = std::fs::read_to_string(file).unwrap();
    let cases: Vec<Json> = serde_json::from_str(&text).unwrap();
    cases.iter().map(|case| (case["name"].as_str().unwrap_or_default().to_owned(), run_case(case))).collect()
}

/// Runs one case: the answer must be equal, or the error text whole.
pub fn run_case(case: &Json) -> Result<(), String> {
    let got = answer(case);
    match (&got, case["error"].as_str()) {
        (Err(error), Some(wanted)) if shortened(error) == shortened(wanted) => Ok(()),
        (Err(error), Some(wanted)) => {
            Err(format!("expected the error {wanted:?}\n     got the error {error:?}"))
        }
        (Ok(got), Some(wanted)) => Err(format!("expected the error {wanted:?}\n     got {got}")),
        (Err(error), None) => Err(format!("expected {}\n     got the error {error:?}", case["expected"])),
        (Ok(got), None) => {
            let notes = case["notes"].as_str().unwrap_or_default();
            match got {
                Json::Object(map) if map.contains_key("$text") => {
                    if map["$text"] != case["expected"] {
                        return Err(format!("expected {}\n     got {}", case["expected"], map["$text"]));
                    }
                    if map["$notes"] != *notes {
                        return Err(format!("expected the notes {notes:?}\n     got {}", map["$notes"]));
                    }
                    Ok(())
                }
                got if same(got, &case["expected"]) => Ok(()),
                got => Err(format!("expected {}\n     got {got}", case["expected"])),
            }
        }
    }
}

/// A template that includes itself fails at Helm's limit or at ours; the levels on the way are one here.
fn shortened(error: &str) -> String {
    if !error.contains("rendering template has a nested reference name") {
        return error.to_owned();
    }
    let mut levels: Vec<&str> = error.split("error calling include: ").collect();
    levels.dedup();
    levels.join("error calling include: ")
}

/// Numbers are equal whatever their form.
fn same(a: &Json, b: &Json) -> bool {
    match (a, b) {
        (Json::Number(a), Json::Number(b)) => a.as_f64() == b.as_f64(),
        (Json::Array(a), Json::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Json::Object(a), Json::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

/// Returns what a case gives, as JSON.
pub fn answer(case: &Json) -> Result<Json, String> {
    let text = |name: &str| case[name].as_str().unwrap_or_default();
    let message = |error: Error| error.to_string();
    match text("op") {
        "template" => {
            let rendered = template(&chart(case)?, &options(&case["options"])?).map_err(message)?;
            Ok(json!({ "$text": rendered.text(), "$notes": rendered.notes }))
        }
        "render" => {
            let files = render_files(&chart(case)?, &options(&case["options"])?).map_err(message)?;
            Ok(Json::Object(files.into_iter().map(|(name, text)| (name.into(), text.into())).collect()))
        }
        "strvals" => strvals(case),
        "values" => {
            let computed = compute_values(&chart(case)?, &map(&case["values"]), &Options::default());
            let computed = computed.map_err(message)?;
            let mut charts: Vec<&str> = computed.charts.iter().map(|name| name.as_str()).collect();
            charts.sort_unstable();
            let charts = if charts.is_empty() { Json::Null } else { json!(charts) };
            Ok(json!({ "values": to_json(&computed.values), "subcharts": charts }))
        }
        "load" => Ok(loaded(&chart(case)?)),
        "schema" => {
            let checked = check_values(&chart(case)?, &map(&case["values"]), &Options::default());
            Ok(match checked {
                Ok(()) => json!({ "valid": true }),
                Err(error) => {
                    let (_, message) = error.message().split_once(":\n").unwrap();
                    json!({ "valid": false, "message": message })
                }
            })
        }
        "ignore" => {
            let rules = IgnoreRules::parse(text("input").as_bytes()).map_err(message)?;
            let paths = case["paths"].as_array().unwrap().iter().map(|path| path.as_str().unwrap());
            let ignored = |path: &str| rules.ignores(path.trim_end_matches('/'), path.ends_with('/'));
            Ok(Json::Object(paths.map(|path| (path.to_owned(), ignored(path).into())).collect()))
        }
        "kube-version" => {
            let version = KubeVersion::parse(text("input")).map_err(message)?;
            let parts = [&version.major, &version.minor, &version.normalized, &version.version];
            let [major, minor, string, version] = parts.map(|part| part.as_str());
            Ok(json!({ "major": major, "minor": minor, "string": string, "version": version }))
        }
        "range" => {
            let holds = Constraints::parse(text("fn"))
                .and_then(|wanted| Ok(wanted.check(&Version::parse(text("input"))?)));
            Ok(holds.unwrap_or(false).into())
        }
        "sort" => {
            let mut kinds: Vec<EcoString> = strings(&case["kinds"]).iter().map(|kind| kind.into()).collect();
            sort_kinds(&mut kinds);
            Ok(kinds.iter().map(|kind| Json::from(kind.as_str())).collect())
        }
        "split" => Ok(json!(split_manifests(text("input")))),
        "api-versions" => Ok(json!(Capabilities::default().all_api_versions().collect::<Vec<_>>())),
        op => panic!("unknown operation {op}"),
    }
}

fn strings(json: &Json) -> Vec<String> {
    json.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect()
}

/// The tree of a case's files.
pub fn tree(case: &Json) -> FileTree {
    let files = case["files"].as_object().unwrap().iter().map(|(path, content)| (path, bytes(content)));
    FileTree::from_files(files).unwrap()
}

fn chart(case: &Json) -> Result<Chart, String> {
    Chart::from_tree(&tree(case), "", &Limits::default()).map_err(|error| error.to_string())
}

fn bytes(content: &Json) -> Vec<u8> {
    match content.as_str() {
        Some(text) => text.as_bytes().to_vec(),
        None => base64(content["$b64"].as_str().unwrap()),
    }
}

fn map(json: &Json) -> Map {
    match value(json) {
        Value::Map(map) => map,
        _ => Map::new(),
    }
}

fn value(json: &Json) -> Value {
    match json {
        Json::Null => Value::Nil,
        Json::Bool(b) => Value::Bool(*b),
        Json::Number(number) => Value::Float(number.as_f64().unwrap()),
        Json::String(text) => text.as_str().into(),
        Json::Array(items) => items.iter().map(value).collect::<Vec<_>>().into(),
        Json::Object(entries) => entries.iter().map(|(key, item)| (key.as_str(), value(item))).collect(),
    }
}

/// Values as JSON.
pub fn to_json(value: &trueup_manifest::Value) -> Json {
    match value.view() {
        View::Null => Json::Null,
        View::Bool(b) => b.into(),
        View::Number(number) => match number.as_i64() {
            Some(int) => int.into(),
            None => number.as_f64().into(),
        },
        View::String(text) => text.into(),
        View::Seq(items) => items.iter().map(to_json).collect(),
        View::Map(map) => {
            Json::Object(map.iter().map(|(key, item)| (key.to_string(), to_json(item))).collect())
        }
    }
}

/// The options of a case.
pub fn options(json: &Json) -> Result<Options, String> {
    let mut options = Options::default();
    let text = |name: &str| json[name].as_str();
    let on = |name: &str| json[name].as_bool().unwrap_or(false);
    if let Some(name) = text("release_name") {
        options.release_name = name.into();
    }
    if let Some(namespace) = text("namespace") {
        options.namespace = namespace.into();
    }
    if let Some(version) = text("kube_version") {
        let parsed = KubeVersion::parse(version);
        let parsed = parsed.map_err(|error| format!("invalid kube version '{version}': {error}"))?;
        options.capabilities.kube_version = Some(parsed);
    }
    options.capabilities.api_versions =
        strings(&json["api_versions"]).iter().map(|text| text.into()).collect();
    (options.is_upgrade, options.include_crds) = (on("is_upgrade"), on("include_crds"));
    (options.no_hooks, options.skip_tests) = (on("no_hooks"), on("skip_tests"));
    options.skip_schema_validation = on("skip_schema_validation");
    let files = strings(&json["values_files"]);
    let file = |(at, text): (usize, String)| ValuesFile::new(at.to_string(), text.into_bytes());
    options.values.files = files.into_iter().enumerate().map(file).collect();
    options.values.set = strings(&json["set"]);
    options.values.set_string = strings(&json["set_string"]);
    options.values.set_json = strings(&json["set_json"]);
    options.values.set_file = strings(&json["set_file"]);
    options.values.set_literal = strings(&json["set_literal"]);
    options.values.set_files = set_files(&json["set_file_contents"]);
    Ok(options)
}

fn set_files(json: &Json) -> SetFiles {
    let entries = json.as_object().into_iter().flatten();
    entries.map(|(path, content)| (path.as_str().into(), bytes(content).into())).collect()
}

fn strvals(case: &Json) -> Result<Json, String> {
    let values = map(&case["base"]);
    let input = case["input"].as_str().unwrap_or_default();
    let read = |path: &str| Ok(format!("content of {path}").into_bytes().into());
    let kind = match case["fn"].as_str().unwrap() {
        "set" => SetKind::Typed,
        "set-string" => SetKind::String,
        "set-json" => SetKind::Json,
        "set-file" => SetKind::File(&read),
        "set-literal" => SetKind::Literal,
        other => panic!("unknown kind {other}"),
    };
    set_values(&values, kind, input).map_err(|error| error.to_string())?;
    Ok(to_json(&Value::Map(values).to_manifest()))
}

fn loaded(chart: &Chart) -> Json {
    let metadata = chart.metadata();
    let texts = |texts: &[EcoString]| texts.iter().map(|text| Json::from(text.as_str())).collect::<Json>();
    let names = |files: &[trueup_helm::File]| {
        let mut names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        names.sort_unstable();
        json!(names)
    };
    let maintainer = |m: &trueup_helm::Maintainer| json!({ "Name": m.name.as_str(), "Email": m.email.as_str(), "URL": m.url.as_str() });
    let dependency = |d: &trueup_helm::Dependency| {
        json!({
            "Name": d.name.as_str(), "Version": d.version.as_str(), "Repository": d.repository.as_str(),
            "Condition": d.condition.as_str(), "Tags": texts(&d.tags), "Enabled": d.enabled,
            "ImportValues": d.import_values.iter().map(to_json).collect::<Json>(), "Alias": d.alias.as_str(),
        })
    };
    let annotations = metadata.annotations.as_ref().map_or(Json::Null, |entries| {
        Json::Object(entries.iter().map(|(key, text)| (key.to_string(), text.as_str().into())).collect())
    });
    let mut dependencies: Vec<String> = chart
        .dependencies()
        .iter()
        .map(|inner| format!("{}@{}", inner.metadata().name, inner.metadata().version))
        .collect();
    dependencies.sort();
    json!({
        "metadata": {
            "Name": metadata.name.as_str(), "Home": metadata.home.as_str(), "Sources": texts(&metadata.sources),
            "Version": metadata.version.as_str(), "Description": metadata.description.as_str(),
            "Keywords": texts(&metadata.keywords), "Icon": metadata.icon.as_str(),
            "Maintainers": metadata.maintainers.iter().map(maintainer).collect::<Json>(),
            "APIVersion": metadata.api_version.as_str(), "Condition": metadata.condition.as_str(),
            "Tags": metadata.tags.as_str(), "AppVersion": metadata.app_version.as_str(),
            "Deprecated": metadata.deprecated, "Annotations": annotations,
            "KubeVersion": metadata.kube_version.as_str(), "Type": metadata.kind.as_str(),
            "Dependencies": metadata.dependencies.iter().flatten().map(dependency).collect::<Json>(),
        },
        "templates": names(chart.templates()),
        "files": names(chart.files()),
        "dependencies": dependencies,
        "values": chart.values().map_or(Json::Null, |values| to_json(&values)),
    })
}

fn base64(text: &str) -> Vec<u8> {
    BASE64_STANDARD.decode(text).unwrap()
}
