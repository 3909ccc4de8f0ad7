//! What can go wrong, with stable codes.

use ecow::EcoString;
use trueup_manifest::Diagnostic;

/// An error of this crate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SyncError {
    /// A cron schedule that cannot be read.
    #[error("cannot parse schedule '{schedule}': {reason}")]
    Schedule {
        /// The schedule as it was written.
        schedule: EcoString,
        /// What is wrong with it.
        reason: String,
    },
    /// The duration of a sync window that cannot be read.
    #[error("cannot parse duration '{duration}': {reason}")]
    WindowDuration {
        /// The duration as it was written.
        duration: EcoString,
        /// What is wrong with it.
        reason: String,
    },
    /// A duration of a back-off that cannot be read.
    #[error("unable to parse {0} as a duration")]
    Duration(EcoString),
    /// A point in time that is not RFC 3339.
    #[error("cannot parse `{0}` as an RFC 3339 time")]
    Time(EcoString),
    /// A sync window that is neither allow nor deny.
    #[error("kind '{0}' mismatch: can only be allow or deny")]
    WindowKind(EcoString),
    /// A sync window whose description is longer than 255 bytes.
    #[error("description must not exceed 255 characters")]
    WindowDescription,
    /// A sync window without a required field.
    #[error(
        "cannot create window: require kind, schedule, duration and one or more of applications, namespaces and clusters"
    )]
    WindowIncomplete,
    /// Sync windows of which one is invalid.
    #[error("invalid sync windows: {0}")]
    Windows(#[source] Box<SyncError>),
    /// A plan that deletes more than its guard allows.
    #[error("the plan prunes {pruned} of {live} live resources, more than the guard allows ({allowed})")]
    PruneGuard {
        /// How many resources it deletes.
        pruned: usize,
        /// How many live resources the application has.
        live: usize,
        /// How many it may delete.
        allowed: usize,
    },
    /// Ignored fields that cannot be told, of which a sync was to leave the live values.
    #[error("Failed to normalize target resources: {0}")]
    Respect(String),
    /// Applications that manage each other.
    #[error("applications depend on each other: {}", .0.join(" → "))]
    ApplicationCycle(Vec<EcoString>),
    /// A history entry that does not exist.
    #[error("application {application} does not have deployment with id {id}")]
    History {
        /// The application.
        application: EcoString,
        /// The id that was asked for.
        id: i64,
    },
    /// An operation that cannot be done while automatic sync is on.
    #[error("rollback cannot be initiated when auto-sync is enabled")]
    RollbackAutomated,
}

impl SyncError {
    /// Returns the stable code, `sync/what-is-wrong`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Schedule { .. } => "sync/invalid-schedule",
            Self::WindowDuration { .. } | Self::Duration(_) => "sync/invalid-duration",
            Self::Time(_) => "sync/invalid-time",
            Self::WindowKind(_) => "sync/invalid-window-kind",
            Self::WindowDescription => "sync/window-description-too-long",
            Self::WindowIncomplete => "sync/incomplete-window",
            Self::Windows(source) => source.code(),
            Self::PruneGuard { .. } => "sync/prune-guard",
            Self::Respect(_) => "sync/ignored-fields",
            Self::ApplicationCycle(_) => "sync/application-cycle",
            Self::History { .. } => "sync/unknown-history-id",
            Self::RollbackAutomated => "sync/rollback-while-automated",
        }
    }

    fn help(&self) -> Option<&'static str> {
        Some(match self {
            Self::Schedule { .. } => "five fields: minute, hour, day of month, month, day of week (0 to 6)",
            Self::WindowDuration { .. } => "a number with a unit, such as `30m`, `1h30m`",
            Self::Duration(_) => "a number of seconds, or a number with a unit, such as `5s`, `3m`",
            Self::Time(_) => "such as `2024-07-15T12:30:20Z`",
            Self::PruneGuard { .. } => {
                "raise the guard if this is meant; the plan lists what would be deleted"
            }
            Self::Respect(_) => {
                "correct the rule, or sync without `RespectIgnoreDifferences=true`, which overwrites ignored fields"
            }
            Self::RollbackAutomated => "switch automatic sync off first, or it would undo the rollback",
            _ => return None,
        })
    }
}

impl From<SyncError> for Diagnostic {
    fn from(error: SyncError) -> Self {
        let diagnostic = Self::error(error.code(), error.to_string());
        match error.help() {
            Some(help) => diagnostic.help(help),
            None => diagnostic,
        }
    }
}
