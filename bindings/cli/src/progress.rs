//! How far a long command is, in one line of the standard error stream.

use std::io::{Write, stderr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use trueup::api::Listener;

/// How long a command may take before it tells how far it is.
const PATIENCE: Duration = Duration::from_millis(400);
/// How often the line is written anew.
const PACE: Duration = Duration::from_millis(100);

/// A line that is written over while a command runs, and gone afterwards. It is only written to a terminal.
pub(crate) struct ProgressLine {
    state: Arc<Mutex<State>>,
    is_seen: bool,
}

struct State {
    started: Instant,
    written: Option<Instant>,
    done: usize,
}

impl ProgressLine {
    /// Returns a line that is written only if somebody sees it.
    pub(crate) fn new(is_seen: bool) -> Self {
        let state = State { started: Instant::now(), written: None, done: 0 };
        Self { state: Arc::new(Mutex::new(state)), is_seen }
    }

    /// What the engine tells its progress to; nothing if nobody would see it.
    pub(crate) fn listener(&self) -> Option<Listener> {
        let shared = Arc::clone(&self.state);
        self.is_seen.then(|| -> Listener { Arc::new(move |_, done, all, _| tell(&shared, done, all)) })
    }

    /// Wipes the line out.
    pub(crate) fn finish(&self) {
        let written = self.state.lock().ok().and_then(|mut state| state.written.take());
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
