//! The one error type of the crate.

use ecow::EcoString;
use trueup_manifest::{Cancelled, Diagnostic, Location};

/// What went wrong, as a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// There is no chart, or its files cannot be read as one.
    InvalidChart,
    /// An archive is no gzipped tar, or has entries that no chart may have.
    InvalidArchive,
    /// Values, a `--set` or a values file cannot be read, or do not fit the charts.
    InvalidValues,
    /// A dependency of `Chart.yaml` is not below `charts/`.
    MissingDependency,
    /// The values do not fit a chart's `values.schema.json`, or that cannot be used.
    Schema,
    /// The name of the release, the Kubernetes version or another setting cannot be used.
    InvalidOption,
    /// The chart does not support the Kubernetes version.
    IncompatibleKubernetes,
    /// A template cannot be parsed.
    TemplateSyntax,
    /// A template failed.
    Template,
    /// A template called `fail` or `required`.
    Failed,
    /// What a template wrote is no manifest.
    InvalidManifest,
    /// Needs something that a pure renderer does not have: a network, a clock that was not given.
    Unsupported,
    /// A limit was reached.
    Limit,
    /// The render was stopped.
    Cancelled,
}

impl ErrorKind {
    /// Returns the stable code, `helm/…`.
    pub fn code(self) -> &'static str {
        match self {
            Self::InvalidChart => "helm/invalid-chart",
            Self::InvalidArchive => "helm/invalid-archive",
            Self::InvalidValues => "helm/invalid-values",
            Self::MissingDependency => "helm/missing-dependency",
            Self::Schema => "helm/schema",
            Self::InvalidOption => "helm/invalid-option",
            Self::IncompatibleKubernetes => "helm/incompatible-kubernetes",
            Self::TemplateSyntax => "helm/template-syntax",
            Self::Template => "helm/template",
            Self::Failed => "helm/failed",
            Self::InvalidManifest => "helm/invalid-manifest",
            Self::Unsupported => "helm/unsupported",
            Self::Limit => "helm/limit",
            Self::Cancelled => "helm/cancelled",
        }
    }
}

/// Why a chart was not loaded or rendered. The message is Helm's, word for word, where Helm has one.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", .0.message)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: ErrorKind,
    message: String,
    locations: Vec<Location>,
    help: Option<String>,
}

/// The result of whatever may fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Inner { kind, message: message.into(), locations: Vec::new(), help: None }))
    }

    /// Puts words in front of the message.
    pub(crate) fn wrap(mut self, before: impl std::fmt::Display) -> Self {
        self.0.message = format!("{before}: {}", self.0.message);
        self
    }

    pub(crate) fn at(mut self, location: Location) -> Self {
        self.0.locations.push(location);
        self
    }

    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Puts a directory in front of the files of the locations.
    pub(crate) fn below(mut self, directory: &str) -> Self {
        for location in &mut self.0.locations {
            location.file = crate::chart::join(directory, &location.file);
        }
        self
    }

    /// Returns what kind of error it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the stable code of the kind.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// Returns the message.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns where it is, the most telling place first; files as they are named in the chart's tree.
    pub fn locations(&self) -> &[Location] {
        &self.0.locations
    }

    /// Turns the error into the shape that all errors of trueup share.
    pub fn to_diagnostic(&self) -> Diagnostic {
        let mut diagnostic = Diagnostic::error(self.code(), self.0.message.clone());
        diagnostic.locations = self.0.locations.clone();
        diagnostic.help = self.0.help.clone();
        diagnostic
    }
}

impl From<Cancelled> for Error {
    fn from(cancelled: Cancelled) -> Self {
        Self::new(ErrorKind::Cancelled, cancelled.to_string())
    }
}

/// An error of this kind in a file of a chart.
pub(crate) fn in_file(kind: ErrorKind, message: impl Into<String>, file: impl Into<EcoString>) -> Error {
    Error::new(kind, message).at(Location::file(file))
}
