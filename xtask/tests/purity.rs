//! What is absent: no crate under `crates/` depends on anything that does I/O, reads a clock or gathers randomness.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, reason = "a test may")]

use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

/// Packages that touch the machine, by name.
const IMPURE: &[&str] = &[
    "async-std",
    "curl",
    "dirs",
    "fs-err",
    "getrandom",
    "git2",
    "gix",
    "glob",
    "home",
    "hyper",
    "ignore",
    "isahc",
    "memmap2",
    "mio",
    "native-tls",
    "nix",
    "notify",
    "openssl",
    "polling",
    "reqwest",
    "rustix",
    "rustls",
    "smol",
    "socket2",
    "tempfile",
    "tokio",
    "ureq",
    "walkdir",
    "winapi-util",
];

/// Edges that do not count: (package, what it declares, why the engine stays pure).
const EXCEPTIONS: &[(&str, &str, &str)] = &[(
    "bcrypt",
    "getrandom",
    "declared whether used or not; the salt comes from the evaluation's own random source",
)];

#[test]
fn no_io_crate_is_reachable_from_the_engine() {
    let metadata = metadata();
    let packages: BTreeMap<&str, &Json> = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|package| (package["id"].as_str().unwrap(), package))
        .collect();
    let edges: BTreeMap<&str, Vec<&str>> = metadata["resolve"]["nodes"]
        .as_array()
        .unwrap()
        .iter()
        .map(|node| (node["id"].as_str().unwrap(), normal(node)))
        .collect();
    let engine: Vec<&str> = packages
        .iter()
        .filter(|(_, package)| {
            package["manifest_path"].as_str().unwrap().replace('\\', "/").contains("/crates/")
        })
        .filter(|(_, package)| package["source"].is_null())
        .map(|(id, _)| *id)
        .collect();
    assert!(!engine.is_empty(), "no crate found under crates/");
    for id in engine {
        let name = packages[id]["name"].as_str().unwrap();
        for dependency in reachable(id, &edges) {
            let dependency = packages[dependency]["name"].as_str().unwrap();
            assert!(!IMPURE.contains(&dependency), "{name} reaches {dependency}");
        }
    }
}

fn metadata() -> Json {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--offline",
            "--filter-platform",
            "x86_64-unknown-linux-gnu",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo metadata runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The packages that a node needs to be built and run: neither tests nor build scripts.
fn normal(node: &Json) -> Vec<&str> {
    let is_normal = |dependency: &&Json| {
        dependency["dep_kinds"].as_array().unwrap().iter().any(|kind| kind["kind"].is_null())
    };
    node["deps"]
        .as_array()
        .unwrap()
        .iter()
        .filter(is_normal)
        .map(|dependency| dependency["pkg"].as_str().unwrap())
        .collect()
}

/// True for an edge that does not count.
fn excepted(from: &str, to: &str) -> bool {
    let name =
        |id: &str| id.rsplit(['#', '/']).next().and_then(|end| end.split('@').next()).map(str::to_owned);
    EXCEPTIONS
        .iter()
        .any(|(by, package, _)| name(from).as_deref() == Some(*by) && name(to).as_deref() == Some(*package))
}

fn reachable<'a>(from: &'a str, edges: &BTreeMap<&'a str, Vec<&'a str>>) -> BTreeSet<&'a str> {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(id) = pending.pop() {
        if seen.insert(id) {
            pending.extend(edges.get(id).into_iter().flatten().filter(|to| !excepted(id, to)));
        }
    }
    seen
}
