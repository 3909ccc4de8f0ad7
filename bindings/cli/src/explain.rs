//! `trueup explain`: why a field of a manifest has its value.

use crate::arguments::{Explain, Plain};
use crate::build::{enable_helm, split_root};
use crate::output::{Console, Failure, Finding, absolute};
use crate::preview::json_text;
use crate::repository::Repository;
use std::fmt::Write;
use std::path::Path;
use trueup::kustomize::{Error, Explanation, Options, Reason, Renderer};
use trueup::manifest::{Cancel, EcoString, FieldPath, Value, json, to_value};
use trueup::report::visible;
use trueup_host::{ReadOptions, open_directory};

pub(crate) fn run(command: &Explain, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let path: FieldPath =
        command.field.parse().map_err(|error| Failure::message("cli/usage", format!("{error}")))?;
    let explanation = match application(&command.what) {
        Some(name) => of_application(command, name, &path)?,
        None => of_directory(command, &path)?,
    };
    match command.output {
        Plain::Text => console.print(&text(&explanation))?,
        Plain::Json => {
            let value =
                to_value(&explanation).map_err(|error| Failure::message("cli/output", error.to_string()))?;
            console.print(&json_text(&value)?)?;
        }
    }
    Ok(Finding::Nothing)
}

/// The name of an Application, if that is meant: a word that is no directory here.
fn application(what: &Path) -> Option<&str> {
    let name = what.to_str()?;
    (!name.contains(['/', '\\']) && !what.is_dir()).then_some(name)
}

fn of_application(command: &Explain, name: &str, field: &FieldPath) -> Result<Explanation, Failure> {
    let Repository { tree, world, .. } =
        Repository::read(&command.repository, command.facts.as_deref(), None)?;
    trueup::explain(&tree, &world, name, &command.object, field, &Cancel::default()).map_err(
        |mut diagnostics| {
            if let Some(missing) =
                diagnostics.first_mut().filter(|first| first.code == "trueup/no-application")
            {
                missing.message += ", nor a directory of this name";
            }
            Failure::diagnostics(diagnostics, tree)
        },
    )
}

fn of_directory(command: &Explain, field: &FieldPath) -> Result<Explanation, Failure> {
    let directory = absolute(&command.what)?;
    let (root, inside) = split_root(&directory);
    let tree = open_directory(root, &ReadOptions::default());
    let options = enable_helm(Options::default(), command.enable_helm).with_trace(true);
    let failed = |error: Error| Failure::diagnostics(error.diagnostics(), tree.clone());
    let manifests = Renderer::new(tree.clone(), options).build(&inside).map_err(failed)?;
    let manifest = manifests.find(&command.object).map_err(failed)?;
    let mut explanation = manifests.explain(manifest, field, &tree).map_err(failed)?.masked();
    let here = split_root(&absolute(Path::new("."))?).1;
    for reason in explanation.reasons.iter_mut().filter(|reason| reason.repository.is_empty()) {
        reason.file = seen_from(&here, &reason.file);
    }
    Ok(explanation)
}

/// A file as it is seen from a directory: those below it without the way to it.
fn seen_from(here: &str, file: &str) -> EcoString {
    match file.strip_prefix(here).and_then(|rest| rest.strip_prefix('/')) {
        Some(below) => below.into(),
        None if file.is_empty() => EcoString::new(),
        None => format!("/{file}").into(),
    }
}

fn place(reason: &Reason) -> String {
    let file = match reason.repository.as_str() {
        "" => reason.file.to_string(),
        repository => format!("{repository} {}", reason.file),
    };
    match reason.line {
        Some(line) => format!("{file}:{line}"),
        None => file,
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

fn text(explanation: &Explanation) -> String {
    let value = shown(explanation.value.as_ref());
    let field = if explanation.path.is_empty() { "." } else { &explanation.path };
    let mut text = format!("{}  {} = {}\n", visible(&explanation.object), visible(field), visible(&value));
    let rows: Vec<[String; 3]> = explanation
        .reasons
        .iter()
        .map(|reason| {
            let by = match &reason.follows {
                Some(name) => format!("{}, follows {name}", reason.by),
                None => reason.by.to_string(),
            };
            [place(reason), shown(reason.after.as_ref()), by].map(|cell| visible(&cell))
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
