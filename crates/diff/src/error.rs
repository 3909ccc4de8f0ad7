//! Why two objects could not be compared.

use trueup_manifest::Diagnostic;
use trueup_patch::merge_patch::MergePatchError;
use trueup_patch::strategic::StrategicError;
use trueup_patch::structured::{ManagedFieldsError, TypedError, UpdateError};

/// Why two objects could not be compared, or rules not be built.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiffError {
    /// Both sides are absent.
    #[error("both live and config are null objects")]
    BothAbsent,
    /// Something else than a map stands where an object belongs.
    #[error("expected an object, found a {0}")]
    NotAnObject(&'static str),
    /// An object has no kind, apiVersion or name.
    #[error("the object has no `{0}`")]
    Missing(&'static str),
    /// The metadata is no map.
    #[error("expected `metadata` to be a map, found a {0}")]
    Metadata(&'static str),
    /// The object does not fit its type.
    #[error("error building typed value: {0}")]
    Type(#[from] TypedError),
    /// The strategic merge failed.
    #[error("failed to construct strategic merge patch: {0}")]
    Strategic(#[from] StrategicError),
    /// The merge patch failed.
    #[error("failed to construct merge patch: {0}")]
    Merge(#[from] MergePatchError),
    /// The managedFields cannot be read.
    #[error("error decoding managed fields: {0}")]
    ManagedFields(#[from] ManagedFieldsError),
    /// The apply failed.
    #[error("error while running updater.Apply: {0}")]
    Update(#[from] UpdateError),
    /// The object cannot be read as what it says it is, so that its defaults are unknown.
    #[error("error applying default values: the object does not have the form of its kind")]
    Defaults,
    /// A server-side diff needs the result of a dry run.
    #[error("the server-side diff needs the object that a dry run returned")]
    NoDryRun,
    /// The object of a dry run does not say who manages it.
    #[error("predictedLive must have the managedFields")]
    NoManagedFields,
    /// The manager owns nothing in the object of a dry run.
    #[error("no managed fields found for manager: {0}")]
    ManagerOwnsNothing(String),
    /// A rule leaves no object, or a field of a known type does not have its form.
    #[error("the rules cannot be applied: {0}")]
    Rules(String),
    /// A jq expression is no program.
    #[error("`{expression}` is no jq path: {reason}")]
    Jq {
        /// The expression.
        expression: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A setting cannot be read.
    #[error("{key}: {reason}")]
    Setting {
        /// The key of the config map.
        key: String,
        /// What is wrong with it.
        reason: String,
    },
}

impl DiffError {
    /// Returns the stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::BothAbsent => "diff/both-absent",
            Self::NotAnObject(_) => "diff/not-an-object",
            Self::Missing(_) => "diff/incomplete-object",
            Self::Metadata(_) => "diff/bad-metadata",
            Self::Type(_) => "diff/wrong-type",
            Self::Strategic(_) => "diff/strategic-merge",
            Self::Merge(_) => "diff/json-merge",
            Self::ManagedFields(_) => "diff/bad-managed-fields",
            Self::Update(_) => "diff/apply",
            Self::Defaults => "diff/no-defaults",
            Self::NoDryRun => "diff/no-dry-run",
            Self::NoManagedFields | Self::ManagerOwnsNothing(_) => "diff/dry-run-without-owner",
            Self::Rules(_) => "diff/rules",
            Self::Jq { .. } => "diff/bad-jq",
            Self::Setting { .. } => "diff/bad-setting",
        }
    }

    /// Returns it as a diagnostic.
    pub fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error(self.code(), self.to_string())
    }
}
