//! From events to values.

mod convert;
mod keys;
mod map;
mod merge;

pub(crate) use convert::{go_syntax, quote};

use super::error::ParseErrorKind;
use super::parser::{Event, EventKind};
use super::scanner::Mark;
use super::{Dialect, ParseOptions};
use crate::{EcoString, KeyKind, ScalarStyle, Value};
use keys::KeyCache;
use std::collections::BTreeMap;

/// Why a document could not be made a value.
#[derive(Clone, Debug)]
pub(super) struct Fail {
    pub(super) kind: ParseErrorKind,
    pub(super) message: String,
    pub(super) offset: usize,
    /// Whether Go finds it only after everything has been parsed.
    pub(super) late: bool,
}

/// The outcome of a step; failures are rare and kept out of the way.
pub(super) type Outcome<T> = Result<T, Box<Fail>>;

/// Builds the values of a stream, one document after the other.
#[derive(Debug)]
pub(super) struct Composer<'o> {
    options: &'o ParseOptions,
    /// Items of the open sequences.
    items: Vec<Value>,
    /// Entries of the open maps, and the line each key is on.
    entries: Vec<(EcoString, Value)>,
    lines: Vec<u32>,
    frames: Vec<Frame>,
    anchors: BTreeMap<EcoString, Anchor>,
    anchor_serial: usize,
    /// Duplicate keys found, as Go words them, and where the first one is.
    duplicates: Vec<(String, usize)>,
    /// What Go finds only when the whole document has been parsed.
    late: Vec<Fail>,
    /// What it finds only after that.
    last: Vec<Fail>,
    keys: KeyCache,
    root: Option<Value>,
    /// Nodes of the stream, aliases expanded.
    nodes: usize,
    /// Nodes among them that aliases added.
    alias_nodes: usize,
    /// The same for the document alone.
    document_nodes: usize,
    document_alias_nodes: usize,
}

/// An open collection.
#[derive(Debug)]
struct Frame {
    content: Content,
    start: Mark,
    /// Whether it is in braces or brackets.
    flow: bool,
    anchor: Option<(EcoString, usize)>,
    /// Counters as they were when it was opened.
    nodes: usize,
    duplicates: usize,
    late: usize,
}

#[derive(Debug)]
enum Content {
    Sequence { first: usize },
    Mapping { first: usize, key: Option<Key>, extra: Option<Box<Extra>> },
}

/// The key whose value comes next.
#[derive(Debug)]
enum Key {
    Entry(EcoString, u32),
    Merge,
}

/// What only few maps have.
#[derive(Debug, Default)]
struct Extra {
    kinds: Vec<(EcoString, KeyKind)>,
    merges: Vec<Merge>,
    /// Keys with a comment behind their colon.
    commented: Vec<EcoString>,
    /// Which of the errors wants to name the next value.
    unsupported: Option<usize>,
}

/// A `<<` and what it brings in.
#[derive(Debug)]
struct Merge {
    /// How many entries were written before it.
    position: usize,
    value: Value,
    alias: bool,
    offset: usize,
}

#[derive(Clone, Debug)]
enum Anchor {
    Open(usize),
    Done(Value, usize),
}

impl<'o> Composer<'o> {
    pub(super) fn new(options: &'o ParseOptions) -> Self {
        Self {
            options,
            items: Vec::new(),
            entries: Vec::new(),
            lines: Vec::new(),
            frames: Vec::new(),
            anchors: BTreeMap::new(),
            anchor_serial: 0,
            duplicates: Vec::new(),
            late: Vec::new(),
            last: Vec::new(),
            keys: KeyCache::default(),
            root: None,
            nodes: 0,
            alias_nodes: 0,
            document_nodes: 0,
            document_alias_nodes: 0,
        }
    }

    /// Takes one event of a document.
    pub(super) fn event(&mut self, event: Event<'_>) -> Outcome<()> {
        let Event { kind, start, anchor, tag, flow, commented, .. } = event;
        if commented {
            self.comment();
        }
        match kind {
            EventKind::Scalar(text, style) => match (anchor, tag) {
                (None, None) => self.scalar(&text, style, start),
                (anchor, tag) => {
                    self.count(start)?;
                    let merge = self.is_merge(&text, style, tag.as_deref());
                    if text == "<<" && !merge && self.options.dialect == Dialect::Kyaml && self.expects_key()
                    {
                        if let Some(name) = anchor {
                            self.anchors.insert(name.into(), Anchor::Done(Value::from(&*text), 1));
                        }
                        return self.untagged(&text, ScalarStyle::SingleQuoted, start);
                    }
                    let value = self.tagged(&text, style, tag.as_deref(), start);
                    if let Some(name) = anchor {
                        self.anchors.insert(name.into(), Anchor::Done(value.clone(), 1));
                    }
                    if merge && self.expects_key() {
                        self.merge_key(start);
                        return Ok(());
                    }
                    self.value(value, start, false)
                }
            },
            EventKind::FlowNull => self.scalar("", ScalarStyle::Plain, start),
            EventKind::Alias(name) => self.alias(name, start),
            EventKind::SequenceStart => self.begin_sequence(anchor, start, flow),
            EventKind::MappingStart => self.begin_mapping(anchor, start, flow),
            EventKind::SequenceEnd | EventKind::MappingEnd => self.end(),
            EventKind::StreamEnd | EventKind::DocumentStart | EventKind::DocumentEnd => Ok(()),
        }
    }

    /// Takes a scalar without anchor and tag, which nearly all are.
    pub(super) fn scalar(&mut self, text: &str, style: ScalarStyle, start: Mark) -> Outcome<()> {
        self.count(start)?;
        self.untagged(text, style, start)
    }

    /// Takes the start of a sequence.
    pub(super) fn begin_sequence(&mut self, anchor: Option<&str>, start: Mark, flow: bool) -> Outcome<()> {
        self.open(Content::Sequence { first: self.items.len() }, anchor, start, flow)
    }

    /// Takes the start of a map.
    pub(super) fn begin_mapping(&mut self, anchor: Option<&str>, start: Mark, flow: bool) -> Outcome<()> {
        self.open(Content::Mapping { first: self.entries.len(), key: None, extra: None }, anchor, start, flow)
    }

    /// Takes a comment behind the colon of the key whose value comes next.
    pub(super) fn comment(&mut self) {
        if self.options.dialect == Dialect::Kyaml
            && let Some(Frame {
                content: Content::Mapping { key: Some(Key::Entry(key, _)), extra, .. }, ..
            }) = self.frames.last_mut()
        {
            extra.get_or_insert_default().commented.push(key.clone());
        }
    }

    /// Forgets a document that was begun, and what it was counted as.
    pub(super) fn abandon(&mut self) {
        self.nodes -= self.document_nodes;
        self.alias_nodes -= self.document_alias_nodes;
        self.items.clear();
        self.entries.clear();
        self.lines.clear();
        self.frames.clear();
        self.duplicates.clear();
        self.late.clear();
        self.last.clear();
        self.anchors.clear();
        self.root = None;
        self.document_nodes = 0;
        self.document_alias_nodes = 0;
    }

    fn untagged(&mut self, text: &str, style: ScalarStyle, start: Mark) -> Outcome<()> {
        let dialect = self.options.dialect;
        if let Some(Frame { content: Content::Mapping { key: slot @ None, extra, .. }, .. }) =
            self.frames.last_mut()
        {
            let kind = convert::plain_kind(dialect, text, style);
            if kind == KeyKind::String && (style != ScalarStyle::Plain || text != "<<") {
                if text == "<<" {
                    extra.get_or_insert_default();
                }
                *slot = Some(Key::Entry(self.keys.get(text), start.line + 1));
                return Ok(());
            }
            if dialect == Dialect::Kyaml && text != "<<" {
                let key = self.keys.get(text);
                extra.get_or_insert_default().kinds.push((key.clone(), kind));
                *slot = Some(Key::Entry(key, start.line + 1));
                return Ok(());
            }
        }
        if text == "<<" && self.is_merge(text, style, None) && self.expects_key() {
            self.merge_key(start);
            return Ok(());
        }
        let value = convert::untagged(dialect, text, style);
        self.value(value, start, false)
    }

    /// Ends a document and returns what it held; an empty one is null.
    pub(super) fn finish(&mut self) -> Outcome<Value> {
        self.anchors.clear();
        let root = self.root.take().unwrap_or_default();
        let late = std::mem::take(&mut self.late);
        let duplicates = std::mem::take(&mut self.duplicates);
        // kyaml merges before anything else is looked at.
        let kyaml = self.options.dialect == Dialect::Kyaml;
        let merge = late.iter().position(|fail| kyaml && fail.kind == ParseErrorKind::Merge);
        if let Some(fail) = late.into_iter().nth(merge.unwrap_or_default()) {
            return Err(Box::new(fail));
        }
        if let Some((_, offset)) = duplicates.first() {
            let offset = *offset;
            let lines: Vec<String> = duplicates.into_iter().map(|(line, _)| line).collect();
            let message = format!("yaml: unmarshal errors:\n  {}", lines.join("\n  "));
            return Err(Box::new(Fail { kind: ParseErrorKind::DuplicateKey, message, offset, late: true }));
        }
        if let Some(fail) = std::mem::take(&mut self.last).into_iter().next() {
            return Err(Box::new(fail));
        }
        self.document_nodes = 0;
        self.document_alias_nodes = 0;
        Ok(root)
    }

    /// Makes a scalar a value; if it does not fit its tag, that is an error when the document ends.
    fn tagged(&mut self, text: &str, style: ScalarStyle, tag: Option<&str>, start: Mark) -> Value {
        convert::scalar(self.options.dialect, text, style, tag).unwrap_or_else(|message| {
            if self.options.keep_misfits {
                return convert::misfit(text, style, tag);
            }
            // What `<<` brings in is not looked at as a scalar.
            if !self.expects_merge() {
                self.late.push(Fail { kind: ParseErrorKind::Tag, message, offset: start.offset, late: true });
            }
            Value::from(text)
        })
    }

    fn expects_merge(&self) -> bool {
        matches!(
            self.frames.last(),
            Some(Frame { content: Content::Mapping { key: Some(Key::Merge), .. }, .. })
        )
    }

    fn is_merge(&self, text: &str, style: ScalarStyle, tag: Option<&str>) -> bool {
        let implicit = match (self.options.dialect, tag) {
            (_, None) | (Dialect::Kyaml, Some("!")) => style == ScalarStyle::Plain,
            (Dialect::Kubernetes, Some("!")) => true,
            (_, Some(tag)) => tag == convert::MERGE_TAG,
        };
        text == "<<" && implicit
    }

    fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { content: Content::Mapping { key: None, .. }, .. }))
    }

    /// Whether what is read is a key or a part of one.
    fn in_key(&self) -> bool {
        let awaits_key = |frame: &Frame| matches!(frame.content, Content::Mapping { key: None, .. });
        self.frames.iter().any(awaits_key)
    }

    fn merge_key(&mut self, start: Mark) {
        let kyaml = self.options.dialect == Dialect::Kyaml;
        if let Some(Frame { content: Content::Mapping { key, extra, .. }, .. }) = self.frames.last_mut() {
            *key = Some(Key::Merge);
            if kyaml && extra.as_ref().is_some_and(|extra| !extra.merges.is_empty()) {
                let message = "duplicate merge key".to_owned();
                self.late.push(Fail {
                    kind: ParseErrorKind::Merge,
                    message,
                    offset: start.offset,
                    late: true,
                });
            }
        }
    }

    fn alias(&mut self, name: &str, start: Mark) -> Outcome<()> {
        self.count(start)?;
        let (value, nodes) = match self.anchors.get(name) {
            Some(Anchor::Done(value, nodes)) => (value.clone(), *nodes),
            // kyaml merges a mapping into itself, which changes nothing.
            Some(Anchor::Open(serial)) if self.merges_itself(*serial) => (crate::Map::new().into(), 1),
            Some(Anchor::Open(_)) => {
                let message = format!("yaml: anchor '{name}' value contains itself");
                self.late.push(Fail {
                    kind: ParseErrorKind::Anchor,
                    message,
                    offset: start.offset,
                    late: true,
                });
                return self.value(Value::NULL, start, true);
            }
            None => {
                return Err(fail(
                    ParseErrorKind::Anchor,
                    format!("yaml: unknown anchor '{name}' referenced"),
                    start,
                ));
            }
        };
        self.nodes += nodes;
        self.alias_nodes += nodes;
        self.document_nodes += nodes;
        self.document_alias_nodes += nodes;
        let limits = &self.options.limits;
        if self.alias_nodes > limits.max_alias_nodes || self.nodes > limits.max_nodes || self.excessive() {
            return Err(fail(ParseErrorKind::Limit, "yaml: document contains excessive aliasing", start));
        }
        // An element that stands in a list twice is told by its identity; kyaml copies what an alias names.
        let in_list =
            self.frames.last().is_some_and(|frame| matches!(frame.content, Content::Sequence { .. }));
        let value = match value.as_map().filter(|_| in_list && self.options.dialect == Dialect::Kyaml) {
            Some(map) => map.unshared().into(),
            None => value,
        };
        self.value(value, start, true)
    }

    /// Whether what comes next is merged into the mapping of this anchor.
    fn merges_itself(&self, serial: usize) -> bool {
        let Some(Frame { content: Content::Mapping { key: Some(Key::Merge), .. }, anchor, .. }) =
            self.frames.last()
        else {
            return false;
        };
        self.options.dialect == Dialect::Kyaml && anchor.as_ref().is_some_and(|(_, own)| *own == serial)
    }

    /// Go's own protection against documents that are mostly aliases; it is part of what is accepted.
    fn excessive(&self) -> bool {
        const LOW: f64 = 400_000.0;
        const HIGH: f64 = 4_000_000.0;
        let (all, aliases) = (self.document_nodes as f64 + 1.0, self.document_alias_nodes as f64);
        let allowed = (0.99 - 0.89 * ((all - LOW) / (HIGH - LOW))).clamp(0.10, 0.99);
        self.options.dialect == Dialect::Kubernetes
            && aliases > 100.0
            && all > 1000.0
            && aliases / all > allowed
    }

    fn count(&mut self, start: Mark) -> Outcome<()> {
        self.nodes += 1;
        self.document_nodes += 1;
        match self.nodes > self.options.limits.max_nodes {
            true => Err(fail(
                ParseErrorKind::Limit,
                format!("more than {} nodes", self.options.limits.max_nodes),
                start,
            )),
            false => Ok(()),
        }
    }

    fn open(&mut self, content: Content, anchor: Option<&str>, start: Mark, flow: bool) -> Outcome<()> {
        self.count(start)?;
        let limit = self.options.limits.max_depth;
        if self.frames.len() >= limit {
            return Err(fail(ParseErrorKind::Limit, format!("nested deeper than {limit} levels"), start));
        }
        let anchor = anchor.map(|name| {
            self.anchor_serial += 1;
            self.anchors.insert(name.into(), Anchor::Open(self.anchor_serial));
            (EcoString::from(name), self.anchor_serial)
        });
        let (nodes, duplicates, late) = (self.document_nodes - 1, self.duplicates.len(), self.late.len());
        self.frames.push(Frame { content, start, flow, anchor, nodes, duplicates, late });
        Ok(())
    }

    /// Takes the end of a sequence or a map.
    pub(super) fn end(&mut self) -> Outcome<()> {
        let Some(mut frame) = self.frames.pop() else { return Ok(()) };
        let mut value: Value = match &mut frame.content {
            Content::Sequence { first } => Value::from(self.items.drain(*first..).collect::<Vec<_>>()),
            Content::Mapping { first, extra, .. } => {
                let (first, extra) = (*first, extra.take());
                self.map(first, extra, &frame).into()
            }
        };
        value.set_flow(frame.flow);
        if let Some((name, serial)) = frame.anchor
            && let Some(slot @ Anchor::Open(_)) = self.anchors.get_mut(&name)
            && matches!(slot, Anchor::Open(open) if *open == serial)
        {
            *slot = Anchor::Done(value.clone(), self.document_nodes - frame.nodes);
        }
        self.value(value, frame.start, false)
    }

    /// Puts a finished value where it belongs.
    fn value(&mut self, value: Value, start: Mark, alias: bool) -> Outcome<()> {
        match self.frames.last_mut().map(|frame| &mut frame.content) {
            None => self.root = Some(value),
            Some(Content::Sequence { .. }) => self.items.push(value),
            Some(Content::Mapping { key: slot, extra, first }) => match slot.take() {
                Some(Key::Entry(key, line)) => {
                    if let Some(fail) = extra
                        .as_mut()
                        .and_then(|extra| extra.unsupported.take())
                        .and_then(|at| self.last.get_mut(at))
                    {
                        fail.message.push_str(&convert::go_syntax_alone(self.options.dialect, &value));
                    }
                    self.entries.push((key, value));
                    // The older library names the line of the value.
                    let kyaml = self.options.dialect == Dialect::Kyaml;
                    self.lines.push(if kyaml { line } else { start.line + 1 });
                }
                Some(Key::Merge) => {
                    let position = self.entries.len() - *first;
                    let merge = Merge { position, value, alias, offset: start.offset };
                    extra.get_or_insert_default().merges.push(merge);
                }
                None => {
                    let line = start.line + 1;
                    let offset = start.offset;
                    let late = |message| Fail { kind: ParseErrorKind::Key, message, offset, late: true };
                    let (key, kind) = match convert::key(self.options.dialect, &value) {
                        Ok(key) => key,
                        Err(convert::BadKey::Invalid(message)) => {
                            self.late.push(late(message));
                            (EcoString::new(), KeyKind::String)
                        }
                        Err(convert::BadKey::Unsupported(message)) => {
                            extra.get_or_insert_default().unsupported = Some(self.last.len());
                            self.last.push(late(message));
                            (EcoString::new(), KeyKind::Null)
                        }
                    };
                    if kind != KeyKind::String {
                        extra.get_or_insert_default().kinds.push((key.clone(), kind));
                    }
                    *slot = Some(Key::Entry(key, line));
                }
            },
        }
        Ok(())
    }
}

pub(super) fn fail(kind: ParseErrorKind, message: impl Into<String>, at: Mark) -> Box<Fail> {
    Box::new(Fail { kind, message: message.into(), offset: at.offset, late: false })
}
