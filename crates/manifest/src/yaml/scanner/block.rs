//! Block scalars: `|` and `>`.

use super::cursor::Cursor;
use super::{Mark, Scan, Scanner};
use crate::ScalarStyle;
use std::borrow::Cow;

/// What happens to the line breaks at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Chomping {
    /// `-`
    Strip,
    Clip,
    /// `+`
    Keep,
}

/// What is known while the lines are read.
struct Block {
    end: Mark,
    /// The column of the block the scalar belongs to.
    parent: isize,
    /// The column of the text; 0 until it is known.
    indent: usize,
    /// Line breaks that may or may not belong to the text.
    trailing: String,
}

impl Scanner<'_> {
    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Scan<()> {
        let start = self.cursor.mark();
        let mut text = String::new();
        let end = self
            .cursor
            .block_scalar(self.indent, &mut text)
            .map_err(|message| self.error_at(Some(start), message))?;
        let style = if literal { ScalarStyle::Literal } else { ScalarStyle::Folded };
        self.push_scalar(Cow::Owned(text), style, start, end);
        Ok(())
    }
}

/// Reads a block scalar that begins at a place of a text without odd line breaks; appends its text and returns where
/// the next line begins. There is none if it is not well-formed.
pub(in crate::yaml) fn block_scalar_at(
    text: &str,
    start: Mark,
    parent: isize,
    out: &mut String,
) -> Option<Mark> {
    let mut cursor = Cursor::at(text, start);
    cursor.block_scalar(parent, out).ok()?;
    // The indentation of the line behind it has been passed already.
    let next = cursor.mark();
    Some(Mark { offset: next.offset - next.column as usize, line: next.line, column: 0 })
}

impl Cursor<'_> {
    /// Takes the block scalar that begins here, below a block at the column `parent`; appends its text and returns
    /// where it ends.
    pub(in crate::yaml) fn block_scalar(
        &mut self,
        parent: isize,
        text: &mut String,
    ) -> Result<Mark, &'static str> {
        let literal = self.peek(0) == b'|';
        self.skip();
        let (chomping, increment) = self.block_header()?;
        let indent = if increment > 0 { parent.max(0) as usize + increment } else { 0 };
        let mut block = Block { end: self.mark(), parent, indent, trailing: String::new() };
        self.block_breaks(&mut block)?;
        let mut line_break = "";
        let mut leading_blank = false;
        while self.column() == block.indent && !self.at_end() {
            let blank = self.is_blank(0);
            if !literal && !leading_blank && !blank && line_break == "\n" {
                if block.trailing.is_empty() {
                    text.push(' ');
                }
            } else {
                text.push_str(line_break);
            }
            text.push_str(&block.trailing);
            block.trailing.clear();
            leading_blank = blank;
            let from = self.offset();
            self.skip_line_content();
            text.push_str(self.since(from));
            line_break = self.take_break();
            self.block_breaks(&mut block)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(line_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&block.trailing);
        }
        Ok(block.end)
    }

    /// Takes the rest of the first line: `+` or `-`, a digit, a comment.
    fn block_header(&mut self) -> Result<(Chomping, usize), &'static str> {
        let mut chomping = self.chomping();
        let mut increment = 0;
        let digit = self.peek(0);
        if digit.is_ascii_digit() {
            if digit == b'0' {
                return Err("found an indentation indicator equal to 0");
            }
            increment = usize::from(digit - b'0');
            self.skip();
            if chomping.is_none() {
                chomping = self.chomping();
            }
        }
        self.skip_blanks();
        if self.peek(0) == b'#' {
            self.skip_line_content();
        }
        if !self.is_break_or_end(0) {
            return Err("did not find expected comment or line break");
        }
        self.take_break();
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.peek(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.skip();
        Some(chomping)
    }

    /// Passes empty lines and the indentation of the next one; learns the indentation from it if need be.
    fn block_breaks(&mut self, block: &mut Block) -> Result<(), &'static str> {
        block.end = self.mark();
        let mut deepest = 0;
        loop {
            let limit = if block.indent == 0 { usize::MAX } else { block.indent };
            self.skip_spaces(limit.saturating_sub(self.column()));
            let column = self.column();
            deepest = deepest.max(column);
            if column < limit && self.peek(0) == b'\t' {
                return Err("found a tab character where an indentation space is expected");
            }
            match self.take_break() {
                "" => break,
                taken => block.trailing.push_str(taken),
            }
            block.end = self.mark();
        }
        if block.indent == 0 {
            block.indent = deepest.max((block.parent + 1).max(1) as usize);
        }
        Ok(())
    }
}
