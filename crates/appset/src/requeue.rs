//! When the controller looks at an ApplicationSet again.

use crate::error::Error;
use crate::evaluate::read;
use crate::model::{self, items, named};
use trueup_manifest::Value;

/// The seconds after which the controller looks again after an error.
pub const AFTER_ERROR: i64 = 180;
/// The default for git and decision resources; the controller can be told another.
pub const DEFAULT: i64 = 180;
/// The default for SCM providers, pull requests and plugins.
const REMOTE: i64 = 1800;

/// Returns the seconds after which the controller looks at an ApplicationSet again; nothing if only events make it do so.
///
/// `default` is for git and decision resources.
///
/// # Errors
/// A document that is no ApplicationSet.
pub fn requeue_after(application_set: &Value, default: i64) -> Result<Option<i64>, Error> {
    let set = read(application_set)?;
    let times = items(&set, &["spec", "generators"]).iter().flat_map(|entry| times(entry, default, 2));
    Ok(smallest(times))
}

fn smallest(times: impl Iterator<Item = i64>) -> Option<i64> {
    times.filter(|time| *time != 0).min()
}

/// The times of the generators of an entry; `levels` of combinations may be below.
fn times(entry: &Value, default: i64, levels: usize) -> Vec<i64> {
    let own = [
        ("git", default),
        ("clusterDecisionResource", default),
        ("scmProvider", REMOTE),
        ("pullRequest", REMOTE),
        ("plugin", REMOTE),
    ];
    let time = |(name, default): (&str, i64)| {
        let section = entry.get(name)?;
        Some(section.get("requeueAfterSeconds").and_then(Value::as_i64).unwrap_or(default))
    };
    let mut times: Vec<i64> = own.into_iter().filter_map(time).collect();
    if levels == 0 {
        return times;
    }
    for (name, ty) in [("matrix", "NestedMatrixGenerator"), ("merge", "NestedMergeGenerator")] {
        let Some(section) = entry.get(name) else { continue };
        // A child's own combination is still a document; one that does not decode counts as none.
        let decoded =
            if levels == 1 { model::decode(section, named(ty)).unwrap_or_default() } else { section.clone() };
        let children = items(&decoded, &["generators"]).iter();
        times.extend(smallest(children.flat_map(|child| self::times(child, default, levels - 1))));
    }
    times
}
