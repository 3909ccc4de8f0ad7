//! The resources of a build, in order, and the rules by which they come together.

use crate::error::{Error, ErrorKind, Result};
use crate::ids::{IdKey, ResId};
use crate::kustomization::Selector;
use crate::resource::{Behavior, ORIGIN, Resource};
use crate::selector::CompiledSelector;
use std::collections::BTreeSet;
use trueup_schema::kustomize::Schema;

/// Resources in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct ResMap {
    pub(crate) list: Vec<Resource>,
}

impl ResMap {
    /// Makes a list of resources with distinct ids.
    pub(crate) fn of(resources: Vec<Resource>, schema: &Schema) -> Result<Self> {
        let mut map = Self::default();
        map.append_all(resources, schema)?;
        Ok(map)
    }

    /// Adds resources whose ids must be new.
    pub(crate) fn append_all(&mut self, resources: Vec<Resource>, schema: &Schema) -> Result<()> {
        let mut seen: BTreeSet<IdKey> = self.list.iter().map(|res| res.cur_id(schema).key()).collect();
        self.list.reserve(resources.len());
        for resource in resources {
            let id = resource.cur_id(schema);
            if !seen.insert(id.key()) {
                return Err(already_registered(&id));
            }
            self.list.push(resource);
        }
        Ok(())
    }

    /// Fails if two resources have the same id.
    pub(crate) fn check_unique(&self, schema: &Schema) -> Result<()> {
        let mut seen = BTreeSet::new();
        for id in self.list.iter().map(|res| res.cur_id(schema)) {
            if !seen.insert(id.key()) {
                return Err(already_registered(&id));
            }
        }
        Ok(())
    }

    /// Adds what a generator made: new resources, or replacements of and additions to old ones.
    pub(crate) fn absorb(&mut self, resources: Vec<Resource>, schema: &Schema) -> Result<()> {
        resources.into_iter().try_for_each(|resource| self.absorb_one(resource, schema))
    }

    fn absorb_one(&mut self, mut resource: Resource, schema: &Schema) -> Result<()> {
        let id = resource.cur_id(schema);
        let behavior = resource.history().behavior.unwrap_or_default();
        let matches = self.indices_by_name(&id.name, schema, |other| id.same(other));
        match (&*matches, behavior) {
            ([], Behavior::Merge | Behavior::Replace) => Err(Error::new(
                ErrorKind::Generator,
                format!("id {} does not exist; cannot merge or replace", go_syntax(&id)),
            )),
            ([], _) => self.append_all(vec![resource], schema),
            ([index], Behavior::Merge | Behavior::Replace) => {
                let Some(slot) = self.list.get_mut(*index) else { return Ok(()) };
                let origin = slot.annotation(ORIGIN);
                resource.take_metadata_from(slot);
                if behavior == Behavior::Merge {
                    resource.merge_data_from(slot);
                    if let Some(origin) = origin {
                        resource.set_annotation(ORIGIN, &origin);
                    }
                }
                *slot = resource;
                Ok(())
            }
            ([_], _) => Err(Error::new(
                ErrorKind::IdConflict,
                format!(
                    "id {} exists; can not use behavior: '{}', behavior must be merge or replace",
                    go_syntax(&id),
                    behavior.name()
                ),
            )),
            _ => Err(Error::new(
                ErrorKind::IdConflict,
                format!("found multiple objects {} that could accept merge of {id}", self.show(&matches)),
            )),
        }
    }

    fn show(&self, indices: &[usize]) -> String {
        let found = indices.iter().filter_map(|index| self.list.get(*index));
        let found: Vec<_> = found.map(Resource::as_json).collect();
        format!("[{}]", found.join(" "))
    }

    /// The places of resources that have, or had, an id of this name that matches.
    pub(crate) fn indices_by_name(
        &self,
        name: &str,
        schema: &Schema,
        matches: impl Fn(&ResId) -> bool,
    ) -> Box<[usize]> {
        let hit = |resource: &Resource| {
            resource.had_name(name)
                && !resource.is_deleted()
                && resource.any_ids(schema).any(|id| matches(&id))
        };
        let hits = self.list.iter().enumerate().filter(|(_, resource)| hit(resource));
        hits.map(|(index, _)| index).collect()
    }

    /// The place of the one resource that has, or had, an id.
    pub(crate) fn index_by_id(&self, id: &ResId, schema: &Schema) -> Result<usize> {
        let found = self.indices_by_name(&id.name, schema, |other| id.same(other));
        let problem = match *found {
            [index] => return Ok(index),
            [] => "no matches for Id",
            _ => "multiple matches for Id",
        };
        let message = format!("{problem} {id}; failed to find unique target for patch {id}");
        Err(Error::new(ErrorKind::Patch, message))
    }

    /// The places of the resources that a selector selects.
    pub(crate) fn select(&self, selector: &Selector, schema: &Schema) -> Result<Vec<usize>> {
        let compiled = CompiledSelector::new(selector)?;
        let mut hits = Vec::new();
        for (index, resource) in self.list.iter().enumerate() {
            if compiled.selects(resource, schema)? {
                hits.push(index);
            }
        }
        Ok(hits)
    }

    /// Drops what has been deleted.
    pub(crate) fn drop_deleted(&mut self) {
        self.list.retain(|resource| !resource.is_deleted());
    }
}

fn already_registered(id: &ResId) -> Error {
    let message = format!("may not add resource with an already registered id: {id}");
    Error::new(ErrorKind::IdConflict, message)
}

/// An id as Go's `%#v` shows it.
fn go_syntax(id: &ResId) -> String {
    format!(
        "resid.ResId{{Gvk:resid.Gvk{{Group:{:?}, Version:{:?}, Kind:{:?}, isClusterScoped:{}}}, Name:{:?}, Namespace:{:?}}}",
        id.gvk.group, id.gvk.version, id.gvk.kind, id.cluster_scoped, id.name, id.namespace
    )
}
