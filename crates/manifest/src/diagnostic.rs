//! Positions and diagnostics: what went wrong, where, and what would help; as data, for people and programs.

use ecow::EcoString;
use serde::Serialize;
use std::fmt;

/// A place in a text: byte offset, and line and column for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// Bytes from the start of the text.
    pub offset: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Position {
    /// Returns the position of a byte offset in a text; an offset beyond the end is the end.
    pub fn of(text: &[u8], offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let line_start = memchr::memrchr(b'\n', before).map_or(0, |newline| newline + 1);
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        let is_char_start = |byte: &&u8| **byte & 0xC0 != 0x80;
        let column = before.get(line_start..).unwrap_or_default().iter().filter(is_char_start).count() + 1;
        Self { offset: before.len(), line, column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// A piece of a text, from `start` up to but not including `end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize)]
pub struct Span {
    /// Where it starts.
    pub start: Position,
    /// Where it ends.
    pub end: Position,
}

/// A place in a file of a `FileTree`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Location {
    /// The file, as a path in its tree.
    pub file: EcoString,
    /// The piece of the file, when known.
    pub span: Option<Span>,
}

impl Location {
    /// Returns the location of a whole file.
    pub fn file(file: impl Into<EcoString>) -> Self {
        Self { file: file.into(), span: None }
    }

    /// Returns the location of a piece of a file.
    pub fn span(file: impl Into<EcoString>, span: Span) -> Self {
        Self { file: file.into(), span: Some(span) }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.span {
            Some(span) => write!(f, "{}:{}", self.file, span.start),
            None => f.write_str(&self.file),
        }
    }
}

/// How bad a diagnostic is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Probably a mistake; the result stands.
    Warning,
    /// No result, or an incomplete one.
    Error,
}

/// What went wrong, where, and what would help.
///
/// Every error type of trueup turns into one of these, so that a program reads one shape.
///
/// ```
/// use trueup_manifest::{Diagnostic, Location};
///
/// let diagnostic = Diagnostic::error("kustomize/missing-resource", "`../bse` is neither a file nor a directory")
///     .at(Location::file("overlays/staging/kustomization.yaml"))
///     .help("did you mean `../base`?");
/// assert_eq!(
///     diagnostic.to_string(),
///     "error[kustomize/missing-resource]: `../bse` is neither a file nor a directory"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostic {
    /// How bad it is.
    pub severity: Severity,
    /// A stable code, `area/what-is-wrong`.
    pub code: EcoString,
    /// One line: lower case, no final period, user input in backticks.
    pub message: String,
    /// Where it is, the most telling place first.
    pub locations: Vec<Location>,
    /// What would help, if we know.
    pub help: Option<String>,
    /// How we came here (`reached from …`) and whatever else belongs to it.
    pub notes: Vec<String>,
}

impl Diagnostic {
    /// Returns an error.
    pub fn error(code: impl Into<EcoString>, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code.into(), message.into())
    }

    /// Returns a warning.
    pub fn warning(code: impl Into<EcoString>, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code.into(), message.into())
    }

    /// Returns a note.
    pub fn note(code: impl Into<EcoString>, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code.into(), message.into())
    }

    /// Adds a place.
    #[must_use]
    pub fn at(mut self, location: Location) -> Self {
        self.locations.push(location);
        self
    }

    /// Sets what would help.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a line on how we came here.
    #[must_use]
    pub fn because(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    fn new(severity: Severity, code: EcoString, message: String) -> Self {
        Self { severity, code, message, locations: Vec::new(), help: None, notes: Vec::new() }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{severity}[{}]: {}", self.code, self.message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a\nüb: c".as_bytes();
        assert_eq!(Position::of(text, 2), Position { offset: 2, line: 2, column: 1 });
        assert_eq!(Position::of(text, 4), Position { offset: 4, line: 2, column: 2 });
        assert_eq!(Position::of(text, 99), Position { offset: 8, line: 2, column: 6 });
    }
}
