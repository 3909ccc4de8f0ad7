//! A build: the accumulation of a directory, and what is done once at the end.

mod accumulate;
mod cache;
mod charts;
#[cfg(test)]
mod growth;
mod place;
mod plugins;
mod schema;
mod survey;

use crate::decode::DecodeError;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::FieldSpec;
use crate::kustomization::{self, Kustomization};
use crate::limits::{self, Growth};
use crate::load::Loader;
use crate::manifests::Manifests;
use crate::options::{LoadRestrictions, Options, Reorder};
use crate::origin::Origin;
use crate::patch::RecentPatches;
use crate::resmap::ResMap;
use crate::resource::{LOCAL_CONFIG, Resource};
use crate::trace::{self, Cause, NAME_REFERENCE};
use crate::{documents, hash, sort, transform};
use accumulate::Target;
use cache::Cache;
use ecow::EcoString;
use schema::SchemaState;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use trueup_manifest::{Cancel, Diagnostic, FileTree, Value};
use trueup_schema::kustomize::Schema;

/// Builds directories of one tree and remembers what they share: parsed files, accumulated bases.
#[derive(Debug)]
pub struct Renderer {
    tree: FileTree,
    options: Options,
    cache: Mutex<Cache>,
    patches: RecentPatches,
}

/// One run.
struct Build<'r> {
    options: &'r Options,
    cache: &'r Mutex<Cache>,
    patches: &'r RecentPatches,
    cancel: &'r Cancel,
    schema: SchemaState,
    growth: Growth,
    /// How many bases it went through, each time they are named.
    bases: usize,
    /// How many components it went through.
    components: usize,
    warnings: Vec<Diagnostic>,
}

impl Renderer {
    /// Returns a renderer of a tree.
    pub fn new(tree: FileTree, options: Options) -> Self {
        Self { tree, options, cache: Mutex::default(), patches: RecentPatches::default() }
    }

    /// Returns true if what it builds can be [explained](Manifests::explain).
    pub fn is_traced(&self) -> bool {
        self.options.trace
    }

    /// Builds a directory of the tree, or a remote one that is mounted.
    ///
    /// # Errors
    /// As [`crate::build`].
    pub fn build(&self, directory: &str) -> Result<Manifests, Error> {
        self.build_with(directory, &Cancel::default())
    }

    /// Builds a directory as [`Renderer::build`] does, and stops when it is told to. A step is a resource that is loaded or transformed.
    ///
    /// # Errors
    /// As [`crate::build`], and [`ErrorKind::Cancelled`]. What was remembered so far stays good.
    pub fn build_with(&self, directory: &str, cancel: &Cancel) -> Result<Manifests, Error> {
        let mut build = Build {
            options: &self.options,
            cache: &self.cache,
            patches: &self.patches,
            cancel,
            schema: SchemaState::default(),
            growth: Growth::new(self.options.limits.max_copied_bytes),
            bases: 0,
            components: 0,
            warnings: Vec::new(),
        };
        build.run(&self.tree, directory)
    }
}

impl Build<'_> {
    fn run(&mut self, tree: &FileTree, directory: &str) -> Result<Manifests> {
        let root_only = self.options.load_restrictions == LoadRestrictions::RootOnly;
        let loader = Arc::new(Loader::open(tree, directory, root_only)?);
        let loaded = self.load_kustomization(&loader)?;
        self.set_schema(&loaded.kustomization, &loader, true)?;
        let kustomization = Arc::clone(&loaded);
        let origin = (!loaded.kustomization.build_metadata.is_empty()).then(Origin::default);
        let metadata = loaded.kustomization.build_metadata.clone();
        let mut target = Target::new(Arc::clone(&loader), loaded, origin, metadata, EcoString::new());
        let done = match target.accumulate(self) {
            Ok(done) => done,
            Err(error) => {
                let error = error.reached_from(&loader.display());
                return Err(survey::with_others(error, &mut target, self));
            }
        };
        if let Some(error) = self.schema.failure() {
            return Err(error.reached_from(&loader.display()));
        }
        let mut map = done.map;
        let schema = self.schema.current();
        hash::add_hashes(&mut map, schema)?;
        self.note(&mut map.list, || Cause::of("name hash", None));
        map.list.iter().try_for_each(Resource::check_history)?;
        if let Some(config) = &done.config {
            transform::fix_references(&mut map, config, schema)?;
            self.note(&mut map.list, || Cause::of(NAME_REFERENCE, None));
            let unused = transform::expand(&mut map, &done.vars, &config.var_reference, &mut self.growth)?;
            self.note(&mut map.list, || Cause::of("vars", None));
            if !unused.is_empty() {
                let message = format!("well-defined vars that were never replaced: {}", unused.join(","));
                self.warnings.push(Diagnostic::warning("kustomize/unused-vars", message));
            }
        }
        for resource in &map.list {
            // Upstream shows what it has noted in the annotations, too.
            documents::check_metadata(&resource.value)
                .or_else(|_| documents::check_metadata(&resource.with_annotations()))?;
        }
        drop_local(&mut map, schema)?;
        self.finish(map, &kustomization.kustomization, tree)
    }

    fn finish(
        &mut self,
        mut map: ResMap,
        kustomization: &Kustomization,
        tree: &FileTree,
    ) -> Result<Manifests> {
        let schema = self.schema.current();
        match (&kustomization.sort_options, self.options.reorder) {
            (Some(options), _) => sort::sort(&mut map, options, schema)?,
            (None, Reorder::None) => {}
            (None, Reorder::Legacy | Reorder::Unspecified) => sort::sort_legacy(&mut map, schema)?,
        }
        let wants = |name: &str| kustomization.build_metadata.iter().any(|option| option == name);
        if self.options.add_managed_by_label || wants("managedByLabel") {
            let pairs =
                [("app.kubernetes.io/managed-by".into(), "kustomize-v5.8.1".into())].into_iter().collect();
            transform::set_pairs(&mut map, &pairs, &[FieldSpec::of_any("metadata/labels", true)])?;
            self.note(&mut map.list, || Cause::of("buildMetadata", None));
        }
        let (origins, transformations) = (wants("originAnnotations"), wants("transformerAnnotations"));
        for resource in &mut map.list {
            resource.finish(origins, transformations)?;
            resource.value = documents::through_json(&resource.value)
                .map_err(|error| self.error_of_file(resource, tree).unwrap_or(error))?;
        }
        self.note(&mut map.list, || Cause::of("output", None));
        Ok(Manifests::new(map.list, std::mem::take(&mut self.warnings)))
    }
}

impl Build<'_> {
    /// Counts a base, with those that it is built on.
    fn enter_base(&mut self, bases: usize) -> Result<()> {
        self.bases = self.bases.saturating_add(bases);
        limits::check_count(self.bases, limits::MAX_BASES, "bases")
    }

    fn enter_component(&mut self) -> Result<()> {
        self.components += 1;
        limits::check_count(self.components, limits::MAX_COMPONENTS, "components")
    }

    /// Notes what has changed each resource, if the build is traced.
    fn note(&self, resources: &mut [Resource], cause: impl FnOnce() -> Cause) {
        if self.options.trace {
            trace::note(resources, cause);
        }
    }

    /// What is wrong with the file that declares a resource, now that it matters: a key that occurs twice has its place there.
    pub(super) fn error_of_file(&self, resource: &Resource, tree: &FileTree) -> Option<Error> {
        let declared = resource.declared.as_deref();
        let declared =
            declared.filter(|declared| declared.is_document() && declared.repository.is_empty())?;
        let bytes = tree.read(&declared.file).ok()?;
        let error = documents::resources(bytes, &self.options.limits).err()?;
        Some(error.in_file(&declared.file))
    }
}

/// Drops what is for the build alone. Upstream does so by id: what has the id of a resource that stays, stays.
fn drop_local(map: &mut ResMap, schema: &Schema) -> Result<()> {
    let is_local =
        |resource: &Resource| resource.annotation(LOCAL_CONFIG).is_some_and(|text| text != "false");
    if !map.list.iter().any(is_local) {
        return map.check_unique(schema);
    }
    let (local, staying): (Vec<_>, Vec<_>) = map.list.iter().cloned().partition(is_local);
    let staying = ResMap { list: staying };
    staying.check_unique(schema)?;
    let staying: BTreeSet<_> = staying.list.iter().map(|resource| resource.cur_id(schema)).collect();
    let mut dropped = BTreeSet::new();
    for id in local.iter().map(|resource| resource.cur_id(schema)) {
        if !staying.contains(&id) && !dropped.insert(id.clone()) {
            return Err(Error::new(ErrorKind::IdConflict, format!("id {id} not found in removal")));
        }
    }
    map.list.retain(|resource| !dropped.contains(&resource.cur_id(schema)));
    Ok(())
}

/// The error for a kustomization that Go cannot decode.
fn invalid_kustomization(error: &DecodeError, document: &Value) -> Error {
    let message = format!("invalid Kustomization: {}", error.message);
    let invalid = Error::new(ErrorKind::InvalidKustomization, message);
    // Of the fields further down none are known by a list.
    let is_own = error.is_unknown && document.get(&error.field).is_some();
    match kustomization::meant_field(&error.field).filter(|_| is_own) {
        Some(field) => invalid.help(format!("did you mean `{field}`?")),
        None => invalid,
    }
}
