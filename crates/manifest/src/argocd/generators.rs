//! The generators of an ApplicationSet.

use super::application_set::ApplicationSetTemplate;
use super::meta::LabelSelector;
use super::scm::{PullRequestGenerator, SCMProviderGenerator};
use super::{is_default, nullable};
use crate::{Map, Value};
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One entry of `spec.generators`; usually exactly one generator is set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetGenerator {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub list: Option<ListGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub clusters: Option<ClusterGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub git: Option<GitGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub scm_provider: Option<SCMProviderGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub cluster_decision_resource: Option<DuckTypeGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub pull_request: Option<PullRequestGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub matrix: Option<MatrixGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub merge: Option<MergeGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub selector: Option<LabelSelector>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub plugin: Option<PluginGenerator>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One child of a matrix or merge generator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetNestedGenerator {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub list: Option<ListGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub clusters: Option<ClusterGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub git: Option<GitGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub scm_provider: Option<SCMProviderGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub cluster_decision_resource: Option<DuckTypeGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub pull_request: Option<PullRequestGenerator>,
    #[serde(skip_serializing_if = "is_default")]
    pub matrix: Option<Value>,
    #[serde(skip_serializing_if = "is_default")]
    pub merge: Option<Value>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub selector: Option<LabelSelector>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub plugin: Option<PluginGenerator>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Parameter sets written down.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ListGenerator {
    #[serde(deserialize_with = "nullable")]
    pub elements: Vec<Value>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub elements_yaml: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One parameter set per cluster.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterGenerator {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub selector: LabelSelector,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub flat_list: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One parameter set per directory, or per file, of a repository.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GitGenerator {
    #[serde(rename = "repoURL", deserialize_with = "nullable")]
    pub repo_url: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub directories: Vec<GitDirectoryGeneratorItem>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub files: Vec<GitFileGeneratorItem>,
    #[serde(deserialize_with = "nullable")]
    pub revision: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub requeue_after_seconds: Option<i64>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub path_param_prefix: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: BTreeMap<EcoString, EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A directory pattern; `*` stays inside one path segment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GitDirectoryGeneratorItem {
    #[serde(deserialize_with = "nullable")]
    pub path: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub exclude: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A file pattern.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GitFileGeneratorItem {
    #[serde(deserialize_with = "nullable")]
    pub path: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub exclude: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The decisions in the status of some resource: the cluster decision resource generator.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DuckTypeGenerator {
    #[serde(deserialize_with = "nullable")]
    pub config_map_ref: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub requeue_after_seconds: Option<i64>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub label_selector: LabelSelector,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: BTreeMap<EcoString, EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Every pair of what two generators give.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MatrixGenerator {
    #[serde(deserialize_with = "nullable")]
    pub generators: Vec<ApplicationSetNestedGenerator>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Parameter sets of the first generator, overridden by those of the others with equal keys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MergeGenerator {
    #[serde(deserialize_with = "nullable")]
    pub generators: Vec<ApplicationSetNestedGenerator>,
    #[serde(deserialize_with = "nullable")]
    pub merge_keys: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Parameter sets that an HTTP service answers.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PluginGenerator {
    #[serde(deserialize_with = "nullable")]
    pub config_map_ref: PluginConfigMapRef,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub input: PluginInput,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub requeue_after_seconds: Option<i64>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: BTreeMap<EcoString, EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The ConfigMap with a plugin's address and token.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PluginConfigMapRef {
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What is sent to a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PluginInput {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub parameters: BTreeMap<EcoString, Value>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
