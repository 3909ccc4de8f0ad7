//! One kustomization and its files.

use crate::case::{Builder, Known, Layer, join, relative};
use crate::features::Feature;
use crate::fields;
use crate::generators;
use crate::node::{Node, map, raw, text};
use crate::patches;
use crate::plugins;
use crate::replacements;
use crate::resources::{self, kind, name, resource};
use crate::schemas;
use crate::shapes;

/// The fields of a kustomization in the making.
pub(crate) type Fields = Vec<(String, Node)>;

/// Writes a directory that stands on these layers.
pub(crate) fn generate(b: &mut Builder, dir: &str, below: &[Layer], top: bool) -> Layer {
    let mut fields: Fields = Vec::new();
    let mut known: Vec<Known> = Vec::new();
    resources_of(b, dir, below, &mut fields, &mut known);
    generators::add(b, dir, &mut fields, &mut known);
    if b.wants(Feature::Components, 60) {
        components(b, dir, &mut fields, &mut known);
    }
    transform(b, dir, &mut fields, &mut known);
    fields::build_options(b, top, &mut fields);
    finish(b, dir, fields, false);
    Layer { dir: dir.to_owned(), known }
}

fn transform(b: &mut Builder, dir: &str, fields: &mut Fields, known: &mut [Known]) {
    patches::add(b, dir, fields, known);
    fields::labels_and_annotations(b, fields);
    fields::images_and_replicas(b, fields, known);
    replacements::add(b, dir, fields, known);
    schemas::add(b, dir, fields);
    plugins::add(b, dir, fields, known);
    fields::names(b, fields, known);
}

fn resources_of(b: &mut Builder, dir: &str, below: &[Layer], fields: &mut Fields, known: &mut Vec<Known>) {
    let mut entries: Vec<Node> = Vec::new();
    for layer in below {
        entries.push(text(relative(dir, &layer.dir)));
        known.extend(layer.known.iter().cloned());
    }
    let files = if below.is_empty() { b.rng.range(1, 3) } else { b.rng.pick(&[0, 0, 1]) };
    for _ in 0..files {
        let count = b.rng.pick(&[1, 1, 2, 3]);
        let documents: Vec<Node> = (0..count).filter_map(|_| new_resource(b, known)).collect();
        if documents.is_empty() {
            continue;
        }
        let file = b.fresh("r", "yaml");
        let documents = match b.wants(Feature::Lists, 60) {
            true => listed(b, documents),
            false => documents,
        };
        let content = b.spell(&documents);
        let sub = if b.rng.chance(10) { "sub/" } else { "" };
        let path = b.file(dir, &format!("{sub}{file}"), content);
        entries.push(text(path));
    }
    if b.rng.chance(20) {
        b.rng.shuffle(&mut entries);
    }
    let legacy = !below.is_empty() && b.wants(Feature::Legacy, 40);
    if legacy && !entries.is_empty() {
        let (bases, rest) = entries
            .into_iter()
            .partition(|entry| !entry.scalar().is_some_and(|path| path.ends_with(".yaml")));
        fields.push(("bases".to_owned(), Node::Seq(bases)));
        entries = rest;
    }
    if !entries.is_empty() || b.rng.chance(10) {
        fields.push(("resources".to_owned(), Node::Seq(entries)));
    }
}

/// Puts documents into a list of some kind, or into lists in a list.
fn listed(b: &mut Builder, mut documents: Vec<Node>) -> Vec<Node> {
    let rest = documents.split_off(b.rng.range(0, documents.len()));
    let kind = b.rng.pick(&["List", "List", "List", "ConfigMapList", "DeploymentList", "ThingList"]);
    let api = b.rng.pick(&["v1", "v1", "apps/v1", "example.com/v1"]);
    let mut list = map([("apiVersion", text(api)), ("kind", text(kind)), ("items", Node::Seq(documents))]);
    match b.rng.below(20) {
        0 => list.set("items", raw("null")),
        1 => list.set("items", Node::Seq(Vec::new())),
        2 => list.set("metadata", map([("name", text("list"))])),
        3 => list.set("metadata", map([("resourceVersion", text(""))])),
        4 => {
            let nested = map([("apiVersion", text("v1")), ("kind", text("List"))]);
            list = Node::Map([nested.entries(), vec![("items".to_owned(), Node::Seq(vec![list]))]].concat());
        }
        5 => list = Node::Map(list.entries().into_iter().filter(|(key, _)| key != "items").collect()),
        _ => {}
    }
    let mut out = vec![list];
    if b.rng.chance(50) {
        out.extend(rest);
    } else if !rest.is_empty() {
        out.push(map([("apiVersion", text("v1")), ("kind", text("List")), ("items", Node::Seq(rest))]));
    }
    out
}

/// Makes a resource whose id is new, most of the time.
fn new_resource(b: &mut Builder, known: &mut Vec<Known>) -> Option<Node> {
    for _ in 0..8 {
        let (api, kind) = kind(&mut b.rng, &b.features);
        let name = name(&mut b.rng);
        if !b.take(kind, &name) {
            continue;
        }
        let mut node = resource(&mut b.rng, &b.features, api, kind, &name);
        if b.rng.chance(2) {
            let key = "config.kubernetes.io/local-config";
            node.entry("metadata")
                .and_then(|m| m.entry("annotations"))
                .into_iter()
                .for_each(|a| a.set(key, text("true")));
        }
        if b.wants(Feature::Shapes, 40) {
            shapes::bend(b, &mut node);
        }
        let namespace =
            node.get("metadata").and_then(|m| m.get("namespace")).and_then(Node::scalar).unwrap_or_default();
        known.push(Known {
            api: api.to_owned(),
            kind: kind.to_owned(),
            origin: name.clone(),
            name,
            origin_namespace: namespace.to_owned(),
            namespace: namespace.to_owned(),
            node: node.clone(),
        });
        return Some(node);
    }
    None
}

fn components(b: &mut Builder, dir: &str, fields: &mut Fields, known: &mut Vec<Known>) {
    let count = b.rng.range(1, 2);
    let mut entries = Vec::new();
    for _ in 0..count {
        let again = b.rng.choose(&b.components.clone()).cloned().filter(|_| b.rng.chance(12));
        let component = again.unwrap_or_else(|| component(b, known));
        entries.push(text(relative(dir, &component)));
    }
    fields.push(("components".to_owned(), Node::Seq(entries)));
}

/// Writes a component, which may have components and bases of its own, and returns its directory.
fn component(b: &mut Builder, known: &mut Vec<Known>) -> String {
    b.counter += 1;
    let component = format!("comp{}", b.counter);
    let mut own: Fields = Vec::new();
    let mut entries = Vec::new();
    if b.rng.chance(40) {
        let documents: Vec<Node> = new_resource(b, known).into_iter().collect();
        if !documents.is_empty() {
            let file = b.fresh("c", "yaml");
            let content = b.spell(&documents);
            entries.push(text(b.file(&component, &file, content)));
        }
    }
    if b.wants(Feature::Deep, 20) && b.counter < 30 {
        b.counter += 1;
        let base = format!("cbase{}", b.counter);
        let layer = generate(b, &base, &[], false);
        known.extend(layer.known);
        entries.push(text(relative(&component, &base)));
    }
    if !entries.is_empty() {
        own.push(("resources".to_owned(), Node::Seq(entries)));
    }
    generators::add(b, &component, &mut own, known);
    if b.rng.chance(25) && b.counter < 30 {
        components(b, &component, &mut own, known);
    }
    transform(b, &component, &mut own, known);
    if b.rng.chance(5) {
        fields::build_options(b, false, &mut own);
    }
    finish(b, &component, own, true);
    b.components.push(component.clone());
    component
}

fn finish(b: &mut Builder, dir: &str, mut fields: Fields, component: bool) {
    if b.rng.chance(40) {
        b.rng.shuffle(&mut fields);
    }
    let mut head: Fields = Vec::new();
    if component {
        head.push(("apiVersion".to_owned(), text("kustomize.config.k8s.io/v1alpha1")));
        head.push(("kind".to_owned(), text("Component")));
    } else if b.rng.chance(40) || fields.is_empty() {
        head.push(("apiVersion".to_owned(), text("kustomize.config.k8s.io/v1beta1")));
        head.push(("kind".to_owned(), text("Kustomization")));
    }
    if b.rng.chance(4) || fields.is_empty() {
        head.push(("metadata".to_owned(), map([("name", text("k"))])));
    }
    head.extend(fields);
    if b.wants(Feature::Legacy, 15) {
        for (key, _) in &mut head {
            if b.rng.chance(30) {
                *key = if b.rng.chance(50) { key.to_lowercase() } else { key.to_uppercase() };
            }
        }
    }
    let content = b.spell(&[Node::Map(head)]);
    let file = b.rng.pick(&[
        "kustomization.yaml",
        "kustomization.yaml",
        "kustomization.yaml",
        "kustomization.yml",
        "Kustomization",
    ]);
    b.files.insert(join(dir, file), content.into_bytes());
}

/// Returns a target selector that often finds something.
pub(crate) fn selector(b: &mut Builder, known: &[Known]) -> Node {
    let mut selector = map([]);
    let Some(target) = b.rng.choose(known).cloned() else { return map([("kind", text("ConfigMap"))]) };
    if b.rng.chance(75) {
        selector.set("kind", text(target.kind.clone()));
    }
    if b.rng.chance(50) {
        let name = if b.rng.chance(60) { target.origin.clone() } else { target.name.clone() };
        selector.set("name", text(if b.rng.chance(15) { format!("{name}.*") } else { name }));
    }
    let (group, version) = target.api.rsplit_once('/').unwrap_or(("", &target.api));
    if b.rng.chance(15) {
        selector.set("version", text(version));
    }
    if b.rng.chance(15) {
        selector.set("group", text(group));
    }
    if b.rng.chance(8) {
        selector.set(
            "namespace",
            text(if b.rng.chance(50) { target.namespace } else { resources::NAMESPACES.concat() }),
        );
    }
    if b.rng.chance(8) {
        let expressions = [
            "app=web",
            "app in (a,web)",
            "!app",
            "app",
            "app notin (a)",
            "app!=a",
            "tier==b,app",
            "app=",
            "n=1",
            "a.b/c",
        ];
        let field = b.rng.pick(&["labelSelector", "annotationSelector"]);
        selector.set(field, text(b.rng.pick(&expressions)));
    }
    if matches!(&selector, Node::Map(entries) if entries.is_empty()) {
        selector.set("kind", text(target.kind));
    }
    selector
}

/// Returns a small number.
pub(crate) fn count(b: &mut Builder) -> Node {
    raw(b.rng.pick(&["0", "1", "5", "100"]))
}
