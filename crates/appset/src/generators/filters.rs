//! The filters of SCM providers and pull requests.

use crate::error::{Error, Failure};
use crate::facts::{PullRequest, Repository};
use crate::model::texts;
use trueup_manifest::Value;
use trueup_template::Regex;

fn compile(filter: &Value, field: &str, name: &str) -> Result<Option<Regex>, Failure> {
    let Some(pattern) = filter.get(field).and_then(Value::as_str) else { return Ok(None) };
    let regex = Regex::new(pattern.as_bytes()).map_err(|reason| {
        Failure::new(format!("error compiling {name} regexp {}: {reason}", crate::quote(pattern)))
    })?;
    Ok(Some(regex))
}

struct RepositoryFilter {
    repository: Option<Regex>,
    label: Option<Regex>,
    branch: Option<Regex>,
    paths_exist: Vec<String>,
    paths_do_not_exist: Vec<String>,
    /// True for a filter of branches, false for one of repositories; nothing for an empty one.
    of_branches: Option<bool>,
}

impl RepositoryFilter {
    fn new(filter: &Value) -> Result<Self, Failure> {
        let repository = compile(filter, "repositoryMatch", "RepositoryMatch")?;
        let label = compile(filter, "labelMatch", "LabelMatch")?;
        let branch = compile(filter, "branchMatch", "BranchMatch")?;
        let paths =
            |field: &str| texts(filter, &[field]).map(|path| path.trim_end_matches('/').to_owned()).collect();
        let of_branches =
            ["pathsExist", "pathsDoNotExist", "branchMatch"].iter().any(|name| filter.get(name).is_some());
        let of_repositories = repository.is_some() || label.is_some();
        Ok(Self {
            paths_exist: paths("pathsExist"),
            paths_do_not_exist: paths("pathsDoNotExist"),
            of_branches: (of_branches || of_repositories).then_some(of_branches),
            repository,
            label,
            branch,
        })
    }

    fn matches(&self, item: &Repository) -> bool {
        let has_path = |path: &String| item.paths.iter().any(|known| known == path);
        self.repository.as_ref().is_none_or(|regex| regex.is_match(item.repository.as_bytes()))
            && self.branch.as_ref().is_none_or(|regex| regex.is_match(item.branch.as_bytes()))
            && self
                .label
                .as_ref()
                .is_none_or(|regex| item.labels.iter().any(|label| regex.is_match(label.as_bytes())))
            && self.paths_exist.iter().all(has_path)
            && !self.paths_do_not_exist.iter().any(has_path)
    }
}

/// Returns the branches of repositories that the filters of an `scmProvider` let through.
///
/// Filters of repositories and filters of branches are two phases; in each, one matching filter is enough.
///
/// # Errors
/// A regular expression that is none.
pub fn filter_repositories(all: &[Repository], filters: &[Value]) -> Result<Vec<Repository>, Error> {
    repositories(all, filters).map_err(|failure| failure.generate(""))
}

pub(super) fn repositories(all: &[Repository], filters: &[Value]) -> Result<Vec<Repository>, Failure> {
    let filters = filters.iter().map(RepositoryFilter::new).collect::<Result<Vec<_>, _>>()?;
    let passes = |item: &Repository, phase: bool| {
        let mut own = filters.iter().filter(|filter| filter.of_branches == Some(phase)).peekable();
        own.peek().is_none() || own.any(|filter| filter.matches(item))
    };
    Ok(all.iter().filter(|item| passes(item, false) && passes(item, true)).cloned().collect())
}

/// Returns the pull requests that the filters of a `pullRequest` let through: one matching filter is enough.
///
/// # Errors
/// A regular expression that is none.
pub fn filter_pull_requests(all: &[PullRequest], filters: &[Value]) -> Result<Vec<PullRequest>, Error> {
    pull_requests(all, filters).map_err(|failure| failure.generate(""))
}

pub(super) fn pull_requests(all: &[PullRequest], filters: &[Value]) -> Result<Vec<PullRequest>, Failure> {
    let compiled = compile_pull_requests(filters)?;
    let matches = |item: &PullRequest, filter: &PullRequestFilter| {
        let texts = [&item.branch, &item.target_branch, &item.title];
        filter
            .iter()
            .zip(texts)
            .all(|(regex, text)| regex.as_ref().is_none_or(|regex| regex.is_match(text.as_bytes())))
    };
    let passes =
        |item: &&PullRequest| compiled.is_empty() || compiled.iter().any(|filter| matches(item, filter));
    Ok(all.iter().filter(passes).cloned().collect())
}

/// The expressions for branch, target branch and title.
type PullRequestFilter = [Option<Regex>; 3];

pub(super) fn compile_pull_requests(filters: &[Value]) -> Result<Vec<PullRequestFilter>, Failure> {
    let filter = |filter: &Value| {
        Ok([
            compile(filter, "branchMatch", "BranchMatch")?,
            compile(filter, "targetBranchMatch", "TargetBranchMatch")?,
            compile(filter, "titleMatch", "TitleMatch")?,
        ])
    };
    filters.iter().map(filter).collect()
}
