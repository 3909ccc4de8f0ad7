//! Runs the conformance corpus on the impact of changes, when it is there.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test: it reads files and fails loudly"
)]

mod runner;

use runner::Outcome;
use std::path::Path;

#[test]
fn corpus() {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/conformance/blast");
    let failed = |(name, outcome): (String, Outcome)| match outcome {
        Outcome::Pass => None,
        Outcome::Fail(why) | Outcome::Skip(why) => Some(format!("{name}: {why}")),
    };
    let failed: Vec<String> = runner::run_dir(&dir).into_iter().filter_map(failed).collect();
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}
