//! `trueup autoplan` and `trueup drift`: what they print, and how they end.

#![expect(clippy::unwrap_used, reason = "a test: it fails loudly")]

use std::process::Command;

/// Runs in the directory of the fixtures: what is printed, what is complained of, and the exit code.
fn trueup(arguments: &[&str]) -> (String, String, i32) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_trueup"));
    command.current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/infrastructure"));
    let output = command.args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code().unwrap())
}

#[test]
fn autoplan_names_projects_reasons_and_the_files_of_nobody() {
    let (out, err, code) = trueup(&["autoplan", "repo", "--changed-from", "changed.txt"]);
    assert_eq!(
        out,
        "\
network  infra/network  workspace default  group 0
  infra/modules/vpc/main.tf matches `../modules/**/*.tf` of when_modified
  checked: init, plan, run
gone: infra/old
no project: infra/old/main.tf
no project: README.md
the server must allow: workflow
the server must have: allow_custom_workflows: true
"
    );
    assert_eq!((err.as_str(), code), ("", 0));
    let (out, _, _) = trueup(&["autoplan", "repo", "--changed", "infra/network/main.tf", "--output", "json"]);
    assert!(out.contains("\"source\": \"config\""), "{out}");
}

#[test]
fn autoplan_says_where_the_server_does_not_allow_something() {
    let (out, err, code) = trueup(&["autoplan", "repo", "--server", "repos.yaml"]);
    assert_eq!((out.as_str(), code), ("", 1));
    assert!(err.contains("server-side config needs 'allow_custom_workflows: true'"), "{err}");
    assert!(err.contains("atlantis.yaml:9:3"), "{err}");
}

#[test]
fn drift_ends_as_the_plans_say_and_shows_no_secret() {
    let (network, data, failed) =
        ("plans/network/plan.json", "plans/data/plan.json", "plans/failed/plan.json");
    let (out, err, code) = trueup(&["drift", "--detailed-exitcode", network, data]);
    assert_eq!(
        out,
        "\
network: drift-only: 0 to add, 0 to change, 0 to destroy
  drift, left by an apply: update db.main
    password  (sensitive)
    size  2 → 9
data: in-sync: 0 to add, 0 to change, 0 to destroy
drift-only
"
    );
    assert_eq!((err.as_str(), code), ("", 2));
    assert_eq!(trueup(&["drift", network]).2, 0);
    assert_eq!(trueup(&["drift", "--detailed-exitcode", data]).2, 0);
    let (out, err, code) = trueup(&["drift", "-o", "json", network, "other=plans/failed/plan.json"]);
    assert!(out.contains("\"other\": \"errored\"") && err.contains("cli/plan-failed"), "{out}{err}");
    assert_eq!(code, 1);
    assert_eq!(trueup(&["drift", failed]).2, 1);
    let (_, err, code) = trueup(&["drift", "changed.txt"]);
    assert!(err.contains("the plan is not JSON: line 1, column 1"), "{err}");
    assert_eq!(code, 1);
}
