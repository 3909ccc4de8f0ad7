//! What the text of a scalar means.

mod number;
mod timestamp;

use super::Generation;
use crate::{EcoString, Number, Resolved};

pub(super) use number::is_base60;

/// What a scalar turned out to be, without its text.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Plain {
    Text,
    Null,
    Bool(bool),
    Number(Number),
    Timestamp,
}

impl Plain {
    fn tag(self) -> &'static str {
        match self {
            Self::Text => "!!str",
            Self::Null => "!!null",
            Self::Bool(_) => "!!bool",
            Self::Number(Number::Float(_)) => "!!float",
            Self::Number(_) => "!!int",
            Self::Timestamp => "!!timestamp",
        }
    }
}

impl From<Plain> for Resolved {
    fn from(plain: Plain) -> Self {
        match plain {
            Plain::Text => Self::Text,
            Plain::Null => Self::Null,
            Plain::Bool(b) => Self::Bool(b),
            Plain::Number(n) => Self::Number(n),
            Plain::Timestamp => Self::Timestamp,
        }
    }
}

/// The front of the tags that YAML itself defines.
pub(super) const TAG_PREFIX: &str = "tag:yaml.org,2002:";

/// Resolves a scalar without a tag that is not quoted.
pub(super) fn plain(text: &str, generation: Generation) -> Plain {
    resolve(text, generation, true)
}

fn resolve(text: &str, generation: Generation, timestamps: bool) -> Plain {
    let Some(first) = text.bytes().next() else { return Plain::Null };
    match first {
        b'0'..=b'9' | b'+' | b'-' => {
            if let Some(float) = special_float(text) {
                return Plain::Number(Number::Float(float));
            }
            if timestamps && timestamp::is_timestamp(text) {
                return Plain::Timestamp;
            }
            number::parse(text, generation).map_or(Plain::Text, Plain::Number)
        }
        b'.' => match special_float(text).or_else(|| number::parse_float(text)) {
            Some(float) => Plain::Number(Number::Float(float)),
            None => Plain::Text,
        },
        b'y' | b'Y' | b'n' | b'N' | b't' | b'T' | b'f' | b'F' | b'o' | b'O' | b'~' if text.len() <= 5 => {
            word(text, generation)
        }
        _ => Plain::Text,
    }
}

fn word(text: &str, generation: Generation) -> Plain {
    match text {
        "true" | "True" | "TRUE" => Plain::Bool(true),
        "false" | "False" | "FALSE" => Plain::Bool(false),
        "~" | "null" | "Null" | "NULL" => Plain::Null,
        _ if generation == Generation::V3 => Plain::Text,
        _ => old_bool(text).map_or(Plain::Text, Plain::Bool),
    }
}

/// The booleans of YAML 1.1 that YAML 1.2 dropped.
pub(super) fn old_bool(text: &str) -> Option<bool> {
    match text {
        "y" | "Y" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Some(true),
        "n" | "N" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => Some(false),
        _ => None,
    }
}

fn special_float(text: &str) -> Option<f64> {
    match text {
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" => Some(f64::INFINITY),
        "-.inf" | "-.Inf" | "-.INF" => Some(f64::NEG_INFINITY),
        _ => None,
    }
}

/// Resolves a scalar with an explicit tag in its long form; the error is worded as Go words it.
pub(super) fn tagged(tag: &str, text: &str, generation: Generation) -> Result<Resolved, String> {
    let Some(name) = tag.strip_prefix(TAG_PREFIX) else { return Ok(Resolved::Text) };
    match name {
        "str" => return Ok(Resolved::Text),
        "binary" => {
            return decode_base64(text)
                .map(Resolved::String)
                .ok_or_else(|| "yaml: !!binary value contains invalid base64 data".to_owned());
        }
        "bool" | "int" | "float" | "null" | "timestamp" => {}
        _ => return Ok(Resolved::Text),
    }
    let found = resolve(text, generation, name == "timestamp");
    match (name, found) {
        ("float", Plain::Number(Number::Int(i))) => Ok(Resolved::Number(Number::Float(i as f64))),
        _ if found.tag().strip_prefix("!!") == Some(name) => Ok(found.into()),
        _ => Err(format!("yaml: cannot decode {} `{text}` as a !!{name}", found.tag())),
    }
}

/// Decodes standard base64 with padding as Go does: line breaks do not count; what is no text becomes U+FFFD.
fn decode_base64(text: &str) -> Option<EcoString> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let mut quad = 0_u32;
    let mut digits = 0;
    let mut padding = 0;
    for byte in text.bytes() {
        let digit = match byte {
            b'\n' | b'\r' => continue,
            b'=' if digits >= 2 && padding < 2 => {
                padding += 1;
                0
            }
            _ if padding > 0 => return None,
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        quad = quad << 6 | u32::from(digit);
        digits += 1;
        if digits == 4 {
            let [_, bytes_of_quad @ ..] = quad.to_be_bytes();
            bytes.extend(bytes_of_quad.iter().take(3 - padding));
            quad = 0;
            digits = 0;
            if padding > 0 {
                digits = 8;
            }
        }
    }
    matches!(digits, 0 | 8).then(|| EcoString::from(String::from_utf8_lossy(&bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_read_as_go_reads_it() {
        assert_eq!(decode_base64("aGVs\nbG8="), Some("hello".into()));
        assert_eq!(decode_base64("aGk="), Some("hi".into()));
        assert_eq!(decode_base64("aA=="), Some("h".into()));
        assert_eq!(decode_base64(""), Some("".into()));
        for wrong in ["aGk", "aGk=a", "a===", "====", "a b=", "aGk=="] {
            assert_eq!(decode_base64(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn words_depend_on_the_generation() {
        assert_eq!(plain("yes", Generation::V2), Plain::Bool(true));
        assert_eq!(plain("yes", Generation::V3), Plain::Text);
        assert_eq!(plain("~", Generation::V3), Plain::Null);
        assert_eq!(plain("Null", Generation::V2), Plain::Null);
        assert_eq!(plain("<<", Generation::V3), Plain::Text);
    }
}
