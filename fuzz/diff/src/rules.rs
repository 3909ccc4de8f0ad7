//! Ignore rules and overrides that have something to do with an object.

use crate::patched::path;
use crate::rng::Rng;
use trueup_manifest::{Map, Value, json};

const EXPRESSIONS: [&str; 24] = [
    ".spec",
    ".spec.replicas",
    ".metadata.labels",
    ".spec.template.spec.containers[] | select(.name == \"a\")",
    ".spec.template.spec.containers[].image",
    ".spec.template.spec.containers[]?.env[]? | select(.name == \"b\")",
    ".spec.ports[0]",
    ".spec.ports[-1]",
    ".spec.ports[]?",
    ".spec.ports[1:]",
    ".spec.ports[]? | select(.port == 80)",
    ".data[\"a\"]",
    ".data.a, .data.b",
    ".. | .name?",
    ".metadata.annotations[\"example.io/x\"]",
    ".spec | .template?",
    "if .spec.replicas then .spec.replicas else .spec.paused end",
    ".spec.a.b.c",
    ".[\"spec\"][\"a\"]",
    "to_entries[]",
    ".rules[]? | select(.verbs | index(\"a\"))",
    ".webhooks[]?.clientConfig.caBundle",
    ".spec.template.spec.initContainers[]? | select(.name | test(\"^a\"))",
    ".metadata.finalizers | select(length > 1)",
];

/// Makes some ignore rules.
pub(crate) fn ignores(rng: &mut Rng, config: &Value, live: &Value) -> Value {
    let count = rng.pick(&[0, 0, 1, 1, 2, 3]);
    (0..count).map(|_| rule(rng, config, live)).map(Value::from).collect()
}

fn rule(rng: &mut Rng, config: &Value, live: &Value) -> Map {
    let text = |key: &str| config.get(key).and_then(Value::as_str).unwrap_or_default();
    let group = text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let glob = |rng: &mut Rng, text: &str| match rng.below(8) {
        0 => "*".to_owned(),
        1 if text.len() > 2 => format!("{}*", text.get(..2).unwrap_or(text)),
        2 if text.len() > 2 => format!("?{}", text.get(1..).unwrap_or(text)),
        3 => format!("{{{text},Other}}"),
        4 => "Other".to_owned(),
        _ => text.to_owned(),
    };
    let mut out = what(rng, config, live);
    out.insert("group", glob(rng, group));
    out.insert("kind", glob(rng, text("kind")));
    if rng.chance(20) {
        out.insert("name", rng.pick(&["n", "other"]));
    }
    if rng.chance(10) {
        out.insert("namespace", rng.pick(&["ns", "other"]));
    }
    out
}

/// Makes what a rule takes out.
fn what(rng: &mut Rng, config: &Value, live: &Value) -> Map {
    let mut out = Map::new();
    let side = if rng.chance(50) { config } else { live };
    if rng.chance(55) {
        let pointers: Vec<String> = (0..rng.range(1, 2)).map(|_| path(rng, side)).collect();
        // What has no version is of no type, and nothing can be applied to it.
        let pointers = pointers.into_iter().filter(|path| path != "/apiVersion").map(Value::from);
        out.insert("jsonPointers", pointers.collect::<Value>());
    }
    if rng.chance(40) {
        out.insert("jqPathExpressions", vec![Value::from(rng.pick(&EXPRESSIONS))]);
    }
    if rng.chance(30) {
        out.insert(
            "managedFieldsManagers",
            vec![Value::from(rng.pick(&["kubectl", "hpa", "argocd-controller"]))],
        );
    }
    out
}

/// Makes the system's overrides: one at most for a kind, so that their order does not matter.
pub(crate) fn overrides(rng: &mut Rng, config: &Value, live: &Value) -> Map {
    let mut out = Map::new();
    if rng.chance(70) {
        return out;
    }
    let text = |key: &str| config.get(key).and_then(Value::as_str).unwrap_or_default();
    let group = text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
    let own = if group.is_empty() { text("kind").to_owned() } else { format!("{group}/{}", text("kind")) };
    let key = match rng.below(4) {
        0 => "*/*".to_owned(),
        1 => format!("*/{}", text("kind")),
        _ => own,
    };
    let rules = json::to_string(&what(rng, config, live).into()).unwrap_or_default();
    let mut settings = Map::from_iter([("ignoreDifferences", rules)]);
    if rng.chance(15) {
        let fields = [("field", "spec.template.spec"), ("type", "core/v1/PodSpec")];
        settings.insert("knownTypeFields", vec![Value::from(Map::from_iter(fields))]);
    }
    out.insert(key, settings);
    out
}
