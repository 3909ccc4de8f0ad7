//! Field sets written under an older schema: what became atomic since is owned as a whole.

use super::path::{Path, PathElement};
use super::set::FieldSet;
use trueup_schema::{Relation, Scalar, Shape, TypeRef, smd};

/// Returns the set as it would be under this type, or nothing when it already fits.
pub(super) fn reconcile(set: &FieldSet, ty: TypeRef<'_>) -> Option<FieldSet> {
    let mut now_atomic = FieldSet::new();
    walk(ty, Some(set), false, &mut Vec::new(), &mut now_atomic);
    (!now_atomic.is_empty()).then(|| set.recursive_difference(&now_atomic).union(&now_atomic))
}

fn walk(ty: TypeRef<'_>, set: Option<&FieldSet>, is_atomic: bool, path: &mut Path, out: &mut FieldSet) {
    if let Some(map) = ty.map() {
        if ty.fields().len() == 0 && map.item.is_some_and(is_deduced) {
            return;
        }
        if !is_atomic && map.relation == Relation::Atomic {
            if set.is_some_and(|set| !set.is_empty()) {
                out.insert(path);
            }
            return;
        }
        let below = |step: &PathElement| match step {
            PathElement::Field(name) => super::set::member_type(ty, name),
            _ => map.item,
        };
        each(set, below, path, out);
    } else if ty.scalar() == Scalar::Nothing
        && let Some(list) = ty.list()
    {
        if !is_atomic && list.relation == Relation::Atomic {
            out.insert(path);
            return;
        }
        each(set, |_| Some(list.item), path, out);
    }
}

fn each<'a>(
    set: Option<&FieldSet>,
    below: impl Fn(&PathElement) -> Option<TypeRef<'a>>,
    path: &mut Path,
    out: &mut FieldSet,
) {
    let Some(set) = set else { return };
    let only_children = set.children.keys().filter(|step| !set.members.contains(*step));
    let steps = only_children.map(|step| (step, false)).chain(set.members.iter().map(|step| (step, true)));
    for (step, is_member) in steps {
        let Some(ty) = below(step) else { continue };
        let child = set.children.get(step);
        path.push(step.clone());
        walk(ty, child, is_member && child.is_none(), path, out);
        path.pop();
    }
}

/// Maps that hold anything do not say whether they are atomic.
fn is_deduced(item: TypeRef<'_>) -> bool {
    match item.name() {
        Some(name) => name == smd::DEDUCED,
        None => item.scalar() == Scalar::Untyped && item.shape() == Shape::Any,
    }
}
