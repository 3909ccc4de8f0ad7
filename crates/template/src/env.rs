//! What functions see of a render: limits, clock, random source, and memories of this render.

use crate::function::{Fault, Outcome};
use crate::go::regex::Regex;
use crate::go::time::Time;
use crate::options::{Limits, Options};
use crate::value::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// How many patterns a set of templates remembers.
const MAX_PATTERNS: usize = 64;

/// Compiled patterns, shared by the renders of a set of templates.
#[derive(Default)]
pub(crate) struct Patterns(RwLock<BTreeMap<Vec<u8>, Arc<Regex>>>);

impl std::fmt::Debug for Patterns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Patterns")
    }
}

impl Patterns {
    fn get(&self, pattern: &[u8]) -> Result<Arc<Regex>, String> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner).get(pattern).cloned();
        if let Some(regex) = known {
            return Ok(regex);
        }
        let regex = Arc::new(Regex::new(pattern)?);
        let mut patterns = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if patterns.len() >= MAX_PATTERNS {
            patterns.clear();
        }
        patterns.insert(pattern.to_vec(), regex.clone());
        Ok(regex)
    }
}

/// The state of one render that functions share.
pub(crate) struct Env<'o> {
    pub(crate) limits: Limits,
    options: &'o Options,
    patterns: &'o Patterns,
    random: Option<Box<dyn FnMut() -> u64 + 'o>>,
    steps: u64,
    memory: usize,
    /// Maps that were changed; a cycle among them would never be freed.
    touched: Vec<Map>,
}

impl<'o> Env<'o> {
    pub(crate) fn new(options: &'o Options, patterns: &'o Patterns) -> Self {
        Self {
            limits: options.limits,
            options,
            patterns,
            random: None,
            steps: 0,
            memory: 0,
            touched: Vec::new(),
        }
    }

    /// Counts steps.
    pub(crate) fn spend(&mut self, steps: u64) -> Outcome<()> {
        self.steps = self.steps.saturating_add(steps);
        if self.options.cancel.advance(usize::try_from(steps).unwrap_or(usize::MAX)).is_err() {
            return Err(Fault::Cancelled);
        }
        if self.steps > self.limits.steps {
            return Err(Fault::Limit(format!("more than {} steps", self.limits.steps)));
        }
        Ok(())
    }

    /// Returns how many steps are left.
    pub(crate) fn steps_left(&self) -> u64 {
        self.limits.steps.saturating_sub(self.steps)
    }

    /// Counts bytes that a function is about to make.
    pub(crate) fn allocate(&mut self, bytes: usize) -> Outcome<()> {
        self.memory = self.memory.saturating_add(bytes);
        if self.memory > self.limits.memory {
            return Err(Fault::Limit(format!("functions made more than {} bytes", self.limits.memory)));
        }
        Ok(())
    }

    /// Counts items that a function is about to make.
    pub(crate) fn items(&mut self, count: usize) -> Outcome<()> {
        self.spend(count as u64)?;
        self.allocate(count.saturating_mul(size_of::<Value>()))
    }

    /// Returns how many bytes functions may still make.
    pub(crate) fn room(&self) -> usize {
        self.limits.memory - self.memory.min(self.limits.memory)
    }

    /// Returns a compiled pattern; the error is Go's text.
    pub(crate) fn regex(&self, pattern: &[u8]) -> Result<Arc<Regex>, String> {
        self.patterns.get(pattern)
    }

    /// Returns the time now.
    pub(crate) fn now(&self) -> Outcome<Time> {
        match &self.options.clock {
            Some(clock) => Ok(clock.now()),
            None => Err(Fault::Unsupported("no clock was given to this render".to_owned())),
        }
    }

    /// Returns 64 random bits.
    pub(crate) fn random(&mut self) -> Outcome<u64> {
        if self.random.is_none() {
            self.random = self.options.random.as_deref().map(|random| random.stream());
        }
        match &mut self.random {
            Some(next) => Ok(next()),
            None => Err(Fault::Unsupported("random functions are not available".to_owned())),
        }
    }

    /// Returns a random number below `bound`.
    pub(crate) fn random_below(&mut self, bound: u64) -> Outcome<u64> {
        let wide = u128::from(self.random()?) * u128::from(bound);
        Ok((wide >> 64) as u64)
    }

    /// Returns random bytes.
    pub(crate) fn random_bytes(&mut self, count: usize) -> Outcome<Vec<u8>> {
        self.allocate(count)?;
        let mut bytes = Vec::with_capacity(count);
        while bytes.len() < count {
            let next = self.random()?.to_le_bytes();
            bytes.extend(next.iter().take(count - bytes.len()));
        }
        Ok(bytes)
    }

    /// Remembers a map that a function changed.
    pub(crate) fn touch(&mut self, map: &Map) {
        if !self.touched.iter().rev().take(4).any(|known| known.same(map)) {
            self.touched.push(map.clone());
        }
    }
}

impl Drop for Env<'_> {
    /// Breaks the cycles that templates made; the maps are this render's own copies.
    fn drop(&mut self) {
        self.touched.iter().for_each(Map::clear);
    }
}
