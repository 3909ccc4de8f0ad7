//! The plan of a rollout with two services.

use super::{Pause, Plan, Step, StepKind, StepState, Strategy, pauses};
use crate::error::RolloutError;
use crate::model::{Analysis, BlueGreen, Rollout};
use crate::progress::Progress;
use trueup_manifest::EcoString;

/// What all traffic is.
const ALL: i64 = 100;

pub(super) fn plan(rollout: &Rollout, strategy: &BlueGreen) -> Result<Plan, RolloutError> {
    let outline = outline(rollout, strategy)?;
    let progress = rollout.blue_green_progress();
    let current = current(rollout, progress, &outline);
    let steps = steps(rollout, strategy, &outline, progress, current);
    let (pause_seconds, first_indefinite_pause) = pauses(&steps);
    let replicas = rollout.replicas();
    let at = current.and_then(|index| steps.get(index));
    let (weight, canary_replicas, stable_replicas) = match (progress, at) {
        (Progress::Initial | Progress::Complete | Progress::Promoted, _) => (ALL, replicas, 0),
        (_, Some(step)) => (step.weight_before, step.canary_replicas, step.stable_replicas),
        (_, None) => (0, 0, replicas),
    };
    Ok(Plan {
        strategy: Strategy::BlueGreen,
        progress,
        current,
        weight,
        max_weight: ALL,
        canary_replicas,
        stable_replicas,
        pause_seconds,
        first_indefinite_pause,
        background: None,
        scale_down_delay_seconds: Some(i64::from(strategy.scale_down_delay_seconds.unwrap_or(30))),
        steps,
    })
}

/// What the steps are, before it is known where the rollout is.
struct Outline<'a> {
    kind: StepKind,
    pause: Pause,
    analysis: Option<&'a Analysis>,
}

fn outline<'a>(rollout: &Rollout, strategy: &'a BlueGreen) -> Result<Vec<Outline<'a>>, RolloutError> {
    let plain = |kind| Outline { kind, pause: Pause::None, analysis: None };
    let mut steps = vec![plain(StepKind::ScalePreview)];
    if let Some(analysis) = &strategy.pre_promotion_analysis {
        steps.push(Outline { analysis: Some(analysis), ..plain(StepKind::PrePromotionAnalysis) });
    }
    let seconds = i64::from(strategy.auto_promotion_seconds);
    if seconds < 0 {
        let field = "spec.strategy.blueGreen.autoPromotionSeconds".into();
        return Err(RolloutError::OutOfRange { field, value: seconds });
    }
    // Without automatic promotion the seconds mean nothing.
    let pause = match (strategy.auto_promotion_enabled, seconds) {
        (Some(false), _) => Pause::Indefinite,
        (_, 0) => Pause::None,
        (_, seconds) => Pause::Seconds(seconds),
    };
    if pause != Pause::None {
        steps.push(Outline { pause, ..plain(StepKind::Pause) });
    }
    if preview(rollout, strategy) != rollout.replicas() {
        steps.push(plain(StepKind::ScaleUp));
    }
    steps.push(plain(StepKind::SwitchActive));
    if let Some(analysis) = &strategy.post_promotion_analysis {
        steps.push(Outline { analysis: Some(analysis), ..plain(StepKind::PostPromotionAnalysis) });
    }
    steps.push(plain(StepKind::ScaleDown));
    Ok(steps)
}

/// Returns how many pods the preview has.
fn preview(rollout: &Rollout, strategy: &BlueGreen) -> i64 {
    strategy.preview_replica_count.map_or_else(|| rollout.replicas(), i64::from)
}

fn steps(
    rollout: &Rollout,
    strategy: &BlueGreen,
    outline: &[Outline<'_>],
    progress: Progress,
    current: Option<usize>,
) -> Vec<Step> {
    let replicas = rollout.replicas();
    let (mut weight, mut canary, mut stable) = (0, 0, replicas);
    let mut step = |(index, outline): (usize, &Outline<'_>)| {
        let weight_before = weight;
        match outline.kind {
            StepKind::ScalePreview => canary = preview(rollout, strategy),
            StepKind::ScaleUp => canary = replicas,
            StepKind::SwitchActive => weight = ALL,
            StepKind::ScaleDown => stable = 0,
            _ => {}
        }
        Step {
            index,
            kind: outline.kind,
            weight_before,
            weight_after: weight,
            pause: outline.pause,
            analysis: outline.analysis.map_or_else(Vec::<EcoString>::new, Analysis::template_names),
            has_background_analysis: false,
            canary_replicas: canary,
            stable_replicas: stable,
            state: StepState::of(index, progress, current),
        }
    };
    outline.iter().enumerate().map(&mut step).collect()
}

/// Returns the step at which the rollout is, as far as its status tells.
fn current(rollout: &Rollout, progress: Progress, outline: &[Outline<'_>]) -> Option<usize> {
    if !matches!(progress, Progress::Running | Progress::Paused) {
        return None;
    }
    let status = &rollout.status.blue_green;
    let at = |kind| outline.iter().position(|step| step.kind == kind);
    let has_switched = status.active_selector == rollout.status.current_pod_hash;
    let analysis = status.pre_promotion_analysis_run_status.status.as_str();
    let promotion_pauses =
        rollout.status.pause_conditions.iter().any(|pause| pause.reason == "BlueGreenPause");
    if has_switched {
        at(StepKind::PostPromotionAnalysis).or_else(|| at(StepKind::ScaleDown))
    } else if promotion_pauses {
        at(StepKind::Pause)
    } else if status.scale_up_preview_check_point {
        at(StepKind::ScaleUp).or_else(|| at(StepKind::SwitchActive))
    } else if !analysis.is_empty() && analysis != "Successful" {
        at(StepKind::PrePromotionAnalysis)
    } else {
        Some(0)
    }
}
