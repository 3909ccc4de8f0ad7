//! Bad input costs the object it is in: a diagnostic there, every other object compared, and never a wrong "in sync".
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use trueup_diff::rules::{IgnoreRule, Overrides, Rules};
use trueup_diff::tracking::Tracking;
use trueup_diff::{Comparison, Options, Resource, State, SyncStatus, compare, desired_set};
use trueup_manifest::Value;

fn object(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

fn config_map(name: &str) -> Value {
    object(
        serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"k": "v"}}),
    )
}

fn deployment(spec: serde_json::Value) -> Value {
    object(
        serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d"}, "spec": spec}),
    )
}

fn named<'c>(comparison: &'c Comparison, name: &str) -> &'c Resource {
    comparison.resources.iter().find(|resource| resource.key.name == name).unwrap()
}

/// Compares beside an object that is fine, which must come out fine.
fn beside_a_good_one(desired: Value, live: Option<Value>, rules: &Rules) -> Comparison {
    let live: Vec<Value> = [Some(config_map("good")), live].into_iter().flatten().collect();
    let comparison = compare(&[config_map("good"), desired], &live, rules, &Options::default());
    assert_eq!(named(&comparison, "good").state, State::Synced);
    comparison
}

#[test]
fn an_object_without_a_kind_fails_alone() {
    let odd = object(serde_json::json!({"apiVersion": "v1", "metadata": {"name": "odd"}}));
    let comparison = beside_a_good_one(odd, None, &Rules::default());
    let odd = named(&comparison, "odd");
    assert_eq!((odd.state, odd.status), (State::Failed, Some(SyncStatus::Unknown)));
    assert_eq!(odd.diagnostics[0].code, "diff/incomplete-object");
    assert_eq!(comparison.status, SyncStatus::Unknown);
}

#[test]
fn a_list_where_a_map_belongs_is_never_in_sync() {
    let live = deployment(
        serde_json::json!({"replicas": 1, "template": {"spec": {"containers": [{"name": "a", "image": "i"}]}}}),
    );
    let odd = [
        serde_json::json!(["replicas"]),
        serde_json::json!({"replicas": 1, "template": ["spec"]}),
        serde_json::json!({"replicas": 1, "template": {"spec": {"containers": {"name": "a"}}}}),
        serde_json::json!({"replicas": 1, "template": {"spec": {"containers": [["a"]]}}}),
        serde_json::json!({"replicas": 1, "template": {"spec": {"containers": [{"image": "i"}]}}}),
        serde_json::json!("text"),
    ];
    for spec in odd {
        let comparison = beside_a_good_one(deployment(spec.clone()), Some(live.clone()), &Rules::default());
        let found = named(&comparison, "d");
        assert!(matches!(found.state, State::Modified | State::Failed), "{spec} {:?}", found.state);
        assert_ne!(found.status, Some(SyncStatus::Synced), "{spec}");
        assert_eq!(found.state == State::Failed, !found.diagnostics.is_empty(), "{spec}");
    }
    let metadata = object(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name"]}));
    let comparison = beside_a_good_one(metadata, None, &Rules::default());
    assert_eq!(comparison.summary.failed, 1);
}

#[test]
fn a_broken_annotation_is_told_and_not_used() {
    for text in ["{broken", "[]", "1", "", "{\"metadata\":{}}"] {
        let mut live = config_map("odd");
        let annotations = serde_json::json!({"kubectl.kubernetes.io/last-applied-configuration": text});
        live.at_mut(&["metadata"]).unwrap().as_map_mut().unwrap().insert("annotations", object(annotations));
        let comparison = beside_a_good_one(config_map("odd"), Some(live.clone()), &Rules::default());
        let odd = named(&comparison, "odd");
        assert_eq!(odd.state, State::Synced, "{text}");
        assert_eq!(odd.diagnostics[0].code, "diff/bad-last-applied", "{text}");
        let mut other = config_map("odd");
        other.as_map_mut().unwrap().insert("data", object(serde_json::json!({"k": "other"})));
        let comparison = beside_a_good_one(other, Some(live), &Rules::default());
        assert_eq!(named(&comparison, "odd").state, State::Modified, "{text}");
    }
}

#[test]
fn an_expression_that_is_none_fails_the_objects_it_is_about() {
    let rule = |expression: &str| IgnoreRule {
        group: "apps".into(),
        kind: "*".into(),
        jq_path_expressions: vec![expression.into()],
        ..IgnoreRule::default()
    };
    for expression in ["[", ".a | nothing_like_it", "def f: f; f"] {
        assert!(Rules::new(&[rule(expression)], &Overrides::default()).is_err(), "{expression}");
        let rules = Rules::tolerant(&[rule(expression)], &Overrides::default()).unwrap();
        let equal = deployment(serde_json::json!({"replicas": 1}));
        let comparison = beside_a_good_one(equal.clone(), Some(equal), &rules);
        let found = named(&comparison, "d");
        assert_eq!((found.state, found.status), (State::Failed, Some(SyncStatus::Unknown)), "{expression}");
        assert!(found.diagnostics[0].message.contains("spec.ignoreDifferences[0].jqPathExpressions[0]"));
        // It is told even if it is about nothing that is there.
        let comparison = compare(&[], &[], &rules, &Options::default());
        assert_eq!(comparison.diagnostics[0].code, "diff/bad-setting", "{expression}");
    }
}

#[test]
fn a_hook_that_gets_its_name_when_it_runs_is_no_difference() {
    let hook = |annotations: serde_json::Value| {
        object(serde_json::json!({
            "apiVersion": "batch/v1", "kind": "Job",
            "metadata": {"generateName": "smoke-", "namespace": "shop", "annotations": annotations},
        }))
    };
    let post_sync = hook(serde_json::json!({"argocd.argoproj.io/hook": "PostSync"}));
    let comparison = compare(&[post_sync], &[], &Rules::default(), &Options::default());
    assert_eq!((comparison.status, comparison.resources[0].state), (SyncStatus::Synced, State::Uncounted));
    // What is no hook cannot be applied without a name.
    let comparison = compare(&[hook(serde_json::json!({}))], &[], &Rules::default(), &Options::default());
    assert_eq!(comparison.resources[0].state, State::Failed);
}

#[test]
fn what_extends_the_api_is_cluster_wide() {
    let extensions = [
        ("apiextensions.k8s.io/v1", "CustomResourceDefinition", "gateways.shop.example"),
        ("apiregistration.k8s.io/v1", "APIService", "v1.shop.example"),
    ];
    for (api_version, kind, name) in extensions {
        let manifest = object(
            serde_json::json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name, "namespace": "shop"}}),
        );
        let set = desired_set(&[manifest], "shop", "shop", &Tracking::default(), None);
        assert_eq!(set.objects[0].at(&["metadata", "namespace"]), None, "{kind}");
    }
}
