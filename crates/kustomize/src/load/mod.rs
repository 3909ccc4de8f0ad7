//! Where files come from: a directory of a tree that others may not be left for, and the trees mounted for remote ones.

mod url;

pub use url::GitUrl;
pub(crate) use url::{leaves, names_file};

use crate::error::{Error, ErrorKind, Result};
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::{FileBytes, FileTree, Location, join_path, meant, normalize_path, split_path};

/// Loads files on behalf of one directory.
#[derive(Clone, Debug)]
pub(crate) struct Loader {
    /// The tree that the build was asked for; it holds the mounts.
    main: FileTree,
    tree: FileTree,
    /// The URL of the tree; empty for the main one.
    repo: Option<Arc<GitUrl>>,
    root: EcoString,
    root_only: bool,
    referrer: Option<Arc<Self>>,
}

/// A directory of a tree, by the tree's URL and the directory's path.
pub(crate) type Root = (EcoString, EcoString);

impl Loader {
    /// Opens a directory of the main tree, or something remote.
    pub(crate) fn open(main: &FileTree, target: &str, root_only: bool) -> Result<Self> {
        let start = Self {
            main: main.clone(),
            tree: main.clone(),
            repo: None,
            root: EcoString::new(),
            root_only,
            referrer: None,
        };
        if let Some(spec) = GitUrl::parse(target) {
            return start.open_repo(spec, None);
        }
        let root = start.confirm_directory(target)?;
        Ok(Self { root, ..start })
    }

    /// Opens a directory that this one refers to.
    pub(crate) fn open_base(self: &Arc<Self>, path: &str) -> Result<Self> {
        if path.is_empty() {
            return Err(Error::new(ErrorKind::MissingResource, "new root cannot be empty"));
        }
        if let Some(spec) = GitUrl::parse(path) {
            self.check_repo_cycle(&spec)?;
            return self.open_repo(spec, Some(Arc::clone(self)));
        }
        if path.starts_with('/') {
            let message = format!("new root '{path}' cannot be absolute");
            return Err(Error::new(ErrorKind::MissingResource, message));
        }
        let root = self.confirm_directory(path)?;
        let opened = Self { root, referrer: Some(Arc::clone(self)), ..Self::clone(self) };
        self.check_cycle(&opened.key())?;
        Ok(opened)
    }

    /// The directory, for keys and comparisons.
    pub(crate) fn key(&self) -> Root {
        (self.repository(), self.root.clone())
    }

    /// The URL of the tree; empty for the main one.
    pub(crate) fn repository(&self) -> EcoString {
        self.repo.as_ref().map_or_else(EcoString::new, |spec| spec.mount_key())
    }

    /// The directory as messages show it.
    pub(crate) fn display(&self) -> String {
        format!("/{}", self.root)
    }

    /// The tree that the directory is in.
    pub(crate) fn tree(&self) -> &FileTree {
        &self.tree
    }

    /// The tree that is mounted under a URL.
    pub(crate) fn mounted(&self, key: &str) -> Option<&FileTree> {
        self.main.mounted(key)
    }

    /// The directory's path in its tree.
    pub(crate) fn root(&self) -> &EcoString {
        &self.root
    }

    /// Whether only files in or below the directory may be loaded.
    pub(crate) fn is_root_only(&self) -> bool {
        self.root_only
    }

    /// The path of a file that this directory names, for locations.
    pub(crate) fn path_of(&self, name: &str) -> EcoString {
        join_path(&self.root, name).unwrap_or_else(|_| name.into())
    }

    /// Returns the bytes of a file or an HTTP URL.
    pub(crate) fn load(&self, path: &str) -> Result<FileBytes> {
        if is_remote_file(path) {
            return self.load_remote(path);
        }
        let full = self.full_path(path);
        match self.tree.read(&full) {
            Ok(bytes) if !self.root_only || self.may_load(&full) => Ok(bytes.clone()),
            Ok(_) => {
                let message = format!("security; file '/{full}' is not in or below '{}'", self.display());
                Err(Error::new(ErrorKind::LoadRestriction, message).at(Location::file(full)))
            }
            Err(_) => Err(self.missing(path, full)),
        }
    }

    /// Returns the bytes of a file, if there is one and it may be loaded.
    pub(crate) fn find(&self, path: &str) -> Option<FileBytes> {
        let full = self.full_path(path);
        let bytes = self.tree.get(&full)?;
        (!self.root_only || self.may_load(&full)).then(|| bytes.clone())
    }

    /// Whether a path leads to a directory.
    pub(crate) fn is_directory(&self, path: &str) -> bool {
        self.tree.is_directory(&self.full_path(path))
    }

    /// Whether a file really is in or below the directory.
    fn may_load(&self, full: &str) -> bool {
        self.tree.resolve(full).is_ok_and(|resolved| is_below(split_path(&resolved).0, &self.root))
    }

    fn missing(&self, path: &str, full: EcoString) -> Error {
        let shown = format!("/{full}");
        let detail = match (self.tree.is_directory(&full), self.root_only) {
            (true, true) => format!("'{shown}' must resolve to a file"),
            (true, false) => format!("read {shown}: is a directory"),
            (false, true) => self.no_such_file(&full),
            (false, false) => format!("open {shown}: no such file or directory"),
        };
        let error = Error::new(ErrorKind::MissingResource, detail);
        self.with_neighbour(error, path, &full).at(Location::file(full))
    }

    /// The first part of a path that leads nowhere.
    fn first_missing<'p>(&self, full: &'p str) -> Option<&'p str> {
        let ends = full.match_indices('/').map(|(at, _)| at).chain([full.len()]);
        let mut parts = ends.filter_map(|end| full.get(..end)).filter(|part| !part.is_empty());
        parts.find(|part| !self.tree.is_file(part) && !self.tree.is_directory(part))
    }

    /// Names the path that was meant, if a neighbour of what is missing has nearly its name.
    fn with_neighbour(&self, error: Error, path: &str, full: &str) -> Error {
        let meant = || {
            let missing = self.first_missing(full)?;
            let (above, name) = split_path(missing);
            let names = self.tree.list(above);
            let meant = meant(name, names.iter().map(EcoString::as_str))?;
            // The path as it is written ends as the one from the root does.
            let behind = full.get(missing.len()..)?;
            let before = path.trim_end_matches('/').strip_suffix(behind)?.strip_suffix(name)?;
            Some(format!("did you mean `{before}{meant}{behind}`?"))
        };
        match meant() {
            Some(help) => error.help(help),
            None => error,
        }
    }

    /// The words for a path of the tree that leads nowhere: they name the first part that is missing.
    fn no_such_file(&self, full: &str) -> String {
        let missing = self.first_missing(full).unwrap_or(full);
        let reason = match split_path(missing).0 {
            above if !above.is_empty() && self.tree.is_file(above) => "not a directory",
            _ => "no such file or directory",
        };
        format!("evalsymlink failure on '/{full}' : lstat /{missing}: {reason}")
    }

    fn load_remote(&self, url: &str) -> Result<FileBytes> {
        let mounted = self.main.mounted(url).and_then(|tree| {
            let (_, name) = split_path(url);
            let only = || match tree.files_below("").as_slice() {
                [(_, bytes)] => Some(*bytes),
                _ => None,
            };
            tree.read(name).ok().or_else(only)
        });
        mounted.cloned().ok_or_else(|| missing_remote(url, url.into()))
    }

    /// A path from the root of the tree; what would leave the tree stays at its root.
    fn full_path(&self, path: &str) -> EcoString {
        if path.starts_with('/') {
            return normalize_path(path.trim_start_matches('/')).unwrap_or_default();
        }
        join_path(&self.root, path).unwrap_or_else(|_| outside(path))
    }

    fn confirm_directory(&self, path: &str) -> Result<EcoString> {
        let problem = |detail: String| {
            let full = self.full_path(path);
            let error = Error::new(ErrorKind::MissingResource, format!("must build at directory: {detail}"));
            self.with_neighbour(error, path, &full).at(Location::file(full))
        };
        let full = match join_path(&self.root, path.trim_start_matches('/')) {
            Ok(full) => full,
            Err(_) if self.repo.is_some() => return Err(self.outside_repo(path)),
            Err(_) => {
                return Err(problem(format!("not a valid directory: {}", self.no_such_file(&outside(path)))));
            }
        };
        match self.tree.resolve(&full) {
            Ok(resolved) if self.tree.is_directory(&full) => Ok(resolved.as_ref().into()),
            _ if self.tree.is_file(&full) => Err(problem(format!("'/{full}': file is not directory"))),
            _ => Err(problem(format!("not a valid directory: {}", self.no_such_file(&full)))),
        }
    }

    fn outside_repo(&self, path: &str) -> Error {
        let message = format!(
            "security; bases in kustomizations found in cloned git repos must be within the repo, \
             but base '{path}' is outside '{}'",
            self.key().0
        );
        Error::new(ErrorKind::LoadRestriction, message)
    }

    fn open_repo(&self, spec: GitUrl, referrer: Option<Arc<Self>>) -> Result<Self> {
        let keys = [spec.mount_key(), spec.raw.clone(), spec.repository()];
        let Some(tree) = keys.iter().find_map(|key| self.main.mounted(key)) else {
            return Err(missing_remote(&spec.raw, spec.mount_key()));
        };
        let inside = Self {
            main: self.main.clone(),
            tree: tree.clone(),
            root: EcoString::new(),
            root_only: true,
            repo: Some(Arc::new(spec.clone())),
            referrer,
        };
        let root = inside.confirm_directory(spec.path())?;
        Ok(Self { root, ..inside })
    }

    fn check_repo_cycle(&self, spec: &GitUrl) -> Result<()> {
        if let Some(own) = &self.repo
            && own.raw.starts_with(spec.raw.as_str())
        {
            let message =
                format!("cycle detected: URI '{}' referenced by previous URI '{}'", spec.raw, own.raw);
            return Err(Error::new(ErrorKind::Cycle, message));
        }
        self.referrer.as_ref().map_or(Ok(()), |referrer| referrer.check_repo_cycle(spec))
    }

    /// Fails if a directory is this one or above it, or above one that led here.
    pub(crate) fn check_cycle(&self, candidate: &Root) -> Result<()> {
        let (tree, root) = self.key();
        if tree == candidate.0 && is_below(&root, &candidate.1) {
            let message = format!(
                "cycle detected: candidate root '/{}' contains visited root '{}'",
                candidate.1,
                self.display()
            );
            return Err(Error::new(ErrorKind::Cycle, message));
        }
        self.referrer.as_ref().map_or(Ok(()), |referrer| referrer.check_cycle(candidate))
    }
}

/// Whether a directory is another one or inside it.
fn is_below(directory: &str, ancestor: &str) -> bool {
    ancestor.is_empty()
        || directory.strip_prefix(ancestor).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Whether a path is an HTTP URL.
pub(crate) fn is_remote_file(path: &str) -> bool {
    let scheme = path.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    scheme.is_some_and(|scheme| scheme == "http" || scheme == "https")
}

/// Where a path that leaves the tree would be if the tree's root were that of a disk.
fn outside(path: &str) -> EcoString {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/").into()
}

fn missing_remote(url: &str, key: EcoString) -> Error {
    Error::new(ErrorKind::MissingRemote, format!("`{url}` is remote and not mounted"))
        .missing_url(key.clone())
        .help(format!("fetch it and mount its files under `{key}`"))
}
