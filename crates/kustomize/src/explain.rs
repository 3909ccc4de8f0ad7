//! Why a field of a manifest has its value: each change on the way, with its file and line.

use crate::declared::Declared;
use crate::error::{Error, ErrorKind};
use crate::manifests::{Manifest, Manifests, label};
use crate::resource::text_field;
use crate::trace::{Cause, NAME_REFERENCE, Version};
use ecow::EcoString;
use serde::Serialize;
use trueup_manifest::yaml::{self, DuplicateKeys, ParseOptions, PathStep};
use trueup_manifest::{FieldPath, FileTree, Pointer, Value, item_identity};

/// Why a field has its value.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The manifest, as [`Manifest::label`] has it.
    pub object: String,
    /// The field, list items by what tells them apart: `spec.template.spec.containers[app].image`.
    pub path: String,
    /// What it is in the end; nothing if it was removed.
    pub value: Option<Value>,
    /// What changed it, the first first.
    pub reasons: Vec<Reason>,
    /// Whether the field tells what a Secret holds.
    #[serde(skip)]
    is_secret: bool,
}

/// One change of a field.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Reason {
    /// What changed it: `resources`, `images[0]`, `patches[2]`, `name hash`.
    pub by: EcoString,
    /// The URL of the tree that the file is in; empty for the tree of the build.
    pub repository: EcoString,
    /// The file that says so; empty for what a build does by itself.
    pub file: EcoString,
    /// The line, from 1, if it can be told.
    pub line: Option<usize>,
    /// What the field was before; nothing if it was not there.
    pub before: Option<Value>,
    /// What it was afterwards; nothing if it was gone.
    pub after: Option<Value>,
    /// The manifest whose name it follows, as `Kind/name`.
    pub follows: Option<EcoString>,
}

impl Explanation {
    /// What stands for what a Secret holds.
    const MASK: &str = "++++++++";

    /// Returns why a field of a manifest that stands in a file as it is has its value; `by` says what reads the file.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when it has no such field.
    pub fn of_document(
        value: &Value,
        declared: &Declared,
        by: &'static str,
        path: &FieldPath,
        tree: &FileTree,
    ) -> Result<Self, Error> {
        let object = label(value);
        let steps = path
            .resolve(value)
            .ok_or_else(|| Error::new(ErrorKind::NotFound, format!("{object} has no field `{path}`")))?;
        let found = steps.iter().try_fold(value, |value, step| step.of(value)).cloned();
        let line = tree.read(&declared.file).ok().and_then(|text| declared.line_below(text, &steps));
        let Declared { repository, file, .. } = declared.clone();
        let after = found.clone();
        let reason = Reason { by: by.into(), repository, file, line, before: None, after, follows: None };
        let is_secret = is_secret(value, &steps);
        let path = FieldPath::show(value, &steps);
        Ok(Self { object, path, value: found, reasons: vec![reason], is_secret })
    }

    /// Returns the explanation without what a Secret holds, if the manifest is one: all but its kind, type, name, namespace and
    /// labels, as annotations may repeat what was applied last.
    #[must_use]
    pub fn masked(mut self) -> Self {
        if !self.is_secret {
            return self;
        }
        let hide = |value: &mut Option<Value>| {
            if value.is_some() {
                *value = Some(Self::MASK.into());
            }
        };
        hide(&mut self.value);
        for reason in &mut self.reasons {
            hide(&mut reason.before);
            hide(&mut reason.after);
        }
        self
    }
}

/// Whether a field tells what a Secret holds.
fn is_secret(value: &Value, steps: &[PathStep]) -> bool {
    if text_field(value, "kind") != "Secret" {
        return false;
    }
    let keys = steps.iter().map(|step| if let PathStep::Key(key) = step { key.as_str() } else { "" });
    let keys: Vec<&str> = keys.collect();
    !matches!(
        *keys,
        ["kind" | "apiVersion" | "type" | "immutable"] | ["metadata", "name" | "namespace" | "labels", ..]
    )
}

/// A step that finds the same item in another version, wherever that stands.
#[derive(Clone, Debug)]
enum TrailStep {
    Step(PathStep),
    /// The item whose field has this text.
    Item(&'static str, EcoString),
}

impl Manifests {
    /// Returns why a field of one of the manifests has its value; `tree` is the tree that was built.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] when it has no such field and never had, and when the build was not traced
    /// ([`crate::Options::with_trace`]).
    ///
    /// ```
    /// use trueup_kustomize::{Options, Renderer};
    /// use trueup_manifest::FileTree;
    ///
    /// let tree = FileTree::from_files([
    ///     ("kustomization.yaml", "resources: [web.yaml]\nimages:\n- name: web\n  newTag: v2\n"),
    ///     ("web.yaml", "kind: Pod\nmetadata: {name: web}\nspec:\n  containers:\n  - name: app\n    image: web:v1\n"),
    /// ])?;
    /// let manifests = Renderer::new(tree.clone(), Options::default().with_trace(true)).build("")?;
    /// let pod = manifests.iter().next().unwrap();
    /// let why = manifests.explain(pod, &"spec.containers[app].image".parse()?, &tree)?;
    /// let places: Vec<_> = why.reasons.iter().map(|reason| format!("{}:{} {}", reason.file, reason.line.unwrap_or(0), reason.by)).collect();
    /// assert_eq!(places, ["web.yaml:6 resources", "kustomization.yaml:3 images[0]"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(
        &self,
        manifest: &Manifest,
        path: &FieldPath,
        tree: &FileTree,
    ) -> Result<Explanation, Error> {
        let versions = manifest.versions();
        let found =
            versions.iter().rev().find_map(|version| Some((&version.value, path.resolve(&version.value)?)));
        let Some((newest, steps)) = found else {
            let problem = match versions {
                [] => "the build was not traced".to_owned(),
                _ => format!("{} has no field `{path}` and never had", manifest.label()),
            };
            return Err(Error::new(ErrorKind::NotFound, problem));
        };
        let trail = trail(newest, &steps);
        let mut reasons = Vec::new();
        let mut before: Option<Value> = None;
        let mut last: Option<&Value> = None;
        for version in versions {
            let (found, way) = follow(&version.value, &trail);
            let after = (way.len() == trail.len()).then(|| found.clone());
            let older = last.replace(&version.value);
            if before == after {
                continue;
            }
            let mut reason = reason(version, older, &trail, tree);
            reason.follows = self.followed(version, after.as_ref());
            reason.before = std::mem::replace(&mut before, after.clone());
            reason.after = after;
            reasons.push(reason);
        }
        let path = FieldPath::show(newest, &steps);
        let object = manifest.label();
        let is_secret = versions.iter().any(|version| is_secret(&version.value, &steps));
        Ok(Explanation { object, path, value: before, reasons, is_secret })
    }

    /// The manifest whose name a reference follows.
    fn followed(&self, version: &Version, name: Option<&Value>) -> Option<EcoString> {
        let name = name.filter(|_| version.cause.by == NAME_REFERENCE)?.as_str()?;
        let found = self.iter().find(|other| other.name() == name)?;
        Some(ecow::eco_format!("{}/{name}", found.kind()))
    }
}

/// The steps to a field of a value, items by what tells them apart.
fn trail(value: &Value, steps: &[PathStep]) -> Vec<TrailStep> {
    let mut value = Some(value);
    let mut trail = Vec::with_capacity(steps.len());
    for step in steps {
        let items = value.and_then(Value::as_seq).unwrap_or_default();
        let named = match step {
            PathStep::Key(_) => None,
            PathStep::Index(at) => item_identity(items, *at),
        };
        trail.push(
            named.map_or_else(|| TrailStep::Step(step.clone()), |(field, text)| TrailStep::Item(field, text)),
        );
        value = value.and_then(|value| step.of(value));
    }
    trail
}

/// Follows a trail as far as it leads: where that is, and the steps to it.
fn follow<'v>(value: &'v Value, trail: &[TrailStep]) -> (&'v Value, Vec<PathStep>) {
    let mut steps = Vec::with_capacity(trail.len());
    let mut value = value;
    for step in trail {
        let taken = match step {
            TrailStep::Step(step) => step.clone(),
            TrailStep::Item(field, text) => {
                let has = |item: &Value| item.get(field).and_then(Value::scalar_text).as_ref() == Some(text);
                let Some(at) = value.as_seq().and_then(|items| items.iter().position(has)) else { break };
                PathStep::Index(at)
            }
        };
        let Some(next) = taken.of(value) else { break };
        steps.push(taken);
        value = next;
    }
    (value, steps)
}

/// What a version says of a field: what changed it, and where that is written.
fn reason(version: &Version, older: Option<&Value>, trail: &[TrailStep], tree: &FileTree) -> Reason {
    let cause = &*version.cause;
    let declared = cause.declared.as_deref();
    let by = declared.and_then(Declared::field).unwrap_or_else(|| cause.by.into());
    let repository = declared.map(|declared| declared.repository.clone()).unwrap_or_default();
    let here = if repository.is_empty() { Some(tree) } else { tree.mounted(&repository) };
    let place =
        declared.zip(here).map(|(declared, tree)| place(cause, declared, version, older, trail, tree));
    let (file, line) = place.unwrap_or_default();
    Reason { by, repository, file, line, before: None, after: None, follows: None }
}

/// The file and line that a change comes from.
fn place(
    cause: &Cause,
    declared: &Declared,
    version: &Version,
    older: Option<&Value>,
    trail: &[TrailStep],
    tree: &FileTree,
) -> (EcoString, Option<usize>) {
    let text = |file: &str| tree.read(file).ok();
    for file in &cause.files {
        if let Some(line) = text(file).and_then(|text| line_of_patch(text, older, trail)) {
            return (file.clone(), Some(line));
        }
    }
    let file = declared.file.clone();
    let Some(text) = text(&file) else { return (file, None) };
    let line = match declared.is_document() {
        true => {
            let (_, steps) = follow(&version.value, trail);
            declared.line_below(text, &steps)
        }
        false => line_of_entry(declared, text, older, trail).or_else(|| declared.line(text)),
    };
    (file, line)
}

/// The line of a kustomization's entry that is about a field, if one within the entry is known.
fn line_of_entry(
    declared: &Declared,
    text: &[u8],
    older: Option<&Value>,
    trail: &[TrailStep],
) -> Option<usize> {
    let entry = declared.entry_path();
    let Some(TrailStep::Step(PathStep::Key(last))) = trail.last() else { return None };
    let line = |below: &[PathStep]| {
        let path: Vec<PathStep> = entry.iter().chain(below).cloned().collect();
        yaml::locate(text, 0, &path).map(|(key, _)| key.start.line)
    };
    match entry.first()? {
        PathStep::Key(field) if field == "commonLabels" || field == "commonAnnotations" => {
            line(&[PathStep::Key(last.clone())])
        }
        PathStep::Key(field) if field == "labels" => line(&["pairs".into(), PathStep::Key(last.clone())]),
        PathStep::Key(field) if field.ends_with("Generator") => {
            let entry = value_at(text, &entry)?;
            ["literals", "files"].iter().find_map(|field| {
                let items = entry.get(field)?.as_seq()?;
                let at = items.iter().position(|item| item.as_str().is_some_and(|item| makes(item, last)))?;
                line(&[PathStep::from(*field), PathStep::Index(at)])
            })
        }
        PathStep::Key(field) if field == "patches" || field == "patchesJson6902" => {
            let path: Vec<PathStep> = entry.iter().cloned().chain(["patch".into()]).collect();
            let (_, span) = yaml::locate(text, 0, &path)?;
            let inline = value_at(text, &path)?;
            let line = line_of_patch(inline.as_str()?.as_bytes(), older, trail)?;
            let written = std::str::from_utf8(text).ok()?.lines().nth(span.start.line - 1)?;
            // Only a literal block has its lines where they are read.
            let block = written.trim_end().ends_with(['|', '-', '+']);
            Some(if block { span.start.line + line } else { span.start.line })
        }
        _ => None,
    }
}

/// The value at a path of a text.
fn value_at(text: &[u8], path: &[PathStep]) -> Option<Value> {
    let document = yaml::parse(text, &ParseOptions::kubernetes()).ok()?;
    path.iter().try_fold(&document, |value, step| step.of(value)).cloned()
}

/// Whether a literal or a file makes a key of a generator.
fn makes(item: &str, key: &str) -> bool {
    match item.split_once('=') {
        Some((name, _)) => name == key,
        None => item.rsplit('/').next() == Some(key),
    }
}

/// The line of a patch that is about a field: where it goes furthest along the way.
fn line_of_patch(text: &[u8], older: Option<&Value>, trail: &[TrailStep]) -> Option<usize> {
    let options = ParseOptions::kyaml().with_duplicate_keys(DuplicateKeys::FirstWins).with_misfits_kept(true);
    let documents = yaml::parse_stream(text, &options).ok()?;
    let mut best: Option<(usize, usize)> = None;
    for (number, document) in documents.iter().enumerate() {
        let (depth, path) = match document.as_seq() {
            Some(operations) => match operation(operations, older, trail) {
                Some((depth, at)) => (depth, vec![PathStep::Index(at)]),
                None => continue,
            },
            None => {
                let (_, steps) = follow(document, trail);
                (steps.len(), steps)
            }
        };
        let line = yaml::locate(text, number, &path).map(|(key, _)| key.start.line);
        if let Some(line) = line.filter(|_| depth > 0 && best.is_none_or(|(known, _)| depth > known)) {
            best = Some((depth, line));
        }
    }
    best.map(|(_, line)| line)
}

/// The last operation of a JSON patch that is about a field, and how much of the way it names.
fn operation(operations: &[Value], older: Option<&Value>, trail: &[TrailStep]) -> Option<(usize, usize)> {
    let steps = older.map(|older| follow(older, trail).1).unwrap_or_default();
    let parts: Vec<EcoString> =
        trail.iter().enumerate().map(|(at, step)| part(step, steps.get(at))).collect();
    let about = operations.iter().enumerate().filter_map(|(at, operation)| {
        let pointer: Pointer = operation.get("path")?.as_str()?.parse().ok()?;
        let alike = pointer.parts().iter().zip(&parts).take_while(|(a, b)| a == b || *a == "-").count();
        (alike == pointer.parts().len().min(parts.len())).then_some((alike, at))
    });
    about.max_by_key(|(alike, at)| (*alike, *at))
}

/// A step as a JSON pointer names it; an item that is not there yet is `-`.
fn part(step: &TrailStep, found: Option<&PathStep>) -> EcoString {
    match (found, step) {
        (Some(step), _) | (None, TrailStep::Step(step)) => match step {
            PathStep::Key(key) => key.clone(),
            PathStep::Index(at) => ecow::eco_format!("{at}"),
        },
        (None, TrailStep::Item(..)) => "-".into(),
    }
}
