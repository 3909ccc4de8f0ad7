//! Applications: what they declare.

use super::table;
use crate::api::handles::{Manifest, Manifests, Origin, Tree};
use crate::api::shape::{Empty, Object, answer, input};
use crate::api::{Context, Error};
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::argocd::Application;
use trueup_manifest::{Diagnostic, EcoString, FileTree, from_value};
use trueup_source::{Options, Repositories, render};
use trueup_template::{Seed, Time};

table! {
    /// Renders the sources of an Application, as Argo CD's repository server does.
    "source.render": Render => rendered => Manifests;
    /// Finds the ApplicationSets, Applications and AppProjects that are written down in a tree.
    "discover": Discover => discovered => Discovery;
}

input! {
    /// An Application and the trees of its repositories.
    struct Render {
        /// The Application.
        application: Object,
        /// One tree that answers for every repository that is not named below.
        tree: Option<Tree>,
        /// Trees by repository URL, however it is spelled.
        repositories: BTreeMap<EcoString, Tree> = Empty,
        /// Charts of Helm repositories, unpacked, by `helm+REPOSITORY/NAME?version=VERSION`.
        charts: BTreeMap<EcoString, Tree> = Empty,
        /// The commit that stands for `ARGOCD_APP_REVISION`.
        revision: EcoString = "",
        /// The version of Kubernetes that charts see; Helm's own default if it is empty.
        kube_version: EcoString = "",
        /// Versions of APIs that charts see besides those that Helm knows.
        api_versions: Vec<EcoString> = Empty,
        /// The time that charts see, in seconds since 1970.
        now: Option<i64>,
        /// The seed of everything random in charts.
        seed: Option<u64>,
    }
}

struct Trees {
    world: crate::World,
    other: Option<FileTree>,
}

impl Repositories for Trees {
    fn tree(&self, url: &str, _: &str) -> Option<&FileTree> {
        self.world.repository(url).or(self.other.as_ref())
    }

    fn chart(&self, url: &str, chart: &str, version: &str) -> Option<&FileTree> {
        self.world.chart(url, chart, version)
    }
}

fn rendered(request: Render, context: &Context) -> Result<Manifests, Error> {
    let application = application(&request.application)?;
    let trees = request.repositories.into_iter().map(|(url, tree)| (url, tree.files().clone()));
    let charts = request.charts.into_iter().map(|(key, tree)| (key, tree.files().clone()));
    let world =
        crate::World { repositories: trees.collect(), charts: charts.collect(), ..crate::World::default() };
    let trees = Trees { world, other: request.tree.map(|tree| tree.files().clone()) };
    let mut options = Options::default();
    options.revision = request.revision;
    options.cancel = context.cancel.clone();
    if !request.kube_version.is_empty() {
        let version = trueup_helm::KubeVersion::parse(&request.kube_version)?;
        options.helm.capabilities.kube_version = Some(version);
    }
    options.helm.capabilities.api_versions = request.api_versions;
    if let Some(now) = request.now {
        options.helm.clock = Some(Arc::new(Time::from_unix(now, 0)));
    }
    if let Some(seed) = request.seed {
        options.helm.random = Some(Arc::new(Seed(seed)));
    }
    let rendered = render(&application, &trees, &options)?;
    let sources = application.spec.sources.iter().chain(&application.spec.source);
    let trees: Vec<Option<&FileTree>> =
        sources.map(|source| trueup_source::tree_of(source, &trees).ok()).collect();
    let one = |manifest: trueup_source::Manifest| {
        let tree = trees.get(manifest.source).copied().flatten();
        let origin = match (tree, manifest.declared) {
            (Some(tree), Some(declared)) => Origin::Declared(tree.clone(), declared),
            _ => Origin::Unknown,
        };
        Manifest::new(manifest.value, origin)
    };
    Ok(Manifests::new(rendered.manifests.into_iter().map(one).collect(), rendered.warnings))
}

/// An Application as a typed model.
pub(super) fn application(object: &Object) -> Result<Application, Error> {
    from_value(&object.0).map_err(|error| {
        Diagnostic::error("trueup/object", format!("this is no Application: {error}")).into()
    })
}

input! {
    /// A tree to look through.
    struct Discover {
        /// The tree.
        tree: Tree,
    }
}

answer! {
    /// An object and where it is written down.
    struct FoundObject {
        /// The object.
        object: Object,
        /// The file, as a path in the tree.
        file: EcoString,
    }
}

answer! {
    /// Argo CD's own objects in a tree.
    struct Discovery {
        /// The ApplicationSets.
        application_sets: Vec<FoundObject>,
        /// The Applications.
        applications: Vec<FoundObject>,
        /// The AppProjects.
        projects: Vec<FoundObject>,
        /// Files that could not be read, objects that stand in several files, and the like.
        diagnostics: Vec<Diagnostic>,
    }
}

fn discovered(request: Discover, context: &Context) -> Result<Discovery, Error> {
    context.cancel.step()?;
    let found = crate::discover(request.tree.files());
    fn objects<T>(found: Vec<crate::Found<T>>) -> Vec<FoundObject> {
        found.into_iter().map(|found| FoundObject { object: Object(found.value), file: found.file }).collect()
    }
    Ok(Discovery {
        application_sets: objects(found.application_sets),
        applications: objects(found.applications),
        projects: objects(found.projects),
        diagnostics: found.diagnostics,
    })
}
