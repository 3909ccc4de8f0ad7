//! An embeddable GitOps engine: what should run, how it differs from what runs, in which order it is made so, and why.
//!
//! Hand it a file tree (a checkout of a configuration repository) and what is known of the world (clusters, what runs in them), and
//! [`preview`] does the whole job with the results of Argo CD and kustomize: ApplicationSets become Applications, Applications are rendered, compared
//! with what runs, and planned. Every part is usable by itself: [`kustomize`], [`helm`], [`appset`], [`diff`], [`health`], [`sync`], [`template`], [`patch`], [`source`],
//! [`promotion`], [`rollouts`], [`backup`], [`secrets`],
//! on top of [`manifest`]; beside them [`atlantis`] and [`terraform`] for the infrastructure in the same repository. [`api`] is the surface for other
//! languages: every operation by its name, over plain data.
//!
//! It opens no file, no socket and no process, reads no clock and no environment; the same input gives the same bytes. What is not known is never
//! taken for empty, what is not supported is a typed error, and no secret reaches an output.
//!
//! ```
//! use trueup::manifest::FileTree;
//!
//! let tree = FileTree::from_files([
//!     ("app/kustomization.yaml", "namePrefix: demo-\nresources: [service.yaml]\n"),
//!     ("app/service.yaml", "apiVersion: v1\nkind: Service\nmetadata: {name: web}\n"),
//! ])?;
//! let manifests = trueup::kustomize::build(&tree, "app", &Default::default())?;
//! assert_eq!(manifests.to_yaml()?, "apiVersion: v1\nkind: Service\nmetadata:\n  name: demo-web\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

pub mod api;
mod discover;
mod explain;
mod impact;
mod parallel;
mod preview;
pub mod report;
mod world;

/// The Rust blocks of the guides are run as tests.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../../docs/kustomize.md")]
    mod kustomize {}
    #[doc = include_str!("../../../docs/helm.md")]
    mod helm {}
    #[doc = include_str!("../../../docs/preview.md")]
    mod preview {}
    #[doc = include_str!("../../../docs/impact.md")]
    mod impact {}
    #[doc = include_str!("../../../docs/applicationsets.md")]
    mod applicationsets {}
    #[doc = include_str!("../../../docs/compare-and-plan.md")]
    mod compare_and_plan {}
    #[doc = include_str!("../../../docs/documents.md")]
    mod documents {}
    #[doc = include_str!("../../../docs/promotion.md")]
    mod promotion {}
    #[doc = include_str!("../../../docs/rollouts.md")]
    mod rollouts {}
    #[doc = include_str!("../../../docs/secrets.md")]
    mod secrets {}
    #[doc = include_str!("../../../docs/errors.md")]
    mod errors {}
    #[doc = include_str!("../../../docs/infrastructure.md")]
    mod infrastructure {}
}

pub use discover::{Discovered, Found, discover};
pub use explain::explain;
pub use impact::{
    AffectedApplication, Impact, ImpactOptions, ReachedKustomization, Reason, TerraformImpact,
    TerraformProject, impact,
};
pub use preview::{PreviewOptions, WorldFacts, preview, world_facts};
pub use report::Report;
pub use trueup_appset as appset;
pub use trueup_atlantis as atlantis;
pub use trueup_backup as backup;
pub use trueup_diff as diff;
pub use trueup_health as health;
pub use trueup_helm as helm;
pub use trueup_kustomize as kustomize;
pub use trueup_manifest as manifest;
pub use trueup_patch as patch;
pub use trueup_promotion as promotion;
pub use trueup_rollouts as rollouts;
pub use trueup_schema as schema;
pub use trueup_secrets as secrets;
pub use trueup_source as source;
pub use trueup_sync as sync;
pub use trueup_template as template;
pub use trueup_terraform as terraform;
pub use world::{Cluster, World};
