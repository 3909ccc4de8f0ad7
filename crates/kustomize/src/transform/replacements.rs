//! Replacements: the value of one field copied into others.

use super::comments;
use crate::error::{Error, ErrorKind, Result};
use crate::ids::{Gvk, ResId};
use crate::kustomization::{FieldOptions, Replacement, Source, Target};
use crate::limits::{self, Growth};
use crate::node;
use crate::path::{self, CreateKind, Matched, match_path, path_error};
use crate::resmap::{Names, ResMap};
use crate::resource::Resource;
use crate::selector::CompiledSelector;
use ecow::EcoString;
use trueup_manifest::Value;
use trueup_manifest::json::{self, JsonStyle};
use trueup_manifest::yaml::{self, ParseOptions, V3Style};

/// Applies replacements, one after the other.
pub(crate) fn replace(map: &mut ResMap, replacements: &[Replacement], growth: &mut Growth) -> Result<()> {
    let mut names = Names::of(&map.list);
    for replacement in replacements {
        if (replacement.source.is_none() && replacement.source_value.is_none())
            || replacement.targets.is_empty()
        {
            return Err(path_error("replacements must specify a source and at least one target"));
        }
        let mut value = Copied::new(map, &names, replacement)?;
        for target in &replacement.targets {
            apply_target(map, &mut names, &mut value, target, growth)?;
        }
    }
    Ok(())
}

/// The value that is copied, and the field it is read from.
struct Copied {
    value: Value,
    /// The resource and the settled path; a value that was taken apart does not follow its field.
    live: Option<(usize, Vec<String>)>,
}

impl Copied {
    fn new(map: &ResMap, names: &Names, replacement: &Replacement) -> Result<Self> {
        let source = match (&replacement.source_value, &replacement.source) {
            (Some(_), Some(_)) => {
                return Err(path_error("value and resource selectors are mutually exclusive"));
            }
            (Some(text), None) => return Ok(Self { value: node::plain(text.clone()), live: None }),
            (None, Some(source)) => source,
            (None, None) => return Err(path_error("replacements must specify a source")),
        };
        let at = select_source(map, names, source)?;
        let field_path = if source.field_path.is_empty() { "metadata.name" } else { &source.field_path };
        let parts = path::split_smart(field_path, '.');
        let document = match map.list.get(at) {
            Some(resource) if sees_annotations(&parts) => resource.with_annotations(),
            resource => resource.map(|resource| resource.value.clone()).unwrap_or_default(),
        };
        let found = path::lookup(&document, &parts)
            .map_err(|error| error.wrap("error looking up replacement source"))?;
        let Some(found) = found.filter(|found| !node::is_empty(found)) else {
            let id = ResId {
                gvk: source.gvk.clone().into(),
                name: source.name.clone(),
                namespace: source.namespace.clone(),
                cluster_scoped: false,
            };
            return Err(path_error(format!(
                "fieldPath `{field_path}` is missing for replacement source {id}"
            )));
        };
        let found = node::without_cells(found);
        let Some(options) = source.options.as_ref().filter(|options| !options.delimiter.is_empty()) else {
            return Ok(Self { value: found, live: Some((at, path::settled(&document, &parts))) });
        };
        Ok(Self { value: refined(&found, options)?, live: None })
    }

    /// Whether it is a map or list of this resource, which then holds what is created in it when it is copied.
    fn is_container_of(&self, at: usize) -> bool {
        self.live.as_ref().is_some_and(|(source, _)| *source == at) && !self.value.is_scalar()
    }

    /// Follows a change of the field it was read from.
    fn refresh(&mut self, at: usize, resource: &Resource) {
        let Some((_, parts)) = self.live.as_ref().filter(|(source, _)| *source == at) else { return };
        // Upstream's own annotations are there to be copied, too.
        let sees_own = parts.len() <= 2 && parts.first().is_some_and(|part| part == "metadata");
        let document = if sees_own { resource.with_annotations() } else { resource.value.clone() };
        if let Ok(Some(found)) = path::lookup(&document, parts) {
            self.value = node::without_cells(found);
        }
    }
}

/// Whether a path may lead to the annotations that upstream keeps its records in.
fn sees_annotations(parts: &[String]) -> bool {
    let mut parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    matches!(parts.next(), None | Some("metadata"))
        && !matches!(parts.next(), Some("name" | "namespace" | "labels"))
}

fn refined(found: &Value, options: &FieldOptions) -> Result<Value> {
    if !found.is_scalar() {
        return Err(path_error("delimiter option can only be used with scalar nodes"));
    }
    let text = if node::is_null(found) { EcoString::new() } else { node::text(found) };
    let part =
        usize::try_from(options.index).ok().and_then(|at| text.split(options.delimiter.as_str()).nth(at));
    let part = part.ok_or_else(|| {
        path_error(format!("options.index {} is out of bounds for value {text}", options.index))
    })?;
    Ok(node::with_text(found, part))
}

/// The ids a resource has and had, without knowing their scope.
fn ids_of(resource: &Resource) -> Vec<ResId> {
    let own = crate::resource::display_id(&resource.value);
    std::iter::once(own).chain(resource.prev_ids()).collect()
}

fn select_source(map: &ResMap, names: &Names, source: &Source) -> Result<usize> {
    let selector = ResId {
        gvk: source.gvk.clone().into(),
        name: source.name.clone(),
        namespace: source.namespace.clone(),
        cluster_scoped: false,
    };
    let candidates = match source.name.as_str() {
        "" => (0..map.list.len()).collect(),
        name => names.holders(name),
    };
    let hit = |resource: &Resource| ids_of(resource).iter().any(|id| id.is_selected_by(&selector));
    let mut hits = candidates.into_iter().filter(|at| map.list.get(*at).is_some_and(hit));
    match (hits.next(), hits.next()) {
        (Some(at), None) => Ok(at),
        (Some(_), Some(_)) => Err(path_error(format!("multiple matches for selector {}", show(source)))),
        (None, _) => Err(path_error(format!("nothing selected by {}", show(source)))),
    }
}

fn show(source: &Source) -> String {
    let id = ResId {
        gvk: Gvk::clone(&source.gvk).into(),
        name: source.name.clone(),
        namespace: source.namespace.clone(),
        cluster_scoped: false,
    };
    let mut text = id.to_string();
    if !source.field_path.is_empty() {
        text += &format!(":{}", source.field_path);
    }
    if let Some(options) = source.options.as_ref().filter(|o| !o.delimiter.is_empty() || o.create) {
        text += &format!(":{}({}), create={}", options.delimiter, options.index, options.create);
    }
    text
}

fn apply_target(
    map: &mut ResMap,
    names: &mut Names,
    value: &mut Copied,
    target: &Target,
    growth: &mut Growth,
) -> Result<()> {
    let Some(select) = &target.select else {
        return Err(path_error("target must specify resources to select"));
    };
    let failed = |error: Error| error.wrap("error creating target selector");
    let select = CompiledSelector::new(select).map_err(failed)?;
    let reject =
        target.reject.iter().map(CompiledSelector::new).collect::<Result<Vec<_>>>().map_err(failed)?;
    let default = [EcoString::from("metadata.name")];
    let paths = if target.field_paths.is_empty() { &default[..] } else { &target.field_paths };
    let candidates = match select.only_name() {
        Some(name) if reject.iter().all(CompiledSelector::is_sound) => names.holders_or_uneven(name),
        _ => (0..map.list.len()).collect(),
    };
    for at in candidates {
        let Some(resource) = map.list.get_mut(at) else { continue };
        if !select.matches_labels(resource)? {
            continue;
        }
        let ids = ids_of(resource);
        let mut rejected = false;
        for selector in &reject {
            rejected |= !selector.is_empty_labels() && selector.matches_labels(resource)?;
            rejected |= !selector.is_empty_id() && ids.iter().any(|id| selector.matches_id(id));
        }
        if rejected || !ids.iter().any(|id| select.matches_id(id)) {
            continue;
        }
        let creates = target.options.as_ref().is_some_and(|options| options.create);
        for path in paths {
            if creates && value.is_container_of(at) {
                create_in(resource, path, &value.value);
                value.refresh(at, resource);
            }
            let replaces_annotations = matches!(path.as_str(), "metadata" | "metadata.annotations");
            if replaces_annotations {
                // Upstream's own are among them.
                resource.value = resource.with_annotations();
                resource.forget_history();
            }
            let options = target.options.as_ref();
            let turns = copy_to(resource, &value.value, path, options, Turn::default(), growth)?;
            for done in 1..turns {
                value.refresh(at, resource);
                let turn = Turn { done, of: turns };
                copy_to(resource, &value.value, path, options, turn, growth)?;
            }
            if replaces_annotations {
                resource.take_annotations();
            }
            value.refresh(at, resource);
            names.note(at, resource);
        }
    }
    Ok(())
}

/// Creates the fields of a path without a value; what does not work fails when the value is set.
fn create_in(resource: &mut Resource, field_path: &str, value: &Value) {
    let parts = path::split_smart(field_path, '.');
    if limits::check_depth(parts.len()).is_err() {
        return;
    }
    let created =
        match_path(&resource.value, &parts, Some(CreateKind::of(value)), &mut |field| Ok(field.clone()));
    if let Ok(Matched { changed: Some(changed), .. }) = created {
        resource.value = changed;
    }
}

/// Which of the fields that a path leads to is set.
#[derive(Clone, Copy, Default)]
struct Turn {
    /// How many of them have been set.
    done: usize,
    /// How many there were at first.
    of: usize,
}

impl Turn {
    /// The position of the next field among those that the path leads to now: what has been set may be no match any more, as the
    /// path may have asked for what it held.
    fn position(self, document: &Value, parts: &[String], create: Option<CreateKind>) -> usize {
        if self.done == 0 {
            return 0;
        }
        let left = match_path(document, parts, create, &mut |field| Ok(field.clone()));
        let left = left.map_or(0, |matched| matched.count);
        self.done.saturating_sub(self.of.saturating_sub(left))
    }
}

/// Sets one of the fields that a path leads to, and returns how many they are; a value that is no container goes to all of them at
/// once, as nothing it holds can change in between.
fn copy_to(
    resource: &mut Resource,
    value: &Value,
    field_path: &str,
    options: Option<&FieldOptions>,
    turn: Turn,
    growth: &mut Growth,
) -> Result<usize> {
    let in_turn = !value.is_scalar();
    let create = options.filter(|options| options.create).map(|_| CreateKind::of(value));
    let parts = path::split_smart(field_path, '.');
    limits::check_depth(parts.len())?;
    match set_in_text(&resource.value, value, &parts, create, growth) {
        Ok(Some(changed)) => {
            resource.value = changed;
            return Ok(1);
        }
        Err(error) if matches!(error.kind(), ErrorKind::Unsupported | ErrorKind::Limit) => return Err(error),
        // Upstream tries the path as any other then.
        Ok(None) | Err(_) => {}
    }
    let missing = || {
        let verb = if create.is_some() { "find or create" } else { "find" };
        format!("unable to {verb} field {field_path:?} in replacement target")
    };
    let mut writes: Vec<(u32, Value)> = Vec::new();
    let mut failure: Option<Error> = None;
    let position = turn.position(&resource.value, &parts, create);
    let mut seen = 0;
    let matched = match_path(&resource.value, &parts, create, &mut |field| {
        seen += 1;
        if in_turn && seen != position + 1 {
            return Ok(field.clone());
        }
        let new = new_value(field, value, options)
            .and_then(|new| growth.add(&new, parts.len()).map(|()| new))
            .inspect_err(|error| failure = Some(error.clone()))?;
        if node::cell(field) != 0 {
            writes.push((node::cell(field), new.clone()));
        }
        Ok(new)
    });
    if let Some(failure) = failure {
        return Err(failure);
    }
    let matched = matched.map_err(|error| error.wrap(missing()))?;
    if matched.count == 0 && turn.done == 0 {
        return Err(path_error(missing()));
    }
    if let Some(changed) = matched.changed {
        resource.value = changed;
    }
    for (cell, value) in writes {
        if let Some(changed) = node::set_cell(&resource.value, cell, &value) {
            resource.value = changed;
        }
    }
    Ok(if in_turn { matched.count } else { 1 })
}

/// What a field becomes: a scalar takes the text and keeps its tag and style.
fn new_value(field: &Value, value: &Value, options: Option<&FieldOptions>) -> Result<Value> {
    let mut text = node::text(value);
    if let Some(options) = options.filter(|options| !options.delimiter.is_empty()) {
        if !field.is_scalar() {
            return Err(path_error("delimiter option can only be used with scalar nodes"));
        }
        text = spliced(&node::text(field), &text, options);
    }
    if field.is_scalar() {
        return Ok(node::with_text(field, text));
    }
    Ok(match value.as_map() {
        // A copy, which is not the map that it was copied from.
        Some(map) => map.unshared().into(),
        None if value.is_scalar() => node::with_text(value, text),
        None => value.clone(),
    })
}

/// A text with one of its delimited parts replaced, or one more in front or behind.
fn spliced(old: &str, new: &str, options: &FieldOptions) -> EcoString {
    let delimiter = options.delimiter.as_str();
    let mut parts: Vec<&str> = old.split(delimiter).collect();
    match usize::try_from(options.index) {
        Err(_) => parts.insert(0, new),
        Ok(at) => match parts.get_mut(at) {
            Some(part) => *part = new,
            None => parts.push(new),
        },
    }
    parts.join(delimiter).into()
}

/// Sets a value inside a text that holds YAML or JSON itself; `None` if the path does not lead into one.
fn set_in_text(
    document: &Value,
    value: &Value,
    parts: &[String],
    create: Option<CreateKind>,
    growth: &mut Growth,
) -> Result<Option<Value>> {
    if parts.len() < 2 {
        return Ok(None);
    }
    for at in 1..parts.len() {
        let Some((outer, inner)) = parts.split_at_checked(at) else { break };
        let Ok(Some(field)) = path::lookup(document, outer) else { continue };
        if !field.is_scalar() {
            continue;
        }
        let text = node::text(field);
        let Ok(structured) = yaml::parse(text.as_bytes(), &ParseOptions::kyaml()) else { continue };
        if text.trim().is_empty() {
            return Ok(None);
        }
        let matched = match_path(&structured, inner, create, &mut |field| {
            let new = new_value(field, value, None)?;
            growth.add(&new, inner.len()).map(|()| new)
        })?;
        if matched.count == 0 {
            return Ok(None);
        }
        let new = written(&structured, matched.changed.as_ref().unwrap_or(&structured), &text)?;
        return path::edit(document, outer, &mut |field| Ok(node::with_text(field, new.clone())));
    }
    Ok(None)
}

/// Structured data as text, in the form the old text had.
fn written(before: &Value, data: &Value, old: &str) -> Result<String> {
    let failed = |error: yaml::EmitError| path_error(error.to_string());
    if !old.trim_start().starts_with(['{', '[']) {
        let style = V3Style::default().with_keep_flow(true);
        let write = |data: &Value| yaml::to_string_v3(data, &style).map_err(failed);
        let new = write(data)?.trim().to_owned();
        return comments::carry(old, &write(before)?, &new).ok_or_else(|| {
            let message = "comments in a YAML text that a replacement changes, other than behind a value or right above a line";
            Error::new(ErrorKind::Unsupported, message)
        });
    }
    if let Some(message) = node::misfit(data) {
        return Err(path_error(message));
    }
    if old.contains('\n') && old.contains("  ") {
        return json::to_string_with(data, &JsonStyle::default().with_indent("  ")).map_err(failed);
    }
    json::to_string(data).map_err(failed)
}
