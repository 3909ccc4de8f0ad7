//! Operations from start to end: gates, retries, history, rollback; and the deletion of an application.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test: it fails loudly")]

use serde_json::json;
use trueup_manifest::argocd::{Application, Operation, SyncWindow};
use trueup_manifest::{EcoString, Object, Value};
use trueup_sync::*;

struct Mine;

impl World for Mine {
    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }

    fn health(&self, live: &Value) -> Result<Option<Health>, EcoString> {
        let status = live.at(&["status", "health"]).and_then(Value::as_str);
        Ok(status.map(|status| Health::new(HealthStatus::parse(status))))
    }
}

fn read<T: serde::de::DeserializeOwned>(json: serde_json::Value) -> T {
    serde_json::from_value(json).unwrap()
}

fn object(kind: &str, name: &str, annotations: serde_json::Value, health: &str) -> Value {
    read(json!({
        "apiVersion": "v1", "kind": kind, "status": {"health": health},
        "metadata": {"name": name, "namespace": "shop", "annotations": annotations},
    }))
}

fn settings() -> Settings {
    Settings { namespace: "shop".into(), ..Settings::default() }
}

fn one_map() -> Observation {
    let target = object("ConfigMap", "flags", json!({}), "");
    Observation { pairs: vec![Pair { target: Some(target), live: None }], ..Observation::default() }
}

/// Advances until there is nothing to answer any more.
fn advance_call(mut attempts: Attempts, now: i64, gates: &Gates<'_>, fails: bool) -> Advance {
    let mut observation = one_map();
    loop {
        let done = advance(attempts, now, gates, &settings(), &observation, &Mine);
        if done.wake != Wake::Outcomes {
            return done;
        }
        let outcome = || if fails { Outcome::Failed("denied".into()) } else { Outcome::Done("".into()) };
        observation.outcomes = done.actions.iter().map(|action| (action.id, outcome())).collect();
        attempts = serde_json::from_str(&serde_json::to_string(&done.attempts).unwrap()).unwrap();
        assert_eq!(attempts, done.attempts);
    }
}

#[test]
fn a_failed_operation_is_tried_again_with_back_off() {
    let operation: Operation = read(json!({
        "sync": {"revision": "abc"},
        "retry": {"limit": 2, "refresh": true, "backoff": {"duration": "10", "factor": 3, "maxDuration": "1m"}},
    }));
    let gates = Gates::default();
    let first = advance_call(Attempts::new(operation, 1_000), 1_000, &gates, true);
    let base = "one or more objects failed to apply (dry run)";
    assert_eq!(first.attempts.state.message, format!("{base}. Retrying attempt #1 at 12:16AM."));
    assert_eq!((first.attempts.state.operation, first.wake), (OperationPhase::Running, Wake::At(1_030)));

    let early = advance_call(first.attempts.clone(), 1_029, &gates, true);
    assert_eq!((early.wake, early.actions.len()), (Wake::At(1_030), 0));

    let second = advance_call(first.attempts, 1_030, &gates, true);
    assert_eq!((second.attempts.retry_count, second.wake), (2, Wake::At(1_090)));
    assert_eq!(second.attempts.operation.sync.as_ref().unwrap().revision, "");

    let last = advance_call(second.attempts.clone(), 1_090, &gates, true);
    assert_eq!((last.attempts.state.operation, last.wake), (OperationPhase::Failed, Wake::Never));
    assert_eq!(last.attempts.state.message, format!("{base} (retried 2 times)."));
    assert_eq!(last.attempts.finished_at, Some(1_090));

    let healed = advance_call(second.attempts, 1_090, &gates, false);
    assert_eq!(healed.attempts.state.operation, OperationPhase::Succeeded);
    assert_eq!(healed.attempts.state.message, "successfully synced (all tasks run)");
}

#[test]
fn gates_close_in_their_order() {
    let window: SyncWindow =
        read(json!({"kind": "deny", "schedule": "* * * * *", "duration": "1h", "manualSync": false}));
    let start = || Attempts::new(read(json!({"sync": {}})), 1_000);
    let blocked =
        Gates { windows: vec![&window], compare_error: Some("no repository".into()), ..Gates::default() };
    let done = advance_call(start(), 2_000, &blocked, false);
    assert_eq!((done.attempts.state.operation, done.wake), (OperationPhase::Running, Wake::Change));
    assert_eq!(done.attempts.state.message, "Sync operation blocked by sync window");

    let gates = Gates { error_conditions: Some("ComparisonError: x".into()), ..Gates::default() };
    let done = advance_call(start(), 2_000, &gates, false);
    assert_eq!(done.attempts.state.operation, OperationPhase::Error);
    assert_eq!(done.attempts.state.message, "ComparisonError: x");

    // A sync that leaves nothing as it is does not ask what it would leave.
    let gates = Gates { respect_error: Some(SyncError::Respect("no rule".into())), ..Gates::default() };
    assert_eq!(
        advance_call(start(), 2_000, &gates, false).attempts.state.operation,
        OperationPhase::Succeeded
    );
    let respecting = Settings { respect_ignored: true, ..settings() };
    let done = advance(start(), 2_000, &gates, &respecting, &one_map(), &Mine);
    assert_eq!(done.attempts.state.operation, OperationPhase::Error);
    assert_eq!(done.attempts.state.message, "Failed to normalize target resources: no rule");

    let mut terminating = start();
    terminating.state.terminate();
    let done = advance_call(terminating.clone(), 2_000, &blocked, false);
    assert_eq!(done.attempts.state.operation, OperationPhase::Terminating);
    let done = advance_call(terminating, 2_000, &Gates::default(), false);
    assert_eq!(done.attempts.state.message, "Operation terminated");
    assert_eq!(done.wake, Wake::Never);

    let nothing = advance_call(Attempts::new(Operation::default(), 0), 0, &Gates::default(), false);
    assert_eq!(nothing.attempts.state.message, "Invalid operation request: no operation specified");
}

#[test]
fn history_is_recorded_and_gone_back_to() {
    let mut app: Application = read(json!({
        "metadata": {"name": "payment"},
        "spec": {"source": {"repoURL": "https://example.com/r", "targetRevision": "main"}},
        "status": {"history": [{"id": 4, "revision": "old", "deployedAt": "", "source": {"repoURL": "https://example.com/r"}}]},
    }));
    let done = advance_call(
        Attempts::new(read(json!({"sync": {"revision": "new"}})), 0),
        0,
        &Gates::default(),
        false,
    );
    let entry = history_entry(&app, &done.attempts, 60).unwrap();
    assert_eq!((entry.id, entry.revision.as_str()), (5, "new"));
    assert_eq!(entry.deployed_at, "1970-01-01T00:01:00Z");
    let selective = json!({"sync": {"resources": [{"kind": "ConfigMap", "name": "flags"}]}});
    let done = advance_call(Attempts::new(read(selective), 0), 0, &Gates::default(), false);
    assert_eq!(history_entry(&app, &done.attempts, 60), None);

    let back = rollback(&app, 4, true, false).unwrap().sync.unwrap();
    assert_eq!((back.revision.as_str(), back.prune), ("old", true));
    assert!(Settings::new(&app, &back).skip_hooks);
    assert_eq!(rollback(&app, 9, true, false).unwrap_err().code(), "sync/unknown-history-id");
    app.spec.sync_policy = read(json!({"automated": {}}));
    assert_eq!(rollback(&app, 4, true, false).unwrap_err().code(), "sync/rollback-while-automated");
}

fn deleted_app(finalizers: &[&str]) -> Application {
    read(json!({
        "metadata": {"name": "payment", "deletionTimestamp": "2024-01-01T00:00:00Z", "finalizers": finalizers},
        "spec": {"destination": {"namespace": "shop"}},
    }))
}

fn decide(app: &Application, live: &[Value], hooks: &[Value]) -> Deletion {
    delete_application(&DeletionQuestion { app, destination_exists: true, live, hooks }, &Mine)
}

fn deleted(deletion: &Deletion) -> Vec<&str> {
    match deletion {
        Deletion::Delete { objects, .. } => objects.iter().map(|key| key.name.as_str()).collect(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_application_is_deleted_from_its_last_wave_to_its_first() {
    let app = deleted_app(&["resources-finalizer.argocd.argoproj.io/background"]);
    let wave = |name, wave: &str, options: &str| {
        object("Pod", name, json!({SYNC_WAVE: wave, SYNC_OPTIONS: options}), "")
    };
    let crd: Value = read(json!({
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "x"},
    }));
    let mut live =
        vec![wave("a", "0", ""), wave("b", "5", ""), wave("c", "5", "Delete=false"), wave("d", "5", ""), crd];
    let first = decide(&app, &live, &[]);
    assert_eq!(deleted(&first), ["b", "d"]);
    assert!(matches!(&first, Deletion::Delete { propagation: Propagation::Background, .. }));
    live.retain(|object| !matches!(Object::new(object).name(), "b" | "d"));
    assert_eq!(deleted(&decide(&app, &live, &[])), ["a"]);
    live.retain(|object| Object::new(object).name() != "a");
    let finalizers = vec!["resources-finalizer.argocd.argoproj.io/background".into()];
    assert_eq!(decide(&app, &live, &[]), Deletion::RemoveFinalizers(finalizers));
    assert_eq!(decide(&deleted_app(&[]), &live, &[]), Deletion::Done);
}

#[test]
fn a_deletion_waits_for_confirmation() {
    let mut app = deleted_app(&[RESOURCES_FINALIZER]);
    let live = [object("Pod", "a", json!({SYNC_OPTIONS: "Delete=confirm"}), "")];
    assert!(matches!(decide(&app, &live, &[]), Deletion::Wait(_)));
    app.metadata.annotations.insert(DELETION_APPROVED.into(), "2023-12-31T23:59:59Z".into());
    assert!(matches!(decide(&app, &live, &[]), Deletion::Wait(_)));
    app.metadata.annotations.insert(DELETION_APPROVED.into(), "2024-01-01T00:00:00Z".into());
    assert_eq!(deleted(&decide(&app, &live, &[])), ["a"]);
}

#[test]
fn deletion_hooks_come_before_and_after() {
    let before = "pre-delete-finalizer.argocd.argoproj.io";
    let app = deleted_app(&[before, RESOURCES_FINALIZER]);
    let hook = |health| {
        object("Job", "bye", json!({HOOK: "PreDelete", HOOK_DELETE_POLICY: "HookSucceeded"}), health)
    };
    let created = Deletion::CreateHooks(vec![hook("")]);
    assert_eq!(decide(&app, &[], &[hook("")]), created);
    assert!(matches!(decide(&app, &[hook("Progressing")], &[hook("")]), Deletion::Wait(_)));
    let failed = decide(&app, &[hook("Degraded")], &[hook("")]);
    assert_eq!(deleted(&failed), ["bye"]);
    assert!(
        matches!(&failed, Deletion::Delete { error: Some(error), .. } if error == "PreDelete hook(s) failed: shop/bye")
    );
    assert_eq!(
        decide(&app, &[hook("Healthy")], &[hook("")]),
        Deletion::RemoveFinalizers(vec![before.into()])
    );

    let cleanup = format!("{before}/cleanup");
    let app = deleted_app(&[&cleanup]);
    assert_eq!(deleted(&decide(&app, &[hook("Healthy")], &[])), ["bye"]);
    let kept = Deletion::RemoveFinalizers(vec![cleanup.as_str().into()]);
    assert_eq!(decide(&app, &[hook("Degraded")], &[]), kept);

    let question = DeletionQuestion { app: &app, destination_exists: false, live: &[], hooks: &[] };
    assert_eq!(delete_application(&question, &Mine), kept);
}
