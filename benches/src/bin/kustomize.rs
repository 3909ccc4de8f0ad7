//! Builds beside the real kustomize, in one run, on the same files, both in one process each.
//!
//!     cargo run --release --manifest-path benches/Cargo.toml --bin kustomize [CASE…]
//!
//! The Go side is `benches/go/krusty` (built with `go build`); without Go only our own times are printed.

use serde_json::Value as Json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use trueup_benches::{best, go_program, inputs};
use trueup_host::{ReadOptions, read_directory};
use trueup_kustomize::{Options, Renderer};

type Input = fn(&Path) -> std::io::Result<Vec<String>>;

const CASES: &[(&str, Input)] = &[
    ("90 overlays of 30 services", |root| inputs::overlays(root, 30)),
    ("900 overlays of 300 services", |root| inputs::overlays(root, 300)),
    ("400 resources in one", |root| inputs::large(root, 400)),
    ("4,000 resources in one", |root| inputs::large(root, 4_000)),
    ("200 replacements over 1,000", |root| inputs::replacements(root, 1_000, 200)),
];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let go = go_program(Path::new("krusty"));
    println!("{:32} {:>12} {:>12} {:>8}", "", "trueup", "kustomize", "ratio");
    for (name, input) in CASES {
        if !wanted.is_empty() && !wanted.iter().any(|part| name.contains(part.as_str())) {
            continue;
        }
        let root = tempfile::tempdir()?;
        let directories = input(root.path())?;
        let tree = read_directory(root.path(), &ReadOptions::default())?;
        // A new renderer every round: parsing counts.
        let (ours, bytes) = best(5, || -> Result<usize, trueup_kustomize::Error> {
            let renderer = Renderer::new(tree.clone(), Options::default());
            directories.iter().map(|directory| Ok(renderer.build(directory)?.to_yaml()?.len())).sum()
        });
        let bytes = bytes?;
        match go.as_deref().and_then(|go| reference(go, root.path(), &directories)) {
            Some((seconds, reference_bytes)) => {
                assert_eq!(bytes, reference_bytes, "{name}: the outputs differ");
                let ratio = seconds / ours.as_secs_f64();
                println!("{name:32} {:>9.2} ms {:>9.1} ms {ratio:>7.0}x", ours.as_secs_f64() * 1e3, seconds * 1e3);
            }
            None => println!("{name:32} {:>9.2} ms {:>12} {:>8}", ours.as_secs_f64() * 1e3, "-", "-"),
        }
    }
    Ok(())
}

fn reference(program: &Path, root: &Path, directories: &[String]) -> Option<(f64, usize)> {
    let mut child =
        Command::new(program).current_dir(root).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().ok()?;
    child.stdin.take()?.write_all(directories.join("\n").as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let answer: Json = serde_json::from_slice(&output.stdout).ok()?;
    Some((answer["seconds"].as_f64()?, usize::try_from(answer["bytes"].as_u64()?).ok()?))
}
