//! The other fields of a kustomization.

use crate::case::{Builder, Known};
use crate::features::Feature;
use crate::layer::{Fields, count};
use crate::node::{Node, map, raw, text};
use crate::pods::IMAGES;
use crate::resources::words;

/// Adds `namePrefix`, `nameSuffix` and `namespace`, and renames what is known.
pub(crate) fn names(b: &mut Builder, fields: &mut Fields, known: &mut [Known]) {
    let odd = b.odd() && b.rng.chance(5);
    let affix = |b: &mut Builder, plain: [&'static str; 2], strange: [&'static str; 3]| -> &'static str {
        match (b.wants(Feature::Prefix, 45), odd) {
            (false, _) => "",
            (true, true) => b.rng.pick(&strange),
            (true, false) => b.rng.pick(&plain),
        }
    };
    let mut prefix = affix(b, ["p-", "dev-"], ["1", "a b", "\u{e9}"]);
    if !b.apart.is_empty() {
        prefix = b.apart;
    }
    let suffix = affix(b, ["-s", "-v2"], ["e3", ".", "#"]);
    for (field, value) in [("namePrefix", prefix), ("nameSuffix", suffix)] {
        if !value.is_empty() {
            fields.push((field.to_owned(), text(value)));
        }
    }
    let namespace = if b.wants(Feature::Namespace, 50) {
        b.rng.pick(&["new", "ns1", "ns1", "default", "other"])
    } else {
        ""
    };
    if !namespace.is_empty() {
        fields.push(("namespace".to_owned(), text(namespace)));
    }
    for known in known {
        if !matches!(known.kind.as_str(), "Namespace" | "CustomResourceDefinition" | "APIService") {
            known.name = format!("{prefix}{}{suffix}", known.name);
        }
        if !namespace.is_empty() {
            namespace.clone_into(&mut known.namespace);
        }
    }
}

/// Adds `labels`, `commonLabels` and `commonAnnotations`.
pub(crate) fn labels_and_annotations(b: &mut Builder, fields: &mut Fields) {
    let odd = b.odd();
    if b.wants(Feature::Labels, 60) {
        let entries = (0..b.rng.range(1, 2)).map(|at| {
            let mut entry =
                map([("pairs", words(&mut b.rng, odd, if at == 0 { &["app", "x/y"] } else { &["team"] }))]);
            for field in ["includeSelectors", "includeTemplates"] {
                if b.rng.chance(30) {
                    entry.set(field, raw(b.rng.pick(&["true", "true", "false"])));
                }
            }
            if b.rng.chance(12) {
                let mut spec = map([(
                    "path",
                    text(b.rng.pick(&[
                        "spec/labels",
                        "spec/template/metadata/labels",
                        "metadata/other",
                        "spec/items/labels",
                    ])),
                )]);
                spec.set("create", raw(b.rng.pick(&["true", "false"])));
                if b.rng.chance(50) {
                    spec.set("kind", text(b.rng.pick(&["Thing", "Deployment"])));
                }
                entry.set("fields", Node::Seq(vec![spec]));
            }
            entry
        });
        let entries: Vec<Node> = entries.collect();
        fields.push(("labels".to_owned(), Node::Seq(entries)));
    }
    if b.wants(Feature::Labels, 25) {
        fields.push(("commonLabels".to_owned(), words(&mut b.rng, odd, &["common", "app"])));
    }
    if b.wants(Feature::Annotations, 60) {
        fields.push(("commonAnnotations".to_owned(), words(&mut b.rng, odd, &["note", "a.b/c", "n"])));
    }
}

/// Adds `images` and `replicas`.
pub(crate) fn images_and_replicas(b: &mut Builder, fields: &mut Fields, known: &[Known]) {
    if b.wants(Feature::Images, 60) {
        let entries: Vec<Node> = (0..b.rng.range(1, 3)).map(|_| image(b)).collect();
        let field = if b.wants(Feature::Legacy, 30) { "imageTags" } else { "images" };
        fields.push((field.to_owned(), Node::Seq(entries)));
    }
    let scalable: Vec<Known> = known
        .iter()
        .filter(|known| {
            matches!(
                known.kind.as_str(),
                "Deployment" | "StatefulSet" | "ReplicaSet" | "ReplicationController"
            )
        })
        .cloned()
        .collect();
    if b.wants(Feature::Replicas, 60) {
        let entries: Vec<Node> = (0..b.rng.range(1, 3)).filter_map(|_| replica(b, &scalable)).collect();
        if !entries.is_empty() {
            fields.push(("replicas".to_owned(), Node::Seq(entries)));
        }
    }
}

fn replica(b: &mut Builder, scalable: &[Known]) -> Option<Node> {
    let target = b.rng.choose(scalable)?.clone();
    let name = if b.rng.chance(60) { target.origin } else { target.name };
    let count = if b.rng.chance(12) {
        raw(b.rng.pick(&[
            "-1",
            "0x10",
            "1_0",
            "010",
            "9223372036854775807",
            "+3",
            "1e2",
            "3.0",
            "null",
            "\"2\"",
        ]))
    } else {
        count(b)
    };
    Some(map([("name", text(name)), ("count", count)]))
}

/// Returns an entry of `images`.
pub(crate) fn image(b: &mut Builder) -> Node {
    let full = b.rng.pick(IMAGES);
    let bare = full.split('@').next().unwrap_or_default();
    let name = match bare.rsplit_once(':') {
        Some((name, tag)) if !tag.contains('/') => name,
        _ => bare,
    };
    let mut image = map([("name", text(name))]);
    for (field, percent, values) in [
        ("newName", 35, ["new/app", "reg.io:5000/n", "nginx", "x"]),
        ("newTag", 55, ["v2", "1", "latest", "1.10"]),
        ("digest", 20, ["sha256:fff", "sha256:0", "abc", ""]),
        ("tagSuffix", 10, ["-x", "", "-1", ".y"]),
    ] {
        if b.rng.chance(percent) {
            image.set(field, text(b.rng.pick(&values)));
        }
    }
    image
}

/// Adds `sortOptions` and `buildMetadata`.
pub(crate) fn build_options(b: &mut Builder, top: bool, fields: &mut Fields) {
    if b.wants(Feature::Sort, if top { 90 } else { 30 }) {
        let options = sort_options(b);
        fields.push(("sortOptions".to_owned(), options));
    }
    if b.wants(Feature::BuildMetadata, if top { 80 } else { 20 }) {
        let mut options =
            vec![text("originAnnotations"), text("transformerAnnotations"), text("managedByLabel")];
        b.rng.shuffle(&mut options);
        let keep = b.rng.range(1, 3);
        options.truncate(keep);
        fields.push(("buildMetadata".to_owned(), Node::Seq(options)));
    }
}

fn sort_options(b: &mut Builder) -> Node {
    let mut options = map([]);
    if b.rng.chance(97) {
        options.set("order", text(b.rng.pick(&["legacy", "legacy", "legacy", "fifo"])));
    }
    let legacy = options.get("order").and_then(Node::scalar) == Some("legacy");
    if b.rng.chance(if legacy { 75 } else { 4 }) {
        let mut orders = map([]);
        for field in ["orderFirst", "orderLast"] {
            if b.rng.chance(90) {
                let kinds = sorted_kinds(b);
                orders.set(field, kinds);
            }
        }
        options.set("legacySortOptions", orders);
    }
    options
}

fn sorted_kinds(b: &mut Builder) -> Node {
    let kinds = [
        "Service",
        "ConfigMap",
        "Deployment",
        "Thing",
        "Namespace",
        "Secret",
        "Gizmo",
        "Role",
        "deployment",
        "",
        "Pod",
        "ServiceAccount",
        "CustomResourceDefinition",
        "ValidatingWebhookConfiguration",
        "Job",
        "*",
    ];
    let most = b.rng.pick(&[0, 2, 3, 6]);
    let mut chosen: Vec<&str> = Vec::new();
    for _ in 0..b.rng.range(0, most) {
        let kind = b.rng.pick(&kinds);
        if !chosen.contains(&kind) || b.rng.chance(20) {
            chosen.push(kind);
        }
    }
    Node::Seq(chosen.into_iter().map(text).collect())
}
