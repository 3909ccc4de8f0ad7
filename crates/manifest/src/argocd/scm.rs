//! The generators that ask source code hosts: repositories and pull requests.

use super::application_set::ApplicationSetTemplate;
use super::{is_default, nullable};
use crate::Map;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One parameter set per repository and branch of an organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGenerator {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub github: Option<SCMProviderGeneratorGithub>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub gitlab: Option<SCMProviderGeneratorGitlab>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub bitbucket: Option<SCMProviderGeneratorBitbucket>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub bitbucket_server: Option<SCMProviderGeneratorBitbucketServer>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub gitea: Option<SCMProviderGeneratorGitea>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub azure_dev_ops: Option<SCMProviderGeneratorAzureDevOps>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub filters: Vec<SCMProviderGeneratorFilter>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub clone_protocol: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub requeue_after_seconds: Option<i64>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub aws_code_commit: Option<SCMProviderGeneratorAWSCodeCommit>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One filter; its conditions must all hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorFilter {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub repository_match: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub paths_exist: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub paths_do_not_exist: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub label_match: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub branch_match: Option<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A GitHub organization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorGithub {
    #[serde(deserialize_with = "nullable")]
    pub organization: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub app_secret_name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub all_branches: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub exclude_archived_repos: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A GitLab group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorGitlab {
    #[serde(deserialize_with = "nullable")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub include_subgroups: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub all_branches: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub insecure: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub include_shared_projects: Option<bool>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub topic: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ca_ref: Option<ConfigMapKeyRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub include_archived_repos: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A Gitea owner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorGitea {
    #[serde(deserialize_with = "nullable")]
    pub owner: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub all_branches: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub insecure: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub exclude_archived_repos: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A Bitbucket Cloud owner.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorBitbucket {
    #[serde(deserialize_with = "nullable")]
    pub owner: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub user: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub app_password_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub all_branches: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A Bitbucket Server project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorBitbucketServer {
    #[serde(deserialize_with = "nullable")]
    pub project: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub basic_auth: Option<BasicAuthBitbucketServer>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub all_branches: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub bearer_token: Option<BearerTokenBitbucket>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub insecure: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ca_ref: Option<ConfigMapKeyRef>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// An Azure DevOps project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorAzureDevOps {
    #[serde(deserialize_with = "nullable")]
    pub organization: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub team_project: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub access_token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub all_branches: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// AWS CodeCommit repositories.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SCMProviderGeneratorAWSCodeCommit {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub tag_filters: Vec<TagFilter>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub role: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub region: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub all_branches: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A tag that a CodeCommit repository must have.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TagFilter {
    #[serde(deserialize_with = "nullable")]
    pub key: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub value: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One parameter set per open pull request.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGenerator {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub github: Option<PullRequestGeneratorGithub>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub gitlab: Option<PullRequestGeneratorGitLab>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub gitea: Option<PullRequestGeneratorGitea>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub bitbucket_server: Option<PullRequestGeneratorBitbucketServer>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub filters: Vec<PullRequestGeneratorFilter>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub requeue_after_seconds: Option<i64>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub bitbucket: Option<PullRequestGeneratorBitbucket>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub azuredevops: Option<PullRequestGeneratorAzureDevOps>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub continue_on_repo_not_found_error: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One filter; its conditions must all hold.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGeneratorFilter {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub branch_match: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub target_branch_match: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub title_match: Option<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The pull requests of a GitHub repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGeneratorGithub {
    #[serde(deserialize_with = "nullable")]
    pub owner: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub repo: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub app_secret_name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The merge requests of a GitLab project.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGeneratorGitLab {
    #[serde(deserialize_with = "nullable")]
    pub project: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub pull_request_state: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub insecure: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ca_ref: Option<ConfigMapKeyRef>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The pull requests of a Gitea repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGeneratorGitea {
    #[serde(deserialize_with = "nullable")]
    pub owner: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub repo: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub insecure: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The pull requests of a Bitbucket Cloud repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGeneratorBitbucket {
    #[serde(deserialize_with = "nullable")]
    pub owner: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub repo: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub basic_auth: Option<BasicAuthBitbucketServer>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub bearer_token: Option<BearerTokenBitbucketCloud>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The pull requests of a Bitbucket Server repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGeneratorBitbucketServer {
    #[serde(deserialize_with = "nullable")]
    pub project: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub repo: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub basic_auth: Option<BasicAuthBitbucketServer>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub bearer_token: Option<BearerTokenBitbucket>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub insecure: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ca_ref: Option<ConfigMapKeyRef>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The pull requests of an Azure DevOps repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PullRequestGeneratorAzureDevOps {
    #[serde(deserialize_with = "nullable")]
    pub organization: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub project: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub repo: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A key of a Secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SecretRef {
    #[serde(deserialize_with = "nullable")]
    pub secret_name: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub key: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A key of a ConfigMap.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ConfigMapKeyRef {
    #[serde(deserialize_with = "nullable")]
    pub config_map_name: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub key: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A user name and where its password is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BasicAuthBitbucketServer {
    #[serde(deserialize_with = "nullable")]
    pub username: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub password_ref: Option<SecretRef>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Where a token is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BearerTokenBitbucket {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Where a token is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BearerTokenBitbucketCloud {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub token_ref: Option<SecretRef>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
