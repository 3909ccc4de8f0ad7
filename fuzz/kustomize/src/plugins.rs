//! `generators`, `transformers` and `validators` of builtin kinds, inline, in files and in directories.

use crate::case::{Builder, Known, join, relative};
use crate::features::Feature;
use crate::fields::image;
use crate::generators;
use crate::layer::{Fields, selector};
use crate::node::{Node, map, raw, text};
use crate::patches::operations;
use crate::replacements::replacement;
use crate::resources::words;

/// Adds the three fields.
pub(crate) fn add(b: &mut Builder, dir: &str, fields: &mut Fields, known: &[Known]) {
    if !b.wants(Feature::Plugins, 60) {
        return;
    }
    if b.rng.chance(80) {
        let entries: Vec<Node> = (0..b.rng.pick(&[1, 1, 1, 2]))
            .map(|_| {
                let documents = (0..b.rng.range(1, 2)).map(|at| transformer(b, known, at)).collect();
                place(b, dir, documents)
            })
            .collect();
        fields.push(("transformers".to_owned(), Node::Seq(entries)));
    }
    if b.rng.chance(35) {
        let documents = (0..b.rng.pick(&[1, 1, 2])).map(|_| generator(b, dir, known)).collect();
        let entry = place(b, dir, documents);
        fields.push(("generators".to_owned(), Node::Seq(vec![entry])));
    }
    if b.rng.chance(12) {
        let mut validator = plugin("LabelTransformer", 9, [("labels", map([("a", text("b"))]))]);
        if b.rng.chance(40) {
            validator = transformer(b, known, 9);
        }
        let entry = place(b, dir, vec![validator]);
        fields.push(("validators".to_owned(), Node::Seq(vec![entry])));
    }
}

/// Returns an entry for plugins: their text, their file, or a directory with a kustomization.
fn place(b: &mut Builder, dir: &str, documents: Vec<Node>) -> Node {
    let documents = match b.wants(Feature::Lists, 30) {
        true => {
            vec![map([("apiVersion", text("v1")), ("kind", text("List")), ("items", Node::Seq(documents))])]
        }
        false => documents,
    };
    let content = b.spell(&documents);
    match b.rng.below(20) {
        0..6 => text(content),
        6..8 => {
            b.counter += 1;
            let plugins = format!("plug{}", b.counter);
            b.files.insert(join(&plugins, "p.yaml"), content.into_bytes());
            let mut kustomization = map([("resources", Node::Seq(vec![text("p.yaml")]))]);
            if b.rng.chance(20) {
                let field = b.rng.pick(&["namePrefix", "namespace"]);
                kustomization.set(field, text("plug-"));
            }
            let kustomization = b.spell(&[kustomization]);
            b.files.insert(join(&plugins, "kustomization.yaml"), kustomization.into_bytes());
            text(relative(dir, &plugins))
        }
        _ => {
            let file = b.fresh("t", "yaml");
            text(b.file(dir, &file, content))
        }
    }
}

fn generator(b: &mut Builder, dir: &str, known: &[Known]) -> Node {
    b.counter += 1;
    let name = format!("gen{}", b.counter);
    if b.rng.chance(12) {
        let service = map([("name", text("sa")), ("namespace", text("ns1"))]);
        let mut policy = plugin(
            "IAMPolicyGenerator",
            b.counter,
            [
                ("cloud", text("gke")),
                ("kubernetesService", service),
                ("serviceAccount", map([("name", text("g")), ("projectId", text("p"))])),
            ],
        );
        if b.rng.chance(20) {
            policy.set("cloud", text("other"));
        }
        return policy;
    }
    let kind = b.rng.pick(&["ConfigMapGenerator", "SecretGenerator"]);
    let made = kind.trim_end_matches("Generator");
    let mut generator = plugin(kind, b.counter, []);
    let mut own = known.to_vec();
    let item = if b.rng.chance(70) { generators::one(b, dir, made, &mut own) } else { None };
    let item = item.unwrap_or_else(|| map([("literals", Node::Seq(vec![text("a=b")]))]));
    for (key, value) in item.entries() {
        generator.set(&key, value);
    }
    if generator.get("name").is_none() {
        generator.set(if b.rng.chance(90) { "name" } else { "Name" }, text(name));
    }
    generator
}

/// Returns a plugin that few people write by hand.
fn unusual(b: &mut Builder, known: &[Known], at: usize) -> Node {
    let target = b.rng.choose(known).cloned();
    match b.rng.below(7) {
        0 => {
            let mut target = selector(b, known);
            if b.rng.chance(80) {
                target.set("name", text("web"));
            }
            let patch = map([
                ("op", text("add")),
                ("path", text("/metadata/labels")),
                ("value", map([("j", text("k"))])),
            ]);
            let mut patch = Node::Seq(vec![patch]);
            if let (Some(known), true) = (b.rng.choose(known).cloned(), b.rng.chance(50)) {
                patch = operations(b, &known);
            }
            let patch = b.spell(&[patch]);
            plugin("PatchJson6902Transformer", at, [("target", target), ("jsonOp", text(patch))])
        }
        1 => {
            let Some(target) = target else { return plugin("PatchStrategicMergeTransformer", at, []) };
            let metadata = map([("name", text(target.origin)), ("annotations", map([("s", text("m"))]))]);
            let patch =
                map([("apiVersion", text(target.api)), ("kind", text(target.kind)), ("metadata", metadata)]);
            let patch = b.spell(&[patch]);
            plugin("PatchStrategicMergeTransformer", at, [("patches", text(patch))])
        }
        2 => {
            let items = (0..b.rng.range(1, 2)).filter_map(|_| replacement(b, known)).collect();
            plugin("ReplacementTransformer", at, [("replacements", Node::Seq(items))])
        }
        3 => plugin("HashTransformer", at, []),
        4 => {
            let (prefix, suffix) = (text("ps-"), text("-ps"));
            let mut both = plugin("PrefixSuffixTransformer", at, [("prefix", prefix), ("suffix", suffix)]);
            let spec = map([("path", text("metadata/name"))]);
            both.set("fieldSpecs", Node::Seq(vec![spec]));
            both
        }
        5 => {
            let order = map([("order", text(b.rng.pick(&["legacy", "fifo"])))]);
            plugin("SortOrderTransformer", at, [("sortOptions", order)])
        }
        _ => {
            let mut odd = transformer(b, known, at);
            let field = b.rng.pick(&[
                "unknown",
                "fieldSpecs",
                "labels",
                "target",
                "prefix",
                "kind",
                "apiVersion",
                "metadata",
            ]);
            let value = b.rng.pick(&["x", "null", "[]", "{}", "1", "[a]"]);
            odd.set(field, raw(value));
            odd
        }
    }
}

fn plugin<const N: usize>(kind: &str, at: usize, more: [(&str, Node); N]) -> Node {
    let mut plugin = map([
        ("apiVersion", text("builtin")),
        ("kind", text(kind)),
        ("metadata", map([("name", text(format!("t{at}")))])),
    ]);
    for (key, value) in more {
        plugin.set(key, value);
    }
    plugin
}

fn transformer(b: &mut Builder, known: &[Known], at: usize) -> Node {
    let odd = b.odd();
    let specs = |path: &str, create: bool| {
        let mut spec = map([("path", text(path))]);
        if create {
            spec.set("create", raw("true"));
        }
        Node::Seq(vec![spec])
    };
    match b.rng.below(12) {
        9..12 => unusual(b, known, at),
        0 => plugin(
            "PrefixTransformer",
            at,
            [("prefix", text("tp-")), ("fieldSpecs", specs("metadata/name", false))],
        ),
        1 => plugin(
            "SuffixTransformer",
            at,
            [("suffix", text("-ts")), ("fieldSpecs", specs("metadata/name", false))],
        ),
        2 => plugin(
            "LabelTransformer",
            at,
            [
                ("labels", words(&mut b.rng, odd, &["t", "app"])),
                ("fieldSpecs", specs("metadata/labels", true)),
            ],
        ),
        3 => plugin(
            "AnnotationsTransformer",
            at,
            [
                ("annotations", words(&mut b.rng, odd, &["t"])),
                ("fieldSpecs", specs("metadata/annotations", true)),
            ],
        ),
        4 => {
            let image = image(b);
            plugin(
                "ImageTagTransformer",
                at,
                [("imageTag", image), ("fieldSpecs", specs("spec/template/spec/containers[]/image", true))],
            )
        }
        5 => {
            let mut namespace =
                plugin("NamespaceTransformer", at, [("fieldSpecs", specs("metadata/namespace", true))]);
            namespace.set("metadata", map([("name", text("t")), ("namespace", text("tns"))]));
            if b.rng.chance(50) {
                namespace.set("unsetOnly", raw("true"));
            }
            if b.rng.chance(50) {
                namespace.set(
                    "setRoleBindingSubjects",
                    text(b.rng.pick(&["defaultOnly", "allServiceAccounts", "none"])),
                );
            }
            namespace
        }
        6 => {
            let target = selector(b, known);
            let patch = text("- op: add\n  path: /metadata/annotations\n  value: {plug: in}\n");
            plugin("PatchTransformer", at, [("target", target), ("patch", patch)])
        }
        7 => {
            let target = selector(b, known);
            let field = text(b.rng.pick(&["spec/added", "metadata/annotations/x"]));
            let targets = Node::Seq(vec![map([("selector", target), ("fieldPath", field)])]);
            plugin("ValueAddTransformer", at, [("value", text("val")), ("targets", targets)])
        }
        _ => {
            let target = b.rng.choose(known);
            let name = target.map_or("web", |known| known.origin.as_str());
            let kind = target.map_or("Deployment", |known| known.kind.as_str());
            let replica = map([("name", text(name)), ("count", raw("7"))]);
            let mut spec = map([("path", text("spec/replicas")), ("create", raw("true"))]);
            spec.set("kind", text(kind));
            plugin(
                "ReplicaCountTransformer",
                at,
                [("replica", replica), ("fieldSpecs", Node::Seq(vec![spec]))],
            )
        }
    }
}
