//! The matrix generator: every pair of what two generators give.

use super::transform::{Entry, Prepared, children, only, transform_child};
use super::{Context, Sets};
use crate::error::Failure;
use crate::model::items;
use crate::parameters::{Origin, ParameterSet, Row, combine_flat, deep_override};
use std::sync::Arc;
use trueup_manifest::{EcoString, Value};

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    match items(section, &["generators"]).len() {
        0 | 1 => return Err("found less than two generators, Matrix support only two".into()),
        2 => {}
        _ => return Err("found more than two generators, Matrix support only two".into()),
    }
    let mut children = children(section, path).into_iter();
    let (Some(first), Some(second)) = (children.next(), children.next()) else { return Ok(Vec::new()) };
    let firsts = first.and_then(|first| only(transform_child(context, &first))).map_err(|failure| {
        failure.within("error failed to get params for first generator in matrix generator: ")
    })?;
    let second_failed = |failure: Failure| {
        failure.within("failed to get params for second generator in the matrix generator: ")
    };
    match (firsts.is_empty(), second) {
        (true, _) => Ok(Vec::new()),
        (false, Ok(second)) => rows(context, &firsts, &second, path).map_err(|error| match error {
            RowFailure::Second(failure) => second_failed(failure),
            RowFailure::Own(failure) => failure,
        }),
        (false, Err(failure)) => Err(second_failed(failure)),
    }
}

enum RowFailure {
    /// The second generator failed for a row.
    Second(Failure),
    /// Putting two sets together failed.
    Own(Failure),
}

fn rows(
    context: &Context<'_>,
    firsts: &[ParameterSet],
    second: &Entry,
    path: &EcoString,
) -> Result<Vec<ParameterSet>, RowFailure> {
    let prepared = Prepared::new(context, second);
    let mut shared = None;
    let mut out = Vec::new();
    let mut unknown = false;
    for first in firsts {
        let seconds = match &shared {
            Some(seconds) => Arc::clone(seconds),
            None => match only(prepared.run(context, &first.parameters)) {
                Ok(sets) => Arc::new(sets),
                // Go on, so that a host learns of everything that is missing at once.
                Err(Failure::Unknown) => {
                    unknown = true;
                    continue;
                }
                Err(failure) => return Err(RowFailure::Second(failure)),
            },
        };
        // A row without parameters interpolates nothing, which is not the same as interpolating what has no templates.
        if prepared.is_fixed() && shared.is_none() && !first.parameters.is_empty() {
            context.check_product(firsts.len(), seconds.len()).map_err(RowFailure::Own)?;
            shared = Some(Arc::clone(&seconds));
        }
        context.count(seconds.len()).map_err(RowFailure::Own)?;
        for second in seconds.iter() {
            out.push(pair(context, first, second, path).map_err(RowFailure::Own)?);
        }
    }
    if unknown { Err(RowFailure::Second(Failure::Unknown)) } else { Ok(out) }
}

fn pair(
    context: &Context<'_>,
    first: &ParameterSet,
    second: &ParameterSet,
    path: &EcoString,
) -> Result<ParameterSet, Failure> {
    let parameters = match context.is_go() {
        true => deep_override(&second.parameters, &first.parameters),
        false => combine_flat(&first.parameters, &second.parameters).map_err(|failure| {
            failure.within("failed to combine string maps with merging params for the matrix generator: ")
        })?,
    };
    let parts = vec![first.origin.clone(), second.origin.clone()];
    let origin = Origin::of_parts(path.clone(), Row::Combination, parts);
    Ok(ParameterSet { parameters, origin: Arc::new(origin) })
}
