//! The native syntax: blocks and arguments are read, expressions skipped. Nothing recurses.

use super::{Argument, Block, Body, HclError};
use crate::{EcoString, Limits, Position};

pub(super) fn parse(text: &[u8], limits: &Limits) -> Result<Body, HclError> {
    let error = |code, message: &str, at| HclError {
        code,
        message: message.to_owned(),
        position: Position::of(text, at),
    };
    if text.len() > limits.max_bytes {
        return Err(error("hcl/limit", "the file is larger than the limit allows", 0));
    }
    let text = match std::str::from_utf8(text) {
        Ok(text) => text,
        Err(bad) => return Err(error("hcl/encoding", "the file is not UTF-8", bad.valid_up_to())),
    };
    let start = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let mut scan = Scan { text, at: start, max_depth: limits.max_depth, last: Position::of(b"", 0) };
    scan.file().map_err(|bad| error(bad.code, bad.message, bad.at))
}

/// What is wrong, and at which byte.
struct Bad {
    code: &'static str,
    message: &'static str,
    at: usize,
}

type Scanned<T> = Result<T, Bad>;

fn syntax<T>(message: &'static str, at: usize) -> Scanned<T> {
    Err(Bad { code: "hcl/syntax", message, at })
}

/// What an expression is inside of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    /// `(`, `[`, `{`, or `${` in a text, with where it was opened.
    Bracket(char, usize),
    /// A quoted text, with where it was opened.
    Quotes(usize),
}

/// A block that is being read.
struct Open {
    kind: EcoString,
    labels: Vec<EcoString>,
    position: Position,
    body: Body,
}

struct Scan<'a> {
    text: &'a str,
    at: usize,
    max_depth: usize,
    /// The position that was asked for last; they are asked for in order.
    last: Position,
}

impl<'a> Scan<'a> {
    fn file(&mut self) -> Scanned<Body> {
        let mut open: Vec<Open> = Vec::new();
        let mut root = Body::default();
        loop {
            self.space(true)?;
            let at = self.at;
            match self.peek() {
                None => break,
                Some('}') => {
                    self.at += 1;
                    let Some(done) = open.pop() else { return syntax("a `}` closes nothing", at) };
                    let Open { kind, labels, position, body } = done;
                    let block = Block { kind, labels, body, position };
                    open.last_mut().map_or(&mut root, |open| &mut open.body).blocks.push(block);
                }
                Some(first) if is_name_start(first) => {
                    let position = self.position(at);
                    let name = self.name();
                    self.space(false)?;
                    if self.peek() == Some('=') && !self.rest().starts_with("==") {
                        self.at += 1;
                        let text = self.expression()?;
                        let argument = Argument { name, text, position };
                        open.last_mut().map_or(&mut root, |open| &mut open.body).arguments.push(argument);
                        continue;
                    }
                    if open.len() >= self.max_depth {
                        return Err(Bad { code: "hcl/limit", message: "blocks nest too deep", at });
                    }
                    let labels = self.labels()?;
                    open.push(Open { kind: name, labels, position, body: Body::default() });
                }
                Some(_) => return syntax("expected an argument or a block", at),
            }
        }
        match open.last() {
            Some(open) => syntax("a block is never closed", open.position.offset),
            None => Ok(root),
        }
    }

    /// Reads labels up to the `{` behind them.
    fn labels(&mut self) -> Scanned<Vec<EcoString>> {
        let mut labels = Vec::new();
        loop {
            self.space(false)?;
            match self.peek() {
                Some('{') => {
                    self.at += 1;
                    return Ok(labels);
                }
                Some('"') => labels.push(self.quoted_label()?),
                Some(c) if is_name_start(c) => labels.push(self.name()),
                _ => return syntax("expected `=`, a label or `{`", self.at),
            }
        }
    }

    fn quoted_label(&mut self) -> Scanned<EcoString> {
        let start = self.at;
        self.at += 1;
        let mut label = EcoString::new();
        loop {
            match self.next() {
                Some('"') => return Ok(label),
                Some('\\') => label.push(self.escape(start)?),
                None | Some('\n') => return syntax("a text is never closed", start),
                Some(c) => label.push(c),
            }
        }
    }

    /// Skips an expression up to the end of its line or block; its text, if it is one quoted text.
    fn expression(&mut self) -> Scanned<Option<EcoString>> {
        let mut inside: Vec<Inside> = Vec::new();
        let mut literal = Literal::Nothing;
        loop {
            if let Some(Inside::Quotes(start)) = inside.last().copied() {
                self.quoted(start, &mut inside, &mut literal)?;
                continue;
            }
            // A line ends an expression only outside of brackets.
            self.space(!inside.is_empty())?;
            let at = self.at;
            let Some(c) = self.peek() else {
                return match inside.last() {
                    Some(Inside::Bracket(_, start) | Inside::Quotes(start)) => {
                        syntax("a bracket is never closed", *start)
                    }
                    None => Ok(literal.text()),
                };
            };
            if inside.is_empty() && matches!(c, '\n' | '}') {
                return Ok(literal.text());
            }
            if inside.len() >= self.max_depth {
                return Err(Bad { code: "hcl/limit", message: "expressions nest too deep", at });
            }
            if self.rest().starts_with("<<") && self.heredoc()? {
                literal = Literal::Other;
                continue;
            }
            self.at += c.len_utf8();
            if c != '"' || !inside.is_empty() || literal != Literal::Nothing {
                literal = Literal::Other;
            }
            match c {
                '"' => {
                    if literal == Literal::Nothing {
                        literal = Literal::Text(EcoString::new());
                    }
                    inside.push(Inside::Quotes(at));
                }
                '(' | '[' | '{' => inside.push(Inside::Bracket(c, at)),
                ')' | ']' | '}' => match inside.pop() {
                    Some(Inside::Bracket(opened, _)) if closes(opened, c) => {}
                    _ => return syntax("a bracket closes what is not open", at),
                },
                _ => {}
            }
        }
    }

    /// Reads on in a quoted text: up to its end, or to a template in it.
    fn quoted(&mut self, start: usize, inside: &mut Vec<Inside>, literal: &mut Literal) -> Scanned<()> {
        let rest = self.rest();
        if rest.starts_with("$${") || rest.starts_with("%%{") {
            literal.push(if rest.starts_with('$') { '$' } else { '%' });
            literal.push('{');
            self.at += 3;
            return Ok(());
        }
        if rest.starts_with("${") || rest.starts_with("%{") {
            *literal = Literal::Other;
            inside.push(Inside::Bracket('{', self.at));
            self.at += 2;
            return Ok(());
        }
        match self.next() {
            Some('"') => {
                inside.pop();
            }
            Some('\\') => {
                let c = self.escape(start)?;
                literal.push(c);
            }
            None | Some('\n') => return syntax("a text is never closed", start),
            Some(c) => literal.push(c),
        }
        Ok(())
    }

    /// Reads what follows a backslash.
    fn escape(&mut self, start: usize) -> Scanned<char> {
        let at = self.at;
        let digits = match self.next() {
            Some('n') => return Ok('\n'),
            Some('r') => return Ok('\r'),
            Some('t') => return Ok('\t'),
            Some(c @ ('"' | '\\')) => return Ok(c),
            Some('u') => 4,
            Some('U') => 8,
            None => return syntax("a text is never closed", start),
            Some(_) => {
                return syntax("an escape is none of `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\u`, `\\U`", at);
            }
        };
        let mut code = 0_u32;
        for _ in 0..digits {
            let Some(digit) = self.next().and_then(|c| c.to_digit(16)) else {
                return syntax("an escape lacks hexadecimal digits", at);
            };
            code = code.wrapping_mul(16).wrapping_add(digit);
        }
        Ok(char::from_u32(code).unwrap_or('\u{fffd}'))
    }

    /// Skips `<<NAME … NAME`; false if this is no such text.
    fn heredoc(&mut self) -> Scanned<bool> {
        let start = self.at;
        let rest = self.rest();
        let head = rest.strip_prefix("<<-").or_else(|| rest.strip_prefix("<<")).unwrap_or_default();
        let name: &str = head.split(|c| !is_name_part(c)).next().unwrap_or_default();
        if !name.starts_with(is_name_start) {
            return Ok(false);
        }
        let mut at = start;
        for (number, line) in rest.split_inclusive('\n').enumerate() {
            if number > 0 && line.trim() == name {
                // What follows the name, such as the end of the line, still belongs to the expression.
                let indent = line.len() - line.trim_start().len();
                self.at = at + indent + name.len();
                return Ok(true);
            }
            at += line.len();
        }
        syntax("a text in lines is never closed", start)
    }

    /// Skips blanks and comments, and line ends if they mean nothing here.
    fn space(&mut self, lines: bool) -> Scanned<()> {
        loop {
            let rest = self.rest();
            let c = rest.chars().next();
            if rest.starts_with('#') || rest.starts_with("//") {
                self.at += rest.find('\n').unwrap_or(rest.len());
            } else if rest.starts_with("/*") {
                let Some(end) = rest.find("*/") else { return syntax("a comment is never closed", self.at) };
                self.at += end + 2;
            } else if c.is_some_and(|c| matches!(c, ' ' | '\t' | '\r') || (lines && c == '\n')) {
                self.at += 1;
            } else {
                return Ok(());
            }
        }
    }

    fn name(&mut self) -> EcoString {
        let rest = self.rest();
        let end = rest.find(|c| !is_name_part(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or_default().into()
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    fn position(&mut self, at: usize) -> Position {
        let mut position = self.last;
        for c in self.text.get(position.offset..at).unwrap_or_default().chars() {
            (position.line, position.column) =
                if c == '\n' { (position.line + 1, 1) } else { (position.line, position.column + 1) };
        }
        position.offset = at;
        self.last = position;
        position
    }
}

/// What an expression has been so far.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Literal {
    Nothing,
    Text(EcoString),
    Other,
}

impl Literal {
    fn push(&mut self, c: char) {
        if let Self::Text(text) = self {
            text.push(c);
        }
    }

    fn text(self) -> Option<EcoString> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

fn closes(opened: char, c: char) -> bool {
    matches!((opened, c), ('(', ')') | ('[', ']') | ('{', '}'))
}

fn is_name_start(c: char) -> bool {
    c.is_alphabetic() || c == '_'
}

fn is_name_part(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::super::{Body, parse};
    use crate::Limits;

    fn read(text: &str) -> Body {
        parse(text.as_bytes(), &Limits::default()).unwrap()
    }

    #[test]
    fn expressions_are_skipped_and_literals_known() {
        let body = read(
            r#"
# a comment
locals {
  a = "x${lower("}")}y" // not literal
  b = [ "1",
    { c = "}" } ]
  d = <<-EOT
    } not a brace ${x}
    EOT
  e = "lite\"ral $${x} \u00e9" /* yes */
  f = 1 << 2
  g = a == b ? "x" : "y"
}
module vpc { source = "./vpc" }
module "a" "b" {
  for_each = { for k, v in var.x : k => v if v != "" }
  source   = "../b"
}
"#,
        );
        let locals = &body.blocks[0].body;
        let texts: Vec<_> = locals.arguments.iter().map(|found| found.text.as_deref()).collect();
        assert_eq!(texts, [None, None, None, Some("lite\"ral ${x} é"), None, None]);
        let sources: Vec<_> = body
            .labelled("module")
            .map(|(label, body)| (label, body.argument("source").and_then(|found| found.text.as_deref())))
            .collect();
        assert_eq!(sources, [("vpc", Some("./vpc")), ("a", Some("../b"))]);
        assert_eq!(body.blocks[1].position.line, 14);
    }

    #[test]
    fn broken_files_are_refused_where_they_break() {
        for (text, message, line) in [
            ("a {\n", "a block is never closed", 1),
            ("}\n", "a `}` closes nothing", 1),
            ("a = [1,\n2\n", "a bracket is never closed", 1),
            ("a = \"x\nb = 1\n", "a text is never closed", 1),
            ("a = (1]\n", "a bracket closes what is not open", 1),
            ("a = <<EOT\nx\n", "a text in lines is never closed", 1),
            ("\na\n", "expected `=`, a label or `{`", 2),
            ("\"a\" = 1\n", "expected an argument or a block", 1),
            ("/* a\n", "a comment is never closed", 1),
            ("a = \"\\q\"", "an escape is none of `\\n`, `\\r`, `\\t`, `\\\"`, `\\\\`, `\\u`, `\\U`", 1),
        ] {
            let error = parse(text.as_bytes(), &Limits::default()).unwrap_err();
            assert_eq!((error.to_string().as_str(), error.position().line), (message, line), "{text}");
        }
        assert_eq!(parse(b"a = \"\xff\"", &Limits::default()).unwrap_err().code(), "hcl/encoding");
    }

    #[test]
    fn depth_and_size_have_limits() {
        let limits = Limits { max_depth: 3, max_bytes: 100, ..Limits::default() };
        assert!(parse(b"a {b {c {}}}", &limits).is_ok());
        assert_eq!(parse(b"a {b {c {d {}}}}", &limits).unwrap_err().code(), "hcl/limit");
        assert!(parse(b"a = [[[1]]]", &Limits { max_depth: 4, ..limits.clone() }).is_ok());
        assert_eq!(parse(b"a = [[[1]]]", &limits).unwrap_err().code(), "hcl/limit");
        assert!(parse(&b" ".repeat(100), &limits).is_ok());
        assert_eq!(parse(&b" ".repeat(101), &limits).unwrap_err().code(), "hcl/limit");
        let deep = "a = ".to_owned() + &"(\"${".repeat(100_000);
        assert_eq!(parse(deep.as_bytes(), &Limits::default()).unwrap_err().code(), "hcl/limit");
    }
}
