//! [`FileTree`]: a directory tree as a value.

mod path;

pub use path::{PathError, join_path, normalize_path, split_path};

use ecow::EcoString;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

/// How many symbolic links one look-up may follow.
const MAX_HOPS: usize = 40;

/// An immutable tree of files: from normalised paths to bytes, cheap to clone and to change a copy of.
///
/// Paths are relative to the root, which is the empty path. No look-up can leave the tree; symbolic links are entries of their own,
/// followed inside the tree only. Remote bases and other repositories are trees of their own, mounted under their URL.
///
/// ```
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([("app/kustomization.yaml", "resources: [a.yaml]"), ("app/a.yaml", "")]).unwrap();
/// assert_eq!(tree.read("app/kustomization.yaml").unwrap().as_ref(), b"resources: [a.yaml]");
/// assert!(tree.is_directory("app"));
/// assert!(tree.read("app/../../etc/passwd").is_err());
///
/// let edited = tree.with_file("app/a.yaml", "kind: Service").unwrap();
/// assert_eq!(tree.read("app/a.yaml").unwrap().as_ref(), b"");
/// assert_eq!(edited.len(), 2);
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct FileTree(Arc<Inner>);

#[derive(Clone, Default, PartialEq, Eq)]
struct Inner {
    entries: BTreeMap<EcoString, Entry>,
    links: usize,
    mounts: BTreeMap<EcoString, FileTree>,
}

/// The bytes of a file; cloning is a reference count.
pub type FileBytes = Arc<[u8]>;

/// One entry of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// A file and its bytes.
    File(FileBytes),
    /// A symbolic link and its target, as written.
    Symlink(EcoString),
    /// A directory that may be empty. Directories of files need no entry.
    Directory,
}

/// Why a look-up failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LookupError {
    /// There is nothing of that name.
    #[error("`{path}` does not exist")]
    NotFound {
        /// The path that was looked up.
        path: EcoString,
    },
    /// It is a directory, and a file was wanted.
    #[error("`{path}` is a directory")]
    IsDirectory {
        /// The path that was looked up.
        path: EcoString,
    },
    /// Following symbolic links took too many hops, or went in a circle.
    #[error("`{path}` follows more than {MAX_HOPS} symbolic links")]
    TooManyLinks {
        /// The path that was looked up.
        path: EcoString,
    },
    /// The path, or a link on it, is one that no tree may have.
    #[error(transparent)]
    Path(#[from] PathError),
}

impl FileTree {
    /// Returns a tree of these files.
    ///
    /// # Errors
    /// [`PathError`] for a path that is absolute, leads out of the tree or has a control character.
    pub fn from_files<P, B>(files: impl IntoIterator<Item = (P, B)>) -> Result<Self, PathError>
    where
        P: AsRef<str>,
        B: Into<Vec<u8>>,
    {
        let entries = files.into_iter().map(|(path, bytes)| (path, Entry::File(bytes.into().into())));
        Self::from_entries(entries)
    }

    /// Returns a tree of these entries. A later entry replaces an earlier one of the same path.
    ///
    /// # Errors
    /// As [`FileTree::from_files`].
    pub fn from_entries<P: AsRef<str>>(
        entries: impl IntoIterator<Item = (P, Entry)>,
    ) -> Result<Self, PathError> {
        let mut inner = Inner::default();
        for (path, entry) in entries {
            inner.set(normalize_path(path.as_ref())?, entry);
        }
        Ok(Self(Arc::new(inner)))
    }

    /// Returns the bytes of a file, following symbolic links inside the tree.
    ///
    /// # Errors
    /// [`LookupError`] when there is none, it is a directory, or the way leads out of the tree or in a circle.
    pub fn read(&self, path: &str) -> Result<&FileBytes, LookupError> {
        let resolved = self.resolve(path)?;
        match self.0.entries.get(resolved.as_ref()) {
            Some(Entry::File(bytes)) => Ok(bytes),
            _ if self.is_plain_directory(&resolved) => Err(LookupError::IsDirectory { path: path.into() }),
            _ => Err(LookupError::NotFound { path: path.into() }),
        }
    }

    /// Returns true if a file can be read there.
    pub fn is_file(&self, path: &str) -> bool {
        self.read(path).is_ok()
    }

    /// Returns true if the path is a directory: the root, an entry, or a prefix of some file.
    pub fn is_directory(&self, path: &str) -> bool {
        self.resolve(path).is_ok_and(|resolved| self.is_plain_directory(&resolved))
    }

    /// Returns where a path really is once `.`, `..` and symbolic links are resolved. It need not exist.
    ///
    /// # Errors
    /// [`LookupError`] when the way leads out of the tree or in a circle.
    pub fn resolve<'a>(&self, path: &'a str) -> Result<Cow<'a, str>, LookupError> {
        let normal =
            if is_normal(path) { Cow::Borrowed(path) } else { Cow::Owned(normalize_path(path)?.into()) };
        if self.0.links == 0 {
            return Ok(normal);
        }
        self.follow_links(path, &normal).map(|resolved| Cow::Owned(resolved.into()))
    }

    /// Returns the names directly inside a directory, sorted; the root is the empty path. Nothing if it is not a directory.
    pub fn list(&self, directory: &str) -> Vec<EcoString> {
        let Ok(directory) = self.resolve(directory) else { return Vec::new() };
        let mut names: Vec<EcoString> = Vec::new();
        for (rest, _) in self.below(&directory) {
            let name = rest.split('/').next().unwrap_or(rest);
            if !name.is_empty() && names.last().is_none_or(|last| last != name) {
                names.push(name.into());
            }
        }
        // `a.b` sorts between `a` and `a/c`, so equal names need not be neighbours.
        names.sort_unstable();
        names.dedup();
        names
    }

    /// Returns every file below a directory with its path from the root, sorted by path. Symbolic links are not followed.
    pub fn files_below(&self, directory: &str) -> impl Iterator<Item = (&EcoString, &FileBytes)> {
        let prefix = directory_prefix(directory.trim_end_matches('/'));
        let entries = self.0.entries.range(prefix.clone()..);
        entries.take_while(move |(path, _)| path.starts_with(prefix.as_str())).filter_map(|(path, entry)| {
            match entry {
                Entry::File(bytes) => Some((path, bytes)),
                _ => None,
            }
        })
    }

    /// Returns every entry, sorted by path.
    pub fn entries(&self) -> impl ExactSizeIterator<Item = (&EcoString, &Entry)> {
        self.0.entries.iter()
    }

    /// Returns the number of entries.
    pub fn len(&self) -> usize {
        self.0.entries.len()
    }

    /// Returns true if there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.entries.is_empty()
    }

    /// Returns a tree in which this file has these bytes.
    ///
    /// # Errors
    /// [`PathError`] for a path that no tree may have.
    pub fn with_file(&self, path: &str, bytes: impl Into<Vec<u8>>) -> Result<Self, PathError> {
        let path = normalize_path(path)?;
        let mut tree = self.clone();
        Arc::make_mut(&mut tree.0).set(path, Entry::File(bytes.into().into()));
        Ok(tree)
    }

    /// Returns a tree without this file, or without everything below it if it is a directory.
    pub fn without(&self, path: &str) -> Self {
        let Ok(path) = normalize_path(path) else { return self.clone() };
        let mut tree = self.clone();
        let inner = Arc::make_mut(&mut tree.0);
        let gone = |candidate: &str| {
            path.is_empty()
                || candidate
                    .strip_prefix(path.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        inner.entries.retain(|candidate, _| !gone(candidate));
        inner.links = inner.entries.values().filter(|entry| matches!(entry, Entry::Symlink(_))).count();
        tree
    }

    /// Returns a tree in which the entries and mounts of `upper` lie over those of this one.
    #[must_use]
    pub fn overlay(&self, upper: &Self) -> Self {
        let mut tree = self.clone();
        let inner = Arc::make_mut(&mut tree.0);
        for (path, entry) in &upper.0.entries {
            inner.set(path.clone(), entry.clone());
        }
        inner.mounts.extend(upper.0.mounts.iter().map(|(url, tree)| (url.clone(), tree.clone())));
        tree
    }

    /// Returns a tree that answers for something remote: a git URL with its ref, a chart, a second repository.
    #[must_use]
    pub fn with_mount(&self, url: impl Into<EcoString>, mounted: Self) -> Self {
        let mut tree = self.clone();
        Arc::make_mut(&mut tree.0).mounts.insert(url.into(), mounted);
        tree
    }

    /// Returns the tree that was mounted under a URL.
    pub fn mounted(&self, url: &str) -> Option<&Self> {
        self.0.mounts.get(url)
    }

    /// Returns the mounts, sorted by URL.
    pub fn mounts(&self) -> impl ExactSizeIterator<Item = (&EcoString, &Self)> {
        self.0.mounts.iter()
    }

    /// Returns true when both are the same allocation.
    pub fn same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    fn is_plain_directory(&self, path: &str) -> bool {
        if path.is_empty() {
            return true;
        }
        match self.0.entries.get(path) {
            Some(Entry::Directory) => true,
            Some(_) => false,
            None => self.below(path).next().is_some(),
        }
    }

    /// The entries strictly below a directory, with the rest of their path.
    fn below(&self, directory: &str) -> impl Iterator<Item = (&str, &Entry)> {
        let prefix = directory_prefix(directory);
        self.0
            .entries
            .range(prefix.clone()..)
            .map_while(move |(path, entry)| path.strip_prefix(prefix.as_str()).map(|rest| (rest, entry)))
    }

    fn follow_links(&self, asked: &str, path: &str) -> Result<EcoString, LookupError> {
        let mut hops = 0;
        let mut done = EcoString::new();
        let mut rest: Vec<EcoString> = path.split('/').rev().map(EcoString::from).collect();
        while let Some(part) = rest.pop() {
            let here = join_path(&done, &part)?;
            let Some(Entry::Symlink(target)) = self.0.entries.get(&here) else {
                done = here;
                continue;
            };
            hops += 1;
            if hops > MAX_HOPS {
                return Err(LookupError::TooManyLinks { path: asked.into() });
            }
            done = EcoString::new();
            let target = join_path(split_path(&here).0, target)?;
            rest.extend(target.split('/').rev().map(EcoString::from));
        }
        Ok(done)
    }
}

impl Inner {
    fn set(&mut self, path: EcoString, entry: Entry) {
        self.links += usize::from(matches!(entry, Entry::Symlink(_)));
        let old = self.entries.insert(path, entry);
        self.links -= usize::from(matches!(old, Some(Entry::Symlink(_))));
    }
}

impl fmt::Debug for FileTree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileTree")
            .field("entries", &self.len())
            .field("mounts", &self.0.mounts.len())
            .finish()
    }
}

/// What every path below a directory starts with.
fn directory_prefix(directory: &str) -> EcoString {
    if directory.is_empty() { EcoString::new() } else { ecow::eco_format!("{directory}/") }
}

/// True for a path that [`normalize_path`] would return unchanged.
fn is_normal(path: &str) -> bool {
    path.is_empty()
        || (!path.starts_with("\\\\")
            && !path.contains(':')
            && !path.chars().any(char::is_control)
            && path.split('/').all(|part| !matches!(part, "" | "." | "..")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(target: &str) -> Entry {
        Entry::Symlink(target.into())
    }

    fn file(text: &str) -> Entry {
        Entry::File(text.as_bytes().into())
    }

    #[test]
    fn lists_each_name_once() {
        let tree = FileTree::from_files([("a/x", ""), ("a.b", ""), ("a/c/y", ""), ("b/z", "")]).unwrap();
        assert_eq!(tree.list(""), ["a", "a.b", "b"]);
        assert_eq!(tree.list("a"), ["c", "x"]);
        assert!(tree.list("a.b").is_empty());
        assert_eq!(tree.files_below("a").count(), 2);
    }

    #[test]
    fn links_are_followed_inside_only() {
        let tree = FileTree::from_entries([
            ("real/f", file("x")),
            ("dir", link("real")),
            ("deep/link", link("../dir/f")),
            ("out", link("../secret")),
            ("abs", link("/etc/passwd")),
            ("loop1", link("loop2")),
            ("loop2", link("loop1")),
        ])
        .unwrap();
        assert_eq!(tree.read("dir/f").unwrap().as_ref(), b"x");
        assert_eq!(tree.read("deep/link").unwrap().as_ref(), b"x");
        assert!(tree.is_directory("dir"));
        assert_eq!(tree.list("dir"), ["f"]);
        assert!(matches!(tree.read("out"), Err(LookupError::Path(PathError::Escapes { .. }))));
        assert!(matches!(tree.read("abs"), Err(LookupError::Path(PathError::Absolute { .. }))));
        assert!(matches!(tree.read("loop1"), Err(LookupError::TooManyLinks { .. })));
    }

    #[test]
    fn a_link_to_its_own_parent_ends() {
        let tree = FileTree::from_entries([("a/self", link("../a")), ("a/f", file("x"))]).unwrap();
        assert_eq!(tree.read("a/self/self/self/f").unwrap().as_ref(), b"x");
        let deep = format!("a/{}f", "self/".repeat(60));
        assert!(matches!(tree.read(&deep), Err(LookupError::TooManyLinks { .. })));
    }

    #[test]
    fn copies_are_independent() {
        let base = FileTree::from_files([("d/a", "1"), ("d/b", "2"), ("e", "3")]).unwrap();
        assert_eq!(base.without("d").len(), 1);
        let upper = FileTree::from_files([("d/a", "9"), ("n", "")]).unwrap();
        let both = base.overlay(&upper);
        assert_eq!(both.read("d/a").unwrap().as_ref(), b"9");
        assert_eq!((base.len(), both.len()), (3, 4));
    }
}
