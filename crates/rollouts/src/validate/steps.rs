//! The steps of a canary.

use super::field_ref::is_resolvable;
use super::{ProblemKind, Problems, routes};
use crate::model::{AnalysisArgument, Canary, CanaryStep, Rollout};
use crate::plan::seconds_of;

const ONE_OF: &str =
    "Step must have one of the following set: experiment, setWeight, setCanaryScale, plugin or pause";

pub(super) fn check(
    rollout: &Rollout,
    canary: &Canary,
    index: usize,
    step: &CanaryStep,
    problems: &mut Problems,
) {
    let at = |field: &str| format!("steps[{index}]{field}");
    let mut add = |field: &str, kind: ProblemKind, text: String| {
        problems.of_strategy("canary", field, kind, text);
    };
    kinds(step, &mut |text| add(&at(""), ProblemKind::Invalid, text.into()));
    let max_weight = rollout.max_weight();
    if step.set_weight.is_some_and(|weight| !(0..=max_weight).contains(&i64::from(weight))) {
        let text = format!("SetWeight needs to be between 0 and {max_weight}");
        add(&at(".setWeight"), ProblemKind::Invalid, text);
    }
    let duration = step.pause.as_ref().and_then(|pause| pause.duration.as_ref());
    if duration.is_some_and(|duration| seconds_of(duration).is_none_or(|seconds| seconds < 0)) {
        add(&at(".pause.duration"), ProblemKind::Invalid, "Duration needs to be greater than 0".into());
    }
    if step.set_canary_scale.is_some() && canary.traffic_routing.is_none() {
        let text = "SetCanaryScale requires TrafficRouting to be set";
        add("trafficRouting", ProblemKind::Required, text.into());
    }
    routes::check(canary, index, step, &mut add);
    experiment_weights(canary, step, &mut |template, text| {
        let field = at(&format!(".experiment.templates[{template}].weight"));
        add(&field, ProblemKind::Invalid, text.into());
    });
    for argument in arguments(step) {
        let field_ref = argument.value_from.as_ref().and_then(|from| from.field_ref.as_ref());
        let path = field_ref.map(|field_ref| field_ref.field_path.as_str());
        if path.is_some_and(|path| path.starts_with("metadata") && !is_resolvable(path)) {
            let text = "Analyses arguments must refer to valid object metadata supported by downwardAPI";
            add(&at(".analyses"), ProblemKind::Invalid, text.into());
        }
    }
}

/// Of four kinds of steps at most one may be set, and of all kinds at least one.
fn kinds(step: &CanaryStep, add: &mut impl FnMut(&str)) {
    let exclusive =
        [step.set_weight.is_some(), step.pause.is_some(), step.experiment.is_some(), step.analysis.is_some()];
    let others = [
        step.set_canary_scale.is_some(),
        step.set_header_route.is_some(),
        step.set_mirror_route.is_some(),
        step.plugin.is_some(),
    ];
    let count = exclusive.into_iter().filter(|is_set| *is_set).count();
    if count > 1 || (count == 0 && !others.contains(&true)) {
        add(ONE_OF);
    }
}

fn experiment_weights(canary: &Canary, step: &CanaryStep, add: &mut impl FnMut(usize, &str)) {
    let templates = step.experiment.iter().flat_map(|experiment| experiment.templates.iter().flatten());
    for (index, _) in templates.enumerate().filter(|(_, template)| template.weight.is_some()) {
        match &canary.traffic_routing {
            None => add(index, "Experiment template weight cannot be set unless TrafficRouting is enabled"),
            Some(routing)
                if routing.alb.is_none()
                    && routing.smi.is_none()
                    && routing.istio.is_none()
                    && routing.plugins.is_empty() =>
            {
                add(
                    index,
                    "Experiment template weight is only available for TrafficRouting with SMI, ALB, Istio and Plugins at this time",
                );
            }
            Some(_) => {}
        }
    }
}

/// Returns the arguments of the analyses of a step.
fn arguments(step: &CanaryStep) -> impl Iterator<Item = &AnalysisArgument> {
    let experiments = step.experiment.iter().flat_map(|experiment| &experiment.analyses);
    let own = step.analysis.iter().flat_map(|analysis| &analysis.args);
    experiments.flat_map(|analysis| &analysis.args).chain(own)
}
