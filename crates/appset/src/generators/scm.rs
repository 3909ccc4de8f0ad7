//! The SCM provider generator.

use super::{Context, Sets, filters, row, values};
use crate::error::Failure;
use crate::facts::Need;
use crate::model::{items, text};
use crate::names::normalize;
use crate::parameters::{Parameters, Row, string};
use trueup_manifest::{EcoString, Value};
use trueup_template::Value as GoValue;

/// The providers, in the order in which they are looked for.
const PROVIDERS: [&str; 7] =
    ["github", "gitlab", "gitea", "bitbucketServer", "azureDevOps", "bitbucket", "awsCodeCommit"];
/// Those whose API URL is checked.
const CHECKED: [&str; 5] = ["github", "gitlab", "gitea", "bitbucketServer", "azureDevOps"];

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    check_allowed(context, section, &CHECKED)?;
    if !PROVIDERS.iter().any(|name| section.get(name).is_some()) {
        return Err("no SCM provider implementation configured".into());
    }
    let listing = |failure: Failure| failure.within("error listing repos: ");
    let wanted = items(section, &["filters"]);
    // Expressions are checked before anything is listed.
    filters::repositories(&[], wanted).map_err(listing)?;
    let need = || Need::Repositories { generator: section.clone() };
    let all = context
        .require(context.facts.repositories(section), need)?
        .map_err(|error| listing(Failure::new(error)))?;
    let mut sets = Vec::new();
    for item in filters::repositories(&all, wanted).map_err(listing)? {
        let mut parameters = Parameters::new();
        let texts = [
            ("organization", item.organization.clone()),
            ("repository", item.repository.clone()),
            ("url", item.url.clone()),
            ("branch", item.branch.clone()),
            ("branchNormalized", normalize(&item.branch).into()),
            ("short_sha", head(&item.sha, 8).into()),
            ("short_sha_7", head(&item.sha, 7).into()),
            ("labels", item.labels.join(",").into()),
            ("sha", item.sha.clone()),
        ];
        for (name, text) in texts {
            parameters.set(name, string(text));
        }
        parameters.set("repository_id", identifier(&item.id));
        values::append(&mut parameters, section, context.renderer)
            .map_err(|failure| failure.within("failed to append templated values: "))?;
        let source = Row::Repository { name: item.repository, branch: item.branch };
        sets.push(row(path, source, parameters));
    }
    Ok(sets)
}

/// Checks the switch and the list of allowed URLs.
pub(super) fn check_allowed(context: &Context<'_>, section: &Value, checked: &[&str]) -> Result<(), Failure> {
    if !context.options.scm_providers {
        return Err("scm providers are disabled".into());
    }
    let provider = checked.iter().find_map(|name| section.get(name));
    let url = provider.map_or("", |provider| text(provider, &["api"]));
    let allowed = &context.options.allowed_scm_providers;
    if url.is_empty() || allowed.is_empty() || allowed.iter().any(|own| own == url) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "scm provider not allowed: scm provider {} not allowed, must use one of the following: {}",
        crate::quote(url),
        allowed.join(", ")
    )))
}

/// Returns the first bytes of a commit.
pub(super) fn head(sha: &str, length: usize) -> &str {
    sha.get(..length).unwrap_or(sha)
}

/// Providers give integers or texts; as integers they print in full.
fn identifier(id: &Value) -> GoValue {
    GoValue::from_manifest_with(id, trueup_template::Numbers::Integers)
}
