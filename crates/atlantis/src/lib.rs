//! Atlantis as data: which Terraform projects a change plans and why, with which steps, in which order, under which requirements.
//!
//! - [`RepoConfig`] reads `atlantis.yaml`, [`ServerConfig`] the server's `repos.yaml`: strictly, with Atlantis' own errors and the line.
//! - [`autoplan`] names the projects that a change affects, configured or discovered, each with the file and the pattern that
//!   made it so, and the files that no project claims.
//! - [`ServerConfig::effective`] merges what project, repository and server say; [`needs`] lists what a server must allow.
//! - [`groups`], [`check_requirements`] and [`check_dependencies`] say in which order and whether a command may run.
//! - [`lint`] tells what Atlantis accepts without a word and hardly anybody means.
//!
//! It promises the results of Atlantis (the code of August 2026) for the same inputs, and runs nothing: commands are text.
//! It stands on `trueup-manifest`, and on `trueup-template` for Go's regular expressions.
//!
//! ```
//! use trueup_atlantis::{RepoConfig, RepoQuestion, ServerConfig};
//!
//! let text = b"version: 3\nprojects:\n- dir: network\n  workflow: custom\n";
//! let error = RepoConfig::parse(text, &ServerConfig::default(), &RepoQuestion::default()).unwrap_err();
//! assert_eq!(
//!     error.to_string(),
//!     "repo config not allowed to set 'workflow' key: server-side config needs 'allowed_overrides: [workflow]'"
//! );
//! assert_eq!(error.position().unwrap().line, 4);
//! ```

#![forbid(unsafe_code)]

mod autoplan;
mod decode;
mod doublestar;
mod error;
mod lint;
mod merge;
mod modules;
mod order;
mod path;
mod patterns;
mod problem;
mod project;
mod repo;
mod requirements;
mod server;
mod settings;
mod shell;
mod step;
mod version;
mod workflow;

pub use autoplan::{
    Autoplan, AutoplanFlags, AutoplanQuestion, Because, DEFAULT_FILE_LIST, Planned, ProjectSource, Rule,
    autoplan,
};
pub use error::{AtlantisError, ErrorKind};
pub use lint::lint;
pub use merge::{EffectiveProject, Needs, needs};
pub use order::{OrderWarning, Ordered, groups, order_warnings, simulate};
pub use project::{Project, ProjectAutoplan};
pub use repo::{RepoConfig, RepoQuestion};
pub use requirements::{
    MissingDependencies, PolicyStatus, RequirementFacts, check_dependencies, check_requirements,
};
pub use server::{RepoSettings, ServerConfig, ServerFlags};
pub use settings::{AutoDiscover, RepoLocks};
pub use step::Step;
pub use version::Version;
pub use workflow::Workflow;
