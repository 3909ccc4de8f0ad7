//! File trees.

use super::table;
use crate::api::handles::Tree;
use crate::api::shape::{Bytes, Text, input};
use crate::api::{Context, Error};
use std::collections::BTreeMap;
use trueup_manifest::{EcoString, FileTree, LookupError};

table! {
    /// Makes a tree of files in memory.
    ///
    /// Paths are relative to its root; one that leaves it is an error.
    "tree.new": NewTree => new => Tree;
    /// Returns the bytes of a file, following symbolic links inside the tree.
    "tree.read": AtPath => read => Bytes;
    /// Returns the paths of all files below a directory, sorted.
    "tree.files": InTree => files => Vec<EcoString>;
    /// Returns the names directly inside a directory, sorted.
    "tree.list": InTree => list => Vec<EcoString>;
    /// Returns a new tree with changes: new content for a path, or null to take it away with everything below it.
    "tree.with_changes": Changes => with_changes => Tree;
    /// Returns a new tree that answers for remote ones: other repositories and remote bases, by their URL.
    "tree.with_mounts": Mounts => with_mounts => Tree;
}

input! {
    /// Files.
    struct NewTree {
        /// Content by path.
        files: BTreeMap<EcoString, Text>,
    }
}

fn new(request: NewTree, _: &Context) -> Result<Tree, Error> {
    let files = request.files.into_iter().map(|(path, text)| (path, text.0));
    Ok(Tree::new(FileTree::from_files(files)?))
}

input! {
    /// A path in a tree.
    struct AtPath {
        /// The tree.
        tree: Tree,
        /// The path.
        path: EcoString,
    }
}

fn read(request: AtPath, _: &Context) -> Result<Bytes, Error> {
    Ok(Bytes(request.tree.files().read(&request.path)?.to_vec()))
}

input! {
    /// A directory of a tree.
    struct InTree {
        /// The tree.
        tree: Tree,
        /// The directory; the root if it is empty.
        directory: EcoString = "",
    }
}

impl InTree {
    fn resolved(&self) -> Result<EcoString, Error> {
        let directory = self.tree.files().resolve(&self.directory)?;
        match self.tree.files().is_directory(&directory) {
            true => Ok(directory.into_owned().into()),
            false => Err(LookupError::NotFound { path: self.directory.clone() }.into()),
        }
    }
}

fn files(request: InTree, _: &Context) -> Result<Vec<EcoString>, Error> {
    let directory = request.resolved()?;
    Ok(request.tree.files().files_below(&directory).into_iter().map(|(path, _)| path.clone()).collect())
}

fn list(request: InTree, _: &Context) -> Result<Vec<EcoString>, Error> {
    Ok(request.tree.files().list(&request.resolved()?))
}

input! {
    /// Changes to a tree.
    struct Changes {
        /// The tree, which stays as it is.
        tree: Tree,
        /// New content by path; null takes the path away.
        changes: BTreeMap<EcoString, Option<Text>>,
    }
}

fn with_changes(request: Changes, _: &Context) -> Result<Tree, Error> {
    request.tree.with_changes(request.changes.into_iter().map(|(path, text)| (path, text.map(|text| text.0))))
}

input! {
    /// What is remote to a tree.
    struct Mounts {
        /// The tree, which stays as it is.
        tree: Tree,
        /// Trees by URL.
        mounts: BTreeMap<EcoString, Tree>,
    }
}

fn with_mounts(request: Mounts, _: &Context) -> Result<Tree, Error> {
    let mut files = request.tree.files().clone();
    for (url, tree) in request.mounts {
        files = files.with_mount(url, tree.files().clone());
    }
    Ok(Tree::new(files))
}
