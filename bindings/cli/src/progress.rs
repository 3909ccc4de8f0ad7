//! How far a long command is, in one line of the standard error stream.

use anstream::stderr;
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use trueup::Progress;

/// How long a command may take before it tells how far it is.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often the line is written anew.
const PACE: Duration = Duration::from_millis(100);

/// A line that is written over while a command runs, and gone afterwards. It is only written to a terminal.
pub(crate) struct ProgressLine(Arc<Mutex<State>>);

struct State {
    started: Instant,
    written: Option<Instant>,
    done: usize,
}

impl ProgressLine {
    pub(crate) fn new() -> Self {
        Self(Arc::new(Mutex::new(State { started: Instant::now(), written: None, done: 0 })))
    }

    /// What the engine tells its progress to; nothing if nobody would see it.
    pub(crate) fn listener(&self) -> Option<Progress> {
        let shared = Arc::clone(&self.0);
        stderr().is_terminal().then(|| Progress::new(move |done, all| tell(&shared, done, all)))
    }

    /// Wipes the line out.
    pub(crate) fn finish(&self) {
        let written = self.0.lock().ok().and_then(|mut state| state.written.take());
        if written.is_some() {
            write_over("");
        }
    }
}

fn tell(shared: &Mutex<State>, done: usize, all: usize) {
    let Ok(mut state) = shared.lock() else { return };
    // Threads may report out of order.
    state.done = state.done.max(done);
    let due = state.written.map_or(state.started + PATIENCE, |written| written + PACE);
    let now = Instant::now();
    if now >= due {
        state.written = Some(now);
        write_over(&format!("{} of {all} Applications", state.done));
    }
}

fn write_over(text: &str) {
    let mut out = stderr().lock();
    // Nothing depends on it, and nobody can be told that nobody can be told.
    let _ = write!(out, "\r\x1b[2K{text}");
    let _ = out.flush();
}
