//! What a build may come to. What is copied into itself doubles each time, as do directories that name the next one twice, so
//! a few lines can ask for more than any machine holds.

use crate::error::{Error, ErrorKind, Result};
use trueup_manifest::{Value, View};

/// How deep documents may get, and how many steps a path may have that makes fields.
pub(crate) const MAX_DEPTH: usize = 512;

/// How many bases a build may go through, each time they are named; they are accumulated once.
pub(crate) const MAX_BASES: usize = 500_000;

/// How many components a build may go through; they are accumulated each time.
pub(crate) const MAX_COMPONENTS: usize = 20_000;

/// What a node costs beside its text, about.
const NODE: usize = 16;

/// What is left of `Limits::max_copied_bytes`.
#[derive(Debug)]
pub(crate) struct Growth {
    most: usize,
    left: usize,
}

impl Growth {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, left: most }
    }

    /// Counts a value that is put at the end of a path of so many steps.
    pub(crate) fn add(&mut self, value: &Value, steps: usize) -> Result<()> {
        check_depth(steps)?;
        self.count(value, MAX_DEPTH.saturating_sub(steps))
    }

    fn count(&mut self, value: &Value, depth: usize) -> Result<()> {
        let text = value.scalar_text().map_or(0, |text| text.len());
        self.take(NODE.saturating_add(text))?;
        let below = || depth.checked_sub(1).ok_or_else(too_deep);
        match value.view() {
            View::Seq(items) if !items.is_empty() => {
                let below = below()?;
                items.iter().try_for_each(|item| self.count(item, below))
            }
            View::Map(map) if !map.is_empty() => {
                let below = below()?;
                map.iter().try_for_each(|(key, value)| {
                    self.take(key.len())?;
                    self.count(value, below)
                })
            }
            _ => Ok(()),
        }
    }

    /// Counts bytes that are copied.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<()> {
        self.left = self.left.checked_sub(bytes).ok_or_else(|| {
            let message = format!("patches, replacements and vars copy more than {} bytes", self.most);
            Error::new(ErrorKind::Limit, message)
        })?;
        Ok(())
    }
}

pub(crate) fn check_count(count: usize, most: usize, what: &str) -> Result<()> {
    if count <= most {
        return Ok(());
    }
    Err(Error::new(ErrorKind::Limit, format!("{what} of {what} come to more than {most}")))
}

/// Refuses a path of too many steps.
pub(crate) fn check_depth(steps: usize) -> Result<()> {
    if steps > MAX_DEPTH { Err(too_deep()) } else { Ok(()) }
}

fn too_deep() -> Error {
    Error::new(ErrorKind::Limit, format!("nested deeper than {MAX_DEPTH} levels"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_is_copied() {
        let mut growth = Growth::new(100);
        growth.add(&Value::from("x".repeat(50)), 1).unwrap();
        let error = growth.add(&Value::from("x".repeat(50)), 1).unwrap_err();
        assert_eq!(error.message(), "patches, replacements and vars copy more than 100 bytes");
        assert_eq!(error.kind(), ErrorKind::Limit);
    }

    #[test]
    fn counts_the_levels_below_a_path() {
        let nested = (1..MAX_DEPTH).fold(Value::from("x"), |inner, _| Value::from(vec![inner]));
        let mut growth = Growth::new(1 << 20);
        growth.add(&nested, 1).unwrap();
        assert_eq!(growth.add(&nested, 2).unwrap_err().message(), "nested deeper than 512 levels");
        assert_eq!(growth.add(&Value::NULL, 513).unwrap_err().kind(), ErrorKind::Limit);
    }
}
