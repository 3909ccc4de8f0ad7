//! Why fields have their values: the file, line and entry behind each change.

#![expect(clippy::unwrap_used, reason = "a test: it works on what it declares, and fails loudly")]

use trueup_kustomize::{Error, Explanation, Options, Renderer};
use trueup_manifest::{FieldPath, FileTree, Value, json};

const BASE: &str = "resources:
- deployment.yaml
- service.yaml
configMapGenerator:
- name: settings
  literals:
  - LOG=info
  files:
  - conf/app.ini
";

const DEPLOYMENT: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replicas: 1
  template:
    spec:
      containers:
      - name: proxy
        image: envoy:v1
      - name: app
        image: web:v1
        envFrom:
        - configMapRef:
            name: settings
";

const OVERLAY: &str = "namePrefix: prod-
resources:
- ../base
commonLabels:
  team: a
  tier: web
images:
- name: web
  newTag: v2
- name: web
  newTag: v3
replicas:
- name: web
  count: 5
patches:
- path: patch.yaml
- target:
    kind: Deployment
  patch: |-
    - op: replace
      path: /spec/template/spec/containers/0/image
      value: envoy:v9
configMapGenerator:
- name: settings
  behavior: merge
  literals:
  - LOG=debug
";

const PATCH: &str = "apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
      - name: extra
        image: extra:v1
      - name: app
        imagePullPolicy: Always
";

fn tree() -> FileTree {
    FileTree::from_files([
        ("base/kustomization.yaml", BASE),
        ("base/deployment.yaml", DEPLOYMENT),
        ("base/service.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"),
        ("base/conf/app.ini", "a=b\n"),
        ("prod/kustomization.yaml", OVERLAY),
        ("prod/patch.yaml", PATCH),
    ])
    .unwrap()
}

fn explain(kind: &str, path: &str) -> Result<Explanation, Error> {
    let tree = tree();
    let manifests = Renderer::new(tree.clone(), Options::default().with_trace(true)).build("prod").unwrap();
    let manifest = manifests.iter().find(|manifest| manifest.kind() == kind).unwrap();
    let path: FieldPath = path.parse().unwrap();
    manifests.explain(manifest, &path, &tree)
}

/// One line a reason: place, entry, value.
fn reasons(kind: &str, path: &str) -> Vec<String> {
    let explanation = explain(kind, path).unwrap();
    let show =
        |value: &Option<Value>| value.as_ref().map_or("-".into(), |value| json::to_string(value).unwrap());
    let line = |line: Option<usize>| line.map_or(String::new(), |line| format!(":{line}"));
    let one = |reason: &trueup_kustomize::Reason| {
        let follows = reason.follows.as_ref().map_or(String::new(), |name| format!(" follows {name}"));
        format!("{}{} {} {}{follows}", reason.file, line(reason.line), reason.by, show(&reason.after))
    };
    explanation.reasons.iter().map(one).collect()
}

#[test]
fn each_change_has_its_place() {
    assert_eq!(
        reasons("Deployment", "spec.template.spec.containers[app].image"),
        [
            "base/deployment.yaml:13 resources \"web:v1\"",
            "prod/kustomization.yaml:8 images[0] \"web:v2\"",
            "prod/kustomization.yaml:10 images[1] \"web:v3\"",
        ]
    );
    assert_eq!(
        reasons("Deployment", "spec.replicas"),
        ["base/deployment.yaml:6 resources 1", "prod/kustomization.yaml:13 replicas[0] 5",]
    );
    assert_eq!(
        reasons("Deployment", "metadata.name"),
        ["base/deployment.yaml:4 resources \"web\"", "prod/kustomization.yaml:1 namePrefix \"prod-web\"",]
    );
    assert_eq!(
        reasons("Deployment", "metadata.labels.tier"),
        ["prod/kustomization.yaml:6 commonLabels \"web\"",]
    );
}

#[test]
fn patches_are_looked_into() {
    assert_eq!(
        reasons("Deployment", "spec.template.spec.containers[app].imagePullPolicy"),
        ["prod/patch.yaml:12 patches[0] \"Always\"",]
    );
    assert_eq!(
        reasons("Deployment", "spec.template.spec.containers[extra].image"),
        ["prod/patch.yaml:10 patches[0] \"extra:v1\"", "prod/kustomization.yaml:20 patches[1] \"envoy:v9\"",]
    );
}

#[test]
fn generated_data_and_references_are_followed() {
    assert_eq!(
        reasons("ConfigMap", "data.LOG"),
        [
            "base/kustomization.yaml:7 configMapGenerator[0] \"info\"",
            "prod/kustomization.yaml:27 configMapGenerator[0] \"debug\"",
        ]
    );
    assert_eq!(
        reasons("ConfigMap", "data[app.ini]"),
        ["base/kustomization.yaml:9 configMapGenerator[0] \"a=b\\n\""]
    );
    let name = reasons("ConfigMap", "metadata.name");
    assert_eq!(name.len(), 3, "{name:?}");
    assert!(name[2].starts_with(" name hash \"prod-settings-"), "{name:?}");
    let reference = reasons("Deployment", "spec.template.spec.containers[app].envFrom[0].configMapRef.name");
    assert_eq!(reference.len(), 2, "{reference:?}");
    assert!(reference[1].contains(" name reference \"prod-settings-"), "{reference:?}");
    assert!(reference[1].contains(" follows ConfigMap/prod-settings-"), "{reference:?}");
}

#[test]
fn what_was_never_there_has_no_reason() {
    let message = |explained: Result<Explanation, Error>| explained.unwrap_err().message().to_owned();
    assert_eq!(
        message(explain("Deployment", "spec.nothing")),
        "Deployment/prod-web has no field `spec.nothing` and never had"
    );
    assert!(explain("Service", "status").is_err());
    let untraced = Renderer::new(tree(), Options::default()).build("prod").unwrap();
    let first = untraced.iter().next().unwrap();
    assert!(first.versions().is_empty());
    let explained = untraced.explain(first, &"kind".parse().unwrap(), &tree());
    assert_eq!(message(explained), "the build was not traced");
}

#[test]
fn tracing_changes_no_byte() {
    let build = |trace| {
        let renderer = Renderer::new(tree(), Options::default().with_trace(trace));
        renderer.build("prod").unwrap().to_yaml().unwrap()
    };
    assert_eq!(build(true), build(false));
}
