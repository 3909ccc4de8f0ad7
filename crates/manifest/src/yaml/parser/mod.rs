//! From tokens to events: the grammar.

mod block;
mod flow;
mod node;

use super::Generation;
use super::scanner::{Mark, Scan, Scanner, Stage, SyntaxError, TokenKind};
use crate::ScalarStyle;
use node::Properties;
use std::borrow::Cow;

/// Something that happens in a document.
#[derive(Clone, Debug)]
pub(in crate::yaml) struct Event<'a> {
    pub(in crate::yaml) kind: EventKind<'a>,
    pub(in crate::yaml) start: Mark,
    pub(in crate::yaml) end: Mark,
    pub(in crate::yaml) anchor: Option<&'a str>,
    /// The tag in its long form, if one was written.
    pub(in crate::yaml) tag: Option<Box<str>>,
    /// Whether it is the start of a flow collection.
    pub(in crate::yaml) flow: bool,
    /// Whether it is the value of a key with a comment behind its colon.
    pub(in crate::yaml) commented: bool,
}

/// The kinds of events.
#[derive(Clone, Debug)]
pub(in crate::yaml) enum EventKind<'a> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'a str),
    Scalar(Cow<'a, str>, ScalarStyle),
    /// An empty scalar that is not written, in a flow collection.
    FlowNull,
    SequenceStart,
    SequenceEnd,
    MappingStart,
    MappingEnd,
}

/// What comes next.
#[derive(Clone, Copy, Debug)]
enum State {
    ImplicitDocumentStart,
    DocumentStart,
    DocumentContent,
    DocumentEnd,
    BlockNode,
    BlockSequenceFirst,
    BlockSequenceEntry,
    IndentlessSequenceEntry,
    BlockMappingFirst,
    BlockMappingKey,
    BlockMappingValue,
    FlowSequenceFirst,
    FlowSequenceEntry,
    FlowPairKey,
    FlowPairValue,
    FlowPairEnd,
    FlowMappingFirst,
    FlowMappingKey,
    FlowMappingValue,
    FlowMappingEmptyValue,
    End,
}

/// Turns tokens into events.
#[derive(Debug)]
pub(super) struct Parser<'a> {
    scanner: Scanner<'a>,
    state: State,
    states: Vec<State>,
    /// Where the open collections began.
    marks: Vec<Mark>,
    tag_directives: Vec<(Cow<'a, str>, String)>,
}

impl<'a> Parser<'a> {
    pub(super) fn new(scanner: Scanner<'a>) -> Self {
        Self {
            scanner,
            state: State::ImplicitDocumentStart,
            states: Vec::new(),
            marks: Vec::new(),
            tag_directives: Vec::new(),
        }
    }

    /// Returns the next event; after the end of the stream it is the end of the stream again.
    pub(super) fn next(&mut self) -> Scan<Event<'a>> {
        match self.state {
            State::ImplicitDocumentStart => self.document_start(true),
            State::DocumentStart => self.document_start(false),
            State::DocumentContent => self.document_content(),
            State::DocumentEnd => self.document_end(),
            State::BlockNode => self.node(Place::BLOCK),
            State::BlockSequenceFirst => self.block_sequence_entry(true),
            State::BlockSequenceEntry => self.block_sequence_entry(false),
            State::IndentlessSequenceEntry => self.indentless_sequence_entry(),
            State::BlockMappingFirst => self.block_mapping_key(true),
            State::BlockMappingKey => self.block_mapping_key(false),
            State::BlockMappingValue => self.block_mapping_value(),
            State::FlowSequenceFirst => self.flow_sequence_entry(true),
            State::FlowSequenceEntry => self.flow_sequence_entry(false),
            State::FlowPairKey => self.flow_pair_key(),
            State::FlowPairValue => self.flow_pair_value(),
            State::FlowPairEnd => self.flow_pair_end(),
            State::FlowMappingFirst => self.flow_mapping_key(true),
            State::FlowMappingKey => self.flow_mapping_key(false),
            State::FlowMappingValue => self.flow_mapping_value(),
            State::FlowMappingEmptyValue => {
                let start = self.scanner.peek()?.start;
                Ok(self.flow_null(State::FlowMappingKey, start))
            }
            State::End => {
                let token = self.scanner.peek()?;
                Ok(event(EventKind::StreamEnd, token.start, token.end))
            }
        }
    }

    fn document_start(&mut self, implicit: bool) -> Scan<Event<'a>> {
        if !implicit {
            while matches!(self.scanner.peek()?.kind, TokenKind::DocumentEnd) {
                self.scanner.take();
            }
        }
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.kind {
            TokenKind::StreamEnd => {
                self.state = State::End;
                Ok(event(EventKind::StreamEnd, start, end))
            }
            TokenKind::Version(..) | TokenKind::TagDirective(_) | TokenKind::DocumentStart => {
                self.explicit_document(start)
            }
            _ if implicit => {
                self.directives()?;
                self.states.push(State::DocumentEnd);
                self.state = State::BlockNode;
                Ok(event(EventKind::DocumentStart, start, end))
            }
            _ => self.explicit_document(start),
        }
    }

    fn explicit_document(&mut self, start: Mark) -> Scan<Event<'a>> {
        self.directives()?;
        let token = self.scanner.peek()?;
        let (found, end) = (token.start, token.end);
        if !matches!(token.kind, TokenKind::DocumentStart) {
            return Err(error(None, found, "did not find expected <document start>"));
        }
        self.states.push(State::DocumentEnd);
        self.state = State::DocumentContent;
        self.scanner.take();
        Ok(event(EventKind::DocumentStart, start, end))
    }

    fn document_content(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let start = token.start;
        match token.kind {
            TokenKind::Version(..)
            | TokenKind::TagDirective(_)
            | TokenKind::DocumentStart
            | TokenKind::DocumentEnd
            | TokenKind::StreamEnd => {
                let next = self.pop_state();
                Ok(self.empty(next, start))
            }
            _ => self.node(Place::BLOCK),
        }
    }

    fn document_end(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let (start, mut end) = (token.start, token.start);
        if matches!(token.kind, TokenKind::DocumentEnd) {
            end = token.end;
            self.scanner.take();
        }
        self.tag_directives.clear();
        self.state = State::DocumentStart;
        Ok(event(EventKind::DocumentEnd, start, end))
    }

    fn directives(&mut self) -> Scan<()> {
        let mut version = false;
        loop {
            let token = self.scanner.peek()?;
            let start = token.start;
            match &token.kind {
                TokenKind::Version(..) if version => {
                    return Err(error(None, start, "found duplicate %YAML directive"));
                }
                TokenKind::Version(1, 1) => version = true,
                TokenKind::Version(..) => return Err(error(None, start, "found incompatible YAML document")),
                TokenKind::TagDirective(directive) => {
                    let (handle, prefix) = (directive.0, directive.1.clone());
                    if self.tag_directives.iter().any(|(known, _)| *known == handle) {
                        return Err(error(None, start, "found duplicate %TAG directive"));
                    }
                    self.tag_directives.push((handle.into(), prefix));
                }
                _ => break,
            }
            self.scanner.take();
        }
        for (handle, prefix) in [("!", "!"), ("!!", "tag:yaml.org,2002:")] {
            if !self.tag_directives.iter().any(|(known, _)| *known == handle) {
                self.tag_directives.push((handle.into(), prefix.to_owned()));
            }
        }
        Ok(())
    }

    /// Takes the token that opens a collection.
    fn begin(&mut self, first: bool) -> Scan<()> {
        if first {
            let mark = self.scanner.peek()?.start;
            self.marks.push(mark);
            self.scanner.take();
        }
        Ok(())
    }

    /// Takes the token that closes a collection.
    fn close(&mut self, kind: EventKind<'a>) -> Scan<Event<'a>> {
        self.marks.pop();
        let next = self.pop_state();
        self.finish(kind, next, None, Properties::default())
    }

    /// Makes the token in front an event.
    fn finish(
        &mut self,
        kind: EventKind<'a>,
        next: State,
        start: Option<Mark>,
        properties: Properties<'a>,
    ) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let (token_start, end) = (token.start, token.end);
        self.scanner.take();
        self.state = next;
        Ok(properties.event(kind, start.unwrap_or(token_start), end))
    }

    /// Makes an empty scalar.
    fn empty(&mut self, next: State, mark: Mark) -> Event<'a> {
        self.state = next;
        event(EventKind::Scalar(Cow::Borrowed(""), ScalarStyle::Plain), mark, mark)
    }

    /// Makes nothing at all, in a flow collection.
    fn flow_null(&mut self, next: State, mark: Mark) -> Event<'a> {
        self.state = next;
        event(EventKind::FlowNull, mark, mark)
    }

    fn pop_state(&mut self) -> State {
        self.states.pop().unwrap_or(State::End)
    }
}

/// Where a node stands.
#[derive(Clone, Copy, Debug)]
struct Place {
    block: bool,
    indentless: bool,
}

impl Place {
    const BLOCK: Self = Self { block: true, indentless: false };
    const MAPPING: Self = Self { block: true, indentless: true };
    const FLOW: Self = Self { block: false, indentless: false };
}

fn event(kind: EventKind<'_>, start: Mark, end: Mark) -> Event<'_> {
    Event { kind, start, end, anchor: None, tag: None, flow: false, commented: false }
}

fn error(context: Option<Mark>, problem: Mark, message: &'static str) -> Box<SyntaxError> {
    Box::new(SyntaxError { stage: Stage::Parser, context, problem, message })
}

impl SyntaxError {
    /// Words the error as the library does.
    pub(super) fn message(&self, generation: Generation) -> String {
        let context = self.context.map_or(0, |mark| mark.line);
        let problem = self.problem.line;
        // A scanner counts from the next line; a parser does not.
        let next = u32::from(self.stage == Stage::Scanner);
        let line = match generation {
            Generation::V3 if context != 0 => context + next,
            _ if problem != 0 => problem + next,
            _ => context,
        };
        match line {
            0 => format!("yaml: {}", self.message),
            line => format!("yaml: line {line}: {}", self.message),
        }
    }
}
