#![forbid(unsafe_code)]
//! Desired against live, as Argo CD compares them.
//!
//! [`compare`] takes everything an Application wants and everything there is, and tells for each object how it stands,
//! field by field, with the rule that suppressed each suppressed difference. [`compare_one`] does so for one object.
//!
//! It promises: the same verdict as Argo CD 3.6 on the same input; one object's bad input costs only that object and is
//! never "in sync"; no secret value in anything it shows ([`mask`]). It stands on `trueup-patch` and `trueup-schema`.
//!
//! ```
//! use trueup_diff::{Options, State, compare, rules::Rules};
//! let object = |json: &str| serde_json::from_str::<trueup_manifest::Value>(json).unwrap();
//! let wanted = object(r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}"#);
//! let comparison = compare(&[wanted], &[], &Rules::default(), &Options::default());
//! assert_eq!(comparison.resources[0].state, State::Missing);
//! ```

mod compare;
mod defaults;
mod error;
mod last_applied;
pub mod mask;
pub mod normalize;
mod object;
mod pair;
mod report;
mod respect;
pub mod rules;
mod schemas;
mod server_side;
mod structured;
mod three_way;
pub mod tracking;
pub mod typed;

pub use compare::{
    Comparison, DesiredSet, OrphanRule, Resource, State, Summary, SyncStatus, compare_all as compare,
    compare_one, desired_set, orphan_warning, orphaned, predict,
};
pub use error::DiffError;
pub use object::{LAST_APPLIED, ObjectKey};
pub use pair::{Compared, Input, MANAGER, Options, Pair, Strategy};
pub use report::{Change, ChangeKind, Report};
pub use respect::respect_ignored;
pub use server_side::without_owned_ancestors;

use pair::trusted_sides;
