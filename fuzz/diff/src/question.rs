//! What both sides are asked.

use crate::rng::Rng;
use crate::{compared, patched};
use trueup_manifest::{Map, Value, json};

/// A question: an operation, up to three documents, and how it is to be answered.
#[derive(Clone, Debug, Default)]
pub(crate) struct Question {
    /// The operation, as the reference knows it.
    pub(crate) op: &'static str,
    /// The kind that types are looked up by.
    pub(crate) api_version: String,
    /// The kind that types are looked up by.
    pub(crate) kind: String,
    /// The original, the document or the configured object.
    pub(crate) a: Value,
    /// The modified object, the patch or the live object.
    pub(crate) b: Value,
    /// The live object, or what a dry run returned.
    pub(crate) c: Value,
    /// Flags and options, by name.
    pub(crate) more: Map,
}

impl Question {
    /// Returns a flag.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.more.get(name).and_then(Value::as_bool).unwrap_or_default()
    }

    /// Returns one of the options of a comparison.
    pub(crate) fn option(&self, name: &str) -> Option<&Value> {
        self.more.get("options")?.get(name)
    }

    /// Returns the members of the request, without an answer.
    pub(crate) fn to_map(&self) -> Map {
        let mut out = Map::from_iter([("op", Value::from(self.op))]);
        out.insert("a", self.a.clone());
        out.insert("b", self.b.clone());
        if !self.c.is_null() {
            out.insert("c", self.c.clone());
        }
        if !self.kind.is_empty() {
            out.insert("apiVersion", self.api_version.as_str());
            out.insert("kind", self.kind.as_str());
        }
        for (key, value) in &self.more {
            out.insert(key.clone(), value.clone());
        }
        out
    }

    /// Returns the question as the reference reads it: a whole float is an integer in JSON.
    fn read_back(self) -> Self {
        let read = |value: &Value| {
            let text = json::to_string(value).unwrap_or_default();
            json::parse(text.as_bytes(), &json::JsonOptions::default()).unwrap_or_default()
        };
        Self { a: read(&self.a), b: read(&self.b), c: read(&self.c), ..self }
    }

    /// Writes the request as one line.
    pub(crate) fn to_json(&self) -> String {
        json::to_string(&self.to_map().into()).unwrap_or_default()
    }
}

/// Makes the question of a seed.
pub(crate) fn generate(seed: u64, only: &[String]) -> Question {
    let mut rng = Rng::new(seed);
    let wanted = |op: &str| only.is_empty() || only.iter().any(|name| name == op);
    let all = [
        ("two_way", 10),
        ("three_way", 14),
        ("apply", 12),
        ("jmp3", 3),
        ("jmp_create", 2),
        ("jmp_create4", 1),
        ("jmp_create5", 1),
        ("jmp_apply", 2),
        ("jmp_apply4", 1),
        ("jmp_apply5", 1),
        ("jp", 3),
        ("jp4", 3),
        ("jp5", 4),
        ("smd_set", 2),
        ("smd_merge", 3),
        ("smd_compare", 3),
        ("diff", 40),
        ("normalize", 6),
        ("mask", 4),
        ("health", 5),
        ("track", 2),
    ];
    let ops: Vec<&(&'static str, usize)> = all.iter().filter(|(op, _)| wanted(op)).collect();
    let total: usize = ops.iter().map(|(_, weight)| weight).sum();
    let mut at = rng.below(total);
    let mut op = "two_way";
    for (name, weight) in ops {
        if at < *weight {
            op = name;
            break;
        }
        at -= weight;
    }
    let question = match op {
        "diff" | "normalize" | "mask" | "health" | "track" => compared::question(&mut rng, op),
        _ => patched::question(&mut rng, op),
    };
    question.read_back()
}
