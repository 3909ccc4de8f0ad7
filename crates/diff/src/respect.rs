//! Keeping ignored fields as they are live when syncing (`RespectIgnoreDifferences=true`).

use crate::error::DiffError;
use crate::object::remove_at;
use crate::rules::Rules;
use crate::schemas::Schemas;
use crate::typed::typed_kind;
use trueup_manifest::{Map, Value};
use trueup_patch::{merge_patch, strategic};
use trueup_schema::{Schema, TypeRef};

/// Returns the target to apply: ignored fields take the live object's values, everything else stays the target's.
///
/// `host` knows the list keys of custom kinds; without it their lists are taken as a whole.
///
/// # Errors
/// When patches cannot be made, as with lists that lack their merge keys, and when rules cannot be applied: what they
/// would keep is unknown.
pub fn respect_ignored(
    target: &Value,
    live: &Value,
    rules: &Rules,
    host: Option<&Schema>,
) -> Result<Value, DiffError> {
    let (config, live_side) = crate::trusted_sides(target, live, rules, &Schemas { host })?;
    let normalized = |side: &Value| {
        let normalized = rules.normalize(side);
        normalized.error.map_or(Ok(normalized.object), |error| Err(DiffError::Rules(error)))
    };
    let (normalized_target, normalized_live) = (normalized(&config)?, normalized(&live_side)?);
    let without_status = |object: &Value| {
        let mut out = object.clone();
        remove_at(&mut out, &[], "status");
        out
    };
    let (before, after) = (without_status(&normalized_live), without_status(live));
    let ty = typed_kind(target).map(|kind| kind.ty()).or_else(|| Some(host?.kind_of(target)?.ty()));
    let mut patched = patched(&normalized_target, &before, &after, ty)?;
    let maps = (patched.as_map_mut(), target.as_map(), normalized_target.as_map());
    if let (Some(patched), Some(target), Some(normalized)) = maps {
        restore(patched, target, normalized, normalized_live.as_map());
    }
    Ok(patched)
}

fn patched(
    target: &Value,
    before: &Value,
    after: &Value,
    ty: Option<TypeRef<'_>>,
) -> Result<Value, DiffError> {
    let Some(ty) = ty else {
        let patch = merge_patch::create(before, after)?;
        return Ok(merge_patch::apply(target, &patch)?);
    };
    let patch =
        strategic::create_three_way([after, after, before], ty, strategic::OnConflict::Overwrite, &[])?;
    Ok(strategic::apply(target, &patch, ty)?)
}

/// Undoes what came along because patches are coarse: what no rule touched is the target's.
fn restore(patched: &mut Map, target: &Map, normalized: &Map, live: Option<&Map>) {
    for (key, wanted) in target {
        let inner = (wanted.as_map(), normalized.get(key).and_then(Value::as_map));
        if let (Some(wanted), Some(normalized)) = inner
            && let Some(patched) = patched.get_mut(key).and_then(Value::as_map_mut)
        {
            let live = live.and_then(|live| live.get(key)).and_then(Value::as_map);
            restore(patched, wanted, normalized, live);
            continue;
        }
        if normalized.get(key) == Some(wanted) && patched.get(key) != Some(wanted) {
            patched.insert(key.clone(), wanted.clone());
        }
    }
    patched.retain(|key, _| target.contains_key(key) || live.is_none_or(|live| !live.contains_key(key)));
}
