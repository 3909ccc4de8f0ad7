//! Reads the parts of a kustomization from values.

use super::types::*;
use crate::decode::{
    At, Decoded, boolean, integer, list, map_of_any, object, optional, string, string_map, string_of, strings,
};
use crate::fieldspec::FieldSpec;
use crate::ids::Gvk;
use ecow::EcoString;
use trueup_manifest::Value;

/// Reads one field of a group, version and kind.
pub(crate) fn gvk(field: &str, value: &Value, at: &At<'_>, into: &mut Gvk) -> Decoded<bool> {
    match field {
        "group" => string(value, at, &mut into.group),
        "version" => string(value, at, &mut into.version),
        "kind" => string(value, at, &mut into.kind),
        _ => Ok(false),
    }
}

/// Reads a list of field specs.
pub(crate) fn field_specs(value: &Value, at: &At<'_>, into: &mut Vec<FieldSpec>) -> Decoded<bool> {
    let known = |spec: FieldSpec| (spec.gvk, spec.path, spec.create);
    let mut raw: Vec<(Gvk, EcoString, bool)> = into.drain(..).map(known).collect();
    list(value, at, "types.FieldSpec", &mut raw, |value, at, (kind, path, create)| {
        object(value, &at.typed("FieldSpec"), |field, value, at| match field {
            "path" => string(value, at, path),
            "create" => boolean(value, at, create),
            _ => gvk(field, value, &at.inside("Gvk"), kind),
        })?;
        Ok(true)
    })?;
    into.extend(raw.into_iter().map(|(gvk, path, create)| FieldSpec::new(gvk, path, create)));
    Ok(true)
}

pub(crate) fn label(value: &Value, at: &At<'_>, into: &mut Label) -> Decoded<bool> {
    object(value, &at.typed("Label"), |field, value, at| match field {
        "pairs" => string_map(value, at, &mut into.pairs),
        "includeselectors" => boolean(value, at, &mut into.include_selectors),
        "includetemplates" => boolean(value, at, &mut into.include_templates),
        "fields" => field_specs(value, at, &mut into.fields),
        _ => Ok(false),
    })?;
    Ok(true)
}

pub(crate) fn selector(value: &Value, at: &At<'_>, into: &mut Selector) -> Decoded<bool> {
    object(value, &at.typed("Selector"), |field, value, at| match field {
        "name" => string(value, &at.inside("ResId"), &mut into.name),
        "namespace" => string(value, &at.inside("ResId"), &mut into.namespace),
        "annotationselector" => string(value, at, &mut into.annotation_selector),
        "labelselector" => string(value, at, &mut into.label_selector),
        _ => gvk(field, value, &at.inside("ResId.Gvk"), &mut into.gvk),
    })?;
    Ok(true)
}

pub(crate) fn patch_options(value: &Value, at: &At<'_>, into: &mut PatchOptions) -> Decoded<bool> {
    object(value, &at.typed("PatchArgs"), |field, value, at| match field {
        "allownamechange" => boolean(value, at, &mut into.allow_name_change),
        "allowkindchange" => boolean(value, at, &mut into.allow_kind_change),
        _ => Ok(false),
    })?;
    Ok(true)
}

/// Reads one field of a patch.
pub(crate) fn patch_field(field: &str, value: &Value, at: &At<'_>, into: &mut Patch) -> Decoded<bool> {
    match field {
        "path" => string(value, at, &mut into.path),
        "patch" => string(value, at, &mut into.patch),
        "target" => optional(value, at, &mut into.target, selector),
        "options" => optional(value, at, &mut into.options, patch_options),
        _ => Ok(false),
    }
}

pub(crate) fn patch(value: &Value, at: &At<'_>, into: &mut Patch) -> Decoded<bool> {
    object(value, &at.typed("Patch"), |field, value, at| patch_field(field, value, at, into))?;
    Ok(true)
}

pub(crate) fn image(value: &Value, at: &At<'_>, into: &mut Image) -> Decoded<bool> {
    object(value, &at.typed("Image"), |field, value, at| match field {
        "name" => string(value, at, &mut into.name),
        "newname" => string(value, at, &mut into.new_name),
        "tagsuffix" => string(value, at, &mut into.tag_suffix),
        "newtag" => string(value, at, &mut into.new_tag),
        "digest" => string(value, at, &mut into.digest),
        _ => Ok(false),
    })?;
    Ok(true)
}

pub(crate) fn replica(value: &Value, at: &At<'_>, into: &mut Replica) -> Decoded<bool> {
    object(value, &at.typed("Replica"), |field, value, at| match field {
        "name" => string(value, at, &mut into.name),
        "count" => integer(value, at, "int64", &mut into.count),
        _ => Ok(false),
    })?;
    Ok(true)
}

pub(crate) fn replacement_field(value: &Value, at: &At<'_>, into: &mut ReplacementField) -> Decoded<bool> {
    object(value, &at.typed("ReplacementField"), |field, value, at| match field {
        "path" => string(value, at, &mut into.path),
        _ => replacement_part(field, value, &at.inside("Replacement"), &mut into.inline),
    })?;
    Ok(true)
}

pub(crate) fn replacement(value: &Value, at: &At<'_>, into: &mut Replacement) -> Decoded<bool> {
    object(value, &at.typed("Replacement"), |field, value, at| replacement_part(field, value, at, into))?;
    Ok(true)
}

fn replacement_part(field: &str, value: &Value, at: &At<'_>, into: &mut Replacement) -> Decoded<bool> {
    match field {
        "source" => optional(value, at, &mut into.source, source),
        "sourcevalue" => optional(value, at, &mut into.source_value, string),
        "targets" => list(value, at, "*types.TargetSelector", &mut into.targets, target),
        _ => Ok(false),
    }
}

fn source(value: &Value, at: &At<'_>, into: &mut Source) -> Decoded<bool> {
    object(value, &at.typed("SourceSelector"), |field, value, at| match field {
        "name" => string(value, &at.inside("ResId"), &mut into.name),
        "namespace" => string(value, &at.inside("ResId"), &mut into.namespace),
        "fieldpath" => string(value, at, &mut into.field_path),
        "options" => optional(value, at, &mut into.options, field_options),
        _ => gvk(field, value, &at.inside("ResId.Gvk"), &mut into.gvk),
    })?;
    Ok(true)
}

fn target(value: &Value, at: &At<'_>, into: &mut Target) -> Decoded<bool> {
    object(value, &at.typed("TargetSelector"), |field, value, at| match field {
        "select" => optional(value, at, &mut into.select, selector),
        "reject" => list(value, at, "*types.Selector", &mut into.reject, selector),
        "fieldpaths" => strings(value, at, &mut into.field_paths),
        "options" => optional(value, at, &mut into.options, field_options),
        _ => Ok(false),
    })?;
    Ok(true)
}

fn field_options(value: &Value, at: &At<'_>, into: &mut FieldOptions) -> Decoded<bool> {
    object(value, &at.typed("FieldOptions"), |field, value, at| match field {
        "delimiter" => string(value, at, &mut into.delimiter),
        "index" => integer(value, at, "int", &mut into.index),
        "encoding" => string(value, at, &mut into.encoding),
        "create" => boolean(value, at, &mut into.create),
        _ => Ok(false),
    })?;
    Ok(true)
}

pub(crate) fn var(value: &Value, at: &At<'_>, into: &mut Var) -> Decoded<bool> {
    object(value, &at.typed("Var"), |field, value, at| match field {
        "name" => string(value, at, &mut into.name),
        "objref" => var_object(value, at, &mut into.object),
        "fieldref" => {
            object(value, &at.typed("FieldSelector"), |field, value, at| match field {
                "fieldpath" => string(value, at, &mut into.field_path),
                _ => Ok(false),
            })?;
            Ok(true)
        }
        _ => Ok(false),
    })?;
    Ok(true)
}

fn var_object(value: &Value, at: &At<'_>, into: &mut VarObject) -> Decoded<bool> {
    object(value, &at.typed("Target"), |field, value, at| match field {
        "apiversion" => string(value, at, &mut into.api_version),
        "name" => string(value, at, &mut into.name),
        "namespace" => string(value, at, &mut into.namespace),
        _ => gvk(field, value, &at.inside("Gvk"), &mut into.gvk),
    })?;
    Ok(true)
}

pub(crate) fn sort_options(value: &Value, at: &At<'_>, into: &mut SortOptions) -> Decoded<bool> {
    object(value, &at.typed("SortOptions"), |field, value, at| match field {
        "order" => string_of(value, at, "types.SortOrder", &mut into.order),
        "legacysortoptions" => optional(value, at, &mut into.legacy, |value, at, legacy| {
            object(value, &at.typed("LegacySortOptions"), |field, value, at| match field {
                "orderfirst" => strings(value, at, &mut legacy.first),
                "orderlast" => strings(value, at, &mut legacy.last),
                _ => Ok(false),
            })?;
            Ok(true)
        }),
        _ => Ok(false),
    })?;
    Ok(true)
}

/// Reads one field of a generator.
pub(crate) fn generator_field(
    field: &str,
    value: &Value,
    at: &At<'_>,
    into: &mut GeneratorArgs,
) -> Decoded<bool> {
    let (own, sources) = match at.embedded() {
        "ConfigMapArgs" => ("ConfigMapArgs.GeneratorArgs", "ConfigMapArgs.GeneratorArgs.KvPairSources"),
        "SecretArgs" => ("SecretArgs.GeneratorArgs", "SecretArgs.GeneratorArgs.KvPairSources"),
        _ => ("GeneratorArgs", "GeneratorArgs.KvPairSources"),
    };
    let (at, sources) = (&at.inside(own), at.inside(sources));
    match field {
        "namespace" => string(value, at, &mut into.namespace),
        "name" => string(value, at, &mut into.name),
        "behavior" => string(value, at, &mut into.behavior),
        "literals" => strings(value, &sources, &mut into.literals),
        "files" => strings(value, &sources, &mut into.files),
        "envs" => strings(value, &sources, &mut into.envs),
        "env" => string(value, &sources, &mut into.env),
        "options" => optional(value, at, &mut into.options, generator_options),
        _ => Ok(false),
    }
}

pub(crate) fn config_map(value: &Value, at: &At<'_>, into: &mut GeneratorArgs) -> Decoded<bool> {
    object(value, &at.typed("ConfigMapArgs"), |field, value, at| generator_field(field, value, at, into))?;
    Ok(true)
}

pub(crate) fn secret(value: &Value, at: &At<'_>, into: &mut GeneratorArgs) -> Decoded<bool> {
    object(value, &at.typed("SecretArgs"), |field, value, at| match field {
        "type" => string(value, at, &mut into.secret_type),
        _ => generator_field(field, value, at, into),
    })?;
    Ok(true)
}

pub(crate) fn generator_options(value: &Value, at: &At<'_>, into: &mut GeneratorOptions) -> Decoded<bool> {
    object(value, &at.typed("GeneratorOptions"), |field, value, at| match field {
        "labels" => string_map(value, at, &mut into.labels),
        "annotations" => string_map(value, at, &mut into.annotations),
        "disablenamesuffixhash" => boolean(value, at, &mut into.disable_name_suffix_hash),
        "immutable" => boolean(value, at, &mut into.immutable),
        _ => Ok(false),
    })?;
    Ok(true)
}

pub(crate) fn helm_globals(value: &Value, at: &At<'_>, into: &mut HelmGlobals) -> Decoded<bool> {
    object(value, &at.typed("HelmGlobals"), |field, value, at| helm_globals_field(field, value, at, into))?;
    Ok(true)
}

pub(crate) fn helm_globals_field(
    field: &str,
    value: &Value,
    at: &At<'_>,
    into: &mut HelmGlobals,
) -> Decoded<bool> {
    match field {
        "charthome" => string(value, at, &mut into.chart_home),
        "confighome" => string(value, at, &mut into.config_home),
        _ => Ok(false),
    }
}

pub(crate) fn helm_chart(value: &Value, at: &At<'_>, into: &mut HelmChart) -> Decoded<bool> {
    object(value, &at.typed("HelmChart"), |field, value, at| helm_chart_field(field, value, at, into))?;
    Ok(true)
}

pub(crate) fn helm_chart_field(
    field: &str,
    value: &Value,
    at: &At<'_>,
    into: &mut HelmChart,
) -> Decoded<bool> {
    match field {
        "name" => string(value, at, &mut into.name),
        "version" => string(value, at, &mut into.version),
        "repo" => string(value, at, &mut into.repo),
        "releasename" => string(value, at, &mut into.release_name),
        "namespace" => string(value, at, &mut into.namespace),
        "additionalvaluesfiles" => strings(value, at, &mut into.additional_values_files),
        "valuesfile" => string(value, at, &mut into.values_file),
        "valuesinline" => map_of_any(value, at, &mut into.values_inline),
        "valuesmerge" => string(value, at, &mut into.values_merge),
        "includecrds" => boolean(value, at, &mut into.include_crds),
        "skiphooks" => boolean(value, at, &mut into.skip_hooks),
        "apiversions" => strings(value, at, &mut into.api_versions),
        "kubeversion" => string(value, at, &mut into.kube_version),
        "nametemplate" => string(value, at, &mut into.name_template),
        "skiptests" => boolean(value, at, &mut into.skip_tests),
        "debug" => boolean(value, at, &mut into.debug),
        "devel" => boolean(value, at, &mut into.devel),
        _ => Ok(false),
    }
}

/// A legacy `helmChartInflationGenerator` entry: the chart, and the globals it overrides.
pub(crate) fn legacy_chart(value: &Value, at: &At<'_>, into: &mut (HelmChart, HelmGlobals)) -> Decoded<bool> {
    let (chart, globals) = into;
    let (mut ignored, mut ignored_list) = (EcoString::new(), Vec::new());
    object(value, &at.typed("HelmChartArgs"), |field, value, at| match field {
        "chartname" => string(value, at, &mut chart.name),
        "chartversion" => string(value, at, &mut chart.version),
        "chartrepourl" => string(value, at, &mut chart.repo),
        "charthome" => string(value, at, &mut globals.chart_home),
        "helmhome" => string(value, at, &mut globals.config_home),
        "values" => string(value, at, &mut chart.values_file),
        "valueslocal" => map_of_any(value, at, &mut chart.values_inline),
        "valuesmerge" => string(value, at, &mut chart.values_merge),
        "releasename" => string(value, at, &mut chart.release_name),
        "chartreponame" | "helmbin" | "releasenamespace" => string(value, at, &mut ignored),
        "extraargs" => strings(value, at, &mut ignored_list),
        _ => Ok(false),
    })?;
    Ok(true)
}
