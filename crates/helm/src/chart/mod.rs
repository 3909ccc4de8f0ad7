//! Charts: their files, read.

mod archive;
mod decode;
mod directory;
mod ignore;
mod load;
mod metadata;

pub use ignore::IgnoreRules;
pub use metadata::{Dependency, Maintainer, Metadata};

use crate::error::Result;
use crate::limits::Limits;
use ecow::EcoString;
use trueup_manifest::{FileBytes, FileTree};
use trueup_template::Map;

pub(crate) use decode::{Decoder, document_of};
pub(crate) use metadata::{is_manifest, is_partial};

/// A file of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path from the chart's directory.
    pub name: EcoString,
    /// Its bytes, without a byte order mark.
    pub data: FileBytes,
}

/// A chart with the charts below it. Cloning shares the files.
///
/// ```
/// use trueup_helm::{Chart, Limits};
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([
///     ("web/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n"),
///     ("web/templates/service.yaml", "kind: Service\n"),
/// ])?;
/// let chart = Chart::from_tree(&tree, "web", &Limits::default())?;
/// assert_eq!(chart.metadata().name, "web");
/// assert_eq!(chart.templates()[0].name, "templates/service.yaml");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Chart {
    pub(crate) metadata: Metadata,
    pub(crate) templates: Vec<File>,
    pub(crate) files: Vec<File>,
    /// The values of `values.yaml`; nobody changes them in place.
    pub(crate) values: Option<Values>,
    pub(crate) schema: Option<FileBytes>,
    pub(crate) dependencies: Vec<Chart>,
    /// Where its files are in the tree it came from.
    pub(crate) origin: EcoString,
}

/// Values that a chart holds.
#[derive(Clone)]
pub(crate) struct Values(pub(crate) Map);

impl std::fmt::Debug for Values {
    /// Tells how many there are: they may be secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} values", self.0.len())
    }
}

impl Chart {
    /// Loads the chart in a directory of a tree, `.helmignore` applied, with the charts and archives below `charts/`.
    ///
    /// # Errors
    /// [`crate::ErrorKind::InvalidChart`] where Helm refuses it, in Helm's words; [`crate::ErrorKind::InvalidArchive`] for what is packed
    /// below it; [`crate::ErrorKind::Limit`].
    pub fn from_tree(tree: &FileTree, directory: &str, limits: &Limits) -> Result<Self> {
        let mut room = load::Room::new(limits);
        let files = directory::files(tree, directory, &mut room)?;
        load::chart(files, directory, &mut room)
    }

    /// Loads a chart from the bytes of a `.tgz` archive.
    ///
    /// # Errors
    /// As [`Chart::from_tree`].
    pub fn from_archive(bytes: &[u8], limits: &Limits) -> Result<Self> {
        let mut room = load::Room::new(limits);
        let files = archive::files(bytes, &mut room)?;
        load::chart(files, "", &mut room)
    }

    /// Returns what `Chart.yaml` says.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// Returns the files below `templates/`.
    pub fn templates(&self) -> &[File] {
        &self.templates
    }

    /// Returns the files that templates can read: all but templates, charts, values and `Chart.yaml`.
    pub fn files(&self) -> &[File] {
        &self.files
    }

    /// Returns the values of `values.yaml` as a document; `None` without that file.
    pub fn values(&self) -> Option<trueup_manifest::Value> {
        self.values.as_ref().map(|values| trueup_template::Value::Map(values.0.clone()).to_manifest())
    }

    /// Returns `values.schema.json`, if there is one.
    pub fn schema(&self) -> Option<&[u8]> {
        self.schema.as_deref()
    }

    /// Returns the charts below `charts/`.
    pub fn dependencies(&self) -> &[Chart] {
        &self.dependencies
    }
}

/// Joins a directory and a path below it.
pub(crate) fn join(directory: &str, path: &str) -> EcoString {
    match directory {
        "" => path.into(),
        directory => ecow::eco_format!("{directory}/{path}"),
    }
}

/// Returns the last element of a path.
pub(crate) fn base_name(path: &str) -> &str {
    path.rsplit_once('/').map_or(path, |(_, name)| name)
}

/// Returns what a path ends with from the last dot of its last element.
pub(crate) fn extension(path: &str) -> &str {
    let name = base_name(path);
    name.rfind('.').and_then(|at| name.get(at..)).unwrap_or_default()
}
