//! Stopping work that is under way.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How many steps pass between two questions to the host.
const STEPS_A_POLL: u64 = 256;

/// A token by which a host stops work that is under way: from another thread, by a budget of steps, or when it is asked.
///
/// Clones share one state. The default never stops anything and costs nothing. Engines count their steps through [`Cancel::step`];
/// what a step is depends on the engine (a resource transformed, a node executed, an object compared), and none takes long.
///
/// ```
/// use trueup_manifest::Cancel;
///
/// let cancel = Cancel::new();
/// assert!(cancel.step().is_ok());
/// cancel.clone().cancel();
/// assert!(cancel.step().is_err());
///
/// let budget = Cancel::with_budget(2);
/// assert!(budget.step().is_ok() && budget.step().is_ok());
/// assert!(budget.step().is_err());
/// ```
#[derive(Clone, Default)]
pub struct Cancel(Option<Arc<State>>);

struct State {
    stopped: AtomicBool,
    steps: AtomicU64,
    budget: u64,
    poll: Option<Poll>,
    parent: Cancel,
}

type Poll = Box<dyn Fn() -> bool + Send + Sync>;

/// Work was stopped by its [`Cancel`] token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the work was cancelled")]
pub struct Cancelled;

impl Cancelled {
    /// The stable code.
    pub const CODE: &'static str = "cancelled";
}

impl Cancel {
    /// Returns a token that stops when [`Cancel::cancel`] is called.
    pub fn new() -> Self {
        Self::of(u64::MAX)
    }

    /// Returns a token that also stops after so many steps, whatever the machine.
    pub fn with_budget(steps: u64) -> Self {
        Self::of(steps)
    }

    /// Returns a token for one call: it stops when this one does, after so many steps of its own, and when the host says so.
    ///
    /// The host is asked on the threads that work, every 256 steps of all of them; the work stops when it answers true.
    #[must_use]
    pub fn child(&self, steps: Option<u64>, poll: impl Fn() -> bool + Send + Sync + 'static) -> Self {
        let poll: Poll = Box::new(poll);
        Self::new_state(steps.unwrap_or(u64::MAX), Some(poll), self.clone())
    }

    fn of(budget: u64) -> Self {
        Self::new_state(budget, None, Self(None))
    }

    fn new_state(budget: u64, poll: Option<Poll>, parent: Self) -> Self {
        let state = State { stopped: AtomicBool::new(false), steps: AtomicU64::new(0), budget, poll, parent };
        Self(Some(Arc::new(state)))
    }

    /// Stops the work at its next step.
    pub fn cancel(&self) {
        if let Some(state) = &self.0 {
            state.stopped.store(true, Ordering::Relaxed);
        }
    }

    /// Returns true once the work is to stop.
    pub fn is_cancelled(&self) -> bool {
        self.0.as_ref().is_some_and(|state| state.is_stopped())
    }

    /// Counts one step.
    ///
    /// # Errors
    /// [`Cancelled`] once the work is to stop.
    #[inline]
    pub fn step(&self) -> Result<(), Cancelled> {
        self.advance(1)
    }

    /// Counts several steps at once.
    ///
    /// # Errors
    /// [`Cancelled`] once the work is to stop.
    #[inline]
    pub fn advance(&self, steps: usize) -> Result<(), Cancelled> {
        match &self.0 {
            None => Ok(()),
            Some(state) => state.advance(steps as u64),
        }
    }

    /// Returns how many steps were counted so far.
    pub fn steps(&self) -> u64 {
        self.0.as_ref().map_or(0, |state| state.steps.load(Ordering::Relaxed))
    }
}

impl State {
    fn advance(&self, steps: u64) -> Result<(), Cancelled> {
        let before = self.steps.fetch_add(steps, Ordering::Relaxed);
        let after = before.saturating_add(steps);
        let asks = before / STEPS_A_POLL != after / STEPS_A_POLL;
        if after > self.budget || (asks && self.poll.as_ref().is_some_and(|poll| poll())) {
            self.stopped.store(true, Ordering::Relaxed);
        }
        if self.is_stopped() { Err(Cancelled) } else { Ok(()) }
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed) || self.parent.is_cancelled()
    }
}

impl fmt::Debug for Cancel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Cancel");
        out.field("can_stop", &self.0.is_some()).field("cancelled", &self.is_cancelled()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_never_stops() {
        let cancel = Cancel::default();
        cancel.cancel();
        assert!(!cancel.is_cancelled() && cancel.step().is_ok());
    }

    #[test]
    fn the_host_is_asked_every_so_often_and_its_answer_stays() {
        let asked = Arc::new(AtomicU64::new(0));
        let own = Arc::clone(&asked);
        let cancel = Cancel::default().child(None, move || own.fetch_add(1, Ordering::Relaxed) == 1);
        let done = (0..10_000).take_while(|_| cancel.step().is_ok()).count();
        assert_eq!((done as u64, asked.load(Ordering::Relaxed)), (2 * STEPS_A_POLL - 1, 2));
        assert!(cancel.is_cancelled() && cancel.step().is_err());
    }

    #[test]
    fn a_child_stops_with_its_parent_and_not_the_other_way() {
        let parent = Cancel::new();
        let (first, second) = (parent.child(Some(1), || false), parent.child(None, || false));
        assert!(first.step().is_ok() && first.step().is_err());
        assert!(!parent.is_cancelled() && second.step().is_ok());
        parent.cancel();
        assert!(second.is_cancelled() && second.step().is_err());
    }

    #[test]
    fn a_budget_of_nothing_allows_nothing() {
        assert_eq!(Cancel::with_budget(0).step(), Err(Cancelled));
    }
}
