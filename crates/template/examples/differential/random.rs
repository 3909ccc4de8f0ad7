//! Choices at random, the same for the same seed.

use trueup_template::{Random, Seed};

/// A stream of choices.
pub(crate) struct Choices {
    next: Box<dyn FnMut() -> u64>,
}

impl Choices {
    pub(crate) fn new(seed: u64) -> Self {
        // The stream borrows its source; a leak of eight bytes a case does not matter to a tool.
        let source: &'static Seed = Box::leak(Box::new(Seed(seed)));
        Self { next: source.stream() }
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from((self.next)()) * bound as u128) >> 64) as usize
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'s, T>(&mut self, items: &'s [T]) -> &'s T {
        let at = self.below(items.len());
        items.get(at).or(items.first()).unwrap_or_else(|| std::process::abort())
    }

    /// Picks a text.
    pub(crate) fn text(&mut self, items: &[&'static str]) -> &'static str {
        self.pick::<&'static str>(items)
    }

    /// Joins between `least` and `most` texts.
    pub(crate) fn joined(
        &mut self,
        least: usize,
        most: usize,
        mut part: impl FnMut(&mut Self) -> String,
    ) -> String {
        let count = least + self.below(most - least + 1);
        (0..count).map(|_| part(self)).collect()
    }
}
