//! The plan of a canary.

use super::{Background, Pause, Plan, Step, StepKind, StepState, Strategy, pause_of, pauses};
use crate::counts::{Counts, canary_counts, weight_to_replicas};
use crate::error::RolloutError;
use crate::model::{Canary, CanaryStep, Rollout, SetCanaryScale};
use crate::progress::{Progress, weight_at};
use ecow::eco_format;
use trueup_manifest::EcoString;

pub(super) fn plan(rollout: &Rollout, canary: &Canary) -> Result<Plan, RolloutError> {
    check_weights(rollout, canary)?;
    let progress = rollout.canary_progress(canary);
    let current = match progress {
        Progress::Restarting => Some(0).filter(|_| !canary.steps().is_empty()),
        Progress::Running | Progress::Paused => rollout.step_index(canary),
        _ => None,
    };
    let steps = steps(rollout, canary, progress, current)?;
    let (pause_seconds, first_indefinite_pause) = pauses(&steps);
    let max_weight = rollout.max_weight();
    let (weight, counts) = match progress {
        Progress::Planned => (0, Counts { canary: 0, stable: rollout.replicas() }),
        Progress::Initial | Progress::Complete => {
            (max_weight, Counts { canary: rollout.replicas(), stable: 0 })
        }
        Progress::Aborted => (0, aborted(rollout, canary)),
        _ => {
            (current.map_or(max_weight, |index| weight_at(canary, index)), settled(rollout, canary, current))
        }
    };
    Ok(Plan {
        strategy: Strategy::Canary,
        progress,
        current,
        steps,
        weight,
        max_weight,
        canary_replicas: counts.canary,
        stable_replicas: counts.stable,
        pause_seconds,
        first_indefinite_pause,
        background: background(canary),
        scale_down_delay_seconds: canary
            .traffic_routing
            .as_ref()
            .filter(|_| !canary.dynamic_stable_scale)
            .map(|_| i64::from(canary.scale_down_delay_seconds.unwrap_or(30))),
    })
}

fn check_weights(rollout: &Rollout, canary: &Canary) -> Result<(), RolloutError> {
    let max_weight = rollout.max_weight();
    if max_weight <= 0 {
        let field = "spec.strategy.canary.trafficRouting.maxTrafficWeight".into();
        return Err(RolloutError::OutOfRange { field, value: max_weight });
    }
    for (index, step) in canary.steps().iter().enumerate() {
        let scale = step.set_canary_scale.as_ref();
        let numbers = [
            ("setWeight", step.set_weight, max_weight),
            ("setCanaryScale.weight", scale.and_then(|scale| scale.weight), i64::MAX),
            ("setCanaryScale.replicas", scale.and_then(|scale| scale.replicas), i64::MAX),
        ];
        for (field, number, max) in numbers {
            if let Some(value) = number.map(i64::from).filter(|number| !(0..=max).contains(number)) {
                let field = eco_format!("spec.strategy.canary.steps[{index}].{field}");
                return Err(RolloutError::OutOfRange { field, value });
            }
        }
    }
    Ok(())
}

fn background(canary: &Canary) -> Option<Background> {
    let background = canary.analysis.as_ref()?;
    let starting_step = background.starting_step.map_or(0, |step| usize::try_from(step).unwrap_or(0));
    Some(Background { templates: background.analysis.template_names(), starting_step })
}

fn steps(
    rollout: &Rollout,
    canary: &Canary,
    progress: Progress,
    current: Option<usize>,
) -> Result<Vec<Step>, RolloutError> {
    let background = background(canary);
    let runs = |index: usize| background.as_ref().is_some_and(|background| index >= background.starting_step);
    // What a full promotion skips begins where the rollout is.
    let current = if progress == Progress::Promoted { rollout.step_index(canary) } else { current };
    let mut steps = Vec::with_capacity(canary.steps().len());
    let mut weight = 0;
    for (index, step) in canary.steps().iter().enumerate() {
        let kind = kind(step).ok_or(RolloutError::EmptyStep(index))?;
        let weight_before = weight;
        weight = step.set_weight.map_or(weight, i64::from);
        let counts = settled(rollout, canary, Some(index));
        steps.push(Step {
            index,
            kind,
            weight_before,
            weight_after: weight,
            pause: step.pause.as_ref().map_or(Ok(Pause::None), pause_of)?,
            analysis: template_names(step),
            has_background_analysis: runs(index),
            canary_replicas: counts.canary,
            stable_replicas: counts.stable,
            state: StepState::of(index, progress, current),
        });
    }
    Ok(steps)
}

/// Returns what the controller takes a step for; of several things, for the one whose end it waits for.
fn kind(step: &CanaryStep) -> Option<StepKind> {
    let kinds = [
        (step.pause.is_some(), StepKind::Pause),
        (step.set_canary_scale.is_some(), StepKind::SetCanaryScale),
        (step.set_weight.is_some(), StepKind::SetWeight),
        (step.experiment.is_some(), StepKind::Experiment),
        (step.analysis.is_some(), StepKind::Analysis),
        (step.set_header_route.is_some(), StepKind::SetHeaderRoute),
        (step.set_mirror_route.is_some(), StepKind::SetMirrorRoute),
        (step.plugin.is_some(), StepKind::Plugin),
    ];
    kinds.into_iter().find_map(|(is_set, kind)| is_set.then_some(kind))
}

fn template_names(step: &CanaryStep) -> Vec<EcoString> {
    let own = step.analysis.iter().flat_map(|analysis| analysis.template_names());
    let experiments = step.experiment.iter().flat_map(|experiment| &experiment.analyses);
    own.chain(experiments.map(|analysis| analysis.template_name.clone())).collect()
}

/// Returns the counts at a step when they have settled; past the steps without one.
fn settled(rollout: &Rollout, canary: &Canary, index: Option<usize>) -> Counts {
    let max_weight = rollout.max_weight();
    let weight = index.map_or(max_weight, |index| weight_at(canary, index));
    if canary.traffic_routing.is_none() {
        return canary_counts(rollout.replicas(), weight, max_weight, rollout.max_surge());
    }
    let scale = index.and_then(|index| scale_at(canary, index));
    routed(rollout, canary, weight, scale)
}

/// Returns the counts after an abort, when the old pods have gone.
fn aborted(rollout: &Rollout, canary: &Canary) -> Counts {
    if canary.traffic_routing.is_none() {
        return canary_counts(rollout.replicas(), 0, rollout.max_weight(), rollout.max_surge());
    }
    // A delay of zero means that the canary is left as it is.
    let keeps = canary.abort_scale_down_delay_seconds == Some(0);
    let index = rollout.step_index(canary).filter(|_| keeps);
    routed(rollout, canary, 0, index.and_then(|index| scale_at(canary, index)))
}

/// Returns the scale that is set up to a step, unless it follows the traffic.
fn scale_at(canary: &Canary, index: usize) -> Option<&SetCanaryScale> {
    let until = canary.steps().iter().take(index + 1).rev();
    until.filter_map(|step| step.set_canary_scale.as_ref()).next().filter(|scale| !scale.match_traffic_weight)
}

/// Returns the counts where something else than their number shares the traffic.
fn routed(rollout: &Rollout, canary: &Canary, weight: i64, scale: Option<&SetCanaryScale>) -> Counts {
    let (replicas, max_weight) = (rollout.replicas(), rollout.max_weight());
    let pods = |weight: i64| weight_to_replicas(replicas, weight, max_weight);
    let at_least = |count: i64| match canary.min_pods_per_replica_set {
        Some(least) if count != 0 => count.max(i64::from(least).min(replicas)),
        _ => count,
    };
    let (count, wanted) = match scale.map(|scale| (scale.replicas, scale.weight)) {
        Some((Some(count), _)) => (i64::from(count), 0),
        Some((None, Some(weight))) => (at_least(pods(i64::from(weight))), i64::from(weight)),
        _ => (at_least(pods(weight)), weight),
    };
    if !canary.dynamic_stable_scale {
        return Counts { canary: count, stable: replicas };
    }
    let stable = pods(max_weight - wanted).max(pods(max_weight - weight));
    Counts { canary: at_least(count), stable: at_least(stable) }
}
