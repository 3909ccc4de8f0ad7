//! Which crate serves which area of the conformance data. The runners are those of the crates' own tests.

use crate::outcome::Outcome;
use std::path::Path;

/// Runs every case below a directory.
pub(crate) type Runner = fn(&Path) -> Vec<(String, Outcome)>;

/// Returns the runner of an area; `None` when no crate serves it yet.
pub(crate) fn runner(area: &str) -> Option<Runner> {
    Some(match area {
        "gotemplate" | "sprig" => template,
        "json_merge" | "strategic_merge" | "structured_merge" => patch,
        _ => return None,
    })
}

/// Makes the runner of a crate's tests one of ours.
macro_rules! outcome_runner {
    ($name:ident, $path:literal) => {
        fn $name(directory: &Path) -> Vec<(String, Outcome)> {
            #[path = $path]
            mod runner;
            let results = runner::run_dir(directory).into_iter();
            let ours = |outcome| match outcome {
                runner::Outcome::Pass => Outcome::Pass,
                runner::Outcome::Fail(message) => Outcome::Fail(message),
                runner::Outcome::Skip(reason) => Outcome::Skip(reason),
            };
            results.map(|(name, outcome)| (name, ours(outcome))).collect()
        }
    };
}

outcome_runner!(patch, "../../crates/patch/tests/runner/mod.rs");

fn template(directory: &Path) -> Vec<(String, Outcome)> {
    #[path = "../../crates/template/tests/runner/mod.rs"]
    mod runner;
    let ours = |result: Result<(), String>| result.map_or_else(Outcome::Fail, |()| Outcome::Pass);
    runner::run_dir(directory).into_iter().map(|(name, result)| (name, ours(result))).collect()
}
