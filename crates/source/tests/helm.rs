//! Sources of kind Helm. What each declares is what Helm 4.2.4 answered to the command that Argo CD 3.6 builds from it.

#![expect(clippy::unwrap_used, reason = "a test may")]

use std::sync::Arc;
use trueup_manifest::argocd::Application;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{FileTree, Object, from_value};
use trueup_source::{Charts, Error, Options, Rendered, Repositories, chart_key, render};

const SHOW: &str = "apiVersion: v1
kind: ConfigMap
metadata:
  name: {{ .Release.Name }}
  namespace: {{ .Release.Namespace }}
data:
  a: {{ .Values.a | toJson | quote }}
  b: {{ .Values.b | toJson | quote }}
  file: {{ .Values.file | toJson | quote }}
  kube: {{ .Capabilities.KubeVersion.Version }}
  api: {{ .Capabilities.APIVersions.Has \"example.com/v1\" | quote }}
";
const HOOK: &str = "apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
  annotations: {helm.sh/hook: pre-install}
";
const TEST: &str = "apiVersion: v1
kind: Pod
metadata:
  name: check
  annotations: {helm.sh/hook: test}
";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("app/Chart.yaml", "apiVersion: v2\nname: app\nversion: 1.0.0\n"),
        ("app/values.yaml", "a: chart\nb: chart\n"),
        ("app/templates/show.yaml", SHOW),
        ("app/templates/hook.yaml", HOOK),
        ("app/templates/tests/check.yaml", TEST),
        ("app/crds/crd.yaml", "apiVersion: v1\nkind: CRD\nmetadata: {name: crd}\n"),
        ("app/one.yaml", "a: one\n"),
        ("app/env/a.yaml", "b: env-a\n"),
        ("app/env/b.yaml", "b: env-b\n"),
        ("shared.yaml", "a: shared\n"),
        ("text.txt", "line, {with} = signs\n"),
    ]
}

fn application(spec: &str) -> Application {
    let text = format!(
        "metadata: {{name: shop}}\nspec:\n  project: default\n  destination: {{namespace: shop-ns}}\n{spec}"
    );
    from_value(&yaml::parse(text.as_bytes(), &ParseOptions::kubernetes()).unwrap()).unwrap()
}

fn from_helm(helm: &str) -> Result<Rendered, Error> {
    let tree = FileTree::from_files(files()).unwrap();
    let spec = format!("  source: {{repoURL: r, path: app, helm: {{{helm}}}}}");
    render(&application(&spec), &tree, &Options::default())
}

/// The data of the chart's ConfigMap.
fn data<'r>(rendered: &'r Rendered, key: &str) -> &'r str {
    let is_map = |manifest: &&trueup_source::Manifest| Object::new(&manifest.value).kind() == "ConfigMap";
    let show = rendered.manifests.iter().find(is_map).unwrap();
    show.value.at(&["data", key]).unwrap().as_str().unwrap()
}

fn names(rendered: &Rendered) -> Vec<&str> {
    rendered.manifests.iter().map(|manifest| Object::new(&manifest.value).name()).collect()
}

#[test]
fn a_chart_is_its_crds_manifests_and_hooks() {
    let tree = FileTree::from_files(files()).unwrap();
    let rendered =
        render(&application("  source: {repoURL: r, path: app}"), &tree, &Options::default()).unwrap();
    assert_eq!(names(&rendered), ["crd", "shop", "check", "migrate"]);
    assert_eq!(rendered.manifests[1].value.at(&["metadata", "namespace"]).unwrap().as_str(), Some("shop-ns"));
    assert_eq!(rendered.manifests[1].declared.as_ref().unwrap().file, "app/templates/show.yaml");
    assert_eq!(data(&rendered, "kube"), "v1.36.0");
    assert_eq!(names(&from_helm("skipCrds: true, skipTests: true").unwrap()), ["shop", "migrate"]);
}

#[test]
fn names_and_versions_come_from_the_source_first() {
    let rendered = from_helm(
        "releaseName: '{{ \"X\" | lower }}-1', namespace: other, kubeVersion: 1.30.1-gke.7, apiVersions: [example.com/v1]",
    )
    .unwrap();
    assert_eq!(names(&rendered)[1], "x-1");
    assert_eq!(rendered.manifests[1].value.at(&["metadata", "namespace"]).unwrap().as_str(), Some("other"));
    assert_eq!((data(&rendered, "kube"), data(&rendered, "api")), ("v1.30.1", "true"));
    assert_eq!(from_helm("kubeVersion: x").unwrap_err().code(), "source/helm-options");
    assert_eq!(from_helm("releaseName: A_b").unwrap_err().code(), "helm/invalid-option");
}

#[test]
fn values_win_in_the_order_of_argo_cd() {
    let a = |helm: &str| data(&from_helm(helm).unwrap(), "a").to_owned();
    let b = |helm: &str| data(&from_helm(helm).unwrap(), "b").to_owned();
    assert_eq!(a(""), r#""chart""#);
    assert_eq!(a("valueFiles: [one.yaml]"), r#""one""#);
    assert_eq!(a("valueFiles: [one.yaml, /shared.yaml]"), r#""shared""#);
    assert_eq!(a("valueFiles: [/shared.yaml, ../app/one.yaml]"), r#""one""#);
    assert_eq!(a("valueFiles: [one.yaml], values: 'a: inline'"), r#""inline""#);
    assert_eq!(a("values: 'a: inline', valuesObject: {a: [1, {b: 2}]}"), r#"[1,{"b":2}]"#);
    assert_eq!(a("values: 'a: inline', parameters: [{name: a, value: '1'}]"), "1");
    assert_eq!(a("parameters: [{name: a, value: '1', forceString: true}]"), r#""1""#);
    assert_eq!(a("parameters: [{name: a, value: 'x,y'}]"), r#""x,y""#);
    assert_eq!(a(r"parameters: [{name: a, value: 'x\,y'}]"), r#""x,y""#);
    assert_eq!(a("parameters: [{name: a, value: '{x,1}'}]"), r#"["x",1]"#);
    assert_eq!(a("parameters: [{name: a, value: x}, {name: a, value: z}]"), r#""z""#);
    assert_eq!(a("parameters: [{name: a, value: $ARGOCD_APP_NAME}]"), r#""shop""#);
    // A pattern finds files in the order of their names, but not those that are named themselves.
    assert_eq!(b("valueFiles: ['env/*.yaml']"), r#""env-b""#);
    assert_eq!(b("valueFiles: ['env/**/*.yaml', env/a.yaml]"), r#""env-a""#);
}

#[test]
fn files_are_read_as_they_are() {
    let rendered = from_helm("fileParameters: [{name: file, path: /text.txt}]").unwrap();
    assert_eq!(data(&rendered, "file"), r#""line, {with} = signs\n""#);
}

#[test]
fn what_is_missing_is_an_error_unless_it_may_be() {
    let code = |helm: &str| from_helm(helm).unwrap_err().code().to_owned();
    assert_eq!(code("valueFiles: [gone.yaml]"), "source/value-file");
    assert_eq!(code("valueFiles: ['gone/*.yaml']"), "source/value-file");
    assert_eq!(code("valueFiles: ['https://example.com/values.yaml']"), "source/value-file");
    assert_eq!(code("valueFiles: [../../x.yaml]"), "source/path");
    assert_eq!(code("fileParameters: [{name: file, path: gone}]"), "source/value-file");
    let helm = "ignoreMissingValueFiles: true, valueFiles: [gone.yaml, 'gone/*.yaml', one.yaml]";
    assert_eq!(data(&from_helm(helm).unwrap(), "a"), r#""one""#);
}

/// Two repositories and a chart of a Helm repository.
struct Several(FileTree, FileTree, FileTree);

impl Repositories for Several {
    fn tree(&self, url: &str, _: &str) -> Option<&FileTree> {
        match url {
            "charts" => Some(&self.0),
            "values" => Some(&self.1),
            _ => None,
        }
    }

    fn chart(&self, url: &str, chart: &str, version: &str) -> Option<&FileTree> {
        (url == "https://charts.example.com" && chart == "web" && version == "1.2.3").then_some(&self.2)
    }
}

fn several() -> Several {
    let packed = files().into_iter().filter_map(|(path, text)| Some((path.strip_prefix("app/")?, text)));
    Several(
        FileTree::from_files(files()).unwrap(),
        FileTree::from_files([("env/prod.yaml", "a: prod\n"), ("x.txt", "x\n")]).unwrap(),
        FileTree::from_files(packed).unwrap(),
    )
}

#[test]
fn values_of_other_sources() {
    let spec = |files: &str| {
        format!(
            "  sources:\n  - {{repoURL: values, ref: vals}}\n  - {{repoURL: charts, path: app, helm: {{{files}}}}}"
        )
    };
    let rendered = |files: &str| render(&application(&spec(files)), &several(), &Options::default());
    let files =
        "valueFiles: [one.yaml, $vals/env/prod.yaml], fileParameters: [{name: file, path: $vals/x.txt}]";
    let found = rendered(files).unwrap();
    assert_eq!((data(&found, "a"), data(&found, "file")), (r#""prod""#, r#""x\n""#));
    assert_eq!(data(&rendered("valueFiles: ['$vals/**/*.yaml']").unwrap(), "a"), r#""prod""#);
    assert_eq!(rendered("valueFiles: [$vals/gone.yaml]").unwrap_err().code(), "source/value-file");
    // A name that no source has is a variable that is not set.
    assert_eq!(data(&rendered("valueFiles: [$gone/shared.yaml]").unwrap(), "a"), r#""shared""#);
}

#[test]
fn a_chart_of_a_helm_repository() {
    let source = |version: &str| {
        format!("  source: {{repoURL: 'https://charts.example.com', chart: web, targetRevision: {version}}}")
    };
    let rendered = render(&application(&source("1.2.3")), &several(), &Options::default()).unwrap();
    assert_eq!(names(&rendered), ["crd", "shop", "check", "migrate"]);
    let error = render(&application(&source("2.0.0")), &several(), &Options::default()).unwrap_err();
    assert_eq!(error.code(), "source/missing-repository");
    let key = chart_key("https://charts.example.com", "web", "1.2.3");
    let tree = FileTree::default().with_mount(key, several().2);
    assert_eq!(
        render(&application(&source("1.2.3")), &tree, &Options::default()).unwrap().manifests.len(),
        4
    );
}

#[test]
fn charts_of_kustomizations() {
    let build = |entry: &str| {
        let mut all = files();
        let kustomization =
            format!("namespace: spaces\nhelmGlobals: {{chartHome: .}}\nhelmCharts: [{{name: app{entry}}}]\n");
        all.retain(|(path, _)| !path.contains("crds"));
        let tree = FileTree::from_files(all).unwrap().with_file("kustomization.yaml", kustomization).unwrap();
        let options = trueup_kustomize::Options::default().with_charts(Arc::new(Charts::default()));
        trueup_kustomize::build(&tree, ".", &options)
            .map(|manifests| manifests.to_yaml().unwrap())
            .map_err(|error| error.message().to_owned())
    };
    let plain = build("").unwrap();
    assert!(plain.contains("\n  name: release-name\n  namespace: spaces\n"), "{plain}");
    assert!(plain.contains("name: check\n") && plain.contains("name: migrate\n"), "{plain}");
    let few = build(", releaseName: r, skipHooks: true, valuesInline: {a: 7}, kubeVersion: '1.29'").unwrap();
    assert!(few.contains("\n  name: r\n") && !few.contains("migrate"), "{few}");
    assert!(few.contains("a: \"7\"\n") && few.contains("kube: v1.29\n"), "{few}");
    assert!(build(", nameTemplate: '{{ \"n\" }}'").unwrap().contains("\n  name: \"n\"\n"));
    assert!(build(", nameTemplate: x, releaseName: z").unwrap_err().contains("cannot set --name-template"));
}
