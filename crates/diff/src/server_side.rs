//! The diff by a server-side apply that the host ran dry.

use crate::error::DiffError;
use crate::schemas::Schemas;
use std::collections::BTreeSet;
use trueup_manifest::Value;
use trueup_patch::structured::{FieldSet, Path, PathElement, Typed, owners_of};

/// Keeps of a dry run only what the manager itself changes; the rest is as it is live.
pub(crate) fn without_webhook_changes(
    predicted: &Value,
    live: &Value,
    manager: &str,
    schemas: &Schemas<'_>,
) -> Result<Value, DiffError> {
    let owners = owners_of(predicted)?;
    if owners.is_empty() {
        return Err(DiffError::NoManagedFields);
    }
    let ty = schemas.served(predicted);
    let typed_predicted = Typed::new(predicted.clone(), ty)?;
    let typed_live = Typed::new(live.clone(), ty)?;
    let own = owners.iter().filter(|owner| owner.manager == manager);
    let own = own.fold(FieldSet::new(), |all, owner| all.union(&owner.set));
    if own.is_empty() {
        return Err(DiffError::ManagerOwnsNothing(manager.into()));
    }
    let others = typed_predicted.field_set()?.difference(&own);
    let others = without_owned_ancestors(&others, &own);
    let removed = typed_live.compare(&typed_predicted)?.removed;
    let removed = if removed.is_empty() { removed } else { removed.difference(&others) };
    let removable: FieldSet = others.paths().into_iter().filter(|path| !is_composite_key(path)).collect();
    let merged = typed_live.merge(&typed_predicted.remove(&removable))?;
    let result = merged.remove(&removed).into_value();
    if result.is_map() { Ok(result) } else { Err(DiffError::NotAnObject(result.type_name())) }
}

/// Returns the set without paths below which the manager owns something: removing them would take that along.
pub fn without_owned_ancestors(set: &FieldSet, own: &FieldSet) -> FieldSet {
    let owns_below = |path: &Path| {
        let below = path.iter().try_fold(own, |set, step| set.below(step));
        below.is_some_and(|below| !below.is_empty())
    };
    set.paths().into_iter().filter(|path| !owns_below(path)).collect()
}

/// Tells whether a path ends in a field that is one of several keys of the list item it is in.
fn is_composite_key(path: &Path) -> bool {
    let Some((PathElement::Field(name), before)) = path.split_last() else { return false };
    before.iter().any(|step| match step {
        PathElement::Key(fields) => fields.len() > 1 && fields.iter().any(|(field, _)| field == name),
        _ => false,
    })
}

/// Tells which of an object's fields each manager owns, for reports.
pub(crate) fn owners_at(object: &Value, path: &Path) -> BTreeSet<String> {
    let owners = owners_of(object).unwrap_or_default();
    let owns =
        |set: &FieldSet| (1..=path.len()).any(|len| path.get(..len).is_some_and(|part| set.contains(part)));
    owners.iter().filter(|owner| owns(&owner.set)).map(|owner| owner.manager.to_string()).collect()
}
