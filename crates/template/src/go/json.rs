//! Go's `encoding/json`: `Marshal`, `MarshalIndent`, `Unmarshal` into an `interface {}`.

use super::encoding::base64_encode;
use super::number::{float_text, format_float, parse_float, shortest};
use super::quote::quote;
use crate::function::Fault;
use crate::value::{Elem, List, Map, MapElem, Runes, Text, Value};
use std::collections::BTreeMap;

/// How deep values may nest, both ways.
pub(crate) const MAX_DEPTH: usize = 120;

/// How JSON is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Style {
    /// On one line, with `<`, `>` and `&` escaped.
    Compact,
    /// Indented by two spaces, with `<`, `>` and `&` escaped.
    Pretty,
    /// On one line, with `<`, `>` and `&` as they are.
    Raw,
}

/// Writes a value; the error is Go's text.
pub(crate) fn encode(value: &Value, style: Style, limit: usize) -> Result<Vec<u8>, Fault> {
    let mut writer = Writer { out: Vec::new(), style, limit };
    writer.value(value, 0)?;
    Ok(writer.out)
}

struct Writer {
    out: Vec<u8>,
    style: Style,
    limit: usize,
}

impl Writer {
    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn value(&mut self, value: &Value, depth: usize) -> Result<(), Fault> {
        if self.out.len() > self.limit {
            return Err(Fault::Limit("the JSON text of a value is longer than the limit".to_owned()));
        }
        if depth > MAX_DEPTH {
            return Err(Fault::Limit("a value is nested too deep for JSON".to_owned()));
        }
        match value {
            Value::Nil => self.push("null"),
            Value::Bool(b) => self.push(if *b { "true" } else { "false" }),
            Value::Int(_, i) => self.push(&i.to_string()),
            Value::Uint(_, u) => self.push(&u.to_string()),
            Value::Float(f) if f.is_finite() => self.push(&json_float(*f)),
            Value::Float(f) => return Err(format!("json: unsupported value: {}", float_text(*f)).into()),
            Value::Complex(_) => return Err("json: unsupported type: complex128".into()),
            Value::Str(text) => self.string(text.as_bytes()),
            Value::List(list) if list.is_nil() => self.push("null"),
            Value::List(list) => match list.to_bytes() {
                Some(bytes) => self.string(base64_encode(&bytes).as_bytes()),
                None => self.list(list, depth)?,
            },
            Value::Map(map) if map.is_nil() => self.push("null"),
            Value::Map(map) => {
                let entries = map.entries();
                self.object(entries.iter().map(|(key, value)| (key.as_bytes(), value)), depth)?;
            }
            Value::Time(time) => {
                if !(0..=9999).contains(&time.civil().year) {
                    let text = "json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]";
                    return Err(text.into());
                }
                self.string(time.rfc3339_nano().as_bytes());
            }
            Value::Version(version) => self.string(version.to_string().as_bytes()),
            Value::Object(object) => {
                let fields = object.fields();
                self.object(fields.iter().map(|(name, value)| (name.as_bytes(), value)), depth)?;
            }
        }
        Ok(())
    }

    fn newline(&mut self, depth: usize) {
        if self.style == Style::Pretty {
            self.out.push(b'\n');
            self.out.resize(self.out.len() + 2 * depth, b' ');
        }
    }

    fn list(&mut self, list: &List, depth: usize) -> Result<(), Fault> {
        self.out.push(b'[');
        for (position, item) in list.items().iter().enumerate() {
            if position > 0 {
                self.out.push(b',');
            }
            self.newline(depth + 1);
            self.value(item, depth + 1)?;
        }
        if !list.is_empty() {
            self.newline(depth);
        }
        self.out.push(b']');
        Ok(())
    }

    fn object<'v>(
        &mut self,
        entries: impl Iterator<Item = (&'v [u8], &'v Value)>,
        depth: usize,
    ) -> Result<(), Fault> {
        self.out.push(b'{');
        let mut count = 0;
        for (key, value) in entries {
            if count > 0 {
                self.out.push(b',');
            }
            count += 1;
            self.newline(depth + 1);
            self.string(key);
            self.out.push(b':');
            if self.style == Style::Pretty {
                self.out.push(b' ');
            }
            self.value(value, depth + 1)?;
        }
        if count > 0 {
            self.newline(depth);
        }
        self.out.push(b'}');
        Ok(())
    }

    fn string(&mut self, bytes: &[u8]) {
        self.out.push(b'"');
        for (rune, width) in Runes(bytes) {
            match rune {
                '"' | '\\' => self.out.extend_from_slice(&[b'\\', rune as u8]),
                '\x08' => self.push("\\b"),
                '\x0c' => self.push("\\f"),
                '\n' => self.push("\\n"),
                '\r' => self.push("\\r"),
                '\t' => self.push("\\t"),
                '<' | '>' | '&' if self.style != Style::Raw => {
                    self.push(&format!("\\u{:04x}", u32::from(rune)))
                }
                '\0'..' ' | '\u{2028}' | '\u{2029}' => self.push(&format!("\\u{:04x}", u32::from(rune))),
                char::REPLACEMENT_CHARACTER if width == 1 => self.push("\\ufffd"),
                _ => self.push(rune.encode_utf8(&mut [0; 4])),
            }
        }
        self.out.push(b'"');
    }
}

/// Writes a float as `encoding/json` does.
pub(crate) fn json_float(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-6..1e21).contains(&size) {
        let (digits, exponent) = shortest(value);
        let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
        let point = if rest.is_empty() { "" } else { "." };
        let sign = if value < 0.0 { "-" } else { "" };
        let exponent_sign = if exponent < 0 { '-' } else { '+' };
        return format!("{sign}{first}{point}{rest}e{exponent_sign}{}", exponent.unsigned_abs());
    }
    format_float(value, 'f', None)
}

/// Reads a document; the error is Go's text.
pub(crate) fn decode(text: &[u8]) -> Result<Value, String> {
    let (value, number_error) = decode_around_numbers(text)?;
    number_error.map_or(Ok(value), Err)
}

/// Reads a document, with nil for a number that is out of range and the error of the first; wrong syntax leaves nothing.
///
/// Go looks at numbers once the syntax of the whole is right, and goes on after a bad one.
pub(crate) fn decode_around_numbers(text: &[u8]) -> Result<(Value, Option<String>), String> {
    let mut reader = Reader { rest: text, number_error: None };
    let value = reader.document()?;
    Ok((value, reader.number_error))
}

struct Reader<'a> {
    rest: &'a [u8],
    number_error: Option<String>,
}

type Read<T> = Result<T, String>;

impl<'a> Reader<'a> {
    fn space(&mut self) {
        let blank = |b: &&u8| matches!(b, b' ' | b'\t' | b'\r' | b'\n');
        let count = self.rest.iter().take_while(blank).count();
        self.rest = self.rest.get(count..).unwrap_or_default();
    }

    fn bump(&mut self) -> Option<u8> {
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn unexpected<T>(&self, byte: Option<u8>, context: &str) -> Read<T> {
        // At the end Go tries a space, which is wrong inside of a token.
        let in_token = ["numeric literal", "in literal", "in string escape", "hexadecimal"];
        let end = Some(b' ').filter(|_| in_token.iter().any(|part| context.contains(part)));
        let Some(byte) = byte.or(end) else { return Err("unexpected end of JSON input".to_owned()) };
        let shown = match byte {
            b'\'' => r"'\''".to_owned(),
            b'"' => r#"'"'"#.to_owned(),
            _ => {
                let rune = char::from(byte).to_string();
                let quoted = String::from_utf8_lossy(&quote(rune.as_bytes(), false)).into_owned();
                format!("'{}'", quoted.trim_start_matches('"').trim_end_matches('"'))
            }
        };
        Err(format!("invalid character {shown} {context}"))
    }

    fn document(&mut self) -> Read<Value> {
        let value = self.value(0)?;
        self.space();
        match self.rest.first() {
            None => Ok(value),
            byte => self.unexpected(byte.copied(), "after top-level value"),
        }
    }

    fn value(&mut self, depth: usize) -> Read<Value> {
        if depth > MAX_DEPTH {
            return Err("exceeded max depth".to_owned());
        }
        self.space();
        match self.rest.first() {
            Some(b'{') => self.object(depth),
            Some(b'[') => self.array(depth),
            Some(b'"') => {
                self.bump();
                Ok(Value::Str(self.string()?.into()))
            }
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Nil),
            byte => self.unexpected(byte.copied(), "looking for beginning of value"),
        }
    }

    fn word(&mut self, word: &str, value: Value) -> Read<Value> {
        for expected in word.bytes() {
            let byte = self.bump();
            if byte != Some(expected) {
                let context = format!("in literal {word} (expecting '{}')", char::from(expected));
                return self.unexpected(byte, &context);
            }
        }
        Ok(value)
    }

    fn array(&mut self, depth: usize) -> Read<Value> {
        self.bump();
        let mut items = Vec::new();
        self.space();
        if self.rest.first() == Some(&b']') {
            self.bump();
            return Ok(Value::List(List::of(Elem::Any, items)));
        }
        loop {
            items.push(self.value(depth + 1)?);
            self.space();
            match self.bump() {
                Some(b',') => {}
                Some(b']') => return Ok(Value::List(List::appended(Elem::Any, items))),
                byte => return self.unexpected(byte, "after array element"),
            }
        }
    }

    fn object(&mut self, depth: usize) -> Read<Value> {
        self.bump();
        let mut entries = BTreeMap::new();
        self.space();
        if self.rest.first() == Some(&b'}') {
            self.bump();
            return Ok(Value::Map(Map::from_entries(MapElem::Any, entries)));
        }
        loop {
            self.space();
            match self.bump() {
                Some(b'"') => {}
                byte => return self.unexpected(byte, "looking for beginning of object key string"),
            }
            let key = Text::from(self.string()?);
            self.space();
            match self.bump() {
                Some(b':') => {}
                byte => return self.unexpected(byte, "after object key"),
            }
            entries.insert(key, self.value(depth + 1)?);
            self.space();
            match self.bump() {
                Some(b',') => {}
                Some(b'}') => return Ok(Value::Map(Map::from_entries(MapElem::Any, entries))),
                byte => return self.unexpected(byte, "after object key:value pair"),
            }
        }
    }

    /// Reads the rest of a string after its quote.
    fn string(&mut self) -> Read<Vec<u8>> {
        let mut out = Vec::new();
        loop {
            let plain = self.rest.iter().take_while(|&&b| b >= b' ' && b != b'"' && b != b'\\').count();
            let (text, rest) = self.rest.split_at_checked(plain).unwrap_or((self.rest, b""));
            match std::str::from_utf8(text) {
                Ok(_) => out.extend_from_slice(text),
                Err(_) => out.extend_from_slice(crate::value::lossy(text).as_bytes()),
            }
            self.rest = rest;
            match self.bump() {
                Some(b'"') => return Ok(out),
                Some(b'\\') => self.escape(&mut out)?,
                byte => return self.unexpected(byte, "in string literal"),
            }
        }
    }

    fn escape(&mut self, out: &mut Vec<u8>) -> Read<()> {
        let byte = self.bump();
        let simple = match byte {
            Some(b'"' | b'\\' | b'/') => byte.unwrap_or_default(),
            Some(b'b') => 8,
            Some(b'f') => 12,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let rune = self.unicode_escape()?;
                out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            byte => return self.unexpected(byte, "in string escape code"),
        };
        out.push(simple);
        Ok(())
    }

    fn hex4(&mut self) -> Read<u32> {
        let mut code = 0;
        for _ in 0..4 {
            let byte = self.bump();
            match byte.and_then(|b| char::from(b).to_digit(16)) {
                Some(digit) => code = code * 16 + digit,
                None => return self.unexpected(byte, r"in \u hexadecimal character escape"),
            }
        }
        Ok(code)
    }

    fn unicode_escape(&mut self) -> Read<char> {
        let code = self.hex4()?;
        if let Some(rune) = char::from_u32(code) {
            return Ok(rune);
        }
        // Half of a pair; the other half must follow at once.
        let before = self.rest;
        if code < 0xDC00 && self.rest.starts_with(b"\\u") {
            self.rest = self.rest.get(2..).unwrap_or_default();
            if let Ok(low @ 0xDC00..=0xDFFF) = self.hex4() {
                let whole = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                return Ok(char::from_u32(whole).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.rest = before;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn digits(&mut self) -> usize {
        let count = self.rest.iter().take_while(|b| b.is_ascii_digit()).count();
        self.rest = self.rest.get(count..).unwrap_or_default();
        count
    }

    fn number(&mut self) -> Read<Value> {
        let start = self.rest;
        if self.rest.first() == Some(&b'-') {
            self.bump();
        }
        match self.rest.first() {
            Some(b'0') => drop(self.bump()),
            Some(b'1'..=b'9') => drop(self.digits()),
            byte => return self.unexpected(byte.copied(), "in numeric literal"),
        }
        if self.rest.first() == Some(&b'.') {
            self.bump();
            if self.digits() == 0 {
                return self.unexpected(self.rest.first().copied(), "after decimal point in numeric literal");
            }
        }
        if let Some(b'e' | b'E') = self.rest.first() {
            self.bump();
            if let Some(b'+' | b'-') = self.rest.first() {
                self.bump();
            }
            if self.digits() == 0 {
                return self.unexpected(self.rest.first().copied(), "in exponent of numeric literal");
            }
        }
        let text = start.get(..start.len() - self.rest.len()).unwrap_or_default();
        let text = std::str::from_utf8(text).unwrap_or_default();
        match parse_float(text) {
            Ok(number) => Ok(Value::Float(number)),
            Err(_) => {
                let error = format!("json: cannot unmarshal number {text} into Go value of type float64");
                self.number_error.get_or_insert(error);
                Ok(Value::Nil)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let text = r#"{"a":[1,2.5,1e-7,1e+21,null,true,{}],"b":"\u003cé\u2028\\\"\n"}"#;
        let value = decode(text.as_bytes()).unwrap();
        assert_eq!(encode(&value, Style::Compact, 1000).ok().unwrap(), text.as_bytes());
        assert_eq!(decode(b"[1,]").err().unwrap(), "invalid character ']' looking for beginning of value");
        assert_eq!(decode(b"{\"a\"").err().unwrap(), "unexpected end of JSON input");
    }
}
