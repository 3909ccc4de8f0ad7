//! Git URLs as kustomize takes them apart: host, repository, directory, ref, options.

use ecow::EcoString;
use std::time::Duration;

/// A repository, a directory in it, and a ref: what a host needs to fetch a remote base.
///
/// ```
/// use trueup_kustomize::GitUrl;
///
/// let url = GitUrl::parse("github.com/org/repo//deploy?ref=v1").ok_or("no git URL")?;
/// assert_eq!(url.repository(), "https://github.com/org/repo");
/// assert_eq!((url.path(), url.reference()), ("deploy", "v1"));
/// assert_eq!(url.mount_key(), "https://github.com/org/repo?ref=v1");
/// assert_eq!(GitUrl::parse("../base"), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitUrl {
    /// As it was written.
    pub(crate) raw: EcoString,
    host: String,
    repo: String,
    path: String,
    reference: String,
    submodules: bool,
    timeout: Duration,
}

const SCHEMES: [&str; 4] = ["ssh://", "https://", "http://", "file://"];

impl GitUrl {
    /// Takes a URL apart as kustomize does; `None` for what it does not take for a git URL.
    ///
    /// An entry that leads to a git repository is tried as a file first where it is an HTTP URL.
    pub fn parse(url: &str) -> Option<Self> {
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
        let query = Query::parse(query);
        Some(Self {
            raw: url.into(),
            host,
            repo,
            path,
            reference: query.reference(),
            submodules: query.submodules(),
            timeout: query.timeout(),
        })
    }

    /// Returns what `git fetch` is given.
    pub fn repository(&self) -> EcoString {
        ecow::eco_format!("{}{}", self.host, self.repo)
    }

    /// Returns the directory inside the repository; empty for its root.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the branch, tag or commit; empty for the default branch.
    pub fn reference(&self) -> &str {
        &self.reference
    }

    /// Returns whether submodules are fetched too.
    pub fn submodules(&self) -> bool {
        self.submodules
    }

    /// Returns how long fetching may take: 27 seconds unless the URL says otherwise.
    pub fn timeout(&self) -> Duration {
        self.timeout
    }

    /// Returns the name under which the repository is mounted: the repository, `?ref=` and `submodules=false` where given.
    pub fn mount_key(&self) -> EcoString {
        let mut options = Vec::new();
        if !self.reference.is_empty() {
            options.push(format!("ref={}", self.reference));
        }
        if !self.submodules {
            options.push("submodules=false".to_owned());
        }
        let repository = self.repository();
        if options.is_empty() { repository } else { ecow::eco_format!("{repository}?{}", options.join("&")) }
    }
}

/// Whether an HTTP URL names a manifest rather than a repository.
pub(crate) fn names_file(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    !path.contains(".git/") && [".yaml", ".yml", ".json"].iter().any(|end| path.ends_with(end))
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
        // A path, also what looks like a user in it.
        return Some((scheme.to_owned(), url.get(scheme.len()..).unwrap_or(rest)));
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

/// How long fetching may take by default.
const TIMEOUT: Duration = Duration::from_secs(27);

/// The options behind `?`; none when one of them cannot be read.
struct Query(Vec<(String, String)>);

impl Query {
    fn parse(query: &str) -> Self {
        let pairs = query.split('&').filter(|part| !part.is_empty());
        let pairs = pairs.map(|part| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            let valid = !part.contains(';');
            Some((decode_percent(key)?, decode_percent(value)?)).filter(|_| valid)
        });
        Self(pairs.collect::<Option<_>>().unwrap_or_default())
    }

    fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    fn reference(&self) -> String {
        let reference = self.get("ref");
        if reference.is_empty() { self.get("version") } else { reference }.to_owned()
    }

    fn submodules(&self) -> bool {
        !matches!(self.get("submodules"), "0" | "f" | "F" | "false" | "FALSE" | "False")
    }

    /// Whole seconds, or a duration as Go writes it.
    fn timeout(&self) -> Duration {
        let text = self.get("timeout");
        let seconds = text.strip_prefix('+').unwrap_or(text).parse().ok().map(Duration::from_secs);
        seconds.filter(|time| !time.is_zero()).or_else(|| go_duration(text)).unwrap_or(TIMEOUT)
    }
}

/// Reads a duration such as `1m30s`; `None` for what is none, or not positive.
fn go_duration(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix('+').unwrap_or(text);
    let mut total = 0.0_f64;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, tail) = rest.split_at_checked(end)?;
        let end = tail.find(|c: char| c.is_ascii_digit() || c == '.').unwrap_or(tail.len());
        let (unit, tail) = tail.split_at_checked(end)?;
        let unit = match unit {
            "ns" => 1e-9,
            "us" | "µs" | "μs" => 1e-6,
            "ms" => 1e-3,
            "s" => 1.0,
            "m" => 60.0,
            "h" => 3600.0,
            _ => return None,
        };
        total += number.parse::<f64>().ok()? * unit;
        rest = tail;
    }
    Duration::try_from_secs_f64(total).ok().filter(|time| !time.is_zero())
}

fn decode_percent(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let mut digit = || char::from(rest.next()?).to_digit(16);
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let (high, low) = (digit()?, digit()?);
                bytes.push((high * 16 + low) as u8);
            }
            _ => bytes.push(byte),
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_come_apart_as_they_do_upstream() {
        let cases = include_str!("../../tests/remote-urls.tsv").lines().filter(|line| !line.starts_with('#'));
        let mut count = 0;
        for line in cases {
            let mut fields = line.split('\t');
            let url = fields.next().unwrap();
            let found = GitUrl::parse(url).map(|spec| {
                let timeout = spec.timeout().as_millis().to_string();
                let repository = spec.repository().to_string();
                [repository, spec.path, spec.reference, spec.submodules.to_string(), timeout]
            });
            let wanted: Vec<&str> = fields.collect();
            assert_eq!(found.map_or(Vec::new(), |found| found.to_vec()), wanted, "{url}");
            count += 1;
        }
        assert!(count > 90, "only {count} cases");
    }

    #[test]
    fn a_mount_key_names_the_same_mount() {
        for url in
            ["github.com/o/r/x?ref=v1&submodules=0", "git@example.com:o/r.git?version=2", "github.com/o/r"]
        {
            let key = GitUrl::parse(url).unwrap().mount_key();
            assert_eq!(GitUrl::parse(&key).unwrap().mount_key(), key);
        }
    }
}
