//! Strategic merge, in kustomize's own dialect.
//!
//! The walk visits all of the target, also where the patch says nothing: nulls without a text go away, merged lists are put
//! together anew. Patch elements come first. A scalar takes the patch's text and tag and keeps the target's quoting.

use super::lists::{PatchList, merge_lists};
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::wrong_kind;
use crate::{node, steps};
use std::collections::BTreeSet;
use trueup_manifest::{KeyKind, Map, Value, View};
use trueup_schema::kustomize::{Schema, Type};

/// What a walk makes of one place of the target.
#[derive(Clone, Debug)]
pub(super) enum Merged {
    /// The target as it was.
    Same,
    /// The target, changed.
    Target(Value),
    /// The patch's own node.
    Patch(Value),
    /// Nothing.
    Gone,
}

/// What happens to the whole document.
pub(crate) enum Outcome {
    /// Nothing changes.
    Same,
    /// It becomes this.
    Changed(Value),
    /// It is deleted.
    Deleted,
}

/// One merge: the schema, and which shared scalars were written.
pub(super) struct Walker<'s> {
    schema: &'s Schema,
    writes: Vec<(u32, Value)>,
}

/// Merges a patch into a document.
pub(crate) fn merge(target: &Value, patch: &Value, schema: &Schema) -> Result<Outcome> {
    let mut walker = Walker { schema, writes: Vec::new() };
    let mut merged = match walker.walk(Some(target), Some(patch), None)? {
        // A patch that wants to replace the whole document changes nothing.
        Merged::Same | Merged::Patch(_) => return Ok(Outcome::Same),
        Merged::Gone => return Ok(Outcome::Deleted),
        Merged::Target(merged) => merged,
    };
    for (cell, value) in walker.writes {
        if let Some(changed) = node::set_cell(&merged, cell, &value) {
            merged = changed;
        }
    }
    Ok(Outcome::Changed(merged))
}

/// What `$patch` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Directive {
    Merge,
    Replace,
    Delete,
}

impl Directive {
    pub(super) fn of(text: &str) -> Result<Self> {
        match text {
            "merge" => Ok(Self::Merge),
            "replace" => Ok(Self::Replace),
            "delete" => Ok(Self::Delete),
            _ => Err(Error::new(ErrorKind::Patch, format!("unknown patch strategy '{text}'"))),
        }
    }
}

/// Takes the directive out of a map.
fn directive_of_map(patch: &Map) -> Result<(Directive, Map)> {
    let Some(value) = patch.get("$patch") else { return Ok((Directive::Merge, patch.clone())) };
    let directive = Directive::of(&node::text(value))?;
    let mut rest = patch.clone();
    rest.remove("$patch");
    Ok((directive, rest))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shape {
    Map,
    Seq,
    Scalar,
}

fn shape(value: &Value) -> Shape {
    match value.view() {
        View::Map(_) => Shape::Map,
        View::Seq(_) => Shape::Seq,
        _ => Shape::Scalar,
    }
}

impl Shape {
    fn name(self) -> &'static str {
        match self {
            Self::Map => "MappingNode",
            Self::Seq => "SequenceNode",
            Self::Scalar => "ScalarNode",
        }
    }
}

impl<'s> Walker<'s> {
    /// Merges one place; either side may be missing.
    pub(super) fn walk(
        &mut self,
        target: Option<&Value>,
        patch: Option<&Value>,
        schema: Option<Type<'s>>,
    ) -> Result<Merged> {
        steps::count();
        let present = |value: &&Value| !node::is_null(value);
        let (solid_target, solid_patch) = (target.filter(present), patch.filter(present));
        let Some(first) = solid_target.or(solid_patch) else {
            return Ok(walk_nulls(target, patch));
        };
        let wanted = shape(first);
        if let Some(patch) = solid_patch.filter(|patch| shape(patch) != wanted) {
            return Err(wrong_kind(wanted.name(), patch));
        }
        let schema = schema.or_else(|| {
            [solid_target, solid_patch].into_iter().flatten().find_map(|value| self.own_type(value))
        });
        match wanted {
            Shape::Scalar => Ok(patch.map_or(Merged::Same, |patch| Merged::Patch(patch.clone()))),
            Shape::Map => self.walk_map(solid_target, patch, schema),
            Shape::Seq if schema.is_some_and(Type::is_merge_list) => {
                self.walk_list(solid_target, patch, schema)
            }
            Shape::Seq => Ok(patch.map_or(Merged::Same, |patch| Merged::Patch(patch.clone()))),
        }
    }

    /// The type of an object that says what it is.
    fn own_type(&self, value: &Value) -> Option<Type<'s>> {
        let map = value.as_map()?;
        let text = |key| map.get(key).filter(|value| !node::is_empty(value)).map(node::text);
        self.schema.type_of(&text("apiVersion")?, &text("kind")?)
    }

    fn walk_map(
        &mut self,
        target: Option<&Value>,
        patch: Option<&Value>,
        schema: Option<Type<'s>>,
    ) -> Result<Merged> {
        let Some(target) = target.and_then(Value::as_map) else {
            return self.adopt_map(patch, schema);
        };
        let patch = match patch {
            None => None,
            Some(patch) => match patch.as_map() {
                None => return Ok(Merged::Gone),
                Some(patch) => match directive_of_map(patch)? {
                    (Directive::Delete, _) => return Ok(Merged::Gone),
                    (Directive::Replace, rest) => {
                        return Ok(Merged::Patch(self.settle_fields(rest, schema)?.into()));
                    }
                    (Directive::Merge, rest) => Some(rest),
                },
            },
        };
        self.merge_fields(target, patch.as_ref(), schema)
    }

    /// A map that the target does not have.
    fn adopt_map(&mut self, patch: Option<&Value>, schema: Option<Type<'s>>) -> Result<Merged> {
        let Some(patch) = patch.and_then(Value::as_map) else { return Ok(Merged::Gone) };
        let rest = match directive_of_map(patch) {
            Ok((Directive::Delete, _)) => return Ok(Merged::Gone),
            Ok((_, rest)) => rest,
            Err(_) => patch.clone(),
        };
        Ok(Merged::Patch(self.settle_fields(rest, schema)?.into()))
    }

    /// Brings a part of a patch that nothing meets into its final form: directives taken out, nulls removed.
    pub(super) fn settle(&mut self, patch: &Value, schema: Option<Type<'s>>) -> Result<Merged> {
        if node::is_null(patch) {
            return Ok(Merged::Patch(patch.clone()));
        }
        let schema = schema.or_else(|| self.own_type(patch));
        match patch.view() {
            View::Map(map) => match directive_of_map(map)? {
                (Directive::Delete, _) => Ok(Merged::Gone),
                (Directive::Replace, rest) => Ok(Merged::Patch(self.settle_fields(rest, schema)?.into())),
                (Directive::Merge, rest) => Ok(Merged::Target(self.settle_fields(rest, schema)?.into())),
            },
            View::Seq(_) if schema.is_some_and(Type::is_merge_list) => {
                self.walk_list(Some(patch), Some(patch), schema)
            }
            _ => Ok(Merged::Same),
        }
    }

    fn settle_fields(&mut self, mut map: Map, schema: Option<Type<'s>>) -> Result<Map> {
        let keys: BTreeSet<_> = map.keys().cloned().collect();
        if keys.first().is_some_and(|key| key.is_empty()) {
            return Err(wrong_kind("ScalarNode", &map.into()));
        }
        for key in keys {
            let Some(value) = map.get(&key).cloned() else { continue };
            let merged = self.settle(&value, schema.and_then(|schema| schema.field(&key)))?;
            self.set(&mut map, &key, merged);
            keep_flow(&mut map, &key, Some(&value), None);
        }
        Ok(map)
    }

    fn merge_fields(
        &mut self,
        target: &Map,
        patch: Option<&Map>,
        schema: Option<Type<'s>>,
    ) -> Result<Merged> {
        let Some(patch) = patch else { return self.refresh_fields(target, schema) };
        let mut keys: Vec<_> = target.keys().chain(patch.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        if keys.first().is_some_and(|key| key.is_empty()) {
            return Err(wrong_kind("ScalarNode", &target.clone().into()));
        }
        let mut result = target.clone();
        let mut changed = false;
        for key in keys {
            let field = schema.and_then(|schema| schema.field(key));
            let (old, new) = (target.get(key), patch.get(key));
            let merged = self.walk(old, new, field)?;
            if new.is_none()
                && matches!(merged, Merged::Same)
                && old.is_some_and(|old| node::quoted_if_needed(old).is_none())
            {
                continue;
            }
            changed |= self.set(&mut result, key, merged);
            keep_flow(&mut result, key, old, new);
            // A key that the patch adds is written as it is there, without its tag.
            if old.is_none() && patch.has_odd_keys() {
                let kind = match patch.key_kind(key) {
                    KeyKind::Tagged | KeyKind::Misfit => node::fresh_kind(key),
                    kind => kind,
                };
                keep_kind(&mut result, key, kind);
            }
        }
        Ok(if changed { Merged::Target(result.into()) } else { Merged::Same })
    }

    /// Walks the fields of a map that the patch does not mention.
    fn refresh_fields(&mut self, target: &Map, schema: Option<Type<'s>>) -> Result<Merged> {
        let mut result: Option<Map> = None;
        let mut failed: Option<(&str, Error)> = None;
        for (key, value) in target {
            if key.is_empty() {
                return Err(wrong_kind("ScalarNode", &target.clone().into()));
            }
            let merged = match self.walk(Some(value), None, schema.and_then(|schema| schema.field(key))) {
                Ok(Merged::Same) if node::quoted_if_needed(value).is_none() => continue,
                Ok(merged) => merged,
                // Upstream goes by the order of the keys.
                Err(error) if failed.as_ref().is_none_or(|(first, _)| key.as_str() < *first) => {
                    failed = Some((key, error));
                    continue;
                }
                Err(_) => continue,
            };
            let result = result.get_or_insert_with(|| target.clone());
            self.set(result, key, merged);
            keep_flow(result, key, Some(value), None);
        }
        match failed {
            Some((_, error)) => Err(error),
            None => Ok(result.map_or(Merged::Same, |result| Merged::Target(result.into()))),
        }
    }

    /// Puts what became of a field into its map; returns whether that changed anything.
    fn set(&mut self, map: &mut Map, key: &str, merged: Merged) -> bool {
        match merged {
            Merged::Same => match map.get(key).and_then(node::quoted_if_needed) {
                Some(quoted) => {
                    map.insert(key, quoted);
                    true
                }
                None => false,
            },
            Merged::Target(value) => {
                map.insert(key, value);
                true
            }
            Merged::Patch(value) => {
                let cell = map.get(key).map_or(0, node::cell);
                node::set_field(map, key, &value);
                if cell != 0
                    && let Some(written) = map.get(key)
                {
                    self.writes.push((cell, written.clone()));
                }
                true
            }
            Merged::Gone => map.remove(key).is_some(),
        }
    }

    fn walk_list(
        &mut self,
        target: Option<&Value>,
        patch: Option<&Value>,
        schema: Option<Type<'s>>,
    ) -> Result<Merged> {
        let Some(own) = target.and_then(Value::as_seq) else {
            let Some(patch) = patch.and_then(Value::as_seq) else { return Ok(Merged::Gone) };
            let merged = merge_lists(self, patch.to_vec(), PatchList::Same, schema)?;
            return Ok(Merged::Patch(merged.into()));
        };
        let Some(patch_value) = patch else {
            return Ok(match super::lists::refresh(self, own, schema)? {
                Some(merged) => Merged::Target(merged.into()),
                None => Merged::Same,
            });
        };
        let Some(patch_items) = patch_value.as_seq() else { return Ok(Merged::Gone) };
        let is_same = target.is_some_and(|target| target.same(patch_value));
        let (directive, rest) = super::lists::directive_of_list(patch_items)?;
        match directive {
            Directive::Delete => Ok(Merged::Gone),
            Directive::Replace => Ok(Merged::Patch(merge_lists(self, rest, PatchList::Same, schema)?.into())),
            Directive::Merge if is_same => {
                Ok(Merged::Target(merge_lists(self, rest, PatchList::Same, schema)?.into()))
            }
            Directive::Merge => {
                Ok(Merged::Target(merge_lists(self, own.to_vec(), PatchList::Other(rest), schema)?.into()))
            }
        }
    }
}

fn keep_kind(map: &mut Map, key: &str, kind: KeyKind) {
    if kind != KeyKind::Repeated && map.contains_key(key) {
        map.set_key_kind(key, kind);
    }
}

/// Writes a collection in braces or brackets if the target's was; over an empty one, if the patch's is.
fn keep_flow(map: &mut Map, key: &str, target: Option<&Value>, patch: Option<&Value>) {
    let Some(target) = target.filter(|target| !target.is_scalar()) else { return };
    let decides = match patch {
        Some(patch) if node::is_empty(target) && !patch.is_scalar() => patch,
        _ => target,
    };
    if map.get(key).is_some_and(|value| value.is_flow() != decides.is_flow())
        && let Some(value) = map.get_mut(key)
    {
        value.set_flow(decides.is_flow());
    }
}

/// Neither side has more than null.
fn walk_nulls(target: Option<&Value>, patch: Option<&Value>) -> Merged {
    match (target, patch) {
        // `~` and `null` stay, nothing at all goes.
        (Some(target), None) if !node::text(target).is_empty() => Merged::Same,
        (_, Some(null)) => Merged::Patch(null.clone()),
        _ => Merged::Gone,
    }
}
