#![forbid(unsafe_code)]
//! Kubernetes manifests as values.
mod diagnostic;
mod glob;
pub mod json;
mod limits;
mod tree;
mod value;
pub mod yaml;
pub use diagnostic::{Diagnostic, Location, Position, Severity, Span};
pub use ecow::EcoString;
pub use glob::{Glob, glob_matches};
pub use limits::Limits;
pub use tree::{Entry, FileBytes, FileTree, LookupError, PathError, join_path, normalize_path, split_path};
pub use value::{Entries, KeyKind, Map, Number, Resolved, ScalarStyle, SourceScalar, Value, View};
