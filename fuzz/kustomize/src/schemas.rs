//! `configurations`, `crds` and `openapi`.

use crate::case::Builder;
use crate::features::Feature;
use crate::layer::Fields;
use crate::node::{Node, map, raw, text};
use crate::patches::to_json;

/// Adds the three fields.
pub(crate) fn add(b: &mut Builder, dir: &str, fields: &mut Fields) {
    if b.wants(Feature::Configurations, 60) {
        let files = (0..b.rng.pick(&[1, 1, 1, 2])).map(|_| {
            let content = configuration(b);
            let content = b.spell(&[content]);
            let file = b.fresh("conf", "yaml");
            text(b.file(dir, &file, content))
        });
        let files: Vec<Node> = files.collect();
        fields.push(("configurations".to_owned(), Node::Seq(files)));
    }
    if b.wants(Feature::Crds, 60) {
        let files: Vec<Node> = (0..b.rng.pick(&[1, 1, 2])).map(|_| crd(b, dir)).collect();
        fields.push(("crds".to_owned(), Node::Seq(files)));
    }
    if b.wants(Feature::OpenApi, 50) {
        let value = if b.rng.chance(25) {
            map([("version", text(b.rng.pick(&["v1.21.2", "v1.21.2", "v1.20.4", "v1.0.0", ""])))])
        } else {
            let file = b.fresh("schema", "json");
            let schema = schema(b);
            let content = if b.rng.chance(85) { to_json(&schema) } else { b.spell(&[schema]) };
            map([("path", text(b.file(dir, &file, content)))])
        };
        fields.push(("openapi".to_owned(), value));
    }
}

/// Writes a file of `crds`: types by name, which refer to one another.
fn crd(b: &mut Builder, dir: &str) -> Node {
    let mut types = map([]);
    let kind = b.rng.pick(&["Thing", "Gizmo", "ClusterThing", "Rollout"]);
    let mut properties = map([
        ("apiVersion", map([("type", text("string"))])),
        ("kind", map([("type", text("string"))])),
        ("metadata", map([("type", text("object"))])),
        ("spec", map([("$ref", text("x.Spec"))])),
    ]);
    if b.rng.chance(6) {
        properties = Node::Map(properties.entries().into_iter().skip(1).collect());
    }
    types.set(&format!("x.io.v1.{kind}"), map([("Schema", map([("properties", properties)]))]));
    let mut spec = map([]);
    for property in ["ref", "refs", "free", "labels", "image", "template", "name"] {
        if b.rng.chance(50) {
            let value = crd_property(b);
            spec.set(property, value);
        }
    }
    types.set("x.Spec", map([("Schema", map([("properties", spec)]))]));
    let deep = crd_property(b);
    types.set("x.Deep", map([("Schema", map([("properties", map([("name", deep)]))]))]));
    let (content, extension) =
        if b.rng.chance(60) { (to_json(&types), "json") } else { (b.spell(&[types]), "yaml") };
    let file = b.fresh("crd", extension);
    text(b.file(dir, &file, content))
}

fn crd_property(b: &mut Builder) -> Node {
    let mut property = map([]);
    if b.rng.chance(15) {
        property.set("$ref", text(b.rng.pick(&["x.Deep", "x.Nope", "#/x.Deep"])));
    }
    if b.rng.chance(60) {
        property.set("type", text(b.rng.pick(&["string", "object", "array"])));
    }
    for (marker, percent) in
        [("x-kubernetes-annotation", 15), ("x-kubernetes-label-selector", 20), ("x-kubernetes-identity", 10)]
    {
        if b.rng.chance(percent) {
            property.set(marker, text(b.rng.pick(&["", "", "x"])));
        }
    }
    if b.rng.chance(45) {
        let (version, kind) =
            b.rng.pick(&[("v1", "ConfigMap"), ("v1", "Secret"), ("v2", "Gizmo"), ("v1", "Thing")]);
        property.set("x-kubernetes-object-ref-api-version", text(version));
        if b.rng.chance(92) {
            property.set("x-kubernetes-object-ref-kind", text(kind));
        }
        if b.rng.chance(30) {
            property.set("x-kubernetes-object-ref-name-key", text(b.rng.pick(&["name", "a", "b", ""])));
        }
    }
    property
}

/// Returns an OpenAPI document that describes some custom kinds.
fn schema(b: &mut Builder) -> Node {
    let mut definitions = map([]);
    let kinds =
        [("example.com", "v1", "Thing"), ("example.com", "v1", "Gizmo"), ("apps", "v1", "Deployment")];
    let kinds = kinds.iter().filter(|_| b.rng.chance(60)).copied().collect::<Vec<_>>();
    let mut paths = map([]);
    for (group, version, kind) in kinds {
        let gvk = map([("group", text(group)), ("version", text(version)), ("kind", text(kind))]);
        let spec =
            if b.rng.chance(60) { map([("$ref", text("#/definitions/x.Spec"))]) } else { described(b, 2) };
        let mut definition = map([("type", text("object")), ("properties", map([("spec", spec)]))]);
        definition.set("x-kubernetes-group-version-kind", Node::Seq(vec![gvk.clone()]));
        definitions.set(&format!("x.{kind}"), definition);
        if b.rng.chance(30) {
            let scope = b.rng.pick(&["namespaces/{namespace}/", ""]);
            let get = map([("x-kubernetes-action", text("get")), ("x-kubernetes-group-version-kind", gvk)]);
            let path = format!("/apis/{group}/{version}/{scope}{}s/{{name}}", kind.to_lowercase());
            paths.set(&path, map([("get", get)]));
        }
    }
    let spec = described(b, 3);
    definitions.set("x.Spec", spec);
    let mut schema = map([("definitions", definitions)]);
    if !paths.entries().is_empty() {
        schema.set("paths", paths);
    }
    schema
}

/// Returns the schema of an object with the fields that custom resources have here.
fn described(b: &mut Builder, depth: usize) -> Node {
    let mut properties = map([]);
    for field in ["items", "refs", "free", "ref", "a", "b", "template", "containers"] {
        if b.rng.chance(40) {
            let value = property(b, depth);
            properties.set(field, value);
        }
    }
    map([("type", text("object")), ("properties", properties)])
}

fn property(b: &mut Builder, depth: usize) -> Node {
    if depth == 0 {
        return map([("type", text(b.rng.pick(&["string", "integer", "boolean", "object"])))]);
    }
    match b.rng.below(5) {
        0 => described(b, depth - 1),
        1 => map([("$ref", text(b.rng.pick(&["#/definitions/x.Spec", "#/definitions/x.Nope"])))]),
        2 => map([("type", text("object")), ("additionalProperties", described(b, depth - 1))]),
        _ => listed(b, depth),
    }
}

fn listed(b: &mut Builder, depth: usize) -> Node {
    let items = if b.rng.chance(60) { described(b, depth - 1) } else { property(b, 0) };
    let mut list = map([("type", text("array")), ("items", items)]);
    if b.rng.chance(60) {
        list.set("x-kubernetes-patch-merge-key", text(b.rng.pick(&["name", "name", "v", "a"])));
        list.set(
            "x-kubernetes-patch-strategy",
            text(b.rng.pick(&["merge", "merge", "replace", "merge,retainKeys"])),
        );
    }
    if b.rng.chance(30) {
        list.set("x-kubernetes-list-type", text(b.rng.pick(&["map", "set", "atomic"])));
        if b.rng.chance(80) {
            let keys = b.rng.pick(&[&["name"][..], &["name", "v"], &["v"], &[]]);
            list.set("x-kubernetes-list-map-keys", Node::Seq(keys.iter().copied().map(text).collect()));
        }
    }
    list
}

fn configuration(b: &mut Builder) -> Node {
    let mut configuration = map([]);
    for _ in 0..b.rng.range(1, 3) {
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
        let entries = (0..b.rng.pick(&[1, 1, 2])).map(|_| entry(b, field)).collect();
        configuration.set(field, Node::Seq(entries));
    }
    configuration
}

fn entry(b: &mut Builder, field: &str) -> Node {
    let mut entry = field_spec(b);
    match field {
        "nameReference" => {
            let kind = b.rng.pick(&["ConfigMap", "Secret", "Gizmo", "Thing", "Deployment", ""]);
            let specs = (0..b.rng.pick(&[1, 1, 2])).map(|_| field_spec(b)).collect();
            entry = map([("kind", text(kind)), ("fieldSpecs", Node::Seq(specs))]);
            if b.rng.chance(15) {
                entry.set("version", text(b.rng.pick(&["v1", "v2"])));
            }
            if b.rng.chance(10) {
                entry.set("group", text(b.rng.pick(&["example.com", "apps"])));
            }
        }
        "commonLabels" | "labels" | "templateLabels" | "commonAnnotations" => {
            let paths =
                ["spec/labels", "spec/template/labels", "metadata/other", "spec/free", "spec/items[]/labels"];
            entry.set("path", text(b.rng.pick(&paths)));
        }
        "replicas" | "images" if b.rng.chance(50) => {
            entry.set(
                "path",
                text(b.rng.pick(&["spec/replicas", "spec/image", "spec/free/n", "spec/items/v"])),
            );
        }
        "namePrefix" | "nameSuffix" | "namespace" if b.rng.chance(40) => {
            let paths =
                ["metadata/name", "metadata/namespace", "spec/ref/name", "spec/ref/namespace", "subjects"];
            entry.set("path", text(b.rng.pick(&paths)));
        }
        _ => {}
    }
    entry
}

fn field_spec(b: &mut Builder) -> Node {
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
        "data/k",
        "spec/template/spec/containers/env/value",
    ];
    let mut spec = map([("path", text(b.rng.pick(&paths)))]);
    if b.rng.chance(60) {
        spec.set("kind", text(b.rng.pick(&["Thing", "Gizmo", "Deployment", "ConfigMap"])));
    }
    if b.rng.chance(20) {
        spec.set("create", raw(b.rng.pick(&["true", "true", "false"])));
    }
    if b.rng.chance(10) {
        spec.set("group", text(b.rng.pick(&["example.com", "apps"])));
    }
    if b.rng.chance(8) {
        spec.set("version", text(b.rng.pick(&["v1", "v2"])));
    }
    spec
}
