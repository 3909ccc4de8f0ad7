//! Which files a project reads: its own, and those of the modules that it uses.

use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use trueup_manifest::hcl::{self, Body};
use trueup_manifest::{Diagnostic, EcoString, FileTree, Limits, join_path};

/// What a project reads.
#[derive(Clone, Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Reads {
    /// The directories of the project and of the modules that it uses, by path; the root is empty. With each, how it is reached:
    /// the directories on the way, the project first.
    pub directories: BTreeMap<EcoString, Vec<EcoString>>,
    /// The files in them that Terraform reads, sorted.
    pub files: BTreeSet<EcoString>,
    /// The modules that come from elsewhere.
    pub remote: Vec<ModuleCall>,
    /// The modules that should be in the tree and are not.
    pub missing: Vec<ModuleCall>,
    /// The files that cannot be read: what they use is not known.
    pub unreadable: Vec<Diagnostic>,
}

/// A module that is used somewhere.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ModuleCall {
    /// The name under which it is used.
    pub name: EcoString,
    /// Where it comes from, as it is written.
    pub source: EcoString,
    /// The file that uses it.
    pub file: EcoString,
}

/// Returns what a project reads: the files of its directory and of every module that it reaches.
///
/// Sources that begin with `./` or `../` are in the tree; all others come from elsewhere. Cycles are tolerated.
///
/// ```
/// use trueup_manifest::FileTree;
/// use trueup_terraform::reads;
///
/// let tree = FileTree::from_files([
///     ("compute/main.tf", "module \"ecs\" {\n  source = \"../modules/ecs\"\n}\n"),
///     ("modules/ecs/main.tf", "module \"task\" {\n  source = \"./task\"\n}\nmodule \"vpc\" {\n  source = \"acme/vpc/aws\"\n}\n"),
///     ("modules/ecs/task/main.tf", ""),
/// ]).unwrap();
/// let reads = reads(&tree, "compute");
/// assert_eq!(reads.directories["modules/ecs/task"], ["compute", "modules/ecs"]);
/// assert!(reads.files.contains("modules/ecs/task/main.tf"));
/// assert_eq!(reads.remote[0].source, "acme/vpc/aws");
/// ```
pub fn reads(tree: &FileTree, project: &str) -> Reads {
    let project: EcoString = project.trim_end_matches('/').trim_start_matches("./").into();
    let project = if project == "." { EcoString::new() } else { project };
    let mut reads = Reads::default();
    let mut pending = VecDeque::from([project.clone()]);
    reads.directories.insert(project.clone(), Vec::new());
    while let Some(directory) = pending.pop_front() {
        let way = reads.directories.get(&directory).cloned().unwrap_or_default();
        for name in tree.list(&directory) {
            let Ok(file) = join_path(&directory, &name) else { continue };
            let is_configuration = is_configuration(&name);
            if !(is_configuration || (directory == project && is_of_root(&name))) {
                continue;
            }
            let Some(bytes) = tree.get(&file) else { continue };
            reads.files.insert(file.clone());
            if !is_configuration {
                continue;
            }
            let body = match read(&name, bytes) {
                Ok(body) => body,
                Err(error) => {
                    reads.unreadable.push(error.diagnostic_in(file));
                    continue;
                }
            };
            for call in calls(&body, &file) {
                let Some(found) = local(&directory, &call.source) else {
                    reads.remote.push(call);
                    continue;
                };
                match found.filter(|found| tree.is_directory(found)) {
                    None => reads.missing.push(call),
                    Some(found) => {
                        if !reads.directories.contains_key(&found) {
                            let way = way.iter().chain([&directory]).cloned().collect();
                            reads.directories.insert(found.clone(), way);
                            pending.push_back(found);
                        }
                    }
                }
            }
        }
    }
    reads
}

/// Returns the projects that read one of the changed files, each with the changed files that it reads.
///
/// A file that is gone counts for the projects that read its directory.
pub fn affected(
    tree: &FileTree,
    projects: &[EcoString],
    changed: &[EcoString],
) -> Vec<(EcoString, Vec<EcoString>)> {
    let mut affected = Vec::new();
    for project in projects {
        let reads = reads(tree, project);
        let is_read = |file: &&EcoString| {
            let (directory, name) = trueup_manifest::split_path(file);
            let way = reads.directories.get(directory);
            reads.files.contains(file.as_str())
                || way.is_some_and(|way| is_configuration(name) || (way.is_empty() && is_of_root(name)))
        };
        let files: Vec<EcoString> = changed.iter().filter(is_read).cloned().collect();
        if !files.is_empty() {
            affected.push((project.clone(), files));
        }
    }
    affected
}

fn calls(body: &Body, file: &EcoString) -> Vec<ModuleCall> {
    let call = |(name, module): (&str, &Body)| {
        let source = module.argument("source")?.text.clone()?;
        Some(ModuleCall { name: name.into(), source, file: file.clone() })
    };
    body.labelled("module").filter_map(call).collect()
}

/// Returns the directory of a source in the tree, `Some(None)` if it leads out of it; `None` for a source from elsewhere.
fn local(directory: &str, source: &str) -> Option<Option<EcoString>> {
    let is_local = source == "." || source == ".." || source.starts_with("./") || source.starts_with("../");
    is_local.then(|| join_path(directory, source).ok())
}

fn read(name: &str, bytes: &[u8]) -> Result<Body, hcl::HclError> {
    let limits = Limits::default();
    if name.ends_with(".json") { hcl::parse_json(bytes, &limits) } else { hcl::parse(bytes, &limits) }
}

fn is_configuration(name: &str) -> bool {
    !name.starts_with('.') && [".tf", ".tf.json", ".tofu", ".tofu.json"].iter().any(|end| name.ends_with(end))
}

/// What is read of the project itself, and of no module.
fn is_of_root(name: &str) -> bool {
    name == ".terraform.lock.hcl"
        || ["terraform.tfvars", "terraform.tfvars.json"].contains(&name)
        || name.ends_with(".auto.tfvars")
        || name.ends_with(".auto.tfvars.json")
}
