//! Verdicts, states, modules and workflows, case by case.
#![expect(
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

use serde_json::{Value as Json, json};
use trueup_manifest::{EcoString, FileTree, Limits};
use trueup_terraform::*;

fn summary(plan: &Json) -> PlanSummary {
    let mut plan = plan.clone();
    plan["format_version"] = json!("1.2");
    summarize(plan.to_string().as_bytes(), &Limits::default()).unwrap()
}

fn entry(actions: &[&str]) -> Json {
    json!({"address": "a.a", "change": {"actions": actions, "before": {"x": 1}, "after": {"x": 2}}})
}

#[test]
fn verdicts_follow_from_what_is_pending_and_what_has_drifted() {
    let changes = |actions: &[&str]| json!([entry(actions)]);
    let (none, idle, busy) = (json!([]), changes(&["no-op"]), changes(&["update"]));
    for (plan, verdict, exit_code) in [
        (json!({"resource_changes": none, "applyable": false}), Verdict::InSync, 0),
        (json!({"resource_changes": idle}), Verdict::InSync, 0),
        (json!({"resource_changes": busy}), Verdict::Changes, 2),
        (json!({"resource_changes": idle, "resource_drift": busy}), Verdict::DriftOnly, 0),
        (json!({"resource_drift": busy}), Verdict::DriftOnly, 2),
        (json!({"resource_changes": busy, "resource_drift": busy}), Verdict::Drifted, 2),
        (json!({"resource_changes": busy, "resource_drift": busy, "errored": true}), Verdict::Errored, 1),
        (json!({"resource_changes": idle, "applyable": true}), Verdict::Changes, 2),
        (
            json!({"resource_changes": none, "output_changes": {"o": {"actions": ["create"], "after": 1}}}),
            Verdict::Changes,
            2,
        ),
        (
            json!({"resource_changes": [{"address": "a", "previous_address": "b", "change": {"actions": ["no-op"]}}]}),
            Verdict::Changes,
            2,
        ),
        (
            json!({"resource_changes": [{"address": "a", "change": {"actions": ["no-op"], "importing": {"id": "i"}}}]}),
            Verdict::Changes,
            2,
        ),
    ] {
        let summary = summary(&plan);
        assert_eq!((summary.verdict, summary.exit_code), (verdict, exit_code), "{plan}");
    }
    assert!(Verdict::Errored > Verdict::Drifted && Verdict::Drifted > Verdict::DriftOnly);
    assert!(Verdict::DriftOnly > Verdict::Changes && Verdict::Changes > Verdict::InSync);
}

#[test]
fn actions_have_kinds_and_counts() {
    for (actions, kind, counts) in [
        (&["no-op"][..], "no-op", [0, 0, 0]),
        (&["create"], "create", [1, 0, 0]),
        (&["read"], "read", [0, 0, 0]),
        (&["update"], "update", [0, 1, 0]),
        (&["delete"], "delete", [0, 0, 1]),
        (&["delete", "create"], "replace", [1, 0, 1]),
        (&["create", "delete"], "replace", [1, 0, 1]),
        (&["forget"], "forget", [0, 0, 0]),
        (&["create", "forget"], "create-and-forget", [1, 0, 0]),
        (&["dance"], "unknown", [0, 0, 0]),
        (&[], "unknown", [0, 0, 0]),
    ] {
        let summary = summary(&json!({"resource_changes": [entry(actions)]}));
        assert_eq!(summary.counts.keys().copied().collect::<Vec<_>>(), [kind]);
        assert_eq!(summary.add_change_destroy(), counts);
    }
    let incomplete = summary(&json!({"resource_changes": [], "complete": false}));
    assert!(incomplete.to_string().contains("incomplete"));
}

fn state(serial: u64, lineage: &str, names: &[&str]) -> Vec<u8> {
    let resource = |name: &&str| json!({"mode": "managed", "type": "t", "name": name, "instances": [{"index_key": 0, "attributes": {"id": "i"}}]});
    let resources: Vec<Json> = names.iter().map(resource).collect();
    json!({"version": 4, "terraform_version": "1.6.4", "serial": serial, "lineage": lineage, "resources": resources})
        .to_string()
        .into_bytes()
}

#[test]
fn a_push_is_judged_and_its_losses_are_listed() {
    let limits = Limits::default();
    let check = |current: Option<&[u8]>, candidate: &[u8], mode| {
        check_push(current, candidate, mode, &limits).unwrap()
    };
    let now = state(3, "l", &["a", "b", "c"]);
    let fewer = check(Some(&now), &state(9, "l", &["a", "z"]), PushMode::Guarded);
    assert_eq!((fewer.allowed, fewer.rule.name(), fewer.serial_after), (true, "newer-serial", Some(10)));
    assert_eq!(
        (fewer.orphaned, fewer.resurrected),
        (vec!["t.b[0]".into(), "t.c[0]".into()], vec![EcoString::from("t.z[0]")])
    );
    assert!(fewer.warnings.iter().any(|warning| warning.code == "terraform/mass-removal"));

    let same = check(Some(&now), &now, PushMode::Guarded);
    assert_eq!((same.rule, same.serial_after), (PushRule::Identical, Some(3)));
    let first = check(None, &now, PushMode::Guarded);
    assert_eq!((first.rule, first.serial_after), (PushRule::NoCurrentState, Some(3)));
    let forced = check(Some(&now), &state(1, "other", &["a"]), PushMode::Forced);
    assert_eq!((forced.rule, forced.serial_after), (PushRule::Forced, Some(2)));
    assert!(forced.warnings.iter().any(|warning| warning.code == "terraform/lower-serial"));
    let newer = String::from_utf8(state(9, "l", &["a", "b", "c"])).unwrap().replace("1.6.4", "1.10.0");
    let newer = check(Some(&now), newer.as_bytes(), PushMode::Guarded);
    assert_eq!(newer.warnings[0].code, "terraform/newer-terraform");
    assert_eq!(newer.serial_after, Some(9), "the content is the same");
    assert!(check_push(Some(b"{"), &now, PushMode::Guarded, &limits).is_err());
}

#[test]
fn what_is_rebased_can_be_pushed() {
    let limits = Limits::default();
    let (now, backup) = (state(7, "l", &["a", "b"]), state(2, "other", &["a"]));
    let backup = String::from_utf8(backup)
        .unwrap()
        .replace("\"id\":\"i\"", "\"id\":\"i\",\"n\":123456789012345678901.50");
    assert!(!check_push(Some(&now), backup.as_bytes(), PushMode::Guarded, &limits).unwrap().allowed);
    let rebased = rebase(backup.as_bytes(), &now, &limits).unwrap();
    let check = check_push(Some(&now), rebased.as_bytes(), PushMode::Guarded, &limits).unwrap();
    assert_eq!(check.rule, PushRule::NewerSerial);
    assert!(rebased.contains("\"n\": 123456789012345678901.50"));
    let parse = |text: &[u8]| State::parse(text, &limits).unwrap();
    let diff = compare_states(&parse(backup.as_bytes()), &parse(rebased.as_bytes()));
    assert_eq!(diff, StateDiff::default());
    let diff = compare_states(&parse(&now), &parse(backup.as_bytes()));
    assert_eq!(diff.removed, ["t.b[0]"]);
    assert_eq!(diff.changed, [("t.a[0]".into(), vec![vec![Step::Key("n".into())]])]);
}

#[test]
fn odd_states_are_refused_or_judged() {
    let text = String::from_utf8(state(3, "l", &["a", "b"])).unwrap();
    let limits = Limits::default();
    for end in 0..text.len() {
        let check = check_push(None, &text.as_bytes()[..end], PushMode::Guarded, &limits).unwrap();
        assert_eq!(check.rule, PushRule::Unreadable);
    }
    for odd in ["null", "-1", "4.5", "\"4\"", "[]", "{}", "99999999999999999999"] {
        for key in
            ["version", "serial", "lineage", "resources", "instances", "attributes", "index_key", "mode"]
        {
            let at = text.find(&format!("\"{key}\":")).unwrap() + key.len() + 3;
            let odd = format!("{}{odd},\"_\":{}", &text[..at], &text[at..]);
            let _ = check_push(Some(text.as_bytes()), odd.as_bytes(), PushMode::Guarded, &limits);
        }
    }
    let old = br#"{"version": 3, "serial": 9, "lineage": "l", "modules": [{"path": ["root", "m"], "resources": {"t.a": {}}}]}"#;
    let check = check_push(Some(text.as_bytes()), old, PushMode::Guarded, &limits).unwrap();
    assert_eq!(
        (check.rule, check.resurrected),
        (PushRule::OlderFormat, vec![EcoString::from("module.m.t.a")])
    );
}

#[test]
fn modules_are_followed_through_cycles_and_out_of_the_tree() {
    let tree = FileTree::from_files([
        ("net/main.tf", "module \"a\" {\n  source = \"../mod/a\"\n}\nmodule \"out\" {\n  source = \"../../elsewhere\"\n}\n"),
        ("net/json.tf.json", r#"{"module": {"r": {"source": "git::https://example.com/x.git"}}}"#),
        ("net/prod.auto.tfvars", ""),
        ("net/notes.md", ""),
        ("mod/a/main.tf", "module \"b\" { source = \"../b\" }\n"),
        ("mod/a/x.auto.tfvars", ""),
        ("mod/b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\nmodule \"gone\" {\n  source = \"./gone\"\n}\n"),
        ("mod/b/broken.tf", "module {{\n"),
        ("data/main.tf", ""),
    ])
    .unwrap();
    let found = reads(&tree, "./net/");
    assert_eq!(found.directories.keys().collect::<Vec<_>>(), ["mod/a", "mod/b", "net"]);
    assert_eq!(found.directories["mod/b"], ["net", "mod/a"]);
    assert!(found.files.contains("net/prod.auto.tfvars") && !found.files.contains("mod/a/x.auto.tfvars"));
    assert!(!found.files.contains("net/notes.md"));
    let names = |calls: &[ModuleCall]| calls.iter().map(|call| call.name.clone()).collect::<Vec<_>>();
    assert_eq!(
        (names(&found.remote), names(&found.missing)),
        (vec!["r".into()], vec!["out".into(), "gone".into()])
    );
    assert_eq!(found.unreadable[0].locations[0].to_string(), "mod/b/broken.tf:1:9");

    let projects = ["net".into(), "data".into()];
    let ask = |file: &str| {
        affected(&tree, &projects, &[file.into()]).into_iter().map(|(project, _)| project).collect::<Vec<_>>()
    };
    assert_eq!(ask("mod/b/main.tf"), ["net"]);
    assert_eq!(ask("mod/b/deleted.tf"), ["net"]);
    assert_eq!(ask("data/terraform.tfvars"), ["data"]);
    assert!(ask("mod/b/readme.md").is_empty());
}

#[test]
fn workflows_that_lose_the_exit_code_are_found() {
    let workflow = |shell: &str, script: &str| {
        format!(
            "jobs:\n  a:\n    strategy: {{matrix: {{project: [network, old]}}}}\n    steps:\n    - {shell}run: |\n        {script}\n"
        )
    };
    let codes = |text: &str, projects: Option<&[EcoString]>| -> Vec<EcoString> {
        lint_workflow("w.yaml", text.as_bytes(), projects)
            .unwrap()
            .into_iter()
            .map(|found| found.code)
            .collect()
    };
    let lost = ["terraform/exit-code-lost"];
    assert_eq!(
        codes(&workflow("", "terraform plan -detailed-exitcode -out=p 2>&1 | tee out.txt"), None),
        lost
    );
    assert_eq!(
        codes(&workflow("", "cd x && terraform plan -detailed-exitcode \\\n          | tee out.txt"), None),
        lost
    );
    let none: [&str; 0] = [];
    for (shell, script) in [
        ("shell: bash\n      ", "terraform plan -detailed-exitcode | tee out.txt"),
        ("", "set -o pipefail\n        terraform plan -detailed-exitcode | tee out.txt"),
        ("", "terraform plan -detailed-exitcode || echo $?"),
        ("", "terraform plan | tee out.txt"),
        ("", "# terraform plan -detailed-exitcode | tee"),
        ("", "terraform apply | tee out.txt"),
    ] {
        assert_eq!(codes(&workflow(shell, script), None), none, "{script}");
    }
    assert_eq!(
        codes(&workflow("", "tofu plan -refresh=false -detailed-exitcode"), None),
        ["terraform/refresh-off"]
    );
    let projects = ["network".into(), "data".into()];
    let of_matrix = codes(&workflow("", "terraform plan"), Some(&projects));
    assert_eq!(of_matrix, ["terraform/project-not-planned", "terraform/unknown-project"]);
    for odd in ["", "jobs: 1", "jobs: {a: {steps: [1, {run: [x]}]}}", "- a"] {
        assert_eq!(codes(odd, Some(&projects)), none);
    }
}
