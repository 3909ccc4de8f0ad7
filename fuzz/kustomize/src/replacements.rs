//! `replacements` and `vars`.

use crate::case::{Builder, Known};
use crate::features::Feature;
use crate::layer::{Fields, selector};
use crate::node::{Node, Step, map, raw, text};

/// Adds `replacements` and `vars`.
pub(crate) fn add(b: &mut Builder, dir: &str, fields: &mut Fields, known: &[Known]) {
    if known.is_empty() {
        return;
    }
    if b.wants(Feature::Replacements, 70) {
        let count = b.rng.range(1, 2);
        let items: Vec<Node> = (0..count).filter_map(|_| replacement(b, known)).collect();
        let entries = match b.rng.chance(15) {
            true => {
                let file = b.fresh("rep", "yaml");
                let content = b.spell(&[Node::Seq(items)]);
                vec![map([("path", text(b.file(dir, &file, content)))])]
            }
            false => items,
        };
        fields.push(("replacements".to_owned(), Node::Seq(entries)));
    }
    if b.wants(Feature::Vars, 50) {
        let mut vars = Vec::new();
        for name in ["VAR", "OTHER"] {
            if b.rng.chance(70) {
                vars.extend(var(b, known, name));
            }
        }
        if !vars.is_empty() {
            fields.push(("vars".to_owned(), Node::Seq(vars)));
            // A second definition above would be a conflict.
            b.features.clear(Feature::Vars);
        }
    }
}

/// Returns an entry of `replacements`.
pub(crate) fn replacement(b: &mut Builder, known: &[Known]) -> Option<Node> {
    let mut item = map([]);
    if b.rng.chance(8) {
        item.set("sourceValue", text(b.rng.pick(&["lit", "8080", "true", "a: b", ""])));
    } else {
        let from = b.rng.choose(known)?.clone();
        let mut source = map([("kind", text(from.kind.clone()))]);
        source.set("name", text(if b.rng.chance(70) { from.origin.clone() } else { from.name.clone() }));
        let steps = from.node.random_path(&mut b.rng);
        if !steps.is_empty() && b.rng.chance(85) {
            source.set("fieldPath", text(field_path(b, &steps)));
        }
        if b.rng.chance(20) {
            let options = options(b, false);
            source.set("options", options);
        }
        item.set("source", source);
    }
    let count = b.rng.range(1, 2);
    let targets: Vec<Node> = (0..count).filter_map(|_| target(b, known)).collect();
    item.set("targets", Node::Seq(targets));
    Some(item)
}

fn target(b: &mut Builder, known: &[Known]) -> Option<Node> {
    let aim = b.rng.choose(known)?.clone();
    let mut select = map([("kind", text(aim.kind.clone())), ("name", text(aim.origin.clone()))]);
    if b.rng.chance(20) {
        select = selector(b, known);
    }
    let mut target = map([("select", select)]);
    if b.rng.chance(15) {
        let reject = selector(b, known);
        target.set("reject", Node::Seq(vec![reject]));
    }
    let mut paths = Vec::new();
    let has_pods = aim.node.get("spec").and_then(|spec| spec.get("template")).is_some();
    for _ in 0..b.rng.range(1, 2) {
        let steps = aim.node.random_path(&mut b.rng);
        let identity =
            matches!(steps.first(), Some(Step::Key(key)) if matches!(key.as_str(), "apiVersion" | "kind"));
        let path = match b.rng.below(8) {
            0 => "metadata.annotations.new".to_owned(),
            1 => rng_new(b),
            2 if has_pods => "spec.template.spec.containers.[name=main].image".to_owned(),
            3 if has_pods => "spec.template.spec.containers.*.image".to_owned(),
            _ if identity || steps.is_empty() => "metadata.labels.l".to_owned(),
            _ => field_path(b, &steps),
        };
        paths.push(text(path));
    }
    if b.rng.chance(90) {
        target.set("fieldPaths", Node::Seq(paths));
    }
    if b.rng.chance(93) {
        let options = options(b, true);
        target.set("options", options);
    }
    Some(target)
}

fn rng_new(b: &mut Builder) -> String {
    b.rng.pick(&["spec.new.deep", "data.new", "spec.list.[name=x].v"]).to_owned()
}

fn options(b: &mut Builder, is_target: bool) -> Node {
    let mut options = map([]);
    if is_target && b.rng.chance(95) {
        options.set("create", raw("true"));
    }
    if b.rng.chance(if is_target { 8 } else { 90 }) {
        options.set("delimiter", text(b.rng.pick(&[":", "/", "-", ".", "a"])));
        if b.rng.chance(70) {
            let index = if is_target {
                b.rng.pick(&["0", "0", "1", "-1", "5"])
            } else {
                b.rng.pick(&["0", "0", "0", "0", "0", "1", "-1"])
            };
            options.set("index", raw(index));
        }
    }
    options
}

fn field_path(b: &mut Builder, steps: &[Step]) -> String {
    let steps = steps.iter().map(|step| match step {
        Step::Key(key) if key.contains('.') => {
            if b.rng.chance(50) {
                format!("[{key}]")
            } else {
                key.replace('.', "\\.")
            }
        }
        Step::Key(key) => key.clone(),
        Step::Index(_, Some(name)) if b.rng.chance(60) => format!("[name={name}]"),
        Step::Index(..) if b.rng.chance(15) => "*".to_owned(),
        Step::Index(at, _) => at.to_string(),
    });
    steps.collect::<Vec<_>>().join(".")
}

fn var(b: &mut Builder, known: &[Known], name: &str) -> Option<Node> {
    let from = b.rng.choose(known)?.clone();
    let mut objref = map([
        ("apiVersion", text(from.api.clone())),
        ("kind", text(from.kind.clone())),
        ("name", text(from.origin.clone())),
    ]);
    if !from.origin_namespace.is_empty() && b.rng.chance(60) {
        objref.set("namespace", text(from.origin_namespace.clone()));
    }
    let mut var = map([("name", text(name)), ("objref", objref)]);
    if b.rng.chance(40) {
        let steps = from.node.random_path(&mut b.rng);
        let path = steps.iter().fold(String::new(), |path, step| match step {
            Step::Key(key) if path.is_empty() => key.replace('.', "\\."),
            Step::Key(key) => format!("{path}.{}", key.replace('.', "\\.")),
            Step::Index(at, _) => format!("{path}[{at}]"),
        });
        if !path.is_empty() {
            var.set("fieldref", map([("fieldPath", text(path))]));
        }
    }
    Some(var)
}
