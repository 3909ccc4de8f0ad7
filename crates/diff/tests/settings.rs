//! What `argocd-cm` says about comparing, in both of its forms, and which objects take part at all.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use trueup_diff::rules::Settings;
use trueup_diff::tracking::Tracking;
use trueup_diff::{
    Options, OrphanRule, State, Strategy, SyncStatus, compare, desired_set, orphan_warning, orphaned,
};
use trueup_manifest::Value;
use trueup_manifest::argocd::AppProject;
use trueup_schema::openapi;

fn object(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

fn settings(json: serde_json::Value) -> Settings {
    Settings::from_config_map(&object(json)).unwrap()
}

#[test]
fn the_split_keys_update_the_single_one_field_by_field() {
    let both = settings(serde_json::json!({
        "resource.customizations": "apps/Deployment:\n  ignoreDifferences: |\n    jsonPointers: [/spec/old]\n  knownTypeFields: [{field: spec.template.spec, type: core/v1/PodSpec}]\n'*.example.io/*':\n  ignoreDifferences: {jsonPointers: [/spec/glob]}\n",
        "resource.customizations.ignoreDifferences.apps_Deployment": "jsonPointers: [/spec/replicas]\njqPathExpressions: [.spec.paused]\n",
        "resource.customizations.ignoreDifferences.ConfigMap": "jsonPointers: [/data]\n",
        "resource.customizations.ignoreResourceUpdates.all": "jsonPointers: [/metadata/annotations]\n",
    }));
    let rules = both.rules(&[]).unwrap();
    let left = |json: serde_json::Value| serde_json::to_value(rules.normalize(&object(json)).object).unwrap();
    let deployment = |spec: serde_json::Value| serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "spec": spec});
    // The newer key stands in place of the older one's rules; the older one's known types stay.
    let given = serde_json::json!({"old": 1, "replicas": 2, "paused": true});
    assert_eq!(left(deployment(given)), deployment(serde_json::json!({"old": 1})));
    let cpu = |cpu: &str| {
        deployment(
            serde_json::json!({"template": {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": cpu}}}]}}}),
        )
    };
    assert_eq!(left(cpu("1000m")), left(cpu("1")));
    let thing = |spec: serde_json::Value| serde_json::json!({"apiVersion": "a.example.io/v1", "kind": "Thing", "spec": spec});
    assert_eq!(left(thing(serde_json::json!({"glob": 1}))), thing(serde_json::json!({})));
    let map = serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}, "status": 1});
    assert_eq!(left(map), serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap"}));
}

#[test]
fn a_live_change_is_worth_a_refresh_unless_rules_say_otherwise() {
    let with = |options: &str| {
        settings(serde_json::json!({
            "resource.compareoptions": options,
            "resource.customizations.ignoreDifferences.ConfigMap": "jsonPointers: [/data/a]\n",
            "resource.customizations.ignoreResourceUpdates.ConfigMap": "jqPathExpressions: [.data.b]\n",
        }))
    };
    let map = |version: &str, a: &str, b: &str| {
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": a, "b": b, "c": "c"},
            "metadata": {"name": "m", "resourceVersion": version, "generation": 1, "managedFields": [version]}}),
        )
    };
    let seen =
        |settings: &Settings, object: &Value| settings.update_rules().unwrap().normalize(object).object;
    let usual = with("");
    assert_eq!(seen(&usual, &map("1", "x", "y")), seen(&usual, &map("2", "z", "z")));
    // Then what is ignored in comparisons still counts for refreshes.
    let apart = with("ignoreDifferencesOnResourceUpdates: false\n");
    assert_eq!(seen(&apart, &map("1", "x", "y")), seen(&apart, &map("2", "x", "z")));
    assert_ne!(seen(&apart, &map("1", "x", "y")), seen(&apart, &map("1", "z", "y")));
}

#[test]
fn status_is_ignored_as_the_options_say() {
    let ignores = |settings: &Settings, api_version: &str, kind: &str| {
        let given = object(serde_json::json!({"apiVersion": api_version, "kind": kind, "status": 1}));
        settings.rules(&[]).unwrap().normalize(&given).object.get("status").is_none()
    };
    let crd = ("apiextensions.k8s.io/v1", "CustomResourceDefinition");
    let with = |value: &str| {
        settings(
            serde_json::json!({"resource.compareoptions": format!("ignoreResourceStatusField: {value}\n")}),
        )
    };
    for value in ["all", "''"] {
        assert!(ignores(&with(value), "v1", "Pod"), "{value}");
    }
    assert!(ignores(&Settings::default(), "v1", "Pod"));
    assert!(ignores(&with("crd"), crd.0, crd.1) && !ignores(&with("crd"), "v1", "Pod"));
    for value in ["none", "off", "false"] {
        assert!(!ignores(&with(value), "v1", "Pod"), "{value}");
    }
    let odd = with("sometimes");
    assert!(ignores(&odd, "v1", "Pod"));
    assert_eq!(odd.warnings[0].code, "diff/bad-setting");
}

#[test]
fn what_cannot_be_read_is_told_and_the_rest_is_used() {
    let data = object(serde_json::json!({
        "resource.customizations": "[",
        "resource.customizations.nonsense.apps_Deployment": "a: b\n",
        "resource.customizations.ignoreDifferences.a_b_C": "jsonPointers: []\n",
        "resource.customizations.ignoreDifferences.ConfigMap": "jsonPointers: [/data]\n",
        "resource.exclusions": "{",
        "application.resourceTrackingMethod": "label",
    }));
    assert!(Settings::from_config_map(&data).is_err());
    let settings = Settings::tolerant(&data);
    assert_eq!(settings.warnings.len(), 4, "{:#?}", settings.warnings);
    assert!(settings.warnings.iter().all(|warning| warning.code == "diff/bad-setting"));
    let map = object(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "data": {"a": "b"}}));
    assert!(settings.rules(&[]).unwrap().normalize(&map).object.get("data").is_none());
    assert_eq!(settings.tracking.method, trueup_diff::tracking::Method::Label);
}

#[test]
fn exclusions_and_inclusions_are_by_group_kind_and_cluster() {
    let excluding = settings(serde_json::json!({"resource.exclusions":
        "- apiGroups: ['*.cilium.io', cilium.io]\n  kinds: ['*']\n  clusters: ['https://a*']\n- kinds: [EndpointSlice]\n"}));
    let excludes = |group: &str, kind: &str, cluster: &str| excluding.filters.excludes(group, kind, cluster);
    assert!(excludes("cilium.io", "CiliumIdentity", "https://abc"));
    assert!(!excludes("cilium.io", "CiliumIdentity", "https://b"));
    assert!(excludes("discovery.k8s.io", "EndpointSlice", "x") && !excludes("", "Endpoints", "x"));
    assert!(excludes("coordination.k8s.io", "Lease", "x") && excludes("metrics.k8s.io", "PodMetrics", "x"));
    let including = settings(serde_json::json!({
        "resource.inclusions": "- apiGroups: [apps]\n  clusters: [here]\n- apiGroups: ['']\n  kinds: [Secret]\n  clusters: [here]\n",
        "resource.exclusions": "- apiGroups: [apps]\n  kinds: [ReplicaSet]\n",
    }));
    let excludes = |group: &str, kind: &str, cluster: &str| including.filters.excludes(group, kind, cluster);
    assert!(!excludes("apps", "Deployment", "here") && !excludes("", "Secret", "here"));
    assert!(excludes("apps", "ReplicaSet", "here") && excludes("", "ConfigMap", "here"));
    assert!(!excludes("", "ConfigMap", "elsewhere"));
    let mut desired = vec![
        object(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}})),
        object(serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}})),
    ];
    let told = including.filters.retain(&mut desired, "here");
    assert_eq!((desired.len(), told.len()), (1, 1));
    assert_eq!(
        (told[0].code.as_ref(), told[0].message.as_str()),
        ("diff/excluded-resource", "Resource /ConfigMap m is excluded in the settings")
    );
}

fn in_namespace(kind: &str, name: &str) -> serde_json::Value {
    let api_version = if kind == "Deployment" { "apps/v1" } else { "v1" };
    serde_json::json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "ns", "uid": name}})
}

#[test]
fn annotations_that_the_settings_call_sensitive_are_masked() {
    let settings =
        settings(serde_json::json!({"resource.sensitive.mask.annotations": "token/one, token/two"}));
    let secret = |one: &str| {
        object(serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s",
            "annotations": {"token/one": one, "token/two": "t-secret", "note": "shown"}}}))
    };
    let mut options = Options::default();
    options.hidden_annotations = settings.hidden_annotations;
    let comparison = compare(&[secret("a-secret")], &[secret("b-secret")], &Default::default(), &options);
    let text = serde_json::to_string(&comparison).unwrap();
    assert!(!text.contains("-secret") && text.contains("shown"), "{text}");
    assert_eq!(comparison.status, SyncStatus::OutOfSync);
}

#[test]
fn extras_may_be_overlooked() {
    let extra = |options: &str| {
        object(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m",
            "annotations": {"argocd.argoproj.io/compare-options": options}}}))
    };
    let status =
        |options: &str| compare(&[], &[extra(options)], &Default::default(), &Options::default()).status;
    assert_eq!(status("ServerSideDiff=true, IgnoreExtraneous"), SyncStatus::Synced);
    assert_eq!(status("IgnoreExtraneous=false"), SyncStatus::OutOfSync);
    let app = |options: &str| {
        let annotations = serde_json::json!({"argocd.argoproj.io/compare-options": options});
        let policy = serde_json::json!({"syncOptions": ["ServerSideApply=true"]});
        let app =
            serde_json::json!({"metadata": {"annotations": annotations}, "spec": {"syncPolicy": policy}});
        Strategy::for_application(&object(app), false)
    };
    assert_eq!(app(""), Strategy::Structured);
    assert_eq!(app("ServerSideDiff=true"), Strategy::ServerSide { ignore_webhooks: true });
    let all = app("ServerSideDiff=true,IncludeMutationWebhook=true");
    assert_eq!(all, Strategy::ServerSide { ignore_webhooks: false });
    assert_eq!(app("ServerSideDiff=true,ServerSideDiff=false"), Strategy::Structured);
}

#[test]
fn orphans_are_what_nobody_wants_owns_or_excuses() {
    let mut owned = in_namespace("Pod", "owned");
    owned["metadata"]["ownerReferences"] = serde_json::json!([{"uid": "lost"}]);
    let mut child = in_namespace("ConfigMap", "managed");
    child["metadata"]["ownerReferences"] = serde_json::json!([{"uid": "parent"}]);
    let mut elsewhere = in_namespace("ConfigMap", "elsewhere");
    elsewhere["metadata"]["namespace"] = "other".into();
    let live: Vec<Value> = [
        in_namespace("ConfigMap", "lost"),
        in_namespace("ConfigMap", "kept-by-name"),
        in_namespace("ConfigMap", "kube-root-ca.crt"),
        in_namespace("ServiceAccount", "default"),
        in_namespace("Deployment", "parent"),
        in_namespace("Deployment", "lost-too"),
        owned,
        child,
        elsewhere,
    ]
    .into_iter()
    .map(object)
    .collect();
    let managed = live.iter().filter(|object| *object.at(&["metadata", "name"]).unwrap() == "managed");
    let managed = managed.map(trueup_diff::ObjectKey::of).collect();
    let project = |settings: serde_json::Value| -> AppProject {
        serde_json::from_value(serde_json::json!({"spec": {"orphanedResources": settings}})).unwrap()
    };
    let names = |project: &AppProject| {
        let rules = OrphanRule::of_project(project).unwrap();
        let found = orphaned(&live, "ns", &managed, &rules);
        let names: Vec<String> = found
            .iter()
            .map(|object| object.at(&["metadata", "name"]).unwrap().as_str().unwrap().to_owned())
            .collect();
        (names, orphan_warning(project, &found).map(|warning| warning.message))
    };
    let quiet = project(serde_json::json!({"ignore": [{"kind": "ConfigMap", "name": "kept-*"}]}));
    assert_eq!(names(&quiet), (vec!["lost".into(), "lost-too".into()], None));
    // An entry without a group is about the core group only.
    let all = project(serde_json::json!({"warn": true, "ignore": [{"name": "*"}]}));
    let warning = Some("Application has 1 orphaned resources".into());
    assert_eq!(names(&all), (vec!["lost-too".into()], warning));
    let none = project(serde_json::json!({"warn": true, "ignore": [{"group": "*"}]}));
    assert_eq!(names(&none), (vec![], None));
    assert_eq!(OrphanRule::of_project(&AppProject::default()), None);
}

#[test]
fn the_desired_set_knows_scopes_marks_and_repetitions() {
    let manifests: Vec<Value> = [
        serde_json::json!({"apiVersion": "v1", "kind": "List", "items": [
            {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "1"}},
            {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "n", "namespace": "wrong"}}]}),
        serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "m"}, "data": {"a": "2"}}),
        serde_json::json!({"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "bye", "annotations": {"argocd.argoproj.io/hook": "PostDelete"}}}),
        serde_json::json!({"apiVersion": "example.io/v1", "kind": "Everywhere", "metadata": {"name": "e"}}),
    ]
    .into_iter()
    .map(object)
    .collect();
    let crd = object(
        serde_json::json!({"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "spec": {
        "group": "example.io", "scope": "Cluster", "names": {"kind": "Everywhere"}, "versions": [{"name": "v1"}]}}),
    );
    let host = openapi::parse([&crd]);
    let set = desired_set(&manifests, "app", "dest", &Tracking::default(), Some(&host));
    let key = |object: &Value| trueup_diff::ObjectKey::of(object).to_string();
    let keys: Vec<String> = set.objects.iter().map(key).collect();
    assert_eq!(keys, ["/ConfigMap/dest/m", "/Namespace//n", "example.io/Everywhere//e"]);
    assert_eq!(set.objects[0].at(&["data", "a"]).unwrap().as_str(), Some("2"));
    let mark = set.objects[0].at(&["metadata", "annotations", "argocd.argoproj.io/tracking-id"]).unwrap();
    assert_eq!(mark.as_str(), Some("app:/ConfigMap:dest/m"));
    assert_eq!(set.diagnostics.len(), 1);
    assert_eq!(
        set.diagnostics[0].message,
        "Resource /ConfigMap/dest/m appeared 2 times among application resources."
    );
}

#[test]
fn an_object_of_unknown_scope_is_found_without_its_namespace() {
    let thing = |metadata: serde_json::Value| {
        object(
            serde_json::json!({"apiVersion": "example.io/v1", "kind": "Thing", "metadata": metadata, "spec": {"a": 1}}),
        )
    };
    let desired = [thing(serde_json::json!({"name": "t", "namespace": "dest"}))];
    let live = [thing(serde_json::json!({"name": "t"}))];
    let comparison = compare(&desired, &live, &Default::default(), &Options::default());
    assert_eq!(comparison.resources.len(), 1);
    assert_eq!((comparison.status, comparison.resources[0].state), (SyncStatus::Synced, State::Synced));
    // Of a kind whose scope is known that is another object.
    let service = |metadata: serde_json::Value| {
        object(serde_json::json!({"apiVersion": "v1", "kind": "Service", "metadata": metadata}))
    };
    let desired = [service(serde_json::json!({"name": "s", "namespace": "dest"}))];
    let comparison = compare(
        &desired,
        &[service(serde_json::json!({"name": "s"}))],
        &Default::default(),
        &Options::default(),
    );
    assert_eq!(comparison.resources.len(), 2);
}

#[test]
fn a_server_side_comparison_takes_the_results_of_dry_runs() {
    let map = |name: &str, value: &str| {
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "managedFields": [
            {"manager": "argocd-controller", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1", "fieldsV1": {"f:data": {"f:a": {}}}}]},
            "data": {"a": value}}),
        )
    };
    let desired = [map("same", "1"), map("changed", "2"), map("not-run", "1")];
    let live = [map("same", "1"), map("changed", "1"), map("not-run", "1")];
    let dry_runs = [map("changed", "2"), map("same", "1")];
    let mut options = Options::default();
    options.strategy = Strategy::ServerSide { ignore_webhooks: true };
    options.dry_runs = &dry_runs;
    let comparison = compare(&desired, &live, &Default::default(), &options);
    let states: Vec<State> = comparison.resources.iter().map(|resource| resource.state).collect();
    assert_eq!(states, [State::Synced, State::Modified, State::Failed]);
    assert_eq!(comparison.resources[2].diagnostics[0].code, "diff/no-dry-run");
    assert_eq!(comparison.status, SyncStatus::Unknown);
}
