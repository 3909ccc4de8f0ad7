//! Builds a directory on disk and prints the result, as `kustomize build` does.

#![expect(clippy::disallowed_methods, reason = "an example is a host: it reads arguments and files")]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "an example is a command")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use trueup_kustomize::{LoadRestrictions, Options, Reorder, build};
use trueup_manifest::{Entry, FileTree};

fn main() {
    let mut options = Options::default();
    let mut directory = PathBuf::from(".");
    let mut root = None;
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--reorder" => {
                options = options.with_reorder(match args.next().as_deref() {
                    Some("none") => Reorder::None,
                    Some("legacy") => Reorder::Legacy,
                    _ => Reorder::Unspecified,
                });
            }
            "--load-restrictor" => {
                if args.next().as_deref() == Some("LoadRestrictionsNone") {
                    options = options.with_load_restrictions(LoadRestrictions::None);
                }
            }
            "--enable-managedby-label" => options = options.with_managed_by_label(true),
            "--enable-alpha-plugins" => options = options.with_plugins(true),
            "--root" => root = args.next().map(PathBuf::from),
            "--enable-exec" | "--enable-helm" => {}
            _ => directory = PathBuf::from(arg),
        }
    }
    let directory = std::path::absolute(&directory).unwrap_or(directory);
    // Two levels above is enough for the usual layouts; `--root` says otherwise.
    let root = root.unwrap_or_else(|| directory.ancestors().nth(2).unwrap_or(&directory).to_path_buf());
    let mut entries = BTreeMap::new();
    read(&root, "", &mut entries);
    let tree = FileTree::from_entries(entries);
    let inside = directory.strip_prefix(&root).map(Path::to_string_lossy);
    let (Ok(tree), Ok(inside)) = (tree, inside) else {
        eprintln!("Error: {} cannot be read", directory.display());
        std::process::exit(1);
    };
    match build(&tree, &inside, &options).and_then(|manifests| {
        manifests.warnings().iter().for_each(|warning| eprintln!("{}", warning.message));
        manifests.to_yaml()
    }) {
        Ok(yaml) => print!("{yaml}"),
        Err(error) => {
            eprintln!("Error: {error}");
            std::process::exit(1);
        }
    }
}

fn read(directory: &Path, prefix: &str, into: &mut BTreeMap<String, Entry>) {
    let Ok(entries) = std::fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_symlink() {
            let target =
                std::fs::read_link(entry.path()).map(|target| target.to_string_lossy().as_ref().into());
            into.extend(target.map(|target| (path, Entry::Symlink(target))));
        } else if kind.is_dir() {
            into.insert(path.clone(), Entry::Directory);
            read(&entry.path(), &path, into);
        } else if let Ok(bytes) = std::fs::read(entry.path()) {
            into.insert(path, Entry::File(bytes.into()));
        }
    }
}
