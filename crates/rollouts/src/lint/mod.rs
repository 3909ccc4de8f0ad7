//! What the controller accepts and nobody means.

mod analysis;
mod owners;
mod services;
mod weights;

use crate::model::{Rollout, is_rollout};
use crate::validate::validate;
use std::fmt;
use trueup_manifest::{Diagnostic, Object, Value};

/// Returns what is wrong with the rollouts among objects that belong together, such as those of a tree: what cannot be read, what
/// [`validate`] says, and what is odd about it beside the other objects.
///
/// - `rollouts/missing-analysis-template`: an analysis of templates that are not there. The controller stops the rollout then.
/// - `rollouts/weights-not-ascending`: a step that takes traffic back.
/// - `rollouts/canary-in-name-only`: nothing waits and nothing is looked at before the new version has all traffic.
/// - `rollouts/replicas-owned-twice`: a number of replicas in the tree, of a rollout that is scaled automatically.
/// - `rollouts/same-pods`: a workload of another kind whose selector finds the same pods.
/// - `rollouts/missing-service`, `rollouts/service-selector`: a service that is not there, or that does not find the pods.
///
/// A namespace that is not said fits every other. Order: as the rollouts are given.
///
/// ```
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let text = b"{apiVersion: argoproj.io/v1alpha1, kind: Rollout, metadata: {name: web}, spec: {workloadRef: {kind: Deployment, name: web},
///   strategy: {canary: {steps: [{setWeight: 50}, {pause: {}}], analysis: {templates: [{templateName: success-rate}]}}}}}";
/// let objects = yaml::parse_stream(text, &ParseOptions::kubernetes()).unwrap();
/// let found = trueup_rollouts::lint(&objects);
/// assert_eq!(found[0].code, "rollouts/missing-analysis-template");
/// ```
pub fn lint(objects: &[Value]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for value in objects.iter().filter(|value| is_rollout(Object::new(value))) {
        let key = Object::new(value).key();
        let of_rollout = |diagnostic: Diagnostic| diagnostic.because(format!("of {key}"));
        match Rollout::read(value) {
            Ok(rollout) => {
                let problems = validate(&rollout).into_iter().map(|problem| problem.diagnostic());
                found.extend(problems.chain(odd(&rollout, objects)).map(of_rollout));
            }
            Err(error) => found.push(of_rollout(error.diagnostic())),
        }
    }
    found
}

fn odd(rollout: &Rollout, objects: &[Value]) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    analysis::check(rollout, objects, &mut found);
    weights::check(rollout, &mut found);
    owners::check(rollout, objects, &mut found);
    services::check(rollout, objects, &mut found);
    found
}

fn warning(code: &str, message: impl fmt::Display) -> Diagnostic {
    Diagnostic::warning(code, message.to_string())
}

/// Returns the objects of a kind in the namespace of a rollout.
fn of_kind<'a>(
    rollout: &Rollout,
    objects: &'a [Value],
    group: &'static str,
    kind: &'static str,
) -> impl Iterator<Item = Object<'a>> {
    let namespace = rollout.namespace().to_owned();
    let fits = move |object: &Object<'_>| {
        let other = object.namespace();
        object.group() == group
            && object.kind() == kind
            && (other == namespace || other.is_empty() || namespace.is_empty())
    };
    objects.iter().map(Object::new).filter(fits)
}
