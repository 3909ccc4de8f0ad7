//! Exporting, restoring and comparing.
#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests read their fixtures, and fail by panicking"
)]

use trueup_backup::{ExportOptions, Outcome, Stage, dangers, export, lint_jobs, stage_of, verify_restore};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Map, Object, Value};

/// What nobody may see.
const SECRET: &str = "aHVudGVyMg==";

const CLUSTER: &str = "apiVersion: v1
kind: List
items:
- apiVersion: argoproj.io/v1alpha1
  kind: Application
  metadata:
    name: web
    namespace: argocd
    uid: 1
    resourceVersion: '5'
    generation: 3
    creationTimestamp: '2026-01-01T00:00:00Z'
    managedFields: [{manager: kubectl}]
    selfLink: /x
    annotations: {kubectl.kubernetes.io/last-applied-configuration: '{\"a\": \"aHVudGVyMg==\"}', keep: me}
    finalizers: [resources-finalizer.argocd.argoproj.io]
  operation: {sync: {}}
  spec: {destination: {server: https://far.example.com, namespace: web}, syncPolicy: {automated: {prune: true, allowEmpty: true}}, source: {repoURL: r}}
  status: {sync: {status: Synced}}
- apiVersion: argoproj.io/v1alpha1
  kind: Application
  metadata: {name: made, namespace: argocd, ownerReferences: [{kind: ApplicationSet, name: all}]}
  spec: {project: shop}
- apiVersion: argoproj.io/v1alpha1
  kind: ApplicationSet
  metadata: {name: all, namespace: argocd}
  spec: {generators: []}
- {apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: shop, namespace: argocd}, spec: {description: d}}
- {apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: {name: elsewhere, namespace: team-a}, spec: {project: shop}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: argocd-cm, namespace: argocd}, data: {url: u}}
- {apiVersion: v1, kind: ConfigMap, metadata: {name: other, namespace: argocd}, data: {url: u}}
- {apiVersion: v1, kind: Secret, metadata: {name: argocd-secret, namespace: argocd}, data: {admin.password: aHVudGVyMg==}}
- {apiVersion: v1, kind: Secret, metadata: {name: repo, namespace: argocd, labels: {argocd.argoproj.io/secret-type: repository}}, data: {url: dQ==, password: aHVudGVyMg==}}
- {apiVersion: v1, kind: Secret, metadata: {name: unrelated, namespace: argocd}, data: {a: aHVudGVyMg==}}
";

fn parse(text: &str) -> Vec<Value> {
    yaml::parse_stream(text.as_bytes(), &ParseOptions::kubernetes()).unwrap()
}

/// Does what a cluster does with what is applied.
fn apply(objects: &[Value]) -> Vec<Value> {
    let applied = |object: &Value| {
        let mut object = object.clone();
        let metadata = object.get_mut("metadata").and_then(Value::as_map_mut).unwrap();
        if metadata.get("namespace").is_none() {
            metadata.insert("namespace", "argocd");
        }
        metadata.insert("uid", "2");
        metadata.insert("resourceVersion", "9");
        metadata.insert("managedFields", vec![Value::from(Map::new())]);
        object.as_map_mut().unwrap().insert("status", Map::from_iter([("health", "x")]));
        object
    };
    objects.iter().rev().map(applied).collect()
}

#[test]
fn a_backup_holds_what_is_restored_in_its_order_and_no_secret() {
    let backup = export(&parse(CLUSTER), &ExportOptions::default());
    let names: Vec<String> =
        backup.objects.iter().map(|object| Object::new(object).key().to_string()).collect();
    assert_eq!(
        names,
        [
            "/ConfigMap//argocd-cm",
            "argoproj.io/AppProject//shop",
            "argoproj.io/ApplicationSet//all",
            "argoproj.io/Application//web",
            "argoproj.io/Application/team-a/elsewhere",
        ]
    );
    let web = backup.objects.iter().find(|object| Object::new(object).name() == "web").unwrap();
    let expected = "apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  annotations:
    keep: me
  finalizers:
  - resources-finalizer.argocd.argoproj.io
  name: web
spec:
  destination:
    namespace: web
    server: https://far.example.com
  source:
    repoURL: r
  syncPolicy:
    automated:
      allowEmpty: true
      prune: true
";
    assert_eq!(yaml::to_string(web).unwrap(), expected);
    assert_eq!(backup.generated.len(), 1);
    let keys: Vec<(&str, &str, usize)> = backup
        .secrets
        .iter()
        .map(|secret| (secret.name.as_str(), secret.secret_type.as_str(), secret.keys.len()))
        .collect();
    assert_eq!(keys, [("argocd-secret", "", 1), ("repo", "repository", 2)]);
    for text in [format!("{backup:?}"), backup.to_yaml().unwrap(), backup.generated_yaml().unwrap()] {
        assert!(!text.contains(SECRET), "{text}");
    }
}

#[test]
fn secrets_and_status_are_there_when_they_are_asked_for() {
    let all = export(&parse(CLUSTER), &ExportOptions::default().with_secrets().with_status());
    let text = all.to_yaml().unwrap();
    assert!(text.contains(SECRET) && text.contains("status: Synced") && !text.contains("unrelated"));
    assert!(!format!("{all:?}").contains(SECRET));
    let found = dangers(&all.objects, Some(&["https://near.example.com".into()]));
    let codes: Vec<&str> = found.iter().map(|found| found.code.trim_start_matches("backup/")).collect();
    assert_eq!(codes, ["plain-secret", "plain-secret", "prunes-empty", "unknown-destination"]);
    assert!(!format!("{found:?}").contains(SECRET));
    assert_eq!(dangers(&all.objects, Some(&["https://far.example.com".into()])).len(), 3);
    let namespace = export(&parse(CLUSTER), &ExportOptions::default().in_namespace("team-a"));
    assert!(namespace.to_yaml().unwrap().contains("namespace: argocd"));
}

#[test]
fn what_was_restored_is_exported_as_it_was() {
    for options in [ExportOptions::default(), ExportOptions::default().with_secrets()] {
        let backup = export(&parse(CLUSTER), &options);
        let text = backup.to_yaml().unwrap();
        let again = export(&apply(&parse(&text)), &options);
        assert_eq!(again.to_yaml().unwrap(), text);
        let verification = verify_restore(&parse(&text), &apply(&backup.objects), &options);
        assert!(verification.is_complete() && verification.verdicts.len() == backup.objects.len());
    }
}

#[test]
fn what_differs_is_named_without_its_values() {
    let options = ExportOptions::default().with_secrets();
    let backup = export(&parse(CLUSTER), &options);
    let live = CLUSTER
        .replace("description: d", "description: changed")
        .replace("data: {url: dQ==, password: aHVudGVyMg==}", "data: {url: dQ==, password: bmV3}");
    let live = live
        .replace("name: elsewhere", "name: renamed")
        .replace("source: {repoURL: r}", "source: {repoURL: r, chart: ''}, project: default");
    let verification = verify_restore(&backup.objects, &parse(&live), &options);
    let told = |name: &str| {
        let verdict = verification.verdicts.iter().find(|verdict| verdict.key.name == name);
        verdict.unwrap().outcome.clone()
    };
    assert_eq!(told("shop"), Outcome::Differs(vec!["spec.description".into()]));
    assert_eq!(told("repo"), Outcome::Differs(vec!["data.password".into()]));
    assert_eq!((told("elsewhere"), told("renamed")), (Outcome::Missing, Outcome::Extra));
    assert_eq!((told("web"), told("argocd-secret")), (Outcome::Identical, Outcome::Identical));
    let shown = format!("{verification:?}");
    assert!(!shown.contains(SECRET) && !shown.contains("bmV3") && !verification.is_complete());
    let nothing = verify_restore(&[], &parse(CLUSTER), &ExportOptions::default());
    assert_eq!(nothing.warnings.len(), 1, "{:?}", nothing.warnings);
    assert!(
        nothing
            .verdicts
            .iter()
            .all(|verdict| verdict.outcome == Outcome::Extra && verdict.key.kind != "Secret")
    );
}

#[test]
fn jobs_that_read_secrets_are_found() {
    let job = |command: &str| {
        let text = format!(
            "{{apiVersion: batch/v1, kind: CronJob, metadata: {{name: b}}, spec: {{jobTemplate: {{spec: {{template: {{spec: {{containers: [{{name: c, command: [sh, -c, '{command}']}}]}}}}}}}}}}}}"
        );
        lint_jobs(&parse(&text)).len()
    };
    for command in [
        "kubectl get secret argocd-secret -n argocd -o yaml > /b/s.yaml",
        "kubectl -n argocd get secrets -o yaml",
        "kubectl get applications,secrets -o yaml",
        "/usr/bin/kubectl get secret/argocd-secret",
        "argocd admin export -n argocd > /b/all.yaml",
    ] {
        assert_eq!(job(command), 1, "{command}");
    }
    for command in [
        "kubectl get applications -o yaml",
        "echo kubectl ; get secret",
        "argocd app list",
        "kubectl get cm -o yaml && rm secret",
    ] {
        assert_eq!(job(command), 0, "{command}");
    }
    let fragment = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/seed-fixtures/fragments/argocd-backup-cronjob.yaml"
    );
    if let Ok(text) = std::fs::read_to_string(fragment) {
        let reads_secrets = text.contains("get secret");
        assert_eq!(lint_jobs(&parse(&text)).len(), usize::from(reads_secrets));
    }
}

#[test]
fn odd_objects_are_passed_over() {
    for odd in [
        "null",
        "[]",
        "1",
        "{kind: List, items: 3}",
        "{kind: List}",
        "{apiVersion: v1, kind: Secret, metadata: 3}",
        "{kind: Application}",
    ] {
        let objects = parse(odd);
        assert!(objects.iter().all(|object| stage_of(object).is_none()), "{odd}");
        assert!(export(&objects, &ExportOptions::default()).objects.is_empty());
        assert!(verify_restore(&objects, &objects, &ExportOptions::default()).is_complete());
        assert!(lint_jobs(&objects).is_empty());
    }
    let bare = parse("{apiVersion: argoproj.io/v1alpha1, kind: Application, metadata: 3, spec: 4}");
    assert_eq!(stage_of(&bare[0]), Some(Stage::Applications));
    assert_eq!(export(&bare, &ExportOptions::default()).objects.len(), 1);
}
