//! Quoted scalars: `'text'` and `"text"`.

use super::plain::Breaks;
use super::{Mark, Scan, Scanner};
use crate::ScalarStyle;
use std::borrow::Cow;

impl Scanner<'_> {
    pub(super) fn scan_quoted(&mut self, quote: u8) -> Scan<()> {
        let start = self.cursor.mark();
        let style = if quote == b'\'' { ScalarStyle::SingleQuoted } else { ScalarStyle::DoubleQuoted };
        self.cursor.skip();
        if let Some(len) = self.simple_quoted_len(quote) {
            let from = self.cursor.offset();
            if len > 0 {
                self.cursor.skip_bytes(len);
            }
            let text = self.cursor.since(from);
            self.cursor.skip();
            let end = self.cursor.mark();
            self.push_scalar(Cow::Borrowed(text), style, start, end);
            return Ok(());
        }
        let mut text = String::new();
        loop {
            if self.cursor.at_document_marker() {
                return Err(self.error_at(Some(start), "found unexpected document indicator"));
            }
            if self.cursor.peek(0) == 0 {
                return Err(self.error_at(Some(start), "found unexpected end of stream"));
            }
            let escaped_break = self.quoted_run(quote, start, &mut text)?;
            if self.cursor.peek(0) == quote {
                break;
            }
            self.quoted_gap(escaped_break, &mut text);
        }
        self.cursor.skip();
        let end = self.cursor.mark();
        self.push_scalar(Cow::Owned(text), style, start, end);
        Ok(())
    }

    /// Returns the length of the text when it is on this line and stands for itself.
    fn simple_quoted_len(&self, quote: u8) -> Option<usize> {
        let rest = self.cursor.rest();
        let len = rest.iter().position(|&byte| {
            byte == quote || byte == b'\\' && quote == b'"' || !(b' '..0x80).contains(&byte)
        })?;
        let found = rest.get(len).copied();
        (found == Some(quote) && (quote == b'"' || rest.get(len + 1) != Some(&b'\''))).then_some(len)
    }

    /// Takes everything up to a blank or the closing quote; returns true after an escaped line break.
    fn quoted_run(&mut self, quote: u8, start: Mark, text: &mut String) -> Scan<bool> {
        loop {
            let len = self.quoted_plain_len(quote);
            if len > 0 {
                let from = self.cursor.offset();
                self.cursor.skip_bytes(len);
                text.push_str(self.cursor.since(from));
            }
            if self.cursor.is_blank_or_end(0) {
                return Ok(false);
            }
            match (self.cursor.peek(0), self.cursor.peek(1)) {
                (b'\'', b'\'') if quote == b'\'' => {
                    text.push('\'');
                    self.cursor.skip_bytes(2);
                }
                (b'\\', _) if quote == b'"' => {
                    if self.cursor.is_break(1) {
                        self.cursor.skip();
                        self.cursor.take_break();
                        return Ok(true);
                    }
                    self.escape(start, text)?;
                }
                _ => return Ok(false),
            }
        }
    }

    fn quoted_plain_len(&self, quote: u8) -> usize {
        let rest = self.cursor.rest();
        let special = |ahead: usize, byte: u8| match byte {
            b' ' | b'\t' | b'\n' | b'\r' => true,
            b'\\' => quote == b'"',
            0xC2 | 0xE2 => self.cursor.is_break(ahead),
            _ => byte == quote,
        };
        rest.iter().enumerate().position(|(ahead, &byte)| special(ahead, byte)).unwrap_or(rest.len())
    }

    fn escape(&mut self, start: Mark, text: &mut String) -> Scan<()> {
        let digits = match self.cursor.peek(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            byte => {
                let Some(meaning) = simple_escape(byte) else {
                    return Err(self.error_at(Some(start), "found unknown escape character"));
                };
                text.push(meaning);
                self.cursor.skip_bytes(2);
                return Ok(());
            }
        };
        self.cursor.skip_bytes(2);
        let mut value: u32 = 0;
        for ahead in 0..digits {
            match char::from(self.cursor.peek(ahead)).to_digit(16) {
                Some(digit) => value = value.wrapping_shl(4).wrapping_add(digit),
                None => return Err(self.error_at(Some(start), "did not find expected hexdecimal number")),
            }
        }
        match char::from_u32(value) {
            Some(c) => text.push(c),
            None => return Err(self.error_at(Some(start), "found invalid Unicode character escape code")),
        }
        self.cursor.skip_bytes(digits);
        Ok(())
    }

    /// Passes blanks and line breaks and appends what they mean.
    fn quoted_gap(&mut self, escaped_break: bool, text: &mut String) {
        let from = self.cursor.offset();
        self.cursor.skip_blanks();
        if !escaped_break && !self.cursor.is_break(0) {
            text.push_str(self.cursor.since(from));
            return;
        }
        let mut breaks = Breaks::default();
        loop {
            match self.cursor.take_break() {
                "" => break,
                taken if escaped_break => text.push_str(taken),
                taken => breaks.push(taken),
            }
            self.cursor.skip_blanks();
        }
        breaks.fold_into(text);
    }
}

fn simple_escape(byte: u8) -> Option<char> {
    Some(match byte {
        b'0' => '\0',
        b'a' => '\u{7}',
        b'b' => '\u{8}',
        b't' | b'\t' => '\t',
        b'n' => '\n',
        b'v' => '\u{B}',
        b'f' => '\u{C}',
        b'r' => '\r',
        b'e' => '\u{1B}',
        b' ' => ' ',
        b'"' => '"',
        b'\'' => '\'',
        b'\\' => '\\',
        b'N' => '\u{85}',
        b'_' => '\u{A0}',
        b'L' => '\u{2028}',
        b'P' => '\u{2029}',
        _ => return None,
    })
}
