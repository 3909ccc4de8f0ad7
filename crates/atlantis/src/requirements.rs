//! Whether a command may run on a project: requirements, and projects that must be applied before.

use std::collections::BTreeMap;
use trueup_manifest::EcoString;

/// What is known of a pull request and a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequirementFacts {
    /// It is approved, by the rules of the place where it lives.
    pub approved: bool,
    /// It can be merged.
    pub mergeable: bool,
    /// Why it cannot be merged, if that is known.
    pub mergeable_reason: EcoString,
    /// The base branch has moved, and by a file that affects this project.
    pub diverged: bool,
    /// What the policies say.
    pub policies: Vec<PolicyStatus>,
}

/// What a set of policies says of a project.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PolicyStatus {
    /// The name of the set.
    pub name: EcoString,
    /// Whether they pass.
    pub passed: bool,
    /// How many approvals it has.
    pub approvals: i64,
    /// How many approvals stand for passing.
    pub required: i64,
}

/// Returns why a command (`plan`, `apply`, `import`) may not run, in Atlantis' words; the first requirement that does not hold decides.
///
/// Words that are no requirement are passed over, as upstream does.
///
/// ```
/// use trueup_atlantis::{RequirementFacts, check_requirements};
///
/// let facts = RequirementFacts { approved: true, ..RequirementFacts::default() };
/// assert_eq!(check_requirements("apply", &["approved".into()], &facts), None);
/// let failure = check_requirements("apply", &["approved".into(), "mergeable".into()], &facts);
/// assert_eq!(failure.as_deref(), Some("Pull request must be mergeable before running apply."));
/// ```
pub fn check_requirements(
    command: &str,
    requirements: &[EcoString],
    facts: &RequirementFacts,
) -> Option<String> {
    requirements.iter().find_map(|requirement| match requirement.as_str() {
        "approved" if !facts.approved => Some(format!(
            "Pull request must be approved according to the project's approval rules before running {command}."
        )),
        "mergeable" if !facts.mergeable => {
            let reason = match facts.mergeable_reason.as_str() {
                "" => String::new(),
                reason => format!(" ({reason})"),
            };
            Some(format!("Pull request must be mergeable before running {command}{reason}."))
        }
        "policies_passed" if facts.policies.iter().any(|set| !set.passed && set.approvals < set.required) => {
            Some(format!("All policies must pass for project before running {command}."))
        }
        "undiverged" if facts.diverged => {
            Some(format!("Default branch must be rebased onto pull request before running {command}."))
        }
        _ => None,
    })
}

/// What is done about dependencies that the pull request does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingDependencies {
    /// They count as applied.
    #[default]
    Pass,
    /// They fail.
    Fail,
}

/// Returns why a project may not be applied: the first project it depends on that is neither `applied` nor `planned_no_changes`.
///
/// `statuses` are those of the pull request's projects, by name, in Atlantis' words.
pub fn check_dependencies(
    depends_on: &[EcoString],
    statuses: &BTreeMap<EcoString, EcoString>,
    missing: MissingDependencies,
) -> Option<String> {
    let is_open = |name: &&EcoString| match statuses.get(*name).map(EcoString::as_str) {
        Some("applied" | "planned_no_changes") => false,
        Some(_) => true,
        None => missing == MissingDependencies::Fail,
    };
    let open = depends_on.iter().find(is_open)?;
    Some(format!("Can't apply your project unless you apply its dependencies: [{open}]"))
}
