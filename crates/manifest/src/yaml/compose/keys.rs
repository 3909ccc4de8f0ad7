//! Keys repeat: the same text shares one allocation.

use crate::EcoString;

/// Texts up to this length are stored inside the handle.
const INLINE: usize = 15;
/// How many there are at first and at last.
const SLOTS: [usize; 2] = [16, 256];

/// Remembers long keys, the last one for each of a few slots.
#[derive(Debug, Default)]
pub(super) struct KeyCache {
    slots: Vec<EcoString>,
    /// How many texts did not find their slot theirs.
    misses: usize,
}

impl KeyCache {
    /// Returns a handle for the text, shared with the last key of this text if it is still known.
    pub(super) fn get(&mut self, text: &str) -> EcoString {
        if text.len() <= INLINE {
            return EcoString::from(text);
        }
        let [first, last] = SLOTS;
        if self.slots.is_empty() || self.misses > self.slots.len() && self.slots.len() < last {
            self.slots.resize((self.slots.len() * 4).clamp(first, last), EcoString::new());
        }
        let at = slot_of(text) % self.slots.len().max(1);
        let Some(slot) = self.slots.get_mut(at) else { return EcoString::from(text) };
        if slot != text {
            *slot = EcoString::from(text);
            self.misses += 1;
        }
        slot.clone()
    }
}

fn slot_of(text: &str) -> usize {
    // The end of a key tells more than its front, which is often a domain.
    let tail = text.as_bytes().iter().rev().take(8);
    let hash = tail.fold(text.len() as u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash >> 8) as usize
}
