//! Taking fields out of an object, or everything else.

use super::atom::{Atom, Part, list_step};
use super::path::PathElement;
use super::set::{FieldSet, member_type};
use trueup_manifest::{Map, Value};
use trueup_schema::{Relation, TypeRef};

/// What remains of a map or list when everything inside it is removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Emptied {
    /// Null, as in structured-merge-diff 6.2 and from 6.4 on.
    #[default]
    Null,
    /// The empty map or list, as in structured-merge-diff 6.3, which Argo CD 3.6 uses.
    Empty,
}

/// What happens to the fields of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mode {
    /// They go.
    Remove(Emptied),
    /// They stay, and nothing else.
    Extract,
}

impl Mode {
    fn keeps_emptied(self) -> bool {
        self == Self::Remove(Emptied::Empty)
    }
}

/// Returns the object with (or with only) the fields of a set; null when nothing is left.
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
    let mut matched = false;
    for item in items {
        let step = list_step(&list, item).ok();
        let exact = step.as_ref().is_some_and(|step| set.members.contains(step));
        let below = step.as_ref().and_then(|step| set.below(step)).filter(|below| !below.is_empty());
        match (mode, below) {
            (Mode::Extract, Some(below)) => kept.push(apply(Some(list.item), item, below, mode)),
            (Mode::Extract, None) if exact => kept.push(item.clone()),
            (Mode::Extract, None) => {}
            (Mode::Remove(_), _) if exact => {}
            (Mode::Remove(_), Some(below)) => {
                matched = true;
                kept.push(inside(Some(list.item), item, below, mode));
            }
            (Mode::Remove(_), None) => kept.push(item.clone()),
        }
    }
    if kept.is_empty() && !(matched && mode.keeps_emptied()) { Value::NULL } else { kept.into() }
}

fn map(ty: TypeRef<'_>, value: &Value, set: &FieldSet, mode: Mode) -> Value {
    let (Some(map), Some(of_map)) = (value.as_map(), ty.map()) else { return Value::NULL };
    if map.is_empty() || of_map.relation == Relation::Atomic {
        return whole(value, mode);
    }
    match mode {
        Mode::Remove(emptied) => removed(ty, map, set, emptied),
        Mode::Extract => extracted(ty, map, set),
    }
}

fn removed(ty: TypeRef<'_>, map: &Map, set: &FieldSet, emptied: Emptied) -> Value {
    let mut out = map.clone();
    let mut matched = false;
    for step in &set.members {
        if let PathElement::Field(name) = step {
            out.remove(name);
        }
    }
    for (step, below) in &set.children {
        let PathElement::Field(name) = step else { continue };
        let Some(member) = out.get(name).filter(|_| !below.is_empty()) else { continue };
        matched = true;
        let rest = inside(member_type(ty, name), member, below, Mode::Remove(emptied));
        out.insert(name.clone(), rest);
    }
    if out.is_empty() && !(matched && emptied == Emptied::Empty) { Value::NULL } else { out.into() }
}

fn extracted(ty: TypeRef<'_>, map: &Map, set: &FieldSet) -> Value {
    let mut out = Map::new();
    for (name, member) in map {
        let step = PathElement::Field(name.clone());
        if set.members.contains(&step) {
            // A member brings what lies below it as if the set started over there.
            out.insert(name.clone(), apply(member_type(ty, name), member, set, Mode::Extract));
        } else if let Some(below) = set.below(&step).filter(|below| !below.is_empty()) {
            out.insert(name.clone(), inside(member_type(ty, name), member, below, Mode::Extract));
        }
    }
    if out.is_empty() { Value::NULL } else { out.into() }
}

/// Removing inside a container leaves it there, empty, when nothing remains of it.
fn inside(ty: Option<TypeRef<'_>>, value: &Value, below: &FieldSet, mode: Mode) -> Value {
    let rest = apply(ty, value, below, mode);
    match (rest.is_null() && mode.keeps_emptied(), value.is_map(), value.is_seq()) {
        (true, true, _) => Map::new().into(),
        (true, _, true) => Vec::new().into(),
        _ => rest,
    }
}
