//! `trueup explain`: why a field of a manifest has its value.

use crate::arguments::{Explain, Plain};
use crate::build::{enable_helm, split_root};
use crate::output::{Console, Failure, Finding, absolute};
use crate::preview::json_text;
use std::fmt::Write;
use trueup::kustomize::{Explanation, Manifest, Options, Reason, Renderer};
use trueup::manifest::{FieldPath, Map, Value, json};
use trueup::report::visible;
use trueup_host::{ReadOptions, open_directory};

pub(crate) fn run(command: &Explain, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let path: FieldPath =
        command.field.parse().map_err(|error| Failure::message("cli/usage", format!("{error}")))?;
    let directory = absolute(&command.directory)?;
    let (root, inside) = split_root(&directory);
    let tree = open_directory(root, &ReadOptions::default());
    let options = enable_helm(Options::default(), command.enable_helm).with_trace(true);
    let manifests = Renderer::new(tree.clone(), options)
        .build(&inside)
        .map_err(|error| Failure::diagnostics(error.diagnostics(), tree.clone()))?;
    let failed = |error: trueup::kustomize::Error| Failure::diagnostics(error.diagnostics(), tree.clone());
    let manifest = manifests.find(&command.object).map_err(failed)?;
    let Some(explanation) = manifests.explain(manifest, &path, &tree) else {
        let message = format!("{} has no field `{}` and never had", manifest.label(), command.field);
        return Err(Failure::message("kustomize/not-found", message));
    };
    let explanation = explanation.masked(manifest);
    let here = Here::now();
    match command.output {
        Plain::Text => console.print(&text(manifest, &explanation, &here))?,
        Plain::Json => console.print(&json_text(&data(manifest, &explanation, &here))?)?,
    }
    Ok(Finding::Nothing)
}

/// Where the command runs: files below it are shown as seen from there.
struct Here(Option<String>);

impl Here {
    fn now() -> Self {
        Self(absolute(std::path::Path::new(".")).ok().map(|path| split_root(&path).1))
    }

    fn file(&self, reason: &Reason) -> String {
        let place = match (self.0.as_deref(), reason.repository.as_str()) {
            (Some(here), "") => {
                match reason.file.strip_prefix(here).and_then(|rest| rest.strip_prefix('/')) {
                    Some(below) => below.to_owned(),
                    None if reason.file.is_empty() => String::new(),
                    None => format!("/{}", reason.file),
                }
            }
            (None, "") => reason.file.to_string(),
            (_, repository) => format!("{repository} {}", reason.file),
        };
        match reason.line {
            Some(line) => format!("{place}:{line}"),
            None => place,
        }
    }
}

/// A value on one line, which may be cut.
fn shown(value: Option<&Value>) -> String {
    const WIDTH: usize = 80;
    let whole = match value {
        None => return "(removed)".to_owned(),
        Some(value) => match value.as_str() {
            Some(text) if !text.contains('\n') => text.to_owned(),
            _ => json::to_string(value).unwrap_or_default(),
        },
    };
    match whole.char_indices().nth(WIDTH) {
        Some((at, _)) => format!("{}…", whole.split_at(at).0),
        None => whole,
    }
}

fn text(manifest: &Manifest, explanation: &Explanation, here: &Here) -> String {
    let value = shown(explanation.value.as_ref());
    let field = if explanation.path.is_empty() { "." } else { &explanation.path };
    let mut text = format!("{}  {} = {}\n", visible(&manifest.label()), visible(field), visible(&value));
    let rows: Vec<[String; 3]> = explanation
        .reasons
        .iter()
        .map(|reason| {
            let by = match &reason.follows {
                Some(name) => format!("{}, follows {name}", reason.by),
                None => reason.by.to_string(),
            };
            [here.file(reason), shown(reason.after.as_ref()), by].map(|cell| visible(&cell))
        })
        .collect();
    let width = |column: usize| {
        let widths = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        widths.max().unwrap_or_default()
    };
    let (files, values) = (width(0), width(1));
    for [file, value, by] in &rows {
        _ = writeln!(text, "  {file:files$}  {value:values$}  {by}");
    }
    text
}

fn data(manifest: &Manifest, explanation: &Explanation, here: &Here) -> Value {
    let optional = |value: &Option<Value>| value.clone().unwrap_or(Value::NULL);
    let reason = |reason: &Reason| {
        let mut map = Map::new();
        map.insert("by", Value::from(reason.by.clone()));
        map.insert("place", Value::from(here.file(reason)));
        map.insert("before", optional(&reason.before));
        map.insert("after", optional(&reason.after));
        if let Some(name) = &reason.follows {
            map.insert("follows", Value::from(name.clone()));
        }
        Value::from(map)
    };
    let mut map = Map::new();
    map.insert("object", Value::from(manifest.label()));
    map.insert("path", Value::from(explanation.path.as_str()));
    map.insert("value", optional(&explanation.value));
    map.insert("reasons", explanation.reasons.iter().map(reason).collect::<Value>());
    map.into()
}
