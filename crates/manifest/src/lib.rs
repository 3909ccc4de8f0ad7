//! Kubernetes manifests as values.
//!
//! What everything else in trueup stands on, usable by itself:
//!
//! - [`Value`] and [`Map`]: persistent documents. A clone is a reference count, an edit copies only the path to it.
//! - [`Object`], [`Gvk`], [`ResourceKey`], [`Selector`], [`Pointer`]: identity, labels and addresses, read without trusting shapes.
//! - [`FileTree`]: a directory tree as a value that no path can leave.
//! - [`yaml`] and [`json`]: documents read and written exactly as the Go tools do it.
//! - [`hcl`]: the outline of Terraform files.
//! - [`argocd`]: typed Applications, ApplicationSets and AppProjects.
//! - [`Diagnostic`]: the one shape of everything that can go wrong; [`Limits`]: what one call may cost; [`Cancel`]: stopping it.
//!
//! It performs no I/O, reads no clock, holds no global state, and no input makes it panic.
//!
//! ```
//! use trueup_manifest::{FileTree, Map, Object, Value};
//!
//! let mut service = Map::from_iter([("apiVersion", "v1"), ("kind", "Service")]);
//! service.insert("metadata", Map::from_iter([("name", "payment")]));
//! let service = Value::from(service);
//! assert_eq!(Object::new(&service).key().to_string(), "/Service//payment");
//!
//! let tree = FileTree::from_files([("base/service.yaml", "kind: Service")]).unwrap();
//! assert!(tree.is_directory("base"));
//! ```

#![forbid(unsafe_code)]

pub mod argocd;
pub mod calendar;
mod cancel;
mod diagnostic;
mod duration;
mod field_path;
mod glob;
pub mod hcl;
pub mod json;
mod limits;
mod object;
mod path_match;
mod pointer;
mod selector;
mod similar;
mod tree;
mod value;
pub mod yaml;

pub use cancel::{Cancel, Cancelled};
pub use diagnostic::{Diagnostic, Location, Position, Severity, Span};
pub use duration::parse_go_duration;
pub use ecow::EcoString;
pub use field_path::{FieldPath, FieldPathError, item_identity};
pub use glob::{Glob, GlobError, glob_matches};
pub use limits::Limits;
pub use object::{Gvk, Object, ResourceKey};
pub use path_match::PathMatch;
pub use pointer::{Pointer, PointerError};
pub use selector::{Operator, Requirement, Selector, SelectorError, label_key_problem, label_value_problem};
pub use similar::{meant, similar};
pub use tree::{
    Entry, FileBytes, FileSource, FileTree, LookupError, PathError, join_path, normalize_path, split_path,
};
pub use value::{
    Entries, KeyKind, Map, Number, Resolved, ScalarStyle, SourceScalar, Value, ValueError, View, from_value,
    plain_decimal, shortest_digits, to_value,
};
