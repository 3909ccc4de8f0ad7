//! Questions about patches.

use crate::compared::host;
use crate::question::Question;
use crate::rng::Rng;
use crate::values::{self, Maker, kind};
use trueup_manifest::{Map, Value};
use trueup_patch::json_patch::pointer;
use trueup_schema::TypeRef;

pub(crate) fn question(rng: &mut Rng, op: &'static str) -> Question {
    match op {
        "two_way" | "three_way" | "apply" | "smd_set" | "smd_merge" | "smd_compare" => typed(rng, op),
        "jp" | "jp4" | "jp5" => json_patch(rng, op),
        _ => merge_patch(rng, op),
    }
}

fn typed(rng: &mut Rng, op: &'static str) -> Question {
    let mut kind = kind(rng);
    // Structured merge is asked about kinds that the cluster serves.
    while op.starts_with("smd")
        && !(kind.is_structured() && host().kind(kind.api_version(), kind.name()).is_some())
    {
        kind = values::kind(rng);
    }
    let oddity = *rng.choose(&[0, 0, 0, 5, 30]).unwrap_or(&0);
    let mut maker = Maker::new(rng, oddity);
    let a = maker.object(kind);
    let b = version(&mut maker, &a, kind.ty());
    let c = version(&mut maker, &a, kind.ty());
    let mut question = Question {
        op,
        api_version: kind.api_version().to_owned(),
        kind: kind.name().to_owned(),
        a,
        b,
        c: Value::NULL,
        more: Map::new(),
    };
    match op {
        "three_way" => {
            question.c = c;
            question.more.insert("overwrite", rng.chance(70));
        }
        "apply" if rng.chance(70) => question.b = patch(rng, &question, kind.ty(), c),
        "smd_set" => question.b = Value::NULL,
        _ => {}
    }
    question
}

fn version(maker: &mut Maker<'_>, value: &Value, ty: TypeRef<'_>) -> Value {
    let likely = maker.rng.pick(&[2, 6, 15, 35]);
    maker.mutated(value, Some(ty), likely, 0)
}

/// Makes a patch for `a`: one that leads to `b`, with directives sprinkled over it.
fn patch(rng: &mut Rng, question: &Question, ty: TypeRef<'_>, other: Value) -> Value {
    let made = trueup_patch::strategic::create_two_way(&question.b, &other, ty, &[]);
    let mut patch = made.unwrap_or_else(|_| question.b.clone());
    let how_many = rng.below(3);
    for _ in 0..how_many {
        sprinkle(rng, &mut patch, 0);
    }
    patch
}

fn sprinkle(rng: &mut Rng, value: &mut Value, depth: usize) {
    if let Some(items) = value.as_seq_mut() {
        if rng.chance(25) {
            let directive = rng.pick(&["replace", "delete", "merge", "odd"]);
            let mut item = Map::from_iter([("$patch", directive)]);
            if rng.chance(50) {
                item.insert(rng.pick(&["name", "port", "containerPort", "mountPath"]), rng.pick(&["a", "b"]));
            }
            let at = rng.below(items.len() + 1);
            items.insert(at, item.into());
            return;
        }
        let at = rng.below(items.len());
        if let Some(item) = items.get_mut(at) {
            sprinkle(rng, item, depth + 1);
        }
        return;
    }
    let Some(map) = value.as_map_mut() else { return };
    if depth > 0 && rng.chance(30) {
        let keys: Vec<String> = map.keys().map(ToString::to_string).collect();
        let field = rng.choose(&keys).cloned().unwrap_or_else(|| "containers".into());
        let words = |rng: &mut Rng| -> Value {
            (0..rng.range(1, 3)).map(|_| Value::from(rng.pick(&["a", "b", "c", "1"]))).collect()
        };
        match rng.below(6) {
            0 => map.insert("$patch", rng.pick(&["replace", "delete", "merge", "", "odd"])),
            1 => map.insert("$retainKeys", keys.into_iter().map(Value::from).collect::<Value>()),
            2 => map.insert("$retainKeys", words(rng)),
            3 => map.insert(format!("$deleteFromPrimitiveList/{field}"), words(rng)),
            4 => map.insert("$deleteFromPrimitiveList/finalizers", words(rng)),
            _ => map.insert(format!("$setElementOrder/{field}"), words(rng)),
        };
        return;
    }
    let at = rng.below(map.len());
    let key = map.keys().nth(at).cloned();
    if let Some(value) = key.and_then(|key| map.get_mut(&key)) {
        sprinkle(rng, value, depth + 1);
    }
}

fn merge_patch(rng: &mut Rng, op: &'static str) -> Question {
    let mut maker = Maker::new(rng, 0);
    // Of documents that are no objects only the version that Kubernetes uses has our answer.
    let whole = maker.rng.chance(6) && !op.ends_with('5');
    let a = if whole { maker.any(0) } else { maker.custom("v1", "Thing") };
    let next = |maker: &mut Maker<'_>| match maker.rng.below(20) {
        0 if !op.ends_with('5') => maker.any(0),
        n => maker.mutated(&a, None, 5 + n, 0),
    };
    let (b, c) = (next(&mut maker), next(&mut maker));
    let c = if op == "jmp3" { c } else { Value::NULL };
    Question { op, a, b, c, ..Question::default() }
}

fn json_patch(rng: &mut Rng, op: &'static str) -> Question {
    let mut maker = Maker::new(rng, 0);
    let a = if maker.rng.chance(5) { maker.any(0) } else { maker.custom("v1", "Thing") };
    let count = maker.rng.range(1, 4);
    let operations: Value = (0..count).map(|_| operation(&mut maker, &a)).collect();
    let mut more = Map::new();
    for flag in ["neg", "allowMissing", "ensurePath"] {
        if rng.chance(30) {
            more.insert(flag, true);
        }
    }
    Question { op, a, b: operations, more, ..Question::default() }
}

fn operation(maker: &mut Maker<'_>, document: &Value) -> Value {
    let name = maker
        .rng
        .pick(&["add", "add", "remove", "replace", "replace", "move", "copy", "test", "test", "odd"]);
    let mut out = Map::from_iter([("op", name)]);
    out.insert("path", path(maker.rng, document));
    if matches!(name, "move" | "copy") {
        out.insert("from", path(maker.rng, document));
    }
    if matches!(name, "add" | "replace" | "test") {
        let text = out.get("path").and_then(Value::as_str).unwrap_or_default().to_owned();
        let there = at(document, &text).cloned();
        let value = there.filter(|_| maker.rng.chance(60)).unwrap_or_else(|| maker.any(2));
        out.insert("value", value);
    }
    if maker.rng.chance(3) {
        out.remove(maker.rng.pick(&["path", "from", "value", "op"]));
    }
    out.into()
}

fn at<'v>(document: &'v Value, path: &str) -> Option<&'v Value> {
    let tokens = pointer::tokens(path)?;
    tokens.iter().try_fold(document, |value, token| match value.as_seq() {
        Some(items) => items.get(token.parse::<usize>().ok()?),
        None => value.get(token),
    })
}

/// Picks a path of a document; now and then one that leads nowhere.
pub(crate) fn path(rng: &mut Rng, document: &Value) -> String {
    let mut out = String::new();
    let mut value = document;
    while !value.is_scalar() && rng.chance(82) {
        let mut token = String::new();
        let below = match (value.as_map(), value.as_seq()) {
            (Some(map), _) => {
                let entry = map.entry_at(rng.below(map.len()));
                entry.map(|(key, value)| {
                    token = pointer::escape(key).to_string();
                    value
                })
            }
            (_, Some(items)) => {
                let at = rng.below(items.len());
                token = at.to_string();
                items.get(at)
            }
            _ => None,
        };
        let Some(below) = below else { break };
        out.push('/');
        out.push_str(&token);
        value = below;
    }
    if rng.chance(18) {
        out.push('/');
        out.push_str(rng.pick(&["nope", "-", "-1", "0", "1", "01", "+1", "5", "", "a~1b", "~", "~0x"]));
    }
    if rng.chance(1) {
        out = rng.pick(&["", "nope", "/", "x/spec"]).to_owned();
    }
    out
}
