//! Scalars and keys as the dialects see them.

use super::super::resolve::{self, Plain};
use super::super::{Dialect, Generation};
use crate::value::go_float32_text;
use crate::{EcoString, KeyKind, Number, Resolved, ScalarStyle, SourceScalar, Value, View};

/// The tag of `<<`.
pub(super) const MERGE_TAG: &str = "tag:yaml.org,2002:merge";

/// Makes a scalar without a tag a value.
pub(super) fn untagged(dialect: Dialect, text: &str, style: ScalarStyle) -> Value {
    match dialect {
        Dialect::Kyaml if style != ScalarStyle::Plain => Value::string_with_style(text, style),
        Dialect::Kyaml => match resolve::plain(text, Generation::V3) {
            Plain::Text if text == "<<" => Value::from_source(SourceScalar {
                text: text.into(),
                style,
                tag: Some(EcoString::from(MERGE_TAG)),
                resolved: Resolved::Text,
                cell: 0,
            }),
            Plain::Text => Value::from(text),
            Plain::Bool(b) if text.len() == (if b { 4 } else { 5 }) && text.starts_with(['t', 'f']) => {
                b.into()
            }
            plain => Value::from_source(SourceScalar {
                text: text.into(),
                style,
                tag: None,
                resolved: plain.into(),
                cell: 0,
            }),
        },
        Dialect::Kubernetes if style != ScalarStyle::Plain => Value::from(text),
        Dialect::Kubernetes => match resolve::plain(text, Generation::V2) {
            Plain::Text | Plain::Timestamp => Value::from(text),
            Plain::Null => Value::NULL,
            Plain::Bool(b) => b.into(),
            Plain::Number(number) => number.into(),
        },
    }
}

/// Makes a scalar a value; the error is worded as Go words it.
pub(super) fn scalar(
    dialect: Dialect,
    text: &str,
    style: ScalarStyle,
    tag: Option<&str>,
) -> Result<Value, String> {
    match (dialect, tag) {
        (_, None) | (Dialect::Kyaml, Some("!")) => Ok(untagged(dialect, text, style)),
        (Dialect::Kyaml, Some(tag)) => {
            let resolved = resolve::tagged(tag, text, Generation::V3)?;
            Ok(Value::from_source(SourceScalar {
                text: text.into(),
                style,
                tag: Some(tag.into()),
                resolved,
                cell: 0,
            }))
        }
        (Dialect::Kubernetes, Some(tag)) => Ok(match resolve::tagged(tag, text, Generation::V2)? {
            Resolved::Null => Value::NULL,
            Resolved::Bool(b) => b.into(),
            Resolved::Number(number) => number.into(),
            Resolved::Text | Resolved::Timestamp => Value::from(text),
            Resolved::String(decoded) => Value::from(decoded),
        }),
    }
}

/// Makes a scalar that does not fit its tag a value that keeps both.
pub(super) fn misfit(text: &str, style: ScalarStyle, tag: Option<&str>) -> Value {
    let resolved = match tag.and_then(|tag| tag.strip_prefix(resolve::TAG_PREFIX)) {
        Some("null") => Resolved::Null,
        _ => Resolved::Text,
    };
    Value::from_source(SourceScalar {
        text: text.into(),
        style,
        tag: tag.map(EcoString::from),
        resolved,
        cell: 0,
    })
}

/// Returns what an untagged scalar is as a key.
pub(super) fn plain_kind(dialect: Dialect, text: &str, style: ScalarStyle) -> KeyKind {
    if style != ScalarStyle::Plain {
        return KeyKind::String;
    }
    let generation = match dialect {
        Dialect::Kyaml => Generation::V3,
        Dialect::Kubernetes => Generation::V2,
    };
    match resolve::plain(text, generation) {
        Plain::Text => KeyKind::String,
        Plain::Null => KeyKind::Null,
        Plain::Bool(_) => KeyKind::Bool,
        Plain::Number(Number::Float(_)) => KeyKind::Float,
        Plain::Number(_) => KeyKind::Int,
        // The older library takes times for texts.
        Plain::Timestamp if dialect == Dialect::Kubernetes => KeyKind::String,
        Plain::Timestamp => KeyKind::Timestamp,
    }
}

/// Why a value is no key; the message is worded as Go words it.
pub(super) enum BadKey {
    /// No map can have it.
    Invalid(String),
    /// No JSON object can have it; the message goes on with the value under it.
    Unsupported(String),
}

/// Makes a value a key.
pub(super) fn key(dialect: Dialect, value: &Value) -> Result<(EcoString, KeyKind), BadKey> {
    let kind = match value.view() {
        _ if is_misfit(value) => KeyKind::Misfit,
        View::Seq(_) | View::Map(_) => {
            return Err(BadKey::Invalid(format!("yaml: invalid map key: {}", go_syntax(dialect, value))));
        }
        View::Null => KeyKind::Null,
        View::Bool(_) => KeyKind::Bool,
        View::Number(Number::Float(_)) => KeyKind::Float,
        View::Number(_) => KeyKind::Int,
        View::String(_) => match value.source().map(|source| &source.resolved) {
            Some(Resolved::Timestamp) => KeyKind::Timestamp,
            _ if has_own_tag(value) => KeyKind::Tagged,
            _ => KeyKind::String,
        },
    };
    match (dialect, value.view()) {
        (Dialect::Kyaml, _) => Ok((value.scalar_text().unwrap_or_default(), kind)),
        (Dialect::Kubernetes, View::String(text)) => Ok((text.into(), KeyKind::String)),
        (Dialect::Kubernetes, View::Bool(b)) => Ok(((if b { "true" } else { "false" }).into(), kind)),
        (Dialect::Kubernetes, View::Number(Number::Int(i))) => Ok((ecow::eco_format!("{i}"), kind)),
        (Dialect::Kubernetes, View::Number(Number::Float(f))) => Ok((go_float32_text(f), kind)),
        (Dialect::Kubernetes, View::Number(Number::UInt(u))) => {
            Err(BadKey::Unsupported(format!("unsupported map key of type: uint64, key: {u:#x}, value: ")))
        }
        (Dialect::Kubernetes, _) => Err(BadKey::Unsupported(
            "unsupported map key of type: %!s(<nil>), key: <nil>, value: ".to_owned(),
        )),
    }
}

/// Whether a tag was written that the text does not fit.
fn is_misfit(value: &Value) -> bool {
    value.source().is_some_and(|source| {
        let tag = source.tag.as_deref();
        tag.is_some_and(|tag| resolve::tagged(tag, &source.text, Generation::V3).is_err())
    })
}

/// Whether a tag was written that is not that of a text.
fn has_own_tag(value: &Value) -> bool {
    let tag = value.source().and_then(|source| source.tag.as_deref());
    tag.is_some_and(|tag| {
        !tag.is_empty() && tag.strip_prefix(resolve::TAG_PREFIX).is_none_or(|name| name != "str")
    })
}

/// Writes a key as Go's `%#v` does.
pub(super) fn go_syntax_key(key: &str, kind: KeyKind) -> String {
    match kind {
        KeyKind::String | KeyKind::Timestamp | KeyKind::Tagged | KeyKind::Misfit | KeyKind::Repeated => {
            quote(key)
        }
        KeyKind::Null => "<nil>".to_owned(),
        KeyKind::Int | KeyKind::Float | KeyKind::Bool => key.to_owned(),
    }
}

/// Writes a value that is no part of another as Go's `%#v` does.
pub(super) fn go_syntax_alone(dialect: Dialect, value: &Value) -> String {
    if value.is_null() { "<nil>".to_owned() } else { go_syntax(dialect, value) }
}

/// Writes a value as Go's `%#v` does.
pub(crate) fn go_syntax(dialect: Dialect, value: &Value) -> String {
    let mut out = String::new();
    write_go_syntax(dialect, value, &mut out);
    out
}

fn write_go_syntax(dialect: Dialect, value: &Value, out: &mut String) {
    match value.view() {
        // kyaml writes the key again before it is refused, and in a flow collection nothing is written as ''.
        View::Null if dialect == Dialect::Kyaml => out.push_str("\"\""),
        View::Null => out.push_str("interface {}(nil)"),
        View::Bool(b) => out.push_str(if b { "true" } else { "false" }),
        View::Number(Number::UInt(u)) => out.push_str(&format!("{u:#x}")),
        View::Number(number) => out.push_str(&number.to_string()),
        View::String(text) => out.push_str(&quote(text)),
        View::Seq(items) => {
            out.push_str("[]interface {}{");
            for (position, item) in items.iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                write_go_syntax(dialect, item, out);
            }
            out.push('}');
        }
        View::Map(map) => {
            let strings = dialect == Dialect::Kyaml && !map.has_odd_keys();
            out.push_str(if strings { "map[string]interface {}{" } else { "map[interface {}]interface {}{" });
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            for (position, (key, value)) in entries.into_iter().enumerate() {
                out.push_str(if position > 0 { ", " } else { "" });
                match map.key_kind(key) {
                    KeyKind::Null => out.push_str("interface {}(nil)"),
                    kind => out.push_str(&go_syntax_key(key, kind)),
                }
                out.push(':');
                write_go_syntax(dialect, value, out);
            }
            out.push('}');
        }
    }
}

/// Quotes a text as Go's `strconv.Quote` does.
pub(crate) fn quote(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{C}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{B}' => out.push_str("\\v"),
            '\0'..' ' | '\u{7F}' => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if is_go_printable(c) => out.push(c),
            c if u32::from(c) < 0x10000 => out.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => out.push_str(&format!("\\U{:08x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Tells whether Go prints a character as it is: letters, marks, numbers, punctuation, symbols and the space.
fn is_go_printable(c: char) -> bool {
    use unicode_general_category::GeneralCategory as Category;
    c == ' '
        || !matches!(
            unicode_general_category::get_general_category(c),
            Category::Control
                | Category::Format
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::PrivateUse
                | Category::SpaceSeparator
                | Category::Surrogate
                | Category::Unassigned
        )
}
