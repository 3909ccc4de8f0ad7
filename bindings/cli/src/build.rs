//! `trueup build`: what `kustomize build` prints.

use crate::arguments::{Build, Format, LoadRestrictor, Reorder};
use crate::output::{Console, Failure, Finding, absolute};
use std::path::{Component, Path};
use std::sync::Arc;
use trueup::kustomize::{LoadRestrictions, Manifests, Options};
use trueup::manifest::Value;
use trueup::manifest::json;
use trueup::source::Charts;
use trueup_host::{ReadOptions, open_directory};

pub(crate) fn run(command: &Build, console: &mut Console<'_>) -> Result<Finding, Failure> {
    let directory = absolute(&command.directory)?;
    // As kustomize does, a build may refer to anything above its directory; only what it refers to is read.
    let (root, inside) = split_root(&directory);
    let tree = open_directory(root, &ReadOptions::default());
    let manifests = trueup::kustomize::build(&tree, &inside, &options(command))
        .map_err(|error| Failure::diagnostics(error.diagnostics(), tree.clone()))?;
    console.diagnostics(manifests.warnings().iter(), &tree);
    let text = match command.format {
        Format::Yaml => {
            manifests.to_yaml().map_err(|error| Failure::diagnostics(error.diagnostics(), tree.clone()))?
        }
        Format::Json => to_json(&manifests)?,
    };
    match &command.output {
        Some(file) => {
            std::fs::write(file, &text).map_err(|error| Failure::message("cli/write", error.to_string()))?
        }
        None => console.print(&text)?,
    }
    Ok(Finding::Nothing)
}

fn options(command: &Build) -> Options {
    enable_helm(Options::default(), command.enable_helm)
        .with_load_restrictions(match command.load_restrictor {
            LoadRestrictor::RootOnly => LoadRestrictions::RootOnly,
            LoadRestrictor::None => LoadRestrictions::None,
        })
        .with_reorder(match command.reorder {
            Reorder::Legacy => trueup::kustomize::Reorder::Legacy,
            Reorder::None => trueup::kustomize::Reorder::None,
            Reorder::Unspecified => trueup::kustomize::Reorder::Unspecified,
        })
        .with_managed_by_label(command.enable_managedby_label)
        .with_plugins(command.enable_alpha_plugins)
}

/// Options that render charts, if they shall.
pub(crate) fn enable_helm(options: Options, enabled: bool) -> Options {
    if enabled { options.with_charts(Arc::new(Charts::default())) } else { options }
}

/// The file system's root (or drive), and the directory seen from there.
pub(crate) fn split_root(directory: &Path) -> (std::path::PathBuf, String) {
    let is_root = |part: &Component<'_>| matches!(part, Component::Prefix(_) | Component::RootDir);
    let root = directory.components().take_while(is_root).collect();
    let inside: Vec<_> =
        directory.components().skip_while(is_root).map(|part| part.as_os_str().to_string_lossy()).collect();
    (root, inside.join("/"))
}

fn to_json(manifests: &Manifests) -> Result<String, Failure> {
    let list: Value = manifests.iter().map(|manifest| manifest.value().clone()).collect();
    json::to_string_with(&list, &crate::output::json_style())
        .map(|text| text + "\n")
        .map_err(|error| Failure::message("cli/json", error.to_string()))
}
