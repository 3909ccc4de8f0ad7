//! Two owners of the same replicas, or of the same pods.

use super::{of_kind, warning};
use crate::model::{Rollout, template_labels};
use trueup_manifest::argocd::LabelSelector;
use trueup_manifest::{Diagnostic, EcoString, Object, Selector, Value, from_value};

pub(super) fn check(rollout: &Rollout, objects: &[Value], found: &mut Vec<Diagnostic>) {
    scaler(rollout, objects, found);
    if rollout.spec.workload_ref.is_none() {
        for kind in ["Deployment", "StatefulSet", "DaemonSet"] {
            let others = of_kind(rollout, objects, "apps", kind);
            found.extend(others.filter(|other| shares_pods(rollout, *other)).map(|other| {
                let message =
                    format!("the selectors of {} and of the rollout find the same pods", other.key());
                warning("rollouts/same-pods", message).help(
                    "remove the workload that the rollout replaces, or point to it with `spec.workloadRef`",
                )
            }));
        }
    }
}

fn scaler(rollout: &Rollout, objects: &[Value], found: &mut Vec<Diagnostic>) {
    if rollout.spec.replicas.is_none() {
        return;
    }
    let scalers =
        [("autoscaling", "HorizontalPodAutoscaler", "apiVersion"), ("keda.sh", "ScaledObject", "apiVersion")];
    for (group, kind, version) in scalers {
        let targets = |scaler: &Object<'_>| {
            let target =
                |key: &str| scaler.value().at(&["spec", "scaleTargetRef", key]).and_then(Value::as_str);
            target("kind") == Some("Rollout")
                && target("name") == Some(rollout.name())
                && target(version).is_none_or(|version| version.starts_with("argoproj.io/"))
        };
        found.extend(of_kind(rollout, objects, group, kind).filter(targets).map(|scaler| {
            let message = format!("`spec.replicas` is set, and {} sets it, too", scaler.key());
            warning("rollouts/replicas-owned-twice", message)
                .help("remove `spec.replicas`: every sync would undo what the autoscaler has done")
        }));
    }
}

/// Tells whether each of two selectors finds the pods of the other, or one of them does.
fn shares_pods(rollout: &Rollout, other: Object<'_>) -> bool {
    let selector = other.value().at(&["spec", "selector"]);
    let theirs = selector.and_then(|selector| from_value::<LabelSelector>(selector).ok());
    let their_labels = other.value().at(&["spec", "template"]).map(template_labels).unwrap_or_default();
    let our_labels = rollout.template_labels();
    let finds = |selector: Option<&LabelSelector>,
                 labels: &std::collections::BTreeMap<EcoString, EcoString>| {
        let selector = selector.and_then(|selector| Selector::from_document(selector).ok());
        let label = |key: &str| labels.get(key).map(EcoString::as_str);
        selector.is_some_and(|selector| !selector.is_empty() && selector.matches(label))
    };
    finds(theirs.as_ref(), &our_labels) || finds(rollout.spec.selector.as_ref(), &their_labels)
}
