//! Built-in transformers and generators, configured: by a kustomization's fields or by a resource of their own.

mod affix;
mod iam_policy;
mod read;
mod value_add;
pub(crate) mod written;

pub(crate) use read::{
    Context, Plugin, in_file, json6902, parse_config, patch_entry, plugin_of, replacements, strategic,
};

use crate::error::Result;
use crate::fieldspec::FieldSpecs;
use crate::functions::FunctionPlugin;
use crate::kustomization::{Image, Replacement, Replica, Selector, StringMap};
use crate::limits::Growth;
use crate::patch::{self, JsonPatch, JsonPatchField, patch_error};
use crate::resmap::ResMap;
use crate::resource::Resource;
use crate::transform::{
    Affix, NamespaceOptions, rename, replace, set_images, set_namespace, set_pairs, set_replicas,
};
use ecow::EcoString;
use std::fmt;
use std::sync::Arc;
use trueup_schema::kustomize::Schema;
use value_add::ValueAdd;

/// A transformer, ready to run.
#[derive(Clone, Debug)]
pub(crate) enum Transformer {
    /// Labels and annotations.
    Pairs(StringMap, Arc<FieldSpecs>),
    Rename(Affix, Arc<FieldSpecs>),
    Namespace(NamespaceOptions),
    Images(Image, Arc<FieldSpecs>),
    Replicas(Replica, Arc<FieldSpecs>),
    Replacements(Vec<Replacement>),
    /// An entry of `patches`.
    Patch(PatchEntry),
    /// `patchesStrategicMerge`.
    Strategic(Vec<Resource>),
    /// An entry of `patchesJson6902`.
    Json(JsonPatch, Selector),
    ValueAdd(ValueAdd),
    Hash,
    Several(Vec<Transformer>),
    Function(Box<FunctionPlugin>),
}

/// What an entry of `patches` turned out to be.
#[derive(Clone, Debug)]
pub(crate) struct PatchEntry {
    pub(crate) strategic: Vec<Resource>,
    pub(crate) json: Option<JsonPatch>,
    pub(crate) target: Option<Selector>,
    pub(crate) source: PatchSource,
}

/// Where a patch stands, as messages show it.
#[derive(Clone, Debug)]
pub(crate) enum PatchSource {
    Inline(EcoString),
    File(EcoString),
}

impl fmt::Display for PatchSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Inline(text) => write!(f, "[patch: {:?}]", text.trim()),
            Self::File(path) => write!(f, "[path: {path:?}]"),
        }
    }
}

impl Transformer {
    /// Whether it merges a patch into any resource, for which a schema is walked.
    pub(crate) fn merges(&self, map: &ResMap, schema: &Schema) -> bool {
        match self {
            Self::Patch(entry) => entry.merges(map, schema),
            Self::Strategic(patches) => !patches.is_empty(),
            Self::Several(transformers) => transformers.iter().any(|each| each.merges(map, schema)),
            _ => false,
        }
    }

    pub(crate) fn apply(&self, map: &mut ResMap, schema: &Schema, growth: &mut Growth) -> Result<()> {
        match self {
            Self::Pairs(pairs, specs) => set_pairs(map, pairs, specs),
            Self::Rename(affix, specs) => rename(map, affix, specs, schema),
            Self::Namespace(options) => set_namespace(map, options, schema),
            Self::Images(image, specs) => set_images(map, &[image], specs),
            Self::Replicas(replica, specs) => set_replicas(map, replica, specs, schema),
            Self::Replacements(replacements) => replace(map, replacements, growth),
            Self::Patch(entry) => entry.apply(map, schema, growth),
            Self::Strategic(patches) => {
                for patch in patches {
                    let at = map.index_by_id(&patch.org_id(schema), schema)?;
                    patch::apply_to_selected(map, &[at], patch, schema)?;
                }
                Ok(())
            }
            Self::Json(json, target) => {
                let selected = map.select(target, schema)?;
                patch::apply_json(map, &selected, json, JsonPatchField::PatchesJson6902, growth)
            }
            Self::ValueAdd(add) => add.apply(map, schema),
            Self::Hash => crate::hash::add_hashes(map, schema),
            Self::Function(function) => function.transform(map, schema),
            Self::Several(transformers) => {
                transformers.iter().try_for_each(|each| each.apply(map, schema, growth))
            }
        }
    }
}

impl PatchEntry {
    /// Whether it merges a patch into any resource.
    fn merges(&self, map: &ResMap, schema: &Schema) -> bool {
        let selects =
            |target| map.select(target, schema).is_ok_and(|selected: Vec<usize>| !selected.is_empty());
        !self.strategic.is_empty() && self.target.as_ref().is_none_or(selects)
    }

    fn apply(&self, map: &mut ResMap, schema: &Schema, growth: &mut Growth) -> Result<()> {
        if let Some((first, rest)) = self.strategic.split_first() {
            return match &self.target {
                Some(_) if !rest.is_empty() => Err(patch_error(format!(
                    "Multiple Strategic-Merge Patches in one `patches` entry is not allowed to set `patches.target` field: {}",
                    self.source
                ))),
                Some(target) => {
                    let selected = map
                        .select(target, schema)
                        .map_err(|error| error.wrap("unable to find patch target in `resources`"))?;
                    patch::apply_to_selected(map, &selected, first, schema)
                }
                None => self.apply_by_id(map, schema),
            };
        }
        let Some(json) = &self.json else { return Ok(()) };
        let Some(target) = &self.target else {
            return Err(patch_error(format!("must specify a target for JSON patch {}", self.source)));
        };
        let selected = map.select(target, schema)?;
        for at in &selected {
            if let Some(resource) = map.list.get_mut(*at) {
                resource.store_previous_id(schema)?;
            }
            patch::apply_json(map, &[*at], json, JsonPatchField::Patches, growth)?;
        }
        Ok(())
    }

    fn apply_by_id(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        for patch in &self.strategic {
            let id = patch.org_id(schema);
            let at = map.index_by_id(&id, schema).map_err(|error| {
                error.wrap(format!("no resource matches strategic merge patch {:?}", id.to_string()))
            })?;
            if let Some(resource) = map.list.get_mut(at) {
                patch::apply_strategic(resource, patch, schema)?;
            }
        }
        Ok(())
    }
}
