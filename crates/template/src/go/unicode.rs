//! Go's `unicode` predicates and one-to-one case mappings.

use super::unicode_tables::{CASES, DIGIT, LETTER, LOWER, NUMBER, PRINT, PUNCT, TITLE, UPPER};
use std::cmp::Ordering;

fn within(table: &[(u32, u32)], rune: char) -> bool {
    let rune = u32::from(rune);
    let order = |&(low, high): &(u32, u32)| match () {
        () if high < rune => Ordering::Less,
        () if low > rune => Ordering::Greater,
        () => Ordering::Equal,
    };
    table.binary_search_by(order).is_ok()
}

/// Reports category L.
pub(crate) fn is_letter(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_alphabetic() } else { within(&LETTER, rune) }
}

/// Reports category Nd.
pub(crate) fn is_digit(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_digit() } else { within(&DIGIT, rune) }
}

/// Reports category N.
pub(crate) fn is_number(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_digit() } else { within(&NUMBER, rune) }
}

/// Reports whether `strconv.Quote` leaves a rune as it is.
pub(crate) fn is_print(rune: char) -> bool {
    if rune.is_ascii() { (' '..='~').contains(&rune) } else { within(&PRINT, rune) }
}

/// Reports category P.
pub(crate) fn is_punct(rune: char) -> bool {
    if rune.is_ascii() {
        return rune.is_ascii_punctuation() && !"$+<=>^`|~".contains(rune);
    }
    within(&PUNCT, rune)
}

/// Reports upper case.
pub(crate) fn is_upper(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_uppercase() } else { within(&UPPER, rune) }
}

/// Reports lower case.
pub(crate) fn is_lower(rune: char) -> bool {
    if rune.is_ascii() { rune.is_ascii_lowercase() } else { within(&LOWER, rune) }
}

/// Reports title case (the digraphs such as `ǅ`).
pub(crate) fn is_title(rune: char) -> bool {
    !rune.is_ascii() && within(&TITLE, rune)
}

/// Reports white space as `unicode.IsSpace` does.
pub(crate) fn is_space(rune: char) -> bool {
    matches!(
        u32::from(rune),
        0x09..=0x0D | 0x20 | 0x85 | 0xA0 | 0x1680 | 0x2000..=0x200A | 0x2028 | 0x2029 | 0x202F | 0x205F | 0x3000
    )
}

fn shifted(rune: char, which: impl Fn(&(u32, u32, u32, i32, i32, i32)) -> i32) -> char {
    let code = u32::from(rune);
    let start = CASES.partition_point(|entry| entry.0 <= code);
    // Two interleaved runs may cover a rune; it belongs to the one whose step hits it.
    let found = CASES
        .get(..start)
        .unwrap_or_default()
        .iter()
        .rev()
        .take(4)
        .find(|(low, high, step, ..)| code <= *high && (code - low).is_multiple_of(*step));
    let delta = found.map_or(0, which);
    code.checked_add_signed(delta).and_then(char::from_u32).unwrap_or(rune)
}

/// Maps to upper case, one rune to one rune.
pub(crate) fn to_upper(rune: char) -> char {
    if rune.is_ascii() { rune.to_ascii_uppercase() } else { shifted(rune, |entry| entry.3) }
}

/// Maps to lower case, one rune to one rune.
pub(crate) fn to_lower(rune: char) -> char {
    if rune.is_ascii() { rune.to_ascii_lowercase() } else { shifted(rune, |entry| entry.4) }
}

/// Maps to title case, one rune to one rune.
pub(crate) fn to_title(rune: char) -> char {
    if rune.is_ascii() { rune.to_ascii_uppercase() } else { shifted(rune, |entry| entry.5) }
}

/// Trims Unicode white space off both ends.
pub(crate) fn trim_space(bytes: &[u8]) -> &[u8] {
    trim(bytes, is_space)
}

/// Trims the runes for which `cut` holds off both ends.
pub(crate) fn trim(bytes: &[u8], cut: impl Fn(char) -> bool) -> &[u8] {
    trim_right(trim_left(bytes, &cut), &cut)
}

/// Trims the runes for which `cut` holds off the start.
pub(crate) fn trim_left(bytes: &[u8], cut: impl Fn(char) -> bool) -> &[u8] {
    let mut runes = crate::value::Runes(bytes);
    let mut rest = bytes;
    while let Some((rune, _)) = runes.next() {
        if !cut(rune) {
            return rest;
        }
        rest = runes.0;
    }
    rest
}

/// Trims the runes for which `cut` holds off the end.
pub(crate) fn trim_right(mut bytes: &[u8], cut: impl Fn(char) -> bool) -> &[u8] {
    while let Some((rune, width)) = crate::value::last_rune(bytes) {
        if !cut(rune) {
            break;
        }
        bytes = bytes.get(..bytes.len() - width).unwrap_or_default();
    }
    bytes
}
