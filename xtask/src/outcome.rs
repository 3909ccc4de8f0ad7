//! What came of one conformance case.

/// What came of one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It gave what the reference gives.
    Pass,
    /// It did not; what was different.
    Fail(String),
    /// It needs something that a run here cannot provide.
    Skip(String),
}

/// How many cases of an area came out how.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    pub(crate) passed: usize,
    pub(crate) failed: usize,
    pub(crate) skipped: usize,
}

impl Counts {
    pub(crate) fn of(results: &[(String, Outcome)]) -> Self {
        let count =
            |wanted: fn(&Outcome) -> bool| results.iter().filter(|(_, outcome)| wanted(outcome)).count();
        Self {
            passed: count(|outcome| matches!(outcome, Outcome::Pass)),
            failed: count(|outcome| matches!(outcome, Outcome::Fail(_))),
            skipped: count(|outcome| matches!(outcome, Outcome::Skip(_))),
        }
    }
}
