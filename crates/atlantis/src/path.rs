//! Paths as Go's `path` package handles them.

use trueup_manifest::EcoString;

/// Cleans a path: no empty parts, no `.`, and `..` only in front. The empty path is `.`.
pub(crate) fn clean(path: &str) -> EcoString {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
        match (part, parts.last()) {
            ("..", Some(last)) if *last != ".." => {
                parts.pop();
            }
            ("..", None) if rooted => {}
            _ => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => ecow::eco_format!("/{joined}"),
        (false, true) => ".".into(),
        (false, false) => joined.into(),
    }
}

/// Joins two paths and cleans the result.
pub(crate) fn join(directory: &str, path: &str) -> EcoString {
    match (directory, path) {
        ("", path) => clean(path),
        (directory, "") => clean(directory),
        (directory, path) => clean(&format!("{directory}/{path}")),
    }
}

/// Returns the directory of a path; `.` for a name alone.
pub(crate) fn directory(path: &str) -> EcoString {
    path.rsplit_once('/').map_or_else(|| ".".into(), |(directory, _)| clean(directory))
}

/// Returns the path of a directory as a file tree knows it: the root is empty.
pub(crate) fn in_tree(directory: &str) -> &str {
    if directory == "." { "" } else { directory }
}
