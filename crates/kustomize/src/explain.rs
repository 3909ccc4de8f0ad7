//! Why a field of a manifest has its value: each change on the way, with its file and line.

use crate::declared::Declared;
use crate::manifests::{Manifest, Manifests};
use crate::trace::{Cause, Version};
use ecow::EcoString;
use trueup_manifest::yaml::{self, DuplicateKeys, ParseOptions, PathStep};
use trueup_manifest::{FieldPath, FileTree, Pointer, Value, View, item_identity};

/// Why a field has its value.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The field, list items by what tells them apart: `spec.template.spec.containers[app].image`.
    pub path: String,
    /// What it is in the end; nothing if it was removed.
    pub value: Option<Value>,
    /// What changed it, the first first.
    pub reasons: Vec<Reason>,
    /// Whether the field tells nothing of a Secret.
    is_harmless: bool,
}

/// One change of a field.
#[derive(Clone, Debug)]
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

    /// Returns the explanation without what a Secret holds, if the manifest is one: all but its kind, type, name, namespace and
    /// labels, as annotations may repeat what was applied last.
    #[must_use]
    pub fn masked(mut self, manifest: &Manifest) -> Self {
        if manifest.kind() != "Secret" || self.is_harmless {
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

/// Whether a field of a Secret tells nothing.
fn is_harmless(steps: &[PathStep]) -> bool {
    let key = |step: &'_ PathStep| match step {
        PathStep::Key(key) => key.clone(),
        PathStep::Index(_) => EcoString::new(),
    };
    let keys: Vec<EcoString> = steps.iter().map(key).collect();
    let keys: Vec<&str> = keys.iter().map(EcoString::as_str).collect();
    matches!(
        *keys,
        ["kind" | "apiVersion" | "type" | "immutable"] | ["metadata", "name" | "namespace" | "labels", ..]
    )
}

/// A step that finds the same item in another version, wherever that stands.
#[derive(Clone, Debug)]
enum TrailStep {
    Key(EcoString),
    Item(&'static str, EcoString),
    Index(usize),
}

impl Manifests {
    /// Returns why a field of one of the manifests has its value, or nothing when it never had one.
    ///
    /// The build must have been traced ([`crate::Options::with_trace`]); `tree` is the tree that was built.
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
    /// let why = manifests.explain(pod, &"spec.containers[app].image".parse()?, &tree).unwrap();
    /// let places: Vec<_> = why.reasons.iter().map(|reason| format!("{}:{} {}", reason.file, reason.line.unwrap_or(0), reason.by)).collect();
    /// assert_eq!(places, ["web.yaml:6 resources", "kustomization.yaml:3 images[0]"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn explain(&self, manifest: &Manifest, path: &FieldPath, tree: &FileTree) -> Option<Explanation> {
        let versions = manifest.versions();
        let (at, steps) = versions
            .iter()
            .enumerate()
            .rev()
            .find_map(|(at, version)| Some((at, path.resolve(&version.value)?)))?;
        let newest = &versions.get(at)?.value;
        let trail = trail(newest, &steps);
        let mut reasons = Vec::new();
        let mut before: Option<Value> = None;
        for (number, version) in versions.iter().enumerate() {
            let (found, depth) = follow(&version.value, &trail);
            let after = found.filter(|_| depth.len() == trail.len()).cloned();
            if before == after {
                continue;
            }
            let older = number.checked_sub(1).and_then(|number| versions.get(number));
            let mut reason = reason(version, older.map(|older| &older.value), &trail, tree);
            reason.follows = self.followed(version, after.as_ref());
            reason.before = std::mem::replace(&mut before, after.clone());
            reason.after = after;
            reasons.push(reason);
        }
        let path = FieldPath::show(newest, &steps);
        Some(Explanation { path, value: before, reasons, is_harmless: is_harmless(&steps) })
    }

    /// The manifest whose name a reference follows.
    fn followed(&self, version: &Version, name: Option<&Value>) -> Option<EcoString> {
        let name = name.filter(|_| version.cause.by == crate::build::NAME_REFERENCE)?.as_str()?;
        let found = self.iter().find(|other| other.name() == name)?;
        Some(ecow::eco_format!("{}/{name}", found.kind()))
    }
}

/// The steps to a field of a value, items by what tells them apart.
fn trail(value: &Value, steps: &[PathStep]) -> Vec<TrailStep> {
    let mut value = Some(value);
    let mut trail = Vec::with_capacity(steps.len());
    for step in steps {
        let (next, taken) = match step {
            PathStep::Key(key) => (value.and_then(|value| value.get(key)), TrailStep::Key(key.clone())),
            PathStep::Index(at) => {
                let items = value.and_then(Value::as_seq).unwrap_or_default();
                let named = item_identity(items, *at).map(|(field, text)| TrailStep::Item(field, text));
                (items.get(*at), named.unwrap_or(TrailStep::Index(*at)))
            }
        };
        trail.push(taken);
        value = next;
    }
    trail
}

/// Follows a trail as far as it leads: where that is, and the steps to it.
fn follow<'v>(value: &'v Value, trail: &[TrailStep]) -> (Option<&'v Value>, Vec<PathStep>) {
    let mut steps = Vec::with_capacity(trail.len());
    let mut value = value;
    for step in trail {
        let next = match (value.view(), step) {
            (View::Map(map), TrailStep::Key(key)) => {
                map.get(key).map(|next| (next, PathStep::Key(key.clone())))
            }
            (View::Seq(items), TrailStep::Index(at)) => {
                items.get(*at).map(|next| (next, PathStep::Index(*at)))
            }
            (View::Seq(items), TrailStep::Item(field, text)) => {
                let has = |item: &Value| item.get(field).and_then(Value::scalar_text).as_ref() == Some(text);
                let at = items.iter().position(has);
                at.and_then(|at| Some((items.get(at)?, PathStep::Index(at))))
            }
            _ => None,
        };
        let Some((next, taken)) = next else { break };
        steps.push(taken);
        value = next;
    }
    (Some(value), steps)
}

/// What a version says of a field: what changed it, and where that is written.
fn reason(version: &Version, older: Option<&Value>, trail: &[TrailStep], tree: &FileTree) -> Reason {
    let cause = &*version.cause;
    let declared = cause.declared.as_deref();
    let field = declared.and_then(Declared::field).filter(|_| older.is_some() || cause.by != RESOURCES);
    let by = field.unwrap_or_else(|| cause.by.into());
    let repository = declared.map(|declared| declared.repository.clone()).unwrap_or_default();
    let here = if repository.is_empty() { Some(tree) } else { tree.mounted(&repository) };
    let place =
        declared.zip(here).map(|(declared, tree)| place(cause, declared, version, older, trail, tree));
    let (file, line) = place.unwrap_or_default();
    Reason { by, repository, file, line, before: None, after: None, follows: None }
}

/// The first version's cause.
pub(crate) const RESOURCES: &str = "resources";

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
    let Some(TrailStep::Key(last)) = trail.last() else { return None };
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
            let document = yaml::parse(text, &ParseOptions::kubernetes()).ok()?;
            let entry = entry.iter().try_fold(&document, |value, step| match step {
                PathStep::Key(key) => value.get(key),
                PathStep::Index(at) => value.as_seq()?.get(*at),
            })?;
            ["literals", "files"].iter().find_map(|field| {
                let items = entry.get(field)?.as_seq()?;
                let at = items.iter().position(|item| item.as_str().is_some_and(|item| makes(item, last)))?;
                line(&[PathStep::from(*field), PathStep::Index(at)])
            })
        }
        PathStep::Key(field) if field == "patches" || field == "patchesJson6902" => {
            let path: Vec<PathStep> = entry.iter().cloned().chain(["patch".into()]).collect();
            let (_, span) = yaml::locate(text, 0, &path)?;
            let inline = inline_text(text, &path)?;
            let line = line_of_patch(inline.as_bytes(), older, trail)?;
            let written = std::str::from_utf8(text).ok()?.lines().nth(span.start.line - 1)?;
            // Only a literal block has its lines where they are read.
            let block = written.trim_end().ends_with(['|', '-', '+']);
            Some(if block { span.start.line + line } else { span.start.line })
        }
        _ => None,
    }
}

fn inline_text(text: &[u8], path: &[PathStep]) -> Option<EcoString> {
    let document = yaml::parse(text, &ParseOptions::kubernetes()).ok()?;
    let value = path.iter().try_fold(&document, |value, step| match step {
        PathStep::Key(key) => value.get(key),
        PathStep::Index(at) => value.as_seq()?.get(*at),
    })?;
    value.as_str().map(EcoString::from)
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

/// A step as a JSON pointer names it.
fn part(step: &TrailStep, found: Option<&PathStep>) -> EcoString {
    match (found, step) {
        (Some(PathStep::Index(at)), _) | (None, TrailStep::Index(at)) => ecow::eco_format!("{at}"),
        (Some(PathStep::Key(key)), _) | (None, TrailStep::Key(key)) => key.clone(),
        // It is not there yet.
        (None, TrailStep::Item(..)) => "-".into(),
    }
}
