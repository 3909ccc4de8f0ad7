//! Sources of plain manifests: every YAML and JSON file of a directory.

use crate::error::{Error, Problem};
use crate::{Manifest, Rendered};
use ecow::EcoString;
use trueup_kustomize::Declared;
use trueup_manifest::argocd::ApplicationSourceDirectory;
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Diagnostic, FileTree, Glob, Location, Object, Value, json};

/// A file that says this anywhere is not rendered.
const SKIP_MARKER: &[u8] = b"+argocd:skip-file-rendering";

pub(crate) fn render(
    tree: &FileTree,
    directory: &str,
    options: &ApplicationSourceDirectory,
    rendered: &mut Rendered,
) -> Result<(), Error> {
    let filter = Filter::new(options);
    let mut files = Vec::new();
    collect(tree, directory, options.recurse, &mut files);
    for file in files {
        let relative = file.strip_prefix(directory).unwrap_or(&file).trim_start_matches('/');
        if filter.takes(relative) {
            render_file(tree, &file, rendered)?;
        }
    }
    Ok(())
}

/// The files in the order of a walk: names sorted, a directory's files where its name stands.
fn collect(tree: &FileTree, directory: &str, recurse: bool, files: &mut Vec<EcoString>) {
    let mut pending = vec![EcoString::from(directory)];
    while let Some(path) = pending.pop() {
        let is_root = path == directory;
        // A link to a directory is neither a file nor walked into.
        let is_link = !is_root && tree.resolve(&path).is_ok_and(|resolved| resolved != path.as_str());
        if !is_root && (is_link || !tree.is_directory(&path)) {
            files.push(path);
        } else if is_root || recurse {
            let join = |name: &EcoString| match path.as_str() {
                "" => name.clone(),
                path => ecow::eco_format!("{path}/{name}"),
            };
            pending.extend(tree.list(&path).iter().rev().map(join));
        }
    }
}

struct Filter {
    include: Option<Option<Glob>>,
    exclude: Option<Option<Glob>>,
    any_extension: bool,
}

impl Filter {
    /// A pattern that cannot be read matches nothing, as in Argo CD.
    fn new(options: &ApplicationSourceDirectory) -> Self {
        let glob = |pattern: &EcoString| (!pattern.is_empty()).then(|| Glob::new(pattern, &[]).ok());
        Self {
            include: glob(&options.include),
            exclude: glob(&options.exclude),
            any_extension: options.disable_extension_filter,
        }
    }

    fn takes(&self, path: &str) -> bool {
        let extension =
            path.rsplit('/').next().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
        let matches = |glob: &Option<Glob>| glob.as_ref().is_some_and(|glob| glob.matches(path));
        (self.any_extension || matches!(extension, Some("yaml" | "yml" | "json" | "jsonnet")))
            && !self.exclude.as_ref().is_some_and(matches)
            && self.include.as_ref().is_none_or(matches)
    }
}

fn render_file(tree: &FileTree, file: &EcoString, rendered: &mut Rendered) -> Result<(), Error> {
    let bytes = match tree.read(file) {
        Ok(bytes) => bytes,
        Err(
            trueup_manifest::LookupError::NotFound { .. } | trueup_manifest::LookupError::IsDirectory { .. },
        ) => {
            let warning =
                Diagnostic::warning("source/broken-link", format!("the link `{file}` leads to no file"));
            rendered.warnings.push(warning.at(Location::file(file.clone())));
            return Ok(());
        }
        Err(error) => return Err(error.into()),
    };
    if memchr::memmem::find(bytes, SKIP_MARKER).is_some() {
        return Ok(());
    }
    if file.ends_with(".jsonnet") {
        return Err(Problem::Unsupported { what: format!("Jsonnet (`{file}`)") }.into());
    }
    let objects = if file.ends_with(".json") { one_json(bytes, file)? } else { documents(bytes, file)? };
    for (position, value) in objects.into_iter().enumerate() {
        let declared = Some(Declared::document(EcoString::new(), file.clone(), position));
        rendered.push(Manifest { value, declared, source: 0 });
    }
    Ok(())
}

fn one_json(bytes: &[u8], file: &EcoString) -> Result<Vec<Value>, Error> {
    let value =
        json::parse(bytes, &Default::default()).map_err(|error| unreadable(file, error.to_string()))?;
    check_object(&value).map_err(|message| unreadable(file, message))?;
    Ok(vec![value])
}

/// The documents of a YAML file. A file whose first document cannot be read and that does not look like a manifest is passed over.
fn documents(bytes: &[u8], file: &EcoString) -> Result<Vec<Value>, Error> {
    let looks_like_a_manifest = ["apiVersion:", "kind:", "metadata:"]
        .iter()
        .all(|word| memchr::memmem::find(bytes, word.as_bytes()).is_some());
    let values = match yaml::parse_stream(bytes, &ParseOptions::kubernetes()) {
        Ok(values) => values,
        Err(_) if !looks_like_a_manifest => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(file, error.to_string())),
    };
    let mut objects = Vec::new();
    for value in values.into_iter().filter(|value| !value.is_null()) {
        match check_object(&value) {
            Ok(()) => objects.push(value),
            Err(_) if objects.is_empty() && !looks_like_a_manifest => return Ok(objects),
            Err(message) => return Err(unreadable(file, message)),
        }
    }
    Ok(objects)
}

fn check_object(value: &Value) -> Result<(), String> {
    if !value.is_map() {
        return Err(format!("expected an object, found a {}", value.type_name()));
    }
    if Object::new(value).kind().is_empty() {
        return Err("Object 'Kind' is missing".to_owned());
    }
    Ok(())
}

fn unreadable(file: &EcoString, message: String) -> Error {
    Problem::Manifest { file: file.clone(), message }.into()
}
