//! The one error type of a build.

use ecow::EcoString;
use trueup_manifest::{Cancelled, Diagnostic, Location};

/// What went wrong, as a stable code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A directory to build has no kustomization file, or several.
    MissingKustomization,
    /// A kustomization file cannot be read as one.
    InvalidKustomization,
    /// An entry leads to nothing.
    MissingResource,
    /// Something remote that the host has not mounted.
    MissingRemote,
    /// A file is not in or below the directory that refers to it.
    LoadRestriction,
    /// A directory refers to itself or to one above it.
    Cycle,
    /// A manifest is no YAML, or no Kubernetes object.
    InvalidManifest,
    /// Two resources have the same id, or an id is not unique where it must be.
    IdConflict,
    /// A patch cannot be read or does not apply.
    Patch,
    /// A generator cannot do what it is asked to.
    Generator,
    /// A transformer, validator or plugin cannot do what it is asked to.
    Transformer,
    /// A function cannot be read, cannot be run or failed.
    Function,
    /// A replacement cannot be read or does not apply.
    Replacement,
    /// A variable is defined twice or has no value.
    Variable,
    /// A name could refer to several resources.
    AmbiguousReference,
    /// A transformer configuration, CRD or OpenAPI document cannot be read.
    Configuration,
    /// The build has no such manifest, or several, or the manifest has no such field.
    NotFound,
    /// The result cannot be written.
    Output,
    /// Needs something that a pure build does not have: a program, a container, a chart renderer.
    Unsupported,
    /// A limit was reached.
    Limit,
    /// The build was stopped.
    Cancelled,
}

impl ErrorKind {
    /// Returns the stable code, `kustomize/…`.
    pub fn code(self) -> &'static str {
        match self {
            Self::MissingKustomization => "kustomize/missing-kustomization",
            Self::InvalidKustomization => "kustomize/invalid-kustomization",
            Self::MissingResource => "kustomize/missing-resource",
            Self::MissingRemote => "kustomize/missing-remote",
            Self::LoadRestriction => "kustomize/load-restriction",
            Self::Cycle => "kustomize/cycle",
            Self::InvalidManifest => "kustomize/invalid-manifest",
            Self::IdConflict => "kustomize/id-conflict",
            Self::Patch => "kustomize/patch",
            Self::Generator => "kustomize/generator",
            Self::Transformer => "kustomize/transformer",
            Self::Function => "kustomize/function",
            Self::Replacement => "kustomize/replacement",
            Self::Variable => "kustomize/variable",
            Self::AmbiguousReference => "kustomize/ambiguous-reference",
            Self::Configuration => "kustomize/configuration",
            Self::NotFound => "kustomize/not-found",
            Self::Output => "kustomize/output",
            Self::Unsupported => "kustomize/unsupported",
            Self::Limit => "kustomize/limit",
            Self::Cancelled => "kustomize/cancelled",
        }
    }
}

/// Why a build failed: a kind, kustomize's own words, where, and what else failed on the way.
#[derive(Clone, Debug)]
pub struct Error(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    kind: ErrorKind,
    /// The innermost message, without the chain around it.
    cause: String,
    /// The whole message as kustomize prints it.
    message: String,
    locations: Vec<Location>,
    /// Directories from the innermost to the outermost.
    chain: Vec<EcoString>,
    help: Option<String>,
    missing: Vec<EcoString>,
    others: Vec<Error>,
}

pub(crate) type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Inner {
            kind,
            cause: message.clone(),
            message,
            locations: Vec::new(),
            chain: Vec::new(),
            help: None,
            missing: Vec::new(),
            others: Vec::new(),
        }))
    }

    /// Returns what went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the stable code, `kustomize/…`.
    pub fn code(&self) -> &'static str {
        self.0.kind.code()
    }

    /// Returns the message as kustomize prints it, chain and all.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns where it went wrong, the most telling place first.
    pub fn locations(&self) -> &[Location] {
        &self.0.locations
    }

    /// Returns the remote URLs that the host has to mount before it asks again.
    pub fn missing(&self) -> Vec<EcoString> {
        let mut urls = self.0.missing.clone();
        urls.extend(self.0.others.iter().flat_map(Self::missing));
        urls.sort();
        urls.dedup();
        urls
    }

    /// Returns this error and everything else that failed, as diagnostics.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let inner = &self.0;
        let mut diagnostic = Diagnostic::error(self.code(), inner.cause.clone());
        diagnostic.locations = inner.locations.clone();
        diagnostic.help = inner.help.clone();
        diagnostic.notes = inner.chain.iter().map(|dir| format!("reached from `{dir}`")).collect();
        let mut all = vec![diagnostic];
        all.extend(inner.others.iter().flat_map(Self::diagnostics));
        all
    }

    /// Puts a prefix before the message, as each layer of kustomize does.
    #[must_use]
    pub(crate) fn wrap(mut self, prefix: impl AsRef<str>) -> Self {
        self.0.message = format!("{}: {}", prefix.as_ref(), self.0.message);
        self
    }

    /// Replaces the message, keeping kind and places.
    #[must_use]
    pub(crate) fn reword(mut self, message: impl FnOnce(&str) -> String) -> Self {
        self.0.message = message(&self.0.message);
        self
    }

    #[must_use]
    pub(crate) fn at(mut self, location: Location) -> Self {
        if !self.0.locations.contains(&location) {
            self.0.locations.push(location);
        }
        self
    }

    /// Adds a place; before those that are only files, since a line tells more.
    #[must_use]
    pub(crate) fn placed(mut self, location: Location) -> Self {
        let locations = &mut self.0.locations;
        // A place in a text that is written in the kustomization is that of the text.
        locations.retain(|location| !location.file.is_empty());
        if !locations.contains(&location) {
            let lined = |location: &Location| location.span.is_some();
            let at = if lined(&location) {
                locations.iter().take_while(|other| lined(other)).count()
            } else {
                locations.len()
            };
            locations.insert(at, location);
        }
        self
    }

    /// What tells this error, and those it has with it, from others.
    pub(crate) fn identities(&self) -> Vec<(&'static str, String)> {
        let own = (self.code(), self.0.cause.clone());
        std::iter::once(own).chain(self.0.others.iter().flat_map(Self::identities)).collect()
    }

    /// Names the file of places that know only their position.
    #[must_use]
    pub(crate) fn in_file(mut self, file: &EcoString) -> Self {
        for location in self.0.locations.iter_mut().filter(|location| location.file.is_empty()) {
            location.file.clone_from(file);
        }
        if self.0.locations.is_empty() {
            self.0.locations.push(Location::file(file.clone()));
        }
        self
    }

    #[must_use]
    pub(crate) fn reached_from(mut self, directory: &str) -> Self {
        if self.0.chain.last().is_none_or(|last| last != directory) {
            self.0.chain.push(directory.into());
        }
        self
    }

    #[must_use]
    pub(crate) fn missing_url(mut self, url: EcoString) -> Self {
        self.0.missing.push(url);
        self
    }

    #[must_use]
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help = Some(help.into());
        self
    }

    /// Adds errors that do not depend on this one.
    #[must_use]
    pub(crate) fn and(mut self, others: impl IntoIterator<Item = Self>) -> Self {
        self.0.others.extend(others);
        self
    }
}

impl std::fmt::Display for Error {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.message)
    }
}

impl std::error::Error for Error {}

impl From<Cancelled> for Error {
    fn from(cancelled: Cancelled) -> Self {
        Self::new(ErrorKind::Cancelled, cancelled.to_string())
    }
}

impl From<Error> for Diagnostic {
    /// The first of [`Error::diagnostics`].
    fn from(error: Error) -> Self {
        error.diagnostics().swap_remove(0)
    }
}
