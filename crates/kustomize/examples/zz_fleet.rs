#![allow(warnings, clippy::all, clippy::disallowed_methods)]
use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;
use trueup_kustomize::*;
use trueup_manifest::{Entry, FileTree};
fn read(directory: &Path, prefix: &str, into: &mut BTreeMap<String, Entry>) {
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if prefix.is_empty() { name } else { format!("{prefix}/{name}") };
        if entry.path().is_dir() {
            read(&entry.path(), &path, into);
        } else {
            into.insert(path, Entry::File(std::fs::read(entry.path()).unwrap().into()));
        }
    }
}
fn main() {
    let root = std::env::args().nth(1).unwrap();
    let filter = std::env::args().nth(2).unwrap_or_default();
    let mut m = BTreeMap::new();
    read(Path::new(&root), "", &mut m);
    let dirs: Vec<String> = m
        .keys()
        .filter_map(|p| p.strip_suffix("/kustomization.yaml"))
        .filter(|d| d.contains(&filter))
        .map(String::from)
        .collect();
    let tree = FileTree::from_entries(m).unwrap();
    for round in 0..5 {
        let t = Instant::now();
        let r = Renderer::new(tree.clone(), Options::default());
        let (mut bytes, mut errs, mut n) = (0, 0, 0);
        let mut build = std::time::Duration::ZERO;
        let mut emit = std::time::Duration::ZERO;
        for d in &dirs {
            let t = Instant::now();
            let b = r.build(d);
            build += t.elapsed();
            let t = Instant::now();
            match b.and_then(|m| {
                n += m.len();
                m.to_yaml()
            }) {
                Ok(y) => bytes += y.len(),
                Err(_) => errs += 1,
            }
            emit += t.elapsed();
        }
        let cold = t.elapsed();
        let t = Instant::now();
        for d in &dirs {
            let _ = r.build(d);
        }
        println!(
            "{} dirs {n} resources {bytes} bytes {errs} errors: first {cold:?} (build {build:?} emit {emit:?}), again(build only) {:?}",
            dirs.len(),
            t.elapsed()
        );
    }
}
