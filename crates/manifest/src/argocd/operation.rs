//! Sync operations: what was asked for and what came of it.

use super::application::{Info, ManagedNamespaceMetadata, RetryStrategy};
use super::source::ApplicationSource;
use super::{is_default, nullable};
use crate::Map;
use ecow::EcoString;
use serde::{Deserialize, Serialize};

/// An operation that was asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Operation {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync: Option<SyncOperation>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub initiated_by: OperationInitiator,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub info: Vec<Info>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub retry: RetryStrategy,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Who asked for an operation.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OperationInitiator {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub username: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub automated: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What a sync is asked to do.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncOperation {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revision: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub prune: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub dry_run: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_strategy: Option<SyncStrategy>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub resources: Vec<SyncOperationResource>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source: Option<ApplicationSource>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub manifests: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_options: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sources: Vec<ApplicationSource>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revisions: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub auto_heal_attempts_count: i64,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One resource of a selective sync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncOperationResource {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// How a sync applies.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncStrategy {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub apply: Option<SyncStrategyApply>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub hook: Option<SyncStrategyHook>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Plain apply, without hooks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncStrategyApply {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub force: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Apply with hooks.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncStrategyHook {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub force: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// How an operation stands or ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OperationState {
    #[serde(deserialize_with = "nullable")]
    pub operation: Operation,
    #[serde(deserialize_with = "nullable")]
    pub phase: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub message: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_result: Option<SyncOperationResult>,
    #[serde(deserialize_with = "nullable")]
    pub started_at: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub finished_at: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub retry_count: i64,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What a sync did.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncOperationResult {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub resources: Vec<ResourceResult>,
    #[serde(deserialize_with = "nullable")]
    pub revision: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source: ApplicationSource,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sources: Vec<ApplicationSource>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revisions: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub managed_namespace_metadata: Option<ManagedNamespaceMetadata>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What a sync did to one resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceResult {
    #[serde(deserialize_with = "nullable")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub version: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub status: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub message: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub hook_type: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub hook_phase: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_phase: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub images: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
