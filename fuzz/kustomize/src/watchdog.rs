//! Ends the run when a build of ours does not end, and says which: a thread that hangs would look like one that works.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// How long one build of ours may take; all that are known take milliseconds.
const LIMIT: Duration = Duration::from_secs(60);

/// The builds that run, by the directory of their case.
#[derive(Clone, Default)]
pub(crate) struct Watchdog(Arc<Mutex<BTreeMap<PathBuf, Instant>>>);

impl Watchdog {
    /// Starts to watch, as long as the process lives.
    pub(crate) fn start() -> Self {
        let watchdog = Self::default();
        let watched = watchdog.clone();
        std::thread::spawn(move || {
            loop {
                std::thread::sleep(LIMIT / 12);
                if let Some(case) = watched.overdue(LIMIT) {
                    give_up(&case);
                }
            }
        });
        watchdog
    }

    /// Does a piece of work that should end.
    pub(crate) fn watch<T>(&self, case: &Path, work: impl FnOnce() -> T) -> T {
        self.set(case, Some(Instant::now()));
        let done = work();
        self.set(case, None);
        done
    }

    fn set(&self, case: &Path, since: Option<Instant>) {
        let Ok(mut running) = self.0.lock() else { return };
        match since {
            Some(since) => running.insert(case.to_owned(), since),
            None => running.remove(case),
        };
    }

    fn overdue(&self, limit: Duration) -> Option<PathBuf> {
        let running = self.0.lock().ok()?;
        running.iter().find(|(_, since)| since.elapsed() > limit).map(|(case, _)| case.clone())
    }
}

#[expect(
    clippy::print_stderr,
    clippy::exit,
    reason = "the process ends here, whatever the run would have said"
)]
fn give_up(case: &Path) -> ! {
    let place = case.display();
    eprintln!("a build of ours does not end: `{place}` has its files, and `seed` beside it the number");
    std::process::exit(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_is_overdue() {
        let (watchdog, case) = (Watchdog::default(), Path::new("job0/case"));
        let found = watchdog.watch(case, || watchdog.overdue(Duration::ZERO));
        assert_eq!(found.as_deref(), Some(case));
        assert_eq!(watchdog.overdue(Duration::ZERO), None);
    }
}
