//! The files of a chart's directory.

use super::ignore::IgnoreRules;
use super::load::{Room, without_mark};
use super::{File, join};
use crate::error::{Error, ErrorKind, Result, in_file};
use trueup_manifest::FileTree;

/// Returns the files of a chart in the order of the names on the way to them; links inside the tree are followed.
pub(super) fn files(tree: &FileTree, directory: &str, room: &mut Room<'_>) -> Result<Vec<File>> {
    let directory = directory.trim_end_matches('/');
    if !tree.is_directory(directory) {
        let message = format!("there is no directory `{directory}`");
        return Err(Error::new(ErrorKind::InvalidChart, message));
    }
    let rules = match tree.get(&join(directory, ".helmignore")) {
        Some(text) => IgnoreRules::parse(text).map_err(|error| error.below(directory))?,
        None => IgnoreRules::defaults(),
    };
    let mut files = Vec::new();
    Walk { tree, directory, rules: &rules, room, files: &mut files }.below("", 0)?;
    Ok(files)
}

struct Walk<'w, 'l> {
    tree: &'w FileTree,
    directory: &'w str,
    rules: &'w IgnoreRules,
    room: &'w mut Room<'l>,
    files: &'w mut Vec<File>,
}

impl Walk<'_, '_> {
    fn below(&mut self, path: &str, depth: usize) -> Result<()> {
        self.room.check_depth(depth)?;
        for name in self.tree.list(&join(self.directory, path)) {
            let path = join(path, &name);
            let in_tree = join(self.directory, &path);
            let is_directory = self.tree.is_directory(&in_tree);
            if self.rules.ignores(&path, is_directory) {
                continue;
            }
            if is_directory {
                self.below(&path, depth + 1)?;
                continue;
            }
            let data = self.tree.read(&in_tree).map_err(|error| {
                in_file(ErrorKind::InvalidChart, format!("error reading {path}: {error}"), in_tree.clone())
            })?;
            self.room.add_file(&name, data.len()).map_err(|error| error.below(self.directory))?;
            self.files.push(File { name: path, data: without_mark(data) });
        }
        Ok(())
    }
}
