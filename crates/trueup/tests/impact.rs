//! What a change of a repository can reach.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test fails loudly")]

use trueup::manifest::FileTree;
use trueup::{AffectedApplication, Impact, ImpactOptions, Reason, World, impact};

const SET: &str = "
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: {name: services}
spec:
  generators:
  - git: {repoURL: https://git.example.com/org/configs.git, directories: [{path: services/*}]}
  template:
    metadata: {name: '{{path.basename}}'}
    spec:
      project: default
      source: {repoURL: git@git.example.com:org/configs, path: '{{path}}', targetRevision: main}
      destination: {name: production, namespace: shop}
";

const CHART: &str = "
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: chart, finalizers: [resources-finalizer.argocd.argoproj.io]}
spec:
  project: default
  sources:
  - repoURL: https://charts.example.com
    chart: web
    targetRevision: 1.0.0
    helm: {valueFiles: [$values/values/web.yaml]}
  - {repoURL: https://git.example.com/org/configs, ref: values, targetRevision: main}
  - {repoURL: https://git.example.com/org/configs, path: plain, targetRevision: main}
  destination: {name: production, namespace: web}
";

fn tree() -> FileTree {
    FileTree::from_files([
        ("apps/set.yaml", SET),
        ("apps/chart.yaml", CHART),
        ("base/kustomization.yaml", "resources: [web.yaml]\n"),
        ("base/web.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"),
        ("services/cart/kustomization.yaml", "resources: [../../base]\npatches: [{path: patch.yaml}]\n"),
        (
            "services/cart/patch.yaml",
            "apiVersion: v1\nkind: Service\nmetadata: {name: web, labels: {a: b}}\n",
        ),
        ("services/pay/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: pay}\n"),
        ("plain/a.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: a}\n"),
        ("plain/below/b.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: b}\n"),
        ("values/web.yaml", "replicas: 1\n"),
        ("README.md", "hello\n"),
    ])
    .unwrap()
}

fn between(before: &FileTree, after: &FileTree) -> Impact {
    let mut world = World::default();
    world.repositories.push(("https://git.example.com/org/configs".into(), after.clone()));
    impact(before, after, &world, &ImpactOptions::default())
}

fn changed(path: &str) -> Impact {
    let before = tree();
    between(&before, &before.with_file(path, "# another\n").unwrap())
}

fn names(impact: &Impact) -> Vec<&str> {
    impact.applications.iter().map(|application| application.name.as_str()).collect()
}

fn only(impact: &Impact) -> &AffectedApplication {
    assert_eq!(impact.applications.len(), 1, "{:?}", impact.applications);
    &impact.applications[0]
}

#[test]
fn what_changed_is_found_by_what_files_hold() {
    let before = tree();
    let impact = between(&before, &tree());
    assert!(impact.changed.is_empty() && impact.applications.is_empty() && impact.kustomizations.is_empty());
    let after = before.without("README.md").with_file("new.md", "").unwrap();
    let impact = between(&before, &after);
    assert_eq!(impact.changed, ["README.md", "new.md"]);
    assert_eq!(impact.unclaimed, ["README.md", "new.md"]);
}

#[test]
fn applications_are_reached_through_what_their_sources_read() {
    let cart = changed("base/web.yaml");
    assert_eq!(only(&cart).via, ["base/web.yaml", "base", "services/cart"]);
    assert_eq!(only(&cart).reason, Reason::Source);
    assert!(only(&cart).origin.starts_with("services: "));
    assert_eq!(names(&changed("services/pay/service.yaml")), ["pay"]);
    assert_eq!(names(&changed("plain/a.yaml")), ["chart"]);
    assert_eq!(names(&changed("values/web.yaml")), ["chart"]);
    // A directory without `recurse` is read flat, and a kustomization reads what it names.
    assert_eq!(changed("plain/below/b.yaml").unclaimed, ["plain/below/b.yaml"]);
    assert_eq!(changed("services/cart/notes.txt").unclaimed, ["services/cart/notes.txt"]);
    assert_eq!(names(&changed("services/cart/.argocd-source.yaml")), ["cart"]);
}

#[test]
fn what_was_read_before_the_change_counts() {
    let before = tree();
    let after = before.without("services/cart/patch.yaml");
    let after = after.with_file("services/cart/kustomization.yaml", "resources: [../../base]\n").unwrap();
    let impact = between(&before, &after);
    assert_eq!(names(&impact), ["cart"]);
    assert!(impact.unclaimed.is_empty());
}

#[test]
fn applications_come_change_and_go() {
    let before = tree();
    let more = before.with_file("services/new/kustomization.yaml", "namePrefix: x-\n").unwrap();
    assert_eq!(only(&between(&before, &more)).reason, Reason::Added);
    let gone = between(&more, &before);
    assert_eq!((only(&gone).reason, only(&gone).deletes_resources), (Reason::Removed, true));
    let kept = SET.replace(
        "spec:\n  generators",
        "spec:\n  syncPolicy: {preserveResourcesOnDeletion: true}\n  generators",
    );
    let with = |tree: &FileTree| tree.with_file("apps/set.yaml", kept.clone()).unwrap();
    assert!(!only(&between(&with(&more), &with(&before))).deletes_resources);

    let moved =
        before.with_file("apps/set.yaml", SET.replace("namespace: shop", "namespace: store")).unwrap();
    let impact = between(&before, &moved);
    assert_eq!(names(&impact), ["cart", "pay"]);
    assert!(impact.applications.iter().all(|application| application.reason == Reason::Definition));

    let without = before.without("apps/chart.yaml");
    assert!(only(&between(&before, &without)).deletes_resources);
}

#[test]
fn paths_of_the_caller_are_normalized() {
    let tree = tree();
    let mut options = ImpactOptions::default();
    options.changed = Some(vec!["./base//web.yaml".into(), "../x".into(), "".into(), "base/web.yaml".into()]);
    let impact = impact(&tree, &tree, &World::default(), &options);
    assert_eq!(impact.changed, ["base/web.yaml"]);
}

#[test]
fn terraform_projects_are_reached_by_patterns_and_by_modules() {
    let before = FileTree::from_files([
        ("atlantis.yaml", "version: 3\nprojects: [{name: network, dir: network}]\n"),
        ("network/main.tf", "module \"vpc\" {\n  source = \"../modules/vpc\"\n}\n"),
        ("modules/vpc/main.tf", ""),
    ])
    .unwrap();
    let change = |path: &str| {
        let after = before.with_file(path, "# another\n").unwrap();
        impact(&before, &after, &World::default(), &ImpactOptions::default())
    };
    let direct = change("network/main.tf");
    assert_eq!(direct.terraform.projects[0].name, "network");
    assert!(direct.unclaimed.is_empty());
    let module = change("modules/vpc/main.tf");
    assert!(module.terraform.projects.is_empty() && module.unclaimed.is_empty());
    assert_eq!(module.terraform.projects_by_module[0].directory, "network");
    assert_eq!(module.terraform.gaps, ["modules/vpc/main.tf"]);
    // At the root, only Terraform's own files are.
    let root = before.with_file("main.tf", "").unwrap();
    let after = root.with_file("main.tf", "# another\n").unwrap().with_file("README.md", "").unwrap();
    let impact = impact(&root, &after, &World::default(), &ImpactOptions::default());
    assert_eq!(impact.unclaimed, ["README.md"]);
    let broken = change("atlantis.yaml");
    assert_eq!(broken.diagnostics.len(), 1, "{:?}", broken.diagnostics);
}
