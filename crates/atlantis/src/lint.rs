//! What Atlantis accepts without a word and hardly anybody means.

use crate::doublestar;
use crate::order::{Ordered, order_warnings};
use crate::repo::RepoConfig;
use crate::server::ServerConfig;
use crate::settings::{AutoDiscover, RepoLocks};
use trueup_manifest::{Diagnostic, EcoString};

/// Returns what a repository's configuration says that has no effect, or another one than it seems.
///
/// ```
/// use trueup_atlantis::{RepoConfig, RepoQuestion, ServerConfig, lint};
///
/// let text = b"version: 3\nautodiscover: {mode: always}\nprojects:\n- {dir: a, name: a, depends_on: [b]}\n";
/// let config = RepoConfig::parse(text, &ServerConfig::default(), &RepoQuestion::default())?;
/// let codes: Vec<_> = lint(&config, &ServerConfig::default(), "github.com/org/repo").into_iter().map(|found| found.code).collect();
/// assert_eq!(codes, ["atlantis/unknown-mode", "atlantis/unknown-dependency"]);
/// # Ok::<(), trueup_atlantis::AtlantisError>(())
/// ```
pub fn lint(config: &RepoConfig, server: &ServerConfig, repo_id: &str) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if let Some(setting) = &config.autodiscover {
        found.extend(unknown_mode("autodiscover", &setting.mode, &AutoDiscover::MODES));
        for pattern in setting.ignore_paths.iter().flatten().filter(|pattern| !doublestar::is_valid(pattern))
        {
            let message = format!("`{pattern}` in `ignore_paths` cannot be read and ignores nothing");
            found.push(Diagnostic::warning("atlantis/bad-pattern", message));
        }
    }
    let of_projects = config.projects.iter().filter_map(|project| project.repo_locks.as_ref());
    for locks in config.repo_locks.iter().chain(of_projects) {
        found.extend(unknown_mode("repo_locks", &locks.mode, &RepoLocks::MODES));
    }
    let allowed = server.resolve(repo_id).allowed_overrides().to_vec();
    let top_level = [
        ("delete_source_branch_on_merge", config.delete_source_branch_on_merge.is_some()),
        ("repo_locks", config.repo_locks.is_some()),
        ("silence_pr_comments", config.silence_pr_comments.is_some()),
        ("policy_check", config.projects.iter().any(|project| project.policy_check.is_some())),
    ];
    for (key, _) in
        top_level.iter().filter(|(key, is_set)| *is_set && !allowed.iter().any(|known| known == key))
    {
        let message = format!("`{key}` has no effect: the server does not let this repository set it");
        let help = format!("the server needs `allowed_overrides: [{key}]`");
        found.push(Diagnostic::warning("atlantis/ignored-key", message).help(help));
    }
    for project in &config.projects {
        found.extend(leading_exclusion(&project.dir, &project.autoplan.when_modified));
    }
    let ordered: Vec<Ordered> = config.projects.iter().map(Ordered::from).collect();
    found.extend(order_warnings(&ordered).iter().map(|warning| warning.diagnostic()));
    found
}

fn unknown_mode(key: &str, mode: &str, modes: &[&str]) -> Option<Diagnostic> {
    let message = format!("`{mode}` is no mode of `{key}`, which has {}", modes.join(", "));
    (!modes.contains(&mode)).then(|| Diagnostic::warning("atlantis/unknown-mode", message))
}

/// A pattern that excludes before anything is let in.
fn leading_exclusion(dir: &str, patterns: &[EcoString]) -> Option<Diagnostic> {
    let first = patterns.first().filter(|pattern| pattern.trim().starts_with('!'))?;
    let message =
        format!("`{first}` of project `{dir}` excludes nothing: no pattern in front of it lets anything in");
    Some(Diagnostic::warning("atlantis/idle-exclusion", message))
}
