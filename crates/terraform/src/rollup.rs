//! The plans of several projects at once.

use crate::plan::{PlanSummary, Verdict};
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, Map, Value};

/// What the plans of several projects say together.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rollup {
    /// The worst: `errored`, `drifted`, `drift-only`, `changes`, `in-sync`.
    pub verdict: Verdict,
    /// What each project's plan says.
    pub projects: BTreeMap<EcoString, Verdict>,
    /// The sums of what is counted.
    pub counts: BTreeMap<&'static str, usize>,
    /// The addresses of what is to be changed or has drifted, each with its project.
    pub addresses: Vec<(EcoString, EcoString)>,
    /// Whether every plan is complete.
    pub complete: bool,
}

/// Adds up the plans of several projects.
///
/// ```
/// use trueup_manifest::Limits;
/// use trueup_terraform::{Verdict, rollup, summarize};
///
/// let idle = summarize(br#"{"format_version": "1.2", "resource_changes": []}"#, &Limits::default())?;
/// let failed = summarize(br#"{"format_version": "1.2", "errored": true, "complete": false}"#, &Limits::default())?;
/// let all = rollup([("network", &idle), ("data", &failed)]);
/// assert_eq!((all.verdict, all.complete), (Verdict::Errored, false));
/// # Ok::<(), trueup_terraform::TerraformError>(())
/// ```
pub fn rollup<'a>(plans: impl IntoIterator<Item = (&'a str, &'a PlanSummary)>) -> Rollup {
    let mut all = Rollup {
        verdict: Verdict::InSync,
        projects: BTreeMap::new(),
        counts: BTreeMap::new(),
        addresses: Vec::new(),
        complete: true,
    };
    for (project, plan) in plans {
        all.verdict = all.verdict.max(plan.verdict);
        all.complete &= plan.complete;
        all.projects.insert(project.into(), plan.verdict);
        for (name, count) in &plan.counts {
            *all.counts.entry(name).or_default() += count;
        }
        let changed = plan.resources.iter().map(|entry| &entry.address);
        let drifted = plan.drift.iter().map(|entry| &entry.change.address);
        all.addresses.extend(changed.chain(drifted).map(|address| (project.into(), address.clone())));
    }
    all.addresses.sort_unstable();
    all.addresses.dedup();
    all
}

impl Rollup {
    /// Returns the sums as a document.
    pub fn to_value(&self) -> Value {
        let projects = self.projects.iter().map(|(name, verdict)| (name.clone(), verdict.name()));
        let counts = self.counts.iter().map(|(name, count)| (*name, *count as u64));
        let address = |(project, address): &(EcoString, EcoString)| {
            Value::from(Map::from_iter([("project", project.clone()), ("address", address.clone())]))
        };
        let mut map = Map::new();
        map.insert("verdict", self.verdict.name());
        map.insert("complete", self.complete);
        map.insert("projects", projects.collect::<Map>());
        map.insert("counts", counts.collect::<Map>());
        map.insert("addresses", self.addresses.iter().map(address).collect::<Value>());
        map.into()
    }
}
