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
    }
}

fn check(request: Check, _: &Context) -> Result<Option<Health>, Error> {
    let health = Checks::default().health(&request.object.0);
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
    }
}

fn aggregated(request: Aggregate, _: &Context) -> Result<AppHealth, Error> {
    let managed = request.resources.iter().map(|resource| {
        let target = resource.target.as_ref().map(|object| &object.0);
        let live = resource.live.as_ref().map(|object| &object.0);
        Managed { object: target.or(live).map(reference).unwrap_or_default(), target, live }
    });
    Ok(aggregate(&managed.collect::<Vec<_>>(), &Checks::default(), None))
}

fn reference(object: &Value) -> ObjectRef {
    let key = trueup_manifest::Object::new(object).key();
    ObjectRef { group: key.group, kind: key.kind, namespace: key.namespace, name: key.name }
}
