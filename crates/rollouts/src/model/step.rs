//! The steps of a canary, field by field in the order of the controller: the hash of the steps is that of their JSON.

use super::strategy::IntOrString;
use super::{is_default, nullable};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use trueup_manifest::argocd::LabelSelectorRequirement;
use trueup_manifest::{EcoString, Value};

type Texts = BTreeMap<EcoString, EcoString>;

/// Makes types that are read leniently and written as Go writes them.
macro_rules! written {
    ($($(#[$attribute:meta])* struct $name:ident { $($(#[$field_attribute:meta])* $field:ident: $ty:ty;)* })*) => {$(
        $(#[$attribute])*
        #[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "camelCase", default)]
        pub(crate) struct $name {
            $(
                $(#[$field_attribute])*
                pub(crate) $field: $ty,
            )*
        }
    )*};
}

written! {
    /// One step. The controller wants exactly one of the fields.
    struct CanaryStep {
        #[serde(skip_serializing_if = "Option::is_none")]
        set_weight: Option<i32>;
        #[serde(skip_serializing_if = "Option::is_none")]
        pause: Option<PauseStep>;
        #[serde(skip_serializing_if = "Option::is_none")]
        experiment: Option<Experiment>;
        #[serde(skip_serializing_if = "Option::is_none")]
        analysis: Option<Analysis>;
        #[serde(skip_serializing_if = "Option::is_none")]
        set_canary_scale: Option<SetCanaryScale>;
        #[serde(skip_serializing_if = "Option::is_none")]
        set_header_route: Option<SetHeaderRoute>;
        #[serde(skip_serializing_if = "Option::is_none")]
        set_mirror_route: Option<SetMirrorRoute>;
        #[serde(skip_serializing_if = "Option::is_none")]
        plugin: Option<Plugin>;
    }

    struct PauseStep {
        #[serde(skip_serializing_if = "Option::is_none")]
        duration: Option<Duration>;
    }

    struct Experiment {
        templates: Option<Vec<ExperimentTemplate>>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        duration: EcoString;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        analyses: Vec<ExperimentAnalysis>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        dry_run: Vec<DryRun>;
        #[serde(deserialize_with = "nullable")]
        analysis_run_metadata: Metadata;
        #[serde(skip_serializing_if = "Option::is_none")]
        scale_down_delay_seconds: Option<i32>;
    }

    struct ExperimentTemplate {
        #[serde(deserialize_with = "nullable")]
        name: EcoString;
        #[serde(deserialize_with = "nullable")]
        spec_ref: EcoString;
        #[serde(skip_serializing_if = "Option::is_none")]
        replicas: Option<i32>;
        #[serde(deserialize_with = "nullable")]
        metadata: Metadata;
        #[serde(skip_serializing_if = "Option::is_none")]
        selector: Option<Selector>;
        #[serde(skip_serializing_if = "Option::is_none")]
        weight: Option<i32>;
        #[serde(skip_serializing_if = "Option::is_none")]
        service: Option<ServiceName>;
    }

    struct Selector {
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        match_labels: Texts;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        match_expressions: Vec<LabelSelectorRequirement>;
    }

    struct ServiceName {
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        name: EcoString;
    }

    struct Metadata {
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        labels: Texts;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        annotations: Texts;
    }

    struct ExperimentAnalysis {
        #[serde(deserialize_with = "nullable")]
        name: EcoString;
        #[serde(deserialize_with = "nullable")]
        template_name: EcoString;
        #[serde(skip_serializing_if = "Option::is_none")]
        cluster_scope: Option<bool>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        args: Vec<AnalysisArgument>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        required_for_completion: bool;
    }

    struct Analysis {
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        templates: Vec<TemplateRef>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        args: Vec<AnalysisArgument>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        dry_run: Vec<DryRun>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        measurement_retention: Vec<Retention>;
        #[serde(skip_serializing_if = "Option::is_none")]
        analysis_run_metadata: Option<Metadata>;
    }

    struct TemplateRef {
        #[serde(deserialize_with = "nullable")]
        template_name: EcoString;
        #[serde(skip_serializing_if = "Option::is_none")]
        cluster_scope: Option<bool>;
    }

    struct AnalysisArgument {
        #[serde(deserialize_with = "nullable")]
        name: EcoString;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        value: EcoString;
        #[serde(skip_serializing_if = "Option::is_none")]
        value_from: Option<ValueFrom>;
    }

    struct ValueFrom {
        #[serde(skip_serializing_if = "Option::is_none")]
        pod_template_hash_value: Option<EcoString>;
        #[serde(skip_serializing_if = "Option::is_none")]
        field_ref: Option<FieldRef>;
    }

    struct FieldRef {
        #[serde(deserialize_with = "nullable")]
        field_path: EcoString;
    }

    struct DryRun {
        #[serde(deserialize_with = "nullable")]
        metric_name: EcoString;
    }

    struct Retention {
        #[serde(deserialize_with = "nullable")]
        metric_name: EcoString;
        #[serde(deserialize_with = "nullable")]
        limit: i32;
    }

    struct SetCanaryScale {
        #[serde(skip_serializing_if = "Option::is_none")]
        weight: Option<i32>;
        #[serde(skip_serializing_if = "Option::is_none")]
        replicas: Option<i32>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        match_traffic_weight: bool;
    }

    struct SetHeaderRoute {
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        name: EcoString;
        #[serde(rename = "match", deserialize_with = "nullable", skip_serializing_if = "is_default")]
        matches: Vec<HeaderMatch>;
    }

    struct HeaderMatch {
        #[serde(deserialize_with = "nullable")]
        header_name: EcoString;
        header_value: Option<StringMatch>;
    }

    struct StringMatch {
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        exact: EcoString;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        prefix: EcoString;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        regex: EcoString;
    }

    struct SetMirrorRoute {
        #[serde(deserialize_with = "nullable")]
        name: EcoString;
        #[serde(rename = "match", deserialize_with = "nullable", skip_serializing_if = "is_default")]
        matches: Vec<RouteMatch>;
        #[serde(skip_serializing_if = "Option::is_none")]
        percentage: Option<i32>;
    }

    struct RouteMatch {
        #[serde(skip_serializing_if = "Option::is_none")]
        method: Option<StringMatch>;
        #[serde(skip_serializing_if = "Option::is_none")]
        path: Option<StringMatch>;
        #[serde(deserialize_with = "nullable", skip_serializing_if = "is_default")]
        headers: BTreeMap<EcoString, StringMatch>;
    }

    struct Plugin {
        #[serde(deserialize_with = "nullable")]
        name: EcoString;
        #[serde(skip_serializing_if = "Option::is_none")]
        config: Option<Value>;
    }
}

/// How long a pause lasts: seconds, or a duration as Go writes it.
pub(crate) type Duration = IntOrString;

impl Analysis {
    /// Returns the names of its templates.
    pub(crate) fn template_names(&self) -> Vec<EcoString> {
        self.templates.iter().map(|template| template.template_name.clone()).collect()
    }
}
