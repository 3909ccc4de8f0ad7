//! Which check judges an object: custom, shipped, built in.

use crate::builtin;
use crate::fields::Fields;
use crate::shipped::shipped_check;
use crate::status::{Health, HealthError, Status};
use ecow::EcoString;
use std::collections::BTreeMap;
use std::fmt;
use trueup_manifest::{Value, glob_matches};

type Custom = Box<dyn Fn(&Value) -> Result<Health, HealthError> + Send + Sync>;

const HOOK_FINALIZER: &str = "argocd.argoproj.io/hook-finalizer";

/// The checks by which objects are judged.
///
/// ```
/// use trueup_health::{Checks, Health, Status};
/// let object = |json: &str| serde_json::from_str::<trueup_manifest::Value>(json).unwrap();
/// let claim = object(r#"{"apiVersion":"v1","kind":"PersistentVolumeClaim","status":{"phase":"Pending"}}"#);
/// let health = Checks::default().health(&claim).unwrap().unwrap();
/// assert_eq!(health.status, Some(Status::Progressing));
/// let lenient = Checks::default().with("PersistentVolumeClaim", |_| Ok(Health::new(Status::Healthy, "fine")));
/// assert_eq!(lenient.health(&claim).unwrap().unwrap().message, "fine");
/// ```
pub struct Checks {
    custom: BTreeMap<EcoString, Custom>,
    with_shipped: bool,
    pub(crate) now: Option<i64>,
}

impl Default for Checks {
    /// Returns the built-in checks and those that ship with Argo CD.
    fn default() -> Self {
        Self { custom: BTreeMap::new(), with_shipped: true, now: None }
    }
}

impl fmt::Debug for Checks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let custom: Vec<&EcoString> = self.custom.keys().collect();
        f.debug_struct("Checks").field("custom", &custom).field("with_shipped", &self.with_shipped).finish()
    }
}

impl Checks {
    /// Returns the built-in checks only.
    pub fn built_in() -> Self {
        Self { with_shipped: false, ..Self::default() }
    }

    /// Sets what scripts that are added later take for the current time, in seconds since 1970.
    #[must_use]
    pub fn at(self, now: Option<i64>) -> Self {
        Self { now, ..self }
    }

    /// Adds a custom check for `group/Kind`, for `Kind` in the core group, or for a glob of that form.
    #[must_use]
    pub fn with(
        mut self,
        key: &str,
        check: impl Fn(&Value) -> Result<Health, HealthError> + Send + Sync + 'static,
    ) -> Self {
        self.custom.insert(key.into(), Box::new(check));
        self
    }

    /// Returns the health of an object; nothing if no check knows its kind.
    ///
    /// # Errors
    /// When a check fails. The health is then [`Status::Unknown`], see [`Checks::judge`].
    pub fn health(&self, object: &Value) -> Result<Option<Health>, HealthError> {
        if is_going(object) {
            return Ok(Some(Health::new(Status::Progressing, "Pending deletion")));
        }
        let text = |key| object.get(key).and_then(Value::as_str).unwrap_or_default();
        let group = text("apiVersion").rsplit_once('/').map_or("", |(group, _)| group);
        let key = lookup(self.custom.keys(), group, text("kind"));
        if let Some(check) = key.and_then(|key| self.custom.get(key)) {
            return check(object).map(Some);
        }
        let shipped = self.with_shipped.then(|| shipped_check(object)).flatten();
        shipped.or_else(|| builtin::check(object)).transpose()
    }

    /// As [`Checks::health`], with a failed check as unknown health beside the error.
    pub fn judge(&self, object: &Value) -> (Option<Health>, Option<HealthError>) {
        match self.health(object) {
            Ok(health) => (health, None),
            Err(error) => (Some(Health::new(Status::Unknown, error.to_string())), Some(error)),
        }
    }
}

/// Tells whether an object is being deleted. A hook that waits for its own end is not.
fn is_going(object: &Value) -> bool {
    let finalizers = object.at(&["metadata", "finalizers"]).and_then(Value::as_seq).unwrap_or_default();
    Fields(object).get(&["metadata", "deletionTimestamp"]).is_some()
        && !finalizers.iter().any(|finalizer| *finalizer == HOOK_FINALIZER)
}

/// Returns the key that applies to a kind: its own, else the longest glob that matches, the smallest of several.
pub fn lookup<'k>(
    keys: impl Iterator<Item = &'k EcoString> + Clone,
    group: &str,
    kind: &str,
) -> Option<&'k EcoString> {
    let own = if group.is_empty() { kind.to_owned() } else { format!("{group}/{kind}") };
    let exact = keys.clone().find(|key| **key == own);
    let globs = keys.filter(|key| glob_matches(key, &own));
    exact.or_else(|| globs.max_by(|a, b| a.len().cmp(&b.len()).then_with(|| b.cmp(a))))
}
