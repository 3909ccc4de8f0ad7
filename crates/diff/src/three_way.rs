//! The two- and three-way diff: what would applying the configuration do to the live object?

use crate::error::DiffError;
use crate::normalize::strip_namespace;
use crate::object::{group_of, kind_of};
use crate::typed::{subtract_extra, subtract_extra_items, typed_kind};
use crate::{Pair, defaults};
use trueup_manifest::{Map, Value};
use trueup_patch::{merge_patch, strategic};

/// Compares with what was applied last. The objects are normalised already.
pub(crate) fn diff(original: &Value, config: &Value, live: &Value) -> Result<Pair, DiffError> {
    let strip = |object| strip_namespace(object).map_err(DiffError::Metadata);
    let (original, config) = (strip(original)?, strip(config)?);
    let Some(kind) = typed_kind(&original) else { return custom(&original, &config, live) };
    let trimmed;
    let trimmed =
        if matches!(group_of(&original), "apps" | "extensions") && kind_of(&original) == "StatefulSet" {
            trimmed = without_filled_templates(&original, live);
            &trimmed
        } else {
            live
        };
    let overwrite = strategic::OnConflict::Overwrite;
    let patch = strategic::create_three_way([&original, &config, trimmed], kind.ty(), overwrite, &[])?;
    let predicted = if is_empty(&patch) { live.clone() } else { strategic::apply(live, &patch, kind.ty())? };
    let finished = |object: &Value| -> Result<Value, DiffError> {
        Ok(defaults::apply(object, kind)?.unwrap_or_else(|| object.clone()))
    };
    let finished_live = finished(live)?;
    let predicted = if predicted.same(live) { finished_live.clone() } else { finished(&predicted)? };
    Ok(Pair { predicted, live: finished_live })
}

fn is_empty(patch: &Value) -> bool {
    patch.as_map().is_some_and(Map::is_empty)
}

/// The server fills claim templates of stateful sets; what it filled in is no difference.
fn without_filled_templates(original: &Value, live: &Value) -> Value {
    const PATH: [&str; 2] = ["spec", "volumeClaimTemplates"];
    let templates = |object: &Value| object.at(&PATH).and_then(Value::as_seq).map(<[Value]>::to_vec);
    let (Some(own), Some(filled)) = (templates(original), templates(live)) else { return live.clone() };
    let mut out = live.clone();
    if let Some(templates) = out.at_mut(&PATH) {
        *templates = subtract_extra_items(&own, &filled).into();
    }
    out
}

fn custom(original: &Value, config: &Value, live: &Value) -> Result<Pair, DiffError> {
    let (Some(reference), Some(map)) = (original.as_map(), live.as_map()) else {
        return Err(DiffError::NotAnObject(live.type_name()));
    };
    let trimmed = subtract_extra(reference, map).into();
    let patch = merge_patch::create_three_way(original, config, &trimmed)?;
    let predicted = if is_empty(&patch) { live.clone() } else { merge_patch::apply(live, &patch)? };
    Ok(Pair { predicted, live: live.clone() })
}
