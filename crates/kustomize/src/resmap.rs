//! The resources of a build, in order, and the rules by which they come together.

use crate::error::{Error, ErrorKind, Result};
use crate::ids::{IdKey, ResId};
use crate::kustomization::Selector;
use crate::resource::{Behavior, ORIGIN, Resource};
use crate::selector::CompiledSelector;
use crate::steps;
use ecow::EcoString;
use std::collections::{BTreeMap, BTreeSet};
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
        map.append_all(resources, &mut Ids::default(), schema)?;
        Ok(map)
    }

    /// Adds resources whose ids must be new. The ids are those of this list, as far as they are known.
    pub(crate) fn append_all(
        &mut self,
        resources: Vec<Resource>,
        ids: &mut Ids,
        schema: &Schema,
    ) -> Result<()> {
        ids.bring_up_to_date(&self.list, schema);
        self.list.reserve(resources.len());
        for resource in resources {
            let id = resource.cur_id(schema);
            steps::count();
            if !ids.seen.insert(id.key()) {
                return Err(already_registered(&id));
            }
            self.list.push(resource);
            ids.count += 1;
        }
        Ok(())
    }

    /// Fails if two resources have the same id.
    pub(crate) fn check_unique(&self, schema: &Schema) -> Result<()> {
        // Names and kinds tell most apart, and are at hand.
        let mut names: Vec<_> = self.list.iter().map(|resource| (resource.name(), resource.kind())).collect();
        names.sort_unstable();
        if names.is_sorted_by(|a, b| a < b) {
            return Ok(());
        }
        let mut seen = BTreeSet::new();
        for id in self.list.iter().map(|res| res.cur_id(schema)) {
            if !seen.insert(id.key()) {
                return Err(already_registered(&id));
            }
        }
        Ok(())
    }

    /// Adds what a generator made: new resources, or replacements of and additions to old ones.
    pub(crate) fn absorb(
        &mut self,
        resources: Vec<Resource>,
        names: &mut Names,
        ids: &mut Ids,
        schema: &Schema,
    ) -> Result<()> {
        resources.into_iter().try_for_each(|resource| {
            // Upstream asks all for their ids, which it keeps in annotations.
            names.uneven(&self.list).try_for_each(|other| other.check_pairs("annotations"))?;
            let name = resource.name();
            match self.absorb_one(resource, &names.holders(&name), schema)? {
                Some(new) => {
                    names.note(self.list.len(), &new);
                    self.append_all(vec![new], ids, schema)
                }
                None => Ok(()),
            }
        })
    }

    /// Adds a resource to one of the candidates; gives it back if it is new.
    fn absorb_one(
        &mut self,
        mut resource: Resource,
        candidates: &[usize],
        schema: &Schema,
    ) -> Result<Option<Resource>> {
        let id = resource.cur_id(schema);
        let behavior = resource.history().behavior.unwrap_or_default();
        let is_match = |at: &usize| {
            self.list.get(*at).is_some_and(|other| {
                !other.is_deleted() && other.any_ids(schema).any(|other| id.same(&other))
            })
        };
        let matches: Vec<usize> = candidates.iter().copied().filter(is_match).collect();
        match (&*matches, behavior) {
            ([], Behavior::Merge | Behavior::Replace) => Err(Error::new(
                ErrorKind::Generator,
                format!("id {} does not exist; cannot merge or replace", go_syntax(&id)),
            )),
            ([], _) => Ok(Some(resource)),
            ([index], Behavior::Merge | Behavior::Replace) => {
                let Some(slot) = self.list.get_mut(*index) else { return Ok(None) };
                let origin = slot.annotation(ORIGIN);
                resource.trace = slot.trace.take();
                resource.take_metadata_from(slot)?;
                if behavior == Behavior::Merge {
                    resource.merge_data_from(slot);
                    if let Some(origin) = origin {
                        resource.set_annotation(ORIGIN, &origin);
                    }
                }
                *slot = resource;
                Ok(None)
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
    ///
    /// # Errors
    /// When upstream cannot ask one of them for its ids.
    pub(crate) fn indices_by_name(
        &self,
        name: &str,
        schema: &Schema,
        matches: impl Fn(&ResId) -> bool,
    ) -> Result<Vec<usize>> {
        let mut hits = Vec::new();
        for (index, resource) in self.list.iter().enumerate().filter(|(_, resource)| !resource.is_deleted()) {
            resource.check_pairs("annotations")?;
            if resource.had_name(name) && resource.any_ids(schema).any(|id| matches(&id)) {
                hits.push(index);
            }
        }
        Ok(hits)
    }

    /// The place of the one resource that has, or had, an id.
    pub(crate) fn index_by_id(&self, id: &ResId, schema: &Schema) -> Result<usize> {
        let found = self.indices_by_name(&id.name, schema, |other| id.same(other))?;
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

/// The ids of a growing list, so that each new one need not be held against all others.
#[derive(Debug, Default)]
pub(crate) struct Ids {
    seen: BTreeSet<IdKey>,
    /// How many resources they are of.
    count: usize,
    /// Whether a schema that is not built in had its say.
    custom: bool,
}

impl Ids {
    fn bring_up_to_date(&mut self, list: &[Resource], schema: &Schema) {
        let custom = !schema.is_built_in();
        if self.count != list.len() || self.custom != custom {
            let seen = list.iter().map(|resource| resource.cur_id(schema).key()).collect();
            *self = Self { seen, count: list.len(), custom };
        }
    }
}

/// Which resources have, or had, a name. It may know more names than there are: who is named must be asked again.
#[derive(Debug, Default)]
pub(crate) struct Names {
    holders: BTreeMap<EcoString, BTreeSet<usize>>,
    /// Those that cannot be asked for labels or annotations.
    uneven: BTreeSet<usize>,
}

impl Names {
    pub(crate) fn of(list: &[Resource]) -> Self {
        let mut names = Self::default();
        for (at, resource) in list.iter().enumerate() {
            names.note(at, resource);
        }
        names
    }

    /// Adds the names of the resource at a place.
    pub(crate) fn note(&mut self, at: usize, resource: &Resource) {
        for previous in &resource.history().previous {
            self.add(previous.name.clone(), at);
        }
        self.add(resource.name(), at);
        if ["labels", "annotations"].iter().any(|field| resource.check_pairs(field).is_err()) {
            self.uneven.insert(at);
        }
    }

    /// Those that may not be asked for labels or annotations.
    fn uneven<'r>(&self, list: &'r [Resource]) -> impl Iterator<Item = &'r Resource> {
        self.uneven.iter().filter_map(|at| list.get(*at))
    }

    fn add(&mut self, name: EcoString, at: usize) {
        self.holders.entry(name).or_default().insert(at);
    }

    /// The places of the holders of a name, in order.
    pub(crate) fn holders(&self, name: &str) -> Vec<usize> {
        self.holders.get(name).into_iter().flatten().copied().collect()
    }

    /// The places of the holders of a name and of those over whose labels or annotations selecting fails, in order.
    pub(crate) fn holders_or_uneven(&self, name: &str) -> Vec<usize> {
        match self.holders.get(name) {
            Some(holders) => holders.union(&self.uneven).copied().collect(),
            None => self.uneven.iter().copied().collect(),
        }
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
