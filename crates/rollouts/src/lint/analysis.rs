//! Analyses whose templates are not there.

use super::{of_kind, warning};
use crate::model::{Analysis, Rollout};
use std::collections::BTreeSet;
use trueup_manifest::{Diagnostic, EcoString, Object, Value};

pub(super) fn check(rollout: &Rollout, objects: &[Value], found: &mut Vec<Diagnostic>) {
    let mut said = BTreeSet::new();
    for (field, name, is_of_cluster) in references(rollout) {
        let kind = if is_of_cluster { "ClusterAnalysisTemplate" } else { "AnalysisTemplate" };
        let mut exists = objects.iter().map(Object::new).filter(|object| object.kind() == kind);
        let is_there = match is_of_cluster {
            true => exists.any(|object| object.name() == name),
            false => of_kind(rollout, objects, "argoproj.io", kind).any(|object| object.name() == name),
        };
        if !is_there && said.insert((kind, name.clone())) {
            let message = format!("{kind} `{name}` is named in `{field}` and not there");
            let help =
                "the controller refuses the rollout until the template exists: add it to what is applied";
            found.push(warning("rollouts/missing-analysis-template", message).help(help));
        }
    }
}

/// Returns the templates that a rollout names: the field, the name, and whether it is one of the cluster.
fn references(rollout: &Rollout) -> Vec<(String, EcoString, bool)> {
    let strategy = &rollout.spec.strategy;
    let mut all = Vec::new();
    if let Some(canary) = &strategy.canary {
        let at = "spec.strategy.canary";
        all.extend(
            canary.analysis.iter().flat_map(|background| of(format!("{at}.analysis"), &background.analysis)),
        );
        for (index, step) in canary.steps().iter().enumerate() {
            let at = format!("{at}.steps[{index}]");
            all.extend(step.analysis.iter().flat_map(|analysis| of(format!("{at}.analysis"), analysis)));
            let experiments = step.experiment.iter().flat_map(|experiment| &experiment.analyses);
            all.extend(experiments.map(|analysis| {
                let field = format!("{at}.experiment.analyses");
                (field, analysis.template_name.clone(), analysis.cluster_scope == Some(true))
            }));
        }
    }
    if let Some(blue_green) = &strategy.blue_green {
        let at = "spec.strategy.blueGreen";
        let analyses = [
            ("prePromotionAnalysis", &blue_green.pre_promotion_analysis),
            ("postPromotionAnalysis", &blue_green.post_promotion_analysis),
        ];
        for (field, analysis) in analyses {
            all.extend(analysis.iter().flat_map(|analysis| of(format!("{at}.{field}"), analysis)));
        }
    }
    all
}

fn of(field: String, analysis: &Analysis) -> impl Iterator<Item = (String, EcoString, bool)> {
    let templates = analysis.templates.iter();
    templates.map(move |template| {
        (field.clone(), template.template_name.clone(), template.cluster_scope == Some(true))
    })
}
