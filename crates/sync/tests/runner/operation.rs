//! Cases of whole operations: a small cluster answers what the engine asks.

use super::{Checked, Json, annotated, flag, list, model, same, text, value};
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::argocd::ManagedNamespaceMetadata;
use trueup_manifest::{EcoString, Gvk, Object, ResourceKey, Value};
use trueup_sync::*;

pub(crate) fn check(op: (&str, &str), input: &Json, expect: &Json) -> Checked {
    Some(match op {
        ("sync_state", "run") => run(input, expect),
        ("sync_state", "terminate") => terminate(input, expect),
        ("sync_state", "write") => write_case(input, expect),
        ("sync_state", "running_message") => running_message(input, expect),
        ("sync_state", "sync_fail_phase") => sync_fail(input, expect),
        ("sync_state", "custom_resource") => custom_resource(input, expect),
        ("sync_state", "has_crd") => has_crd(input, expect),
        ("sync_state", "live_lookup") => live_lookup(input, expect),
        ("sync_state", "generated_hook_name") => hook_names(input, expect),
        ("sync_state", "plan_names" | "plan_count" | "plan_namespace") => planned(input, expect),
        ("sync_state", "namespace_task") => namespace_task(input, expect),
        ("sync_state", "managed_namespace") => managed(input, expect),
        ("sync_state", "csa_migration") => {
            let live = value(&json!({"metadata": input["live"]}));
            same(expect, "needed", needs_migration(&live, text(input, "manager")))
        }
        ("prune", "wave_order") => prune_waves(input, expect),
        ("prune", "decide") => prune_decide(input, expect),
        _ => return None,
    })
}

/// What the settings of a case say about the world.
struct Case<'a> {
    settings: &'a Json,
    unknown_kinds: BTreeSet<String>,
    modifier: Option<String>,
}

impl<'a> Case<'a> {
    fn new(settings: &'a Json) -> Self {
        Self { settings, unknown_kinds: BTreeSet::new(), modifier: None }
    }
}

impl World for Case<'_> {
    fn scope(&self, gvk: &Gvk) -> Scope {
        if self.unknown_kinds.contains(gvk.kind.as_str()) {
            return Scope::Missing("the server could not find the requested resource".into());
        }
        builtin_scope(gvk)
    }

    fn permitted(&self, _: &Value, _: bool) -> Result<(), EcoString> {
        match self.settings["permission_error"].as_str() {
            Some(error) => Err(error.into()),
            None => Ok(()),
        }
    }

    fn health(&self, live: &Value) -> Result<Option<Health>, EcoString> {
        let object = Object::new(live);
        let message = self.settings["health_message"].as_str().unwrap_or_default();
        if let Some(status) = self.settings["health"][object.name()].as_str() {
            return Ok(Some(Health { status: HealthStatus::parse(status), message: message.into() }));
        }
        // A Pod or a Job without a status has just been made.
        let status = match object.kind() {
            "Pod" => Some(HealthStatus::Unknown),
            "Job" => Some(HealthStatus::Progressing),
            _ => None,
        };
        Ok(status.map(Health::new))
    }

    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }

    fn modified(&self, key: &ResourceKey) -> Option<bool> {
        self.settings["modified"][key.name.as_str()].as_bool()
    }

    fn modify_namespace(
        &self,
        settings: &Settings,
        namespace: &mut Value,
        live: Option<&Value>,
    ) -> Result<bool, EcoString> {
        match self.modifier.as_deref() {
            None => Ok(managed_namespace(settings.namespace_metadata.as_ref(), namespace, live)),
            Some("true") => Ok(true),
            Some("false") => Ok(false),
            Some(error) => Err(error.trim_start_matches("error: ").into()),
        }
    }
}

fn settings(input: &Json) -> Settings {
    let given = &input["settings"];
    Settings {
        namespace: text(input, "namespace").into(),
        revision: "FooBarBaz".into(),
        prune: given["prune"].as_bool().unwrap_or(true),
        skip_hooks: flag(given, "skip_hooks"),
        apply_out_of_sync_only: flag(given, "apply_out_of_sync_only"),
        create_namespace: flag(given, "create_namespace"),
        dry_run: flag(given, "dry_run"),
        ..Settings::default()
    }
}

/// Builds one side of a resource of a case.
fn object(resource: &Json, namespace: &str) -> Value {
    let mut metadata = json!({"name": resource["name"]});
    if !namespace.is_empty() {
        metadata["namespace"] = namespace.into();
    }
    for key in ["annotations", "finalizers", "deletionTimestamp", "labels"] {
        if !resource[key].is_null() {
            metadata[key] = resource[key].clone();
        }
    }
    let kind = resource["kind"].as_str().unwrap_or("Pod");
    let mut out = json!({
        "apiVersion": resource["apiVersion"].as_str().unwrap_or("v1"), "kind": kind, "metadata": metadata,
    });
    if !resource["spec"].is_null() {
        out["spec"] = resource["spec"].clone();
    }
    value(&out)
}

fn pairs(resources: &Json, hooks: &[Value]) -> Vec<Pair> {
    let pair = |resource: &Json| {
        let side = |key: &str, namespace: &str| flag(resource, key).then(|| object(resource, namespace));
        let namespace = text(resource, "namespace");
        let target_namespace = resource["target_namespace"].as_str().unwrap_or(namespace);
        let mut live = side("live", namespace);
        // A live hook looks as it was created.
        let hook = hooks.iter().find(|hook| {
            let (hook, kind) = (Object::new(hook), text(resource, "kind"));
            hook.name() == text(resource, "name") && hook.kind() == kind && resource["finalizers"].is_null()
        });
        if let (Some(live), Some(hook)) = (&mut live, hook) {
            *live = hook.clone();
        }
        Pair { target: side("target", target_namespace), live }
    };
    list(resources).iter().map(pair).collect()
}

fn initial(input: &Json) -> State {
    let given = &input["initial"];
    if given.is_null() {
        return State::new(0);
    }
    let results: Vec<TaskResult> = list(&given["results"])
        .iter()
        .map(|result| TaskResult {
            key: ResourceKey {
                group: text(result, "group").into(),
                kind: text(result, "kind").into(),
                namespace: text(result, "namespace").into(),
                name: text(result, "name").into(),
            },
            version: "v1".into(),
            phase: Phase::parse(text(result, "sync_phase")).unwrap_or(Phase::Sync),
            hook: false,
            status: ResultCode::parse(text(result, "status")),
            operation: OperationPhase::parse(text(result, "hook_phase")),
            message: text(result, "message").into(),
        })
        .collect();
    let operation = OperationPhase::parse(text(given, "operation")).unwrap_or(OperationPhase::Running);
    State::restore(operation, text(given, "message"), results.into(), 0)
}

/// What was asked of the cluster in one call.
#[derive(Default)]
struct Calls {
    updates: usize,
    deleted: Vec<String>,
    waves: Vec<(String, i64, bool)>,
    written: BTreeMap<String, usize>,
}

struct Cluster<'a> {
    input: &'a Json,
    step: &'a Json,
    hooks: &'a [Value],
}

impl Cluster<'_> {
    fn answer(&self, action: &Action, calls: &mut Calls) -> Outcome {
        let settings = &self.input["settings"];
        let name = action.key.name.as_str();
        let error = |key: &str| settings[key].as_str().map(|error| Outcome::Failed(error.into()));
        let gone = || Outcome::NotFound("not found".into());
        let has = self.step.get("cluster_has").map(|has| list(has).iter().any(|n| n == name));
        match &action.kind {
            ActionKind::Write { how, .. } => {
                *calls.written.entry(name.to_owned()).or_default() += usize::from(!how.dry_run);
                let table = if how.dry_run { "dry_run_errors" } else { "apply_errors" };
                match settings[table][name].as_str() {
                    Some(error) => Outcome::Failed(error.into()),
                    None => Outcome::Done(EcoString::new()),
                }
            }
            ActionKind::Delete { prune, .. } => {
                if has == Some(false) && !prune {
                    return gone();
                }
                calls.deleted.push(name.to_owned());
                // The errors of the commands of the tool: those that prune too.
                if let Some(error) = settings["apply_errors"][name].as_str().filter(|_| *prune) {
                    return Outcome::Failed(error.into());
                }
                error("delete_error").unwrap_or(Outcome::Done(EcoString::new()))
            }
            ActionKind::RemoveFinalizer => {
                if has == Some(false) {
                    return gone();
                }
                calls.updates += 1;
                error("update_error").unwrap_or(Outcome::Done(EcoString::new()))
            }
            ActionKind::Read => match (self.step["live_lookup"].get(name), has) {
                (Some(found), _) if found.is_string() => {
                    let key = &action.key;
                    Outcome::Found(value(&json!({
                        "apiVersion": "v1", "kind": key.kind.as_str(),
                        "metadata": {"name": key.name.as_str(), "namespace": key.namespace.as_str()},
                    })))
                }
                (None, Some(true)) => {
                    let hook = self.hooks.iter().find(|hook| Object::new(hook).name() == name);
                    hook.cloned().map_or_else(gone, Outcome::Found)
                }
                _ => gone(),
            },
            ActionKind::WaveDone { last } => {
                calls.waves.push((action.phase.to_string(), action.wave, *last));
                error("wave_callback_error").unwrap_or(Outcome::Done(EcoString::new()))
            }
        }
    }
}

/// Lets one call of the engine run to its end.
fn call(
    mut state: State,
    settings: &Settings,
    observation: &Observation,
    world: &Case<'_>,
    cluster: &Cluster<'_>,
) -> (State, Calls) {
    let (mut calls, mut observation) = (Calls::default(), observation.clone());
    loop {
        let done = step(state, settings, &observation, world);
        if done.next != Next::Outcomes {
            return (done.state, calls);
        }
        // What is kept must be enough to go on.
        let kept = serde_json::to_string(&done.state).unwrap();
        state = serde_json::from_str(&kept).unwrap();
        assert_eq!(state, done.state);
        observation.outcomes =
            done.actions.iter().map(|action| (action.id, cluster.answer(action, &mut calls))).collect();
    }
}

fn run(input: &Json, expect: &Json) -> Result<(), String> {
    let settings = settings(input);
    let world = Case::new(&input["settings"]);
    let hooks: Vec<Value> =
        list(&input["hooks"]).iter().map(|hook| object(hook, text(hook, "namespace"))).collect();
    let mut state = initial(input);
    for (number, (given, wanted)) in list(&input["steps"]).iter().zip(list(&expect["steps"])).enumerate() {
        let observation = Observation {
            pairs: pairs(&given["resources"], &hooks),
            hooks: hooks.clone(),
            ..Observation::default()
        };
        let cluster = Cluster { input, step: given, hooks: &hooks };
        let (after, calls) = call(state, &settings, &observation, &world, &cluster);
        state = after;
        compare(&state, &calls, wanted).map_err(|why| format!("step {number}: {why}"))?;
    }
    Ok(())
}

fn terminate(input: &Json, expect: &Json) -> Result<(), String> {
    let settings = settings(input);
    let world = Case::new(&input["settings"]);
    let hooks: Vec<Value> =
        list(&input["hooks"]).iter().map(|hook| object(hook, text(hook, "namespace"))).collect();
    let observation = Observation {
        pairs: pairs(&input["resources"], &hooks),
        hooks: hooks.clone(),
        ..Observation::default()
    };
    let mut state = initial(input);
    state.terminate();
    let cluster = Cluster { input, step: input, hooks: &hooks };
    let (state, calls) = call(state, &settings, &observation, &world, &cluster);
    compare(&state, &calls, expect)
}

fn compare(state: &State, calls: &Calls, wanted: &Json) -> Result<(), String> {
    same(wanted, "operation", state.operation.as_str())
        .map_err(|why| format!("{why} ({})", state.message))?;
    same(wanted, "message", state.message.as_str())?;
    same(wanted, "result_count", state.results.len())?;
    for expected in list(&wanted["results"]) {
        let fits = |result: &&TaskResult| {
            same(expected, "kind", result.key.kind.as_str()).is_ok()
                && same(expected, "name", result.key.name.as_str()).is_ok()
                && same(expected, "status", result.status.map_or("", ResultCode::as_str)).is_ok()
                && same(expected, "hook_phase", result.operation.map_or("", OperationPhase::as_str)).is_ok()
                && same(expected, "message", result.message.as_str()).is_ok()
                && result.message.contains(text(expected, "message_contains"))
        };
        if !state.results.iter().any(|result| fits(&result)) {
            return Err(format!("no result {expected} in {:?}", state.results.iter().collect::<Vec<_>>()));
        }
    }
    for absent in list(&wanted["absent"]) {
        if state.results.iter().any(|result| result.key.name == absent.as_str().unwrap()) {
            return Err(format!("a result for {absent}"));
        }
    }
    if let Some(part) = wanted["any_result_message_contains"].as_str()
        && !state.results.iter().any(|result| result.message.contains(part))
    {
        return Err(format!("no message with {part}"));
    }
    let asked = &wanted["calls"];
    same(asked, "updates", calls.updates)?;
    same(asked, "deletes", calls.deleted.len())?;
    same(asked, "finalizer_removed", calls.updates > 0)?;
    let mut deleted: Vec<&str> = calls.deleted.iter().map(String::as_str).collect();
    deleted.sort_unstable();
    same(asked, "deleted", super::strings(deleted))
}

fn write_case(input: &Json, expect: &Json) -> Result<(), String> {
    let app = &input["app"];
    let settings = Settings {
        replace: flag(app, "replace"),
        force: flag(app, "force"),
        server_side_apply: flag(app, "serverSideApply") || flag(app, "server_side_apply"),
        validate: app["validate"].as_bool().unwrap_or(true),
        dry_run: flag(app, "dryRun"),
        ..Settings::default()
    };
    let side = |options: &str| {
        let kind = text(input, "kind");
        let group = if kind == "CustomResourceDefinition" { "apiextensions.k8s.io/v1" } else { "v1" };
        object(
            &json!({"apiVersion": group, "kind": kind, "name": "x", "annotations": {SYNC_OPTIONS: input[options]}}),
            "",
        )
    };
    let live = flag(input, "live").then(|| side("live_options"));
    let how = write(&settings, &side("target_options"), live.as_ref(), flag(input, "dry_run"));
    same(expect, "command", how.command.as_str())
        .and(same(expect, "server_side", how.server_side))
        .and(same(expect, "force", how.force))
        .and(same(expect, "validate", how.validate))
}

fn key_of(json: &Json) -> ResourceKey {
    ResourceKey {
        group: text(json, "group").into(),
        kind: text(json, "kind").into(),
        namespace: text(json, "namespace").into(),
        name: text(json, "name").into(),
    }
}

fn running_message(input: &Json, expect: &Json) -> Result<(), String> {
    let tasks: Vec<(ResourceKey, &Json)> =
        list(&input["tasks"]).iter().map(|task| (key_of(task), task)).collect();
    let waiting = tasks.iter().map(|(key, task)| Waiting {
        key,
        hook: flag(task, "hook"),
        needs_confirmation: flag(task, "prune")
            && (flag(task, "confirm") || flag(task, "requires_confirmation")),
    });
    let message = waiting_for(waiting, flag(input, "pending_deletion"), flag(input, "confirmed"));
    same(expect, "message", message.as_str())
}

/// A failed resource and its SyncFail hooks, seen through the engine.
fn sync_fail(input: &Json, expect: &Json) -> Result<(), String> {
    let hooks = list(&input["sync_fail_tasks"]);
    let done = |hook: &Json| {
        OperationPhase::parse(text(hook, "hook_phase")).is_some_and(OperationPhase::is_completed)
    };
    let operation = if hooks.iter().all(done) { OperationPhase::Failed } else { OperationPhase::Running };
    let messages =
        |of: Vec<&Json>| -> Vec<EcoString> { of.iter().map(|m| m.as_str().unwrap().into()).collect() };
    let reasons = messages(list(&input["failed_messages"]).iter().collect());
    let broken =
        messages(hooks.iter().filter(|h| text(h, "status") == "SyncFailed").map(|h| &h["message"]).collect());
    let message = failure_message(text(input, "message"), &reasons, &broken);
    same(expect, "operation", operation.as_str())?;
    same(expect, "message", message.as_str())
}

fn custom_resource(input: &Json, expect: &Json) -> Result<(), String> {
    let options = if flag(input, "annotated_skip_dry_run") { "SkipDryRunOnMissingResource=true" } else { "" };
    let custom = object(
        &json!({"apiVersion": "test.io/v1", "kind": "TestCrd", "name": "my-resource", "annotations": {SYNC_OPTIONS: options}}),
        "ns",
    );
    let mut all = vec![Pair { target: Some(custom), live: None }];
    if flag(input, "crd_in_same_sync") {
        all.push(Pair { target: Some(crd("test.io", "TestCrd")), live: None });
    }
    let mut world = Case::new(&Json::Null);
    if !flag(input, "kind_known_to_cluster") {
        world.unknown_kinds.insert("TestCrd".into());
    }
    let settings = Settings {
        namespace: "ns".into(),
        skip_dry_run_on_missing: flag(input, "app_skip_dry_run"),
        ..Settings::default()
    };
    let observation = Observation { pairs: all, ..Observation::default() };
    let first = step(State::new(0), &settings, &observation, &world);
    let tried = first.actions.iter().any(|action| {
        action.key.kind == "TestCrd" && matches!(&action.kind, ActionKind::Write { how, .. } if how.dry_run)
    });
    let valid = first.state.operation != OperationPhase::Failed;
    same(expect, "tasks_valid", valid).and(if valid { same(expect, "dry_run", tried) } else { Ok(()) })
}

fn crd(group: &str, kind: &str) -> Value {
    object(
        &json!({
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "name": format!("{kind}.{group}"),
            "spec": {"group": group, "names": {"kind": kind}},
        }),
        "",
    )
}

/// Whether a kind that the server does not know is tolerated because its definition comes with the sync.
fn has_crd(input: &Json, expect: &Json) -> Result<(), String> {
    let mut all: Vec<Pair> = list(&input["crds"])
        .iter()
        .map(|json| Pair { target: Some(crd(text(json, "group"), text(json, "kind"))), live: None })
        .collect();
    let (group, kind) = (text(input, "group"), text(input, "kind"));
    let version = if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") };
    let custom = object(&json!({"apiVersion": version, "kind": kind, "name": "x"}), "ns");
    all.push(Pair { target: Some(custom), live: None });
    let mut world = Case::new(&Json::Null);
    world.unknown_kinds.insert(kind.into());
    let observation = Observation { pairs: all, ..Observation::default() };
    let first = step(State::new(0), &Settings::default(), &observation, &world);
    same(expect, "present", first.state.operation != OperationPhase::Failed)
}

/// Which live object a hook finds: seen by the finalizer that is taken off it.
fn live_lookup(input: &Json, expect: &Json) -> Result<(), String> {
    let live = list(&input["live"]);
    let pairs: Vec<Pair> = live
        .iter()
        .enumerate()
        .map(|(index, json)| {
            let mut json = json.clone();
            json["labels"] = json!({"index": index.to_string()});
            Pair { target: None, live: Some(object(&json, text(&json, "namespace"))) }
        })
        .collect();
    let target = &input["target"];
    let mut hook = target.clone();
    hook["annotations"] = json!({HOOK: "PreSync"});
    let observation = Observation {
        pairs,
        hooks: vec![object(&hook, text(target, "namespace"))],
        ..Observation::default()
    };
    let plan = plan(&Settings::default(), &observation, 0, &Case::new(&Json::Null));
    let step = plan.steps.iter().find(|step| step.phase == Phase::PreSync).unwrap();
    let found = step.action == PlanAction::HookAgain;
    match expect["index"].as_u64() {
        Some(_) if found => Ok(()),
        None if !found => Ok(()),
        wanted => Err(format!("expected {wanted:?}, found: {found}")),
    }
}

fn hook_names(input: &Json, expect: &Json) -> Result<(), String> {
    let names = list(&input["phases"]).iter().map(|phase| {
        let phase = Phase::parse(phase.as_str().unwrap()).unwrap();
        let started = input["started_at_unix"].as_i64().unwrap();
        generated_hook_name(text(input, "generateName"), text(input, "revision"), phase, started).to_string()
    });
    same(expect, "names", super::strings(names.collect::<Vec<_>>()))
}

fn planned(input: &Json, expect: &Json) -> Result<(), String> {
    let given =
        if input["resources"].is_array() { list(&input["resources"]).to_vec() } else { vec![input.clone()] };
    let hooks = list(&input["hooks"]).iter().map(|hook| object(hook, text(hook, "namespace"))).collect();
    let side = |json: &Json, key: &str, default: bool| {
        json[key].as_bool().unwrap_or(default).then(|| object(json, text(json, "namespace")))
    };
    let pairs = given
        .iter()
        .map(|json| Pair { target: side(json, "target", true), live: side(json, "live", false) })
        .collect();
    let settings = Settings { skip_hooks: flag(input, "skip_hooks"), ..settings(input) };
    let observation = Observation { pairs, hooks, ..Observation::default() };
    let plan = plan(&settings, &observation, 0, &Case::new(&Json::Null));
    let first = plan.steps.first().map(|step| step.key.clone()).unwrap_or_default();
    same(expect, "task_count", plan.steps.len()).and(same(expect, "name", first.name.as_str())).and(same(
        expect,
        "namespace",
        first.namespace.as_str(),
    ))
}

fn namespace_task(input: &Json, expect: &Json) -> Result<(), String> {
    let name = text(input, "namespace");
    let mut world = Case::new(&Json::Null);
    world.modifier = input["modifier"].as_str().map(str::to_owned);
    let settings = Settings {
        namespace: name.into(),
        create_namespace: world.modifier.is_some(),
        ..Settings::default()
    };
    let pairs = list(&input["resources"])
        .iter()
        .map(|json| Pair { target: Some(object(json, text(json, "namespace"))), live: None })
        .collect();
    let live = json!({"kind": "Namespace", "name": name});
    let observation = Observation {
        pairs,
        namespace: Ok(flag(input, "namespace_exists").then(|| object(&live, ""))),
        ..Observation::default()
    };
    let plan = plan(&settings, &observation, 0, &world);
    let is_it = |key: &ResourceKey| key.kind == "Namespace" && key.name == name;
    let planned = plan.steps.iter().any(|step| is_it(&step.key) && step.phase == Phase::PreSync);
    let first = step(State::new(0), &settings, &observation, &world);
    let result = first.state.results.iter().find(|result| is_it(&result.key));
    same(expect, "task_count", plan.steps.len())?;
    same(expect, "namespace_task", planned)?;
    let Some(result) = result else { return same(&json!(null), "", true) };
    same(expect, "namespace_task_status", result.status.map_or("", ResultCode::as_str))
        .and(same(expect, "namespace_task_phase", result.operation.map_or("", OperationPhase::as_str)))
        .and(same(expect, "namespace_task_message", result.message.as_str()))
}

fn managed(input: &Json, expect: &Json) -> Result<(), String> {
    let metadata = &input["managed_namespace_metadata"];
    let managed: Option<ManagedNamespaceMetadata> = (!metadata.is_null()).then(|| model(metadata));
    let side = |key: &str| {
        let given = &input[key];
        (!given.is_null()).then(|| {
            object(&json!({"kind": "Namespace", "name": "ns", "labels": given["labels"], "annotations": given["annotations"]}), "")
        })
    };
    let Some(mut namespace) = side("namespace") else { return same(expect, "sync", false) };
    let written = managed_namespace(managed.as_ref(), &mut namespace, side("live").as_ref());
    let map = |key: &str| {
        let at = namespace.at(&["metadata", key]).map(|map| serde_json::to_value(map).unwrap());
        at.filter(|map| !map.is_null()).unwrap_or_else(|| json!({}))
    };
    let empty = |key: &str| if expect[key].is_null() { json!({}) } else { expect[key].clone() };
    same(expect, "sync", written)?;
    for key in ["labels", "annotations"] {
        if expect.get(key).is_some() && !super::equal(&empty(key), &map(key)) {
            return Err(format!("{key}: {}", map(key)));
        }
    }
    Ok(())
}

fn prune_waves(input: &Json, expect: &Json) -> Result<(), String> {
    let pairs = list(&input["resources"])
        .iter()
        .map(|resource| {
            let mut given = resource["key"].clone();
            given["annotations"] = resource["annotations"].clone();
            let side = |key: &str| flag(resource, key).then(|| object(&given, text(&given, "namespace")));
            Pair { target: side("target"), live: side("live") }
        })
        .collect();
    let settings = Settings { prune: true, prune_last: flag(input, "prune_last"), ..Settings::default() };
    let observation = Observation { pairs, ..Observation::default() };
    let plan = plan(&settings, &observation, 0, &Case::new(&Json::Null));
    for (name, wave) in expect["waves"].as_object().unwrap() {
        let step = plan.steps.iter().find(|step| step.key.name == name.as_str()).unwrap();
        if wave.as_i64() != Some(step.wave) {
            return Err(format!("{name}: expected {wave}, got {}", step.wave));
        }
    }
    same(expect, "last_wave", plan.steps.last().unwrap().wave).and(same(
        expect,
        "task_count",
        plan.steps.len(),
    ))
}

fn prune_decide(input: &Json, expect: &Json) -> Result<(), String> {
    let live = annotated(&json!({SYNC_OPTIONS: input["sync_options"]}));
    let settings = Settings {
        prune: flag(input, "prune"),
        default_prune: input["default_prune_option"].as_str().map(Into::into),
        ..Settings::default()
    };
    let observation = Observation {
        pairs: vec![Pair { target: None, live: Some(live) }],
        approved_at: flag(input, "confirmed").then_some(0),
        ..Observation::default()
    };
    let world = Case::new(&Json::Null);
    let cluster = Cluster { input: &Json::Null, step: &Json::Null, hooks: &[] };
    let (state, _) = call(State::new(0), &settings, &observation, &world, &cluster);
    let result = state.results.iter().next();
    let status = result.and_then(|result| result.status).map(ResultCode::as_str);
    same(expect, "status", status.map_or(Json::Null, Json::from))
        .and(same(expect, "operation", state.operation.as_str()))
        .and(same(expect, "operation_message", state.message.as_str()))
        .and(result.map_or(Ok(()), |result| same(expect, "message", result.message.as_str())))
}
