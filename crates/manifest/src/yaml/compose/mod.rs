//! From events to values.

mod convert;
mod keys;
mod merge;

pub(crate) use convert::quote;

use super::error::ParseErrorKind;
use super::parser::{Event, EventKind};
use super::scanner::Mark;
use super::{Dialect, DuplicateKeys, ParseOptions};
use crate::{EcoString, KeyKind, Map, ScalarStyle, Value};
use keys::KeyCache;
use std::collections::BTreeMap;

/// Why a document could not be made a value.
#[derive(Clone, Debug)]
pub(super) struct Fail {
    pub(super) kind: ParseErrorKind,
    pub(super) message: String,
    pub(super) offset: usize,
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
    anchor: Option<(EcoString, usize)>,
    /// Counters as they were when it was opened.
    nodes: usize,
    duplicates: usize,
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
        let Event { kind, start, anchor, tag, .. } = event;
        match kind {
            EventKind::Scalar(text, style) => {
                self.count(start)?;
                match (anchor, tag) {
                    (None, None) => self.untagged(&text, style, start),
                    (anchor, tag) => {
                        let merge = self.is_merge(&text, style, tag.as_deref());
                        if merge && self.expects_key() {
                            return self.merge_key(start);
                        }
                        let value = convert::scalar(self.options.dialect, &text, style, tag.as_deref())
                            .map_err(|message| fail(ParseErrorKind::Tag, message, start))?;
                        if let Some(name) = anchor {
                            self.anchors.insert(name.into(), Anchor::Done(value.clone(), 1));
                        }
                        self.value(value, start, false)
                    }
                }
            }
            EventKind::Alias(name) => self.alias(name, start),
            EventKind::SequenceStart => {
                let content = Content::Sequence { first: self.items.len() };
                self.open(content, anchor, start)
            }
            EventKind::MappingStart => {
                let content = Content::Mapping { first: self.entries.len(), key: None, extra: None };
                self.open(content, anchor, start)
            }
            EventKind::SequenceEnd | EventKind::MappingEnd => self.close(),
            EventKind::StreamEnd | EventKind::DocumentStart | EventKind::DocumentEnd => Ok(()),
        }
    }

    /// Takes a scalar without anchor and tag, which nearly all are.
    pub(super) fn untagged(&mut self, text: &str, style: ScalarStyle, start: Mark) -> Outcome<()> {
        let dialect = self.options.dialect;
        if let Some(Frame { content: Content::Mapping { key: slot @ None, extra, .. }, .. }) =
            self.frames.last_mut()
        {
            let kind = convert::plain_kind(dialect, text, style);
            if kind == KeyKind::String && (style != ScalarStyle::Plain || text != "<<") {
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
            return self.merge_key(start);
        }
        let value = convert::untagged(dialect, text, style);
        self.value(value, start, false)
    }

    /// Ends a document and returns what it held; an empty one is null.
    pub(super) fn finish(&mut self) -> Outcome<Value> {
        self.anchors.clear();
        self.document_nodes = 0;
        self.document_alias_nodes = 0;
        let duplicates = std::mem::take(&mut self.duplicates);
        if let Some((_, offset)) = duplicates.first() {
            let offset = *offset;
            let lines: Vec<String> = duplicates.into_iter().map(|(line, _)| line).collect();
            let message = format!("yaml: unmarshal errors:\n  {}", lines.join("\n  "));
            return Err(Box::new(Fail { kind: ParseErrorKind::DuplicateKey, message, offset }));
        }
        Ok(self.root.take().unwrap_or_default())
    }

    fn is_merge(&self, text: &str, style: ScalarStyle, tag: Option<&str>) -> bool {
        let implicit = match (self.options.dialect, tag) {
            (_, None) | (Dialect::Kyaml, Some("!")) => style == ScalarStyle::Plain,
            (Dialect::Kubernetes, Some("!")) => true,
            (_, Some(tag)) => tag == "tag:yaml.org,2002:merge",
        };
        text == "<<" && implicit
    }

    fn expects_key(&self) -> bool {
        matches!(self.frames.last(), Some(Frame { content: Content::Mapping { key: None, .. }, .. }))
    }

    fn merge_key(&mut self, start: Mark) -> Outcome<()> {
        let kyaml = self.options.dialect == Dialect::Kyaml;
        if let Some(Frame { content: Content::Mapping { key, extra, .. }, .. }) = self.frames.last_mut() {
            if kyaml && extra.as_ref().is_some_and(|extra| !extra.merges.is_empty()) {
                return Err(fail(ParseErrorKind::Merge, "duplicate merge key", start));
            }
            *key = Some(Key::Merge);
        }
        Ok(())
    }

    fn alias(&mut self, name: &str, start: Mark) -> Outcome<()> {
        self.count(start)?;
        let (value, nodes) = match self.anchors.get(name) {
            Some(Anchor::Done(value, nodes)) => (value.clone(), *nodes),
            Some(Anchor::Open(_)) => {
                return Err(fail(
                    ParseErrorKind::Anchor,
                    format!("yaml: anchor '{name}' value contains itself"),
                    start,
                ));
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
        self.value(value, start, true)
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

    fn open(&mut self, content: Content, anchor: Option<&str>, start: Mark) -> Outcome<()> {
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
        let (nodes, duplicates) = (self.document_nodes - 1, self.duplicates.len());
        self.frames.push(Frame { content, start, anchor, nodes, duplicates });
        Ok(())
    }

    fn close(&mut self) -> Outcome<()> {
        let Some(frame) = self.frames.pop() else { return Ok(()) };
        let value = match frame.content {
            Content::Sequence { first } => Value::from(self.items.drain(first..).collect::<Vec<_>>()),
            Content::Mapping { first, extra, .. } => {
                let entries = self.entries.drain(first..).collect();
                let lines = self.lines.split_off(first);
                self.map(entries, &lines, extra, &frame.start, frame.duplicates)?.into()
            }
        };
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
                    self.entries.push((key, value));
                    self.lines.push(line);
                }
                Some(Key::Merge) => {
                    let position = self.entries.len() - *first;
                    let merge = Merge { position, value, alias, offset: start.offset };
                    extra.get_or_insert_default().merges.push(merge);
                }
                None => {
                    let (key, kind) = convert::key(self.options.dialect, &value)
                        .map_err(|message| fail(ParseErrorKind::Key, message, start))?;
                    if kind != KeyKind::String {
                        extra.get_or_insert_default().kinds.push((key.clone(), kind));
                    }
                    *slot = Some(Key::Entry(key, start.line + 1));
                }
            },
        }
        Ok(())
    }

    fn map(
        &mut self,
        entries: Vec<(EcoString, Value)>,
        lines: &[u32],
        extra: Option<Box<Extra>>,
        start: &Mark,
        duplicates: usize,
    ) -> Outcome<Map> {
        let mut extra = extra.unwrap_or_default();
        let merges = std::mem::take(&mut extra.merges);
        let kyaml = self.options.dialect == Dialect::Kyaml;
        let map = if !kyaml && !merges.is_empty() {
            merge::in_order(entries, &merges)?
        } else {
            let map = match Map::try_from_entries(entries) {
                Ok(map) => map,
                Err(entries) => {
                    if self.options.duplicate_keys == DuplicateKeys::Error {
                        self.report_duplicates(&entries, lines, &extra.kinds, start, duplicates);
                    }
                    entries.into_iter().collect()
                }
            };
            if merges.is_empty() { map } else { merge::under(map, &merges)? }
        };
        if !kyaml || extra.kinds.is_empty() {
            return Ok(map);
        }
        let mut map = map;
        for (key, kind) in extra.kinds {
            map.set_key_kind(&key, kind);
        }
        Ok(map)
    }

    fn report_duplicates(
        &mut self,
        entries: &[(EcoString, Value)],
        lines: &[u32],
        kinds: &[(EcoString, KeyKind)],
        start: &Mark,
        before: usize,
    ) {
        let kyaml = self.options.dialect == Dialect::Kyaml;
        if kyaml {
            // Go does not look into a map that has duplicates.
            self.duplicates.truncate(before);
        }
        let mut first_line: BTreeMap<&str, Vec<u32>> = BTreeMap::new();
        let mut found = Vec::new();
        for ((key, _), line) in entries.iter().zip(lines) {
            let seen = first_line.entry(key).or_default();
            match kyaml {
                true => found.extend(seen.iter().map(|first| (*first, *line, key))),
                false => found.extend(seen.first().map(|first| (*first, *line, key))),
            }
            seen.push(*line);
        }
        if kyaml {
            found.sort_by_key(|(first, line, _)| (*first, *line));
        }
        for (first, line, key) in found {
            let message = match kyaml {
                true => format!(
                    "line {line}: mapping key {} already defined at line {first}",
                    convert::quote(key)
                ),
                false => {
                    let kind =
                        kinds.iter().find(|(odd, _)| odd == key).map_or(KeyKind::String, |(_, kind)| *kind);
                    format!("line {line}: key {} already set in map", convert::go_syntax_key(key, kind))
                }
            };
            self.duplicates.push((message, start.offset));
        }
    }
}

pub(super) fn fail(kind: ParseErrorKind, message: impl Into<String>, at: Mark) -> Box<Fail> {
    Box::new(Fail { kind, message: message.into(), offset: at.offset })
}
