//! What the crate promises beyond the reference's cases: unknown facts, reasons, plans, limits.
#![expect(clippy::unwrap_used, reason = "a test may")]

use serde_json::{Value as Json, json};
use trueup_appset::reconcile::{Action, PlanOptions, plan};
use trueup_appset::{
    Cluster, Error, Fact, MemoryFacts, Need, Options, Presence, PullRequest, Validation, evaluate,
    evaluate_with, explain, first_needs, needs, validate, validation_needs,
};
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{FileTree, Value};

const REPOSITORY: &str = "https://git.example.com/config.git";

fn value(json: Json) -> Value {
    serde_json::from_value(json).unwrap()
}

fn set(go: bool, generators: Json, name: &str) -> Value {
    value(json!({
        "metadata": {"name": "set", "namespace": "argocd"},
        "spec": {
            "goTemplate": go, "generators": generators,
            "template": {"metadata": {"name": name},
                         "spec": {"project": "default", "destination": {"name": "in-cluster", "namespace": "x"}}},
        },
    }))
}

fn directories() -> Json {
    json!({"git": {"repoURL": REPOSITORY, "revision": "main", "directories": [{"path": "services/*"}]}})
}

fn tree() -> FileTree {
    FileTree::from_files([("services/cart/a.yaml", ""), ("services/user/a.yaml", ""), ("x/.hidden/y/z", "")])
        .unwrap()
}

fn names(evaluation: &trueup_appset::Evaluation) -> Vec<&str> {
    evaluation.applications.iter().map(|it| it.name()).collect()
}

#[test]
fn facts_are_asked_for_in_rounds() {
    let files = json!({"git": {"repoURL": "{{ .server }}/config.git", "revision": "{{ .name }}", "files": [{"path": "*.json"}]}});
    let set = set(
        true,
        json!([{"matrix": {"generators": [{"clusters": {"selector": {"matchLabels": {"env": "x"}}}}, files]}},
               directories()]),
        "{{ .path.basename }}",
    );
    let options = Options::default();
    let git = |repository: &str, revision: &str, files| Need::Git {
        repository: repository.into(),
        revision: revision.into(),
        files,
    };
    let first = first_needs(&set, &options);
    let project = Need::Project { name: "default".into() };
    assert_eq!(first, [Need::Clusters, git(REPOSITORY, "main", false), project]);
    let cluster = |name: &str| Cluster {
        name: name.into(),
        server: format!("https://{name}").into(),
        labels: [("env".into(), "x".into())].into(),
        ..Cluster::default()
    };
    // Both revisions are asked for in one round.
    let facts = MemoryFacts::new()
        .with_clusters([cluster("a"), cluster("b")])
        .with_project("default", Some(AppProject::default()))
        .with_tree(REPOSITORY, "main", tree());
    let second = needs(&set, &facts, &options);
    assert_eq!(second, [git("https://a/config.git", "a", true), git("https://b/config.git", "b", true)]);
    assert!(matches!(evaluate(&set, &facts), Err(Error::UnknownFacts { needs }) if needs.len() == 2));
    let empty = FileTree::default();
    let facts = facts.with_tree("https://a/config.git", "a", empty.clone()).with_tree(
        "https://b/config.git",
        "b",
        empty,
    );
    assert_eq!(needs(&set, &facts, &options), []);
    assert_eq!(names(&evaluate(&set, &facts).unwrap()), ["cart", "user"]);
}

#[test]
fn directories_are_not_enough_for_files() {
    let set = set(
        false,
        json!([{"git": {"repoURL": REPOSITORY, "revision": "main", "files": [{"path": "*"}]}}]),
        "x",
    );
    let facts = MemoryFacts::new().with_directories(REPOSITORY, "main", ["services"]);
    let error = evaluate(&set, &facts).unwrap_err();
    assert_eq!(error.code(), "appset/unknown-facts");
    assert_eq!(error.to_string(), format!("facts are not known: files of {REPOSITORY} at main"));
}

#[test]
fn explains_each_application() {
    let generators = json!([{"matrix": {"generators": [
        directories(),
        {"list": {"elements": [{"env": "staging"}, {"env": "production"}]}},
    ]}}]);
    let set = set(true, generators, "{{ .path.basename }}-{{ .env }}");
    let facts = MemoryFacts::new()
        .with_tree(REPOSITORY, "main", tree())
        .with_clusters([])
        .with_project("default", Some(AppProject::default()));
    let evaluation = evaluate(&set, &facts).unwrap();
    let validation = validate("set", &evaluation, &facts);
    assert_eq!(validation, Validation::default());
    assert_eq!(
        validation_needs(&evaluation, &MemoryFacts::new()),
        [Need::Clusters, Need::Project { name: "default".into() },]
    );
    let there = explain(&evaluation, &validation, "user-production");
    assert_eq!(there.presence, Presence::Generated);
    assert_eq!(
        there.to_string(),
        "user-production is generated\n  \
         from spec.generators[0].matrix (directory services/user × element 1)\n  \
         with path.basename  user        from directory services/user\n       \
              env            production  from element 1\n  \
         in   metadata.name  {{ .path.basename }}-{{ .env }}\n"
    );
    let gone = explain(&evaluation, &validation, "user-prod");
    assert_eq!(gone.presence, Presence::NotGenerated);
    assert_eq!(gone.similar[0], "user-production");
}

fn owned(name: &str) -> Value {
    value(json!({
        "metadata": {
            "name": name, "namespace": "argocd", "finalizers": ["resources-finalizer.argocd.argoproj.io", "other"],
            "ownerReferences": [{"apiVersion": "argoproj.io/v1alpha1", "kind": "ApplicationSet", "name": "set",
                                 "uid": "1", "controller": true}],
        },
        "spec": {"project": "default", "destination": {"server": "https://gone"}},
    }))
}

#[test]
fn plans_what_is_created_updated_and_deleted() {
    let generators =
        json!([{"list": {"elements": [{"n": "new"}, {"n": "kept"}, {"n": "bad"}, {"n": "bad"}]}}]);
    let set = set(false, generators, "{{n}}");
    let facts = MemoryFacts::new().with_clusters([]).with_project("default", Some(AppProject::default()));
    let evaluation = evaluate(&set, &facts).unwrap();
    let validation = validate("set", &evaluation, &facts);
    assert_eq!(
        validation.message().unwrap(),
        "ApplicationSet set contains applications with duplicate name: bad"
    );
    let existing = [
        owned("kept"),
        owned("bad"),
        owned("old"),
        value(json!({"metadata": {"name": "foreign", "namespace": "argocd"}})),
    ];
    let decide = |policy: &str, existing: Fact<&[Value]>| {
        let mut options = PlanOptions::default();
        options.policy = trueup_appset::reconcile::Policy::named(policy).unwrap();
        let plan = plan(&set, &evaluation, &validation, existing, &facts, &options).unwrap();
        plan.steps.iter().map(|step| (step.name.to_string(), step.action)).collect::<Vec<_>>()
    };
    let step = |name: &str, action| (name.to_owned(), action);
    assert_eq!(
        decide("sync", Fact::Known(&existing)),
        [
            step("bad", Action::Invalid),
            step("bad", Action::Invalid),
            step("kept", Action::Update),
            step("new", Action::Create),
            step("old", Action::Delete),
        ]
    );
    assert_eq!(
        decide("create-only", Fact::Known(&existing))[2..],
        [step("kept", Action::Forbidden), step("new", Action::Create), step("old", Action::Forbidden),]
    );
    let unknown = decide("sync", Fact::Unknown("no cluster".to_owned()));
    assert!(unknown.iter().all(|(_, action)| matches!(action, Action::Unknown | Action::Invalid)));
    // What was deployed to a cluster that is gone stays, and with it goes the finalizer.
    let options = PlanOptions::default();
    let plan = plan(&set, &evaluation, &validation, Fact::Known(&existing), &facts, &options).unwrap();
    let old = plan.steps.iter().find(|step| step.name == "old").unwrap();
    let after = serde_json::to_value(old.after.as_ref().unwrap()).unwrap();
    assert_eq!(after["metadata"]["finalizers"], json!(["other"]));
}

#[test]
fn an_update_without_difference_is_none() {
    let set = set(false, json!([{"list": {"elements": [{"n": "a"}]}}]), "{{n}}");
    let facts = MemoryFacts::new().with_clusters([]).with_project("default", Some(AppProject::default()));
    let evaluation = evaluate(&set, &facts).unwrap();
    let options = PlanOptions::default();
    let first = plan(&set, &evaluation, &Validation::default(), Fact::Known(&[]), &facts, &options).unwrap();
    let live = [first.steps[0].after.clone().unwrap()];
    let second =
        plan(&set, &evaluation, &Validation::default(), Fact::Known(&live), &facts, &options).unwrap();
    assert_eq!(second.steps[0].action, Action::None);
}

#[test]
fn nothing_is_deleted_on_an_assumption() {
    let set = set(false, json!([directories()]), "{{path.basename}}");
    let facts = MemoryFacts::new().with_tree(REPOSITORY, "main", tree()).with_clusters([]);
    let evaluation = evaluate(&set, &facts).unwrap();
    assert_eq!(evaluation.assumptions.len(), 1);
    let existing = [owned("old")];
    let options = PlanOptions::default();
    let plan =
        plan(&set, &evaluation, &Validation::default(), Fact::Known(&existing), &facts, &options).unwrap();
    let old = plan.steps.iter().find(|step| step.name == "old").unwrap();
    assert_eq!(old.action, Action::Unknown);
}

#[test]
fn the_first_error_is_the_result_and_the_others_can_be_seen() {
    let generators = json!([{"list": {"elements": [{"n": "a"}, {"x": "b"}, {"y": "c"}]}}]);
    let mut document = serde_json::to_value(set(true, generators, "{{ .n }}")).unwrap();
    document["spec"]["goTemplateOptions"] = json!(["missingkey=error"]);
    let set = value(document);
    let facts = MemoryFacts::new();
    let error = evaluate(&set, &facts).unwrap_err();
    assert_eq!(error.reason(), Some("RenderTemplateParamsError"));
    assert!(error.to_string().ends_with("map has no entry for key \"n\""), "{error}");
    assert!(error.to_diagnostic().notes[0].ends_with("spec.generators[0].list (element 1)"));
    let all = evaluate_with(&set, &facts, &Options::default().keep_going()).unwrap();
    assert_eq!((names(&all), all.errors.len()), (vec!["a"], 2));
    let existing = [owned("old")];
    let options = PlanOptions::default();
    let plan = plan(&set, &all, &Validation::default(), Fact::Known(&existing), &facts, &options).unwrap();
    assert!(plan.steps.iter().all(|step| step.action == Action::Unknown));
}

#[test]
fn security_is_reported() {
    let mut project = AppProject::default();
    project.metadata.name = "default".into();
    project.spec.source_repos = vec!["https://git.example.com/*".into()];
    project.spec.destinations =
        vec![serde_json::from_value(json!({"name": "*", "namespace": "team-*"})).unwrap()];
    let facts = MemoryFacts::new().with_clusters([]).with_project("default", Some(project));
    let document = json!({
        "metadata": {"name": "set"},
        "spec": {
            "generators": [{"list": {"elements": [{"n": "a", "p": "default"}, {"n": "a", "p": "default"}]}}],
            "template": {"metadata": {"name": "{{n}}"},
                         "spec": {"project": "{{p}}", "source": {"repoURL": "https://evil.example.com/x"},
                                  "destination": {"name": "in-cluster", "namespace": "kube-system"}}},
        },
    });
    let evaluation = evaluate(&value(document), &facts).unwrap();
    let codes: Vec<&str> = evaluation.diagnostics.iter().map(|it| it.code.as_str()).collect();
    assert_eq!(codes[0], "appset/templated-project");
    assert_eq!(codes.iter().filter(|code| **code == "appset/duplicate-name").count(), 1);
    assert_eq!(codes.iter().filter(|code| **code == "appset/outside-project").count(), 4);
}

#[test]
fn pull_requests_without_a_repository_can_be_empty() {
    let generator =
        json!({"pullRequest": {"github": {"owner": "o", "repo": "r"}, "continueOnRepoNotFoundError": true}});
    let set = set(false, json!([generator]), "pr-{{number}}");
    let missing = trueup_appset::PullRequestError::RepositoryNotFound("not found".to_owned());
    let facts = MemoryFacts::new().with_pull_requests(None, Err(missing));
    assert!(evaluate(&set, &facts).unwrap().applications.is_empty());
    let open = PullRequest {
        number: 7,
        branch: "feature/Ü_x".into(),
        head_sha: "0123456789".into(),
        ..PullRequest::default()
    };
    let facts = MemoryFacts::new().with_pull_requests(None, Ok(vec![open]));
    assert_eq!(names(&evaluate(&set, &facts).unwrap()), ["pr-7"]);
}

#[test]
fn requeue_takes_the_smallest_time() {
    let times = |generators: Json| trueup_appset::requeue_after(&set(false, generators, "x"), 180).unwrap();
    assert_eq!(times(json!([{"list": {}}, {"clusters": {}}])), None);
    assert_eq!(times(json!([directories(), {"plugin": {"requeueAfterSeconds": 60}}])), Some(60));
    let nested = json!({"matrix": {"generators": [{"merge": {"generators": [{"git": {"requeueAfterSeconds": 20}}]}}, {"list": {}}]}});
    assert_eq!(times(json!([nested, directories()])), Some(20));
}

#[test]
fn an_explanation_says_what_a_plan_does() {
    let set = set(false, json!([{"list": {"elements": [{"n": "kept"}]}}]), "{{n}}");
    let facts = MemoryFacts::new().with_clusters([]).with_project("default", Some(AppProject::default()));
    let evaluation = evaluate(&set, &facts).unwrap();
    let validation = validate("set", &evaluation, &facts);
    let existing = [owned("old")];
    let options = PlanOptions::default();
    let plan = plan(&set, &evaluation, &validation, Fact::Known(&existing), &facts, &options).unwrap();
    let explained = |name: &str| explain(&evaluation, &validation, name).with_plan(&plan);
    assert_eq!(explained("kept").fate.unwrap().action, Action::Create);
    assert_eq!(
        explained("old").to_string(),
        "old is not generated: no parameter set gives this name\n  \
         it is deleted: it is no longer generated; its cluster is not known, so what it deployed stays\n  \
         spec.generators[0] gives 1 parameter set\n"
    );
    assert_eq!(explained("never").fate, None);
}

#[test]
fn an_explanation_names_the_selector_that_leaves_an_application_out() {
    let entry = json!({
        "list": {"elements": [{"n": "kept", "tier": "1"}, {"n": "left", "tier": "2"}]},
        "selector": {"matchLabels": {"tier": "1"}},
    });
    let set = set(false, json!([entry, {"list": {"elements": []}}]), "{{n}}");
    let evaluation = evaluate(&set, &MemoryFacts::new()).unwrap();
    let explained = |name: &str| explain(&evaluation, &Validation::default(), name).to_string();
    assert_eq!(
        explained("left"),
        "left is not generated: a selector leaves its parameter set out\n  \
         left out: spec.generators[0].list (element 1)\n  \
         spec.generators[0] gives 1 parameter set, its selector leaves 1 out\n  \
         spec.generators[1] gives 0 parameter sets\n"
    );
    assert!(explained("kept").starts_with("kept is generated\n  from spec.generators[0].list (element 0)\n"));
}
