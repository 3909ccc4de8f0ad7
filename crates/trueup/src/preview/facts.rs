//! The world as ApplicationSets ask for it.

use crate::discover::Found;
use crate::world::World;
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_appset::{Answer, Cluster, Fact, Facts, GitContent, PullRequest, PullRequestError, Repository};
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{EcoString, Map, Value};

/// A [`World`] as ApplicationSets ask for it.
pub struct WorldFacts<'w> {
    world: &'w World,
    clusters: Arc<[Cluster]>,
    projects: BTreeMap<EcoString, Arc<AppProject>>,
}

impl<'w> WorldFacts<'w> {
    pub(crate) fn new(world: &'w World, projects: &[Found<AppProject>]) -> Self {
        let clusters = world.clusters.iter().map(|cluster| Cluster {
            name: cluster.name.clone(),
            server: cluster.server.clone(),
            project: cluster.project.clone(),
            labels: cluster.labels.clone(),
            annotations: cluster.annotations.clone(),
        });
        let projects =
            projects.iter().map(|found| (found.object.metadata.name.clone(), Arc::new(found.object.clone())));
        Self { world, clusters: clusters.collect(), projects: projects.collect() }
    }
}

/// Returns what a world and a repository's projects tell an ApplicationSet; the rest is unknown.
pub fn world_facts<'w>(world: &'w World, projects: &[Found<AppProject>]) -> WorldFacts<'w> {
    WorldFacts::new(world, projects)
}

fn not_given<T>(what: &str) -> Fact<T> {
    Fact::Unknown(format!("{what} were not given"))
}

impl Facts for WorldFacts<'_> {
    fn clusters(&self) -> Fact<Arc<[Cluster]>> {
        match self.clusters.is_empty() {
            true => not_given("clusters"),
            false => Fact::Known(Arc::clone(&self.clusters)),
        }
    }

    fn git(&self, repository: &str, _: &str, _: bool) -> Fact<Answer<GitContent>> {
        match self.world.repository(repository) {
            Some(tree) => Fact::Known(Ok(GitContent::Tree(tree.clone()))),
            None => Fact::Unknown(format!("the repository `{repository}` was not given")),
        }
    }

    fn repositories(&self, _: &Value) -> Fact<Answer<Arc<[Repository]>>> {
        not_given("the repositories of code hosts")
    }

    fn pull_requests(&self, _: &Value) -> Fact<Result<Arc<[PullRequest]>, PullRequestError>> {
        not_given("pull requests")
    }

    fn plugin(&self, _: &str, _: &str, _: &Value) -> Fact<Answer<Value>> {
        not_given("the answers of plugins")
    }

    fn decision_resources(&self, _: &str, _: &str, _: &str) -> Fact<Answer<Arc<[Value]>>> {
        not_given("decision resources")
    }

    fn config_map(&self, _: &str) -> Fact<Option<Map>> {
        not_given("the ConfigMaps of Argo CD's namespace")
    }

    fn secret(&self, _: &str) -> Fact<Option<Map>> {
        not_given("the Secrets of Argo CD's namespace")
    }

    /// A project that the repository does not have may still exist in the cluster.
    fn project(&self, name: &str) -> Fact<Option<Arc<AppProject>>> {
        match self.projects.get(name) {
            Some(project) => Fact::Known(Some(Arc::clone(project))),
            None => Fact::Unknown(format!("the project `{name}` is not in the repository")),
        }
    }
}
