//! `trueup autoplan`: which Terraform projects a change plans.

use crate::arguments::{Autoplan, Plain};
use crate::output::{Console, Failure, Finding, absolute};
use crate::preview::json_text;
use std::fmt::Write;
use std::path::Path;
use trueup::atlantis::{
    AtlantisError, AutoplanFlags, AutoplanQuestion, Planned, RepoConfig, RepoQuestion, ServerConfig,
    ServerFlags, autoplan, lint, needs,
};
use trueup::manifest::{EcoString, FileTree, to_value};
use trueup::report::visible;
use trueup_host::{ReadOptions, open_directory};

pub(crate) fn run(command: &Autoplan, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let root = absolute(&command.repository)?;
    let tree = open_directory(root, &ReadOptions::default());
    let changed = changed_files(&command.changed, command.changed_from.as_deref())?;
    let server = server(command)?;
    let file = server.repo_config_file(&command.repo_id);
    let failure = |error: AtlantisError| Failure::diagnostics(vec![error.diagnostic_in(file)], tree.clone());
    let question =
        RepoQuestion { tree: Some(&tree), repo_id: &command.repo_id, branch: command.branch.as_deref() };
    let config = match server.repo_config(&tree, &command.repo_id).map_err(failure)? {
        Some(text) => RepoConfig::parse(text, &server, &question).map_err(failure)?,
        None => RepoConfig::default(),
    };
    let mut flags = AutoplanFlags::default();
    flags.modules = command.modules.as_str().into();
    let answer = autoplan(&AutoplanQuestion {
        tree: &tree,
        config: &config,
        server: &server,
        repo_id: &command.repo_id,
        changed: &changed,
        flags: &flags,
    })
    .map_err(failure)?;
    console.diagnostics(answer.warnings.iter().chain(&lint(&config, &server, &command.repo_id)), &tree);
    match command.output {
        Plain::Json => {
            let value =
                to_value(&answer).map_err(|error| Failure::message("cli/output", error.to_string()))?;
            console.print(&json_text(&value)?)?;
        }
        Plain::Text => {
            let mut text = String::new();
            for planned in &answer.plan {
                show(planned, "", &mut text);
            }
            for planned in &answer.disabled {
                show(planned, "  (autoplan is off)", &mut text);
            }
            for (title, files) in [("gone", &answer.gone), ("no project", &answer.unclaimed)] {
                for file in files {
                    _ = writeln!(text, "{title}: {}", visible(file));
                }
            }
            let needs = needs(&config);
            if command.server.is_none() && !needs.allowed_overrides.is_empty() {
                _ = writeln!(text, "the server must allow: {}", needs.allowed_overrides.join(", "));
            }
            if command.server.is_none() && needs.allow_custom_workflows {
                _ = writeln!(text, "the server must have: allow_custom_workflows: true");
            }
            console.print(&text)?;
        }
    }
    Ok(Finding::Nothing)
}

/// Writes a project with its reasons and what a plan does.
fn show(planned: &Planned, note: &str, text: &mut String) {
    let project = &planned.project;
    let name = if project.name.is_empty() { &project.dir } else { &project.name };
    let (dir, workspace) = (visible(&project.dir), visible(&project.workspace));
    _ = writeln!(
        text,
        "{}  {dir}  workspace {workspace}  group {}{note}",
        visible(name),
        project.execution_order_group
    );
    for because in &planned.because {
        _ = writeln!(text, "  {}", visible(&because.to_string()));
    }
    let steps: Vec<&str> = project.workflow.plan.iter().map(|step| step.step.as_str()).collect();
    _ = writeln!(text, "  {}: {}", visible(&project.workflow.name), visible(&steps.join(", ")));
}

/// The changed files that are named, and those of a list of them.
pub(crate) fn changed_files(named: &[String], list: Option<&Path>) -> Result<Vec<EcoString>, Failure> {
    let mut changed: Vec<EcoString> = named.iter().map(EcoString::from).collect();
    if let Some(file) = list {
        let text = std::fs::read_to_string(file)
            .map_err(|error| Failure::message("cli/read", format!("`{}`: {error}", file.display())))?;
        changed.extend(text.lines().filter(|line| !line.is_empty()).map(EcoString::from));
    }
    Ok(changed)
}

fn server(command: &Autoplan) -> Result<ServerConfig, Failure> {
    let Some(file) = &command.server else {
        return Ok(ServerConfig::built_in(ServerFlags::default().with_allow_everything(true)));
    };
    let name = file.to_string_lossy();
    let text =
        std::fs::read(file).map_err(|error| Failure::message("cli/read", format!("`{name}`: {error}")))?;
    ServerConfig::parse(&text, &name, ServerFlags::default()).map_err(|error| {
        let tree = FileTree::from_files([("server", text)]).unwrap_or_default();
        Failure::diagnostics(vec![error.diagnostic_in("server")], tree)
    })
}
