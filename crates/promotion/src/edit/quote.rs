//! How a string is written so that every reader of YAML, of 1.1 and of 1.2, reads that very string.

use trueup_manifest::yaml::{self, Dialect};
use trueup_manifest::{Resolved, ScalarStyle};

/// Whether a scalar stands in brackets or braces, where more characters have a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Context {
    Block,
    Flow,
}

/// Writes a string in a style, or in double quotes where that style cannot hold it.
pub(super) fn quoted(text: &str, style: ScalarStyle, context: Context) -> String {
    match style {
        ScalarStyle::SingleQuoted if text.chars().all(is_ordinary) => {
            format!("'{}'", text.replace('\'', "''"))
        }
        ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => double_quoted(text),
        _ if is_plain(text, context) => text.to_owned(),
        _ => double_quoted(text),
    }
}

/// Returns true for a text that, unquoted, is itself to every reader.
fn is_plain(text: &str, context: Context) -> bool {
    let begins_well = !text.starts_with(|first: char| "-?:,[]{}#&*!|>'\"%@`=~<".contains(first));
    let flow_free = context == Context::Block || !text.contains([',', '[', ']', '{', '}', '?']);
    !text.is_empty()
        && begins_well
        && flow_free
        && text.chars().all(is_ordinary)
        && !text.contains(char::is_whitespace)
        && !text.ends_with(':')
        && !reads_as_something_else(text)
}

fn is_ordinary(c: char) -> bool {
    !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

fn reads_as_something_else(text: &str) -> bool {
    let is_text = |dialect| matches!(yaml::resolve_plain(text, dialect), Resolved::Text);
    let word = text.to_ascii_lowercase();
    let is_word =
        matches!(word.as_str(), "y" | "n" | "yes" | "no" | "on" | "off" | "true" | "false" | "null" | "~");
    is_word
        || reads_as_number(&word)
        || reads_as_date(text)
        || !is_text(Dialect::Kyaml)
        || !is_text(Dialect::Kubernetes)
}

/// Returns true for what some YAML reads as a number, in lower case; more is taken for one than Go's libraries do.
fn reads_as_number(text: &str) -> bool {
    let body = text.strip_prefix(['+', '-']).unwrap_or(text);
    let all =
        |text: &str, fits: fn(&char) -> bool| !text.is_empty() && text.chars().all(|c| c == '_' || fits(&c));
    let based = |prefix: &str, fits| body.strip_prefix(prefix).is_some_and(|digits| all(digits, fits));
    let begins_with_digit = body.starts_with(|first: char| first.is_ascii_digit());
    matches!(body, ".inf" | ".nan")
        || based("0x", char::is_ascii_hexdigit)
        || based("0o", char::is_ascii_digit)
        || based("0b", char::is_ascii_digit)
        || begins_with_digit
            && all(body, |c| c.is_ascii_digit() || matches!(c, ':' | '.'))
            && body.contains(':')
        || is_decimal(body)
}

fn is_decimal(text: &str) -> bool {
    let (mantissa, exponent) = text.split_once('e').map_or((text, None), |(m, e)| (m, Some(e)));
    let is_digits = |text: &str| text.chars().all(|c| c.is_ascii_digit() || c == '_');
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.map(|exponent| exponent.strip_prefix(['+', '-']).unwrap_or(exponent));
    mantissa.contains(|c: char| c.is_ascii_digit())
        && is_digits(whole)
        && is_digits(fraction)
        && power.is_none_or(|power| !power.is_empty() && is_digits(power))
}

/// Returns true for a date or what begins with one and goes on as a time does.
fn reads_as_date(text: &str) -> bool {
    let mut parts = text.splitn(3, '-');
    let digits = |part: Option<&str>, lengths: std::ops::RangeInclusive<usize>| {
        part.is_some_and(|part| lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit()))
    };
    if !digits(parts.next(), 4..=4) || !digits(parts.next(), 1..=2) {
        return false;
    }
    let Some(rest) = parts.next() else { return false };
    let day = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let behind = rest.get(day..).unwrap_or_default();
    (1..=2).contains(&day) && (behind.is_empty() || behind.starts_with(['T', 't', ' ']))
}

fn double_quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            c if is_ordinary(c) => out.push(c),
            c => out.push_str(&format!("\\u{:04X}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_every_reader_reads_as_itself_stays_plain() {
        for text in ["9f8e7d6", "1.2.3", "v1.2.3-rc.1", "latest", "reg.example.com:5000/a", "a#b", "x:y", "ü"]
        {
            assert_eq!(quoted(text, ScalarStyle::Plain, Context::Block), text);
        }
        for text in [
            "1.10",
            "123",
            "0123456",
            "12e4567",
            "0x1f",
            "1_000",
            "2024-01-02",
            "true",
            "yes",
            "null",
            "-",
            "~",
            "",
            "1:20",
            "0o17",
            "1.",
            ".5",
            "+1",
            "1e+3",
            "-x",
            "*",
            "a: b",
            "a #b",
            "a:",
            " a",
            "a ",
            "N",
            ".NaN",
            "2024-1-2 10:00",
            "=",
            "<<",
            "@x",
            "[a",
            "0b1",
        ] {
            assert_eq!(quoted(text, ScalarStyle::Plain, Context::Block), format!("\"{text}\""));
        }
        assert_eq!(quoted("a,b", ScalarStyle::Plain, Context::Block), "a,b");
        assert_eq!(quoted("a,b", ScalarStyle::Plain, Context::Flow), "\"a,b\"");
        assert_eq!(quoted("it's", ScalarStyle::SingleQuoted, Context::Block), "'it''s'");
        assert_eq!(
            quoted("a\n\u{1}\"\\", ScalarStyle::SingleQuoted, Context::Block),
            "\"a\\n\\u0001\\\"\\\\\""
        );
    }

    #[test]
    fn what_is_written_reads_back() {
        for c in ('\0'..='\u{2ff}').chain(['\u{2028}', '\u{feff}', '\u{fffe}', '\u{1f600}']) {
            for style in [ScalarStyle::Plain, ScalarStyle::SingleQuoted, ScalarStyle::DoubleQuoted] {
                for text in [format!("{c}"), format!("a{c}b"), format!("a{c} "), format!("{c}: #")] {
                    for options in [yaml::ParseOptions::kyaml(), yaml::ParseOptions::kubernetes()] {
                        let block = format!("k: {}\n", quoted(&text, style, Context::Block));
                        let flow = format!("k: [{}]\n", quoted(&text, style, Context::Flow));
                        let read = yaml::parse(block.as_bytes(), &options).unwrap();
                        assert_eq!(read.get("k").and_then(|value| value.as_str()), Some(&*text), "{block}");
                        let read = yaml::parse(flow.as_bytes(), &options).unwrap();
                        let item = read.get("k").and_then(|items| items.item(0));
                        assert_eq!(item.and_then(|value| value.as_str()), Some(&*text), "{flow}");
                    }
                }
            }
        }
    }
}
