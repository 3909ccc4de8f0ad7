//! Flow collections.

use super::{Event, EventKind, Parser, Place, State, error, event};
use crate::yaml::scanner::{Scan, TokenKind};

impl<'a> Parser<'a> {
    pub(super) fn flow_sequence_entry(&mut self, first: bool) -> Scan<Event<'a>> {
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
            return Ok(Event { flow: true, ..event(EventKind::MappingStart, start, end) });
        }
        self.states.push(State::FlowSequenceEntry);
        self.node(Place::FLOW)
    }

    pub(super) fn flow_pair_key(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let end = token.end;
        match token.kind {
            TokenKind::Value | TokenKind::FlowEntry | TokenKind::FlowSequenceEnd => {
                self.scanner.take();
                Ok(self.flow_null(State::FlowPairValue, end))
            }
            _ => {
                self.states.push(State::FlowPairValue);
                self.node(Place::FLOW)
            }
        }
    }

    pub(super) fn flow_pair_value(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let start = token.start;
        if matches!(token.kind, TokenKind::Value) {
            self.scanner.take();
            if !matches!(self.scanner.peek()?.kind, TokenKind::FlowEntry | TokenKind::FlowSequenceEnd) {
                self.states.push(State::FlowPairEnd);
                return self.node(Place::FLOW);
            }
        }
        Ok(self.flow_null(State::FlowPairEnd, start))
    }

    pub(super) fn flow_pair_end(&mut self) -> Scan<Event<'a>> {
        let start = self.scanner.peek()?.start;
        self.state = State::FlowSequenceEntry;
        Ok(event(EventKind::MappingEnd, start, start))
    }

    pub(super) fn flow_mapping_key(&mut self, first: bool) -> Scan<Event<'a>> {
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
                Ok(self.flow_null(State::FlowMappingValue, start))
            }
            _ => {
                self.states.push(State::FlowMappingValue);
                self.node(Place::FLOW)
            }
        }
    }

    pub(super) fn flow_mapping_value(&mut self) -> Scan<Event<'a>> {
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
        Ok(self.flow_null(State::FlowMappingKey, start))
    }

    /// Takes the comma between entries; returns true at the end of the collection.
    pub(super) fn flow_separator(
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
}
