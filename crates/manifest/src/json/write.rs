//! Writing JSON with Go's bytes.

use crate::value::{plain_decimal, shortest_digits};
use crate::yaml::EmitError;
use crate::{Map, Number, Value, View};

/// How JSON is written.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonStyle {
    /// Whether `<`, `>` and `&` are escaped, as Go does unless told otherwise.
    pub escape_html: bool,
    /// Whether map keys are sorted, as Go always does.
    pub sort_keys: bool,
    /// What one level is indented with; everything is on one line without.
    pub indent: Option<&'static str>,
}

impl Default for JsonStyle {
    fn default() -> Self {
        Self { escape_html: true, sort_keys: true, indent: None }
    }
}

impl JsonStyle {
    /// Sets whether `<`, `>` and `&` are escaped.
    #[must_use]
    pub fn with_escape_html(mut self, escape_html: bool) -> Self {
        self.escape_html = escape_html;
        self
    }

    /// Sets whether map keys are sorted.
    #[must_use]
    pub fn with_sort_keys(mut self, sort_keys: bool) -> Self {
        self.sort_keys = sort_keys;
        self
    }

    /// Sets what one level is indented with.
    #[must_use]
    pub fn with_indent(mut self, indent: &'static str) -> Self {
        self.indent = Some(indent);
        self
    }
}

/// How deep a value may nest to be written.
const MAX_DEPTH: usize = 512;

/// Writes a value as `json.Marshal` does: compact, keys sorted, `<`, `>` and `&` escaped.
pub fn to_string(value: &Value) -> Result<String, EmitError> {
    to_string_with(value, &JsonStyle::default())
}

/// Writes a value in a style.
pub fn to_string_with(value: &Value, style: &JsonStyle) -> Result<String, EmitError> {
    let mut out = String::new();
    write(value, style, &mut out)?;
    Ok(out)
}

/// Appends a value in a style.
pub fn write(value: &Value, style: &JsonStyle, out: &mut String) -> Result<(), EmitError> {
    Writer { style, out }.value(value, 0)
}

struct Writer<'a> {
    style: &'a JsonStyle,
    out: &'a mut String,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: usize) -> Result<(), EmitError> {
        if depth > MAX_DEPTH {
            return Err(EmitError::TooDeep(MAX_DEPTH));
        }
        match value.view() {
            View::Null => self.out.push_str("null"),
            View::Bool(b) => self.out.push_str(if b { "true" } else { "false" }),
            View::Number(number) => number_into(number, self.out)?,
            View::String(text) => quote_into(text, self.style.escape_html, self.out),
            View::Seq(items) => self.seq(items, depth)?,
            View::Map(map) => self.map(map, depth)?,
        }
        Ok(())
    }

    fn seq(&mut self, items: &[Value], depth: usize) -> Result<(), EmitError> {
        self.out.push('[');
        for (position, item) in items.iter().enumerate() {
            if position > 0 {
                self.out.push(',');
            }
            self.line(depth + 1);
            self.value(item, depth + 1)?;
        }
        if !items.is_empty() {
            self.line(depth);
        }
        self.out.push(']');
        Ok(())
    }

    fn map(&mut self, map: &Map, depth: usize) -> Result<(), EmitError> {
        self.out.push('{');
        let mut entries: Vec<_> = map.iter().collect();
        if self.style.sort_keys && !entries.is_sorted_by_key(|(key, _)| *key) {
            entries.sort_by_key(|(key, _)| *key);
        }
        for (position, (key, value)) in entries.into_iter().enumerate() {
            if position > 0 {
                self.out.push(',');
            }
            self.line(depth + 1);
            quote_into(key, self.style.escape_html, self.out);
            self.out.push_str(if self.style.indent.is_some() { ": " } else { ":" });
            self.value(value, depth + 1)?;
        }
        if !map.is_empty() {
            self.line(depth);
        }
        self.out.push('}');
        Ok(())
    }

    fn line(&mut self, depth: usize) {
        if let Some(indent) = self.style.indent {
            self.out.push('\n');
            (0..depth).for_each(|_| self.out.push_str(indent));
        }
    }
}

fn number_into(number: Number, out: &mut String) -> Result<(), EmitError> {
    match number {
        Number::Int(i) => out.push_str(&ecow::eco_format!("{i}")),
        Number::UInt(u) => out.push_str(&ecow::eco_format!("{u}")),
        Number::Float(f) => out.push_str(&float_text(f)?),
    }
    Ok(())
}

/// Returns a float as `encoding/json` writes it: with an exponent below 1e-6 and from 1e21 on.
pub(crate) fn float_text(f: f64) -> Result<ecow::EcoString, EmitError> {
    if !f.is_finite() {
        let word = if f.is_nan() {
            "NaN"
        } else if f > 0.0 {
            "+Inf"
        } else {
            "-Inf"
        };
        return Err(EmitError::UnsupportedNumber(word));
    }
    let (digits, exponent) = shortest_digits(f);
    let sign = if f.is_sign_negative() { "-" } else { "" };
    if f == 0.0 || (1e-6..1e21).contains(&f.abs()) {
        return Ok(ecow::eco_format!("{sign}{}", plain_decimal(&digits, exponent)));
    }
    let (first, rest) = digits.split_at_checked(1).unwrap_or((&digits, ""));
    let point = if rest.is_empty() { "" } else { "." };
    let plus = if exponent < 0 { "" } else { "+" };
    Ok(ecow::eco_format!("{sign}{first}{point}{rest}e{plus}{exponent}"))
}

/// Appends a quoted text.
fn quote_into(text: &str, escape_html: bool, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = rest.bytes().position(|byte| is_special(byte, escape_html)) {
        let (plain, tail) = rest.split_at_checked(at).unwrap_or((rest, ""));
        out.push_str(plain);
        let mut chars = tail.chars();
        if let Some(c) = chars.next() {
            escape_into(c, out);
        }
        rest = chars.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

fn is_special(byte: u8, escape_html: bool) -> bool {
    match byte {
        b'"' | b'\\' | 0..0x20 => true,
        b'<' | b'>' | b'&' => escape_html,
        // The first byte of U+2028 and U+2029, and of others that stand for themselves.
        0xE2 => true,
        _ => false,
    }
}

fn escape_into(c: char, out: &mut String) {
    match c {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\u{8}' => out.push_str("\\b"),
        '\u{C}' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..' ' | '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
            out.push_str(&ecow::eco_format!("\\u{:04x}", u32::from(c)));
        }
        c => out.push(c),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_go_writes_them() {
        let cases = [
            (1e20, "100000000000000000000"),
            (1e21, "1e+21"),
            (1e-6, "0.000001"),
            (1e-7, "1e-7"),
            (1.5e-10, "1.5e-10"),
            (-0.0, "-0"),
            (0.1, "0.1"),
        ];
        for (float, text) in cases {
            assert_eq!(float_text(float).unwrap(), text);
        }
        assert_eq!(to_string(&f64::NAN.into()), Err(EmitError::UnsupportedNumber("NaN")));
    }

    #[test]
    fn texts_are_escaped_as_go_escapes_them() {
        let text = "a\"\\\u{8}\n\u{1}<>&\u{2028}\u{2026}\u{7f}";
        assert_eq!(
            to_string(&text.into()).unwrap(),
            "\"a\\\"\\\\\\b\\n\\u0001\\u003c\\u003e\\u0026\\u2028\u{2026}\u{7f}\""
        );
    }

    #[test]
    fn indented() {
        let value =
            Value::from(Map::from_iter([("b", Value::from(vec![1.into()])), ("a", Map::new().into())]));
        let style = JsonStyle::default().with_indent("  ");
        assert_eq!(to_string_with(&value, &style).unwrap(), "{\n  \"a\": {},\n  \"b\": [\n    1\n  ]\n}");
    }
}
