//! The built-in tables, by facts that anyone can check.
#![expect(clippy::disallowed_methods, reason = "tests read their fixtures")]

use trueup_schema::{Relation, Scalar, Shape, kubernetes, openapi, smd};

#[test]
fn known_facts_are_there() {
    let schema = kubernetes::schema();
    let deployment = schema.kind("apps/v1", "Deployment").unwrap();
    assert!(deployment.is_typed() && deployment.is_structured());
    assert_eq!(deployment.is_namespaced(), Some(true));
    assert_eq!(schema.kind("v1", "Namespace").unwrap().is_namespaced(), Some(false));
    assert_eq!(schema.kind("v1", "PodList").unwrap().is_namespaced(), None);
    assert!(!schema.kind("admission.k8s.io/v1", "AdmissionReview").unwrap().is_typed());
    assert!(schema.kind("apiextensions.k8s.io/v1", "CustomResourceDefinition").is_none());

    let service = schema.kind("v1", "Service").unwrap().ty();
    let ports = service.walk(&["spec"]).unwrap().field("ports").unwrap();
    assert_eq!(ports.merge_key(), Some("port"));
    let list = ports.ty().list().unwrap();
    assert_eq!(list.relation, Relation::Associative);
    assert_eq!(list.keys().collect::<Vec<_>>(), ["port", "protocol"]);
    assert_eq!(list.item.field("protocol").unwrap().default().unwrap().as_str(), Some("TCP"));
    assert_eq!(list.item.field("targetPort").unwrap().ty().shape(), Shape::IntOrString);

    let selector = deployment.ty().walk(&["spec", "selector"]).unwrap();
    assert_eq!(selector.map().unwrap().relation, Relation::Atomic);
    let strategy = deployment.ty().walk(&["spec"]).unwrap().field("strategy").unwrap();
    assert!(strategy.patch_strategy().retain_keys);
    assert_eq!(smd::deduced().scalar(), Scalar::Untyped);
    assert_eq!(smd::deduced().name(), Some(smd::DEDUCED));
}

#[test]
fn every_type_can_be_walked() {
    let schema = kubernetes::schema();
    for kind in schema.kinds() {
        let names: Vec<_> = kind.ty().fields().map(|field| field.name()).collect();
        assert!(names.is_sorted(), "{names:?}");
        assert!(names.iter().all(|name| kind.ty().field(name).is_some()));
        assert_eq!(kind.ty().shape(), Shape::Struct, "{}", kind.name());
    }
}

#[test]
fn the_shared_facts_agree_when_present() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/k8s-merge-keys.json");
    let Ok(text) = std::fs::read_to_string(path) else { return };
    let facts: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut checked = 0;
    for (kind, paths) in facts["paths"].as_object().unwrap() {
        let (api_version, name) = kind.split_once(' ').unwrap();
        let root = kubernetes::schema().kind(api_version, name).unwrap().ty();
        for (path, rule) in paths.as_object().unwrap() {
            let steps: Vec<&str> = path.split('.').map(|step| step.trim_end_matches("[]")).collect();
            let (last, before) = steps.split_last().unwrap();
            let parent = root.walk(before).unwrap();
            let field = parent.field(last).or_else(|| parent.item().unwrap().field(last)).unwrap();
            assert_eq!(field.merge_key(), rule[1].as_str(), "{kind} {path}");
            let strategy = field.patch_strategy();
            assert_eq!(strategy.merge, rule[0].as_str().unwrap().contains("merge"), "{kind} {path}");
            checked += 1;
        }
    }
    assert!(checked > 300, "{checked}");
}

#[test]
fn a_crd_has_list_keys_and_metadata() {
    let crd = serde_json::json!({
        "kind": "CustomResourceDefinition",
        "spec": {
            "group": "example.com", "scope": "Cluster", "names": {"kind": "Widget"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                "spec": {"type": "object", "properties": {
                    "parts": {
                        "type": "array", "x-kubernetes-list-type": "map", "x-kubernetes-list-map-keys": ["id"],
                        "items": {"type": "object", "properties": {"id": {"type": "string", "default": "x"}}},
                    },
                    "open": {"type": "object", "x-kubernetes-preserve-unknown-fields": true},
                }},
            }}}}],
        },
    });
    let crd = serde_json::from_value(crd).unwrap();
    let schema = openapi::parse([&crd]);
    let kind = schema.kind("example.com/v1", "Widget").unwrap();
    assert_eq!(kind.is_namespaced(), Some(false));
    let parts = kind.ty().walk(&["spec", "parts"]).unwrap().list().unwrap();
    assert_eq!((parts.relation, parts.keys().collect::<Vec<_>>()), (Relation::Associative, vec!["id"]));
    assert_eq!(parts.item.field("id").unwrap().default().unwrap().as_str(), Some("x"));
    assert_eq!(
        kind.ty().walk(&["spec", "open"]).unwrap().map().unwrap().item.unwrap().name(),
        Some(smd::DEDUCED)
    );
    let owners = kind.ty().walk(&["metadata", "ownerReferences"]).unwrap().list().unwrap();
    assert_eq!(owners.keys().collect::<Vec<_>>(), ["uid"]);
}
