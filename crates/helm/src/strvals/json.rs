//! One JSON value at the start of a text, as Go's decoder takes it from a stream.

use super::{Step, Stop};
use trueup_manifest::json::{self, JsonOptions};
use trueup_template::Value;

/// A value, and how many bytes it took.
pub(super) struct Found {
    pub(super) value: Value,
    pub(super) length: usize,
}

/// Reads the value; what follows it is not looked at.
pub(super) fn read(text: &str) -> Step<Found> {
    let (length, whole) = extent(text.as_bytes());
    let piece = text.get(..length).unwrap_or(text);
    match json::parse(piece.as_bytes(), &JsonOptions::default()) {
        Ok(value) => Ok(Found { value: Value::from_manifest(&value), length }),
        // At the end of a text Go's other reader puts a blank.
        Err(error)
            if !whole
                && (error.message() == "unexpected end of JSON input"
                    || error.position().offset >= piece.len()) =>
        {
            Err(Stop::Error("unexpected EOF".to_owned()))
        }
        Err(error) => Err(Stop::Error(error.message().to_owned())),
    }
}

/// Returns where the value ends, and whether it does before the text.
fn extent(text: &[u8]) -> (usize, bool) {
    let start = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = text.get(start..).unwrap_or_default();
    let (length, whole) = match rest.first() {
        Some(b'{' | b'[') => collection(rest),
        Some(b'"') => string(rest),
        Some(b'-' | b'0'..=b'9') => number(rest),
        Some(b't' | b'n') => (rest.len().min(4), rest.len() >= 4),
        Some(b'f') => (rest.len().min(5), rest.len() >= 5),
        first => (rest.len().min(1), first.is_some()),
    };
    // A character of several bytes is in the message as a whole.
    let mut end = start + length;
    while end < text.len() && text.get(end).is_some_and(|byte| byte & 0xC0 == 0x80) {
        end += 1;
    }
    (end, whole)
}

fn collection(text: &[u8]) -> (usize, bool) {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => {
                let (length, whole) = string(text.get(at..).unwrap_or_default());
                if !whole {
                    return (text.len(), false);
                }
                at += length;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return (at, true);
        }
    }
    (text.len(), false)
}

fn string(text: &[u8]) -> (usize, bool) {
    let mut at = 1;
    while let Some(byte) = text.get(at) {
        match byte {
            b'"' => return (at + 1, true),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    (text.len(), false)
}

/// Reads as far as the grammar of numbers goes, and one byte more where it wants another.
fn number(text: &[u8]) -> (usize, bool) {
    let digits = |from: usize| {
        text.get(from..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count()
    };
    let mut at = usize::from(text.first() == Some(&b'-'));
    let wanted = |at: usize| (text.len().min(at + 1), at < text.len());
    match text.get(at) {
        Some(b'0') => at += 1,
        Some(b'1'..=b'9') => at += digits(at),
        _ => return wanted(at),
    }
    if text.get(at) == Some(&b'.') {
        let fraction = digits(at + 1);
        if fraction == 0 {
            return wanted(at + 1);
        }
        at += 1 + fraction;
    }
    if matches!(text.get(at), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(text.get(at + 1), Some(b'+' | b'-')));
        let exponent = digits(at + 1 + sign);
        if exponent == 0 {
            return wanted(at + 1 + sign);
        }
        at += 1 + sign + exponent;
    }
    (at, true)
}
