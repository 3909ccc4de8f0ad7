#![forbid(unsafe_code)]
//! Kubernetes manifests as values.
mod diagnostic;
mod limits;
mod value;
pub use diagnostic::{Diagnostic, Location, Position, Severity, Span};
pub use ecow::EcoString;
pub use limits::Limits;
pub use value::{Entries, KeyKind, Map, Number, Resolved, ScalarStyle, SourceScalar, Value, View};
