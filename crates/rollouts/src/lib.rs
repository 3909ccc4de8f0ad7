#![forbid(unsafe_code)]
//! Argo Rollouts before they run: what a rollout will do, whether the controller accepts it, and what is odd about it.
//!
//! - [`plan`] tells the steps of a rollout, the traffic and the pods of each, how long it waits, and where it is.
//! - [`validate`] says what the controller refuses, with its paths and words.
//! - [`lint`] says over all objects of a tree what the controller accepts and nobody means.
//! - [`canary_counts`] tells how many pods come closest to a weight.
//!
//! It promises the results of Argo Rollouts 1.10 for the same object; the pod template is checked for what a rollout needs of it, and left to
//! Kubernetes otherwise. It stands on `trueup-manifest` only. How a rollout is doing is told by `trueup-health`.
//!
//! ```
//! use trueup_rollouts::{Rollout, plan};
//! use trueup_manifest::yaml::{self, ParseOptions};
//!
//! let text = b"apiVersion: argoproj.io/v1alpha1
//! kind: Rollout
//! metadata: {name: payment}
//! spec:
//!   replicas: 3
//!   strategy:
//!     canary:
//!       steps: [{setWeight: 20}, {pause: {duration: 5m}}, {setWeight: 50}, {pause: {}}]
//! ";
//! let rollout = Rollout::read(&yaml::parse(text, &ParseOptions::kubernetes())?)?;
//! let plan = plan(&rollout)?;
//! let counts: Vec<_> = plan.steps.iter().map(|step| (step.weight_after, step.canary_replicas, step.stable_replicas)).collect();
//! assert_eq!(counts, [(20, 1, 3), (20, 1, 3), (50, 2, 2), (50, 2, 2)]);
//! assert_eq!((plan.pause_seconds, plan.first_indefinite_pause), (300, Some(3)));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod counts;
mod error;
mod lint;
mod model;
mod plan;
mod progress;
mod step_hash;
mod validate;

pub use counts::{Counts, canary_counts};
pub use error::RolloutError;
pub use lint::lint;
pub use model::Rollout;
pub use plan::{Background, Pause, Plan, Step, StepKind, StepState, Strategy, plan};
pub use progress::Progress;
pub use validate::{Problem, ProblemKind, validate};
