//! What changed from one object to another, as sets of fields.

use super::atom::{Atom, Part, items, list_step, members, scalar_problem};
use super::path::{Path, PathElement};
use super::set::{FieldSet, member_type};
use super::{Problem, Problems, unknown_type, with_prefix};
use std::collections::BTreeMap;
use trueup_manifest::{Map, Value};
use trueup_schema::{ListType, Relation, TypeRef};

/// What changed, each field in one set only. All empty: the objects are equal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Fields that the right side does not have.
    pub removed: FieldSet,
    /// Fields that differ.
    pub modified: FieldSet,
    /// Fields that only the right side has.
    pub added: FieldSet,
}

impl Changes {
    /// Returns true if nothing changed.
    pub fn is_empty(&self) -> bool {
        self.removed.is_empty() && self.modified.is_empty() && self.added.is_empty()
    }
}

pub(super) struct Walk {
    pub(super) changes: Changes,
    pub(super) path: Path,
}

type Sides<'v> = (Option<&'v Value>, Option<&'v Value>);

impl Walk {
    pub(super) fn compare(&mut self, ty: TypeRef<'_>, sides: Sides<'_>) -> Problems {
        let (left, right) = sides;
        if let (Some(left), Some(right)) = sides
            && left.same(right)
        {
            return Problems::new();
        }
        let (of_left, of_right) = (Atom::deduce(ty, left), Atom::deduce(ty, right));
        let mut problems = Problems::new();
        let is_leaf = match sides {
            (_, None) => self.part(of_left, ty, sides, &mut problems),
            (None, _) => self.part(of_right, ty, sides, &mut problems),
            _ if of_left == of_right => self.part(of_right, ty, sides, &mut problems),
            _ => {
                self.part(of_left, ty, sides, &mut problems);
                self.part(of_right, ty, sides, &mut problems)
            }
        };
        if !is_leaf {
            self.record_presence(sides);
        }
        problems
    }

    fn record_presence(&mut self, sides: Sides<'_>) {
        match sides {
            (None, _) => self.changes.added.insert(&self.path),
            (_, None) => self.changes.removed.insert(&self.path),
            _ => {}
        }
    }

    /// Returns true if the value was taken as a whole.
    fn part(&mut self, atom: Atom, ty: TypeRef<'_>, sides: Sides<'_>, problems: &mut Problems) -> bool {
        match atom.part(ty) {
            Err(more) => {
                problems.extend(more);
                false
            }
            Ok(Part::Scalar) => {
                let wrong = (scalar_problem(ty, sides.0, "lhs: "), scalar_problem(ty, sides.1, "rhs: "));
                if let (Some(left), Some(right)) = wrong {
                    problems.extend([left, right]);
                    return false;
                }
                self.leaf(sides)
            }
            Ok(Part::Map) => self.map(ty, sides, problems),
            Ok(Part::List) => self.list(ty, sides, problems),
        }
    }

    fn leaf(&mut self, sides: Sides<'_>) -> bool {
        self.record_presence(sides);
        if let (Some(left), Some(right)) = sides
            && left != right
        {
            self.changes.modified.insert(&self.path);
        }
        true
    }

    fn map(&mut self, ty: TypeRef<'_>, sides: Sides<'_>, problems: &mut Problems) -> bool {
        let (left, right) = (members(sides.0), members(sides.1));
        let empty = |map: Option<&Map>| map.is_none_or(Map::is_empty);
        if ty.map().is_some_and(|map| map.relation == Relation::Atomic) || (empty(left) && empty(right)) {
            return self.leaf(sides);
        }
        let mine = left.into_iter().flatten();
        let mine = mine.map(|(key, value)| (key, Some(value), right.and_then(|map| map.get(key))));
        let theirs = right.into_iter().flatten().map(|(key, value)| (key, None, Some(value)));
        let theirs = theirs.filter(|(key, ..)| left.is_none_or(|map| !map.contains_key(key)));
        for (key, left, right) in mine.chain(theirs) {
            if left.zip(right).is_some_and(|(left, right)| left.same(right)) {
                continue;
            }
            let Some(below) = member_type(ty, key) else {
                problems.extend(unknown_type());
                continue;
            };
            self.step(PathElement::Field(key.clone()), below, (left, right), problems);
        }
        false
    }

    fn list(&mut self, ty: TypeRef<'_>, sides: Sides<'_>, problems: &mut Problems) -> bool {
        let (left, right) = (items(sides.0), items(sides.1));
        let empty = |items: Option<&[Value]>| items.is_none_or(<[Value]>::is_empty);
        let Some(list) = ty.list() else { return self.leaf(sides) };
        if list.relation == Relation::Atomic || (empty(left) && empty(right)) {
            return self.leaf(sides);
        }
        let left = by_step(&list, left.unwrap_or_default(), problems);
        let right = by_step(&list, right.unwrap_or_default(), problems);
        let mine = left.iter().map(|(step, items)| (step, items.as_slice(), right.get(step)));
        let theirs = right.iter().filter(|(step, _)| !left.contains_key(*step));
        let theirs = theirs.map(|(step, items)| (step, <&[&Value]>::default(), Some(items)));
        for (step, left, right) in mine.chain(theirs) {
            let right = right.map(Vec::as_slice).unwrap_or_default();
            self.items(step, list.item, left, right, problems);
        }
        false
    }

    /// Compares the items that one step stands for; more than one on a side are taken together.
    fn items(
        &mut self,
        step: &PathElement,
        ty: TypeRef<'_>,
        left: &[&Value],
        right: &[&Value],
        out: &mut Problems,
    ) {
        let first = (left.first().copied(), right.first().copied());
        if left.len() <= 1 && right.len() <= 1 {
            return self.step(step.clone(), ty, first, out);
        }
        let both = left.len() > 1 && right.len() > 1;
        let went = left.len() > 1;
        if !both && went && first.1.is_some() {
            self.step(step.clone(), ty, (None, first.1), out);
        }
        if !both && !went && first.0.is_some() {
            self.step(step.clone(), ty, (first.0, None), out);
        }
        self.path.push(step.clone());
        match (both, went) {
            (true, _) if left != right => self.changes.modified.insert(&self.path),
            (true, _) => {}
            (false, true) => self.changes.removed.insert(&self.path),
            (false, false) => self.changes.added.insert(&self.path),
        }
        self.path.pop();
    }

    fn step(&mut self, step: PathElement, ty: TypeRef<'_>, sides: Sides<'_>, problems: &mut Problems) {
        self.path.push(step);
        let more = self.compare(ty, sides);
        let step = self.path.pop();
        if let Some(step) = step
            && !more.is_empty()
        {
            problems.extend(with_prefix(more, &step));
        }
    }
}

fn by_step<'v>(
    list: &ListType<'_>,
    items: &'v [Value],
    out: &mut Problems,
) -> BTreeMap<PathElement, Vec<&'v Value>> {
    let mut by_step: BTreeMap<PathElement, Vec<&Value>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate() {
        match list_step(list, item) {
            Ok(step) => by_step.entry(step).or_default().push(item),
            Err(problem) => out.push(Problem::new(format!("element {at}: {problem}"))),
        }
    }
    by_step
}
