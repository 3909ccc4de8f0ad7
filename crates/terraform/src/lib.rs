//! Terraform's plans and states as data: what a plan changes and what has drifted, whether a state may be pushed, which files a
//! project reads.
//!
//! - [`summarize`] reads what `terraform show -json PLANFILE` writes: a [`Verdict`], the changes of every object leaf by leaf, drift,
//!   outputs, checks. [`rollup`] adds up the plans of several projects.
//! - [`check_push`] says whether `terraform state push` accepts a state and what would be lost, [`rebase`] makes one that it accepts,
//!   [`compare_states`] names what differs.
//! - [`reads`] follows modules; [`affected`] names the projects that read a changed file.
//! - [`lint_workflow`] finds workflows that look for drift and never see any.
//!
//! It promises: no value that a plan marks as sensitive, and no attribute of a state, reaches an output, an error or a debug print;
//! numbers are kept as they are written; an unknown action is `unknown`, never a failure. It runs no Terraform.
//! It stands on `trueup-manifest` only.
//!
//! ```
//! use trueup_manifest::Limits;
//! use trueup_terraform::{Verdict, summarize};
//!
//! // Drift that no apply would touch: `plan -detailed-exitcode` returns 0.
//! let plan = br#"{"format_version": "1.2", "applyable": false, "resource_changes": [], "resource_drift": [
//!     {"address": "db.main", "change": {"actions": ["update"], "before": {"size": 2}, "after": {"size": 9}}}]}"#;
//! let summary = summarize(plan, &Limits::default())?;
//! assert_eq!((summary.verdict, summary.exit_code), (Verdict::DriftOnly, 0));
//! # Ok::<(), trueup_terraform::TerraformError>(())
//! ```

#![forbid(unsafe_code)]

mod changes;
mod error;
mod exact;
mod lint;
mod modules;
mod plan;
mod rollup;
mod show;
mod state;

pub use changes::{After, LeafChange, Step};
pub use error::TerraformError;
pub use lint::lint_workflow;
pub use modules::{ModuleCall, Reads, affected, reads};
pub use plan::{
    ChangeKind, CheckResult, DeferredChange, DriftedResource, OutputChange, PlanSummary, ResourceChange,
    Verdict, summarize,
};
pub use rollup::{Rollup, rollup};
pub use state::{PushCheck, PushMode, PushRule, State, StateDiff, check_push, compare_states, rebase};
