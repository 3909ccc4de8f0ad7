//! Cases whose expectation Argo CD itself does not meet: it was derived, not asserted by an upstream test.
//!
//! Each has a correction, recorded from Argo CD's own packages (`fuzz/appset/reference`), which must hold instead.

use super::{Outcome, run_one};
use serde_json::Value as Json;

/// The answers of Argo CD's packages to the same inputs, one case a line.
const CORRECTIONS: &str = include_str!("../fixtures/corrections.jsonl");

/// Names, and what is different.
const KNOWN: [(&str, &str); 3] = [
    (
        "docs/generators-pull-request-3",
        "a pullRequest section without a provider fails before any template is rendered",
    ),
    (
        "git-files/hand-fast-values-merge-with-file-values",
        "the YAML library reads a plain `y` as true, also where it is a key",
    ),
    ("git-files/hand-scalar-formats", "the YAML library reads a plain `y` as true"),
];

/// Says what a failure is: a known difference if the correction holds, else a failure.
pub fn judge(case: &Json, message: String) -> Outcome {
    let Some((name, reason)) = KNOWN.iter().find(|(name, _)| case["name"] == *name) else {
        return Outcome::Fail(message);
    };
    let corrections = CORRECTIONS.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
    match corrections.into_iter().find(|correction| correction["name"] == *name) {
        Some(correction)
            if correction["appset"] == case["appset"] && correction["inputs"] == case["inputs"] =>
        {
            match run_one(&correction) {
                Outcome::Pass => Outcome::Skip(format!("contradicts Argo CD: {reason}")),
                outcome => outcome,
            }
        }
        _ => Outcome::Fail(message),
    }
}
