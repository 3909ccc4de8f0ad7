//! What a preview says of settings, rules and clusters that the golden reports do not show.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use trueup::report::{ApplicationReport, Report};
use trueup::{Cluster, PreviewOptions, World, preview};
use trueup_manifest::{FileTree, Value};

const APPLICATION: &str = "apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: web, annotations: {argocd.argoproj.io/compare-options: \"OPTIONS\"}}
spec:
  project: shop
  source: {repoURL: r, path: web}
  destination: {server: here, namespace: web}
  ignoreDifferences: RULES
";

fn live(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

fn run(files: &[(&str, String)], objects: &[serde_json::Value]) -> Report {
    let tree = FileTree::from_files(files.iter().map(|(path, text)| (*path, text.as_str()))).unwrap();
    let mut world = World::default();
    world.now = Some(1000);
    world.repositories.push(("r".into(), tree.clone()));
    let mut cluster = Cluster::default();
    (cluster.name, cluster.server) = ("here".into(), "here".into());
    cluster.live = Some(objects.iter().cloned().map(live).collect());
    world.clusters.push(cluster);
    preview(&tree, &world, &PreviewOptions::default())
}

fn application(options: &str, rules: &str) -> (&'static str, String) {
    ("apps/web.yaml", APPLICATION.replace("OPTIONS", options).replace("RULES", rules))
}

fn settings(data: &str) -> (&'static str, String) {
    (
        "argocd-cm.yaml",
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: argocd-cm}}\ndata:\n{data}"),
    )
}

fn web(report: &Report) -> &ApplicationReport {
    report.applications.iter().find(|application| application.name == "web").unwrap()
}

fn sync(application: &ApplicationReport) -> String {
    format!("{:?}", application.sync)
}

fn codes(application: &ApplicationReport) -> Vec<String> {
    application.diagnostics.iter().map(|diagnostic| diagnostic.code.to_string()).collect()
}

fn marked(kind: &str, api_version: &str, name: &str, namespace: Option<&str>) -> serde_json::Value {
    let group = api_version.rsplit_once('/').map_or("", |(group, _)| group);
    let annotations =
        serde_json::json!({"argocd.argoproj.io/tracking-id": format!("web:{group}/{kind}:web/{name}")});
    let metadata = match namespace {
        Some(namespace) => {
            serde_json::json!({"name": name, "namespace": namespace, "annotations": annotations})
        }
        None => serde_json::json!({"name": name, "annotations": annotations}),
    };
    serde_json::json!({"apiVersion": api_version, "kind": kind, "metadata": metadata})
}

#[test]
fn a_rule_that_is_none_costs_what_it_is_about() {
    let files = [
        application("", "[{group: '', kind: ConfigMap, jqPathExpressions: ['.[']}]"),
        ("web/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: b}\n".into()),
        ("web/b.yaml", "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: s}\n".into()),
    ];
    let mut map = marked("ConfigMap", "v1", "m", Some("web"));
    map["data"] = serde_json::json!({"a": "other"});
    let report = run(&files, &[map]);
    let web = web(&report);
    assert_eq!(sync(web), "Unknown");
    assert!(codes(web).contains(&"diff/bad-setting".to_owned()), "{:?}", web.diagnostics);
    assert!(
        web.diagnostics.iter().any(|d| d.message.contains("spec.ignoreDifferences[0].jqPathExpressions[0]"))
    );
    // The other object is compared all the same.
    assert!(web.resources.iter().any(|resource| resource.key.name == "s"), "{:?}", web.resources);
}

#[test]
fn settings_that_cannot_be_read_are_told_and_the_others_count() {
    let files = [
        application("", "[]"),
        settings(
            "  resource.customizations.nonsense.X: a\n  resource.customizations.ignoreDifferences.ConfigMap: 'jsonPointers: [/data]'\n",
        ),
        ("web/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\ndata: {a: b}\n".into()),
    ];
    let mut map = marked("ConfigMap", "v1", "m", Some("web"));
    map["data"] = serde_json::json!({"a": "other"});
    let report = run(&files, &[map]);
    assert!(report.diagnostics.iter().any(|d| d.code == "diff/bad-setting"), "{:?}", report.diagnostics);
    assert_eq!(sync(web(&report)), "Synced");
}

#[test]
fn excluded_kinds_take_no_part() {
    let files = [
        application("", "[]"),
        settings("  resource.exclusions: '[{kinds: [ConfigMap], clusters: [he*]}]'\n"),
        ("web/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n".into()),
    ];
    let report = run(&files, &[marked("ConfigMap", "v1", "old", Some("web"))]);
    let web = web(&report);
    assert_eq!(codes(web), ["diff/excluded-resource"]);
    assert!(web.resources.is_empty() && web.deletions.is_empty(), "{web:?}");
    assert_eq!(sync(web), "Synced");
}

#[test]
fn orphans_are_told_where_the_project_asks() {
    let project = "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata: {name: shop}\nspec:\n  sourceRepos: ['*']\n  destinations: [{server: '*', namespace: '*'}]\n  orphanedResources: {warn: true, ignore: [{kind: ConfigMap, name: 'kept-*'}]}\n";
    let files = [
        application("", "[]"),
        ("project.yaml", project.into()),
        ("web/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n".into()),
    ];
    let plain = |name: &str, namespace: &str| serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": namespace}});
    let objects = [
        marked("ConfigMap", "v1", "m", Some("web")),
        plain("lost", "web"),
        plain("kept-1", "web"),
        plain("lost", "elsewhere"),
    ];
    let report = run(&files, &objects);
    let warning = web(&report).diagnostics.iter().find(|d| d.code == "diff/orphaned-resources").unwrap();
    assert_eq!(warning.message, "Application has 1 orphaned resources");
    assert_eq!(warning.help.as_deref(), Some("/ConfigMap/web/lost"));
}

#[test]
fn the_clusters_definitions_tell_scopes() {
    let crd = serde_json::json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "i.example.io"},
        "spec": {"group": "example.io", "scope": "Cluster", "names": {"kind": "Issuer"}, "versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"type": "object"}}}]}});
    let files = [
        application("", "[]"),
        ("web/a.yaml", "apiVersion: example.io/v1\nkind: Issuer\nmetadata: {name: i}\nspec: {a: 1}\n".into()),
    ];
    let mut issuer = marked("Issuer", "example.io/v1", "i", None);
    issuer["spec"] = serde_json::json!({"a": 1});
    let report = run(&files, &[crd, issuer.clone()]);
    assert_eq!(sync(web(&report)), "Synced", "{:?}", web(&report));
    // Without them the object is found all the same, and nothing is deleted or made.
    let report = run(&files, &[issuer]);
    assert!(web(&report).deletions.is_empty() && web(&report).plan.is_empty(), "{:?}", web(&report));
}

#[test]
fn a_server_side_diff_is_computed_and_said_to_be() {
    let files = [
        application("ServerSideDiff=true", "[]"),
        ("web/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n".into()),
    ];
    let report = run(&files, &[marked("ConfigMap", "v1", "m", Some("web"))]);
    assert_eq!(codes(web(&report)), ["trueup/no-dry-run"]);
    assert_eq!(sync(web(&report)), "Synced");
}

#[test]
fn the_repositorys_own_checks_are_run() {
    let lua = "local os = require('os') if os.time() == 1000 then return {status = 'Degraded', message = 'late'} end return {status = 'Healthy'}";
    let files = [
        application("", "[]"),
        settings(&format!(
            "  resource.customizations.health.ConfigMap: \"{lua}\"\n  resource.customizations: \"'*.example.io/*': {{health.lua: 'return {{'}}\"\n"
        )),
        ("web/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m}\n".into()),
    ];
    let report = run(&files, &[marked("ConfigMap", "v1", "m", Some("web"))]);
    assert_eq!(web(&report).health, "Degraded", "{:?}", web(&report));
    assert!(report.diagnostics.iter().any(|d| d.code == "health/bad-script"), "{:?}", report.diagnostics);
}

/// Under `RespectIgnoreDifferences=true` the live wave counts where a rule ignores waves.
#[test]
fn a_plan_leaves_ignored_fields_as_they_are() {
    let plan_of = |rules: &str, option: &str| {
        let (path, text) = application("", rules);
        let files = [
            (path, format!("{text}  syncPolicy: {{automated: {{}}, syncOptions: [{option}]}}\n")),
            (
                "web/a.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: m, annotations: {argocd.argoproj.io/sync-wave: '1'}}\ndata: {a: b}\n"
                    .into(),
            ),
        ];
        let mut map = marked("ConfigMap", "v1", "m", Some("web"));
        map["metadata"]["annotations"]["argocd.argoproj.io/sync-wave"] = "5".into();
        map["data"] = serde_json::json!({"a": "other"});
        let report = run(&files, &[map]);
        web(&report).plan.iter().map(|step| (step.wave, step.options.join(","))).collect::<Vec<_>>()
    };
    let waves =
        "[{group: '', kind: ConfigMap, jsonPointers: [/metadata/annotations/argocd.argoproj.io~1sync-wave]}]";
    let option = "RespectIgnoreDifferences=true";
    assert_eq!(plan_of(waves, "Validate=true"), [(1, String::new())]);
    assert_eq!(plan_of(waves, option), [(5, option.to_owned())]);
}

/// What cannot be read is told with its field and its place, whichever document of the file it is.
#[test]
fn objects_that_cannot_be_read_say_where() {
    let (_, text) = application("", "[]");
    let text = format!(
        "{text}---\n{}",
        text.replace("name: web", "name: other").replace("project: shop", "project: y")
    );
    let report = run(&[("apps.yaml", text.clone())], &[]);
    let unreadable = report.diagnostics.iter().find(|found| found.code == "trueup/object").unwrap();
    assert_eq!(
        unreadable.message,
        "this Application cannot be read: spec.project: invalid type: boolean `true`, expected a string"
    );
    let span = unreadable.locations[0].span.unwrap();
    assert_eq!(text.get(span.start.offset..span.end.offset), Some("y"));
}

#[test]
fn a_field_that_differs_says_what_set_it() {
    let source = "{repoURL: r, path: web, kustomize: {images: ['web:v3']}}";
    let files = [
        ("apps/web.yaml", APPLICATION.replace("OPTIONS", "").replace("RULES", "[]").replace("{repoURL: r, path: web}", source)),
        (
            "web/kustomization.yaml",
            "resources: [pod.yaml]\nconfigMapGenerator: [{name: m, literals: [a=b]}]\nsecretGenerator: [{name: s, literals: [token=canary-4711]}]\n".into(),
        ),
        (
            "web/pod.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  hostname: new\n  containers:\n  - name: app\n    image: web:v1\n    envFrom: [{configMapRef: {name: m}}]\n".into(),
        ),
    ];
    let mut pod = marked("Pod", "v1", "p", Some("web"));
    pod["spec"] = serde_json::json!({
        "hostname": "old",
        "containers": [{"name": "app", "image": "web:v0", "envFrom": [{"configMapRef": {"name": "m-old"}}]}],
    });
    let report = run(&files, &[pod]);
    let resources = &web(&report).resources;
    let fields = &resources.iter().find(|resource| resource.key.kind == "Pod").unwrap().fields;
    let told: Vec<String> = fields
        .iter()
        .map(|field| {
            let by = field.set_by.as_ref().unwrap();
            let line = by.line.map_or_else(String::new, |line| line.to_string());
            format!("{}:{line} {} {}", by.file, by.by, by.follows.as_deref().unwrap_or_default())
        })
        .collect();
    let reference = told.iter().find(|told| told.contains("name reference")).unwrap();
    assert!(reference.starts_with(": name reference ConfigMap/m-"), "{reference}");
    assert!(told.contains(&"web/pod.yaml:5 resources ".to_owned()), "{told:?}");
    assert!(told.contains(&"apps/web.yaml:6 spec.source.kustomize.images ".to_owned()), "{told:?}");
    let text = report.to_text(trueup::report::Colours::Off);
    assert!(text.contains("\n      set by  web/pod.yaml:5  resources\n"), "{text}");
    assert!(
        report.to_markdown().contains(", set by `web/pod.yaml:5` `resources`"),
        "{}",
        report.to_markdown()
    );
}
