//! ApplicationSets.

use super::table;
use crate::api::handles::Tree;
use crate::api::shape::{Empty, Object, answer, input};
use crate::api::{Context, Error};
use std::collections::BTreeMap;
use trueup_appset::{
    Cluster, Evaluation, GitContent, MemoryFacts, Options, PullRequest, Repository, evaluate_with, explain,
    needs, validate,
};
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{Diagnostic, EcoString, Map, Value, from_value, to_value};

table! {
    /// Generates the Applications of an ApplicationSet, each with the generator and row it comes from.
    ///
    /// What it must know of the world stands in `facts`; what is missing is a `MissingError` that lists it, never an empty answer.
    "appset.evaluate": Evaluate => evaluate => Generated;
    /// Lists the facts that an ApplicationSet asks for and that are not known yet. Ask again once they are: one fact can lead to another.
    "appset.needs": Evaluate => list_needs => Vec<Object>;
    /// Says why an Application of a name is generated, or not: the generator, the row, and what filled each templated field.
    "appset.explain": Explain => explained => Object;
}

input! {
    /// A cluster that Argo CD knows.
    struct ClusterFact {
        /// Its name.
        name: EcoString,
        /// Its API server's URL.
        server: EcoString,
        /// The AppProject it belongs to.
        project: EcoString = "",
        /// The labels of its secret.
        labels: BTreeMap<EcoString, EcoString> = Empty,
        /// The annotations of its secret.
        annotations: BTreeMap<EcoString, EcoString> = Empty,
    }
}

input! {
    /// What is in a revision of a repository.
    struct GitFact {
        /// The URL.
        repository: EcoString,
        /// The revision, as the generator names it.
        revision: EcoString = "",
        /// Its files.
        tree: Option<Tree>,
        /// Its directories, which is enough for directory generators.
        directories: Option<Vec<EcoString>>,
        /// Why it could not be read, if that is known.
        error: Option<EcoString>,
    }
}

input! {
    /// An open pull request.
    struct PullRequestFact {
        /// The number.
        number: i64,
        /// The title.
        title: EcoString = "",
        /// The branch that is to be merged.
        branch: EcoString,
        /// The branch it is to be merged into.
        target_branch: EcoString = "",
        /// The commit of the branch.
        head_sha: EcoString,
        /// The labels.
        labels: Vec<EcoString> = Empty,
        /// The author.
        author: EcoString = "",
    }
}

input! {
    /// The pull requests that a provider lists.
    struct PullRequestsFact {
        /// The generator's section that asks for them; every one if it is absent.
        generator: Option<Object>,
        /// The pull requests.
        pull_requests: Vec<PullRequestFact>,
    }
}

input! {
    /// A branch of a repository that a code host lists.
    struct RepositoryFact {
        /// The organization, group or project.
        organization: EcoString,
        /// The name.
        repository: EcoString,
        /// The host's id.
        id: Option<Value>,
        /// The clone URL.
        url: EcoString,
        /// The branch.
        branch: EcoString,
        /// Its commit.
        sha: EcoString,
        /// The labels or topics.
        labels: Vec<EcoString> = Empty,
        /// The paths that exist in the branch, as far as filters ask for them.
        paths: Vec<EcoString> = Empty,
    }
}

input! {
    /// The repositories that a code host lists.
    struct RepositoriesFact {
        /// The generator's section that asks for them; every one if it is absent.
        generator: Option<Object>,
        /// The repositories.
        repositories: Vec<RepositoryFact>,
    }
}

input! {
    /// The answer of a plugin.
    struct PluginFact {
        /// The ConfigMap that the generator names.
        config_map: EcoString,
        /// The parameters that are sent; every one if they are absent.
        input: Option<Object>,
        /// The body of the answer: `{output: {parameters: […]}}`.
        answer: Object,
    }
}

input! {
    /// The objects of a resource, such as `placementdecisions`.
    struct DecisionFact {
        /// The API group.
        group: EcoString,
        /// The API version.
        version: EcoString,
        /// The plural name.
        resource: EcoString,
        /// The objects.
        objects: Vec<Object>,
    }
}

input! {
    /// What is known of the world. What is not said is unknown, which is not the same as empty.
    struct Facts {
        /// The clusters, without the one Argo CD runs in.
        clusters: Option<Vec<ClusterFact>>,
        /// What is in git repositories.
        git: Vec<GitFact> = Empty,
        /// Open pull requests.
        pull_requests: Vec<PullRequestsFact> = Empty,
        /// Repositories of code hosts.
        repositories: Vec<RepositoriesFact> = Empty,
        /// The answers of plugins.
        plugins: Vec<PluginFact> = Empty,
        /// The objects of cluster decision resources.
        decision_resources: Vec<DecisionFact> = Empty,
        /// The data of ConfigMaps by name; null for one that does not exist.
        config_maps: BTreeMap<EcoString, Option<Object>> = Empty,
        /// The decoded data of Secrets by name; null for one that does not exist.
        secrets: BTreeMap<EcoString, Option<Object>> = Empty,
        /// AppProjects by name; null for one that does not exist.
        projects: BTreeMap<EcoString, Option<Object>> = Empty,
        /// Whether there are no other ConfigMaps, Secrets and AppProjects.
        and_no_others: bool = false,
    }
}

impl Facts {
    fn into_memory(self) -> Result<MemoryFacts, Error> {
        let mut facts = MemoryFacts::new();
        if let Some(clusters) = self.clusters {
            facts = facts.with_clusters(clusters.into_iter().map(ClusterFact::into_cluster));
        }
        for fact in self.git {
            let answer = match (fact.tree, fact.directories, fact.error) {
                (Some(tree), None, None) => Ok(GitContent::Tree(tree.files().clone())),
                (None, Some(directories), None) => Ok(GitContent::Directories(directories.into())),
                (None, None, Some(error)) => Err(error.into()),
                _ => return Err(Error::request("`facts.git[]` needs one of `tree`, `directories`, `error`")),
            };
            facts = facts.with_git(&fact.repository, &fact.revision, answer);
        }
        for fact in self.pull_requests {
            let list = fact.pull_requests.into_iter().map(PullRequestFact::into_pull_request).collect();
            facts = facts.with_pull_requests(fact.generator.map(|section| section.0), Ok(list));
        }
        for fact in self.repositories {
            let list = fact.repositories.into_iter().map(RepositoryFact::into_repository).collect();
            facts = facts.with_repositories(fact.generator.map(|section| section.0), Ok(list));
        }
        for fact in self.plugins {
            facts = facts.with_plugin(&fact.config_map, fact.input.map(|input| input.0), Ok(fact.answer.0));
        }
        for fact in self.decision_resources {
            let objects = fact.objects.into_iter().map(|object| object.0).collect();
            let resource = [fact.group.as_str(), fact.version.as_str(), fact.resource.as_str()];
            facts = facts.with_decision_resources(resource, Ok(objects));
        }
        for (name, data) in self.config_maps {
            facts = facts.with_config_map(&name, data.map(into_map));
        }
        for (name, data) in self.secrets {
            facts = facts.with_secret(&name, data.map(into_map));
        }
        for (name, project) in self.projects {
            let read = |project: Object| from_value::<AppProject>(&project.0);
            let project = project.map(read).transpose();
            let wrong =
                |error| Error::request(format!("`facts.projects[{name:?}]` is no AppProject: {error}"));
            let project = project.map_err(wrong)?;
            facts = facts.with_project(&name, project);
        }
        Ok(if self.and_no_others { facts.and_no_others() } else { facts })
    }
}

fn into_map(object: Object) -> Map {
    object.0.as_map().cloned().unwrap_or_default()
}

impl ClusterFact {
    fn into_cluster(self) -> Cluster {
        let Self { name, server, project, labels, annotations } = self;
        Cluster { name, server, project, labels, annotations }
    }
}

impl PullRequestFact {
    fn into_pull_request(self) -> PullRequest {
        let Self { number, title, branch, target_branch, head_sha, labels, author } = self;
        PullRequest { number, title, branch, target_branch, head_sha, labels, author }
    }
}

impl RepositoryFact {
    fn into_repository(self) -> Repository {
        let Self { organization, repository, id, url, branch, sha, labels, paths } = self;
        let id = id.unwrap_or_default();
        Repository { organization, repository, id, url, branch, sha, labels, paths }
    }
}

input! {
    /// An ApplicationSet and what is known of the world.
    struct Evaluate {
        /// The ApplicationSet.
        application_set: Object,
        /// What is known of the world.
        facts: Option<Facts>,
        /// Whether the first error fails the call, as in Argo CD; else what does work is answered beside the errors.
        strict: bool = true,
    }
}

answer! {
    /// A generated Application.
    struct GeneratedApplication {
        /// The name.
        name: EcoString,
        /// The Application.
        application: Object,
        /// The generator and row that it comes from.
        origin: String,
        /// The parameters it was rendered with.
        parameters: Object,
    }
}

answer! {
    /// What an ApplicationSet generates.
    struct Generated {
        /// The Applications in the order in which they are generated.
        applications: Vec<GeneratedApplication>,
        /// What Argo CD would refuse, by `namespace/name`.
        invalid: BTreeMap<EcoString, String>,
        /// What is worth knowing besides, and the errors that were passed over.
        diagnostics: Vec<Diagnostic>,
    }
}

fn options(context: &Context) -> Options {
    let mut options = Options::default();
    options.cancel = context.cancel.clone();
    options
}

fn evaluated(request: Evaluate, context: &Context) -> Result<(Evaluation, MemoryFacts, Value), Error> {
    let facts = request.facts.map(Facts::into_memory).transpose()?.unwrap_or_default();
    let options = if request.strict { options(context) } else { options(context).keep_going() };
    let evaluation = evaluate_with(&request.application_set.0, &facts, &options)?;
    Ok((evaluation, facts, request.application_set.0))
}

fn name_of(application_set: &Value) -> &str {
    trueup_manifest::Object::new(application_set).name()
}

fn evaluate(request: Evaluate, context: &Context) -> Result<Generated, Error> {
    context.cancel.step()?;
    let (evaluation, facts, set) = evaluated(request, context)?;
    context.cancel.step()?;
    let validation = validate(name_of(&set), &evaluation, &facts);
    let applications = evaluation.applications.iter().map(|generated| GeneratedApplication {
        name: generated.name().into(),
        application: Object(generated.application.clone()),
        origin: generated.origin.to_string(),
        parameters: Object(generated.parameters.to_document().into()),
    });
    let passed_over = evaluation.errors.iter().map(trueup_appset::Error::to_diagnostic);
    Ok(Generated {
        applications: applications.collect(),
        invalid: validation.errors.clone(),
        diagnostics: evaluation.diagnostics.iter().cloned().chain(passed_over).collect(),
    })
}

fn list_needs(request: Evaluate, context: &Context) -> Result<Vec<Object>, Error> {
    context.cancel.step()?;
    let facts = request.facts.map(Facts::into_memory).transpose()?.unwrap_or_default();
    let needs = needs(&request.application_set.0, &facts, &options(context));
    context.cancel.step()?;
    needs.iter().map(|need| to_value(need).map(Object).map_err(Error::internal)).collect()
}

input! {
    /// An Application to explain.
    struct Explain {
        /// The ApplicationSet.
        application_set: Object,
        /// The name of the Application.
        name: EcoString,
        /// What is known of the world.
        facts: Option<Facts>,
    }
}

fn explained(request: Explain, context: &Context) -> Result<Object, Error> {
    context.cancel.step()?;
    let Explain { application_set, name, facts } = request;
    let (evaluation, facts, set) = evaluated(Evaluate { application_set, facts, strict: false }, context)?;
    let validation = validate(name_of(&set), &evaluation, &facts);
    to_value(&explain(&evaluation, &validation, &name)).map(Object).map_err(Error::internal)
}
