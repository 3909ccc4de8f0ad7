//! Facts that a host has fetched.

use super::{Answer, Cluster, Fact, Facts, GitContent, PullRequest, PullRequestError, Repository};
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{EcoString, FileTree, Map, Value};

/// Facts in memory. What was not put in is unknown.
///
/// ```
/// use trueup_appset::{Cluster, Facts, Fact, MemoryFacts};
///
/// let facts = MemoryFacts::new().with_clusters([Cluster { name: "east".into(), ..Cluster::default() }]);
/// assert!(matches!(facts.clusters(), Fact::Known(clusters) if clusters.len() == 1));
/// assert!(matches!(facts.project("default"), Fact::Unknown(_)));
/// ```
#[derive(Clone, Debug, Default)]
pub struct MemoryFacts {
    clusters: Option<Arc<[Cluster]>>,
    git: BTreeMap<(EcoString, EcoString), Answer<GitContent>>,
    repositories: Answers<Answer<Arc<[Repository]>>>,
    pull_requests: Answers<Result<Arc<[PullRequest]>, PullRequestError>>,
    plugins: BTreeMap<EcoString, Answers<Answer<Value>>>,
    decisions: BTreeMap<Resource, Answer<Arc<[Value]>>>,
    config_maps: Known<Map>,
    secrets: Known<Map>,
    projects: Known<Arc<AppProject>>,
}

/// Answers to questions; one without a question is for every one.
type Answers<T> = Vec<(Option<Value>, T)>;

/// Group, version and plural name.
type Resource = (EcoString, EcoString, EcoString);

/// Objects by name; when all are known, what is not there does not exist.
#[derive(Clone, Debug)]
struct Known<T> {
    all: bool,
    objects: BTreeMap<EcoString, Option<T>>,
}

impl<T> Default for Known<T> {
    fn default() -> Self {
        Self { all: false, objects: BTreeMap::new() }
    }
}

impl<T: Clone> Known<T> {
    fn get(&self, name: &str) -> Fact<Option<T>> {
        match self.objects.get(name) {
            Some(object) => Fact::Known(object.clone()),
            None if self.all => Fact::Known(None),
            None => unknown(),
        }
    }
}

fn unknown<T>() -> Fact<T> {
    Fact::Unknown("not given".to_owned())
}

impl MemoryFacts {
    /// Returns facts of which nothing is known.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says which cluster secrets there are.
    #[must_use]
    pub fn with_clusters(mut self, clusters: impl IntoIterator<Item = Cluster>) -> Self {
        self.clusters = Some(clusters.into_iter().collect());
        self
    }

    /// Says what is in a revision.
    #[must_use]
    pub fn with_tree(self, repository: &str, revision: &str, tree: FileTree) -> Self {
        self.with_git(repository, revision, Ok(GitContent::Tree(tree)))
    }

    /// Says which directories are in a revision.
    #[must_use]
    pub fn with_directories<P: Into<EcoString>>(
        self,
        repository: &str,
        revision: &str,
        directories: impl IntoIterator<Item = P>,
    ) -> Self {
        let directories = directories.into_iter().map(Into::into).collect();
        self.with_git(repository, revision, Ok(GitContent::Directories(directories)))
    }

    /// Says what reading a revision gives.
    #[must_use]
    pub fn with_git(mut self, repository: &str, revision: &str, answer: Answer<GitContent>) -> Self {
        self.git.insert((repository.into(), revision.into()), answer);
        self
    }

    /// Says what an SCM provider lists; without a section, for every one.
    #[must_use]
    pub fn with_repositories(mut self, generator: Option<Value>, answer: Answer<Vec<Repository>>) -> Self {
        self.repositories.push((generator, answer.map(Into::into)));
        self
    }

    /// Says which pull requests are open; without a section, for every one.
    #[must_use]
    pub fn with_pull_requests(
        mut self,
        generator: Option<Value>,
        answer: Result<Vec<PullRequest>, PullRequestError>,
    ) -> Self {
        self.pull_requests.push((generator, answer.map(Into::into)));
        self
    }

    /// Says what a plugin answers; without an input, to every one.
    #[must_use]
    pub fn with_plugin(mut self, config_map: &str, input: Option<Value>, answer: Answer<Value>) -> Self {
        self.plugins.entry(config_map.into()).or_default().push((input, answer));
        self
    }

    /// Says which objects of a resource there are.
    #[must_use]
    pub fn with_decision_resources(
        mut self,
        [group, version, resource]: [&str; 3],
        answer: Answer<Vec<Value>>,
    ) -> Self {
        self.decisions.insert((group.into(), version.into(), resource.into()), answer.map(Into::into));
        self
    }

    /// Says what is in a ConfigMap; nothing if it does not exist.
    #[must_use]
    pub fn with_config_map(mut self, name: &str, data: Option<Map>) -> Self {
        self.config_maps.objects.insert(name.into(), data);
        self
    }

    /// Says what is in a Secret; nothing if it does not exist.
    #[must_use]
    pub fn with_secret(mut self, name: &str, data: Option<Map>) -> Self {
        self.secrets.objects.insert(name.into(), data);
        self
    }

    /// Says what an AppProject is; nothing if it does not exist.
    #[must_use]
    pub fn with_project(mut self, name: &str, project: Option<AppProject>) -> Self {
        self.projects.objects.insert(name.into(), project.map(Arc::new));
        self
    }

    /// Says that there are no ConfigMaps, Secrets and AppProjects but those that were given.
    #[must_use]
    pub fn and_no_others(mut self) -> Self {
        (self.config_maps.all, self.secrets.all, self.projects.all) = (true, true, true);
        self
    }
}

/// Returns the answer to a question: the one that was given for it, else the one for every question.
fn pick<T: Clone>(answers: &[(Option<Value>, T)], question: &Value) -> Fact<T> {
    let exact = answers.iter().find(|(own, _)| own.as_ref() == Some(question));
    match exact.or_else(|| answers.iter().find(|(own, _)| own.is_none())) {
        Some((_, answer)) => Fact::Known(answer.clone()),
        None => unknown(),
    }
}

impl Facts for MemoryFacts {
    fn clusters(&self) -> Fact<Arc<[Cluster]>> {
        self.clusters.clone().map_or_else(unknown, Fact::Known)
    }

    fn git(&self, repository: &str, revision: &str, files: bool) -> Fact<Answer<GitContent>> {
        match self.git.get(&(repository.into(), revision.into())) {
            Some(Ok(GitContent::Directories(_))) if files => {
                Fact::Unknown("only its directories were given".to_owned())
            }
            Some(answer) => Fact::Known(answer.clone()),
            None => unknown(),
        }
    }

    fn repositories(&self, generator: &Value) -> Fact<Answer<Arc<[Repository]>>> {
        pick(&self.repositories, generator)
    }

    fn pull_requests(&self, generator: &Value) -> Fact<Result<Arc<[PullRequest]>, PullRequestError>> {
        pick(&self.pull_requests, generator)
    }

    fn plugin(&self, config_map: &str, _: &str, input: &Value) -> Fact<Answer<Value>> {
        pick(self.plugins.get(config_map).map(Vec::as_slice).unwrap_or_default(), input)
    }

    fn decision_resources(&self, group: &str, version: &str, resource: &str) -> Fact<Answer<Arc<[Value]>>> {
        let answer = self.decisions.get(&(group.into(), version.into(), resource.into()));
        answer.cloned().map_or_else(unknown, Fact::Known)
    }

    fn config_map(&self, name: &str) -> Fact<Option<Map>> {
        self.config_maps.get(name)
    }

    fn secret(&self, name: &str) -> Fact<Option<Map>> {
        self.secrets.get(name)
    }

    fn project(&self, name: &str) -> Fact<Option<Arc<AppProject>>> {
        self.projects.get(name)
    }
}
