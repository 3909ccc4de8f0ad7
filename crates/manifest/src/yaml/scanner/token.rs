//! What the scanner hands to the parser.

use super::cursor::Mark;
use crate::ScalarStyle;
use std::borrow::Cow;

/// A token and where it stands.
#[derive(Clone, Debug)]
pub(in crate::yaml) struct Token<'a> {
    pub(in crate::yaml) kind: TokenKind<'a>,
    pub(in crate::yaml) start: Mark,
    pub(in crate::yaml) end: Mark,
}

/// The kinds of tokens.
#[derive(Clone, Debug)]
pub(in crate::yaml) enum TokenKind<'a> {
    StreamEnd,
    /// `%YAML 1.1`
    Version(u8, u8),
    /// `%TAG ! prefix`
    TagDirective(Box<(&'a str, String)>),
    DocumentStart,
    DocumentEnd,
    BlockSequenceStart,
    BlockMappingStart,
    BlockEnd,
    FlowSequenceStart,
    FlowSequenceEnd,
    FlowMappingStart,
    FlowMappingEnd,
    BlockEntry,
    FlowEntry,
    Key,
    Value,
    Alias(&'a str),
    Anchor(&'a str),
    /// Handle and suffix.
    Tag(Box<(&'a str, String)>),
    Scalar(Cow<'a, str>, ScalarStyle),
}

/// Which part of the library found the mistake; the two count lines differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::yaml) enum Stage {
    Reader,
    Scanner,
    Parser,
}

/// A syntax error as the reference keeps it.
#[derive(Clone, Debug)]
pub(in crate::yaml) struct SyntaxError {
    pub(in crate::yaml) stage: Stage,
    /// Where the thing began that could not be finished.
    pub(in crate::yaml) context: Option<Mark>,
    /// Where it became clear.
    pub(in crate::yaml) problem: Mark,
    pub(in crate::yaml) message: &'static str,
}

/// The outcome of a step; errors are rare and kept out of the way.
pub(in crate::yaml) type Scan<T> = Result<T, Box<SyntaxError>>;
