//! What a project permits: kinds, destinations, sources.

use crate::glob::{glob_match, shell_match};
use crate::{SyncError, world::Scope};
use ecow::{EcoString, eco_format};
use trueup_manifest::argocd::{
    AppProject, AppProjectSpec, ApplicationSpec, ClusterResourceRestrictionItem, GroupKind,
};
use trueup_manifest::{Object, Value};

/// A cluster: its server URL and its name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cluster {
    /// The URL of its API server.
    pub server: EcoString,
    /// Its name.
    pub name: EcoString,
}

/// Returns true if a project permits a kind. The name only matters for cluster-scoped objects.
pub fn kind_permitted(project: &AppProjectSpec, kind: &GroupKind, name: &str, namespaced: bool) -> bool {
    let plain = |item: &GroupKind| kind_matches(&item.group, &item.kind, kind);
    let named = |item: &ClusterResourceRestrictionItem| {
        kind_matches(&item.group, &item.kind, kind) && (item.name.is_empty() || shell_match(&item.name, name))
    };
    if namespaced {
        let whitelist = project.namespace_resource_whitelist.as_ref();
        return whitelist.is_none_or(|list| list.iter().any(plain))
            && !project.namespace_resource_blacklist.iter().any(plain);
    }
    project.cluster_resource_whitelist.iter().any(named)
        && !project.cluster_resource_blacklist.iter().any(named)
}

fn kind_matches(group: &str, kind: &str, of: &GroupKind) -> bool {
    shell_match(kind, &of.kind) && shell_match(group, &of.group)
}

/// Returns true if a project permits a namespace of a cluster.
///
/// `project_clusters` are the clusters that belong to the project alone; they matter when it permits only those.
pub fn destination_permitted(
    project: &AppProjectSpec,
    cluster: &Cluster,
    namespace: &str,
    project_clusters: &[Cluster],
) -> bool {
    if !destination_matches(project, cluster, namespace) {
        return false;
    }
    !project.permit_only_project_scoped_clusters
        || project_clusters.iter().any(|own| own.name == cluster.name || own.server == cluster.server)
}

fn destination_matches(project: &AppProjectSpec, cluster: &Cluster, namespace: &str) -> bool {
    let set = |pattern: &str, text: &str| !text.is_empty() && glob_match(pattern, text, true, None);
    let denies = |pattern: &str| pattern.starts_with('!');
    let mut any = false;
    for item in &project.destinations {
        let by_name = set(&item.name, &cluster.name);
        let by_server = set(&item.server, &cluster.server);
        let by_namespace = glob_match(&item.namespace, namespace, true, None);
        if (by_server || by_name) && by_namespace {
            any = true;
        } else if !by_name && denies(&item.name)
            || !by_server && denies(&item.server) && by_namespace
            || !by_namespace && denies(&item.namespace) && by_server
        {
            return false;
        }
    }
    any
}

/// Returns true if a project permits a repository.
pub fn source_permitted(project: &AppProjectSpec, repo_url: &str) -> bool {
    let source = normalize_repo_url(repo_url);
    let mut any = false;
    for pattern in &project.source_repos {
        let denied = pattern.strip_prefix('!');
        let normalized = normalize_repo_url(denied.unwrap_or(pattern));
        let pattern = if denied.is_some() { eco_format!("!{normalized}") } else { normalized };
        if glob_match(&pattern, &source, true, Some('/')) {
            any = true;
        } else if denied.is_some() {
            return false;
        }
    }
    any
}

/// Returns why a project does not permit an object, if it does not.
pub fn sync_permitted(
    project: &AppProject,
    cluster: &Cluster,
    object: &Value,
    scope: &Scope,
    project_clusters: &[Cluster],
) -> Result<(), EcoString> {
    let object = Object::new(object);
    let (group, kind) = (object.group(), object.kind());
    let name = &project.metadata.name;
    let namespaced = match scope {
        Scope::Namespaced => true,
        Scope::Cluster => false,
        Scope::Unknown | Scope::Missing(_) | Scope::Failed(_) => {
            return Err(eco_format!(
                "failed to get API resource info for {group}/{kind}: unable to verify permissions"
            ));
        }
    };
    let of = GroupKind { group: group.into(), kind: kind.into(), ..GroupKind::default() };
    if !kind_permitted(&project.spec, &of, object.name(), namespaced) {
        return Err(eco_format!("resource {group}:{kind} is not permitted in project {name}"));
    }
    let namespace = object.namespace();
    if namespaced && !destination_permitted(&project.spec, cluster, namespace, project_clusters) {
        return Err(eco_format!("namespace {namespace} is not permitted in project '{name}'"));
    }
    Ok(())
}

/// Returns the violations of an application's sources and destination: each is an `InvalidSpecError` and stops the comparison.
pub fn spec_violations(
    project: &AppProject,
    spec: &ApplicationSpec,
    cluster: &Cluster,
    project_clusters: &[Cluster],
) -> Vec<EcoString> {
    let sources: Vec<_> =
        if spec.sources.is_empty() { spec.source.iter().collect() } else { spec.sources.iter().collect() };
    let name = &project.metadata.name;
    let forbidden =
        |url: &EcoString| eco_format!("application repo {url} is not permitted in project '{name}'");
    let mut out: Vec<EcoString> = sources
        .into_iter()
        .filter(|source| !source_permitted(&project.spec, &source.repo_url))
        .map(|source| forbidden(&source.repo_url))
        .collect();
    let namespace = &spec.destination.namespace;
    if !destination_permitted(&project.spec, cluster, namespace, project_clusters) {
        out.push(eco_format!(
            "application destination server '{}' and namespace '{namespace}' do not match any of the allowed destinations in project '{name}'",
            cluster.server
        ));
    }
    out
}

/// Returns a repository URL in the form in which URLs are compared; empty if it is not a URL.
///
/// Lower case, without `.git`, and with the short form of ssh (`git@host:path`) written as a URL without its scheme.
pub fn normalize_repo_url(url: &str) -> EcoString {
    let mut url = url.trim().to_lowercase();
    if is_ssh(&url) && !url.starts_with("ssh://") {
        url = url.replacen(':', "/", 1);
        url.insert_str(0, "ssh://");
    }
    let url = url.strip_suffix(".git").unwrap_or(&url);
    let Some(url) = rewrite(url) else { return EcoString::new() };
    url.strip_prefix("ssh://").unwrap_or(&url).into()
}

fn is_ssh(url: &str) -> bool {
    let rest = url.strip_prefix("ssh://").unwrap_or(url);
    let user_and_host = |rest: &str| {
        rest.split_once('@')
            .is_some_and(|(user, host)| !user.contains(['/', ':']) && !host.is_empty() && !host.contains('@'))
    };
    user_and_host(rest)
}

/// Parses a URL and writes it again, as Go's `net/url` would.
fn rewrite(url: &str) -> Option<String> {
    if url.bytes().any(|byte| byte < 0x20 || byte == 0x7f) {
        return None;
    }
    let (url, fragment) = url.split_once('#').map_or((url, None), |(url, fragment)| (url, Some(fragment)));
    let (scheme, rest) = split_scheme(url)?;
    let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
    let mut out = String::new();
    if let Some(scheme) = scheme {
        out.push_str(scheme);
        out.push(':');
        if !rest.starts_with('/') {
            // An opaque URL is written as it is.
            out.push_str(rest);
            return Some(finish(out, query, fragment));
        }
    } else if rest.split('/').next().is_some_and(|first| first.contains(':')) {
        return None;
    }
    let has_authority = rest.starts_with("//") && (scheme.is_some() || !rest.starts_with("///"));
    let path = match rest.strip_prefix("//").filter(|_| has_authority) {
        None => rest,
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            let (authority, path) = rest.split_at_checked(end)?;
            let (user, host) = authority.rsplit_once('@').unwrap_or(("", authority));
            let in_user = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(&byte);
            if !valid_host(host) || !user.bytes().all(in_user) {
                return None;
            }
            out.push_str("//");
            out.push_str(authority);
            path
        }
    };
    out.push_str(&escape_path(path)?);
    Some(finish(out, query, fragment))
}

fn finish(mut out: String, query: Option<&str>, fragment: Option<&str>) -> String {
    if let Some(query) = query {
        out.push('?');
        out.push_str(query);
    }
    if let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty()) {
        out.push('#');
        out.push_str(fragment);
    }
    out
}

fn split_scheme(url: &str) -> Option<(Option<&str>, &str)> {
    let end = url.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')));
    let starts_well = url.starts_with(|c: char| c.is_ascii_alphabetic());
    match end.and_then(|end| url.split_at_checked(end)) {
        Some(("", rest)) if rest.starts_with(':') => None,
        Some((scheme, rest)) if starts_well && rest.starts_with(':') => {
            Some((Some(scheme), rest.strip_prefix(':')?))
        }
        _ => Some((None, url)),
    }
}

fn valid_host(host: &str) -> bool {
    // Brackets are for an IPv6 address in front.
    let after = match host.strip_prefix('[') {
        Some(rest) => match rest.rsplit_once(']') {
            Some((address, after)) if after.is_empty() || after.starts_with(':') => {
                if address.contains(['[', ']']) {
                    return false;
                }
                after
            }
            _ => return false,
        },
        None if host.contains(['[', ']']) => return false,
        None => host,
    };
    let port = after.rsplit_once(':').map_or("", |(_, port)| port);
    let good =
        |byte: u8| byte.is_ascii_alphanumeric() || byte >= 0x80 || b"-_.~!$&'()*+,;=:[]<>\"".contains(&byte);
    port.bytes().all(|byte| byte.is_ascii_digit()) && host.bytes().all(good)
}

fn escape_path(path: &str) -> Option<String> {
    let hex = |byte: Option<u8>| byte.and_then(|byte| (byte as char).to_digit(16));
    let (mut plain, mut kept) = (Vec::with_capacity(path.len()), true);
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let value = hex(bytes.next())? * 16 + hex(bytes.next())?;
            plain.push(u8::try_from(value).ok()?);
        } else {
            kept &= byte.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@[]/".contains(&byte);
            plain.push(byte);
        }
    }
    if kept {
        return Some(path.into());
    }
    let mut out = String::with_capacity(path.len());
    for byte in plain {
        if byte.is_ascii_alphanumeric() || b"-_.~$&+,/:;=@".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    Some(out)
}

/// Returns true if the annotation `argocd.argoproj.io/deletion-approved` holds a time that is not before `since` (Unix seconds).
pub fn is_confirmed(annotation: Option<&str>, since: i64) -> bool {
    let time: Option<Result<i64, SyncError>> = annotation.map(crate::parse_rfc3339);
    time.is_some_and(|time| time.is_ok_and(|time| time >= since))
}
