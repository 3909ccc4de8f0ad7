//! What the benches share: time, memory, and inputs that are the same every time.

pub mod corpus;
pub mod definitions;
pub mod inputs;
pub mod measure;

pub use measure::{best, cpu_time, peak_memory, reset_peak_memory};

use std::path::{Path, PathBuf};
use std::process::Command;

/// Builds a program of `go/`, if there is a Go toolchain.
pub fn go_program(name: &str) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (source, program) = (here.join("go").join(name), here.join("target").join(name));
    let built = Command::new("go").args(["build", "-o"]).arg(&program).arg(".").current_dir(source).status();
    built.is_ok_and(|status| status.success()).then_some(program)
}
