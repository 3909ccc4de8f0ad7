//! What calls cost in Rust: the yardstick of `bindings/python/benches/overhead.py` and
//! `bindings/node/bench.mjs`. Prints nanoseconds a call, as JSON.
//!
//!     cargo run --release -p trueup --example calls -- examples/platform-configs
#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a bench reads files, looks at the clock and prints"
)]

use std::fs;
use std::path::Path;
use std::time::Instant;
use trueup::api::{Context, Data, Tree, call};
use trueup::manifest::{EcoString, FileTree, Map, Value};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let root = std::env::args().nth(1).ok_or("which directory?")?;
    let mut files = Vec::new();
    read(Path::new(&root), "", &mut files)?;
    let tree = FileTree::from_files(files)?;
    let small = Value::from(Map::from_iter([("a", Value::from(1)), ("b", Value::from("x"))]));
    let text = Data::Value(Map::from_iter([("text", "a: 1\nb: x\n")]).into());
    let patch: Vec<(EcoString, Data)> = vec![
        ("document".into(), Data::Value(small.clone())),
        ("patch".into(), Data::Value(Map::from_iter([("b", "y")]).into())),
    ];
    let fresh = || Data::Map(vec![("tree".into(), Data::Tree(Tree::new(tree.clone())))]);
    println!(
        "{{\"render\": {}, \"preview\": {}, \"parse\": {}, \"patch\": {}}}",
        best(40, || render(fresh()).is_some_and(|length| length > 0)),
        best(40, || call("preview", fresh(), &Context::default()).is_ok()),
        best(20_000, || call("yaml.parse", text.clone(), &Context::default()).is_ok()),
        best(20_000, || call("patch.merge_apply", Data::map(patch.clone()), &Context::default()).is_ok()),
    );
    Ok(())
}

/// Builds every directory; returns how long all that they print is.
fn render(request: Data) -> Option<usize> {
    let Data::Map(built) = call("kustomize.build_all", request, &Context::default()).ok()? else {
        return None;
    };
    let Data::Map(directories) = &built.iter().find(|(key, _)| key == "manifests")?.1 else { return None };
    let lengths = directories.iter().map(|(_, manifests)| match manifests {
        Data::Manifests(manifests) => manifests.to_yaml().ok().map(|text| text.len()),
        _ => None,
    });
    lengths.sum()
}

/// The shortest of several runs.
fn best(times: usize, work: impl Fn() -> bool) -> u128 {
    let once = || {
        let begun = Instant::now();
        assert!(work(), "a call failed");
        begun.elapsed().as_nanos()
    };
    (0..times).map(|_| once()).min().unwrap_or_default()
}

fn read(directory: &Path, prefix: &str, files: &mut Vec<(String, Vec<u8>)>) -> std::io::Result<()> {
    for entry in fs::read_dir(directory)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        match entry.file_type()?.is_dir() {
            true => read(&entry.path(), &format!("{path}/"), files)?,
            false => files.push((path, fs::read(entry.path())?)),
        }
    }
    Ok(())
}
