//! Reads a transformer configuration file.

use super::{BackReference, TransformerConfig};
use crate::decode::{At, Decoded, list, object};
use crate::fieldspec::FieldSpecs;
use crate::ids::Gvk;
use crate::kustomization::read::{field_specs, gvk};
use std::sync::Arc;
use trueup_manifest::Value;

/// Reads a document of `configurations`.
pub(crate) fn config_of_document(document: &Value) -> Decoded<TransformerConfig> {
    let mut config = TransformerConfig::default();
    object(document, &At::yaml("TransformerConfig", true), |field, value, at| match field {
        "nameprefix" => field_specs(value, at, FieldSpecs::edit(&mut config.name_prefix)),
        "namesuffix" => field_specs(value, at, FieldSpecs::edit(&mut config.name_suffix)),
        "namespace" => field_specs(value, at, FieldSpecs::edit(&mut config.namespace)),
        "commonlabels" => field_specs(value, at, FieldSpecs::edit(&mut config.common_labels)),
        "labels" => field_specs(value, at, FieldSpecs::edit(&mut config.labels)),
        "templatelabels" => field_specs(value, at, FieldSpecs::edit(&mut config.template_labels)),
        "commonannotations" => field_specs(value, at, FieldSpecs::edit(&mut config.common_annotations)),
        "namereference" => name_references(value, at, Arc::make_mut(&mut config.name_reference)),
        "varreference" => field_specs(value, at, FieldSpecs::edit(&mut config.var_reference)),
        "images" => field_specs(value, at, FieldSpecs::edit(&mut config.images)),
        "replicas" => field_specs(value, at, FieldSpecs::edit(&mut config.replicas)),
        _ => Ok(false),
    })?;
    config.sort();
    Ok(config)
}

fn name_references(value: &Value, at: &At<'_>, into: &mut Vec<BackReference>) -> Decoded<bool> {
    let mut raw: Vec<(Gvk, Vec<_>)> = into.drain(..).map(|known| (known.gvk, known.referrers)).collect();
    list(value, at, "builtinconfig.NameBackReferences", &mut raw, |value, at, (kind, referrers)| {
        object(value, &at.typed("NameBackReferences"), |field, value, at| match field {
            "fieldspecs" => field_specs(value, at, referrers),
            _ => gvk(field, value, &at.inside("Gvk"), kind),
        })?;
        Ok(true)
    })?;
    into.extend(raw.into_iter().map(|(gvk, referrers)| BackReference { gvk, referrers }));
    Ok(true)
}
