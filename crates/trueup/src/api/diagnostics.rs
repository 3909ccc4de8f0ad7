//! Diagnostics as plain data.

use super::codes::Code;
use super::shape::{Object, Output, Type, output, words};
use super::{Data, Error};
use serde::Serialize;
use trueup_manifest::{Diagnostic, EcoString, Location, Position, Span, Value};

/// A diagnostic as plain data, in the shape that is described below.
pub(super) fn to_value(diagnostic: &Diagnostic) -> Value {
    trueup_manifest::to_value(diagnostic).unwrap_or_default()
}

/// A diagnostic that came back from plain data.
pub(super) fn from_value(value: &Value) -> Result<Diagnostic, Error> {
    let text = |value: &Value, key| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let list = |value: &Value, key| value.get(key).and_then(Value::as_seq).unwrap_or_default().to_vec();
    let (code, message) = (text(value, "code"), text(value, "message"));
    let mut diagnostic = match text(value, "severity").as_str() {
        "note" => Diagnostic::note(code, message),
        "warning" => Diagnostic::warning(code, message),
        "error" => Diagnostic::error(code, message),
        _ => return Err(Error::request("a diagnostic must have a severity")),
    };
    diagnostic.help = value.get("help").and_then(Value::as_str).map(str::to_owned);
    diagnostic.notes =
        list(value, "notes").iter().filter_map(|note| Some(note.as_str()?.to_owned())).collect();
    let position = |value: &Value| {
        let number =
            |key| value.get(key).and_then(Value::as_i64).and_then(|number| usize::try_from(number).ok());
        Some(Position { offset: number("offset")?, line: number("line")?, column: number("column")? })
    };
    let span = |value: &Value| {
        Some(Span { start: position(value.get("start")?)?, end: position(value.get("end")?)? })
    };
    let location =
        |value: &Value| Location { file: text(value, "file").into(), span: value.get("span").and_then(span) };
    diagnostic.locations = list(value, "locations").iter().map(location).collect();
    Ok(diagnostic)
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
        code: Code,
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
        code: Code,
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
