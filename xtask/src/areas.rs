//! Which crate serves which area of the conformance data. The runners are those of the crates' own tests.

use crate::outcome::Outcome;
use std::path::Path;

/// Runs every case below a directory.
pub(crate) type Runner = fn(&Path) -> Vec<(String, Outcome)>;

/// Returns the runner of an area; `None` when no crate serves it yet.
pub(crate) fn runner(area: &str) -> Option<Runner> {
    Some(match area {
        "gotemplate" | "sprig" => template,
        "applicationset" => appset,
        "atlantis" => atlantis,
        "auto_sync"
        | "backoff"
        | "hooks"
        | "project_permissions"
        | "prune"
        | "sync_order"
        | "sync_state"
        | "sync_windows" => sync,
        "blast" => facade,
        "health" => health,
        "helm" => helm,
        "hide_secrets" | "ignore_differences" | "normalize" | "server_side_diff" | "three_way_diff"
        | "tracking" => diff,
        "json_merge" | "strategic_merge" => patch,
        "kustomize" => kustomize,
        "promotion" => promotion,
        "rollouts" => rollouts,
        "secrets" => secrets,
        "terraform" => terraform,
        // The comparison of whole objects is the diff crate's, the library underneath the patch crate's.
        "structured_merge" => structured_merge,
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
                runner::Outcome::Pass { .. } => Outcome::Pass,
                runner::Outcome::Fail(message) => Outcome::Fail(message),
                runner::Outcome::Skip(reason) => Outcome::Skip(reason),
            };
            results.map(|(name, outcome)| (name, ours(outcome))).collect()
        }
    };
}

outcome_runner!(appset, "../../crates/appset/tests/runner/mod.rs");
outcome_runner!(atlantis, "../../crates/atlantis/tests/runner/mod.rs");
outcome_runner!(facade, "../../crates/trueup/tests/runner/mod.rs");
outcome_runner!(diff, "../../crates/diff/tests/runner/mod.rs");
outcome_runner!(health, "../../crates/health/tests/runner/mod.rs");
outcome_runner!(kustomize, "../../crates/kustomize/tests/runner/mod.rs");
outcome_runner!(patch, "../../crates/patch/tests/runner/mod.rs");
outcome_runner!(promotion, "../../crates/promotion/tests/runner/mod.rs");
outcome_runner!(rollouts, "../../crates/rollouts/tests/runner/mod.rs");
outcome_runner!(secrets, "../../crates/secrets/tests/runner/mod.rs");
outcome_runner!(sync, "../../crates/sync/tests/runner/mod.rs");
outcome_runner!(terraform, "../../crates/terraform/tests/runner/mod.rs");

/// A case that one of the two crates runs counts as that crate has it.
fn structured_merge(directory: &Path) -> Vec<(String, Outcome)> {
    let by_diff: std::collections::BTreeMap<String, Outcome> = diff(directory).into_iter().collect();
    let merged = |(name, outcome): (String, Outcome)| match (&outcome, by_diff.get(&name)) {
        (Outcome::Skip(_), Some(other)) => (name, other.clone()),
        _ => (name, outcome),
    };
    patch(directory).into_iter().map(merged).collect()
}

fn helm(directory: &Path) -> Vec<(String, Outcome)> {
    #[path = "../../crates/helm/tests/runner/mod.rs"]
    mod runner;
    let ours = |result: Result<(), String>| result.map_or_else(Outcome::Fail, |()| Outcome::Pass);
    runner::run_dir(directory).into_iter().map(|(name, result)| (name, ours(result))).collect()
}

fn template(directory: &Path) -> Vec<(String, Outcome)> {
    #[path = "../../crates/template/tests/runner/mod.rs"]
    mod runner;
    let ours = |result: Result<(), String>| result.map_or_else(Outcome::Fail, |()| Outcome::Pass);
    runner::run_dir(directory).into_iter().map(|(name, result)| (name, ours(result))).collect()
}
