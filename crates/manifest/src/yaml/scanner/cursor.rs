//! A place in the text, and the ways forward from it.

/// A position: byte, line and column, from 0; columns count characters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::yaml) struct Mark {
    pub(in crate::yaml) offset: usize,
    pub(in crate::yaml) line: u32,
    pub(in crate::yaml) column: u32,
}

/// Walks over a text, counting lines and columns.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    bytes: &'a [u8],
    offset: usize,
    line: u32,
    /// The character index at which the line began.
    line_index: usize,
    /// Bytes before `offset` that continue a character.
    continuation: usize,
    /// Whether a line break was passed since the last character that is not blank.
    pub(super) after_break: bool,
    odd_breaks: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, odd_breaks: bool) -> Self {
        let bytes = text.as_bytes();
        Self {
            text,
            bytes,
            offset: 0,
            line: 0,
            line_index: 0,
            continuation: 0,
            after_break: false,
            odd_breaks,
        }
    }

    pub(super) fn mark(&self) -> Mark {
        Mark { offset: self.offset, line: self.line, column: self.column() as u32 }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    pub(super) fn line(&self) -> u32 {
        self.line
    }

    /// Returns how many characters were passed.
    pub(super) fn index(&self) -> usize {
        self.offset - self.continuation
    }

    pub(super) fn column(&self) -> usize {
        self.index() - self.line_index
    }

    /// Returns the byte `ahead` of here, and 0 beyond the end; the text holds no 0 itself.
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.offset + ahead).copied().unwrap_or(0)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.offset..).unwrap_or_default()
    }

    pub(super) fn at_end(&self) -> bool {
        self.offset >= self.bytes.len()
    }

    /// Returns the text from an earlier offset up to here.
    pub(super) fn since(&self, start: usize) -> &'a str {
        self.between(start, self.offset)
    }

    pub(super) fn between(&self, start: usize, end: usize) -> &'a str {
        self.text.get(start..end).unwrap_or_default()
    }

    pub(super) fn is_blank(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t')
    }

    pub(super) fn is_break(&self, ahead: usize) -> bool {
        self.break_len(ahead) > 0
    }

    pub(super) fn is_break_or_end(&self, ahead: usize) -> bool {
        self.peek(ahead) == 0 || self.is_break(ahead)
    }

    pub(super) fn is_blank_or_end(&self, ahead: usize) -> bool {
        matches!(self.peek(ahead), b' ' | b'\t' | 0) || self.is_break(ahead)
    }

    /// Tells whether `---` or `...` stands here as a marker of its own.
    pub(super) fn at_document_marker(&self) -> bool {
        matches!(self.peek(0), b'-' | b'.')
            && self.column() == 0
            && matches!(self.rest(), [b'-', b'-', b'-', ..] | [b'.', b'.', b'.', ..])
            && self.is_blank_or_end(3)
    }

    /// Returns the length of the line break there, CR LF counting as one; 0 if there is none.
    fn break_len(&self, ahead: usize) -> usize {
        match self.peek(ahead) {
            b'\n' => 1,
            b'\r' if self.peek(ahead + 1) == b'\n' => 2,
            b'\r' => 1,
            0xC2 if self.peek(ahead + 1) == 0x85 => 2,
            0xE2 if self.peek(ahead + 1) == 0x80 && matches!(self.peek(ahead + 2), 0xA8 | 0xA9) => 3,
            _ => 0,
        }
    }

    /// Passes one character that is no line break.
    pub(super) fn skip(&mut self) {
        let byte = self.peek(0);
        if !matches!(byte, b' ' | b'\t') {
            self.after_break = false;
        }
        let width = match byte {
            0 => 0,
            0x01..=0x7F => 1,
            0x80..=0xDF => 2,
            0xE0..=0xEF => 3,
            0xF0.. => 4,
        };
        self.offset += width;
        self.continuation += width.saturating_sub(1);
    }

    /// Passes `len` bytes of whole characters on this line, not all of them blank.
    pub(super) fn skip_bytes(&mut self, len: usize) {
        let passed = self.bytes.get(self.offset..self.offset + len).unwrap_or_default();
        if !passed.is_ascii() {
            self.continuation += passed.iter().filter(|byte| **byte & 0xC0 == 0x80).count();
        }
        self.offset += len;
        self.after_break = false;
    }

    /// Passes spaces, at most `limit`.
    pub(super) fn skip_spaces(&mut self, limit: usize) {
        let spaces = self.rest().iter().take(limit).take_while(|byte| **byte == b' ').count();
        self.offset += spaces;
    }

    /// Passes spaces and tabs.
    pub(super) fn skip_blanks(&mut self) {
        self.offset += self.rest().iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    }

    /// Returns how many bytes there are up to the line break or the end.
    pub(super) fn line_len(&self) -> usize {
        let rest = self.rest();
        if !self.odd_breaks {
            return memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        }
        (0..rest.len()).find(|&ahead| self.is_break(ahead)).unwrap_or(rest.len())
    }

    /// Passes the rest of the line, not its break.
    pub(super) fn skip_line_content(&mut self) {
        let len = self.line_len();
        if len > 0 {
            self.skip_bytes(len);
        }
    }

    /// Passes a line break if there is one and returns it as a scalar would hold it.
    pub(super) fn take_break(&mut self) -> &'static str {
        let len = self.break_len(0);
        let text = match (len, self.peek(0), self.peek(2)) {
            (0, _, _) => return "",
            (3, _, 0xA8) => "\u{2028}",
            (3, _, _) => "\u{2029}",
            _ => "\n",
        };
        if self.peek(0) >= 0x80 {
            self.continuation += len - 1;
        }
        self.offset += len;
        self.line += 1;
        self.line_index = self.index();
        self.after_break = true;
        text
    }

    /// Ends the last line if it has no line break.
    pub(super) fn finish_line(&mut self) {
        if self.column() != 0 {
            self.line += 1;
            self.line_index = self.index();
        }
    }
}
