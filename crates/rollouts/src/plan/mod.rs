//! What a rollout will do, step by step.

mod blue_green;
mod canary;
mod pause;

pub use pause::Pause;
pub(crate) use pause::{pause_of, seconds_of};

use crate::error::RolloutError;
use crate::model::Rollout;
use crate::progress::Progress;
use trueup_manifest::EcoString;

/// How a rollout replaces one version by the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Strategy {
    /// Little by little.
    Canary,
    /// With two services, at once.
    BlueGreen,
}

impl Strategy {
    /// Returns the name of the field: `canary` or `blueGreen`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Canary => "canary",
            Self::BlueGreen => "blueGreen",
        }
    }
}

/// What a rollout will do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// How versions replace each other.
    pub strategy: Strategy,
    /// Where the rollout is.
    pub progress: Progress,
    /// The index of the step at which it is, if it is at one.
    pub current: Option<usize>,
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The traffic that the new version has now, of [`Plan::max_weight`].
    pub weight: i64,
    /// What all traffic is: 100 unless the traffic routing says another.
    pub max_weight: i64,
    /// How many pods of the new version there are when the current step is settled.
    pub canary_replicas: i64,
    /// How many pods of the stable version there are then.
    pub stable_replicas: i64,
    /// How long the pauses with a duration are altogether, in seconds.
    pub pause_seconds: i64,
    /// The index of the first pause that lasts until somebody ends it.
    pub first_indefinite_pause: Option<usize>,
    /// The analysis beside the steps; its failure aborts the rollout.
    pub background: Option<Background>,
    /// How long the old pods stay after the last step, in seconds, where there is such a delay.
    pub scale_down_delay_seconds: Option<i64>,
}

/// An analysis that runs beside the steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Background {
    /// The names of its templates.
    pub templates: Vec<EcoString>,
    /// The index of the step with which it starts.
    pub starting_step: usize,
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// Where it is among the steps, from zero.
    pub index: usize,
    /// What it does.
    pub kind: StepKind,
    /// The traffic of the new version before it.
    pub weight_before: i64,
    /// The traffic of the new version after it.
    pub weight_after: i64,
    /// Whether it waits, and for what.
    pub pause: Pause,
    /// The names of the analysis templates that it runs itself.
    pub analysis: Vec<EcoString>,
    /// Whether the analysis beside the steps runs during it.
    pub has_background_analysis: bool,
    /// How many pods of the new version there are when it is settled.
    pub canary_replicas: i64,
    /// How many pods of the stable version there are then.
    pub stable_replicas: i64,
    /// Whether it is done.
    pub state: StepState,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StepKind {
    /// Gives the new version a share of the traffic.
    SetWeight,
    /// Waits.
    Pause,
    /// Runs an experiment.
    Experiment,
    /// Runs an analysis and waits for it.
    Analysis,
    /// Sets how many pods of the new version there are.
    SetCanaryScale,
    /// Sends requests with certain headers to the new version.
    SetHeaderRoute,
    /// Copies requests to the new version.
    SetMirrorRoute,
    /// Runs a plugin.
    Plugin,
    /// Starts the new version behind the preview service.
    ScalePreview,
    /// Runs an analysis of the preview and waits for it.
    PrePromotionAnalysis,
    /// Brings the preview to its full size.
    ScaleUp,
    /// Gives the new version all traffic.
    SwitchActive,
    /// Runs an analysis of the new version and goes back if it fails.
    PostPromotionAnalysis,
    /// Stops the old version.
    ScaleDown,
}

impl StepKind {
    /// Returns the name, as the field of the step has it where there is one.
    pub fn name(self) -> &'static str {
        match self {
            Self::SetWeight => "setWeight",
            Self::Pause => "pause",
            Self::Experiment => "experiment",
            Self::Analysis => "analysis",
            Self::SetCanaryScale => "setCanaryScale",
            Self::SetHeaderRoute => "setHeaderRoute",
            Self::SetMirrorRoute => "setMirrorRoute",
            Self::Plugin => "plugin",
            Self::ScalePreview => "scalePreview",
            Self::PrePromotionAnalysis => "prePromotionAnalysis",
            Self::ScaleUp => "scaleUp",
            Self::SwitchActive => "switchActive",
            Self::PostPromotionAnalysis => "postPromotionAnalysis",
            Self::ScaleDown => "scaleDown",
        }
    }
}

/// Whether a step is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// It is over.
    Done,
    /// The rollout is at it.
    Current,
    /// It comes later.
    Next,
    /// It is left out: the first version has nothing to replace, and a full promotion skips what is left.
    Skipped,
}

impl StepState {
    /// Returns the name: `done`, `current`, `next` or `skipped`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Current => "current",
            Self::Next => "next",
            Self::Skipped => "skipped",
        }
    }

    /// Returns the state of a step of a rollout that is where it is.
    fn of(index: usize, progress: Progress, current: Option<usize>) -> Self {
        match (progress, current) {
            (Progress::Complete | Progress::Finishing, _) => Self::Done,
            (Progress::Initial, _) => Self::Skipped,
            (Progress::Promoted, Some(current)) if index >= current => Self::Skipped,
            (Progress::Promoted, _) => Self::Done,
            (_, Some(current)) if index < current => Self::Done,
            (_, Some(current)) if index == current => Self::Current,
            _ => Self::Next,
        }
    }
}

/// Tells what a rollout will do, step by step, and where it is.
///
/// Counts of pods are those that the controller aims for at a step; on its way there it keeps `maxSurge` and `maxUnavailable`. The status is taken
/// as it is: a template that the controller has not seen yet is not noticed.
///
/// # Errors
/// A rollout without exactly one strategy, a step that does nothing, and numbers and durations from which no plan follows. [`crate::validate`] says more.
pub fn plan(rollout: &Rollout) -> Result<Plan, RolloutError> {
    if let replicas @ ..0 = rollout.replicas() {
        return Err(RolloutError::OutOfRange { field: "spec.replicas".into(), value: replicas });
    }
    match (&rollout.spec.strategy.canary, &rollout.spec.strategy.blue_green) {
        (Some(canary), None) => canary::plan(rollout, canary),
        (None, Some(blue_green)) => blue_green::plan(rollout, blue_green),
        (None, None) => Err(RolloutError::Strategy("no strategy")),
        (Some(_), Some(_)) => Err(RolloutError::Strategy("two strategies")),
    }
}

/// Sums up the pauses of steps, and finds the first without an end.
fn pauses(steps: &[Step]) -> (i64, Option<usize>) {
    let seconds = |step: &Step| match step.pause {
        Pause::Seconds(seconds) => seconds,
        _ => 0,
    };
    let total = steps.iter().map(seconds).fold(0_i64, i64::saturating_add);
    (total, steps.iter().position(|step| step.pause == Pause::Indefinite))
}
