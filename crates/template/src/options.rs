//! What a render is given besides its data: options, limits, the clock, the random source.

use crate::error::{Error, ErrorKind};
use crate::go::time::Time;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::Cancel;

/// What field access does when a map has no such key.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// Prints `<no value>` (`missingkey=default`, `missingkey=invalid`).
    #[default]
    Invalid,
    /// Gives the zero value of the map's element type (`missingkey=zero`).
    Zero,
    /// Fails (`missingkey=error`).
    Error,
}

/// The limits of parsing and rendering. They are counted, never timed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many steps a render may take: nodes, calls, turns of a loop, items that functions make.
    pub steps: u64,
    /// How many bytes a render may write.
    pub output: usize,
    /// How many bytes the results of functions may add up to in one render.
    pub memory: usize,
    /// How deep blocks and parentheses may nest in a text.
    pub nesting: usize,
    /// How deep execution may nest: templates, blocks and parentheses together.
    pub depth: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps: 20_000_000, output: 64 << 20, memory: 256 << 20, nesting: 100, depth: 200 }
    }
}

/// The clock of a render.
pub trait Clock: Send + Sync {
    /// Returns the time now.
    fn now(&self) -> Time;
}

impl Clock for Time {
    /// Returns this instant, always.
    fn now(&self) -> Time {
        self.clone()
    }
}

/// The random source of a render.
///
/// A render asks for bytes in a fixed order, so one seed gives one output.
pub trait Random: Send + Sync {
    /// Returns a generator for one render.
    fn stream(&self) -> Box<dyn FnMut() -> u64 + '_>;
}

/// A random source that gives the same numbers for the same seed (SplitMix64). Not for secrets.
#[derive(Clone, Copy, Debug)]
pub struct Seed(pub u64);

impl Random for Seed {
    fn stream(&self) -> Box<dyn FnMut() -> u64 + '_> {
        let mut state = self.0;
        Box::new(move || {
            state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            z ^ (z >> 31)
        })
    }
}

/// How a template is rendered.
///
/// Without a clock or a random source, the functions that need them fail by name.
#[derive(Clone, Default)]
pub struct Options {
    /// What field access does when a map has no such key.
    pub missing_key: MissingKey,
    /// The limits.
    pub limits: Limits,
    /// What `now` is.
    pub clock: Option<Arc<dyn Clock>>,
    /// Where random bytes come from.
    pub random: Option<Arc<dyn Random>>,
    /// Stops the render.
    pub cancel: Cancel,
}

impl Options {
    /// Applies option strings such as `missingkey=error` in order; the last wins.
    ///
    /// # Errors
    /// [`ErrorKind::Option`] for a string that Go would panic over.
    pub fn apply(mut self, options: &[impl AsRef<str>]) -> Result<Self, Error> {
        for option in options {
            let option = option.as_ref();
            self.missing_key = match option {
                "missingkey=default" | "missingkey=invalid" => MissingKey::Invalid,
                "missingkey=zero" => MissingKey::Zero,
                "missingkey=error" => MissingKey::Error,
                _ => {
                    let message = match option {
                        "" => "empty option string".to_owned(),
                        _ => format!("unrecognized option: {option}"),
                    };
                    return Err(Error::new(ErrorKind::Option, message.clone(), message));
                }
            };
        }
        Ok(self)
    }

    /// Sets the time that `now` gives.
    #[must_use]
    pub fn at(mut self, now: Time) -> Self {
        self.clock = Some(Arc::new(now));
        self
    }

    /// Sets the seed of the random functions.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.random = Some(Arc::new(Seed(seed)));
        self
    }

    /// Sets the limits.
    #[must_use]
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("missing_key", &self.missing_key)
            .field("limits", &self.limits)
            .field("clock", &self.clock.is_some())
            .field("random", &self.random.is_some())
            .finish()
    }
}
