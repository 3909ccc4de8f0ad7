//! The scanner: template text into tokens.

use crate::go::quote::quote_str;
use crate::go::unicode::{is_digit, is_letter};
use std::borrow::Cow;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Error,
    Bool,
    Char,
    CharConstant,
    Complex,
    Assign,
    Declare,
    Eof,
    Field,
    Identifier,
    LeftDelim,
    LeftParen,
    Number,
    Pipe,
    RawString,
    RightDelim,
    RightParen,
    Space,
    String,
    Text,
    Variable,
    // Keywords follow.
    Block,
    Break,
    Continue,
    Dot,
    Define,
    Else,
    End,
    If,
    Nil,
    Range,
    Template,
    With,
}

/// A token.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) pos: usize,
    pub(super) text: Cow<'a, str>,
    pub(super) line: usize,
}

impl Token<'_> {
    /// Returns the token as error messages show it.
    pub(super) fn describe(&self) -> String {
        match self.kind {
            Kind::Eof => "EOF".to_owned(),
            Kind::Error => self.text.clone().into_owned(),
            kind if kind >= Kind::Block => format!("<{}>", self.text),
            _ if self.text.len() > 10 => {
                format!("{}...", quote_str(&self.text.chars().take(10).collect::<String>()))
            }
            _ => quote_str(&self.text),
        }
    }
}

fn keyword(word: &str) -> Option<Kind> {
    Some(match word {
        "." => Kind::Dot,
        "block" => Kind::Block,
        "break" => Kind::Break,
        "continue" => Kind::Continue,
        "define" => Kind::Define,
        "else" => Kind::Else,
        "end" => Kind::End,
        "if" => Kind::If,
        "range" => Kind::Range,
        "nil" => Kind::Nil,
        "template" => Kind::Template,
        "with" => Kind::With,
        _ => return None,
    })
}

/// The scanner. Tokens are made when asked for.
pub(super) struct Lexer<'a> {
    input: &'a str,
    left: &'a str,
    right: &'a str,
    pos: usize,
    start: usize,
    line: usize,
    start_line: usize,
    parens: usize,
    inside: bool,
    /// `break` is a keyword.
    pub(super) break_ok: bool,
    /// `continue` is a keyword.
    pub(super) continue_ok: bool,
}

/// What a scanning step gives: a token, or another step to take.
enum Step<'a> {
    Token(Token<'a>),
    Text,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(input: &'a str, left: &'a str, right: &'a str) -> Self {
        let left = if left.is_empty() { "{{" } else { left };
        let right = if right.is_empty() { "}}" } else { right };
        Self {
            input,
            left,
            right,
            pos: 0,
            start: 0,
            line: 1,
            start_line: 1,
            parens: 0,
            inside: false,
            break_ok: true,
            continue_ok: true,
        }
    }

    /// Returns the next token; `Eof` for ever after the end.
    pub(super) fn next(&mut self) -> Token<'a> {
        loop {
            let step = if self.inside { Step::Token(self.action()) } else { self.text() };
            if let Step::Token(token) = step {
                return token;
            }
        }
    }

    fn rest(&self) -> &'a str {
        self.input.get(self.pos..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.pos += c.len_utf8();
        self.line += usize::from(c == '\n');
        Some(c)
    }

    /// Moves on over text in which newlines must be counted.
    fn skip(&mut self, len: usize) {
        let text = self.rest().get(..len).unwrap_or_default();
        self.line += memchr::memchr_iter(b'\n', text.as_bytes()).count();
        self.pos += len;
    }

    fn ignore(&mut self) {
        self.start = self.pos;
        self.start_line = self.line;
    }

    fn word(&self) -> &'a str {
        self.input.get(self.start..self.pos).unwrap_or_default()
    }

    fn emit(&mut self, kind: Kind) -> Token<'a> {
        let token = Token { kind, pos: self.start, text: Cow::Borrowed(self.word()), line: self.start_line };
        self.ignore();
        token
    }

    fn fail(&mut self, message: String) -> Token<'a> {
        let token = Token { kind: Kind::Error, pos: self.start, text: message.into(), line: self.start_line };
        (self.input, self.pos, self.start) = ("", 0, 0);
        token
    }

    fn text(&mut self) -> Step<'a> {
        let Some(len) = memchr::memmem::find(self.rest().as_bytes(), self.left.as_bytes()) else {
            self.skip(self.rest().len());
            let kind = if self.pos > self.start { Kind::Text } else { Kind::Eof };
            return Step::Token(self.emit(kind));
        };
        if len > 0 {
            let (text, after) = self.rest().split_at_checked(len).unwrap_or_default();
            let trims = after.get(self.left.len()..).is_some_and(left_trim_marker);
            let kept = if trims { text.trim_end_matches(is_space).len() } else { len };
            self.skip(kept);
            let token = self.emit(Kind::Text);
            self.skip(len - kept);
            self.ignore();
            if kept > 0 {
                return Step::Token(token);
            }
        }
        self.left_delim()
    }

    fn left_delim(&mut self) -> Step<'a> {
        self.skip(self.left.len());
        let marker = if left_trim_marker(self.rest()) { 2 } else { 0 };
        if self.rest().get(marker..).is_some_and(|rest| rest.starts_with("/*")) {
            self.skip(marker);
            self.ignore();
            return self.comment();
        }
        let token = self.emit(Kind::LeftDelim);
        self.inside = true;
        self.skip(marker);
        self.ignore();
        self.parens = 0;
        Step::Token(token)
    }

    fn comment(&mut self) -> Step<'a> {
        let Some(len) = self.rest().get(2..).and_then(|body| body.find("*/")) else {
            return Step::Token(self.fail("unclosed comment".to_owned()));
        };
        self.skip(2 + len + 2);
        let Some(trims) = self.at_right_delim() else {
            return Step::Token(self.fail("comment ends before closing delimiter".to_owned()));
        };
        self.after_right_delim(trims);
        self.ignore();
        Step::Text
    }

    /// Skips the right delimiter with its trim marker, and the space that the marker trims.
    fn after_right_delim(&mut self, trims: bool) {
        self.skip(if trims { 2 + self.right.len() } else { self.right.len() });
        if trims {
            let rest = self.rest();
            self.skip(rest.len() - rest.trim_start_matches(is_space).len());
        }
    }

    /// Tells whether a right delimiter is next, and whether it trims.
    fn at_right_delim(&self) -> Option<bool> {
        let rest = self.rest();
        if right_trim_marker(rest) && rest.get(2..).is_some_and(|rest| rest.starts_with(self.right)) {
            return Some(true);
        }
        rest.starts_with(self.right).then_some(false)
    }

    fn right_delim(&mut self, trims: bool) -> Token<'a> {
        if trims {
            self.skip(2);
            self.ignore();
        }
        self.skip(self.right.len());
        let token = self.emit(Kind::RightDelim);
        if trims {
            let rest = self.rest();
            self.skip(rest.len() - rest.trim_start_matches(is_space).len());
            self.ignore();
        }
        self.inside = false;
        token
    }

    fn action(&mut self) -> Token<'a> {
        if let Some(trims) = self.at_right_delim() {
            return match self.parens {
                0 => self.right_delim(trims),
                _ => self.fail("unclosed left paren".to_owned()),
            };
        }
        let Some(first) = self.peek() else {
            return match self.input.is_empty() && self.pos == 0 {
                // After an error the input is gone, and Go's scanner says so again.
                true => self.fail("unclosed action".to_owned()),
                false => self.fail("unclosed action".to_owned()),
            };
        };
        if is_space(first) {
            return self.space();
        }
        self.bump();
        match first {
            '=' => self.emit(Kind::Assign),
            ':' if self.bump() == Some('=') => self.emit(Kind::Declare),
            ':' => self.fail("expected :=".to_owned()),
            '|' => self.emit(Kind::Pipe),
            '"' => self.quoted('"', Kind::String, "unterminated quoted string"),
            '`' => self.raw_quoted(),
            '$' => self.name(Kind::Variable, Kind::Variable),
            '\'' => self.quoted('\'', Kind::CharConstant, "unterminated character constant"),
            '.' if self.peek().is_some_and(|c| !c.is_ascii_digit()) => self.name(Kind::Field, Kind::Dot),
            '.' | '+' | '-' | '0'..='9' => {
                self.pos = self.start;
                self.number()
            }
            '(' => {
                self.parens += 1;
                self.emit(Kind::LeftParen)
            }
            ')' => match self.parens.checked_sub(1) {
                Some(parens) => {
                    self.parens = parens;
                    self.emit(Kind::RightParen)
                }
                None => self.fail("unexpected right paren".to_owned()),
            },
            c if is_alphanumeric(c) => {
                self.pos = self.start;
                self.identifier()
            }
            ' '..='~' => self.emit(Kind::Char),
            c => self.fail(format!("unrecognized character in action: {}", code_point(Some(c)))),
        }
    }

    fn space(&mut self) -> Token<'a> {
        let mut count = 0;
        while self.peek().is_some_and(is_space) {
            self.bump();
            count += 1;
        }
        // The last space may belong to ` -}}`.
        let last = self.input.get(self.pos - 1..).unwrap_or_default();
        if right_trim_marker(last) && last.get(2..).is_some_and(|rest| rest.starts_with(self.right)) {
            self.pos -= 1;
            self.line -= usize::from(last.starts_with('\n'));
            if count == 1 {
                return self.right_delim(true);
            }
        }
        self.emit(Kind::Space)
    }

    fn identifier(&mut self) -> Token<'a> {
        while self.peek().is_some_and(is_alphanumeric) {
            self.bump();
        }
        if !self.at_terminator() {
            let message = format!("bad character {}", code_point(self.peek()));
            return self.fail(message);
        }
        match self.word() {
            "true" | "false" => self.emit(Kind::Bool),
            word => match keyword(word) {
                Some(Kind::Break) if !self.break_ok => self.emit(Kind::Identifier),
                Some(Kind::Continue) if !self.continue_ok => self.emit(Kind::Identifier),
                Some(kind) => self.emit(kind),
                None => self.emit(Kind::Identifier),
            },
        }
    }

    /// Scans the rest of a field or variable; `bare` is what the mark alone is.
    fn name(&mut self, kind: Kind, bare: Kind) -> Token<'a> {
        if self.at_terminator() {
            return self.emit(bare);
        }
        while self.peek().is_some_and(is_alphanumeric) {
            self.bump();
        }
        if !self.at_terminator() {
            let message = format!("bad character {}", code_point(self.peek()));
            return self.fail(message);
        }
        self.emit(kind)
    }

    fn at_terminator(&self) -> bool {
        match self.peek() {
            None | Some(' ' | '\t' | '\r' | '\n' | '.' | ',' | '|' | ':' | ')' | '(') => true,
            Some(_) => self.rest().starts_with(self.right),
        }
    }

    fn quoted(&mut self, quote: char, kind: Kind, unterminated: &str) -> Token<'a> {
        loop {
            match self.bump() {
                Some('\\') if !matches!(self.peek(), None | Some('\n')) => {
                    self.bump();
                }
                None | Some('\n' | '\\') => return self.fail(unterminated.to_owned()),
                Some(c) if c == quote => return self.emit(kind),
                Some(_) => {}
            }
        }
    }

    fn raw_quoted(&mut self) -> Token<'a> {
        loop {
            match self.bump() {
                None => return self.fail("unterminated raw quoted string".to_owned()),
                Some('`') => return self.emit(Kind::RawString),
                Some(_) => {}
            }
        }
    }

    fn number(&mut self) -> Token<'a> {
        if !self.scan_number() {
            return self.bad_number();
        }
        if matches!(self.peek(), Some('+' | '-')) {
            if !self.scan_number() || !self.word().ends_with('i') {
                return self.bad_number();
            }
            return self.emit(Kind::Complex);
        }
        self.emit(Kind::Number)
    }

    fn bad_number(&mut self) -> Token<'a> {
        let message = format!("bad number syntax: {}", quote_str(self.word()));
        self.fail(message)
    }

    fn accept(&mut self, valid: &str) -> bool {
        let found = self.peek().is_some_and(|c| valid.contains(c));
        if found {
            self.bump();
        }
        found
    }

    fn accept_run(&mut self, valid: &str) {
        while self.accept(valid) {}
    }

    fn scan_number(&mut self) -> bool {
        const DECIMAL: &str = "0123456789_";
        const HEX: &str = "0123456789abcdefABCDEF_";
        self.accept("+-");
        let mut digits = DECIMAL;
        if self.accept("0") {
            if self.accept("xX") {
                digits = HEX;
            } else if self.accept("oO") {
                digits = "01234567_";
            } else if self.accept("bB") {
                digits = "01_";
            }
        }
        self.accept_run(digits);
        if self.accept(".") {
            self.accept_run(digits);
        }
        let exponent = match digits {
            DECIMAL => "eE",
            HEX => "pP",
            _ => "",
        };
        if self.accept(exponent) {
            self.accept("+-");
            self.accept_run(DECIMAL);
        }
        self.accept("i");
        if self.peek().is_some_and(is_alphanumeric) {
            self.bump();
            return false;
        }
        true
    }
}

fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n')
}

fn is_alphanumeric(c: char) -> bool {
    c == '_' || is_letter(c) || is_digit(c)
}

fn left_trim_marker(text: &str) -> bool {
    text.strip_prefix('-').is_some_and(|rest| rest.starts_with(is_space))
}

fn right_trim_marker(text: &str) -> bool {
    text.strip_prefix(is_space).is_some_and(|rest| rest.starts_with('-'))
}

/// Writes a rune as Go's `%#U`.
fn code_point(c: Option<char>) -> String {
    match c {
        None => "U+FFFFFFFFFFFFFFFF".to_owned(),
        Some(c) if crate::go::unicode::is_print(c) => format!("U+{:04X} '{c}'", u32::from(c)),
        Some(c) => format!("U+{:04X}", u32::from(c)),
    }
}
