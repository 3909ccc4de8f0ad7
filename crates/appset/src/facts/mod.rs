//! What an evaluation needs to know about the world.

mod memory;
mod need;

pub use memory::MemoryFacts;
pub use need::Need;

use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{EcoString, FileTree, Map, Value};

/// A fact: known, or not known for a reason.
///
/// Nothing is made up for what is not known: an evaluation that needs it says so and has no result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact<T> {
    /// This is how it is.
    Known(T),
    /// Nobody has looked, or looking failed in a way that says nothing.
    Unknown(String),
}

impl<T> Fact<T> {
    /// Returns the data, if it is known.
    pub fn known(self) -> Option<T> {
        match self {
            Self::Known(data) => Some(data),
            Self::Unknown(_) => None,
        }
    }

    /// Changes the data, if it is known.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Fact<U> {
        match self {
            Self::Known(data) => Fact::Known(change(data)),
            Self::Unknown(reason) => Fact::Unknown(reason),
        }
    }
}

/// An answer of the outside world: the data, or the error that Argo CD would be given too.
pub type Answer<T> = Result<T, String>;

/// A cluster secret of the Argo CD namespace.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The name under `data.name`.
    pub name: EcoString,
    /// The API server's URL under `data.server`.
    pub server: EcoString,
    /// The project under `data.project`; empty when absent.
    pub project: EcoString,
    /// The labels of the secret.
    pub labels: BTreeMap<EcoString, EcoString>,
    /// The annotations of the secret.
    pub annotations: BTreeMap<EcoString, EcoString>,
}

/// What is in a revision of a git repository.
#[derive(Clone, Debug)]
pub enum GitContent {
    /// All files.
    Tree(FileTree),
    /// The paths of all directories, as a walk finds them; enough for directory generators.
    Directories(Arc<[EcoString]>),
}

/// A branch of a repository that an SCM provider lists.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Repository {
    /// The organization, group or project.
    pub organization: EcoString,
    /// The name.
    pub repository: EcoString,
    /// The provider's id: a number, a string or null.
    pub id: Value,
    /// The clone URL, for the protocol that was asked for.
    pub url: EcoString,
    /// The branch.
    pub branch: EcoString,
    /// Its commit.
    pub sha: EcoString,
    /// The labels or topics.
    pub labels: Vec<EcoString>,
    /// The paths that exist in the branch: files and directories that filters may ask for.
    pub paths: Vec<EcoString>,
}

/// An open pull request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PullRequest {
    /// The number.
    pub number: i64,
    /// The title.
    pub title: EcoString,
    /// The branch that is to be merged.
    pub branch: EcoString,
    /// The branch it is to be merged into.
    pub target_branch: EcoString,
    /// The commit of the branch.
    pub head_sha: EcoString,
    /// The labels.
    pub labels: Vec<EcoString>,
    /// The author.
    pub author: EcoString,
}

/// Why pull requests could not be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PullRequestError {
    /// The repository does not exist.
    RepositoryNotFound(String),
    /// Anything else.
    Other(String),
}

/// What an evaluation may ask. All methods are pure look-ups: a host fetches before it evaluates (see [`crate::needs`]).
///
/// `generator` is the generator's own section (of `scmProvider` or `pullRequest`) after interpolation: provider, owner, labels,
/// filters and references to secrets.
pub trait Facts {
    /// Returns the cluster secrets, in the order the API server lists them (by secret name). The implicit local cluster is not among them.
    fn clusters(&self) -> Fact<Arc<[Cluster]>>;
    /// Returns what is in a revision of a repository; `files` tells whether directories are not enough.
    fn git(&self, repository: &str, revision: &str, files: bool) -> Fact<Answer<GitContent>>;
    /// Returns all branches of all repositories that a provider section describes, before its filters.
    fn repositories(&self, generator: &Value) -> Fact<Answer<Arc<[Repository]>>>;
    /// Returns the pull requests that a provider section describes, before its filters.
    fn pull_requests(&self, generator: &Value) -> Fact<Result<Arc<[PullRequest]>, PullRequestError>>;
    /// Returns the body of a plugin's answer: `{output: {parameters: […]}}`.
    fn plugin(&self, config_map: &str, application_set: &str, input: &Value) -> Fact<Answer<Value>>;
    /// Returns the objects of a resource (such as `placementdecisions`) in the Argo CD namespace, all of them.
    fn decision_resources(&self, group: &str, version: &str, resource: &str) -> Fact<Answer<Arc<[Value]>>>;
    /// Returns the data of a ConfigMap of the Argo CD namespace; nothing if there is none.
    fn config_map(&self, name: &str) -> Fact<Option<Map>>;
    /// Returns the keys of a Secret of the Argo CD namespace with their decoded data; nothing if there is none.
    fn secret(&self, name: &str) -> Fact<Option<Map>>;
    /// Returns an AppProject of the Argo CD namespace; nothing if there is none.
    fn project(&self, name: &str) -> Fact<Option<Arc<AppProject>>>;
}
