//! The one error of the facade, and which class it is for a caller.

use super::diagnostics;
use std::fmt;
use trueup_manifest::yaml::EmitError;
use trueup_manifest::{Cancelled, Diagnostic, Location, Map, Severity, Value};

/// What a caller does about an error; the classes of exceptions in Python and Node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Class {
    /// The call itself is wrong: an unknown key, a value of the wrong type.
    Request,
    /// A text or an object cannot be read.
    Parse,
    /// Everything can be read, and yet there is no result.
    Render,
    /// A limit was reached.
    Limit,
    /// Something that trueup does not do.
    Unsupported,
    /// Something that only the host can supply: a repository, a fact.
    Missing,
    /// The work was stopped.
    Cancelled,
    /// A mistake of trueup's own.
    Internal,
}

impl Class {
    /// Every class.
    pub const ALL: [Self; 8] = [
        Self::Request,
        Self::Parse,
        Self::Render,
        Self::Limit,
        Self::Unsupported,
        Self::Missing,
        Self::Cancelled,
        Self::Internal,
    ];

    /// Returns the name of the class in Python and Node.
    pub fn name(self) -> &'static str {
        match self {
            Self::Request => "RequestError",
            Self::Parse => "ParseError",
            Self::Render => "RenderError",
            Self::Limit => "LimitError",
            Self::Unsupported => "UnsupportedError",
            Self::Missing => "MissingError",
            Self::Cancelled => "Cancelled",
            Self::Internal => "InternalError",
        }
    }

    /// Returns the class of a diagnostic's code.
    pub fn of(code: &str) -> Self {
        match code {
            "api/request" | "kustomize/not-found" | "source/not-found" | "trueup/no-application" => {
                return Self::Request;
            }
            "api/internal" => return Self::Internal,
            Cancelled::CODE => return Self::Cancelled,
            "kustomize/missing-remote" | "source/missing-repository" | "appset/unknown-facts" => {
                return Self::Missing;
            }
            "kustomize/invalid-kustomization" | "kustomize/invalid-manifest" | "source/manifest" => {
                return Self::Parse;
            }
            "promotion/multiple-documents"
            | "promotion/not-a-mapping"
            | "promotion/flow-root"
            | "promotion/wrong-type"
            | "rollouts/not-a-rollout"
            | "rollouts/wrong-type" => return Self::Parse,
            "helm/invalid-chart"
            | "helm/invalid-archive"
            | "helm/invalid-values"
            | "helm/invalid-manifest"
            | "helm/template-syntax" => return Self::Parse,
            "helm/missing-dependency" => return Self::Missing,
            "atlantis/syntax"
            | "atlantis/shape"
            | "terraform/syntax"
            | "terraform/shape"
            | "terraform/not-a-plan" => {
                return Self::Parse;
            }
            "terraform/unsupported-format-version" => return Self::Unsupported,
            "appset/document" | "template/parse" | "trueup/object" | "trueup/facts" | "tree/path" => {
                return Self::Parse;
            }
            _ => {}
        }
        match code.rsplit('/').next() {
            Some("limit") => Self::Limit,
            Some("unsupported") => Self::Unsupported,
            Some("cancelled") => Self::Cancelled,
            _ if code.starts_with("yaml/") || code.starts_with("json/") => Self::Parse,
            _ if code.starts_with("promotion/invalid-") => Self::Parse,
            _ => Self::Render,
        }
    }
}

/// Why a call has no result: diagnostics, of which the first is the one that counts.
#[derive(Clone, Debug, PartialEq)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq)]
struct Inner {
    message: String,
    first: Diagnostic,
    others: Vec<Diagnostic>,
    missing: Vec<Value>,
}

impl Error {
    /// Returns the error of a diagnostic.
    pub fn new(first: Diagnostic) -> Self {
        let message = first.message.clone();
        Self(Box::new(Inner { message, first, others: Vec::new(), missing: Vec::new() }))
    }

    /// Returns the error for a call that is wrong itself.
    pub fn request(message: impl Into<String>) -> Self {
        Self::new(Diagnostic::error("api/request", message))
    }

    /// Returns the error for a mistake of trueup's own, such as a panic that was caught.
    pub fn internal(message: impl ToString) -> Self {
        let help = "this is a mistake in trueup; please report it with what led to it";
        Self::new(Diagnostic::error("api/internal", message.to_string()).help(help))
    }

    /// Returns the error of work that was stopped.
    pub fn cancelled() -> Self {
        Cancelled.into()
    }

    /// Adds diagnostics that do not depend on the first.
    #[must_use]
    pub fn and(mut self, others: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.0.others.extend(others);
        self
    }

    /// Sets what would help.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.0.first.help = Some(help.into());
        self
    }

    /// Names the file of places that have none.
    #[must_use]
    pub fn in_file(mut self, file: &str) -> Self {
        for location in self.0.first.locations.iter_mut().filter(|location| location.file.is_empty()) {
            location.file = file.into();
        }
        self
    }

    /// Says what a host must supply.
    #[must_use]
    pub(crate) fn missing(mut self, missing: impl IntoIterator<Item = Value>) -> Self {
        self.0.missing.extend(missing);
        self
    }

    /// Replaces the text; the diagnostics stay.
    #[must_use]
    pub(crate) fn worded(mut self, message: impl Into<String>) -> Self {
        self.0.message = message.into();
        self
    }

    /// Returns the class.
    pub fn class(&self) -> Class {
        Class::of(&self.0.first.code)
    }

    /// Returns the stable code.
    pub fn code(&self) -> &str {
        &self.0.first.code
    }

    /// Returns the message, as the reference words it.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns all diagnostics, the one that counts first.
    pub fn diagnostics(&self) -> impl Iterator<Item = &Diagnostic> {
        std::iter::once(&self.0.first).chain(&self.0.others)
    }

    /// Returns everything about the error as plain data: what an exception's attributes are.
    ///
    /// `class`, `code`, `message`, `help`, `file`, `line`, `column`, `spans`, `notes`, `diagnostics`, `missing`; whatever is not known is null.
    pub fn to_value(&self) -> Value {
        let first = &self.0.first;
        let place = first.locations.first();
        let start = place.and_then(|place| place.span).map(|span| span.start);
        let number = |number: usize| Value::from(number as u64);
        let text = |text: &str| Value::from(text);
        Map::from_iter([
            ("class", text(self.class().name())),
            ("code", text(self.code())),
            ("message", text(self.message())),
            ("help", first.help.as_deref().map(text).into()),
            ("file", place.filter(|place| !place.file.is_empty()).map(|place| text(&place.file)).into()),
            ("line", start.map(|start| number(start.line)).into()),
            ("column", start.map(|start| number(start.column)).into()),
            ("spans", first.locations.iter().map(diagnostics::location).collect()),
            ("notes", first.notes.iter().map(|note| text(note)).collect()),
            ("diagnostics", self.diagnostics().map(diagnostics::to_value).collect()),
            ("missing", self.0.missing.iter().cloned().collect()),
        ])
        .into()
    }
}

impl fmt::Display for Error {
    /// Writes the place, if it is known, and the message.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.first.locations.first().map(Location::to_string) {
            Some(place)
                if !place.starts_with(':') && !place.is_empty() && !self.0.message.contains(&place) =>
            {
                write!(f, "{place}: {}", self.0.message)
            }
            _ => f.write_str(&self.0.message),
        }
    }
}

impl std::error::Error for Error {}

impl From<Diagnostic> for Error {
    fn from(diagnostic: Diagnostic) -> Self {
        Self::new(diagnostic)
    }
}

impl From<Vec<Diagnostic>> for Error {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        of_diagnostics(diagnostics)
    }
}

impl From<Cancelled> for Error {
    fn from(cancelled: Cancelled) -> Self {
        Self::new(Diagnostic::error(Cancelled::CODE, cancelled.to_string()))
    }
}

impl From<EmitError> for Error {
    fn from(error: EmitError) -> Self {
        Self::new(error.diagnostic())
    }
}

impl From<trueup_kustomize::Error> for Error {
    fn from(error: trueup_kustomize::Error) -> Self {
        let missing = error.missing();
        let remote = |url: trueup_manifest::EcoString| {
            Value::from(Map::from_iter([("kind", Value::from("remote")), ("url", url.into())]))
        };
        of_diagnostics(error.diagnostics()).worded(error.message()).missing(missing.into_iter().map(remote))
    }
}

impl From<trueup_helm::Error> for Error {
    fn from(error: trueup_helm::Error) -> Self {
        Self::new(error.to_diagnostic())
    }
}

impl From<trueup_source::Error> for Error {
    fn from(error: trueup_source::Error) -> Self {
        let out = of_diagnostics(error.diagnostics());
        match error.problem() {
            trueup_source::Problem::Kustomize(inner) => {
                let inner = Self::from(inner.clone());
                out.worded(inner.message()).missing(inner.0.missing)
            }
            trueup_source::Problem::MissingRepository { url, revision } => {
                let entries = [("kind", "repository"), ("url", url), ("revision", revision)];
                out.missing([Map::from_iter(entries).into()])
            }
            _ => out,
        }
    }
}

impl From<trueup_appset::Error> for Error {
    fn from(error: trueup_appset::Error) -> Self {
        let out = Self::new(error.to_diagnostic());
        match &error {
            trueup_appset::Error::UnknownFacts { needs } => {
                let needs = needs.iter().filter_map(|(need, _)| trueup_manifest::to_value(need).ok());
                out.missing(needs)
            }
            _ => out,
        }
    }
}

impl From<trueup_template::Error> for Error {
    fn from(error: trueup_template::Error) -> Self {
        Self::new(error.to_diagnostic())
    }
}

impl From<trueup_diff::DiffError> for Error {
    fn from(error: trueup_diff::DiffError) -> Self {
        Self::new(error.diagnostic())
    }
}

impl From<trueup_promotion::PromotionError> for Error {
    fn from(error: trueup_promotion::PromotionError) -> Self {
        Self::new(error.diagnostic_in(""))
    }
}

impl From<trueup_rollouts::RolloutError> for Error {
    fn from(error: trueup_rollouts::RolloutError) -> Self {
        Self::new(error.diagnostic())
    }
}

impl From<trueup_sync::SyncError> for Error {
    fn from(error: trueup_sync::SyncError) -> Self {
        Self::new(error.into())
    }
}

impl From<trueup_manifest::LookupError> for Error {
    fn from(error: trueup_manifest::LookupError) -> Self {
        Self::new(Diagnostic::error("tree/lookup", error.to_string()))
    }
}

impl From<trueup_manifest::PathError> for Error {
    fn from(error: trueup_manifest::PathError) -> Self {
        Self::new(Diagnostic::error("tree/path", error.to_string()))
    }
}

/// The error of several diagnostics; the first error among them counts.
fn of_diagnostics(mut all: Vec<Diagnostic>) -> Error {
    let first = all.iter().position(|diagnostic| diagnostic.severity == Severity::Error).unwrap_or(0);
    if all.is_empty() {
        return Error::internal("an error without a diagnostic");
    }
    let first = all.remove(first);
    Error::new(first).and(all)
}
