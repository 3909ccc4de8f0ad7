//! Block collections.

use super::{Event, EventKind, Parser, Place, State, error, event};
use crate::yaml::scanner::{Mark, Scan, TokenKind};

impl<'a> Parser<'a> {
    pub(super) fn block_sequence_entry(&mut self, first: bool) -> Scan<Event<'a>> {
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

    pub(super) fn indentless_sequence_entry(&mut self) -> Scan<Event<'a>> {
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

    pub(super) fn block_mapping_key(&mut self, first: bool) -> Scan<Event<'a>> {
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

    pub(super) fn block_mapping_value(&mut self) -> Scan<Event<'a>> {
        let token = self.scanner.peek()?;
        let (start, end) = (token.start, token.end);
        if !matches!(token.kind, TokenKind::Value) {
            return Ok(self.empty(State::BlockMappingKey, start));
        }
        self.scanner.take();
        let commented = self.scanner.take_comment(start.offset);
        let event = self.block_mapping_node(State::BlockMappingKey, end)?;
        Ok(Event { commented, ..event })
    }

    /// Takes a key or a value, which may be nothing.
    pub(super) fn block_mapping_node(&mut self, next: State, end: Mark) -> Scan<Event<'a>> {
        match self.scanner.peek()?.kind {
            TokenKind::Key | TokenKind::Value | TokenKind::BlockEnd => Ok(self.empty(next, end)),
            _ => {
                self.states.push(next);
                self.node(Place::MAPPING)
            }
        }
    }
}
