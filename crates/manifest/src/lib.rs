#![forbid(unsafe_code)]
//! Kubernetes manifests as values.
mod diagnostic;
pub mod json;
mod limits;
mod value;
pub mod yaml;
pub use diagnostic::{Diagnostic, Location, Position, Severity, Span};
pub use ecow::EcoString;
pub use limits::Limits;
pub use value::{
    Entries, KeyKind, Map, Number, Resolved, ScalarStyle, SourceScalar, Value, ValueError, View, from_value,
    to_value,
};
