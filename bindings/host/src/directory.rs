//! Reading a directory into a tree.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use trueup_manifest::{EcoString, Entry, FileSource, FileTree, PathError};

/// What is read and how much of it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReadOptions {
    /// Bytes that all files together may have (2 GiB).
    pub max_bytes: u64,
    /// Bytes that one file may have (256 MiB).
    pub max_file_bytes: u64,
    /// Files and directories that are read (1 million).
    pub max_entries: usize,
    /// Names of directories that are passed over wherever they stand (`.git`).
    pub skip: Vec<String>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            max_bytes: 2 << 30,
            max_file_bytes: 256 << 20,
            max_entries: 1_000_000,
            skip: vec![".git".to_owned()],
        }
    }
}

/// Why a directory could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReadError {
    /// The operating system refused.
    #[error("cannot read `{}`: {source}", path.display())]
    Io {
        /// What was to be read.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// There is more than the options allow.
    #[error("`{}` passes the limit of {limit}", path.display())]
    TooLarge {
        /// Where the limit was passed.
        path: PathBuf,
        /// Which limit it was.
        limit: String,
    },
    /// A name that no tree can hold.
    #[error("cannot take `{}` into a tree: {source}", path.display())]
    Name {
        /// The file.
        path: PathBuf,
        /// What is wrong with its name.
        source: PathError,
    },
}

/// Reads a directory, with everything below it, into a tree.
///
/// Symbolic links become entries of the tree and are not followed here; the tree follows them inside itself only.
/// Directories named in [`ReadOptions::skip`] are passed over, as is whatever is neither file, directory nor link.
/// Names that are not UTF-8 are passed over too: no manifest can refer to them.
///
/// # Errors
/// [`ReadError`] when something cannot be read, or is larger than the options allow.
pub fn read_directory(root: impl AsRef<Path>, options: &ReadOptions) -> Result<FileTree, ReadError> {
    let root = root.as_ref();
    let mut reader = Reader { options, bytes: 0, entries: Vec::new() };
    let mut pending = vec![(root.to_path_buf(), String::new())];
    while let Some((directory, prefix)) = pending.pop() {
        reader.directory(&directory, &prefix, &mut pending)?;
    }
    FileTree::from_entries(reader.entries)
        .map_err(|source| ReadError::Name { path: root.to_path_buf(), source })
}

/// Opens a directory as a tree whose files are read when they are needed, each at most once.
///
/// Links are not followed here; one to an absolute path inside the root becomes relative, so that the tree can follow it.
/// Names in [`ReadOptions::skip`] are not hidden: what is asked for by name is found.
pub fn open_directory(root: impl AsRef<Path>, options: &ReadOptions) -> FileTree {
    FileTree::lazy(Directory { root: root.as_ref().to_path_buf(), max_file_bytes: options.max_file_bytes })
}

struct Directory {
    root: PathBuf,
    max_file_bytes: u64,
}

impl FileSource for Directory {
    fn entry(&self, path: &str) -> Result<Option<Entry>, String> {
        let full = self.root.join(path);
        let metadata = match fs::symlink_metadata(&full) {
            Ok(metadata) => metadata,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(None);
            }
            Err(error) => return Err(error.to_string()),
        };
        let kind = metadata.file_type();
        if kind.is_dir() {
            return Ok(Some(Entry::Directory));
        }
        if kind.is_symlink() {
            let target = fs::read_link(&full).map_err(|error| error.to_string())?;
            return Ok(relative_target(&self.root, path, &target).map(|target| Entry::Symlink(target.into())));
        }
        if !kind.is_file() {
            return Ok(None);
        }
        if metadata.len() > self.max_file_bytes {
            return Err(format!("it has more than {} bytes", self.max_file_bytes));
        }
        let bytes = fs::read(&full).map_err(|error| error.to_string())?;
        Ok(Some(Entry::File(bytes.into())))
    }

    fn list(&self, directory: &str) -> Result<Vec<EcoString>, String> {
        let items = match fs::read_dir(self.root.join(directory)) {
            Ok(items) => items,
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error.to_string()),
        };
        let names = items.filter_map(|item| item.ok()?.file_name().into_string().ok());
        Ok(names.map(EcoString::from).collect())
    }
}

/// What a link says, seen from where it stands; an absolute target that is not below the root stays absolute, which no tree follows.
fn relative_target(root: &Path, link: &str, target: &Path) -> Option<String> {
    let inside = if target.is_absolute() { target.strip_prefix(root).ok() } else { None };
    match inside {
        Some(inside) => Some(format!("{}{}", "../".repeat(link.matches('/').count()), inside.to_str()?)),
        None => target.to_str().map(str::to_owned),
    }
}

struct Reader<'a> {
    options: &'a ReadOptions,
    bytes: u64,
    entries: Vec<(String, Entry)>,
}

impl Reader<'_> {
    fn directory(
        &mut self,
        directory: &Path,
        prefix: &str,
        pending: &mut Vec<(PathBuf, String)>,
    ) -> Result<(), ReadError> {
        let before = self.entries.len() + pending.len();
        for item in fs::read_dir(directory).map_err(|source| io_error(directory, source))? {
            let item = item.map_err(|source| io_error(directory, source))?;
            let path = item.path();
            let Ok(name) = item.file_name().into_string() else { continue };
            if self.entries.len() + pending.len() >= self.options.max_entries {
                return Err(too_large(&path, format!("{} entries", self.options.max_entries)));
            }
            let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}/{name}") };
            let kind = item.file_type().map_err(|source| io_error(&path, source))?;
            if kind.is_dir() {
                if !self.options.skip.contains(&name) {
                    pending.push((path, key));
                }
            } else if kind.is_symlink() {
                let target = fs::read_link(&path).map_err(|source| io_error(&path, source))?;
                if let Some(target) = target.to_str() {
                    self.entries.push((key, Entry::Symlink(target.into())));
                }
            } else if kind.is_file() {
                self.file(&path, key)?;
            }
        }
        if !prefix.is_empty() && self.entries.len() + pending.len() == before {
            self.entries.push((prefix.to_owned(), Entry::Directory));
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, key: String) -> Result<(), ReadError> {
        let size = fs::metadata(path).map_err(|source| io_error(path, source))?.len();
        if size > self.options.max_file_bytes {
            return Err(too_large(path, format!("{} bytes a file", self.options.max_file_bytes)));
        }
        let bytes = fs::read(path).map_err(|source| io_error(path, source))?;
        self.bytes += bytes.len() as u64;
        if self.bytes > self.options.max_bytes {
            return Err(too_large(path, format!("{} bytes in all", self.options.max_bytes)));
        }
        self.entries.push((key, Entry::File(bytes.into())));
        Ok(())
    }
}

fn io_error(path: &Path, source: io::Error) -> ReadError {
    ReadError::Io { path: path.to_path_buf(), source }
}

fn too_large(path: &Path, limit: String) -> ReadError {
    ReadError::TooLarge { path: path.to_path_buf(), limit }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_is_there_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("a/b/.git")).unwrap();
        fs::create_dir_all(at("empty")).unwrap();
        fs::write(at("a/f"), "x").unwrap();
        fs::write(at("a/b/.git/config"), "secret").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("/etc/passwd", at("a/out")).unwrap();
        let tree = read_directory(dir.path(), &ReadOptions::default()).unwrap();
        assert_eq!(tree.read("a/f").unwrap().as_ref(), b"x");
        assert!(tree.is_directory("empty"));
        assert!(tree.read("a/b/.git/config").is_err());
        assert!(tree.read("a/out").is_err());
    }

    #[cfg(unix)]
    #[test]
    fn an_open_directory_answers_like_one_that_was_read() {
        let dir = tempfile::tempdir().unwrap();
        let at = |name: &str| dir.path().join(name);
        fs::create_dir_all(at("a/b")).unwrap();
        fs::write(at("a/b/f"), "x").unwrap();
        std::os::unix::fs::symlink("a/b", at("relative")).unwrap();
        std::os::unix::fs::symlink(at("a"), at("a/b/absolute")).unwrap();
        std::os::unix::fs::symlink("/etc", at("out")).unwrap();
        let tree = open_directory(dir.path(), &ReadOptions::default());
        assert_eq!(tree.read("relative/f").unwrap().as_ref(), b"x");
        assert_eq!(tree.read("a/b/absolute/b/f").unwrap().as_ref(), b"x");
        assert!(tree.read("out/passwd").is_err());
        assert!(tree.read("a/b/f/g").is_err());
        assert_eq!(tree.list("a"), ["b"]);
        let small = ReadOptions { max_file_bytes: 0, ..ReadOptions::default() };
        assert!(open_directory(dir.path(), &small).read("a/b/f").is_err());
    }

    #[test]
    fn limits_hold() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("f"), "12345").unwrap();
        let read = |options: ReadOptions| read_directory(dir.path(), &options);
        assert!(
            read(ReadOptions { max_file_bytes: 5, max_bytes: 5, max_entries: 1, ..ReadOptions::default() })
                .is_ok()
        );
        assert!(read(ReadOptions { max_file_bytes: 4, ..ReadOptions::default() }).is_err());
        assert!(read(ReadOptions { max_bytes: 4, ..ReadOptions::default() }).is_err());
        assert!(read(ReadOptions { max_entries: 0, ..ReadOptions::default() }).is_err());
    }
}
