//! What can go wrong, with stable codes. No message repeats what a document holds.

use trueup_manifest::yaml::ParseErrorKind;
use trueup_manifest::{Diagnostic, EcoString, Limits, Location, Position, Span, Value, json};

/// An error of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TerraformError {
    /// The text is no JSON.
    #[error("the {what} is not JSON: line {}, column {}", .position.line, .position.column)]
    Syntax {
        /// What it was taken for.
        what: &'static str,
        /// Where it stops to be JSON.
        position: Position,
    },
    /// A number is beyond what a 64-bit float can hold.
    #[error("the {what} has a number beyond 64-bit floats: line {}, column {}", .position.line, .position.column)]
    Number {
        /// What it was taken for.
        what: &'static str,
        /// Where it is.
        position: Position,
    },
    /// The document is larger or deeper than the limits allow.
    #[error("the {what} is larger or nests deeper than the limits allow")]
    Limit {
        /// What it was taken for.
        what: &'static str,
    },
    /// The document has another shape than it should.
    #[error("`{path}` of the {what} is no {wanted}")]
    Shape {
        /// What it was taken for.
        what: &'static str,
        /// Which field it is about.
        path: String,
        /// What it should be.
        wanted: &'static str,
    },
    /// A plan in a format of another major version.
    #[error("plan format version `{version}` is not supported, only 1 is")]
    UnsupportedFormat {
        /// The version as it is written, or nothing.
        version: EcoString,
    },
    /// JSON of Terraform's that is no plan.
    #[error("this is no plan: it has neither changes nor a configuration")]
    NotAPlan,
    /// A state that cannot be read, with the rule that [`check_push`](crate::check_push) would name.
    #[error("the state cannot be read: {reason}")]
    State {
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl TerraformError {
    /// Returns the stable code, `terraform/what-is-wrong`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Syntax { .. } => "terraform/syntax",
            Self::Number { .. } => "terraform/number",
            Self::Limit { .. } => "terraform/limit",
            Self::Shape { .. } => "terraform/shape",
            Self::UnsupportedFormat { .. } => "terraform/unsupported-format-version",
            Self::NotAPlan => "terraform/not-a-plan",
            Self::State { .. } => "terraform/unreadable-state",
        }
    }

    /// Returns the error as a diagnostic in a file.
    pub fn diagnostic_in(&self, file: impl Into<EcoString>) -> Diagnostic {
        let location = match self {
            Self::Syntax { position, .. } | Self::Number { position, .. } => {
                Location::span(file, Span { start: *position, end: *position })
            }
            _ => Location::file(file),
        };
        let diagnostic = Diagnostic::error(self.code(), self.to_string()).at(location);
        match self {
            Self::Syntax { what: "plan", .. } | Self::NotAPlan => {
                diagnostic.help("write it with `terraform show -json PLANFILE`")
            }
            _ => diagnostic,
        }
    }
}

/// Reads a JSON document with its numbers as they are written.
pub(crate) fn read(text: &[u8], what: &'static str, limits: &Limits) -> Result<Value, TerraformError> {
    let options =
        json::JsonOptions::default().with_numbers(json::JsonNumbers::Kept).with_limits(limits.clone());
    json::parse(text, &options).map_err(|error| match error.kind() {
        ParseErrorKind::Limit => TerraformError::Limit { what },
        ParseErrorKind::Number => TerraformError::Number { what, position: error.position() },
        _ => TerraformError::Syntax { what, position: error.position() },
    })
}
