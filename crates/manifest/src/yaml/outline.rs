//! What is written where in a text: its documents as nodes with places, for those who edit text and not values.

use super::parser::{Event, EventKind};
use super::{Dialect, ParseError, ParseErrorKind, stream};
use crate::{Position, ScalarStyle};
use std::ops::Range;

/// The nodes of one document as they are written: see [`super::outline`].
#[derive(Clone, Debug, Default)]
pub struct Outline {
    nodes: Vec<Node>,
    end: usize,
}

#[derive(Clone, Debug)]
struct Node {
    range: Range<usize>,
    decorated: bool,
    anchored: bool,
    flow: bool,
    shape: Shape,
}

#[derive(Clone, Debug)]
enum Shape {
    Scalar(String, ScalarStyle),
    Alias,
    /// The nodes below; of a map, keys and values in turn.
    Sequence(Vec<usize>),
    Mapping(Vec<usize>),
}

impl Outline {
    /// Returns the node that is the document; `None` for a document of nothing at all.
    pub fn root(&self) -> Option<OutlineNode<'_>> {
        self.node(0)
    }

    /// Returns where the document ends in the text: at `...`, at the next `---`, or at the end.
    pub fn end(&self) -> usize {
        self.end
    }

    fn node(&self, id: usize) -> Option<OutlineNode<'_>> {
        self.nodes.get(id).map(|node| OutlineNode { outline: self, node })
    }
}

/// One node of an [`Outline`].
#[derive(Clone, Copy, Debug)]
pub struct OutlineNode<'a> {
    outline: &'a Outline,
    node: &'a Node,
}

impl<'a> OutlineNode<'a> {
    /// Returns the bytes of the text that the node takes, with its anchor and tag.
    ///
    /// Nothing written is an empty range where it would be. A block collection ends with its last node, a block scalar behind
    /// its last line.
    pub fn range(self) -> Range<usize> {
        self.node.range.clone()
    }

    /// Returns the text of a scalar without its quotes, and its style; `None` for other nodes.
    pub fn scalar(self) -> Option<(&'a str, ScalarStyle)> {
        match &self.node.shape {
            Shape::Scalar(text, style) => Some((text, *style)),
            _ => None,
        }
    }

    /// Returns true for an alias.
    pub fn is_alias(self) -> bool {
        matches!(self.node.shape, Shape::Alias)
    }

    /// Returns true for a node with an anchor.
    pub fn is_anchored(self) -> bool {
        self.node.anchored
    }

    /// Returns true for a node with an anchor or a tag.
    pub fn is_decorated(self) -> bool {
        self.node.decorated
    }

    /// Returns true for a collection in brackets or braces.
    pub fn is_flow(self) -> bool {
        self.node.flow
    }

    /// Returns the items of a sequence; `None` for other nodes.
    pub fn items(self) -> Option<Vec<OutlineNode<'a>>> {
        match &self.node.shape {
            Shape::Sequence(below) => Some(below.iter().filter_map(|id| self.outline.node(*id)).collect()),
            _ => None,
        }
    }

    /// Returns the keys and values of a map in the order of the text; `None` for other nodes.
    pub fn entries(self) -> Option<Vec<(OutlineNode<'a>, OutlineNode<'a>)>> {
        let Shape::Mapping(below) = &self.node.shape else { return None };
        let node = |id: Option<&usize>| self.outline.node(*id?);
        Some(
            below
                .chunks_exact(2)
                .filter_map(|pair| Some((node(pair.first())?, node(pair.last())?)))
                .collect(),
        )
    }

    /// Returns the key and the value of a map's first entry of a name.
    pub fn entry(self, name: &str) -> Option<(OutlineNode<'a>, OutlineNode<'a>)> {
        let is_named = |key: OutlineNode<'_>| key.scalar().is_some_and(|(text, _)| text == name);
        self.entries()?.into_iter().find(|(key, _)| is_named(*key))
    }
}

/// Collects nodes from events.
#[derive(Debug, Default)]
struct Builder {
    outline: Outline,
    open: Vec<usize>,
}

impl Builder {
    fn event(&mut self, event: &Event<'_>, base: usize) {
        let shape = match &event.kind {
            EventKind::Scalar(text, style) => Shape::Scalar(text.clone().into_owned(), *style),
            EventKind::FlowNull => Shape::Scalar(String::new(), ScalarStyle::Plain),
            EventKind::Alias(_) => Shape::Alias,
            EventKind::SequenceStart => Shape::Sequence(Vec::new()),
            EventKind::MappingStart => Shape::Mapping(Vec::new()),
            EventKind::SequenceEnd | EventKind::MappingEnd => return self.close(event, base),
            EventKind::StreamEnd | EventKind::DocumentStart | EventKind::DocumentEnd => return,
        };
        let id = self.outline.nodes.len();
        if let Some(Node { shape: Shape::Sequence(below) | Shape::Mapping(below), .. }) =
            self.open.last().and_then(|parent| self.outline.nodes.get_mut(*parent))
        {
            below.push(id);
        }
        if matches!(shape, Shape::Sequence(_) | Shape::Mapping(_)) {
            self.open.push(id);
        }
        self.outline.nodes.push(Node {
            range: base + event.start.offset..base + event.end.offset,
            decorated: event.anchor.is_some() || event.tag.is_some(),
            anchored: event.anchor.is_some(),
            flow: event.flow,
            shape,
        });
    }

    fn close(&mut self, event: &Event<'_>, base: usize) {
        let Some(id) = self.open.pop() else { return };
        let Some(node) = self.outline.nodes.get(id) else { return };
        let last = match &node.shape {
            Shape::Sequence(below) | Shape::Mapping(below) => below.last(),
            _ => None,
        };
        let inner = last.and_then(|last| self.outline.nodes.get(*last)).map(|last| last.range.end);
        // A block collection ends where its last node does, not where the next token begins.
        let end = match inner {
            Some(inner) if !node.flow => inner,
            _ => base + event.end.offset,
        };
        if let Some(node) = self.outline.nodes.get_mut(id) {
            node.range.end = end.max(node.range.start);
        }
    }
}

/// Reads the documents of a stream into outlines.
pub(super) fn outline(text: &str) -> Result<Vec<Outline>, ParseError> {
    let generation = Dialect::Kubernetes.generation();
    let readable = super::reader::read(text.as_bytes());
    let base = readable.skipped;
    let mut parser = stream::parser_of(&readable, generation);
    let mut outlines = Vec::new();
    let mut builder = Builder::default();
    loop {
        let event = parser.next().map_err(|error| {
            let at = Position::of(text.as_bytes(), base + error.problem.offset);
            ParseError::new(ParseErrorKind::Syntax, error.message(generation), at)
        })?;
        match event.kind {
            EventKind::StreamEnd => return Ok(outlines),
            EventKind::DocumentEnd => {
                let mut built = std::mem::take(&mut builder).outline;
                built.end = base + event.start.offset;
                outlines.push(built);
            }
            _ => builder.event(&event, base),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nodes_are_where_they_are_written() {
        let text = "\u{feff}a: &x 'é' # c\r\nb:\r\n- {c: d, e}\r\n- *x\r\n-\r\nt: |\r\n  t\r\n\r\n# end\r\n...\r\n---\r\n";
        let outlines = outline(text).unwrap();
        assert_eq!(outlines.len(), 2);
        assert!(text.get(outlines[0].end()..).unwrap().starts_with("..."));
        let root = outlines[0].root().unwrap();
        let written = |node: OutlineNode<'_>| text.get(node.range()).unwrap().to_owned();
        let (key, value) = root.entry("a").unwrap();
        assert_eq!((written(key), written(value)), ("a".into(), "&x 'é'".into()));
        assert!(value.is_anchored() && value.is_decorated() && !value.is_flow());
        assert_eq!(value.scalar(), Some(("é", ScalarStyle::SingleQuoted)));
        let items = root.entry("b").unwrap().1.items().unwrap();
        assert_eq!(items.iter().map(|item| written(*item)).collect::<Vec<_>>(), ["{c: d, e}", "*x", ""]);
        assert!(items[0].is_flow() && items[1].is_alias());
        let (_, nothing) = items[0].entry("e").unwrap();
        assert_eq!((written(nothing), nothing.scalar()), (String::new(), Some(("", ScalarStyle::Plain))));
        assert_eq!(written(root.entry("t").unwrap().1).trim_end(), "|\r\n  t");
        assert!(outlines[1].root().is_some_and(|root| root.scalar() == Some(("", ScalarStyle::Plain))));
        assert!(outline("a: [").is_err() && outline("").unwrap().is_empty());
    }
}
