//! `trueup template`: what `helm template` prints.

use crate::arguments::Template;
use crate::output::{Console, Failure, Finding, absolute};
use crate::repository::now;
use std::cell::RefCell;
use std::path::Path;
use std::sync::Arc;
use trueup::helm::{
    Chart, Error, KubeVersion, Options, SetFiles, SetKind, ValuesFile, release_name, set_values, template,
};
use trueup::manifest::{FileBytes, FileTree};
use trueup::template::{Map, Seed, Time};
use trueup_host::{ReadOptions, open_directory};

pub(crate) fn run(command: &Template, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let (name, chart) = match command.chart.as_slice() {
        [name, chart] => (Some(name.as_str()), chart),
        [chart] => (None, chart),
        _ => return Err(Failure::message("cli/arguments", "a chart is wanted")),
    };
    let path = absolute(Path::new(chart))?;
    let mut options = options(command)?;
    options.release_name = match (name, &command.name_template) {
        (Some(_), Some(_)) => {
            return Err(Failure::message(
                "cli/arguments",
                "cannot set --name-template and also specify a name",
            ));
        }
        (Some(name), None) => name.into(),
        (None, Some(text)) => release_name(text, &options).map_err(|error| plain(&error))?,
        (None, None) => options.release_name,
    };
    let tree =
        if path.is_dir() { open_directory(path, &ReadOptions::default()) } else { FileTree::default() };
    let failed = |error: Error| Failure::diagnostics(vec![error.to_diagnostic()], tree.clone());
    let loaded = match tree.is_empty() {
        true => Chart::from_archive(&read(Path::new(chart))?, &options.limits),
        false => Chart::from_tree(&tree, "", &options.limits),
    };
    let rendered = loaded.and_then(|chart| template(&chart, &options)).map_err(failed)?;
    console.print(&rendered.text())?;
    Ok(Finding::Nothing)
}

fn plain(error: &Error) -> Failure {
    Failure::diagnostics(vec![error.to_diagnostic()], FileTree::default())
}

fn options(command: &Template) -> Result<Options, Failure> {
    let mut options = Options::default();
    options.namespace = command.namespace.as_str().into();
    let values = &mut options.values;
    for file in &command.values {
        values.files.push(ValuesFile::new(file.to_string_lossy().into_owned(), read(file)?));
    }
    values.set = command.set.clone();
    values.set_string = command.set_string.clone();
    values.set_json = command.set_json.clone();
    values.set_literal = command.set_literal.clone();
    values.set_file = command.set_file.clone();
    values.set_files = files_of(&command.set_file)?;
    if let Some(version) = &command.kube_version {
        options.capabilities.kube_version = Some(KubeVersion::parse(version).map_err(|error| plain(&error))?);
    }
    options.capabilities.api_versions =
        command.api_versions.iter().map(|text| text.as_str().into()).collect();
    options.include_crds = command.include_crds;
    options.no_hooks = command.no_hooks;
    options.skip_tests = command.skip_tests;
    options.skip_schema_validation = command.skip_schema_validation;
    options.is_upgrade = command.is_upgrade;
    options.clock = now().map(|now| Arc::new(Time::from_unix(now, 0)) as _);
    options.random = command.seed.map(|seed| Arc::new(Seed(seed)) as _);
    Ok(options)
}

/// Reads the files that settings name.
fn files_of(settings: &[String]) -> Result<SetFiles, Failure> {
    let (files, missing) = (RefCell::new(SetFiles::new()), RefCell::new(None));
    let note = |path: &str| match read(Path::new(path)) {
        Ok(bytes) => {
            let bytes: FileBytes = bytes.into();
            files.borrow_mut().insert(path.into(), bytes.clone());
            Ok(bytes)
        }
        Err(failure) => {
            missing.borrow_mut().get_or_insert(failure);
            Err(String::new())
        }
    };
    for setting in settings {
        // What else is wrong is said when the values are merged.
        _ = set_values(&Map::new(), SetKind::File(&note), setting);
    }
    missing.into_inner().map_or_else(|| Ok(files.into_inner()), Err)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path)
        .map_err(|error| Failure::message("cli/read", format!("`{}`: {error}", path.display())))
}
