//! Every generator against every state of what it asks for: nothing derived from what is not known deletes or is empty.
#![expect(clippy::unwrap_used, reason = "a test may")]

use serde_json::{Value as Json, json};
use trueup_appset::reconcile::{Action, PlanOptions, plan};
use trueup_appset::{
    Error, Evaluation, Fact, GitContent, MemoryFacts, Need, Options, PullRequestError, Validation, evaluate,
    evaluate_with, needs,
};
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{FileTree, Map, Value};

const REPOSITORY: &str = "https://git.example.com/config.git";
const RESOURCE: [&str; 3] = ["cluster.open-cluster-management.io", "v1beta1", "placementdecisions"];

fn value(json: Json) -> Value {
    serde_json::from_value(json).unwrap()
}

/// The generators with the facts they ask for: none of it, an error, and nothing in it.
fn generators() -> Vec<(&'static str, Json, [MemoryFacts; 2])> {
    let base = || MemoryFacts::new().with_project("default", Some(AppProject::default()));
    let tree = || Ok(GitContent::Tree(FileTree::default()));
    let git = |answer| base().with_git(REPOSITORY, "main", answer);
    let boom = || Err::<_, String>("boom".to_owned());
    let data = |json: Json| value(json).as_map().cloned();
    let decisions = data(
        json!({"apiVersion": "cluster.open-cluster-management.io/v1beta1", "kind": "placementdecisions",
                                "statusListKey": "decisions", "matchKey": "clusterName"}),
    );
    let with_decisions = || base().with_config_map("c", decisions.clone()).with_clusters([]);
    let plugin = data(json!({"baseUrl": "http://plugin", "token": "$k"}));
    let with_plugin = || {
        let secret = Map::from_iter([("k", Value::from("t"))]);
        base().with_config_map("c", plugin.clone()).with_secret("argocd-secret", Some(secret))
    };
    let files = json!({"git": {"repoURL": REPOSITORY, "revision": "main", "files": [{"path": "*.json"}]}});
    let directories =
        json!({"git": {"repoURL": REPOSITORY, "revision": "main", "directories": [{"path": "*"}]}});
    vec![
        ("git files", files, [git(boom()), git(tree())]),
        ("git directories", directories, [git(boom()), git(tree())]),
        (
            "scmProvider",
            json!({"scmProvider": {"github": {"organization": "o"}}}),
            [base().with_repositories(None, Err("boom".into())), base().with_repositories(None, Ok(vec![]))],
        ),
        (
            "pullRequest",
            json!({"pullRequest": {"github": {"owner": "o", "repo": "r"}}}),
            [
                base().with_pull_requests(None, Err(PullRequestError::Other("boom".into()))),
                base().with_pull_requests(None, Ok(vec![])),
            ],
        ),
        (
            "plugin",
            json!({"plugin": {"configMapRef": {"name": "c"}}}),
            [
                with_plugin().with_plugin("c", None, Err("boom".into())),
                with_plugin().with_plugin("c", None, Ok(value(json!({"output": {"parameters": []}})))),
            ],
        ),
        (
            "clusterDecisionResource",
            json!({"clusterDecisionResource": {"configMapRef": "c", "labelSelector": {"matchLabels": {"l": "v"}}}}),
            [
                with_decisions().with_decision_resources(RESOURCE, Err("boom".into())),
                with_decisions().with_decision_resources(
                    RESOURCE,
                    Ok(vec![value(json!({"metadata": {"name": "n", "labels": {"l": "v"}}, "status": {}}))]),
                ),
            ],
        ),
        (
            "clusters",
            json!({"clusters": {"selector": {"matchLabels": {"a": "b"}}}}),
            // Clusters are a list that is known or not; an error of the selector stands for the one Argo CD can give.
            [base(), base().with_clusters([])],
        ),
    ]
}

fn set(generator: Json) -> Value {
    value(json!({
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": {
            "generators": [generator],
            "template": {"metadata": {"name": "x"}, "spec": {"project": "default", "destination": {"name": "in-cluster"}}},
        },
    }))
}

/// As it is, in a matrix with a list before and behind it, and in a merge.
fn nestings(generator: &Json) -> [Json; 4] {
    let list = json!({"list": {"elements": [{"k": "v"}]}});
    let inner = json!({"matrix": {"generators": [list, generator]}});
    [
        generator.clone(),
        json!({"matrix": {"generators": [generator, list]}}),
        inner.clone(),
        json!({"merge": {"mergeKeys": ["k"], "generators": [inner, list]}}),
    ]
}

fn owned() -> Value {
    value(json!({"metadata": {"name": "old", "namespace": "argocd", "ownerReferences": [
        {"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "name": "set", "uid": "1", "controller": true}]},
        "spec": {"project": "default", "destination": {"name": "in-cluster"}}}))
}

fn fate(set: &Value, evaluation: &Evaluation, facts: &MemoryFacts) -> Action {
    let existing = [owned()];
    let options = PlanOptions::default();
    let plan =
        plan(set, evaluation, &Validation::default(), Fact::Known(&existing), facts, &options).unwrap();
    plan.steps.iter().find(|step| step.name == "old").unwrap().action
}

#[test]
fn what_is_not_known_is_asked_for_and_never_empty() {
    for (name, generator, _) in generators() {
        for nested in nestings(&generator) {
            let set = set(nested);
            let facts = MemoryFacts::new().with_project("default", Some(AppProject::default()));
            let error = evaluate(&set, &facts).unwrap_err();
            assert!(matches!(&error, Error::UnknownFacts { needs } if !needs.is_empty()), "{name}: {error}");
            // Going on after errors does not make it known.
            let all = evaluate_with(&set, &facts, &Options::default().keep_going());
            assert!(matches!(all, Err(Error::UnknownFacts { .. })), "{name}");
            assert!(!needs(&set, &facts, &Options::default()).is_empty(), "{name}");
        }
    }
}

#[test]
fn an_error_is_an_error_and_deletes_nothing() {
    for (name, generator, [failing, _]) in generators().into_iter().filter(|it| it.0 != "clusters") {
        for nested in nestings(&generator) {
            let set = set(nested);
            let error = evaluate(&set, &failing).unwrap_err();
            assert_eq!(error.reason(), Some("ApplicationGenerationFromParamsError"), "{name}: {error}");
            assert!(error.to_string().contains("boom"), "{name}: {error}");
            let all = evaluate_with(&set, &failing, &Options::default().keep_going()).unwrap();
            assert_eq!((all.applications.len(), all.errors.len()), (0, 1), "{name}");
            assert_eq!(fate(&set, &all, &failing), Action::Unknown, "{name}");
        }
    }
}

#[test]
fn only_what_is_known_to_be_empty_deletes() {
    for (name, generator, [_, empty]) in generators() {
        for nested in nestings(&generator) {
            let set = set(nested);
            let evaluation = evaluate(&set, &empty).unwrap();
            assert!(evaluation.applications.is_empty() && evaluation.assumptions.is_empty(), "{name}");
            assert_eq!(needs(&set, &empty, &Options::default()), [], "{name}");
            assert_eq!(fate(&set, &evaluation, &empty), Action::Delete, "{name}");
        }
    }
}

/// A plugin needs its ConfigMap, then its token, then its answer: each is asked for when the one before is known.
#[test]
fn needs_come_in_rounds() {
    let set = set(json!({"plugin": {"configMapRef": {"name": "c"}}}));
    let options = Options::default();
    let facts = MemoryFacts::new();
    assert_eq!(needs(&set, &facts, &options), [Need::ConfigMap { name: "c".into() }]);
    let data = value(json!({"baseUrl": "http://plugin", "token": "$k"})).as_map().cloned();
    let facts = facts.with_config_map("c", data);
    assert_eq!(needs(&set, &facts, &options), [Need::Secret { name: "argocd-secret".into() }]);
    let facts = facts.with_secret("argocd-secret", Some(Map::from_iter([("k", Value::from("t"))])));
    assert!(matches!(needs(&set, &facts, &options).as_slice(), [Need::Plugin { .. }]));
    let answer = value(json!({"output": {"parameters": [{"a": 1}]}}));
    assert_eq!(needs(&set, &facts.with_plugin("c", None, Ok(answer)), &options), []);
}
