//! What the benches share: timing, and inputs that are the same every time.

pub mod corpus;
pub mod inputs;

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
