#![forbid(unsafe_code)]
//! Is it healthy? As Argo CD judges it.
//!
//! [`Checks`] judges one object: by a custom check, by one that ships with Argo CD, by a built-in one, in this order.
//! [`aggregate`] judges an Application by its objects. With the feature `lua`, custom checks may be scripts.
//!
//! It promises Argo CD 3.6's status and message for the same object; an object that cannot be read is unknown, never
//! healthy. It stands on `trueup-manifest` only.
//!
//! ```
//! use trueup_health::{Checks, Status};
//! let job = r#"{"apiVersion":"batch/v1","kind":"Job","status":{"conditions":[{"type":"Failed","message":"no"}]}}"#;
//! let health = Checks::default().health(&serde_json::from_str(job).unwrap()).unwrap().unwrap();
//! assert_eq!((health.status, health.message.as_str()), (Some(Status::Degraded), "no"));
//! ```

mod aggregate;
mod builtin;
mod checks;
mod fields;
mod hooks;
#[cfg(feature = "lua")]
pub mod lua;
mod never_healthy;
mod settings;
mod shipped;
mod status;

pub use aggregate::{AppHealth, Managed, ObjectRef, aggregate, format_causes};
pub use checks::{Checks, lookup};
pub use never_healthy::lint_config_map;
pub use shipped::shipped_check;
pub use status::{Health, HealthError, Status};
