//! The ApplicationSets of the example repository, when it is there.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

use std::collections::BTreeSet;
use std::path::Path;
use trueup_appset::{Evaluation, MemoryFacts, SetEvaluation, evaluate, overlaps};
use trueup_manifest::FileTree;
use trueup_manifest::yaml::{self, ParseOptions};

const REPOSITORY: &str = "https://github.com/org/platform-configs.git";
/// The repository of this project's own example.
const EXAMPLE: &str = "https://git.example.com/org/platform-configs.git";

fn collect(root: &Path, directory: &Path, files: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(root, &path, files);
        } else {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            files.push((name, std::fs::read(&path).unwrap()));
        }
    }
}

fn evaluate_seed(name: &str) -> Option<Evaluation> {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/seed-fixtures/platform-configs");
    let root = Path::new(root);
    if !root.is_dir() {
        return None;
    }
    Some(evaluate_in(root, name, REPOSITORY, "main"))
}

fn evaluate_in(root: &Path, name: &str, repository: &str, revision: &str) -> Evaluation {
    let mut files = Vec::new();
    collect(root, root, &mut files);
    let tree = FileTree::from_files(files).unwrap();
    let text = tree.read(&format!("platform/argocd/applicationsets/{name}.yaml")).unwrap().clone();
    let set = yaml::parse(&text, &ParseOptions::kubernetes()).unwrap();
    evaluate(&set, &MemoryFacts::new().with_tree(repository, revision, tree)).unwrap()
}

#[test]
fn thirty_services_in_production() {
    let Some(evaluation) = evaluate_seed("platform-services") else { return };
    let names: BTreeSet<&str> = evaluation.applications.iter().map(|it| it.name()).collect();
    assert_eq!((evaluation.applications.len(), names.len()), (30, 30));
    for generated in &evaluation.applications {
        let application = generated.to_application().unwrap();
        let name = application.metadata.name.as_str();
        let source = application.spec.source.unwrap();
        assert_eq!(source.path, format!("services/{name}/overlays/production"));
        assert_eq!(application.metadata.labels.get("team").unwrap(), name);
        assert_eq!(application.metadata.finalizers, ["resources-finalizer.argocd.argoproj.io"]);
    }
}

#[test]
fn ninety_services_and_environments() {
    let Some(evaluation) = evaluate_seed("all-services") else { return };
    let names: BTreeSet<&str> = evaluation.applications.iter().map(|it| it.name()).collect();
    assert_eq!((evaluation.applications.len(), names.len()), (90, 90));
    for generated in &evaluation.applications {
        let application = generated.to_application().unwrap();
        let source = application.spec.source.unwrap();
        let (service, environment) = (&application.spec.destination.namespace, &application.spec.project);
        assert_eq!(source.path, format!("services/{service}/overlays/{environment}"));
        assert_eq!(application.metadata.name, format!("{service}-{environment}"));
        assert!(!application.spec.destination.server.contains("{{"));
    }
}

#[test]
fn ninety_of_the_own_example() {
    let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/platform-configs"));
    let evaluation = evaluate_in(root, "services", EXAMPLE, "HEAD");
    let names: BTreeSet<&str> = evaluation.applications.iter().map(|it| it.name()).collect();
    assert_eq!((evaluation.applications.len(), names.len()), (90, 90));
    // The row that gave each parameter is known.
    for generated in &evaluation.applications {
        for reason in generated.reasons() {
            assert!(!reason.parameters.is_empty(), "{}", reason.field);
            assert!(reason.parameters.iter().all(|it| it.value.is_some() && it.from.is_some()));
        }
    }
}

/// Both sets deploy the production overlays, one by the local cluster's URL.
#[test]
fn production_is_tracked_twice() {
    let (Some(services), Some(all)) = (evaluate_seed("platform-services"), evaluate_seed("all-services"))
    else {
        return;
    };
    let sets = [
        SetEvaluation { name: "platform-services", evaluation: &services },
        SetEvaluation { name: "all-services", evaluation: &all },
    ];
    let found = overlaps(&sets, &MemoryFacts::new().with_clusters([]));
    let shared = found.iter().filter(|diagnostic| diagnostic.code == "appset/shared-objects");
    assert_eq!((found.len(), shared.count()), (30, 30));
    assert!(found.iter().all(|diagnostic| diagnostic.message.contains("-production`")));
    assert!(overlaps(&sets[1..], &MemoryFacts::new()).is_empty());
}
