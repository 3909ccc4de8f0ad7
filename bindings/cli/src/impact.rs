//! `trueup impact`: what a change of a repository can reach.

use crate::arguments::{Impact as Command, Plain};
use crate::autoplan::changed_files;
use crate::output::{Console, Failure, Finding};
use crate::preview::json_text;
use crate::repository::Repository;
use std::fmt::Write;
use trueup::manifest::{EcoString, to_value};
use trueup::report::visible;
use trueup::{AffectedApplication, Impact, ImpactOptions, Reason, TerraformProject, impact};
use trueup_host::{ReadOptions, read_directory};

pub(crate) fn run(command: &Command, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let repository = Repository::read(&command.repository, command.facts.as_deref(), None)?;
    let changed = changed_files(&command.changed, command.changed_from.as_deref())?;
    let before = match &command.base {
        Some(base) => read_directory(base, &ReadOptions::default())
            .map_err(|error| Failure::message("cli/read", error.to_string()))?,
        None if changed.is_empty() => {
            let message =
                "say what has changed: the repository before the change (--base), or the files (--changed)";
            return Err(Failure::message("cli/usage", message));
        }
        None => repository.tree.clone(),
    };
    let mut options = ImpactOptions::default();
    options.changed = (!changed.is_empty()).then_some(changed);
    let found = impact(&before, &repository.tree, &repository.world, &options);
    console.diagnostics(found.diagnostics.iter(), &repository.tree);
    match command.output {
        Plain::Json => {
            let value =
                to_value(&found).map_err(|error| Failure::message("cli/output", error.to_string()))?;
            console.print(&json_text(&value)?)?;
        }
        Plain::Text => console.print(&text(&found))?,
    }
    Ok(Finding::Nothing)
}

fn text(found: &Impact) -> String {
    let mut text = String::new();
    let roots = found.kustomizations.iter().map(|root| (place(&root.directory), way(&root.via)));
    section(&mut text, "kustomizations", roots.collect());
    let applications = found.applications.iter().map(|app| (app.name.as_str(), reason(app)));
    section(&mut text, "applications", applications.collect());
    let project = |project: &TerraformProject| project.because.join("; ");
    let planned = found.terraform.projects.iter().map(|found| (found.name.as_str(), project(found)));
    section(&mut text, "terraform projects", planned.collect());
    let by_module = &found.terraform.projects_by_module;
    let by_module = by_module.iter().map(|found| (found.name.as_str(), project(found)));
    section(&mut text, "terraform projects that Atlantis does not plan", by_module.collect());
    let unclaimed = found.unclaimed.iter().map(|path| (path.as_str(), String::new()));
    section(&mut text, "read by nothing", unclaimed.collect());
    if text.is_empty() {
        text.push_str("nothing is reached\n");
    }
    text
}

fn section(text: &mut String, title: &str, lines: Vec<(&str, String)>) {
    if lines.is_empty() {
        return;
    }
    _ = writeln!(text, "{title}: {}", lines.len());
    let width = lines.iter().map(|(name, _)| visible(name).chars().count()).max().unwrap_or_default();
    for (name, why) in lines {
        let line = format!("  {:width$}  {}", visible(name), visible(&why));
        _ = writeln!(text, "{}", line.trim_end());
    }
}

fn reason(application: &AffectedApplication) -> String {
    let way = way(&application.via);
    let said = match application.reason {
        Reason::Added => "is added",
        Reason::Removed if application.deletes_resources => "is removed, and what it deployed is deleted",
        Reason::Removed => "is removed; what it deployed stays",
        Reason::Definition => "is changed itself",
        _ => return way,
    };
    format!("{said} ({})", application.origin)
}

/// How a change gets there.
fn way(via: &[EcoString]) -> String {
    via.iter().map(place).collect::<Vec<_>>().join(" → ")
}

/// A path as people write it: the root of the repository is `.`.
fn place(path: &EcoString) -> &str {
    if path.is_empty() { "." } else { path }
}
