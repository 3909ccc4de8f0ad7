//! Everything but the strategy.

use super::{ProblemKind, Problems};
use crate::model::Rollout;
use trueup_manifest::argocd::LabelSelector;
use trueup_manifest::{EcoString, Map, Selector, Value};

/// How many old versions are kept.
pub(super) fn revision_history_limit(rollout: &Rollout) -> i32 {
    rollout.spec.revision_history_limit.unwrap_or(10)
}

pub(super) fn check(rollout: &Rollout, problems: &mut Problems) {
    let spec = &rollout.spec;
    problems.not_negative("spec.replicas", spec.replicas.unwrap_or(1));
    selector(rollout, problems);
    if spec.workload_ref.is_some() && !is_empty_template(rollout) {
        let text = "template must be empty for workload reference rollout";
        problems.add("spec.template", ProblemKind::Internal, text);
    }
    match spec.selector.as_ref().map(Selector::from_document) {
        Some(Err(_)) => problems.add("spec.selector", ProblemKind::Invalid, "invalid label selector"),
        _ if spec.workload_ref.is_some() => {}
        None => template(rollout, None, problems),
        Some(Ok(selector)) => template(rollout, Some(&selector), problems),
    }
    problems.not_negative("spec.minReadySeconds", spec.min_ready_seconds);
    problems.not_negative("spec.revisionHistoryLimit", revision_history_limit(rollout));
    let deadline = spec.progress_deadline_seconds.unwrap_or(600);
    problems.not_negative("spec.progressDeadlineSeconds", deadline);
    if deadline <= spec.min_ready_seconds {
        let text = "must be greater than minReadySeconds";
        problems.add("spec.progressDeadlineSeconds", ProblemKind::Invalid, text);
    }
}

fn selector(rollout: &Rollout, problems: &mut Problems) {
    if rollout.spec.workload_ref.is_some() {
        return;
    }
    match &rollout.spec.selector {
        None => {
            let text = "Rollout has missing field '.spec.selector'";
            problems.add("spec.selector", ProblemKind::Required, text);
        }
        Some(selector) if selector.match_labels.is_empty() && selector.match_expressions.is_empty() => {
            let text = "empty selector is invalid for deployment";
            problems.add("spec.selector", ProblemKind::Invalid, text);
        }
        Some(selector) => expressions(selector, problems),
    }
}

fn expressions(selector: &LabelSelector, problems: &mut Problems) {
    for (index, expression) in selector.match_expressions.iter().enumerate() {
        let at = |field: &str| format!("spec.selector.matchExpressions[{index}].{field}");
        match (expression.operator.as_str(), expression.values.is_empty()) {
            ("In" | "NotIn", true) => {
                let text = "must be specified when `operator` is 'In' or 'NotIn'";
                problems.add(&at("values"), ProblemKind::Required, text);
            }
            ("Exists" | "DoesNotExist", false) => {
                let text = "may not be specified when `operator` is 'Exists' or 'DoesNotExist'";
                problems.add(&at("values"), ProblemKind::Forbidden, text);
            }
            ("In" | "NotIn" | "Exists" | "DoesNotExist", _) => {}
            _ => problems.add(&at("operator"), ProblemKind::Invalid, "not a valid selector operator"),
        }
    }
}

/// Tells what the controller takes for no template: one without labels and annotations.
fn is_empty_template(rollout: &Rollout) -> bool {
    let is_empty = |key: &str| {
        let texts = rollout.spec.template.at(&["metadata", key]).and_then(Value::as_map);
        texts.is_none_or(Map::is_empty)
    };
    is_empty("labels") && is_empty("annotations")
}

fn template(rollout: &Rollout, selector: Option<&Selector>, problems: &mut Problems) {
    let labels = rollout.template_labels();
    let label = |key: &str| labels.get(key).map(EcoString::as_str);
    if !selector.is_some_and(|selector| selector.matches(label)) {
        let text = "`selector` does not match template `labels`";
        problems.add("spec.template.metadata.labels", ProblemKind::Invalid, text);
    }
    let template = &rollout.spec.template;
    let containers = template.at(&["spec", "containers"]).and_then(Value::as_seq);
    if containers.unwrap_or_default().is_empty() {
        problems.add("spec.template.spec.containers", ProblemKind::Required, "");
    }
    let policy = template.at(&["spec", "restartPolicy"]).and_then(Value::as_str).unwrap_or_default();
    if !matches!(policy, "" | "Always") {
        let text = "supported values: \"Always\"";
        problems.add("spec.template.spec.restartPolicy", ProblemKind::Unsupported, text);
    }
}
