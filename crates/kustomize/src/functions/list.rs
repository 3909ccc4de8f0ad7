//! The KRM `ResourceList` between a build and a function, and the annotations by which its items are told apart.

use super::failed;
use crate::error::{Error, ErrorKind, Result};
use crate::node;
use crate::resource::{annotation, meta_text, remove_annotation, set_annotation, text_field};
use ecow::EcoString;
use trueup_manifest::yaml::{self, V3Style};
use trueup_manifest::{Map, Value};

/// The annotations that functions know under two names: that of today, and the legacy one.
const PATH: [&str; 2] = ["internal.config.kubernetes.io/path", "config.kubernetes.io/path"];
const INDEX: [&str; 2] = ["internal.config.kubernetes.io/index", "config.kubernetes.io/index"];
const ID: [&str; 2] = ["internal.config.kubernetes.io/id", "config.k8s.io/id"];
const MIGRATION: &str = "internal.config.kubernetes.io/annotations-migration-resource-id";

/// Gives a document the annotations that upstream's reader gives it.
pub(super) fn annotate_read(document: &mut Value, index: usize) {
    copy_twins(document);
    for key in INDEX.iter().rev() {
        set_annotation(document, key, &index.to_string());
    }
}

/// Writes one of two names where only the other is given.
fn copy_twins(document: &mut Value) {
    for [new, legacy] in [PATH, INDEX, ID] {
        let text = |key| annotation(document, key).filter(|text| !text.is_empty());
        match (text(new), text(legacy)) {
            (Some(text), None) => set_annotation(document, legacy, &text),
            (None, Some(text)) => set_annotation(document, new, &text),
            _ => {}
        }
    }
}

/// Numbers documents before a function sees them; returns the paths they had.
pub(super) fn prepare(items: &mut [Value]) -> Result<Vec<EcoString>> {
    let mut paths = Vec::with_capacity(items.len());
    for (at, item) in items.iter_mut().enumerate() {
        set_annotation(item, MIGRATION, &at.to_string());
        let path = |key| annotation(item, key);
        paths.push(path(PATH[0]).or_else(|| path(PATH[1])).unwrap_or_default());
        copy_twins(item);
        check_twins(item)?;
    }
    Ok(paths)
}

fn check_twins(item: &Value) -> Result<()> {
    for ([new, legacy], name) in [(PATH, "path"), (INDEX, "index"), (ID, "id")] {
        let text = |key| annotation(item, key).filter(|text| !text.is_empty());
        if let (Some(new), Some(legacy)) = (text(new), text(legacy))
            && new != legacy
        {
            return Err(failed(format!(
                "resource input to function has mismatched legacy and internal {name} annotations"
            )));
        }
    }
    Ok(())
}

/// What a function gets, what it does not, and the directory that decides.
pub(super) struct Scoped {
    pub(super) input: Vec<Value>,
    pub(super) saved: Vec<Value>,
    pub(super) directory: String,
}

/// Keeps documents from a function whose configuration has a path that theirs is not below; a container gets all.
pub(super) fn scope(config: Option<&Value>, items: Vec<Value>) -> Scoped {
    let path = |document: &Value| annotation(document, PATH[0]).or_else(|| annotation(document, PATH[1]));
    let directory = config.and_then(path).map(|path| directory_of(&path)).unwrap_or_default();
    if directory.is_empty() || directory == "." {
        return Scoped { input: items, saved: Vec::new(), directory };
    }
    let is_below = |item: &Value| path(item).is_some_and(|path| directory_of(&path).starts_with(&directory));
    let (input, saved) = items.into_iter().partition(is_below);
    Scoped { input, saved, directory }
}

/// The directory of a path; of `functions` directories, the one above.
fn directory_of(path: &str) -> String {
    let above = |path: &str| match path.rsplit_once('/') {
        Some((directory, _)) => directory.to_owned(),
        None => ".".to_owned(),
    };
    let directory = above(path);
    let name = directory.rsplit('/').next().unwrap_or_default();
    if name == "functions" { above(&directory) } else { directory }
}

/// Writes the list that a function reads.
pub(super) fn resource_list(mut items: Vec<Value>, config: &Value) -> Result<String> {
    for (at, item) in items.iter_mut().enumerate() {
        for key in ID {
            set_annotation(item, key, &(at + 1).to_string());
        }
    }
    let mut list = Map::from_iter([("apiVersion", "config.kubernetes.io/v1"), ("kind", "ResourceList")]);
    list.insert("items", Value::from(items));
    list.insert("functionConfig", config.clone());
    to_text(&list.into())
}

/// Takes what a function wrote apart: its items and its results. Documents without a list are items themselves.
pub(super) fn read(documents: Vec<Value>) -> (Vec<Value>, Vec<Value>) {
    let documents: Vec<Value> = documents.into_iter().filter(|document| !node::is_null(document)).collect();
    if let [only] = documents.as_slice()
        && matches!(text_field(only, "kind").as_str(), "List" | "ResourceList")
        && (only.get("items").is_some() || only.get("functionConfig").is_some())
    {
        let list = |field: &str| only.get(field).and_then(Value::as_seq).unwrap_or_default().to_vec();
        return (list("items"), list("results"));
    }
    let mut items = documents;
    for (at, item) in items.iter_mut().enumerate() {
        annotate_read(item, at);
    }
    (items, Vec::new())
}

/// A result as a message: severity, text, field.
pub(super) fn show_result(result: &Value) -> String {
    let severity = text_field(result, "severity");
    let message = text_field(result, "message");
    let field = result.at(&["field", "path"]).map(node::text).unwrap_or_default();
    let severity = if severity.is_empty() { "error".into() } else { severity };
    if field.is_empty() {
        format!("[{severity}] {message}")
    } else {
        format!("[{severity}] {field}: {message}")
    }
}

/// Takes the numbers of the input off again, and gives what has no path one.
pub(super) fn finish(items: &mut [Value], directory: &str, inputs: usize) {
    for item in items {
        let id = annotation(item, ID[0]).or_else(|| annotation(item, ID[1]));
        if id.and_then(|id| id.parse::<usize>().ok()).is_some_and(|id| (1..=inputs).contains(&id)) {
            ID.iter().for_each(|key| remove_annotation(item, key));
        }
        copy_twins(item);
        if annotation(item, PATH[0]).is_none() {
            let kind = text_field(item, "kind").to_lowercase();
            let file = format!("{kind}_{}.yaml", meta_text(item, "name"));
            let parts = [directory, &meta_text(item, "namespace"), &file];
            let parts: Vec<&str> =
                parts.into_iter().filter(|part| !part.is_empty() && *part != ".").collect();
            let path = parts.join("/");
            PATH.iter().for_each(|key| set_annotation(item, key, &path));
        }
    }
}

/// Carries a path that the function changed under one name over to the other.
pub(super) fn reconcile(items: &mut [Value], before: &[EcoString]) -> Result<()> {
    for item in items {
        copy_twins(item);
        let number = annotation(item, MIGRATION).and_then(|id| id.parse::<usize>().ok());
        if let Some(was) = number.and_then(|number| before.get(number)).filter(|path| !path.is_empty()) {
            let [new, legacy] = PATH.map(|key| annotation(item, key).unwrap_or_default());
            if *was != new && (*was == legacy || new == legacy) {
                set_annotation(item, PATH[1], &new);
            } else if *was != legacy && *was == new {
                set_annotation(item, PATH[0], &legacy);
            }
        }
        check_twins(item)?;
        remove_annotation(item, MIGRATION);
    }
    Ok(())
}

/// Writes documents as a stream, without the numbers that reading gave them.
pub(super) fn to_stream(items: Vec<Value>) -> Result<String> {
    let mut text = String::new();
    for (at, mut item) in items.into_iter().enumerate() {
        INDEX.iter().for_each(|key| remove_annotation(&mut item, key));
        if at > 0 {
            text.push_str("---\n");
        }
        text.push_str(&to_text(&item)?);
    }
    Ok(text)
}

fn to_text(value: &Value) -> Result<String> {
    yaml::to_string_v3(value, &V3Style::default().with_keep_flow(true))
        .map_err(|error| Error::new(ErrorKind::Output, error.to_string()))
}
