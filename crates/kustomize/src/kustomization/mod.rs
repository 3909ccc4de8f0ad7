//! The kustomization file: how it is found, read, fixed and checked.

pub(crate) mod read;
mod types;

pub use types::HelmChart;
pub(crate) use types::*;

use crate::decode::{
    At, DecodeError, Decoded, list, object, optional, string, string_map, string_of, strings,
};
use crate::error::{Error, ErrorKind};
use crate::load::Loader;
use ecow::EcoString;
use std::collections::BTreeSet;
use trueup_manifest::yaml::{self, ParseError, ParseOptions};
use trueup_manifest::{Location, Map, Span, Value, View, meant};

/// The names a kustomization file may have.
pub(crate) const FILE_NAMES: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

const API_VERSION: &str = "kustomize.config.k8s.io/v1beta1";
const COMPONENT_API_VERSION: &str = "kustomize.config.k8s.io/v1alpha1";
const KIND: &str = "Kustomization";
pub(crate) const COMPONENT: &str = "Component";

/// A kustomization as it was read, with the deprecated fields it uses.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) kustomization: Kustomization,
    /// The warnings that kustomize prints, one for each deprecated field.
    pub(crate) deprecated: Vec<&'static str>,
    is_empty: bool,
    /// The name of the file.
    pub(crate) file: &'static str,
}

/// Legacy fields that fixing moves elsewhere.
#[derive(Default)]
struct Legacy {
    bases: Vec<EcoString>,
    image_tags: Vec<Image>,
    charts: Vec<(HelmChart, HelmGlobals)>,
}

/// The error for a kustomization file that is no YAML.
pub(crate) fn unreadable(error: &ParseError, path: &EcoString) -> Error {
    let span = Span { start: error.position(), end: error.position() };
    Error::new(ErrorKind::InvalidKustomization, format!("invalid Kustomization: {}", error.message()))
        .at(Location::span(path.clone(), span))
}

/// Reads a kustomization document.
pub(crate) fn from_document(document: &Value) -> Decoded<Loaded> {
    let mut loaded = Loaded::default();
    let mut filled: BTreeSet<EcoString> = BTreeSet::new();
    let mut legacy = Legacy::default();
    let at = At::root(KIND, true);
    if !document.is_map() && !document.is_null() {
        let message = format!(
            "json: cannot unmarshal {} into Go value of type types.Kustomization",
            if document.is_seq() { "array" } else { document.type_name() }
        );
        return Err(DecodeError { message, field: EcoString::new(), is_unknown: false });
    }
    if let Some(message) = crate::node::not_in_json(document) {
        return Err(DecodeError { message, field: EcoString::new(), is_unknown: false });
    }
    let settled = through_config(document);
    let document = settled.as_ref().unwrap_or(document);
    object(document, &at, |field, value, at| {
        let known = read_field(field, value, at, &mut loaded.kustomization, &mut legacy)?;
        // Another spelling of the field may have filled it; null forgets that, unless it is a text.
        if known && !(value.is_null() && is_text(field)) {
            note_deprecated(field, value, &mut loaded.deprecated);
            match counts_as_empty(field, value) {
                true => filled.remove(field),
                false => filled.insert(field.into()),
            };
        }
        Ok(known)
    })?;
    loaded.is_empty = filled.is_empty();
    loaded.deprecated.sort_by_key(|warning| WARNINGS.iter().position(|(_, known)| known == warning));
    fix(&mut loaded.kustomization, legacy);
    Ok(loaded)
}

/// Upstream hands fields to its plugins as YAML; the next-line character is a blank when that is read. `None` where nothing changes.
pub(crate) fn through_config(value: &Value) -> Option<Value> {
    match value.view() {
        View::Map(map) => {
            let mut changed: Option<Map> = None;
            for (key, value) in map {
                if let Some(new) = through_config(value) {
                    changed.get_or_insert_with(|| map.clone()).insert(key.clone(), new);
                }
            }
            changed.map(Value::from)
        }
        View::Seq(items) => {
            let mut changed: Option<Vec<Value>> = None;
            for (index, item) in items.iter().enumerate() {
                if let Some(new) = through_config(item)
                    && let Some(slot) = changed.get_or_insert_with(|| items.to_vec()).get_mut(index)
                {
                    *slot = new;
                }
            }
            changed.map(Value::from)
        }
        View::String(text) if !text.is_ascii() && text.contains('\u{85}') => {
            let written = yaml::to_string(value).ok()?;
            yaml::parse(written.as_bytes(), &ParseOptions::kubernetes()).ok()
        }
        _ => None,
    }
}

impl Loaded {
    /// Returns what upstream refuses about the kustomization, in its words.
    pub(crate) fn complaint(&self, loader: &Loader) -> Option<String> {
        if self.is_empty {
            return Some("kustomization.yaml is empty".to_owned());
        }
        let Kustomization { kind, api_version, .. } = &self.kustomization;
        let mut complaints = Vec::new();
        if kind != KIND && kind != COMPONENT {
            complaints.push(format!("kind should be {KIND} or {COMPONENT}"));
        }
        let wanted = if kind == COMPONENT { COMPONENT_API_VERSION } else { API_VERSION };
        if api_version != wanted {
            complaints.push(format!("apiVersion for {kind} should be {wanted}"));
        }
        let complaint = || {
            let directory = loader.display();
            format!("Failed to read kustomization file under {directory}:\n{}", complaints.join("\n"))
        };
        (!complaints.is_empty()).then(complaint)
    }
}

/// The fields that [`read_field`] knows, as they are documented.
const FIELDS: [&str; 34] = [
    "kind",
    "apiVersion",
    "metadata",
    "openapi",
    "namePrefix",
    "nameSuffix",
    "namespace",
    "commonLabels",
    "labels",
    "commonAnnotations",
    "patchesStrategicMerge",
    "patchesJson6902",
    "patches",
    "images",
    "imageTags",
    "replacements",
    "replicas",
    "vars",
    "sortOptions",
    "resources",
    "components",
    "crds",
    "bases",
    "configMapGenerator",
    "secretGenerator",
    "helmGlobals",
    "helmCharts",
    "helmChartInflationGenerator",
    "generatorOptions",
    "configurations",
    "generators",
    "transformers",
    "validators",
    "buildMetadata",
];

/// Returns the field of a kustomization that was meant by one that there is not.
pub(crate) fn meant_field(unknown: &str) -> Option<&'static str> {
    meant(unknown, FIELDS.into_iter())
}

fn read_field(
    field: &str,
    value: &Value,
    at: &At<'_>,
    k: &mut Kustomization,
    legacy: &mut Legacy,
) -> Decoded<bool> {
    match field {
        "kind" => string(value, &at.inside("TypeMeta"), &mut k.kind),
        "apiversion" => string(value, &at.inside("TypeMeta"), &mut k.api_version),
        "metadata" => read_metadata(value, at),
        "openapi" => string_map(value, at, &mut k.openapi),
        "nameprefix" => string(value, at, &mut k.name_prefix),
        "namesuffix" => string(value, at, &mut k.name_suffix),
        "namespace" => string(value, at, &mut k.namespace),
        "commonlabels" => string_map(value, at, &mut k.common_labels),
        "labels" => list(value, at, "types.Label", &mut k.labels, read::label),
        "commonannotations" => string_map(value, at, &mut k.common_annotations),
        "patchesstrategicmerge" => {
            let name = "types.PatchStrategicMerge";
            list(value, at, name, &mut k.patches_strategic_merge, |value, at, into| {
                string_of(value, at, name, into)
            })
        }
        "patchesjson6902" => list(value, at, "types.Patch", &mut k.patches_json6902, read::patch),
        "patches" => list(value, at, "types.Patch", &mut k.patches, read::patch),
        "images" => list(value, at, "types.Image", &mut k.images, read::image),
        "imagetags" => list(value, at, "types.Image", &mut legacy.image_tags, read::image),
        "replacements" => {
            list(value, at, "types.ReplacementField", &mut k.replacements, read::replacement_field)
        }
        "replicas" => list(value, at, "types.Replica", &mut k.replicas, read::replica),
        "vars" => list(value, at, "types.Var", &mut k.vars, read::var),
        "sortoptions" => optional(value, at, &mut k.sort_options, read::sort_options),
        "resources" => strings(value, at, &mut k.resources),
        "components" => strings(value, at, &mut k.components),
        "crds" => strings(value, at, &mut k.crds),
        "bases" => strings(value, at, &mut legacy.bases),
        "configmapgenerator" => {
            list(value, at, "types.ConfigMapArgs", &mut k.config_map_generator, read::config_map)
        }
        "secretgenerator" => list(value, at, "types.SecretArgs", &mut k.secret_generator, read::secret),
        "helmglobals" => optional(value, at, &mut k.helm_globals, read::helm_globals),
        "helmcharts" => list(value, at, "types.HelmChart", &mut k.helm_charts, read::helm_chart),
        "helmchartinflationgenerator" => {
            list(value, at, "types.HelmChartArgs", &mut legacy.charts, read::legacy_chart)
        }
        "generatoroptions" => optional(value, at, &mut k.generator_options, read::generator_options),
        "configurations" => strings(value, at, &mut k.configurations),
        "generators" => strings(value, at, &mut k.generators),
        "transformers" => strings(value, at, &mut k.transformers),
        "validators" => strings(value, at, &mut k.validators),
        "buildmetadata" => strings(value, at, &mut k.build_metadata),
        _ => Ok(false),
    }
}

/// Checks the shape of `metadata`, which nothing uses.
fn read_metadata(value: &Value, at: &At<'_>) -> Decoded<bool> {
    let (mut text, mut map) = (EcoString::new(), StringMap::new());
    object(value, &at.typed("ObjectMeta"), |field, value, at| match field {
        "name" | "namespace" => string(value, at, &mut text),
        "labels" | "annotations" => string_map(value, at, &mut map),
        _ => Ok(false),
    })?;
    Ok(true)
}

/// The deprecated fields and what kustomize says about each, in its order.
const WARNINGS: [(&str, &str); 6] = [
    (
        "bases",
        "# Warning: 'bases' is deprecated. Please use 'resources' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    ),
    (
        "commonlabels",
        "# Warning: 'commonLabels' is deprecated. Please use 'labels' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    ),
    (
        "imagetags",
        "# Warning: 'imageTags' is deprecated. Please use 'images' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    ),
    (
        "patchesjson6902",
        "# Warning: 'patchesJson6902' is deprecated. Please use 'patches' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    ),
    (
        "patchesstrategicmerge",
        "# Warning: 'patchesStrategicMerge' is deprecated. Please use 'patches' instead. Run 'kustomize edit fix' to update your Kustomization automatically.",
    ),
    (
        "vars",
        "# Warning: 'vars' is deprecated. Please use 'replacements' instead. [EXPERIMENTAL] Run 'kustomize edit fix' to update your Kustomization automatically.",
    ),
];

fn note_deprecated(field: &str, value: &Value, warnings: &mut Vec<&'static str>) {
    let Some((_, warning)) = WARNINGS.iter().find(|(name, _)| *name == field) else { return };
    warnings.retain(|known| known != warning);
    if !value.is_null() {
        warnings.push(warning);
    }
}

/// Whether a field is a text, which null leaves as it is.
fn is_text(field: &str) -> bool {
    matches!(field, "kind" | "apiversion" | "nameprefix" | "namesuffix" | "namespace")
}

/// Whether a field leaves a kustomization as empty as Go's zero value, after fixing.
fn counts_as_empty(field: &str, value: &Value) -> bool {
    match value.view() {
        View::Null => true,
        View::String(text) => text.is_empty() || matches!(field, "kind" | "apiversion"),
        View::Seq(items) => {
            items.is_empty() && matches!(field, "bases" | "imagetags" | "helmchartinflationgenerator")
        }
        _ => false,
    }
}

fn fix(k: &mut Kustomization, legacy: Legacy) {
    if k.kind.is_empty() {
        k.kind = KIND.into();
    }
    if k.api_version.is_empty() {
        k.api_version = if k.kind == COMPONENT { COMPONENT_API_VERSION } else { API_VERSION }.into();
    }
    k.resources.extend(legacy.bases);
    k.images.extend(legacy.image_tags);
    for args in k.config_map_generator.iter_mut().chain(&mut k.secret_generator) {
        if !args.env.is_empty() {
            args.envs.push(std::mem::take(&mut args.env));
        }
    }
    let mut globals = HelmGlobals::default();
    for (chart, own) in legacy.charts {
        for (from, to) in
            [(own.config_home, &mut globals.config_home), (own.chart_home, &mut globals.chart_home)]
        {
            if !from.is_empty() {
                *to = from;
            }
        }
        k.helm_charts.push(chart);
    }
    if k.helm_globals.is_none() && !(globals.chart_home.is_empty() && globals.config_home.is_empty()) {
        k.helm_globals = Some(globals);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_that_is_suggested_is_known() {
        for field in FIELDS {
            let document = Value::from(Map::from_iter([(field, Value::NULL)]));
            assert!(from_document(&document).is_ok(), "{field}");
        }
        assert_eq!(meant_field("resource"), Some("resources"));
        assert_eq!(meant_field("spec"), None);
    }
}
