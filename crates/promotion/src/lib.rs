#![forbid(unsafe_code)]
//! From one environment to the next, in Git: what `kustomize edit set` and a promotion do, as edits that a reviewer likes to read.
//!
//! - [`edit`] sets an image, replicas, a namespace, a prefix, a label in a kustomization's text; [`set_scalar`] a scalar anywhere.
//! - [`promote`] brings what one overlay runs to the next; [`Chain`] tells which environment runs what, and what skips one.
//! - [`PullRequest`] names what a promotion is, and [`rendered_changes`] what it does to the objects.
//! - [`rollback`] takes a commit back, file by file, and [`rollback_warnings`] tells what going back cannot undo.
//!
//! It promises the meaning that kustomize 5.8 gives the same edit, in a text of which every other byte is as it was. It stands on
//! `trueup-manifest` only.
//!
//! ```
//! use trueup_promotion::{Edit, edit};
//!
//! let overlay = "# staging\nimages:\n- name: web\n  newTag: abc123f # by the release bot\n";
//! let edited = edit(overlay, &Edit::parse("image", &["web=*:9f8e7d6"])?)?;
//! assert_eq!(edited.text, overlay.replace("abc123f", "9f8e7d6"));
//! # Ok::<(), trueup_promotion::PromotionError>(())
//! ```

mod chain;
mod edit;
mod error;
mod image;
mod merge;
mod promote;
mod pull_request;
mod rendered;
mod rollback;
mod warnings;

pub use chain::{Chain, ChainRow, Environment};
pub use edit::{Edit, Edited, edit, set_scalar};
pub use error::PromotionError;
pub use image::{Image, ImageChange, Reference, images};
pub use merge::{Conflict, merge_text};
pub use promote::{ImageChanged, PromoteOptions, Promotion, promote};
pub use pull_request::PullRequest;
pub use rendered::{RenderedChange, rendered_changes};
pub use rollback::{FileChange, FileConflict, Rollback, rollback};
pub use warnings::rollback_warnings;
