//! No sensitive value reaches an output, whatever the plan looks like, and what is shown is what differs.
#![expect(clippy::indexing_slicing, reason = "tests fail by panicking")]

use serde_json::{Map, Value as Json, json};
use trueup_manifest::Limits;
use trueup_terraform::*;

/// A small generator with a fixed seed: the same plans on every machine.
struct Generator {
    state: u64,
    count: usize,
}

impl Generator {
    fn next(&mut self, below: usize) -> usize {
        self.state =
            self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) as usize % below
    }

    /// A value with its marks; below a mark every text and key is a secret.
    fn value(&mut self, depth: usize, hidden: bool) -> (Json, Json) {
        let marked = !hidden && self.next(6) == 0;
        let secret = hidden || marked;
        let (value, below) = match self.next(if depth > 2 { 3 } else { 6 }) {
            0 => (Json::Null, json!({})),
            1 if !secret => (json!(self.next(3)), json!(false)),
            3 | 4 => {
                let (mut map, mut marks) = (Map::new(), Map::new());
                for key in ["a", "b", "c"].iter().take(self.next(4)) {
                    let key = if secret { self.text(true) } else { (*key).to_owned() };
                    let (value, mark) = self.value(depth + 1, secret);
                    map.insert(key.clone(), value);
                    marks.insert(key, mark);
                }
                (map.into(), marks.into())
            }
            5 => {
                let (items, marks): (Vec<_>, Vec<_>) =
                    (0..self.next(4)).map(|_| self.value(depth + 1, secret)).unzip();
                (items.into(), marks.into())
            }
            _ => (json!(self.text(secret)), json!(false)),
        };
        (value, if marked { json!(true) } else { below })
    }

    fn text(&mut self, secret: bool) -> String {
        self.count += 1;
        if secret { format!("s3cr3t{}", self.count) } else { ["x", "y", "zz"][self.next(3)].to_owned() }
    }

    fn unknown(&mut self, depth: usize) -> Json {
        match self.next(if depth > 2 { 2 } else { 5 }) {
            0 => json!(true),
            1 | 2 => json!({}),
            3 => json!({"a": self.unknown(depth + 1), "b": false}),
            _ => json!([self.unknown(depth + 1), false]),
        }
    }

    fn change(&mut self) -> Json {
        let (before, before_sensitive) = self.value(0, false);
        // Marks move: what is hidden on one side is hidden on the other, too.
        let (after, after_sensitive) = match self.next(3) {
            0 => (before.clone(), json!({})),
            1 => (self.plain(0), json!(true)),
            _ => self.value(0, false),
        };
        let (before, after) = if after_sensitive == json!(true) {
            (self.hide(before), self.hide(after))
        } else {
            (before, after)
        };
        let actions = [json!(["update"]), json!(["delete", "create"]), json!(["no-op"]), json!(["dance"])];
        json!({
            "actions": actions[self.next(4)], "before": before, "after": after, "after_unknown": self.unknown(0),
            "before_sensitive": before_sensitive, "after_sensitive": after_sensitive,
        })
    }

    fn plain(&mut self, depth: usize) -> Json {
        match self.next(if depth > 2 { 2 } else { 4 }) {
            0 => json!(self.text(false)),
            1 => json!(self.next(5)),
            2 => json!({"a": self.plain(depth + 1)}),
            _ => json!([self.plain(depth + 1)]),
        }
    }

    /// Makes every text of a value a secret.
    fn hide(&mut self, value: Json) -> Json {
        match value {
            Json::String(_) => json!(self.text(true)),
            Json::Array(items) => items.into_iter().map(|item| self.hide(item)).collect(),
            Json::Object(map) => {
                map.into_iter().map(|(_, value)| (self.text(true), self.hide(value))).collect()
            }
            other => other,
        }
    }
}

#[test]
fn nothing_marked_is_ever_shown() {
    let mut generator = Generator { state: 11, count: 0 };
    let mut hidden = 0;
    for _ in 0..2000 {
        let secret = generator.text(true);
        let plan = json!({
            "format_version": "1.2",
            "variables": {"password": {"value": secret}},
            "planned_values": {"outputs": {"p": {"sensitive": true, "value": secret}}},
            "prior_state": {"values": secret}, "configuration": {"x": secret},
            "resource_changes": [{"address": "a.a", "change": generator.change()}, {"address": "a.b", "change": generator.change()}],
            "resource_drift": [{"address": "a.a", "change": generator.change()}],
            "output_changes": {"o": generator.change()},
        });
        let text = plan.to_string();
        let summary = summarize(text.as_bytes(), &Limits::default()).unwrap();
        let json = summary.to_json();
        for output in [&json, &summary.to_string(), &format!("{summary:?}")] {
            assert!(!output.contains("s3cr3t"), "{text}\n{output}");
        }
        hidden += json.matches("masked").count();
        // The same text, the same bytes.
        assert_eq!(json, summarize(text.as_bytes(), &Limits::default()).unwrap().to_json());
    }
    assert!(hidden > 1000, "the plans hide too little to test anything: {hidden}");
}

#[test]
fn what_is_shown_leads_from_before_to_after() {
    let mut generator = Generator { state: 5, count: 0 };
    for _ in 0..2000 {
        let (before, after) = (generator.plain(0), generator.plain(0));
        let change = json!({"actions": ["update"], "before": before, "after": after});
        let plan = json!({"format_version": "1.2", "resource_changes": [{"address": "a", "change": change}]});
        let summary = summarize(plan.to_string().as_bytes(), &Limits::default()).unwrap();
        let changes = &summary.resources[0].changes;
        assert_eq!(changes.is_empty(), before == after, "{before} {after}");
        for change in changes {
            let pointer: String = change
                .path
                .iter()
                .map(|step| match step {
                    Step::Key(key) => format!("/{key}"),
                    Step::Index(index) => format!("/{index}"),
                })
                .collect();
            let at = |value: &Json| value.pointer(&pointer).cloned().unwrap_or_default();
            let shown = |value: &trueup_manifest::Value| serde_json::to_value(value).unwrap();
            assert_eq!(at(&before), shown(&change.before));
            let After::Known(now) = &change.after else { panic!("nothing is unknown") };
            assert_eq!(at(&after), shown(now));
        }
    }
}

#[test]
fn errors_repeat_nothing() {
    let secret = "s3cr3t";
    for text in [
        format!("{{\"format_version\": \"1.2\", \"resource_changes\": {secret}"),
        format!("\"{secret}\""),
        format!("{{\"format_version\": \"{secret}\"}}"),
        format!("{{\"format_version\": \"2.{secret}\"}}"),
        format!("{{\"format_version\": \"1.0\", \"values\": \"{secret}\"}}"),
        format!("{{\"format_version\": \"1.0\", \"resource_changes\": \"{secret}\"}}"),
        format!("{{\"format_version\": \"1.0\", \"output_changes\": [\"{secret}\"]}}"),
        secret.to_owned(),
        String::new(),
    ] {
        let error = summarize(text.as_bytes(), &Limits::default()).unwrap_err();
        let diagnostic = error.diagnostic_in("plan.json");
        assert!(!format!("{error} {error:?} {diagnostic:?}").contains(secret), "{error:?}");
        assert!(error.code().starts_with("terraform/"));
    }
    let state = format!(
        "{{\"version\": 4, \"serial\": 1, \"lineage\": \"l\", \"resources\": [{{\"type\": \"t\", \"name\": \"n\", \"instances\": [{{\"attributes\": {{\"p\": \"{secret}\"}}}}]}}]}}"
    );
    let state = State::parse(state.as_bytes(), &Limits::default()).unwrap();
    assert!(!format!("{state:?} {:?}", compare_states(&state, &state)).contains(secret));
}

#[test]
fn odd_plans_end_in_errors_or_answers() {
    let plan = json!({
        "format_version": "1.2", "terraform_version": "1.11.4", "applyable": true, "complete": true, "errored": false,
        "resource_changes": [{"address": "a[0]", "deposed": "x", "previous_address": "b", "action_reason": "replace_by_request",
            "change": {"actions": ["delete", "create"], "before": {"a": [1]}, "after": {"a": [2]}, "after_unknown": {"b": true},
                "before_sensitive": false, "after_sensitive": {"c": true}, "importing": {"id": "i"}, "replace_paths": [["a", 0]]}}],
        "resource_drift": [{"address": "a[0]", "change": {"actions": ["update"], "before": {}, "after": null}}],
        "output_changes": {"o": {"actions": ["create"], "before": null, "after": 1e40}},
        "relevant_attributes": [{"resource": "a[0]", "attribute": ["a", 0]}],
        "checks": [{"address": {"to_display": "check.c"}, "status": "fail", "instances": [{"problems": [{"message": "m"}]}]}],
        "deferred_changes": [{"reason": "unknown", "resource_change": {"address": "z"}}],
    });
    let text = plan.to_string();
    assert_eq!(summarize(text.as_bytes(), &Limits::default()).unwrap().verdict, Verdict::Drifted);
    for end in 0..text.len() {
        assert!(summarize(&text.as_bytes()[..end], &Limits::default()).is_err());
    }
    // Every value in turn is something else.
    for odd in [json!(null), json!(true), json!(-1), json!("x"), json!([]), json!({}), json!([[{"a": null}]])]
    {
        for at in 0..200 {
            let (mut odd_plan, mut count) = (plan.clone(), at);
            replace(&mut odd_plan, &mut count, &odd);
            if let Ok(summary) = summarize(odd_plan.to_string().as_bytes(), &Limits::default()) {
                assert!(serde_json::from_str::<Json>(&summary.to_json()).is_ok());
            }
        }
    }
    let deep = format!("{{\"format_version\": \"1.2\", \"resource_changes\": {}", "[".repeat(100_000));
    assert_eq!(summarize(deep.as_bytes(), &Limits::default()).unwrap_err().code(), "terraform/limit");
}

/// Replaces the value at a position, counted in document order.
fn replace(value: &mut Json, at: &mut usize, by: &Json) {
    if *at == 0 {
        *value = by.clone();
    }
    *at = at.wrapping_sub(1);
    match value {
        Json::Array(items) => items.iter_mut().for_each(|item| replace(item, at, by)),
        Json::Object(map) => map.values_mut().for_each(|value| replace(value, at, by)),
        _ => {}
    }
}

#[test]
fn numbers_are_kept_as_they_are_written() {
    let numbers = "[9007199254740993, 1.10, 123456789012345678901234567890, 1e300, -0.0]";
    let plan = format!(
        "{{\"format_version\": \"1.2\", \"resource_changes\": [{{\"address\": \"a\", \"change\": {{\"actions\": [\"create\"], \"before\": null, \"after\": {{\"n\": {numbers}}}}}}}]}}"
    );
    let json = summarize(plan.as_bytes(), &Limits::default()).unwrap().to_json();
    for number in ["9007199254740993", "1.10", "123456789012345678901234567890", "1e300", "-0.0"] {
        assert!(json.contains(&format!("\"after\":{number},")), "{number}: {json}");
    }
    let huge = summarize(plan.replace("1e300", "1e400").as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(huge.code(), "terraform/number");
    let close = plan.replace("\"before\": null", "\"before\": {\"n\": [9007199254740992, 1.1]}");
    let changes = &summarize(close.as_bytes(), &Limits::default()).unwrap().resources[0].changes;
    assert_eq!(changes[0].before.as_i64(), Some(9_007_199_254_740_992));
}
