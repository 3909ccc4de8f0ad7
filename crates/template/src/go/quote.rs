//! Go string literals, both ways: `strconv.Quote` and `strconv.Unquote`.

use super::unicode::is_print;
use crate::value::{Runes, Text};

/// Quotes as `strconv.Quote`, or `strconv.QuoteToASCII`.
pub(crate) fn quote(bytes: &[u8], ascii_only: bool) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 2);
    quote_with(&mut out, bytes, b'"', ascii_only);
    out
}

/// Quotes text that goes into a message.
pub(crate) fn quote_str(text: &str) -> String {
    String::from_utf8_lossy(&quote(text.as_bytes(), false)).into_owned()
}

/// Quotes one rune in single quotes as `strconv.QuoteRune`, or `strconv.QuoteRuneToASCII`.
pub(crate) fn quote_rune(rune: char, ascii_only: bool) -> Vec<u8> {
    let mut out = vec![b'\''];
    escape_rune(&mut out, rune, b'\'', ascii_only);
    out.push(b'\'');
    out
}

fn quote_with(out: &mut Vec<u8>, bytes: &[u8], quote: u8, ascii_only: bool) {
    out.push(quote);
    let mut rest = bytes;
    let mut runes = Runes(bytes);
    while let Some((rune, width)) = runes.next() {
        if width == 1 && rune == char::REPLACEMENT_CHARACTER {
            let byte = rest.first().copied().unwrap_or_default();
            out.extend_from_slice(format!("\\x{byte:02x}").as_bytes());
        } else {
            escape_rune(out, rune, quote, ascii_only);
        }
        rest = runes.0;
    }
    out.push(quote);
}

fn escape_rune(out: &mut Vec<u8>, rune: char, quote: u8, ascii_only: bool) {
    if rune == char::from(quote) || rune == '\\' {
        out.extend_from_slice(&[b'\\', rune as u8]);
        return;
    }
    if is_print(rune) && (rune.is_ascii() || !ascii_only) {
        out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes());
        return;
    }
    let escape = match rune {
        '\x07' => "\\a",
        '\x08' => "\\b",
        '\x0c' => "\\f",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        '\x0b' => "\\v",
        _ => {
            let code = u32::from(rune);
            let text = match code {
                ..0x20 | 0x7f => format!("\\x{code:02x}"),
                ..0x10000 => format!("\\u{code:04x}"),
                _ => format!("\\U{code:08x}"),
            };
            out.extend_from_slice(text.as_bytes());
            return;
        }
    };
    out.extend_from_slice(escape.as_bytes());
}

/// Reports whether a string can stand between backquotes unchanged.
pub(crate) fn can_backquote(bytes: &[u8]) -> bool {
    Runes(bytes).all(|(rune, width)| match rune {
        char::REPLACEMENT_CHARACTER => width > 1,
        '\u{feff}' | '`' | '\x7f' => false,
        '\t' => true,
        rune => rune >= ' ',
    })
}

/// One character of a literal: a rune, or a raw byte from `\x` and octal escapes.
pub(crate) enum Unquoted {
    Rune(char),
    Byte(u8),
}

/// Reads a string literal with its quotes, `"…"` or backquotes; `None` is Go's `invalid syntax`.
pub(crate) fn unquote(literal: &str) -> Option<Text> {
    if let Some(raw) = literal.strip_prefix('`') {
        let raw = raw.strip_suffix('`').filter(|raw| !raw.contains('`'))?;
        return Some(if raw.contains('\r') { raw.replace('\r', "").into() } else { raw.into() });
    }
    let mut body = literal.strip_prefix('"')?.strip_suffix('"')?;
    if !body.contains(['\\', '"', '\n']) {
        return Some(body.into());
    }
    let mut out = Vec::with_capacity(body.len());
    while !body.is_empty() {
        let (unquoted, rest) = unquote_char(body, '"')?;
        match unquoted {
            Unquoted::Byte(byte) => out.push(byte),
            Unquoted::Rune(rune) => out.extend_from_slice(rune.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        body = rest;
    }
    Some(out.into())
}

/// Reads the first character of the inside of a literal; `None` is Go's `invalid syntax`.
pub(crate) fn unquote_char(body: &str, quote: char) -> Option<(Unquoted, &str)> {
    let mut chars = body.chars();
    let first = chars.next()?;
    if first == quote || first == '\n' {
        return None;
    }
    if first != '\\' {
        return Some((Unquoted::Rune(first), chars.as_str()));
    }
    let escape = chars.next()?;
    let rest = chars.as_str();
    let simple = match escape {
        'a' => '\x07',
        'b' => '\x08',
        'f' => '\x0c',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0b',
        '\\' => '\\',
        '\'' | '"' if escape == quote => escape,
        'x' => return digits(rest, 2, 16).map(|(value, rest)| (Unquoted::Byte(value as u8), rest)),
        'u' => return code_point(rest, 4),
        'U' => return code_point(rest, 8),
        '0'..='7' => {
            let (value, rest) = digits(body.get(1..)?, 3, 8)?;
            return u8::try_from(value).ok().map(|byte| (Unquoted::Byte(byte), rest));
        }
        _ => return None,
    };
    Some((Unquoted::Rune(simple), rest))
}

fn digits(text: &str, count: usize, radix: u32) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let value = digits.chars().try_fold(0_u32, |value, c| Some(value * radix + c.to_digit(radix)?));
    Some((value?, rest))
}

fn code_point(text: &str, count: usize) -> Option<(Unquoted, &str)> {
    let (value, rest) = digits_wide(text, count)?;
    char::from_u32(value).map(|rune| (Unquoted::Rune(rune), rest))
}

fn digits_wide(text: &str, count: usize) -> Option<(u32, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let all = digits.chars().all(|c| c.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all).map(|value| (value, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoting_and_back() {
        let odd = b"a\"\\\n\x00\xffz\xc2\xad\xf0\x9f\x98\x80";
        let quoted = quote(odd, false);
        assert_eq!(quoted, "\"a\\\"\\\\\\n\\x00\\xffz\\u00ad😀\"".as_bytes());
        assert_eq!(unquote(std::str::from_utf8(&quoted).unwrap()).unwrap().as_bytes(), odd);
        assert_eq!(quote("😀é".as_bytes(), true), br#""\U0001f600\u00e9""#);
        for bad in [r#""\""#, r#""a"b""#, r#""\x0""#, r#""\ud800""#, r#""\400""#, r#""\'""#] {
            assert!(unquote(bad).is_none(), "{bad}");
        }
    }
}
