//! Where manifests come from, and how they are rendered.

use super::meta::IntOrString;
use super::{is_default, nullable};
use crate::{Map, Value};
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One source: a repository and path, or a Helm chart.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSource {
    #[serde(rename = "repoURL", deserialize_with = "nullable")]
    pub repo_url: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub path: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub target_revision: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub helm: Option<ApplicationSourceHelm>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kustomize: Option<ApplicationSourceKustomize>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub directory: Option<ApplicationSourceDirectory>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub plugin: Option<ApplicationSourcePlugin>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub chart: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub r#ref: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub tag_prefix: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Options of a Helm source.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSourceHelm {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub value_files: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub parameters: Vec<HelmParameter>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub release_name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub file_parameters: Vec<HelmFileParameter>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub pass_credentials: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ignore_missing_value_files: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub skip_crds: bool,
    #[serde(skip_serializing_if = "is_default")]
    pub values_object: Option<Value>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kube_version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api_versions: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub skip_tests: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub skip_schema_validation: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One value set on the command line, as `--set name=value`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HelmParameter {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub value: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub force_string: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One value read from a file, as `--set-file name=path`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct HelmFileParameter {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub path: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Options of a kustomize source, set on top of its kustomization.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSourceKustomize {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name_prefix: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name_suffix: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub images: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub common_labels: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub common_annotations: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub force_common_labels: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub force_common_annotations: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub common_annotations_envsubst: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub replicas: Vec<KustomizeReplica>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub patches: Vec<KustomizePatch>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub components: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ignore_missing_components: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub label_without_selector: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kube_version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub api_versions: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub label_include_templates: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A replica count by resource name.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KustomizeReplica {
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub count: IntOrString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A patch by text or by path, with its target.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KustomizePatch {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub path: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub patch: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub target: Option<KustomizeSelector>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub options: BTreeMap<EcoString, bool>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Which resources a patch is for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct KustomizeSelector {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub group: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub annotation_selector: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub label_selector: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Options of a source of plain manifests.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSourceDirectory {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub recurse: bool,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub jsonnet: ApplicationSourceJsonnet,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub exclude: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub include: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub disable_extension_filter: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Options of Jsonnet files.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSourceJsonnet {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub ext_vars: Vec<JsonnetVar>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub tlas: Vec<JsonnetVar>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub libs: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A Jsonnet variable; `code` tells whether its value is an expression.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct JsonnetVar {
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub value: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub code: bool,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A config management plugin and its input.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSourcePlugin {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub env: Vec<EnvEntry>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub parameters: Vec<ApplicationSourcePluginParameter>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// An environment variable for a plugin.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct EnvEntry {
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub value: EcoString,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// A plugin parameter: a string, a list or a map.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ApplicationSourcePluginParameter {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub string: Option<EcoString>,
    #[serde(deserialize_with = "nullable")]
    pub map: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable")]
    pub array: Vec<EcoString>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}
