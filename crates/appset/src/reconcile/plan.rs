//! The whole set: which Applications are created, updated and deleted.

use super::Policy;
use super::ignore::IgnoreRules;
use super::update::{Settings, is_owned, updated_with};
use crate::error::Error;
use crate::evaluate::Evaluation;
use crate::facts::{Cluster, Fact, Facts};
use crate::model::{items, map_mut, text};
use crate::template::RESOURCES_FINALIZER;
use crate::validate::{Validation, destination_server, qualified_name};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trueup_manifest::{EcoString, Value};

/// Settings of the controller.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct PlanOptions {
    /// The controller's policy.
    pub policy: Policy,
    /// Whether an ApplicationSet's own policy counts.
    pub policy_override: bool,
    /// What updates keep.
    pub settings: Settings,
}

/// The Applications of the namespace, if they are known.
pub type Existing<'a> = Fact<&'a [Value]>;

/// What is done, in the order in which it is done.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The steps: writes by name, then deletions by name.
    pub steps: Vec<Step>,
}

/// What becomes of one Application.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Step {
    /// The name.
    pub name: EcoString,
    /// What is done.
    pub action: Action,
    /// Why.
    pub reason: String,
    /// The Application before.
    pub before: Option<Value>,
    /// The Application after; of a deletion, as it is when it is deleted.
    pub after: Option<Value>,
}

/// What is done with an Application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub enum Action {
    /// It is created.
    Create,
    /// It is changed.
    Update,
    /// It is as it should be.
    None,
    /// It is not valid: it is left as it is.
    Invalid,
    /// The policy does not allow what would be done.
    Forbidden,
    /// It cannot be written.
    Error,
    /// It is deleted.
    Delete,
    /// What would be done depends on something that is not known.
    Unknown,
}

impl Action {
    /// Returns what happens in words, as in `it is deleted`.
    pub fn words(self) -> &'static str {
        match self {
            Self::Create => "it is created",
            Self::Update => "it is changed",
            Self::None => "it stays as it is",
            Self::Invalid => "it is left as it is",
            Self::Forbidden => "it is left as it is",
            Self::Error => "it cannot be written",
            Self::Delete => "it is deleted",
            Self::Unknown => "what happens to it is not known",
        }
    }
}

impl Plan {
    /// Returns the names with an action.
    pub fn names(&self, action: Action) -> impl Iterator<Item = &EcoString> {
        self.steps.iter().filter(move |step| step.action == action).map(|step| &step.name)
    }
}

/// Decides what becomes of the Applications that were generated, and of those that exist.
///
/// Where something is not known (existing Applications, or what an evaluation took for granted) nothing is deleted: such steps
/// say [`Action::Unknown`] and why. After errors that [`crate::Options::keep_going`] passed over, nothing is done at all.
///
/// # Errors
/// Ignore rules that are none, or that are not supported.
pub fn plan(
    application_set: &Value,
    evaluation: &Evaluation,
    validation: &Validation,
    existing: Existing<'_>,
    facts: &dyn Facts,
    options: &PlanOptions,
) -> Result<Plan, Error> {
    let rules = IgnoreRules::of(application_set)?;
    let policy = Policy::of(application_set, options.policy, options.policy_override);
    let planner = Planner { application_set, validation, options, rules, policy };
    let mut plan = Plan::default();
    let (live, reason) = match existing {
        Fact::Known(live) => (Some(live), String::new()),
        Fact::Unknown(reason) => (None, reason),
    };
    let namespace = text(application_set, &["metadata", "namespace"]);
    let own: Vec<&Value> = live
        .unwrap_or_default()
        .iter()
        .filter(|it| namespace.is_empty() || text(it, &["metadata", "namespace"]) == namespace)
        .collect();
    let by_name: BTreeMap<&str, &Value> =
        own.iter().map(|it| (text(it, &["metadata", "name"]), *it)).collect();
    let mut generated: Vec<&Value> = evaluation.applications.iter().map(|it| &it.application).collect();
    generated.sort_by_key(|application| text(application, &["metadata", "name"]));
    let stop = match evaluation.errors.first() {
        Some(error) => Some(format!("evaluation failed: {error}")),
        None if live.is_none() => Some(format!("existing Applications are not known: {reason}")),
        None => None,
    };
    for application in &generated {
        let before = by_name.get(text(application, &["metadata", "name"])).copied();
        plan.steps.push(planner.write(application, before, stop.as_deref()));
    }
    let names: BTreeSet<&str> = generated.iter().map(|it| text(it, &["metadata", "name"])).collect();
    let stop = stop.or_else(|| {
        let (need, reason) = evaluation.assumptions.first()?;
        Some(format!("{need} was taken for granted: {reason}"))
    });
    let clusters = facts.clusters();
    let gone = |(name, it): &(&&str, &&Value)| !names.contains(**name) && is_owned(application_set, it);
    for (_, application) in by_name.iter().filter(gone) {
        plan.steps.push(planner.delete(application, &clusters, stop.as_deref()));
    }
    Ok(plan)
}

struct Planner<'a> {
    application_set: &'a Value,
    validation: &'a Validation,
    options: &'a PlanOptions,
    rules: IgnoreRules,
    policy: Policy,
}

impl Planner<'_> {
    fn write(&self, application: &Value, before: Option<&Value>, stop: Option<&str>) -> Step {
        let step = |action, reason: String, after| Step {
            name: text(application, &["metadata", "name"]).into(),
            action,
            reason,
            before: before.cloned(),
            after,
        };
        let key = qualified_name(application);
        if let Some(error) = self.validation.errors.get(&key) {
            return step(Action::Invalid, error.clone(), before.cloned());
        }
        if let Some(stop) = stop {
            return step(Action::Unknown, stop.to_owned(), before.cloned());
        }
        if before.is_some_and(|before| is_owned(self.application_set, before)) && !self.policy.allows_update()
        {
            return step(Action::Forbidden, "the policy allows no updates".to_owned(), before.cloned());
        }
        let unverified = self.validation.unknown.get(&key);
        let note = unverified.map(|reason| format!(" (not validated: {reason})")).unwrap_or_default();
        let written =
            updated_with(self.application_set, before, application, &self.options.settings, &self.rules);
        match (before, written) {
            (_, Err(error)) => step(Action::Error, error.to_string(), before.cloned()),
            (_, Ok(None)) => step(Action::None, format!("nothing differs{note}"), before.cloned()),
            (None, Ok(after)) => step(Action::Create, format!("it does not exist{note}"), after),
            (Some(_), Ok(after)) => step(Action::Update, format!("it differs{note}"), after),
        }
    }

    fn delete(&self, application: &Value, clusters: &Fact<Arc<[Cluster]>>, stop: Option<&str>) -> Step {
        let (after, note) = without_finalizer(application, clusters);
        let (action, reason) = match stop {
            Some(stop) => (Action::Unknown, stop.to_owned()),
            None if !self.policy.allows_delete() => (
                Action::Forbidden,
                "it is no longer generated, but the policy allows no deletions".to_owned(),
            ),
            None => (Action::Delete, format!("it is no longer generated{note}")),
        };
        Step {
            name: text(application, &["metadata", "name"]).into(),
            action,
            reason,
            before: Some(application.clone()),
            after: Some(after),
        }
    }
}

/// An Application whose cluster is gone loses the finalizer that would delete what is in it.
fn without_finalizer(application: &Value, clusters: &Fact<Arc<[Cluster]>>) -> (Value, &'static str) {
    let finalizers = items(application, &["metadata", "finalizers"]);
    let known = match clusters {
        Fact::Known(clusters) => clusters,
        Fact::Unknown(_) => return (application.clone(), "; whether its cluster is known is not known"),
    };
    let destination = application.at(&["spec", "destination"]).cloned().unwrap_or_default();
    let has = finalizers.iter().any(|finalizer| finalizer.as_str() == Some(RESOURCES_FINALIZER));
    if !has || destination_server(&destination, known).is_ok() {
        return (application.clone(), "");
    }
    let rest: Vec<Value> =
        finalizers.iter().filter(|it| it.as_str() != Some(RESOURCES_FINALIZER)).cloned().collect();
    let mut after = application.clone();
    if let Some(metadata) = map_mut(&mut after, &["metadata"]) {
        metadata.insert("finalizers", rest);
    }
    (after, "; its cluster is not known, so what it deployed stays")
}
