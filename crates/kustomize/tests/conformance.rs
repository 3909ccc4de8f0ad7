//! The cases of upstream's own test suite, and those of our own that were recorded from the real kustomize.

mod runner;

use runner::{Outcome, build_case, case_of, options, run_dir};
use std::path::Path;
use trueup_kustomize::{Error, Reorder};

const UPSTREAM: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/conformance/kustomize");
const OWN: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");

#[test]
fn cases_of_upstream_pass() {
    check(Path::new(UPSTREAM));
}

#[test]
fn recorded_cases_pass() {
    let run = check(Path::new(OWN));
    assert!(run >= 768, "only {run} cases");
}

/// Both modes of `--reorder` over all cases: upstream's kinds and names in order.
#[test]
fn orders_are_those_that_were_recorded() {
    let mut seen = 0;
    for line in include_str!("reorder.tsv").lines().skip(1) {
        let [case, mode, wanted] = line.split('\t').collect::<Vec<_>>()[..] else {
            panic!("odd line {line}")
        };
        let reorder = if mode == "none" { Reorder::None } else { Reorder::Legacy };
        let dirs = [OWN, UPSTREAM].map(|dir| Path::new(dir).join(case));
        // Upstream's own cases are not always there.
        let Some(built) = dirs.iter().find_map(|dir| build_in_order(dir, reorder)) else { continue };
        seen += 1;
        let got = built.map_or_else(|_| "error".to_owned(), |output| heads(&output));
        assert_eq!(got, wanted, "{case} with --reorder {mode}");
    }
    assert!(seen >= 1360, "only {seen} lines");
}

/// The kind and name of each document, as they are written.
fn heads(output: &str) -> String {
    let lines: Vec<&str> = output.lines().collect();
    let documents = lines.split(|line| *line == "---").filter(|document| !document.is_empty());
    let heads = documents.map(|document| {
        let kind = document.iter().find_map(|line| line.strip_prefix("kind: ")).unwrap_or_default();
        let metadata = document.iter().skip_while(|line| **line != "metadata:").skip(1);
        let mut fields = metadata.take_while(|line| line.is_empty() || line.starts_with(' '));
        let name = fields.find_map(|line| line.strip_prefix("  name: ")).unwrap_or_default();
        format!("{kind}/{name}")
    });
    heads.collect::<Vec<_>>().join(" ")
}

/// Runs the cases of a directory and returns how many passed.
#[expect(clippy::print_stdout, reason = "says which cases fail, and how")]
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

/// Builds a case in another order than its own; `None` for a case that is not there.
fn build_in_order(case_dir: &Path, reorder: Reorder) -> Option<Result<String, Error>> {
    let case = case_of(case_dir)?;
    let options = options(&case).with_reorder(reorder);
    Some(build_case(case_dir, &case, &options))
}
