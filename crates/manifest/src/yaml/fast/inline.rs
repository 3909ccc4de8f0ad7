//! What stands on one line: keys, scalars, flow collections.

use super::{Reader, Step, Unusual};
use crate::ScalarStyle;
use crate::yaml::scanner::quoted_at;
use std::borrow::Cow;

/// Keys longer than this are left to the full way, which knows the libraries' limit.
const MAX_KEY: usize = 1000;
/// Flow collections deeper than this too.
const MAX_FLOW: usize = 32;

/// Bytes that may end a plain scalar.
const SPECIAL: [bool; 256] = {
    let mut table = [false; 256];
    let special = *b"\n\t#:,]}[{?";
    let mut at = 0;
    while at < special.len() {
        #[expect(clippy::indexing_slicing, reason = "a constant: the compiler has checked it")]
        {
            table[special[at] as usize] = true;
        }
        at += 1;
    }
    table
};

/// What ended a plain scalar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// `: `
    Colon,
    /// A line break, the end of the text, or a comment.
    Line,
    /// `,`, `]` or `}` in a flow collection.
    Flow,
}

impl<'t> Reader<'t, '_, '_> {
    /// Takes a key with its colon; takes nothing and returns `None` if there is none.
    pub(super) fn key(&mut self) -> Step<Option<(Cow<'t, str>, ScalarStyle)>> {
        let (start, line) = (self.at, self.line);
        let (key, style) = match self.peek() {
            b'\'' | b'"' => self.quoted()?,
            b'[' | b'{' | b'|' | b'>' => return Ok(None),
            _ => match self.plain(false)? {
                (key, End::Colon) => (Cow::Borrowed(key), ScalarStyle::Plain),
                _ => {
                    self.at = start;
                    return Ok(None);
                }
            },
        };
        self.skip_spaces();
        if self.peek() != b':' || !matches!(self.peek_at(1), b' ' | b'\n' | 0) {
            self.at = start;
            self.line = line;
            return Ok(None);
        }
        if self.at - start > MAX_KEY || self.line != line {
            return Err(Unusual);
        }
        self.at += 1;
        Ok(Some((key, style)))
    }

    /// Reads a scalar or a flow collection; a plain scalar may go on below.
    pub(super) fn inline_value(&mut self) -> Step {
        match self.peek() {
            b'[' | b'{' => self.flow(),
            b'\'' | b'"' => {
                let (text, style) = self.quoted()?;
                self.scalar(&text, style)
            }
            _ => match self.plain(false)? {
                (text, End::Line) if self.goes_on().is_none() => self.scalar(text, ScalarStyle::Plain),
                (text, End::Line) => self.folded(text),
                _ => Err(Unusual),
            },
        }
    }

    /// Returns how many line breaks follow and where the next line of the scalar that ends here begins, if one does.
    fn goes_on(&self) -> Option<(usize, usize)> {
        let parent = self.blocks.last()?.column;
        let mut rest = self.rest();
        let mut breaks = 0;
        loop {
            let column = rest.iter().take_while(|byte| **byte == b' ').count();
            rest = rest.get(column..).unwrap_or_default();
            match rest.first() {
                Some(b'\n') => {
                    breaks += 1;
                    rest = rest.get(1..).unwrap_or_default();
                }
                Some(byte) if breaks > 0 && column > parent && *byte != b'#' => {
                    return Some((breaks, self.bytes.len() - rest.len()));
                }
                _ => return None,
            }
        }
    }

    /// Reads a plain scalar of several lines.
    fn folded(&mut self, first: &str) -> Step {
        let mark = self.mark();
        let mut text = std::mem::take(&mut self.scratch);
        text.clear();
        text.push_str(first);
        while let Some((breaks, next)) = self.goes_on() {
            self.line += breaks as u32;
            self.at = next;
            match breaks {
                1 => text.push(' '),
                _ => (1..breaks).for_each(|_| text.push('\n')),
            }
            match self.continuation()? {
                (line, End::Line) => text.push_str(line),
                _ => return Err(Unusual),
            }
        }
        let done = self.composer.scalar(&text, ScalarStyle::Plain, mark).map_err(|_| Unusual);
        self.scratch = text;
        done
    }

    /// Takes a quoted scalar.
    fn quoted(&mut self) -> Step<(Cow<'t, str>, ScalarStyle)> {
        let quote = self.peek();
        let style = if quote == b'"' { ScalarStyle::DoubleQuoted } else { ScalarStyle::SingleQuoted };
        let rest = self.rest().get(1..).unwrap_or_default();
        let special = |byte: &u8| *byte == quote || *byte == b'\\' && quote == b'"' || *byte < b' ';
        let len = rest.iter().position(special).ok_or(Unusual)?;
        if rest.get(len) == Some(&quote) && (quote == b'"' || rest.get(len + 1) != Some(&b'\'')) {
            let text = self.text.get(self.at + 1..self.at + 1 + len).ok_or(Unusual)?;
            self.at += len + 2;
            return Ok((Cow::Borrowed(text), style));
        }
        let mut text = String::new();
        let end = quoted_at(self.text, self.mark(), &mut text).ok_or(Unusual)?;
        self.at = end.offset;
        self.line = end.line;
        Ok((Cow::Owned(text), style))
    }

    /// Takes a plain scalar without the blanks behind it.
    fn plain(&mut self, flow: bool) -> Step<(&'t str, End)> {
        let rest = self.rest();
        let may_begin = match rest {
            [b'-', next, ..] => {
                !(matches!(next, b' ' | b'\n') || flow && matches!(next, b',' | b'[' | b']' | b'{' | b'}'))
            }
            [b'?' | b':' | b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*', ..] => false,
            [b'!' | b'|' | b'>' | b'\'' | b'"' | b'%' | b'@' | b'`' | b'\t', ..] => false,
            [_, _, ..] => true,
            [single] => single.is_ascii_alphanumeric(),
            [] => false,
        };
        if !may_begin {
            return Err(Unusual);
        }
        self.plain_rest(flow)
    }

    /// Takes a further line of a plain scalar, which may begin with anything.
    fn continuation(&mut self) -> Step<(&'t str, End)> {
        self.plain_rest(false)
    }

    fn plain_rest(&mut self, flow: bool) -> Step<(&'t str, End)> {
        let rest = self.rest();
        let mut len = 0;
        let end = loop {
            let tail = rest.get(len..).unwrap_or_default();
            let Some(next) = tail.iter().position(|byte| SPECIAL.get(usize::from(*byte)) == Some(&true))
            else {
                len = rest.len();
                break End::Line;
            };
            len += next;
            match rest.get(len) {
                None | Some(b'\n') => break End::Line,
                Some(b'\t') => return Err(Unusual),
                Some(b'#') if len.checked_sub(1).and_then(|before| rest.get(before)) == Some(&b' ') => {
                    break End::Line;
                }
                Some(b':') if matches!(rest.get(len + 1), None | Some(b' ' | b'\t' | b'\n')) => {
                    break End::Colon;
                }
                Some(b',' | b']' | b'}') if flow => break End::Flow,
                Some(b'[' | b'{' | b'?') if flow => return Err(Unusual),
                Some(_) => len += 1,
            }
        };
        let text = self.text.get(self.at..self.at + len).ok_or(Unusual)?.trim_end_matches(' ');
        self.at += text.len();
        Ok((text, end))
    }

    /// Reads a flow collection that ends on this line.
    fn flow(&mut self) -> Step {
        // For each level, whether it is a map.
        let mut levels: Vec<bool> = Vec::new();
        loop {
            self.skip_spaces();
            let open = self.peek();
            if matches!(open, b'[' | b'{') {
                let map = open == b'{';
                let mark = self.mark();
                let opened = match map {
                    true => self.composer.begin_mapping(None, mark, true),
                    false => self.composer.begin_sequence(None, mark, true),
                };
                opened.map_err(|_| Unusual)?;
                levels.push(map);
                if levels.len() > MAX_FLOW {
                    return Err(Unusual);
                }
                self.at += 1;
                self.skip_spaces();
                if self.peek() != if map { b'}' } else { b']' } {
                    if map {
                        self.flow_key()?;
                    }
                    continue;
                }
            } else {
                self.flow_scalar()?;
                self.skip_spaces();
                if self.peek() == b',' {
                    self.at += 1;
                    self.skip_spaces();
                    if levels.last() == Some(&true) {
                        self.flow_key()?;
                    }
                    continue;
                }
            }
            if self.flow_ends(&mut levels)? {
                return Ok(());
            }
        }
    }

    /// Takes closing brackets, and the comma behind them; true when none is open any more.
    fn flow_ends(&mut self, levels: &mut Vec<bool>) -> Step<bool> {
        loop {
            self.skip_spaces();
            let Some(map) = levels.last().copied() else { return Ok(true) };
            match self.peek() {
                b'}' if map => {}
                b']' if !map => {}
                b',' => {
                    self.at += 1;
                    self.skip_spaces();
                    if map {
                        self.flow_key()?;
                    }
                    return Ok(false);
                }
                _ => return Err(Unusual),
            }
            self.at += 1;
            levels.pop();
            self.composer.end().map_err(|_| Unusual)?;
        }
    }

    /// Takes a key of a flow map with its colon.
    fn flow_key(&mut self) -> Step {
        let (start, line) = (self.at, self.line);
        let (key, style) = match self.peek() {
            b'\'' | b'"' => self.quoted()?,
            _ => match self.plain(true)? {
                (key, End::Colon) => (Cow::Borrowed(key), ScalarStyle::Plain),
                _ => return Err(Unusual),
            },
        };
        self.skip_spaces();
        if self.peek() != b':' || self.at - start > MAX_KEY || self.line != line {
            return Err(Unusual);
        }
        self.scalar(&key, style)?;
        self.at += 1;
        Ok(())
    }

    fn flow_scalar(&mut self) -> Step {
        let (text, style) = match self.peek() {
            b'\'' | b'"' => self.quoted()?,
            _ => match self.plain(true)? {
                (text, End::Flow) => (Cow::Borrowed(text), ScalarStyle::Plain),
                _ => return Err(Unusual),
            },
        };
        let mark = self.mark();
        self.composer.scalar(&text, style, mark).map_err(|_| Unusual)
    }
}
