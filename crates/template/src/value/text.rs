//! Go strings: bytes that are nearly always UTF-8.

use ecow::{EcoString, EcoVec};
use std::borrow::{Borrow, Cow};
use std::cmp::Ordering;
use std::fmt;

/// A Go string: any bytes. Cloning is O(1); up to 15 bytes of valid UTF-8 need no allocation.
///
/// Order and equality are by bytes, as in Go.
#[derive(Clone)]
pub struct Text(Repr);

#[derive(Clone)]
enum Repr {
    Utf8(EcoString),
    /// Only bytes that are not valid UTF-8.
    Bytes(EcoVec<u8>),
}

impl Text {
    /// Returns the empty string.
    pub const fn new() -> Self {
        Self(Repr::Utf8(EcoString::new()))
    }

    /// Returns a string of these bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        match std::str::from_utf8(bytes) {
            Ok(text) => Self(Repr::Utf8(text.into())),
            Err(_) => Self(Repr::Bytes(bytes.into())),
        }
    }

    /// Returns the bytes.
    pub fn as_bytes(&self) -> &[u8] {
        match &self.0 {
            Repr::Utf8(text) => text.as_bytes(),
            Repr::Bytes(bytes) => bytes,
        }
    }

    /// Returns the text, if the bytes are valid UTF-8.
    pub fn as_str(&self) -> Option<&str> {
        match &self.0 {
            Repr::Utf8(text) => Some(text),
            Repr::Bytes(_) => None,
        }
    }

    /// Returns the text; each byte that is not valid UTF-8 becomes U+FFFD, as Go's JSON encoder does.
    pub fn to_str_lossy(&self) -> Cow<'_, str> {
        match &self.0 {
            Repr::Utf8(text) => Cow::Borrowed(text),
            Repr::Bytes(bytes) => Cow::Owned(lossy(bytes)),
        }
    }

    /// Returns the number of bytes.
    pub fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Returns true for the empty string.
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// Returns the runes as Go's `range` gives them: an invalid byte is U+FFFD and one byte wide.
    pub fn runes(&self) -> Runes<'_> {
        Runes(self.as_bytes())
    }
}

/// Turns bytes into text; each byte that is not part of valid UTF-8 becomes one U+FFFD.
pub(crate) fn lossy(bytes: &[u8]) -> String {
    Runes(bytes).map(|(rune, _)| rune).collect()
}

/// Returns text with every occurrence of a part taken out.
pub(crate) fn without(text: &[u8], part: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in memchr::memmem::find_iter(text, part) {
        out.extend_from_slice(text.get(from..at).unwrap_or_default());
        from = at + part.len();
    }
    out.extend_from_slice(text.get(from..).unwrap_or_default());
    out
}

/// Iterates over bytes as Go's `range` does over a string: the rune and how many bytes it took.
#[derive(Clone)]
pub struct Runes<'a>(pub(crate) &'a [u8]);

impl Iterator for Runes<'_> {
    type Item = (char, usize);

    fn next(&mut self) -> Option<(char, usize)> {
        let first = *self.0.first()?;
        if first < 0x80 {
            self.0 = self.0.get(1..).unwrap_or_default();
            return Some((char::from(first), 1));
        }
        let (rune, width) = decode(self.0);
        self.0 = self.0.get(width..).unwrap_or_default();
        Some((rune, width))
    }
}

/// Decodes the first rune of bytes that are not empty; an invalid one is U+FFFD of width 1.
fn decode(bytes: &[u8]) -> (char, usize) {
    let width = match bytes.first() {
        Some(0xC2..=0xDF) => 2,
        Some(0xE0..=0xEF) => 3,
        Some(0xF0..=0xF4) => 4,
        _ => return (char::REPLACEMENT_CHARACTER, 1),
    };
    let rune =
        bytes.get(..width).and_then(|head| std::str::from_utf8(head).ok()).and_then(|s| s.chars().next());
    rune.map_or((char::REPLACEMENT_CHARACTER, 1), |rune| (rune, width))
}

/// Returns the last rune of bytes and its width; an invalid one is U+FFFD of width 1.
pub(crate) fn last_rune(bytes: &[u8]) -> Option<(char, usize)> {
    let len = bytes.len();
    if len == 0 {
        return None;
    }
    for width in 1..=len.min(4) {
        let tail = bytes.get(len - width..).unwrap_or_default();
        if tail.first().is_some_and(|b| b & 0xC0 != 0x80) {
            let (rune, found) = Runes(tail).next()?;
            return Some(if found == width { (rune, width) } else { (char::REPLACEMENT_CHARACTER, 1) });
        }
    }
    Some((char::REPLACEMENT_CHARACTER, 1))
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Text {}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_bytes() == other.as_bytes()
    }
}

impl Borrow<[u8]> for Text {
    fn borrow(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_str_lossy().fmt(f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_str_lossy())
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self(Repr::Utf8(text.into()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self(Repr::Utf8(text.into()))
    }
}

impl From<EcoString> for Text {
    fn from(text: EcoString) -> Self {
        Self(Repr::Utf8(text))
    }
}

impl From<Vec<u8>> for Text {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_bytes(&bytes)
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Self {
        Self::from_bytes(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runes_are_decoded_as_go_does() {
        let runes: Vec<_> = Runes(b"a\xffb\xe4\xb8\xad\xe4\xb8").collect();
        let bad = char::REPLACEMENT_CHARACTER;
        assert_eq!(runes, [('a', 1), (bad, 1), ('b', 1), ('中', 3), (bad, 1), (bad, 1)]);
        assert_eq!(last_rune("x中".as_bytes()), Some(('中', 3)));
        assert_eq!(last_rune(b"x\xb8"), Some((bad, 1)));
    }
}
