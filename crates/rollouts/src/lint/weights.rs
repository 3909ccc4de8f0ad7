//! Steps that give all traffic away too soon, or take it back.

use super::warning;
use crate::model::{Canary, CanaryStep, Rollout};
use trueup_manifest::Diagnostic;

pub(super) fn check(rollout: &Rollout, found: &mut Vec<Diagnostic>) {
    let Some(canary) = &rollout.spec.strategy.canary else { return };
    let weights =
        canary.steps().iter().enumerate().filter_map(|(index, step)| Some((index, step.set_weight?)));
    let mut before = 0;
    for (index, weight) in weights {
        if weight < before {
            let message = format!(
                "`spec.strategy.canary.steps[{index}].setWeight` takes traffic back: {weight} after {before}"
            );
            found.push(warning("rollouts/weights-not-ascending", message));
        }
        before = weight;
    }
    if is_in_name_only(rollout, canary) {
        let message = "nothing waits and nothing is looked at before the new version has all traffic";
        let help = "add a `pause`, an `analysis` or an `experiment` after the first `setWeight`";
        found.push(warning("rollouts/canary-in-name-only", message).help(help));
    }
}

/// Tells whether no step before the last of the traffic waits for a time, for somebody or for a result.
fn is_in_name_only(rollout: &Rollout, canary: &Canary) -> bool {
    let takes_all =
        |step: &&CanaryStep| step.set_weight.is_some_and(|weight| i64::from(weight) >= rollout.max_weight());
    let mut before = canary.steps().iter().take_while(|step| !takes_all(step));
    let waits = |step: &CanaryStep| {
        step.pause.is_some() || step.analysis.is_some() || step.experiment.is_some() || step.plugin.is_some()
    };
    !before.any(waits)
}
