//! Trees whose files are asked for when they are needed.

use super::Entry;
use ecow::EcoString;
use elsa::sync::FrozenBTreeMap;
use std::fmt;

/// Where a lazy tree gets its entries: a directory, an archive, an object store, a callback.
///
/// Paths are normalised and relative to the root, which is the empty path. Every path is asked for at most once in the life of a tree
/// (but for races between threads, of which the first answer counts), so a build sees one snapshot.
pub trait FileSource: Send + Sync {
    /// Returns the entry at a path without following links; `None` if there is nothing.
    ///
    /// # Errors
    /// A message when the source cannot tell. It reaches whoever asked as [`LookupError::Source`](super::LookupError::Source).
    fn entry(&self, path: &str) -> Result<Option<Entry>, String>;

    /// Returns the names directly inside a directory, in any order; nothing if it is none.
    ///
    /// # Errors
    /// A message when the source cannot tell.
    fn list(&self, directory: &str) -> Result<Vec<EcoString>, String>;
}

/// A source and what it has answered so far.
pub(super) struct Lazy {
    source: Box<dyn FileSource>,
    entries: FrozenBTreeMap<EcoString, Box<(EcoString, Answer)>>,
    lists: FrozenBTreeMap<EcoString, Box<Result<Vec<EcoString>, String>>>,
}

type Answer = Result<Option<Entry>, String>;

impl Lazy {
    pub(super) fn new(source: Box<dyn FileSource>) -> Self {
        Self { source, entries: FrozenBTreeMap::new(), lists: FrozenBTreeMap::new() }
    }

    /// The path as the tree keeps it, and what is there.
    pub(super) fn entry(&self, path: &str) -> &(EcoString, Answer) {
        if let Some(known) = self.entries.get(path) {
            return known;
        }
        let answer = self.source.entry(path);
        self.entries.insert(path.into(), Box::new((path.into(), answer)))
    }

    pub(super) fn list(&self, directory: &str) -> Result<&[EcoString], &str> {
        let known = self.lists.get(directory);
        let list = known.unwrap_or_else(|| {
            let answer = self.source.list(directory).map(|mut names| {
                names.sort_unstable();
                names.dedup();
                names.retain(|name| !matches!(name.as_str(), "" | "." | "..") && !name.contains('/'));
                names
            });
            self.lists.insert(directory.into(), Box::new(answer))
        });
        list.as_deref().map_err(String::as_str)
    }
}

impl fmt::Debug for Lazy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lazy").field("answered", &self.entries.len()).finish_non_exhaustive()
    }
}
