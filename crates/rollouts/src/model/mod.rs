//! A Rollout as its controller reads it: fields that are not known are left out, null is absent.

mod step;
mod strategy;

pub(crate) use step::{
    Analysis, AnalysisArgument, CanaryStep, Duration, PauseStep, SetCanaryScale, StringMatch,
};
pub(crate) use strategy::{AntiAffinity, BlueGreen, Canary, IntOrString, TrafficRouting};

use crate::error::RolloutError;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use trueup_manifest::argocd::LabelSelector;
use trueup_manifest::{EcoString, Object, Value, from_value};

/// Reads null as the default, as Go does.
pub(crate) fn nullable<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Default + Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// A Rollout, read.
#[derive(Clone, Debug)]
pub struct Rollout {
    pub(crate) value: Value,
    pub(crate) spec: Spec,
    pub(crate) status: Status,
    pub(crate) has_status: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Document {
    #[serde(deserialize_with = "nullable")]
    spec: Spec,
    #[serde(deserialize_with = "nullable")]
    status: Option<Status>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Spec {
    pub(crate) replicas: Option<i32>,
    pub(crate) selector: Option<LabelSelector>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) template: Value,
    pub(crate) workload_ref: Option<WorkloadRef>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) min_ready_seconds: i32,
    #[serde(deserialize_with = "nullable")]
    pub(crate) strategy: Strategies,
    pub(crate) revision_history_limit: Option<i32>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) paused: bool,
    pub(crate) progress_deadline_seconds: Option<i32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct WorkloadRef {
    #[serde(deserialize_with = "nullable")]
    pub(crate) api_version: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) kind: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) name: EcoString,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Strategies {
    pub(crate) blue_green: Option<BlueGreen>,
    pub(crate) canary: Option<Canary>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Status {
    #[serde(deserialize_with = "nullable")]
    pub(crate) abort: bool,
    #[serde(deserialize_with = "nullable")]
    pub(crate) pause_conditions: Vec<PauseCondition>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) current_pod_hash: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) current_step_hash: EcoString,
    pub(crate) current_step_index: Option<i32>,
    #[serde(rename = "stableRS", deserialize_with = "nullable")]
    pub(crate) stable_rs: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) promote_full: bool,
    #[serde(deserialize_with = "nullable")]
    pub(crate) blue_green: BlueGreenStatus,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PauseCondition {
    #[serde(deserialize_with = "nullable")]
    pub(crate) reason: EcoString,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BlueGreenStatus {
    #[serde(deserialize_with = "nullable")]
    pub(crate) active_selector: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) scale_up_preview_check_point: bool,
    #[serde(deserialize_with = "nullable")]
    pub(crate) pre_promotion_analysis_run_status: AnalysisRunStatus,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AnalysisRunStatus {
    #[serde(deserialize_with = "nullable")]
    pub(crate) status: EcoString,
}

impl Rollout {
    /// Reads a Rollout as its controller does: what it does not know is left out, null is absent.
    ///
    /// # Errors
    /// [`RolloutError::NotARollout`] for another kind, [`RolloutError::WrongType`] for a field that the controller cannot read.
    pub fn read(value: &Value) -> Result<Self, RolloutError> {
        let object = Object::new(value);
        if !is_rollout(object) {
            return Err(RolloutError::NotARollout(object.gvk().to_string().into()));
        }
        let document: Document = from_value(value).map_err(RolloutError::WrongType)?;
        let has_status = document.status.is_some();
        let status = document.status.unwrap_or_default();
        Ok(Self { value: value.clone(), spec: document.spec, status, has_status })
    }

    /// Returns the name.
    pub fn name(&self) -> &str {
        Object::new(&self.value).name()
    }

    /// Returns the namespace; empty if it is not said.
    pub fn namespace(&self) -> &str {
        Object::new(&self.value).namespace()
    }

    /// Returns how many pods it runs when nothing is rolled out: 1 unless it is said.
    pub fn replicas(&self) -> i64 {
        self.spec.replicas.map_or(1, i64::from)
    }

    /// Returns the labels of its pods, as its own template has them.
    pub(crate) fn template_labels(&self) -> BTreeMap<EcoString, EcoString> {
        template_labels(&self.spec.template)
    }

    /// Returns the highest weight: 100 unless the traffic routing says another.
    pub fn max_weight(&self) -> i64 {
        let routing = self.spec.strategy.canary.as_ref().and_then(|canary| canary.traffic_routing.as_ref());
        routing.and_then(|routing| routing.max_traffic_weight).map_or(100, i64::from)
    }
}

/// Tells whether an object is a Rollout of Argo Rollouts.
pub(crate) fn is_rollout(object: Object<'_>) -> bool {
    object.group() == "argoproj.io" && object.kind() == "Rollout"
}

/// Returns the labels of a pod template.
pub(crate) fn template_labels(template: &Value) -> BTreeMap<EcoString, EcoString> {
    let labels = template.at(&["metadata", "labels"]).and_then(Value::as_map).into_iter().flatten();
    labels.filter_map(|(key, value)| Some((key.clone(), value.as_eco_str()?.clone()))).collect()
}
