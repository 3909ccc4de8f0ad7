//! Argo CD's sync, as data: the order, the reasons and the steps.
//!
//! This crate says what a sync would do and, step by step, what to do next. It does nothing itself: the host writes, deletes and
//! reads objects, keeps the time and calls again.
//!
//! - [`reconcile`] pairs desired with live objects; [`plan`] puts them in order, each step with its reason, deletions apart.
//! - [`step`] is the state machine: dry run, phases and waves, hooks, health, failure, termination. Its [`State`] can be written down
//!   and taken up again after a crash at any point. [`advance`] adds sync windows and retries around it.
//! - Decisions: [`auto_sync`], [`can_sync`], [`delete_application`], [`rollback`], [`application_order`], and what a project permits
//!   ([`sync_permitted`], [`source_permitted`], [`destination_permitted`]).
//!
//! It promises: the same inputs give the same steps; no I/O, no clock, no randomness; no input makes it panic; an object that
//! [`World::owns`] does not claim is neither changed nor deleted; a [`PruneGuard`] refuses plans that delete too much.
//! It stands on `trueup-manifest` for documents, petgraph for dependencies and jiff's bundled database for time zones.
//!
//! ```
//! use trueup_manifest::{Map, Value};
//! use trueup_sync::*;
//!
//! fn object(kind: &str, name: &str, annotations: &[(&str, &str)]) -> Value {
//!     let annotations: Map = annotations.iter().copied().collect();
//!     let mut metadata = Map::from_iter([("name", name), ("namespace", "shop")]);
//!     metadata.insert("annotations", annotations);
//!     Map::from_iter([("apiVersion", "v1".into()), ("kind", kind.into()), ("metadata", Value::from(metadata))]).into()
//! }
//!
//! // The host's knowledge. What belongs to the application may be pruned.
//! struct Shop;
//! impl World for Shop {
//!     fn owns(&self, _live: &Value, _target: Option<&Value>) -> bool {
//!         true
//!     }
//! }
//!
//! let desired = [
//!     object("Job", "payment-migrate", &[(HOOK, "PreSync")]),
//!     object("Service", "payment", &[]),
//!     object("ConfigMap", "payment-flags", &[(SYNC_WAVE, "5")]),
//! ];
//! let live = [object("Service", "payment", &[]), object("Service", "payment-legacy", &[(SYNC_OPTIONS, "PruneLast=true")])];
//! let Reconciled { pairs, hooks } = reconcile(&desired, &live, "shop", &Shop);
//! let settings = Settings { namespace: "shop".into(), prune: true, ..Settings::default() };
//! let mut observation = Observation { pairs, hooks, ..Observation::default() };
//!
//! let plan = plan(&settings, &observation, 0, &Shop);
//! assert_eq!(
//!     plan.to_string(),
//!     "\
//! 1 PreSync  Job payment-migrate (hook, BeforeHookCreation)
//! 2 Sync     Service payment  update   waits for 1 to be healthy
//! 3 wave 5   ConfigMap payment-flags  create (not there yet)   waits for 2 to be healthy
//! 4 prune    Service payment-legacy   after everything above
//! deletes 1 of 2 live resources:
//!   /Service/shop/payment-legacy
//! "
//! );
//!
//! // The same, step by step: first everything is tried, then the hook is run.
//! let first = step(State::new(0), &settings, &observation, &Shop);
//! assert!(first.actions.iter().all(|action| action.to_string().starts_with("try ")));
//! observation.outcomes =
//!     first.actions.iter().map(|action| (action.id, Outcome::Done("created (dry run)".into()))).collect();
//! let second = step(first.state, &settings, &observation, &Shop);
//! assert_eq!(second.actions[0].to_string(), "apply Job payment-migrate");
//! ```

#![forbid(unsafe_code)]

mod apps;
mod auto_sync;
mod backoff;
mod call;
mod clock;
mod cron;
mod deletion;
mod engine;
mod error;
mod glob;
mod graph;
mod head;
mod hooks;
mod lifecycle;
mod messages;
mod order;
mod plan;
mod project;
mod reconcile;
mod results;
mod run;
mod settings;
mod task;
mod windows;
mod world;

pub use apps::{AppOfApps, application_order};
pub use auto_sync::{Attempt, AutoSync, AutoSyncQuestion, Skip, already_attempted, auto_sync};
pub use backoff::{SelfHeal, SelfHealBackoff, retry_wait, self_heal_remaining};
pub use clock::{format_rfc3339, parse_backoff_duration, parse_rfc3339};
pub use cron::Schedule;
pub use deletion::{
    Deletion, DeletionQuestion, RESOURCES_FINALIZER, creates_delete_hook, delete_application, deletion_batch,
};
pub use engine::{Action, ActionId, ActionKind, Next, Observation, Outcome, State, Step, step};
pub use error::SyncError;
pub use glob::matches_glob;
pub use graph::{Conflict, Need};
pub use hooks::*;
pub use lifecycle::{Advance, Attempts, Gates, Wake, advance, history_entry, rollback};
pub use messages::{Waiting, explain_failure, failure as failure_message, waiting_for};
pub use order::{Needs, Ordered, kind_weight, sort};
pub use plan::{Plan, PlanAction, PlanStep, Reason, plan};
pub use project::{
    Cluster, destination_permitted, is_confirmed, kind_permitted, normalize_repo_url, source_permitted,
    spec_violations, sync_permitted,
};
pub use reconcile::{Pair, Reconciled, reconcile};
pub use results::{OperationPhase, ResultCode, Results, TaskResult};
pub use settings::{
    Command, FIELD_MANAGER, Propagation, PruneGuard, Settings, Write, needs_migration,
    requires_deletion_confirmation, write,
};
pub use windows::{
    WindowQuestion, active_windows, can_sync, deny_allows_overrun, has_deny, inactive_allows,
    matching_windows, validate_new_window, validate_window, window_active,
};
pub use world::{Health, HealthStatus, NoWorld, Scope, World, builtin_scope, managed_namespace};
