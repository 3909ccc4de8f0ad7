//! Nodes: anchor, tag, and what they belong to.

use super::{Event, EventKind, Parser, Place, State, error};
use crate::ScalarStyle;
use crate::yaml::scanner::{Mark, Scan, Token, TokenKind};
use std::borrow::Cow;

/// What is written in front of a node.
#[derive(Debug, Default)]
pub(super) struct Properties<'a> {
    anchor: Option<&'a str>,
    tag: Option<Box<str>>,
    start: Option<Mark>,
    end: Option<Mark>,
}

impl<'a> Properties<'a> {
    pub(super) fn event(self, kind: EventKind<'a>, start: Mark, end: Mark) -> Event<'a> {
        Event { kind, start, end, anchor: self.anchor, tag: self.tag, flow: false, commented: false }
    }
}

impl<'a> Parser<'a> {
    pub(super) fn node(&mut self, place: Place) -> Scan<Event<'a>> {
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
                let event =
                    self.open(EventKind::SequenceStart, State::FlowSequenceFirst, start, properties)?;
                Ok(Event { flow: true, ..event })
            }
            TokenKind::FlowMappingStart => {
                let event = self.open(EventKind::MappingStart, State::FlowMappingFirst, start, properties)?;
                Ok(Event { flow: true, ..event })
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
    pub(super) fn open(
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
    pub(super) fn properties(&mut self) -> Scan<Properties<'a>> {
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

    pub(super) fn long_tag(&self, handle: &str, suffix: &str) -> Option<Box<str>> {
        if handle.is_empty() {
            return Some(suffix.into());
        }
        let (_, prefix) = self.tag_directives.iter().find(|(known, _)| *known == handle)?;
        let tag = format!("{prefix}{suffix}");
        (!tag.is_empty()).then(|| tag.into())
    }
}
