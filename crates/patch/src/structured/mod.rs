//! Structured merge: who owns which field, as server-side apply does it.
//!
//! [`Typed`] is an object with its type; [`FieldSet`] a set of paths; [`apply`] and [`update`] keep [`Managers`].

mod atom;
mod compare;
mod field_set;
mod managed;
mod merge;
mod path;
mod reconcile;
mod remove;
mod set;
mod typed;
mod update;
mod validate;

pub use compare::Changes;
pub use managed::{ManagedFieldsError, Owner, managers_of, owners_among, owners_of};
pub use path::{Path, PathElement, ScalarValue, display_path};
pub use set::FieldSet;
pub use typed::{Typed, TypedError};
pub use update::{Conflict, ManagedSet, Managers, UpdateError, Writer, apply, update};

use std::fmt;

/// One thing that is wrong with an object, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where: `.spec.ports[0]`, or empty for the object itself.
    pub path: String,
    /// What.
    pub message: String,
}

pub(crate) type Problems = Vec<Problem>;

impl Problem {
    fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

fn with_prefix(mut problems: Problems, step: &PathElement) -> Problems {
    if problems.is_empty() {
        return problems;
    }
    let prefix = step.to_string();
    for problem in &mut problems {
        problem.path.insert_str(0, &prefix);
    }
    problems
}

/// A member that no type describes: objects are checked first, so only an incomplete schema gets here.
fn unknown_type() -> Problems {
    vec![Problem::new("schema error: invalid atom: inlined")]
}
