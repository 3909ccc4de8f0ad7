//! Block scalars: `|` and `>`.

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

/// What is being put together.
struct Block {
    start: Mark,
    end: Mark,
    /// The column of the text; 0 until it is known.
    indent: usize,
    /// Line breaks that may or may not belong to the text.
    trailing: String,
}

impl Scanner<'_> {
    pub(super) fn scan_block_scalar(&mut self, literal: bool) -> Scan<()> {
        let start = self.cursor.mark();
        self.cursor.skip();
        let (chomping, increment) = self.block_header(start)?;
        self.end_of_header(start)?;
        let indent = if increment > 0 { self.indent.max(0) as usize + increment } else { 0 };
        let mut block = Block { start, end: self.cursor.mark(), indent, trailing: String::new() };
        self.block_breaks(&mut block)?;
        let mut text = String::new();
        let mut line_break = "";
        let mut leading_blank = false;
        while self.cursor.column() == block.indent && !self.cursor.at_end() {
            let blank = self.cursor.is_blank(0);
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
            let from = self.cursor.offset();
            self.cursor.skip_line_content();
            text.push_str(self.cursor.since(from));
            line_break = self.cursor.take_break();
            self.block_breaks(&mut block)?;
        }
        if chomping != Chomping::Strip {
            text.push_str(line_break);
        }
        if chomping == Chomping::Keep {
            text.push_str(&block.trailing);
        }
        let style = if literal { ScalarStyle::Literal } else { ScalarStyle::Folded };
        self.push_scalar(Cow::Owned(text), style, start, block.end);
        Ok(())
    }

    fn block_header(&mut self, start: Mark) -> Scan<(Chomping, usize)> {
        let mut chomping = self.chomping();
        let mut increment = 0;
        let digit = self.cursor.peek(0);
        if digit.is_ascii_digit() {
            if digit == b'0' {
                return Err(self.error_at(Some(start), "found an indentation indicator equal to 0"));
            }
            increment = usize::from(digit - b'0');
            self.cursor.skip();
            if chomping.is_none() {
                chomping = self.chomping();
            }
        }
        Ok((chomping.unwrap_or(Chomping::Clip), increment))
    }

    fn chomping(&mut self) -> Option<Chomping> {
        let chomping = match self.cursor.peek(0) {
            b'+' => Chomping::Keep,
            b'-' => Chomping::Strip,
            _ => return None,
        };
        self.cursor.skip();
        Some(chomping)
    }

    fn end_of_header(&mut self, start: Mark) -> Scan<()> {
        self.cursor.skip_blanks();
        if self.cursor.peek(0) == b'#' {
            self.cursor.skip_line_content();
        }
        if !self.cursor.is_break_or_end(0) {
            return Err(self.error_at(Some(start), "did not find expected comment or line break"));
        }
        self.cursor.take_break();
        Ok(())
    }

    /// Passes empty lines and the indentation of the next one; learns the indentation from it if need be.
    fn block_breaks(&mut self, block: &mut Block) -> Scan<()> {
        block.end = self.cursor.mark();
        let mut deepest = 0;
        loop {
            let limit = if block.indent == 0 { usize::MAX } else { block.indent };
            self.cursor.skip_spaces(limit.saturating_sub(self.cursor.column()));
            let column = self.cursor.column();
            deepest = deepest.max(column);
            if column < limit && self.cursor.peek(0) == b'\t' {
                let message = "found a tab character where an indentation space is expected";
                return Err(self.error_at(Some(block.start), message));
            }
            match self.cursor.take_break() {
                "" => break,
                taken => block.trailing.push_str(taken),
            }
            block.end = self.cursor.mark();
        }
        if block.indent == 0 {
            block.indent = deepest.max((self.indent + 1).max(1) as usize);
        }
        Ok(())
    }
}
