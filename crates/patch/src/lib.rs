#![forbid(unsafe_code)]
//! Patches, as the Kubernetes API machinery and the tools around it make and apply them.
//!
//! - [`json_patch`]: JSON Patch (RFC 6902)
//! - [`merge_patch`]: JSON merge patch (RFC 7386), two-way and three-way
//! - [`strategic`]: the strategic merge patch, which knows how lists merge
//! - [`structured`]: structured merge, which knows who owns which field
//!
//! All work on [`trueup_manifest::Value`]: results share what did not change with their inputs. Types come from
//! `trueup-schema`. The reference is Kubernetes 1.36 with evanphx/json-patch; error texts are theirs.
//!
//! ```
//! use trueup_patch::merge_patch;
//! let value = |json| serde_json::from_str::<trueup_manifest::Value>(json).unwrap();
//! let (old, new) = (value(r#"{"replicas":1,"paused":true}"#), value(r#"{"replicas":2}"#));
//! let patch = merge_patch::create(&old, &new).unwrap();
//! assert_eq!(patch, value(r#"{"replicas":2,"paused":null}"#));
//! assert_eq!(merge_patch::apply(&old, &patch).unwrap(), new);
//! ```

mod go;
pub mod json_patch;
pub mod merge_patch;
pub mod strategic;
pub mod structured;
