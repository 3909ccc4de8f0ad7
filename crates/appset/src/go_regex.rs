//! Go's regular expressions with the regex crate: the same family, with a few differences in what is written how.

use regex::Error;

/// Writes a pattern for the regex crate so that it means what Go means: Perl classes are ASCII, `\Q…\E` is plain text.
pub(crate) fn translate(pattern: &str) -> String {
    let mut out = String::with_capacity(pattern.len() + 8);
    let mut rest = pattern;
    let mut in_class = false;
    while let Some(c) = rest.chars().next() {
        rest = rest.strip_prefix(c).unwrap_or_default();
        match c {
            '\\' => rest = escape(rest, &mut out),
            '[' if in_class && !rest.starts_with(':') => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                for prefix in ["^", "]"] {
                    if let Some(after) = rest.strip_prefix(prefix) {
                        out.push_str(if prefix == "]" { "\\]" } else { "^" });
                        rest = after;
                    }
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' | '-' if in_class && rest.starts_with(c) => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

fn escape<'a>(rest: &'a str, out: &mut String) -> &'a str {
    let Some(c) = rest.chars().next() else {
        out.push('\\');
        return rest;
    };
    let after = rest.strip_prefix(c).unwrap_or_default();
    match c {
        'Q' => {
            let (plain, after) = after.split_once("\\E").unwrap_or((after, ""));
            out.push_str(&regex::escape(plain));
            return after;
        }
        'd' | 'D' | 's' | 'S' | 'w' | 'W' | 'b' | 'B' => {
            let ascii = match c {
                'd' => "[0-9]",
                'D' => "[^0-9]",
                's' => "[\\t\\n\\f\\r ]",
                'S' => "[^\\t\\n\\f\\r ]",
                'w' => "[0-9A-Za-z_]",
                'W' => "[^0-9A-Za-z_]",
                'b' => "(?-u:\\b)",
                _ => "(?-u:\\B)",
            };
            out.push_str(ascii);
        }
        c => {
            out.push('\\');
            out.push(c);
        }
    }
    after
}

/// Returns why a pattern is refused, in Go's form.
pub(crate) fn reason(pattern: &str, error: &Error) -> String {
    let what = match error {
        Error::CompiledTooBig(_) => "expression too large",
        _ if pattern.matches('(').count() > pattern.matches(')').count() => "missing closing )",
        _ if pattern.matches(')').count() > pattern.matches('(').count() => "unexpected )",
        _ if pattern.matches('[').count() > pattern.matches(']').count() => "missing closing ]",
        _ => "invalid escape sequence or repetition",
    };
    format!("error parsing regexp: {what}: `{pattern}`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;

    #[test]
    fn means_what_go_means() {
        let cases = [
            (r"^\d+$", "٣", false),
            (r"^\w+$", "é", false),
            (r"[a&&b]", "&", true),
            (r"[[]", "[", true),
            (r"\Qa.b\E", "a.b", true),
            (r"\Qa.b", "axb", false),
            (r"[]a]", "]", true),
            (r"[\d-]x", "-x", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(Regex::new(&translate(pattern)).unwrap().is_match(text), expected, "{pattern} {text}");
        }
    }
}
