//! Answers of Argo CD 3.6 and its gitops-engine, recorded. One case a line, made at random from the types of Kubernetes.
//!
//! `reference.jsonl` holds plain comparisons; `found.jsonl` holds what the differential tool (`fuzz/diff`) once found to
//! differ, with options: `a` is the configured object, `b` the live one, `c` what a dry run returned.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod asked;

use asked::{Case, answer};
use trueup_manifest::Value;

fn cases(lines: &str) -> impl Iterator<Item = Case> {
    lines.lines().map(|line| Case(serde_json::from_str(line).unwrap()))
}

/// What is in sync is not shown: there only that counts.
fn shown(op: &str, mut answer: Value) -> Value {
    let in_sync = op == "diff" && answer.get("modified").and_then(Value::as_bool) == Some(false);
    if in_sync && let Some(answer) = answer.as_map_mut() {
        answer.retain(|key, _| key == "modified");
    }
    answer
}

/// Returns what is wrong with the answer, if anything.
fn wrong(case: &Case) -> Option<String> {
    let op = case.op();
    match (case.part("ok"), answer(case)) {
        (Some(expected), Ok(got)) => {
            let (expected, got) = (shown(op, expected), shown(op, got));
            (expected != got).then(|| format!("answered {}", serde_json::to_string(&got).unwrap()))
        }
        (Some(_), Err(error)) => Some(format!("refused with `{error}`")),
        (None, Ok(got)) => Some(format!("answered {}", serde_json::to_string(&got).unwrap())),
        // The words are ours: Argo CD's tell of its own calls.
        (None, Err(_)) => case.text("error").is_none().then(|| "the case says nothing".to_owned()),
    }
}

#[test]
fn recorded_answers_are_given_again() {
    let all = concat!(include_str!("fixtures/reference.jsonl"), include_str!("fixtures/found.jsonl"));
    let held = cases(all).map(|case| wrong(&case).map(|wrong| format!("{wrong}: {case}")));
    let held: Vec<Option<String>> = held.collect();
    let wrong: Vec<&String> = held.iter().flatten().collect();
    assert!(wrong.is_empty(), "{} cases: {wrong:#?}", wrong.len());
    assert!(held.len() > 150, "only {} cases", held.len());
}
