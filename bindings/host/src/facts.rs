//! The facts file of a repository, `.trueup/facts.yaml`: where other repositories and the clusters' live objects are.

use crate::directory::{ReadError, ReadOptions, read_directory};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use trueup::{Cluster, World};
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{EcoString, FileTree, Value, ValueError, from_value};

/// Where the facts of a repository stand, from its root.
pub const FACTS_FILE: &str = ".trueup/facts.yaml";

/// Why facts could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FactsError {
    /// A file or directory cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A file is not what it should be.
    #[error("`{}`: {message}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        message: String,
    },
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct FactsFile {
    /// URL → directory.
    repositories: BTreeMap<EcoString, PathBuf>,
    clusters: Vec<ClusterFacts>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct ClusterFacts {
    name: EcoString,
    server: EcoString,
    project: EcoString,
    labels: BTreeMap<EcoString, EcoString>,
    annotations: BTreeMap<EcoString, EcoString>,
    /// A directory of YAML and JSON files with what runs.
    live: Option<PathBuf>,
}

/// Reads a facts file. Paths in it are relative to `root`, the repository's directory; `tree` is that directory, already read.
///
/// `live` takes the place of the file's live directories: it has one directory per cluster name.
///
/// # Errors
/// [`FactsError`] when something cannot be read or is not what it should be.
pub fn read_facts(
    root: &Path,
    tree: &FileTree,
    file: &Path,
    live: Option<&Path>,
) -> Result<World, FactsError> {
    let content = |message: String| FactsError::Content { path: file.to_path_buf(), message };
    let bytes = fs::read(file).map_err(|error| content(error.to_string()))?;
    let value =
        yaml::parse(&bytes, &ParseOptions::kubernetes()).map_err(|error| content(error.to_string()))?;
    let facts: FactsFile = match value.is_null() {
        true => FactsFile::default(),
        false => from_value(&value).map_err(|error: ValueError| content(error.to_string()))?,
    };
    let mut world = World::default();
    for (url, directory) in facts.repositories {
        let is_this = directory == Path::new(".") || directory.as_os_str().is_empty();
        let other = if is_this {
            tree.clone()
        } else {
            read_directory(root.join(directory), &ReadOptions::default())?
        };
        world.repositories.push((url, other));
    }
    for facts in facts.clusters {
        let directory = match live {
            Some(live) => Some(live.join(facts.name.as_str())),
            None => facts.live.map(|directory| root.join(directory)),
        };
        let mut cluster = Cluster::default();
        cluster.live = match directory {
            Some(directory) if live.is_none() || directory.is_dir() => Some(read_live(&directory)?),
            _ => None,
        };
        cluster.name = facts.name;
        cluster.server = facts.server;
        cluster.project = facts.project;
        cluster.labels = facts.labels;
        cluster.annotations = facts.annotations;
        world.clusters.push(cluster);
    }
    Ok(world)
}

/// Reads what runs from a directory of YAML and JSON files, such as `kubectl get -o yaml` writes them. Lists are taken apart.
///
/// # Errors
/// [`FactsError`] when a file cannot be read or is not YAML or JSON.
pub fn read_live(directory: &Path) -> Result<Vec<Value>, FactsError> {
    let tree = read_directory(directory, &ReadOptions::default())?;
    let mut objects = Vec::new();
    for (path, bytes) in tree.files_below("") {
        let content = |message: String| FactsError::Content { path: directory.join(path.as_str()), message };
        let documents = match path.rsplit_once('.').map(|(_, extension)| extension) {
            Some("json") => {
                vec![
                    json::parse(bytes, &JsonOptions::default())
                        .map_err(|error| content(error.to_string()))?,
                ]
            }
            Some("yaml" | "yml") => yaml::parse_stream(bytes, &ParseOptions::kubernetes())
                .map_err(|error| content(error.to_string()))?,
            _ => continue,
        };
        for document in documents {
            match document.get("items").and_then(Value::as_seq) {
                Some(items) => objects.extend(items.iter().cloned()),
                None if document.is_map() => objects.push(document),
                None => {}
            }
        }
    }
    Ok(objects)
}
