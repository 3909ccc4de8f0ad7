//! What becomes of generated Applications: create, update, delete, or leave alone.

mod ignore;
mod jq;
mod plan;
mod update;

pub(crate) use ignore::IgnoreRules;
pub use ignore::apply_ignore_differences;
pub use plan::{Action, Existing, Plan, PlanOptions, Step, plan};
pub use update::{Settings, updated};

use crate::model::text;
use serde::Serialize;
use trueup_manifest::Value;

/// What the controller may do with Applications.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Policy {
    /// Create only.
    CreateOnly,
    /// Create and update.
    CreateUpdate,
    /// Create and delete.
    CreateDelete,
    /// Create, update and delete.
    #[default]
    Sync,
}

impl Policy {
    /// Returns the policy of a name; the empty name is `sync`.
    ///
    /// ```
    /// use trueup_appset::reconcile::Policy;
    ///
    /// assert_eq!(Policy::named("create-only"), Some(Policy::CreateOnly));
    /// assert!(Policy::named("").unwrap().allows_delete());
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "create-only" => Self::CreateOnly,
            "create-update" => Self::CreateUpdate,
            "create-delete" => Self::CreateDelete,
            "sync" | "" => Self::Sync,
            _ => return None,
        })
    }

    /// Returns the policy of an ApplicationSet under a controller: its own counts only where overriding is enabled.
    ///
    /// An own policy that does not exist allows neither updates nor deletions.
    pub fn of(application_set: &Value, controller: Self, override_enabled: bool) -> Self {
        let own = text(application_set, &["spec", "syncPolicy", "applicationsSync"]);
        let is_set =
            application_set.at(&["spec", "syncPolicy", "applicationsSync"]).is_some_and(|own| !own.is_null());
        match is_set && override_enabled {
            true => Self::named(own).filter(|_| !own.is_empty()).unwrap_or(Self::CreateOnly),
            false => controller,
        }
    }

    /// Returns true if Applications may be updated.
    pub fn allows_update(self) -> bool {
        matches!(self, Self::CreateUpdate | Self::Sync)
    }

    /// Returns true if Applications may be deleted.
    pub fn allows_delete(self) -> bool {
        matches!(self, Self::CreateDelete | Self::Sync)
    }
}
