//! Accumulation: a directory's resources, and those of its bases, through its own generators and transformers.

use super::cache::{Base, BaseKey, kept, lock, merge_configs};
use super::{Build, invalid_kustomization, place};
use crate::config::{TransformerConfig, config_of_crds, config_of_document, parse_crds};
use crate::declared::Declared;
use crate::documents;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::FieldSpec;
use crate::kustomization::{self, COMPONENT, FILE_NAMES, Kustomization, Loaded, Var};
use crate::load::{Loader, Root, is_remote_file, names_file};
use crate::origin::Origin;
use crate::plugin::in_file;
use crate::resmap::{Ids, ResMap};
use crate::resource::{ORIGIN, Resource};
use crate::trace::{Cause, RESOURCES};
use ecow::EcoString;
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Diagnostic, Location};

/// Resources on their way, with the configuration and variables that came with them.
#[derive(Clone, Debug, Default)]
pub(super) struct Accumulated {
    pub(super) map: ResMap,
    /// `None` before anything has been configured.
    pub(super) config: Option<Arc<TransformerConfig>>,
    pub(super) vars: BTreeMap<EcoString, Var>,
    /// Every directory that took part.
    pub(super) roots: Vec<Root>,
    /// Whether the namespace above may have been used, for charts.
    pub(super) uses_outer_namespace: bool,
}

impl Accumulated {
    fn merge_config(&mut self, other: &Arc<TransformerConfig>, build: &Build<'_>) -> Result<()> {
        self.config = Some(match &self.config {
            Some(own) => merge_configs(build.cache, own, other)?,
            None => merge_configs(build.cache, &TransformerConfig::empty(), other)?,
        });
        Ok(())
    }

    fn merge(&mut self, other: Self, ids: &mut Ids, build: &Build<'_>) -> Result<()> {
        if self.map.list.is_empty() {
            other.map.check_unique(build.schema.current())?;
            self.map = other.map;
        } else {
            self.map.append_all(other.map.list, ids, build.schema.current())?;
        }
        if let Some(config) = &other.config {
            self.merge_config(config, build)?;
        }
        for (_, var) in other.vars {
            self.add_var(var)?;
        }
        self.roots.extend(other.roots);
        self.uses_outer_namespace |= other.uses_outer_namespace;
        Ok(())
    }

    fn add_var(&mut self, mut var: Var) -> Result<()> {
        if self.vars.contains_key(&var.name) {
            let message = format!("var '{}' already encountered", var.name);
            return Err(Error::new(ErrorKind::Variable, message));
        }
        if var.field_path.is_empty() {
            var.field_path = "metadata.name".into();
        }
        self.vars.insert(var.name.clone(), var);
        Ok(())
    }
}

/// One directory being accumulated.
pub(super) struct Target {
    pub(super) loader: Arc<Loader>,
    pub(super) loaded: Arc<Loaded>,
    pub(super) origin: Option<Origin>,
    pub(super) build_metadata: Vec<EcoString>,
    /// The namespace of the kustomizations above.
    pub(super) outer_namespace: EcoString,
}

impl Target {
    pub(super) fn new(
        loader: Arc<Loader>,
        loaded: Arc<Loaded>,
        origin: Option<Origin>,
        build_metadata: Vec<EcoString>,
        outer_namespace: EcoString,
    ) -> Self {
        Self { loader, loaded, origin, build_metadata, outer_namespace }
    }

    pub(super) fn kustomization(&self) -> &Kustomization {
        &self.loaded.kustomization
    }

    pub(super) fn accumulate(&mut self, build: &mut Build<'_>) -> Result<Accumulated> {
        self.accumulate_into(Accumulated::default(), build)
    }

    /// Accumulates on top of what is there, as a component does.
    fn accumulate_into(&mut self, mut ra: Accumulated, build: &mut Build<'_>) -> Result<Accumulated> {
        let loaded = Arc::clone(&self.loaded);
        let k = &loaded.kustomization;
        ra.roots.push(self.loader.key());
        self.accumulate_resources(&mut ra, &k.resources, build)
            .map_err(|error| error.wrap("accumulating resources"))?;
        ra.merge_config(&self.own_config(k, build)?, build)?;
        let crds = self.crd_config(k).map_err(|error| {
            let paths: Vec<&str> = k.crds.iter().map(|path| path.as_str()).collect();
            error.wrap(format!("loading CRDs [{}]", paths.join(" ")))
        })?;
        if let Some(crds) = crds {
            ra.merge_config(&crds, build)?;
        }
        self.run_generators(&mut ra, build)?;
        self.accumulate_components(&mut ra, &k.components, build)
            .map_err(|error| error.wrap("accumulating components"))?;
        self.run_transformers(&mut ra, build)?;
        self.run_validators(&mut ra, build)?;
        merge_vars(&mut ra, k, build).map_err(|error| {
            let vars: Vec<_> = k.vars.iter().map(Var::as_written).collect();
            error.wrap(format!("merging vars [{}]", vars.join(" ")))
        })?;
        Ok(ra)
    }

    pub(super) fn own_config(&self, k: &Kustomization, build: &Build<'_>) -> Result<Arc<TransformerConfig>> {
        if k.configurations.is_empty() {
            return Ok(TransformerConfig::built_in());
        }
        if let Some(known) = lock(build.cache).configs.get(&self.loader.key()) {
            return Ok(Arc::clone(known));
        }
        let config = self.read_config(k)?;
        lock(build.cache).configs.insert(self.loader.key(), Arc::clone(&config));
        Ok(config)
    }

    fn read_config(&self, k: &Kustomization) -> Result<Arc<TransformerConfig>> {
        let mut config = TransformerConfig::built_in();
        let mut own: Option<Arc<TransformerConfig>> = None;
        for path in &k.configurations {
            let document = yaml::parse(&self.loader.load(path)?, &ParseOptions::kubernetes_strict());
            let document = document.map_err(|error| {
                let message = format!("error converting YAML to JSON: {}", error.message());
                Error::new(ErrorKind::Configuration, message).at(self.location(path))
            })?;
            let read = config_of_document(&document).map_err(|error| {
                let message = format!("error unmarshaling JSON: while decoding JSON: {}", error.message);
                Error::new(ErrorKind::Configuration, message).at(self.location(path))
            })?;
            // What contradicts itself is found here, too.
            own = Some(own.unwrap_or_default().merge(&Arc::new(read))?);
        }
        if let Some(own) = own {
            config = config.merge(&own)?;
        }
        Ok(config)
    }

    pub(super) fn crd_config(&self, k: &Kustomization) -> Result<Option<Arc<TransformerConfig>>> {
        let mut config: Option<Arc<TransformerConfig>> = None;
        for path in &k.crds {
            let bytes = self.loader.load(path)?;
            let read = parse_crds(&bytes).and_then(|document| config_of_crds(&document));
            let read = read.map_err(|error| {
                error
                    .wrap(format!("unable to parse open API definition from '{path}'"))
                    .at(self.location(path))
            })?;
            let read = Arc::new(read);
            config = Some(match config {
                Some(config) => config.merge(&read)?,
                None => read,
            });
        }
        Ok(config)
    }

    pub(super) fn location(&self, path: &str) -> Location {
        Location::file(self.loader.path_of(path))
    }

    /// Accumulates entries of `resources`. What is missing is reported together.
    pub(super) fn accumulate_resources(
        &mut self,
        ra: &mut Accumulated,
        paths: &[EcoString],
        build: &mut Build<'_>,
    ) -> Result<()> {
        let mut failure: Option<Error> = None;
        let mut ids = Ids::default();
        for path in paths {
            build.cancel.advance(ra.map.list.len().max(1))?;
            let Err(error) = self.accumulate_entry(ra, &mut ids, path, build) else { continue };
            let error = match self.kustomization().resources.iter().position(|other| other == path) {
                Some(index) => error.placed(place::of_field(self, "resources", Some(index))),
                None => error.placed(Location::file(self.kustomization_file())),
            };
            let can_go_on = matches!(error.kind(), ErrorKind::MissingResource | ErrorKind::MissingRemote);
            failure = match failure {
                None if can_go_on => Some(error),
                None => return Err(error),
                Some(first) if can_go_on => Some(first.and([error])),
                Some(first) => Some(first),
            };
        }
        failure.map_or(Ok(()), Err)
    }

    /// Accumulates a file, or else a directory.
    fn accumulate_entry(
        &mut self,
        ra: &mut Accumulated,
        ids: &mut Ids,
        path: &EcoString,
        build: &mut Build<'_>,
    ) -> Result<()> {
        let surely_directory = self.loader.is_directory(path);
        let mut as_file = None;
        if !surely_directory {
            match self.accumulate_file(ra, ids, path, build) {
                Ok(()) => return Ok(()),
                Err(error) => as_file = Some(error),
            }
        }
        // What is said of a directory as a file is needed only when it is no good as a directory either.
        let as_file = |this: &Self, build: &mut Build<'_>| {
            as_file
                .or_else(|| {
                    this.accumulate_file(&mut Accumulated::default(), &mut Ids::default(), path, build).err()
                })
                .unwrap_or_else(|| Error::new(ErrorKind::MissingResource, path.as_str()))
        };
        let loader = match self.loader.open_base(path) {
            Ok(loader) => loader,
            Err(error) => {
                let as_file = as_file(self, build);
                if is_malformed(as_file.message()) {
                    return Err(as_file);
                }
                // A file that exists is what was meant, as is a URL that looks like one.
                let file_is_there =
                    !matches!(as_file.kind(), ErrorKind::MissingResource | ErrorKind::MissingRemote)
                        || (is_remote_file(path) && names_file(path));
                let message = format!("accumulation err='{}': {}", as_file.message(), error.message());
                let telling = if file_is_there { as_file } else { error };
                return Err(telling.reword(|_| message));
            }
        };
        self.accumulate_directory(ra, ids, loader, path, false, build).map_err(|error| {
            let as_file = as_file(self, build);
            error.wrap(format!("accumulation err='{}'", as_file.message()))
        })
    }

    pub(super) fn kustomization_file(&self) -> EcoString {
        self.loader.path_of(self.loaded.file)
    }

    fn accumulate_file(
        &self,
        ra: &mut Accumulated,
        ids: &mut Ids,
        path: &EcoString,
        build: &mut Build<'_>,
    ) -> Result<()> {
        let prefix = || format!("accumulating resources from '{path}'");
        let mut resources = build.load_resources(&self.loader, path).map_err(|error| error.wrap(prefix()))?;
        build.schema.note(&resources);
        if let Some(origin) = &self.origin {
            let text = origin.append(path).text();
            let mut map = ResMap { list: resources };
            let pairs = [(ORIGIN.into(), text.into())].into_iter().collect();
            crate::transform::set_pairs(
                &mut map,
                &pairs,
                &[FieldSpec::of_any("metadata/annotations", true)],
            )?;
            resources = map.list;
            build.note(&mut resources, || Cause::of("buildMetadata", None));
        }
        ra.map
            .append_all(resources, ids, build.schema.current())
            .map_err(|error| error.wrap(format!("merging resources from '{path}'")))
    }

    fn accumulate_components(
        &mut self,
        ra: &mut Accumulated,
        paths: &[EcoString],
        build: &mut Build<'_>,
    ) -> Result<()> {
        for path in paths {
            let quoted = |what: &str, error: Error| {
                // Each level of quotes doubles the backslashes of those within.
                error.reword(|message| match message.len() {
                    ..=LONG_MESSAGE => format!("{what} {message:?}"),
                    _ => format!("{what} {message}"),
                })
            };
            let result = match self.loader.open_base(path) {
                Err(error) => Err(quoted("loader.New", error)),
                Ok(loader) => self
                    .accumulate_directory(ra, &mut Ids::default(), loader, path, true, build)
                    .map_err(|error| quoted("accumulateDirectory:", error)),
            };
            result.map_err(|error| error.placed(place::of_entry(self, "components", paths, path)))?;
        }
        Ok(())
    }

    fn accumulate_directory(
        &mut self,
        ra: &mut Accumulated,
        ids: &mut Ids,
        loader: Loader,
        path: &EcoString,
        is_component: bool,
        build: &mut Build<'_>,
    ) -> Result<()> {
        let loader = Arc::new(loader);
        let shown = loader.display();
        let key = BaseKey {
            root: loader.key(),
            root_only: loader.is_root_only(),
            origin: self.origin.as_ref().map(|origin| origin.append(path)),
            build_metadata: self.build_metadata.clone(),
        };
        let result = if is_component {
            self.accumulate_component(ra, &loader, &key, build)
        } else {
            self.accumulate_base(&loader, key, build).and_then(|base| {
                ra.merge(base, ids, build)
                    .map_err(|error| error.wrap(format!("recursed merging from path '{shown}'")))
            })
        };
        result.map_err(|error| error.reached_from(&self.loader.display()))
    }

    /// The namespace that charts below this directory inherit.
    pub(super) fn namespace_below(&self) -> EcoString {
        let own = &self.kustomization().namespace;
        if own.is_empty() { self.outer_namespace.clone() } else { own.clone() }
    }

    fn sub_target(
        &self,
        loader: &Arc<Loader>,
        key: &BaseKey,
        is_component: bool,
        build: &mut Build<'_>,
    ) -> Result<Self> {
        let shown = loader.display();
        let loaded = build
            .load_kustomization(loader)
            .map_err(|error| error.wrap(format!("couldn't make target for path '{shown}'")))?;
        build.set_schema(&loaded.kustomization, loader, false)?;
        let kind = &loaded.kustomization.kind;
        let complaint = match (is_component, kind == COMPONENT) {
            (true, false) => format!("expected kind '{COMPONENT}' for path '{shown}' but got '{kind}'"),
            (false, true) => format!("expected kind != '{COMPONENT}' for path '{shown}'"),
            _ => {
                let outer = self.namespace_below();
                let metadata = self.build_metadata.clone();
                return Ok(Self::new(Arc::clone(loader), loaded, key.origin.clone(), metadata, outer));
            }
        };
        Err(Error::new(ErrorKind::InvalidKustomization, complaint))
    }

    fn accumulate_component(
        &self,
        ra: &mut Accumulated,
        loader: &Arc<Loader>,
        key: &BaseKey,
        build: &mut Build<'_>,
    ) -> Result<()> {
        build.enter_component()?;
        let mut target = self.sub_target(loader, key, true, build)?;
        let so_far = std::mem::take(ra);
        *ra = target
            .accumulate_into(so_far, build)
            .map_err(|error| error.wrap(format!("recursed accumulation of path '{}'", loader.display())))?;
        let merging = |error: Error| error.wrap(format!("recursed merging from path '{}'", loader.display()));
        ra.map.check_unique(build.schema.current()).map_err(merging)?;
        // Upstream puts all that it has by now into an empty accumulator, where entries may conflict that did not before.
        match ra.config.take() {
            Some(config) => ra.merge_config(&config, build).map_err(merging),
            None => Ok(()),
        }
    }

    /// Accumulates a base, or takes it from an earlier time.
    fn accumulate_base(
        &self,
        loader: &Arc<Loader>,
        key: BaseKey,
        build: &mut Build<'_>,
    ) -> Result<Accumulated> {
        let shareable = build.schema.is_shareable();
        if shareable && let Some(base) = build.known_base(&key) {
            base.accumulated.roots.iter().try_for_each(|root| self.loader.check_cycle(root))?;
            build.enter_base(base.bases)?;
            build.warnings.extend(base.warnings.iter().cloned());
            build.schema.asked |= base.asked;
            build.schema.walked |= base.walked;
            return Ok(base.accumulated.clone());
        }
        let outer_warnings = std::mem::take(&mut build.warnings);
        let before = build.bases;
        build.enter_base(1)?;
        let result = self.sub_target(loader, &key, false, build).and_then(|mut target| {
            target
                .accumulate(build)
                .map_err(|error| error.wrap(format!("recursed accumulation of path '{}'", loader.display())))
        });
        let warnings = std::mem::replace(&mut build.warnings, outer_warnings);
        build.warnings.extend(warnings.iter().cloned());
        let accumulated = result?;
        if shareable && build.schema.is_shareable() && !accumulated.uses_outer_namespace {
            let base = Base {
                accumulated: accumulated.clone(),
                bases: build.bases - before,
                warnings,
                asked: build.schema.asked,
                walked: build.schema.walked,
            };
            lock(build.cache).bases.insert(key, Arc::new(base));
        }
        Ok(accumulated)
    }
}

/// Whether a file has been read and is no YAML.
fn is_malformed(message: &str) -> bool {
    ["MalformedYAMLError", documents::TO_MAP].iter().any(|words| message.contains(words))
}

/// Messages of so many bytes are not quoted any more.
const LONG_MESSAGE: usize = 1 << 16;

/// Adds a kustomization's variables, and tells the resources they read from.
fn merge_vars(ra: &mut Accumulated, k: &Kustomization, build: &Build<'_>) -> Result<()> {
    for var in &k.vars {
        let object = crate::ids::ResId {
            gvk: var.object.resolved_gvk().into(),
            name: var.object.name.clone(),
            namespace: var.object.namespace.clone(),
            cluster_scoped: false,
        };
        let hits = ra.map.indices_by_name(&object.name, build.schema.current(), |id| {
            if object.namespace.is_empty() { object.same_but_namespace(id) } else { object.same(id) }
        })?;
        match *hits {
            [] => {}
            [at] => {
                if let Some(resource) = ra.map.list.get_mut(at) {
                    resource.history_mut().variables.push(var.name.clone());
                }
            }
            _ => {
                let message = format!(
                    "found {} resId matches for var {{{} {} {{{}}}}} (unable to disambiguate)",
                    hits.len(),
                    var.name,
                    object.gvk,
                    var.field_path
                );
                return Err(Error::new(ErrorKind::Variable, message));
            }
        }
    }
    k.vars.iter().try_for_each(|var| ra.add_var(var.clone()))
}

impl Build<'_> {
    fn known_base(&self, key: &BaseKey) -> Option<Arc<Base>> {
        lock(self.cache).bases.get(key).cloned()
    }

    /// Reads the resources of a file.
    fn load_resources(&self, loader: &Loader, path: &str) -> Result<Vec<Resource>> {
        let bytes = loader.load(path)?;
        let read = || {
            let file = loader.path_of(path);
            let mut resources = documents::resources_for_now(&bytes, &self.options.limits)
                .map_err(|error| error.reword(|message| in_file(message, path)).in_file(&file))?;
            for (position, resource) in resources.iter_mut().enumerate() {
                let declared = Declared::document(loader.repository(), file.clone(), position);
                resource.declared = Some(Arc::new(declared));
                let declared = resource.declared.clone();
                self.note(std::slice::from_mut(resource), || Cause::of(RESOURCES, declared));
            }
            let map = ResMap { list: resources };
            map.check_unique(self.schema.current())?;
            Ok(map.list)
        };
        if is_remote_file(path) || !self.schema.is_shareable() {
            return read();
        }
        let key = (loader.key().0, loader.path_of(path));
        let list = kept(self.cache, |cache| &mut cache.files, key, || read().map(Arc::new))?;
        // What nobody shares is changed in place.
        Ok(Arc::unwrap_or_clone(list))
    }

    /// Finds, reads and checks the kustomization of a directory; its warnings are given every time.
    pub(super) fn load_kustomization(&mut self, loader: &Loader) -> Result<Arc<Loaded>> {
        let key = loader.key();
        let read = || read_kustomization(loader, self.options).map(Arc::new);
        let loaded = kept(self.cache, |cache| &mut cache.kustomizations, key, read)?;
        for warning in &loaded.deprecated {
            let file = loader.path_of(loaded.file);
            let warning = Diagnostic::warning("kustomize/deprecated-field", *warning);
            self.warnings.push(warning.at(Location::file(file)));
        }
        Ok(loaded)
    }
}

fn read_kustomization(loader: &Loader, options: &crate::Options) -> Result<Loaded> {
    let mut found = FILE_NAMES.iter().filter_map(|name| Some((*name, loader.find(name)?)));
    let (file, bytes) = match (found.next(), found.next()) {
        (Some(only), None) => only,
        (None, _) => {
            let message = format!(
                "unable to find one of 'kustomization.yaml', 'kustomization.yml' or 'Kustomization' in directory '{}'",
                loader.display()
            );
            return Err(Error::new(ErrorKind::MissingKustomization, message)
                .at(Location::file(loader.root().clone())));
        }
        (Some(_), Some(_)) => {
            let message = format!("Found multiple kustomization files under: {}\n", loader.display());
            return Err(Error::new(ErrorKind::MissingKustomization, message)
                .at(Location::file(loader.root().clone())));
        }
    };
    let path = loader.path_of(file);
    let document = yaml::parse(&bytes, &ParseOptions::kubernetes().with_limits(options.limits.clone()));
    let document = document.map_err(|error| kustomization::unreadable(&error, &path))?;
    let mut loaded = kustomization::from_document(&document).map_err(|error| {
        let place = line_of(&bytes, &error.field, &path);
        invalid_kustomization(&error, &document).at(place)
    })?;
    loaded.file = file;
    match loaded.complaint(loader) {
        Some(complaint) => {
            Err(Error::new(ErrorKind::InvalidKustomization, complaint).at(Location::file(path)))
        }
        None => Ok(loaded),
    }
}

/// Where a field is written first.
fn line_of(bytes: &[u8], field: &str, path: &EcoString) -> Location {
    let text = String::from_utf8_lossy(bytes);
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let trimmed = line.trim_start_matches([' ', '-', '"', '\'']);
        let rest = trimmed.strip_prefix(field).map(|rest| rest.trim_start_matches(['"', '\'']));
        if !field.is_empty() && rest.is_some_and(|rest| rest.trim_start().starts_with(':')) {
            let start = offset + line.len() - trimmed.len();
            let position = |offset| trueup_manifest::Position::of(bytes, offset);
            let span = trueup_manifest::Span { start: position(start), end: position(start + field.len()) };
            return Location::span(path.clone(), span);
        }
        offset += line.len();
    }
    Location::file(path.clone())
}
