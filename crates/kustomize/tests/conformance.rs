//! The cases of upstream's own test suite, and those of our own that were recorded from the real kustomize.

mod runner;

use runner::{Outcome, run_dir};
use std::path::Path;

#[test]
fn cases_of_upstream_pass() {
    let dir = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/kustomize"));
    check(dir);
}

#[test]
fn recorded_cases_pass() {
    let run = check(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures")));
    assert!(run >= 527, "only {run} cases");
}

/// Runs the cases of a directory and returns how many passed.
fn check(dir: &Path) -> usize {
    let outcomes = run_dir(dir);
    let mut failed = 0;
    let (mut passed, mut skipped, mut worded, mut unworded) = (0, 0, 0, 0);
    for (name, outcome) in &outcomes {
        match outcome {
            Outcome::Pass { message } => {
                passed += 1;
                worded += usize::from(*message == Some(true));
                if *message == Some(false) {
                    unworded += 1;
                    println!("WORDS {name}");
                }
            }
            Outcome::Fail(why) => {
                failed += 1;
                println!("FAIL {name}: {why}");
            }
            Outcome::Skip(why) => {
                skipped += 1;
                println!("SKIP {name}: {why}");
            }
        }
    }
    println!("{passed} passed, {failed} failed, {skipped} skipped; messages: {worded} right, {unworded} not");
    assert_eq!((failed, unworded), (0, 0), "see the output");
    passed
}
