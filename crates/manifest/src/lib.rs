#![forbid(unsafe_code)]
//! Kubernetes manifests as values.
mod limits;
mod value;
pub use ecow::EcoString;
pub use limits::Limits;
pub use value::{Entries, KeyKind, Map, Number, Resolved, ScalarStyle, SourceScalar, Value, View};
