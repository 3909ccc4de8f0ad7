//! What the sources of an Application declare.

#![expect(clippy::unwrap_used, reason = "a test may")]

use trueup_manifest::argocd::Application;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{FileTree, Object, from_value};
use trueup_source::{Options, Problem, Rendered, Repositories, render};

fn service(name: &str) -> String {
    format!("apiVersion: v1\nkind: Service\nmetadata:\n  name: {name}\n")
}

fn application(spec: &str) -> Application {
    let text = format!(
        "metadata: {{name: shop}}\nspec:\n  project: default\n  destination: {{namespace: shop}}\n{spec}"
    );
    from_value(&yaml::parse(text.as_bytes(), &ParseOptions::kubernetes()).unwrap()).unwrap()
}

fn names(rendered: &Rendered) -> Vec<&str> {
    rendered.manifests.iter().map(|manifest| Object::new(&manifest.value).name()).collect()
}

fn from_source(tree: &FileTree, source: &str) -> Result<Rendered, trueup_source::Error> {
    render(&application(&format!("  source: {{repoURL: r, path: app, {source}}}")), tree, &Options::default())
}

fn directory() -> FileTree {
    FileTree::from_files([
        ("app/b.yaml", format!("{}---\n---\n{}", service("b1"), service("b2"))),
        ("app/a.yml", service("a")),
        ("app/c.json", r#"{"apiVersion":"v1","kind":"Service","metadata":{"name":"c"}}"#.to_owned()),
        ("app/list.yaml", "apiVersion: v1\nkind: ServiceList\nitems:\n- {apiVersion: v1, kind: Service, metadata: {name: l}}\n".to_owned()),
        ("app/empty.yaml", "apiVersion: v1\nkind: List\nitems:\n".to_owned()),
        ("app/skip.yaml", format!("# +argocd:skip-file-rendering\n{}", service("skipped"))),
        ("app/values.yaml", "some: values\n".to_owned()),
        ("app/readme.md", "kind: x".to_owned()),
        ("app/deep/d.yaml", service("d")),
        ("other/x.yaml", service("x")),
    ])
    .unwrap()
}

#[test]
fn a_directory_is_its_manifests_in_the_order_of_their_names() {
    let tree = directory();
    assert_eq!(names(&from_source(&tree, "directory: {}").unwrap()), ["a", "b1", "b2", "c", "l"]);
    assert_eq!(
        names(&from_source(&tree, "directory: {recurse: true}").unwrap()),
        ["a", "b1", "b2", "c", "d", "l"]
    );
    assert_eq!(names(&from_source(&tree, "directory: {include: '{a,c}*'}").unwrap()), ["a", "c"]);
    assert_eq!(names(&from_source(&tree, "directory: {exclude: '*.yaml'}").unwrap()), ["a", "c"]);
    assert_eq!(names(&from_source(&tree, "directory: {include: '['}").unwrap()), [""; 0]);
    let rendered = from_source(&tree, "directory: {}").unwrap();
    assert_eq!(rendered.manifests[1].declared.as_ref().unwrap().file, "app/b.yaml");
}

#[test]
fn what_looks_like_a_manifest_must_be_one() {
    let broken =
        |text: &str| from_source(&FileTree::from_files([("app/a.yaml", text)]).unwrap(), "directory: {}");
    assert!(broken("a: b: c").unwrap().manifests.is_empty());
    assert!(matches!(
        broken("apiVersion: v1\nkind: X\nmetadata: a: b").unwrap_err().problem(),
        Problem::Manifest { .. }
    ));
    assert!(matches!(
        broken(&format!("{}---\na: 1", service("a"))).unwrap_err().problem(),
        Problem::Manifest { .. }
    ));
}

#[test]
fn a_kustomization_takes_the_options_of_the_application() {
    let tree = FileTree::from_files([
        ("app/kustomization.yaml", "resources: [d.yaml]\nimages:\n- {name: web, newTag: v1}\n- {name: db, newTag: v1}\n".to_owned()),
        ("app/d.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n    spec:\n      containers:\n      - {name: a, image: web}\n      - {name: b, image: db}\n".to_owned()),
        ("component/kustomization.yaml", "apiVersion: kustomize.config.k8s.io/v1alpha1\nkind: Component\ncommonAnnotations: {from: component}\n".to_owned()),
    ])
    .unwrap();
    let options = "kustomize: {namePrefix: p-, nameSuffix: -s, namespace: shop, images: ['web:$ARGOCD_APP_NAME', 'db=other/db:*'], \
                   replicas: [{name: web, count: '3'}], commonLabels: {l: v}, labelWithoutSelector: true, commonAnnotations: {a: b}, \
                   components: [../component, ../nope], ignoreMissingComponents: true, \
                   patches: [{target: {kind: Deployment}, patch: '- {op: add, path: /spec/paused, value: true}'}]}";
    let rendered = from_source(&tree, options).unwrap();
    let expected = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  annotations:
    a: b
    from: component
  labels:
    l: v
  name: p-web-s
  namespace: shop
spec:
  paused: true
  replicas: 3
  template:
    metadata:
      annotations:
        a: b
        from: component
    spec:
      containers:
      - image: web:shop
        name: a
      - image: other/db:v1
        name: b
";
    assert_eq!(yaml::to_string(&rendered.manifests[0].value).unwrap(), expected);
    assert_eq!(
        from_source(&tree, "kustomize: {images: [web]}").unwrap_err().code(),
        "source/kustomize-options"
    );
    let twice = "kustomize: {commonLabels: {l: v}}";
    assert!(from_source(&tree, twice).is_ok());
}

#[test]
fn overrides_in_the_repository_change_the_options_but_not_the_place() {
    let tree = FileTree::from_files([
        ("app/kustomization.yaml", "resources: [s.yaml]\n".to_owned()),
        ("app/s.yaml", service("web")),
        ("app/.argocd-source.yaml", "path: elsewhere\nkustomize: {namePrefix: all-}\n".to_owned()),
        ("app/.argocd-source-shop.yaml", "kustomize: {nameSuffix: -shop}\n".to_owned()),
    ])
    .unwrap();
    assert_eq!(names(&from_source(&tree, "targetRevision: HEAD").unwrap()), ["all-web-shop"]);
}

#[test]
fn several_sources_count_in_order_and_references_declare_nothing() {
    let tree = directory();
    let spec = "  sources:\n  - {repoURL: r, path: other}\n  - {repoURL: r, ref: values}\n  - {repoURL: r, path: app/deep}\n";
    let rendered = render(&application(spec), &tree, &Options::default()).unwrap();
    assert_eq!(names(&rendered), ["x", "d"]);
    assert_eq!(rendered.manifests.iter().map(|manifest| manifest.source).collect::<Vec<_>>(), [0, 2]);
}

struct Nothing;

impl Repositories for Nothing {
    fn tree(&self, _: &str, _: &str) -> Option<&FileTree> {
        None
    }
}

#[test]
fn what_is_not_there_or_not_served_is_said() {
    let code = |source: &str| from_source(&directory(), source).unwrap_err().code().to_owned();
    assert_eq!(code("chart: redis"), "source/missing-repository");
    assert_eq!(code("plugin: {name: x}"), "source/unsupported");
    assert_eq!(code("plugin: {name: x}, helm: {}"), "source/several-kinds");
    let missing = application("  source: {repoURL: r, path: nope}");
    assert_eq!(
        render(&missing, &directory(), &Options::default()).unwrap_err().code(),
        "source/missing-path"
    );
    let escaping = application("  source: {repoURL: r, path: ../x}");
    assert_eq!(render(&escaping, &directory(), &Options::default()).unwrap_err().code(), "source/path");
    let unknown = render(&missing, &Nothing, &Options::default()).unwrap_err();
    assert_eq!(unknown.code(), "source/missing-repository");
    let diagnostics = unknown.diagnostics();
    assert_eq!(diagnostics[0].notes, ["reached from Application `shop`"]);
    assert_eq!(
        render(&application(""), &directory(), &Options::default()).unwrap_err().code(),
        "source/no-source"
    );
}
