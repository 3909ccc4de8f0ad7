//! The text being written, and where in its line it is.

use super::Manner;
use crate::yaml::Generation;

/// What is being written.
#[derive(Debug)]
pub(super) struct Out<'a> {
    text: &'a mut String,
    pub(super) manner: Manner,
    /// Characters on this line.
    pub(super) column: usize,
    /// The column of the current block; -1 outside of all.
    pub(super) indent: isize,
    /// Whether the last character was a blank or there was none.
    pub(super) whitespace: bool,
    /// Whether the line holds nothing but indentation and indicators.
    pub(super) indention: bool,
}

impl<'a> Out<'a> {
    pub(super) fn new(text: &'a mut String, manner: Manner) -> Self {
        Self { text, manner, column: 0, indent: -1, whitespace: true, indention: true }
    }

    /// Appends an ASCII character other than a line break.
    pub(super) fn put(&mut self, byte: u8) {
        self.text.push(char::from(byte));
        self.column += 1;
    }

    /// Appends text without `\n`.
    pub(super) fn put_str(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += if text.is_ascii() { text.len() } else { text.chars().count() };
    }

    /// Appends ASCII without `\n`.
    pub(super) fn put_ascii(&mut self, text: &str) {
        self.text.push_str(text);
        self.column += text.len();
    }

    /// Appends `\n`.
    pub(super) fn put_break(&mut self) {
        self.text.push('\n');
        self.column = 0;
        if self.manner.generation == Generation::V3 {
            self.indention = true;
        }
    }

    /// Appends a line break that is part of a scalar.
    pub(super) fn put_own_break(&mut self, text: &str) {
        match text {
            "\n" => self.put_break(),
            other => {
                self.text.push_str(other);
                self.column = 0;
            }
        }
        self.indention = true;
    }

    /// Goes to the current indentation, on a new line unless this one is still empty.
    pub(super) fn write_indent(&mut self) {
        /// A line break and what most lines begin with.
        const LINE: &str = "\n                                                                ";
        const SPACES: &str = LINE.split_at(1).1;
        let indent = self.indent.max(0) as usize;
        if !self.indention || self.column > indent || self.column == indent && !self.whitespace {
            match LINE.get(..=indent) {
                Some(line) => {
                    self.text.push_str(line);
                    self.column = indent;
                    self.indention |= self.manner.generation == Generation::V3;
                }
                None => self.put_break(),
            }
        }
        while self.column < indent {
            let count = (indent - self.column).min(SPACES.len());
            self.text.push_str(SPACES.get(..count).unwrap_or_default());
            self.column += count;
        }
        self.whitespace = true;
        if self.manner.generation == Generation::V2 {
            self.indention = true;
        }
    }

    /// Appends `-`, `?` or `:` before a value, which leave the line open for more indicators.
    pub(super) fn open_indicator(&mut self, indicator: u8) {
        self.space();
        self.put(indicator);
        self.whitespace = false;
    }

    /// Appends an indicator that ends what is indentation.
    pub(super) fn indicator(&mut self, indicator: &str, space_before: bool) {
        if space_before {
            self.space();
        }
        self.put_str(indicator);
        self.whitespace = false;
        self.indention = false;
    }

    /// Appends a space unless there is one.
    pub(super) fn space(&mut self) {
        if !self.whitespace {
            self.put(b' ');
        }
    }

    /// Moves the indentation one level in and returns the one before.
    pub(super) fn increase_indent(&mut self, flow: bool, item: bool, less: isize) -> isize {
        let before = self.indent;
        let step = self.manner.indent as isize;
        self.indent = match (before, self.manner.generation) {
            (..0, _) if flow => step,
            (..0, _) => 0,
            (_, Generation::V2) => before + step - less,
            // Inside a sequence only the `- ` is skipped; everything else goes to a multiple of the step.
            (_, Generation::V3) if item => before + 2,
            (_, Generation::V3) => step * ((before + step) / step) - less,
        };
        before
    }
}
