//! Numbers, in all the spellings Go's YAML libraries know.

use super::super::Generation;
use crate::Number;
use std::borrow::Cow;

/// Reads a number that begins with a digit or a sign.
pub(super) fn parse(text: &str, generation: Generation) -> Option<Number> {
    // Most scalars that begin like a number go wrong early: versions, addresses, image tags.
    if text.len() > 1 && text.bytes().any(|b| !matches!(b, b'0'..=b'9' | b'a'..=b'f' | b'A'..=b'F' | b'_' | b'+' | b'-' | b'.' | b'o' | b'O' | b'x' | b'X')) {
        return None;
    }
    let digits = match text.contains('_') {
        true => Cow::Owned(text.replace('_', "")),
        false => Cow::Borrowed(text),
    };
    parse_int(&digits)
        .or_else(|| float_shaped(&digits).then(|| finite(&digits)).flatten().map(Number::Float))
        .or_else(|| odd_prefix(&digits, "0b", 2))
        .or_else(|| if generation == Generation::V3 { odd_prefix(&digits, "0o", 8) } else { None })
}

/// Reads a float that begins with a point.
pub(super) fn parse_float(text: &str) -> Option<f64> {
    float_shaped(text).then(|| finite(text)).flatten()
}

fn finite(text: &str) -> Option<f64> {
    text.parse().ok().filter(|float: &f64| float.is_finite())
}

/// Reads an integer with a sign and a prefix (`0x`, `0o`, `0b`, `0`), as Go does with base 0.
fn parse_int(text: &str) -> Option<Number> {
    let (negative, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let signed = unsigned.len() != text.len();
    let magnitude = magnitude(unsigned)?;
    if negative {
        return 0_i64.checked_sub_unsigned(magnitude).map(Number::Int);
    }
    match i64::try_from(magnitude) {
        Ok(int) => Some(Number::Int(int)),
        Err(_) if signed => None,
        Err(_) => Some(Number::UInt(magnitude)),
    }
}

fn magnitude(text: &str) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (text.get(2..)?, 16),
        [b'0', b'o' | b'O', ..] => (text.get(2..)?, 8),
        [b'0', b'b' | b'B', ..] => (text.get(2..)?, 2),
        [b'0', _, ..] => (text.get(1..)?, 8),
        _ => (text, 10),
    };
    if digits.starts_with(['+', '-']) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// Reads `0b-1`: after the prefix, Go's libraries allow a sign of its own.
fn odd_prefix(text: &str, prefix: &str, radix: u32) -> Option<Number> {
    let digits = text.strip_prefix(prefix)?;
    match digits.as_bytes() {
        [b'+' | b'-', b'+' | b'-', ..] => None,
        _ => i64::from_str_radix(digits, radix).ok().map(Number::Int),
    }
}

/// Matches `[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`.
fn float_shaped(text: &str) -> bool {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let whole = digits(unsigned);
    let mut rest = unsigned.get(whole..).unwrap_or_default();
    if let Some(fraction) = rest.strip_prefix('.') {
        let count = digits(fraction);
        if whole == 0 && count == 0 {
            return false;
        }
        rest = fraction.get(count..).unwrap_or_default();
    } else if whole == 0 {
        return false;
    }
    match rest.strip_prefix(['e', 'E']) {
        Some(exponent) => {
            let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
            !exponent.is_empty() && digits(exponent) == exponent.len()
        }
        None => rest.is_empty(),
    }
}

/// Tells whether a text is a number in base 60 as YAML 1.1 has them: `[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?`.
pub(in crate::yaml) fn is_base60(text: &str) -> bool {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !unsigned.starts_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let Some((whole, rest)) = unsigned.split_once(':') else { return false };
    let number = |text: &str| text.bytes().all(|b| b.is_ascii_digit() || b == b'_');
    let (sexagesimal, fraction) = rest.split_once('.').unwrap_or((rest, ""));
    let part = |part: &str| matches!(part.as_bytes(), [b'0'..=b'9'] | [b'0'..=b'5', b'0'..=b'9']);
    number(whole) && number(fraction) && sexagesimal.split(':').all(part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_in_every_base() {
        let cases = [
            ("0644", 420),
            ("0o644", 420),
            ("-0x1F", -31),
            ("0b11", 3),
            ("1_000", 1000),
            ("+5", 5),
            ("0b-11", -3),
            ("-0", 0),
            ("-9223372036854775808", i64::MIN),
        ];
        for (text, value) in cases {
            assert_eq!(parse(text, Generation::V3), Some(Number::Int(value)), "{text}");
        }
        assert_eq!(parse("0o-7", Generation::V3), Some(Number::Int(-7)));
        assert_eq!(parse("0o-7", Generation::V2), None);
        assert_eq!(parse("18446744073709551615", Generation::V2), Some(Number::UInt(u64::MAX)));
    }

    #[test]
    fn floats() {
        for (text, value) in
            [("1.", 1.0), ("089", 89.0), ("1e3", 1000.0), ("+18446744073709551615", 1.8446744073709552e19)]
        {
            assert_eq!(parse(text, Generation::V3), Some(Number::Float(value)), "{text}");
        }
        for text in ["1e400", "-", "1.2.3", "0x", "0x1p-2", "1e", "--1", "1-1"] {
            assert_eq!(parse(text, Generation::V3), None, "{text}");
        }
    }

    #[test]
    fn base60() {
        for text in ["1:30", "190:20:30.15", "1_0:5", "+1:1."] {
            assert!(is_base60(text), "{text}");
        }
        for text in ["1:60", "a:1", "1:", "_1:1", "1:1:", "1:1.x"] {
            assert!(!is_base60(text), "{text}");
        }
    }
}
