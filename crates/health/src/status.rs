//! Health: a status and a message.

use serde::Serialize;
use std::fmt;

/// How healthy something is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Status {
    /// As it should be.
    Healthy,
    /// Waiting for somebody to let it go on.
    Suspended,
    /// On its way.
    Progressing,
    /// Not there.
    Missing,
    /// Broken.
    Degraded,
    /// Nobody can tell.
    Unknown,
}

impl Status {
    /// Returns the status of this name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "Healthy" => Self::Healthy,
            "Suspended" => Self::Suspended,
            "Progressing" => Self::Progressing,
            "Missing" => Self::Missing,
            "Degraded" => Self::Degraded,
            "Unknown" => Self::Unknown,
            _ => return None,
        })
    }

    /// Returns the name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Healthy => "Healthy",
            Self::Suspended => "Suspended",
            Self::Progressing => "Progressing",
            Self::Missing => "Missing",
            Self::Degraded => "Degraded",
            Self::Unknown => "Unknown",
        }
    }

    /// Returns true if another status is worse than this one.
    pub fn is_worse(self, other: Self) -> bool {
        other > self
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a check says. A custom check may give no status: it hides the built-in one and counts for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The status.
    pub status: Option<Status>,
    /// Why.
    pub message: String,
}

impl Health {
    /// Returns a health.
    pub fn new(status: Status, message: impl Into<String>) -> Self {
        Self { status: Some(status), message: message.into() }
    }

    pub(crate) fn healthy() -> Self {
        Self::new(Status::Healthy, "")
    }
}

/// Why a check failed. The status is unknown then.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HealthError {
    /// The check does not know this version of the kind.
    #[error("unsupported {kind} GVK: {api_version}, Kind={kind}")]
    Unsupported {
        /// The kind.
        kind: String,
        /// The apiVersion.
        api_version: String,
    },
    /// A field has the wrong type.
    #[error("failed to convert unstructured {kind} to typed: `{path}` is a {found}, not a {expected}")]
    WrongType {
        /// The kind.
        kind: String,
        /// The field.
        path: String,
        /// What belongs there.
        expected: &'static str,
        /// What is there.
        found: &'static str,
    },
    /// An annotation does not hold what it should.
    #[error("{0}")]
    Annotation(String),
    /// A custom check failed.
    #[error("{0}")]
    Custom(String),
}
