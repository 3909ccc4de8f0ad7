//! `valueFiles` and `fileParameters`: paths in the chart's repository, in other sources (`$ref/…`), and patterns.

use crate::error::{Error, Problem};
use crate::render::Repositories;
use crate::variables::Variables;
use ecow::EcoString;
use std::collections::BTreeSet;
use trueup_helm::ValuesFile;
use trueup_manifest::argocd::{ApplicationSource, ApplicationSourceHelm};
use trueup_manifest::{FileBytes, FileTree, Glob, LookupError, join_path, normalize_path};

/// How often `**/` may stand in a pattern.
const MAX_WILD: usize = 5;

/// Where files are looked for.
pub(crate) struct ValueFiles<'s> {
    /// All sources of the Application: some are only there to be referred to.
    pub(crate) sources: &'s [ApplicationSource],
    pub(crate) tree: &'s FileTree,
    pub(crate) directory: &'s str,
    pub(crate) variables: &'s Variables,
}

/// A path in a tree.
struct Found<'t> {
    tree: &'t FileTree,
    path: EcoString,
    /// The referred source, to tell files of several repositories apart.
    source: EcoString,
}

impl<'s> ValueFiles<'s> {
    /// Returns the files of values in the order in which later ones win.
    pub(crate) fn read(
        &self,
        settings: &ApplicationSourceHelm,
        repositories: &'s impl Repositories,
    ) -> Result<Vec<ValuesFile>, Error> {
        let found: Vec<Found<'_>> = settings
            .value_files
            .iter()
            .map(|path| self.find(path, repositories))
            .collect::<Result<_, _>>()?;
        // A file that is named itself stands where it is named, and not where a pattern finds it.
        let named = found.iter().filter(|found| !is_pattern(&found.path));
        let named: BTreeSet<(EcoString, EcoString)> =
            named.map(|found| (found.source.clone(), found.path.clone())).collect();
        let (mut files, mut seen) = (Vec::new(), BTreeSet::new());
        for (found, given) in found.iter().zip(&settings.value_files) {
            let mut paths = vec![found.path.clone()];
            if is_pattern(&found.path) {
                paths = matching(found.tree, &found.path)?;
                if paths.is_empty() && !settings.ignore_missing_value_files {
                    let message = format!("values file glob \"{given}\" matched no files");
                    return Err(Problem::ValueFile(message).into());
                }
                paths.retain(|path| !named.contains(&(found.source.clone(), path.clone())));
            }
            for path in paths {
                match found.tree.read(&path) {
                    Ok(text) => {
                        if seen.insert((found.source.clone(), path.clone())) {
                            files.push(ValuesFile::new(path, text.clone()));
                        }
                    }
                    Err(LookupError::NotFound { .. }) if settings.ignore_missing_value_files => {}
                    Err(error) => return Err(missing(&path, &error)),
                }
            }
        }
        Ok(files)
    }

    /// Returns the file of a parameter.
    pub(crate) fn one(&self, path: &str, repositories: &'s impl Repositories) -> Result<FileBytes, Error> {
        let found = self.find(path, repositories)?;
        found.tree.read(&found.path).cloned().map_err(|error| missing(&found.path, &error))
    }

    /// Finds out which tree a path is in; `$ref` in front of it is another source.
    fn find(&self, path: &str, repositories: &'s impl Repositories) -> Result<Found<'s>, Error> {
        let (first, rest) = path.split_once('/').unwrap_or((path, ""));
        let referred = first.strip_prefix('$').and_then(|name| {
            self.sources.iter().find(|source| !source.r#ref.is_empty() && source.r#ref == name)
        });
        if let Some(source) = referred {
            let ApplicationSource { repo_url: url, target_revision: revision, .. } = source;
            let tree = repositories
                .tree(url, revision)
                .ok_or_else(|| Problem::MissingRepository { url: url.clone(), revision: revision.clone() })?;
            let path = normalize_path(self.variables.substitute(rest).trim_start_matches('/'));
            let path = path.map_err(LookupError::from)?;
            return Ok(Found { tree, path, source: source.r#ref.clone() });
        }
        let path = self.variables.substitute(path);
        if path.contains("://") {
            let message = format!("the values file `{path}` is at a URL, and nothing is fetched");
            return Err(Problem::ValueFile(message).into());
        }
        let path = match path.strip_prefix('/') {
            Some(from_root) => normalize_path(from_root.trim_start_matches('/')),
            None => join_path(self.directory, &path),
        };
        let path = path.map_err(LookupError::from)?;
        Ok(Found { tree: self.tree, path, source: EcoString::new() })
    }
}

fn missing(path: &str, error: &LookupError) -> Error {
    match error {
        LookupError::NotFound { .. } => {
            Problem::ValueFile(format!("open {path}: no such file or directory")).into()
        }
        error => Problem::Path(error.clone()).into(),
    }
}

fn is_pattern(path: &str) -> bool {
    path.contains(['*', '?', '['])
}

/// The files that match a pattern, directory by directory.
fn matching(tree: &FileTree, pattern: &str) -> Result<Vec<EcoString>, Error> {
    let unreadable =
        |why: String| Problem::ValueFile(format!("error expanding glob pattern {pattern:?}: {why}"));
    if pattern.matches("**/").count() > MAX_WILD {
        return Err(unreadable(format!("`**/` stands in it more than {MAX_WILD} times")).into());
    }
    let mut globs = Vec::new();
    for pattern in expanded(&pattern.replace("[^", "[!")) {
        globs.push(Glob::new(&pattern, &['/']).map_err(|error| unreadable(error.to_string()))?);
    }
    let fixed = pattern.split(['*', '?', '[']).next().unwrap_or_default();
    let below = fixed.rsplit_once('/').map_or("", |(directory, _)| directory);
    let files = tree.files_below(below).into_iter().map(|(path, _)| path.clone());
    let mut found: Vec<EcoString> =
        files.filter(|path| globs.iter().any(|glob| glob.matches(path))).collect();
    found.sort_by(|a, b| a.split('/').cmp(b.split('/')));
    Ok(found)
}

/// `**/` may also be no directory at all.
fn expanded(pattern: &str) -> Vec<String> {
    match pattern.split_once("**/") {
        None => vec![pattern.to_owned()],
        Some((before, after)) => expanded(after)
            .into_iter()
            .flat_map(|after| [format!("{before}**/{after}"), format!("{before}{after}")])
            .collect(),
    }
}
