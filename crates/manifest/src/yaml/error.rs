//! What can go wrong when YAML or JSON is read or written.

use crate::{Diagnostic, EcoString, Location, Position, Span};
use std::fmt;

/// What kind of thing a [`ParseError`] is; [`ParseErrorKind::code`] is the stable name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ParseErrorKind {
    /// The bytes are no text: invalid UTF-8 or control characters.
    Encoding,
    /// The text is no YAML.
    Syntax,
    /// The text is no JSON.
    Json,
    /// A key occurs twice in one map.
    DuplicateKey,
    /// An alias without its anchor, or inside of it.
    Anchor,
    /// A scalar does not fit its explicit tag.
    Tag,
    /// A `<<` whose value is no map.
    Merge,
    /// A key that JSON cannot hold.
    Key,
    /// A number JSON cannot hold.
    Number,
    /// Larger, deeper or more than the limits allow.
    Limit,
}

impl ParseErrorKind {
    /// Returns the stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Encoding => "yaml/encoding",
            Self::Syntax => "yaml/syntax",
            Self::Json => "json/syntax",
            Self::DuplicateKey => "yaml/duplicate-key",
            Self::Anchor => "yaml/anchor",
            Self::Tag => "yaml/tag",
            Self::Merge => "yaml/merge",
            Self::Key => "yaml/key",
            Self::Number => "yaml/number",
            Self::Limit => "yaml/limit",
        }
    }
}

/// Why a text could not be read.
///
/// The message is word for word what Go's library says, so its line numbers are that library's: counted within the
/// document, and one short for some errors. [`ParseError::position`] is exact and counted in the whole text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError(Box<Parts>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    kind: ParseErrorKind,
    message: String,
    position: Position,
}

impl ParseError {
    pub(crate) fn new(kind: ParseErrorKind, message: impl Into<String>, position: Position) -> Self {
        Self(Box::new(Parts { kind, message: message.into(), position }))
    }

    /// Returns what kind of error it is.
    pub fn kind(&self) -> ParseErrorKind {
        self.0.kind
    }

    /// Returns the stable code, such as `yaml/syntax`.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// Returns the message as Go's library words it.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns where in the text it is.
    pub fn position(&self) -> Position {
        self.0.position
    }

    /// Returns the error as a diagnostic that does not know its file.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.code(), self.message())
    }

    /// Returns the error as a diagnostic at its place in a file.
    pub fn diagnostic_in(&self, file: impl Into<EcoString>) -> Diagnostic {
        let position = self.position();
        self.diagnostic().at(Location::span(file, Span { start: position, end: position }))
    }
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for ParseError {}

/// Why a value could not be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EmitError {
    /// JSON has neither infinities nor NaN.
    #[error("json: unsupported value: {0}")]
    UnsupportedNumber(&'static str),
    /// JSON has no such type: a map with keys that are no strings.
    #[error("json: unsupported type: {0}")]
    UnsupportedType(&'static str),
    /// Go's library writes JSON on the way and cannot read it back: U+007F and its like, or a key beyond 1024 characters.
    #[error("{0}")]
    Unreadable(String),
    /// Go's library writes comments, too, and cannot read this one back: it stands behind the colon of a key.
    #[error("yaml: {0}")]
    Comment(String),
    /// The value nests deeper than can be written.
    #[error("nested deeper than {0} levels")]
    TooDeep(usize),
}

impl EmitError {
    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnsupportedNumber(_) => "yaml/number",
            Self::UnsupportedType(_) => "yaml/key",
            Self::Unreadable(_) | Self::Comment(_) => "yaml/unreadable",
            Self::TooDeep(_) => "yaml/limit",
        }
    }

    /// Returns the error as a diagnostic.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.code(), self.to_string())
    }
}
