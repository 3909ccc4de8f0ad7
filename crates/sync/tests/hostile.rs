//! Input that means harm, or makes no sense: nothing panics, nothing takes for ever, nothing unknown is deleted.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test: it fails loudly")]

use serde_json::json;
use trueup_manifest::Value;
use trueup_manifest::argocd::{AppProjectSpec, RetryStrategy, SyncWindow};
use trueup_sync::*;

struct Mine;

impl World for Mine {
    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }
}

fn value(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

fn annotated(kind: &str, name: &str, annotations: serde_json::Value) -> Value {
    value(json!({"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "annotations": annotations}}))
}

fn settings() -> Settings {
    Settings { namespace: "shop".into(), prune: true, ..Settings::default() }
}

/// Answers everything with success until the operation ends; returns it and the number of steps.
fn run_to_end(settings: &Settings, mut observation: Observation) -> (State, usize) {
    let mut state = State::new(0);
    let mut written: Vec<Value> = Vec::new();
    for steps in 1..10_000 {
        let done = step(state, settings, &observation, &Mine);
        state = done.state;
        if done.next == Next::Never {
            return (state, steps);
        }
        for action in &done.actions {
            if let ActionKind::Write { manifest, how } = &action.kind
                && !how.dry_run
            {
                written.push(manifest.clone());
            }
        }
        observation.outcomes =
            done.actions.iter().map(|action| (action.id, Outcome::Done("done".into()))).collect();
        if done.next == Next::Change {
            observation.pairs.retain(|pair| pair.target.is_some());
            observation
                .pairs
                .extend(written.iter().map(|live| Pair { target: None, live: Some(live.clone()) }));
        }
    }
    panic!("does not end: {}", state.message)
}

#[test]
fn absurd_waves_are_waves() {
    for (wave, read) in [
        ("9223372036854775807", i64::MAX),
        ("-9223372036854775808", i64::MIN),
        ("9223372036854775808", 0),
        ("+5", 5),
        (" 5", 0),
        ("5.0", 0),
        ("٥", 0),
        ("", 0),
    ] {
        let object = annotated("ConfigMap", "x", json!({SYNC_WAVE: wave}));
        assert_eq!(hooks_wave(&object), read, "{wave:?}");
        let last = Settings { prune_last: true, ..settings() };
        let observation = Observation {
            pairs: vec![
                Pair { target: Some(object.clone()), live: None },
                Pair { target: None, live: Some(annotated("Secret", "y", json!({SYNC_WAVE: wave}))) },
            ],
            ..Observation::default()
        };
        assert_eq!(run_to_end(&last, observation).0.operation, OperationPhase::Succeeded);
    }
}

fn hooks_wave(object: &Value) -> i64 {
    trueup_sync::wave(object)
}

#[test]
fn objects_without_sense_are_survived() {
    let odd = [
        json!(null),
        json!([]),
        json!("text"),
        json!({}),
        json!({"kind": "Pod"}),
        json!({"metadata": "text", "kind": 7}),
        json!({"kind": "Namespace", "apiVersion": "v1", "metadata": {"annotations": [1, 2], "finalizers": "x"}}),
        json!({"kind": "Job", "metadata": {"annotations": {HOOK: 1, SYNC_OPTIONS: null, SYNC_WAVE: {}}}}),
        json!({"kind": "Job", "metadata": {"annotations": {HOOK: "PreSync"}}}),
        json!({"kind": "CustomResourceDefinition", "apiVersion": "apiextensions.k8s.io/v1", "spec": []}),
        json!({"spec": {"template": {"spec": {"volumes": 1, "containers": [null, {"env": [{}]}]}}}, "roleRef": 3}),
    ];
    let all: Vec<Value> = odd.iter().cloned().map(value).collect();
    let Reconciled { pairs, hooks } = reconcile(&all, &all, "shop", &Mine);
    let observation = Observation { pairs, hooks, ..Observation::default() };
    let planned = plan(&settings(), &observation, 0, &Mine);
    assert!(!planned.to_string().is_empty());
    run_to_end(&settings(), observation);
    let parts = partition(all.clone());
    assert_eq!(parts.sync.len(), all.len());
}

#[test]
fn ten_thousand_hooks_run_once_each() {
    let hooks: Vec<Value> = (0..10_000)
        .map(|index| {
            annotated("ConfigMap", &format!("h{index}"), json!({HOOK: "PreSync,Sync,PostSync,SyncFail"}))
        })
        .collect();
    let observation = Observation { hooks: hooks.clone(), ..Observation::default() };
    let planned = plan(&settings(), &observation, 0, &Mine);
    assert_eq!((planned.steps.len(), planned.groups()), (40_000, 4));
    let first = step(State::new(0), &settings(), &observation, &Mine);
    assert_eq!(first.actions.len(), 40_000);
}

#[test]
fn many_kinds_and_waves_take_one_step_each() {
    let pairs = (0..400).map(|index| Pair {
        target: Some(annotated(&format!("Kind{index}"), "x", json!({SYNC_WAVE: (index % 20).to_string()}))),
        live: None,
    });
    let (state, steps) =
        run_to_end(&settings(), Observation { pairs: pairs.collect(), ..Observation::default() });
    assert_eq!(state.operation, OperationPhase::Succeeded);
    assert!(steps < 500, "{steps}");
}

#[test]
fn schedules_and_durations_without_sense_are_errors() {
    for schedule in [
        "",
        " ",
        "*",
        "* * * *",
        "* * * * * *",
        "@daily",
        "60 * * * *",
        "* 24 * * *",
        "* * 0 * *",
        "* * 32 * *",
        "* * * 13 *",
        "* * * * 7",
        "*/0 * * * *",
        "5-1 * * * *",
        "1-2-3 * * * *",
        "1/2/3 * * * *",
        "-1 * * * *",
        "99999999999999999999 * * * *",
        "* * * FOO *",
        "TZ=Nowhere/Land * * * * *",
        "TZ=UTC",
        "é * * * *",
    ] {
        let error = Schedule::parse(schedule).unwrap_err();
        assert_eq!(error.code(), "sync/invalid-schedule", "{schedule:?}");
    }
    for duration in ["", "1", "h", "1d", "-", "1h1", "99999999999h", "１h", "1h-1m"] {
        let window = SyncWindow {
            kind: "allow".into(),
            schedule: "* * * * *".into(),
            duration: duration.into(),
            ..SyncWindow::default()
        };
        assert_eq!(validate_window(&window).unwrap_err().code(), "sync/invalid-duration", "{duration:?}");
        assert!(window_active(&window, 0, 0).is_err());
    }
}

#[test]
fn windows_at_the_edge_of_time_are_survived() {
    for (time, duration) in
        [(i64::MIN, "1h"), (i64::MAX, "1h"), (0, "2562047h"), (0, "-2562047h"), (i64::MAX / 2, "0")]
    {
        for schedule in ["* * * * *", "0 0 29 2 *", "0 0 31 2 *", ", , , , ,"] {
            let window = SyncWindow {
                kind: "deny".into(),
                schedule: schedule.into(),
                duration: duration.into(),
                time_zone: "Pacific/Kiritimati".into(),
                ..SyncWindow::default()
            };
            let question = WindowQuestion { manual: false, now: time, operation_started_at: Some(i64::MIN) };
            let _ = can_sync(&[&window], question);
        }
    }
}

#[test]
fn backoffs_without_sense_are_survived() {
    let retry = |duration: &str, factor, max: &str| -> RetryStrategy {
        serde_json::from_value(
            json!({"backoff": {"duration": duration, "factor": factor, "maxDuration": max}}),
        )
        .unwrap()
    };
    for count in [i64::MIN, -1, 0, 1, i64::MAX] {
        for factor in [i64::MIN, -3, 0, 1, i64::MAX] {
            for (duration, max) in
                [("5s", "0"), ("-5s", "-1h"), ("9223372036", "1h"), ("99999999999999", "0")]
            {
                let _ = retry_wait(&retry(duration, factor, max), count);
            }
        }
        let backoff = SelfHealBackoff { duration: f64::NAN, factor: f64::INFINITY, cap: f64::NAN };
        let _ = self_heal_remaining(SelfHeal { timeout: 1.0, backoff: Some(backoff) }, count, Some(f64::NAN));
    }
    assert!(retry_wait(&retry("soon", 2, ""), 0).is_err());
}

#[test]
fn patterns_are_matched_in_good_time() {
    let pattern = format!("{}b", "*a".repeat(500));
    assert!(!matches_glob(&pattern, &"a".repeat(1_000), false));
    let nested = format!("{}x", "{a,".repeat(10_000));
    assert!(!matches_glob(&nested, "x", false));
    let project: AppProjectSpec = serde_json::from_value(json!({
        "sourceRepos": ["[", "\\", "{", "https://h:port/", "::", "%zz"], "destinations": [{"server": "[", "namespace": "!["}],
    }))
    .unwrap();
    assert!(!source_permitted(&project, "https://example.com/x"));
    assert!(!destination_permitted(&project, &Cluster::default(), "x", &[]));
}

#[test]
fn nothing_unknown_is_deleted() {
    // Whoever does not say what belongs to the application deletes nothing.
    let live = annotated("Secret", "somebody-elses", json!({}));
    let observation =
        Observation { pairs: vec![Pair { target: None, live: Some(live) }], ..Observation::default() };
    let planned = plan(&settings(), &observation, 0, &NoWorld);
    assert!(planned.steps.is_empty() && planned.deletions.is_empty());
    let done = step(State::new(0), &settings(), &observation, &NoWorld);
    assert_eq!((done.state.operation, done.actions.len()), (OperationPhase::Succeeded, 0));
}

#[test]
fn a_guard_refuses_before_anything_is_done() {
    let pair = |index: usize, desired: bool| {
        let object = annotated("ConfigMap", &format!("c{index}"), json!({}));
        Pair { target: desired.then(|| object.clone()), live: Some(object) }
    };
    let pairs: Vec<Pair> = (0..10).map(|index| pair(index, index >= 4)).collect();
    let observation = Observation { pairs, ..Observation::default() };
    let guarded = |max_percent| Settings {
        guard: PruneGuard { max_percent: Some(max_percent), max_count: None },
        ..settings()
    };
    let refused = step(State::new(0), &guarded(30), &observation, &Mine);
    assert_eq!((refused.state.operation, refused.actions.len()), (OperationPhase::Failed, 0));
    let message = "the plan prunes 4 of 10 live resources, more than the guard allows (3)";
    assert_eq!(refused.state.message, message);
    let planned = plan(&guarded(30), &observation, 0, &Mine);
    assert_eq!(planned.deletions.len(), 4);
    assert_eq!(planned.check(guarded(30).guard).unwrap_err().code(), "sync/prune-guard");
    assert!(planned.check(guarded(40).guard).is_ok());
    assert!(!step(State::new(0), &guarded(40), &observation, &Mine).actions.is_empty());
}

/// A guard is about the plan: a sync that was let through goes on, whatever becomes of the live objects meanwhile.
#[test]
fn a_guard_is_not_asked_again() {
    let (kept, old) = (
        annotated("ConfigMap", "kept", json!({})),
        annotated("ConfigMap", "old", json!({SYNC_OPTIONS: "PruneLast=true"})),
    );
    let guarded = Settings { guard: PruneGuard { max_percent: Some(50), max_count: None }, ..settings() };
    let pairs = vec![
        Pair { target: Some(kept.clone()), live: Some(kept.clone()) },
        Pair { target: None, live: Some(old.clone()) },
    ];
    let mut observation = Observation { pairs, ..Observation::default() };
    let mut state = State::new(0);
    // Until the first wave is done.
    loop {
        let done = step(state, &guarded, &observation, &Mine);
        state = done.state;
        if done.next != Next::Outcomes {
            break;
        }
        observation.outcomes = done.actions.iter().map(|a| (a.id, Outcome::Done("".into()))).collect();
    }
    assert!(!state.results.is_empty());
    // Somebody deletes what is kept: one of one is more than the half.
    observation.pairs[0].live = None;
    let done = step(state, &guarded, &observation, &Mine);
    assert_eq!(done.state.operation, OperationPhase::Running, "{}", done.state.message);
    assert!(!done.actions.is_empty());
}

#[test]
fn circles_are_explained() {
    let deployment = value(json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "payment", "namespace": "shop"},
        "spec": {"template": {"spec": {"containers": [{"envFrom": [{"configMapRef": {"name": "flags"}}]}]}}},
    }));
    let flags = value(json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": "flags", "namespace": "shop", "annotations": {SYNC_WAVE: "3"}},
    }));
    let pairs = [deployment, flags].map(|target| Pair { target: Some(target), live: None }).to_vec();
    let planned = plan(&settings(), &Observation { pairs, ..Observation::default() }, 0, &Mine);
    let told: Vec<String> = planned.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(told, ["Deployment payment reads ConfigMap flags, but wave 0 comes before wave 3"]);

    let app = |name: &str, child: &str| AppOfApps { name: name.into(), children: vec![(child.into(), 0)] };
    let error = application_order(&[app("a", "b"), app("b", "c"), app("c", "a"), app("d", "d")]).unwrap_err();
    assert_eq!(error.to_string(), "applications depend on each other: a → b → c → a");
    let chain: Vec<AppOfApps> =
        (0..5_000).map(|index| app(&format!("a{index}"), &format!("a{}", index + 1))).collect();
    assert_eq!(application_order(&chain).unwrap().len(), 5_001);
}

#[test]
fn what_is_gone_in_the_middle_fails_and_ends() {
    let object = annotated("ConfigMap", "x", json!({}));
    let pair = Pair { target: Some(object), live: None };
    let mut observation = Observation { pairs: vec![pair], ..Observation::default() };
    let first = step(State::new(0), &settings(), &observation, &Mine);
    observation.outcomes = first.actions.iter().map(|a| (a.id, Outcome::Done("".into()))).collect();
    observation.outcomes.push((ActionId(999), Outcome::Failed("never asked".into())));
    observation.pairs.clear();
    let second = step(first.state, &settings(), &observation, &Mine);
    assert_eq!((second.state.operation, second.next), (OperationPhase::Failed, Next::Never));
    assert!(second.state.message.contains("no longer desired"), "{}", second.state.message);
}

/// A state in the middle of a sync, and what it was made from.
fn suspended() -> (serde_json::Value, Observation) {
    let hook = annotated("Job", "h", json!({HOOK: "PreSync,SyncFail", HOOK_DELETE_POLICY: "HookSucceeded"}));
    let keep = annotated("ConfigMap", "keep", json!({}));
    let gone = annotated("Secret", "gone", json!({SYNC_WAVE: "2"}));
    let pairs =
        vec![Pair { target: Some(keep.clone()), live: Some(keep) }, Pair { target: None, live: Some(gone) }];
    let observation = Observation { pairs, hooks: vec![hook], ..Observation::default() };
    let state = step(State::new(0), &settings(), &observation, &Mine).state;
    (serde_json::to_value(state).unwrap(), observation)
}

/// Every place in a document, as JSON pointers.
fn places(json: &serde_json::Value, at: &str, out: &mut Vec<String>) {
    out.push(at.to_owned());
    match json {
        serde_json::Value::Object(map) => {
            map.iter().for_each(|(key, value)| places(value, &format!("{at}/{key}"), out));
        }
        serde_json::Value::Array(list) => {
            list.iter().enumerate().for_each(|(index, value)| places(value, &format!("{at}/{index}"), out));
        }
        _ => {}
    }
}

#[test]
fn states_that_somebody_tampered_with_end_and_delete_nothing_that_is_desired() {
    let (good, observation) = suspended();
    let mut all = Vec::new();
    places(&good, "", &mut all);
    let evil = [
        json!(null),
        json!(0),
        json!(-1),
        json!(u64::MAX),
        json!(i64::MIN),
        json!(""),
        json!("Running"),
        json!("Terminating"),
        json!("Succeeded"),
        json!("SyncFail"),
        json!("Pruned"),
        json!(true),
        json!([]),
        json!({}),
    ];
    let mut survived = 0;
    for place in all.iter().skip(1) {
        for bad in &evil {
            let mut tampered = good.clone();
            *tampered.pointer_mut(place).unwrap() = bad.clone();
            let Ok(state) = serde_json::from_value::<State>(tampered) else { continue };
            survived += 1;
            let (mut state, mut observation, mut ended) = (state, observation.clone(), false);
            state.resume();
            for _ in 0..200 {
                let done = step(state, &settings(), &observation, &Mine);
                for action in &done.actions {
                    let deletes = matches!(action.kind, ActionKind::Delete { prune: true, .. });
                    assert!(!deletes || action.key.name != "keep", "{place} {bad}: {action}");
                }
                state = done.state;
                observation.outcomes =
                    done.actions.iter().map(|action| (action.id, Outcome::Done("done".into()))).collect();
                ended = done.next == Next::Never;
                // An operation that waits for what never comes may be ended.
                if done.next == Next::Change {
                    state.terminate();
                }
                if ended {
                    break;
                }
            }
            assert!(ended, "{place} {bad} does not end: {}", state.message);
        }
    }
    assert!(survived > 250, "{survived}");
}

#[test]
fn states_of_other_versions_are_read_or_refused() {
    let (good, _) = suspended();
    // What a newer version adds is passed over; what this one needs and is not there is an error, never a guess.
    let mut newer = good.clone();
    newer.as_object_mut().unwrap().insert("added".into(), json!({"x": 1}));
    assert_eq!(
        serde_json::from_value::<State>(newer).unwrap(),
        serde_json::from_value(good.clone()).unwrap()
    );
    for field in ["operation", "started_at", "results"] {
        let mut older = good.clone();
        older.as_object_mut().unwrap().remove(field);
        assert!(serde_json::from_value::<State>(older).is_err(), "{field}");
    }
    let again: State = serde_json::from_value(good.clone()).unwrap();
    assert_eq!(serde_json::to_value(&again).unwrap(), good);
    let mut endless = good;
    endless.as_object_mut().unwrap().insert("next_action".into(), json!(u64::MAX));
    assert!(serde_json::from_value::<State>(endless).is_err());
}
