//! Patches that were read lately: overlays repeat those of their neighbours.

use super::JsonPatch;
use crate::resource::Resource;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, PoisonError};

/// How many are remembered.
const MOST: usize = 32;

/// What a patch turned out to be.
#[derive(Clone, Debug)]
pub(crate) struct Parsed {
    pub(crate) strategic: Vec<Resource>,
    pub(crate) json: Option<JsonPatch>,
}

/// The last patches that were read, latest first.
#[derive(Debug, Default)]
pub(crate) struct RecentPatches(Mutex<Vec<Known>>);

#[derive(Clone, Debug)]
struct Known {
    /// The hash of the text, so that most others are told apart at once.
    hash: u64,
    patch: Arc<(Box<[u8]>, Parsed)>,
}

impl RecentPatches {
    /// Returns what a text was read as, or reads it; failures are not remembered.
    pub(crate) fn read<E>(&self, text: &[u8], read: impl FnOnce() -> Result<Parsed, E>) -> Result<Parsed, E> {
        let mut hasher = DefaultHasher::new();
        text.hash(&mut hasher);
        let hash = hasher.finish();
        if let Some(known) = self.find(hash, text) {
            return Ok(known.patch.1.clone());
        }
        let parsed = read()?;
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.truncate(MOST - 1);
        known.insert(0, Known { hash, patch: Arc::new((text.into(), parsed.clone())) });
        Ok(parsed)
    }

    /// Finds a text and moves it to the front.
    fn find(&self, hash: u64, text: &[u8]) -> Option<Known> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = known.iter().position(|known| known.hash == hash && *known.patch.0 == *text)?;
        known.get_mut(..=at)?.rotate_right(1);
        known.first().cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_are_remembered() {
        let recent = RecentPatches::default();
        let mut reads = 0;
        let mut read = |text: String| {
            let parsed = Parsed { strategic: Vec::new(), json: None };
            let done: Result<_, ()> = recent.read(text.as_bytes(), || {
                reads += 1;
                Ok(parsed)
            });
            done.unwrap();
        };
        for round in 0..2 {
            (0..MOST).for_each(|number| read(format!("{number}")));
            // What is asked for again is the last to go.
            read("0".to_owned());
            read(format!("new {round}"));
            read("0".to_owned());
        }
        // Each of the others was gone when its turn came again.
        assert_eq!(reads, MOST + 1 + (MOST - 1) + 1);
        assert_eq!(recent.read(b"broken", || Err::<Parsed, _>("no")).unwrap_err(), "no");
    }
}
