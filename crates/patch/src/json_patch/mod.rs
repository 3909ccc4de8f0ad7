//! JSON Patch (RFC 6902) as evanphx/json-patch applies it, and making one.

mod apply;
mod diff;
pub mod pointer;

pub use apply::{JsonPatchError, apply};
pub use diff::diff;

use ecow::EcoString;
use trueup_manifest::{Map, Value};

/// Which version of evanphx/json-patch to be like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Dialect {
    /// Version 4, which kustomize and Argo CD's ignore rules use: replacing a missing key of a map adds it, testing a
    /// missing key for null succeeds, and the document as a whole can be replaced but not added.
    #[default]
    V4,
    /// Version 5.
    V5,
}

/// How a patch is applied.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Options {
    /// Which version to be like.
    pub dialect: Dialect,
    /// Whether `-1` is the last index.
    pub negative_indices: bool,
    /// Whether removing what is not there is nothing rather than an error (version 5).
    pub allow_missing_path_on_remove: bool,
    /// Whether adding creates missing parents (version 5).
    pub ensure_path_exists_on_add: bool,
    /// How many nodes `copy` may add in all.
    pub max_copied_nodes: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            dialect: Dialect::V4,
            negative_indices: true,
            allow_missing_path_on_remove: false,
            ensure_path_exists_on_add: false,
            max_copied_nodes: 1_000_000,
        }
    }
}

impl Options {
    /// Returns the default options for one version.
    pub fn of(dialect: Dialect) -> Self {
        Self { dialect, ..Self::default() }
    }
}

/// One operation: a map with `op`, `path`, and what else it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation(pub Map);

impl Operation {
    /// Returns an operation with a value.
    pub fn with_value(op: &str, path: impl Into<EcoString>, value: Value) -> Self {
        Self(Map::from_iter([("op", Value::from(op)), ("path", path.into().into()), ("value", value)]))
    }

    /// Returns the operation that removes a path.
    pub fn remove(path: impl Into<EcoString>) -> Self {
        Self(Map::from_iter([("op", Value::from("remove")), ("path", path.into().into())]))
    }

    /// Returns what it does; `unknown` if it does not say.
    pub fn op(&self) -> &str {
        self.0.get("op").and_then(Value::as_str).unwrap_or("unknown")
    }

    /// Returns where.
    pub fn path(&self) -> Option<&str> {
        self.0.get("path")?.as_str()
    }

    fn from(&self) -> Option<&str> {
        self.0.get("from")?.as_str()
    }

    fn value(&self) -> Option<&Value> {
        self.0.get("value")
    }
}

/// Reads a list of operations.
///
/// # Errors
/// When it is not a list of maps; in version 5 also when an operation is unknown or lacks a part.
pub fn decode(patch: &Value, dialect: Dialect) -> Result<Vec<Operation>, JsonPatchError> {
    let malformed = |what: &Value| JsonPatchError::Malformed(what.type_name());
    let items = match patch.as_seq() {
        Some(items) => items,
        None if patch.is_null() => return Ok(Vec::new()),
        None => return Err(malformed(patch)),
    };
    let operations =
        items.iter().map(|item| Ok(Operation(item.as_map().ok_or_else(|| malformed(item))?.clone())));
    let operations = operations.collect::<Result<Vec<_>, _>>()?;
    if dialect == Dialect::V5 {
        operations.iter().try_for_each(validate)?;
    }
    Ok(operations)
}

fn validate(operation: &Operation) -> Result<(), JsonPatchError> {
    let problem = match operation.op() {
        "add" | "replace" if operation.value().is_none() => {
            "failed to decode 'value': operation, missing value field"
        }
        "move" | "copy" if operation.from().is_none() => {
            "failed to decode 'from': operation, missing from field"
        }
        "add" | "replace" | "move" | "copy" | "remove" | "test" if operation.path().is_none() => {
            "failed to decode 'path': operation missing path field"
        }
        "add" | "replace" | "move" | "copy" | "remove" | "test" => return Ok(()),
        _ => "unsupported operation",
    };
    let text = serde_json::to_string(&operation.0).unwrap_or_default();
    Err(JsonPatchError::Invalid(text, problem))
}
