//! TOML as BurntSushi's encoder lays it out, and a reader.

use super::time::{Time, Zone};
use crate::value::{List, Map, Runes, Value, lossy};
use std::fmt::Write as _;

const MAX_DEPTH: usize = 100;

/// Writes a map as a TOML document, and anything else as the value of a key; the error is the library's text.
pub(crate) fn encode(value: &Value) -> Result<String, String> {
    let mut writer = Writer { out: String::new() };
    match value {
        Value::Map(map) => writer.table(&[], map)?,
        Value::Nil => return Err("reflect: call of reflect.Value.Type on zero Value".to_owned()),
        Value::List(list) if is_table_list(list)? => {
            return Err("toml: top-level values must be Go maps or structs".to_owned());
        }
        value => writer.element(value, 0)?,
    }
    Ok(writer.out)
}

struct Writer {
    out: String,
}

/// Tells whether a value becomes a table or a list of tables of its own.
fn is_table(value: &Value) -> Result<bool, String> {
    match value {
        Value::Map(map) => Ok(!map.is_nil()),
        Value::List(list) => is_table_list(list),
        _ => Ok(false),
    }
}

fn is_table_list(list: &List) -> Result<bool, String> {
    if list.items().iter().any(Value::is_nil) {
        return Err("toml: cannot encode array with nil element".to_owned());
    }
    Ok(!list.is_empty() && list.items().iter().all(|item| matches!(item, Value::Map(_))))
}

impl Writer {
    fn newline(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn indent(&mut self, path: &[String]) {
        self.out.extend(std::iter::repeat_n("  ", path.len().saturating_sub(1)));
    }

    /// Writes the entries of a table: what is no table first.
    fn table(&mut self, path: &[String], map: &Map) -> Result<(), String> {
        if path.len() > MAX_DEPTH {
            return Err("toml: nested too deep".to_owned());
        }
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for (key, value) in map.entries() {
            let key = key.to_str_lossy().into_owned();
            if is_table(&value)? { tables.push((key, value)) } else { direct.push((key, value)) }
        }
        for (key, value) in direct.into_iter().chain(tables) {
            let mut inner = path.to_vec();
            inner.push(quoted_key(&key));
            self.entry(&inner, &value)?;
        }
        Ok(())
    }

    fn entry(&mut self, path: &[String], value: &Value) -> Result<(), String> {
        match value {
            value if value.is_nil() => {}
            Value::Map(map) => {
                if path.len() == 1 {
                    self.newline();
                }
                self.indent(path);
                let _ = writeln!(self.out, "[{}]", path.join("."));
                self.table(path, map)?;
            }
            Value::List(list) if is_table_list(list)? => {
                for item in list.items() {
                    if let Value::Map(map) = item {
                        self.newline();
                        self.indent(path);
                        let _ = writeln!(self.out, "[[{}]]", path.join("."));
                        self.table(path, map)?;
                    }
                }
            }
            value => {
                self.indent(path);
                let _ = write!(self.out, "{} = ", path.last().map_or("", String::as_str));
                self.element(value, 0)?;
                self.out.push('\n');
            }
        }
        Ok(())
    }

    fn element(&mut self, value: &Value, depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("toml: nested too deep".to_owned());
        }
        match value {
            Value::Bool(b) => self.out.push_str(if *b { "true" } else { "false" }),
            Value::Int(_, i) => self.out.push_str(&i.to_string()),
            Value::Uint(_, u) => self.out.push_str(&u.to_string()),
            Value::Float(f) => self.out.push_str(&float(*f)),
            Value::Str(text) => self.out.push_str(&quoted(text.as_bytes())),
            Value::Time(time) => self.out.push_str(&time_text(time)),
            Value::Version(version) => self.out.push_str(&quoted(version.to_string().as_bytes())),
            Value::List(list) => {
                self.out.push('[');
                for (position, item) in list.items().iter().enumerate() {
                    if position > 0 {
                        self.out.push_str(", ");
                    }
                    self.element(item, depth + 1)?;
                }
                self.out.push(']');
            }
            Value::Map(map) => self.inline_table(map, depth)?,
            value => return Err(format!("toml: unexpected type: {}", value.type_name())),
        }
        Ok(())
    }

    /// Writes a table within a list. The comma stands behind all but the last, even if the last is nil and not written.
    fn inline_table(&mut self, map: &Map, depth: usize) -> Result<(), String> {
        let (mut direct, mut tables) = (Vec::new(), Vec::new());
        for (key, value) in map.entries() {
            if is_table(&value)? { tables.push((key, value)) } else { direct.push((key, value)) }
        }
        self.out.push('{');
        let last = direct.len() + tables.len();
        for (position, (key, value)) in direct.into_iter().chain(tables).enumerate() {
            if value.is_nil() {
                continue;
            }
            let _ = write!(self.out, "{} = ", quoted_key(&key.to_str_lossy()));
            self.element(&value, depth + 1)?;
            if position + 1 < last {
                self.out.push_str(", ");
            }
        }
        self.out.push('}');
        Ok(())
    }
}

/// The zones of times that have none, as the library calls them, with the layouts that they are written in.
const LOCAL: [(&str, &str); 3] = [
    ("datetime-local", "2006-01-02T15:04:05.999999999"),
    ("date-local", "2006-01-02"),
    ("time-local", "15:04:05.999999999"),
];

fn time_text(time: &Time) -> String {
    let zone = time.offset().0;
    match LOCAL.iter().find(|(name, _)| *name == zone) {
        Some((_, layout)) => lossy(&time.format(layout.as_bytes())),
        None => time.rfc3339_nano(),
    }
}

fn float(value: f64) -> String {
    if value.is_nan() {
        return if value.is_sign_negative() { "-nan" } else { "nan" }.to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "inf" } else { "-inf" }.to_owned();
    }
    let text = crate::go::number::format_float(value, 'g', None);
    if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
}

fn quoted_key(key: &str) -> String {
    let bare = !key.is_empty() && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_' || c == '-');
    if bare { key.to_owned() } else { quoted(key.as_bytes()) }
}

fn quoted(bytes: &[u8]) -> String {
    let mut out = String::from("\"");
    for (rune, _) in Runes(bytes) {
        match rune {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\x08' => out.push_str("\\b"),
            '\x0c' => out.push_str("\\f"),
            '\0'..' ' | '\x7f' => {
                let _ = write!(out, "\\u{:04x}", u32::from(rune));
            }
            rune => out.push(rune),
        }
    }
    out.push('"');
    out
}

/// Reads a document.
pub(crate) fn decode(text: &str) -> Result<Value, String> {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        no_separator(text, &error).unwrap_or_else(|| format!("toml: {}", error.message()))
    })?;
    Ok(from_table(&table))
}

/// Go's words for a key without `=`; nothing for any other error.
fn no_separator(text: &str, error: &toml::de::Error) -> Option<String> {
    if !error.message().starts_with("key with no value") {
        return None;
    }
    let (before, key) = text.split_at_checked(error.span()?.start)?;
    // The span may be that of the key, or begin behind it.
    let before = if key.trim_start().is_empty() { before.trim_end() } else { before };
    let line = 1 + before.matches('\n').count();
    let (lines, _) = text.split_at_checked(before.rfind('\n').map_or(0, |at| at + 1))?;
    let rest = text.get(lines.len()..)?.trim_start();
    let after = match rest.strip_prefix(['"', '\'']) {
        Some(quoted) => quoted.split_once(['"', '\''])?.1,
        None => rest.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')),
    };
    let problem = match after.trim_start_matches([' ', '\t']).chars().next() {
        None => "unexpected EOF; expected key separator '='".to_owned(),
        Some('\n') => "expected '.' or '=', but got '\\n' instead".to_owned(),
        Some(c) => format!("expected '.' or '=', but got '{c}' instead"),
    };
    let headers = lines.lines().filter_map(|line| line.trim().strip_prefix('[')?.split_once(']'));
    let last = headers.map(|(name, _)| name.trim_start_matches('[').trim()).next_back();
    Some(match last {
        Some(name) => {
            format!("toml: line {line} (last key {}): {problem}", crate::go::quote::quote_str(name))
        }
        None => format!("toml: line {line}: {problem}"),
    })
}

fn from_table(table: &toml::Table) -> Value {
    Value::from_iter(table.iter().map(|(key, value)| (key.as_str(), from_toml(value))))
}

fn from_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.as_str().into(),
        toml::Value::Integer(i) => Value::int64(*i),
        toml::Value::Float(f) => (*f).into(),
        toml::Value::Boolean(b) => (*b).into(),
        toml::Value::Datetime(time) => {
            let text = time.to_string();
            from_datetime(time).map_or_else(|| text.into(), Value::from)
        }
        toml::Value::Array(items) => items.iter().map(from_toml).collect::<Vec<_>>().into(),
        toml::Value::Table(table) => from_table(table),
    }
}

/// Reads a time; one without a date is of the year 0.
fn from_datetime(datetime: &toml::value::Datetime) -> Option<Time> {
    let zone = match (datetime.date, datetime.time, datetime.offset) {
        (Some(_), Some(_), Some(_)) => return Time::parse_rfc3339(&datetime.to_string()),
        (Some(_), Some(_), None) => "datetime-local",
        (Some(_), None, _) => "date-local",
        (None, ..) => "time-local",
    };
    let date = datetime.date.map_or_else(|| "0000-01-01".to_owned(), |date| date.to_string());
    let clock = datetime.time.map_or_else(|| "00:00:00".to_owned(), |time| time.to_string());
    let time = Time::parse_rfc3339(&format!("{date}T{clock}Z"))?;
    Some(time.with_zone(Zone::Fixed(zone.to_owned(), 0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Answers of BurntSushi's library.
    #[test]
    fn keys_without_a_separator() {
        let error = |text: &str| decode(text).unwrap_err();
        assert_eq!(error("one"), "toml: line 1: unexpected EOF; expected key separator '='");
        assert_eq!(error("# c\n  one   \n"), "toml: line 2: expected '.' or '=', but got '\\n' instead");
        assert_eq!(error("a = 1\none two"), "toml: line 2: expected '.' or '=', but got 't' instead");
        assert_eq!(
            error("[t]\na = 1\n[u]\none"),
            "toml: line 4 (last key \"u\"): unexpected EOF; expected key separator '='"
        );
        assert_eq!(
            error("[t]\na = 1\n\none\nb = 2"),
            "toml: line 4 (last key \"t\"): expected '.' or '=', but got '\\n' instead"
        );
    }

    #[test]
    fn there_and_back() {
        let text = "b = 1.0\nc = [\"x\", true]\n\n[a]\n  k = \"v\"\n  [a.d]\n    e = 2\n";
        let value = decode(text).unwrap();
        assert_eq!(encode(&value).unwrap(), text);
    }
}
