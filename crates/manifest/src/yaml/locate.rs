//! Where in a text the fields of a document are.

use super::parser::{Event, EventKind};
use super::scanner::Mark;
use super::stream::{self, original_offset};
use super::{Generation, PathStep};
use crate::{Position, Span};
use std::collections::BTreeMap;

/// Returns where a key and its value are.
pub(super) fn locate(text: &[u8], document: usize, path: &[PathStep]) -> Option<(Span, Span)> {
    let unix = stream::without_carriage_returns(text);
    let piece = stream::split(&unix).ok()?.into_iter().nth(document)?;
    let readable = super::reader::read(piece.text);
    let mut outline = Outline::default();
    let mut parser = stream::parser_of(&readable, Generation::V3);
    loop {
        let event = parser.next().ok()?;
        match event.kind {
            EventKind::DocumentEnd | EventKind::StreamEnd => break,
            _ => outline.event(&event),
        }
    }
    let (key, value) = outline.find(path)?;
    let base = piece.start + readable.skipped;
    let original = |offset: usize| original_offset(text, &unix, base + offset);
    let span = |range: Range| {
        let start = original(range.start);
        // The end is behind the last byte, not in front of the next one: there may be a `\r` between them.
        let end = if range.end > range.start { original(range.end - 1) + 1 } else { start };
        Span { start: Position::of(text, start), end: Position::of(text, end) }
    };
    Some((span(key), span(value)))
}

#[derive(Clone, Copy, Debug, Default)]
struct Range {
    start: usize,
    end: usize,
}

/// The nodes of a document and where they are.
#[derive(Debug, Default)]
struct Outline {
    nodes: Vec<Node>,
    open: Vec<usize>,
    anchors: BTreeMap<String, usize>,
}

#[derive(Debug)]
struct Node {
    range: Range,
    content: Content,
}

#[derive(Debug)]
enum Content {
    Scalar(String),
    /// The nodes below; of a map, keys and values in turn.
    Sequence(Vec<usize>),
    Mapping(Vec<usize>),
    Alias(Option<usize>),
}

impl Outline {
    fn event(&mut self, event: &Event<'_>) {
        let content = match &event.kind {
            EventKind::Scalar(text, _) => Content::Scalar(text.clone().into_owned()),
            EventKind::Alias(name) => Content::Alias(self.anchors.get(*name).copied()),
            EventKind::SequenceStart => Content::Sequence(Vec::new()),
            EventKind::MappingStart => Content::Mapping(Vec::new()),
            EventKind::SequenceEnd | EventKind::MappingEnd => return self.close(event.start, event.end),
            EventKind::StreamEnd | EventKind::DocumentStart | EventKind::DocumentEnd => return,
        };
        let id = self.nodes.len();
        if let Some(name) = event.anchor {
            self.anchors.insert(name.to_owned(), id);
        }
        if let Some(Node { content: Content::Sequence(below) | Content::Mapping(below), .. }) =
            self.open.last().and_then(|parent| self.nodes.get_mut(*parent))
        {
            below.push(id);
        }
        if matches!(content, Content::Sequence(_) | Content::Mapping(_)) {
            self.open.push(id);
        }
        let range = Range { start: event.start.offset, end: event.end.offset };
        self.nodes.push(Node { range, content });
    }

    fn close(&mut self, start: Mark, end: Mark) {
        let Some(id) = self.open.pop() else { return };
        let last = match self.nodes.get(id).map(|node| &node.content) {
            Some(Content::Sequence(below) | Content::Mapping(below)) => {
                below.last().and_then(|last| self.nodes.get(*last))
            }
            _ => None,
        };
        // A block collection ends where its last node does, not where the next token begins.
        let closing = match last {
            Some(last) if start.offset == end.offset => last.range.end,
            _ => end.offset,
        };
        if let Some(node) = self.nodes.get_mut(id) {
            node.range.end = closing.max(node.range.start);
        }
    }

    /// Follows a path from the root; the key of the root or of an item is the node itself.
    fn find(&self, path: &[PathStep]) -> Option<(Range, Range)> {
        let root = self.nodes.first()?;
        path.iter()
            .try_fold((0, (root.range, root.range)), |(id, _), step| self.step(id, step))
            .map(|(_, found)| found)
    }

    fn step(&self, id: usize, step: &PathStep) -> Option<(usize, (Range, Range))> {
        let (key, value) = match (&self.target(id)?.content, step) {
            (Content::Sequence(items), PathStep::Index(index)) => {
                let item = *items.get(*index)?;
                (item, item)
            }
            (Content::Mapping(below), PathStep::Key(name)) => self.entry(below, name, 0)?,
            _ => return None,
        };
        Some((value, (self.nodes.get(key)?.range, self.nodes.get(value)?.range)))
    }

    /// Returns the key and the value of an entry, also of one that `<<` brings in.
    fn entry(&self, below: &[usize], name: &str, depth: usize) -> Option<(usize, usize)> {
        /// `<<` within `<<` further down than anybody writes it.
        const MAX_MERGES: usize = 16;
        let pairs = || below.chunks_exact(2).filter_map(|pair| Some((*pair.first()?, *pair.last()?)));
        let is = |id: usize, text: &str| matches!(self.target(id).map(|node| &node.content), Some(Content::Scalar(found)) if found == text);
        if let Some(found) = pairs().find(|(key, _)| is(*key, name)) {
            return Some(found);
        }
        let (_, merged) = pairs().find(|(key, _)| is(*key, "<<"))?;
        let sources = match &self.target(merged)?.content {
            Content::Sequence(items) => items.clone(),
            _ => vec![merged],
        };
        let found = |id: usize| match &self.target(id)?.content {
            Content::Mapping(below) if depth < MAX_MERGES => self.entry(below, name, depth + 1),
            _ => None,
        };
        sources.into_iter().find_map(found)
    }

    /// Follows an alias.
    fn target(&self, id: usize) -> Option<&Node> {
        let node = self.nodes.get(id)?;
        match node.content {
            Content::Alias(target) => self.nodes.get(target?),
            _ => Some(node),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str, document: usize, path: &[PathStep]) -> Option<(String, String)> {
        let (key, value) = locate(text.as_bytes(), document, path)?;
        let piece = |span: Span| text.get(span.start.offset..span.end.offset).unwrap().to_owned();
        Some((piece(key), piece(value)))
    }

    #[test]
    fn keys_and_values_are_found() {
        let text =
            "a: 1\r\n---\r\n# x\r\nb:\r\n  - c: \"é\"\r\n    d: {e: f}\r\n  - *x\r\ng: |\r\n  text\r\nh:\r\n";
        let key = |name: &str| PathStep::Key(name.into());
        let text = &text.replace("*x", "x");
        assert_eq!(found(text, 0, &[key("a")]), Some(("a".into(), "1".into())));
        assert_eq!(
            found(text, 1, &[key("b"), PathStep::Index(0), key("c")]),
            Some(("c".into(), "\"é\"".into()))
        );
        let path = [key("b"), PathStep::Index(0), key("d"), key("e")];
        assert_eq!(found(text, 1, &path), Some(("e".into(), "f".into())));
        assert_eq!(found(text, 1, &path[..3]), Some(("d".into(), "{e: f}".into())));
        assert_eq!(found(text, 1, &[key("b"), PathStep::Index(1)]), Some(("x".into(), "x".into())));
        assert_eq!(found(text, 1, &[key("h")]), Some(("h".into(), "".into())));
        assert_eq!(found(text, 1, &[key("i")]), None);
        assert_eq!(found(text, 2, &[]), None);
        let (_, value) = locate(text.as_bytes(), 1, &[key("b"), PathStep::Index(0), key("d")]).unwrap();
        assert_eq!((value.start.line, value.start.column), (6, 8));
    }

    #[test]
    fn aliases_and_merges_lead_to_what_they_stand_for() {
        let text = "base: &b {x: 1}\nuse:\n  <<: *b\n  y: 2\nlist: [*b]\n";
        let key = |name: &str| PathStep::Key(name.into());
        assert_eq!(found(text, 0, &[key("use"), key("x")]), Some(("x".into(), "1".into())));
        assert_eq!(
            found(text, 0, &[key("list"), PathStep::Index(0), key("x")]),
            Some(("x".into(), "1".into()))
        );
    }
}
