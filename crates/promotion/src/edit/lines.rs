//! Changes of a text: pieces replaced, lines inserted and removed, and not a byte besides.

use std::ops::Range;

/// Changes of one text, collected and then made at once.
#[derive(Debug)]
pub(super) struct Changes<'a> {
    text: &'a str,
    pieces: Vec<(Range<usize>, String)>,
    /// Whether the last line goes, which no line break ends: the one that is last then has none either.
    unended: bool,
}

impl<'a> Changes<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, pieces: Vec::new(), unended: false }
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    /// Replaces a piece; of several at one place, the first stands first.
    pub(super) fn replace(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.pieces.push((range, with.into()));
    }

    /// Inserts lines below the line of an offset.
    pub(super) fn insert_below(&mut self, offset: usize, lines: &[String]) {
        let at = self.line_end(offset);
        let eol = self.eol();
        let mut inserted: String = lines.iter().flat_map(|line| [eol, line]).collect();
        if at == self.text.len() {
            inserted.push_str(eol);
        }
        self.replace(at..at, inserted);
    }

    /// Inserts lines in front of the line of an offset; at the end of the text, below its last line.
    pub(super) fn insert_above(&mut self, offset: usize, lines: &[String]) {
        let eol = self.eol();
        let at = self.line_start(offset);
        let unended = offset >= self.text.len() && at < self.text.len();
        let at = if unended { self.text.len() } else { at };
        let mut inserted = String::from(if unended { eol } else { "" });
        inserted.extend(lines.iter().flat_map(|line| [line.as_str(), eol]));
        self.replace(at..at, inserted);
    }

    /// Removes the lines from that of one offset to that of another.
    pub(super) fn remove_lines(&mut self, first: usize, last: usize) {
        let lines = self.line_start(first)..self.next_line(last);
        self.unended |= lines.end == self.text.len() && !self.text.ends_with('\n');
        self.replace(lines, "");
    }

    /// Returns the column of an offset, in bytes.
    pub(super) fn column(&self, offset: usize) -> usize {
        offset - self.line_start(offset)
    }

    pub(super) fn line_start(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(self.text);
        before.rfind('\n').map_or_else(|| self.byte_order_mark(), |newline| newline + 1)
    }

    /// Returns where the line of an offset ends, in front of its line break.
    fn line_end(&self, offset: usize) -> usize {
        let rest = self.text.get(offset..).unwrap_or_default();
        match rest.find('\n') {
            Some(newline) if rest.get(..newline).is_some_and(|line| line.ends_with('\r')) => {
                offset + newline - 1
            }
            Some(newline) => offset + newline,
            None => self.text.len(),
        }
    }

    pub(super) fn next_line(&self, offset: usize) -> usize {
        let rest = self.text.get(offset..).unwrap_or_default();
        rest.find('\n').map_or(self.text.len(), |newline| offset + newline + 1)
    }

    /// Returns the line break of the text: that of its first line.
    pub(super) fn eol(&self) -> &'static str {
        let first = self.text.find('\n').and_then(|newline| self.text.get(..newline));
        if first.is_some_and(|line| line.ends_with('\r')) { "\r\n" } else { "\n" }
    }

    fn byte_order_mark(&self) -> usize {
        if self.text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
    }

    /// Makes the changes; `None` if two of them are about the same piece.
    pub(super) fn made(mut self) -> Option<String> {
        self.pieces.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, with) in &self.pieces {
            out.push_str(self.text.get(at..range.start)?);
            out.push_str(with);
            at = range.end;
        }
        out.push_str(self.text.get(at..)?);
        if self.unended && out.ends_with(self.eol()) {
            out.truncate(out.len() - self.eol().len());
        }
        Some(out)
    }
}
