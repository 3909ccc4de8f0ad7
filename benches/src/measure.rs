//! Time and memory of this process, as Linux counts them.

use std::fs;
use std::time::{Duration, Instant};

/// What a run took.
#[derive(Clone, Copy, Debug)]
pub struct Took {
    /// By the clock on the wall.
    pub wall: Duration,
    /// On processors, which other programs do not disturb as much.
    pub cpu: Duration,
}

/// Runs something again and again, for at least a second and three times, and returns the shortest times with what it gave last.
pub fn best<T>(mut run: impl FnMut() -> T) -> (Took, T) {
    /// Runs of tiny things pay for what is made once in the first of them.
    const ENOUGH: (Duration, usize) = (Duration::from_secs(1), 3);
    let mut best = Took { wall: Duration::MAX, cpu: Duration::MAX };
    let begin = Instant::now();
    let mut rounds = 0;
    loop {
        let (start, cpu) = (Instant::now(), cpu_time());
        let result = run();
        best.wall = best.wall.min(start.elapsed());
        best.cpu = best.cpu.min(cpu_time().saturating_sub(cpu));
        rounds += 1;
        if begin.elapsed() >= ENOUGH.0 && rounds >= ENOUGH.1 {
            return (best, result);
        }
    }
}

/// Returns the time that this thread has spent on processors.
pub fn cpu_time() -> Duration {
    cpu_time::ThreadTime::now().as_duration()
}

/// Returns the time that children that have ended spent on processors, in steps of 10 ms.
pub fn cpu_time_of_children() -> Duration {
    let text = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = text.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: u64 = fields.skip(13).take(2).filter_map(|ticks| ticks.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}

/// Returns the largest amount of memory that this process has held at once, in bytes; 0 where the system does not tell.
pub fn peak_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() * 1024
}

/// Makes [`peak_memory`] begin anew from what is held now.
pub fn reset_peak_memory() {
    // Where this is not allowed the peak is that of the whole process: more than it should be, never less.
    let _ = fs::write("/proc/self/clear_refs", "5");
}
