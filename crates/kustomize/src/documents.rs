//! From bytes to resources: documents, lists taken apart, and what a resource must have.

use crate::error::{Error, ErrorKind, Result};
use crate::go_syntax::{go_syntax, go_type};
use crate::resource::{Resource, meta_text, text_field};
use crate::timestamp;
use crate::{node, steps};
use std::collections::VecDeque;
use trueup_manifest::json;
use trueup_manifest::yaml::{self, DuplicateKeys, EmitError, ParseError, ParseErrorKind, ParseOptions};
use trueup_manifest::{Limits, Map, ScalarStyle, Value, View};

/// Reads the resources of a file, which must not have keys that occur twice.
pub(crate) fn resources(bytes: &[u8], limits: &Limits) -> Result<Vec<Resource>> {
    read(bytes, &ParseOptions::kyaml().with_limits(limits.clone()))
}

/// Reads resources or patches that need not stay as they are. Keys that occur twice and scalars that do not fit their tags
/// matter only if they are still there in the end; what is a list is looked into at once.
pub(crate) fn resources_for_now(bytes: &[u8], limits: &Limits) -> Result<Vec<Resource>> {
    let options = ParseOptions::kyaml().with_limits(limits.clone());
    let read = read(bytes, &options.with_duplicate_keys(DuplicateKeys::FirstWins).with_misfits_kept(true));
    // The strict reader knows the place of what is wrong with a list.
    read.map_err(|error| match (error.message().split_once(EXPANDING), resources(bytes, limits)) {
        (Some((list, _)), Err(strict)) => strict.reword(|message| {
            format!("{list}{EXPANDING}{}", message.strip_prefix(TO_MAP).unwrap_or(message))
        }),
        _ => error,
    })
}

/// What upstream says between the kind of a list and what is wrong with it.
const EXPANDING: &str = "; received error ";

/// The front of what is wrong with a document that upstream turns into a map.
pub(crate) const TO_MAP: &str = "map[string]interface {}(nil): ";

fn read(bytes: &[u8], options: &ParseOptions) -> Result<Vec<Resource>> {
    let documents = yaml::parse_stream(bytes, options);
    let documents = documents.map_err(malformed)?;
    let documents = checked(unwrapped(documents))?;
    Ok(Resource::list(inlined(documents)?))
}

fn malformed(error: ParseError) -> Error {
    let message = error.message();
    let late =
        matches!(error.kind(), ParseErrorKind::DuplicateKey | ParseErrorKind::Key | ParseErrorKind::Tag);
    let message = if late {
        // Upstream finds these when it turns the document into a map.
        format!("{TO_MAP}{message}")
    } else if message.starts_with("invalid document separator") || error.kind() == ParseErrorKind::Merge {
        message.to_owned()
    } else {
        format!("MalformedYAMLError: {message}")
    };
    Error::new(ErrorKind::InvalidManifest, message).at(trueup_manifest::Location::span(
        "",
        trueup_manifest::Span { start: error.position(), end: error.position() },
    ))
}

/// Takes a stream of one `List` apart, keeping its items as they were written.
fn unwrapped(documents: Vec<Value>) -> Vec<Value> {
    if let [only] = documents.as_slice() {
        let is_list = matches!(text_field(only, "kind").as_str(), "List" | "ResourceList");
        let has_items = only.get("items").is_some();
        if is_list && (has_items || only.get("functionConfig").is_some()) {
            return match only.get("items").map(Value::view) {
                Some(View::Seq(items)) => items.to_vec(),
                // Of a map, keys and values are taken in turn.
                Some(View::Map(map)) => {
                    map.iter().flat_map(|(key, value)| [key.clone().into(), value.clone()]).collect()
                }
                _ => Vec::new(),
            };
        }
    }
    documents
}

/// Drops what is empty and refuses what is no resource.
fn checked(documents: Vec<Value>) -> Result<Vec<Value>> {
    let mut kept = Vec::with_capacity(documents.len());
    for document in documents {
        if !node::is_empty(&document) {
            check_metadata(&document)?;
            kept.push(document);
        }
    }
    Ok(kept)
}

/// Refuses a document without a kind or a name; lists need no name.
pub(crate) fn check_metadata(document: &Value) -> Result<()> {
    let present = |value: Option<&Value>| value.is_some_and(|value| !node::is_empty(value));
    let has_meta = ["name", "namespace", "labels", "annotations"]
        .iter()
        .any(|key| present(document.get("metadata").and_then(|meta| meta.get(key))));
    let kind = if present(document.get("kind")) { text_field(document, "kind") } else { Default::default() };
    let problem = if kind.is_empty() && !present(document.get("apiVersion")) && !has_meta {
        return Err(Error::new(ErrorKind::InvalidManifest, "missing Resource metadata"));
    } else if kind.is_empty() {
        "missing kind"
    } else if !kind.ends_with("List") && meta_text(document, "name").is_empty() {
        "missing metadata.name"
    } else {
        return Ok(());
    };
    Err(Error::new(ErrorKind::InvalidManifest, format!("{problem} in object {}", show_meta(document))))
}

/// The metadata as Go shows it.
fn show_meta(document: &Value) -> String {
    let text = |field: &str| match document.get(field).filter(|value| !node::is_empty(value)) {
        Some(value) => node::text(value),
        None => Default::default(),
    };
    let map = |field: &str| {
        let map = document.at(&["metadata", field]).and_then(Value::as_map);
        let mut pairs: Vec<_> =
            map.into_iter().flatten().map(|(key, value)| format!("{key}:{}", node::text(value))).collect();
        pairs.sort();
        format!("map[{}]", pairs.join(" "))
    };
    format!(
        "{{{{{} {}}} {{{{{} {}}} {} {}}}}}",
        text("apiVersion"),
        text("kind"),
        meta_text(document, "name"),
        meta_text(document, "namespace"),
        map("labels"),
        map("annotations")
    )
}

/// Replaces each list of resources by its items, which go to the end.
fn inlined(documents: Vec<Value>) -> Result<Vec<Value>> {
    if !documents.iter().any(|document| text_field(document, "kind").ends_with("List")) {
        return Ok(documents);
    }
    let mut result = Vec::with_capacity(documents.len());
    let mut queue = VecDeque::from(documents);
    while let Some(document) = queue.pop_front() {
        let kind = text_field(&document, "kind");
        if !kind.ends_with("List") {
            result.push(document);
            continue;
        }
        check_list(&document, &kind)?;
        let Some(items) = document.get("items") else {
            result.push(document);
            continue;
        };
        if node::is_null(items) {
            continue;
        }
        let Some(items) = items.as_seq() else {
            let message = format!("expected array in {kind}/items, but found {}", go_type(items));
            return Err(Error::new(ErrorKind::InvalidManifest, message));
        };
        for item in items {
            queue.extend(checked(unwrapped(vec![as_json(item)]))?);
        }
    }
    Ok(result)
}

/// Refuses a list that cannot be turned into a map.
fn check_list(document: &Value, kind: &str) -> Result<()> {
    match written(document) {
        Err(EmitError::Unreadable(message)) => {
            let message = message.trim_start_matches(TO_MAP);
            let message = format!("trouble expanding list of {kind}{EXPANDING}{message}");
            Err(Error::new(ErrorKind::InvalidManifest, message))
        }
        _ => Ok(()),
    }
}

/// A value as it is once it has been written as JSON and read again: strings are quoted, collections in braces and brackets.
fn as_json(value: &Value) -> Value {
    let mut result: Value = match value.view() {
        View::Map(map) => {
            map.iter().map(|(key, value)| (key.clone(), as_json(value))).collect::<Map>().into()
        }
        View::Seq(items) => items.iter().map(as_json).collect(),
        View::String(text) => match timestamp::as_json(value) {
            Some(time) => Value::string_with_style(time, ScalarStyle::DoubleQuoted),
            None => Value::string_with_style(text, ScalarStyle::DoubleQuoted),
        },
        View::Null => node::scalar(node::Tag::Null, ScalarStyle::Plain, "null"),
        View::Bool(b) => b.into(),
        View::Number(number) => {
            let number = Value::from(number);
            let spelled = json::to_string(&number).ok().filter(|text| *text != node::text(&number));
            spelled.map_or(number, |text| node::scalar(node::Tag::Float, ScalarStyle::Plain, text))
        }
    };
    result.set_flow(true);
    result
}

/// What a value is once upstream has written it, read it again and turned it into JSON.
fn written(value: &Value) -> Result<Value, EmitError> {
    match node::misfit(value) {
        Some(message) => Err(EmitError::Unreadable(message)),
        None => yaml::through_kyaml(value),
    }
}

/// What a part of a document is once it has been written, read again and turned into JSON.
pub(crate) fn read_back(value: &Value) -> Result<Value> {
    written(value).map_err(|error| {
        let message = error.to_string();
        let message = message.trim_start_matches(TO_MAP);
        Error::new(ErrorKind::Output, message)
    })
}

/// What a document is once upstream has written it, read it again and turned it into JSON, as it does before it prints it.
pub(crate) fn through_json(value: &Value) -> Result<Value> {
    steps::count();
    written(value).map_err(|error| {
        let message = match &error {
            EmitError::UnsupportedType(_) | EmitError::UnsupportedNumber(_) | EmitError::Comment(_) => {
                format!("{}: {error}", go_syntax(value))
            }
            EmitError::Unreadable(message) if !message.starts_with("map[") => {
                format!("{TO_MAP}{message}")
            }
            _ => error.to_string(),
        };
        Error::new(ErrorKind::Output, message)
    })
}
