//! Taking fields out of an object, or everything else.

use super::atom::{Atom, Part, list_step};
use super::path::PathElement;
use super::set::{FieldSet, member_type};
use trueup_manifest::{Map, Value};
use trueup_schema::{Relation, TypeRef};

/// What happens to the fields of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// They go.
    Remove,
    /// They stay, and nothing else.
    Extract,
}

/// Returns the object without (or with only) the fields of a set; null where nothing is left, as structured-merge-diff 6.4 does.
pub(super) fn apply(ty: Option<TypeRef<'_>>, value: &Value, set: &FieldSet, mode: Mode) -> Value {
    let Some(ty) = ty else { return Value::NULL };
    match Atom::deduce(ty, Some(value)).part(ty) {
        Err(_) => Value::NULL,
        Ok(Part::Scalar) => value.clone(),
        Ok(Part::List) => list(ty, value, set, mode),
        Ok(Part::Map) => map(ty, value, set, mode),
    }
}

/// Empty and atomic containers are extracted whole and leave nothing behind when removed from.
fn whole(value: &Value, mode: Mode) -> Value {
    if mode == Mode::Extract { value.clone() } else { Value::NULL }
}

fn list(ty: TypeRef<'_>, value: &Value, set: &FieldSet, mode: Mode) -> Value {
    let (Some(items), Some(list)) = (value.as_seq(), ty.list()) else { return Value::NULL };
    if items.is_empty() || list.relation == Relation::Atomic {
        return whole(value, mode);
    }
    let mut kept: Vec<Value> = Vec::with_capacity(items.len());
    for item in items {
        let step = list_step(&list, item).unwrap_or(PathElement::Unknown);
        let exact = set.members.contains(&step);
        let below = set.below(&step).filter(|below| !below.is_empty());
        match (mode, below) {
            (Mode::Extract, Some(below)) => kept.push(apply(Some(list.item), item, below, mode)),
            (Mode::Extract, None) if exact => kept.push(item.clone()),
            (Mode::Extract, None) => {}
            (Mode::Remove, _) if exact => {}
            (Mode::Remove, Some(below)) => kept.push(apply(Some(list.item), item, below, mode)),
            (Mode::Remove, None) => kept.push(item.clone()),
        }
    }
    if kept.is_empty() { Value::NULL } else { kept.into() }
}

fn map(ty: TypeRef<'_>, value: &Value, set: &FieldSet, mode: Mode) -> Value {
    let (Some(map), Some(of_map)) = (value.as_map(), ty.map()) else { return Value::NULL };
    if map.is_empty() || of_map.relation == Relation::Atomic {
        return whole(value, mode);
    }
    match mode {
        Mode::Remove => removed(ty, map, set),
        Mode::Extract => extracted(ty, map, set),
    }
}

fn removed(ty: TypeRef<'_>, map: &Map, set: &FieldSet) -> Value {
    let mut out = map.clone();
    for step in &set.members {
        if let PathElement::Field(name) = step {
            out.remove(name);
        }
    }
    for (step, below) in &set.children {
        let PathElement::Field(name) = step else { continue };
        let Some(member) = out.get(name).filter(|_| !below.is_empty()) else { continue };
        let rest = apply(member_type(ty, name), member, below, Mode::Remove);
        out.insert(name.clone(), rest);
    }
    if out.is_empty() { Value::NULL } else { out.into() }
}

fn extracted(ty: TypeRef<'_>, map: &Map, set: &FieldSet) -> Value {
    let mut out = Map::new();
    for (name, member) in map {
        let step = PathElement::Field(name.clone());
        if set.members.contains(&step) {
            // A member brings what lies below it as if the set started over there.
            out.insert(name.clone(), apply(member_type(ty, name), member, set, Mode::Extract));
        } else if let Some(below) = set.below(&step).filter(|below| !below.is_empty()) {
            out.insert(name.clone(), apply(member_type(ty, name), member, below, Mode::Extract));
        }
    }
    if out.is_empty() { Value::NULL } else { out.into() }
}
