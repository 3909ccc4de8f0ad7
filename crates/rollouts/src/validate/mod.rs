//! What the controller refuses, with its paths and words.

mod canary;
mod field_ref;
mod routes;
mod spec;
mod steps;

use crate::model::{AntiAffinity, BlueGreen, Rollout};
use spec::revision_history_limit;
use std::fmt;
use trueup_manifest::Diagnostic;

/// Of which sort a problem is, as the API machinery sorts them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProblemKind {
    /// Something that must be there is not.
    Required,
    /// A value that is refused.
    Invalid,
    /// A value other than those that there are.
    Unsupported,
    /// Something that may not be there is.
    Forbidden,
    /// A contradiction which the controller reports as its own error.
    Internal,
}

impl ProblemKind {
    /// Returns the words: `Required value`, `Invalid value`, `Forbidden` and so on.
    pub fn words(self) -> &'static str {
        match self {
            Self::Required => "Required value",
            Self::Invalid => "Invalid value",
            Self::Unsupported => "Unsupported value",
            Self::Forbidden => "Forbidden",
            Self::Internal => "Internal error",
        }
    }
}

/// Something that the controller refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problem {
    /// The field as the controller calls it: below `spec.strategy`, it leaves out the name of the strategy.
    pub field: String,
    /// Where the field is in the object.
    pub path: String,
    /// Of which sort it is.
    pub kind: ProblemKind,
    /// What the controller says about it; empty if it says no more.
    pub text: String,
}

impl fmt::Display for Problem {
    /// Writes it as the API machinery does, without the value: `spec.strategy.steps[0]: Invalid value: Step must have …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.field, self.kind.words())?;
        if self.text.is_empty() { Ok(()) } else { write!(f, ": {}", self.text) }
    }
}

impl Problem {
    /// Returns the problem as a diagnostic that does not know its file.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error("rollouts/invalid-spec", self.to_string()).because(format!("at `{}`", self.path))
    }
}

/// Returns what the controller of Argo Rollouts 1.10 refuses about a rollout, in its order.
///
/// Of the pod template it checks that the selector finds it, that there is a container, and the restart policy; whatever else Kubernetes asks of pods
/// is left to Kubernetes. Of the keys and values of a selector, it says only that they cannot be read.
///
/// ```
/// use trueup_rollouts::{Rollout, validate};
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let text = b"{apiVersion: argoproj.io/v1alpha1, kind: Rollout, spec: {
///   workloadRef: {kind: Deployment, name: web}, strategy: {canary: {steps: [{setWeight: 120}]}}}}";
/// let problems = validate(&Rollout::read(&yaml::parse(text, &ParseOptions::kubernetes()).unwrap()).unwrap());
/// assert_eq!(problems[0].to_string(), "spec.strategy.steps[0].setWeight: Invalid value: SetWeight needs to be between 0 and 100");
/// assert_eq!(problems[0].path, "spec.strategy.canary.steps[0].setWeight");
/// ```
pub fn validate(rollout: &Rollout) -> Vec<Problem> {
    let mut problems = Problems::default();
    spec::check(rollout, &mut problems);
    match (&rollout.spec.strategy.blue_green, &rollout.spec.strategy.canary) {
        (None, None) => {
            let text = "Rollout has missing field '.spec.strategy.canary or .spec.strategy.blueGreen'";
            problems.add_at("spec.strategy.strategy", "spec.strategy", ProblemKind::Required, text);
        }
        (Some(_), Some(_)) => {
            let text = "Multiple Strategies can not be listed";
            problems.add_at("spec.strategy.strategy", "spec.strategy", ProblemKind::Invalid, text);
        }
        (Some(strategy), None) => blue_green(rollout, strategy, &mut problems),
        (None, Some(strategy)) => canary::check(rollout, strategy, &mut problems),
    }
    problems.found
}

/// The problems of a rollout as they are found.
#[derive(Debug, Default)]
struct Problems {
    found: Vec<Problem>,
}

impl Problems {
    fn add_at(&mut self, field: &str, path: &str, kind: ProblemKind, text: impl Into<String>) {
        self.found.push(Problem { field: field.into(), path: path.into(), kind, text: text.into() });
    }

    /// Adds a problem of a field whose name the controller does not shorten.
    fn add(&mut self, field: &str, kind: ProblemKind, text: impl Into<String>) {
        self.add_at(field, field, kind, text);
    }

    /// Adds a problem of a field of a strategy.
    fn of_strategy(&mut self, strategy: &str, field: &str, kind: ProblemKind, text: impl Into<String>) {
        let path = format!("spec.strategy.{strategy}.{field}");
        self.add_at(&format!("spec.strategy.{field}"), &path, kind, text);
    }

    fn not_negative(&mut self, field: &str, number: i32) {
        if number < 0 {
            self.add(field, ProblemKind::Invalid, "must be greater than or equal to 0");
        }
    }
}

fn blue_green(rollout: &Rollout, strategy: &BlueGreen, problems: &mut Problems) {
    let mut add = |field: &str, text: &str| {
        problems.of_strategy("blueGreen", field, ProblemKind::Invalid, text);
    };
    if strategy.active_service == strategy.preview_service {
        add(
            "activeService",
            "This rollout uses the same service for the active and preview services, but two different services are required.",
        );
    }
    if strategy.scale_down_delay_revision_limit.is_some_and(|limit| revision_history_limit(rollout) < limit) {
        add(
            "scaleDownDelayRevisionLimit",
            "This rollout's revision history limit can not be smaller than the rollout's scale down limit",
        );
    }
    anti_affinity("blueGreen", strategy.anti_affinity.as_ref(), problems);
}

fn anti_affinity(strategy: &str, affinity: Option<&AntiAffinity>, problems: &mut Problems) {
    let Some(affinity) = affinity else { return };
    let preferred = affinity.preferred_during_scheduling_ignored_during_execution.as_ref();
    let required = affinity.required_during_scheduling_ignored_during_execution.as_ref();
    if preferred.is_some() == required.is_some() {
        let text = "AntiAffinity must have exactly one strategy listed";
        problems.of_strategy(strategy, "antiAffinity", ProblemKind::Invalid, text);
    }
    if preferred.is_some_and(|preferred| !(1..=100).contains(&preferred.weight)) {
        let text = "AntiAffinity weight must be between 1-100";
        problems.of_strategy(strategy, "antiAffinity.weight", ProblemKind::Invalid, text);
    }
}
