//! What kind of source a directory is.

use crate::error::{Error, Problem};
use trueup_manifest::FileTree;
use trueup_manifest::argocd::ApplicationSource;

/// The file names under which kustomize looks for a kustomization.
pub(crate) const KUSTOMIZATIONS: [&str; 3] = ["kustomization.yaml", "kustomization.yml", "Kustomization"];

/// How a source is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SourceKind {
    /// Plain manifests.
    Directory,
    /// A kustomization.
    Kustomize,
    /// A Helm chart.
    Helm,
    /// A config management plugin.
    Plugin,
}

impl SourceKind {
    /// Returns the kind of a source: the one it configures, else the one its files show.
    ///
    /// # Errors
    /// [`Problem::SeveralKinds`] when it configures more than one.
    pub fn of(source: &ApplicationSource, tree: &FileTree, directory: &str) -> Result<Self, Error> {
        let configured = [
            (source.kustomize.is_some(), Self::Kustomize),
            (source.helm.is_some(), Self::Helm),
            (source.directory.is_some(), Self::Directory),
            (source.plugin.is_some(), Self::Plugin),
        ];
        let mut configured = configured.into_iter().filter(|(is_set, _)| *is_set).map(|(_, kind)| kind);
        match (configured.next(), configured.next()) {
            (Some(first), Some(second)) => {
                let rest = configured.map(|kind| format!(",{kind:?}")).collect::<String>();
                Err(Problem::SeveralKinds(format!("{first:?},{second:?}{rest}")).into())
            }
            (Some(kind), None) => Ok(kind),
            (None, _) if !source.chart.is_empty() => Ok(Self::Helm),
            (None, _) => Ok(Self::discover(tree, directory)),
        }
    }

    /// A kustomization counts more than a chart: its file name sorts later, and the last file found decides.
    fn discover(tree: &FileTree, directory: &str) -> Self {
        let mut kind = Self::Directory;
        for name in tree.list(directory) {
            let path =
                if directory.is_empty() { name.clone() } else { ecow::eco_format!("{directory}/{name}") };
            if tree.is_directory(&path) {
                continue;
            }
            if name.ends_with("Chart.yaml") {
                kind = Self::Helm;
            } else if KUSTOMIZATIONS.contains(&name.as_str()) {
                kind = Self::Kustomize;
            }
        }
        kind
    }
}
