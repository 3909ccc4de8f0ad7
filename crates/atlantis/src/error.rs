//! What can go wrong, with stable codes.

use trueup_manifest::yaml::{self, ParseError, ParseErrorKind, PathStep};
use trueup_manifest::{Diagnostic, EcoString, Location, Position, Span};

/// An error of this crate; what it shows is what Atlantis says.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct AtlantisError {
    kind: ErrorKind,
    message: String,
    position: Option<Position>,
}

/// What kind of thing an [`AtlantisError`] is; [`ErrorKind::code`] is the stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is no YAML, or has a key twice.
    Syntax,
    /// A key that does not exist, or a value of the wrong type.
    Shape,
    /// A value that is refused.
    Invalid,
    /// Projects that cannot be told from each other.
    DuplicateProject,
    /// A key, or a workflow, that the server does not let a repository set.
    NotAllowed,
    /// A workflow that exists nowhere.
    UndefinedWorkflow,
    /// A pattern that cannot be read.
    Pattern,
    /// The name of a Terraform Cloud workspace, read from the files, that is refused.
    Workspace,
}

impl ErrorKind {
    /// Returns the stable code, `atlantis/what-is-wrong`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Syntax => "atlantis/syntax",
            Self::Shape => "atlantis/shape",
            Self::Invalid => "atlantis/invalid-value",
            Self::DuplicateProject => "atlantis/duplicate-project",
            Self::NotAllowed => "atlantis/not-allowed",
            Self::UndefinedWorkflow => "atlantis/undefined-workflow",
            Self::Pattern => "atlantis/bad-pattern",
            Self::Workspace => "atlantis/bad-workspace",
        }
    }
}

impl AtlantisError {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), position: None }
    }

    /// Places errors where Atlantis' YAML library, a later one, places them.
    pub(crate) fn syntax(text: &[u8], error: &ParseError) -> Self {
        let message = error.message().to_owned();
        let position = match error.kind() {
            // At the second key; only the words tell its line.
            ParseErrorKind::DuplicateKey => second_key(text, &message).unwrap_or_else(|| error.position()),
            // At the text that a tab interrupts.
            ParseErrorKind::Syntax if message.contains("tab character that violates indentation") => {
                let before = text.get(..error.position().offset).unwrap_or_default();
                Position::of(text, before.trim_ascii_end().len().saturating_sub(1))
            }
            _ => error.position(),
        };
        Self { kind: ErrorKind::Syntax, message, position: Some(position) }
    }

    /// Sets where in the text it is: at the value of a field, or of the nearest one above it that is written.
    #[must_use]
    pub(crate) fn at(self, text: &[u8], path: &[PathStep]) -> Self {
        let found = (0..=path.len()).rev().find_map(|depth| yaml::locate(text, 0, path.get(..depth)?));
        self.at_span(found.map(|(_, value)| value))
    }

    /// Sets where in the text it is: at the key of a field.
    #[must_use]
    pub(crate) fn at_key(self, text: &[u8], path: &[PathStep]) -> Self {
        self.at_span(yaml::locate(text, 0, path).map(|(key, _)| key))
    }

    fn at_span(mut self, span: Option<Span>) -> Self {
        self.position = span.map(|span| span.start);
        self
    }

    /// Returns what kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Returns the stable code, such as `atlantis/not-allowed`.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Returns where in the configuration it is, when that is known.
    pub fn position(&self) -> Option<Position> {
        self.position
    }

    /// Returns the error as a diagnostic in a file.
    pub fn diagnostic_in(&self, file: impl Into<EcoString>) -> Diagnostic {
        let location = match self.position {
            Some(position) => Location::span(file, Span { start: position, end: position }),
            None => Location::file(file),
        };
        let diagnostic = Diagnostic::error(self.code(), self.message.clone()).at(location);
        match self.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }

    fn help(&self) -> Option<&'static str> {
        match self.kind {
            ErrorKind::NotAllowed => Some("let the server allow it, or leave it out here"),
            ErrorKind::UndefinedWorkflow => Some("define it under `workflows`, here or on the server"),
            ErrorKind::DuplicateProject => Some("give each of them a `name` of its own"),
            _ => None,
        }
    }
}

/// Returns the start of the line that the message about a repeated key names.
fn second_key(text: &[u8], message: &str) -> Option<Position> {
    let (_, rest) = message.split_once("line ")?;
    let line: usize = rest.split(':').next()?.parse().ok()?;
    let before = text.split_inclusive(|byte| *byte == b'\n').take(line.checked_sub(1)?);
    Some(Position::of(text, before.map(<[u8]>::len).sum()))
}
