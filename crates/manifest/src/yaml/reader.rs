//! From bytes to text: encodings, and the characters YAML allows.

use std::borrow::Cow;

/// What is wrong with the bytes, and how much of the text is readable before the reader notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ReadError {
    /// The reader's words.
    pub(super) problem: &'static str,
    /// The byte that is wrong.
    pub(super) offset: usize,
}

/// A text with what the scanner wants to know of it.
#[derive(Debug)]
pub(super) struct Text<'a> {
    /// The readable part, without a byte order mark at its front.
    pub(super) text: Cow<'a, str>,
    /// Bytes before the text: the length of the byte order mark.
    pub(super) skipped: usize,
    /// What is wrong after the readable part.
    pub(super) error: Option<ReadError>,
    /// Whether line breaks other than `\n` occur.
    pub(super) odd_breaks: bool,
}

/// The reader reads ahead by this many bytes, and finds an error when it does so.
const CHUNK: usize = 512;

/// Decodes the bytes and checks every character.
pub(super) fn read(bytes: &[u8]) -> Text<'_> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => read_utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => read_utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => read_utf8(rest, 3),
        _ => read_utf8(bytes, 0),
    }
}

fn read_utf8(bytes: &[u8], skipped: usize) -> Text<'_> {
    let (valid, problem) = match std::str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let (valid, rest) = bytes.split_at_checked(error.valid_up_to()).unwrap_or_default();
            (std::str::from_utf8(valid).unwrap_or_default(), Some(utf8_problem(rest)))
        }
    };
    let survey = survey(valid);
    let error = match survey.control {
        Some(offset) => Some(ReadError { problem: CONTROL, offset }),
        None => problem.map(|(problem, at)| ReadError { problem, offset: valid.len() + at }),
    };
    let text = match error {
        None => valid,
        Some(error) => {
            let chunk = chunk_start(valid, error.offset.min(valid.len()), skipped);
            valid.get(..chunk).unwrap_or_default()
        }
    };
    Text { text: Cow::Borrowed(text), skipped, error, odd_breaks: survey.odd_breaks }
}

const CONTROL: &str = "control characters are not allowed";

/// Returns where the chunk begins that holds `offset`; chunks break between characters.
fn chunk_start(text: &str, offset: usize, skipped: usize) -> usize {
    let mut start = 0;
    let mut room = CHUNK - skipped;
    loop {
        let mut next = start + room;
        if next > offset {
            return start;
        }
        while !text.is_char_boundary(next) {
            next -= 1;
        }
        start = next;
        room = CHUNK;
    }
}

/// Returns the reader's words for the invalid sequence at the front, and where in it the wrong byte is.
fn utf8_problem(bytes: &[u8]) -> (&'static str, usize) {
    let first = bytes.first().copied().unwrap_or(0);
    let width = match first {
        0xC0..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF7 => 4,
        _ => return ("invalid leading UTF-8 octet", 0),
    };
    let Some(sequence) = bytes.get(..width) else {
        return ("incomplete UTF-8 octet sequence", 0);
    };
    if let Some(wrong) = sequence.iter().skip(1).position(|byte| byte & 0xC0 != 0x80) {
        return ("invalid trailing UTF-8 octet", wrong + 1);
    }
    let lead = u32::from(first & (0x7F >> width));
    let value = sequence.iter().skip(1).fold(lead, |value, byte| value << 6 | u32::from(byte & 0x3F));
    let shortest = [0x80, 0x800, 0x10000].get(width - 2).copied().unwrap_or(0);
    if value < shortest {
        ("invalid length of a UTF-8 sequence", 0)
    } else {
        ("invalid Unicode character", 0)
    }
}

struct Survey {
    control: Option<usize>,
    odd_breaks: bool,
}

/// Finds the first character that is not allowed, and whether there are odd line breaks.
fn survey(text: &str) -> Survey {
    const BLOCK: usize = 256;
    let mut odd_breaks = false;
    for (block, bytes) in text.as_bytes().chunks(BLOCK).enumerate() {
        // One pass the compiler can vectorise; only blocks with something unusual are looked at closely.
        let unusual = bytes
            .iter()
            .fold(false, |unusual, &byte| unusual | ((byte < 0x20) & (byte != b'\n')) | (byte >= 0x7F));
        if unusual {
            let base = block * BLOCK;
            match survey_block(text.as_bytes(), base, bytes.len(), &mut odd_breaks) {
                None => {}
                control => return Survey { control, odd_breaks },
            }
        }
    }
    Survey { control: None, odd_breaks }
}

fn survey_block(text: &[u8], base: usize, len: usize, odd_breaks: &mut bool) -> Option<usize> {
    let byte_at = |at: usize| text.get(at).copied().unwrap_or(0);
    (base..base + len).find(|&at| match byte_at(at) {
        b'\n' | b'\t' | 0x20..=0x7E => false,
        b'\r' => {
            *odd_breaks = true;
            false
        }
        0xC2 => {
            let next = byte_at(at + 1);
            *odd_breaks |= next == 0x85;
            next < 0xA0 && next != 0x85
        }
        0xE2 => {
            *odd_breaks |= byte_at(at + 1) == 0x80 && matches!(byte_at(at + 2), 0xA8 | 0xA9);
            false
        }
        0xEF => byte_at(at + 1) == 0xBF && matches!(byte_at(at + 2), 0xBE | 0xBF),
        0x00..0x20 | 0x7F => true,
        _ => false,
    })
}

fn read_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Text<'static> {
    let mut text = String::with_capacity(bytes.len() / 2 + 1);
    let pair = |pair: &[u8]| match pair {
        [first, second] => unit([*first, *second]),
        _ => 0,
    };
    let mut units = bytes.chunks_exact(2).map(pair);
    let mut error = None;
    while let Some(first) = units.next() {
        let problem = match first {
            0xDC00..=0xDFFF => Some("unexpected low surrogate area"),
            0xD800..=0xDBFF => match units.next() {
                None => Some("incomplete UTF-16 surrogate pair"),
                Some(second) => match char::decode_utf16([first, second]).next() {
                    Some(Ok(c)) => {
                        text.push(c);
                        None
                    }
                    _ => Some("expected low surrogate area"),
                },
            },
            unit => match char::from_u32(u32::from(unit)) {
                Some(c) if is_allowed(c) => {
                    text.push(c);
                    None
                }
                _ => Some(CONTROL),
            },
        };
        if let Some(problem) = problem {
            error = Some(ReadError { problem, offset: text.len() });
            break;
        }
    }
    if error.is_none() && bytes.len() % 2 == 1 {
        error = Some(ReadError { problem: "incomplete UTF-16 character", offset: text.len() });
    }
    let odd_breaks = text.contains(['\r', '\u{85}', '\u{2028}', '\u{2029}']);
    Text { text: Cow::Owned(text), skipped: 0, error, odd_breaks }
}

/// Tells whether a YAML text may hold the character as it is.
pub(super) fn is_allowed(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_bytes_are_named_as_the_reference_names_them() {
        let cases: [(&[u8], &str); 8] = [
            (b"a: \xff", "invalid leading UTF-8 octet"),
            (b"a: \xc3", "incomplete UTF-8 octet sequence"),
            (b"a: \xc3(", "invalid trailing UTF-8 octet"),
            (b"a: \xc0\x80", "invalid length of a UTF-8 sequence"),
            (b"a: \xed\xa0\x80", "invalid Unicode character"),
            (b"a: \x00", "control characters are not allowed"),
            (b"a: \xc2\x80", "control characters are not allowed"),
            (b"a: \xef\xbf\xbf", "control characters are not allowed"),
        ];
        for (bytes, problem) in cases {
            assert_eq!(read(bytes).error.map(|error| error.problem), Some(problem), "{bytes:?}");
        }
        assert!(read("tab\t nel\u{85} ls\u{2028} bom\u{FEFF} \u{1F600}".as_bytes()).error.is_none());
    }

    #[test]
    fn utf16_is_decoded() {
        let bytes: Vec<u8> =
            [0xFEFFu16].into_iter().chain("a: \u{1F600}".encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(read(&bytes).text, "a: \u{1F600}");
    }
}
