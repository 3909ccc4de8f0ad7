//! Builds grow with their input, not with its square.

use crate::{Options, Renderer, steps};
use std::fmt::Write;
use trueup_manifest::FileTree;

/// A kustomization of about so many resources with some of everything that has to find resources among them.
fn input(resources: usize) -> FileTree {
    let (mut all, mut kustomization, mut files) = (String::new(), String::new(), Vec::new());
    kustomization
        .push_str("namePrefix: pre-\nnamespace: shop\ncommonLabels: {team: shop}\nresources:\n- all.yaml\n");
    for at in 0..resources / 5 {
        let meta = format!("metadata: {{name: app-{at}}}");
        let pod = format!("{{serviceAccountName: app-{at}, containers: [{{name: app, image: app-{at}}}]}}");
        writeln!(
            all,
            "---\napiVersion: apps/v1\nkind: Deployment\n{meta}\nspec: {{template: {{spec: {pod}}}}}"
        )
        .unwrap();
        writeln!(all, "---\napiVersion: v1\nkind: ServiceAccount\n{meta}").unwrap();
        let role = format!("{{apiGroup: rbac.authorization.k8s.io, kind: Role, name: app-{at}}}");
        let subject = format!("{{kind: ServiceAccount, name: app-{at}, namespace: default}}");
        writeln!(all, "---\napiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\n{meta}").unwrap();
        writeln!(all, "roleRef: {role}\nsubjects: [{subject}]").unwrap();
        files.push((format!("f{at}.yaml"), format!("apiVersion: v1\nkind: Service\n{meta}\n")));
        writeln!(kustomization, "- f{at}.yaml").unwrap();
    }
    kustomization.push_str("configMapGenerator:\n");
    for at in 0..resources / 5 {
        writeln!(kustomization, "- {{name: app-{at}, literals: [a=b]}}").unwrap();
    }
    kustomization.push_str("replacements:\n");
    for at in 0..resources / 20 {
        let select = format!("select: {{kind: Deployment, name: app-{}}}", at + 1);
        writeln!(kustomization, "- source: {{kind: Service, name: app-{at}}}\n  targets:\n  - {select}")
            .unwrap();
        kustomization.push_str("    fieldPaths: [spec.paused]\n    options: {create: true}\n");
    }
    kustomization.push_str("patches:\n");
    for at in 0..5 {
        let patch = "'- {op: add, path: /spec/replicas, value: 2}'";
        writeln!(kustomization, "- {{target: {{kind: Deployment, name: app-{at}}}, patch: {patch}}}")
            .unwrap();
    }
    kustomization.push_str("images:\n");
    (0..5).for_each(|at| writeln!(kustomization, "- {{name: app-{at}, newTag: v2}}").unwrap());
    files.extend([("all.yaml".to_owned(), all), ("kustomization.yaml".to_owned(), kustomization)]);
    FileTree::from_files(files).unwrap()
}

#[test]
fn steps_grow_in_proportion() {
    let steps_of = |resources: usize| {
        let renderer = Renderer::new(input(resources), Options::default());
        let (taken, built) = steps::taken(|| renderer.build("").unwrap());
        assert_eq!(built.len(), resources);
        taken
    };
    // Steps are counted, not timed: what grows faster than its input shows here already.
    let [small, middle, large] = [80, 800, 8_000].map(steps_of);
    // An exponent of 1.1 is a factor of 12.6.
    assert!(middle < small * 126 / 10, "{small} steps became {middle}");
    assert!(large < middle * 126 / 10, "{middle} steps became {large}");
}

#[test]
fn a_base_is_accumulated_once_for_all_that_build_on_it() {
    let overlays = |count: usize| {
        let mut files = vec![
            ("base/kustomization.yaml".to_owned(), "resources: [all.yaml]\n".to_owned()),
            (
                "base/all.yaml".to_owned(),
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n".to_owned(),
            ),
        ];
        files.extend((0..count).map(|at| {
            (format!("{at}/kustomization.yaml"), "namePrefix: pre-\nresources: [../base]\n".to_owned())
        }));
        Renderer::new(FileTree::from_files(files).unwrap(), Options::default())
    };
    let renderer = overlays(2);
    let (first, _) = steps::taken(|| renderer.build("0").unwrap());
    let (second, _) = steps::taken(|| renderer.build("1").unwrap());
    assert!(second < first, "{first} steps, then {second}");
}
