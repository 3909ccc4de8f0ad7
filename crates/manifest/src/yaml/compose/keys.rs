//! Keys repeat: the same text shares one allocation.

use crate::EcoString;

/// Texts up to this length are stored inside the handle.
const INLINE: usize = 15;
const SLOTS: usize = 256;

/// Remembers long keys, the last one for each of a few slots.
#[derive(Debug, Default)]
pub(super) struct KeyCache(Vec<EcoString>);

impl KeyCache {
    /// Returns a handle for the text, shared with the last key of this text if it is still known.
    pub(super) fn get(&mut self, text: &str) -> EcoString {
        if text.len() <= INLINE {
            return EcoString::from(text);
        }
        if self.0.is_empty() {
            self.0.resize(SLOTS, EcoString::new());
        }
        let Some(slot) = self.0.get_mut(slot_of(text)) else { return EcoString::from(text) };
        if slot != text {
            *slot = EcoString::from(text);
        }
        slot.clone()
    }
}

fn slot_of(text: &str) -> usize {
    // The end of a key tells more than its front, which is often a domain.
    let tail = text.as_bytes().iter().rev().take(8);
    let hash = tail.fold(text.len() as u32, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193));
    (hash >> 8) as usize % SLOTS
}
