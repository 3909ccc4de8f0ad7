//! The git generator: directories and files.

use super::{Context, EMPTY, Sets, row, values};
use crate::error::Failure;
use crate::facts::{Fact, GitContent, Need};
use crate::glob::{DoubleStar, Pathspec};
use crate::model::{flag, items, text};
use crate::names::normalize;
use crate::options::FileGlobbing;
use crate::parameters::{Parameters, Row, flatten, string};
use crate::yaml_text;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Diagnostic, EcoString, Entry, FileTree, PathMatch, Value, View};
use trueup_template::{Map, Value as GoValue};

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    check_project(context)?;
    let within = |failure: Failure| failure.within("error generating params from git: ");
    if !items(section, &["directories"]).is_empty() {
        directories(context, section, path).map_err(within)
    } else if !items(section, &["files"]).is_empty() {
        files(context, section, path).map_err(within)
    } else {
        Err(EMPTY.into())
    }
}

/// A project that is no template must exist, since its rules say which commits may be used.
fn check_project(context: &Context<'_>) -> Result<(), Failure> {
    let project = text(context.set, &["spec", "template", "spec", "project"]);
    if project.contains("{{") {
        return Ok(());
    }
    match context.facts.project(project) {
        Fact::Known(Some(_)) => Ok(()),
        Fact::Known(None) => Err(Failure::new(format!(
            "error getting project {project}: appprojects.argoproj.io {} not found",
            crate::quote(project)
        ))),
        Fact::Unknown(reason) => {
            context.assume(Need::Project { name: project.into() }, reason);
            Ok(())
        }
    }
}

fn content(context: &Context<'_>, section: &Value, files: bool) -> Result<GitContent, Failure> {
    let (repository, revision) = (text(section, &["repoURL"]), text(section, &["revision"]));
    let need = || Need::Git { repository: repository.into(), revision: revision.into(), files };
    context.require(context.facts.git(repository, revision, files), need)?.map_err(Failure::new)
}

/// Lists the directories of a revision below its root, siblings by name; hidden ones are left out with all they have.
pub(super) fn list_directories(content: &GitContent, hidden: bool) -> Vec<EcoString> {
    let mut found: BTreeSet<Vec<&str>> = BTreeSet::new();
    let is_hidden = |segment: &&str| !hidden && segment.starts_with('.');
    match content {
        // A list is complete: nothing is added to it.
        GitContent::Directories(directories) => {
            let segments = directories.iter().map(|path| path.split('/').collect::<Vec<_>>());
            found.extend(segments.filter(|segments| !segments.iter().any(is_hidden)));
        }
        GitContent::Tree(tree) => {
            for (path, entry) in tree.entries() {
                let mut segments: Vec<&str> = path.split('/').collect();
                if !matches!(entry, Entry::Directory) {
                    segments.pop();
                }
                segments.truncate(segments.iter().position(is_hidden).unwrap_or(segments.len()));
                while !segments.is_empty() && found.insert(segments.clone()) {
                    segments.pop();
                }
            }
        }
    }
    found
        .iter()
        .map(|segments| segments.join("/").into())
        .filter(|path: &EcoString| !path.is_empty())
        .collect()
}

fn directories(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let content = content(context, section, false)
        .map_err(|failure| failure.within("error getting directories from repo: "))?;
    let (repository, revision) = (text(section, &["repoURL"]), text(section, &["revision"]));
    let all = super::directories(context, repository, revision, &content);
    let pattern = |item: &Value| {
        let text = text(item, &["path"]);
        let pattern = PathMatch::new(text);
        if !pattern.is_valid() {
            context.renderer.note(Diagnostic::warning(
                "appset/bad-pattern",
                format!("directory pattern `{text}` is malformed and matches nothing"),
            ));
        }
        (pattern, flag(item, &["exclude"]))
    };
    let patterns: Vec<_> = items(section, &["directories"]).iter().map(pattern).collect();
    let mut sets = Vec::new();
    for directory in all.iter() {
        let matching = |wanted: bool| {
            patterns.iter().any(|(pattern, exclude)| *exclude == wanted && pattern.matches(directory))
        };
        if !matching(false) || matching(true) {
            continue;
        }
        let mut parameters = Parameters::new();
        add_path(&mut parameters, section, directory, None, context.is_go());
        values::append(&mut parameters, section, context.renderer).map_err(|failure| {
            failure.within("error generating params from apps: failed to append templated values: ")
        })?;
        let source = Row::Directory {
            repository: repository.into(),
            revision: revision.into(),
            path: directory.clone(),
        };
        sets.push(row(path, source, parameters));
    }
    Ok(sets)
}

/// Adds the path parameters of a directory, or of a file in it.
fn add_path(parameters: &mut Parameters, section: &Value, directory: &str, file: Option<&str>, go: bool) {
    let prefix = text(section, &["pathParamPrefix"]);
    let basename = directory.rsplit('/').next().unwrap_or(directory);
    let mut texts = vec![("basename", basename.to_owned()), ("basenameNormalized", normalize(basename))];
    if let Some(file) = file {
        texts.extend([("filename", file.to_owned()), ("filenameNormalized", normalize(file))]);
    }
    if go {
        let map: Map = texts.into_iter().map(|(name, text)| (name, string(text))).collect();
        map.insert("path", string(directory));
        map.insert("segments", GoValue::string_list(directory.split('/')));
        if prefix.is_empty() {
            parameters.set("path", GoValue::Map(map));
        } else {
            parameters.set(prefix, GoValue::Map(Map::from_iter([("path", GoValue::Map(map))])));
        }
        return;
    }
    let name = if prefix.is_empty() { "path".to_owned() } else { format!("{prefix}.path") };
    for (part, text) in texts {
        parameters.set(format!("{name}.{part}"), string(text));
    }
    for (index, segment) in directory.split('/').enumerate().filter(|(_, segment)| !segment.is_empty()) {
        parameters.set(format!("{name}[{index}]"), string(segment));
    }
    parameters.set(name, string(directory));
}

fn files(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let (repository, revision) = (text(section, &["repoURL"]), text(section, &["revision"]));
    let tree = match content(context, section, true)? {
        GitContent::Tree(tree) => tree,
        GitContent::Directories(_) => {
            let fact = Fact::<()>::Unknown("only its directories were given".to_owned());
            let need = || Need::Git { repository: repository.into(), revision: revision.into(), files: true };
            context.require(fact, need)?;
            return Ok(Vec::new());
        }
    };
    let mut sets = Vec::new();
    for (file, content) in select(context, section, &tree)? {
        let found = read(context, section, file, content, path).map_err(|failure| {
            failure.within(format!("unable to process file '{file}' from repository '{repository}': "))
        })?;
        sets.extend(found);
    }
    Ok(sets)
}

/// Returns the files that are included and not excluded, by path.
fn select<'t>(
    context: &Context<'_>,
    section: &Value,
    tree: &'t FileTree,
) -> Result<BTreeMap<&'t EcoString, &'t [u8]>, Failure> {
    let mut selected = BTreeMap::new();
    for wanted in [false, true] {
        for item in items(section, &["files"]).iter().filter(|item| flag(item, &["exclude"]) == wanted) {
            let pattern = text(item, &["path"]);
            for (path, content) in matching(context, section, tree, pattern)? {
                match wanted {
                    false => _ = selected.insert(path, content),
                    true => _ = selected.remove(path),
                }
            }
        }
    }
    Ok(selected)
}

fn matching<'t>(
    context: &Context<'_>,
    section: &Value,
    tree: &'t FileTree,
    pattern: &str,
) -> Result<Vec<(&'t EcoString, &'t [u8])>, Failure> {
    let pattern = if pattern.is_empty() { "." } else { pattern };
    let (repository, revision) = (text(section, &["repoURL"]), text(section, &["revision"]));
    let failed = |what: &str, error: &str| {
        Failure::new(format!(
            "error retrieving Git files: rpc error: code = Internal desc = unable to {what} files. repo {repository} \
             with revision {revision} pattern {pattern}: {error}"
        ))
    };
    let matches: Box<dyn Fn(&str) -> bool> = match context.options.file_globbing {
        FileGlobbing::Old => {
            let pathspec = Pathspec::new(pattern).map_err(|error| failed("list", &error))?;
            Box::new(move |path| pathspec.matches(path))
        }
        FileGlobbing::New => {
            let glob = DoubleStar::new(pattern).map_err(|error| failed("list", error))?;
            refuse_directories(tree, &glob, pattern).map_err(|error| failed("read", &error))?;
            warn_about_git(context, &glob, pattern);
            Box::new(move |path| glob.matches(path))
        }
    };
    let mut found = Vec::new();
    for (path, entry) in tree.entries() {
        if matches!(entry, Entry::Directory) || !matches(path) {
            continue;
        }
        match tree.read(path) {
            Ok(content) => found.push((path, content.as_ref())),
            Err(error) => return Err(failed("read", &error.to_string())),
        }
    }
    Ok(found)
}

/// The new globbing finds directories too, those of `.git` among them, and reading one fails.
fn refuse_directories(tree: &FileTree, glob: &DoubleStar, pattern: &str) -> Result<(), String> {
    let mut directories = list_directories(&GitContent::Tree(tree.clone()), true);
    directories.extend([".git", ".git/objects", ".git/refs"].map(EcoString::from));
    directories.sort_by(|a, b| a.split('/').cmp(b.split('/')));
    let root = pattern.split('/').all(|part| matches!(part, "**" | "."));
    let found = match root {
        true => Some("."),
        false => directories.iter().map(EcoString::as_str).find(|path| glob.matches(path)),
    };
    match found {
        Some(directory) => Err(format!("read {directory}: is a directory")),
        None => Ok(()),
    }
}

/// The new globbing looks into the checkout, where there is a `.git`.
fn warn_about_git(context: &Context<'_>, glob: &DoubleStar, pattern: &str) {
    let always = [".git/HEAD", ".git/config", ".git/index"];
    if let Some(path) = always.iter().find(|path| glob.matches(path)) {
        context.renderer.note(Diagnostic::warning(
            "appset/pattern-matches-git",
            format!("file pattern `{pattern}` also matches `{path}` in Argo CD's checkout"),
        ));
    }
}

fn read(context: &Context<'_>, section: &Value, file: &EcoString, content: &[u8], path: &EcoString) -> Sets {
    let (directory, filename) = file.rsplit_once('/').unwrap_or((".", file));
    let document = parse(content)?;
    let is_list = document.is_seq();
    let objects = match document.as_seq() {
        Some(items) => items,
        None => std::slice::from_ref(&document),
    };
    let mut sets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        let whole = object.as_map().map(Parameters::from_document).unwrap_or_default();
        let mut parameters = match context.is_go() {
            true => whole,
            false => flatten(&whole).into_iter().map(|(name, text)| (name, string(text))).collect(),
        };
        add_path(&mut parameters, section, directory, Some(filename), context.is_go());
        values::append(&mut parameters, section, context.renderer)
            .map_err(|failure| failure.within("failed to append templated values: "))?;
        let source = Row::File {
            repository: text(section, &["repoURL"]).into(),
            revision: text(section, &["revision"]).into(),
            path: file.clone(),
            index: is_list.then_some(index),
        };
        sets.push(row(path, source, parameters));
    }
    Ok(sets)
}

/// Reads a file as a map, or else as a list of maps; the errors are those of the second try.
fn parse(content: &[u8]) -> Result<Value, Failure> {
    let failed = |error: String| Failure::new(format!("unable to parse file: {error}"));
    let document = yaml_text::parse(content).map_err(failed)?;
    match document.view() {
        View::Null | View::Map(_) => Ok(document),
        View::Seq(items) => match items.iter().find(|item| !item.is_map() && !item.is_null()) {
            Some(item) => Err(failed(yaml_text::type_error(item, "map[string]interface {}"))),
            None => Ok(document),
        },
        _ => Err(failed(yaml_text::type_error(&document, "[]map[string]interface {}"))),
    }
}
