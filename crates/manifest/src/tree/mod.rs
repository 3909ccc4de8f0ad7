//! [`FileTree`]: a directory tree as a value.

mod lazy;
mod path;

pub use lazy::FileSource;
use path::is_normal;
pub use path::{PathError, join_path, normalize_path, split_path};

use ecow::EcoString;
use lazy::Lazy;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::Bound;
use std::sync::Arc;

/// How many symbolic links one look-up may follow.
const MAX_HOPS: usize = 40;

/// An immutable tree of files: from normalised paths to bytes, cheap to clone and to change a copy of.
///
/// Either all of its files are there from the start ([`FileTree::from_files`]), or they are asked for as they are needed ([`FileTree::lazy`]).
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
#[derive(Clone, Default)]
pub struct FileTree(Arc<Inner>);

#[derive(Clone, Default)]
struct Inner {
    /// What is known from the start; `None` hides what lies below.
    entries: BTreeMap<EcoString, Option<Entry>>,
    links: usize,
    mounts: BTreeMap<EcoString, FileTree>,
    below: Option<Arc<Lazy>>,
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
    /// The source of a lazy tree could not tell.
    #[error("cannot read `{path}`: {message}")]
    Source {
        /// The path that was looked up.
        path: EcoString,
        /// What the source said.
        message: String,
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

    /// Returns a tree that asks for its files as they are needed.
    pub fn lazy(source: impl FileSource + 'static) -> Self {
        let below = Some(Arc::new(Lazy::new(Box::new(source))));
        Self(Arc::new(Inner { below, ..Inner::default() }))
    }

    /// Returns the bytes of a file, following symbolic links inside the tree.
    ///
    /// # Errors
    /// [`LookupError`] when there is none, it is a directory, or the way leads out of the tree or in a circle.
    pub fn read(&self, path: &str) -> Result<&FileBytes, LookupError> {
        let resolved = self.resolve(path)?;
        match self.0.entry(&resolved)? {
            Some(Entry::File(bytes)) => Ok(bytes),
            _ if self.0.is_directory(&resolved)? => Err(LookupError::IsDirectory { path: path.into() }),
            _ => Err(LookupError::NotFound { path: path.into() }),
        }
    }

    /// Returns the bytes of a file as [`FileTree::read`] does, if there is one.
    pub fn get(&self, path: &str) -> Option<&FileBytes> {
        let resolved = self.resolve(path).ok()?;
        match self.0.entry(&resolved).ok()?? {
            Entry::File(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// Returns true if a file can be read there.
    pub fn is_file(&self, path: &str) -> bool {
        self.get(path).is_some()
    }

    /// Returns true if the path is a directory: the root, an entry, or a prefix of some file.
    pub fn is_directory(&self, path: &str) -> bool {
        self.resolve(path).and_then(|resolved| self.0.is_directory(&resolved)).unwrap_or(false)
    }

    /// Returns where a path really is once `.`, `..` and symbolic links are resolved. It need not exist.
    ///
    /// # Errors
    /// [`LookupError`] when the way leads out of the tree or in a circle.
    pub fn resolve<'a>(&self, path: &'a str) -> Result<Cow<'a, str>, LookupError> {
        let normal =
            if is_normal(path) { Cow::Borrowed(path) } else { Cow::Owned(normalize_path(path)?.into()) };
        if self.0.links == 0 && self.0.below.is_none() {
            return Ok(normal);
        }
        let resolved = self.follow_links(path, &normal)?;
        Ok(if resolved == *normal { normal } else { Cow::Owned(resolved.into()) })
    }

    /// Returns the names directly inside a directory, sorted; the root is the empty path. Nothing if it is not a directory.
    pub fn list(&self, directory: &str) -> Vec<EcoString> {
        self.resolve(directory).map(|directory| self.0.list(&directory)).unwrap_or_default()
    }

    /// Returns every file below a directory with its path from the root, sorted by path. Symbolic links are not followed.
    ///
    /// A lazy tree is asked for everything below the directory.
    pub fn files_below(&self, directory: &str) -> Vec<(&EcoString, &FileBytes)> {
        let entries = self.0.entries_below(directory.trim_end_matches('/'));
        let files = entries.into_iter().filter_map(|(path, entry)| match entry {
            Entry::File(bytes) => Some((path, bytes)),
            _ => None,
        });
        files.collect()
    }

    /// Returns every entry, sorted by path. A lazy tree is asked for everything.
    pub fn entries(&self) -> Vec<(&EcoString, &Entry)> {
        self.0.entries_below("")
    }

    /// Returns the number of entries. A lazy tree is asked for everything.
    pub fn len(&self) -> usize {
        if self.0.below.is_none() { self.0.entries.len() } else { self.entries().len() }
    }

    /// Returns true if there is no entry.
    pub fn is_empty(&self) -> bool {
        self.0.list("").is_empty()
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
    #[must_use]
    pub fn without(&self, path: &str) -> Self {
        let Ok(path) = normalize_path(path) else { return self.clone() };
        let mut tree = self.clone();
        Arc::make_mut(&mut tree.0).remove(path);
        tree
    }

    /// Returns a tree in which the entries and mounts of `upper` lie over those of this one.
    #[must_use]
    pub fn overlay(&self, upper: &Self) -> Self {
        let mut tree = self.clone();
        let inner = Arc::make_mut(&mut tree.0);
        for (path, entry) in upper.entries() {
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

    fn follow_links(&self, asked: &str, path: &str) -> Result<EcoString, LookupError> {
        let mut hops = 0;
        let mut done = EcoString::new();
        let mut rest: Vec<EcoString> = path.split('/').rev().map(EcoString::from).collect();
        while let Some(part) = rest.pop() {
            let here = join_path(&done, &part)?;
            let Some(Entry::Symlink(target)) = self.0.entry(&here)? else {
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
    /// The entry at a resolved path; `None` for nothing, and for a directory that only its files show.
    fn entry(&self, path: &str) -> Result<Option<&Entry>, LookupError> {
        if let Some(known) = self.entries.get(path) {
            return Ok(known.as_ref());
        }
        let Some(below) = self.below.as_ref().filter(|_| !self.is_hidden(path)) else { return Ok(None) };
        match &below.entry(path).1 {
            Ok(entry) => Ok(entry.as_ref()),
            Err(message) => Err(LookupError::Source { path: path.into(), message: message.clone() }),
        }
    }

    /// True if the path, or a directory above it, was taken away or replaced by a file.
    fn is_hidden(&self, path: &str) -> bool {
        let mut path = path;
        while !path.is_empty() {
            if matches!(self.entries.get(path), Some(None | Some(Entry::File(_) | Entry::Symlink(_)))) {
                return true;
            }
            path = split_path(path).0;
        }
        matches!(self.entries.get(""), Some(None))
    }

    fn is_directory(&self, path: &str) -> Result<bool, LookupError> {
        if path.is_empty() {
            return Ok(true);
        }
        Ok(match self.entry(path)? {
            Some(Entry::Directory) => true,
            Some(_) => false,
            None => self.has_below(path),
        })
    }

    /// True if there is anything below a resolved path that is no entry itself.
    fn has_below(&self, directory: &str) -> bool {
        let prefix = directory_prefix(directory);
        let known = self.entries.range::<str, _>((Bound::Included(prefix.as_str()), Bound::Unbounded));
        let mut known = known.take_while(|(path, _)| path.starts_with(prefix.as_str()));
        known.any(|(path, entry)| entry.is_some() && path.len() > prefix.len())
            || (self.below.is_some() && !self.list(directory).is_empty())
    }

    /// The names directly inside a resolved directory.
    fn list(&self, directory: &str) -> Vec<EcoString> {
        let prefix = directory_prefix(directory);
        let mut names: Vec<EcoString> = Vec::new();
        for (path, entry) in self.entries.range(prefix.clone()..) {
            let Some(rest) = path.strip_prefix(prefix.as_str()) else { break };
            let name = rest.split('/').next().unwrap_or(rest);
            if entry.is_some() && !name.is_empty() && names.last().is_none_or(|last| last != name) {
                names.push(name.into());
            }
        }
        if let Some(below) = self.below.as_ref().filter(|_| !self.is_hidden(directory)) {
            let listed = below.list(directory).unwrap_or_default().iter();
            let path = |name: &EcoString| ecow::eco_format!("{prefix}{name}");
            names.extend(listed.filter(|name| !matches!(self.entries.get(&path(name)), Some(None))).cloned());
        }
        // `a.b` sorts between `a` and `a/c`, so equal names need not be neighbours.
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The entries strictly below a directory, sorted by path.
    fn entries_below(&self, directory: &str) -> Vec<(&EcoString, &Entry)> {
        let prefix = directory_prefix(directory);
        let known =
            self.entries.range(prefix.clone()..).take_while(|(path, _)| path.starts_with(prefix.as_str()));
        let mut entries: Vec<_> = known.filter_map(|(path, entry)| Some((path, entry.as_ref()?))).collect();
        if let Some(below) = &self.below {
            self.collect_below(below, directory, &mut entries);
            entries.sort_unstable_by_key(|(path, _)| *path);
        }
        entries
    }

    fn collect_below<'a>(
        &'a self,
        below: &'a Lazy,
        directory: &str,
        entries: &mut Vec<(&'a EcoString, &'a Entry)>,
    ) {
        let mut pending = vec![EcoString::from(directory)];
        while let Some(directory) = pending.pop() {
            if self.is_hidden(&directory) {
                continue;
            }
            for name in below.list(&directory).unwrap_or_default() {
                let (path, answer) =
                    below.entry(&ecow::eco_format!("{}{name}", directory_prefix(&directory)));
                match answer {
                    Ok(Some(Entry::Directory)) => pending.push(path.clone()),
                    Ok(Some(entry)) if !self.is_hidden(path) => entries.push((path, entry)),
                    _ => {}
                }
            }
        }
    }

    fn set(&mut self, path: EcoString, entry: Entry) {
        self.links += usize::from(matches!(entry, Entry::Symlink(_)));
        let old = self.entries.insert(path, Some(entry));
        self.links -= usize::from(matches!(old, Some(Some(Entry::Symlink(_)))));
    }

    fn remove(&mut self, path: EcoString) {
        let prefix = directory_prefix(&path);
        self.entries.retain(|candidate, _| *candidate != path && !candidate.starts_with(prefix.as_str()));
        self.links = self.entries.values().filter(|entry| matches!(entry, Some(Entry::Symlink(_)))).count();
        if self.below.is_some() {
            self.entries.insert(path, None);
        }
    }
}

impl PartialEq for FileTree {
    /// Compares entries and mounts. Lazy trees are equal only to copies of themselves.
    fn eq(&self, other: &Self) -> bool {
        let same_source = match (&self.0.below, &other.0.below) {
            (None, None) => true,
            (Some(a), Some(b)) => Arc::ptr_eq(a, b),
            _ => false,
        };
        self.same(other)
            || (same_source && self.0.entries == other.0.entries && self.0.mounts == other.0.mounts)
    }
}

impl Eq for FileTree {}

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

#[cfg(test)]
mod tests;
