//! `cargo xtask …`: the project's own commands.

#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command line tool prints")]

mod areas;
mod conformance;
mod generate;
mod node;
mod outcome;
mod python;
mod verify;

use std::path::PathBuf;
use std::process::ExitCode;

const USAGE: &str = "\
cargo xtask conformance [DIR] [--area NAME] [--json FILE] [--list-failures N] [--check | --update]
    Runs every case found under DIR (default: ../shared/conformance) and prints passed, failed and skipped per area.
    --check    fails when an area passes fewer cases than conformance.snapshot.json says
    --update   writes the pass counts to conformance.snapshot.json
cargo xtask generate [--check]
    Writes what Python and Node know of the facade, from its own description; with --check complains if it is stale.
cargo xtask python
    Builds the Python package, installs it into an environment of its own, and runs its tests.
cargo xtask test
    Sets up what it needs and runs everything: format, lints, docs, tests, conformance, Python, Node.
";

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let result = match arguments.next().as_deref() {
        Some("conformance") => {
            conformance::Command::parse(arguments).and_then(|command| command.run(&root()))
        }
        Some("generate") => generate::run(&root(), arguments.next().as_deref() == Some("--check")),
        Some("python") => python::run(&root()),
        Some("test") => verify::run(&root()),
        _ => Err(USAGE.to_owned()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// The workspace's root, wherever the command was called from.
fn root() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}
