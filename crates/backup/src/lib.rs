#![forbid(unsafe_code)]
//! Argo CD's own objects, backed up and restored.
//!
//! - [`export`] takes Applications, ApplicationSets, AppProjects and settings out of what a cluster holds, without what the cluster added and without
//!   secrets; what it gives is in the order in which it is restored.
//! - [`stage_of`] tells when an object is restored, [`dangers`] what to think of before that.
//! - [`verify_restore`] compares a backup with what is there afterwards.
//! - [`lint_jobs`] finds jobs that write secrets into backups.
//!
//! It promises that exporting what was restored gives the same bytes, and that the value of a secret is in no message and in no output unless
//! secrets are asked for. It stands on `trueup-manifest` only.
//!
//! ```
//! use trueup_backup::{ExportOptions, export};
//! use trueup_manifest::yaml::{self, ParseOptions};
//!
//! let text = b"{apiVersion: argoproj.io/v1alpha1, kind: AppProject, metadata: {name: shop, namespace: argocd, uid: 7b1f}, spec: {}}
//! ---
//! {apiVersion: v1, kind: Secret, metadata: {name: argocd-secret, namespace: argocd}, data: {server.secretkey: c2VjcmV0}}
//! ";
//! let backup = export(&yaml::parse_stream(text, &ParseOptions::kubernetes())?, &ExportOptions::default());
//! assert_eq!(backup.to_yaml()?, "apiVersion: argoproj.io/v1alpha1\nkind: AppProject\nmetadata:\n  name: shop\nspec: {}\n");
//! assert_eq!(backup.secrets[0].keys, ["server.secretkey"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod danger;
mod export;
mod jobs;
mod stage;
mod verify;

pub use danger::dangers;
pub use export::{Backup, ExportOptions, SecretEntry, export};
pub use jobs::lint_jobs;
pub use stage::{Stage, stage_of};
pub use verify::{Outcome, Verdict, Verification, verify_restore};
