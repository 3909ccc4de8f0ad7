//! Runs conformance cases: one JSON file each.
#![expect(unreachable_pub, reason = "the runner is also read by other test programs")]

#[path = "../../../../tests/conformance/cases.rs"]
mod cases;

pub use cases::Outcome;

use cases::run_each;
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::path::Path;
use trueup::manifest::FileTree;
use trueup::{ImpactOptions, World, discover, impact};

/// Runs every case of a directory, in the order of their file names.
pub fn run_dir(dir: &Path) -> Vec<(String, Outcome)> {
    run_each(dir, |case| match (case["op"].as_str(), dir.ancestors().nth(2)) {
        (Some("blast"), Some(shared)) => blast(case, shared).map_or_else(Outcome::Fail, |()| Outcome::Pass),
        _ => Outcome::Skip("not about the impact of a change".to_owned()),
    })
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
