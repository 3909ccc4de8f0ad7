//! A fact that is asked for, as data.

use serde::Serialize;
use std::fmt;
use trueup_manifest::{EcoString, Value};

/// One fact that an evaluation asks for: what a host fetches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[non_exhaustive]
pub enum Need {
    /// The cluster secrets.
    Clusters,
    /// A revision of a git repository.
    Git {
        /// The URL.
        repository: EcoString,
        /// The revision; empty is `HEAD`.
        revision: EcoString,
        /// True if files are read; else a list of directories is enough.
        files: bool,
    },
    /// The repositories and branches of an SCM provider.
    Repositories {
        /// The section `scmProvider`.
        generator: Value,
    },
    /// The pull requests of a repository.
    PullRequests {
        /// The section `pullRequest`.
        generator: Value,
    },
    /// The answer of a plugin.
    Plugin {
        /// The ConfigMap with its address.
        config_map: EcoString,
        /// The name that is sent.
        application_set: EcoString,
        /// The parameters that are sent.
        input: Value,
    },
    /// The objects of a resource in the Argo CD namespace.
    DecisionResources {
        /// The API group.
        group: EcoString,
        /// The API version.
        version: EcoString,
        /// The plural name.
        resource: EcoString,
    },
    /// A ConfigMap of the Argo CD namespace.
    ConfigMap {
        /// Its name.
        name: EcoString,
    },
    /// A Secret of the Argo CD namespace.
    Secret {
        /// Its name.
        name: EcoString,
    },
    /// An AppProject of the Argo CD namespace.
    Project {
        /// Its name.
        name: EcoString,
    },
}

impl fmt::Display for Need {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Clusters => f.write_str("clusters"),
            Self::Git { repository, revision, files } => {
                let what = if *files { "files" } else { "directories" };
                let revision = if revision.is_empty() { "HEAD" } else { revision };
                write!(f, "{what} of {repository} at {revision}")
            }
            Self::Repositories { .. } => f.write_str("repositories of an SCM provider"),
            Self::PullRequests { .. } => f.write_str("pull requests"),
            Self::Plugin { config_map, .. } => write!(f, "answer of plugin {config_map}"),
            Self::DecisionResources { group, version, resource } => {
                write!(f, "{resource} of {group}/{version}")
            }
            Self::ConfigMap { name } => write!(f, "ConfigMap {name}"),
            Self::Secret { name } => write!(f, "Secret {name}"),
            Self::Project { name } => write!(f, "AppProject {name}"),
        }
    }
}
