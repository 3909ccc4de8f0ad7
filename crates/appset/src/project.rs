//! What an AppProject permits.

use crate::facts::Cluster;
use crate::generators::{LOCAL_NAME, LOCAL_SERVER};
use crate::model::text;
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{Glob, Value};

/// Returns true if a project permits a source repository.
pub(crate) fn is_source_permitted(project: &AppProject, url: &str) -> bool {
    let url = normalize_url(url);
    let mut permitted = false;
    for pattern in &project.spec.source_repos {
        let (deny, pattern) = split_deny(pattern);
        let matched = matches(&normalize_url(pattern), &url, &['/']) != deny;
        permitted |= matched;
        if deny && !matched {
            return false;
        }
    }
    permitted
}

/// Returns true if a project permits a destination; a cluster that is given by one of name and server gets the other from the clusters.
pub(crate) fn is_destination_permitted(
    project: &AppProject,
    destination: &Value,
    clusters: Option<&[Cluster]>,
) -> bool {
    let (mut server, mut name) =
        (text(destination, &["server"]).trim_end_matches('/'), text(destination, &["name"]));
    let known = clusters.unwrap_or_default().iter();
    let known = known.map(|cluster| (cluster.name.as_str(), cluster.server.trim_end_matches('/')));
    for (own_name, own_server) in known.chain([(LOCAL_NAME, LOCAL_SERVER)]) {
        if server.is_empty() && own_name == name {
            server = own_server;
        } else if name.is_empty() && own_server == server {
            name = own_name;
        }
    }
    let namespace = text(destination, &["namespace"]);
    let mut permitted = false;
    for item in &project.spec.destinations {
        let (name_matched, name_deny) = matched(&item.name, name, name.is_empty());
        let (server_matched, server_deny) = matched(&item.server, server, server.is_empty());
        let (namespace_matched, namespace_deny) = matched(&item.namespace, namespace, false);
        if (server_matched || name_matched) && namespace_matched {
            permitted = true;
        } else if (!name_matched && name_deny)
            || (!server_matched && server_deny && namespace_matched)
            || (!namespace_matched && namespace_deny && server_matched)
        {
            return false;
        }
    }
    permitted
}

/// Tells whether a pattern matches, and whether it is one that denies.
fn matched(pattern: &str, value: &str, absent: bool) -> (bool, bool) {
    let (deny, plain) = split_deny(pattern);
    (!absent && matches(plain, value, &[]) != deny, deny)
}

fn split_deny(pattern: &str) -> (bool, &str) {
    match pattern.strip_prefix('!') {
        Some(plain) => (true, plain),
        None => (false, pattern),
    }
}

fn matches(pattern: &str, value: &str, separators: &[char]) -> bool {
    pattern == "*" || Glob::new(pattern, separators).is_ok_and(|glob| glob.matches(value))
}

/// Brings the forms of one repository's URL together.
pub(crate) fn normalize_url(url: &str) -> String {
    let mut url = url.trim().to_lowercase();
    let scp = !url.contains("://")
        && url.split_once(':').is_some_and(|(user, _)| user.contains('@') && !user.contains('/'));
    if scp {
        url = url.replacen(':', "/", 1);
    }
    let url = url.strip_prefix("ssh://").unwrap_or(&url);
    url.strip_suffix(".git").unwrap_or(url).to_owned()
}
