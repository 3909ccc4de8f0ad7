//! `trueup explain`: why a field of a manifest has its value.

use crate::arguments::{Explain, Plain};
use crate::build::{enable_helm, split_root};
use crate::output::{Console, Failure, Finding, absolute};
use crate::preview::json_text;
use std::fmt::Write;
use trueup::kustomize::{Explanation, Manifest, Manifests, Options, Reason, Renderer};
use trueup::manifest::{EcoString, FieldPath, Map, Value, json};
use trueup::report::visible;
use trueup_host::{ReadOptions, open_directory};

/// What stands for the value of a secret.
const MASK: &str = "++++++++";

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
    let manifest = pick(&manifests, &command.object)?;
    let Some(mut explanation) = manifests.explain(manifest, &path, &tree) else {
        let message = format!("{} has no field `{}` and never had", label(manifest), command.field);
        return Err(Failure::message("cli/no-such-field", message));
    };
    if manifest.kind() == "Secret" && !is_harmless(&path) {
        mask(&mut explanation);
    }
    let here = Here::now();
    match command.output {
        Plain::Text => console.print(&text(manifest, &explanation, &here))?,
        Plain::Json => console.print(&json_text(&data(manifest, &explanation, &here))?)?,
    }
    Ok(Finding::Nothing)
}

/// The manifest that `[NAMESPACE/]KIND/NAME` names, by the name it has or the one it began with.
fn pick<'m>(manifests: &'m Manifests, object: &str) -> Result<&'m Manifest, Failure> {
    let parts: Vec<&str> = object.split('/').collect();
    let (namespace, kind, name) = match *parts {
        [kind, name] => (None, kind, name),
        [namespace, kind, name] => (Some(namespace), kind, name),
        _ => {
            let message = format!("`{object}` is not KIND/NAME or NAMESPACE/KIND/NAME");
            return Err(Failure::message("cli/usage", message));
        }
    };
    let first_name = |manifest: &Manifest| {
        let first = manifest.versions().first()?;
        first.value.at(&["metadata", "name"])?.as_str().map(EcoString::from)
    };
    let is_meant = |manifest: &&Manifest, by_first: bool| {
        manifest.kind().eq_ignore_ascii_case(kind)
            && namespace.is_none_or(|namespace| manifest.namespace() == namespace)
            && (manifest.name() == name || by_first && first_name(manifest).as_deref() == Some(name))
    };
    let mut found: Vec<&Manifest> = manifests.iter().filter(|manifest| is_meant(manifest, false)).collect();
    if found.is_empty() {
        found = manifests.iter().filter(|manifest| is_meant(manifest, true)).collect();
    }
    match *found {
        [only] => Ok(only),
        [] => Err(Failure::message("cli/no-such-object", format!("the build has no `{object}`"))),
        _ => {
            let several: Vec<String> = found.iter().map(|manifest| label(manifest)).collect();
            let message = format!("`{object}` may be any of {}", several.join(", "));
            Err(Failure::message("cli/no-such-object", message))
        }
    }
}

/// `NAMESPACE/KIND/NAME`, without the first part where there is none.
fn label(manifest: &Manifest) -> String {
    let namespace = manifest.namespace();
    let front = if namespace.is_empty() { String::new() } else { format!("{namespace}/") };
    format!("{front}{}/{}", manifest.kind(), manifest.name())
}

/// Whether a field of a Secret tells nothing: annotations may repeat what was applied last.
fn is_harmless(path: &FieldPath) -> bool {
    let steps: Vec<&str> = path.steps().iter().map(EcoString::as_str).collect();
    matches!(
        *steps,
        ["kind" | "apiVersion" | "type" | "immutable"] | ["metadata", "name" | "namespace" | "labels", ..]
    )
}

fn mask(explanation: &mut Explanation) {
    let hide = |value: &mut Option<Value>| {
        if value.is_some() {
            *value = Some(MASK.into());
        }
    };
    hide(&mut explanation.value);
    for reason in &mut explanation.reasons {
        hide(&mut reason.before);
        hide(&mut reason.after);
    }
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

/// A value on one line.
fn shown(value: Option<&Value>) -> String {
    match value {
        None => "(removed)".to_owned(),
        Some(value) => match value.as_str() {
            Some(text) if !text.contains('\n') => text.to_owned(),
            _ => json::to_string(value).unwrap_or_default(),
        },
    }
}

fn text(manifest: &Manifest, explanation: &Explanation, here: &Here) -> String {
    let value = shown(explanation.value.as_ref());
    let mut text =
        format!("{}  {} = {}\n", visible(&label(manifest)), visible(&explanation.path), visible(&value));
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
    map.insert("object", Value::from(label(manifest)));
    map.insert("path", Value::from(explanation.path.as_str()));
    map.insert("value", optional(&explanation.value));
    map.insert("reasons", explanation.reasons.iter().map(reason).collect::<Value>());
    map.into()
}
