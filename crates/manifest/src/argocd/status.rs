//! What the controller reports about an Application.

use super::application::{ApplicationDestination, ResourceIgnoreDifferences, SourceHydrator};
use super::operation::{OperationInitiator, OperationState};
use super::source::ApplicationSource;
use super::{is_default, nullable};
use crate::Map;
use ecow::EcoString;
use serde::{Deserialize, Serialize};

/// What the controller last saw of an Application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationStatus {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub resources: Vec<ResourceStatus>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync: SyncStatus,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub health: AppHealthStatus,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub history: Vec<RevisionHistory>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub conditions: Vec<ApplicationCondition>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub reconciled_at: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub operation_state: Option<OperationState>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub observed_at: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_type: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub summary: ApplicationSummary,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub resource_health_source: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_types: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub controller_namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_hydrator: SourceHydratorStatus,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Whether live equals desired, and at which revision.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SyncStatus {
    #[serde(deserialize_with = "nullable")]
    pub status: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub compared_to: ComparedTo,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revision: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revisions: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What the last comparison was made with.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ComparedTo {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source: ApplicationSource,
    #[serde(deserialize_with = "nullable")]
    pub destination: ApplicationDestination,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sources: Vec<ApplicationSource>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ignore_differences: Vec<ResourceIgnoreDifferences>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The health of an Application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AppHealthStatus {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub status: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub message: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub last_transition_time: Option<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The health of a resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HealthStatus {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub status: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub message: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub last_transition_time: Option<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One past deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RevisionHistory {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revision: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub deployed_at: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub id: i64,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source: ApplicationSource,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub deploy_started_at: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sources: Vec<ApplicationSource>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub revisions: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub initiated_by: OperationInitiator,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// An error, a warning or a note about an Application.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationCondition {
    #[serde(deserialize_with = "nullable")]
    pub type_: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub message: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub last_transition_time: Option<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// URLs and images of what is live.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSummary {
    #[serde(rename = "externalURLs", deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub external_urls: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub images: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub is_app_of_apps: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The status of one resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ResourceStatus {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub status: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub health: Option<HealthStatus>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub hook: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub requires_pruning: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_wave: i64,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub requires_deletion_confirmation: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// How hydration stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SourceHydratorStatus {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub last_successful_operation: Option<SuccessfulHydrateOperation>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub current_operation: Option<HydrateOperation>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub last_compared_dry_revision: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The last hydration that worked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SuccessfulHydrateOperation {
    #[serde(rename = "drySHA", deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub dry_sha: EcoString,
    #[serde(rename = "hydratedSHA", deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub hydrated_sha: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_hydrator: SourceHydrator,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The hydration under way or last ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HydrateOperation {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub started_at: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub finished_at: Option<EcoString>,
    #[serde(deserialize_with = "nullable")]
    pub phase: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub message: EcoString,
    #[serde(rename = "drySHA", deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub dry_sha: EcoString,
    #[serde(rename = "hydratedSHA", deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub hydrated_sha: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub source_hydrator: SourceHydrator,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
