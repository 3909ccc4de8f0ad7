//! From tokens to events: the grammar.

use super::Generation;
use super::scanner::{Mark, Scan, Scanner, Stage, SyntaxError, Token, TokenKind};
use crate::ScalarStyle;
use std::borrow::Cow;

/// Something that happens in a document.
#[derive(Clone, Debug)]
pub(super) struct Event<'a> {
    pub(super) kind: EventKind<'a>,
    pub(super) start: Mark,
    pub(super) end: Mark,
    pub(super) anchor: Option<&'a str>,
    /// The tag in its long form, if one was written.
    pub(super) tag: Option<Box<str>>,
}

/// The kinds of events.
#[derive(Clone, Debug)]
pub(super) enum EventKind<'a> {
    StreamEnd,
    DocumentStart,
    DocumentEnd,
    Alias(&'a str),
    Scalar(Cow<'a, str>, ScalarStyle),
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
                Ok(self.empty(State::FlowMappingKey, start))
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

    fn node(&mut self, place: Place) -> Scan<Event<'a>> {
        if let TokenKind::Alias(name) = self.scanner.peek()?.kind {
            let next = self.pop_state();
            return self.finish(EventKind::Alias(name), next, None, Properties::default());
        }
        let properties = self.properties()?;
        let token = self.scanner.peek()?;
        let token_start = token.start;
        let start = properties.start.unwrap_or(token_start);
        match &token.kind {
            TokenKind::BlockEntry if place.indentless => {
                let end = token.end;
                self.state = State::IndentlessSequenceEntry;
                Ok(properties.event(EventKind::SequenceStart, start, end))
            }
            TokenKind::Scalar(..) => {
                let next = self.pop_state();
                self.state = next;
                match self.scanner.take() {
                    Some(Token { kind: TokenKind::Scalar(text, style), end, .. }) => {
                        Ok(properties.event(EventKind::Scalar(text, style), start, end))
                    }
                    _ => Ok(properties.event(
                        EventKind::Scalar(Cow::Borrowed(""), ScalarStyle::Plain),
                        start,
                        start,
                    )),
                }
            }
            TokenKind::FlowSequenceStart => {
                self.open(EventKind::SequenceStart, State::FlowSequenceFirst, start, properties)
            }
            TokenKind::FlowMappingStart => {
                self.open(EventKind::MappingStart, State::FlowMappingFirst, start, properties)
            }
            TokenKind::BlockSequenceStart if place.block => {
                self.open(EventKind::SequenceStart, State::BlockSequenceFirst, start, properties)
            }
            TokenKind::BlockMappingStart if place.block => {
                self.open(EventKind::MappingStart, State::BlockMappingFirst, start, properties)
            }
            _ if properties.anchor.is_some() || properties.tag.is_some() => {
                let next = self.pop_state();
                self.state = next;
                let end = properties.end.unwrap_or(start);
                Ok(properties.event(EventKind::Scalar(Cow::Borrowed(""), ScalarStyle::Plain), start, end))
            }
            _ => Err(error(Some(start), token_start, "did not find expected node content")),
        }
    }

    /// Starts a collection; the state that follows takes the token.
    fn open(
        &mut self,
        kind: EventKind<'a>,
        state: State,
        start: Mark,
        properties: Properties<'a>,
    ) -> Scan<Event<'a>> {
        let end = self.scanner.peek()?.end;
        self.state = state;
        Ok(properties.event(kind, start, end))
    }

    /// Takes the anchor and the tag of a node, in either order.
    fn properties(&mut self) -> Scan<Properties<'a>> {
        let mut properties = Properties::default();
        let mut tag = None;
        for _ in 0..2 {
            let token = self.scanner.peek()?;
            let (token_start, token_end) = (token.start, token.end);
            match &token.kind {
                TokenKind::Anchor(name) if properties.anchor.is_none() => properties.anchor = Some(*name),
                TokenKind::Tag(parts) if tag.is_none() => tag = Some((parts.clone(), token_start)),
                _ => break,
            }
            properties.start.get_or_insert(token_start);
            properties.end = Some(token_end);
            self.scanner.take();
        }
        // The token behind them must be readable before the tag is looked at.
        self.scanner.peek()?;
        if let Some((parts, mark)) = tag {
            let tag = self.long_tag(parts.0, &parts.1);
            let start = properties.start.unwrap_or(mark);
            properties.tag = Some(tag.ok_or_else(|| error(Some(start), mark, "found undefined tag handle"))?);
        }
        Ok(properties)
    }

    fn long_tag(&self, handle: &str, suffix: &str) -> Option<Box<str>> {
        if handle.is_empty() {
            return Some(suffix.into());
        }
        let (_, prefix) = self.tag_directives.iter().find(|(known, _)| *known == handle)?;
        let tag = format!("{prefix}{suffix}");
        (!tag.is_empty()).then(|| tag.into())
    }

    fn block_sequence_entry(&mut self, first: bool) -> Scan<Event<'a>> {
        self.begin(first)?;
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.kind {
            TokenKind::BlockEntry => {
                self.scanner.take();
                if matches!(self.scanner.peek()?.kind, TokenKind::BlockEntry | TokenKind::BlockEnd) {
                    return Ok(self.empty(State::BlockSequenceEntry, end));
                }
                self.states.push(State::BlockSequenceEntry);
                self.node(Place::BLOCK)
            }
            TokenKind::BlockEnd => self.close(EventKind::SequenceEnd),
            _ => Err(error(self.marks.pop(), start, "did not find expected '-' indicator")),
        }
    }

    fn indentless_sequence_entry(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        if !matches!(token.kind, TokenKind::BlockEntry) {
            self.state = self.pop_state();
            return Ok(event(EventKind::SequenceEnd, start, start));
        }
        self.scanner.take();
        match self.scanner.peek()?.kind {
            TokenKind::BlockEntry | TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => {
                Ok(self.empty(State::IndentlessSequenceEntry, end))
            }
            _ => {
                self.states.push(State::IndentlessSequenceEntry);
                self.node(Place::BLOCK)
            }
        }
    }

    fn block_mapping_key(&mut self, first: bool) -> Scan<Event<'a>> {
        self.begin(first)?;
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        match token.kind {
            TokenKind::Key => {
                self.scanner.take();
                self.block_mapping_node(State::BlockMappingValue, end)
            }
            TokenKind::BlockEnd => self.close(EventKind::MappingEnd),
            _ => Err(error(self.marks.pop(), start, "did not find expected key")),
        }
    }

    fn block_mapping_value(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        if !matches!(token.kind, TokenKind::Value) {
            return Ok(self.empty(State::BlockMappingKey, start));
        }
        self.scanner.take();
        self.block_mapping_node(State::BlockMappingKey, end)
    }

    /// Takes a key or a value, which may be nothing.
    fn block_mapping_node(&mut self, next: State, end: Mark) -> Scan<Event<'a>> {
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(self.empty(next, end)),
            _ => {
                self.states.push(next);
                self.node(Place::MAPPING)
            }
        }
    }

    fn flow_sequence_entry(&mut self, first: bool) -> Scan<Event<'a>> {
        self.begin(first)?;
        let message = "did not find expected ',' or ']'";
        if self.flow_separator(first, |kind| matches!(kind, TokenKind::FlowSequenceEnd), message)? {
            return self.close(EventKind::SequenceEnd);
        }
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        if matches!(token.kind, TokenKind::Key) {
            self.state = State::FlowPairKey;
            self.scanner.take();
            return Ok(event(EventKind::MappingStart, start, end));
        }
        self.states.push(State::FlowSequenceEntry);
        self.node(Place::FLOW)
    }

    fn flow_pair_key(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let end = token.end;
        match token.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                self.scanner.take();
                Ok(self.empty(State::FlowPairValue, end))
            }
            _ => {
                self.states.push(State::FlowPairValue);
                self.node(Place::FLOW)
            }
        }
    }

    fn flow_pair_value(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let start = token.start;
        if matches!(token.kind, TokenKind::Value) {
            self.scanner.take();
            if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowPairEnd);
                return self.node(Place::FLOW);
            }
        }
        Ok(self.empty(State::FlowPairEnd, start))
    }

    fn flow_pair_end(&mut self) -> Scan<Event<'a>> {
        let start = self.scanner.peek()?.start;
        self.state = State::FlowSequenceEntry;
        Ok(event(EventKind::MappingEnd, start, start))
    }

    fn flow_mapping_key(&mut self, first: bool) -> Scan<Event<'a>> {
        self.begin(first)?;
        let message = "did not find expected ',' or '}'";
        if self.flow_separator(first, |kind| matches!(kind, TokenKind::FlowMappingEnd), message)? {
            return self.close(EventKind::MappingEnd);
        }
        if !matches!(self.scanner.peek()?.kind, TokenKind::Key) {
            self.states.push(State::FlowMappingEmptyValue);
            return self.node(Place::FLOW);
        }
        self.scanner.take();
        let token = self.scanner.peek()?;
        let start = token.start;
        match token.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowMappingEnd => {
                Ok(self.empty(State::FlowMappingValue, start))
            }
            _ => {
                self.states.push(State::FlowMappingValue);
                self.node(Place::FLOW)
            }
        }
    }

    fn flow_mapping_value(&mut self) -> Scan<Event<'a>> {
        let mut start = self.scanner.peek()?.start;
        if matches!(self.scanner.peek()?.kind, TokenKind::Value) {
            self.scanner.take();
            let token = self.scanner.peek()?;
            start = token.start;
            if !matches!(token.kind, TokenKind::FlowEntry | TokenKind::FlowMappingEnd) {
                self.states.push(State::FlowMappingKey);
                return self.node(Place::FLOW);
            }
        }
        Ok(self.empty(State::FlowMappingKey, start))
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

    /// Takes the comma between entries; returns true at the end of the collection.
    fn flow_separator(
        &mut self,
        first: bool,
        is_end: fn(&TokenKind<'_>) -> bool,
        message: &'static str,
    ) -> Scan<bool> {
        let token = self.scanner.peek()?;
        if is_end(&token.kind) {
            return Ok(true);
        }
        if first {
            return Ok(false);
        }
        let start = token.start;
        if !matches!(token.kind, TokenKind::FlowEntry) {
            return Err(error(self.marks.pop(), start, message));
        }
        self.scanner.take();
        Ok(is_end(&self.scanner.peek()?.kind))
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

/// What is written in front of a node.
#[derive(Debug, Default)]
struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<Box<str>>,
    start: Option<Mark>,
    end: Option<Mark>,
}

impl<'a> Properties<'a> {
    fn event(self, kind: EventKind<'a>, start: Mark, end: Mark) -> Event<'a> {
        Event { kind, start, end, anchor: self.anchor, tag: self.tag }
    }
}

fn event(kind: EventKind<'_>, start: Mark, end: Mark) -> Event<'_> {
    Event { kind, start, end, anchor: None, tag: None }
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
