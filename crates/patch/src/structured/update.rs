//! Applying and updating with several managers, as the API server does.

use super::compare::Changes;
use super::path::{Path, display_path};
use super::reconcile;
use super::set::FieldSet;
use super::typed::{Typed, TypedError};
use ecow::EcoString;
use std::collections::BTreeMap;
use std::fmt;

/// The fields one manager owns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManagedSet {
    /// The fields.
    pub set: FieldSet,
    /// The apiVersion in which they are named.
    pub api_version: EcoString,
    /// True if they were applied, false if they were updated.
    pub applied: bool,
}

/// Managers and what they own.
pub type Managers = BTreeMap<EcoString, ManagedSet>;

/// A field that another manager owns with another value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// Who owns it.
    pub manager: EcoString,
    /// The field.
    pub path: Path,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "conflict with {:?}: {}", self.manager.as_str(), display_path(&self.path))
    }
}

/// Why an apply or update did not happen.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// Other managers own fields that this one would change.
    #[error("{}", conflicts_text(.0))]
    Conflicts(Vec<Conflict>),
    /// An object does not fit its type.
    #[error(transparent)]
    Type(#[from] TypedError),
}

fn conflicts_text(conflicts: &[Conflict]) -> String {
    if let [conflict] = conflicts {
        return conflict.to_string();
    }
    let mut by_manager: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for conflict in conflicts {
        by_manager.entry(&conflict.manager).or_default().push(format!("- {}", display_path(&conflict.path)));
    }
    let sections = by_manager
        .iter()
        .map(|(manager, paths)| format!("conflicts with {manager:?}:\n{}", paths.join("\n")));
    sections.collect::<Vec<_>>().join("\n")
}

/// Who writes, and how.
#[derive(Clone, Debug)]
pub struct Writer<'a> {
    /// The manager.
    pub manager: &'a str,
    /// The apiVersion of the object it writes.
    pub api_version: &'a str,
    /// Whether it takes over fields that others own.
    pub force: bool,
}

/// Applies a configuration to a live object.
///
/// The result has no object when nothing changed. Fields the manager applied before, does not apply now, and nobody
/// else owns, are removed.
///
/// # Errors
/// Conflicts, unless forced; objects that do not fit their type.
pub fn apply<'t>(
    live: &Typed<'t>,
    config: &Typed<'t>,
    managers: Managers,
    writer: &Writer<'_>,
) -> Result<(Option<Typed<'t>>, Managers), UpdateError> {
    let mut managers = reconciled(live, managers);
    let merged = live.merge(config)?;
    let set = config.field_set()?;
    let owned = ManagedSet { set, api_version: writer.api_version.into(), applied: true };
    let last = managers.insert(writer.manager.into(), owned);
    let merged = match last {
        Some(last) if !last.set.is_empty() => prune(&merged, &managers, &last.set)?,
        _ => merged,
    };
    let (managers, _) = disown(live, &merged, managers, writer)?;
    let unchanged = live.value == merged.value;
    Ok(((!unchanged).then_some(merged), managers))
}

/// Records that a manager wrote a whole object over the live one.
///
/// # Errors
/// Objects that do not fit their type.
pub fn update(
    live: &Typed<'_>,
    new: &Typed<'_>,
    managers: Managers,
    writer: &Writer<'_>,
) -> Result<Managers, UpdateError> {
    let managers = reconciled(live, managers);
    let forced = Writer { force: true, ..writer.clone() };
    let (mut managers, changes) = disown(live, new, managers, &forced)?;
    let before = managers.remove(writer.manager).map(|managed| managed.set).unwrap_or_default();
    let set = before.difference(&changes.removed).union(&changes.modified).union(&changes.added);
    if !set.is_empty() {
        let owned = ManagedSet { set, api_version: writer.api_version.into(), applied: false };
        managers.insert(writer.manager.into(), owned);
    }
    Ok(managers)
}

fn reconciled(live: &Typed<'_>, mut managers: Managers) -> Managers {
    for managed in managers.values_mut() {
        if let Some(set) = reconcile::reconcile(&managed.set, live.ty) {
            managed.set = set;
        }
    }
    managers
}

/// Takes what changed away from the other managers.
fn disown(
    old: &Typed<'_>,
    new: &Typed<'_>,
    mut managers: Managers,
    writer: &Writer<'_>,
) -> Result<(Managers, Changes), UpdateError> {
    let changes = old.compare(new)?;
    let touched = changes.modified.union(&changes.added);
    let mut conflicts = Vec::new();
    for (manager, managed) in &mut managers {
        if manager == writer.manager {
            continue;
        }
        let conflicting = managed.set.intersection(&touched);
        let paths = conflicting.paths().into_iter();
        conflicts.extend(paths.map(|path| Conflict { manager: manager.clone(), path }));
        managed.set = managed.set.difference(&conflicting).difference(&changes.removed);
    }
    if !writer.force && !conflicts.is_empty() {
        return Err(UpdateError::Conflicts(conflicts));
    }
    managers.retain(|_, managed| !managed.set.is_empty());
    Ok((managers, changes))
}

/// Removes what this manager applied last time, unless somebody still wants it.
fn prune<'t>(merged: &Typed<'t>, managers: &Managers, last: &FieldSet) -> Result<Typed<'t>, TypedError> {
    let ty = Some(merged.ty);
    let pruned = merged.remove(&last.with_named_fields(ty));
    let owned = managers.values().fold(FieldSet::new(), |all, managed| all.union(&managed.set));
    let merged_set = merged.field_set()?.with_named_fields(ty);
    // Back comes what anybody owns, this manager's new configuration included.
    let keep = pruned.field_set()?.with_named_fields(ty).union(&owned.with_named_fields(ty));
    let pruned = merged.remove(&merged_set.difference(&keep));
    // And what was not this manager's to remove.
    let pruned_set = pruned.field_set()?.with_named_fields(ty);
    let gone = merged_set.difference(&pruned_set).intersection(&last.with_named_fields(ty));
    Ok(merged.remove(&gone))
}
