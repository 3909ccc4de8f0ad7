//! From text to tokens, with libyaml's rules as the two Go libraries apply them.

mod block;
mod cursor;
mod directive;
mod fetch;
mod keys;
mod plain;
mod quoted;
mod tag;
mod token;

pub(super) use block::block_scalar_at;
pub(super) use cursor::Mark;
pub(super) use quoted::quoted_at;
pub(super) use token::{Scan, Stage, SyntaxError, Token, TokenKind};

use super::Generation;
use super::reader::ReadError;
use crate::ScalarStyle;
use cursor::Cursor;
use keys::SimpleKey;
use std::borrow::Cow;
use std::collections::VecDeque;

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
    /// Tokens held back until it is known whether they are keys, and the level whose simple key decides. The library
    /// does not forget all it could, so this is not always the key that began with the token.
    held: VecDeque<(usize, usize)>,
    /// Where the colons are, of those not handed out yet, that a comment follows.
    commented: VecDeque<usize>,
    /// Where comments begin, if anybody wants to know.
    comments: Option<Vec<usize>>,
}

/// Returns where the comments of a text begin, as the newer library finds them; those behind `|` and `>` are not among them.
pub(super) fn comments_of(text: &str) -> Scan<Vec<usize>> {
    let mut scanner = Scanner::new(text, false, Generation::V3, None);
    scanner.comments = Some(Vec::new());
    while !matches!(scanner.peek()?.kind, TokenKind::StreamEnd) {
        scanner.take();
    }
    Ok(scanner.comments.unwrap_or_default())
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
            held: VecDeque::new(),
            commented: VecDeque::new(),
            comments: None,
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
            let skipped = self.skip_line_comment();
            if skipped
                && self.flow_level == 0
                && let Some(Token { kind: TokenKind::Value, start, .. }) = self.tokens.back()
            {
                self.commented.push_back(start.offset);
            }
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
            if self.cursor.offset() == 0 && self.cursor.rest().starts_with(b"\xEF\xBB\xBF") {
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
            self.note_comment(0);
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

    /// Tells whether a comment follows the colon at an offset, which must not go down. Only the newer library's scanner knows.
    pub(super) fn take_comment(&mut self, offset: usize) -> bool {
        while self.commented.front().is_some_and(|colon| *colon < offset) {
            self.commented.pop_front();
        }
        self.commented.front() == Some(&offset)
    }

    /// Passes the comment behind a token, which the newer library takes along with it; returns whether there was one.
    fn skip_line_comment(&mut self) -> bool {
        if self.cursor.after_break {
            return false;
        }
        let blanks = (0..COMMENT_WINDOW).take_while(|&ahead| self.cursor.is_blank(ahead)).count();
        let found = blanks < COMMENT_WINDOW && self.cursor.peek(blanks) == b'#';
        if found {
            self.note_comment(blanks);
            self.cursor.skip_line_content();
        }
        found
    }

    fn note_comment(&mut self, ahead: usize) {
        let offset = self.cursor.offset() + ahead;
        if let Some(comments) = &mut self.comments {
            comments.push(offset);
        }
    }

    fn insert(&mut self, number: Option<usize>, token: Token<'a>) {
        // A token that was handed out already cannot be preceded any more.
        match number.and_then(|number| number.checked_sub(self.parsed)) {
            Some(position) => self.tokens.insert(position.min(self.tokens.len()), token),
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
