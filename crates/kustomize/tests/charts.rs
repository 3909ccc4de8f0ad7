//! Charts: what a renderer is given is what kustomize 5.8.1 gives `helm template` (recorded with a program in helm's place).

#![expect(clippy::unwrap_used, reason = "a helper of tests")]

use std::sync::{Arc, Mutex};
use trueup_kustomize::{ChartRenderer, ChartRequest, Error, ErrorKind, Options, build};
use trueup_manifest::FileTree;

const OUTPUT: &str = "---
# Source: c/templates/x.yaml
apiVersion: v1
kind: ConfigMap
metadata:
  name: x
  namespace: rel
---
# empty
---
apiVersion: v1
kind: Service
metadata:
  name: y
";

/// Notes what it is given, and answers a text.
struct Renderer {
    output: Result<String, String>,
    seen: Mutex<Vec<String>>,
}

impl ChartRenderer for Renderer {
    fn render(&self, request: &ChartRequest<'_>) -> Result<String, String> {
        let chart = request.chart;
        let files: Vec<_> =
            request.additional_values.iter().map(|bytes| String::from_utf8_lossy(bytes)).collect();
        self.seen.lock().unwrap().push(format!(
            "{} {} {} namespace={} template={} apis={:?} kube={} crds={} tests={} hooks={} debug={} devel={} config={}\n{}{}",
            chart.release_name,
            request.directory,
            request.tree.is_file(format!("{}/Chart.yaml", request.directory).trim_start_matches('/')),
            chart.namespace,
            chart.name_template,
            chart.api_versions,
            chart.kube_version,
            chart.include_crds,
            !chart.skip_tests,
            !chart.skip_hooks,
            chart.debug,
            chart.devel,
            request.config_home,
            request.values,
            files.join("")
        ));
        self.output.clone()
    }
}

fn tree(files: &[(&str, &str)]) -> FileTree {
    FileTree::from_files(files.iter().map(|(path, text)| (*path, text.as_bytes().to_vec()))).unwrap()
}

const VALUES: &str = "a: 1\nb: {c: x, d: [1, 2]}\n# comment\ns: \"yes\"\nn: null\nt: 2020-01-01\n";

/// Builds a kustomization beside a chart; returns the output and what the renderer saw.
fn run(
    kustomization: &str,
    directory: &str,
    output: Result<&str, &str>,
) -> (Result<String, Error>, Vec<String>) {
    let tree = tree(&[
        ("k/kustomization.yaml", kustomization),
        ("over/kustomization.yaml", "resources: [../k]\nnamespace: outer\n"),
        ("k/charts/c/Chart.yaml", "name: c\n"),
        ("k/charts/c/values.yaml", VALUES),
        ("k/extra/v.yaml", "q: 1\n"),
        ("outside.yaml", "q: 1\n"),
    ]);
    run_in(&tree, directory, output)
}

fn run_in(
    tree: &FileTree,
    directory: &str,
    output: Result<&str, &str>,
) -> (Result<String, Error>, Vec<String>) {
    let output = output.map(str::to_owned).map_err(str::to_owned);
    let renderer = Arc::new(Renderer { output, seen: Mutex::default() });
    let options = Options::default().with_charts(renderer.clone());
    let built = build(tree, directory, &options).and_then(|manifests| manifests.to_yaml());
    let seen = renderer.seen.lock().unwrap().clone();
    (built, seen)
}

fn failure(kustomization: &str) -> Error {
    run(kustomization, "k", Ok(OUTPUT)).0.unwrap_err()
}

#[test]
fn everything_is_handed_over() {
    let (built, seen) = run(
        "namespace: ns
namePrefix: p-
helmGlobals: {configHome: /ch}
helmCharts:
- name: c
  version: 1.2.3
  releaseName: rel
  valuesInline: {b: {c: y, d: [3], e: 5}, z: null, a: null}
  additionalValuesFiles: [extra/v.yaml]
  includeCRDs: true
  skipHooks: true
  skipTests: true
  debug: true
  devel: true
  apiVersions: [foo/v1, bar]
  kubeVersion: \"1.27\"
  nameTemplate: x
",
        "k",
        Ok(OUTPUT),
    );
    // What helm made keeps its namespaces; everything else applies to it.
    assert_eq!(
        built.unwrap(),
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: p-x\n  namespace: rel\n---\napiVersion: v1\nkind: Service\nmetadata:\n  name: p-y\n"
    );
    let expected = "rel k/charts/c true namespace=ns template=x apis=[\"foo/v1\", \"bar\"] kube=1.27 crds=true tests=false hooks=false debug=true devel=true config=/ch
b:
  c: true
  d:
  - 3
  e: 5
\"n\": null
s: \"yes\"
t: \"2020-01-01T00:00:00Z\"
q: 1
";
    assert_eq!(seen, [expected]);
}

#[test]
fn values_meet_as_they_are_told_to() {
    let values = |merge: &str| {
        let kustomization = format!(
            "helmCharts:\n- name: c\n  valuesMerge: {merge}\n  valuesInline: {{b: {{c: y, d: [3], e: 5}}, z: null, a: null}}\n"
        );
        let (built, seen) = run(&kustomization, "k", Ok(OUTPUT));
        built.unwrap();
        seen[0].split_once('\n').unwrap().1.to_owned()
    };
    assert_eq!(
        values("merge"),
        "a: 1\nb:\n  c: x\n  d:\n  - 1\n  - 2\n  e: 5\ns: \"yes\"\nt: \"2020-01-01T00:00:00Z\"\nz: null\n"
    );
    let over = "b:\n  c: true\n  d:\n  - 3\n  e: 5\n\"n\": null\ns: \"yes\"\nt: \"2020-01-01T00:00:00Z\"\n";
    assert_eq!(values("override"), over);
    assert_eq!(values(""), over);
    assert_eq!(values("replace"), "a: null\nb:\n  c: true\n  d:\n  - 3\n  e: 5\nz: null\n");
    let (_, seen) = run("helmCharts: [{name: c}]\n", "k", Ok(OUTPUT));
    assert!(seen[0].ends_with(VALUES), "without inline values the file is handed over as it is");
    let (_, seen) = run("helmCharts: [{name: c, valuesFile: extra/v.yaml}]\n", "k", Ok(OUTPUT));
    assert!(seen[0].ends_with("\nq: 1\n"));
}

#[test]
fn the_namespace_is_that_of_the_nearest_kustomization() {
    let namespace = |kustomization: &str, directory: &str| {
        let (built, seen) = run(kustomization, directory, Ok(OUTPUT));
        built.unwrap();
        let (_, rest) = seen[0].split_once("namespace=").unwrap();
        rest.split(' ').next().unwrap().to_owned()
    };
    assert_eq!(namespace("helmCharts: [{name: c}]\n", "k"), "");
    assert_eq!(namespace("helmCharts: [{name: c}]\n", "over"), "outer");
    assert_eq!(namespace("namespace: ns\nhelmCharts: [{name: c}]\n", "over"), "ns");
    assert_eq!(namespace("namespace: ns\nhelmCharts: [{name: c, namespace: own}]\n", "over"), "own");
    // A generator of its own gets none.
    let generator = "namespace: ns\ngenerators:\n- |-\n  apiVersion: builtin\n  kind: HelmChartInflationGenerator\n  metadata: {name: g}\n  name: c\n  releaseName: r\n";
    assert_eq!(namespace(generator, "k"), "");
}

#[test]
fn legacy_entries_are_charts_too() {
    let (built, seen) = run(
        "helmChartInflationGenerator:\n- chartName: c\n  releaseName: old\n  values: extra/v.yaml\n  helmHome: /home\n  valuesLocal: {x: 1}\n  valuesMerge: merge\n",
        "k",
        Ok(OUTPUT),
    );
    built.unwrap();
    assert!(seen[0].starts_with("old k/charts/c true"), "{}", seen[0]);
    assert!(seen[0].contains("config=/home\nq: 1\nx: 1\n"), "{}", seen[0]);
}

#[test]
fn a_chart_that_is_not_there_is_a_missing_remote() {
    let kustomization = "resources:
- https://example.com/o/r//x?ref=v1
helmCharts:
- {name: one, repo: 'https://charts.example.com/', version: 1.2.3}
";
    let repository = "helmCharts:\n- {name: one, repo: 'https://charts.example.com/', version: 1.2.3, valuesInline: {b: 2}}\n";
    let local = tree(&[("kustomization.yaml", repository)]);
    let (built, _) = run_in(&local, "", Ok(OUTPUT));
    let error = built.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::MissingRemote);
    assert_eq!(error.missing(), ["helm+https://charts.example.com/one?version=1.2.3"]);

    let chart = tree(&[("Chart.yaml", "name: one\n"), ("values.yaml", "a: 1\n")]);
    let mounted = local.with_mount("helm+https://charts.example.com/one?version=1.2.3", chart);
    let (built, seen) = run_in(&mounted, "", Ok(OUTPUT));
    built.unwrap();
    assert!(seen[0].starts_with("  true"), "{}", seen[0]);
    assert!(seen[0].ends_with("\na: 1\nb: 2\n"), "{}", seen[0]);

    // What else is missing is named with it.
    let (built, _) = run_in(&tree(&[("kustomization.yaml", kustomization)]), "", Ok(OUTPUT));
    let error = built.unwrap_err();
    assert_eq!(
        error.missing(),
        ["helm+https://charts.example.com/one?version=1.2.3", "https://example.com/o/r?ref=v1"],
        "{error}"
    );
}

#[test]
fn what_cannot_be_rendered_is_refused_in_upstreams_words() {
    for (kustomization, words) in [
        ("helmCharts: [{repo: x}]\n", "chart name cannot be empty"),
        ("helmCharts: [{name: c, valuesMerge: x}]\n", "valuesMerge must be one of [merge override replace]"),
        ("helmCharts: [{name: d}]\n", "no repo specified for pull, no chart found at '"),
        (
            "helmCharts: [{name: c, additionalValuesFiles: [../outside.yaml]}]\n",
            "could not load additionalValuesFile: security; file '/outside.yaml' is not in or below '/k'",
        ),
        ("helmCharts: [{name: c, valuesFile: nope.yaml}]\n", "lstat /k/nope.yaml: no such file or directory"),
        (
            "helmCharts: [{name: c, valuesMerge: x}]\n",
            "trouble configuring builtin HelmChartInflationGenerator with config: `\nname: c\nvaluesMerge: x\n`: ",
        ),
    ] {
        let error = failure(kustomization);
        assert!(error.message().contains(words), "`{error}` lacks `{words}`");
    }
    let kustomization = "helmCharts: [{name: c}]\n";
    let (built, _) = run(kustomization, "k", Err("exit status 1"));
    assert!(built.unwrap_err().message().contains("exit status 1"));
    let (built, _) = run(kustomization, "k", Ok("Pulled: x\n---\napiVersion: v1\n"));
    let error = built.unwrap_err();
    assert!(
        error.message().contains("could not parse rnode slice into resource map: missing Resource metadata")
    );

    let without =
        build(&tree(&[("kustomization.yaml", kustomization)]), "", &Options::default()).unwrap_err();
    assert_eq!(without.kind(), ErrorKind::Unsupported);
    assert!(without.message().contains("must specify --enable-helm"));
    assert_eq!(without.locations()[0].to_string(), "kustomization.yaml:1:14");
}
