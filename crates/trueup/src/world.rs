//! What a repository cannot tell about itself: other repositories, clusters, and what runs in them.

use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::{Cancel, EcoString, FileTree, Value};
use trueup_source::Repositories;
use trueup_template::{Clock, Seed, Time};

/// The outside world, as far as the host knows it.
///
/// What is not said here is unknown, which is never the same as empty: an Application whose cluster is not known is reported as such, and
/// nothing is deleted because of it.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct World {
    /// Repositories by URL. Revisions are not told apart: the tree is what the host wants previewed.
    pub repositories: Vec<(EcoString, FileTree)>,
    /// Charts of Helm repositories, unpacked, by their [`trueup_source::chart_key`].
    pub charts: Vec<(EcoString, FileTree)>,
    /// The clusters that Argo CD knows, without the one it runs in unless that has a name of its own.
    pub clusters: Vec<Cluster>,
    /// The current time in seconds since 1970, for sync windows; unknown windows are not judged.
    pub now: Option<i64>,
}

/// A cluster.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Cluster {
    /// Its name.
    pub name: EcoString,
    /// Its API server.
    pub server: EcoString,
    /// The AppProject it belongs to, if it belongs to one.
    pub project: EcoString,
    /// The labels of its secret.
    pub labels: BTreeMap<EcoString, EcoString>,
    /// The annotations of its secret.
    pub annotations: BTreeMap<EcoString, EcoString>,
    /// Everything that runs in it, or `None` when nobody looked.
    pub live: Option<Vec<Value>>,
}

impl World {
    /// Returns the tree of a repository, however its URL is spelled.
    ///
    /// ```
    /// use trueup::World;
    /// use trueup_manifest::FileTree;
    ///
    /// let mut world = World::default();
    /// world.repositories.push(("https://git.example.com/org/configs.git".into(), FileTree::default()));
    /// assert!(world.repository("git@git.example.com:org/configs").is_some());
    /// assert!(world.repository("https://git.example.com/org/other").is_none());
    /// ```
    pub fn repository(&self, url: &str) -> Option<&FileTree> {
        let wanted = normalize_url(url);
        self.repositories.iter().find(|(known, _)| normalize_url(known) == wanted).map(|(_, tree)| tree)
    }

    /// Returns the files of a chart of a Helm repository, its `Chart.yaml` at the root.
    pub fn chart(&self, url: &str, chart: &str, version: &str) -> Option<&FileTree> {
        let key = trueup_source::chart_key(url, chart, version);
        self.charts.iter().find(|(known, _)| *known == key).map(|(_, tree)| tree)
    }

    /// Returns the cluster of a destination, by server or by name.
    pub fn cluster(&self, server: &str, name: &str) -> Option<&Cluster> {
        let server = server.trim_end_matches('/');
        let matches = |cluster: &&Cluster| match server {
            "" => !name.is_empty() && cluster.name == name,
            server => cluster.server.trim_end_matches('/') == server,
        };
        self.clusters.iter().find(matches)
    }
}

impl World {
    /// How sources are rendered for a look at them: what is made up is the same every time, as nobody applies it.
    pub(crate) fn source_options(&self, cancel: &Cancel) -> trueup_source::Options {
        let mut options = trueup_source::Options::default();
        options.cancel = cancel.clone();
        options.helm.random = Some(Arc::new(Seed(0)));
        options.helm.clock = self.now.map(|now| Arc::new(Time::from_unix(now, 0)) as Arc<dyn Clock>);
        options
    }
}

/// The repositories and charts that are known, whatever their revision.
impl Repositories for World {
    fn tree(&self, url: &str, _: &str) -> Option<&FileTree> {
        self.repository(url)
    }

    fn chart(&self, url: &str, chart: &str, version: &str) -> Option<&FileTree> {
        self.chart(url, chart, version)
    }
}

/// A repository URL without what is only spelling: scheme, user, `.git`, a trailing slash and the case of the host.
pub(crate) fn normalize_url(url: &str) -> String {
    let url = url.trim().trim_end_matches('/');
    let url = url.strip_suffix(".git").unwrap_or(url);
    let (rest, has_scheme) = match url.split_once("://") {
        Some((_, rest)) => (rest, true),
        None => (url, false),
    };
    let end_of_user =
        rest.split('/').next().and_then(|authority| authority.rfind('@')).map_or(0, |at| at + 1);
    let rest = rest.get(end_of_user..).unwrap_or(rest);
    let end_of_host = rest.find(['/', ':']).unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end_of_host).unwrap_or((rest, ""));
    // `host:path` is ssh's short form; with a scheme it is a port.
    let path = if has_scheme { path.to_owned() } else { path.replacen(':', "/", 1) };
    format!("{}{path}", host.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_repository_are_equal() {
        let same = [
            "https://github.com/org/repo",
            "https://github.com/org/repo.git",
            "https://user:token@GitHub.com/org/repo/",
            "git@github.com:org/repo.git",
            "ssh://git@github.com/org/repo",
        ];
        for url in same {
            assert_eq!(normalize_url(url), "github.com/org/repo", "{url}");
        }
        assert_ne!(normalize_url("https://github.com:8443/org/repo"), normalize_url(same[0]));
        assert_ne!(normalize_url("https://github.com/Org/repo"), normalize_url(same[0]));
        for odd in ["", ":", "/", "@", "://", "git@"] {
            normalize_url(odd);
        }
    }
}
