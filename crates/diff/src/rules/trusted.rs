//! Managers whose changes do not count.

use super::RuleNote;
use crate::rules::RuleId;
use ecow::EcoString;
use trueup_manifest::Value;
use trueup_patch::structured::{ManagedFieldsError, Typed, display_path, owners_among};
use trueup_schema::TypeRef;

/// Both sides without what trusted managers changed.
#[derive(Clone, Debug)]
pub struct Trusted {
    /// The configuration.
    pub config: Value,
    /// The live object.
    pub live: Value,
    /// What was taken out, by manager.
    pub notes: Vec<RuleNote>,
}

/// Takes fields out of both sides that differ and that a trusted manager owns.
///
/// Objects that do not fit the type stay as they are.
///
/// # Errors
/// When a trusted manager's fields cannot be read.
pub fn normalize_trusted(
    config: &Value,
    live: &Value,
    managers: &[EcoString],
    ty: TypeRef<'_>,
) -> Result<Trusted, ManagedFieldsError> {
    let mut out = Trusted { config: config.clone(), live: live.clone(), notes: Vec::new() };
    if managers.is_empty() {
        return Ok(out);
    }
    let typed = (Typed::new(live.clone(), ty), Typed::new(config.clone(), ty));
    let (Ok(mut typed_live), Ok(mut typed_config)) = typed else { return Ok(out) };
    let Ok(changes) = typed_live.compare(&typed_config) else { return Ok(out) };
    for owner in &owners_among(live, managers)? {
        let trusted = owner.set.intersection(&changes.modified);
        if trusted.is_empty() {
            continue;
        }
        typed_live = typed_live.remove(&trusted);
        typed_config = typed_config.remove(&trusted);
        let place = "managedFieldsManagers".into();
        let rule = RuleId { origin: "application", place, rule: owner.manager.clone() };
        let removed = trusted.paths().iter().map(|path| display_path(path)).collect();
        out.notes.push(RuleNote { rule, removed, error: None });
    }
    if !out.notes.is_empty() && typed_live.value().is_map() && typed_config.value().is_map() {
        (out.live, out.config) = (typed_live.into_value(), typed_config.into_value());
    }
    Ok(out)
}
