//! The diff by structured merge: a server-side apply, computed here.

use crate::error::DiffError;
use crate::object::{LAST_APPLIED, remove_at};
use crate::schemas::Schemas;
use crate::typed::typed_kind;
use crate::{Pair, defaults};
use trueup_manifest::Value;
use trueup_patch::structured::{Owner, Typed, Writer, apply, managers_of};

/// Applies the configuration as a manager would, and compares.
pub(crate) fn diff(
    config: &Value,
    live: &Value,
    manager: &str,
    schemas: &Schemas<'_>,
) -> Result<Pair, DiffError> {
    let ty = schemas.type_of(config);
    let typed_live = Typed::new(live.clone(), ty)?;
    let typed_config = Typed::new(config.clone(), ty)?;
    let api_version = config.get("apiVersion").and_then(Value::as_str).unwrap_or_default();
    let mut managers = managers_of(live)?;
    // What was owned in another version cannot be told in this one.
    managers.retain(|_, managed| managed.api_version == api_version);
    let manager = Owner::applier(manager);
    let writer = Writer { manager: &manager, api_version, force: true };
    let (merged, _) = apply(&typed_live, &typed_config, managers, &writer)?;
    match merged {
        None => Ok(Pair { predicted: live.clone(), live: live.clone() }),
        Some(merged) => Ok(Pair { predicted: finished(merged.value())?, live: finished(live)? }),
    }
}

fn finished(object: &Value) -> Result<Value, DiffError> {
    let mut out = object.clone();
    remove_at(&mut out, &["metadata", "annotations"], LAST_APPLIED);
    match typed_kind(&out) {
        Some(kind) => defaults::apply(&out, kind)?.ok_or(DiffError::Defaults),
        None => Ok(out),
    }
}
