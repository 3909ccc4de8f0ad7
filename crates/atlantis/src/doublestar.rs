//! Patterns of directories, as in a project's `dir` and in `ignore_paths`: with `**`, classes and alternatives.

use trueup_template::Regex;

/// A pattern that a whole path must match.
///
/// `*` and `?` stop at `/`; `**` between slashes is any number of directories, also none; `[a-z]` and `[!a-z]` are
/// classes, `{a,b}` alternatives, `\` escapes.
pub(crate) struct DirPattern(Vec<Regex>);

/// How long a pattern may be, in bytes.
const MAX_LENGTH: usize = 4096;
/// How many patterns the alternatives of one may stand for.
const MAX_ALTERNATIVES: usize = 1000;

impl DirPattern {
    /// Reads a pattern; `None` for one that cannot be read, or is beyond the limits.
    pub(crate) fn new(pattern: &str) -> Option<Self> {
        if pattern.len() > MAX_LENGTH || !is_valid(pattern) {
            return None;
        }
        let compile = |pattern: String| Regex::new(translate(&pattern).as_bytes()).ok();
        alternatives(pattern)?.into_iter().map(compile).collect::<Option<_>>().map(Self)
    }

    /// Tells whether a path matches.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.0.iter().any(|regex| regex.is_match(path.as_bytes()))
    }
}

/// Returns the patterns without alternatives that one stands for.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let mut pending = vec![pattern.to_owned()];
    let mut done = Vec::new();
    let mut steps = 0;
    while let Some(pattern) = pending.pop() {
        steps += 1;
        if steps > 2 * MAX_ALTERNATIVES {
            return None;
        }
        match split(&pattern) {
            Some(split) => pending.extend(split),
            None => done.push(pattern),
        }
    }
    Some(done)
}

/// Replaces the first alternatives by each of them in turn.
fn split(pattern: &str) -> Option<Vec<String>> {
    let mut chars = pattern.char_indices();
    let (mut open, mut depth, mut in_class) = (None, 0_usize, false);
    // Where each alternative begins.
    let mut starts = Vec::new();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' if depth == 0 => in_class = true,
            ']' => in_class = false,
            '{' if !in_class => {
                depth += 1;
                if depth == 1 {
                    open = Some(at);
                    starts.push(at + 1);
                }
            }
            ',' if depth == 1 => starts.push(at + 1),
            '}' if depth == 1 => {
                let (before, after) = (pattern.get(..open?)?, pattern.get(at + 1..)?);
                let ends = starts.iter().skip(1).map(|start| start - 1).chain([at]);
                let between = starts.iter().zip(ends).filter_map(|(start, end)| pattern.get(*start..end));
                return Some(between.map(|between| format!("{before}{between}{after}")).collect());
            }
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// Tells whether a text has a character that makes it a pattern; braces alone do not.
pub(crate) fn is_pattern(text: &str) -> bool {
    text.contains(['*', '?', '['])
}

/// Tells whether classes and alternatives are closed and nothing ends in a `\`.
pub(crate) fn is_valid(pattern: &str) -> bool {
    let mut depth = 0_usize;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return false,
            '[' => {
                chars.next_if(|c| matches!(c, '^' | '!'));
                if matches!(chars.peek(), None | Some(']')) {
                    return false;
                }
                loop {
                    match chars.next() {
                        None => return false,
                        Some(']') => break,
                        Some('\\') => {
                            chars.next();
                        }
                        Some(_) => {}
                    }
                }
            }
            '{' => depth += 1,
            '}' if depth == 0 => return false,
            '}' => depth -= 1,
            _ => {}
        }
    }
    depth == 0
}

fn translate(pattern: &str) -> String {
    let mut regex = String::from("^(?s:");
    let mut at_start = true;
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let was_start = std::mem::replace(&mut at_start, false);
        match c {
            '*' => {
                let doubled = chars.next_if_eq(&'*').is_some();
                if doubled && was_start && chars.peek().is_none() {
                    regex.push_str(".*");
                } else if doubled && was_start && chars.next_if_eq(&'/').is_some() {
                    regex.push_str("(.*/)?");
                    at_start = true;
                } else {
                    regex.push_str("[^/]*");
                }
            }
            '/' if chars.clone().eq("**".chars()) => {
                regex.push_str("(/.*)?");
                break;
            }
            '/' if chars.clone().eq("**/".chars()) => {
                regex.push_str("(/(.*/)?)?");
                break;
            }
            '/' => {
                regex.push('/');
                at_start = true;
            }
            '?' => regex.push_str("[^/]"),
            '[' => class(&mut chars, &mut regex),
            '\\' => literal(chars.next().unwrap_or('\\'), &mut regex),
            c => literal(c, &mut regex),
        }
    }
    regex.push_str(")$");
    regex
}

/// Copies a class up to its `]`.
fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, regex: &mut String) {
    regex.push('[');
    if chars.next_if(|c| matches!(c, '^' | '!')).is_some() {
        regex.push('^');
    }
    let mut can_start_range = false;
    while let Some(c) = chars.next() {
        match c {
            ']' => break,
            // A dash between two characters makes a range, any other is itself.
            '-' if can_start_range && chars.peek().is_some_and(|next| *next != ']') => {
                regex.push('-');
                can_start_range = false;
                continue;
            }
            '\\' => literal(chars.next().unwrap_or('\\'), regex),
            c => literal(c, regex),
        }
        can_start_range = true;
    }
    regex.push(']');
}

fn literal(c: char, regex: &mut String) {
    if c.is_ascii_punctuation() {
        regex.push('\\');
    }
    regex.push(c);
}

#[cfg(test)]
mod tests {
    use super::{DirPattern, MAX_LENGTH};

    #[test]
    fn matches_as_upstream() {
        // Recorded from bmatcuk/doublestar 4.10.0, Match.
        for (pattern, path, expected) in [
            ("a/**", "a", true),
            ("a/**", "a/b/c", true),
            ("a/**", "ab", false),
            ("**/a", "a", true),
            ("**/a", "x/y/a", true),
            ("a/**/b", "a/b", true),
            ("a**", "a/b", false),
            ("a**", "abc", true),
            ("tmp/*", "tmp", false),
            ("tmp/*", "tmp/x", true),
            ("{a,b}/c", "b/c", true),
            ("{a,b/**}/c", "b/x/c", true),
            ("a[^b]c", "a/c", true),
            ("**", ".", true),
            ("a/**/", "a", true),
            ("a/**/", "a/b", false),
            ("a{,b}", "a", true),
            ("[!a]", "b", true),
            ("[a-c]", "b", true),
            ("[a-]", "-", true),
            ("\\*", "*", true),
            ("x/{**,b}/c", "x/y/z/c", true),
            ("**a", "x/a", false),
        ] {
            let found = DirPattern::new(pattern).is_some_and(|pattern| pattern.matches(path));
            assert_eq!(found, expected, "{pattern} on {path}");
        }
        for bad in ["a}", "{a,", "[", "[]", "[!]", "[a", "a\\"] {
            assert!(DirPattern::new(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn hostile_patterns_end() {
        assert!(DirPattern::new(&"{a,b}".repeat(9)).is_some_and(|pattern| pattern.matches("abababaab")));
        assert!(DirPattern::new(&"{a,b}".repeat(50)).is_none());
        assert!(DirPattern::new(&("{".repeat(2_000) + &"}".repeat(2_000))).is_none());
        assert!(DirPattern::new(&"a".repeat(MAX_LENGTH)).is_some());
        assert!(DirPattern::new(&"a".repeat(MAX_LENGTH + 1)).is_none());
    }
}
