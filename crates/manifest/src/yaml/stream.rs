//! From bytes to documents.

use super::compose::{Composer, Fail};
use super::error::{ParseError, ParseErrorKind};
use super::parser::{EventKind, Parser};
use super::reader::{self, Text};
use super::scanner::{Scanner, Stage, SyntaxError};
use super::{Dialect, Generation, ParseOptions};
use super::{fast, foot};
use crate::{Position, Value};
use std::borrow::Cow;

pub(super) fn parse_first(text: &[u8], options: &ParseOptions) -> Result<Value, ParseError> {
    check_size(text, options)?;
    let mut composer = Composer::new(options);
    let first = first_document(text, options, &mut composer).map_err(|fail| fail.into_error(text))?;
    Ok(first.unwrap_or_default())
}

pub(super) fn parse_stream(text: &[u8], options: &ParseOptions) -> Result<Vec<Value>, ParseError> {
    check_size(text, options)?;
    match options.dialect {
        Dialect::Kyaml => parse_pieces(text, options),
        Dialect::Kubernetes => parse_documents(text, options).map_err(|fail| fail.into_error(text)),
    }
}

fn check_size(text: &[u8], options: &ParseOptions) -> Result<(), ParseError> {
    let limit = options.limits.max_bytes.min(u32::MAX as usize);
    match text.len() > limit {
        true => Err(limit_error(format!("larger than {limit} bytes"), Position::of(text, limit))),
        false => Ok(()),
    }
}

fn limit_error(message: String, position: Position) -> ParseError {
    ParseError::new(ParseErrorKind::Limit, message, position)
}

/// Reads the documents of a YAML stream.
fn parse_documents(text: &[u8], options: &ParseOptions) -> Result<Vec<Value>, Box<Fail>> {
    let text = reader::read(text);
    let generation = options.dialect.generation();
    if let Some(documents) = fast_documents(&text, options) {
        return Ok(documents);
    }
    let mut parser = parser_of(&text, generation);
    let mut composer = Composer::new(options);
    let mut documents = Vec::new();
    while let Some(document) = next_document(&mut parser, &mut composer, generation, text.skipped)? {
        if documents.len() >= options.limits.max_documents {
            let message = format!("more than {} documents", options.limits.max_documents);
            return Err(Box::new(Fail { kind: ParseErrorKind::Limit, message, offset: 0, late: false }));
        }
        documents.push(document);
    }
    Ok(documents)
}

/// Reads the documents of a YAML stream the fast way, if all of them can be.
fn fast_documents(text: &Text<'_>, options: &ParseOptions) -> Option<Vec<Value>> {
    if text.error.is_some() || text.odd_breaks {
        return None;
    }
    let mut composer = Composer::new(options);
    let mut documents = Vec::new();
    let mut at = 0;
    loop {
        at = fast::document(&text.text, at, true, &mut composer).ok()?;
        documents.push(composer.finish().ok()?);
        match text.text.get(at..) {
            None | Some("") => return Some(documents),
            Some(rest) if rest.starts_with("---") && documents.len() < options.limits.max_documents => {}
            Some(_) => return None,
        }
    }
}

/// Reads the first documents of the pieces between `---` lines.
fn parse_pieces(text: &[u8], options: &ParseOptions) -> Result<Vec<Value>, ParseError> {
    let unix = without_carriage_returns(text);
    let mut documents = Vec::new();
    let mut composer = Composer::new(options);
    let mut late = None;
    for piece in split(&unix).map_err(|fail| fail.into_error_within(text, &unix, 0))? {
        if documents.len() >= options.limits.max_documents {
            let message = format!("more than {} documents", options.limits.max_documents);
            return Err(limit_error(message, Position::of(text, original_offset(text, &unix, piece.start))));
        }
        match first_document(piece.text, options, &mut composer) {
            Ok(document) => {
                let mut document = document.unwrap_or_default();
                foot::note(&mut document, piece.text);
                documents.push(document);
            }
            // All documents are parsed before any is looked at.
            Err(fail) if fail.late => {
                late.get_or_insert_with(|| fail.into_error_within(text, &unix, piece.start));
            }
            Err(fail) => return Err(fail.into_error_within(text, &unix, piece.start)),
        }
    }
    late.map_or(Ok(documents), Err)
}

fn first_document(
    text: &[u8],
    options: &ParseOptions,
    composer: &mut Composer<'_>,
) -> Result<Option<Value>, Box<Fail>> {
    let text = reader::read(text);
    let generation = options.dialect.generation();
    if text.error.is_none() && !text.odd_breaks {
        // The older library does not look behind the document, the newer one does.
        let read = fast::document(&text.text, 0, generation == Generation::V2, composer).ok();
        match read.and_then(|_| composer.finish().ok()) {
            Some(value) => return Ok(Some(value)),
            None => composer.abandon(),
        }
    }
    next_document(&mut parser_of(&text, generation), composer, generation, text.skipped)
}

pub(super) fn parser_of<'a>(text: &'a Text<'_>, generation: Generation) -> Parser<'a> {
    Parser::new(Scanner::new(&text.text, text.odd_breaks, generation, text.error))
}

/// Reads one document; `None` at the end of the stream.
fn next_document(
    parser: &mut Parser<'_>,
    composer: &mut Composer<'_>,
    generation: Generation,
    skipped: usize,
) -> Result<Option<Value>, Box<Fail>> {
    let shifted = |mut fail: Box<Fail>| {
        fail.offset += skipped;
        fail
    };
    loop {
        let event = parser.next().map_err(|error| shifted(Box::new(Fail::syntax(&error, generation))))?;
        match event.kind {
            EventKind::StreamEnd => return Ok(None),
            EventKind::DocumentEnd => return composer.finish().map(Some).map_err(shifted),
            _ => composer.event(event).map_err(shifted)?,
        }
    }
}

impl Fail {
    fn syntax(error: &SyntaxError, generation: Generation) -> Self {
        let kind = match error.stage {
            Stage::Reader => ParseErrorKind::Encoding,
            Stage::Scanner | Stage::Parser => ParseErrorKind::Syntax,
        };
        Self { kind, message: error.message(generation), offset: error.problem.offset, late: false }
    }

    fn into_error(self, text: &[u8]) -> ParseError {
        ParseError::new(self.kind, self.message, Position::of(text, self.offset))
    }

    fn into_error_within(self, text: &[u8], unix: &[u8], start: usize) -> ParseError {
        let offset = original_offset(text, unix, start + self.offset);
        ParseError::new(self.kind, self.message, Position::of(text, offset))
    }
}

/// Returns the text with `\n` for every `\r\n`.
pub(super) fn without_carriage_returns(text: &[u8]) -> Cow<'_, [u8]> {
    if memchr::memchr(b'\r', text).is_none() {
        return Cow::Borrowed(text);
    }
    let mut unix = Vec::with_capacity(text.len());
    for (position, &byte) in text.iter().enumerate() {
        if byte != b'\r' || text.get(position + 1) != Some(&b'\n') {
            unix.push(byte);
        }
    }
    Cow::Owned(unix)
}

/// Returns where in the original text an offset into the text without `\r\n` is.
pub(super) fn original_offset(text: &[u8], unix: &[u8], offset: usize) -> usize {
    if text.len() == unix.len() {
        return offset;
    }
    let mut left = offset;
    let kept = |(position, byte): (usize, &u8)| *byte != b'\r' || text.get(position + 1) != Some(&b'\n');
    text.iter()
        .enumerate()
        .position(|entry| {
            if !kept(entry) {
                return false;
            }
            let found = left == 0;
            left = left.saturating_sub(1);
            found
        })
        .unwrap_or(text.len())
}

/// A part of a stream between two `---` lines.
pub(super) struct Piece<'a> {
    pub(super) text: &'a [u8],
    pub(super) start: usize,
}

/// Cuts a stream at `---` lines as kyaml's reader does: a line that begins so and is not the first one.
pub(super) fn split(text: &[u8]) -> Result<Vec<Piece<'_>>, Fail> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut from = 0;
    if text.is_empty() {
        return Ok(pieces);
    }
    while let Some(found) = memchr::memmem::find(text.get(from..).unwrap_or_default(), b"\n---") {
        let line = from + found;
        let rest = text.get(line + 4..).unwrap_or_default();
        let Some(len) = memchr::memchr(b'\n', rest) else { break };
        let behind = String::from_utf8_lossy(rest.get(..len).unwrap_or_default());
        if !matches!(behind.trim().chars().next(), None | Some('#')) {
            let separator =
                String::from_utf8_lossy(text.get(line..line + 4 + len).unwrap_or_default()).trim().to_owned();
            let message = format!("invalid document separator: {separator}");
            return Err(Fail { kind: ParseErrorKind::Syntax, message, offset: line + 1, late: false });
        }
        // The line break before the separator belongs to the document.
        pieces.push(Piece { text: text.get(start..=line).unwrap_or_default(), start });
        start = line + 4 + len + 1;
        from = start;
    }
    pieces.push(Piece { text: text.get(start..).unwrap_or_default(), start });
    Ok(pieces)
}

/// Reads the last scalar of a text that was written to be read again; the error is worded as the library words it.
pub(super) fn scalar_of(text: &[u8], generation: Generation) -> Result<String, String> {
    let text = reader::read(text);
    let mut parser = parser_of(&text, generation);
    let mut last = String::new();
    loop {
        match parser.next().map_err(|error| error.message(generation))?.kind {
            EventKind::Scalar(text, _) => last = text.into_owned(),
            EventKind::DocumentEnd | EventKind::StreamEnd => return Ok(last),
            _ => {}
        }
    }
}
