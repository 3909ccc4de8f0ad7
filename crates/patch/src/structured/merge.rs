//! Merging one object into another: the right side wins, field by field.

use super::atom::{Atom, Part, items, list_step, members, scalar_problem};
use super::path::PathElement;
use super::set::member_type;
use super::{Problem, Problems, unknown_type, with_prefix};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use trueup_manifest::{Map, Value};
use trueup_schema::{ListType, Relation, TypeRef};

type Merged = (Option<Value>, Problems);

/// Merges two sides, at most one of which is absent. No value means that nothing is left.
pub(super) fn merge(ty: TypeRef<'_>, left: Option<&Value>, right: Option<&Value>) -> Merged {
    if let (Some(left), Some(right)) = (left, right)
        && left.same(right)
        && !left.is_scalar()
    {
        return (Some(right.clone()), Problems::new());
    }
    let (of_left, of_right) = (Atom::deduce(ty, left), Atom::deduce(ty, right));
    match (left, right) {
        (_, None) => part(of_left, ty, left, right),
        (None, _) => part(of_right, ty, left, right),
        _ if of_left == of_right => part(of_right, ty, left, right),
        _ => {
            let (_, mut problems) = part(of_left, ty, left, right);
            let (value, more) = part(of_right, ty, left, right);
            problems.extend(more);
            (value, problems)
        }
    }
}

fn part(atom: Atom, ty: TypeRef<'_>, left: Option<&Value>, right: Option<&Value>) -> Merged {
    match atom.part(ty) {
        Err(problems) => (None, problems),
        Ok(Part::Scalar) => scalar(ty, left, right),
        Ok(Part::Map) => map(ty, left, right),
        Ok(Part::List) => list(ty, left, right),
    }
}

fn keep_right(left: Option<&Value>, right: Option<&Value>) -> Merged {
    (right.or(left).cloned(), Problems::new())
}

fn scalar(ty: TypeRef<'_>, left: Option<&Value>, right: Option<&Value>) -> Merged {
    match (scalar_problem(ty, left, "lhs: "), scalar_problem(ty, right, "rhs: ")) {
        (Some(left), Some(right)) => (None, vec![left, right]),
        _ => keep_right(left, right),
    }
}

fn map(ty: TypeRef<'_>, left: Option<&Value>, right: Option<&Value>) -> Merged {
    let (of_left, of_right) = (members(left), members(right));
    let empty = |map: Option<&Map>| map.is_none_or(Map::is_empty);
    // Two empty sides are a leaf, so that null and empty stay apart.
    if ty.map().is_some_and(|map| map.relation == Relation::Atomic) || (empty(of_left) && empty(of_right)) {
        return keep_right(left, right);
    }
    let mut out = of_left.cloned().unwrap_or_default();
    let mut problems = Problems::new();
    let mut member = |key: &str, left: Option<&Value>, right: Option<&Value>| {
        let Some(below) = member_type(ty, key) else {
            problems.extend(unknown_type());
            return None;
        };
        let (value, more) = merge(below, left, right);
        if !more.is_empty() {
            problems.extend(with_prefix(more, &PathElement::Field(key.into())));
        }
        value
    };
    for (key, value) in of_left.into_iter().flatten() {
        let merged = member(key, Some(value), of_right.and_then(|map| map.get(key)));
        match merged {
            Some(merged) if merged.same(value) => {}
            Some(merged) => {
                out.insert(key.clone(), merged);
            }
            None => {
                out.remove(key);
            }
        }
    }
    for (key, value) in of_right.into_iter().flatten() {
        if of_left.is_some_and(|map| map.contains_key(key)) {
            continue;
        }
        if let Some(merged) = member(key, None, Some(value)) {
            out.insert(key.clone(), merged);
        }
    }
    ((!out.is_empty()).then(|| out.into()), problems)
}

fn list(ty: TypeRef<'_>, left: Option<&Value>, right: Option<&Value>) -> Merged {
    let (of_left, of_right) = (items(left), items(right));
    let empty = |items: Option<&[Value]>| items.is_none_or(<[Value]>::is_empty);
    let Some(list) = ty.list() else { return keep_right(left, right) };
    if list.relation == Relation::Atomic || (empty(of_left) && empty(of_right)) {
        return keep_right(left, right);
    }
    let mut problems = Problems::new();
    let right = Side::index(&list, of_right.unwrap_or_default(), false, &mut problems);
    let left = Side::index(&list, of_left.unwrap_or_default(), true, &mut problems);
    if !problems.is_empty() {
        return (None, problems);
    }
    let out = Interleave::new(&list, &left, &right).run();
    ((!out.is_empty()).then(|| out.into()), problems)
}

/// One side of a keyed list: the items, their steps, and the value each step stands for.
struct Side<'v> {
    items: Vec<(PathElement, &'v Value)>,
    observed: BTreeMap<PathElement, Value>,
}

impl<'v> Side<'v> {
    fn index(list: &ListType<'_>, items: &'v [Value], duplicates: bool, problems: &mut Problems) -> Self {
        let mut side = Side { items: Vec::with_capacity(items.len()), observed: BTreeMap::new() };
        for (at, item) in items.iter().enumerate() {
            let step = match list_step(list, item) {
                Ok(step) => step,
                Err(problem) => {
                    problems.push(Problem::new(format!("element {at}: {problem}")));
                    continue;
                }
            };
            if !side.observed.contains_key(&step) {
                side.observed.insert(step.clone(), item.clone());
            } else if duplicates {
                // Which of several would the other side mean? None of them: it stands alone.
                side.observed.insert(step.clone(), Value::NULL);
            } else {
                problems.push(Problem::new(format!("duplicate entries for key {step}")));
                continue;
            }
            side.items.push((step, item));
        }
        side
    }

    fn step(&self, at: usize) -> Option<&PathElement> {
        self.items.get(at).map(|(step, _)| step)
    }
}

/// Brings two ordered lists together: the order of the right side holds, items of the left alone stay where they were.
struct Interleave<'l, 'v> {
    list: &'l ListType<'l>,
    left: &'l Side<'v>,
    right: &'l Side<'v>,
    /// Items of both sides in the order of the right one, that are still to come.
    shared: VecDeque<&'l PathElement>,
    merged: BTreeSet<&'l PathElement>,
    out: Vec<Value>,
}

impl<'l, 'v> Interleave<'l, 'v> {
    fn new(list: &'l ListType<'l>, left: &'l Side<'v>, right: &'l Side<'v>) -> Self {
        let steps = right.items.iter().map(|(step, _)| step);
        let shared = steps.filter(|step| left.observed.contains_key(*step)).collect();
        Self { list, left, right, shared, merged: BTreeSet::new(), out: Vec::new() }
    }

    fn run(mut self) -> Vec<Value> {
        let (mut l, mut r) = (0, 0);
        while l < self.left.items.len() || r < self.right.items.len() {
            if let (Some(left), Some(right)) = (self.left.step(l), self.right.step(r)) {
                if left == right {
                    self.take_right(left);
                    self.shared.pop_front();
                    (l, r) = (l + 1, r + 1);
                    continue;
                }
                let next = self.shared.front();
                if self.right.observed.contains_key(left) && next.is_some_and(|next| *next != left) {
                    // Shared, and its turn comes later.
                    l += 1;
                    continue;
                }
            }
            if let Some((step, item)) = self.left.items.get(l) {
                if !self.right.observed.contains_key(step) {
                    self.push(Some(item), None);
                    l += 1;
                    continue;
                } else if self.merged.contains(step) {
                    l += 1;
                }
            }
            if let Some(step) = self.right.step(r) {
                self.take_right(step);
                r += 1;
                if self.shared.front() == Some(&step) {
                    self.shared.pop_front();
                }
            }
        }
        self.out
    }

    fn take_right(&mut self, step: &'l PathElement) {
        self.merged.insert(step);
        self.push(self.left.observed.get(step), self.right.observed.get(step));
    }

    /// Problems inside an item are not problems of the list.
    fn push(&mut self, left: Option<&Value>, right: Option<&Value>) {
        self.out.extend(merge(self.list.item, left, right).0);
    }
}
