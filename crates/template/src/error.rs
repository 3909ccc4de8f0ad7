//! What goes wrong, where, and what would have been there.

use ecow::EcoString;
use std::fmt;
use trueup_manifest::{Diagnostic, Location, Position as Place, Span};

/// The kinds of errors. Each has a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text is not a template.
    Parse,
    /// Evaluation failed: a wrong type, a field of something without fields, a wrong number of arguments.
    Exec,
    /// A function returned an error.
    Call,
    /// A key is not there and the option `missingkey=error` is set, or nothing is there to have keys.
    MissingKey,
    /// A limit was reached; see [`crate::Limits`].
    Limit,
    /// An option string is none that Go knows.
    Option,
    /// A function that a pure engine does not have: the environment, the network, certificates.
    Unsupported,
    /// The render was stopped; see [`crate::Options::cancel`].
    Cancelled,
}

impl ErrorKind {
    /// Returns the stable code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Parse => "template/parse",
            Self::Exec => "template/exec",
            Self::Call => "template/call",
            Self::MissingKey => "template/missing-key",
            Self::Limit => "template/limit",
            Self::Option => "template/option",
            Self::Unsupported => "template/unsupported",
            Self::Cancelled => "template/cancelled",
        }
    }
}

/// Where in a template.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Position {
    /// The name under which the text was parsed.
    pub name: EcoString,
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 0, as Go counts it; parse errors have none.
    pub column: Option<usize>,
}

/// An error of a template.
///
/// Its text is Go's, word for word: users search for it.
///
/// ```
/// use trueup_template::{Functions, Options, Template, Value};
///
/// let template = Template::parse("app", "{{.name.first}}", &Functions::builtin())?;
/// let data = Value::from_iter([("name", Value::from("x"))]);
/// let error = template.render(&data, &Options::default()).unwrap_err();
/// assert_eq!(error.code(), "template/exec");
/// assert_eq!(
///     error.to_string(),
///     "template: app:1:7: executing \"app\" at <.name.first>: can't evaluate field first in type interface {}"
/// );
/// # Ok::<(), trueup_template::Error>(())
/// ```
#[derive(Clone, Debug, thiserror::Error)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    message: String,
    detail: String,
    position: Option<Position>,
    template: Option<EcoString>,
    context: Option<String>,
    nearby: Vec<String>,
    inner: Option<Error>,
    raised: Option<String>,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: String, detail: String) -> Self {
        Self(Box::new(Inner {
            kind,
            message,
            detail,
            position: None,
            template: None,
            context: None,
            nearby: Vec::new(),
            inner: None,
            raised: None,
        }))
    }

    pub(crate) fn at(mut self, position: Position) -> Self {
        self.0.position = Some(position);
        self
    }

    pub(crate) fn within(mut self, template: EcoString, context: Option<String>) -> Self {
        (self.0.template, self.0.context) = (Some(template), context);
        self
    }

    pub(crate) fn caused_by(mut self, inner: Error) -> Self {
        self.0.inner = Some(inner);
        self
    }

    pub(crate) fn raised(mut self, text: String) -> Self {
        self.0.raised = Some(text);
        self
    }

    pub(crate) fn nearby_names(mut self, names: Vec<String>) -> Self {
        self.0.nearby = names;
        self
    }

    /// Returns the kind.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the stable code of the kind.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// Returns the message without the place: what follows the last position in Go's text.
    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    /// Returns where it happened.
    pub fn position(&self) -> Option<&Position> {
        self.0.position.as_ref()
    }

    /// Returns the name of the template that was being executed.
    pub fn template(&self) -> Option<&str> {
        self.0.template.as_deref()
    }

    /// Returns the source form of what was being evaluated.
    pub fn context(&self) -> Option<&str> {
        self.0.context.as_deref()
    }

    /// Returns, for a missing key, the keys that are there, the most similar first.
    pub fn nearby(&self) -> &[String] {
        &self.0.nearby
    }

    /// Returns the error of the template that a function executed, for `include` and `tpl`.
    pub fn inner(&self) -> Option<&Error> {
        self.0.inner.as_ref()
    }

    /// Returns what a template raised itself with Helm's `fail` or `required`, however deep inside.
    pub fn raised_text(&self) -> Option<&str> {
        let mut error = self;
        while let Some(inner) = error.inner() {
            error = inner;
        }
        error.0.raised.as_deref()
    }

    /// Turns the error into the shape that all errors of trueup share.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code(), self.0.message.clone());
        if let Some(position) = &self.0.position {
            let column = position.column.map_or(1, |column| column + 1);
            let place = Place { offset: 0, line: position.line, column };
            let span = Span { start: place, end: place };
            diagnostic = diagnostic.at(Location::span(position.name.clone(), span));
        }
        match self.0.nearby.first() {
            Some(name) => diagnostic.help(format!("did you mean `{name}`?")),
            None => diagnostic,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.message)
    }
}
