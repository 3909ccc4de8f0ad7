//! Taking a commit back, as `git revert` does, on trees that are values.

use crate::merge::{Conflict, merge_text};
use serde::Serialize;
use trueup_manifest::{Diagnostic, EcoString, FileTree, Location, PathError};

/// What taking a commit back does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rollback {
    /// The files that change, by path.
    pub changes: Vec<FileChange>,
    /// The files that later commits changed in the same places, or in other ways than as lines; they are left as they are.
    pub conflicts: Vec<FileConflict>,
}

/// A file that changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileChange {
    /// Its path in the tree.
    pub path: EcoString,
    /// What it holds afterwards; nothing when it goes.
    pub content: Option<Vec<u8>>,
}

/// A file that cannot be taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FileConflict {
    /// Its path in the tree.
    pub path: EcoString,
    /// The lines in conflict, in the file as it is now; nothing when the file as a whole is.
    pub lines: Vec<Conflict>,
}

/// Inverts the changes of a commit in a later tree: for each of its paths, what led from `before` to `commit` is taken out of `now`.
///
/// When no later commit touched the paths, they are afterwards what they were before it, so whatever is built from them is, too.
/// Paths that are in none of the trees are nothing to do.
///
/// ```
/// use trueup_manifest::FileTree;
/// use trueup_promotion::rollback;
///
/// let tree = |text: &str| FileTree::from_files([("web/kustomization.yaml", text)]).unwrap();
/// let now = tree("a: 2\nb: 1\nc: 3\nd: 1\n");
/// let back = rollback(&tree("a: 1\nb: 1\nc: 1\n"), &tree("a: 2\nb: 1\nc: 1\n"), &tree("a: 2\nb: 1\nc: 3\n"), ["web/kustomization.yaml"]);
/// assert_eq!(back.apply(&now)?.get("web/kustomization.yaml").unwrap().as_ref(), b"a: 1\nb: 1\nc: 3\n");
/// # Ok::<(), trueup_manifest::PathError>(())
/// ```
pub fn rollback<P: AsRef<str>>(
    before: &FileTree,
    commit: &FileTree,
    now: &FileTree,
    paths: impl IntoIterator<Item = P>,
) -> Rollback {
    let mut rollback = Rollback::default();
    for path in paths {
        let path = path.as_ref();
        let content = |tree: &FileTree| tree.get(path).map(|bytes| bytes.to_vec());
        let (old, made, current) = (content(before), content(commit), content(now));
        if old == made || current == old {
            continue;
        }
        let lines = match current == made {
            true => Ok(old),
            false => merged(made.as_deref(), current.as_deref(), old.as_deref()).map(Some),
        };
        match lines {
            Ok(content) => rollback.changes.push(FileChange { path: path.into(), content }),
            Err(lines) => rollback.conflicts.push(FileConflict { path: path.into(), lines }),
        }
    }
    rollback.changes.sort_by(|a, b| a.path.cmp(&b.path));
    rollback.conflicts.sort_by(|a, b| a.path.cmp(&b.path));
    rollback
}

/// Merges the bytes of a file that all three trees hold as text.
fn merged(base: Option<&[u8]>, ours: Option<&[u8]>, theirs: Option<&[u8]>) -> Result<Vec<u8>, Vec<Conflict>> {
    let text =
        |bytes: Option<&[u8]>| bytes.and_then(|bytes| std::str::from_utf8(bytes).ok().map(str::to_owned));
    match (text(base), text(ours), text(theirs)) {
        (Some(base), Some(ours), Some(theirs)) => merge_text(&base, &ours, &theirs).map(String::into_bytes),
        _ => Err(Vec::new()),
    }
}

impl Rollback {
    /// Returns a tree with the changes made.
    ///
    /// # Errors
    /// A path that no tree can hold.
    pub fn apply(&self, tree: &FileTree) -> Result<FileTree, PathError> {
        self.changes.iter().try_fold(tree.clone(), |tree, change| match &change.content {
            Some(content) => tree.with_file(&change.path, content.clone()),
            None => Ok(tree.without(&change.path)),
        })
    }

    /// Returns the conflicts as errors.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let told = |conflict: &FileConflict| {
            let message = format!("`{}` was changed since in the same place", conflict.path);
            let places =
                conflict.lines.iter().map(|lines| format!("{} lines from line {}", lines.lines, lines.line));
            let told = Diagnostic::error("promotion/rollback-conflict", message)
                .at(Location::file(conflict.path.clone()));
            places.fold(told, Diagnostic::because)
        };
        self.conflicts.iter().map(told).collect()
    }
}
