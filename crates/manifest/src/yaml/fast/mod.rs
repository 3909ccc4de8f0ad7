//! The fast way through what nearly all manifests are made of.
//!
//! Line by line, it reads block maps and sequences of scalars that stand on one line, block scalars, comments, and flow
//! collections on one line. At anything else it gives up, and the document is read from its start the full way; so it
//! never has to report an error, and where it gets through, the result is the same (which the tests compare).

mod inline;

use super::compose::Composer;
use super::scanner::{Mark, block_scalar_at};
use crate::ScalarStyle;

/// Something this way does not know; the full way must be taken.
pub(super) struct Unusual;

type Step<T = ()> = Result<T, Unusual>;

/// Hands the nodes of a document to the composer and returns where it ends: at the end of the text, or at a marker if
/// `allow_more` is set. It begins at `start`, which is the start of the text or a `---`.
pub(super) fn document(
    text: &str,
    start: usize,
    allow_more: bool,
    composer: &mut Composer<'_>,
) -> Step<usize> {
    let bytes = text.as_bytes();
    let (blocks, scratch) = (Vec::new(), String::new());
    let mut reader = Reader { text, bytes, at: start, line: 0, composer, blocks, scratch };
    reader.document(allow_more)?;
    Ok(reader.at)
}

/// A block collection that is open.
#[derive(Clone, Copy, Debug)]
struct Block {
    column: usize,
    sequence: bool,
    /// Whether a key or a `-` still wants its value.
    pending: bool,
}

struct Reader<'t, 'c, 'o> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// The number of the line that `at` is on, from 0.
    line: u32,
    composer: &'c mut Composer<'o>,
    blocks: Vec<Block>,
    /// Where block scalars are put together.
    scratch: String,
}

impl<'t> Reader<'t, '_, '_> {
    fn document(&mut self, allow_more: bool) -> Step {
        if self.text.starts_with('\u{FEFF}') {
            return Err(Unusual);
        }
        let mut marked = false;
        while let Some(column) = self.next_line() {
            if column == 0 && self.at_marker() {
                if self.blocks.is_empty() && !marked && self.peek() == b'-' {
                    marked = true;
                    self.at += 3;
                    self.end_of_line()?;
                    continue;
                }
                if self.blocks.is_empty() || !allow_more {
                    return Err(Unusual);
                }
                break;
            }
            self.content(column)?;
        }
        if self.blocks.is_empty() {
            return Err(Unusual);
        }
        while !self.blocks.is_empty() {
            self.close()?;
        }
        Ok(())
    }

    /// Goes to the next line that holds something and returns the column of that.
    fn next_line(&mut self) -> Option<usize> {
        loop {
            let rest = self.rest();
            let column = rest.iter().take_while(|byte| **byte == b' ').count();
            match rest.get(column) {
                None => return None,
                Some(b'\n') => {
                    self.at += column + 1;
                    self.line += 1;
                }
                Some(b'#') => {
                    self.at += column;
                    self.skip_line();
                }
                Some(_) => {
                    self.at += column;
                    return Some(column);
                }
            }
        }
    }

    fn at_marker(&self) -> bool {
        match self.rest() {
            [b'-', b'-', b'-', rest @ ..] | [b'.', b'.', b'.', rest @ ..] => {
                matches!(rest.first(), None | Some(b' ' | b'\t' | b'\n'))
            }
            _ => false,
        }
    }

    /// Reads a line from its first character on.
    fn content(&mut self, column: usize) -> Step {
        while self.blocks.last().is_some_and(|block| block.column > column) {
            self.close()?;
            if self.blocks.is_empty() {
                return Err(Unusual);
            }
        }
        let mut column = column;
        let mut first = true;
        while self.peek() == b'-' && matches!(self.peek_at(1), b' ' | b'\n' | 0) {
            self.item(column, first)?;
            first = false;
            let spaces = self.rest().iter().skip(1).take_while(|byte| **byte == b' ').count();
            self.at += 1 + spaces;
            column += 1 + spaces;
            if matches!(self.peek(), b'\n' | b'#' | 0) {
                return self.end_of_line();
            }
        }
        self.node(column, first)
    }

    /// Goes to the next item of the sequence at the column, beginning one if there is none.
    fn item(&mut self, column: usize, first: bool) -> Step {
        match self.blocks.last_mut() {
            Some(block) if block.sequence && block.column == column && first => {
                if block.pending {
                    return self.null();
                }
                block.pending = true;
                Ok(())
            }
            // Below a key, a sequence may stand at the column of the key.
            Some(block)
                if block.pending && (block.column < column || !block.sequence && block.column == column) =>
            {
                block.pending = false;
                self.open(column, true)
            }
            None => self.open(column, true),
            _ => Err(Unusual),
        }
    }

    /// Reads a key with what is behind it, or a value.
    fn node(&mut self, column: usize, first: bool) -> Step {
        let Some((key, style)) = self.key()? else {
            return match self.blocks.last() {
                Some(block) if block.pending && block.column < column => self.value(),
                _ => Err(Unusual),
            };
        };
        if first && self.blocks.last().is_some_and(|block| block.sequence && block.column == column) {
            // The end of a sequence at the column of its key.
            self.close()?;
            if self.blocks.is_empty() {
                return Err(Unusual);
            }
        }
        match self.blocks.last_mut() {
            Some(block) if !block.sequence && block.column == column => {
                if block.pending {
                    self.null()?;
                }
            }
            Some(block) if block.pending && block.column < column => {
                block.pending = false;
                self.open(column, false)?;
            }
            None => self.open(column, false)?,
            _ => return Err(Unusual),
        }
        self.scalar(&key, style)?;
        if let Some(block) = self.blocks.last_mut() {
            block.pending = true;
        }
        self.skip_spaces();
        match self.peek() {
            b'\n' | 0 => self.end_of_line(),
            b'#' => {
                self.composer.comment();
                self.end_of_line()
            }
            _ => self.value(),
        }
    }

    fn open(&mut self, column: usize, sequence: bool) -> Step {
        let mark = self.mark();
        let opened = match sequence {
            true => self.composer.begin_sequence(None, mark, false),
            false => self.composer.begin_mapping(None, mark, false),
        };
        opened.map_err(|_| Unusual)?;
        self.blocks.push(Block { column, sequence, pending: sequence });
        Ok(())
    }

    fn close(&mut self) -> Step {
        if self.blocks.last().is_some_and(|block| block.pending) {
            self.null()?;
        }
        self.blocks.pop();
        self.composer.end().map_err(|_| Unusual)
    }

    /// Fills in a value that is not there.
    fn null(&mut self) -> Step {
        self.scalar("", ScalarStyle::Plain)
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle) -> Step {
        let mark = self.mark();
        self.composer.scalar(text, style, mark).map_err(|_| Unusual)
    }

    /// Reads a value and the end of its line.
    fn value(&mut self) -> Step {
        if let b'|' | b'>' = self.peek() {
            self.block_scalar()?;
        } else {
            self.inline_value()?;
            self.end_of_line()?;
        }
        if let Some(block) = self.blocks.last_mut() {
            block.pending = false;
        }
        Ok(())
    }

    fn block_scalar(&mut self) -> Step {
        let style = if self.peek() == b'|' { ScalarStyle::Literal } else { ScalarStyle::Folded };
        let parent = self.blocks.last().map_or(-1, |block| block.column as isize);
        let mark = self.mark();
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        let end = block_scalar_at(self.text, mark, parent, &mut text).ok_or(Unusual)?;
        let done = self.composer.scalar(&text, style, mark).map_err(|_| Unusual);
        self.scratch = text;
        self.at = end.offset;
        self.line = end.line;
        done
    }

    /// Passes blanks and a comment, and the line break.
    fn end_of_line(&mut self) -> Step {
        let before = self.at;
        self.skip_spaces();
        match self.peek() {
            b'\n' => {
                self.at += 1;
                self.line += 1;
                Ok(())
            }
            0 => Ok(()),
            b'#' if self.at > before || self.bytes.get(self.at.wrapping_sub(1)) == Some(&b' ') => {
                self.skip_line();
                Ok(())
            }
            _ => Err(Unusual),
        }
    }

    fn skip_spaces(&mut self) {
        self.at += self.rest().iter().take_while(|byte| **byte == b' ').count();
    }

    fn skip_line(&mut self) {
        match memchr::memchr(b'\n', self.rest()) {
            Some(len) => {
                self.at += len + 1;
                self.line += 1;
            }
            None => self.at = self.bytes.len(),
        }
    }

    fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> u8 {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> u8 {
        self.bytes.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Returns where this is; the column is not needed for values.
    fn mark(&self) -> Mark {
        Mark { offset: self.at, line: self.line, column: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::ParseOptions;

    /// Returns the line at which this way gave up.
    fn gives_up(text: &str) -> Option<u32> {
        let options = ParseOptions::kyaml();
        let mut composer = Composer::new(&options);
        let (bytes, blocks, scratch) = (text.as_bytes(), Vec::new(), String::new());
        let mut reader = Reader { text, bytes, at: 0, line: 0, composer: &mut composer, blocks, scratch };
        match reader.document(false) {
            Ok(()) => None,
            Err(Unusual) => Some(reader.line + 1),
        }
    }

    #[test]
    fn manifests_are_nothing_unusual() {
        let text = "---\n# a\napiVersion: v1\nkind: List # c\nitems:\n- a: \"x\"\n  b:\n  - c\n  -\n  - - d\n    - {e: [f, 'g']}\n  h: |-\n    text\n\n      more\n  i:\nj: >\n  folded\n  text\n\"k\": -1\nl: {}\nm: http://x:80/#y\nn: \"a\\tb\" # c\no: a\n  b\n\n  - c #\n\"p\": 'it''s'\n";
        assert_eq!(gives_up(text), None);
        assert_eq!(
            gives_up(
                "a:\n  description: One of the things, which may be of any kind\n  required:\n  - name\n  - key\n"
            ),
            None
        );
    }

    #[test]
    fn the_rest_is() {
        for text in [
            "a: &x b\n",
            "a: b\n  c: d\n",
            "a: !!str b\n",
            "? a\n",
            "a: 'b\n",
            "a\n",
            "a: b: c\n",
            "- a\nb: c\n",
            "a: \"\\q\"\n",
            "%YAML 1.1\n",
            "a:\tb\n",
            "[a]\n",
            "",
        ] {
            assert!(gives_up(text).is_some(), "{text:?}");
        }
    }
}
