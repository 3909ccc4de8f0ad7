//! Answers of gitops-engine (Argo CD 3.6), recorded. One case a line, made at random from the types of Kubernetes.

use serde_json::Value as Json;
use trueup_diff::rules::Rules;
use trueup_diff::{Input, Options, predict, typed};
use trueup_manifest::Value;

#[test]
fn recorded_answers_are_given_again() {
    for line in include_str!("fixtures/reference.jsonl").lines() {
        let case: Json = serde_json::from_str(line).unwrap();
        let value =
            |json: Option<&Json>| json.map(|json| serde_json::from_value::<Value>(json.clone()).unwrap());
        let (config, live) = (value(case.get("a")), value(case.get("b")));
        let expected = case.get("ok").unwrap();
        if case.get("op").and_then(Json::as_str) == Some("remarshal") {
            assert_eq!(Some(typed::retype(&config.unwrap())), value(Some(expected)), "{line}");
            continue;
        }
        let input = Input { config: config.as_ref(), live: live.as_ref(), dry_run: None };
        let pair = predict(input, &Rules::default(), &Options::default()).unwrap().pair;
        assert_eq!(expected.get("modified").and_then(Json::as_bool), Some(pair.modified()), "{line}");
        if pair.modified() {
            assert_eq!(value(expected.get("predicted")), Some(pair.predicted), "{line}");
            assert_eq!(value(expected.get("live")), Some(pair.live), "{line}");
        }
    }
}
