//! In which order projects run, and what is odd about their dependencies.

use crate::project::Project;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Diagnostic, EcoString};

/// A project as far as its order matters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ordered {
    /// Its name; empty for none.
    pub name: EcoString,
    /// Its group.
    pub execution_order_group: i64,
    /// The names of the projects that must be applied before.
    pub depends_on: Vec<EcoString>,
}

impl From<&Project> for Ordered {
    fn from(project: &Project) -> Self {
        Self {
            name: project.name.clone().unwrap_or_default(),
            execution_order_group: project.execution_order_group,
            depends_on: project.depends_on.clone(),
        }
    }
}

/// Returns the positions of projects by group: groups ascend, in each the given order holds. `depends_on` moves nothing.
///
/// ```
/// use trueup_atlantis::{Ordered, groups};
///
/// let project = |group| Ordered { execution_order_group: group, ..Ordered::default() };
/// assert_eq!(groups(&[project(1), project(-1), project(1)]), [vec![1], vec![0, 2]]);
/// ```
pub fn groups(projects: &[Ordered]) -> Vec<Vec<usize>> {
    let mut groups: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (at, project) in projects.iter().enumerate() {
        groups.entry(project.execution_order_group).or_default().push(at);
    }
    groups.into_values().collect()
}

/// What is odd about a dependency. Atlantis says nothing of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum OrderWarning {
    /// No project has the name that the first depends on.
    Unknown(EcoString, EcoString),
    /// Both run in one group, so that an apply of both at once is refused.
    SameGroup(EcoString, EcoString),
    /// The second runs later than the first, which depends on it.
    LaterGroup(EcoString, EcoString),
    /// The projects wait for each other, the first again at the end.
    Cycle(Vec<EcoString>),
}

impl OrderWarning {
    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown(..) => "atlantis/unknown-dependency",
            Self::SameGroup(..) => "atlantis/dependency-in-same-group",
            Self::LaterGroup(..) => "atlantis/dependency-in-later-group",
            Self::Cycle(_) => "atlantis/dependency-cycle",
        }
    }

    /// Returns the warning as a diagnostic.
    pub fn diagnostic(&self) -> Diagnostic {
        let message = match self {
            Self::Unknown(project, on) => format!("`{project}` depends on `{on}`, which is no project"),
            Self::SameGroup(project, on) => {
                format!(
                    "`{project}` depends on `{on}` of its own group, and `depends_on` does not order projects"
                )
            }
            Self::LaterGroup(project, on) => {
                format!("`{project}` depends on `{on}`, which runs in a later group")
            }
            Self::Cycle(names) => format!("projects depend on each other: {}", names.join(" → ")),
        };
        Diagnostic::warning(self.code(), message)
    }
}

impl std::fmt::Display for OrderWarning {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unknown(project, on) => write!(f, "depends_on-unknown: {project} -> {on}"),
            Self::SameGroup(project, on) => write!(f, "depends_on-same-group: {project} -> {on}"),
            Self::LaterGroup(project, on) => write!(f, "depends_on-later-group: {project} -> {on}"),
            Self::Cycle(names) => write!(f, "depends_on-cycle: {}", names.join(" -> ")),
        }
    }
}

/// Returns what is odd about the dependencies of projects, in their order; each cycle is told once, instead of its parts.
pub fn order_warnings(projects: &[Ordered]) -> Vec<OrderWarning> {
    let by_name: BTreeMap<&EcoString, &Ordered> = projects
        .iter()
        .filter(|project| !project.name.is_empty())
        .map(|project| (&project.name, project))
        .collect();
    let mut told: BTreeSet<&EcoString> = BTreeSet::new();
    let mut warnings = Vec::new();
    for project in projects {
        if let Some(cycle) = cycle_through(project, &by_name).filter(|_| !told.contains(&project.name)) {
            warnings.push(OrderWarning::Cycle(cycle.iter().map(|name| (*name).clone()).collect()));
            told.extend(cycle);
        }
        for on in &project.depends_on {
            let pair = (project.name.clone(), on.clone());
            let Some(dependency) = by_name.get(on) else {
                warnings.push(OrderWarning::Unknown(pair.0, pair.1));
                continue;
            };
            if told.contains(&project.name) && told.contains(on) {
                continue;
            }
            match dependency.execution_order_group.cmp(&project.execution_order_group) {
                std::cmp::Ordering::Less => {}
                std::cmp::Ordering::Equal => warnings.push(OrderWarning::SameGroup(pair.0, pair.1)),
                std::cmp::Ordering::Greater => warnings.push(OrderWarning::LaterGroup(pair.0, pair.1)),
            }
        }
    }
    warnings
}

/// Returns the shortest way from a project back to itself, if there is one.
fn cycle_through<'a>(
    project: &'a Ordered,
    by_name: &BTreeMap<&'a EcoString, &'a Ordered>,
) -> Option<Vec<&'a EcoString>> {
    by_name.get(&project.name)?;
    let mut came_from: BTreeMap<&EcoString, &EcoString> = BTreeMap::new();
    let mut pending = std::collections::VecDeque::from([&project.name]);
    while let Some(name) = pending.pop_front() {
        for on in &by_name.get(name)?.depends_on {
            if *on == project.name {
                let mut way = vec![&project.name, name];
                while let Some(before) =
                    way.last().filter(|last| **last != &project.name).and_then(|last| came_from.get(last))
                {
                    way.push(before);
                }
                if name == &project.name {
                    way.truncate(1);
                    way.push(&project.name);
                }
                way.reverse();
                return Some(way);
            }
            if let Some((known, _)) = by_name.get_key_value(on)
                && !came_from.contains_key(known)
            {
                came_from.insert(known, name);
                pending.push_back(known);
            }
        }
    }
    None
}

/// Returns the positions of the projects that run, given how each would end, and of those that do not.
///
/// A run that is not parallel never stops early. A parallel one stops behind a group in which something fails, if
/// `abort_on_execution_order_fail` holds.
pub fn simulate(
    projects: &[Ordered],
    parallel: bool,
    abort_on_execution_order_fail: bool,
    fails: impl Fn(&Ordered) -> bool,
) -> (Vec<usize>, Vec<usize>) {
    let (mut runs, mut skipped) = (Vec::new(), Vec::new());
    let mut is_over = false;
    for group in groups(projects) {
        if is_over {
            skipped.extend(group);
            continue;
        }
        let failed = group.iter().filter_map(|at| projects.get(*at)).any(&fails);
        is_over = failed && parallel && abort_on_execution_order_fail;
        runs.extend(group);
    }
    (runs, skipped)
}
