//! Writing as `go.yaml.in/yaml/v3` does with kyaml's settings: order, style and tags are kept.

use super::analyze::{analyze, choose};
use super::out::Out;
use super::sort::sort;
use super::{MAX_DEPTH, Manner, Place};
use crate::yaml::resolve::{self, TAG_PREFIX};
use crate::yaml::{Dialect, EmitError, Generation, resolve_plain, stream};
use crate::{Map, Number, Resolved, ScalarStyle, Value, View};
use std::borrow::Cow;

/// How sequences below a key are indented.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SequenceIndent {
    /// `- ` stands below the first character of the key.
    #[default]
    Compact,
    /// `- ` is indented.
    Wide,
}

/// How [`crate::yaml::to_string_v3`] writes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct V3Style {
    /// Columns of one level, 2 to 9.
    pub indent: usize,
    /// How sequences below a key are indented.
    pub sequences: SequenceIndent,
    /// Whether collections that were written in braces and brackets ([`Value::is_flow`]) are so again.
    pub keep_flow: bool,
    /// Whether it is written as the library writes Go's own values rather than nodes: keys are sorted (`a2` before `a10`),
    /// and texts that YAML 1.1 took for booleans or for numbers of base 60 (`on`, `1:30`) are quoted.
    pub go_values: bool,
}

impl Default for V3Style {
    /// Returns kyaml's settings.
    fn default() -> Self {
        Self { indent: 2, sequences: SequenceIndent::Compact, keep_flow: false, go_values: false }
    }
}

impl V3Style {
    /// Sets the columns of one level.
    #[must_use]
    pub fn with_indent(mut self, indent: usize) -> Self {
        self.indent = indent;
        self
    }

    /// Sets how sequences below a key are indented.
    #[must_use]
    pub fn with_sequences(mut self, sequences: SequenceIndent) -> Self {
        self.sequences = sequences;
        self
    }

    /// Sets whether collections that were written in braces and brackets are so again.
    #[must_use]
    pub fn with_keep_flow(mut self, keep_flow: bool) -> Self {
        self.keep_flow = keep_flow;
        self
    }

    /// Sets whether it is written as Go's own values are, rather than nodes.
    #[must_use]
    pub fn with_go_values(mut self, go_values: bool) -> Self {
        self.go_values = go_values;
        self
    }

    fn manner(&self) -> Manner {
        Manner {
            generation: Generation::V3,
            width: usize::MAX >> 1,
            indent: if (2..=9).contains(&self.indent) { self.indent } else { 2 },
            compact: self.sequences == SequenceIndent::Compact,
            through_json: false,
            keep_flow: self.keep_flow,
            go_values: self.go_values,
        }
    }
}

/// Appends a value.
pub(in crate::yaml) fn write_v3(value: &Value, style: &V3Style, text: &mut String) -> Result<(), EmitError> {
    let mut out = Out::new(text, style.manner());
    out.node(value, Place::Root, 0)?;
    out.end_document();
    Ok(())
}

/// Returns the style in which a string that has one is written, `|` for one of several lines if it can be.
pub(in crate::yaml) fn style_of(text: &str, style: ScalarStyle) -> ScalarStyle {
    choose(analyze(text, Generation::V3), style, text.is_empty(), false)
}

/// Returns the text that a scalar has after it was written in a style and read again.
pub(in crate::yaml) fn round_trip(text: &str, style: ScalarStyle) -> Result<Cow<'_, str>, String> {
    let tame = match style {
        // Only breaks and characters beyond ASCII can change, and those only in some styles.
        ScalarStyle::Plain | ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
            text.bytes().fold(true, |tame, byte| tame & matches!(byte, b' '..=b'~'))
        }
        ScalarStyle::Literal => {
            let tame = |tame, byte| tame & (matches!(byte, b' '..=b'~') | (byte == b'\n'));
            text.bytes().fold(true, tame) && !text.starts_with([' ', '\n'])
        }
        ScalarStyle::Folded => false,
    };
    if tame {
        return Ok(Cow::Borrowed(text));
    }
    let mut written = String::from("a:");
    let mut out = Out::new(&mut written, V3Style::default().manner());
    out.column = 2;
    out.indent = 0;
    out.whitespace = false;
    out.indention = false;
    out.leaf(text, wanted_style(text, style), None, Place::MapValue);
    out.end_document();
    let read = stream::scalar_of(written.as_bytes(), Generation::V3)?;
    Ok(if read == text { Cow::Borrowed(text) } else { Cow::Owned(read) })
}

impl Out<'_> {
    fn node(&mut self, value: &Value, place: Place, depth: usize) -> Result<(), EmitError> {
        if depth > MAX_DEPTH {
            return Err(EmitError::TooDeep(MAX_DEPTH));
        }
        match value.view() {
            View::Seq([]) => self.empty_collection("[]"),
            View::Map(map) if map.is_empty() => self.empty_collection("{}"),
            _ if self.manner.keep_flow && value.is_flow() => self.flow(value, depth)?,
            View::Seq(items) => {
                let indent = self.begin_sequence(place);
                for item in items {
                    self.item();
                    self.node(item, Place::Item, depth + 1)?;
                }
                self.indent = indent;
            }
            View::Map(map) => self.mapping(map, place, depth)?,
            _ => self.node_scalar(value, place),
        }
        Ok(())
    }

    /// Writes a node of a flow collection: all below is written so.
    fn flow(&mut self, value: &Value, depth: usize) -> Result<(), EmitError> {
        if depth > MAX_DEPTH {
            return Err(EmitError::TooDeep(MAX_DEPTH));
        }
        match value.view() {
            View::Seq([]) => self.empty_collection("[]"),
            View::Map(map) if map.is_empty() => self.empty_collection("{}"),
            View::Seq(items) => {
                self.open_flow("[");
                for (at, item) in items.iter().enumerate() {
                    self.flow_separator(at);
                    self.flow(item, depth + 1)?;
                }
                self.indicator("]", false);
            }
            View::Map(map) => {
                self.open_flow("{");
                for (at, (key, value)) in map.iter().enumerate() {
                    self.flow_separator(at);
                    let odd = map.key_kind(key) != crate::KeyKind::String;
                    let wanted = if odd { ScalarStyle::Plain } else { wanted_style(key, ScalarStyle::Plain) };
                    self.flow_leaf(key, wanted, None);
                    self.indicator(":", false);
                    self.flow(value, depth + 1)?;
                }
                self.indicator("}", false);
            }
            _ => self.flow_scalar(value),
        }
        Ok(())
    }

    fn open_flow(&mut self, bracket: &str) {
        self.indicator(bracket, true);
        self.whitespace = true;
    }

    fn flow_separator(&mut self, at: usize) {
        if at > 0 {
            self.indicator(",", false);
        }
    }

    fn flow_scalar(&mut self, value: &Value) {
        let text = value.scalar_text().unwrap_or_default();
        match (value.source(), value.view()) {
            (Some(source), _) => {
                let tag = source.tag.as_deref().filter(|tag| is_written(tag, &text));
                self.flow_leaf(&text, source.style, tag);
            }
            (None, View::String(_)) => self.flow_leaf(&text, wanted_style(&text, value.style()), None),
            _ => self.flow_leaf(&text, ScalarStyle::Plain, None),
        }
    }

    /// Writes a scalar of a flow collection, where less can be plain and nothing is a block.
    fn flow_leaf(&mut self, text: &str, wanted: ScalarStyle, tag: Option<&str>) {
        let analysis = analyze(text, Generation::V3);
        let plain = !text.is_empty() && !text.contains([',', '?', '[', ']', '{', '}', ':']);
        let wanted = match wanted {
            ScalarStyle::Plain if text.contains('\n') => ScalarStyle::DoubleQuoted,
            ScalarStyle::Plain if !plain => ScalarStyle::SingleQuoted,
            ScalarStyle::Literal | ScalarStyle::Folded => ScalarStyle::DoubleQuoted,
            wanted => wanted,
        };
        if let Some(tag) = tag {
            self.tag(tag);
        }
        self.scalar(text, choose(analysis, wanted, text.is_empty(), false), true);
    }

    fn mapping(&mut self, map: &Map, place: Place, depth: usize) -> Result<(), EmitError> {
        let indent = self.begin_map(place);
        if self.manner.go_values {
            let mut entries: Vec<_> = map.iter().map(|(key, value)| (key.as_str(), value)).collect();
            sort(&mut entries);
            entries.into_iter().try_for_each(|(key, value)| self.node_entry(map, key, value, depth))?;
        } else {
            map.iter().try_for_each(|(key, value)| self.node_entry(map, key, value, depth))?;
        }
        self.indent = indent;
        Ok(())
    }

    fn node_entry(&mut self, map: &Map, key: &str, value: &Value, depth: usize) -> Result<(), EmitError> {
        let odd = map.key_kind(key) != crate::KeyKind::String;
        let wanted = if odd { ScalarStyle::Plain } else { self.wanted(key, ScalarStyle::Plain) };
        let simple = !analyze(key, Generation::V3).multiline && key.len() <= 128;
        let place = self.begin_key(simple);
        self.leaf(key, wanted, None, place);
        self.end_key(place);
        self.node(value, Place::MapValue, depth + 1)
    }

    /// Returns the style for a string; one of Go's own is quoted if YAML 1.1 took it for something else.
    fn wanted(&self, text: &str, style: ScalarStyle) -> ScalarStyle {
        let old = self.manner.go_values && (resolve::old_bool(text).is_some() || resolve::is_base60(text));
        if old { ScalarStyle::DoubleQuoted } else { wanted_style(text, style) }
    }

    fn node_scalar(&mut self, value: &Value, place: Place) {
        let text = value.scalar_text().unwrap_or_default();
        match (value.source(), value.view()) {
            (Some(source), _) => {
                let tag = source.tag.as_deref().filter(|tag| is_written(tag, &text));
                self.leaf(&text, multi_line(&text, source.style), tag, place)
            }
            (None, View::String(_)) => self.leaf(&text, self.wanted(&text, value.style()), None, place),
            _ => self.leaf(&text, ScalarStyle::Plain, None, place),
        }
    }

    /// Writes a scalar.
    fn leaf(&mut self, text: &str, wanted: ScalarStyle, tag: Option<&str>, place: Place) {
        let simple_key = place == Place::SimpleKey;
        let style = choose(analyze(text, Generation::V3), wanted, text.is_empty(), simple_key);
        if let Some(tag) = tag {
            self.tag(tag);
        }
        let indent = self.increase_indent(true, place == Place::Item, 0);
        self.scalar(text, style, !simple_key);
        self.indent = indent;
    }

    fn tag(&mut self, tag: &str) {
        self.space();
        let core = tag.strip_prefix(TAG_PREFIX).or_else(|| tag.strip_prefix("!!"));
        let (handle, suffix) = match (core, tag.strip_prefix('!')) {
            (Some(suffix), _) => ("!!", suffix),
            (None, Some(suffix)) => ("!", suffix),
            (None, None) => ("!<", tag),
        };
        self.put_str(handle);
        for byte in suffix.bytes() {
            match byte {
                b'A'..=b'Z'
                | b'a'..=b'z'
                | b'0'..=b'9'
                | b'-'
                | b'_'
                | b';'
                | b'/'
                | b'?'
                | b':'
                | b'@'
                | b'&'
                | b'='
                | b'+'
                | b'$'
                | b','
                | b'.'
                | b'~'
                | b'*'
                | b'\''
                | b'('
                | b')'
                | b'['
                | b']' => self.put(byte),
                _ => self.put_str(&ecow::eco_format!("%{byte:02X}")),
            }
        }
        if handle == "!<" {
            self.put(b'>');
        }
        self.whitespace = false;
        self.indention = false;
    }
}

/// Returns the style for a string: one that would mean something else is quoted.
fn wanted_style(text: &str, style: ScalarStyle) -> ScalarStyle {
    match multi_line(text, style) {
        ScalarStyle::Plain if resolve::plain(text, Generation::V3) != resolve::Plain::Text => {
            ScalarStyle::DoubleQuoted
        }
        style => style,
    }
}

/// Returns the style for a text that may have several lines.
fn multi_line(text: &str, style: ScalarStyle) -> ScalarStyle {
    match style {
        ScalarStyle::Plain if text.contains('\n') => ScalarStyle::Literal,
        style => style,
    }
}

/// Whether a tag shows: one that was written does; none does not; one that was set (`!!int`) does where the text means
/// something else.
fn is_written(tag: &str, text: &str) -> bool {
    if tag.is_empty() {
        return false;
    }
    let natural = match resolve_plain(text, Dialect::Kyaml) {
        Resolved::Null => "!!null",
        Resolved::Bool(_) => "!!bool",
        Resolved::Number(Number::Float(_)) => "!!float",
        Resolved::Number(_) => "!!int",
        Resolved::Text | Resolved::String(_) => "!!str",
        Resolved::Timestamp => "!!timestamp",
    };
    tag != natural
}
