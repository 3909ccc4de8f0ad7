//! The merge generator: parameter sets of the first generator, overridden by those of the others with equal keys.

use super::transform::{children, only, transform_child};
use super::{Context, Sets};
use crate::error::Failure;
use crate::model::{items, texts};
use crate::parameters::{Origin, ParameterSet, Parameters, Row, deep_override, keys};
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::{EcoString, Value};

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let count = items(section, &["generators"]).len();
    if count < 2 {
        return Err("found less than two generators, Merge requires two or more".into());
    }
    let all = evaluate(context, section, path, count)
        .map_err(|failure| failure.within("error getting param sets from generators: "))?;
    let merge_keys: Vec<&str> = texts(section, &["mergeKeys"]).collect();
    let mut all = all.into_iter();
    let base = all.next().unwrap_or_default();
    let keyed = by_key(&merge_keys, &base)?;
    let index: BTreeMap<&str, usize> =
        keyed.iter().enumerate().map(|(at, (key, _))| (key.as_str(), at)).collect();
    let mut merged: Vec<(Parameters, Vec<Arc<Origin>>)> =
        base.iter().map(|set| (set.parameters.copy(), vec![set.origin.clone()])).collect();
    for overrides in all {
        for ((key, over), set) in by_key(&merge_keys, &overrides)?.into_iter().zip(&overrides) {
            let Some(target) = index.get(key.as_str()).and_then(|at| merged.get_mut(*at)) else { continue };
            target.0 = override_with(&target.0, over, context.is_go())?;
            target.1.push(set.origin.clone());
        }
    }
    context.count(merged.len())?;
    let set = |(parameters, parts)| {
        let origin = Origin::of_parts(path.clone(), Row::Merged, parts);
        ParameterSet { parameters, origin: Arc::new(origin) }
    };
    Ok(merged.into_iter().map(set).collect())
}

fn override_with(base: &Parameters, over: &Parameters, go: bool) -> Result<Parameters, Failure> {
    match (go, over.is_empty()) {
        (true, _) => Ok(deep_override(base, over)),
        (false, true) => Ok(base.clone()),
        (false, false) if base.is_nil() => Err(Failure::Panic("assignment to entry in nil map".to_owned())),
        (false, false) => Ok(base.entries().into_iter().chain(over.entries()).collect()),
    }
}

fn by_key<'a>(
    merge_keys: &[&str],
    sets: &'a [ParameterSet],
) -> Result<Vec<(String, &'a Parameters)>, Failure> {
    keys(merge_keys, sets.iter().map(|set| &set.parameters))
        .map_err(|failure| failure.within("error getting param sets by merge key: "))
}

fn evaluate(
    context: &Context<'_>,
    section: &Value,
    path: &EcoString,
    count: usize,
) -> Result<Vec<Vec<ParameterSet>>, Failure> {
    let mut all = Vec::new();
    let mut unknown = false;
    for (index, child) in children(section, path).into_iter().enumerate() {
        match child.and_then(|child| only(transform_child(context, &child))) {
            Ok(sets) => all.push(sets),
            // Go on, so that a host learns of everything that is missing at once.
            Err(Failure::Unknown) => unknown = true,
            Err(failure) => {
                let number = index + 1;
                return Err(
                    failure.within(format!("error getting params from generator {number} of {count}: "))
                );
            }
        }
    }
    if unknown { Err(Failure::Unknown) } else { Ok(all) }
}
