//! Objects that more than one Application wants or has.

use super::compare::Previewed;
use crate::report::Collision;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{EcoString, ResourceKey};

/// Finds the objects that several Applications desire, or that one desires and another one has.
pub(super) fn collisions(all: &[Previewed]) -> Vec<Collision> {
    let mut claims: BTreeMap<(&EcoString, &ResourceKey), BTreeSet<&EcoString>> = BTreeMap::new();
    for previewed in all {
        for key in &previewed.desired {
            let place = (&previewed.report.cluster, key);
            claims.entry(place).or_default().insert(&previewed.report.name);
        }
    }
    for previewed in all {
        for (key, owner) in &previewed.others {
            claims.entry((&previewed.report.cluster, key)).or_default().insert(owner);
        }
    }
    let several = claims.into_iter().filter(|(_, applications)| applications.len() > 1);
    several
        .map(|((cluster, key), applications)| Collision {
            cluster: cluster.clone(),
            key: key.clone(),
            applications: applications.into_iter().cloned().collect(),
        })
        .collect()
}
