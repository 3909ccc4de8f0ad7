//! What the benches share: timing, and inputs that are the same every time.

pub mod corpus;
pub mod inputs;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Runs something `rounds` times and returns the shortest time with what it gave last.
///
/// # Panics
/// If `rounds` is 0.
pub fn best<T>(rounds: usize, mut run: impl FnMut() -> T) -> (Duration, T) {
    let mut best = Duration::MAX;
    let mut last = None;
    for _ in 0..rounds {
        let start = Instant::now();
        let result = run();
        best = best.min(start.elapsed());
        last = Some(result);
    }
    (best, last.expect("at least one round"))
}

/// Builds a program of `go/`, if there is a Go toolchain.
pub fn go_program(name: &Path) -> Option<PathBuf> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (source, program) = (here.join("go").join(name), here.join("target").join(name));
    let built = Command::new("go").args(["build", "-o"]).arg(&program).arg(".").current_dir(source).status();
    built.is_ok_and(|status| status.success()).then_some(program)
}
