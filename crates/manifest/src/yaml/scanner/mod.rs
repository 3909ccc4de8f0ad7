//! From text to tokens, with libyaml's rules as the two Go libraries apply them.

mod block;
mod cursor;
mod directive;
mod plain;
mod quoted;
mod tag;
mod token;

pub(super) use cursor::Mark;
pub(super) use token::{Scan, Stage, SyntaxError, Token, TokenKind};

use super::Generation;
use super::reader::ReadError;
use crate::ScalarStyle;
use cursor::Cursor;
use std::borrow::Cow;
use std::collections::VecDeque;

/// A place where `key:` may have begun.
#[derive(Clone, Copy, Debug)]
struct SimpleKey {
    possible: bool,
    /// Nothing but a key makes sense there.
    required: bool,
    /// The number of the token that began there.
    token: usize,
    mark: Mark,
    index: usize,
}

/// Both libraries refuse to nest deeper.
const MAX_DEPTH: usize = 10_000;
/// A key on one line may be this many characters long.
const MAX_KEY: usize = 1024;
/// The newer library looks this far for the next comment.
const COMMENT_WINDOW: usize = 512;

/// Turns a text into tokens.
#[derive(Debug)]
pub(super) struct Scanner<'a> {
    cursor: Cursor<'a>,
    generation: Generation,
    /// What follows where the readable text ends.
    read_error: Option<ReadError>,
    tokens: VecDeque<Token<'a>>,
    /// Tokens handed out.
    parsed: usize,
    /// Whether the token at the front is final.
    available: bool,
    /// The column of the current block; -1 outside of all.
    indent: isize,
    indents: Vec<isize>,
    flow_level: usize,
    simple_key_allowed: bool,
    /// One for each flow level and one for the block context.
    simple_keys: Vec<SimpleKey>,
}

impl<'a> Scanner<'a> {
    pub(super) fn new(
        text: &'a str,
        odd_breaks: bool,
        generation: Generation,
        read_error: Option<ReadError>,
    ) -> Self {
        let key = SimpleKey { possible: false, required: false, token: 0, mark: Mark::default(), index: 0 };
        Self {
            cursor: Cursor::new(text, odd_breaks),
            generation,
            read_error,
            tokens: VecDeque::new(),
            parsed: 0,
            available: false,
            indent: -1,
            indents: Vec::new(),
            flow_level: 0,
            simple_key_allowed: true,
            simple_keys: vec![key],
        }
    }

    /// Returns the next token without taking it.
    pub(super) fn peek(&mut self) -> Scan<&Token<'a>> {
        if !self.available {
            self.fetch_more()?;
            self.available = true;
        }
        match self.tokens.front() {
            Some(token) => Ok(token),
            None => Err(self.error_at(None, "did not find expected <stream-start>")),
        }
    }

    /// Takes the token that was peeked at.
    pub(super) fn take(&mut self) -> Option<Token<'a>> {
        self.available = false;
        self.parsed += 1;
        self.tokens.pop_front()
    }

    /// Fetches until it is known what the token at the front is. The newer library always has three in its queue.
    fn fetch_more(&mut self) -> Scan<()> {
        let lookahead = match self.generation {
            Generation::V2 => 1,
            Generation::V3 => 3,
        };
        loop {
            if self.tokens.len() >= lookahead && !self.front_may_be_key()? {
                return Ok(());
            }
            let fetched = self.fetch();
            if let Some(error) = self.read_error
                && self.cursor.at_end()
            {
                return Err(Box::new(SyntaxError {
                    stage: Stage::Reader,
                    context: None,
                    problem: Mark { offset: error.offset, ..Mark::default() },
                    message: error.problem,
                }));
            }
            fetched?;
        }
    }

    fn front_may_be_key(&mut self) -> Scan<bool> {
        // Outer levels hold earlier tokens, so the stack is sorted.
        let found = self.simple_keys.binary_search_by_key(&self.parsed, |key| key.token);
        match found {
            Ok(level) => self.check_simple_key(level),
            Err(_) => Ok(false),
        }
    }

    fn fetch(&mut self) -> Scan<()> {
        self.skip_to_token();
        self.unroll_indent(self.cursor.column() as isize);
        let byte = self.cursor.peek(0);
        if byte == 0 {
            return self.fetch_stream_end();
        }
        if byte == b'%' && self.cursor.column() == 0 {
            return self.fetch_directive();
        }
        if self.cursor.at_document_marker() {
            let kind = if byte == b'-' { TokenKind::DocumentStart } else { TokenKind::DocumentEnd };
            return self.fetch_document_marker(kind);
        }
        self.fetch_content(byte)?;
        if self.generation == Generation::V3
            && !matches!(self.tokens.back(), Some(Token { kind: TokenKind::BlockEntry, .. }))
        {
            self.skip_line_comment();
        }
        Ok(())
    }

    fn fetch_content(&mut self, byte: u8) -> Scan<()> {
        let block = self.flow_level == 0;
        let ends = |scanner: &Self| scanner.cursor.is_blank_or_end(1);
        match byte {
            b'[' => self.fetch_flow_start(TokenKind::FlowSequenceStart),
            b'{' => self.fetch_flow_start(TokenKind::FlowMappingStart),
            b']' => self.fetch_flow_end(TokenKind::FlowSequenceEnd),
            b'}' => self.fetch_flow_end(TokenKind::FlowMappingEnd),
            b',' => self.fetch_flow_entry(),
            b'-' if ends(self) => self.fetch_block_entry(),
            b'?' if !block || ends(self) => self.fetch_key(),
            b':' if !block || ends(self) => self.fetch_value(),
            b'*' | b'&' => self.fetch_anchor(byte == b'*'),
            b'!' => self.fetch_tag(),
            b'|' | b'>' if block => self.fetch_block_scalar(byte == b'|'),
            b'\'' | b'"' => self.fetch_quoted(byte),
            b'\t' | b'#' | b'|' | b'>' | b'%' | b'@' | b'`' => {
                Err(self.error_here("found character that cannot start any token"))
            }
            _ => self.fetch_plain(),
        }
    }

    /// Passes blanks, comments and line breaks.
    fn skip_to_token(&mut self) {
        loop {
            if self.cursor.column() == 0 && self.cursor.rest().starts_with(b"\xEF\xBB\xBF") {
                self.cursor.skip();
            }
            if self.flow_level > 0 || !self.simple_key_allowed {
                self.cursor.skip_blanks();
            } else {
                self.cursor.skip_spaces(usize::MAX);
            }
            if self.cursor.peek(0) == b'#' {
                self.skip_comments();
            }
            if !self.cursor.is_break(0) {
                return;
            }
            self.cursor.take_break();
            if self.flow_level == 0 {
                self.simple_key_allowed = true;
            }
        }
    }

    /// Passes a comment; in the newer library also the comment lines that follow, whatever they are indented with.
    fn skip_comments(&mut self) {
        loop {
            self.cursor.skip_line_content();
            if self.generation == Generation::V2 {
                return;
            }
            let blank =
                |ahead: &usize| self.cursor.is_blank(*ahead) || self.cursor.is_break(*ahead) || *ahead == 0;
            let distance = (0..COMMENT_WINDOW).take_while(blank).count();
            if distance >= COMMENT_WINDOW || self.cursor.peek(distance) != b'#' {
                return;
            }
            let target = self.cursor.offset() + distance;
            while self.cursor.offset() < target {
                match self.cursor.is_break(0) {
                    true => {
                        self.cursor.take_break();
                    }
                    false => self.cursor.skip(),
                }
            }
        }
    }

    /// Passes the comment behind a token, which the newer library takes along with it.
    fn skip_line_comment(&mut self) {
        if self.cursor.after_break {
            return;
        }
        let blanks = (0..COMMENT_WINDOW).take_while(|&ahead| self.cursor.is_blank(ahead)).count();
        if blanks < COMMENT_WINDOW && self.cursor.peek(blanks) == b'#' {
            self.cursor.skip_line_content();
        }
    }

    /// Checks a possible key again; one that is too far away is none.
    fn check_simple_key(&mut self, level: usize) -> Scan<bool> {
        let (line, index) = (self.cursor.line(), self.cursor.index());
        let Some(key) = self.simple_keys.get_mut(level) else { return Ok(false) };
        if !key.possible {
            return Ok(false);
        }
        if key.mark.line < line || key.index + MAX_KEY < index {
            if key.required {
                let mark = key.mark;
                return Err(self.error_at(Some(mark), "could not find expected ':'"));
            }
            key.possible = false;
            return Ok(false);
        }
        Ok(true)
    }

    fn save_simple_key(&mut self) -> Scan<()> {
        if !self.simple_key_allowed {
            return Ok(());
        }
        let required = self.flow_level == 0 && self.indent == self.cursor.column() as isize;
        self.remove_simple_key()?;
        let key = SimpleKey {
            possible: true,
            required,
            token: self.parsed + self.tokens.len(),
            mark: self.cursor.mark(),
            index: self.cursor.index(),
        };
        if let Some(slot) = self.simple_keys.last_mut() {
            *slot = key;
        }
        Ok(())
    }

    fn remove_simple_key(&mut self) -> Scan<()> {
        match self.simple_keys.last_mut() {
            Some(key) if key.possible => {
                if key.required {
                    let mark = key.mark;
                    return Err(self.error_at(Some(mark), "could not find expected ':'"));
                }
                key.possible = false;
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Opens a block collection if the column is further right than the current one.
    fn roll_indent(
        &mut self,
        column: u32,
        token: Option<usize>,
        kind: TokenKind<'a>,
        mark: Mark,
    ) -> Scan<()> {
        let column = column as isize;
        if self.flow_level > 0 || self.indent >= column {
            return Ok(());
        }
        self.indents.push(self.indent);
        self.indent = column;
        if self.indents.len() > MAX_DEPTH {
            let context = self.simple_keys.last().map(|key| key.mark);
            return Err(self.error_at(context, "exceeded max depth of 10000"));
        }
        self.insert(token, Token { kind, start: mark, end: mark });
        Ok(())
    }

    /// Closes the block collections that are further right than the column.
    fn unroll_indent(&mut self, column: isize) {
        if self.flow_level > 0 {
            return;
        }
        while self.indent > column {
            let mark = self.cursor.mark();
            self.tokens.push_back(Token { kind: TokenKind::BlockEnd, start: mark, end: mark });
            self.indent = self.indents.pop().unwrap_or(-1);
        }
    }

    fn insert(&mut self, number: Option<usize>, token: Token<'a>) {
        match number {
            Some(number) => {
                self.tokens.insert(number.saturating_sub(self.parsed).min(self.tokens.len()), token)
            }
            None => self.tokens.push_back(token),
        }
    }

    fn push(&mut self, kind: TokenKind<'a>, start: Mark) {
        let end = self.cursor.mark();
        self.tokens.push_back(Token { kind, start, end });
    }

    /// Passes `len` characters and makes them a token.
    fn push_indicator(&mut self, kind: TokenKind<'a>, len: usize) {
        let start = self.cursor.mark();
        self.cursor.skip_bytes(len);
        self.push(kind, start);
    }

    fn fetch_stream_end(&mut self) -> Scan<()> {
        self.cursor.finish_line();
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        let mark = self.cursor.mark();
        self.push(TokenKind::StreamEnd, mark);
        Ok(())
    }

    fn fetch_document_marker(&mut self, kind: TokenKind<'a>) -> Scan<()> {
        self.unroll_indent(-1);
        self.remove_simple_key()?;
        self.simple_key_allowed = false;
        self.push_indicator(kind, 3);
        Ok(())
    }

    fn fetch_flow_start(&mut self, kind: TokenKind<'a>) -> Scan<()> {
        self.save_simple_key()?;
        let key = SimpleKey {
            possible: false,
            required: false,
            token: self.parsed + self.tokens.len(),
            mark: self.cursor.mark(),
            index: self.cursor.index(),
        };
        self.simple_keys.push(key);
        self.flow_level += 1;
        if self.flow_level > MAX_DEPTH {
            return Err(self.error_at(Some(key.mark), "exceeded max depth of 10000"));
        }
        self.simple_key_allowed = true;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_end(&mut self, kind: TokenKind<'a>) -> Scan<()> {
        self.remove_simple_key()?;
        if self.flow_level > 0 {
            self.flow_level -= 1;
            self.simple_keys.pop();
        }
        self.simple_key_allowed = false;
        self.push_indicator(kind, 1);
        Ok(())
    }

    fn fetch_flow_entry(&mut self) -> Scan<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::FlowEntry, 1);
        Ok(())
    }

    fn fetch_block_entry(&mut self) -> Scan<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error_here("block sequence entries are not allowed in this context"));
            }
            let mark = self.cursor.mark();
            self.roll_indent(mark.column, None, TokenKind::BlockSequenceStart, mark)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.push_indicator(TokenKind::BlockEntry, 1);
        Ok(())
    }

    fn fetch_key(&mut self) -> Scan<()> {
        if self.flow_level == 0 {
            if !self.simple_key_allowed {
                return Err(self.error_here("mapping keys are not allowed in this context"));
            }
            let mark = self.cursor.mark();
            self.roll_indent(mark.column, None, TokenKind::BlockMappingStart, mark)?;
        }
        self.remove_simple_key()?;
        self.simple_key_allowed = self.flow_level == 0;
        self.push_indicator(TokenKind::Key, 1);
        Ok(())
    }

    fn fetch_value(&mut self) -> Scan<()> {
        let level = self.simple_keys.len().saturating_sub(1);
        if self.check_simple_key(level)?
            && let Some(key) = self.simple_keys.get_mut(level)
        {
            key.possible = false;
            let key = *key;
            self.insert(Some(key.token), Token { kind: TokenKind::Key, start: key.mark, end: key.mark });
            self.roll_indent(key.mark.column, Some(key.token), TokenKind::BlockMappingStart, key.mark)?;
            self.simple_key_allowed = false;
        } else {
            if self.flow_level == 0 {
                if !self.simple_key_allowed {
                    return Err(self.error_here("mapping values are not allowed in this context"));
                }
                let mark = self.cursor.mark();
                self.roll_indent(mark.column, None, TokenKind::BlockMappingStart, mark)?;
            }
            self.simple_key_allowed = self.flow_level == 0;
        }
        self.push_indicator(TokenKind::Value, 1);
        Ok(())
    }

    fn fetch_block_scalar(&mut self, literal: bool) -> Scan<()> {
        self.remove_simple_key()?;
        self.simple_key_allowed = true;
        self.scan_block_scalar(literal)
    }

    fn fetch_quoted(&mut self, quote: u8) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_quoted(quote)
    }

    fn fetch_plain(&mut self) -> Scan<()> {
        self.save_simple_key()?;
        self.simple_key_allowed = false;
        self.scan_plain()
    }

    fn push_scalar(&mut self, text: Cow<'a, str>, style: ScalarStyle, start: Mark, end: Mark) {
        self.tokens.push_back(Token { kind: TokenKind::Scalar(text, style), start, end });
    }

    /// Returns an error that began and was found here.
    fn error_here(&self, message: &'static str) -> Box<SyntaxError> {
        self.error_at(Some(self.cursor.mark()), message)
    }

    /// Returns an error that was found here.
    fn error_at(&self, context: Option<Mark>, message: &'static str) -> Box<SyntaxError> {
        Box::new(SyntaxError { stage: Stage::Scanner, context, problem: self.cursor.mark(), message })
    }
}
