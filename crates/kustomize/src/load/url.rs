//! Git URLs as kustomize takes them apart: host, repository, directory, ref.

use ecow::EcoString;

/// A repository, a directory in it, and a ref.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RepoSpec {
    /// As it was written.
    pub(crate) raw: EcoString,
    host: String,
    repo: String,
    /// The directory inside the repository.
    pub(crate) path: String,
    /// The ref; empty for the default branch.
    pub(crate) reference: String,
}

const SCHEMES: [&str; 4] = ["ssh://", "https://", "http://", "file://"];

impl RepoSpec {
    /// Takes a URL apart; `None` for what is no git URL.
    pub(crate) fn parse(url: &str) -> Option<Self> {
        if url.starts_with('/') {
            return None;
        }
        let (location, query) = url.split_once('?').unwrap_or((url, ""));
        let (host, rest) = split_host(location)?;
        let whole = host.starts_with("file://");
        let (repo, path) = split_marked(rest).or_else(|| split_segments(rest, whole))?;
        let path = path.strip_prefix('/').unwrap_or(path.as_str()).to_owned();
        if repo.is_empty() || leaves(&path) {
            return None;
        }
        Some(Self { raw: url.into(), host, repo, path, reference: reference(query) })
    }

    /// What `git fetch` would be given.
    pub(crate) fn clone_spec(&self) -> EcoString {
        ecow::eco_format!("{}{}", self.host, self.repo)
    }

    /// The URL under which the repository is mounted.
    pub(crate) fn mount_key(&self) -> EcoString {
        let repo = self.clone_spec();
        if self.reference.is_empty() { repo } else { ecow::eco_format!("{repo}?ref={}", self.reference) }
    }
}

fn strip_prefix_ignoring_case<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    let (head, rest) = text.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(rest)
}

/// Splits off everything up to the repository's path: `https://example.com/`, `git@example.com:`.
fn split_host(url: &str) -> Option<(String, &str)> {
    let url = strip_prefix_ignoring_case(url, "git::").unwrap_or(url);
    let (scheme, rest) = SCHEMES
        .iter()
        .find_map(|scheme| Some((*scheme, strip_prefix_ignoring_case(url, scheme)?)))
        .unwrap_or(("", url));
    let (user, rest) = split_user(rest);
    let lower = rest.to_ascii_lowercase();
    let is_github = lower.starts_with("github.com/") || lower.starts_with("github.com:");
    let scp_style = scheme.is_empty() && (!user.is_empty() || is_github);
    if scheme.is_empty() && !scp_style {
        return None;
    }
    if scheme == "file://" {
        return Some((scheme.to_owned(), rest));
    }
    let mut separator = rest.find('/');
    if scp_style && let Some(colon) = rest.find(':') {
        let first = separator.is_none_or(|slash| colon > 0 && colon < slash);
        separator = if first { Some(colon) } else { separator };
    }
    let (host, rest) = match separator.and_then(|at| rest.split_at_checked(at + 1)) {
        Some((host, rest)) => (host, rest),
        None => (rest, ""),
    };
    if is_github {
        let ssh = scheme == "ssh://" || !user.is_empty();
        let host = if ssh { format!("{user}github.com:") } else { "https://github.com/".to_owned() };
        return Some((host, rest));
    }
    (!host.is_empty()).then(|| (format!("{scheme}{user}{host}"), rest))
}

/// Splits off `user@`.
fn split_user(text: &str) -> (&str, &str) {
    let Some(at) = text.find('@') else { return ("", text) };
    let Some((user, rest)) = text.split_at_checked(at + 1) else { return ("", text) };
    let name = user.strip_suffix('@').unwrap_or(user);
    let valid = name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    if valid { (user, rest) } else { ("", text) }
}

/// Splits at `_git/x`, `//` or `.git`, whichever is looked for first.
fn split_marked(path: &str) -> Option<(String, String)> {
    if let Some((before, after)) = path.split_once("_git/") {
        let (name, rest) = after.split_once('/').unwrap_or((after, ""));
        return Some((format!("{before}_git/{name}"), rest.to_owned()));
    }
    if let Some((repo, rest)) = path.split_once("//") {
        return Some((repo.to_owned(), rest.to_owned()));
    }
    let (before, rest) = path.split_once(".git")?;
    Some((format!("{before}.git"), rest.to_owned()))
}

/// Splits behind organisation and repository.
fn split_segments(path: &str, whole: bool) -> Option<(String, String)> {
    if whole {
        return Some((path.to_owned(), String::new()));
    }
    let segments: Vec<&str> = path.split('/').collect();
    let (repo, rest) = segments.split_at_checked(2)?;
    Some((repo.join("/"), rest.join("/")))
}

/// Whether a path leads out of where it starts.
pub(crate) fn leaves(path: &str) -> bool {
    let mut depth = 0_i64;
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => depth -= 1,
            _ => depth += 1,
        }
        if depth < 0 {
            return true;
        }
    }
    false
}

/// The value of `ref`, or of `version`.
fn reference(query: &str) -> String {
    let get = |name: &str| {
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.filter(|(key, _)| *key == name).map(|(_, value)| decode_percent(value)).next()
    };
    get("ref").filter(|text| !text.is_empty()).or_else(|| get("version")).unwrap_or_default()
}

fn decode_percent(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let digit = |b: Option<u8>| b.and_then(|b| char::from(b).to_digit(16));
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let mut ahead = rest.clone();
                if let (Some(high), Some(low)) = (digit(ahead.next()), digit(ahead.next())) {
                    bytes.push((high * 16 + low) as u8);
                    rest = ahead;
                } else {
                    bytes.push(byte);
                }
            }
            _ => bytes.push(byte),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_come_apart() {
        let cases = [
            ("github.com/org/repo/a/b?ref=v1", "https://github.com/org/repo?ref=v1", "a/b"),
            ("https://github.com/org/repo//a/b?ref=v1", "https://github.com/org/repo?ref=v1", "a/b"),
            ("git@github.com:org/repo.git/x", "git@github.com:org/repo.git", "x"),
            ("ssh://git@example.com/org/repo//x?version=2", "ssh://git@example.com/org/repo?ref=2", "x"),
            ("https://dev.azure.com/o/p/_git/repo/x", "https://dev.azure.com/o/p/_git/repo", "x"),
            ("git::https://gitlab.com/o/r.git//d", "https://gitlab.com/o/r.git", "d"),
            ("file:///srv/repo.git", "file:///srv/repo.git", ""),
        ];
        for (url, key, path) in cases {
            let spec = RepoSpec::parse(url).unwrap();
            assert_eq!((spec.mount_key().as_str(), spec.path.as_str()), (key, path), "{url}");
        }
        for no in ["../base", "/abs", "base", "example.com/org/repo", "https://github.com/org", "a.yaml"] {
            assert_eq!(RepoSpec::parse(no), None, "{no}");
        }
    }
}
