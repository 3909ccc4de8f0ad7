//! Sources of kind Helm: what Argo CD tells `helm template`, and what it makes of the answer.

use crate::error::{Error, Problem};
use crate::render::{Options, Repositories};
use crate::value_files::ValueFiles;
use crate::variables::Variables;
use crate::{Manifest, Rendered};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_helm::{Chart, KubeVersion, ValuesFile, release_name, template};
use trueup_kustomize::Declared;
use trueup_manifest::argocd::{Application, ApplicationSource, ApplicationSourceHelm};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{FileTree, Object, Value};

/// One source and where its chart is.
pub(crate) struct HelmSource<'s> {
    pub(crate) application: &'s Application,
    pub(crate) source: &'s ApplicationSource,
    pub(crate) tree: &'s FileTree,
    pub(crate) directory: &'s str,
}

impl HelmSource<'_> {
    /// Renders the chart.
    pub(crate) fn render(
        &self,
        repositories: &impl Repositories,
        options: &Options,
        rendered: &mut Rendered,
    ) -> Result<(), Error> {
        let settings = self.source.helm.clone().unwrap_or_default();
        let helm = self.options(&settings, repositories, options)?;
        let chart = Chart::from_tree(self.tree, self.directory, &helm.limits)?;
        let answer = template(&chart, &helm)?;
        let hooks = answer.hooks.iter().map(|hook| &hook.manifest);
        for manifest in answer.crds.iter().chain(&answer.manifests).chain(hooks) {
            take(manifest, rendered)?;
        }
        Ok(())
    }

    /// What Argo CD puts on the command line.
    fn options(
        &self,
        settings: &ApplicationSourceHelm,
        repositories: &impl Repositories,
        options: &Options,
    ) -> Result<trueup_helm::Options, Error> {
        let mut helm = options.helm.clone();
        helm.cancel = options.cancel.clone();
        let name = first(&settings.release_name, &self.application.metadata.name);
        helm.release_name = release_name(name, &helm)?;
        let namespace = first(&settings.namespace, &self.application.spec.destination.namespace);
        if !namespace.is_empty() {
            helm.namespace = namespace.clone();
        }
        if !settings.kube_version.is_empty() {
            helm.capabilities.kube_version = Some(kube_version(&settings.kube_version)?);
        }
        if !settings.api_versions.is_empty() {
            helm.capabilities.api_versions = settings.api_versions.clone();
        }
        helm.include_crds = !settings.skip_crds;
        helm.skip_tests = settings.skip_tests;
        helm.skip_schema_validation = settings.skip_schema_validation;
        self.set_values(settings, repositories, options, &mut helm)?;
        Ok(helm)
    }

    fn set_values(
        &self,
        settings: &ApplicationSourceHelm,
        repositories: &impl Repositories,
        options: &Options,
        helm: &mut trueup_helm::Options,
    ) -> Result<(), Error> {
        let variables = Variables::of(self.application, self.source, &options.revision);
        let files = ValueFiles {
            sources: &self.application.spec.sources,
            tree: self.tree,
            directory: self.directory,
            variables: &variables,
        };
        let values = &mut helm.values;
        values.files = files.read(settings, repositories)?;
        values.files.extend(inline(settings)?);
        // Later ones of a name win, as in Go's maps; their order is that of the names.
        let parameters = |as_text: bool| {
            let chosen =
                settings.parameters.iter().filter(move |parameter| parameter.force_string == as_text);
            let entries = chosen.map(|parameter| (parameter.name.clone(), parameter.value.clone()));
            entries.collect::<BTreeMap<EcoString, EcoString>>()
        };
        let set = |(name, value): (EcoString, EcoString)| {
            format!("{name}={}", escaped(&variables.substitute(&value)))
        };
        values.set = parameters(false).into_iter().map(set).collect();
        values.set_string = parameters(true).into_iter().map(set).collect();
        let parameters: BTreeMap<_, _> =
            settings.file_parameters.iter().map(|parameter| (&parameter.name, &parameter.path)).collect();
        for (position, (name, path)) in parameters.into_iter().enumerate() {
            // The file goes by a number, so that nothing in its path has a meaning.
            let file = position.to_string();
            values.set_files.insert(file.as_str().into(), files.one(path, repositories)?);
            values.set_file.push(format!("{name}={file}"));
        }
        Ok(())
    }
}

fn first<'t>(preferred: &'t EcoString, other: &'t EcoString) -> &'t EcoString {
    if preferred.is_empty() { other } else { preferred }
}

/// The version without anything but its numbers.
fn kube_version(text: &str) -> Result<KubeVersion, Error> {
    let read = KubeVersion::parse(text).and_then(|version| KubeVersion::parse(&version.normalized));
    let failed = |error: trueup_helm::Error| {
        Problem::HelmOption(format!("could not parse kubernetes version {text}: {error}"))
    };
    read.map_err(|error| failed(error).into())
}

/// The values that the source has itself, as one more file.
fn inline(settings: &ApplicationSourceHelm) -> Result<Option<ValuesFile>, Error> {
    let text = match &settings.values_object {
        Some(values) if !values.is_null() => yaml::to_string(values)
            .map_err(|error| Problem::HelmOption(format!("valuesObject cannot be written: {error}")))?,
        _ => settings.values.to_string(),
    };
    Ok((!text.is_empty()).then(|| ValuesFile::new("spec.source.helm.values", text.into_bytes())))
}

/// Escapes the commas of a value, unless it is a list or they are escaped.
fn escaped(value: &str) -> String {
    if value.starts_with('{') && value.ends_with('}') {
        return value.to_owned();
    }
    let mut escaped = String::with_capacity(value.len());
    let mut before = None;
    for c in value.chars() {
        if c == ',' && before != Some('\\') {
            escaped.push('\\');
        }
        escaped.push(c);
        before = Some(c);
    }
    escaped
}

/// Adds the objects of one manifest.
fn take(manifest: &trueup_helm::Manifest, rendered: &mut Rendered) -> Result<(), Error> {
    let file = &manifest.file;
    let unreadable = |message: String| Problem::Manifest { file: file.clone(), message };
    let documents = yaml::parse_stream(manifest.content.as_bytes(), &ParseOptions::kubernetes())
        .map_err(|error| unreadable(error.to_string()))?;
    for value in documents.into_iter().filter(|value| !value.is_null()) {
        check(&value).map_err(unreadable)?;
        let declared = Some(Declared::document(EcoString::new(), file.clone(), 0));
        rendered.push(Manifest { value, declared, source: 0 });
    }
    Ok(())
}

fn check(value: &Value) -> Result<(), String> {
    if !value.is_map() {
        return Err(format!("expected an object, found a {}", value.type_name()));
    }
    if Object::new(value).kind().is_empty() {
        return Err("Object 'Kind' is missing".to_owned());
    }
    Ok(())
}
