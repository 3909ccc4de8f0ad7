//! The Terraform projects that a change plans, by Atlantis' rules and by what their modules read.

use super::graph::ancestors;
use serde::Serialize;
use std::collections::BTreeSet;
use trueup_atlantis::{
    Autoplan, AutoplanFlags, AutoplanQuestion, RepoConfig, RepoQuestion, ServerConfig, ServerFlags, autoplan,
};
use trueup_manifest::{Diagnostic, EcoString, FileTree, split_path};

/// A Terraform project that a change reaches.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TerraformProject {
    /// Its name, or its directory where it has none.
    pub name: EcoString,
    /// Its directory.
    pub directory: EcoString,
    /// The changed files that reach it, and by which rule.
    pub because: Vec<String>,
}

/// What a change means for Terraform.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TerraformImpact {
    /// The projects that Atlantis plans, in its order.
    pub projects: Vec<TerraformProject>,
    /// Projects that Atlantis does not plan although they read a changed file, through their modules.
    pub projects_by_module: Vec<TerraformProject>,
    /// The changed files that only those projects read: patterns of `when_modified` that are missing.
    pub gaps: Vec<EcoString>,
}

/// Says which projects a change plans. What cannot be told is a diagnostic.
pub(super) fn terraform(
    tree: &FileTree,
    changed: &[EcoString],
    diagnostics: &mut Vec<Diagnostic>,
) -> TerraformImpact {
    let server = ServerConfig::built_in(ServerFlags::default().with_allow_everything(true));
    let file = server.repo_config_file("").to_owned();
    let text = tree.get(&file);
    if text.is_none() && !changed.iter().any(|path| is_terraform(path)) {
        return TerraformImpact::default();
    }
    let question = RepoQuestion { tree: Some(tree), ..RepoQuestion::default() };
    let config = match text.map(|text| RepoConfig::parse(text, &server, &question)) {
        None => RepoConfig::default(),
        Some(Ok(config)) => config,
        Some(Err(error)) => {
            diagnostics.push(error.diagnostic_in(file));
            return TerraformImpact::default();
        }
    };
    let flags = AutoplanFlags::default();
    let question =
        AutoplanQuestion { tree, config: &config, server: &server, repo_id: "", changed, flags: &flags };
    let planned = match autoplan(&question) {
        Ok(planned) => planned,
        Err(error) => {
            diagnostics.push(error.diagnostic_in(file));
            return TerraformImpact::default();
        }
    };
    diagnostics.extend(planned.warnings.iter().cloned());
    let (projects_by_module, gaps) = by_module(tree, &config, changed, &planned);
    TerraformImpact { projects: planned.plan.iter().map(project).collect(), projects_by_module, gaps }
}

fn project(planned: &trueup_atlantis::Planned) -> TerraformProject {
    TerraformProject {
        name: name_of(&planned.project.name, &planned.project.dir),
        directory: planned.project.dir.clone(),
        because: planned.because.iter().map(ToString::to_string).collect(),
    }
}

fn name_of(name: &EcoString, directory: &EcoString) -> EcoString {
    if name.is_empty() { directory.clone() } else { name.clone() }
}

/// The projects of the configuration that read changed files which do not plan them, and those files.
fn by_module(
    tree: &FileTree,
    config: &RepoConfig,
    changed: &[EcoString],
    planned: &Autoplan,
) -> (Vec<TerraformProject>, Vec<EcoString>) {
    let directories: Vec<EcoString> = config.projects.iter().map(|project| project.dir.clone()).collect();
    let is_planned = |directory: &EcoString| {
        planned.plan.iter().chain(&planned.disabled).any(|planned| planned.project.dir == *directory)
    };
    let mut projects = Vec::new();
    let mut gaps = Vec::new();
    for (directory, files) in trueup_terraform::affected(tree, &directories, changed) {
        if is_planned(&directory) {
            continue;
        }
        let because = files.iter().map(|file| format!("{file} is read through its modules")).collect();
        let found = config.projects.iter().find(|project| project.dir == directory);
        let name = found.and_then(|project| project.name.clone()).unwrap_or_default();
        projects.push(TerraformProject { name: name_of(&name, &directory), directory, because });
        gaps.extend(files);
    }
    gaps.sort();
    gaps.dedup();
    (projects, gaps)
}

/// Whether a file is Terraform's.
fn is_terraform(path: &str) -> bool {
    [".tf", ".tf.json", ".tfvars", ".tfvars.json", ".tofu", ".hcl"].iter().any(|end| path.ends_with(end))
}

/// The directories of a tree that have Terraform's files.
pub(super) struct Claimed(BTreeSet<EcoString>);

impl Claimed {
    pub(super) fn of(tree: &FileTree) -> Self {
        let files = tree.files_below("").into_iter().map(|(path, _)| path);
        Self(files.filter(|path| is_terraform(path)).map(|path| split_path(path).0.into()).collect())
    }

    /// Whether a file is Terraform's, or in or below a directory that has some; the root claims nothing besides.
    pub(super) fn has(&self, path: &str) -> bool {
        is_terraform(path) || ancestors(path).skip(1).any(|directory| self.0.contains(directory))
    }
}
