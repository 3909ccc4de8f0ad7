//! Documents as Go's `%#v` shows them, which is how upstream's errors quote what JSON cannot hold.

use std::cmp::Ordering;
use trueup_manifest::calendar::MONTHS;
use trueup_manifest::{KeyKind, Map, Number, Resolved, Value, View, yaml};

/// Shows a document that has been read from YAML.
pub(crate) fn go_syntax(value: &Value) -> String {
    let mut text = String::new();
    show(value, true, &mut text);
    text
}

/// The type that Go gives a value.
pub(crate) fn go_type(value: &Value) -> &'static str {
    match value.view() {
        View::Null => "nil",
        View::Bool(_) => "bool",
        View::Number(Number::Float(_)) => "float64",
        View::Number(_) => "int",
        View::String(_) => match value.source().map(|source| &source.resolved) {
            Some(Resolved::Timestamp) => "time.Time",
            _ => "string",
        },
        View::Seq(_) => "[]interface {}",
        View::Map(map) if map.has_odd_keys() => "map[interface {}]interface {}",
        View::Map(_) => "map[string]interface {}",
    }
}

fn show(value: &Value, is_root: bool, out: &mut String) {
    match value.view() {
        View::Null => out.push_str("interface {}(nil)"),
        View::Bool(b) => out.push_str(if b { "true" } else { "false" }),
        View::Number(number) => out.push_str(&number_text(number)),
        View::String(text) => out.push_str(&yaml::go_quote(text)),
        View::Seq(items) => {
            out.push_str("[]interface {}{");
            for (at, item) in items.iter().enumerate() {
                if at > 0 {
                    out.push_str(", ");
                }
                show(item, false, out);
            }
            out.push('}');
        }
        View::Map(map) => show_map(map, is_root, out),
    }
}

fn show_map(map: &Map, is_root: bool, out: &mut String) {
    let typed = is_root || map.keys().all(|key| map.key_kind(key) == KeyKind::String);
    let kind = |key: &str| if typed { KeyKind::String } else { map.key_kind(key) };
    let mut entries: Vec<_> = map.iter().map(|(key, value)| (kind(key), key.as_str(), value)).collect();
    entries.sort_by(|a, b| compare_keys((a.0, a.1), (b.0, b.1)));
    out.push_str(if typed { "map[string]interface {}{" } else { "map[interface {}]interface {}{" });
    for (at, (kind, key, value)) in entries.into_iter().enumerate() {
        if at > 0 {
            out.push_str(", ");
        }
        out.push_str(&key_text(kind, key));
        out.push(':');
        show(value, false, out);
    }
    out.push('}');
}

/// Go orders keys of different types by type.
fn compare_keys(a: (KeyKind, &str), b: (KeyKind, &str)) -> Ordering {
    let rank = |kind| match kind {
        KeyKind::Null => 0,
        KeyKind::String | KeyKind::Tagged | KeyKind::Misfit | KeyKind::Repeated => 1,
        KeyKind::Int => 2,
        KeyKind::Float => 3,
        KeyKind::Bool => 4,
        KeyKind::Timestamp => 5,
    };
    let number = |text: &str| number_of(text).map_or(0.0, |number| number.as_f64());
    rank(a.0).cmp(&rank(b.0)).then_with(|| match a.0 {
        KeyKind::Int | KeyKind::Float => number(a.1).total_cmp(&number(b.1)),
        _ => a.1.cmp(b.1),
    })
}

fn key_text(kind: KeyKind, key: &str) -> String {
    match kind {
        KeyKind::String | KeyKind::Tagged | KeyKind::Misfit | KeyKind::Repeated => yaml::go_quote(key),
        KeyKind::Int | KeyKind::Float => number_of(key).map_or_else(|| key.to_owned(), number_text),
        KeyKind::Null => "interface {}(nil)".to_owned(),
        KeyKind::Bool => key.to_ascii_lowercase(),
        KeyKind::Timestamp => time_text(key),
    }
}

fn number_of(text: &str) -> Option<Number> {
    match yaml::resolve_plain(text, yaml::Dialect::Kyaml) {
        trueup_manifest::Resolved::Number(number) => Some(number),
        _ => None,
    }
}

fn number_text(number: Number) -> String {
    match number {
        Number::Float(float) if float.is_nan() => "NaN".to_owned(),
        Number::Float(float) if float.is_infinite() => if float > 0.0 { "+Inf" } else { "-Inf" }.to_owned(),
        Number::Float(float) => Value::from(float).scalar_text().unwrap_or_default().to_string(),
        number => number.to_string(),
    }
}

/// `time.Date(…)` of a date without a time.
fn time_text(text: &str) -> String {
    let mut parts = text.split('-').map(|part| part.parse::<usize>().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    let (year, month, day) = (next(), next(), next());
    let month = MONTHS.get(month.wrapping_sub(1)).copied().unwrap_or_default();
    format!("time.Date({year}, time.{month}, {day}, 0, 0, 0, 0, time.UTC)")
}
