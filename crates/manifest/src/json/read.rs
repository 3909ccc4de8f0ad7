//! Reading JSON with Go's grammar and words.

use super::{JsonNumbers, JsonOptions};
use crate::yaml::{ParseError, ParseErrorKind};
use crate::{EcoString, Map, Number, Position, Resolved, ScalarStyle, SourceScalar, Value};

pub(super) fn parse(text: &[u8], options: &JsonOptions) -> Result<Value, ParseError> {
    let mut reader = Reader { text, at: 0, options, nodes: 0 };
    if text.len() > options.limits.max_bytes {
        return Err(reader.limit(format!("larger than {} bytes", options.limits.max_bytes)));
    }
    let value = reader.document()?;
    reader.skip_space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(reader.unexpected("after top-level value")),
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    options: &'a JsonOptions,
    nodes: usize,
}

/// An open container.
enum Frame {
    Array(Vec<Value>),
    Object(Vec<(EcoString, Value)>, EcoString),
}

impl Reader<'_> {
    /// Reads values without recursion: a finished value goes into the container on top, or is the result.
    fn document(&mut self) -> Result<Value, ParseError> {
        let mut stack: Vec<Frame> = Vec::new();
        loop {
            let Some(mut value) = self.value(&mut stack)? else { continue };
            loop {
                match stack.pop() {
                    None => return Ok(value),
                    Some(Frame::Array(mut items)) => {
                        items.push(value);
                        if self.goes_on(b']', "after array element")? {
                            stack.push(Frame::Array(items));
                            break;
                        }
                        value = items.into();
                    }
                    Some(Frame::Object(mut entries, key)) => {
                        entries.push((key, value));
                        if self.goes_on(b'}', "after object key:value pair")? {
                            let key = self.key()?;
                            stack.push(Frame::Object(entries, key));
                            break;
                        }
                        value = object(entries);
                    }
                }
            }
        }
    }

    /// Reads a value; `None` when it opened a container that is not empty.
    fn value(&mut self, stack: &mut Vec<Frame>) -> Result<Option<Value>, ParseError> {
        self.nodes += 1;
        let limits = &self.options.limits;
        if self.nodes > limits.max_nodes {
            return Err(self.limit(format!("more than {} nodes", limits.max_nodes)));
        }
        self.skip_space();
        let value = match self.peek() {
            Some(open @ (b'[' | b'{')) => {
                if stack.len() >= limits.max_depth {
                    return Err(self.limit(format!("nested deeper than {} levels", limits.max_depth)));
                }
                self.at += 1;
                return self.container(open, stack);
            }
            Some(b'"') => Value::from(self.string()?),
            Some(b't') => self.literal("true", Value::from(true))?,
            Some(b'f') => self.literal("false", Value::from(false))?,
            Some(b'n') => self.literal("null", Value::NULL)?,
            Some(b'-' | b'0'..=b'9') => self.number()?,
            _ => return Err(self.unexpected("looking for beginning of value")),
        };
        Ok(Some(value))
    }

    fn container(&mut self, open: u8, stack: &mut Vec<Frame>) -> Result<Option<Value>, ParseError> {
        self.skip_space();
        match (open, self.peek()) {
            (b'[', Some(b']')) => {
                self.at += 1;
                Ok(Some(Vec::new().into()))
            }
            (b'{', Some(b'}')) => {
                self.at += 1;
                Ok(Some(Map::new().into()))
            }
            (b'[', _) => {
                stack.push(Frame::Array(Vec::new()));
                Ok(None)
            }
            _ => {
                let key = self.key()?;
                stack.push(Frame::Object(Vec::new(), key));
                Ok(None)
            }
        }
    }

    fn key(&mut self) -> Result<EcoString, ParseError> {
        self.skip_space();
        if self.peek() != Some(b'"') {
            return Err(self.unexpected("looking for beginning of object key string"));
        }
        let key = self.string()?;
        self.skip_space();
        if self.peek() != Some(b':') {
            return Err(self.unexpected("after object key"));
        }
        self.at += 1;
        Ok(key)
    }

    /// Takes the comma or the closing bracket behind a value; true when another value follows.
    fn goes_on(&mut self, close: u8, context: &'static str) -> Result<bool, ParseError> {
        self.skip_space();
        let found = self.peek();
        if found != Some(b',') && found != Some(close) {
            return Err(self.unexpected(context));
        }
        self.at += 1;
        Ok(found == Some(b','))
    }

    fn literal(&mut self, word: &'static str, value: Value) -> Result<Value, ParseError> {
        for byte in word.bytes() {
            if self.peek() != Some(byte) {
                return Err(self.unexpected(&format!("in literal {word} (expecting '{}')", char::from(byte))));
            }
            self.at += 1;
        }
        Ok(value)
    }

    fn number(&mut self) -> Result<Value, ParseError> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        match self.peek() {
            Some(b'0') => self.at += 1,
            Some(b'1'..=b'9') => self.digits(),
            _ => return Err(self.unexpected("in numeric literal")),
        }
        let mut whole = true;
        if self.peek() == Some(b'.') {
            whole = false;
            self.at += 1;
            self.some_digits("after decimal point in numeric literal")?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            whole = false;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.some_digits("in exponent of numeric literal")?;
        }
        let text = self.text.get(start..self.at).unwrap_or_default();
        self.number_value(std::str::from_utf8(text).unwrap_or_default(), whole)
    }

    fn number_value(&self, text: &str, whole: bool) -> Result<Value, ParseError> {
        let numbers = self.options.numbers;
        let int = if whole && numbers != JsonNumbers::Float64 { text.parse().ok() } else { None };
        let float = text.parse().unwrap_or(f64::NAN);
        let number = match int {
            Some(int) => Number::Int(int),
            None if float.is_finite() => Number::Float(float),
            None => {
                let message = format!("json: cannot unmarshal number {text} into Go value of type float64");
                return Err(self.error(ParseErrorKind::Number, message, self.at));
            }
        };
        Ok(match numbers {
            JsonNumbers::Kept => Value::from_source(SourceScalar {
                text: text.into(),
                style: ScalarStyle::Plain,
                tag: None,
                resolved: Resolved::Number(number),
                cell: 0,
            }),
            _ => number.into(),
        })
    }

    fn digits(&mut self) {
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
    }

    fn some_digits(&mut self, context: &'static str) -> Result<(), ParseError> {
        if !matches!(self.peek(), Some(b'0'..=b'9')) {
            return Err(self.unexpected(context));
        }
        self.digits();
        Ok(())
    }

    fn string(&mut self) -> Result<EcoString, ParseError> {
        self.at += 1;
        let rest = self.text.get(self.at..).unwrap_or_default();
        let simple = rest.iter().take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..0x20)).count();
        let text = rest.get(..simple).unwrap_or_default();
        if rest.get(simple) == Some(&b'"')
            && let Ok(text) = std::str::from_utf8(text)
        {
            self.at += simple + 1;
            return Ok(text.into());
        }
        let mut text = Vec::with_capacity(simple + 16);
        loop {
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape(&mut text)?,
                Some(byte @ 0x20..) => {
                    text.push(byte);
                    self.at += 1;
                }
                _ => return Err(self.unexpected("in string literal")),
            }
        }
        self.at += 1;
        Ok(decode(&text).into())
    }

    fn escape(&mut self, text: &mut Vec<u8>) -> Result<(), ParseError> {
        self.at += 1;
        let byte = match self.peek() {
            Some(b'b') => 8,
            Some(b'f') => 0xC,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'u') => return self.unicode_escape(text),
            _ => return Err(self.unexpected("in string escape code")),
        };
        text.push(byte);
        self.at += 1;
        Ok(())
    }

    /// Reads `\u` escapes; halves of surrogate pairs on their own become U+FFFD.
    fn unicode_escape(&mut self, text: &mut Vec<u8>) -> Result<(), ParseError> {
        let first = self.hex()?;
        let mut c = char::from_u32(u32::from(first));
        if (0xD800..0xDC00).contains(&first) && self.text.get(self.at..self.at + 2) == Some(b"\\u") {
            let before = self.at;
            self.at += 1;
            let second = self.hex()?;
            match char::decode_utf16([first, second]).next() {
                Some(Ok(pair)) => c = Some(pair),
                _ => self.at = before,
            }
        }
        let c = c.unwrap_or(char::REPLACEMENT_CHARACTER);
        text.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        Ok(())
    }

    /// Reads the four digits behind the `u` that is here.
    fn hex(&mut self) -> Result<u16, ParseError> {
        self.at += 1;
        let mut value = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                return Err(self.unexpected("in \\u hexadecimal character escape"));
            };
            value = value << 4 | digit as u16;
            self.at += 1;
        }
        Ok(value)
    }

    fn skip_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\r' | b'\n') = self.peek() {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn unexpected(&self, context: &str) -> ParseError {
        let message = match self.peek() {
            None => "unexpected end of JSON input".to_owned(),
            Some(byte) => format!("invalid character {} {context}", quote_byte(byte)),
        };
        self.error(ParseErrorKind::Json, message, self.at)
    }

    fn limit(&self, message: String) -> ParseError {
        self.error(ParseErrorKind::Limit, message, self.at)
    }

    fn error(&self, kind: ParseErrorKind, message: String, offset: usize) -> ParseError {
        ParseError::new(kind, message, Position::of(self.text, offset))
    }
}

fn object(entries: Vec<(EcoString, Value)>) -> Value {
    Value::from(Map::try_from_entries(entries).unwrap_or_else(Map::from_iter))
}

/// Decodes UTF-8, each wrong byte becoming U+FFFD.
fn decode(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        chunk.invalid().iter().for_each(|_| text.push(char::REPLACEMENT_CHARACTER));
    }
    text
}

/// Quotes a byte as Go does in its messages.
fn quote_byte(byte: u8) -> String {
    match byte {
        b'\'' => r"'\''".to_owned(),
        b'"' => "'\"'".to_owned(),
        byte => {
            let quoted = crate::yaml::go_quote(&char::from(byte).to_string());
            format!("'{}'", quoted.trim_matches('"'))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(text: &[u8]) -> String {
        parse(text, &JsonOptions::default()).unwrap_err().to_string()
    }

    #[test]
    fn mistakes_are_worded_as_go_words_them() {
        let cases = [
            ("", "unexpected end of JSON input"),
            ("[1,]", "invalid character ']' looking for beginning of value"),
            ("{a", "invalid character 'a' looking for beginning of object key string"),
            ("{\"a\" 1", "invalid character '1' after object key"),
            ("{\"a\":1 2", "invalid character '2' after object key:value pair"),
            ("[1 2", "invalid character '2' after array element"),
            ("1 2", "invalid character '2' after top-level value"),
            ("trux", "invalid character 'x' in literal true (expecting 'e')"),
            ("-x", "invalid character 'x' in numeric literal"),
            ("1.x", "invalid character 'x' after decimal point in numeric literal"),
            ("1ex", "invalid character 'x' in exponent of numeric literal"),
            ("\"\\x\"", "invalid character 'x' in string escape code"),
            ("\"\n\"", "invalid character '\\n' in string literal"),
            ("'", "invalid character '\\'' looking for beginning of value"),
            ("1e400", "json: cannot unmarshal number 1e400 into Go value of type float64"),
        ];
        for (text, expected) in cases {
            assert_eq!(message(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn wrong_text_is_replaced() {
        let value = parse(b"\"\xff\xfe\\ud800\\u0041\\ud83d\\ude00\"", &JsonOptions::default()).unwrap();
        assert_eq!(value, "\u{FFFD}\u{FFFD}\u{FFFD}A\u{1F600}");
    }

    #[test]
    fn depth_is_limited_without_recursion() {
        assert_eq!(message("[".repeat(100_000).as_bytes()), "nested deeper than 128 levels");
    }
}
