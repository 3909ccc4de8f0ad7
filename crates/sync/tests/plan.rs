//! What a plan says: the order, the reasons, the options in force, what waits and what is deleted.

#![expect(clippy::unwrap_used, reason = "a test: it fails loudly")]

use serde_json::{Value as Json, json};
use trueup_manifest::{EcoString, Gvk, Object, Value};
use trueup_sync::*;

struct Cluster;

impl World for Cluster {
    fn owns(&self, live: &Value, _: Option<&Value>) -> bool {
        Object::new(live).label("app") != Some("other")
    }

    fn scope(&self, gvk: &Gvk) -> Scope {
        match gvk.group == "shop.example" && gvk.kind != "Gateway" {
            true => Scope::Missing("no matches for kind".into()),
            false => builtin_scope(gvk),
        }
    }

    fn permitted(&self, object: &Value, _: bool) -> Result<(), EcoString> {
        match Object::new(object).kind() {
            "ResourceQuota" => Err("resource :ResourceQuota is not permitted in project shop".into()),
            _ => Ok(()),
        }
    }
}

fn object(api_version: &str, kind: &str, name: &str, annotations: Json) -> Value {
    let mut metadata = json!({"name": name, "namespace": "shop", "annotations": annotations});
    if matches!(kind, "Namespace" | "CustomResourceDefinition") {
        metadata.as_object_mut().unwrap().remove("namespace");
    }
    serde_json::from_value(json!({"apiVersion": api_version, "kind": kind, "metadata": metadata})).unwrap()
}

fn with(mut object: Value, spec: Json) -> Value {
    object.as_map_mut().unwrap().insert("spec", serde_json::from_value::<Value>(spec).unwrap());
    object
}

fn planned(settings: &Settings, desired: &[Value], live: &[Value]) -> Plan {
    let Reconciled { pairs, hooks } = reconcile(desired, live, "shop", &Cluster);
    plan(settings, &Observation { pairs, hooks, ..Observation::default() }, 1_700_000_000, &Cluster)
}

fn settings() -> Settings {
    let revision = "0123456789abcdef".into();
    Settings {
        namespace: "shop".into(),
        revision,
        prune: true,
        create_namespace: true,
        ..Settings::default()
    }
}

#[test]
fn a_plan_is_read_from_top_to_bottom() {
    let definition = object(
        "apiextensions.k8s.io/v1",
        "CustomResourceDefinition",
        "gateways.shop.example",
        json!({SYNC_WAVE: "3"}),
    );
    let mut smoke = object("batch/v1", "Job", "", json!({HOOK: "PostSync"}));
    smoke.get_mut("metadata").unwrap().as_map_mut().unwrap().insert("generateName", "smoke-");
    let desired = [
        object("batch/v1", "Job", "migrate", json!({HOOK: "PreSync"})),
        object("batch/v1", "Job", "seed", json!({HOOK: "Sync", HOOK_DELETE_POLICY: "HookSucceeded"})),
        object(
            "batch/v1",
            "Job",
            "warm",
            json!({"helm.sh/hook": "post-install", "helm.sh/hook-weight": "2", "helm.sh/hook-delete-policy": "hook-failed"}),
        ),
        smoke,
        object("batch/v1", "Job", "tell", json!({HOOK: "SyncFail"})),
        with(definition, json!({"group": "shop.example", "names": {"kind": "Gateway"}})),
        object("shop.example/v1", "Gateway", "edge", json!({})),
        object("v1", "Service", "web", json!({})),
        object("apps/v1", "Deployment", "web", json!({SYNC_WAVE: "1", SYNC_OPTIONS: "Replace=true"})),
    ];
    let live = [
        object("batch/v1", "Job", "migrate", json!({HOOK: "PreSync"})),
        object("batch/v1", "Job", "seed", json!({HOOK: "Sync", HOOK_DELETE_POLICY: "HookSucceeded"})),
        object("apps/v1", "Deployment", "web", json!({SYNC_WAVE: "1"})),
        object("v1", "Service", "old", json!({})),
        object("v1", "ConfigMap", "older", json!({SYNC_WAVE: "4"})),
        object("v1", "Secret", "last", json!({SYNC_OPTIONS: "PruneLast=true"})),
        object("v1", "ConfigMap", "kept", json!({SYNC_OPTIONS: "Prune=false"})),
        object("v1", "ConfigMap", "asked", json!({SYNC_OPTIONS: "Prune=confirm"})),
    ];
    let plan = planned(&settings(), &desired, &live);
    assert_eq!(
        plan.to_string(),
        "\
1 PreSync  Namespace shop  create (the application's namespace)
1 PreSync  Job migrate (hook, BeforeHookCreation, deleted first)
2 prune    ConfigMap older   no longer desired, in reverse order
2 Sync     Service web  create (not there yet)   waits for 1 to be healthy
2 Sync     Job seed (hook, HookSucceeded, over the one that is there)   waits for 1 to be healthy
2 Sync     CustomResourceDefinition gateways.shop.example  create (needed by Gateway edge)   waits for 1 to be healthy
2 Sync     Gateway edge  create (not there yet)   waits for 1 to be healthy
3 wave 1   Deployment web  replace   waits for 2 to be healthy
4 wave 4   ConfigMap asked  skip (waits for confirmation)   waits for 3 to be healthy
4 wave 4   ConfigMap kept  skip (ignored (no prune))   waits for 3 to be healthy
4 prune    Service old   no longer desired, in reverse order
5 prune    Secret last   after everything above
6 PostSync Job smoke-0123456-postsync-1700000000 (hook, BeforeHookCreation)   waits for 5 to be healthy
7 PostSync 2 Job warm (hook, HookFailed)   waits for 6 to be healthy
8 SyncFail Job tell (hook, BeforeHookCreation)   only if the sync fails
deletes 3 of 6 live resources:
  /ConfigMap/shop/older
  /Service/shop/old
  /Secret/shop/last
"
    );
}

/// Plans one desired object and returns its action, its options and its reason.
fn step_of(settings: &Settings, desired: Value, live: &[Value]) -> (PlanAction, String, String) {
    let settings = Settings { create_namespace: false, ..settings.clone() };
    let plan = planned(&settings, &[desired], live);
    let step = plan.steps.last().unwrap();
    (step.action, step.options.join(","), step.reason.to_string())
}

#[test]
fn options_are_those_in_force() {
    let map = |options: &str| object("v1", "ConfigMap", "a", json!({SYNC_OPTIONS: options}));
    let live = [map("")];
    let (create, update) = (PlanAction::Create, PlanAction::Update);
    let by_object = [
        ("Replace=true", PlanAction::Replace, "Replace=true"),
        ("Force=true", update, "Force=true"),
        ("ServerSideApply=true", update, "ServerSideApply=true"),
        ("Validate=false", update, "Validate=false"),
    ];
    for (option, action, options) in by_object {
        let (found, in_force, _) = step_of(&settings(), map(option), &live);
        assert_eq!((found, in_force.as_str()), (action, options), "{option}");
    }
    let by_application = [
        (Settings { replace: true, ..settings() }, PlanAction::Replace, "Replace=true"),
        (Settings { force: true, ..settings() }, update, "Force=true"),
        (Settings { server_side_apply: true, ..settings() }, update, "ServerSideApply=true"),
        (Settings { validate: false, ..settings() }, update, "Validate=false"),
    ];
    for (settings, action, options) in by_application {
        let (found, in_force, _) = step_of(&settings, map(""), &live);
        assert_eq!((found, in_force.as_str()), (action, options));
    }
    // An object may switch off what its application switches on.
    let server_side = Settings { server_side_apply: true, ..settings() };
    assert_eq!(step_of(&server_side, map("ServerSideApply=false"), &[]).1, "ServerSideApply=false");
    let widget = |options: &str| object("shop.example/v1", "Widget", "a", json!({SYNC_OPTIONS: options}));
    let option = "SkipDryRunOnMissingResource=true";
    assert_eq!(step_of(&settings(), widget(option), &[]).0, create);
    let (action, _, why) = step_of(&settings(), widget(""), &[]);
    assert_eq!((action, why.as_str()), (PlanAction::Skip, "no matches for kind"));
    let (action, _, why) = step_of(&settings(), object("v1", "ResourceQuota", "a", json!({})), &[]);
    assert_eq!(
        (action, why.as_str()),
        (PlanAction::Skip, "resource :ResourceQuota is not permitted in project shop")
    );
    let orphaning = Settings { propagation: Propagation::Orphan, create_namespace: false, ..settings() };
    let pruned = planned(&orphaning, &[], &live);
    assert_eq!(pruned.steps[0].options, ["PrunePropagationPolicy=orphan"]);
}

#[test]
fn a_need_that_the_order_contradicts_is_explained() {
    let pod = json!({"template": {"spec": {"serviceAccountName": "web", "volumes": [{"configMap": {"name": "flags"}}]}}});
    let desired = [
        with(object("apps/v1", "Deployment", "web", json!({SYNC_WAVE: "1"})), pod),
        object("v1", "ServiceAccount", "web", json!({SYNC_WAVE: "2"})),
        object("v1", "ConfigMap", "flags", json!({HOOK: "PostSync"})),
    ];
    let plan = planned(&settings(), &desired, &[]);
    let conflicts: Vec<String> = plan.conflicts.iter().map(ToString::to_string).collect();
    assert_eq!(
        conflicts,
        [
            "Deployment web runs as ServiceAccount web, but wave 1 comes before wave 2",
            "Deployment web reads ConfigMap flags, but Sync comes before PostSync"
        ]
    );
}

#[test]
fn a_selective_sync_plans_what_is_selected_and_no_hooks() {
    let mut operation = trueup_manifest::argocd::SyncOperation::default();
    operation.resources.push(trueup_manifest::argocd::SyncOperationResource {
        kind: "Service".into(),
        name: "web".into(),
        ..Default::default()
    });
    let settings = Settings::new(&Default::default(), &operation);
    let desired = [
        object("v1", "Service", "web", json!({})),
        object("v1", "Service", "other", json!({})),
        object("batch/v1", "Job", "migrate", json!({HOOK: "PreSync"})),
    ];
    let plan = planned(&settings, &desired, &[object("v1", "Service", "old", json!({}))]);
    assert_eq!(plan.to_string(), "1 Sync     Service web  create (not there yet)\n");
}

#[test]
fn what_is_respected_takes_the_place_of_what_is_desired() {
    let map =
        |name: &str, data: &str| with(object("v1", "ConfigMap", name, json!({})), json!({"data": data}));
    let desired =
        [map("both", "new"), map("missing", "new"), object("v1", "Pod", "hook", json!({HOOK: "Sync"}))];
    let live = [map("both", "old"), map("extra", "old")];
    let mut reconciled = reconcile(&desired, &live, "shop", &Cluster);
    let before = reconciled.clone();
    let refused = reconciled.respect(|_, _| Err("no rule"));
    assert_eq!(refused, Err(SyncError::Respect("no rule".into())));
    assert_eq!(reconciled, before);
    reconciled.respect(|_, live| Ok::<_, String>(live.clone())).unwrap();
    assert_eq!(reconciled.pairs[0].target, reconciled.pairs[0].live);
    assert_eq!(reconciled.pairs[1..], before.pairs[1..]);
    assert_eq!(reconciled.hooks, before.hooks);
}
