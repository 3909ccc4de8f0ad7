//! Diagnostics as plain data.

use super::shape::{Object, Output, Type, output, words};
use super::{Data, Error};
use serde::Serialize;
use trueup_manifest::{Diagnostic, EcoString, Location, Value};

/// A diagnostic as plain data, in the shape that is described below.
pub(super) fn to_value(diagnostic: &Diagnostic) -> Value {
    trueup_manifest::to_value(diagnostic).unwrap_or_default()
}

/// A place: file, and span if it is known.
pub(super) fn location(location: &Location) -> Value {
    trueup_manifest::to_value(location).unwrap_or_default()
}

words! { trueup_manifest::Severity: "note", "warning", "error" }

output! {
    /// A place in a text.
    struct Position: trueup_manifest::Position {
        /// Bytes from the start of the text.
        offset: usize,
        /// Line, from 1.
        line: usize,
        /// Column in characters, from 1.
        column: usize,
    }
}

output! {
    /// A piece of a text, from `start` up to but not including `end`.
    struct Span: trueup_manifest::Span {
        /// Where it starts.
        start: trueup_manifest::Position,
        /// Where it ends.
        end: trueup_manifest::Position,
    }
}

output! {
    /// A place in a file of a tree.
    struct Location: trueup_manifest::Location {
        /// The file, as a path in its tree.
        file: EcoString,
        /// The piece of the file, if it is known.
        span: Option<trueup_manifest::Span>,
    }
}

output! {
    /// What went wrong, where, and what would help.
    struct Diagnostic: trueup_manifest::Diagnostic {
        /// How bad it is: an `error` means that there is no result, or an incomplete one.
        severity: trueup_manifest::Severity,
        /// A stable code, `area/what-is-wrong`.
        code: EcoString,
        /// One line.
        message: EcoString,
        /// Where it is, the most telling place first.
        locations: Vec<trueup_manifest::Location>,
        /// What would help, if it is known.
        help: Option<EcoString>,
        /// How we came here, and whatever else belongs to it.
        notes: Vec<EcoString>,
    }
}

/// An error as plain data.
#[derive(Clone, Debug)]
pub(crate) struct ErrorData(Value);

impl Output for ErrorData {
    fn ty() -> Type {
        ErrorShape::ty()
    }

    fn show(self) -> Result<Data, Error> {
        Ok(Data::Value(self.0))
    }
}

/// An error as part of an answer.
pub(super) fn error_data(error: &Error) -> ErrorData {
    ErrorData(error.to_value())
}

/// What [`ErrorData`] looks like.
#[derive(Serialize)]
struct ErrorShape;

/// Everything that an exception carries.
pub fn error_record() -> Type {
    ErrorData::ty()
}

output! {
    /// Everything that an error carries, as `to_dict()` and `toJSON()` give it.
    struct ErrorData: ErrorShape {
        /// The class of the exception.
        class: EcoString,
        /// A stable code, `area/what-is-wrong`.
        code: EcoString,
        /// The message, as the reference words it.
        message: EcoString,
        /// What would help, if it is known.
        help: Option<EcoString>,
        /// The file, as a path in its tree.
        file: Option<EcoString>,
        /// Line, from 1.
        line: Option<usize>,
        /// Column in characters, from 1.
        column: Option<usize>,
        /// Every place that has to do with it, the most telling first.
        spans: Vec<trueup_manifest::Location>,
        /// How we came here, and whatever else belongs to it.
        notes: Vec<EcoString>,
        /// Everything that went wrong, this first.
        diagnostics: Vec<trueup_manifest::Diagnostic>,
        /// What the host must supply before it asks again.
        missing: Vec<Object>,
    }
}
