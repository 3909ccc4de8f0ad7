//! The two strategies.

use super::nullable;
use super::step::{Analysis, CanaryStep};
use serde::{Deserialize, Serialize};
use trueup_manifest::{EcoString, Map, Value};

/// A number, or a text which is a share of the replicas.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum IntOrString {
    Int(i32),
    Text(EcoString),
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BlueGreen {
    #[serde(deserialize_with = "nullable")]
    pub(crate) active_service: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) preview_service: EcoString,
    pub(crate) preview_replica_count: Option<i32>,
    pub(crate) auto_promotion_enabled: Option<bool>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) auto_promotion_seconds: i32,
    pub(crate) scale_down_delay_seconds: Option<i32>,
    pub(crate) scale_down_delay_revision_limit: Option<i32>,
    pub(crate) pre_promotion_analysis: Option<Analysis>,
    pub(crate) anti_affinity: Option<AntiAffinity>,
    pub(crate) post_promotion_analysis: Option<Analysis>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Canary {
    #[serde(deserialize_with = "nullable")]
    pub(crate) canary_service: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) stable_service: EcoString,
    pub(crate) steps: Option<Vec<CanaryStep>>,
    pub(crate) traffic_routing: Option<TrafficRouting>,
    pub(crate) max_unavailable: Option<IntOrString>,
    pub(crate) max_surge: Option<IntOrString>,
    pub(crate) analysis: Option<BackgroundAnalysis>,
    pub(crate) anti_affinity: Option<AntiAffinity>,
    pub(crate) scale_down_delay_seconds: Option<i32>,
    pub(crate) abort_scale_down_delay_seconds: Option<i32>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) dynamic_stable_scale: bool,
    pub(crate) ping_pong: Option<PingPong>,
    pub(crate) min_pods_per_replica_set: Option<i32>,
}

impl Canary {
    pub(crate) fn steps(&self) -> &[CanaryStep] {
        self.steps.as_deref().unwrap_or_default()
    }
}

/// An analysis that runs beside the steps, from one of them on.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct BackgroundAnalysis {
    #[serde(flatten)]
    pub(crate) analysis: Analysis,
    pub(crate) starting_step: Option<i32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct PingPong {
    #[serde(deserialize_with = "nullable")]
    pub(crate) ping_service: EcoString,
    #[serde(deserialize_with = "nullable")]
    pub(crate) pong_service: EcoString,
}

/// Of the routers, whether they are there and what validation looks at.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct TrafficRouting {
    pub(crate) istio: Option<Istio>,
    pub(crate) nginx: Option<Map>,
    pub(crate) alb: Option<Alb>,
    pub(crate) smi: Option<Map>,
    pub(crate) ambassador: Option<Map>,
    pub(crate) app_mesh: Option<Map>,
    pub(crate) traefik: Option<Map>,
    pub(crate) managed_routes: Option<Vec<ManagedRoute>>,
    pub(crate) apisix: Option<Map>,
    #[serde(deserialize_with = "nullable")]
    pub(crate) plugins: Map,
    pub(crate) max_traffic_weight: Option<i32>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Istio {
    pub(crate) destination_rule: Option<Map>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct Alb {
    #[serde(deserialize_with = "nullable")]
    pub(crate) root_service: EcoString,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ManagedRoute {
    #[serde(deserialize_with = "nullable")]
    pub(crate) name: EcoString,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct AntiAffinity {
    pub(crate) preferred_during_scheduling_ignored_during_execution: Option<Preferred>,
    pub(crate) required_during_scheduling_ignored_during_execution: Option<Value>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Preferred {
    #[serde(deserialize_with = "nullable")]
    pub(crate) weight: i32,
}
