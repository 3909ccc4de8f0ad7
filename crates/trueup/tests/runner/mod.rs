//! Runs conformance cases: one JSON file each.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::Path;
use trueup::manifest::FileTree;
use trueup::{ImpactOptions, World, discover, impact};

/// What became of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It gave what was expected.
    Pass,
    /// It did not.
    Fail(String),
    /// It is not about this crate.
    Skip(String),
}

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    let Ok(entries) = std::fs::read_dir(dir) else { return Vec::new() };
    let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let read = |path: &std::path::PathBuf| {
        serde_json::from_str::<Json>(&std::fs::read_to_string(path).unwrap()).unwrap()
    };
    let run = |case: &Json| match (case["op"].as_str(), dir.ancestors().nth(2)) {
        (Some("blast"), Some(shared)) => blast(case, shared).map_or_else(Outcome::Fail, |()| Outcome::Pass),
        _ => Outcome::Skip("not about the impact of a change".to_owned()),
    };
    let cases = paths.iter().map(read);
    cases.map(|case| (case["name"].as_str().unwrap_or_default().to_owned(), run(&case))).collect()
}

/// A change of files that leaves them as they are: what it can reach.
fn blast(case: &Json, shared: &Path) -> Result<(), String> {
    let tree = tree(&shared.join(case["tree"].as_str().unwrap_or_default()));
    let mut world = World::default();
    let urls = discover(&tree).application_sets.into_iter().flat_map(|set| urls(&set.value));
    world
        .repositories
        .extend(urls.collect::<BTreeSet<_>>().into_iter().map(|url| (url.into(), tree.clone())));
    let mut options = ImpactOptions::default();
    let texts = |value: &Json| -> Vec<String> {
        let items = value.as_array().into_iter().flatten();
        items.filter_map(|item| item.as_str().map(str::to_owned)).collect()
    };
    options.changed = Some(texts(&case["changed"]).into_iter().map(Into::into).collect());
    let found = impact(&tree, &tree, &world, &options);
    let names = |names: Vec<&str>| names.into_iter().map(str::to_owned).collect::<Vec<_>>();
    let projects = |list: &[trueup::TerraformProject]| -> Vec<String> {
        list.iter().map(|project| project.name.to_string()).collect()
    };
    let answers = [
        ("kustomizations", names(found.kustomizations.iter().map(|root| &*root.directory).collect())),
        ("applications", names(found.applications.iter().map(|app| &*app.name).collect())),
        ("terraform_projects", projects(&found.terraform.projects)),
        ("terraform_projects_by_module", projects(&found.terraform.projects_by_module)),
        ("gaps", names(found.terraform.gaps.iter().map(|path| &**path).collect())),
        ("unclaimed", names(found.unclaimed.iter().map(|path| &**path).collect())),
    ];
    for (key, got) in answers {
        let wanted = texts(&case["expect"][key]);
        if got != wanted {
            return Err(format!("{key}: {got:?}, wanted {wanted:?}"));
        }
    }
    match found.diagnostics.iter().find(|found| found.severity == trueup::manifest::Severity::Error) {
        Some(error) => Err(error.message.clone()),
        None => Ok(()),
    }
}

/// The repositories that an ApplicationSet names.
fn urls(value: &trueup::manifest::Value) -> Vec<String> {
    let mut found = Vec::new();
    if let Some(map) = value.as_map() {
        found.extend(map.get("repoURL").and_then(|url| url.as_str()).map(str::to_owned));
        found.extend(map.values().flat_map(urls));
    }
    found.extend(value.as_seq().into_iter().flatten().flat_map(urls));
    found
}

fn tree(root: &Path) -> FileTree {
    let mut files = Vec::new();
    let mut pending = vec![root.to_path_buf()];
    while let Some(directory) = pending.pop() {
        for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
            let path = entry.path();
            match path.is_dir() {
                true => pending.push(path),
                false => {
                    let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                    files.push((name, std::fs::read(&path).unwrap()));
                }
            }
        }
    }
    FileTree::from_files(files).unwrap()
}
