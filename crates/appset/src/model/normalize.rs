//! Application specs as the controllers normalise them before they compare.

use super::types::{Shape, Ty};
use super::{flag, text};
use trueup_manifest::{Map, Value, View};

/// Returns an Application's spec as the controllers normalise it: a project always, no empty sync policy, no empty source sections.
///
/// ```
/// use trueup_manifest::Value;
///
/// let spec: Value = serde_json::from_str(r#"{"source":{"directory":{}},"syncPolicy":{}}"#).unwrap();
/// let normal: Value = serde_json::from_str(r#"{"source":{},"project":"default"}"#).unwrap();
/// assert_eq!(trueup_appset::normalize_spec(&spec), normal);
/// ```
pub fn normalize_spec(spec: &Value) -> Value {
    let mut spec = if spec.is_map() { spec.clone() } else { Map::new().into() };
    let no_project = text(&spec, &["project"]).is_empty();
    let no_policy = spec.get("syncPolicy").is_some_and(|policy| is_unset(policy, &SYNC_POLICY));
    let many = spec.get("sources").and_then(Value::as_seq).is_some_and(|sources| !sources.is_empty());
    if let Some(spec) = spec.as_map_mut() {
        if no_project {
            spec.insert("project", "default");
        }
        if no_policy {
            spec.remove("syncPolicy");
        }
    }
    if many {
        let sources = spec.get_mut("sources").and_then(Value::as_seq_mut);
        sources.into_iter().flatten().for_each(normalize_source);
    } else if let Some(source) = spec.get_mut("source") {
        normalize_source(source);
    }
    spec
}

/// What makes a sync policy; pointers (true) count when they are there, the others when they are not empty.
const SYNC_POLICY: [(&str, bool); 4] =
    [("automated", true), ("syncOptions", false), ("retry", true), ("managedNamespaceMetadata", true)];

/// What makes a helm section.
const HELM: [(&str, bool); 15] = [
    ("version", false),
    ("releaseName", false),
    ("valueFiles", false),
    ("parameters", false),
    ("fileParameters", false),
    ("values", false),
    ("valuesObject", true),
    ("passCredentials", false),
    ("ignoreMissingValueFiles", false),
    ("skipCrds", false),
    ("skipTests", false),
    ("skipSchemaValidation", false),
    ("kubeVersion", false),
    ("apiVersions", false),
    ("namespace", false),
];

/// What makes a kustomize section; Argo CD does not look at the other fields.
const KUSTOMIZE: [(&str, bool); 13] = [
    ("namePrefix", false),
    ("nameSuffix", false),
    ("version", false),
    ("namespace", false),
    ("images", false),
    ("replicas", false),
    ("commonLabels", false),
    ("commonAnnotations", false),
    ("patches", false),
    ("components", false),
    ("kubeVersion", false),
    ("apiVersions", false),
    ("ignoreMissingComponents", false),
];

fn is_unset(section: &Value, fields: &[(&str, bool)]) -> bool {
    let set = |(name, pointer): &(&str, bool)| {
        section.get(name).is_some_and(|value| *pointer || !is_empty_value(value))
    };
    !fields.iter().any(set)
}

fn normalize_source(source: &mut Value) {
    let no_kustomize = source.get("kustomize").is_some_and(|section| is_unset(section, &KUSTOMIZE));
    let no_helm = source.get("helm").is_some_and(|section| is_unset(section, &HELM));
    let directory = source.get("directory").map(normalize_directory);
    let Some(source) = source.as_map_mut() else { return };
    if no_kustomize {
        source.remove("kustomize");
    }
    if no_helm {
        source.remove("helm");
    }
    match directory {
        Some(Some(directory)) => {
            source.insert("directory", directory);
        }
        Some(None) => {
            source.remove("directory");
        }
        None => {}
    }
}

/// A directory section that is zero keeps its `exclude` and `include` only.
fn normalize_directory(directory: &Value) -> Option<Value> {
    let jsonnet = directory.get("jsonnet").is_none_or(empty_as_zero);
    let zero = jsonnet && !flag(directory, &["recurse"]) && !flag(directory, &["disableExtensionFilter"]);
    if !zero {
        return Some(directory.clone());
    }
    let kept = ["exclude", "include"].map(|name| (name, text(directory, &[name])));
    let kept = Map::from_iter(kept.into_iter().filter(|(_, pattern)| !pattern.is_empty()));
    (!kept.is_empty()).then(|| kept.into())
}

/// Returns true for what Go's comparison "equal or both empty" takes for nothing: null, "", 0, false, and containers of such.
pub(crate) fn empty_as_zero(value: &Value) -> bool {
    match value.view() {
        View::Null => true,
        View::Bool(b) => !b,
        View::Number(number) => number.as_f64() == 0.0,
        View::String(text) => text.is_empty(),
        View::Seq(items) => items.is_empty(),
        View::Map(map) => map.values().all(empty_as_zero),
    }
}

/// Removes what Go's encoder leaves out: empty optional fields, at every level of the type.
pub(crate) fn prune_empty(value: &Value, ty: Ty) -> Value {
    match (ty.shape(), value.view()) {
        (Shape::Struct(fields), View::Map(map)) => {
            let mut out = Map::with_capacity(map.len());
            for field in fields {
                let Some(member) = map.get(field.name) else { continue };
                let member = prune_empty(member, field.ty);
                let pointer = field.ty.is_pointer();
                if field.optional && !pointer && is_empty_value(&member) {
                    continue;
                }
                out.insert(field.name, member);
            }
            out.into()
        }
        (Shape::List(item), View::Seq(items)) => items.iter().map(|value| prune_empty(value, item)).collect(),
        (Shape::Map(item), View::Map(map)) => {
            map.iter().map(|(key, value)| (key.clone(), prune_empty(value, item))).collect::<Map>().into()
        }
        _ => value.clone(),
    }
}

/// Returns true for what `omitempty` (and `omitzero`) leave out.
fn is_empty_value(value: &Value) -> bool {
    match value.view() {
        View::Null => true,
        View::Bool(b) => !b,
        View::Number(number) => number.as_f64() == 0.0,
        View::String(text) => text.is_empty(),
        View::Seq(items) => items.is_empty(),
        View::Map(map) => map.is_empty(),
    }
}
