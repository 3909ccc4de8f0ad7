//! Field specs: which field of which kinds a transformer touches, and the walk that finds it.

mod list;
mod paths;

pub(crate) use list::FieldSpecs;
pub(crate) use paths::PathTree;

use crate::error::{Error, ErrorKind, Result};
use crate::ids::Gvk;
use crate::node::{self, Tag};
use crate::{items, limits, resource, steps};
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::yaml::{self, V3Style};
use trueup_manifest::{Map, ScalarStyle, Value, View};

/// One field of some kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct FieldSpec {
    pub(crate) gvk: Gvk,
    pub(crate) path: EcoString,
    pub(crate) create: bool,
    parts: Arc<[Part]>,
}

/// One step of a path; `name[]` wants a list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Part {
    name: EcoString,
    is_list: bool,
    /// Whether upstream takes the name for something else than that of a field.
    is_odd: bool,
    /// Whether it is nothing but spaces, which leads nowhere.
    is_blank: bool,
}

impl Part {
    fn new(text: &str) -> Self {
        let (name, is_list) = match text.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (text, false),
        };
        // Spaces around a name do not count, but there must be something.
        let (name, is_blank) = (name.trim(), !name.is_empty() && name.trim().is_empty());
        let is_odd = matches!(name, "*" | "-")
            || name.parse::<i64>().is_ok()
            || (name.starts_with('[') && name.ends_with(']'));
        Self { name: name.into(), is_list, is_odd, is_blank }
    }
}

impl FieldSpec {
    pub(crate) fn new(gvk: Gvk, path: EcoString, create: bool) -> Self {
        let parts = match path.contains('\\') || path.starts_with('/') {
            true => split_path(&path, '/').iter().map(|part| Part::new(part)).collect(),
            false => path.split('/').map(Part::new).collect(),
        };
        Self { gvk, create, parts, path }
    }

    pub(crate) fn of_any(path: &str, create: bool) -> Self {
        Self::new(Gvk::default(), path.into(), create)
    }

    /// The same field of any kind.
    pub(crate) fn for_any_kind(mut self) -> Self {
        self.gvk = Gvk::default();
        self
    }

    fn matches(&self, document: &Value) -> bool {
        let want = |want: &str, have: &str| want.is_empty() || want == have;
        let gvk = &self.gvk;
        let is_kind = || document.get("kind").is_some_and(|kind| node::has_text(kind, &gvk.kind));
        (gvk.kind.is_empty() || is_kind()) && {
            if gvk.group.is_empty() && gvk.version.is_empty() {
                return true;
            }
            let api_version = resource::text_field(document, "apiVersion");
            let (group, version) = crate::ids::split_api_version(&api_version);
            want(&gvk.group, group) && want(&gvk.version, version)
        }
    }
}

/// Splits a path at a delimiter that a backslash may escape; a leading delimiter does not count.
pub(crate) fn split_path(path: &str, delimiter: char) -> Vec<String> {
    let mut parts: Vec<&str> = path.split(delimiter).collect();
    if parts.len() > 1 && parts.first().is_some_and(|first| first.is_empty()) {
        parts.remove(0);
    }
    let mut result: Vec<String> = Vec::with_capacity(parts.len());
    for part in parts {
        match result.last_mut() {
            Some(last) if last.ends_with('\\') => {
                last.pop();
                last.push(delimiter);
                last.push_str(part);
            }
            _ => result.push(part.to_owned()),
        }
    }
    result
}

/// What a walk makes of a missing last field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Create {
    /// Nothing.
    No,
    /// A map.
    Map,
    /// A scalar; the tag is what a null becomes.
    Scalar(Tag),
}

/// Changes a node: `None` leaves it alone.
pub(crate) type Op<'o> = &'o mut dyn FnMut(&Value) -> Result<Option<Value>>;

/// Applies an operation to the fields of a document that a spec selects; `None` if nothing changed. What shares its identity with a
/// scalar that is set is set too.
pub(crate) fn apply(document: &Value, spec: &FieldSpec, create: Create, op: Op<'_>) -> Result<Option<Value>> {
    if !spec.matches(document) {
        return Ok(None);
    }
    limits::check_depth(spec.parts.len())?;
    let create = if spec.create { create } else { Create::No };
    let mut writes = Vec::new();
    let changed = walk(document, &spec.parts, create, &mut watched(op, &mut writes))
        .map_err(|error| in_document(error, spec, document))?;
    Ok(changed.map(|mut changed| {
        write_shared(&mut changed, &writes);
        changed
    }))
}

/// Changes the fields of a document that a spec selects as [`apply`] does: in place where nobody shares what they are in. After a
/// failure, some may have been changed.
pub(crate) fn change(document: &mut Value, spec: &FieldSpec, create: Create, op: Op<'_>) -> Result<bool> {
    if !spec.matches(document) {
        return Ok(false);
    }
    limits::check_depth(spec.parts.len())?;
    let create = if spec.create { create } else { Create::No };
    let mut writes = Vec::new();
    let changed = walk_mut(document, &spec.parts, create, &mut watched(op, &mut writes))
        .map_err(|error| in_document(error, spec, document))?;
    write_shared(document, &writes);
    Ok(changed)
}

/// Notes what an operation makes of scalars that share their identity with others.
fn watched<'w>(op: Op<'w>, writes: &'w mut Vec<Value>) -> impl FnMut(&Value) -> Result<Option<Value>> + 'w {
    |field| {
        let new = op(field)?;
        let shared = |new: &&Value| node::cell(new) != 0 && node::cell(new) == node::cell(field);
        writes.extend(new.as_ref().filter(shared).cloned());
        Ok(new)
    }
}

fn write_shared(document: &mut Value, writes: &[Value]) {
    for new in writes {
        if let Some(changed) = node::set_cell(document, node::cell(new), new) {
            *document = changed;
        }
    }
}

fn in_document(error: Error, spec: &FieldSpec, document: &Value) -> Error {
    error.wrap(format!("considering field '{}' of object {}", spec.path, resource::display_id(document)))
}

fn walk_mut(node: &mut Value, path: &[Part], create: Create, op: Op<'_>) -> Result<bool> {
    let Some((part, rest)) = path.split_first() else {
        let new = walk(node, path, create, op)?;
        return Ok(replace(node, new));
    };
    if let Some(items) = node.own_items_mut() {
        steps::count();
        let mut changed = false;
        for item in items {
            changed |= walk_mut(item, path, create, op).map_err(|error| in_list(error, path))?;
        }
        return Ok(changed);
    }
    let own = node.as_map_mut().and_then(|map| map.own_mut(&part.name));
    match own.filter(|field| !part.name.is_empty() && !part.is_odd && !node::is_null(field)) {
        Some(field) => {
            steps::count();
            walk_mut(field, rest, create, op)
        }
        None => {
            let new = walk(node, path, create, op)?;
            Ok(replace(node, new))
        }
    }
}

fn replace(node: &mut Value, new: Option<Value>) -> bool {
    let changes = new.is_some();
    if let Some(new) = new {
        *node = new;
    }
    changes
}

fn walk(node: &Value, path: &[Part], create: Create, op: Op<'_>) -> Result<Option<Value>> {
    steps::count();
    let Some((part, rest)) = path.split_first() else { return op(node) };
    if node::is_null(node) {
        return Ok(None);
    }
    match node.view() {
        View::Seq(_) => walk_items(node, path, create, op),
        View::Map(_) if part.is_blank => walk(node, rest, create, op),
        View::Map(map) => walk_field(map, part, rest, create, op),
        _ => Err(Error::new(ErrorKind::Transformer, "expected sequence or mapping node")),
    }
}

fn walk_items(list: &Value, path: &[Part], create: Create, op: Op<'_>) -> Result<Option<Value>> {
    items::edit(list, |item| walk(item, path, create, op).map_err(|error| in_list(error, path)))
}

fn in_list(error: Error, path: &[Part]) -> Error {
    let name = |part: &Part| format!("{}{}", part.name, if part.is_list { "[]" } else { "" });
    let names: Vec<_> = path.iter().map(name).collect();
    error.wrap(format!("visit traversal on path: [{}]", names.join(" ")))
}

fn walk_field(map: &Map, part: &Part, rest: &[Part], create: Create, op: Op<'_>) -> Result<Option<Value>> {
    if part.name.is_empty() {
        return Err(Error::new(ErrorKind::Transformer, "cannot set or create an empty field name"));
    }
    if part.is_odd {
        return Err(no_field(&part.name, map).wrap(format!("fieldName: {}", part.name)));
    }
    let creates = !part.is_list && !matches!(create, Create::No);
    let made = match map.get(&part.name) {
        None if creates => Some(fresh(rest, create)),
        None => return Ok(None),
        Some(field) if node::is_null(field) && part.is_list => Some(Value::from(Vec::new())),
        Some(field) if node::is_null(field) && creates => Some(refilled(field, rest, create)),
        Some(_) => None,
    };
    let Some(start) = made.as_ref().or_else(|| map.get(&part.name)) else { return Ok(None) };
    let changed = walk(start, rest, create, op)?.or_else(|| made.clone());
    Ok(changed.map(|value| {
        let mut map = map.clone();
        node::insert_fresh(&mut map, part.name.clone(), value);
        map.into()
    }))
}

/// The error for a name that upstream takes for an index, a wildcard or an element to look for.
fn no_field(name: &str, map: &Map) -> Error {
    let error = |message: String| Error::new(ErrorKind::Transformer, message);
    match name.parse::<i64>() {
        Ok(index) if index < 0 => error(format!("array index {index} cannot be negative")),
        _ if name == "*" => error("wildcard is not supported in PathGetter".to_owned()),
        _ if name.starts_with('[') && !name.contains('=') => {
            error("list path element must contain fieldName=fieldValue for element to match".to_owned())
        }
        _ => wrong_kind("SequenceNode", &map.clone().into()),
    }
}

/// What a missing field starts as.
fn fresh(rest: &[Part], create: Create) -> Value {
    match create {
        Create::Scalar(_) if rest.is_empty() => node::scalar(Tag::Untagged, ScalarStyle::Plain, ""),
        _ => Value::from(Map::new()),
    }
}

/// What a null field starts as: its text stays when it becomes a scalar.
fn refilled(field: &Value, rest: &[Part], create: Create) -> Value {
    match create {
        Create::Scalar(tag) if rest.is_empty() => node::scalar(tag, field.style(), node::text(field)),
        _ => Value::from(Map::new()),
    }
}

/// The words for a node of the wrong kind.
pub(crate) fn wrong_kind(expected: &str, node: &Value) -> Error {
    let actual = match node.view() {
        View::Map(_) => "MappingNode",
        View::Seq(_) => "SequenceNode",
        _ => "ScalarNode",
    };
    let contents = yaml::to_string_v3(node, &V3Style::default().with_keep_flow(true)).unwrap_or_default();
    Error::new(
        ErrorKind::Transformer,
        format!("wrong node kind: expected {expected} but got {actual}: node contents:\n{contents}"),
    )
}

/// Returns an operation that sets a scalar, keeping its style.
pub(crate) fn set_scalar(node: &Value, value: &Value) -> Result<Option<Value>> {
    if node::is_null(node) {
        return Ok(Some(node::set_over(node, value)));
    }
    if !node.is_scalar() {
        return Err(wrong_kind("ScalarNode", node));
    }
    Ok(Some(node::set_over(node, value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_split_at_unescaped_delimiters() {
        assert_eq!(split_path("/a/b", '/'), ["a", "b"]);
        assert_eq!(split_path("metadata/annotations/x.io\\/y", '/'), ["metadata", "annotations", "x.io/y"]);
        assert_eq!(split_path("a.b\\.c", '.'), ["a", "b.c"]);
        assert_eq!(split_path("", '/'), [""]);
    }
}
