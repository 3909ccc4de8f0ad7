//! `cargo xtask test`: everything that must hold, in the order in which it fails fastest.

use std::path::Path;
use std::process::Command;

pub(crate) fn run(root: &Path) -> Result<(), String> {
    let cargo = |arguments: &str| step(root, "cargo", arguments);
    cargo("fmt --all --check")?;
    cargo("clippy --workspace --all-targets --all-features -- -D warnings")?;
    cargo("test --workspace --all-features")?;
    documentation(root)?;
    dependencies(root)?;
    web_assembly(root)?;
    cargo("xtask conformance --check")?;
    crate::python::run(root)?;
    crate::node::run(root)?;
    println!("everything holds");
    Ok(())
}

/// What is depended on, where the tool that knows is installed.
fn dependencies(root: &Path) -> Result<(), String> {
    let installed = Command::new("cargo").args(["deny", "--version"]).current_dir(root).output();
    match installed.is_ok_and(|output| output.status.success()) {
        true => step(root, "cargo", "deny --offline check bans licenses sources"),
        false => skipped("cargo deny"),
    }
}

/// The engine where there is no operating system at all, if Rust's library for it is installed.
fn web_assembly(root: &Path) -> Result<(), String> {
    let target = "wasm32-unknown-unknown";
    let installed = Command::new("rustc")
        .args(["--print", "target-libdir", "--target", target])
        .current_dir(root)
        .output();
    let directory = installed.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    match directory.is_ok_and(|directory| Path::new(&directory).is_dir()) {
        true => step(root, "cargo", &format!("check --package trueup --target {target}")),
        false => skipped(target),
    }
}

fn skipped(what: &str) -> Result<(), String> {
    println!("\nskipped: {what} is not installed");
    Ok(())
}

fn documentation(root: &Path) -> Result<(), String> {
    let arguments = "doc --workspace --no-deps --all-features";
    say("cargo", arguments);
    let status = Command::new("cargo")
        .args(arguments.split(' '))
        .env("RUSTDOCFLAGS", "-D warnings")
        .current_dir(root)
        .status();
    finished("cargo doc", status)
}

fn step(root: &Path, program: &str, arguments: &str) -> Result<(), String> {
    say(program, arguments);
    finished(program, Command::new(program).args(arguments.split(' ')).current_dir(root).status())
}

pub(crate) fn say(program: &str, arguments: &str) {
    println!("\n$ {program} {arguments}");
}

pub(crate) fn finished(what: &str, status: std::io::Result<std::process::ExitStatus>) -> Result<(), String> {
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what} failed: {status}")),
        Err(error) => Err(format!("cannot run {what}: {error}")),
    }
}
