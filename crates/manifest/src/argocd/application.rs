//! The Application: what to deploy, from where, to where, and how.

use super::meta::ObjectMeta;
use super::operation::Operation;
use super::source::{
    ApplicationSource, ApplicationSourceDirectory, ApplicationSourceHelm, ApplicationSourceKustomize,
    ApplicationSourcePlugin,
};
use super::status::ApplicationStatus;
use super::{is_default, nullable};
use crate::Map;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An Argo CD Application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Application {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api_version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub metadata: ObjectMeta,
    #[serde(deserialize_with = "nullable")]
    pub spec: ApplicationSpec,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub status: ApplicationStatus,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub operation: Option<Operation>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What an Application deploys, where to, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSpec {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source: Option<ApplicationSource>,
    #[serde(deserialize_with = "nullable")]
    pub destination: ApplicationDestination,
    #[serde(deserialize_with = "nullable")]
    pub project: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_policy: Option<SyncPolicy>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ignore_differences: Vec<ResourceIgnoreDifferences>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub info: Vec<Info>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revision_history_limit: Option<i64>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sources: Vec<ApplicationSource>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_hydrator: Option<SourceHydrator>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A cluster (by `server` or by `name`) and a namespace.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationDestination {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub server: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// When and how an Application is synced.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncPolicy {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub automated: Option<SyncPolicyAutomated>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_options: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub retry: Option<RetryStrategy>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub managed_namespace_metadata: Option<ManagedNamespaceMetadata>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Automatic sync: present means on, unless `enabled` is false.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncPolicyAutomated {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub prune: Option<bool>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub self_heal: Option<bool>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub allow_empty: Option<bool>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub enabled: Option<bool>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Labels and annotations of the namespace that a sync creates.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ManagedNamespaceMetadata {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub annotations: BTreeMap<EcoString, EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// How often a failed sync is tried again; `limit` below 0 means without end.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RetryStrategy {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub limit: i64,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub backoff: Option<Backoff>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub refresh: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The waits between attempts: `duration · factor^n`, at most `max_duration`. Durations are Go's (`5s`, `3m`).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Backoff {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub duration: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub factor: Option<i64>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub max_duration: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Fields of some resources whose differences do not count.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceIgnoreDifferences {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub json_pointers: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub jq_path_expressions: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub managed_fields_managers: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A name and a value shown with an Application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Info {
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub value: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Rendering from a dry source into a branch that is synced.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceHydrator {
    #[serde(deserialize_with = "nullable")]
    pub dry_source: DrySource,
    #[serde(deserialize_with = "nullable")]
    pub sync_source: SyncSource,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub hydrate_to: Option<HydrateTo>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The source that is rendered.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DrySource {
    #[serde(rename = "repoURL", deserialize_with = "nullable")]
    pub repo_url: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub target_revision: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub path: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub helm: Option<ApplicationSourceHelm>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kustomize: Option<ApplicationSourceKustomize>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub directory: Option<ApplicationSourceDirectory>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub plugin: Option<ApplicationSourcePlugin>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The branch and path that are synced.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncSource {
    #[serde(deserialize_with = "nullable")]
    pub target_branch: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub path: EcoString,
    #[serde(rename = "repoURL", deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub repo_url: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The branch that rendered manifests are pushed to first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HydrateTo {
    #[serde(deserialize_with = "nullable")]
    pub target_branch: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
