//! Scalars in their five styles.

use super::analyze::{break_len, is_printable, width};
use super::out::Out;
use crate::ScalarStyle;
use crate::yaml::Generation;

impl Out<'_> {
    /// Writes a scalar in a style it allows.
    pub(super) fn scalar(&mut self, text: &str, style: ScalarStyle, allow_breaks: bool) {
        match style {
            ScalarStyle::Plain => self.plain(text, allow_breaks),
            ScalarStyle::SingleQuoted => self.single_quoted(text, allow_breaks),
            ScalarStyle::DoubleQuoted => self.double_quoted(text, allow_breaks),
            ScalarStyle::Literal => self.literal(text),
            ScalarStyle::Folded => self.folded(text),
        }
    }

    fn plain(&mut self, text: &str, allow_breaks: bool) {
        if !text.is_empty() || self.manner.generation == Generation::V2 {
            self.space();
        }
        self.words(text, allow_breaks);
        if !text.is_empty() || self.manner.generation == Generation::V2 {
            self.whitespace = false;
        }
        self.indention = false;
    }

    /// Writes a line that neither begins nor ends with a space, folding it at single spaces behind the width.
    fn words(&mut self, text: &str, allow_breaks: bool) {
        if !allow_breaks || self.column + text.len() <= self.manner.width {
            self.put_str(text);
            return;
        }
        let mut rest = text;
        while let Some(at) = self.fold(rest) {
            let (line, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            self.put_str(line);
            self.indention = false;
            self.write_indent();
            rest = tail.get(1..).unwrap_or_default();
        }
        self.put_str(rest);
    }

    /// Returns the position of the first single space behind the width.
    fn fold(&self, line: &str) -> Option<usize> {
        let bytes = line.as_bytes();
        // A character has at least one byte.
        let first = (self.manner.width + 1).saturating_sub(self.column);
        let mut column = self.column + bytes.get(..first)?.iter().filter(|byte| is_front(**byte)).count();
        let mut from = first;
        loop {
            let at = from + memchr::memchr(b' ', bytes.get(from..)?)?;
            column += bytes.get(from..at)?.iter().filter(|byte| is_front(**byte)).count();
            let is_space = |at: Option<usize>| at.and_then(|at| bytes.get(at)) == Some(&b' ');
            if column > self.manner.width && !is_space(at.checked_sub(1)) && !is_space(Some(at + 1)) {
                return Some(at);
            }
            column += 1;
            from = at + 1;
        }
    }

    fn single_quoted(&mut self, text: &str, allow_breaks: bool) {
        self.indicator("'", true);
        let mut after_space = false;
        let mut after_break = false;
        let mut rest = text;
        loop {
            let (run, tail) = rest.split_at_checked(quotable_run(rest.as_bytes())).unwrap_or(("", rest));
            if !run.is_empty() {
                if after_break {
                    self.write_indent();
                }
                self.put_ascii(run);
                self.indention = false;
                (after_space, after_break) = (false, false);
                rest = tail;
            }
            let Some(c) = rest.chars().next() else { break };
            let (this, tail) = rest.split_at_checked(c.len_utf8()).unwrap_or((rest, ""));
            if c == ' ' {
                let inside = rest.len() < text.len() && !tail.is_empty();
                if allow_breaks
                    && !after_space
                    && self.column > self.manner.width
                    && inside
                    && !tail.starts_with(' ')
                {
                    self.write_indent();
                } else {
                    self.put(b' ');
                }
                after_space = true;
            } else if break_len(rest.as_bytes()) > 0 {
                if !after_break && c == '\n' {
                    self.put_break();
                }
                self.put_own_break(this);
                after_break = true;
            } else {
                if after_break {
                    self.write_indent();
                }
                if c == '\'' {
                    self.put(b'\'');
                }
                self.put_str(this);
                self.indention = false;
                after_space = false;
                after_break = false;
            }
            rest = tail;
        }
        self.indicator("'", false);
    }

    fn double_quoted(&mut self, text: &str, allow_breaks: bool) {
        self.indicator("\"", true);
        if self.column + text.len() <= self.manner.width
            && text.bytes().all(|byte| matches!(byte, b' ' | b'!' | b'#'..=b'[' | b']'..=b'~'))
        {
            self.put_ascii(text);
            self.indicator("\"", false);
            return;
        }
        // The library asks for a byte order mark at the front, whatever character it is at.
        let escape_all = text.starts_with('\u{FEFF}');
        let mut after_space = false;
        let mut rest = text;
        while !rest.is_empty() {
            let run = if escape_all { 0 } else { plain_run(rest.as_bytes()) };
            if run > 0 {
                let (plain, tail) = rest.split_at_checked(run).unwrap_or((rest, ""));
                self.put_str(plain);
                after_space = false;
                rest = tail;
                continue;
            }
            let Some(c) = rest.chars().next() else { break };
            let tail = rest.get(c.len_utf8()..).unwrap_or_default();
            if c == ' ' && !escape_all {
                let inside = rest.len() < text.len() && !tail.is_empty();
                if allow_breaks && !after_space && self.column > self.manner.width && inside {
                    self.write_indent();
                    if tail.starts_with(' ') {
                        self.put(b'\\');
                    }
                } else {
                    self.put(b' ');
                }
                after_space = true;
            } else {
                self.escape(c);
                after_space = false;
            }
            rest = tail;
        }
        self.indicator("\"", false);
    }

    fn escape(&mut self, c: char) {
        let short = match c {
            '\0' => "\\0",
            '\u{7}' => "\\a",
            '\u{8}' => "\\b",
            '\t' => "\\t",
            '\n' => "\\n",
            '\u{B}' => "\\v",
            '\u{C}' => "\\f",
            '\r' => "\\r",
            '\u{1B}' => "\\e",
            '"' => "\\\"",
            '\\' => "\\\\",
            '\u{85}' => "\\N",
            '\u{A0}' => "\\_",
            '\u{2028}' => "\\L",
            '\u{2029}' => "\\P",
            _ => {
                let code = u32::from(c);
                self.put_str(&match code {
                    0..=0xFF => ecow::eco_format!("\\x{code:02X}"),
                    0x100..=0xFFFF => ecow::eco_format!("\\u{code:04X}"),
                    _ => ecow::eco_format!("\\U{code:08X}"),
                });
                return;
            }
        };
        self.put_str(short);
    }

    fn block_hints(&mut self, text: &str) {
        let bytes = text.as_bytes();
        if bytes.first() == Some(&b' ') || break_len(bytes) > 0 {
            self.indicator(&ecow::eco_format!("{}", self.manner.indent), false);
        }
        let mut from_end =
            text.char_indices().rev().map(|(at, _)| break_len(bytes.get(at..).unwrap_or_default()) > 0);
        let hint = match (from_end.next(), from_end.next()) {
            (None | Some(false), _) => "-",
            (Some(true), None | Some(true)) => "+",
            (Some(true), Some(false)) => "",
        };
        if !hint.is_empty() {
            self.indicator(hint, false);
        }
    }

    fn literal(&mut self, text: &str) {
        self.indicator("|", true);
        self.block_hints(text);
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        let mut rest = text;
        if text.is_ascii() && !text.contains('\r') {
            rest = self.lines(text);
        }
        while !rest.is_empty() {
            let (line, line_break, tail) = split_line(rest);
            if !line.is_empty() {
                self.write_indent();
                self.put_str(line);
                self.indention = false;
            }
            if !line_break.is_empty() {
                self.put_own_break(line_break);
            }
            rest = tail;
        }
    }

    /// Writes the lines that `\n` ends and returns what is behind them.
    fn lines<'t>(&mut self, text: &'t str) -> &'t str {
        let mut rest = text;
        while let Some(at) = memchr::memchr(b'\n', rest.as_bytes()) {
            let (line, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
            if !line.is_empty() {
                self.write_indent();
                self.put_ascii(line);
            }
            self.put_own_break("\n");
            rest = tail.get(1..).unwrap_or_default();
        }
        rest
    }

    fn folded(&mut self, text: &str) {
        self.indicator(">", true);
        self.block_hints(text);
        self.put_break();
        self.indention = true;
        self.whitespace = true;
        // The library asks what follows the breaks at the very front, whichever breaks it is at.
        let front = text.trim_start_matches(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}']);
        let blank_front = matches!(front.as_bytes().first(), None | Some(b' ' | b'\t' | 0));
        let mut leading_space = true;
        let mut rest = text;
        while !rest.is_empty() {
            let (line, line_break, tail) = split_line(rest);
            if !line.is_empty() {
                self.write_indent();
                leading_space = line.starts_with([' ', '\t']);
                self.folded_line(line);
            }
            if !line_break.is_empty() {
                if !line.is_empty() && !leading_space && line_break == "\n" && !blank_front {
                    self.put_break();
                }
                self.put_own_break(line_break);
            }
            rest = tail;
        }
    }

    fn folded_line(&mut self, line: &str) {
        self.indention = false;
        if self.column + line.len() <= self.manner.width {
            self.put_str(line);
            return;
        }
        let mut rest = line;
        while let Some(c) = rest.chars().next() {
            let (this, tail) = rest.split_at_checked(c.len_utf8()).unwrap_or((rest, ""));
            let fold = c == ' ' && rest.len() < line.len() && !tail.starts_with(' ');
            match fold && self.column > self.manner.width {
                true => self.write_indent(),
                false => self.put_str(this),
            }
            self.indention = false;
            rest = tail;
        }
    }
}

/// Returns the length of the ASCII that a single-quoted scalar holds as it is, up to a space.
fn quotable_run(bytes: &[u8]) -> usize {
    let ends = |byte: &u8| !matches!(byte, b'!'..=b'&' | b'('..=b'~');
    bytes.iter().position(ends).unwrap_or(bytes.len())
}

/// Tells whether a byte is the first of its character.
fn is_front(byte: u8) -> bool {
    byte & 0xC0 != 0x80
}

/// Returns the length of what a double-quoted scalar holds as it is, up to a space.
fn plain_run(bytes: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let rest = bytes.get(at..).unwrap_or_default();
        let stands = match byte {
            b' ' | b'"' | b'\\' => false,
            0x21..=0x7E => true,
            _ => is_printable(rest) && break_len(rest) == 0,
        };
        if !stands {
            break;
        }
        at += width(byte);
    }
    at
}

/// Splits off a line and its break.
fn split_line(text: &str) -> (&str, &str, &str) {
    let bytes = text.as_bytes();
    let candidates = memchr::memchr3_iter(b'\n', b'\r', 0xE2, bytes).chain(std::iter::once(bytes.len()));
    for at in candidates {
        let len = break_len(bytes.get(at..).unwrap_or_default());
        if len > 0 || at == bytes.len() {
            let (line, rest) = text.split_at_checked(at).unwrap_or((text, ""));
            let (line_break, tail) = rest.split_at_checked(len).unwrap_or((rest, ""));
            return (line, line_break, tail);
        }
    }
    (text, "", "")
}
