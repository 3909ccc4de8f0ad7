//! Where a parameter set came from.

use super::Parameters;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::EcoString;

/// Which generator and row made a parameter set.
///
/// Two are equal if they name the same generator, row and parts.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Origin {
    /// The generator, as in `spec.generators[0].matrix.generators[1].list`.
    pub generator: EcoString,
    /// What in its input made the set.
    pub row: Row,
    /// The sets it was put together from: of a matrix the two, of a merge the base and what overrode it.
    pub parts: Vec<Arc<Origin>>,
    /// What the row itself gave; empty where there are parts.
    #[serde(skip)]
    given: Parameters,
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        (&self.generator, &self.row, &self.parts) == (&other.generator, &other.row, &other.parts)
    }
}

impl Eq for Origin {}

/// What in the input of a generator made a parameter set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
#[non_exhaustive]
pub enum Row {
    /// An element of a list, from 0; those of `elementsYaml` come behind `elements`.
    Element {
        /// Its position.
        index: usize,
    },
    /// A cluster.
    Cluster {
        /// Its name.
        name: EcoString,
    },
    /// All clusters at once.
    Clusters,
    /// A directory of a repository.
    Directory {
        /// The repository.
        repository: EcoString,
        /// The revision that was asked for.
        revision: EcoString,
        /// The path in it.
        path: EcoString,
    },
    /// A file of a repository.
    File {
        /// The repository.
        repository: EcoString,
        /// The revision that was asked for.
        revision: EcoString,
        /// The path in it.
        path: EcoString,
        /// The entry, if the file is a list.
        index: Option<usize>,
    },
    /// A branch of a repository that an SCM provider lists.
    Repository {
        /// The repository.
        name: EcoString,
        /// The branch.
        branch: EcoString,
    },
    /// A pull request.
    PullRequest {
        /// Its number.
        number: i64,
    },
    /// A decision about a cluster.
    Decision {
        /// The name of the cluster.
        cluster: EcoString,
        /// Its position among the decisions.
        index: usize,
    },
    /// An object that a plugin answered.
    Answer {
        /// Its position.
        index: usize,
    },
    /// One set of each of the parts.
    Combination,
    /// A base and what overrode it.
    Merged,
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Element { index } => write!(f, "element {index}"),
            Self::Cluster { name } => write!(f, "cluster {name}"),
            Self::Clusters => f.write_str("all clusters"),
            Self::Directory { path, .. } => write!(f, "directory {path}"),
            Self::File { path, index: None, .. } => write!(f, "file {path}"),
            Self::File { path, index: Some(index), .. } => write!(f, "file {path}[{index}]"),
            Self::Repository { name, branch } => write!(f, "repository {name} branch {branch}"),
            Self::PullRequest { number } => write!(f, "pull request {number}"),
            Self::Decision { cluster, .. } => write!(f, "decision for cluster {cluster}"),
            Self::Answer { index } => write!(f, "answer {index}"),
            Self::Combination | Self::Merged => Ok(()),
        }
    }
}

impl fmt::Display for Origin {
    /// Writes `spec.generators[0].matrix (directory services/cart × element 1)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (", self.generator)?;
        self.write_rows(f)?;
        f.write_str(")")
    }
}

impl Origin {
    /// The origin of a set that a row of a generator gave.
    pub(crate) fn of_row(generator: EcoString, row: Row, given: Parameters) -> Self {
        Self { generator, row, parts: Vec::new(), given }
    }

    /// The origin of a set that was put together from others.
    pub(crate) fn of_parts(generator: EcoString, row: Row, parts: Vec<Arc<Origin>>) -> Self {
        Self { generator, row, parts, given: Parameters::new() }
    }

    /// Returns the row that gave a parameter, by its name or chain of names: of a matrix the first that has it, of a merge the
    /// last.
    pub fn provider(&self, name: &str) -> Option<&Origin> {
        match self.row {
            Row::Merged => self.parts.iter().rev().find_map(|part| part.provider(name)),
            _ if !self.parts.is_empty() => self.parts.iter().find_map(|part| part.provider(name)),
            _ => self.given.find(name).map(|_| self),
        }
    }

    /// Returns the rows as text, without the generator: `directory services/cart`.
    pub fn row_text(&self) -> String {
        struct Rows<'a>(&'a Origin);
        impl fmt::Display for Rows<'_> {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.write_rows(f)
            }
        }
        Rows(self).to_string()
    }

    fn write_rows(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = match self.row {
            Row::Combination => " × ",
            Row::Merged => " + ",
            _ => return write!(f, "{}", self.row),
        };
        for (position, part) in self.parts.iter().enumerate() {
            if position > 0 {
                f.write_str(mark)?;
            }
            part.write_rows(f)?;
        }
        Ok(())
    }

    /// Returns the files, directories, clusters and elements at the leaves, in order.
    pub fn leaves(&self) -> Vec<&Origin> {
        match self.parts.is_empty() {
            true => vec![self],
            false => self.parts.iter().flat_map(|part| part.leaves()).collect(),
        }
    }
}
