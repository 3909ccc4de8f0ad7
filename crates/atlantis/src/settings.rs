//! Settings that the server's and a repository's configuration have in common.

use crate::decode::{Decoded, Node};
use crate::doublestar::{self, DirPattern};
use crate::problem::{Problem, Problems, refuse};
use serde::Serialize;
use trueup_manifest::EcoString;
use trueup_manifest::yaml::go_quote;

/// When projects are locked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RepoLocks {
    /// `on_plan`, `on_apply` or `disabled`. A repository may write anything; it locks as written nowhere, then.
    pub mode: EcoString,
}

impl Default for RepoLocks {
    fn default() -> Self {
        Self { mode: "on_plan".into() }
    }
}

impl RepoLocks {
    pub(crate) const MODES: [&'static str; 3] = ["disabled", "on_plan", "on_apply"];

    pub(crate) fn decode(node: &Node<'_>) -> Decoded<Self> {
        node.fields("repo_locks", &["mode"])?;
        Ok(node.optional("mode", Node::text)?.map_or_else(Self::default, |mode| Self { mode }))
    }

    pub(crate) fn check(&self) -> Result<(), Problem> {
        let mut problems = Problems::default();
        problems.check("mode", check_mode(&self.mode, &Self::MODES));
        problems.result()
    }
}

/// Whether projects are found that nobody configured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AutoDiscover {
    /// `auto`, `enabled` or `disabled`: `auto` is for repositories without projects. A repository may write anything; it counts
    /// as disabled, then.
    pub mode: EcoString,
    /// The patterns of directories in which nothing is found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ignore_paths: Option<Vec<EcoString>>,
}

impl AutoDiscover {
    pub(crate) const MODES: [&'static str; 3] = ["auto", "disabled", "enabled"];

    pub(crate) fn decode(node: &Node<'_>) -> Decoded<Self> {
        node.fields("autodiscover", &["mode", "ignore_paths"])?;
        let mode = node.optional("mode", Node::text)?.unwrap_or_else(|| "auto".into());
        Ok(Self { mode, ignore_paths: node.optional("ignore_paths", Node::texts)? })
    }

    pub(crate) fn check(&self) -> Result<(), Problem> {
        let mut problems = Problems::default();
        problems.check("mode", check_mode(&self.mode, &Self::MODES));
        let check = |pattern: &EcoString| {
            if pattern.starts_with('/') {
                return refuse("pattern must not begin with a slash '/'");
            }
            if doublestar::is_valid(pattern) { Ok(()) } else { refuse(format!("invalid pattern: {pattern}")) }
        };
        problems.check("ignore_paths", self.ignore_paths.iter().flatten().try_for_each(check));
        problems.result()
    }

    /// Tells whether nothing is found in a directory.
    pub(crate) fn ignores(&self, directory: &str) -> bool {
        let matches =
            |pattern: &EcoString| DirPattern::new(pattern).is_some_and(|pattern| pattern.matches(directory));
        self.ignore_paths.iter().flatten().any(matches)
    }
}

/// An empty text counts as none.
fn check_mode(mode: &str, modes: &[&str]) -> Result<(), Problem> {
    if mode.is_empty() || modes.contains(&mode) { Ok(()) } else { refuse("must be a valid value") }
}

/// Checks the words of `plan_requirements` and its kind.
pub(crate) fn check_requirements(key: &str, words: &[EcoString]) -> Result<(), Problem> {
    let Some(other) =
        words.iter().find(|word| !["approved", "mergeable", "undiverged"].contains(&word.as_str()))
    else {
        return Ok(());
    };
    let singular = key.strip_suffix('s').unwrap_or(key);
    refuse(format!(
        "{} is not a valid {singular}, only \"approved\", \"mergeable\" and \"undiverged\" are supported",
        go_quote(other)
    ))
}
