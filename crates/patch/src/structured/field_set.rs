//! The set of fields an object has.

use super::atom::{Atom, Part, items, list_step, members};
use super::path::{Path, PathElement};
use super::set::{FieldSet, member_type};
use super::{Problems, with_prefix};
use std::collections::BTreeSet;
use trueup_manifest::{Value, View};
use trueup_schema::{Relation, TypeRef};

/// Adds the fields of a value, which is at `path`, to a set.
pub(super) fn collect(ty: TypeRef<'_>, value: &Value, path: &mut Path, set: &mut FieldSet) -> Problems {
    match Atom::deduce(ty, Some(value)).part(ty) {
        Err(problems) => problems,
        Ok(Part::Scalar) => {
            set.insert(path);
            Problems::new()
        }
        Ok(Part::List) => list(ty, value, path, set),
        Ok(Part::Map) => map(ty, value, path, set),
    }
}

fn map(ty: TypeRef<'_>, value: &Value, path: &mut Path, set: &mut FieldSet) -> Problems {
    if ty.map().is_some_and(|map| map.relation == Relation::Atomic) {
        set.insert(path);
        return Problems::new();
    }
    let mut problems = Problems::new();
    for (key, member) in members(Some(value)).into_iter().flatten() {
        let step = PathElement::Field(key.clone());
        path.push(step.clone());
        match member_type(ty, key) {
            Some(below) => problems.extend(with_prefix(collect(below, member, path, set), &step)),
            None => problems.extend(super::unknown_type()),
        }
        let empty = matches!(member.view(), View::Null) || member.as_map().is_some_and(|map| map.is_empty());
        if empty || ty.field(key).is_none_or(|field| !field.is_structured()) {
            set.insert(path);
        }
        path.pop();
    }
    problems
}

fn list(ty: TypeRef<'_>, value: &Value, path: &mut Path, set: &mut FieldSet) -> Problems {
    let Some(list) = ty.list() else { return Problems::new() };
    if list.relation == Relation::Atomic {
        set.insert(path);
        return Problems::new();
    }
    let items = items(Some(value)).unwrap_or_default();
    let step = |item| list_step(&list, item).unwrap_or(PathElement::Unknown);
    let steps: Vec<PathElement> = items.iter().map(step).collect();
    let mut seen = BTreeSet::new();
    let duplicates: BTreeSet<&PathElement> = steps.iter().filter(|step| !seen.insert(*step)).collect();
    let mut problems = Problems::new();
    for (item, step) in items.iter().zip(&steps) {
        path.push(step.clone());
        // Items that share a key have no fields of their own.
        if !duplicates.contains(step) {
            problems.extend(with_prefix(collect(list.item, item, path, set), step));
        }
        set.insert(path);
        path.pop();
    }
    problems
}
