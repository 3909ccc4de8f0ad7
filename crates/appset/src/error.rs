//! What goes wrong, in Argo CD's words.

use crate::facts::Need;
use std::fmt::Write as _;
use trueup_manifest::Diagnostic;

/// Why there is no result. The text is the one that Argo CD puts into the status of the ApplicationSet.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The document is not an ApplicationSet.
    #[error("{message}")]
    Document {
        /// What the decoder says.
        message: String,
    },
    /// A generator failed.
    #[error("{message}")]
    Generate {
        /// What the controller says.
        message: String,
        /// The entry of `spec.generators`, as in `spec.generators[0].matrix`.
        generator: String,
    },
    /// A template or patch failed for one parameter set.
    #[error("{message}")]
    Render {
        /// What the controller says.
        message: String,
        /// Which generator and row the parameters came from.
        origin: String,
    },
    /// The controller panics over it; it reports the panic's text and does nothing.
    #[error("{message}")]
    Panic {
        /// The text of the panic.
        message: String,
    },
    /// The result depends on facts that are not known.
    #[error("{}", unknown_message(.needs))]
    UnknownFacts {
        /// What has to be known, each with the reason why it is not.
        needs: Vec<(Need, String)>,
    },
    /// A limit was reached; see [`crate::Limits`].
    #[error("more than {limit} {what}")]
    Limit {
        /// What there is too much of.
        what: &'static str,
        /// How much is allowed.
        limit: usize,
    },
    /// The evaluation was stopped; see [`crate::Options::cancel`].
    #[error("{}", trueup_manifest::Cancelled)]
    Cancelled,
    /// Something that this engine does not do.
    #[error("{message}")]
    Unsupported {
        /// What, and where.
        message: String,
    },
}

impl Error {
    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Document { .. } => "appset/document",
            Self::Generate { .. } => "appset/generate",
            Self::Render { .. } => "appset/render",
            Self::Panic { .. } => "appset/panic",
            Self::UnknownFacts { .. } => "appset/unknown-facts",
            Self::Limit { .. } => "appset/limit",
            Self::Cancelled => "appset/cancelled",
            Self::Unsupported { .. } => "appset/unsupported",
        }
    }

    /// Returns the reason that Argo CD gives in the condition, if it would set one.
    pub fn reason(&self) -> Option<&'static str> {
        match self {
            Self::Generate { .. } => Some("ApplicationGenerationFromParamsError"),
            Self::Render { .. } => Some("RenderTemplateParamsError"),
            _ => None,
        }
    }

    /// Turns the error into the shape that all errors of trueup share.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let diagnostic = Diagnostic::error(self.code(), self.to_string());
        match self {
            Self::Generate { generator, .. } if !generator.is_empty() => {
                diagnostic.because(format!("reached from {generator}"))
            }
            Self::Render { origin, .. } if !origin.is_empty() => {
                diagnostic.because(format!("with the parameters of {origin}"))
            }
            Self::UnknownFacts { needs } => {
                let note = |(need, reason): &(Need, String)| format!("{need}: {reason}");
                needs.iter().map(note).fold(diagnostic, Diagnostic::because)
            }
            _ => diagnostic,
        }
    }
}

fn unknown_message(needs: &[(Need, String)]) -> String {
    let mut message = "facts are not known: ".to_owned();
    for (position, (need, _)) in needs.iter().take(5).enumerate() {
        let comma = if position == 0 { "" } else { ", " };
        _ = write!(message, "{comma}{need}");
    }
    if let Some(more) = needs.len().checked_sub(5).filter(|more| *more > 0) {
        _ = write!(message, " and {more} more");
    }
    message
}

/// A failure on its way up. Only messages get prefixes: the others are not Argo CD's.
#[derive(Clone, Debug)]
pub(crate) enum Failure {
    /// An error with its text.
    Message(String),
    /// A panic with its text.
    Panic(String),
    /// A fact is missing; which one is recorded elsewhere.
    Unknown,
    /// A limit was reached.
    Limit(&'static str, usize),
    /// The evaluation was stopped.
    Cancelled,
    /// Not supported.
    Unsupported(String),
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self::Message(message.into())
    }

    /// Puts a text before the message.
    pub(crate) fn within(self, prefix: impl std::fmt::Display) -> Self {
        match self {
            Self::Message(message) => Self::Message(format!("{prefix}{message}")),
            other => other,
        }
    }

    /// Returns true for what ends an evaluation at once.
    pub(crate) fn is_final(&self) -> bool {
        matches!(self, Self::Panic(_) | Self::Limit(..) | Self::Cancelled)
    }

    /// Turns it into the error of a generator.
    pub(crate) fn generate(self, generator: impl Into<String>) -> Error {
        match self {
            Self::Message(message) => Error::Generate { message, generator: generator.into() },
            other => other.other(),
        }
    }

    /// Turns it into the error of a render.
    pub(crate) fn render(self, origin: impl Into<String>) -> Error {
        match self {
            Self::Message(message) => Error::Render { message, origin: origin.into() },
            other => other.other(),
        }
    }

    fn other(self) -> Error {
        match self {
            Self::Message(message) | Self::Unsupported(message) => Error::Unsupported { message },
            Self::Panic(message) => Error::Panic { message },
            Self::Unknown => Error::UnknownFacts { needs: Vec::new() },
            Self::Limit(what, limit) => Error::Limit { what, limit },
            Self::Cancelled => Error::Cancelled,
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Message(message)
    }
}

impl From<&str> for Failure {
    fn from(message: &str) -> Self {
        Self::Message(message.to_owned())
    }
}

impl From<trueup_manifest::Cancelled> for Failure {
    fn from(_: trueup_manifest::Cancelled) -> Self {
        Self::Cancelled
    }
}

impl From<trueup_template::Error> for Failure {
    fn from(error: trueup_template::Error) -> Self {
        use trueup_template::ErrorKind;
        match error.kind() {
            ErrorKind::Option => Self::Panic(error.to_string()),
            ErrorKind::Unsupported => Self::Unsupported(error.to_string()),
            ErrorKind::Cancelled => Self::Cancelled,
            _ => Self::Message(error.to_string()),
        }
    }
}
