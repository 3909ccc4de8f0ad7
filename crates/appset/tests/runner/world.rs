//! The world of a case as facts.

use super::{strings, value};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::sync::Arc;
use trueup_appset::{
    Answer, Cluster, Fact, Facts, FileGlobbing, GitContent, MemoryFacts, Options, PullRequest,
    PullRequestError, Repository,
};
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{EcoString, FileTree, Map, Value};

/// Facts of a case; without a list of projects every project exists.
pub struct World {
    facts: MemoryFacts,
    every_project: bool,
    revisions: BTreeSet<(String, String)>,
}

impl World {
    /// Reads the inputs of a case.
    pub fn new(inputs: &Json) -> Self {
        let mut facts = MemoryFacts::new()
            .with_clusters(list(&inputs["clusters"]).iter().map(cluster))
            .with_repositories(None, Ok(list(&inputs["scm"]).iter().map(repository).collect()))
            .with_pull_requests(None, pull_requests(&inputs["pullRequests"]))
            .and_no_others();
        let mut revisions = BTreeSet::new();
        for git in list(&inputs["git"]) {
            let (url, revision) = (text(&git["repoURL"]), text(&git["revision"]));
            revisions.insert((url.clone(), revision.clone()));
            let answer = match (&git["error"], &git["files"]) {
                (Json::String(error), _) => Err(error.clone()),
                (_, Json::Object(files)) => {
                    let files = files.iter().map(|(path, content)| (path, text(content)));
                    Ok(GitContent::Tree(FileTree::from_files(files).unwrap()))
                }
                _ => {
                    let directories = strings(&git["directories"]).into_iter().map(EcoString::from);
                    Ok(GitContent::Directories(directories.collect()))
                }
            };
            facts = facts.with_git(&url, &revision, answer);
        }
        let objects: Vec<Value> = list(&inputs["decisionResources"]).iter().map(value).collect();
        for config in list(&inputs["configMaps"]) {
            let data = value(&config["data"]);
            let api_version = text(&config["data"]["apiVersion"]);
            if let Some((group, version)) = api_version.split_once('/') {
                let kind = text(&config["data"]["kind"]);
                facts = facts.with_decision_resources([group, version, &kind], Ok(objects.clone()));
            }
            facts = facts.with_config_map(&text(&config["name"]), data.as_map().cloned());
        }
        for secret in list(&inputs["secrets"]) {
            facts = facts.with_secret(&text(&secret["name"]), value(&secret["data"]).as_map().cloned());
        }
        for (name, answer) in inputs["plugins"].as_object().into_iter().flatten() {
            let answer =
                match &answer["rawBody"] {
                    Json::Null => Ok(value(answer)),
                    _ => Err("error get api 'set': invalid character 'w' looking for beginning of value"
                        .to_owned()),
                };
            facts = facts.with_plugin(name, None, answer);
        }
        for project in strings(&inputs["projects"]) {
            facts = facts.with_project(&project, Some(AppProject::default()));
        }
        Self { facts, every_project: inputs["projects"].is_null(), revisions }
    }
}

/// Reads the controller's settings of a case.
pub fn options(inputs: &Json) -> Options {
    let mut options = Options::new();
    if let Some(namespace) = inputs["argocdNamespace"].as_str() {
        options.namespace = namespace.into();
    }
    if inputs["gitFileGlobbing"] == "new" {
        options.file_globbing = FileGlobbing::New;
    }
    options.scm_providers = inputs["scmConfig"]["enabled"].as_bool().unwrap_or(true);
    options.allowed_scm_providers =
        strings(&inputs["scmConfig"]["allowed"]).into_iter().map(Into::into).collect();
    options
}

fn list(json: &Json) -> Vec<Json> {
    json.as_array().cloned().unwrap_or_default()
}

fn text(json: &Json) -> String {
    json.as_str().unwrap_or_default().to_owned()
}

fn eco(json: &Json) -> EcoString {
    text(json).into()
}

fn cluster(json: &Json) -> Cluster {
    let entries = |json: &Json| {
        json.as_object().into_iter().flatten().map(|(key, value)| (key.into(), eco(value))).collect()
    };
    Cluster {
        name: eco(&json["name"]),
        server: eco(&json["server"]),
        project: eco(&json["project"]),
        labels: entries(&json["labels"]),
        annotations: entries(&json["annotations"]),
    }
}

/// Reads a branch of a repository.
pub fn repository(json: &Json) -> Repository {
    Repository {
        organization: eco(&json["organization"]),
        repository: eco(&json["repository"]),
        id: value(&json["repositoryId"]),
        url: eco(&json["url"]),
        branch: eco(&json["branch"]),
        sha: eco(&json["sha"]),
        labels: strings(&json["labels"]).into_iter().map(Into::into).collect(),
        paths: strings(&json["paths"]).into_iter().map(Into::into).collect(),
    }
}

/// Reads a pull request.
pub fn pull_request(json: &Json) -> PullRequest {
    PullRequest {
        number: json["number"].as_i64().unwrap_or_default(),
        title: eco(&json["title"]),
        branch: eco(&json["branch"]),
        target_branch: eco(&json["targetBranch"]),
        head_sha: eco(&json["headSHA"]),
        labels: strings(&json["labels"]).into_iter().map(Into::into).collect(),
        author: eco(&json["author"]),
    }
}

fn pull_requests(json: &Json) -> Result<Vec<PullRequest>, PullRequestError> {
    match json["error"].as_str() {
        Some(error) if json["repositoryNotFound"] == true => {
            Err(PullRequestError::RepositoryNotFound(error.to_owned()))
        }
        Some(error) => Err(PullRequestError::Other(error.to_owned())),
        None => Ok(list(json).iter().map(pull_request).collect()),
    }
}

impl Facts for World {
    fn clusters(&self) -> Fact<Arc<[Cluster]>> {
        self.facts.clusters()
    }

    fn git(&self, repository: &str, revision: &str, files: bool) -> Fact<Answer<GitContent>> {
        match self.facts.git(repository, revision, files) {
            // What is not in the list does not exist.
            Fact::Unknown(_) if !self.revisions.contains(&(repository.into(), revision.into())) => {
                Fact::Known(Err(format!("no repository {repository} at {revision}")))
            }
            fact => fact,
        }
    }

    fn repositories(&self, generator: &Value) -> Fact<Answer<Arc<[Repository]>>> {
        self.facts.repositories(generator)
    }

    fn pull_requests(&self, generator: &Value) -> Fact<Result<Arc<[PullRequest]>, PullRequestError>> {
        self.facts.pull_requests(generator)
    }

    fn plugin(&self, config_map: &str, application_set: &str, input: &Value) -> Fact<Answer<Value>> {
        self.facts.plugin(config_map, application_set, input)
    }

    fn decision_resources(&self, group: &str, version: &str, resource: &str) -> Fact<Answer<Arc<[Value]>>> {
        self.facts.decision_resources(group, version, resource)
    }

    fn config_map(&self, name: &str) -> Fact<Option<Map>> {
        self.facts.config_map(name)
    }

    fn secret(&self, name: &str) -> Fact<Option<Map>> {
        self.facts.secret(name)
    }

    fn project(&self, name: &str) -> Fact<Option<Arc<AppProject>>> {
        match self.every_project {
            true => Fact::Known(Some(Arc::default())),
            false => self.facts.project(name),
        }
    }
}
