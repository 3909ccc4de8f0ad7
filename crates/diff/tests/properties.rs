//! What must hold whatever comes in: nothing secret goes out, bad input costs itself only, normal forms stay.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use trueup_diff::rules::{IgnoreRule, Rules, Settings};
use trueup_diff::{Input, Options, State, Strategy, SyncStatus, compare, compare_one};
use trueup_manifest::{Map, Value};

fn object(json: serde_json::Value) -> Value {
    serde_json::from_value(json).unwrap()
}

const CANARY: &str = "canary-7f3a";
const CANARY_BASE64: &str = "Y2FuYXJ5LTdmM2E=";
/// The start of the value, plain, in hexadecimal, and in base64 at every alignment.
const CANARY_PARTS: [&str; 5] = ["canary", "63616e617279", "Y2FuYXJ5", "NhbmFye", "jYW5hcn"];

/// Everything a comparison shows, as one text.
fn shown(desired: &[Value], live: &[Value], rules: &Rules) -> String {
    let mut text = String::new();
    for strategy in [Strategy::Apply, Strategy::Structured] {
        let mut options = Options::default();
        options.strategy = strategy;
        let comparison = compare(desired, live, rules, &options);
        text += &serde_json::to_string(&comparison).unwrap();
        text += &format!("{comparison:?}");
    }
    text
}

#[test]
fn no_secret_value_is_ever_shown() {
    let rule = IgnoreRule {
        group: "*".into(),
        kind: "*".into(),
        jq_path_expressions: vec![".data[] | fromjson".into()],
        ..IgnoreRule::default()
    };
    let rules = Rules::new(&[rule], &Default::default()).unwrap();
    let applied = |data: serde_json::Value| {
        serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": data, "stringData": {"p": CANARY}}).to_string()
    };
    let secret = |data: serde_json::Value, annotation: String| {
        object(serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s",
            "annotations": {"kubectl.kubernetes.io/last-applied-configuration": annotation}}, "data": data}))
    };
    let good = serde_json::json!({"a": CANARY_BASE64, "b": null});
    let datas = [
        good.clone(),
        serde_json::json!({"a": CANARY}),
        serde_json::json!({"a": {"nested": CANARY}, "b": [CANARY]}),
        serde_json::json!([CANARY, {"x": CANARY_BASE64}]),
        serde_json::json!(CANARY),
        serde_json::json!({"a": "b3RoZXI="}),
    ];
    let annotations = [
        applied(good),
        applied(serde_json::json!(CANARY)),
        format!("not json {CANARY}"),
        format!("{{\"kind\":\"ConfigMap\",\"data\":\"{CANARY}\"}}"),
        format!("[\"{CANARY}\"]"),
    ];
    for one in &datas {
        for other in &datas {
            for annotation in &annotations {
                let (a, b) = (secret(one.clone(), annotation.clone()), secret(other.clone(), "{}".into()));
                let mut plain = a.clone();
                plain.as_map_mut().unwrap().insert("stringData", Map::from_iter([("p", CANARY)]));
                let mut odd = b.clone();
                odd.as_map_mut().unwrap().insert("stringData", CANARY);
                let list = |item: &Value| -> Value {
                    Map::from_iter([
                        ("apiVersion", Value::from("v1")),
                        ("kind", "List".into()),
                        ("items", vec![item.clone()].into()),
                        ("metadata", Map::from_iter([("name", "l")]).into()),
                    ])
                    .into()
                };
                let mut of_secrets = list(&b);
                of_secrets.as_map_mut().unwrap().insert("kind", "SecretList");
                for (desired, live) in
                    [(&a, &b), (&plain, &b), (&odd, &a), (&list(&a), &list(&b)), (&of_secrets, &list(&a))]
                {
                    for (desired, live) in [
                        (vec![desired.clone()], vec![live.clone()]),
                        (vec![desired.clone()], vec![]),
                        (vec![], vec![desired.clone()]),
                    ] {
                        let text = shown(&desired, &live, &rules);
                        assert!(
                            CANARY_PARTS.iter().all(|part| !text.contains(part)),
                            "{desired:?} {live:?}\n{text}"
                        );
                    }
                }
            }
        }
    }
}

/// What is not where a Secret has its values is masked all the same: nothing tells that it is none.
#[test]
fn values_in_odd_places_are_not_shown() {
    const APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";
    // Its spellings differ: plain, in JSON, in a URL, in base64.
    let secret = "cän/ary+7\"f3a";
    let encoded = "Y8Okbi9hcnkrNyJmM2E=";
    let parts = ["ary+7", "ary%2B7", "f3a", "Y8Okbi9h", "PDpG4vYXJ5", "jw6RuL2Fye", "n/ary", "n%2Fary"];
    let applied =
        serde_json::json!({"apiVersion": "v1", "kind": "Secret", "data": {"a": encoded}}).to_string();
    let inner = serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"annotations": {APPLIED: applied}}}).to_string();
    let with = |key: &str, part: serde_json::Value| {
        let mut json = serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "type": "Opaque", "data": {"k": "dg=="}});
        json[key] = part;
        object(json)
    };
    let annotated = |annotations: serde_json::Value| {
        with("metadata", serde_json::json!({"name": "s", "annotations": annotations}))
    };
    let secrets = [
        with("Data", serde_json::json!({"a": secret})),
        with("STRINGDATA", serde_json::json!({"a": [secret, {"b": encoded}]})),
        with("spec", serde_json::json!(secret)),
        with("type", serde_json::json!([secret])),
        with("immutable", serde_json::json!({"a": encoded})),
        with("stringData", serde_json::json!({"a": secret, "b": [encoded]})),
        with("data", serde_json::json!({"a": [99, 195, 164], "b": encoded, "c": secret})),
        // An annotation that is no text makes all of them unreadable, not harmless.
        annotated(serde_json::json!({"n": 1, APPLIED: applied})),
        annotated(serde_json::json!({"n": null, APPLIED: applied})),
        annotated(serde_json::json!({APPLIED: inner})),
        annotated(serde_json::json!({APPLIED: {"data": secret}})),
        annotated(serde_json::json!([applied])),
        annotated(serde_json::json!({APPLIED: format!("{applied} ")})),
        annotated(serde_json::json!({APPLIED: format!("{applied}x")})),
        annotated(serde_json::json!({APPLIED: serde_json::json!([applied]).to_string()})),
    ];
    for secret in &secrets {
        let mut other = secret.clone();
        other.as_map_mut().unwrap().insert("data", Map::from_iter([("k", "b3RoZXI=")]));
        let item = |items: Value| -> Value {
            let mut list = Map::from_iter([("apiVersion", "v1"), ("kind", "List")]);
            list.insert("metadata", Map::from_iter([("name", "l")]));
            list.insert("items", items);
            list.into()
        };
        let lists = [
            item(vec![secret.clone()].into()),
            item(secret.clone()),
            item(vec![item(vec![secret.clone()].into())].into()),
        ];
        for shown_object in [secret, &lists[0], &lists[1], &lists[2]] {
            for (desired, live) in [
                (vec![shown_object.clone()], vec![other.clone()]),
                (vec![other.clone()], vec![shown_object.clone()]),
                (vec![shown_object.clone()], vec![]),
                (vec![], vec![shown_object.clone()]),
            ] {
                let text = shown(&desired, &live, &Rules::default());
                let found: Vec<&&str> = parts.iter().filter(|part| text.contains(**part)).collect();
                assert!(found.is_empty(), "{found:?} of {shown_object:?}\n{text}");
            }
            let masked = trueup_diff::mask::mask_one(shown_object, &[]);
            let text = serde_json::to_string(&masked).unwrap();
            assert!(parts.iter().all(|part| !text.contains(part)), "{text}");
        }
    }
}

#[test]
fn that_a_secret_differs_is_shown() {
    let secret = |value: &str| {
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": {"a": value}}),
        )
    };
    let comparison = compare(&[secret("YQ==")], &[secret("Yg==")], &Rules::default(), &Options::default());
    assert_eq!(comparison.status, SyncStatus::OutOfSync);
    let changes = &comparison.resources[0].report.as_ref().unwrap().changes;
    assert_eq!(changes.iter().map(|change| change.path.as_str()).collect::<Vec<_>>(), ["data.a"]);
}

#[test]
fn bad_input_costs_only_itself() {
    let good = |name: &str| {
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": {"k": "v"}}),
        )
    };
    let bad = [
        object(serde_json::json!({"apiVersion": "v1", "metadata": {"name": "x"}})),
        object(serde_json::json!([1, 2])),
        object(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": [1]})),
        object(serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap"})),
        Value::NULL,
        Value::from("text"),
    ];
    for bad in bad {
        let comparison =
            compare(&[good("a"), bad.clone()], &[good("a")], &Rules::default(), &Options::default());
        assert_eq!(comparison.summary.synced, 1, "{bad:?}");
        assert_eq!(comparison.summary.failed, 1, "{bad:?}");
        assert_eq!(comparison.status, SyncStatus::Unknown);
        let failed = comparison.resources.iter().find(|resource| resource.state == State::Failed).unwrap();
        assert!(!failed.diagnostics.is_empty());
    }
    // A list where a map belongs is a difference, never in sync.
    let odd = object(
        serde_json::json!({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "data": ["v"]}),
    );
    let comparison = compare(&[odd], &[good("a")], &Rules::default(), &Options::default());
    assert_ne!(comparison.status, SyncStatus::Synced);
}

#[test]
fn every_suppressed_difference_names_its_rule() {
    let data = object(serde_json::json!({
        "resource.customizations": "apps/Deployment:\n  ignoreDifferences: |\n    jqPathExpressions: ['.spec.template.spec.containers[] | select(.name == \"sidecar\")']\n",
        "resource.customizations.ignoreDifferences.all": "managedFieldsManagers: [hpa]\n",
        "resource.compareoptions": "ignoreAggregatedRoles: true\n",
    }));
    let settings = Settings::from_config_map(&data).unwrap();
    assert!(settings.ignore_aggregated_roles);
    let rule = IgnoreRule {
        group: "app?".into(),
        kind: "*".into(),
        json_pointers: vec!["/metadata/labels/x".into()],
        ..IgnoreRule::default()
    };
    let rules = settings.rules(&[rule]).unwrap();
    let deployment = |replicas: i64, label: &str, containers: &[&str]| {
        let containers: Vec<_> =
            containers.iter().map(|name| serde_json::json!({"name": name, "image": "i"})).collect();
        object(
            serde_json::json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "d", "labels": {"x": label},
            "managedFields": [{"manager": "hpa", "operation": "Update", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
                "fieldsV1": {"f:spec": {"f:replicas": {}}}}]},
            "spec": {"replicas": replicas, "selector": {"matchLabels": {"a": "b"}}, "template": {"metadata": {"labels": {"a": "b"}},
                "spec": {"containers": containers}}}, "status": {"replicas": replicas}}),
        )
    };
    let mut desired = deployment(1, "a", &["app"]);
    desired.at_mut(&["metadata"]).unwrap().as_map_mut().unwrap().remove("managedFields");
    let live = deployment(3, "b", &["app", "sidecar"]);
    let comparison = compare(&[desired], &[live], &rules, &Options::default());
    assert_eq!(comparison.status, SyncStatus::Synced, "{:#?}", comparison.resources[0]);
    let suppressed = &comparison.resources[0].report.as_ref().unwrap().suppressed;
    let rules: Vec<(&str, &str)> =
        suppressed.iter().map(|note| (note.rule.place.as_str(), note.rule.rule.as_str())).collect();
    assert!(
        rules.contains(&("spec.ignoreDifferences[0].jsonPointers[0]", "/metadata/labels/x")),
        "{rules:?}"
    );
    assert!(rules.iter().any(|(place, rule)| place.contains("[*/*]") && *rule == "hpa"), "{rules:?}");
    assert!(
        rules.iter().any(|(place, rule)| place.contains("apps/Deployment") && rule.contains("sidecar")),
        "{rules:?}"
    );
    assert!(
        suppressed
            .iter()
            .any(|note| note.removed.iter().any(|path| path == "/spec/template/spec/containers/1"))
    );
}

#[test]
fn changes_are_named_by_key_and_owner() {
    let pod = |image: &str| {
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p", "managedFields": [
        {"manager": "deployer", "operation": "Apply", "apiVersion": "v1", "fieldsType": "FieldsV1",
         "fieldsV1": {"f:spec": {"f:containers": {"k:{\"name\":\"app\"}": {"f:image": {}}}}}}]},
        "spec": {"containers": [{"name": "log", "image": "l"}, {"name": "app", "image": image}]}}),
        )
    };
    let (old, new) = (pod("a:1"), pod("a:2"));
    let input = Input { config: Some(&new), live: Some(&old), dry_run: None };
    let (modified, report) = compare_one(input, &Rules::default(), &Options::default()).unwrap();
    assert!(modified);
    assert_eq!(report.changes[0].path, "spec.containers[app].image");
    assert_eq!(report.changes[0].managers, ["deployer"]);
    assert!(report.text.contains("-  - image: a:1") || report.text.contains("a:1"));
    assert_eq!(report.patch.len(), 1);
}

#[test]
fn normal_forms_stay() {
    let objects = [
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s", "creationTimestamp": null}, "stringData": {"a": "b"}}),
        ),
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "Endpoints", "metadata": {"name": "e"}, "subsets": [
            {"addresses": [{"ip": "2"}, {"ip": "1"}], "ports": [{"port": 2}, {"port": 1}]}, {"addresses": [{"ip": "3"}], "ports": [{"port": 1}, {"port": 2}]}]}),
        ),
        object(
            serde_json::json!({"apiVersion": "v1", "kind": "Pod", "spec": {"containers": [{"resources": {"limits": {"cpu": "1000m"}}}], "overhead": {}}}),
        ),
    ];
    for object in objects {
        let once = trueup_diff::normalize::normalize(&trueup_diff::typed::retype(&object), false);
        assert_eq!(trueup_diff::normalize::normalize(&trueup_diff::typed::retype(&once), false), once);
    }
}

/// Whatever stands where, the answer is a result or an error.
#[test]
fn odd_objects_are_answered() {
    let odd = [
        Value::NULL,
        true.into(),
        (-1).into(),
        1.5.into(),
        "x".into(),
        vec![Value::from(1), Value::NULL].into(),
        vec![Value::from(Map::new())].into(),
        Map::from_iter([("a", 1), ("$patch", 2)]).into(),
    ];
    let kinds = [
        ("apps/v1", "Deployment"),
        ("apps/v1", "StatefulSet"),
        ("v1", "Secret"),
        ("v1", "Service"),
        ("v1", "Endpoints"),
        ("rbac.authorization.k8s.io/v1", "ClusterRole"),
        ("example.io/v1", "Thing"),
    ];
    for (api_version, kind) in kinds {
        for field in ["spec", "data", "stringData", "rules", "subsets", "metadata"] {
            for one in &odd {
                for other in &odd {
                    let make = |value: &Value| -> Value {
                        let mut object = Map::from_iter([
                            ("apiVersion", Value::from(api_version)),
                            ("kind", kind.into()),
                            ("metadata", Map::from_iter([("name", "n")]).into()),
                        ]);
                        object.insert(field, value.clone());
                        object.into()
                    };
                    let (config, live) = (make(one), make(other));
                    for strategy in [
                        Strategy::Apply,
                        Strategy::Structured,
                        Strategy::ServerSide { ignore_webhooks: true },
                    ] {
                        let mut options = Options::default();
                        options.strategy = strategy;
                        let input =
                            Input { config: Some(&config), live: Some(&live), dry_run: Some(&config) };
                        let _ = compare_one(input, &Rules::default(), &options);
                    }
                }
            }
        }
    }
}

#[test]
fn an_object_compared_with_itself_is_in_sync() {
    let objects = [
        serde_json::json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}, "spec": {"containers": [{"name": "a", "image": "i", "resources": {"limits": {"cpu": "1000m"}}}]}}),
        serde_json::json!({"apiVersion": "example.io/v1", "kind": "Thing", "metadata": {"name": "t"}, "spec": {"list": [1, {"a": null}], "n": null}}),
        serde_json::json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "stringData": {"a": "b"}}),
    ];
    for json in objects {
        let object = object(json);
        for strategy in [Strategy::Apply, Strategy::Structured] {
            let mut options = Options::default();
            options.strategy = strategy;
            let input = Input { config: Some(&object), live: Some(&object), dry_run: None };
            let (modified, report) = compare_one(input, &Rules::default(), &options).unwrap();
            assert!(
                !modified && report.patch.is_empty() && report.changes.is_empty() && report.text.is_empty()
            );
        }
    }
}

#[test]
fn known_types_and_aggregated_roles_are_named() {
    let rollout = |cpu: &str| {
        object(
            serde_json::json!({"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "metadata": {"name": "r"},
            "spec": {"template": {"spec": {"containers": [{"name": "a", "resources": {"limits": {"cpu": cpu}}}]}}}}),
        )
    };
    let rules = Rules::new(&[], &Default::default()).unwrap();
    let mut options = Options::default();
    options.ignore_aggregated_roles = true;
    let comparison = compare(&[rollout("1000m")], &[rollout("1")], &rules, &options);
    assert_eq!(comparison.status, SyncStatus::Synced);
    let note = &comparison.resources[0].report.as_ref().unwrap().suppressed[0];
    assert_eq!(note.rule.rule, "spec.template.spec: core/v1/PodSpec");
    let role = |verb: &str| {
        object(
            serde_json::json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "metadata": {"name": "r"},
            "aggregationRule": {"clusterRoleSelectors": []}, "rules": [{"verbs": [verb]}]}),
        )
    };
    let comparison = compare(&[role("get")], &[role("list")], &rules, &options);
    assert_eq!(comparison.status, SyncStatus::Synced);
    let note = &comparison.resources[0].report.as_ref().unwrap().suppressed[0];
    assert_eq!(
        (note.rule.place.as_str(), note.rule.rule.as_str()),
        ("resource.compareoptions", "ignoreAggregatedRoles")
    );
    assert_eq!(note.removed, ["/rules"]);
}
