//! Applications: what they declare.

use super::table;
use crate::api::handles::{Manifest, Manifests, Origin, Tree};
use crate::api::shape::{Empty, Object, answer, input};
use crate::api::{Context, Error};
use std::collections::BTreeMap;
use trueup_manifest::argocd::Application;
use trueup_manifest::{Diagnostic, EcoString, FileTree, from_value};
use trueup_source::{Options, Repositories, render};

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
        /// The commit that stands for `ARGOCD_APP_REVISION`.
        revision: EcoString = "",
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
}

fn rendered(request: Render, context: &Context) -> Result<Manifests, Error> {
    let application = application(&request.application)?;
    let trees = request.repositories.into_iter().map(|(url, tree)| (url, tree.files().clone()));
    let world = crate::World { repositories: trees.collect(), ..crate::World::default() };
    let trees = Trees { world, other: request.tree.map(|tree| tree.files().clone()) };
    let mut options = Options::default();
    options.revision = request.revision;
    options.cancel = context.cancel.clone();
    let rendered = render(&application, &trees, &options)?;
    let sources = application.spec.sources.iter().chain(&application.spec.source);
    let trees: Vec<Option<&FileTree>> =
        sources.map(|source| trees.tree(&source.repo_url, &source.target_revision)).collect();
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
