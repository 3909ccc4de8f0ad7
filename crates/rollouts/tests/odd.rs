//! Whatever a field holds, there is an answer.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use serde_json::{Value as Json, json};
use trueup_rollouts::{Rollout, canary_counts, lint, plan, validate};

/// Calls with a document for each node of it replaced by odd values.
fn with_odd_nodes(document: &Json, call: &mut impl FnMut(&Json)) {
    let odd = [
        json!(null),
        json!(true),
        json!(-1),
        json!(2_147_483_647),
        json!(1e300),
        json!("x"),
        json!("-9999999999999h"),
        json!([]),
        json!([null]),
        json!({}),
        json!({"": {}}),
    ];
    for pointer in pointers(document, String::new()) {
        for value in &odd {
            let mut document = document.clone();
            *document.pointer_mut(&pointer).unwrap() = value.clone();
            call(&document);
        }
    }
}

fn pointers(value: &Json, at: String) -> Vec<String> {
    let below: Vec<(String, &Json)> = match value {
        Json::Object(map) => {
            map.iter().map(|(key, value)| (key.replace('~', "~0").replace('/', "~1"), value)).collect()
        }
        Json::Array(items) => {
            items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect()
        }
        _ => Vec::new(),
    };
    let below = below.into_iter().flat_map(|(key, value)| pointers(value, format!("{at}/{key}")));
    let mut all: Vec<String> = below.collect();
    all.push(at);
    all
}

#[test]
fn odd_rollouts_are_answered() {
    let (mut read, mut refused) = (0, 0);
    let mut call = |document: &Json| {
        let value = serde_json::from_value(document.clone()).unwrap();
        match Rollout::read(&value) {
            Ok(rollout) => {
                read += 1;
                _ = (plan(&rollout), validate(&rollout), rollout.weight());
            }
            Err(error) => {
                refused += 1;
                assert!(error.code().starts_with("rollouts/"));
            }
        }
        _ = lint(&[value]);
    };
    for line in include_str!("fixtures/recorded.jsonl").lines().take(30) {
        let record: Json = serde_json::from_str(line).unwrap();
        with_odd_nodes(record.get("rollout").unwrap(), &mut call);
    }
    assert!(read > 1_000 && refused > 1_000, "{read} {refused}");
}

#[test]
fn counts_are_never_negative_and_no_more_than_the_surge_allows() {
    let numbers = [i64::MIN, -1, 0, 1, 2, 3, 7, 50, 99, 100, 101, 1_000, i64::from(i32::MAX), i64::MAX];
    for replicas in numbers {
        for weight in numbers {
            for max_weight in numbers {
                for surge in [-1, 0, 1, 3] {
                    let counts = canary_counts(replicas, weight, max_weight, surge);
                    assert!(counts.canary >= 0, "{replicas} {weight} {max_weight} {surge}: {counts:?}");
                    let weight_fits = (0..=max_weight).contains(&weight);
                    let most = replicas.max(0).saturating_add(i64::from(surge > 0));
                    assert!(
                        !weight_fits
                            || (counts.stable >= 0 && counts.canary.saturating_add(counts.stable) <= most)
                    );
                }
            }
        }
    }
}
