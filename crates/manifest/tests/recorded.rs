//! What the reference answered, recorded: `go.yaml.in/yaml/v3` 3.0.3 and kyaml 0.21.1 for reading and for writing with
//! order and style, `sigs.k8s.io/yaml` 1.5.0 (on `go.yaml.in/yaml/v2` 2.4.2) for reading and writing, Go 1.26's
//! `encoding/json`. Every line of a file is one case; all of them must be met, errors word for word.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a case that is not well-formed should fail"
)]

use serde_json::Value as Json;
use std::fmt::Write;
use trueup_manifest::json::{self, JsonNumbers, JsonOptions};
use trueup_manifest::yaml::{self, ParseOptions, V3Style};
use trueup_manifest::{Map, Number, Resolved, ScalarStyle, Value, View};

/// Runs the cases of a file and tells about the first few that are not met.
fn check(recorded: &str, at_least: usize, answer: impl Fn(&str) -> Result<String, String>) {
    let mut failures = String::new();
    let mut count = 0;
    for line in recorded.lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let input = case["in"].as_str().unwrap();
        let expected = match case.get("error") {
            Some(error) => Err(error.as_str().unwrap().to_owned()),
            None => Ok(case["out"].as_str().unwrap().to_owned()),
        };
        let found = answer(input);
        count += 1;
        if found != expected && failures.len() < 4000 {
            write!(failures, "\n{input:?}\n  expected {expected:?}\n  found    {found:?}").unwrap();
        }
    }
    assert!(failures.is_empty(), "{failures}");
    assert!(count >= at_least, "only {count} cases");
}

fn text<E: ToString>(result: Result<String, E>) -> Result<String, String> {
    result.map_err(|error| error.to_string())
}

fn read(input: &str, options: &ParseOptions) -> Result<Value, String> {
    yaml::parse(input.as_bytes(), options).map_err(|error| error.to_string())
}

#[test]
fn reads_as_kyaml() {
    check(include_str!("fixtures/yaml/read-kyaml.jsonl"), 2000, |input| {
        let mut out = String::new();
        outline(&read(input, &ParseOptions::kyaml())?, &mut out);
        Ok(out)
    });
}

#[test]
fn reads_as_kubernetes() {
    check(include_str!("fixtures/yaml/read-kubernetes.jsonl"), 2000, |input| {
        text(json::to_string(&read(input, &ParseOptions::kubernetes())?))
    });
}

#[test]
fn reads_as_kubernetes_strictly() {
    check(include_str!("fixtures/yaml/read-kubernetes-strict.jsonl"), 700, |input| {
        text(json::to_string(&read(input, &ParseOptions::kubernetes_strict())?))
    });
}

#[test]
fn writes_as_kubernetes() {
    check(include_str!("fixtures/yaml/write.jsonl"), 1400, |input| {
        let value =
            json::parse(input.as_bytes(), &JsonOptions::default()).map_err(|error| error.to_string())?;
        text(yaml::to_string(&value))
    });
}

#[test]
fn sorts_keys_as_kubernetes() {
    check(include_str!("fixtures/yaml/key-order.jsonl"), 300, |input| {
        let map: Map = input.split('\n').map(|key| (key, Value::from(1))).collect();
        text(yaml::to_string(&map.into()))
    });
}

#[test]
fn writes_as_kyaml() {
    check(include_str!("fixtures/yaml/write-v3.jsonl"), 2000, |input| {
        text(yaml::to_string_v3(&read(input, &ParseOptions::kyaml())?, &V3Style::default()))
    });
}

#[test]
fn knows_what_writing_and_reading_does_to_a_text() {
    check(include_str!("fixtures/yaml/round-trip-v3.jsonl"), 2000, |input| {
        let (style, rest) = input.split_at(1);
        let style = match style {
            "S" => ScalarStyle::SingleQuoted,
            "D" => ScalarStyle::DoubleQuoted,
            "L" => ScalarStyle::Literal,
            "F" => ScalarStyle::Folded,
            _ => ScalarStyle::Plain,
        };
        yaml::roundtrip_v3(rest, style).map(|text| text.into_owned())
    });
}

#[test]
fn prints_what_kustomize_prints() {
    check(include_str!("fixtures/yaml/through-kyaml.jsonl"), 1000, |input| {
        let value =
            yaml::through_kyaml(&read(input, &ParseOptions::kyaml())?).map_err(|error| error.to_string())?;
        text(yaml::to_string(&value))
    });
}

#[test]
fn reads_and_writes_json() {
    check(include_str!("fixtures/yaml/json.jsonl"), 290, |input| {
        let options = JsonOptions::default().with_numbers(JsonNumbers::Float64);
        let value = json::parse(input.as_bytes(), &options).map_err(|error| error.to_string())?;
        text(json::to_string(&value))
    });
}

/// Writes a value with the style, the tag and the text of every scalar, as the cases have it.
fn outline(value: &Value, out: &mut String) {
    match value.view() {
        View::Seq(items) => {
            out.push('[');
            items.iter().for_each(|item| outline(item, out));
            out.push(']');
        }
        View::Map(map) => {
            out.push('{');
            for (key, value) in map {
                write!(out, "{}=", quoted(key)).unwrap();
                outline(value, out);
            }
            out.push('}');
        }
        _ => {
            let text = value.scalar_text().unwrap();
            let written = value.source().and_then(|source| source.tag.as_deref());
            let tag =
                written.map_or(implicit_tag(value).to_owned(), |tag| tag.replace("tag:yaml.org,2002:", "!!"));
            let mark = if written.is_some() && tag != "!!merge" { "T" } else { "" };
            // Null and times in a flow collection remember that kyaml quotes them there.
            let is_plain = written.is_none() && matches!(implicit_tag(value), "!!null" | "!!timestamp");
            let style = if is_plain { "P" } else { style(value.style()) };
            write!(out, "({style}{mark} {tag} {})", quoted(&text)).unwrap();
        }
    }
}

fn quoted(text: &str) -> String {
    json::to_string(&text.into()).unwrap()
}

fn style(style: ScalarStyle) -> &'static str {
    match style {
        ScalarStyle::Plain => "P",
        ScalarStyle::SingleQuoted => "S",
        ScalarStyle::DoubleQuoted => "D",
        ScalarStyle::Literal => "L",
        ScalarStyle::Folded => "F",
    }
}

fn implicit_tag(value: &Value) -> &'static str {
    match value.view() {
        View::Null => "!!null",
        View::Bool(_) => "!!bool",
        View::Number(Number::Float(_)) => "!!float",
        View::Number(_) => "!!int",
        _ => match value.source().map(|source| &source.resolved) {
            Some(Resolved::Timestamp) => "!!timestamp",
            _ => "!!str",
        },
    }
}
