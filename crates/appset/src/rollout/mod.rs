//! RollingSync: Applications step by step, and their deletion in reverse.
//!
//! One reconcile of the controller is: [`steps`], [`update_status`], [`may_sync`], [`progress`], [`conditions`] and
//! [`sync_applications`]; [`perform`] does them in order.

mod delete;
mod issues;
mod perform;
mod progress;
mod status;
mod steps;
mod sync;
mod time;

pub use delete::{Deletion, next_deletion};
pub use issues::Issues;
pub use perform::{Rollout, conditions, perform};
pub use progress::progress;
pub use status::update_status;
pub use steps::{Steps, may_sync, steps};
pub use sync::{operation, sync_applications};

use crate::model::{items, text};
use trueup_manifest::Value;

/// Returns true if the strategy is RollingSync.
pub fn is_rolling_sync(application_set: &Value) -> bool {
    let rolling = application_set.at(&["spec", "strategy", "rollingSync"]);
    text(application_set, &["spec", "strategy", "type"]) == "RollingSync"
        && rolling.is_some_and(|rolling| !rolling.is_null())
}

/// Returns true if the strategy is RollingSync and has steps.
pub fn is_enabled(application_set: &Value) -> bool {
    is_rolling_sync(application_set) && !step_list(application_set).is_empty()
}

/// Returns true if deleting the ApplicationSet deletes its Applications one by one, the last step first.
pub fn is_deletion_reversed(application_set: &Value) -> bool {
    let order = text(application_set, &["spec", "strategy", "deletionOrder"]);
    is_enabled(application_set) && order.eq_ignore_ascii_case("Reverse")
}

fn step_list(application_set: &Value) -> &[Value] {
    items(application_set, &["spec", "strategy", "rollingSync", "steps"])
}

fn name_of(application: &Value) -> &str {
    text(application, &["metadata", "name"])
}
