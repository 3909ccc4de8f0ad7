//! Does a value fit its type?

use super::atom::{Atom, Part, list_step, scalar_problem};
use super::path::{PathElement, show};
use super::set::member_type;
use super::{Problem, Problems, with_prefix};
use std::collections::BTreeSet;
use trueup_manifest::Value;
use trueup_schema::{Relation, TypeRef};

/// Returns everything that is wrong.
pub(super) fn validate(ty: TypeRef<'_>, value: &Value, duplicates: bool) -> Problems {
    match Atom::deduce(ty, Some(value)).part(ty) {
        Err(problems) => problems,
        Ok(Part::Map) => map(ty, value, duplicates),
        Ok(Part::Scalar) => scalar_problem(ty, Some(value), "").into_iter().collect(),
        Ok(Part::List) => list(ty, value, duplicates),
    }
}

fn map(ty: TypeRef<'_>, value: &Value, duplicates: bool) -> Problems {
    if value.is_null() {
        return Problems::new();
    }
    let Some(map) = value.as_map() else {
        return vec![Problem::new(format!("expected map, got {}", show(value)))];
    };
    let mut problems = Problems::new();
    for (key, member) in map {
        let step = PathElement::Field(key.clone());
        let Some(below) = member_type(ty, key) else {
            problems.extend(with_prefix(vec![Problem::new("field not declared in schema")], &step));
            continue;
        };
        problems.extend(with_prefix(validate(below, member, duplicates), &step));
    }
    problems
}

fn list(ty: TypeRef<'_>, value: &Value, duplicates: bool) -> Problems {
    if value.is_null() {
        return Problems::new();
    }
    let (Some(items), Some(list)) = (value.as_seq(), ty.list()) else {
        return vec![Problem::new(format!("expected list, got {}", show(value)))];
    };
    let mut problems = Problems::new();
    let mut seen = BTreeSet::new();
    for (at, item) in items.iter().enumerate() {
        let step = if list.relation == Relation::Associative {
            match list_step(&list, item) {
                Ok(step) => step,
                Err(problem) => {
                    problems.push(Problem::new(format!("element {at}: {problem}")));
                    return problems;
                }
            }
        } else {
            PathElement::Index(i64::try_from(at).unwrap_or(i64::MAX))
        };
        problems.extend(with_prefix(validate(list.item, item, duplicates), &step));
        if list.relation == Relation::Associative && !seen.insert(step.clone()) && !duplicates {
            problems.push(Problem::new(format!("duplicate entries for key {step}")));
        }
    }
    problems
}
