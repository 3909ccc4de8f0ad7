//! Patches of every form.

use crate::case::{Builder, Known};
use crate::features::Feature;
use crate::layer::{Fields, selector};
use crate::node::{Node, Step, map, raw, text};
use crate::resources::{free, resource};
use crate::scalars::word;
use std::fmt::Write as _;

/// Adds `patches` and the legacy fields.
pub(crate) fn add(b: &mut Builder, dir: &str, fields: &mut Fields, known: &[Known]) {
    if known.is_empty() {
        return;
    }
    let mut patches = Vec::new();
    if b.wants(Feature::Patches, 70) {
        let count = b.rng.range(1, 2);
        patches.extend((0..count).filter_map(|_| strategic(b, dir, known)));
    }
    if b.wants(Feature::JsonPatches, 70) {
        let count = b.rng.range(1, 2);
        patches.extend((0..count).filter_map(|_| json(b, dir, known)));
    }
    if !patches.is_empty() {
        b.rng.shuffle(&mut patches);
        fields.push(("patches".to_owned(), Node::Seq(patches)));
    }
    if b.wants(Feature::LegacyPatches, 40) {
        legacy(b, dir, fields, known);
    }
}

fn legacy(b: &mut Builder, dir: &str, fields: &mut Fields, known: &[Known]) {
    if b.rng.chance(60) {
        let count = b.rng.range(1, 2);
        let entries: Vec<Node> = (0..count)
            .filter_map(|_| {
                let patch = document(b, known)?;
                let content = b.spell(&[patch]);
                Some(place(b, dir, content))
            })
            .collect();
        fields.push(("patchesStrategicMerge".to_owned(), Node::Seq(entries)));
    }
    if b.rng.chance(50) {
        let Some(target) = b.rng.choose(known).cloned() else { return };
        let operations = operations(b, &target);
        let content = b.spell(&[operations]);
        let (group, version) = target.api.rsplit_once('/').unwrap_or(("", &target.api));
        let mut to =
            map([("version", text(version)), ("kind", text(target.kind)), ("name", text(target.origin))]);
        if !group.is_empty() {
            to.set("group", text(group));
        }
        let mut entry = map([("target", to)]);
        match b.rng.chance(50) {
            true => {
                let file = b.fresh("j", "yaml");
                entry.set("path", text(b.file(dir, &file, content)));
            }
            false => entry.set("patch", text(content)),
        }
        fields.push(("patchesJson6902".to_owned(), Node::Seq(vec![entry])));
    }
}

/// Returns an inline patch or the path of a file that has it.
fn place(b: &mut Builder, dir: &str, content: String) -> Node {
    if b.rng.chance(50) {
        return text(content);
    }
    let file = b.fresh("p", "yaml");
    text(b.file(dir, &file, content))
}

fn strategic(b: &mut Builder, dir: &str, known: &[Known]) -> Option<Node> {
    let mut documents = vec![document(b, known)?];
    if b.rng.chance(8) {
        documents.extend(document(b, known));
    }
    let mut entry = map([]);
    if documents.len() == 1 && b.rng.chance(35) {
        let target = selector(b, known);
        entry.set("target", target);
    }
    let content = b.spell(&documents);
    match place(b, dir, content) {
        Node::Text(path) if path.ends_with(".yaml") => entry.set("path", text(path)),
        content => entry.set("patch", content),
    }
    if b.rng.chance(10) {
        let mut options = map([]);
        for option in ["allowNameChange", "allowKindChange"] {
            if b.rng.chance(60) {
                options.set(option, raw("true"));
            }
        }
        entry.set("options", options);
    }
    Some(entry)
}

/// Makes a patch: another resource of the same kind and name, less of it, with directives.
fn document(b: &mut Builder, known: &[Known]) -> Option<Node> {
    let target = b.rng.choose(known)?.clone();
    let (name, namespace) = match b.rng.chance(70) {
        true => (target.origin.clone(), target.origin_namespace.clone()),
        false => (target.name.clone(), target.namespace.clone()),
    };
    let mut patch = if b.rng.chance(35) {
        target.node.clone()
    } else {
        resource(&mut b.rng, &b.features, &target.api, &target.kind, &name)
    };
    let directives = b.features.has(Feature::Directives);
    if let Node::Map(entries) = &mut patch {
        for (key, value) in entries.iter_mut() {
            if !matches!(key.as_str(), "apiVersion" | "kind" | "metadata") {
                thin(b, value, directives, key == "data");
            }
        }
    }
    let mut metadata = patch.get("metadata").cloned().unwrap_or_else(|| map([]));
    for field in ["labels", "annotations"] {
        if metadata.get(field).is_none() && b.rng.chance(25) {
            let value = if directives && b.rng.chance(20) {
                raw("null")
            } else {
                map([("app", text(word(&mut b.rng, b.features.has(Feature::Awkward))))])
            };
            metadata.set(field, value);
        }
    }
    if let Node::Map(entries) = &mut metadata {
        entries.retain(|(key, _)| key != "namespace" && key != "name");
    }
    metadata.set("name", text(name));
    if !namespace.is_empty() {
        metadata.set("namespace", text(namespace));
    }
    patch.set("metadata", metadata);
    if directives && b.rng.chance(6) {
        patch.set("$patch", text(b.rng.pick(&["delete", "replace", "merge"])));
    }
    Some(patch)
}

/// Takes parts of a patch away and puts nulls and directives in.
fn thin(b: &mut Builder, node: &mut Node, directives: bool, strings: bool) {
    match node {
        Node::Map(entries) => {
            entries.retain(|(key, _)| key == "name" || b.rng.chance(85));
            for (key, value) in entries.iter_mut() {
                let keep = key == "name" || key == "containerPort" || key == "port";
                if directives && !keep && b.rng.chance(6) {
                    *value = raw("null");
                } else {
                    thin(b, value, directives, strings);
                }
            }
            if directives && b.rng.chance(6) {
                let directive = b.rng.pick(&["delete", "replace", "merge", "bogus"]);
                entries.push(("$patch".to_owned(), text(directive)));
            }
            if directives && b.rng.chance(4) {
                entries.extend(server_directive(b, entries));
            }
            if !strings && b.rng.chance(5) {
                entries.push(("added".to_owned(), free(&mut b.rng, 1)));
            }
        }
        Node::Seq(items) => {
            items.iter_mut().for_each(|item| thin(b, item, directives, strings));
            if directives && b.rng.chance(6) {
                let at = b.rng.below(items.len() + 1);
                items.insert(at, map([("$patch", text(b.rng.pick(&["replace", "delete", "merge"])))]));
            }
            if directives && b.rng.chance(4) {
                items.push(map([("name", text("main")), ("$patch", text("delete"))]));
            }
        }
        Node::Raw(_) | Node::Text(_) => {}
    }
}

/// Returns a directive that the API server knows and kustomize may not.
fn server_directive(b: &mut Builder, entries: &[(String, Node)]) -> Option<(String, Node)> {
    let (key, value) = b.rng.choose(entries)?.clone();
    let names = entries.iter().map(|(key, _)| text(key.clone())).collect();
    let items = match value {
        Node::Seq(items) => items,
        _ => vec![text("a"), map([("name", text("main"))])],
    };
    Some(match b.rng.below(4) {
        0 => ("$retainKeys".to_owned(), Node::Seq(names)),
        1 => (format!("$setElementOrder/{key}"), Node::Seq(items)),
        2 => (format!("$deleteFromPrimitiveList/{key}"), Node::Seq(items)),
        _ => ("$retainKeys".to_owned(), Node::Seq(vec![text(key)])),
    })
}

fn json(b: &mut Builder, dir: &str, known: &[Known]) -> Option<Node> {
    let aim = b.rng.choose(known)?.clone();
    let mut target = map([("kind", text(aim.kind.clone()))]);
    if b.rng.chance(80) {
        target.set("name", text(aim.origin.clone()));
    }
    if b.rng.chance(15) {
        target = selector(b, known);
    }
    let operations = operations(b, &aim);
    let mut entry = map([("target", target)]);
    let content = match b.rng.chance(20) {
        true => to_json(&operations),
        false => b.spell(&[operations]),
    };
    if b.rng.chance(30) {
        let file = b.fresh("p", if content.starts_with('[') { "json" } else { "yaml" });
        entry.set("path", text(b.file(dir, &file, content)));
    } else {
        entry.set("patch", text(content));
    }
    Some(entry)
}

/// Returns a JSON patch.
pub(crate) fn operations(b: &mut Builder, target: &Known) -> Node {
    let count = b.rng.range(1, 3);
    Node::Seq((0..count).map(|_| operation(b, target)).collect())
}

fn operation(b: &mut Builder, target: &Known) -> Node {
    let steps = target.node.random_path(&mut b.rng);
    let fixed =
        matches!(steps.first(), Some(Step::Key(key)) if matches!(key.as_str(), "apiVersion" | "kind"));
    let fixed = fixed || (pointer(&steps) == "/metadata/name" && b.rng.chance(70));
    let fixed = fixed
        || (matches!(pointer(&steps).as_str(), "/metadata" | "/metadata/annotations" | "")
            && b.rng.chance(90));
    let path = if fixed && b.rng.chance(97) { "/metadata/labels".to_owned() } else { pointer(&steps) };
    let known = !fixed;
    let value = target.node.at(&steps);
    let into_map = known && matches!(value, Some(Node::Map(_)));
    let has_spec = matches!(target.node.get("spec"), Some(Node::Map(_)));
    let op = match b.rng.below(20) {
        0..8 if known => "replace",
        8..10 if known => "remove",
        10 if known => "test",
        11 if known => "copy",
        12 if known => "move",
        _ => "add",
    };
    let mut operation = map([("op", text(op))]);
    let new = match b.rng.below(6) {
        0 | 4 if into_map => format!("{path}/new"),
        1 if has_spec => "/spec/new".to_owned(),
        2 => "/metadata/labels".to_owned(),
        3 if path.ends_with(|c: char| c.is_ascii_digit()) => {
            path.rsplit_once('/').map_or(String::new(), |(list, _)| format!("{list}/-"))
        }
        _ => path.clone(),
    };
    match op {
        "copy" | "move" => {
            operation.set("from", text(path.clone()));
            operation.set("path", text(new.clone()));
        }
        _ => operation.set("path", text(if op == "add" { new.clone() } else { path.clone() })),
    }
    if matches!(op, "add" | "replace" | "test") {
        let value = match new.as_str() {
            "/metadata/labels" | "/metadata/annotations" => map([("p", text("q"))]),
            "/metadata/name" => text("renamed"),
            _ if op == "test" => value.cloned().unwrap_or_else(|| raw("1")),
            _ if path.starts_with("/metadata") && value.is_some_and(|value| value.scalar().is_some()) => {
                text("meta")
            }
            _ => free(&mut b.rng, 2),
        };
        operation.set("value", value);
    }
    operation
}

/// Returns a JSON pointer.
fn pointer(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |mut path, step| {
        let _ = match step {
            Step::Key(key) => write!(path, "/{}", key.replace('~', "~0").replace('/', "~1")),
            Step::Index(at, _) => write!(path, "/{at}"),
        };
        path
    })
}

/// Writes a node as JSON; scalars that are none become strings.
pub(crate) fn to_json(node: &Node) -> String {
    match node {
        Node::Map(entries) => {
            let entries = entries.iter().map(|(key, value)| format!("{}: {}", quote(key), to_json(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Node::Seq(items) => format!("[{}]", items.iter().map(to_json).collect::<Vec<_>>().join(", ")),
        Node::Text(text) => quote(text),
        Node::Raw(raw) => match serde_json::from_str::<serde_json::Value>(raw) {
            Ok(_) => raw.clone(),
            Err(_) => quote(raw),
        },
    }
}

fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
