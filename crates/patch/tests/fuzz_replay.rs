//! Runs what the fuzz target runs, on inputs that once mattered and on pieces of the recorded cases.

mod fuzz;

const SEEDS: [&str; 8] = [
    "",
    "{}\n{}\n{}",
    "null\n[]\n1",
    r#"{"a":[1,{"b":null}]}"#,
    "{\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"a\"}]}}\n{\"spec\":{\"containers\":[{\"$patch\":\"replace\"}]}}",
    "{\"a\":[1]}\n[{\"op\":\"copy\",\"from\":\"\",\"path\":\"/a/-\"},{\"op\":\"add\",\"path\":\"/b/99999999\",\"value\":1}]",
    "{\"metadata\":{\"finalizers\":[\"a\"]}}\n{\"metadata\":{\"$deleteFromPrimitiveList/finalizers\":[\"a\"],\"$setElementOrder/finalizers\":[[]]}}",
    "{\"metadata\":{\"managedFields\":[{\"fieldsV1\":{\"k:{\":{}}}]}}\n{}\n{\"f:a\":{\"v:\\\"x\\\"\":{}}}",
];

#[test]
fn seeds_hold() {
    SEEDS.iter().for_each(|seed| fuzz::patches(seed.as_bytes()));
}

#[test]
fn recorded_documents_hold() {
    for line in include_str!("fixtures/reference.jsonl").lines().step_by(3) {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let part = |key: &str| case.get(key).map(ToString::to_string).unwrap_or_default();
        fuzz::patches(format!("{}\n{}\n{}", part("a"), part("b"), part("c")).as_bytes());
    }
}
