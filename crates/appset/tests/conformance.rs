//! The shared conformance cases, when they are there.
#![expect(
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

mod runner;

use runner::{Outcome, run_dir};
use std::path::Path;

/// Cases whose expectation is not what Argo CD does; none of them was asserted by an upstream test.
///
/// - `sigs.k8s.io/yaml` v1.6.0 reads a plain `y` as true (run with its own library), as a key and as a value.
/// - A `pullRequest` without a provider fails before any template is rendered.
const DISPUTED: [&str; 3] = [
    "docs/generators-pull-request-3",
    "git-files/hand-fast-values-merge-with-file-values",
    "git-files/hand-scalar-formats",
];

#[test]
fn application_sets() {
    let corpus = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/applicationset");
    let results = run_dir(Path::new(corpus));
    if results.is_empty() {
        return;
    }
    let failed: Vec<String> = results
        .iter()
        .filter(|(name, _)| !DISPUTED.contains(&name.as_str()))
        .filter_map(|(name, outcome)| match outcome {
            Outcome::Pass => None,
            Outcome::Fail(message) | Outcome::Skip(message) => Some(format!("{name}: {message}")),
        })
        .collect();
    assert!(failed.is_empty(), "{} of {} failed\n{}", failed.len(), results.len(), failed.join("\n"));
    assert!(results.len() >= 370, "only {} cases ran", results.len());
}
