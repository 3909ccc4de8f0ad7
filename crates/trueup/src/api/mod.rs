//! Everything that trueup offers, as operations over plain data: the one surface that the bindings to other languages convert from and to.
//!
//! [`call`] runs an operation by its name. Its request is a map, its answer is [`Data`]: plain values, or handles that are not
//! converted on every call. [`operations`] describes each operation with the shapes of its request and answer; `cargo xtask generate` writes
//! the types of Python and TypeScript from that. [`Error`] is the one error, with the class of exception that it becomes.
//!
//! From Rust, use the crates themselves: they are typed. This module promises that every binding behaves the same.
//!
//! ```
//! use trueup::api::{Context, Data, call};
//! use trueup_manifest::{Map, Value};
//!
//! let request = Map::from_iter([("text", "b: 1\na: [x]\n")]);
//! let answer = call("yaml.parse", Data::Value(request.into()), &Context::default())?;
//! assert_eq!(answer.plain().get("b"), Some(&Value::from(1)));
//!
//! let error = call("yaml.parse", Data::Value(Map::from_iter([("text", "a: [")]).into()), &Context::default()).unwrap_err();
//! assert_eq!((error.class().name(), error.code()), ("ParseError", "yaml/syntax"));
//! # Ok::<(), trueup::api::Error>(())
//! ```

mod codes;
mod data;
mod diagnostics;
mod error;
mod handles;
mod html;
mod operations;
mod progress;
mod shape;

pub use codes::CODES;
pub use data::Data;
pub use diagnostics::error_record;
pub use error::{Class, Error};
pub use handles::{Document, Manifest, Manifests, Template, Tree};
pub use operations::{Operation, document_record, operations};
pub use progress::{Context, Listener};
pub use shape::{Field, Record, Type};
pub use trueup_manifest::Cancel;

/// Runs an operation.
///
/// # Errors
/// [`Class::Request`] for a name, a key or a type that is wrong; else what the operation says.
pub fn call(name: &str, request: Data, context: &Context) -> Result<Data, Error> {
    let operation = find(name).ok_or_else(|| Error::request(format!("there is no operation `{name}`")))?;
    (operation.run)(request, context)
}

/// Returns the operation of a name.
pub fn find(name: &str) -> Option<&'static Operation> {
    operations().find(|operation| operation.name == name)
}
