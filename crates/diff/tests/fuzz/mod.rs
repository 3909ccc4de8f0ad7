//! What must hold for any two objects: also run by `fuzz/fuzz_targets/diff.rs`.
#![expect(unreachable_pub, reason = "fuzz targets read this file, too")]

use trueup_diff::rules::{IgnoreRule, Overrides, Rules};
use trueup_diff::{Input, Options, Strategy, compare, compare_one};
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::{Limits, Value};

/// Reads the first two lines of the input as a configured and a live object, the third as a pointer or jq expression.
pub fn compares(input: &[u8]) {
    let mut limits = Limits::default();
    limits.max_bytes = 1 << 16;
    let options = JsonOptions::default().with_limits(limits);
    let mut lines = input.split(|byte| *byte == b'\n');
    let mut next = || json::parse(lines.next().unwrap_or_default(), &options).unwrap_or_default();
    let (config, live) = (next(), next());
    let rule = String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let mut ignore = IgnoreRule { group: "*".into(), kind: "*".into(), ..IgnoreRule::default() };
    match rule.starts_with('/') {
        true => ignore.json_pointers.push(rule.into()),
        false => ignore.jq_path_expressions.push(rule.into()),
    }
    let Ok(rules) = Rules::tolerant(&[ignore], &Overrides::default()) else { return };
    for strategy in [Strategy::Apply, Strategy::Structured, Strategy::ServerSide { ignore_webhooks: true }] {
        let mut options = Options::default();
        options.strategy = strategy;
        let input = Input { config: Some(&config), live: Some(&live), dry_run: Some(&config) };
        let _ = compare_one(input, &rules, &options);
    }
    let one = std::slice::from_ref;
    let _ = compare(one(&config), one(&live), &rules, &Options::default());
    for object in [&config, &live] {
        holds(object);
    }
}

/// An object is what it is: in sync with itself, and normal after it was made normal.
fn holds(object: &Value) {
    let input = Input { config: Some(object), live: Some(object), dry_run: None };
    // What was applied last may say otherwise, and a directive is an order.
    let text = json::to_string(object).unwrap_or_default();
    let plain = !text.contains("last-applied-configuration") && !text.contains('$');
    if let Ok((modified, _)) = compare_one(input, &Rules::default(), &Options::default()) {
        assert!(!modified || !plain, "an object differs from itself: {text}");
    }
    let normal =
        |object: &Value| trueup_diff::normalize::normalize(&trueup_diff::typed::retype(object), false);
    let once = normal(object);
    let twice = normal(&once);
    assert_eq!(normal(&twice), twice, "what is normal changes again");
}
