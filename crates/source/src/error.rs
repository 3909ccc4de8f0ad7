//! What can go wrong between an Application and its manifests.

use ecow::EcoString;
use trueup_manifest::{Diagnostic, LookupError};

/// Why the sources of an Application could not be rendered.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{problem}")]
pub struct Error {
    #[source]
    problem: Problem,
    application: EcoString,
}

/// What exactly went wrong; [`Error::code`] has the stable name.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Problem {
    /// The Application has neither `source` nor `sources`.
    #[error("the Application has no source")]
    NoSource,
    /// No tree was supplied for this repository and revision.
    #[error("the repository `{url}` at `{revision}` was not supplied")]
    MissingRepository {
        /// The repository.
        url: EcoString,
        /// The revision.
        revision: EcoString,
    },
    /// The path does not exist in the repository.
    #[error("app path does not exist: `{0}`")]
    MissingPath(EcoString),
    /// More than one kind of source is configured.
    #[error("multiple application sources defined: {0}")]
    SeveralKinds(String),
    /// A kind of source, or an option of one, that is not served.
    #[error("{what} is not supported")]
    Unsupported {
        /// What it is.
        what: String,
    },
    /// An image override that cannot be read.
    #[error(
        "invalid format of image `{0}`, use one of: <image>=<newimage>:<newtag>, <image>=<newimage>@<digest>, <image>:<newtag> or <image>@<digest>"
    )]
    Image(EcoString),
    /// A replica override whose count is no number.
    #[error("the replica count of `{0}` is not a number: `{1}`")]
    Replicas(EcoString, EcoString),
    /// A kustomization that cannot take the options.
    #[error("{0}")]
    Kustomization(String),
    /// A file that cannot be read as manifests.
    #[error("Failed to unmarshal {file:?}: {message}")]
    Manifest {
        /// The file.
        file: EcoString,
        /// What is wrong with it.
        message: String,
    },
    /// A path that leads nowhere, or out of the repository.
    #[error(transparent)]
    Path(#[from] LookupError),
    /// A manifest or a field of it that was asked for is not there.
    #[error("{0}")]
    NotFound(String),
    /// kustomize failed.
    #[error(transparent)]
    Kustomize(#[from] trueup_kustomize::Error),
    /// A file of values that is not there, or may not be read.
    #[error("{0}")]
    ValueFile(String),
    /// An option of a Helm source that cannot be used.
    #[error("{0}")]
    HelmOption(String),
    /// Helm failed.
    #[error(transparent)]
    Helm(#[from] trueup_helm::Error),
}

impl Error {
    /// Returns what exactly went wrong.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// Returns the stable code, `source/what-is-wrong` (or the code of the renderer that failed).
    pub fn code(&self) -> &str {
        match &self.problem {
            Problem::NoSource => "source/no-source",
            Problem::MissingRepository { .. } => "source/missing-repository",
            Problem::MissingPath(_) => "source/missing-path",
            Problem::SeveralKinds(_) => "source/several-kinds",
            Problem::Unsupported { .. } => "source/unsupported",
            Problem::Image(_) | Problem::Replicas(..) | Problem::Kustomization(_) => {
                "source/kustomize-options"
            }
            Problem::Manifest { .. } => "source/manifest",
            Problem::Path(_) => "source/path",
            Problem::NotFound(_) => "source/not-found",
            Problem::Kustomize(error) => error.code(),
            Problem::ValueFile(_) => "source/value-file",
            Problem::HelmOption(_) => "source/helm-options",
            Problem::Helm(error) => error.code(),
        }
    }

    /// Returns it as diagnostics: usually one, several when the renderer found several things wrong.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let diagnostics = match &self.problem {
            Problem::Kustomize(error) => error.diagnostics(),
            Problem::Helm(error) => vec![error.to_diagnostic()],
            problem => vec![Diagnostic::error(self.code(), problem.to_string())],
        };
        let reached = |diagnostic: Diagnostic| match self.application.as_str() {
            "" => diagnostic,
            application => diagnostic.because(format!("reached from Application `{application}`")),
        };
        diagnostics.into_iter().map(reached).collect()
    }

    pub(crate) fn of(mut self, application: &str) -> Self {
        self.application = application.into();
        self
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self { problem, application: EcoString::new() }
    }
}

impl From<LookupError> for Error {
    fn from(error: LookupError) -> Self {
        Problem::from(error).into()
    }
}

impl From<trueup_helm::Error> for Error {
    fn from(error: trueup_helm::Error) -> Self {
        Problem::from(error).into()
    }
}

impl From<trueup_kustomize::Error> for Error {
    fn from(error: trueup_kustomize::Error) -> Self {
        Problem::from(error).into()
    }
}
