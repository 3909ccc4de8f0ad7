//! What the health of its objects says about an Application.

use crate::checks::Checks;
use crate::fields::Fields;
use crate::hooks::{is_hook, is_ignored, is_skipped};
use crate::status::{Health, HealthError, Status};
use ecow::EcoString;
use serde::Serialize;
use std::fmt;
use trueup_manifest::{Diagnostic, Value};

const IGNORE_HEALTHCHECK: &str = "argocd.argoproj.io/ignore-healthcheck";

/// Who an object is, for messages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct ObjectRef {
    /// The API group; empty for the core group.
    pub group: EcoString,
    /// The kind.
    pub kind: EcoString,
    /// The namespace; empty for what lives in none.
    pub namespace: EcoString,
    /// The name.
    pub name: EcoString,
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |text: &str| if text.is_empty() { String::new() } else { format!("{text}/") };
        write!(f, "{}{}:{}{}", part(&self.group), self.kind, part(&self.namespace), self.name)
    }
}

/// An object of an Application: what is desired and what is there.
#[derive(Clone, Debug, Default)]
pub struct Managed<'v> {
    /// Who it is.
    pub object: ObjectRef,
    /// The object as desired.
    pub target: Option<&'v Value>,
    /// The object as it is.
    pub live: Option<&'v Value>,
}

/// The health of an Application.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct AppHealth {
    /// The status.
    pub status: Status,
    /// The objects that brought it about.
    pub causes: Vec<ObjectRef>,
    /// The health of each object, in order; nothing for those that have none or take no part.
    pub resources: Vec<Option<Health>>,
    /// Checks that failed.
    pub diagnostics: Vec<Diagnostic>,
}

/// Judges an Application by its objects. `app` is the Application's own object, which does not count if it is among them.
pub fn aggregate(resources: &[Managed<'_>], checks: &Checks, app: Option<&ObjectRef>) -> AppHealth {
    let mut out = AppHealth {
        status: Status::Healthy,
        causes: Vec::new(),
        resources: Vec::new(),
        diagnostics: Vec::new(),
    };
    let (mut counted, mut present) = (false, false);
    for resource in resources {
        let health = if takes_no_part(resource) {
            None
        } else {
            counted = true;
            present = present || resource.live.is_some();
            judge(resource, checks, app, &mut out)
        };
        out.resources.push(health);
    }
    if counted && !present && out.status.is_worse(Status::Missing) {
        out.status = Status::Missing;
        out.causes.clear();
    }
    out
}

fn takes_no_part(resource: &Managed<'_>) -> bool {
    resource.target.is_some_and(is_skipped)
        || resource.live.is_some_and(|live| is_hook(live) || is_ignored(live))
}

fn judge(
    resource: &Managed<'_>,
    checks: &Checks,
    app: Option<&ObjectRef>,
    out: &mut AppHealth,
) -> Option<Health> {
    let Some(live) = resource.live else { return Some(Health::new(Status::Missing, "")) };
    if Fields(live).annotation(IGNORE_HEALTHCHECK) == Some("true") || app == Some(&resource.object) {
        return None;
    }
    let (health, error) = checks.judge(live);
    out.diagnostics.extend(error.map(|error| diagnostic(&error, &resource.object)));
    let health = health?;
    let is_app = resource.object.group == "argoproj.io" && resource.object.kind == "Application";
    let counts = |status: &Status| !(is_app && matches!(status, Status::Missing | Status::Unknown));
    if let Some(status) = health.status.filter(counts) {
        if out.status.is_worse(status) {
            out.status = status;
            out.causes = vec![resource.object.clone()];
        } else if status == out.status && status != Status::Healthy {
            out.causes.push(resource.object.clone());
        }
    }
    Some(health)
}

fn diagnostic(error: &HealthError, object: &ObjectRef) -> Diagnostic {
    Diagnostic::error("health/check-failed", error.to_string()).because(format!("the health of {object}"))
}

/// How many causes a message names.
const NAMED_CAUSES: usize = 3;

/// Writes what brought a status about: `Caused by apps/Deployment:ns/name, … and 2 more`.
pub fn format_causes(causes: &[ObjectRef]) -> String {
    if causes.is_empty() {
        return String::new();
    }
    let named: Vec<String> = causes.iter().take(NAMED_CAUSES).map(ObjectRef::to_string).collect();
    let more = match causes.len().saturating_sub(NAMED_CAUSES) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    format!("Caused by {}{more}", named.join(", "))
}
