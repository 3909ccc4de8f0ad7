//! What one side answers.

use trueup_manifest::Value;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Answer {
    /// A document.
    Output(Value),
    /// It could not be done.
    Error(String),
    /// It died or panicked.
    Crash(String),
}
