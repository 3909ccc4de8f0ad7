//! Argo Rollouts.

use super::table;
use crate::api::shape::{Object, Objects, answer, input};
use crate::api::{Context, Error};
use trueup_manifest::{Diagnostic, EcoString};
use trueup_rollouts::{Pause, Rollout, Step};

table! {
    /// Tells what a Rollout will do, step by step: traffic, pods, pauses, and where it is.
    "rollouts.plan": OfRollout => planned => RolloutPlan;
    /// Tells what the controller refuses about a Rollout, with its paths and words.
    "rollouts.validate": OfRollout => validated => Vec<RolloutProblem>;
    /// Tells what is wrong and what is odd about the Rollouts among objects that belong together.
    "rollouts.lint": AmongObjects => linted => Vec<Diagnostic>;
}

input! {
    /// A Rollout.
    struct OfRollout {
        /// The Rollout, with its status if it has one.
        object: Object,
    }
}

answer! {
    /// One step of a Rollout.
    struct RolloutStep {
        /// Where it is among the steps, from zero.
        index: usize,
        /// What it does, such as `setWeight`, `pause` or `switchActive`.
        kind: EcoString,
        /// The traffic of the new version before it.
        weight_before: i64,
        /// The traffic of the new version after it.
        weight_after: i64,
        /// Whether it waits: `none`, `indefinite` or `seconds`.
        pause: EcoString,
        /// How long it waits, in seconds, if that is said.
        pause_seconds: Option<i64>,
        /// The names of the analysis templates that it runs itself.
        analysis: Vec<EcoString>,
        /// Whether the analysis beside the steps runs during it.
        has_background_analysis: bool,
        /// How many pods of the new version there are when it is settled.
        canary_replicas: i64,
        /// How many pods of the stable version there are then.
        stable_replicas: i64,
        /// `done`, `current`, `next` or `skipped`.
        state: EcoString,
    }
}

answer! {
    /// An analysis beside the steps of a Rollout.
    struct BackgroundAnalysis {
        /// The names of its templates.
        templates: Vec<EcoString>,
        /// The index of the step with which it starts.
        starting_step: usize,
    }
}

answer! {
    /// What a Rollout will do.
    struct RolloutPlan {
        /// How versions replace each other: `canary` or `blueGreen`.
        strategy: EcoString,
        /// Where it is: `planned` without a status, `initial`, `restarting`, `running`, `paused`, `aborted`, `promoted`, `finishing` or `complete`.
        progress: EcoString,
        /// The index of the step at which it is; null if it is at none.
        current: Option<usize>,
        /// The steps in order.
        steps: Vec<RolloutStep>,
        /// The traffic that the new version has now, of `maxWeight`.
        weight: i64,
        /// What all traffic is.
        max_weight: i64,
        /// How many pods of the new version there are when the current step is settled.
        canary_replicas: i64,
        /// How many pods of the stable version there are then.
        stable_replicas: i64,
        /// How long the pauses with a duration are altogether, in seconds.
        pause_seconds: i64,
        /// The index of the first pause that lasts until somebody ends it.
        first_indefinite_pause: Option<usize>,
        /// The analysis beside the steps; its failure aborts the rollout.
        background: Option<BackgroundAnalysis>,
        /// How long the old pods stay after the last step, in seconds, where there is such a delay.
        scale_down_delay_seconds: Option<i64>,
    }
}

fn planned(request: OfRollout, _: &Context) -> Result<RolloutPlan, Error> {
    let plan = trueup_rollouts::plan(&Rollout::read(&request.object.0)?)?;
    let background = plan.background.map(|background| BackgroundAnalysis {
        templates: background.templates,
        starting_step: background.starting_step,
    });
    Ok(RolloutPlan {
        strategy: plan.strategy.name().into(),
        progress: plan.progress.name().into(),
        current: plan.current,
        steps: plan.steps.into_iter().map(shown).collect(),
        weight: plan.weight,
        max_weight: plan.max_weight,
        canary_replicas: plan.canary_replicas,
        stable_replicas: plan.stable_replicas,
        pause_seconds: plan.pause_seconds,
        first_indefinite_pause: plan.first_indefinite_pause,
        background,
        scale_down_delay_seconds: plan.scale_down_delay_seconds,
    })
}

fn shown(step: Step) -> RolloutStep {
    let (pause, pause_seconds) = match step.pause {
        Pause::None => ("none", None),
        Pause::Indefinite => ("indefinite", None),
        Pause::Seconds(seconds) => ("seconds", Some(seconds)),
    };
    RolloutStep {
        index: step.index,
        kind: step.kind.name().into(),
        weight_before: step.weight_before,
        weight_after: step.weight_after,
        pause: pause.into(),
        pause_seconds,
        analysis: step.analysis,
        has_background_analysis: step.has_background_analysis,
        canary_replicas: step.canary_replicas,
        stable_replicas: step.stable_replicas,
        state: step.state.name().into(),
    }
}

answer! {
    /// Something that the controller refuses.
    struct RolloutProblem {
        /// The field as the controller calls it: below `spec.strategy`, it leaves out the name of the strategy.
        field: String,
        /// Where the field is in the object.
        path: String,
        /// Of which sort it is, in the words of the API machinery: `Invalid value`, `Required value` and so on.
        kind: EcoString,
        /// What the controller says about it; empty if it says no more.
        text: String,
    }
}

fn validated(request: OfRollout, _: &Context) -> Result<Vec<RolloutProblem>, Error> {
    let problems = trueup_rollouts::validate(&Rollout::read(&request.object.0)?).into_iter();
    let shown = problems.map(|problem| RolloutProblem {
        field: problem.field,
        path: problem.path,
        kind: problem.kind.words().into(),
        text: problem.text,
    });
    Ok(shown.collect())
}

input! {
    /// Objects that belong together.
    struct AmongObjects {
        /// The objects, such as those of a tree.
        objects: Objects,
    }
}

fn linted(request: AmongObjects, _: &Context) -> Result<Vec<Diagnostic>, Error> {
    Ok(trueup_rollouts::lint(&request.objects.0))
}
