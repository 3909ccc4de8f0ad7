//! How many pods come closest to a weight.

use crate::model::{IntOrString, Rollout};

/// How many pods of each version there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Pods of the new version.
    pub canary: i64,
    /// Pods of the version that is rolled out.
    pub stable: i64,
}

/// Returns the counts that come closest to a weight where only the number of pods shares the traffic.
///
/// `replicas` is how many pods run when nothing is rolled out; with a surge there may be one more. Of two equally close choices the one with more
/// pods of the new version wins. Between no weight and all of it, both versions keep a pod if there are two or more. What is negative counts as
/// zero, and the greatest weight as one at least.
///
/// ```
/// use trueup_rollouts::canary_counts;
/// let counts = canary_counts(3, 20, 100, 1);
/// assert_eq!((counts.canary, counts.stable), (1, 3));
/// ```
pub fn canary_counts(replicas: i64, weight: i64, max_weight: i64, max_surge: i64) -> Counts {
    let limit = |number: i64| number.clamp(0, i64::from(i32::MAX));
    let (replicas, weight, max_weight) = (limit(replicas), limit(weight), limit(max_weight).max(1));
    if replicas == 0 {
        return Counts::default();
    }
    let (floor, ceiling) = (replicas * weight / max_weight, ceil_div(replicas * weight, max_weight));
    let zero_allowed = weight == max_weight || weight == 0 || (replicas == 1 && max_surge <= 0);
    let floor_allowed = floor != 0 || zero_allowed;
    // Where the weight lies halfway between two counts, the larger one is taken.
    let tied = |total: i64| (total as f64 * (weight as f64 / max_weight as f64)).fract() == 0.5;
    let mut options = Vec::with_capacity(4);
    if ceiling < replicas || zero_allowed {
        options.push((ceiling, replicas));
    }
    if floor_allowed && !tied(replicas) {
        options.push((floor, replicas));
    }
    if max_surge > 0 {
        options.push((ceiling, replicas + 1));
        if floor_allowed && !tied(replicas + 1) {
            options.push((floor, replicas + 1));
        }
    }
    let distance =
        |(canary, total): (i64, i64)| ((canary * max_weight) as f64 / total as f64 - weight as f64).abs();
    let first = *options.first().unwrap_or(&(0, replicas));
    let closer = |best: (i64, i64), option: &(i64, i64)| {
        if distance(*option) < distance(best) { *option } else { best }
    };
    let (canary, total) = options.iter().fold(first, closer);
    Counts { canary, stable: total - canary }
}

/// Returns how many pods carry a share of the traffic, rounded up.
pub(crate) fn weight_to_replicas(replicas: i64, weight: i64, max_weight: i64) -> i64 {
    ceil_div(weight * replicas, max_weight)
}

/// Divides and rounds up; the divisor is positive.
fn ceil_div(dividend: i64, divisor: i64) -> i64 {
    dividend.div_euclid(divisor) + i64::from(dividend.rem_euclid(divisor) != 0)
}

impl Rollout {
    /// Returns how many pods there may be beside the replicas while it rolls out: 25 percent of them unless it is said, rounded up.
    pub(crate) fn max_surge(&self) -> i64 {
        let Some(canary) = &self.spec.strategy.canary else { return 0 };
        // Settings that cannot be read count as none, both of them: validation refuses them.
        match (share(canary.max_surge.as_ref()), share(canary.max_unavailable.as_ref())) {
            (Some(surge), Some(_)) => surge.of(self.replicas()),
            _ => 0,
        }
    }
}

/// A number of pods, or hundredths of all.
#[derive(Clone, Copy, Debug)]
enum Share {
    Number(i64),
    Percent(i64),
}

impl Share {
    fn of(self, replicas: i64) -> i64 {
        match self {
            Self::Number(number) => number,
            Self::Percent(percent) => ceil_div(percent * replicas, 100),
        }
    }
}

/// Reads a share as the controller does: any text is a percentage, with or without its sign.
fn share(given: Option<&IntOrString>) -> Option<Share> {
    match given {
        None => Some(Share::Percent(25)),
        Some(IntOrString::Int(number)) => Some(Share::Number(i64::from(*number))),
        Some(IntOrString::Text(text)) => {
            text.replace("%", "").parse::<i32>().ok().map(|percent| Share::Percent(percent.into()))
        }
    }
}
