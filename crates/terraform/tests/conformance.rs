//! Runs the conformance corpus, when it is there, and this crate's own fixtures.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: it reads files and fails loudly"
)]

mod runner;

use runner::Outcome;
use std::path::Path;

fn run(dir: &Path) -> usize {
    let outcomes = runner::run_dir(dir);
    let failed: Vec<String> = outcomes
        .iter()
        .filter_map(|(name, outcome)| match outcome {
            Outcome::Fail(why) => Some(format!("{name}: {why}")),
            Outcome::Skip(why) => Some(format!("{name}: skipped, {why}")),
            Outcome::Pass => None,
        })
        .collect();
    assert!(failed.is_empty(), "{} of {}:\n{}", failed.len(), outcomes.len(), failed.join("\n"));
    outcomes.len()
}

#[test]
fn corpus() {
    let corpus = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/terraform"));
    if corpus.is_dir() {
        assert!(run(corpus) >= 45);
    }
}
