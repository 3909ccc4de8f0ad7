//! The pull request generator.

use super::scm::{check_allowed, head};
use super::{Context, Sets, filters, row, values};
use crate::error::Failure;
use crate::facts::{Need, PullRequest, PullRequestError};
use crate::model::{flag, items};
use crate::names::branch_slug;
use crate::parameters::{Parameters, Row, string};
use trueup_manifest::{EcoString, Value};
use trueup_template::Value as GoValue;

/// The providers, in the order in which they are looked for; the API URL of all of them is checked.
const PROVIDERS: [&str; 6] = ["github", "gitlab", "gitea", "bitbucketServer", "bitbucket", "azuredevops"];

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let selecting = |failure: Failure| failure.within("failed to select pull request service provider: ");
    check_allowed(context, section, &PROVIDERS).map_err(selecting)?;
    if !PROVIDERS.iter().any(|name| section.get(name).is_some()) {
        return Err(selecting("no Pull Request provider implementation configured".into()));
    }
    let listing = |failure: Failure| failure.within("error listing repos: ");
    let wanted = items(section, &["filters"]);
    filters::compile_pull_requests(wanted).map_err(listing)?;
    let need = || Need::PullRequests { generator: section.clone() };
    let all = match context.require(context.facts.pull_requests(section), need)? {
        Ok(all) => all,
        Err(PullRequestError::RepositoryNotFound(_)) if flag(section, &["continueOnRepoNotFoundError"]) => {
            return Ok(Vec::new());
        }
        Err(PullRequestError::RepositoryNotFound(error) | PullRequestError::Other(error)) => {
            return Err(listing(Failure::new(error)));
        }
    };
    let mut sets = Vec::new();
    for item in filters::pull_requests(&all, wanted).map_err(listing)? {
        let mut parameters = parameters(&item, context.is_go());
        values::append(&mut parameters, section, context.renderer)
            .map_err(|failure| failure.within("failed to append templated values: "))?;
        sets.push(row(path, Row::PullRequest { number: item.number }, parameters));
    }
    Ok(sets)
}

fn parameters(item: &PullRequest, go: bool) -> Parameters {
    let texts = [
        ("number", item.number.to_string().into()),
        ("title", item.title.clone()),
        ("branch", item.branch.clone()),
        ("branch_slug", branch_slug(&item.branch).into()),
        ("target_branch", item.target_branch.clone()),
        ("target_branch_slug", branch_slug(&item.target_branch).into()),
        ("head_sha", item.head_sha.clone()),
        ("head_short_sha", head(&item.head_sha, 8).into()),
        ("head_short_sha_7", head(&item.head_sha, 7).into()),
        ("author", item.author.clone()),
    ];
    let mut parameters =
        Parameters::from_iter(texts.map(|(name, text): (&str, EcoString)| (name, string(text))));
    if go {
        parameters.set("labels", GoValue::string_list(item.labels.iter().cloned()));
    }
    parameters
}
