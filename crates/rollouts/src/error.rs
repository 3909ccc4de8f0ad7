//! What can go wrong, with stable codes.

use trueup_manifest::{Diagnostic, EcoString, ValueError};

/// An error of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RolloutError {
    /// The object is no Rollout of Argo Rollouts.
    #[error("`{0}` is not a Rollout of argoproj.io")]
    NotARollout(EcoString),
    /// A field of another type than the controller reads.
    #[error("the rollout cannot be read: {0}")]
    WrongType(ValueError),
    /// A rollout without a strategy, or with both.
    #[error("the rollout has {0}")]
    Strategy(&'static str),
    /// A step that does nothing.
    #[error("`spec.strategy.canary.steps[{0}]` does nothing")]
    EmptyStep(usize),
    /// A pause whose duration cannot be read.
    #[error("`{0}` is neither a number of seconds nor a duration such as `5m`")]
    Duration(EcoString),
    /// A number that makes no sense where it is, so that no plan follows from it.
    #[error("`{field}` is {value}: there is no plan")]
    OutOfRange {
        /// The field.
        field: EcoString,
        /// What it is.
        value: i64,
    },
}

impl RolloutError {
    /// Returns the stable code, `rollouts/what-is-wrong`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotARollout(_) => "rollouts/not-a-rollout",
            Self::WrongType(_) => "rollouts/wrong-type",
            Self::Strategy(_) => "rollouts/strategy",
            Self::EmptyStep(_) => "rollouts/empty-step",
            Self::Duration(_) => "rollouts/duration",
            Self::OutOfRange { .. } => "rollouts/out-of-range",
        }
    }

    /// Returns the error as a diagnostic that does not know its file.
    pub fn diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code(), self.to_string());
        match self {
            Self::Strategy(_) => {
                diagnostic.help("set exactly one of `spec.strategy.canary` and `spec.strategy.blueGreen`")
            }
            _ => diagnostic,
        }
    }
}
