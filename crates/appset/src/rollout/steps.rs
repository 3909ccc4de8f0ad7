//! Which Application belongs to which step, and which may sync.

use super::{Issues, is_enabled, name_of, step_list};
use crate::model::{items, text, texts};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::argocd::ApplicationSetApplicationStatus;
use trueup_manifest::{EcoString, Value};

/// The Applications of each step.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Steps {
    /// The names of each step's Applications.
    pub steps: Vec<Vec<EcoString>>,
    /// The first step of each Application, from 0. Those in no step are not in it.
    pub step_of: BTreeMap<EcoString, usize>,
    /// What is wrong with the steps.
    pub issues: Issues,
}

impl Steps {
    /// Returns the number that the status shows: from 1, or -1 for an Application in no step.
    pub fn number(&self, name: &str) -> i64 {
        number(&self.step_of, name)
    }
}

pub(super) fn number(step_of: &BTreeMap<EcoString, usize>, name: &str) -> i64 {
    step_of.get(name).and_then(|step| i64::try_from(step + 1).ok()).unwrap_or(-1)
}

/// Sorts generated Applications into the steps of an ApplicationSet, by their labels.
pub fn steps(application_set: &Value, applications: &[Value]) -> Steps {
    let kind = text(application_set, &["spec", "strategy", "type"]);
    if matches!(kind, "" | "AllAtOnce") {
        return Steps::default();
    }
    let list = if is_enabled(application_set) { step_list(application_set) } else { &[] };
    let mut found = Steps { steps: vec![Vec::new(); list.len()], ..Steps::default() };
    for application in applications {
        let name = EcoString::from(name_of(application));
        for (index, step) in list.iter().enumerate() {
            if !is_selected(application, step, index, &mut found.issues) {
                continue;
            }
            if let Some(members) = found.steps.get_mut(index) {
                members.push(name.clone());
            }
            match found.step_of.get(&name) {
                Some(first) => {
                    let seen = found.issues.duplicate_applications.entry(name.clone());
                    seen.or_insert_with(|| vec![*first]).push(index);
                }
                None => _ = found.step_of.insert(name.clone(), index),
            }
        }
    }
    let empty = found.steps.iter().enumerate().filter(|(_, members)| members.is_empty());
    found.issues.empty_steps = empty.map(|(index, _)| index).collect();
    found
}

fn is_selected(application: &Value, step: &Value, index: usize, issues: &mut Issues) -> bool {
    for expression in items(step, &["matchExpressions"]) {
        let operator = text(expression, &["operator"]);
        let label =
            application.at(&["metadata", "labels", text(expression, &["key"])]).and_then(Value::as_str);
        let Some(label) = label else {
            // Any operator but In holds for an absent label.
            if operator == "In" {
                return false;
            }
            continue;
        };
        let listed = texts(expression, &["values"]).any(|value| value == label);
        let matched = match operator {
            "In" => listed,
            "NotIn" => !listed,
            _ => {
                let issue = (index, EcoString::from(operator));
                if !issues.invalid_match_expressions.contains(&issue) {
                    issues.invalid_match_expressions.push(issue);
                }
                false
            }
        };
        if !matched {
            return false;
        }
    }
    true
}

/// Returns the Applications that may sync: all of the first step, and of each next one once all before are healthy.
///
/// `current` are the names of the Applications that exist.
pub fn may_sync(
    status: &[ApplicationSetApplicationStatus],
    steps: &[Vec<EcoString>],
    current: &BTreeSet<EcoString>,
) -> BTreeSet<EcoString> {
    let done = |name: &EcoString| {
        let status = status.iter().find(|status| status.application == *name);
        current.contains(name) && status.is_some_and(|status| status.status == "Healthy")
    };
    let mut allowed = BTreeSet::new();
    for step in steps {
        allowed.extend(step.iter().cloned());
        if !step.iter().all(done) {
            break;
        }
    }
    allowed
}
