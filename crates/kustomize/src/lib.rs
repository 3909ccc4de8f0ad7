#![forbid(unsafe_code)]
//! `kustomize build` as a pure function: a [`FileTree`] and a directory in, manifests out.
//!
//! The output equals that of kustomize 5.8.1 byte for byte, and what it refuses is refused, in its words. Nothing is fetched
//! or run: remote bases are trees mounted under their URL, charts are rendered by a [`ChartRenderer`] of the host, and
//! whatever else needs a program is a typed error. Stands on `trueup-manifest` (YAML, values, trees) and `trueup-schema`.
//!
//! ```
//! use trueup_kustomize::{Options, build};
//! use trueup_manifest::FileTree;
//!
//! let tree = FileTree::from_files([
//!     ("base/kustomization.yaml", "resources: [web.yaml]\nnamePrefix: my-\n"),
//!     ("base/web.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n"),
//! ])?;
//! let manifests = build(&tree, "base", &Options::default())?;
//! assert_eq!(manifests.to_yaml()?, "apiVersion: v1\nkind: Service\nmetadata:\n  name: my-web\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod config;
mod declared;
mod decode;
mod documents;
mod error;
mod explain;
mod fieldspec;
mod functions;
mod generate;
mod go_syntax;
mod hash;
mod ids;
mod items;
mod kustomization;
mod limits;
mod load;
mod manifests;
mod node;
mod options;
mod origin;
mod patch;
mod path;
mod plugin;
mod references;
mod resmap;
mod resource;
mod selector;
mod sort;
mod steps;
mod timestamp;
mod trace;
mod transform;

pub use build::Renderer;
pub use declared::Declared;
pub use error::{Error, ErrorKind};
pub use explain::{Explanation, Reason};
pub use functions::{
    ContainerFunction, ExecFunction, Function, FunctionFailure, FunctionMount, FunctionRequest,
    FunctionRunner,
};
pub use kustomization::HelmChart;
pub use load::GitUrl;
pub use manifests::{Manifest, Manifests};
pub use options::{ChartRenderer, ChartRequest, LoadRestrictions, Options, Reorder};
pub use references::{Reference, ReferenceTarget, references};
pub use trace::{Cause, Version};
pub use transform::split_image;

use trueup_manifest::FileTree;

/// Builds a directory of a tree, or a remote one that is mounted.
///
/// To build several directories of one tree, use a [`Renderer`]: it shares what they have in common.
///
/// # Errors
/// [`Error`] when kustomize would fail, when something remote is missing, and for what a pure build cannot do.
pub fn build(tree: &FileTree, directory: &str, options: &Options) -> Result<Manifests, Error> {
    Renderer::new(tree.clone(), options.clone()).build(directory)
}
