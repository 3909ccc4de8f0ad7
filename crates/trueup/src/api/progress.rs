//! How far a call is.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use trueup_manifest::Cancel;

/// How often a phase reports, at most, besides its end.
const REPORTS_A_PHASE: usize = 100;

/// Who wants to know how far a call is: `(phase, done, total, subject)`.
///
/// It is called from the threads that work, at most about a hundred times a phase, and once at its end.
pub type Listener = Arc<dyn Fn(&str, usize, usize, &str) + Send + Sync>;

/// What a call is given besides its request.
#[derive(Clone, Default)]
pub struct Context {
    /// Stops the call.
    pub cancel: Cancel,
    /// Is told how far it is.
    pub progress: Option<Listener>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let progress = self.progress.is_some();
        f.debug_struct("Context").field("cancel", &self.cancel).field("progress", &progress).finish()
    }
}

/// Counts one phase and reports now and then.
pub(crate) struct Phase<'c> {
    name: &'static str,
    total: usize,
    done: AtomicUsize,
    listener: Option<&'c Listener>,
}

impl Context {
    /// Begins a phase.
    pub(crate) fn phase(&self, name: &'static str, total: usize) -> Phase<'_> {
        Phase { name, total, done: AtomicUsize::new(0), listener: self.progress.as_ref() }
    }
}

impl Phase<'_> {
    /// Counts one more thing that is done.
    pub(crate) fn done(&self, subject: &str) {
        let Some(listener) = self.listener else { return };
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let every = (self.total / REPORTS_A_PHASE).max(1);
        if done.is_multiple_of(every) || done == self.total {
            listener(self.name, done, self.total, subject);
        }
    }
}
