//! Paths inside a tree: always relative to its root, `/`-separated, without `.`, `..` or empty parts.

use ecow::EcoString;

/// Why a path is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PathError {
    /// It leads out of the tree.
    #[error("path `{path}` leaves the tree")]
    Escapes {
        /// The path as it was given.
        path: EcoString,
    },
    /// It starts at the root of some file system.
    #[error("path `{path}` is absolute")]
    Absolute {
        /// The path as it was given.
        path: EcoString,
    },
    /// It has a character that no path in a tree may have.
    #[error("path {path:?} has a NUL or control character")]
    Control {
        /// The path as it was given.
        path: EcoString,
    },
}

/// Joins a reference to the directory it stands in, and normalises the result. The root is the empty path.
///
/// `.` and empty parts go away, `..` takes a part back. The result never leaves the tree: that, an absolute reference and a
/// control character are errors. Nothing is decoded and backslashes are ordinary characters, as in git.
///
/// ```
/// use trueup_manifest::join_path;
///
/// assert_eq!(join_path("services/cart/overlays/staging", "../../base").unwrap(), "services/cart/base");
/// assert_eq!(join_path("services", "./").unwrap(), "services");
/// assert!(join_path("services", "../../etc/passwd").is_err());
/// assert!(join_path("services", "/etc/passwd").is_err());
/// ```
///
/// # Errors
/// [`PathError`] when the reference is absolute, leads out of the tree, or has a control character.
pub fn join_path(directory: &str, reference: &str) -> Result<EcoString, PathError> {
    if is_normal(reference) && is_normal(directory) {
        return Ok(match (directory, reference) {
            ("", only) | (only, "") => only.into(),
            _ => joined(&[directory, reference]),
        });
    }
    if reference.starts_with('/') || is_drive(reference) {
        return Err(PathError::Absolute { path: reference.into() });
    }
    if reference.chars().any(char::is_control) {
        return Err(PathError::Control { path: reference.escape_debug().collect() });
    }
    let mut parts: Vec<&str> = directory.split('/').filter(|part| !part.is_empty()).collect();
    for part in reference.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or_else(|| PathError::Escapes { path: reference.into() })?;
            }
            part => parts.push(part),
        }
    }
    Ok(joined(&parts))
}

fn joined(parts: &[&str]) -> EcoString {
    let mut path = EcoString::with_capacity(parts.iter().map(|part| part.len() + 1).sum());
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            path.push('/');
        }
        path.push_str(part);
    }
    path
}

/// Normalises a path from the root of the tree.
///
/// # Errors
/// As [`join_path`].
pub fn normalize_path(path: &str) -> Result<EcoString, PathError> {
    join_path("", path)
}

/// Splits a normalised path into its directory (empty for the root) and its last part.
pub fn split_path(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

/// True for a path that [`normalize_path`] would return unchanged; it may be false for others.
pub(super) fn is_normal(path: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() | matches!(byte, b'/' | b'-' | b'_' | b'.');
    // A part that begins with a dot may be `.` or `..`.
    let odd = |before: u8, byte: u8| (before == b'/') & matches!(byte, b'/' | b'.');
    let bytes = path.as_bytes();
    let pairs = bytes.iter().zip(bytes.get(1..).unwrap_or_default());
    // Both look at every byte, which is fast for several at once.
    !matches!(bytes.first(), Some(b'/' | b'.'))
        && bytes.last() != Some(&b'/')
        && bytes.iter().fold(true, |all, byte| all & plain(*byte))
        && !pairs.fold(false, |any, (before, byte)| any | odd(*before, *byte))
}

/// `C:\…` and `\\server\…`: meaningless in a tree, and dangerous on some hosts.
fn is_drive(path: &str) -> bool {
    let mut chars = path.chars();
    let drive = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.next() == Some(':')
        && matches!(chars.next(), Some('\\' | '/'));
    drive || path.starts_with("\\\\")
}
