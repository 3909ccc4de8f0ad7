//! Helm charts.

use super::table;
use crate::api::handles::{Manifest, Manifests, Origin, Tree};
use crate::api::shape::{Empty, answer, input};
use crate::api::{Context, Error};
use std::sync::Arc;
use trueup_helm::{Chart, KubeVersion, Options, ValuesFile, template};
use trueup_kustomize::Declared;
use trueup_manifest::EcoString;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_template::{Seed, Time};

table! {
    /// Renders the chart in a directory, as `helm template` does: the same text, byte for byte.
    ///
    /// The charts it depends on are below its `charts/`, as `helm dependency build` puts them there. Without a time, a template that asks
    /// for it fails; without a seed, one that asks for random texts does.
    "helm.template": RenderChart => rendered => RenderedChart;
}

input! {
    /// A chart and what it is rendered with.
    struct RenderChart {
        /// The tree.
        tree: Tree,
        /// The directory of the chart; the root if it is empty.
        directory: EcoString = "",
        /// The name of the release.
        release_name: EcoString = "release-name",
        /// The namespace of the release.
        namespace: EcoString = "default",
        /// Texts of values files; later ones win.
        values: Vec<EcoString> = Empty,
        /// Values by `--set`.
        set: Vec<EcoString> = Empty,
        /// Values by `--set-string`.
        set_string: Vec<EcoString> = Empty,
        /// The version of Kubernetes; Helm's own default if it is empty.
        kube_version: EcoString = "",
        /// Versions of APIs that the cluster has besides those that Helm knows.
        api_versions: Vec<EcoString> = Empty,
        /// Whether the files below `crds/` are part of the output.
        include_crds: bool = false,
        /// Whether hooks are left out.
        no_hooks: bool = false,
        /// Whether hooks that are tests are left out.
        skip_tests: bool = false,
        /// Whether values are not checked against schemas.
        skip_schema_validation: bool = false,
        /// Whether it is an upgrade rather than an installation.
        is_upgrade: bool = false,
        /// The time that templates see, in seconds since 1970.
        now: Option<i64>,
        /// The seed of everything random.
        seed: Option<u64>,
    }
}

answer! {
    /// What a chart rendered to.
    struct RenderedChart {
        /// The text that `helm template` prints.
        text: String,
        /// What the chart says to the user.
        notes: String,
        /// The objects, those of `crds/` and the hooks that were asked for among them.
        manifests: Manifests,
    }
}

fn options(request: &RenderChart, context: &Context) -> Result<Options, Error> {
    let strings = |texts: &[EcoString]| texts.iter().map(EcoString::to_string).collect::<Vec<_>>();
    let mut options = Options::default();
    options.release_name = request.release_name.clone();
    options.namespace = request.namespace.clone();
    let file = |(at, text): (usize, &EcoString)| ValuesFile::new(format!("values[{at}]"), text.as_bytes());
    options.values.files = request.values.iter().enumerate().map(file).collect();
    options.values.set = strings(&request.set);
    options.values.set_string = strings(&request.set_string);
    if !request.kube_version.is_empty() {
        options.capabilities.kube_version = Some(KubeVersion::parse(&request.kube_version)?);
    }
    options.capabilities.api_versions = request.api_versions.clone();
    options.include_crds = request.include_crds;
    options.no_hooks = request.no_hooks;
    options.skip_tests = request.skip_tests;
    options.skip_schema_validation = request.skip_schema_validation;
    options.is_upgrade = request.is_upgrade;
    options.cancel = context.cancel.clone();
    if let Some(now) = request.now {
        options.clock = Some(Arc::new(Time::from_unix(now, 0)));
    }
    if let Some(seed) = request.seed {
        options.random = Some(Arc::new(Seed(seed)));
    }
    Ok(options)
}

fn rendered(request: RenderChart, context: &Context) -> Result<RenderedChart, Error> {
    let options = options(&request, context)?;
    let tree = request.tree.files();
    let chart = Chart::from_tree(tree, &request.directory, &options.limits)?;
    let rendered = template(&chart, &options)?;
    let hooks = rendered.hooks.iter().map(|hook| &hook.manifest);
    let mut manifests = Vec::new();
    for manifest in rendered.crds.iter().chain(&rendered.manifests).chain(hooks) {
        let documents = yaml::parse_stream(manifest.content.as_bytes(), &ParseOptions::kubernetes())
            .map_err(|error| Error::from(error.diagnostic_in(manifest.file.clone())))?;
        for value in documents.into_iter().filter(|value| !value.is_null()) {
            let declared = Declared::document(EcoString::new(), manifest.file.clone(), 0);
            manifests.push(Manifest::new(value, Origin::Declared(tree.clone(), declared)));
        }
    }
    let (text, notes) = (rendered.text(), rendered.notes);
    Ok(RenderedChart { text, notes, manifests: Manifests::new(manifests, Vec::new()) })
}
