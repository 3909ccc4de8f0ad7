//! `trueup preview` on the example repository: exactly the differences of `examples/DRIFT.md`, in every form of output.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test: it fails loudly")]

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use trueup::manifest::Glob;
use trueup::report::Report;
use trueup::{PreviewOptions, World, discover, preview};
use trueup_host::{FACTS_FILE, ReadOptions, read_directory, read_facts};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn example() -> PathBuf {
    root().join("examples/platform-configs")
}

fn trueup(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    command.args(arguments).output().unwrap()
}

fn preview_example(arguments: &[&str]) -> (String, Option<i32>) {
    let path = example();
    let output = trueup(&[&["preview", path.to_str().unwrap()], arguments].concat());
    (String::from_utf8(output.stdout).unwrap(), output.status.code())
}

/// What DRIFT.md says: Application → resources with what becomes of them and the fields that differ.
fn planted() -> Json {
    let update =
        |name: &str, fields: Json| json!({"name": name, "action": "update", "fields": fields, "ignored": []});
    let plain =
        |name: &str, action: &str| json!({"name": name, "action": action, "fields": [], "ignored": []});
    let image = |tag: &str| format!("registry.example.com:5000/shop/checkout:{tag}");
    let old_settings = "coupons-settings-7f9k2m4t6b";
    let new_settings = "coupons-settings-cfk89b7gdh";
    json!({
        "checkout-production": [update("Deployment checkout/checkout", json!([[
            "spec.template.spec.containers[checkout].image", image("1.5.3"), image("1.5.4"),
        ]]))],
        "coupons-staging": [
            plain(&format!("ConfigMap coupons/{new_settings}"), "create"),
            update("Deployment coupons/coupons", json!([[
                "spec.template.spec.containers[coupons].envFrom[0].configMapRef.name", old_settings, new_settings,
            ]])),
            plain(&format!("ConfigMap coupons/{old_settings}"), "prune"),
        ],
        "gateway-development": [update("Service gateway/gateway", json!([[
            "spec.ports[80,TCP]", null,
            {"name": "http", "port": 80, "protocol": "TCP", "targetPort": "http"},
        ]]))],
        "payment-production": [
            {
                "name": "Deployment payment/payment", "action": "none", "fields": [],
                "ignored": [["spec.replicas", 5, 3, "spec.ignoreDifferences[0].jsonPointers[0] /spec/replicas"]],
            },
            plain("Service payment/payment-legacy", "prune"),
        ],
        "search-production": [plain("Service search/search", "create")],
        "sessions-staging": [update("StatefulSet sessions/sessions", json!([["spec.replicas", 4, 2]]))],
    })
}

/// What a report found, in the shape of [`planted`].
fn found(report: &Json) -> Json {
    let list = |of: &Json, key: &str| of[key].as_array().cloned().unwrap_or_default();
    let fields = |resource: &Json| -> Vec<Json> {
        let one = |field: &Json| json!([field["path"], field["live"], field["desired"]]);
        list(resource, "fields").iter().map(one).collect()
    };
    let ignored = |resource: &Json| -> Vec<Json> {
        let one = |field: &Json| json!([field["path"], field["live"], field["desired"], field["rule"]]);
        list(resource, "ignored").iter().map(one).collect()
    };
    let resource = |resource: &Json| {
        let text = |key: &str| resource[key].as_str().unwrap();
        json!({
            "name": format!("{} {}/{}", text("kind"), text("namespace"), text("name")),
            "action": resource["action"], "fields": fields(resource), "ignored": ignored(resource),
        })
    };
    let resources =
        |application: &Json| list(application, "resources").iter().map(resource).collect::<Vec<_>>();
    let applications = list(report, "applications")
        .into_iter()
        .map(|application| (application["name"].as_str().unwrap().to_owned(), resources(&application)));
    let told: BTreeMap<String, Vec<Json>> =
        applications.filter(|(_, resources)| !resources.is_empty()).collect();
    json!(told)
}

#[test]
fn json_and_yaml_have_exactly_what_was_planted() {
    let (text, code) = preview_example(&["--output", "json"]);
    let report: Json = serde_json::from_str(&text).unwrap();
    assert_eq!(code, Some(0));
    assert_eq!(found(&report), planted());
    assert_eq!(report["applications"].as_array().unwrap().len(), 90);
    let summary = json!({
        "synced": 84, "outOfSync": 6, "unknown": 0, "created": 2, "updated": 4, "pruned": 2, "unhealthy": 0, "blocked": 0,
    });
    assert_eq!(report["summary"], summary);
    assert_eq!(report["collisions"], json!([]));
    let by_name = |name: &str| {
        let applications = report["applications"].as_array().unwrap();
        applications.iter().find(|application| application["name"] == name).unwrap().clone()
    };
    let payment = by_name("payment-production");
    assert_eq!(payment["health"], "Healthy");
    assert_eq!((&payment["live"], payment["deletions"].as_array().unwrap().len()), (&json!(9), 1));
    let steps: Vec<String> = payment["plan"].as_array().unwrap().iter().map(step).collect();
    assert_eq!(
        steps,
        ["1 PreSync Job payment-migrate run hook", "2 Sync Service payment-legacy prune after 1"]
    );
    let coupons = by_name("coupons-staging");
    let steps: Vec<String> = coupons["plan"].as_array().unwrap().iter().map(step).collect();
    let expected = [
        "1 Sync ConfigMap coupons-settings-7f9k2m4t6b prune",
        "1 Sync ConfigMap coupons-settings-cfk89b7gdh create",
        "1 Sync Deployment coupons update",
    ];
    assert_eq!(steps, expected);

    let (text, _) = preview_example(&["--output", "yaml"]);
    let value =
        trueup::manifest::yaml::parse(text.as_bytes(), &trueup::manifest::yaml::ParseOptions::kubernetes())
            .unwrap();
    assert_eq!(serde_json::to_value(&value).unwrap(), report);
}

fn step(step: &Json) -> String {
    let text = |key: &str| step[key].as_str().unwrap();
    let after = step["waitsFor"].as_u64().map(|stage| format!(" after {stage}")).unwrap_or_default();
    format!("{} {} {} {} {}{after}", step["stage"], text("phase"), text("kind"), text("name"), text("action"))
}

#[test]
fn text_shows_what_was_planted_and_the_plan() {
    let (text, _) = preview_example(&[]);
    let (first, rest) = text.split_once('\n').unwrap();
    let (head, seconds) = first.rsplit_once(" · ").unwrap();
    assert_eq!(head, "platform-configs · 1 ApplicationSet → 90 Applications · 526 objects");
    assert!(seconds.ends_with(" s"), "{seconds}");
    assert_eq!(rest, include_str!("fixtures/preview.txt"));
    let (all, _) = preview_example(&["--all"]);
    assert_eq!(all.matches("Synced · Healthy").count(), 84, "{all}");
}

#[test]
fn markdown_shows_what_was_planted_and_the_plan() {
    let (markdown, _) = preview_example(&["--output", "markdown"]);
    assert_eq!(markdown, include_str!("fixtures/preview.md"));
}

#[test]
fn exit_codes_tell_what_was_found() {
    assert_eq!(preview_example(&["--detailed-exitcode"]).1, Some(2));
    assert_eq!(preview_example(&["--detailed-exitcode", "--application", "accounts-*"]).1, Some(0));
    let output = trueup(&["preview", "no/such/directory"]);
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    // The guard refuses what would delete too much.
    let (text, code) =
        preview_example(&["--detailed-exitcode", "--max-prune-percent", "12", "--application", "coupons-*"]);
    assert_eq!(code, Some(1));
    assert!(text.contains("deletes 1 of 7 live resources; refused: the guard allows 0"), "{text}");
    let (text, code) =
        preview_example(&["--detailed-exitcode", "--max-prune", "1", "--application", "coupons-*"]);
    assert_eq!(code, Some(2));
    assert!(text.contains("deletes 1 of 7 live resources; the guard allows 1"), "{text}");
}

fn world(repository: &Path) -> (trueup::manifest::FileTree, World) {
    let tree = read_directory(repository, &ReadOptions::default()).unwrap();
    let facts = repository.join(FACTS_FILE);
    let world =
        if facts.is_file() { read_facts(repository, &tree, &facts, None).unwrap() } else { World::default() };
    (tree, world)
}

#[test]
fn every_overlay_has_the_bytes_that_kustomize_gives() {
    let (tree, _) = world(&example());
    let recorded = std::fs::read_to_string(root().join("examples/rendered.sha256")).unwrap();
    let mut checked = BTreeSet::new();
    for line in recorded.lines() {
        let (hash, directory) = line.split_once("  ").unwrap();
        let built =
            trueup::kustomize::build(&tree, directory, &Default::default()).unwrap().to_yaml().unwrap();
        let ours: String =
            Sha256::digest(built.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(ours, hash, "{directory}");
        checked.insert(directory);
    }
    assert_eq!(checked.len(), 90);
}

#[test]
fn applications_can_be_chosen_and_progress_is_told() {
    let (tree, world) = world(&example());
    let told = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let listener = std::sync::Arc::clone(&told);
    let mut options = PreviewOptions::default();
    options.application = Some(Glob::new("payment-*", &[]).unwrap());
    options.context.progress =
        Some(std::sync::Arc::new(move |_, done, all, _| listener.lock().unwrap().push((done, all))));
    let report: Report = preview(&tree, &world, &options);
    let names: Vec<&str> = report.applications.iter().map(|application| application.name.as_str()).collect();
    assert_eq!(names, ["payment-development", "payment-production", "payment-staging"]);
    let mut told = told.lock().unwrap().clone();
    told.sort_unstable();
    assert_eq!(told, [(1, 3), (2, 3), (3, 3)]);
}

/// A larger repository beside this one, with what kustomize made of it.
#[test]
fn the_seed_repository_is_rendered_and_expanded() {
    let seed = root().join("../shared/seed-fixtures");
    let repository = seed.join("platform-configs");
    if !repository.is_dir() {
        return;
    }
    let (tree, mut world) = world(&repository);
    let mut built = 0;
    for entry in std::fs::read_dir(seed.join("expected")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let directory = match name.split_once("--").unwrap() {
            ("platform", root) => format!("platform/{root}"),
            (service, environment) => format!("services/{service}/overlays/{environment}"),
        };
        let ours =
            trueup::kustomize::build(&tree, &directory, &Default::default()).unwrap().to_yaml().unwrap();
        assert_eq!(ours, std::fs::read_to_string(&path).unwrap(), "{directory}");
        built += 1;
    }
    assert_eq!(built, 94);

    let found = discover(&tree);
    assert_eq!(found.application_sets.len(), 2);
    world.repositories.push(("https://github.com/org/platform-configs.git".into(), tree.clone()));
    let facts = trueup::world_facts(&world, &found.projects);
    let mut counts: Vec<usize> = found
        .application_sets
        .iter()
        .map(|set| trueup::appset::evaluate(&set.value, &facts).unwrap().applications.len())
        .collect();
    counts.sort_unstable();
    assert_eq!(counts, [30, 90]);
    let report = preview(&tree, &world, &PreviewOptions::default());
    // One Application is written down besides. Nobody said what runs, so nobody can tell whether anything is in sync.
    assert_eq!((report.applications.len(), report.summary.unknown), (121, 121));
    let deletions: usize = report.applications.iter().map(|application| application.deletions.len()).sum();
    assert_eq!(deletions, 0, "nothing unknown is deleted");
}

#[test]
fn each_planted_difference_says_what_set_it() {
    let (text, _) = preview_example(&[]);
    for words in [
        "set by  services/checkout/overlays/production/kustomization.yaml:10  images[0]",
        "set by  name reference, follows ConfigMap/coupons-settings-cfk89b7gdh",
        "set by  services/gateway/base/service.yaml:9  resources",
        "set by  services/sessions/overlays/staging/kustomization.yaml:20  replicas[0]",
    ] {
        assert!(text.contains(&format!("\n      {words}\n")), "{words}: {text}");
    }
    assert_eq!(text.matches("      set by  ").count(), 4, "{text}");
}
