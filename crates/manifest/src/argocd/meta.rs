//! The Kubernetes types that Argo CD's kinds are made of.

use super::{is_default, nullable};
use crate::Map;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// The metadata of an object.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectMeta {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub generate_name: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub namespace: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub uid: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub resource_version: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub generation: i64,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub creation_timestamp: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub deletion_timestamp: Option<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub labels: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub annotations: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub finalizers: Vec<EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub owner_references: Vec<OwnerReference>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// An object that another one belongs to.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OwnerReference {
    #[serde(deserialize_with = "nullable")]
    pub api_version: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub kind: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub name: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub uid: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub controller: Option<bool>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub block_owner_deletion: Option<bool>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// Kubernetes' label selector as it stands in a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelector {
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub match_labels: BTreeMap<EcoString, EcoString>,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub match_expressions: Vec<LabelSelectorRequirement>,
    /// What this version does not know; kept and written back untouched.
    #[serde(flatten)]
    pub unknown: Map,
}

/// One condition of a label selector.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct LabelSelectorRequirement {
    #[serde(deserialize_with = "nullable")]
    pub key: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub operator: EcoString,
    #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
    pub values: Vec<EcoString>,
}

/// A number, or a string such as `25%`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum IntOrString {
    /// A number.
    Int(i64),
    /// A string.
    String(EcoString),
}

impl Default for IntOrString {
    fn default() -> Self {
        Self::Int(0)
    }
}

impl fmt::Display for IntOrString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Int(i) => i.fmt(f),
            Self::String(s) => s.fmt(f),
        }
    }
}
