//! The cases that Helm answered.

mod runner;

use std::path::Path;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/helm");

/// Cases of our own, which Helm 4.2.4's program answered.
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

#[test]
fn shared_cases_pass() {
    check(Path::new(SHARED));
}

#[test]
fn recorded_cases_pass() {
    let run = check(Path::new(OWN));
    assert!(run >= 200, "only {run} cases");
}

#[expect(clippy::print_stdout, reason = "says which cases fail, and how")]
/// Runs the cases of a directory and returns how many there are.
fn check(dir: &Path) -> usize {
    let results = runner::run_dir(dir);
    let mut failed = 0;
    for (name, result) in &results {
        if let Err(why) = result {
            failed += 1;
            println!("FAIL {name}: {why}");
        }
    }
    println!("{} of {} pass", results.len() - failed, results.len());
    assert_eq!(failed, 0, "see the output");
    results.len()
}
