//! One scenario, call by call, on both sides.

use crate::cluster::{Cluster, Known, line, path};
use crate::reference::Reference;
use crate::rng::{Rng, fate};
use crate::scenario::Scenario;
use serde_json::{Value as Json, json};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Object, ResourceKey, Value};
use trueup_sync::{
    ActionKind, Next, Observation, Reconciled, State, TaskResult, World, is_hook, reconcile, step,
};

/// The most calls that a sync is followed for.
const MAX_CALLS: usize = 60;

/// When every sync starts, in Unix seconds.
const STARTED_AT: i64 = 1_700_000_000;

/// What one call did on our side.
struct Ours {
    state: State,
    /// The actions in batches; within a batch the order is free.
    batches: Vec<Vec<String>>,
    failures: BTreeMap<String, String>,
    /// Objects as they were right after they were written.
    written: Vec<Value>,
    next: Next,
}

/// Follows one sync on both sides; returns how many calls it took.
pub(crate) fn run(scenario: &Scenario, reference: &mut Reference) -> Result<usize, String> {
    let mut rng = Rng(scenario.seed ^ 0x5eed);
    let mut cluster = Cluster::new(scenario);
    let desired: Vec<Value> =
        scenario.desired.iter().filter_map(|json| serde_json::from_value(json.clone()).ok()).collect();
    let mut state = State::new(STARTED_AT);
    for call in 0..MAX_CALLS {
        cluster.tick(scenario.trouble, &mut rng);
        if scenario.terminated_after == Some(call) {
            state.terminate();
        }
        let world = Known::new(scenario, cluster.defines_widgets());
        let seen: Vec<Value> = cluster.seen().into_iter().filter(|live| sees(scenario, live, call)).collect();
        let namespace = &scenario.settings.namespace;
        let Reconciled { pairs, hooks } = reconcile(&desired, &seen, namespace, &world);
        let observation = Observation {
            pairs,
            hooks,
            namespace: match scenario.namespace_error {
                Some(error) => Err(error.into()),
                None => Ok(cluster.namespace()),
            },
            approved_at: (call >= scenario.confirmed_after).then_some(STARTED_AT + 60),
            ..Observation::default()
        };
        let readable = cluster.seen();
        let ours = our_call(state.clone(), scenario, observation.clone(), &mut cluster, &world)?;
        let mut request = request(scenario, &world, &state, &observation, &readable);
        set(&mut request, "failures", json!(ours.failures));
        set(&mut request, "written", json!(ours.written));
        let theirs = reference.call(&request)?;
        compare(scenario, &ours, &theirs).map_err(|why| format!("call {call}: {why}\n{request}"))?;
        state = ours.state;
        if ours.next == Next::Never {
            return Ok(call + 1);
        }
    }
    Ok(MAX_CALLS)
}

/// A live hook is not always seen at once.
fn sees(scenario: &Scenario, live: &Value, call: usize) -> bool {
    let hidden =
        fate(scenario.seed, &format!("{} {call}", Object::new(live).key())) % 100 < scenario.trouble * 2;
    !(is_hook(live) && hidden)
}

fn our_call(
    mut state: State,
    scenario: &Scenario,
    mut observation: Observation,
    cluster: &mut Cluster,
    world: &Known<'_>,
) -> Result<Ours, String> {
    let mut batches: Vec<(bool, Vec<String>)> = Vec::new();
    let (mut failures, mut written) = (BTreeMap::new(), Vec::new());
    for _ in 0..1_000 {
        let done = step(state, &scenario.settings, &observation, world);
        state = done.state;
        if done.next != Next::Outcomes {
            let batches = batches.into_iter().map(|(_, lines)| lines).collect();
            return Ok(Ours { state, batches, failures, written, next: done.next });
        }
        let mut batch = Vec::new();
        observation.outcomes.clear();
        for action in &done.actions {
            let line = line(action);
            if let Some(error) = cluster.fails(&line.what) {
                failures.insert(line.what.clone(), error.to_string());
            }
            observation.outcomes.push((action.id, cluster.act(action, &line)));
            if matches!(&action.kind, ActionKind::Write { how, .. } if !how.dry_run) {
                written.extend(cluster.get(&action.key));
            }
            batch.push((loose(&action.kind), line.text()));
        }
        let is_loose = batch.iter().all(|(loose, _)| *loose);
        let lines = batch.into_iter().map(|(_, text)| text);
        match batches.last_mut() {
            // The reference takes hooks one by one, we all of them stage by stage.
            Some((true, last)) if is_loose => Vec::extend(last, lines),
            _ => batches.push((is_loose, lines.collect())),
        }
    }
    Err("a call does not end".to_owned())
}

/// What concerns single hooks, and is asked for in no particular order.
fn loose(kind: &ActionKind) -> bool {
    matches!(kind, ActionKind::Read | ActionKind::RemoveFinalizer | ActionKind::Delete { prune: false, .. })
}

fn set(object: &mut Json, key: &str, to: Json) {
    if let Some(map) = object.as_object_mut() {
        map.insert(key.to_owned(), to);
    }
}

fn request(
    scenario: &Scenario,
    world: &Known<'_>,
    state: &State,
    observation: &Observation,
    readable: &[Value],
) -> Json {
    let settings = &scenario.settings;
    let (mut selected, mut compared, mut modified) = (Vec::new(), Vec::new(), Vec::new());
    for pair in &observation.pairs {
        let key = pair.key();
        if pair.live.as_ref().is_none_or(|live| world.owns(live, pair.target.as_ref())) {
            selected.push(key.clone());
        }
        if let (Some(_), Some(_), Some(differs)) = (&pair.target, &pair.live, world.modified(&key)) {
            compared.push(key);
            modified.push(differs);
        }
    }
    json!({
        "settings": {
            "namespace": settings.namespace, "revision": settings.revision, "prune": settings.prune,
            "dryRun": settings.dry_run, "force": settings.force, "validate": settings.validate,
            "skipHooks": settings.skip_hooks, "pruneLast": settings.prune_last, "replace": settings.replace,
            "serverSide": settings.server_side_apply, "skipDryRun": settings.skip_dry_run_on_missing,
            "outOfSyncOnly": settings.apply_out_of_sync_only,
            "propagation": capital(settings.propagation.as_str()), "defaultPrune": settings.default_prune,
            "migrateFrom": settings.migrate_from, "createNamespace": settings.create_namespace,
            "managedNamespace": settings.namespace_metadata.is_some(),
        },
        "startedAt": state.started_at,
        "phase": state.operation.as_str(),
        "message": state.message,
        "results": state.results.iter().map(result).collect::<Vec<Json>>(),
        "targets": observation.pairs.iter().map(|pair| json!(pair.target)).collect::<Vec<Json>>(),
        "live": observation.pairs.iter().map(|pair| json!(pair.live)).collect::<Vec<Json>>(),
        "hooks": observation.hooks,
        "confirmed": observation.approved_at.is_some(),
        "terminate": state.operation == trueup_sync::OperationPhase::Terminating,
        "appNamespace": observation.namespace.clone().ok().flatten(),
        "appNamespaceError": observation.namespace.clone().err().unwrap_or_default(),
        "kinds": world.kinds().map(|kind| json!({
            "group": kind.group, "version": kind.version, "kind": kind.kind, "namespaced": kind.namespaced,
        })).collect::<Vec<Json>>(),
        "selected": selected, "compared": compared, "modified": modified,
        "readable": readable,
    })
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

fn result(result: &TaskResult) -> Json {
    json!({
        "key": result.key, "version": result.version, "phase": result.phase.as_str(), "hook": result.hook,
        "status": result.status.map_or("", trueup_sync::ResultCode::as_str),
        "operation": result.operation.map_or("", trueup_sync::OperationPhase::as_str),
        "message": result.message,
    })
}

fn compare(scenario: &Scenario, ours: &Ours, theirs: &Json) -> Result<(), String> {
    let text = |of: &Json, key: &str| of.get(key).and_then(Json::as_str).unwrap_or_default().to_owned();
    if let Some(error) = theirs.get("error").and_then(Json::as_str) {
        return Err(format!("the reference: {error}"));
    }
    let list = |of: &Json, key: &str| of.get(key).and_then(Json::as_array).cloned().unwrap_or_default();
    let mut actions: Vec<String> =
        list(theirs, "actions").iter().filter_map(|line| line.as_str().map(ToOwned::to_owned)).collect();
    if scenario.settings.dry_run {
        // A dry run of the reference releases and deletes hooks that an earlier sync left; ours leaves them alone.
        actions.retain(|line| !["release ", "delete ", "read "].iter().any(|verb| line.starts_with(verb)));
    }
    let (mut left, mut right) = (Vec::new(), actions.as_slice());
    let mut sorted = Vec::new();
    for batch in &ours.batches {
        let (head, rest) = right.split_at(batch.len().min(right.len()));
        right = rest;
        for (into, lines) in [(&mut left, batch.as_slice()), (&mut sorted, head)] {
            into.extend(in_order(lines));
        }
    }
    sorted.extend(in_order(right));
    if left != sorted {
        return Err(differ("actions", &left.join("\n"), &sorted.join("\n")));
    }
    let mine = (ours.state.operation.as_str().to_owned(), reasons(&ours.state.message));
    let other = (text(theirs, "phase"), reasons(&text(theirs, "message")));
    if mine != other {
        return Err(differ("state", &format!("{mine:?}"), &format!("{other:?}")));
    }
    let by_key = |results: Vec<Json>| -> BTreeMap<String, String> {
        let named = |json: Json| {
            let key: Option<ResourceKey> =
                json.get("key").and_then(|key| serde_json::from_value(key.clone()).ok());
            (format!("{} {}", path(&key.unwrap_or_default()), text(&json, "phase")), json.to_string())
        };
        results.into_iter().map(named).collect()
    };
    let mine = by_key(ours.state.results.iter().map(result).collect());
    let other = by_key(list(theirs, "results"));
    if mine != other {
        let keys: BTreeSet<&String> = mine.keys().chain(other.keys()).collect();
        let none = String::new();
        let sides = |key: &&String| (mine.get(*key).unwrap_or(&none), other.get(*key).unwrap_or(&none));
        let odd: Vec<_> = keys.iter().filter(|key| sides(key).0 != sides(key).1).collect();
        let lines = |side: fn((&String, &String)) -> String| -> String {
            odd.iter().map(|key| side(sides(key))).collect::<Vec<_>>().join("\n")
        };
        return Err(differ("results", &lines(|(mine, _)| mine.clone()), &lines(|(_, other)| other.clone())));
    }
    Ok(())
}

/// The lines of a batch, sorted. That a hook of several phases is released once or twice makes no difference.
fn in_order(lines: &[String]) -> Vec<String> {
    let mut lines = lines.to_vec();
    lines.sort();
    lines.dedup_by(|one, other| one == other && one.starts_with("release "));
    lines
}

fn differ(what: &str, ours: &str, theirs: &str) -> String {
    format!("{what} differ\n--- ours\n{ours}\n--- theirs\n{theirs}\n---")
}

/// A message with its reasons sorted: the reference joins them in a random order.
fn reasons(message: &str) -> String {
    let sorted = |line: &str| match line.split_once(", reason: ") {
        Some((base, reasons)) => {
            let mut all: Vec<&str> = reasons.split(',').collect();
            all.sort_unstable();
            format!("{base}, reason: {}", all.join(","))
        }
        None => line.to_owned(),
    };
    message.lines().map(sorted).collect::<Vec<_>>().join("\n")
}
