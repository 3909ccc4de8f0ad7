//! Kustomizations with values of wrong types, unknown fields and misspelled ones, field by field.

use crate::rng::Rng;

/// The fields, each with the fields of its items, or of itself where it is a mapping.
const FIELDS: &[(&str, &[&str])] = &[
    ("apiVersion", &[]),
    ("kind", &[]),
    ("metadata", &["name", "namespace", "labels", "annotations"]),
    ("openapi", &["path", "version"]),
    ("namePrefix", &[]),
    ("nameSuffix", &[]),
    ("namespace", &[]),
    ("commonLabels", &["app"]),
    ("commonAnnotations", &["app"]),
    ("labels", &["pairs", "includeSelectors", "includeTemplates", "fields"]),
    ("patchesStrategicMerge", &[]),
    ("patchesJson6902", &["path", "patch", "target", "options"]),
    ("patches", &["path", "patch", "target", "options"]),
    ("images", &["name", "newName", "newTag", "digest", "tagSuffix"]),
    ("imageTags", &["name", "newTag"]),
    ("replacements", &["path", "source", "sourceValue", "targets"]),
    ("replicas", &["name", "count"]),
    ("vars", &["name", "objref", "fieldref"]),
    ("sortOptions", &["order", "legacySortOptions"]),
    ("resources", &[]),
    ("components", &[]),
    ("crds", &[]),
    ("bases", &[]),
    ("configMapGenerator", &["name", "namespace", "behavior", "literals", "files", "envs", "env", "options"]),
    ("secretGenerator", &["name", "type", "behavior", "literals", "files", "envs", "env", "options"]),
    ("helmGlobals", &["chartHome", "configHome"]),
    ("helmCharts", &["name", "version", "valuesInline", "apiVersions"]),
    ("helmChartInflationGenerator", &["chartName", "values"]),
    ("generatorOptions", &["labels", "annotations", "disableNameSuffixHash", "immutable"]),
    ("configurations", &[]),
    ("generators", &[]),
    ("transformers", &[]),
    ("validators", &[]),
    ("buildMetadata", &[]),
];

/// Fields that are deeper, each with the way to them.
const DEEPER: &[&str] = &[
    "patches: [{patch: 'a: b', target: {name: V}}]",
    "patches: [{patch: 'a: b', target: {labelSelector: V}}]",
    "patches: [{patch: '[]', target: {kind: V}}]",
    "patches: [{patch: '[]', options: {allowNameChange: V}}]",
    "patches: [{patch: V}]",
    "patches: [{path: V}]",
    "patches: [{target: {kind: ConfigMap}, patch: V}]",
    "patchesJson6902: [{patch: '[]', target: {name: V}}]",
    "patchesJson6902: [{patch: V, target: {kind: ConfigMap, name: cm, version: v1}}]",
    "patchesStrategicMerge: [V]",
    "replacements: [{source: {kind: V}, targets: []}]",
    "replacements: [{source: {kind: ConfigMap, name: cm}, targets: [{select: V}]}]",
    "replacements: [{source: {kind: ConfigMap, options: {index: V}}, targets: []}]",
    "replacements: [{sourceValue: x, targets: [{select: {kind: ConfigMap}, fieldPaths: V}]}]",
    "replacements: [{sourceValue: x, targets: [{select: {kind: ConfigMap}, fieldPaths: [V]}]}]",
    "replacements: [{sourceValue: x, targets: [{select: {kind: ConfigMap}, fieldPaths: [data.k], options: V}]}]",
    "replacements: [{sourceValue: x, targets: [{select: {kind: ConfigMap}, reject: V}]}]",
    "vars: [{name: V, objref: {kind: ConfigMap, name: cm, apiVersion: v1}}]",
    "vars: [{name: X, objref: {kind: V, name: cm, apiVersion: v1}}]",
    "vars: [{name: X, objref: {kind: ConfigMap, name: cm, apiVersion: v1}, fieldref: {fieldPath: V}}]",
    "labels: [{pairs: {a: V}}]",
    "labels: [{pairs: {a: b}, fields: [{path: V}]}]",
    "labels: [{pairs: {a: b}, fields: [{path: a/b, create: V}]}]",
    "sortOptions: {order: legacy, legacySortOptions: {orderFirst: V}}",
    "sortOptions: {order: fifo, legacySortOptions: V}",
    "sortOptions: {order: V}",
    "configMapGenerator: [{name: q, literals: [V]}]",
    "configMapGenerator: [{name: q, files: [V]}]",
    "configMapGenerator: [{name: q, envs: [V]}]",
    "configMapGenerator: [{name: q, options: {labels: V}}]",
    "configMapGenerator: [{name: q, options: {immutable: V}}]",
    "secretGenerator: [{name: q, literals: [V], type: V}]",
    "generatorOptions: {labels: {a: V}}",
    "images: [{name: V, newTag: V}]",
    "replicas: [{name: V, count: 1}]",
    "replicas: [{name: web, count: V}]",
    "openapi: {path: V}",
    "openapi: {version: V}",
    "buildMetadata: [V]",
    "resources: [V]",
    "components: [V]",
    "configurations: [V]",
    "crds: [V]",
    "transformers: [V]",
    "generators: [V]",
    "validators: [V]",
    "helmCharts: [V]",
];

const VALUES: &[&str] = &[
    "x",
    "1",
    "1.5",
    "true",
    "null",
    "[]",
    "{}",
    "[a]",
    "[1]",
    "[{}]",
    "{a: b}",
    "[[a]]",
    "[null]",
    "''",
    "'1'",
    "{a: 1}",
    "[a, 1]",
    "{1: a}",
    "{a: null}",
    "{a: {b: c}}",
    "-1",
    "0x10",
    "yes",
    "2020-01-01",
    "~",
    "*no",
    "!!str 1",
    "!!int x",
    "{x: y, x: z}",
    "\"a\\nb\"",
    "'(' ",
    "'a b'",
    "'..'",
    "'/'",
    "'./'",
    "'a/'",
    "'*'",
    "'a=b=c'",
    "'='",
    "'k='",
];

/// Returns a line or lines for the end of a kustomization.
pub(crate) fn lines(rng: &mut Rng) -> String {
    let value = rng.pick(VALUES);
    if rng.chance(40) {
        return format!("{}\n", rng.pick(DEEPER).replace('V', value));
    }
    let Some((field, inner)) = rng.choose(FIELDS) else { return String::new() };
    let field = spelled(rng, field);
    if inner.is_empty() || rng.chance(30) {
        return format!("{field}: {value}\n");
    }
    let (one, two) = (rng.pick(inner), rng.pick(inner));
    let (one, two) = (spelled(rng, one), spelled(rng, two));
    let other = rng.pick(VALUES);
    match rng.below(5) {
        0 => format!("{field}: {{{one}: {value}}}\n"),
        1 => format!("{field}:\n- {one}: {value}\n  {two}: {other}\n"),
        2 => format!("{field}: [{{{one}: {value}, unknown: x}}]\n"),
        3 => format!("{field}:\n  {one}: {value}\n"),
        _ => format!("{field}:\n- {one}: {value}\n"),
    }
}

/// Spells a field in another way, sometimes.
fn spelled(rng: &mut Rng, field: &str) -> String {
    match rng.below(24) {
        0 => field.to_lowercase(),
        1 => field.to_uppercase(),
        2 => format!("{field}s"),
        3 => field.trim_end_matches('s').to_owned(),
        4 => format!("'{field}'"),
        _ => field.to_owned(),
    }
}
