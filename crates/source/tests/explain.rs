//! Why a field of an Application's manifest has its value: what the kustomization says, and what the Application changes in it.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use trueup_manifest::argocd::Application;
use trueup_manifest::{FileTree, from_value, yaml};
use trueup_source::Explainer;

const KUSTOMIZATION: &str = "\
resources: [web.yaml]
namePrefix: own-
commonLabels:
  team: shop
images:
- name: web
  newTag: v2
- name: aside
  newTag: v3
labels:
- pairs: {tier: front}
replicas:
- {name: web, count: 2}
secretGenerator:
- {name: key, literals: [token=canary-4711]}
";

const WEB: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: app
        image: web:v1
      - name: aside
        image: aside:v1
";

const PLAIN: &str = "kind: ConfigMap\nmetadata: {name: first}\n---\nkind: ConfigMap\nmetadata: {name: second}\ndata:\n  a: b\n";

fn tree(more: &[(&str, &str)]) -> FileTree {
    let files = [("app/kustomization.yaml", KUSTOMIZATION), ("app/web.yaml", WEB), ("plain/two.yaml", PLAIN)];
    FileTree::from_files(files.iter().chain(more).copied()).unwrap()
}

fn application(spec: &str) -> Application {
    let text = format!("metadata: {{name: web}}\nspec:\n  destination: {{namespace: shop}}\n{spec}");
    from_value(&yaml::parse(text.as_bytes(), &Default::default()).unwrap()).unwrap()
}

/// The changes of a field: file, line, what it is.
fn why(tree: &FileTree, spec: &str, object: &str, field: &str) -> Result<Vec<String>, String> {
    let application = application(spec);
    let explainer = Explainer::new(&application, tree, &Default::default()).unwrap();
    let explained = explainer.explain(object, &field.parse().unwrap());
    let explanation = explained.map_err(|error| format!("{}: {error}", error.code()))?;
    let row = |reason: &trueup_kustomize::Reason| {
        format!(
            "{}:{} {}",
            reason.file,
            reason.line.map_or("-".to_owned(), |line| line.to_string()),
            reason.by
        )
    };
    Ok(explanation.reasons.iter().map(row).collect())
}

fn options(options: &str) -> String {
    format!("  source: {{path: app, kustomize: {{{options}}}}}\n")
}

/// The last change of a field of the Deployment.
fn last(kustomize: &str, field: &str) -> String {
    let found = why(&tree(&[]), &options(kustomize), "Deployment/web", field).unwrap();
    found.last().cloned().unwrap_or_default()
}

const APP: &str = "spec.template.spec.containers[app].image";
const ASIDE: &str = "spec.template.spec.containers[aside].image";

#[test]
fn without_options_the_kustomization_is_told() {
    for (field, wanted) in [
        (APP, "app/kustomization.yaml:6 images[0]"),
        (ASIDE, "app/kustomization.yaml:8 images[1]"),
        ("metadata.name", "app/kustomization.yaml:2 namePrefix"),
        ("metadata.labels.team", "app/kustomization.yaml:4 commonLabels"),
        ("metadata.labels.tier", "app/kustomization.yaml:11 labels[0]"),
        ("spec.replicas", "app/kustomization.yaml:13 replicas[0]"),
        ("spec.template.spec.containers[app].name", "app/web.yaml:10 resources"),
    ] {
        assert_eq!(last("", field), wanted, "{field}");
    }
}

#[test]
fn what_the_application_changes_is_told_as_its_option() {
    let option = |name: &str| format!(":- spec.source.kustomize.{name}");
    for (kustomize, field, wanted) in [
        ("images: ['web:v9']", APP, option("images")),
        ("namePrefix: new-", "metadata.name", option("namePrefix")),
        ("nameSuffix: -new", "metadata.name", option("nameSuffix")),
        ("namespace: other", "metadata.namespace", option("namespace")),
        ("replicas: [{name: web, count: 5}]", "spec.replicas", option("replicas")),
        ("commonLabels: {more: yes}", "metadata.labels.more", option("commonLabels")),
        ("commonLabels: {team: a}, forceCommonLabels: true", "metadata.labels.team", option("commonLabels")),
        (
            "commonLabels: {more: yes}, labelWithoutSelector: true",
            "metadata.labels.more",
            option("commonLabels"),
        ),
        ("commonAnnotations: {note: x}", "metadata.annotations.note", option("commonAnnotations")),
        (
            "patches: [{target: {kind: Deployment}, patch: '- {op: add, path: /spec/paused, value: true}'}]",
            "spec.paused",
            option("patches"),
        ),
    ] {
        assert_eq!(last(kustomize, field), wanted, "{kustomize}");
    }
}

#[test]
fn what_it_leaves_alone_keeps_its_line() {
    // Argo CD sorts images by name: the second becomes the first.
    for (kustomize, field, wanted) in [
        ("images: ['web:v9']", ASIDE, "app/kustomization.yaml:8 images[1]"),
        ("images: ['other:v9']", APP, "app/kustomization.yaml:6 images[0]"),
        ("commonLabels: {more: yes}", "metadata.labels.team", "app/kustomization.yaml:4 commonLabels"),
        (
            "commonLabels: {more: yes}, labelWithoutSelector: true",
            "metadata.labels.tier",
            "app/kustomization.yaml:11 labels[0]",
        ),
        ("nameSuffix: -new", "spec.replicas", "app/kustomization.yaml:13 replicas[0]"),
    ] {
        assert_eq!(last(kustomize, field), wanted, "{kustomize} {field}");
    }
}

#[test]
fn files_that_override_the_source_are_told() {
    let overrides = "kustomize:\n  nameSuffix: -x\n  images:\n  - web:v7\n";
    let tree = tree(&[("app/.argocd-source-web.yaml", overrides)]);
    let spec = options("namePrefix: new-");
    let last = |field| why(&tree, &spec, "Deployment/web", field).unwrap().pop().unwrap();
    assert_eq!(last(APP), "app/.argocd-source-web.yaml:3 kustomize.images");
    assert_eq!(last("metadata.name"), "app/.argocd-source-web.yaml:2 kustomize.nameSuffix");
}

#[test]
fn other_sources_tell_the_file() {
    let chart = [
        ("chart/Chart.yaml", "apiVersion: v2\nname: chart\nversion: 1.0.0\n"),
        (
            "chart/templates/map.yaml",
            "kind: ConfigMap\nmetadata: {name: second}\ndata: {a: {{ .Release.Name }}}\n",
        ),
    ];
    let tree = tree(&chart);
    let one = |path: &str| why(&tree, &format!("  source: {{path: {path}}}\n"), "ConfigMap/second", "data.a");
    assert_eq!(one("plain").unwrap(), ["plain/two.yaml:7 manifest"]);
    let of_chart = one("chart").unwrap();
    assert!(of_chart.len() == 1 && of_chart.first().unwrap().ends_with(" template"), "{of_chart:?}");
    // Of several sources with a manifest, the last one counts.
    let both = "  sources: [{path: chart}, {path: plain}, {path: app, kustomize: {namePrefix: x-}}]\n";
    assert_eq!(why(&tree, both, "configmap/second", "/data/a").unwrap(), ["plain/two.yaml:7 manifest"]);
    let name = why(&tree, both, "Deployment/x-web", "metadata.name").unwrap();
    assert_eq!(name.last().unwrap(), ":- spec.sources[2].kustomize.namePrefix");
}

#[test]
fn what_is_not_there_is_an_error() {
    let fails = |object: &str, field: &str| why(&tree(&[]), &options(""), object, field).unwrap_err();
    assert_eq!(fails("Pod/web", ""), "source/not-found: the build has no `Pod/web`");
    let words = "source/not-found: Deployment/own-web has no field `spec.nothing` and never had";
    assert_eq!(fails("Deployment/web", "spec.nothing"), words);
    // The last source with the manifest declares it, whatever others have.
    let both = "  sources: [{path: plain}, {path: app}]\n";
    let field = why(&tree(&[]), both, "ConfigMap/second", "data.b").unwrap_err();
    assert_eq!(field, "source/not-found: ConfigMap/second has no field `data.b`");
    let plain = why(&tree(&[]), "  source: {path: plain}\n", "ConfigMap/third", "").unwrap_err();
    assert_eq!(plain, "source/not-found: the Application has no `ConfigMap/third`");
}

#[test]
fn nothing_of_a_secret_is_left_once_it_is_masked() {
    let secret = "kind: Secret\nmetadata: {name: key, annotations: {note: canary-4711}}\nstringData: {token: canary-4711}\n";
    let tree = tree(&[("plain/secret.yaml", secret)]);
    for (path, field) in
        [("app", "data.token"), ("app", ""), ("plain", ""), ("plain", "stringData"), ("plain", "metadata")]
    {
        let application = application(&format!("  source: {{path: {path}}}\n"));
        let explainer = Explainer::new(&application, &tree, &Default::default()).unwrap();
        let explanation = explainer.explain("Secret/key", &field.parse().unwrap()).unwrap().masked();
        let text = format!("{explanation:?}");
        assert!(!text.contains("canary") && !text.contains("Y2FuYXJ5"), "{path} {field}: {text}");
    }
}
