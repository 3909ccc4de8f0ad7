//! Which projects reach which modules, and what a directory's Terraform files say of it.

use crate::path;
use crate::patterns::Patterns;
use crate::problem::Problem;
use crate::project::check_workspace;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::hcl::{self, Body, HclError};
use trueup_manifest::{Diagnostic, EcoString, FileTree, Limits};

/// Tells whether a directory holds a file that makes it a project.
pub(crate) fn is_project(tree: &FileTree, directory: &str) -> bool {
    let directory = path::in_tree(directory);
    let is_indicator = |name: &EcoString| {
        let ends = [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.ends_with(end));
        ends || name == "terragrunt.hcl"
    };
    tree.list(directory).iter().any(|name| is_indicator(name) && tree.is_file(&path::join(directory, name)))
}

/// Returns the project of a changed file; `None` for a module that belongs to none.
pub(crate) fn project_of(tree: &FileTree, file: &str) -> Option<EcoString> {
    let directory = path::directory(file);
    let (_, name) = directory.rsplit_once('/').unwrap_or_default();
    if name == "env" || directory == "env" {
        return Some(path::directory(&directory));
    }
    if !format!("/{directory}/").contains("/modules/") {
        return Some(directory);
    }
    // As upstream has it, the first `modules/` counts, also as the end of a longer name.
    let with_slash = format!("{directory}/");
    let parent = path::clean(with_slash.split("modules/").next().unwrap_or_default());
    is_project(tree, &parent).then_some(parent)
}

/// The projects that reach each directory with modules.
#[derive(Debug, Default)]
pub(crate) struct ModuleUsers(BTreeMap<EcoString, BTreeSet<EcoString>>);

impl ModuleUsers {
    /// Follows the modules of every project that has a file which matches.
    ///
    /// # Errors
    /// The first file that cannot be read: as upstream, nothing is known of modules then.
    pub(crate) fn find(tree: &FileTree, projects: &Patterns) -> Result<Self, Box<Diagnostic>> {
        let mut found = BTreeSet::new();
        for path in paths(tree) {
            if projects.find(&path).is_some() {
                found.extend(project_of(tree, &path));
            }
        }
        let mut calls: BTreeMap<EcoString, Vec<EcoString>> = BTreeMap::new();
        let mut users = Self::default();
        for project in found {
            let mut pending = vec![project.clone()];
            while let Some(directory) = pending.pop() {
                if !users.0.entry(directory.clone()).or_default().insert(project.clone()) {
                    continue;
                }
                if !calls.contains_key(&directory) {
                    calls.insert(directory.clone(), local_modules(tree, &directory)?);
                }
                pending.extend(calls.get(&directory).into_iter().flatten().cloned());
            }
        }
        Ok(users)
    }

    /// Returns the projects that reach a directory.
    pub(crate) fn of(&self, directory: &str) -> impl Iterator<Item = &EcoString> {
        self.0.get(directory).into_iter().flatten()
    }
}

/// Returns every file and directory, the root among them.
fn paths(tree: &FileTree) -> BTreeSet<EcoString> {
    let mut paths = BTreeSet::from([EcoString::from(".")]);
    for (file, _) in tree.files_below("") {
        let mut path = file.as_str();
        while paths.insert(path.into()) {
            let Some((directory, _)) = path.rsplit_once('/') else { break };
            path = directory;
        }
    }
    paths
}

/// Returns the directories in the repository from which a directory takes modules.
fn local_modules(tree: &FileTree, directory: &str) -> Result<Vec<EcoString>, Box<Diagnostic>> {
    let mut sources: BTreeMap<EcoString, EcoString> = BTreeMap::new();
    let mut files = module_files(tree, directory);
    files.sort_by_key(|file| is_override(file));
    for file in files {
        let body = read(tree, &file).map_err(|error| Box::new(error.diagnostic_in(file)))?;
        for (label, module) in body.labelled("module") {
            let source = module.argument("source").and_then(|source| source.text.clone());
            // What overrides a module may leave its source as it was.
            if let Some(source) = source.filter(|source| !source.is_empty()) {
                sources.insert(label.into(), source);
            }
        }
    }
    let directories = sources.values().map(|source| path::join(directory, source));
    Ok(directories.filter(|found| !module_files(tree, found).is_empty()).collect())
}

/// Returns the configuration files in a directory, by name.
fn module_files(tree: &FileTree, directory: &str) -> Vec<EcoString> {
    if directory == ".." || directory.starts_with("../") || directory.starts_with('/') {
        return Vec::new();
    }
    let directory = path::in_tree(directory);
    let is_module_file = |name: &EcoString| {
        let is_backup = name.starts_with('.') || (name.starts_with('#') && name.ends_with('#'));
        !is_backup && (name.ends_with(".tf") || name.ends_with(".tf.json"))
    };
    let names = tree.list(directory).into_iter().filter(is_module_file);
    names.map(|name| path::join(directory, &name)).filter(|file| tree.is_file(file)).collect()
}

fn is_override(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".tf.json").or_else(|| name.strip_suffix(".tf")).unwrap_or(name);
    name == "override" || name.ends_with("_override")
}

fn read(tree: &FileTree, file: &str) -> Result<Body, HclError> {
    let bytes = tree.get(file).map_or(&[][..], |bytes| bytes);
    let limits = Limits::default();
    if file.ends_with(".json") { hcl::parse_json(bytes, &limits) } else { hcl::parse(bytes, &limits) }
}

/// Why the workspace of a directory cannot be told.
pub(crate) struct BadWorkspace {
    pub(crate) name: EcoString,
    pub(crate) file: EcoString,
    pub(crate) problem: Problem,
}

/// Returns the Terraform Cloud workspace that a directory's files name; `default` if none does, or not by a literal.
pub(crate) fn cloud_workspace(
    tree: &FileTree,
    directory: &str,
    opentofu: bool,
) -> Result<EcoString, BadWorkspace> {
    let directory = path::in_tree(directory);
    let names: Vec<EcoString> = tree.list(directory);
    let has = |name: String| names.iter().any(|known| *known == name);
    for name in &names {
        let is_read = if name.ends_with(".tofu") || name.ends_with(".tofu.json") {
            opentofu
        } else if let Some(stem) = name.strip_suffix(".tf.json") {
            !(opentofu && has(format!("{stem}.tofu.json")))
        } else if let Some(stem) = name.strip_suffix(".tf") {
            !(opentofu && has(format!("{stem}.tofu")))
        } else {
            false
        };
        // A file that cannot be read names nothing.
        let Some(body) = is_read.then(|| read(tree, &path::join(directory, name)).ok()).flatten() else {
            continue;
        };
        let Some(argument) = workspace_argument(&body) else { continue };
        let Some(workspace) = argument else { return Ok("default".into()) };
        if let Err(problem) = check_workspace(&workspace) {
            return Err(BadWorkspace { name: workspace, file: name.clone(), problem });
        }
        if !workspace.is_empty() {
            return Ok(workspace);
        }
    }
    Ok("default".into())
}

/// Returns the `name` in `terraform { cloud { workspaces { … } } }`, each of which must be there just once.
fn workspace_argument(body: &Body) -> Option<Option<EcoString>> {
    let mut body = body;
    for kind in ["terraform", "cloud", "workspaces"] {
        let mut blocks = body.blocks(kind);
        body = &blocks.next().filter(|_| blocks.next().is_none())?.body;
    }
    body.argument("name").map(|argument| argument.text.clone())
}
