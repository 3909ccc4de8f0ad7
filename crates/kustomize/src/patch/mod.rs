//! Patches: strategic merge and JSON patches, and how they meet the resources they target.

mod json;
mod lists;
mod recent;
mod strategic;

pub(crate) use json::JsonPatch;
pub(crate) use recent::{Parsed, RecentPatches};

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::wrong_kind;
use crate::ids::ResId;
use crate::limits::Growth;
use crate::node;
use crate::resmap::ResMap;
use crate::resource::Resource;
use std::collections::BTreeSet;
use strategic::Outcome;
use trueup_manifest::{Map, Value};
use trueup_schema::kustomize::Schema;

/// Applies a strategic merge patch to one resource, which may delete it.
pub(crate) fn apply_strategic(resource: &mut Resource, patch: &Resource, schema: &Schema) -> Result<()> {
    let (name, namespace, kind) = (resource.name(), resource.namespace(), resource.kind());
    let (rename, rekind) = (patch.history().allow_name_change, patch.history().allow_kind_change);
    if rename || rekind {
        resource.store_previous_id(schema)?;
    }
    let forgets = forgets_annotations(&patch.value);
    let target = if forgets { resource.with_annotations() } else { resource.value.clone() };
    match strategic::merge(&target, &patch.value, schema)? {
        Outcome::Deleted => {
            resource.value = Value::NULL;
            return Ok(());
        }
        Outcome::Same => resource.value = target,
        Outcome::Changed(value) => resource.value = value,
    }
    if forgets {
        resource.forget_history();
        resource.take_annotations();
    }
    if resource.is_deleted() {
        return Ok(());
    }
    let history = resource.history();
    // A patch that is to replace the whole resource merges nothing into it, not even what it may change.
    let merges = patch.value.get("$patch").is_none_or(|directive| !node::has_text(directive, "replace"));
    if merges && ((rename && !history.allow_name_change) || (rekind && !history.allow_kind_change)) {
        let history = resource.history_mut();
        history.allow_name_change |= rename;
        history.allow_kind_change |= rekind;
    }
    if !rekind {
        resource.set_kind(&kind);
    }
    if !rename {
        resource.set_name(&name);
    }
    resource.set_namespace(&namespace);
    Ok(())
}

/// Merges one document over another, neither of which is a resource; empty if nothing is left.
pub(crate) fn merge_documents(target: &Value, patch: &Value, schema: &Schema) -> Result<Value> {
    Ok(match strategic::merge(target, patch, schema)? {
        Outcome::Same => target.clone(),
        Outcome::Changed(value) => value,
        Outcome::Deleted => Map::new().into(),
    })
}

/// Whether a patch may remove all annotations, upstream's own among them, or cannot be merged with them.
fn forgets_annotations(patch: &Value) -> bool {
    let Some(meta) = patch.get("metadata") else { return patch.get("$patch").is_some() };
    let touched = |value: &Value| !value.is_map() || value.get("$patch").is_some();
    touched(meta) || meta.get("annotations").is_some_and(touched)
}

/// Applies a copy of a patch to every selected resource, and drops those it deletes.
pub(crate) fn apply_to_selected(
    map: &mut ResMap,
    selected: &[usize],
    patch: &Resource,
    schema: &Schema,
) -> Result<()> {
    let ids: BTreeSet<ResId> =
        selected.iter().filter_map(|at| map.list.get(*at)).map(|res| res.cur_id(schema)).collect();
    for resource in &mut map.list {
        if !ids.contains(&resource.cur_id(schema)) {
            continue;
        }
        let mut copy = patch.clone();
        copy.take_metadata_from(patch)?;
        copy.set_api_version(&resource.api_version());
        copy.set_kind(&patch.kind());
        apply_strategic(resource, &copy, schema)?;
    }
    map.drop_deleted();
    map.check_unique(schema)
}

/// Which field a JSON patch comes from: upstream's two plugins are not quite alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum JsonPatchField {
    /// `patches`, where annotations that cannot be set are lost.
    Patches,
    /// `patchesJson6902`, where they are an error.
    PatchesJson6902,
}

/// Applies a JSON patch to the selected resources.
pub(crate) fn apply_json(
    map: &mut ResMap,
    selected: &[usize],
    patch: &JsonPatch,
    field: JsonPatchField,
    growth: &mut Growth,
) -> Result<()> {
    for at in selected {
        let Some(resource) = map.list.get_mut(*at) else { continue };
        // Without metadata, upstream's own annotations bring some about.
        let has_metadata = resource.value.get("metadata").is_some_and(Value::is_map);
        let patched = match patch.sees_annotations() || !has_metadata {
            true => patch.apply(&resource.with_annotations(), growth)?,
            false => patch.apply(&resource.value, growth)?,
        };
        let history = resource.shared_history();
        resource.value = patched;
        // Whatever the patch did to them, upstream puts its own annotations back.
        resource.take_annotations();
        resource.set_history(history);
        resource.check_pairs("annotations")?;
        let annotations = resource.annotations();
        if !resource.set_all_annotations(&annotations) && field == JsonPatchField::PatchesJson6902 {
            return Err(wrong_kind("ScalarNode", &Map::new().into()));
        }
    }
    Ok(())
}

pub(crate) fn patch_error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Patch, message)
}
