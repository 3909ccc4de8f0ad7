//! `configMapGenerator`, `secretGenerator`, `generatorOptions`.

use crate::case::{Builder, Known};
use crate::features::Feature;
use crate::layer::Fields;
use crate::node::{Node, map, raw, text};
use crate::resources::{NAMESPACES, name, words};
use crate::scalars::word;

/// Adds generators, and what they give to what is known.
pub(crate) fn add(b: &mut Builder, dir: &str, fields: &mut Fields, known: &mut Vec<Known>) {
    if !b.wants(Feature::Generators, 60) {
        return;
    }
    for (field, kind) in [("configMapGenerator", "ConfigMap"), ("secretGenerator", "Secret")] {
        if !b.rng.chance(60) {
            continue;
        }
        let count = b.rng.range(1, 2);
        let items: Vec<Node> = (0..count).filter_map(|_| one(b, dir, kind, known)).collect();
        if !items.is_empty() {
            fields.push((field.to_owned(), Node::Seq(items)));
        }
    }
    if b.rng.chance(25) {
        let options = options(b);
        fields.push(("generatorOptions".to_owned(), options));
    }
}

/// Returns an entry of a generator's field, if there is a name for it.
pub(crate) fn one(b: &mut Builder, dir: &str, kind: &str, known: &mut Vec<Known>) -> Option<Node> {
    let twins: Vec<Known> = known.iter().filter(|other| other.kind == kind).cloned().collect();
    let mut item = map([]);
    let merged = b.rng.choose(&twins).cloned().filter(|_| b.rng.chance(50));
    match merged {
        Some(twin) => {
            item.set("name", text(twin.origin));
            let behavior =
                if b.rng.chance(3) { "create" } else { b.rng.pick(&["merge", "merge", "replace"]) };
            item.set("behavior", text(behavior));
            if !twin.origin_namespace.is_empty() {
                item.set("namespace", text(twin.origin_namespace));
            }
        }
        None => {
            let name = name(&mut b.rng);
            if !b.take(kind, &name) {
                return None;
            }
            item.set("name", text(name.clone()));
            let namespace = if b.rng.chance(12) { b.rng.pick(NAMESPACES) } else { "" };
            if !namespace.is_empty() {
                item.set("namespace", text(namespace));
            }
            if b.rng.chance(5) {
                item.set("behavior", text(b.rng.pick(&["create", "unspecified", "bogus"])));
            }
            let metadata = map([("name", text(name.clone()))]);
            let node = map([
                ("apiVersion", text("v1")),
                ("kind", text(kind)),
                ("metadata", metadata),
                ("data", map([("k", text("v"))])),
            ]);
            known.push(Known {
                api: "v1".to_owned(),
                kind: kind.to_owned(),
                origin: name.clone(),
                name,
                origin_namespace: namespace.to_owned(),
                namespace: namespace.to_owned(),
                node,
            });
        }
    }
    sources(b, dir, &mut item);
    if kind == "Secret" && b.rng.chance(25) {
        item.set("type", text(b.rng.pick(&["Opaque", "kubernetes.io/tls", "example.com/x"])));
    }
    if b.rng.chance(25) {
        let options = options(b);
        item.set("options", options);
    }
    Some(item)
}

fn sources(b: &mut Builder, dir: &str, item: &mut Node) {
    if b.rng.chance(70) {
        let count = b.rng.range(1, 3);
        let literals: Vec<Node> = (0..count).map(|at| literal(b, at)).collect();
        item.set("literals", Node::Seq(literals));
    }
    if b.rng.chance(35) {
        let count = b.rng.range(1, 2);
        let files: Vec<Node> = (0..count).map(|_| file(b, dir)).collect();
        item.set("files", Node::Seq(files));
    }
    if b.rng.chance(20) {
        let name = b.fresh("e", "env");
        let content = env(b);
        let name = b.file(dir, &name, content);
        if b.wants(Feature::Legacy, 40) {
            item.set("env", text(name));
        } else {
            item.set("envs", Node::Seq(vec![text(name)]));
        }
    }
}

fn literal(b: &mut Builder, at: usize) -> Node {
    let odd = b.odd();
    let key = if b.rng.chance(2) { "1" } else { b.rng.pick(&["k", "key.txt", "A_B", "n", "true"]) };
    let value = word(&mut b.rng, odd);
    let quoted = match b.rng.below(12) {
        0 => format!("\"{value}\""),
        1 => format!("'{value}'"),
        2 => format!("{value}="),
        _ => value,
    };
    text(format!("{key}{at}={quoted}"))
}

fn file(b: &mut Builder, dir: &str) -> Node {
    let extension = b.rng.pick(&["txt", "txt", "txt", "txt", "bin"]);
    let name = b.fresh("f", extension);
    let odd = b.odd();
    let content: Vec<u8> = match b.rng.below(10) {
        0 => b"\xff\xfe\x00\x01bin".to_vec(),
        1 => Vec::new(),
        2 => b"\x80".repeat(b.rng.range(1, 90)),
        3 => b"line one\nline two\n".to_vec(),
        4 => b"no newline".to_vec(),
        5 => b"crlf\r\nlines\r\n".to_vec(),
        _ => word(&mut b.rng, odd).into_bytes(),
    };
    let path = b.file(dir, &name, content);
    text(if b.rng.chance(30) { format!("key-{name}={path}") } else { path })
}

fn env(b: &mut Builder) -> Vec<u8> {
    let lines = [
        "A=1",
        "B=b c",
        "# comment",
        "",
        "  C=2",
        "D=",
        "E=a=b",
        "F=\"q\"",
        "G='s'",
        "H=x # y",
        "I=é",
        "J=tab\t",
        "K.l=1",
        "M-n=true",
        "O=2 \r",
    ];
    let count = b.rng.range(1, 6);
    let mut chosen: Vec<&str> = Vec::new();
    for _ in 0..count {
        let line = b.rng.pick(&lines);
        if !chosen.contains(&line) {
            chosen.push(line);
        }
    }
    let mut content = chosen.join("\n");
    if b.rng.chance(80) {
        content.push('\n');
    }
    if b.rng.chance(5) {
        content.insert(0, '\u{feff}');
    }
    content.into_bytes()
}

fn options(b: &mut Builder) -> Node {
    let odd = b.odd();
    let mut options = map([]);
    for field in ["labels", "annotations"] {
        if b.rng.chance(50) {
            options.set(field, words(&mut b.rng, odd, &["app", "x", "y.z"]));
        }
    }
    for field in ["disableNameSuffixHash", "immutable"] {
        if b.rng.chance(30) {
            options.set(field, raw(b.rng.pick(&["true", "false", "yes"])));
        }
    }
    options
}
