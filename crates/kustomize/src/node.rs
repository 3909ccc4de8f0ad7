//! Scalars as the reference's node model sees them: a tag, a style and a text that are set apart from each other.
//!
//! A setter there changes a node's text and tag and keeps its quoting; what that means shows only when the document is
//! written. Here a [`Value`] always holds what it will mean; these functions carry tag, style and text over.

use crate::error::{Error, ErrorKind, Result};
use crate::steps;
use ecow::EcoString;
use trueup_manifest::yaml::{self, Dialect};
use trueup_manifest::{KeyKind, Map, Resolved, ScalarStyle, SourceScalar, Value, View};

/// The tag of a scalar node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tag {
    /// None: the text decides when it is written.
    Untagged,
    Str,
    Int,
    Float,
    Bool,
    Null,
    /// Timestamps, binary data, and tags of others.
    Other,
}

const PREFIX: &str = "tag:yaml.org,2002:";
/// The front of a tag that a setter gave; it is written out only where the text does not imply it.
const IMPLIED: &str = "!!";

/// The tag of a time that something was set over, or that was set over a text in quotes.
const TIMESTAMP: &str = "!!timestamp";

/// The tag of bytes in base64.
const BINARY: &str = "binary";

/// The tag of a scalar; [`Tag::Other`] for containers.
pub(crate) fn tag(value: &Value) -> Tag {
    if let Some(source) = value.source()
        && let Some(tag) = &source.tag
    {
        return match tag.strip_prefix(PREFIX).or_else(|| tag.strip_prefix(IMPLIED)) {
            Some("str") => Tag::Str,
            Some("int") => Tag::Int,
            Some("float") => Tag::Float,
            Some("bool") => Tag::Bool,
            Some("null") => Tag::Null,
            _ if tag.is_empty() => Tag::Untagged,
            _ => Tag::Other,
        };
    }
    if let Some(source) = value.source()
        && matches!(source.resolved, Resolved::Timestamp | Resolved::String(_))
    {
        return Tag::Other;
    }
    match value.view() {
        View::Null => Tag::Null,
        View::Bool(_) => Tag::Bool,
        View::Number(trueup_manifest::Number::Float(_)) => Tag::Float,
        View::Number(_) => Tag::Int,
        View::String(_) => Tag::Str,
        View::Seq(_) | View::Map(_) => Tag::Other,
    }
}

/// The text of a scalar; empty for containers.
pub(crate) fn text(value: &Value) -> EcoString {
    value.scalar_text().unwrap_or_default()
}

/// The text of a scalar if it stands somewhere; that of a number, a boolean or a null may have to be made.
pub(crate) fn text_in(value: &Value) -> Option<&str> {
    value.source().map(|source| source.text.as_str()).or_else(|| value.as_str())
}

/// Whether a scalar has this text.
pub(crate) fn has_text(value: &Value, wanted: &str) -> bool {
    match text_in(value) {
        Some(own) => own == wanted,
        None => text(value) == wanted,
    }
}

/// Whether a node is null by its tag. A null text without a tag is not.
pub(crate) fn is_null(value: &Value) -> bool {
    value.is_null() && tag(value) == Tag::Null
}

/// Whether a node is null, or a container of nothing.
pub(crate) fn is_empty(value: &Value) -> bool {
    match value.view() {
        View::Map(map) => map.is_empty(),
        View::Seq(items) => items.is_empty(),
        View::Null => is_null(value),
        _ => false,
    }
}

/// Whether a node is a scalar that holds, or may hold, a string.
pub(crate) fn is_string(value: &Value) -> bool {
    value.is_scalar() && matches!(tag(value), Tag::Str | Tag::Untagged)
}

/// The scalar that a node of this tag, style and text means.
pub(crate) fn scalar(tag: Tag, style: ScalarStyle, text: impl Into<EcoString>) -> Value {
    let text = text.into();
    let plain = style == ScalarStyle::Plain && !text.contains('\n');
    match tag {
        Tag::Str => Value::string_with_style(text, style),
        // What it would be without its quotes it may become: another style can be set over it.
        Tag::Untagged if !plain && (style == ScalarStyle::Plain || !yaml::is_surely_text(&text)) => {
            let (tag, resolved) = (Some(EcoString::new()), Resolved::Text);
            Value::from_source(SourceScalar { text, style, tag, resolved, cell: 0 })
        }
        Tag::Untagged if !plain => Value::string_with_style(text, style),
        Tag::Untagged => {
            let resolved = yaml::resolve_plain(&text, Dialect::Kyaml);
            Value::from_source(SourceScalar { text, style, tag: Some(EcoString::new()), resolved, cell: 0 })
        }
        _ => tagged(tag, style, text, plain),
    }
}

fn tagged(tag: Tag, style: ScalarStyle, text: EcoString, plain: bool) -> Value {
    let resolved = yaml::resolve_plain(&text, Dialect::Kyaml);
    let natural = tag_of_resolved(&resolved);
    if tag == Tag::Other && !plain {
        return Value::string_with_style(text, style);
    }
    if (natural == tag && plain) || tag == Tag::Other {
        return Value::from_source(SourceScalar { text, style, tag: None, resolved, cell: 0 });
    }
    let (name, resolved) = match (tag, resolved) {
        (Tag::Float, Resolved::Number(number)) if natural != tag => {
            ("float", Resolved::Number(trueup_manifest::Number::Float(number.as_f64())))
        }
        (Tag::Float, _) => ("float", Resolved::Text),
        (Tag::Int, _) => ("int", Resolved::Text),
        (Tag::Bool, _) => ("bool", Resolved::Text),
        _ => ("null", Resolved::Null),
    };
    let tag = Some(ecow::eco_format!("{IMPLIED}{name}"));
    Value::from_source(SourceScalar { text, style, tag, resolved, cell: 0 })
}

/// The complaint about a scalar whose tag its text does not fit, which upstream finds when it writes the document.
pub(crate) fn misfit(document: &Value) -> Option<String> {
    match document.view() {
        View::Map(map) => map.values().find_map(misfit),
        View::Seq(items) => items.iter().find_map(misfit),
        // Hardly any document has one.
        _ => document.source().filter(|source| source.tag.is_some()).and_then(misfit_of),
    }
}

fn misfit_of(source: &SourceScalar) -> Option<String> {
    let tag = source.tag.as_deref()?;
    let name = tag.strip_prefix(IMPLIED).or_else(|| tag.strip_prefix(PREFIX))?;
    let is_known = matches!(name, "int" | "float" | "bool" | "null" | "timestamp" | BINARY);
    if !is_known || !matches!(source.resolved, Resolved::Text | Resolved::Null) {
        return None;
    }
    if name == BINARY {
        return Some(format!("yaml: !!{BINARY} value contains invalid base64 data"));
    }
    let resolved = yaml::resolve_plain(&source.text, Dialect::Kyaml);
    let natural = match tag_of_resolved(&resolved) {
        Tag::Int => "int",
        Tag::Float => "float",
        Tag::Bool => "bool",
        Tag::Null => "null",
        _ if matches!(resolved, Resolved::Timestamp) && name == "timestamp" => "timestamp",
        _ => "str",
    };
    (natural != name).then(|| format!("yaml: cannot decode !!{natural} `{}` as a !!{name}", source.text))
}

/// The complaint about a number that JSON has no text for.
pub(crate) fn not_in_json(document: &Value) -> Option<String> {
    match document.view() {
        View::Map(map) => map.values().find_map(not_in_json),
        View::Seq(items) => items.iter().find_map(not_in_json),
        View::Number(trueup_manifest::Number::Float(float)) if !float.is_finite() => {
            let shown = match (float.is_nan(), float > 0.0) {
                (true, _) => "NaN",
                (_, true) => "+Inf",
                _ => "-Inf",
            };
            Some(format!("json: unsupported value: {shown}"))
        }
        _ => None,
    }
}

fn tag_of_resolved(resolved: &Resolved) -> Tag {
    match resolved {
        Resolved::Null => Tag::Null,
        Resolved::Bool(_) => Tag::Bool,
        Resolved::Number(trueup_manifest::Number::Float(_)) => Tag::Float,
        Resolved::Number(_) => Tag::Int,
        Resolved::Text => Tag::Str,
        Resolved::Timestamp | Resolved::String(_) => Tag::Other,
    }
}

/// A scalar without tag or style, as most setters make it.
pub(crate) fn plain(text: impl Into<EcoString>) -> Value {
    scalar(Tag::Untagged, ScalarStyle::Plain, text)
}

/// A string for certain; a block when it has several lines.
pub(crate) fn string(text: impl Into<EcoString>) -> Value {
    let text = text.into();
    let style = if text.contains('\n') { ScalarStyle::Literal } else { ScalarStyle::Plain };
    Value::string_with_style(text, style)
}

/// Sets the text of a scalar and leaves its tag and style alone.
pub(crate) fn with_text(old: &Value, text: impl Into<EcoString>) -> Value {
    let text = text.into();
    if is_time(old) {
        return keep_cell(old, time_in(old.style(), text));
    }
    if is_binary(old) {
        return keep_cell(old, binary_in(old.style(), text));
    }
    if let Some(source) = old.source()
        && source.tag.as_ref().is_some_and(|tag| !tag.is_empty())
        && tag(old) == Tag::Other
    {
        // Whatever has a tag that YAML does not know is a text.
        let source = SourceScalar { text, resolved: Resolved::Text, cell: 0, ..source.clone() };
        return keep_cell(old, Value::from_source(source));
    }
    keep_cell(old, scalar(tag(old), old.style(), text))
}

/// Whether a scalar has the tag of a time, whatever its text is.
fn is_time(value: &Value) -> bool {
    value.source().is_some_and(|source| match source.tag.as_deref() {
        // Without a tag of its own, the text decides each time anew.
        Some("") => false,
        Some(TIMESTAMP) => true,
        _ => matches!(source.resolved, Resolved::Timestamp),
    })
}

/// Whether a scalar has the tag of bytes in base64, whatever its text is.
fn is_binary(value: &Value) -> bool {
    let tag = value.source().and_then(|source| source.tag.as_deref()).unwrap_or_default();
    tag.strip_prefix(PREFIX).or_else(|| tag.strip_prefix(IMPLIED)) == Some(BINARY)
}

/// A scalar with the tag of bytes in base64, which a text that is none does not fit.
fn binary_in(style: ScalarStyle, text: EcoString) -> Value {
    let tag = ecow::eco_format!("{PREFIX}{BINARY}");
    let (tag, resolved) = match yaml::resolve_tagged(&tag, &text) {
        Ok(resolved) => (tag, resolved),
        Err(_) => (ecow::eco_format!("{IMPLIED}{BINARY}"), Resolved::Text),
    };
    Value::from_source(SourceScalar { text, style, tag: Some(tag), resolved, cell: 0 })
}

/// A scalar with the tag of a time. In quotes it is a text, and one that must stay a time; plain it is what it reads like.
fn time_in(style: ScalarStyle, text: EcoString) -> Value {
    let resolved = yaml::resolve_plain(&text, Dialect::Kyaml);
    if style == ScalarStyle::Plain && matches!(resolved, Resolved::Timestamp) {
        return scalar(Tag::Other, style, text);
    }
    Value::from_source(SourceScalar {
        text,
        style,
        tag: Some(TIMESTAMP.into()),
        resolved: Resolved::Text,
        cell: 0,
    })
}

/// Quotes a fresh string that YAML 1.1 would not read as one.
pub(crate) fn quoted_if_needed(value: &Value) -> Option<Value> {
    let ambiguous = value.style() == ScalarStyle::Plain
        && text_in(value).is_some_and(|text| !yaml::is_surely_text(text))
        && value.is_scalar()
        && matches!(tag(value), Tag::Str | Tag::Untagged)
        && value.scalar_text().is_some_and(|text| yaml::is_yaml11_non_string(&text));
    ambiguous.then(|| keep_cell(value, scalar(tag(value), ScalarStyle::DoubleQuoted, text(value))))
}

/// Writes a value over a node: text and tag are the value's, the style stays the node's.
pub(crate) fn set_over(old: &Value, new: &Value) -> Value {
    if !new.is_scalar() {
        return new.clone();
    }
    let (tag, text) = (tag(new), text(new));
    if old.style() != ScalarStyle::Plain && is_time(new) {
        return keep_cell(old, time_in(old.style(), text));
    }
    // Whether a tag is written out is part of the style.
    let written =
        old.source().and_then(|source| source.tag.as_deref()).is_some_and(|tag| tag.starts_with(PREFIX));
    if tag == Tag::Other
        && let Some(source) = new.source()
        && let Some(own) = &source.tag
    {
        let implied =
            own.strip_prefix(PREFIX).filter(|_| !written).map(|name| ecow::eco_format!("{IMPLIED}{name}"));
        let tag = implied.or_else(|| Some(own.clone()));
        let source = SourceScalar { style: old.style(), cell: 0, tag, ..source.clone() };
        return keep_cell(old, Value::from_source(source));
    }
    if is_as_set(new, old.style()) && cell(old) == 0 {
        return new.clone();
    }
    if written && let Some(tagged) = with_written_tag(tag, old.style(), &text) {
        return keep_cell(old, tagged);
    }
    keep_cell(old, scalar(tag, old.style(), text))
}

/// Whether a scalar is what [`scalar`] makes of its tag and text in a style: a string, or a plain one that has no tag.
fn is_as_set(value: &Value, style: ScalarStyle) -> bool {
    value.style() == style
        && match value.source() {
            None => value.as_eco_str().is_some(),
            Some(source) => {
                let is_untagged = source.tag.as_ref().is_some_and(|tag| tag.is_empty()) && source.cell == 0;
                is_untagged && style == ScalarStyle::Plain && !source.text.contains('\n')
            }
        }
}

/// A quoted number or boolean that stays one, since the node that it is written over has its tag written out.
fn with_written_tag(tag: Tag, style: ScalarStyle, text: &EcoString) -> Option<Value> {
    let name = match tag {
        Tag::Int => "int",
        Tag::Float => "float",
        Tag::Bool => "bool",
        _ => return None,
    };
    let resolved = yaml::resolve_plain(text, Dialect::Kyaml);
    (style != ScalarStyle::Plain && tag_of_resolved(&resolved) == tag).then(|| {
        let tag = Some(ecow::eco_format!("{PREFIX}{name}"));
        Value::from_source(SourceScalar { text: text.clone(), style, tag, resolved, cell: 0 })
    })
}

/// Sets a field of a map: removes it for null, writes over it if it exists, adds it otherwise.
pub(crate) fn set_field(map: &mut Map, name: &str, value: &Value) {
    if is_null(value) {
        map.remove(name);
    } else if let Some(old) = map.get(name) {
        let new = set_over(old, value);
        map.insert(name, new);
    } else {
        map.insert(name, quoted_if_needed(value).unwrap_or_else(|| value.clone()));
    }
}

/// Refuses a key that YAML takes for a merge once it has been written.
pub(crate) fn check_fresh_key(key: &str) -> Result<()> {
    if key == "<<" {
        let message = "yaml: map merge requires map or sequence of maps as the value";
        return Err(Error::new(ErrorKind::Output, message));
    }
    Ok(())
}

/// Adds an entry under a key that a setter makes: its text decides what it is once it has been written.
pub(crate) fn insert_fresh(map: &mut Map, key: impl Into<EcoString>, value: impl Into<Value>) {
    let key = key.into();
    let is_new = !map.contains_key(&key);
    map.insert(key.clone(), value);
    if is_new && fresh_kind(&key) != KeyKind::String {
        map.set_key_kind(&key, fresh_kind(&key));
    }
}

/// What a key that a setter makes is once it has been written.
pub(crate) fn fresh_kind(key: &str) -> KeyKind {
    match yaml::resolve_plain(key, Dialect::Kyaml) {
        Resolved::Null => KeyKind::Null,
        Resolved::Bool(_) => KeyKind::Bool,
        Resolved::Number(trueup_manifest::Number::Float(_)) => KeyKind::Float,
        Resolved::Number(_) => KeyKind::Int,
        Resolved::Timestamp => KeyKind::Timestamp,
        Resolved::Text | Resolved::String(_) => KeyKind::String,
    }
}

/// Makes a map of entries whose keys a setter makes.
pub(crate) fn fresh_map(entries: impl IntoIterator<Item = (EcoString, Value)>) -> Map {
    let mut map = Map::new();
    entries.into_iter().for_each(|(key, value)| insert_fresh(&mut map, key, value));
    map
}

/// The identity a scalar shares with others; 0 for none.
pub(crate) fn cell(value: &Value) -> u32 {
    value.source().map_or(0, |source| source.cell)
}

/// Gives a scalar an identity.
pub(crate) fn with_cell(value: &Value, cell: u32) -> Value {
    let Some(text) = value.scalar_text() else { return value.clone() };
    let mut source = value.source().cloned().unwrap_or_else(|| SourceScalar {
        text,
        style: value.style(),
        tag: None,
        resolved: resolved(value),
        cell: 0,
    });
    source.cell = cell;
    Value::from_source(source)
}

fn keep_cell(old: &Value, new: Value) -> Value {
    match cell(old) {
        0 => new,
        cell => with_cell(&new, cell),
    }
}

fn resolved(value: &Value) -> Resolved {
    match value.view() {
        View::Bool(b) => Resolved::Bool(b),
        View::Number(n) => Resolved::Number(n),
        View::String(_) => Resolved::Text,
        _ => Resolved::Null,
    }
}

/// A document in which every scalar of an identity is this one; `None` if there is none that differs.
pub(crate) fn set_cell(document: &Value, id: u32, new: &Value) -> Option<Value> {
    steps::count();
    match document.view() {
        View::Map(map) => {
            let mut changed: Option<Map> = None;
            for (key, value) in map {
                if let Some(value) = set_cell(value, id, new) {
                    changed.get_or_insert_with(|| map.clone()).insert(key.clone(), value);
                }
            }
            changed.map(Value::from)
        }
        View::Seq(items) => {
            let mut changed: Option<Value> = None;
            for (index, item) in items.iter().enumerate() {
                if let Some(item) = set_cell(item, id, new)
                    && let Some(slot) = changed.get_or_insert_with(|| document.clone()).item_mut(index)
                {
                    *slot = item;
                }
            }
            changed
        }
        _ => (cell(document) == id && !document.same(new)).then(|| new.clone()),
    }
}

/// A copy that shares no identity with the original.
pub(crate) fn without_cells(value: &Value) -> Value {
    match value.view() {
        View::Map(map) => {
            let mut copy = map.clone();
            copy.values_mut().for_each(|value| *value = without_cells(value));
            copy.into()
        }
        View::Seq(items) => {
            let mut copy: Value = items.iter().map(without_cells).collect();
            copy.set_flow(value.is_flow());
            copy
        }
        _ if cell(value) != 0 => with_cell(value, 0),
        _ => value.clone(),
    }
}
