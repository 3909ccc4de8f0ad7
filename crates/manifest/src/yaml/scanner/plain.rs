//! Plain scalars: `text without quotes`.

use super::{Scan, Scanner};
use crate::ScalarStyle;
use std::borrow::Cow;

impl Scanner<'_> {
    pub(super) fn scan_plain(&mut self) -> Scan<()> {
        let start = self.cursor.mark();
        let indent = self.indent + 1;
        let mut end = start;
        // The text up to `end`: a piece of the input as long as it is on one line.
        let mut folded: Option<String> = None;
        let mut breaks = Breaks::default();
        loop {
            if self.cursor.at_document_marker() || self.cursor.peek(0) == b'#' {
                break;
            }
            let run = self.plain_run();
            if run > 0 {
                if breaks.any() {
                    let text = folded
                        .get_or_insert_with(|| self.cursor.between(start.offset, end.offset).to_owned());
                    breaks.fold_into(text);
                } else if let Some(text) = &mut folded {
                    text.push_str(self.cursor.since(end.offset));
                }
                let from = self.cursor.offset();
                self.cursor.skip_bytes(run);
                if let Some(text) = &mut folded {
                    text.push_str(self.cursor.since(from));
                }
                end = self.cursor.mark();
            }
            if !self.cursor.is_blank(0) && !self.cursor.is_break(0) {
                break;
            }
            self.plain_gap(indent, &mut breaks, start)?;
            if self.flow_level == 0 && (self.cursor.column() as isize) < indent {
                break;
            }
        }
        if breaks.any() {
            self.simple_key_allowed = true;
        }
        let text = match folded {
            Some(text) => Cow::Owned(text),
            None => Cow::Borrowed(self.cursor.between(start.offset, end.offset)),
        };
        self.push_scalar(text, ScalarStyle::Plain, start, end);
        Ok(())
    }

    /// Returns the length of what belongs to the scalar up to the next blank.
    fn plain_run(&self) -> usize {
        let rest = self.cursor.rest();
        let flow = self.flow_level > 0;
        let mut len = 0;
        for &byte in rest {
            let stop = match byte {
                b' ' | b'\t' | b'\n' | b'\r' => true,
                b':' => self.cursor.is_blank_or_end(len + 1),
                b',' | b'?' | b'[' | b']' | b'{' | b'}' => flow,
                0xC2 | 0xE2 => self.cursor.is_break(len),
                _ => false,
            };
            if stop {
                break;
            }
            len += 1;
        }
        len
    }

    /// Passes blanks and line breaks.
    fn plain_gap(&mut self, indent: isize, breaks: &mut Breaks, start: super::Mark) -> Scan<()> {
        loop {
            if !breaks.any() {
                self.cursor.skip_blanks();
            } else {
                while self.cursor.is_blank(0) {
                    if self.cursor.peek(0) == b'\t' && (self.cursor.column() as isize) < indent {
                        let message = "found a tab character that violates indentation";
                        return Err(self.error_at(Some(start), message));
                    }
                    self.cursor.skip();
                }
            }
            match self.cursor.take_break() {
                "" => return Ok(()),
                text => breaks.push(text),
            }
        }
    }
}

/// The line breaks between two pieces of a scalar.
#[derive(Debug, Default)]
pub(super) struct Breaks {
    first: &'static str,
    rest: String,
}

impl Breaks {
    pub(super) fn any(&self) -> bool {
        !self.first.is_empty()
    }

    pub(super) fn push(&mut self, text: &'static str) {
        match self.any() {
            false => self.first = text,
            true => self.rest.push_str(text),
        }
    }

    /// Appends what the breaks mean: a single one is a space, of several the first goes.
    pub(super) fn fold_into(&mut self, text: &mut String) {
        match self.first {
            "\n" if self.rest.is_empty() => text.push(' '),
            "\n" => text.push_str(&self.rest),
            first => {
                text.push_str(first);
                text.push_str(&self.rest);
            }
        }
        self.first = "";
        self.rest.clear();
    }
}
