//! Strings as words: case, abbreviation, wrapping.

use super::args::{Family, I, S, bytes, fixed, int, string};
use crate::env::Env;
use crate::function::Outcome;
use crate::go::unicode::{
    is_letter, is_lower, is_number, is_punct, is_space, is_title, is_upper, to_lower, to_title, to_upper,
};
use crate::value::{Runes, Value};

pub(super) fn table() -> Family {
    vec![
        ("untitle", fixed(&[S], |_, a| Ok(untitle(bytes(a, 0)).into()))),
        ("swapcase", fixed(&[S], |_, a| Ok(swap_case(bytes(a, 0)).into()))),
        ("initials", fixed(&[S], |_, a| Ok(initials(bytes(a, 0)).into()))),
        ("nospace", fixed(&[S], |_, a| Ok(no_space(bytes(a, 0))))),
        ("abbrev", fixed(&[I, S], |_, a| Ok(abbreviated(bytes(a, 1), 0, int(a, 0))))),
        ("abbrevboth", fixed(&[I, I, S], |_, a| Ok(abbreviated(bytes(a, 2), int(a, 0), int(a, 1))))),
        ("wrap", fixed(&[I, S], |env, a| wrap(env, bytes(a, 1), int(a, 0), b"\n", false))),
        ("wrapWith", fixed(&[I, S, S], |env, a| wrap(env, bytes(a, 2), int(a, 0), bytes(a, 1), true))),
        ("snakecase", fixed(&[S], |_, a| Ok(string(separated(bytes(a, 0), b'_'))))),
        ("kebabcase", fixed(&[S], |_, a| Ok(string(separated(bytes(a, 0), b'-'))))),
        ("camelcase", fixed(&[S], |_, a| Ok(pascal(bytes(a, 0)).into()))),
    ]
}

fn runes(bytes: &[u8]) -> impl Iterator<Item = char> {
    Runes(bytes).map(|(rune, _)| rune)
}

fn untitle(bytes: &[u8]) -> String {
    let mut start = true;
    let change = |rune| {
        if is_space(rune) {
            start = true;
            return rune;
        }
        if std::mem::take(&mut start) { to_lower(rune) } else { rune }
    };
    runes(bytes).map(change).collect()
}

fn swap_case(bytes: &[u8]) -> String {
    let mut after_space = true;
    let change = |rune| {
        if is_upper(rune) || is_title(rune) {
            after_space = false;
            to_lower(rune)
        } else if is_lower(rune) {
            if std::mem::take(&mut after_space) { to_title(rune) } else { to_upper(rune) }
        } else {
            after_space = is_space(rune);
            rune
        }
    };
    runes(bytes).map(change).collect()
}

/// Takes the first byte of each word for a rune, as the library does.
fn initials(bytes: &[u8]) -> String {
    let mut gap = true;
    let first = |byte: &u8| {
        let rune = char::from(*byte);
        if is_space(rune) {
            gap = true;
            return None;
        }
        std::mem::take(&mut gap).then_some(rune)
    };
    bytes.iter().filter_map(first).collect()
}

/// Drops white space, taking each byte for a rune, as the library does.
fn no_space(bytes: &[u8]) -> Value {
    if !bytes.iter().any(|&byte| is_space(char::from(byte))) {
        return string(bytes);
    }
    bytes.iter().map(|&byte| char::from(byte)).filter(|&rune| !is_space(rune)).collect::<String>().into()
}

fn abbreviated(text: &[u8], left: i64, width: i64) -> Value {
    if width < 4 || (left > 0 && width < 7) {
        return string(text);
    }
    string(abbreviate(text, left, width))
}

/// Cuts text to a width with an ellipsis at one end or both; `left` is a byte to keep.
fn abbreviate(text: &[u8], left: i64, width: i64) -> Vec<u8> {
    let len = i64::try_from(text.len()).unwrap_or(i64::MAX);
    if width < 4 {
        return Vec::new();
    }
    if len <= width {
        return text.to_vec();
    }
    let mut left = left.min(len);
    if len - left < width - 3 {
        left = len - (width - 3);
    }
    let cut = |from: i64, to: i64| {
        let range = usize::try_from(from).unwrap_or(0)..usize::try_from(to).unwrap_or(0);
        text.get(range).unwrap_or_default()
    };
    if left <= 4 {
        return [cut(0, width - 3), b"..."].concat();
    }
    if width < 7 {
        return Vec::new();
    }
    if left + width - 3 < len {
        let inner = abbreviate(cut(left, len), 0, width - 3);
        return [b"...".as_slice(), &inner].concat();
    }
    [b"...", cut(len - (width - 3), len)].concat()
}

/// Breaks a line at spaces so that no piece is longer than `width` bytes.
fn wrap(env: &mut Env<'_>, text: &[u8], width: i64, newline: &[u8], break_words: bool) -> Outcome {
    let newline = if newline.is_empty() { b"\n" } else { newline };
    let width = usize::try_from(width).unwrap_or(0).max(1);
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while rest.len() > width {
        if let Some(after) = rest.strip_prefix(b" ") {
            rest = after;
            continue;
        }
        let head = rest.get(..=width).unwrap_or(rest);
        let (piece, after) = match memchr::memrchr(b' ', head) {
            Some(at) => (at, at + 1),
            None if break_words => (width, width),
            None => {
                let tail = rest.get(width..).unwrap_or_default();
                match memchr::memchr(b' ', tail) {
                    Some(at) => (width + at, width + at + 1),
                    None => break,
                }
            }
        };
        env.allocate(newline.len())?;
        out.extend_from_slice(rest.get(..piece).unwrap_or_default());
        out.extend_from_slice(newline);
        rest = rest.get(after..).unwrap_or_default();
    }
    out.extend_from_slice(rest);
    Ok(string(out))
}

fn is_connector(rune: char) -> bool {
    rune == '-' || rune == '_' || is_space(rune)
}

/// Joins words without connectors, each with a capital; leading connectors stay.
fn pascal(bytes: &[u8]) -> String {
    let mut out = String::new();
    let mut rest = runes(bytes);
    let mut current = None;
    let mut first_upper = false;
    for rune in rest.by_ref() {
        if !is_connector(rune) {
            first_upper = is_upper(rune);
            current = Some(to_upper(rune));
            break;
        }
        out.push(rune);
    }
    let Some(mut current) = current else {
        // Only connectors: the library writes the last one twice, unless there is nothing at all.
        if let Some(last) = out.chars().next_back() {
            out.push(last);
        }
        return out;
    };
    for rune in rest {
        let before = std::mem::replace(&mut current, rune);
        if is_connector(current) && is_connector(before) {
            out.push(before);
            continue;
        }
        if is_connector(before) {
            first_upper = is_upper(current);
            current = to_upper(current);
            continue;
        }
        if first_upper {
            if is_upper(current) {
                current = to_lower(current);
            } else {
                first_upper = false;
            }
        }
        out.push(before);
    }
    out.push(current);
    out
}

/// What a run of characters is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    Invalid,
    Number,
    Upper,
    Alphabet,
    Connector,
    Punct,
    Other,
}

/// Returns the next valid rune and the bytes up to and including it; `before` at the end of the text.
fn next_valid(text: &[u8], before: char) -> (char, usize) {
    let mut size = 0;
    for (rune, width) in Runes(text) {
        size += width;
        if rune != char::REPLACEMENT_CHARACTER {
            return (rune, size);
        }
    }
    (before, size)
}

/// Takes runs of runes for which `goes_on` holds off the front of `rest`; returns the bytes taken and the last rune seen.
fn run(rest: &mut &[u8], start: char, goes_on: impl Fn(char) -> bool) -> (usize, char, usize) {
    let (mut taken, mut last_size, mut rune) = (0, 0, start);
    while !rest.is_empty() {
        let (next, size) = next_valid(rest, rune);
        rune = next;
        if !goes_on(rune) {
            break;
        }
        taken += size;
        last_size = size;
        *rest = rest.get(size..).unwrap_or_default();
    }
    (taken, rune, last_size)
}

fn next_word(text: &[u8]) -> (Word, &[u8], &[u8]) {
    if text.is_empty() {
        return (Word::Invalid, text, text);
    }
    let (first, size) = next_valid(text, char::REPLACEMENT_CHARACTER);
    let mut rest = text.get(size..).unwrap_or_default();
    let mut offset = size;
    let small = |rune| is_letter(rune) && !is_upper(rune);
    let word = if first == char::REPLACEMENT_CHARACTER {
        Word::Invalid
    } else if is_connector(first) {
        offset += run(&mut rest, first, is_connector).0;
        Word::Connector
    } else if is_punct(first) {
        offset += run(&mut rest, first, is_punct).0;
        Word::Punct
    } else if is_upper(first) {
        offset += upper_word(&mut rest, first);
        Word::Upper
    } else if is_alphabet(first) {
        offset += run(&mut rest, first, small).0;
        Word::Alphabet
    } else if is_number(first) {
        offset += run(&mut rest, first, is_number).0;
        Word::Number
    } else {
        let other = |rune| !is_connector(rune) && !is_alphabet(rune) && !is_number(rune) && !is_punct(rune);
        offset += run(&mut rest, first, other).0;
        Word::Other
    };
    let (head, tail) = text.split_at_checked(offset).unwrap_or((text, b""));
    (word, head, tail)
}

fn is_alphabet(rune: char) -> bool {
    is_letter(rune)
}

/// Takes the rest of a word that starts with a capital; the last of several capitals belongs to the next word.
fn upper_word(rest: &mut &[u8], first: char) -> usize {
    if rest.is_empty() {
        return 0;
    }
    let (second, size) = next_valid(rest, first);
    if is_upper(second) {
        *rest = rest.get(size..).unwrap_or_default();
        let (taken, stopper, last) = run(rest, second, is_upper);
        let last = if taken == 0 { size } else { last };
        let back = if !rest.is_empty() && is_alphabet(stopper) { last } else { 0 };
        return size + taken - back;
    }
    if is_alphabet(second) {
        *rest = rest.get(size..).unwrap_or_default();
        return size + run(rest, second, |rune| is_alphabet(rune) && !is_upper(rune)).0;
    }
    0
}

fn write_word(out: &mut Vec<u8>, word: Word, text: &[u8], connector: u8) {
    if word != Word::Upper && word != Word::Connector {
        out.extend_from_slice(text);
        return;
    }
    for rune in runes(text) {
        if is_connector(rune) {
            out.push(connector);
        } else {
            out.extend_from_slice(to_lower_if_upper(rune).encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
}

fn to_lower_if_upper(rune: char) -> char {
    if is_upper(rune) { to_lower(rune) } else { rune }
}

/// Splits text into words and joins them in small letters.
fn separated(text: &[u8], connector: u8) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len() + 8);
    let (mut kind, mut word, mut rest) = next_word(text);
    let separates = |kind: Word| !matches!(kind, Word::Connector | Word::Punct);
    while !rest.is_empty() {
        if kind != Word::Connector {
            write_word(&mut out, kind, word, connector);
        }
        let (before, last) = (kind, word);
        (kind, word, rest) = next_word(rest);
        match before {
            Word::Number => {
                while matches!(kind, Word::Alphabet | Word::Number) {
                    write_word(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Invalid && separates(kind) {
                    out.push(connector);
                }
            }
            Word::Connector => write_word(&mut out, before, last, connector),
            Word::Punct => {}
            _ if kind != Word::Number => {
                if separates(kind) {
                    out.push(connector);
                }
            }
            _ if rest.is_empty() => {}
            _ => {
                let number = word;
                (kind, word, rest) = next_word(rest);
                if kind != Word::Alphabet {
                    // A number belongs to the word before it …
                    write_word(&mut out, Word::Number, number, connector);
                    if separates(kind) {
                        out.push(connector);
                    }
                    continue;
                }
                // … unless small letters follow it.
                out.push(connector);
                write_word(&mut out, Word::Number, number, connector);
                while matches!(kind, Word::Alphabet | Word::Number) {
                    write_word(&mut out, kind, word, connector);
                    (kind, word, rest) = next_word(rest);
                }
                if kind != Word::Invalid && separates(kind) {
                    out.push(connector);
                }
            }
        }
    }
    write_word(&mut out, kind, word, connector);
    out
}
