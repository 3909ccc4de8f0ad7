//! Builds beside the real kustomize, in one run, on the same files: as a library in one process, and as a command.
//!
//!     cargo run --release --manifest-path benches/Cargo.toml --bin kustomize [CASE…]
//!     cargo run --release --manifest-path benches/Cargo.toml --bin kustomize -- --in ROOT DIRECTORY…
//!
//! The Go library's side is `benches/go/krusty` (built with `go build`), the command is `$KUSTOMIZE` or `kustomize`; what is
//! not there is left out. All times are processor times, which other programs disturb the least; those of the garbage collector's
//! threads count.
//!
//! Memory is the largest resident size while everything is built, above what the process had before, and the input; the multiple is
//! that of input and output. The test `memory` tells what of it the builds asked for.

use serde_json::Value as Json;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;
use trueup_benches::measure::cpu_time_of_children;
use trueup_benches::{best, go_program, inputs, peak_memory, reset_peak_memory};
use trueup_kustomize::{Options, Renderer};

type Input = fn(&Path) -> std::io::Result<Vec<String>>;

const CASES: &[(&str, Input)] = &[
    ("a tiny directory", inputs::tiny),
    ("90 overlays of 30 services", |root| inputs::overlays(root, 30)),
    ("900 overlays of 300 services", |root| inputs::overlays(root, 300)),
    ("400 resources in one", |root| inputs::large(root, 400)),
    ("4,000 resources in one", |root| inputs::large(root, 4_000)),
    ("200 replacements over 1,000", |root| inputs::replacements(root, 1_000, 200)),
    ("definitions of 3 MB", |root| inputs::definitions(root, 3_000_000)),
    ("definitions of 30 MB", |root| inputs::definitions(root, 30_000_000)),
];

/// How many directories the command builds; the others are taken to be like them.
const COMMANDS: usize = 30;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [flag, case] = arguments.as_slice()
        && flag == "--case"
    {
        let (name, input) = CASES.iter().find(|(name, _)| *name == case).ok_or("no such case")?;
        let root = tempfile::tempdir()?;
        let directories = input(root.path())?;
        return run(name, root.path(), &directories);
    }
    if let [flag, root, directories @ ..] = arguments.as_slice()
        && flag == "--in"
    {
        return run(&directories.join(" "), Path::new(root), directories);
    }
    println!(
        "{:30} {:>10} {:>11} {:>6} {:>12} {:>7} {:>10} {:>6}",
        "processor time", "trueup", "Go library", "", "Go command", "", "memory", ""
    );
    for (name, _) in CASES {
        if arguments.is_empty() || arguments.iter().any(|part| name.contains(part.as_str())) {
            // A process for each, so that its memory can be told.
            let status = Command::new(std::env::current_exe()?).args(["--case", name]).status()?;
            assert!(status.success(), "{name} failed");
        }
    }
    Ok(())
}

fn run(name: &str, root: &Path, directories: &[String]) -> Result<(), Box<dyn std::error::Error>> {
    let tree = inputs::read_tree(root)?;
    warm_up()?;
    reset_peak_memory();
    let before = peak_memory();
    // A new renderer every round: parsing counts.
    let (ours, bytes) = best(3, || -> Result<usize, trueup_kustomize::Error> {
        let renderer = Renderer::new(tree.clone(), Options::default());
        directories.iter().map(|directory| Ok(renderer.build(directory)?.to_yaml()?.len())).sum()
    });
    let bytes = bytes?;
    let input: usize = tree.files_below("").iter().map(|(_, bytes)| bytes.len()).sum();
    // The input is held all the time.
    let memory = peak_memory().saturating_sub(before) as f64 + input as f64;
    print!("{name:30} {:>7.2} ms", millis(ours.cpu));
    match go_program("krusty").and_then(|go| library(&go, root, directories)) {
        Some((time, reference_bytes)) => {
            assert_eq!(bytes, reference_bytes, "{name}: the outputs differ");
            print!(" {:>8.1} ms {:>5.0}x", millis(time), time.as_secs_f64() / ours.cpu.as_secs_f64());
        }
        None => print!(" {:>11} {:>6}", "-", "-"),
    }
    match command(root, directories) {
        Some(time) => {
            print!(" {:>9.0} ms {:>6.0}x", millis(time), time.as_secs_f64() / ours.cpu.as_secs_f64());
        }
        None => print!(" {:>12} {:>7}", "-", "-"),
    }
    println!(" {:>7.1} MB {:>5.1}x", memory / 1e6, memory / (input + bytes) as f64);
    Ok(())
}

/// Builds something small with a bit of everything, so that the program's own pages are in memory before that is counted.
fn warm_up() -> Result<(), Box<dyn std::error::Error>> {
    let root = tempfile::tempdir()?;
    let directories = inputs::overlays(root.path(), 1)?;
    let renderer = Renderer::new(inputs::read_tree(root.path())?, Options::default());
    for directory in &directories {
        renderer.build(directory)?.to_yaml()?;
    }
    Ok(())
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn library(program: &Path, root: &Path, directories: &[String]) -> Option<(Duration, usize)> {
    // One round of many builds says enough.
    let rounds = if directories.len() > 200 { "1" } else { "3" };
    let mut command = Command::new(program);
    command.args(["-rounds", rounds]).current_dir(root).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.stderr(Stdio::null()).spawn().ok()?;
    child.stdin.take()?.write_all(directories.join("\n").as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let answer: Json = serde_json::from_slice(&output.stdout).ok()?;
    let time = Duration::from_secs_f64(answer["cpu_seconds"].as_f64()?);
    Some((time, usize::try_from(answer["bytes"].as_u64()?).ok()?))
}

/// Returns the processor time that one command for each directory takes.
fn command(root: &Path, directories: &[String]) -> Option<Duration> {
    let program = std::env::var_os("KUSTOMIZE").unwrap_or_else(|| "kustomize".into());
    let start = cpu_time_of_children();
    let sample = directories.len().min(COMMANDS);
    for directory in directories.iter().take(sample) {
        let status = Command::new(&program)
            .arg("build")
            .arg(directory)
            .current_dir(root)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
        if !status.ok()?.success() {
            return None;
        }
    }
    Some((cpu_time_of_children() - start).mul_f64(directories.len() as f64 / sample as f64))
}
