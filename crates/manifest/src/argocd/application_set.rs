//! The ApplicationSet: generators and the template they fill.

use super::application::ApplicationSpec;
use super::generators::ApplicationSetGenerator;
use super::meta::{IntOrString, ObjectMeta};
use super::status::{HealthStatus, ResourceStatus};
use super::{is_default, nullable};
use crate::Map;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An Argo CD ApplicationSet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSet {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api_version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub metadata: ObjectMeta,
    #[serde(deserialize_with = "nullable")]
    pub spec: ApplicationSetSpec,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub status: ApplicationSetStatus,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Generators and the template they fill.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetSpec {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub go_template: bool,
    #[serde(deserialize_with = "nullable")]
    pub generators: Vec<ApplicationSetGenerator>,
    #[serde(deserialize_with = "nullable")]
    pub template: ApplicationSetTemplate,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub sync_policy: Option<ApplicationSetSyncPolicy>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub strategy: Option<ApplicationSetStrategy>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub preserved_fields: Option<ApplicationPreservedFields>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub go_template_options: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub apply_nested_selectors: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ignore_application_differences: Vec<ApplicationSetResourceIgnoreDifferences>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub template_patch: Option<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The Application that each parameter set becomes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetTemplate {
    #[serde(deserialize_with = "nullable")]
    pub metadata: ApplicationSetTemplateMeta,
    #[serde(deserialize_with = "nullable")]
    pub spec: ApplicationSpec,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The metadata of generated Applications.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetTemplateMeta {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub annotations: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub finalizers: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What the controller may do with the Applications of a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetSyncPolicy {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub preserve_resources_on_deletion: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub applications_sync: Option<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// In which order changes roll out.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetStrategy {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub type_: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub rolling_sync: Option<ApplicationSetRolloutStrategy>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub deletion_order: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// The steps of a RollingSync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetRolloutStrategy {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub steps: Vec<ApplicationSetRolloutStep>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One step: which Applications, and how many at a time.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetRolloutStep {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub match_expressions: Vec<ApplicationMatchExpression>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub max_update: Option<IntOrString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A condition on the labels of an Application; `In` or `NotIn`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationMatchExpression {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub key: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub operator: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Annotations and labels of live Applications that an update keeps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationPreservedFields {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub annotations: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Fields of live Applications that an update leaves alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetResourceIgnoreDifferences {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub json_pointers: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub jq_path_expressions: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// What the controller reports about a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetStatus {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub conditions: Vec<ApplicationSetCondition>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub application_status: Vec<ApplicationSetApplicationStatus>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub resources: Vec<ResourceStatus>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub resources_count: i64,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub health: HealthStatus,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One condition of a set.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetCondition {
    #[serde(deserialize_with = "nullable")]
    pub type_: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub message: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub last_transition_time: Option<EcoString>,
    #[serde(deserialize_with = "nullable")]
    pub status: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub reason: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Where one Application stands in a RollingSync.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSetApplicationStatus {
    #[serde(deserialize_with = "nullable")]
    pub application: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub last_transition_time: Option<EcoString>,
    #[serde(deserialize_with = "nullable")]
    pub message: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub status: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub step: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub target_revisions: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
