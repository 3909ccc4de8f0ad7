//! Counts steps in tests, so that work that grew quadratic shows without a clock.

#[cfg(test)]
thread_local! {
    static TAKEN: std::cell::Cell<u64> = const { std::cell::Cell::new(0) };
}

/// Counts one step of a walk or a scan; nothing outside of tests.
#[inline]
pub(crate) fn count() {
    #[cfg(test)]
    TAKEN.with(|taken| taken.set(taken.get() + 1));
}

/// Returns how many steps something takes, and what it gives.
#[cfg(test)]
pub(crate) fn taken<T>(run: impl FnOnce() -> T) -> (u64, T) {
    let before = TAKEN.with(std::cell::Cell::get);
    let result = run();
    (TAKEN.with(std::cell::Cell::get) - before, result)
}
