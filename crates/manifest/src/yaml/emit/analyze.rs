//! What a text allows: in which styles it can be written.

use crate::ScalarStyle;
use crate::yaml::Generation;

/// The styles a text can be written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Analysis {
    pub(super) multiline: bool,
    pub(super) plain: bool,
    pub(super) single_quoted: bool,
    pub(super) block: bool,
}

/// Returns the length of the line break at the front, 0 if there is none. CR LF counts as two here.
pub(super) fn break_len(bytes: &[u8]) -> usize {
    match bytes {
        [b'\n' | b'\r', ..] => 1,
        [0xC2, 0x85, ..] => 2,
        [0xE2, 0x80, 0xA8 | 0xA9, ..] => 3,
        _ => 0,
    }
}

/// Tells whether the library writes the character at the front as it is; it does not for those beyond U+FFFF.
pub(super) fn is_printable(bytes: &[u8]) -> bool {
    match bytes {
        [b'\n' | b' '..=b'~', ..] => true,
        [0xC2, next, ..] => *next >= 0xA0,
        [0xED, next, ..] => *next < 0xA0,
        [0xEF, 0xBB, 0xBF, ..] | [0xEF, 0xBF, 0xBE | 0xBF, ..] => false,
        [0xC3..=0xEF, ..] => true,
        _ => false,
    }
}

/// Analyses a text for the block context.
pub(super) fn analyze(text: &str, generation: Generation) -> Analysis {
    let bytes = text.as_bytes();
    if bytes.is_empty() {
        return Analysis { multiline: false, plain: true, single_quoted: true, block: false };
    }
    tame(bytes).unwrap_or_else(|| Survey::of(bytes, generation).analysis())
}

/// Analyses printable ASCII quickly: a line without blanks around it, or several lines.
pub(super) fn tame(bytes: &[u8]) -> Option<Analysis> {
    line(bytes).or_else(|| lines(bytes))
}

/// Analyses a line of printable ASCII without blanks around it quickly.
fn line(bytes: &[u8]) -> Option<Analysis> {
    let (first, last) = (*bytes.first()?, *bytes.last()?);
    let printable = bytes.iter().fold(true, |printable, byte| printable & matches!(byte, b' '..=b'~'));
    if !printable || first == b' ' || last == b' ' {
        return None;
    }
    let before_blank = |at: usize| matches!(bytes.get(at + 1), None | Some(b' '));
    let indicators = matches!(bytes, [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..])
        || is_indicator(first, true, before_blank(0), true)
        || memchr::memchr2_iter(b':', b'#', bytes).any(|at| match bytes.get(at) {
            Some(b':') => before_blank(at),
            _ => at.checked_sub(1).and_then(|before| bytes.get(before)) == Some(&b' '),
        });
    Some(Analysis { multiline: false, plain: !indicators, single_quoted: true, block: true })
}

/// Analyses a text of several lines quickly if it is made of printable ASCII.
fn lines(bytes: &[u8]) -> Option<Analysis> {
    memchr::memchr(b'\n', bytes)?;
    let last = *bytes.last()?;
    let (mut printable, mut space_break, mut break_space) = (is_line_byte(last), false, false);
    for (&a, &b) in bytes.iter().zip(bytes.get(1..)?) {
        printable &= is_line_byte(a);
        space_break |= (a == b' ') & (b == b'\n');
        break_space |= (a == b'\n') & (b == b' ');
    }
    printable.then_some(Analysis {
        multiline: true,
        plain: false,
        single_quoted: !space_break && !break_space,
        block: !space_break && last != b' ',
    })
}

fn is_line_byte(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') | (byte == b'\n')
}

#[derive(Debug, Default)]
struct Survey {
    indicators: bool,
    line_breaks: bool,
    special: bool,
    tabs: bool,
    leading: bool,
    trailing: bool,
    trailing_space: bool,
    break_space: bool,
    space_break: bool,
}

impl Survey {
    fn of(bytes: &[u8], generation: Generation) -> Self {
        let mut survey = Self {
            indicators: matches!(bytes, [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..]),
            ..Self::default()
        };
        let mut rest = bytes;
        let (mut after_space, mut after_break, mut after_blank) = (false, false, true);
        while let Some(&byte) = rest.first() {
            let width = width(byte);
            let tail = rest.get(width..).unwrap_or_default();
            let first = rest.len() == bytes.len();
            let before_blank = matches!(tail.first(), None | Some(b' ' | b'\t'));
            survey.indicators |= is_indicator(byte, first, before_blank, after_blank);
            if byte == b'\t' && generation == Generation::V3 {
                survey.tabs = true;
            } else if !is_printable(rest) {
                survey.special = true;
            }
            let is_break = break_len(rest) > 0;
            if byte == b' ' {
                survey.leading |= first;
                survey.trailing |= tail.is_empty();
                survey.trailing_space |= tail.is_empty();
                survey.break_space |= after_break;
            } else if is_break {
                survey.line_breaks = true;
                survey.leading |= first;
                survey.trailing |= tail.is_empty();
                survey.space_break |= after_space;
            }
            after_space = byte == b' ';
            after_break = is_break;
            after_blank = matches!(byte, b' ' | b'\t' | 0) || is_break;
            rest = tail;
        }
        survey
    }

    fn analysis(&self) -> Analysis {
        let unquotable = self.space_break || self.special;
        let plain = !(self.leading
            || self.trailing
            || self.line_breaks
            || self.indicators
            || self.tabs
            || unquotable);
        Analysis {
            multiline: self.line_breaks,
            plain,
            single_quoted: !(self.break_space || self.tabs || unquotable),
            block: !(self.trailing_space || unquotable),
        }
    }
}

/// Tells whether a byte would mean something else in a plain scalar of the block context.
fn is_indicator(byte: u8, first: bool, before_blank: bool, after_blank: bool) -> bool {
    match byte {
        b',' | b'[' | b']' | b'{' | b'}' | b'&' | b'*' | b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@'
        | b'`' => first,
        b'#' => first || after_blank,
        b'?' | b'-' => first && before_blank,
        b':' => before_blank,
        _ => false,
    }
}

pub(super) fn width(byte: u8) -> usize {
    match byte {
        0x00..=0x7F => 1,
        0x80..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0.. => 4,
    }
}

/// Chooses the style for a text that should be written in `wanted`.
pub(super) fn choose(analysis: Analysis, wanted: ScalarStyle, empty: bool, simple_key: bool) -> ScalarStyle {
    let mut style = wanted;
    if simple_key && analysis.multiline {
        style = ScalarStyle::DoubleQuoted;
    }
    if style == ScalarStyle::Plain && (!analysis.plain || empty && simple_key) {
        style = ScalarStyle::SingleQuoted;
    }
    if style == ScalarStyle::SingleQuoted && !analysis.single_quoted {
        style = ScalarStyle::DoubleQuoted;
    }
    if style.is_block() && (!analysis.block || simple_key) {
        style = ScalarStyle::DoubleQuoted;
    }
    style
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tame_texts_are_analysed_as_the_survey_does() {
        let parts = [
            "", "\n", " ", "a", "-", "- ", "---", "?", "? ", ":", ": ", "#", " #", "a#", "[", "'", "a b",
            "...", "~", "!x", "%", "z:",
        ];
        for text in parts.iter().flat_map(|a| parts.iter().map(move |b| format!("{a}{b}"))) {
            for generation in [Generation::V2, Generation::V3] {
                if let Some(quick) = tame(text.as_bytes()) {
                    assert_eq!(quick, Survey::of(text.as_bytes(), generation).analysis(), "{text:?}");
                }
            }
        }
    }
}
