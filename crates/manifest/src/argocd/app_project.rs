//! The AppProject: what its Applications may use and where they may go.

use super::application::ApplicationDestination;
use super::meta::ObjectMeta;
use super::{is_default, nullable};
use crate::Map;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An Argo CD AppProject.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppProject {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api_version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub metadata: ObjectMeta,
    #[serde(deserialize_with = "nullable")]
    pub spec: AppProjectSpec,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub status: AppProjectStatus,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What the Applications of a project may use and where they may go.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppProjectSpec {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_repos: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub destinations: Vec<ApplicationDestination>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub description: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub roles: Vec<ProjectRole>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub cluster_resource_whitelist: Vec<ClusterResourceRestrictionItem>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace_resource_blacklist: Vec<GroupKind>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub orphaned_resources: Option<OrphanedResourcesMonitorSettings>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_windows: Vec<SyncWindow>,
    /// Absent permits every kind; an empty list permits none.
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace_resource_whitelist: Option<Vec<GroupKind>>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub signature_keys: Vec<SignatureKey>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub cluster_resource_blacklist: Vec<ClusterResourceRestrictionItem>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_namespaces: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub permit_only_project_scoped_clusters: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub destination_service_accounts: Vec<ApplicationDestinationServiceAccount>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_integrity: Option<SourceIntegrity>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The tokens issued for a project's roles.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppProjectStatus {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub jwt_tokens_by_role: BTreeMap<EcoString, JWTTokens>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A role of a project with its policies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ProjectRole {
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub description: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub policies: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub jwt_tokens: Vec<JWTToken>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub groups: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A token issued for a role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JWTToken {
    #[serde(deserialize_with = "nullable")]
    pub iat: i64,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub exp: i64,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub id: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The tokens issued for one role.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JWTTokens {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub items: Vec<JWTToken>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A kind of cluster-scoped resource, optionally by name; patterns allowed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ClusterResourceRestrictionItem {
    #[serde(deserialize_with = "nullable")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A group and kind; patterns allowed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GroupKind {
    #[serde(deserialize_with = "nullable")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub kind: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Whether resources that no Application claims are reported.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrphanedResourcesMonitorSettings {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub warn: Option<bool>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ignore: Vec<OrphanedResourceKey>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Orphaned resources that are not reported; patterns allowed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrphanedResourceKey {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A time in which syncs are allowed or denied.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncWindow {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub schedule: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub duration: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub applications: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespaces: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub clusters: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub manual_sync: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub time_zone: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub and_operator: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub description: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_overrun: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A key that may sign commits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SignatureKey {
    #[serde(rename = "keyID", deserialize_with = "nullable")]
    pub key_id: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The service account used for a destination.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationDestinationServiceAccount {
    #[serde(deserialize_with = "nullable")]
    pub server: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub default_service_account: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What must hold of commits before they are used.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceIntegrity {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub git: Option<SourceIntegrityGit>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The rules for git commits.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceIntegrityGit {
    #[serde(deserialize_with = "nullable")]
    pub policies: Vec<SourceIntegrityGitPolicy>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The rule for some repositories.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceIntegrityGitPolicy {
    #[serde(deserialize_with = "nullable")]
    pub repos: Vec<SourceIntegrityGitPolicyRepo>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub gpg: Option<SourceIntegrityGitPolicyGPG>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A repository URL pattern.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceIntegrityGitPolicyRepo {
    #[serde(deserialize_with = "nullable")]
    pub url: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Which signatures are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceIntegrityGitPolicyGPG {
    #[serde(deserialize_with = "nullable")]
    pub mode: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub keys: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
