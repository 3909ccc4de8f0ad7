//! Health.

use super::table;
use crate::api::shape::{Empty, Object, input, output, words};
use crate::api::{Context, Error};
use trueup_health::{AppHealth, Checks, Health, Managed, ObjectRef, Status, aggregate};
use trueup_manifest::{Diagnostic, EcoString, Value};

table! {
    /// Judges an object as Argo CD does; null if no check knows its kind.
    "health.check": Check => check => Option<Health>;
    /// Judges an Application by its objects.
    "health.aggregate": Aggregate => aggregated => AppHealth;
    /// Tells which checks of a ConfigMap `argocd-cm` call no Rollout healthy, and how they read mended.
    "health.lint": Lint => linted => Vec<Diagnostic>;
}

words! { Status: "Healthy", "Suspended", "Progressing", "Missing", "Degraded", "Unknown" }

output! {
    /// How an object is doing.
    struct Health: Health {
        /// The status; null if a custom check gave none.
        status: Option<Status>,
        /// Why.
        message: EcoString,
    }
}

output! {
    /// Who an object is.
    struct ObjectRef: ObjectRef {
        /// The API group; empty for the core group.
        group: EcoString,
        /// The kind.
        kind: EcoString,
        /// The namespace; empty for what lives in none.
        namespace: EcoString,
        /// The name.
        name: EcoString,
    }
}

output! {
    /// How an Application is doing.
    struct AppHealth: AppHealth {
        /// The status.
        status: Status,
        /// The objects that brought it about.
        causes: Vec<ObjectRef>,
        /// The health of each object, in order; null for those that have none or take no part.
        resources: Vec<Option<Health>>,
        /// Checks that failed.
        diagnostics: Vec<Diagnostic>,
    }
}

input! {
    /// An object to judge.
    struct Check {
        /// The object as it is in the cluster.
        object: Object,
        /// The `data` of the ConfigMap `argocd-cm`, which may have checks of its own, in Lua.
        settings: Option<Object>,
        /// The current time in seconds since 1970, for checks in Lua that ask for it.
        now: Option<i64>,
    }
}

fn checks(settings: Option<&Object>, now: Option<i64>) -> (Checks, Vec<Diagnostic>) {
    match settings {
        Some(data) => Checks::default().at(now).with_config_map(&data.0),
        None => (Checks::default(), Vec::new()),
    }
}

fn check(request: Check, _: &Context) -> Result<Option<Health>, Error> {
    // A check that cannot be used fails on the objects that it is for.
    let (checks, _) = checks(request.settings.as_ref(), request.now);
    let health = checks.health(&request.object.0);
    health.map_err(|error| Diagnostic::error("health/check-failed", error.to_string()).into())
}

input! {
    /// An object of an Application.
    struct ManagedObject {
        /// The object as desired; null if it is not any more.
        target: Option<Object>,
        /// The object as it is; null if it is not there.
        live: Option<Object>,
    }
}

input! {
    /// An Application's objects.
    struct Aggregate {
        /// Its objects.
        resources: Vec<ManagedObject> = Empty,
        /// The `data` of the ConfigMap `argocd-cm`, which may have checks of its own, in Lua.
        settings: Option<Object>,
        /// The current time in seconds since 1970, for checks in Lua that ask for it.
        now: Option<i64>,
    }
}

fn aggregated(request: Aggregate, _: &Context) -> Result<AppHealth, Error> {
    let managed = request.resources.iter().map(|resource| {
        let target = resource.target.as_ref().map(|object| &object.0);
        let live = resource.live.as_ref().map(|object| &object.0);
        Managed { object: target.or(live).map(reference).unwrap_or_default(), target, live }
    });
    let (checks, unusable) = checks(request.settings.as_ref(), request.now);
    let mut health = aggregate(&managed.collect::<Vec<_>>(), &checks, None);
    health.diagnostics.splice(0..0, unusable);
    Ok(health)
}

input! {
    /// Settings to look at.
    struct Lint {
        /// The `data` of the ConfigMap `argocd-cm`.
        settings: Object,
    }
}

fn linted(request: Lint, _: &Context) -> Result<Vec<Diagnostic>, Error> {
    Ok(trueup_health::lint_config_map(&request.settings.0))
}

fn reference(object: &Value) -> ObjectRef {
    let key = trueup_manifest::Object::new(object).key();
    ObjectRef { group: key.group, kind: key.kind, namespace: key.namespace, name: key.name }
}
