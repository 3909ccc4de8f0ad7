//! The other fields of a kustomization.

use crate::case::{Builder, Known};
use crate::features::Feature;
use crate::layer::{Fields, count, selector};
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
    let prefix = affix(b, ["p-", "dev-"], ["1", "a b", "\u{e9}"]);
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
        let Some(target) = b.rng.choose(&scalable).cloned() else { return };
        let name = if b.rng.chance(60) { target.origin } else { target.name };
        let count = count(b);
        fields.push(("replicas".to_owned(), Node::Seq(vec![map([("name", text(name)), ("count", count)])])));
    }
}

fn image(b: &mut Builder) -> Node {
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

/// Adds `configurations`, `crds` and `openapi`.
pub(crate) fn configurations(b: &mut Builder, dir: &str, fields: &mut Fields) {
    if b.wants(Feature::Configurations, 60) {
        let content = configuration(b);
        let content = b.spell(&[content]);
        let file = b.fresh("conf", "yaml");
        b.file(dir, &file, content);
        fields.push(("configurations".to_owned(), Node::Seq(vec![text(file)])));
    }
    if b.wants(Feature::Crds, 60) {
        let file = b.fresh("crd", "json");
        b.file(dir, &file, CRD);
        fields.push(("crds".to_owned(), Node::Seq(vec![text(file)])));
    }
    if b.wants(Feature::OpenApi, 50) {
        let value = if b.rng.chance(30) {
            map([("version", text("v1.21.2"))])
        } else {
            let file = b.fresh("schema", "json");
            b.file(dir, &file, SCHEMA);
            map([("path", text(file))])
        };
        fields.push(("openapi".to_owned(), value));
    }
}

const CRD: &str = r#"{"x.Thing": {"Schema": {"properties": {"apiVersion": {"type": "string"}, "kind": {"type": "string"},
 "metadata": {"type": "object"}, "spec": {"$ref": "x.Spec"}}}}, "x.Spec": {"Schema": {"properties": {
 "ref": {"x-kubernetes-object-ref-api-version": "v1", "x-kubernetes-object-ref-kind": "ConfigMap", "type": "object"},
 "free": {"x-kubernetes-annotation": "", "type": "object"}}}}}
"#;

const SCHEMA: &str = r##"{"definitions": {"x.Thing": {"type": "object", "properties": {"spec": {"$ref": "#/definitions/x.Spec"}},
 "x-kubernetes-group-version-kind": [{"group": "example.com", "version": "v1", "kind": "Thing"}]},
 "x.Spec": {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "object"},
 "x-kubernetes-patch-merge-key": "name", "x-kubernetes-patch-strategy": "merge"}}}}}
"##;

fn configuration(b: &mut Builder) -> Node {
    let paths = [
        "spec/ref/name",
        "spec/refs/name",
        "spec/items[]/v",
        "spec/image",
        "spec/free/a",
        "spec/ref",
        "spec/refs",
        "spec/template/metadata/labels",
        "metadata/annotations/a.b\\/c",
        "spec/items/v",
    ];
    let spec = |b: &mut Builder| {
        let mut spec = map([("path", text(b.rng.pick(&paths)))]);
        if b.rng.chance(60) {
            spec.set("kind", text(b.rng.pick(&["Thing", "Gizmo", "Deployment"])));
        }
        if b.rng.chance(20) {
            spec.set("create", raw("true"));
        }
        if b.rng.chance(10) {
            spec.set("group", text("example.com"));
        }
        spec
    };
    let mut configuration = map([]);
    for _ in 0..b.rng.range(1, 2) {
        let field = b.rng.pick(&[
            "namePrefix",
            "nameSuffix",
            "namespace",
            "commonLabels",
            "commonAnnotations",
            "images",
            "replicas",
            "varReference",
            "labels",
            "templateLabels",
            "nameReference",
            "nameReference",
        ]);
        let mut entry = spec(b);
        match field {
            "nameReference" => {
                let kind = b.rng.pick(&["ConfigMap", "Secret", "Gizmo", "Thing", "Deployment"]);
                entry = map([("kind", text(kind)), ("fieldSpecs", Node::Seq(vec![entry]))]);
            }
            "commonLabels" | "labels" | "templateLabels" | "commonAnnotations" => {
                entry.set(
                    "path",
                    text(b.rng.pick(&["spec/labels", "spec/template/labels", "metadata/other"])),
                );
            }
            _ => {}
        }
        configuration.set(field, Node::Seq(vec![entry]));
    }
    configuration
}

/// Adds `sortOptions` and `buildMetadata`.
pub(crate) fn build_options(b: &mut Builder, top: bool, fields: &mut Fields) {
    if b.wants(Feature::Sort, if top { 80 } else { 30 }) {
        let mut options = map([("order", text(b.rng.pick(&["legacy", "fifo", "legacy"])))]);
        if options.get("order").and_then(Node::scalar) == Some("legacy") && b.rng.chance(50) {
            let kinds = |b: &mut Builder| {
                let kinds = ["Service", "ConfigMap", "Deployment", "Thing", "Namespace", "Secret"];
                Node::Seq((0..b.rng.below(3)).map(|_| text(b.rng.pick(&kinds))).collect())
            };
            let (first, last) = (kinds(b), kinds(b));
            options.set("legacySortOptions", map([("orderFirst", first), ("orderLast", last)]));
        }
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

/// Adds `generators`, `transformers` and `validators` of builtin kinds.
pub(crate) fn plugins(b: &mut Builder, dir: &str, fields: &mut Fields, known: &[Known]) {
    if !b.wants(Feature::Plugins, 60) {
        return;
    }
    let count = b.rng.range(1, 2);
    let documents: Vec<Node> = (0..count).map(|at| transformer(b, known, at)).collect();
    let content = b.spell(&documents);
    let entry = if b.rng.chance(30) {
        text(content)
    } else {
        let file = b.fresh("t", "yaml");
        b.file(dir, &file, content);
        text(file)
    };
    fields.push(("transformers".to_owned(), Node::Seq(vec![entry])));
    if b.rng.chance(30) {
        b.counter += 1;
        let kind = b.rng.pick(&["ConfigMapGenerator", "SecretGenerator"]);
        let metadata = map([("name", text("g"))]);
        let literals = Node::Seq(vec![text("a=b")]);
        let name = text(format!("gen{}", b.counter));
        let generator = map([
            ("apiVersion", text("builtin")),
            ("kind", text(kind)),
            ("metadata", metadata),
            ("name", name),
            ("literals", literals),
        ]);
        let content = b.spell(&[generator]);
        fields.push(("generators".to_owned(), Node::Seq(vec![text(content)])));
    }
    if b.rng.chance(10) {
        let validator = plugin("LabelTransformer", 9, [("labels", map([("a", text("b"))]))]);
        let content = b.spell(&[validator]);
        fields.push(("validators".to_owned(), Node::Seq(vec![text(content)])));
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
    match b.rng.below(9) {
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
