//! Documents before they are written, and a writer that spells them in many ways.

use crate::rng::Rng;
use std::fmt::Write as _;

/// A document or a part of one.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    /// A scalar exactly as it stands in the file.
    Raw(String),
    /// A string; how it is written is up to the writer.
    Text(String),
    /// A mapping. Keys are written as strings, values of the same key may repeat.
    Map(Vec<(String, Node)>),
    /// A sequence.
    Seq(Vec<Node>),
}

/// One step from a node to a node in it.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// The value of a key.
    Key(String),
    /// The element of that index, and the `name` it has.
    Index(usize, Option<String>),
}

/// Returns a mapping of these entries.
pub(crate) fn map<const N: usize>(entries: [(&str, Node); N]) -> Node {
    Node::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// Returns a string.
pub(crate) fn text(value: impl Into<String>) -> Node {
    Node::Text(value.into())
}

/// Returns a scalar as it stands in the file.
pub(crate) fn raw(value: impl Into<String>) -> Node {
    Node::Raw(value.into())
}

impl Node {
    /// Sets a key of a mapping, after those that are there.
    pub(crate) fn set(&mut self, key: &str, value: Node) {
        if let Self::Map(entries) = self {
            match entries.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = value,
                None => entries.push((key.to_owned(), value)),
            }
        }
    }

    /// Returns the value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        match self {
            Self::Map(entries) => entries.iter().find(|(name, _)| name == key).map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the value of a key, which becomes an empty mapping when there is none.
    pub(crate) fn entry(&mut self, key: &str) -> Option<&mut Node> {
        let Self::Map(entries) = self else { return None };
        if !entries.iter().any(|(name, _)| name == key) {
            entries.push((key.to_owned(), Node::Map(Vec::new())));
        }
        entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    /// Returns the entries of a mapping; none of anything else.
    pub(crate) fn entries(&self) -> Vec<(String, Node)> {
        match self {
            Self::Map(entries) => entries.clone(),
            _ => Vec::new(),
        }
    }

    /// Returns the text of a scalar.
    pub(crate) fn scalar(&self) -> Option<&str> {
        match self {
            Self::Raw(text) | Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the node that a way leads to, to change it.
    pub(crate) fn at_mut(&mut self, steps: &[Step]) -> Option<&mut Node> {
        let mut node = self;
        for step in steps {
            node = match (node, step) {
                (Self::Map(entries), Step::Key(key)) => {
                    entries.iter_mut().find(|(name, _)| name == key).map(|(_, value)| value)?
                }
                (Self::Seq(items), Step::Index(at, _)) => items.get_mut(*at)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// Returns the node that a way leads to.
    pub(crate) fn at(&self, steps: &[Step]) -> Option<&Node> {
        steps.iter().try_fold(self, |node, step| match (node, step) {
            (Self::Map(_), Step::Key(key)) => node.get(key),
            (Self::Seq(items), Step::Index(at, _)) => items.get(*at),
            _ => None,
        })
    }

    /// Returns a random way into the node, most often to a scalar.
    pub(crate) fn random_path(&self, rng: &mut Rng) -> Vec<Step> {
        let mut steps = Vec::new();
        let mut node = self;
        loop {
            let next = match node {
                Self::Map(entries) => rng.choose(entries).map(|(key, value)| (Step::Key(key.clone()), value)),
                Self::Seq(items) => {
                    let at = rng.below(items.len());
                    items.get(at).map(|item| {
                        let name = item.get("name").and_then(Node::scalar).map(str::to_owned);
                        (Step::Index(at, name), item)
                    })
                }
                _ => None,
            };
            let Some((step, value)) = next else { return steps };
            steps.push(step);
            node = value;
            if rng.chance(6) {
                return steps;
            }
        }
    }
}

/// How a file is spelled.
#[derive(Clone, Debug)]
pub(crate) struct Style {
    /// Spaces of a level.
    pub(crate) indent: usize,
    /// Whether sequences in mappings are indented.
    pub(crate) indent_sequences: bool,
    /// Percentage of lines with a comment.
    pub(crate) comments: usize,
    /// Percentage of collections in flow style.
    pub(crate) flow: usize,
    /// Percentage of strings that are quoted without need.
    pub(crate) quotes: usize,
    /// Percentage of values that get an anchor, or are an alias where one of their form has been.
    pub(crate) anchors: usize,
}

impl Style {
    /// Returns a random style; a plain one for most seeds.
    pub(crate) fn random(rng: &mut Rng) -> Self {
        let fancy = rng.chance(35);
        let mut percent = |most: usize| if fancy && rng.chance(50) { rng.below(most) } else { 0 };
        let (comments, flow, quotes) = (percent(30), percent(40), percent(60));
        Self {
            indent: if rng.chance(85) { 2 } else { 4 },
            indent_sequences: rng.chance(30),
            comments,
            flow,
            quotes,
            anchors: 0,
        }
    }
}

/// Writes a document.
pub(crate) fn write(node: &Node, style: &Style, rng: &mut Rng) -> String {
    let mut writer = Writer { out: String::new(), style, rng, anchors: Vec::new() };
    match node {
        Node::Map(entries) if !entries.is_empty() => writer.map(entries, 0, false),
        Node::Seq(items) if !items.is_empty() => writer.seq(items, 0),
        _ => {
            writer.flow(node);
            writer.out.push('\n');
        }
    }
    writer.out
}

struct Writer<'a> {
    out: String,
    style: &'a Style,
    rng: &'a mut Rng,
    /// The forms of the values that have an anchor: the anchor of each is its place.
    anchors: Vec<char>,
}

impl Writer<'_> {
    /// Writes an alias of a value of the same form instead of this one, if one is wanted.
    fn alias(&mut self, node: &Node) -> bool {
        let form = form(node);
        let alike = self.anchors.iter().enumerate().filter(|(_, other)| **other == form);
        let alike: Vec<usize> = alike.map(|(at, _)| at).collect();
        match self.rng.choose(&alike) {
            Some(at) if self.rng.chance(50) => {
                let _ = write!(self.out, " *x{at}");
                self.end_line();
                true
            }
            _ => false,
        }
    }

    /// Writes a merge key before the entries of a mapping, if one is wanted.
    fn merge_key(&mut self, indent: usize, begun: bool) {
        let maps = self.anchors.iter().enumerate().filter(|(_, form)| **form == 'm');
        let maps: Vec<usize> = maps.map(|(at, _)| at).collect();
        if let (Some(at), false) = (self.rng.choose(&maps), begun) {
            self.pad(indent);
            let _ = writeln!(self.out, "<<: *x{at}");
        }
    }

    fn pad(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    fn head_comment(&mut self, indent: usize) {
        if self.rng.chance(self.style.comments) {
            self.pad(indent);
            let words = ["# note", "#", "# a: b", "#tight", "# - item", "# größe"];
            self.out.push_str(self.rng.pick(&words));
            self.out.push('\n');
            if self.rng.chance(20) {
                self.out.push('\n');
            }
        }
    }

    fn end_line(&mut self) {
        if self.rng.chance(self.style.comments) {
            self.out.push_str(" # line");
        }
        self.out.push('\n');
    }

    /// Writes entries; the first stands on the line that is already begun when `begun`.
    fn map(&mut self, entries: &[(String, Node)], indent: usize, begun: bool) {
        if self.rng.chance(self.style.anchors) {
            self.merge_key(indent, begun);
        }
        for (at, (key, value)) in entries.iter().enumerate() {
            if at > 0 || !begun {
                self.head_comment(indent);
                self.pad(indent);
            }
            self.text(key, false);
            self.out.push(':');
            self.value(value, indent, false);
        }
    }

    fn seq(&mut self, items: &[Node], indent: usize) {
        for item in items {
            self.head_comment(indent);
            self.pad(indent);
            self.out.push('-');
            self.value(item, indent, true);
        }
    }

    /// Writes a value behind its key or dash, with an anchor sometimes, or as an alias.
    fn value(&mut self, node: &Node, indent: usize, in_seq: bool) {
        if self.style.anchors == 0 || !self.rng.chance(self.style.anchors * 2) {
            return self.plain_value(node, indent, in_seq);
        }
        if self.alias(node) {
            return;
        }
        let at = self.anchors.len();
        let _ = write!(self.out, " &x{at}");
        // What is not complete has no form that anything else has.
        self.anchors.push(' ');
        // A mapping cannot begin on the line of its anchor.
        self.plain_value(node, indent, in_seq && !matches!(node, Node::Map(_)));
        self.anchors.iter_mut().skip(at).take(1).for_each(|slot| *slot = form(node));
    }

    fn plain_value(&mut self, node: &Node, indent: usize, in_seq: bool) {
        let flow = self.rng.chance(self.style.flow);
        match node {
            Node::Map(entries) if !entries.is_empty() && !flow => {
                if in_seq {
                    self.out.push(' ');
                    self.map(entries, indent + 2, true);
                } else {
                    self.end_line();
                    self.map(entries, indent + self.style.indent, false);
                }
            }
            Node::Seq(items) if !items.is_empty() && !flow => {
                let nested = in_seq || self.style.indent_sequences;
                self.end_line();
                self.seq(items, if nested { indent + self.style.indent } else { indent });
            }
            Node::Text(value) if value.contains('\n') && literal_fits(value) && self.rng.chance(92) => {
                self.literal(value, indent + if in_seq { 2 } else { self.style.indent });
            }
            Node::Raw(value) if value.is_empty() => self.end_line(),
            Node::Raw(value) if value.contains('\n') => {
                self.lines(value, indent + if in_seq { 2 } else { self.style.indent });
            }
            _ => {
                self.out.push(' ');
                self.flow(node);
                self.end_line();
            }
        }
    }

    /// Writes a scalar of several lines, in which a leading `%` stands for the indentation.
    fn lines(&mut self, value: &str, indent: usize) {
        self.out.push(' ');
        for line in value.split('\n') {
            match line.strip_prefix('%') {
                Some(rest) => {
                    self.pad(indent);
                    self.out.push_str(rest);
                }
                None => self.out.push_str(line),
            }
            self.out.push('\n');
        }
    }

    fn literal(&mut self, value: &str, indent: usize) {
        let body = value.trim_end_matches('\n');
        self.out.push_str(match value.len() - body.len() {
            0 => " |-\n",
            1 => " |\n",
            _ => " |+\n",
        });
        for line in value.strip_suffix('\n').unwrap_or(value).split('\n') {
            if !line.is_empty() {
                self.pad(indent);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn flow(&mut self, node: &Node) {
        match node {
            Node::Raw(value) if value.is_empty() || value.contains('\n') => self.out.push('~'),
            Node::Raw(value) => self.out.push_str(value),
            Node::Text(value) => self.text(value, true),
            Node::Map(entries) => {
                self.out.push('{');
                for (at, (key, value)) in entries.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.text(key, true);
                    self.out.push_str(": ");
                    self.flow(value);
                }
                self.out.push('}');
            }
            Node::Seq(items) => {
                self.out.push('[');
                for (at, item) in items.iter().enumerate() {
                    self.out.push_str(if at > 0 { ", " } else { "" });
                    self.flow(item);
                }
                self.out.push(']');
            }
        }
    }

    fn text(&mut self, value: &str, in_flow: bool) {
        let quoted = self.rng.chance(self.style.quotes);
        if !quoted && is_plain(value, in_flow) {
            self.out.push_str(value);
        } else if value.chars().any(|c| c.is_control() || ('\u{2028}'..='\u{2029}').contains(&c))
            || self.rng.chance(60)
        {
            self.double_quoted(value);
        } else {
            let _ = write!(self.out, "'{}'", value.replace('\'', "''"));
        }
    }

    fn double_quoted(&mut self, value: &str) {
        self.out.push('"');
        for c in value.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\t' => self.out.push_str("\\t"),
                '\r' => self.out.push_str("\\r"),
                c if c.is_control() || c == '\u{feff}' || c == '\u{2028}' => {
                    let _ = write!(self.out, "\\u{:04x}", c as u32);
                }
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }
}

/// Returns a letter for mappings, sequences and scalars.
fn form(node: &Node) -> char {
    match node {
        Node::Map(_) => 'm',
        Node::Seq(_) => 's',
        Node::Text(_) | Node::Raw(_) => 'v',
    }
}

fn literal_fits(value: &str) -> bool {
    let first = value.chars().next();
    first.is_some_and(|c| !c.is_whitespace())
        && !value.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{feff}')
}

/// Returns true for what reads as the same string without quotes, by a rule that is stricter than YAML's.
fn is_plain(value: &str, in_flow: bool) -> bool {
    let mut chars = value.chars();
    let first = chars.next().is_some_and(|c| c.is_ascii_alphabetic());
    let rest = chars.clone().all(|c| {
        c.is_ascii_alphanumeric()
            || matches!(c, '-' | '_' | '.' | '/' | '(' | ')')
            || (!in_flow && matches!(c, '$' | '=' | '@'))
    });
    let word = value.to_ascii_lowercase();
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    first && rest && !words.contains(&word.as_str())
}
