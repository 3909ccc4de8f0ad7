//! Inputs that want to hurt: they end, with a typed error or a result.
#![expect(clippy::unwrap_used, reason = "a test may")]

use serde_json::{Value as Json, json};
use trueup_appset::{Cluster, Error, FileGlobbing, Limits, MemoryFacts, Options, evaluate, evaluate_with};
use trueup_manifest::{Cancel, FileTree, Map, Value};

fn value(json: Json) -> Value {
    serde_json::from_value(json).unwrap()
}

fn set(go: bool, generators: Json, spec: Json) -> Value {
    value(json!({
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": {"goTemplate": go, "generators": generators,
                 "template": {"metadata": {"name": "x"}, "spec": spec}},
    }))
}

fn elements(key: &str, count: usize) -> Json {
    let elements: Vec<Json> = (0..count).map(|i| json!({key: i.to_string()})).collect();
    json!({"list": {"elements": elements}})
}

#[test]
fn matrices_are_counted_before_they_are_built() {
    let matrix = |a: usize, b: usize| {
        set(false, json!([{"matrix": {"generators": [elements("a", a), elements("b", b)]}}]), json!({}))
    };
    let mut limits = Limits::default();
    limits.max_parameter_sets = 100 + 7 + 700;
    let options = Options::default().with_limits(limits);
    assert_eq!(
        evaluate_with(&matrix(100, 7), &MemoryFacts::new(), &options).unwrap().applications.len(),
        700
    );
    let error = evaluate_with(&matrix(100, 8), &MemoryFacts::new(), &options).unwrap_err();
    assert_eq!(error, Error::Limit { what: "parameter sets", limit: 807 });
    // Ten thousand by ten thousand is refused without a hundred million sets.
    let error = evaluate(&matrix(10_000, 10_000), &MemoryFacts::new()).unwrap_err();
    assert_eq!(error.code(), "appset/limit");
}

#[test]
fn generator_runs_are_limited() {
    let second = json!({"list": {"elements": [{"b": "{{a}}"}]}});
    let set = set(false, json!([{"matrix": {"generators": [elements("a", 50), second]}}]), json!({}));
    let mut limits = Limits::default();
    limits.max_generator_runs = 52;
    let options = Options::default().with_limits(limits);
    assert_eq!(evaluate_with(&set, &MemoryFacts::new(), &options).unwrap().applications.len(), 50);
    limits.max_generator_runs = 51;
    let options = Options::default().with_limits(limits);
    assert_eq!(evaluate_with(&set, &MemoryFacts::new(), &options).unwrap_err().code(), "appset/limit");
}

#[test]
fn deep_documents_end() {
    let mut deep = json!("{{a}}");
    for _ in 0..120 {
        deep = json!({"x": [deep]});
    }
    let generators = json!([{"list": {"elements": [{"a": "1"}]}}]);
    for go in [false, true] {
        let spec = json!({"source": {"helm": {"valuesObject": deep}}});
        _ = evaluate(&set(go, generators.clone(), spec), &MemoryFacts::new());
    }
    let mut nested = json!({"list": {}});
    for _ in 0..60 {
        nested = json!({"matrix": {"generators": [nested, {"list": {"elements": [{}]}}]}});
    }
    let error = evaluate(&set(false, json!([nested]), json!({})), &MemoryFacts::new()).unwrap_err();
    assert!(error.to_string().ends_with("child generator generated no parameters"), "{error}");
}

#[test]
fn templates_that_call_themselves_end() {
    let spec = json!({"project": "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}{{ template \"a\" . }}"});
    let generators = json!([{"list": {"elements": [{"a": "1"}]}}]);
    let error = evaluate(&set(true, generators.clone(), spec), &MemoryFacts::new()).unwrap_err();
    assert_eq!(error.code(), "appset/render");
    let spec = json!({"project": "{{ range until 100000000 }}{{ . }}{{ end }}"});
    assert!(evaluate(&set(true, generators, spec), &MemoryFacts::new()).is_err());
}

#[test]
fn globs_with_many_stars_end() {
    let path = format!("{}b", "a/".repeat(200));
    let tree = FileTree::from_files([(path.as_str(), "{}")]).unwrap();
    let facts = MemoryFacts::new().with_tree("r", "m", tree);
    let pattern = format!("{}c", "*a*/**/".repeat(100));
    for (kind, globbing) in
        [("files", FileGlobbing::Old), ("files", FileGlobbing::New), ("directories", FileGlobbing::Old)]
    {
        let generators = json!([{"git": {"repoURL": "r", "revision": "m", kind: [{"path": pattern}]}}]);
        let options = Options::default().with_file_globbing(globbing);
        let evaluation = evaluate_with(&set(false, generators, json!({})), &facts, &options).unwrap();
        assert!(evaluation.applications.is_empty());
    }
}

#[test]
fn odd_names_pass_through() {
    for name in ["a\u{0}b", "\u{feff}", "../../x", "{{", "}}{{", "\u{202e}x"] {
        let cluster = Cluster { name: name.into(), server: name.into(), ..Cluster::default() };
        let facts = MemoryFacts::new().with_clusters([cluster]);
        for (go, template) in [(false, "{{name}}"), (true, "{{ .name }}")] {
            let set = set(go, json!([{"clusters": {}}]), json!({"project": template}));
            let evaluation = evaluate(&set, &facts).unwrap();
            let projects: Vec<_> = evaluation
                .applications
                .iter()
                .map(|it| it.application.at(&["spec", "project"]).cloned())
                .collect();
            assert!(projects.contains(&Some(Value::from(name))), "{name:?}");
        }
    }
}

#[test]
fn documents_of_wrong_shapes_are_errors() {
    for document in [
        json!(null),
        json!([]),
        json!("x"),
        json!({"spec": []}),
        json!({"spec": {"generators": {}}}),
        json!({"spec": {"generators": [7]}}),
        json!({"metadata": {"name": {}}}),
    ] {
        let error = evaluate(&value(document.clone()), &MemoryFacts::new()).unwrap_err();
        assert_eq!(error.code(), "appset/document", "{document}");
    }
    assert!(evaluate(&Map::new().into(), &MemoryFacts::new()).unwrap().applications.is_empty());
    assert!(
        evaluate(
            &value(json!({"spec": {"generators": [{"git": null}, {"matrix": {}}]}})),
            &MemoryFacts::new()
        )
        .is_err()
    );
}

#[test]
fn unknown_options_are_the_panic_that_they_are() {
    let mut document =
        serde_json::to_value(set(true, json!([elements("a", 2)]), json!({"project": "{{ .a }}"}))).unwrap();
    document["spec"]["goTemplateOptions"] = json!(["missingkey=nope"]);
    let error = evaluate(&value(document), &MemoryFacts::new()).unwrap_err();
    assert_eq!(error, Error::Panic { message: "unrecognized option: missingkey=nope".to_owned() });
}

#[test]
fn an_evaluation_is_stopped_at_any_step_and_says_so() {
    let matrix = json!({"matrix": {"generators": [elements("a", 40), elements("b", 40)]}});
    let set = set(true, json!([matrix]), json!({}));
    let mut options = Options::new();
    options.cancel = Cancel::new();
    let all = evaluate_with(&set, &MemoryFacts::new(), &options).unwrap();
    assert_eq!(all.applications.len(), 1_600);
    let steps = options.cancel.steps();
    // Every Application is a step at least.
    assert!(steps > 3_200, "{steps}");
    for budget in (0..steps).step_by(97) {
        options.cancel = Cancel::with_budget(budget);
        for keep_going in [false, true] {
            options.keep_going = keep_going;
            let error = evaluate_with(&set, &MemoryFacts::new(), &options).unwrap_err();
            assert_eq!((&error, error.code()), (&Error::Cancelled, "appset/cancelled"));
        }
    }
    options.cancel = Cancel::with_budget(steps);
    assert!(evaluate_with(&set, &MemoryFacts::new(), &options).is_ok());
}
