//! Scripts that never say healthy.

use crate::checks::Checks;
use crate::settings::{Customization, customizations};
use crate::status::Status;
use std::fmt::Write as _;
use trueup_manifest::{Diagnostic, Map, Value, glob_matches};

/// The kind whose objects are tried.
const KIND: &str = "argoproj.io/Rollout";

/// Returns a warning for each script in the `data` of an `argocd-cm` config map that judges Rollouts and calls none of them healthy.
///
/// The script is run on a Rollout without a status, a broken one, one that is done and one that is under way. If it would be right with a `return` after
/// each status that it sets in a branch, the warning says how it reads then. Nothing is said without the feature `lua`, of a script that cannot be used, and
/// of one that gives no opinion at all.
///
/// ```
/// let script = "hs = {}\nif obj.status ~= nil then\n  hs.status = \"Healthy\"\nend\nhs.status = \"Progressing\"\nreturn hs\n";
/// let data = trueup_manifest::Map::from_iter([("resource.customizations.health.argoproj.io_Rollout", script)]);
/// let found = trueup_health::lint_config_map(&data.into());
/// assert_eq!(found.len(), usize::from(cfg!(feature = "lua")));
/// ```
pub fn lint_config_map(data: &Value) -> Vec<Diagnostic> {
    let customizations = customizations(data, &mut Vec::new());
    let judging = customizations.iter().filter(|(key, _)| *key == KIND || glob_matches(key, KIND));
    let never_healthy = judging.filter(|(_, customization)| is_never_healthy(customization));
    never_healthy
        .map(|(key, customization)| {
            let message = format!("the health check of {key} calls no Rollout healthy");
            let warning = Diagnostic::warning("health/never-healthy", message)
                .because("a status that is set in a branch is overwritten below it");
            match fixed(customization) {
                Some(script) => {
                    warning.help(format!("return where the status is known:\n{}", script.trim_end()))
                }
                None => warning.help("remove the check: Argo CD has one of its own for Rollouts"),
            }
        })
        .collect()
}

/// Tells whether a script judges the Rollouts that are tried, and none as healthy.
fn is_never_healthy(customization: &Customization) -> bool {
    let statuses = statuses(customization);
    let said: Vec<Status> = statuses.iter().copied().flatten().collect();
    !said.is_empty() && statuses.len() == probes().len() && !said.contains(&Status::Healthy)
}

/// Runs a script on the Rollouts that are tried; one on which it fails is left out.
fn statuses(customization: &Customization) -> Vec<Option<Status>> {
    let mut data = Map::from_iter([(
        "resource.customizations.health.argoproj.io_Rollout",
        customization.script.as_str(),
    )]);
    if customization.open_libs {
        data.insert("resource.customizations.useOpenLibs.argoproj.io_Rollout", "true");
    }
    let (checks, _) = Checks::default().at(Some(0)).with_config_map(&data.into());
    let judged = probes().into_iter().map(|probe| checks.health(&probe).ok().flatten());
    judged.flatten().map(|health| health.status).collect()
}

/// Returns the script with a `return` after each status that it sets at the end of a branch, if some Rollout is healthy then.
fn fixed(customization: &Customization) -> Option<String> {
    let mut script = String::with_capacity(customization.script.len());
    let mut lines = customization.script.lines().peekable();
    while let Some(line) = lines.next() {
        _ = writeln!(script, "{line}");
        let next = lines.peek().map_or("", |next| next.trim());
        let ends_branch = next == "else" || next == "end" || next.starts_with("elseif ");
        let statement = line.trim_start();
        let table = statement.split_once(".status").filter(|(_, rest)| {
            let rest = rest.trim_start();
            rest.starts_with('=') && !rest.starts_with("==")
        });
        let is_name = |name: &str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        if let Some((table, _)) = table.filter(|(table, _)| ends_branch && is_name(table)) {
            let indent = line.strip_suffix(statement).unwrap_or_default();
            _ = writeln!(script, "{indent}return {table}");
        }
    }
    let candidate = Customization { script, open_libs: customization.open_libs };
    statuses(&candidate).contains(&Some(Status::Healthy)).then_some(candidate.script)
}

/// Returns Rollouts that differ in how they are doing.
fn probes() -> Vec<Value> {
    let degraded = Map::from_iter([("type", "Degraded"), ("status", "True"), ("message", "it is broken")]);
    let hashes = |stable: &str| {
        Map::from_iter([
            ("observedGeneration", Value::from("1")),
            ("phase", Value::from(if stable == "a" { "Healthy" } else { "Progressing" })),
            ("currentPodHash", Value::from("a")),
            ("stableRS", Value::from(stable)),
            ("replicas", Value::from(1)),
            ("updatedReplicas", Value::from(1)),
            ("availableReplicas", Value::from(1)),
            ("readyReplicas", Value::from(1)),
            ("conditions", Value::from(vec![])),
        ])
    };
    let mut broken = hashes("b");
    broken.insert("phase", "Degraded");
    broken.insert("conditions", vec![Value::from(degraded)]);
    [None, Some(broken), Some(hashes("a")), Some(hashes("b"))].into_iter().map(probe).collect()
}

fn probe(status: Option<Map>) -> Value {
    let metadata = Map::from_iter([("name", Value::from("probe")), ("generation", Value::from(1))]);
    let strategy = Map::from_iter([("canary", Value::from(Map::new()))]);
    let spec = Map::from_iter([("replicas", Value::from(1)), ("strategy", strategy.into())]);
    let mut object = Map::from_iter([
        ("apiVersion", Value::from("argoproj.io/v1alpha1")),
        ("kind", "Rollout".into()),
        ("metadata", metadata.into()),
        ("spec", spec.into()),
    ]);
    if let Some(status) = status {
        object.insert("status", status);
    }
    object.into()
}
