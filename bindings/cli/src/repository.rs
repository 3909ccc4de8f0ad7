//! Reading a repository and what is known besides.

use crate::output::{Failure, absolute};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use trueup::World;
use trueup::manifest::FileTree;
use trueup_host::{FACTS_FILE, ReadOptions, read_directory, read_facts};

/// A repository that was read.
pub(crate) struct Repository {
    pub(crate) root: PathBuf,
    pub(crate) tree: FileTree,
    pub(crate) world: World,
}

impl Repository {
    pub(crate) fn read(directory: &Path, facts: Option<&Path>, live: Option<&Path>) -> Result<Self, Failure> {
        let root = absolute(directory)?;
        let tree = read_directory(&root, &ReadOptions::default())
            .map_err(|error| Failure::message("cli/read", error.to_string()))?;
        let default = root.join(FACTS_FILE);
        let file = facts.map(Path::to_path_buf).or_else(|| default.is_file().then_some(default));
        let mut world = match file {
            Some(file) => read_facts(&root, &tree, &file, live)
                .map_err(|error| Failure::message("cli/facts", error.to_string()))?,
            None => World::default(),
        };
        world.now = now();
        Ok(Self { root, tree, world })
    }

    /// The name of its directory.
    pub(crate) fn name(&self) -> String {
        self.root.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }
}

/// The time, in seconds since 1970.
pub(crate) fn now() -> Option<i64> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    i64::try_from(now.as_secs()).ok()
}
