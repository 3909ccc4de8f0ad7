//! A file tree that remembers what its builds share.

use crate::api::Error;
use std::fmt;
use std::sync::{Arc, OnceLock};
use trueup_kustomize::{Options, Renderer};
use trueup_manifest::{EcoString, Entry, FileTree};

/// A file tree. Builds of several of its directories share what they have in common.
#[derive(Clone)]
pub struct Tree(Arc<Inner>);

struct Inner {
    files: FileTree,
    renderer: OnceLock<Renderer>,
}

impl Tree {
    /// Returns the handle of a tree.
    pub fn new(files: FileTree) -> Self {
        Self(Arc::new(Inner { files, renderer: OnceLock::new() }))
    }

    /// Returns the tree.
    pub fn files(&self) -> &FileTree {
        &self.0.files
    }

    /// Returns the renderer that builds with the default options share.
    pub(crate) fn renderer(&self) -> &Renderer {
        self.0.renderer.get_or_init(|| Renderer::new(self.0.files.clone(), Options::default()))
    }

    /// Returns a tree with changes: new bytes for a path, or nothing to take it away with everything below it.
    ///
    /// # Errors
    /// A path that no tree may have.
    pub fn with_changes(
        &self,
        changes: impl IntoIterator<Item = (EcoString, Option<Vec<u8>>)>,
    ) -> Result<Self, Error> {
        let mut files = self.0.files.clone();
        for (path, bytes) in changes {
            files = match bytes {
                Some(bytes) => files.with_file(&path, bytes)?,
                None => files.without(&path),
            };
        }
        Ok(Self::new(files))
    }

    /// Returns every file with its bytes and every symbolic link with its target. A lazy tree is asked for everything.
    pub fn entries(&self) -> impl Iterator<Item = (&EcoString, &Entry)> {
        self.0.files.entries().into_iter()
    }
}

impl fmt::Debug for Tree {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.files.fmt(f)
    }
}
