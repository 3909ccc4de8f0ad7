//! The generators, transformers and validators of one directory, in the order in which they run.

use super::accumulate::{Accumulated, Target};
use super::cache::{Steps, address, kept};
use super::{Build, place};
use crate::config::TransformerConfig;
use crate::declared::Declared;
use crate::documents;
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{FieldSpec, FieldSpecs};
use crate::functions::{Function, FunctionPlugin, function_spec};
use crate::generate::{Generated, generate, merged_options};
use crate::kustomization::{GeneratorArgs, Kustomization, StringMap, through_config};
use crate::origin::{self, Origin};
use crate::plugin::{self, Plugin, Transformer, written};
use crate::resmap::{Ids, Names, ResMap};
use crate::resource::{ORIGIN, Resource};
use crate::trace::Cause;
use crate::transform::{Affix, NamespaceOptions, set_images};
use ecow::EcoString;
use std::sync::{Arc, LazyLock};
use trueup_manifest::{Location, yaml};
use trueup_schema::kustomize::Schema;

/// A transformer, the origin it leaves on what it changes, and where it is configured.
type Step = (Transformer, Option<Origin>, Option<Arc<Declared>>);

/// What a generator makes, and the origin it leaves on it.
type Made = (Result<Vec<Resource>>, Option<Origin>);

const VALIDATED_BY: &str = "validated-by";

impl Target {
    pub(super) fn run_generators(&mut self, ra: &mut Accumulated, build: &mut Build<'_>) -> Result<()> {
        let loaded = Arc::clone(&self.loaded);
        let k = &loaded.kustomization;
        // What a generator could not make matters when its turn comes.
        let mut made: Vec<Made> = Vec::new();
        for (what, args) in
            [(Generated::ConfigMap, &k.config_map_generator), (Generated::Secret, &k.secret_generator)]
        {
            for (position, args) in args.iter().enumerate() {
                let options = merged_options(args.options.as_ref(), k.generator_options.as_ref());
                let args = GeneratorArgs { options, ..args.clone() };
                let kind =
                    if what == Generated::ConfigMap { "ConfigMapGenerator" } else { "SecretGenerator" };
                let field =
                    if what == Generated::ConfigMap { "configMapGenerator" } else { "secretGenerator" };
                let resource = generate(what, &args, &self.loader)
                    .map_err(|error| error.placed(place::of_field(self, field, Some(position))));
                let resource = resource.map(|mut resource| {
                    let file = self.kustomization_file();
                    let declared = Declared::entry(self.loader.repository(), file, field, Some(position));
                    resource.declared = Some(Arc::new(declared));
                    vec![resource]
                });
                made.push((resource, self.builtin_origin(kind)));
            }
        }
        for (position, chart) in k.helm_charts.iter().enumerate() {
            let here = |error: Error| error.placed(place::of_field(self, "helmCharts", Some(position)));
            ra.uses_outer_namespace = true;
            let globals = k.helm_globals.clone().unwrap_or_default();
            let chart = self.chart_in_namespace(chart);
            let configured = self.configure_chart(chart.clone(), &globals, build).map_err(|error| {
                here(trouble(error, "HelmChartInflationGenerator", &written::helm_chart(&chart, &globals)))
            })?;
            let resources = self.render_chart(&configured, build).map_err(here);
            made.push((resources, self.builtin_origin("HelmChartInflationGenerator")));
        }
        self.external_generators(&k.generators, &mut made, build)
            .map_err(|error| error.wrap("loading generator plugins"))?;
        if made.is_empty() {
            return Ok(());
        }
        let (mut names, mut ids) = (Names::of(&ra.map.list), Ids::default());
        for (resources, origin) in made {
            let mut resources = resources?;
            build.schema.note(&resources);
            if let Some(origin) = &origin {
                resources.iter_mut().for_each(|resource| origin::add_origin(resource, origin));
            }
            let declared = resources.first().and_then(|resource| resource.declared.clone());
            ra.map
                .absorb(resources, &mut names, &mut ids, build.schema.current())
                .map_err(|error| error.wrap("merging from generator"))?;
            build.note(&mut ra.map.list, || Cause::of("generators", declared));
        }
        Ok(())
    }

    fn builtin_origin(&self, kind: &str) -> Option<Origin> {
        self.origin.as_ref().map(|origin| origin.of_builtin(self.loaded.file, kind))
    }

    fn external_generators(
        &mut self,
        entries: &[EcoString],
        made: &mut Vec<Made>,
        build: &mut Build<'_>,
    ) -> Result<()> {
        for resource in self.plugin_resources(entries, "generator", build)? {
            let failed = |error: Error| error.wrap("failed to load generator");
            let origin = Origin::of_plugin(&resource);
            let resources = match self.load_plugin(&resource, entries, build).map_err(failed)? {
                Plugin::Generated(made) => made.map(|resource| vec![resource]),
                Plugin::Chart(chart) => {
                    let (chart, globals) = *chart;
                    let configured = self.configure_chart(chart, &globals, build).map_err(|error| {
                        let id = resource.org_id(build.schema.current());
                        failed(error.wrap(format!("plugin {id} fails configuration")))
                    })?;
                    self.render_chart(&configured, build)
                }
                Plugin::Function(function) => function.generate(),
                Plugin::Transformer(_) => {
                    let id = resource.org_id(build.schema.current());
                    let message = format!("plugin {id} not a generator");
                    return Err(failed(Error::new(ErrorKind::Generator, message)));
                }
            };
            made.push((resources, origin));
        }
        Ok(())
    }

    /// The resources that configure plugins: written inline, or in files and directories.
    pub(super) fn plugin_resources(
        &mut self,
        entries: &[EcoString],
        role: &str,
        build: &mut Build<'_>,
    ) -> Result<Vec<Resource>> {
        let (mut ra, mut ids) = (Accumulated::default(), Ids::default());
        let mut paths = Vec::new();
        for entry in entries {
            let inline = documents::resources(entry.as_bytes(), &build.options.limits)
                .and_then(|resources| ResMap::of(resources, build.schema.current()));
            let Ok(mut inline) = inline else {
                paths.push(entry.clone());
                continue;
            };
            build.schema.note(&inline.list);
            if let Some(own) = &self.origin {
                let text = own.append(self.loaded.file).text();
                for resource in &mut inline.list {
                    let mut annotations = resource.annotations();
                    annotations.insert(ORIGIN.into(), text.as_str().into());
                    resource.set_annotations(&annotations);
                }
            }
            ra.map
                .append_all(inline.list, &mut ids, build.schema.current())
                .map_err(|error| error.wrap(format!("configuring external {role}")))?;
        }
        self.accumulate_resources(&mut ra, &paths, build)?;
        Ok(ra.map.list)
    }

    fn load_plugin(&self, resource: &Resource, entries: &[EcoString], build: &Build<'_>) -> Result<Plugin> {
        let schema = build.schema.current();
        let gvk = resource.gvk();
        if !(gvk.group.is_empty() && gvk.version == "builtin") {
            return self.external_plugin(resource, entries, build);
        }
        let mut resource = resource.clone();
        resource.value = documents::read_back(&resource.value).map_err(|error| {
            let error = build.error_of_file(&resource, self.loader.tree()).unwrap_or(error);
            let prefix = format!("marshalling yaml from res {}", resource.org_id(schema));
            error.reword(|why| why.trim_start_matches(documents::TO_MAP).to_owned()).wrap(prefix)
        })?;
        if let Some(settled) = through_config(&resource.value) {
            resource.value = settled;
        }
        let resource = &resource;
        let configured = plugin::plugin_of(resource, self.context(build))
            .map_err(|error| error.wrap(format!("plugin {} fails configuration", resource.org_id(schema))))?;
        configured.ok_or_else(|| Error::new(ErrorKind::Transformer, format!("unable to load builtin {gvk}")))
    }

    /// A plugin that is not built in: a function, if the host runs functions.
    fn external_plugin(
        &self,
        resource: &Resource,
        entries: &[EcoString],
        build: &Build<'_>,
    ) -> Result<Plugin> {
        let id = resource.org_id(build.schema.current());
        let unsupported = |message: String| Error::new(ErrorKind::Unsupported, message);
        let here = |error: Error| self.at_plugin(error, resource, entries, build);
        if !build.options.enable_plugins {
            let message =
                format!("external plugins disabled; unable to load external plugin '{}'", id.gvk.kind);
            return Err(here(unsupported(message)));
        }
        let Some(function) = function_spec(resource).map_err(here)? else {
            let message = format!("plugin {id} is neither built in nor a function");
            return Err(here(unsupported(message)));
        };
        let Some(runner) = &build.options.functions else {
            let program = match &function {
                Some(Function::Exec(exec)) => format!("executable `{}`", exec.path),
                Some(Function::Container(container)) => format!("container `{}`", container.image),
                None => "program".to_owned(),
            };
            let error = unsupported(format!("function plugin {id} needs a {program}"));
            return Err(here(error.help("give the build a function runner")));
        };
        Ok(Plugin::Function(Box::new(FunctionPlugin {
            runner: Arc::clone(runner),
            function,
            config: resource.clone(),
            tree: self.loader.tree().clone(),
            directory: self.loader.root().clone(),
            limits: build.options.limits.clone(),
        })))
    }

    /// Adds where a plugin is written: in one of the files that are named, or in the kustomization.
    fn at_plugin(
        &self,
        error: Error,
        resource: &Resource,
        entries: &[EcoString],
        build: &Build<'_>,
    ) -> Error {
        let schema = build.schema.current();
        let id = resource.org_id(schema);
        let mut files = entries.iter().filter_map(|path| Some((path, self.loader.load(path).ok()?)));
        let found =
            files.find_map(|(path, bytes)| {
                let resources = documents::resources(&bytes, &build.options.limits).ok()?;
                let at = resources.iter().position(|other| other.org_id(schema).same(&id))?;
                let file = self.loader.path_of(path);
                let place = yaml::locate(&bytes, at, &["kind".into()]);
                Some(place.map_or_else(
                    || Location::file(file.clone()),
                    |(key, _)| Location::span(file.clone(), key),
                ))
            });
        error.at(found.unwrap_or_else(|| Location::file(self.loader.path_of(self.loaded.file))))
    }

    pub(super) fn context<'c>(&'c self, build: &'c Build<'_>) -> plugin::Context<'c> {
        plugin::Context { loader: &self.loader, limits: &build.options.limits, patches: build.patches }
    }

    pub(super) fn run_transformers(&mut self, ra: &mut Accumulated, build: &mut Build<'_>) -> Result<()> {
        let built_in = self.builtin_steps(ra, build)?;
        let loaded = Arc::clone(&self.loaded);
        let external = self.external_steps(&loaded.kustomization.transformers, build)?;
        // Images can be looked for all at once, unless each leaves its mark.
        let alike = |a: &(&str, Transformer), b: &(&str, Transformer)| match (&a.1, &b.1) {
            (Transformer::Images(_, a), Transformer::Images(_, b)) => {
                self.origin.is_none() && !build.options.trace && Arc::ptr_eq(a, b)
            }
            _ => false,
        };
        for steps in built_in.chunk_by(alike) {
            if let [(_, Transformer::Images(_, specs)), _, ..] = steps {
                let images = steps.iter().filter_map(|(_, step)| match step {
                    Transformer::Images(image, _) => Some(image),
                    _ => None,
                });
                set_images(&mut ra.map, &images.collect::<Vec<_>>(), specs)?;
                continue;
            }
            for (kind, transformer) in steps {
                run_step(transformer, self.builtin_origin(kind), ra, build)
                    .map_err(|error| error.placed(self.place_of_step(&built_in, transformer)))?;
                build.note(&mut ra.map.list, || {
                    let (kind, number) = number_of_step(&built_in, transformer);
                    place::cause_of_step(self, kind, number)
                });
            }
        }
        for (transformer, origin, declared) in external {
            run_step(&transformer, origin, ra, build)?;
            build.note(&mut ra.map.list, || Cause::of("transformers", declared));
        }
        Ok(())
    }

    /// Where the kustomization asks for one of its transformers.
    fn place_of_step(&self, steps: &[(&'static str, Transformer)], step: &Transformer) -> Location {
        let (kind, number) = number_of_step(steps, step);
        place::of_step(self, kind, number)
    }

    fn external_steps(&mut self, entries: &[EcoString], build: &mut Build<'_>) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        for resource in self.plugin_resources(entries, "transformer", build)? {
            let origin = Origin::of_plugin(&resource);
            let transformer = match self.load_plugin(&resource, entries, build)? {
                Plugin::Transformer(transformer) => transformer,
                Plugin::Function(function) => Transformer::Function(function),
                Plugin::Generated(_) | Plugin::Chart(_) => {
                    let id = resource.org_id(build.schema.current());
                    return Err(Error::new(ErrorKind::Transformer, format!("plugin {id} not a transformer")));
                }
            };
            steps.push((transformer, origin, resource.declared.clone()));
        }
        Ok(steps)
    }

    /// The transformers that the kustomization's own fields ask for.
    fn builtin_steps(
        &self,
        ra: &Accumulated,
        build: &Build<'_>,
    ) -> Result<Arc<[(&'static str, Transformer)]>> {
        let config = ra.config.clone().unwrap_or_else(TransformerConfig::empty);
        let key = (self.loader.key(), address(&config));
        let configure = || {
            let list = self.configure_steps(&config, build)?.into();
            Ok(Steps { list, _config: Arc::clone(&config) })
        };
        Ok(kept(build.cache, |cache| &mut cache.steps, key, configure)?.list)
    }

    fn configure_steps(
        &self,
        config: &TransformerConfig,
        build: &Build<'_>,
    ) -> Result<Vec<(&'static str, Transformer)>> {
        let k = self.kustomization();
        let context = self.context(build);
        let mut steps: Vec<(&'static str, Transformer)> = Vec::new();
        if !k.patches_strategic_merge.is_empty() {
            let kind = "PatchStrategicMergeTransformer";
            let step = plugin::strategic(&k.patches_strategic_merge, "", context).map_err(|error| {
                let error = error.placed(place::of_step(self, kind, 0));
                trouble(error, kind, &written::strategic(&k.patches_strategic_merge))
            })?;
            steps.push((kind, step));
        }
        for (number, patch) in k.patches.iter().enumerate() {
            let kind = "PatchTransformer";
            let entry = plugin::patch_entry(patch, context).map_err(|error| {
                let error = error.placed(place::of_step(self, kind, number));
                trouble(error, kind, &written::patch(patch))
            })?;
            steps.push((kind, Transformer::Patch(entry)));
        }
        if !k.namespace.is_empty() {
            let options = NamespaceOptions {
                namespace: k.namespace.clone(),
                specs: config.namespace.clone(),
                ..NamespaceOptions::default()
            };
            steps.push(("NamespaceTransformer", Transformer::Namespace(options)));
        }
        if !k.name_prefix.is_empty() {
            let affix = Affix::Prefix(k.name_prefix.clone());
            steps.push(("PrefixTransformer", Transformer::Rename(affix, config.name_prefix.clone())));
        }
        if !k.name_suffix.is_empty() {
            let affix = Affix::Suffix(k.name_suffix.clone());
            steps.push(("SuffixTransformer", Transformer::Rename(affix, config.name_suffix.clone())));
        }
        steps.extend(label_steps(k, config)?);
        if !k.common_annotations.is_empty() {
            let specs = config.common_annotations.clone();
            steps.push(("AnnotationsTransformer", Transformer::Pairs(k.common_annotations.clone(), specs)));
        }
        for (number, patch) in k.patches_json6902.iter().enumerate() {
            let kind = "PatchJson6902Transformer";
            let step = plugin::json6902(patch, context).map_err(|error| {
                let error = error.placed(place::of_step(self, kind, number));
                trouble(error, kind, &written::json6902(patch))
            })?;
            steps.push((kind, step));
        }
        for replica in &k.replicas {
            let step = Transformer::Replicas(replica.clone(), config.replicas.clone());
            steps.push(("ReplicaCountTransformer", step));
        }
        for image in &k.images {
            let step = Transformer::Images(image.clone(), config.images.clone());
            steps.push(("ImageTagTransformer", step));
        }
        if !k.replacements.is_empty() {
            let kind = "ReplacementTransformer";
            let list = plugin::replacements(&k.replacements, context).map_err(|error| {
                let error = error.placed(place::of_step(self, kind, 0));
                trouble(error, kind, &written::replacements(&k.replacements))
            })?;
            steps.push((kind, Transformer::Replacements(list)));
        }
        Ok(steps)
    }

    /// Runs validators, which must leave everything as it is but for one label.
    pub(super) fn run_validators(&mut self, ra: &mut Accumulated, build: &mut Build<'_>) -> Result<()> {
        let loaded = Arc::clone(&self.loaded);
        for (validator, _, declared) in self.external_steps(&loaded.kustomization.validators, build)? {
            let before = ra.map.clone();
            validator.apply(&mut ra.map, build.schema.current(), &mut build.growth)?;
            // The label that says so is looked for.
            ra.map.list.iter().try_for_each(|resource| resource.check_pairs("labels"))?;
            if let Some(difference) = first_difference(&before, &ra.map, build.schema.current()) {
                let message = format!("validator shouldn't modify the resource map: {difference}");
                return Err(Error::new(ErrorKind::Transformer, message));
            }
            build.note(&mut ra.map.list, || Cause::of("validators", declared));
        }
        Ok(())
    }
}

/// The kind of a step, and its number among those of the kind.
fn number_of_step(steps: &[(&'static str, Transformer)], step: &Transformer) -> (&'static str, usize) {
    let at = steps.iter().position(|(_, other)| std::ptr::eq(other, step)).unwrap_or_default();
    let kind = steps.get(at).map_or("", |(kind, _)| *kind);
    (kind, steps.iter().take(at).filter(|(other, _)| *other == kind).count())
}

/// Runs a transformer, leaves its origin on what it changes, and drops what it deletes.
fn run_step(
    transformer: &Transformer,
    origin: Option<Origin>,
    ra: &mut Accumulated,
    build: &mut Build<'_>,
) -> Result<()> {
    build.cancel.advance(ra.map.list.len().max(1))?;
    build.schema.walked = build.schema.walked || transformer.merges(&ra.map, build.schema.current());
    transformer.apply(&mut ra.map, build.schema.current(), &mut build.growth)?;
    if let Some(origin) = origin {
        ra.map.list.iter_mut().for_each(|resource| origin::add_transformation(resource, &origin));
    }
    ra.map.drop_deleted();
    Ok(())
}

/// Words the failure of a built-in plugin that cannot be configured.
fn trouble(error: Error, kind: &str, config: &str) -> Error {
    error.wrap(format!("trouble configuring builtin {kind} with config: `\n{config}`"))
}

/// How two maps differ, in upstream's words; the label that a validator may add does not count.
fn first_difference(before: &ResMap, after: &ResMap, schema: &Schema) -> Option<String> {
    if before.list.len() != after.list.len() {
        return Some("lists have different number of entries".to_owned());
    }
    before.list.iter().find_map(|old| {
        let id = old.cur_id(schema);
        let mut same = after.list.iter().filter(|new| new.cur_id(schema).same(&id));
        let Some(new) = same.next() else {
            return Some(format!("id in self missing from other; id: {id}"));
        };
        let (old_json, new_json) = (old.as_json(), new.as_json());
        (!is_untouched(old, new)).then(|| format!("nodes unequal: \n -- {old_json},\n -- {new_json}\n"))
    })
}

fn is_untouched(before: &Resource, after: &Resource) -> bool {
    let mut after = after.clone();
    let mut labels: StringMap = after.labels();
    if labels.remove(VALIDATED_BY).is_some() {
        after.set_labels(&labels);
    }
    before.value == after.value
}

/// The label transformers: one for each entry of `labels`, and one for `commonLabels`.
fn label_steps(k: &Kustomization, config: &TransformerConfig) -> Result<Vec<(&'static str, Transformer)>> {
    use crate::config::{merge_spec, merge_specs};
    static METADATA_LABELS: LazyLock<Arc<FieldSpecs>> =
        LazyLock::new(|| Arc::new(vec![FieldSpec::of_any("metadata/labels", true)].into()));
    let failed = |error: Error| error.wrap("failed to merge labels");
    let mut steps = Vec::new();
    for label in &k.labels {
        if label.fields.is_empty()
            && config.labels.is_empty()
            && !label.include_selectors
            && !label.include_templates
        {
            steps.push((
                "LabelTransformer",
                Transformer::Pairs(label.pairs.clone(), Arc::clone(&METADATA_LABELS)),
            ));
            continue;
        }
        let mut specs = label.fields.clone();
        merge_specs(&mut specs, &config.labels).map_err(failed)?;
        if label.include_selectors {
            merge_specs(&mut specs, &config.common_labels).map_err(failed)?;
        } else {
            if label.include_templates {
                merge_specs(&mut specs, &config.template_labels)
                    .map_err(|error| error.wrap("failed to merge template fieldSpec"))?;
            }
            merge_spec(&mut specs, &FieldSpec::of_any("metadata/labels", true)).map_err(failed)?;
        }
        let specs = Arc::new(specs.into());
        steps.push(("LabelTransformer", Transformer::Pairs(label.pairs.clone(), specs)));
    }
    if !k.labels.is_empty() || !k.common_labels.is_empty() {
        let step = Transformer::Pairs(k.common_labels.clone(), config.common_labels.clone());
        steps.push(("LabelTransformer", step));
    }
    Ok(steps)
}
