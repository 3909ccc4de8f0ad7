//! Runs the conformance corpus and this crate's own fixtures, when they are there.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: it reads files and fails loudly"
)]

/// Reads and checks cases.
pub mod runner;

use runner::Outcome;
use std::path::Path;

const AREAS: [&str; 8] = [
    "hooks",
    "sync_order",
    "prune",
    "sync_state",
    "sync_windows",
    "backoff",
    "auto_sync",
    "project_permissions",
];

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
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance"));
    if !root.is_dir() {
        return;
    }
    let total: usize = AREAS.iter().map(|area| run(&root.join(area))).sum();
    assert!(total >= 412, "only {total} cases");
}

#[test]
fn own_fixtures() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures"));
    assert!(run(root) >= 20);
}
