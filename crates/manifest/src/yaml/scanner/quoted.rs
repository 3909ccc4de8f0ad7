//! Quoted scalars: `'text'` and `"text"`.

use super::cursor::Cursor;
use super::plain::Breaks;
use super::{Mark, Scan, Scanner};
use crate::ScalarStyle;
use std::borrow::Cow;

impl Scanner<'_> {
    pub(super) fn scan_quoted(&mut self, quote: u8) -> Scan<()> {
        let start = self.cursor.mark();
        let style = if quote == b'\'' { ScalarStyle::SingleQuoted } else { ScalarStyle::DoubleQuoted };
        if let Some(len) = self.cursor.simple_quoted_len(quote) {
            let text = self.cursor.between(start.offset + 1, start.offset + 1 + len);
            self.cursor.skip_bytes(len + 2);
            let end = self.cursor.mark();
            self.push_scalar(Cow::Borrowed(text), style, start, end);
            return Ok(());
        }
        let mut text = String::new();
        self.cursor.quoted(&mut text).map_err(|message| self.error_at(Some(start), message))?;
        let end = self.cursor.mark();
        self.push_scalar(Cow::Owned(text), style, start, end);
        Ok(())
    }
}

/// Reads a quoted scalar that begins at a place of a text without odd line breaks; appends its text and returns where
/// it ends. There is none if it is not well-formed.
pub(in crate::yaml) fn quoted_at(text: &str, start: Mark, out: &mut String) -> Option<Mark> {
    let mut cursor = Cursor::at(text, start);
    cursor.quoted(out).ok()?;
    Some(cursor.mark())
}

impl Cursor<'_> {
    /// Takes the quoted scalar that begins here and appends its text.
    fn quoted(&mut self, text: &mut String) -> Result<(), &'static str> {
        let quote = self.peek(0);
        self.skip();
        loop {
            if self.at_document_marker() {
                return Err("found unexpected document indicator");
            }
            if self.peek(0) == 0 {
                return Err("found unexpected end of stream");
            }
            let escaped_break = self.quoted_run(quote, text)?;
            if self.peek(0) == quote {
                self.skip();
                return Ok(());
            }
            self.quoted_gap(escaped_break, text);
        }
    }

    /// Returns the length of the text when it is on this line and stands for itself.
    fn simple_quoted_len(&self, quote: u8) -> Option<usize> {
        let rest = self.rest().get(1..)?;
        let special =
            |byte: &u8| *byte == quote || *byte == b'\\' && quote == b'"' || !(b' '..0x80).contains(byte);
        let len = rest.iter().position(special)?;
        let closed = rest.get(len) == Some(&quote) && (quote == b'"' || rest.get(len + 1) != Some(&b'\''));
        closed.then_some(len)
    }

    /// Takes everything up to a blank or the closing quote; returns true after an escaped line break.
    fn quoted_run(&mut self, quote: u8, text: &mut String) -> Result<bool, &'static str> {
        loop {
            let len = self.quoted_plain_len(quote);
            if len > 0 {
                let from = self.offset();
                self.skip_bytes(len);
                text.push_str(self.since(from));
            }
            if self.is_blank_or_end(0) {
                return Ok(false);
            }
            match (self.peek(0), self.peek(1)) {
                (b'\'', b'\'') if quote == b'\'' => {
                    text.push('\'');
                    self.skip_bytes(2);
                }
                (b'\\', _) if quote == b'"' => {
                    if self.is_break(1) {
                        self.skip();
                        self.take_break();
                        return Ok(true);
                    }
                    self.escape(text)?;
                }
                _ => return Ok(false),
            }
        }
    }

    fn quoted_plain_len(&self, quote: u8) -> usize {
        let rest = self.rest();
        let special = |ahead: usize, byte: u8| match byte {
            b' ' | b'\t' | b'\n' | b'\r' => true,
            b'\\' => quote == b'"',
            0xC2 | 0xE2 => self.is_break(ahead),
            _ => byte == quote,
        };
        rest.iter().enumerate().position(|(ahead, &byte)| special(ahead, byte)).unwrap_or(rest.len())
    }

    fn escape(&mut self, text: &mut String) -> Result<(), &'static str> {
        let digits = match self.peek(1) {
            b'x' => 2,
            b'u' => 4,
            b'U' => 8,
            byte => {
                let Some(meaning) = simple_escape(byte) else {
                    return Err("found unknown escape character");
                };
                text.push(meaning);
                self.skip_bytes(2);
                return Ok(());
            }
        };
        self.skip_bytes(2);
        let mut value: u32 = 0;
        for ahead in 0..digits {
            match char::from(self.peek(ahead)).to_digit(16) {
                Some(digit) => value = value.wrapping_shl(4).wrapping_add(digit),
                None => return Err("did not find expected hexdecimal number"),
            }
        }
        match char::from_u32(value) {
            Some(c) => text.push(c),
            None => return Err("found invalid Unicode character escape code"),
        }
        self.skip_bytes(digits);
        Ok(())
    }

    /// Passes blanks and line breaks and appends what they mean.
    fn quoted_gap(&mut self, escaped_break: bool, text: &mut String) {
        let from = self.offset();
        self.skip_blanks();
        if !escaped_break && !self.is_break(0) {
            text.push_str(self.since(from));
            return;
        }
        let mut breaks = Breaks::default();
        loop {
            match self.take_break() {
                "" => break,
                taken if escaped_break => text.push_str(taken),
                taken => breaks.push(taken),
            }
            self.skip_blanks();
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
