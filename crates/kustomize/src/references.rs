//! What a kustomization names: the files and directories that a build of it reads besides its own file.

use crate::error::{Error, ErrorKind, Result};
use crate::kustomization::{self, FILE_NAMES, Kustomization};
use crate::load::{GitUrl, is_remote_file};
use ecow::EcoString;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{FileTree, Location, Value, join_path};

/// Something that a kustomization names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Reference {
    /// The field that names it, `kustomization` for the file itself.
    pub field: &'static str,
    /// What it names.
    pub target: ReferenceTarget,
}

/// What a kustomization names. Paths are those of the tree.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ReferenceTarget {
    /// A file, or something that is not there.
    File(EcoString),
    /// A directory with a kustomization of its own.
    Directory(EcoString),
    /// A directory of which everything counts, such as a chart.
    Everything(EcoString),
    /// Something outside of the tree, as it is written.
    Remote(EcoString),
}

/// Returns what the kustomization of a directory names, its own file first; directories below are not followed.
///
/// What is named and does not exist is a [`ReferenceTarget::File`]: to add it changes the build. So do the other names that a
/// kustomization may have, since a directory may have only one. More may be named than a build reads: whatever in the
/// configuration of a plugin looks like a path is taken for one.
///
/// # Errors
/// [`ErrorKind::MissingKustomization`] and [`ErrorKind::InvalidKustomization`].
///
/// ```
/// use trueup_kustomize::{ReferenceTarget, references};
/// use trueup_manifest::FileTree;
///
/// let tree = FileTree::from_files([
///     ("base/kustomization.yaml", "resources: [web.yaml]\n"),
///     ("over/kustomization.yaml", "resources: [../base]\npatches: [{path: patch.yaml}]\n"),
/// ])?;
/// let named = references(&tree, "over")?;
/// let base = named.iter().find(|reference| reference.field == "resources").unwrap();
/// assert_eq!(base.target, ReferenceTarget::Directory("base".into()));
/// assert!(named.iter().any(|reference| reference.target == ReferenceTarget::File("over/patch.yaml".into())));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn references(tree: &FileTree, directory: &str) -> Result<Vec<Reference>> {
    let mut found = Collector { tree, directory, references: Vec::new() };
    let mut read = false;
    let paths: Vec<EcoString> =
        FILE_NAMES.iter().filter_map(|name| join_path(directory, name).ok()).collect();
    paths.iter().for_each(|path| found.add("kustomization", ReferenceTarget::File(path.clone())));
    for path in paths {
        let Some(bytes) = tree.get(&path) else { continue };
        let document = yaml::parse(bytes, &ParseOptions::kubernetes());
        let document = document.map_err(|error| kustomization::unreadable(&error, &path))?;
        let loaded = kustomization::from_document(&document).map_err(|error| {
            Error::new(ErrorKind::InvalidKustomization, format!("invalid Kustomization: {}", error.message))
                .at(Location::file(path.clone()))
        })?;
        found.kustomization(&loaded.kustomization);
        read = true;
    }
    if !read {
        let message = format!("there is no kustomization in '/{directory}'");
        return Err(Error::new(ErrorKind::MissingKustomization, message));
    }
    let mut seen = std::collections::BTreeSet::new();
    found.references.retain(|reference| seen.insert(reference.clone()));
    Ok(found.references)
}

struct Collector<'t> {
    tree: &'t FileTree,
    directory: &'t str,
    references: Vec<Reference>,
}

impl Collector<'_> {
    fn add(&mut self, field: &'static str, target: ReferenceTarget) {
        self.references.push(Reference { field, target });
    }

    fn kustomization(&mut self, k: &Kustomization) {
        self.paths("resources", &k.resources);
        self.paths("components", &k.components);
        self.paths("crds", &k.crds);
        self.paths("configurations", &k.configurations);
        self.paths("openapi", k.openapi.get("path"));
        self.paths("patches", k.patches.iter().map(|patch| &patch.path));
        self.paths("patchesJson6902", k.patches_json6902.iter().map(|patch| &patch.path));
        self.paths("replacements", k.replacements.iter().map(|entry| &entry.path));
        let inline_or_paths = [
            ("patchesStrategicMerge", &k.patches_strategic_merge),
            ("generators", &k.generators),
            ("transformers", &k.transformers),
            ("validators", &k.validators),
        ];
        for (field, entries) in inline_or_paths {
            for entry in entries {
                match self.is_inline(entry) {
                    true => self.plugins(field, entry.as_bytes()),
                    false => self.path(field, entry),
                }
            }
        }
        for (field, list) in
            [("configMapGenerator", &k.config_map_generator), ("secretGenerator", &k.secret_generator)]
        {
            for generator in list {
                generator.files.iter().for_each(|source| self.path(field, file_of(source)));
                self.paths(field, generator.envs.iter().chain([&generator.env]));
            }
        }
        self.charts(k);
    }

    fn charts(&mut self, k: &Kustomization) {
        let home = k.helm_globals.as_ref().map(|globals| globals.chart_home.as_str()).unwrap_or_default();
        let home = if home.is_empty() { "charts" } else { home };
        for chart in &k.helm_charts {
            let versioned = ecow::eco_format!("{home}/{}-{}/{}", chart.name, chart.version, chart.name);
            for path in [ecow::eco_format!("{home}/{}", chart.name), versioned] {
                if let Ok(path) = join_path(self.directory, &path) {
                    self.add("helmCharts", ReferenceTarget::Everything(path));
                }
            }
            if !chart.repo.is_empty() {
                self.add("helmCharts", ReferenceTarget::Remote(chart.repo.clone()));
            }
            self.paths("helmCharts", chart.additional_values_files.iter().chain([&chart.values_file]));
        }
    }

    fn paths<'p>(&mut self, field: &'static str, paths: impl IntoIterator<Item = &'p EcoString>) {
        paths.into_iter().filter(|path| !path.is_empty()).for_each(|path| self.path(field, path));
    }

    fn path(&mut self, field: &'static str, path: &str) {
        if GitUrl::parse(path).is_some() || is_remote_file(path) {
            return self.add(field, ReferenceTarget::Remote(path.into()));
        }
        let Ok(full) = join_path(self.directory, path) else { return };
        let is_plugin = matches!(field, "generators" | "transformers" | "validators");
        if self.tree.is_directory(&full) {
            return self.add(field, ReferenceTarget::Directory(full));
        }
        if is_plugin && let Some(bytes) = self.tree.get(&full) {
            self.plugins(field, &bytes.clone());
        }
        self.add(field, ReferenceTarget::File(full));
    }

    /// Whether an entry is a document and not a path.
    fn is_inline(&self, entry: &str) -> bool {
        let is_path = join_path(self.directory, entry)
            .is_ok_and(|path| self.tree.is_file(&path) || self.tree.is_directory(&path));
        !is_path && (entry.contains('\n') || entry.contains(": ") || entry.starts_with('{'))
    }

    /// Adds what the configurations of plugins name.
    fn plugins(&mut self, field: &'static str, text: &[u8]) {
        let Ok(documents) = yaml::parse_stream(text, &ParseOptions::kyaml()) else { return };
        for document in &documents {
            let texts = |value: &Value| match value.as_seq() {
                Some(items) => items.iter().filter_map(|item| item.as_str().map(EcoString::from)).collect(),
                None => value.as_str().map(EcoString::from).into_iter().collect::<Vec<_>>(),
            };
            let named = |name: &str| document.get(name).map(texts).unwrap_or_default();
            let entries = document.get("replacements").and_then(Value::as_seq).unwrap_or_default();
            let replacements = entries.iter().filter_map(|entry| entry.get("path")).flat_map(texts);
            let mut paths: Vec<EcoString> = replacements.collect();
            for name in ["path", "paths", "envs", "env", "valuesFile", "additionalValuesFiles"] {
                paths.extend(named(name));
            }
            let files = named("files");
            paths.extend(files.iter().map(|source| EcoString::from(file_of(source))));
            for path in paths.iter().filter(|path| !path.is_empty() && !path.contains('\n')) {
                if let Ok(full) = join_path(self.directory, path) {
                    self.add(field, ReferenceTarget::File(full));
                }
            }
        }
    }
}

/// The path in `path` or `key=path`.
fn file_of(source: &str) -> &str {
    source.split_once('=').map_or(source, |(_, path)| path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(files: &[(&str, &str)]) -> Vec<String> {
        let tree = FileTree::from_files(files.iter().copied()).unwrap();
        let shown = |reference: Reference| match reference.target {
            ReferenceTarget::File(path) => format!("{} file {path}", reference.field),
            ReferenceTarget::Directory(path) => format!("{} directory {path}", reference.field),
            ReferenceTarget::Everything(path) => format!("{} all of {path}", reference.field),
            ReferenceTarget::Remote(url) => format!("{} remote {url}", reference.field),
        };
        references(&tree, "o").unwrap().into_iter().map(shown).skip(FILE_NAMES.len()).collect()
    }

    #[test]
    fn every_field_that_names_something() {
        let kustomization = "
resources: [a.yaml, ../b, nope, 'https://example.com/org/repo//x?ref=v1']
components: [../c]
patches: [{path: p.yaml}, {patch: 'a: b'}]
patchesStrategicMerge: [s.yaml, \"kind: A\\nmetadata: {name: x}\"]
configMapGenerator: [{name: x, files: [f.txt, k=g.txt], envs: [e.env], env: d.env}]
replacements: [{path: r.yaml}]
transformers: [t.yaml, '{kind: PatchTransformer, path: q.yaml}']
openapi: {path: schema.json}
helmGlobals: {chartHome: ../charts}
helmCharts: [{name: web, valuesFile: v.yaml}]
";
        let files = [
            ("o/kustomization.yaml", kustomization),
            ("o/t.yaml", "kind: ReplacementTransformer\nreplacements: [{path: r2.yaml}]\n"),
            ("b/kustomization.yaml", ""),
            ("c/kustomization.yaml", ""),
        ];
        let expected = [
            "resources file o/a.yaml",
            "resources directory b",
            "resources file o/nope",
            "resources remote https://example.com/org/repo//x?ref=v1",
            "components directory c",
            "openapi file o/schema.json",
            "patches file o/p.yaml",
            "replacements file o/r.yaml",
            "patchesStrategicMerge file o/s.yaml",
            "transformers file o/r2.yaml",
            "transformers file o/t.yaml",
            "transformers file o/q.yaml",
            "configMapGenerator file o/f.txt",
            "configMapGenerator file o/g.txt",
            "configMapGenerator file o/e.env",
            "configMapGenerator file o/d.env",
            "helmCharts all of charts/web",
            "helmCharts all of charts/web-/web",
            "helmCharts file o/v.yaml",
        ];
        assert_eq!(named(&files), expected);
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        let tree = FileTree::from_files([("a/kustomization.yaml", "resources: {"), ("b/x", "")]).unwrap();
        assert_eq!(references(&tree, "a").unwrap_err().kind(), ErrorKind::InvalidKustomization);
        assert_eq!(references(&tree, "b").unwrap_err().kind(), ErrorKind::MissingKustomization);
        assert_eq!(references(&tree, "../b").unwrap_err().kind(), ErrorKind::MissingKustomization);
    }
}
