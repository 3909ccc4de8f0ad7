//! Argo CD Application sources: which manifests an Application declares.
//!
//! A source is a directory of plain manifests, a kustomization, or a Helm chart; an Application has one or several. What
//! [`render`] answers is what Argo CD's repository server answers for the same trees: the kind of source is detected as it does, `.argocd-source.yaml`
//! overrides are merged, `spec.source.kustomize` edits the kustomization first, charts are rendered with `spec.source.helm`, Lists are taken apart.
//!
//! Trees and charts come from a [`Repositories`]; one that was not supplied is an error that names it, never an empty answer. Jsonnet and config
//! management plugins are typed `Unsupported` errors. [`Charts`] renders the `helmCharts` of kustomizations.
//!
//! ```
//! use trueup_manifest::argocd::{Application, ApplicationSource};
//! use trueup_manifest::{FileTree, Object};
//!
//! let tree = FileTree::from_files([("app/service.yaml", "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\n")])?;
//! let mut application = Application::default();
//! application.spec.source = Some(ApplicationSource { path: "app".into(), ..Default::default() });
//!
//! let rendered = trueup_source::render(&application, &tree, &Default::default())?;
//! assert_eq!(Object::new(&rendered.manifests[0].value).name(), "web");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod charts;
mod directory;
mod edit;
mod error;
mod explain;
mod helm;
mod kind;
mod render;
mod value_files;
mod variables;

pub use charts::{Charts, chart_key};
pub use error::{Error, Problem};
pub use explain::Explainer;
pub use kind::SourceKind;
pub use render::{Manifest, Options, Rendered, Repositories, render, tree_of};
pub use variables::Variables;
