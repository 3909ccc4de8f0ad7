//! What the upstream cases do not show: remote trees, several errors at once, sharing between builds.

#![expect(clippy::unwrap_used, reason = "a helper of tests")]

use trueup_kustomize::{ErrorKind, Options, Renderer, build};
use trueup_manifest::{FileTree, Limits};

fn tree(files: &[(&str, &str)]) -> FileTree {
    FileTree::from_files(files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec()))).unwrap()
}

const CONFIG_MAP: &str = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

#[test]
fn remote_bases_come_from_mounts() {
    let remote = tree(&[("deploy/kustomization.yaml", "resources: [a.yaml]"), ("deploy/a.yaml", CONFIG_MAP)]);
    let local = tree(&[(
        "kustomization.yaml",
        "resources:\n- github.com/org/repo/deploy?ref=v1\n- https://example.com/org/other//x?ref=v2\n",
    )]);
    let error = build(&local, "", &Options::default()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingRemote);
    assert_eq!(
        error.missing(),
        ["https://example.com/org/other?ref=v2", "https://github.com/org/repo?ref=v1"]
    );

    let other =
        tree(&[("x/kustomization.yaml", "namePrefix: b-\nresources: [a.yaml]"), ("x/a.yaml", CONFIG_MAP)]);
    let mounted = local
        .with_mount("https://github.com/org/repo?ref=v1", remote)
        .with_mount("https://example.com/org/other?ref=v2", other);
    let manifests = build(&mounted, "", &Options::default()).unwrap();
    let names: Vec<_> = manifests.iter().map(|manifest| manifest.name()).collect();
    assert_eq!(names, ["a", "b-a"]);
}

#[test]
fn missing_files_are_reported_together() {
    let tree = tree(&[("o/kustomization.yaml", "resources: [x.yaml, y.yaml]")]);
    let error = build(&tree, "o", &Options::default()).unwrap_err();
    let diagnostics = error.diagnostics();
    assert_eq!(diagnostics.len(), 2);
    assert!(diagnostics.iter().all(|diagnostic| diagnostic.code == "kustomize/missing-resource"));
}

#[test]
fn unknown_fields_have_a_place() {
    let tree = tree(&[("kustomization.yaml", "resources: []\nresourcez: [a]\n")]);
    let error = build(&tree, "", &Options::default()).unwrap_err();
    assert!(error.message().contains("unknown field \"resourcez\""));
    assert_eq!(error.locations()[0].to_string(), "kustomization.yaml:2:1");
}

#[test]
fn slips_are_told_what_was_meant() {
    let help = |kustomization: &str| {
        let files = [
            ("app/base/kustomization.yaml", "resources: [a.yaml]"),
            ("app/base/a.yaml", CONFIG_MAP),
            ("app/over/deep/patch.yaml", ""),
            ("app/over/kustomization.yaml", kustomization),
        ];
        let error = build(&tree(&files), "app/over", &Options::default()).unwrap_err();
        error.diagnostics().remove(0).help
    };
    let base = |then: &str| format!("resources: [../base]\n{then}");
    assert_eq!(help("resources: [../bsae]").as_deref(), Some("did you mean `../base`?"));
    assert_eq!(help("resources: [../bse/]").as_deref(), Some("did you mean `../base`?"));
    assert_eq!(
        help(&base("patches: [{path: dep/patch.yaml}]")).as_deref(),
        Some("did you mean `deep/patch.yaml`?")
    );
    assert_eq!(help(&base("resource: [x]")).as_deref(), Some("did you mean `resources`?"));
    assert_eq!(help("resources: [../production]"), None);
    assert_eq!(help(&base("spec: {}")), None);
    assert_eq!(help(&base("patches: [{image: x}]")), None);
}

#[test]
fn a_shared_base_is_the_same_from_every_overlay() {
    let mut files = vec![
        ("base/kustomization.yaml".to_owned(), "resources: [a.yaml]\ncommonLabels: {app: a}\n".to_owned()),
        ("base/a.yaml".to_owned(), CONFIG_MAP.to_owned()),
    ];
    for overlay in ["x", "y", "z"] {
        files.push((
            format!("{overlay}/kustomization.yaml"),
            format!("resources: [../base]\nnamePrefix: {overlay}-\n"),
        ));
    }
    let tree = FileTree::from_files(files).unwrap();
    let shared = Renderer::new(tree.clone(), Options::default());
    for overlay in ["x", "y", "z", "x"] {
        let (shared, alone) =
            (shared.build(overlay).unwrap(), build(&tree, overlay, &Options::default()).unwrap());
        assert_eq!(shared.to_yaml().unwrap(), alone.to_yaml().unwrap());
        assert_eq!(shared.warnings(), alone.warnings());
    }
}

#[test]
fn a_cycle_is_refused_from_a_shared_base_too() {
    let tree = tree(&[
        ("a/b/kustomization.yaml", "resources: [../../c]"),
        ("c/kustomization.yaml", "resources: [../a/x]"),
        ("a/x/kustomization.yaml", "resources: [r.yaml]"),
        ("a/x/r.yaml", CONFIG_MAP),
        ("a/x/y/kustomization.yaml", "resources: [../../../c]"),
    ]);
    let renderer = Renderer::new(tree, Options::default());
    assert!(renderer.build("a/b").is_ok());
    assert_eq!(renderer.build("a/x/y").unwrap_err().kind(), ErrorKind::Cycle);
}

#[test]
fn errors_that_do_not_depend_on_each_other_come_together() {
    let tree = tree(&[
        (
            "o/kustomization.yaml",
            "resources:\n- ../base\n- missing.yaml\n- https://example.com/o/r//x?ref=v1\ncomponents:\n- ../component\npatches:\n- path: p.yaml\n- patch: 'a: b: c'\nconfigMapGenerator:\n- name: cm\n  files: [nope.txt]\ntransformers: [t.yaml]\n",
        ),
        ("base/kustomization.yaml", "resources: [bad.yaml]\nimages:\n- name: 5\n"),
        ("component/kustomization.yaml", "kind: Component\nresources: [bad.yaml]\n"),
        ("component/bad.yaml", "apiVersion: v1\nkind: [\n"),
    ]);
    let error = build(&tree, "o", &Options::default()).unwrap_err();
    let shown: Vec<String> = error
        .diagnostics()
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.locations.first().map(ToString::to_string).unwrap_or_default();
            format!("{} {place} {}", diagnostic.code, diagnostic.notes.join(", "))
        })
        .collect();
    assert_eq!(
        shown,
        [
            "kustomize/invalid-kustomization base/kustomization.yaml:3:3 reached from `/o`",
            "kustomize/missing-resource o/kustomization.yaml:3:3 reached from `/o`",
            "kustomize/missing-remote o/kustomization.yaml:4:3 reached from `/o`",
            "kustomize/invalid-manifest component/bad.yaml:3:1 reached from `/component`, reached from `/o`",
            "kustomize/missing-resource o/kustomization.yaml:11:3 reached from `/o`",
            "kustomize/missing-resource o/kustomization.yaml:8:3 reached from `/o`",
            "kustomize/invalid-manifest o/kustomization.yaml:9:3 reached from `/o`",
            "kustomize/missing-resource o/kustomization.yaml:13:16 reached from `/o`",
        ]
    );
    assert_eq!(error.missing(), ["https://example.com/o/r?ref=v1"]);
}

#[test]
fn what_a_transformer_cannot_do_has_the_place_of_its_field() {
    for (kustomization, place) in [
        (
            "resources: [a.yaml]\npatches:\n- patch: '{apiVersion: v1, kind: ConfigMap, metadata: {name: b}}'\n",
            "kustomization.yaml:3:3",
        ),
        (
            "resources: [a.yaml]\nnamePrefix: x-\nreplicas:\n- {name: b, count: 2}\n- {name: c, count: 2}\n",
            "kustomization.yaml:4:3",
        ),
        (
            "resources: [a.yaml]\nreplacements:\n- source: {name: b}\n  targets: [{select: {name: a}}]\n",
            "kustomization.yaml:2:1",
        ),
        (
            "resources: [a.yaml]\npatchesJson6902:\n- {target: {name: a}, patch: '[{op: remove, path: /x}]'}\n",
            "kustomization.yaml:3:3",
        ),
        ("resources: [a.yaml, a.yaml]\n", "kustomization.yaml:1:13"),
        ("resources: [a.yaml]\nconfigMapGenerator:\n- name: c\n  literals: [a]\n", "kustomization.yaml:3:3"),
    ] {
        let tree = tree(&[("kustomization.yaml", kustomization), ("a.yaml", CONFIG_MAP)]);
        let error = build(&tree, "", &Options::default()).unwrap_err();
        assert_eq!(error.locations().first().map(ToString::to_string).as_deref(), Some(place), "{error}");
    }
}

#[test]
fn every_missing_remote_is_named_as_what_it_is() {
    let tree = tree(&[
        (
            "kustomization.yaml",
            "resources:
- https://raw.githubusercontent.com/org/repo/v1/a.yaml
- https://example.com/files/b.yml?x=y
- https://github.com/org/repo/deploy?ref=v1
- git@example.com:org/repo.git//x?submodules=false
- base
components:
- github.com/org/components//c
patches:
- path: https://example.com/patch.yaml
configMapGenerator:
- name: a
  files: [https://example.com/file.txt]
",
        ),
        ("base/kustomization.yaml", "resources:\n- ssh://git@example.com/o/inner\n"),
    ]);
    let error = build(&tree, "", &Options::default()).unwrap_err();
    assert_eq!(
        error.missing(),
        [
            "git@example.com:org/repo.git?submodules=false",
            "https://example.com/file.txt",
            "https://example.com/files/b.yml?x=y",
            "https://example.com/patch.yaml",
            "https://github.com/org/components",
            "https://github.com/org/repo?ref=v1",
            "https://raw.githubusercontent.com/org/repo/v1/a.yaml",
            "ssh://git@example.com/o/inner",
        ]
    );
}

#[test]
fn remote_files_come_from_mounts() {
    let url = "https://raw.githubusercontent.com/org/repo/v1/a.yaml";
    let local = tree(&[(
        "kustomization.yaml",
        &format!("resources:\n- {url}\npatches:\n- path: https://example.com/p.yaml\n"),
    )])
    .with_mount(url, tree(&[("a.yaml", CONFIG_MAP)]))
    .with_mount(
        "https://example.com/p.yaml",
        tree(&[("p.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {x: y}\n")]),
    );
    let yaml = build(&local, "", &Options::default()).unwrap().to_yaml().unwrap();
    assert_eq!(yaml, "apiVersion: v1\ndata:\n  x: \"y\"\nkind: ConfigMap\nmetadata:\n  name: a\n");
}

/// What is said of a tree that comes to too much.
fn refused(files: &[(String, String)]) -> String {
    let files = files.iter().map(|(path, text)| (path, text.clone().into_bytes()));
    let tree = FileTree::from_files(files).unwrap();
    let mut limits = Limits::default();
    limits.max_copied_bytes = 1 << 20;
    let error = build(&tree, "", &Options::default().with_limits(limits)).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Limit, "{}", error.message());
    error.message().to_owned()
}

fn file(path: &str, text: &str) -> (String, String) {
    (path.to_owned(), text.to_owned())
}

#[test]
fn directories_that_name_the_next_one_twice_are_refused() {
    for (field, kind, words) in [
        ("resources", "Kustomization", "bases of bases"),
        ("components", "Component", "components of components"),
    ] {
        let mut files = vec![
            file("kustomization.yaml", &format!("{field}: [d0]")),
            file("d40/kustomization.yaml", &format!("kind: {kind}\nnamePrefix: x")),
        ];
        files.extend((0..40).map(|at| {
            let text = format!("kind: {kind}\n{field}: [../d{0}, ../d{0}]", at + 1);
            (format!("d{at}/kustomization.yaml"), text)
        }));
        assert!(refused(&files).contains(words));
    }
}

#[test]
fn values_that_are_copied_into_themselves_are_refused() {
    let operations: String =
        (0..40).map(|at| format!("\n    - {{op: copy, from: /data, path: /data/x{at}}}")).collect();
    let patch =
        format!("resources: [a.yaml]\npatches:\n- target: {{kind: ConfigMap}}\n  patch: |-{operations}");
    let replacing = |source: &str, target: &dyn Fn(usize) -> String| {
        let one = |at: usize| {
            let source = format!("source: {{kind: ConfigMap, name: a, fieldPath: {source}}}");
            format!("\n- {source}\n  targets: [{{select: {{kind: ConfigMap}}, {}}}]", target(at))
        };
        format!("resources: [a.yaml]\nreplacements:{}", (0..40).map(one).collect::<String>())
    };
    let maps = replacing("data", &|at| format!("fieldPaths: [data.x{at}], options: {{create: true}}"));
    let texts =
        replacing("data.k", &|_| "fieldPaths: [data.k], options: {delimiter: /, index: -1}".to_owned());
    let vars = "resources: [a.yaml]\nconfigurations: [config.yaml]\n\
                vars: [{name: A, objref: {apiVersion: v1, kind: ConfigMap, name: a}, fieldref: {fieldpath: data.long}}]\n"
        .to_owned();
    let config = file("config.yaml", "varReference: [{path: data/all, kind: ConfigMap}]");
    let (long, all) = ("x".repeat(2_000), "$(A)".repeat(1_000));
    let config_map = format!("{CONFIG_MAP}data: {{k: v, long: {long}, all: '{all}'}}\n");
    for kustomization in [&patch, &maps, &texts, &vars] {
        let files = [file("kustomization.yaml", kustomization), file("a.yaml", &config_map), config.clone()];
        let message = refused(&files);
        assert!(message.contains("copy more than"), "{message}");
    }
}

#[test]
fn paths_of_any_length_are_refused_rather_than_followed() {
    let long = |separator: &str| format!("spec{}", format!("{separator}a").repeat(100_000));
    let (dots, slashes) = (long("."), long("/"));
    let operations =
        (1..600).map(|at| format!("\n    - {{op: add, path: {}, value: {{}}}}", "/a".repeat(at)));
    let source = "source: {kind: ConfigMap, name: a, fieldPath: metadata.name}";
    let kustomizations = [
        format!(
            "replacements: [{{{source}, targets: [{{select: {{kind: ConfigMap}}, fieldPaths: [{dots}], options: {{create: true}}}}]}}]"
        ),
        format!("labels: [{{pairs: {{a: b}}, fields: [{{path: {slashes}, create: true}}]}}]"),
        "namePrefix: x-\nconfigurations: [config.yaml]".to_owned(),
        format!("patches:\n- target: {{kind: ConfigMap}}\n  patch: |-{}", operations.collect::<String>()),
    ];
    let config = format!("namePrefix: [{{path: {slashes}, create: true}}]");
    for kustomization in kustomizations {
        let tree = tree(&[
            ("kustomization.yaml", &format!("resources: [a.yaml]\n{kustomization}\n")),
            ("a.yaml", CONFIG_MAP),
            ("config.yaml", &config),
        ]);
        let error = build(&tree, "", &Options::default()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Limit);
        assert!(error.message().ends_with("nested deeper than 512 levels"));
    }
}

#[test]
fn definitions_that_never_end_are_refused() {
    let kind = r#""x.Foo": {"Schema": {"properties": {"kind": {}, "apiVersion": {}, "metadata": {}, "spec": {"$ref": "d0"}}}}"#;
    let circle = format!(r#"{{{kind}, "d0": {{"Schema": {{"properties": {{"a": {{"$ref": "d0"}}}}}}}}}}"#);
    let doubling = |extra: &str| {
        let of = |at: usize| {
            format!(
                r#""d{at}": {{"Schema": {{"properties": {{"a": {{"$ref": "d{0}"}}, "b": {{"$ref": "d{0}"{extra}}}}}}}}}"#,
                at + 1
            )
        };
        format!("{{{kind}, {}}}", (0..40).map(of).collect::<Vec<_>>().join(", "))
    };
    let chain =
        |at: usize| format!(r#""d{at}": {{"Schema": {{"properties": {{"a": {{"$ref": "d{}"}}}}}}}}"#, at + 1);
    let chain = format!("{{{kind}, {}}}", (0..5_000).map(chain).collect::<Vec<_>>().join(", "));
    for (crds, words) in [
        (circle, "definition \"d0\" refers to itself at spec/a"),
        (doubling(""), "the definitions give Foo more than 200000 properties"),
        (
            doubling(r#", "x-kubernetes-annotation": """#),
            "the definitions give Foo more than 2000 field specs",
        ),
        (chain, "nested deeper than 512 levels"),
    ] {
        let tree =
            tree(&[("kustomization.yaml", "crds: [crds.json]\nresources: []\n"), ("crds.json", &crds)]);
        let error = build(&tree, "", &Options::default()).unwrap_err();
        assert!(error.message().contains(words), "{}", error.message());
    }
}
