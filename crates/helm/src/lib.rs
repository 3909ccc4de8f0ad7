//! `helm template`, as a pure function of a chart and its values.
//!
//! A [`Chart`] comes from a directory of a [`trueup_manifest::FileTree`] or from the bytes of an archive; [`template`] renders it with
//! [`Options`] to [`Rendered`]: manifests, hooks and notes, and the text that Helm prints. [`set_values`] is `--set` and its like, and
//! [`compute_values`] what templates see as `.Values`.
//!
//! Promises: the output is that of Helm 4.2.4, byte for byte, and an error's text is Helm's, word for word where it has one, with the
//! file and line of the template. Charts of `apiVersion` v1 and v2. No cluster, registry or clock is asked: what templates look up, the
//! time and random texts are arguments, dependencies are where `helm dependency build` puts them. [`Limits`] count files, bytes and
//! steps; no input makes it panic or hang.
//!
//! It stands on `trueup-template` for templates and their functions, and on `trueup-manifest` for YAML and files.
//!
//! ```
//! use trueup_helm::{Chart, Limits, Options, template};
//! use trueup_manifest::FileTree;
//!
//! let tree = FileTree::from_files([
//!     ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
//!     ("web/templates/service.yaml", "kind: Service\nmetadata: {name: {{ .Release.Name }}}\n"),
//! ])?;
//! let chart = Chart::from_tree(&tree, "web", &Limits::default())?;
//! let rendered = template(&chart, &Options::default().with_release_name("shop"))?;
//! assert_eq!(rendered.manifests[0].content, "kind: Service\nmetadata: {name: shop}\n");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

#![forbid(unsafe_code)]

mod capabilities;
mod chart;
mod dependencies;
mod error;
mod limits;
mod manifests;
mod options;
mod render;
mod schema;
mod strvals;
mod template;
mod values;

pub use capabilities::{Capabilities, KubeVersion};
pub use chart::{Chart, Dependency, File, IgnoreRules, Maintainer, Metadata};
pub use error::{Error, ErrorKind, Result};
pub use limits::Limits;
pub use manifests::{Hook, HookEvent, Manifest, sort_kinds, split_manifests};
pub use options::{Lookup, Options};
pub use strvals::{ReadFile, SetFiles, SetKind, set_values};
pub use template::{
    ComputedValues, Rendered, check_values, compute_values, release_name, render_files, template,
};
pub use values::{UserValues, ValuesFile};
