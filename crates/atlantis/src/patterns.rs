//! `when_modified` and its kind: patterns in the manner of ignore files, of which the last one that matches decides.

use crate::path::clean;
use std::cell::OnceCell;
use trueup_manifest::EcoString;
use trueup_template::Regex;

/// Patterns in order; `!` in front excludes.
///
/// `*` and `?` stop at `/`, `**` crosses it, `[…]` is a class, `\` escapes. A pattern that matches a directory above a
/// path matches the path. What is not special here, braces among it, is ordinary.
pub(crate) struct Patterns(Vec<Pattern>);

struct Pattern {
    excludes: bool,
    how: How,
}

/// How a pattern matches.
enum How {
    Exact(EcoString),
    Prefix(EcoString),
    Suffix(EcoString),
    Regex(Expression),
}

/// An expression that is compiled when it is needed: most patterns of most projects never meet a path that they could match.
struct Expression {
    source: String,
    /// What every path that matches, or a directory above it, begins with.
    prefix: EcoString,
    /// `None` in it for an expression that is too large, or none in Go.
    compiled: OnceCell<Option<Regex>>,
}

impl Expression {
    fn new(pattern: &str, source: String) -> Self {
        // With classes and escapes the expression may be none in Go, which must not depend on the path.
        let prefix = match pattern.find(['*', '?', '[', ']', '\\']) {
            Some(end) if !pattern.contains(['[', ']', '\\']) => pattern.get(..end),
            _ => None,
        };
        Self { source, prefix: prefix.unwrap_or_default().into(), compiled: OnceCell::new() }
    }

    fn matches(&self, path: &str) -> Option<bool> {
        if !path.starts_with(self.prefix.as_str()) {
            return Some(false);
        }
        let regex = self.compiled.get_or_init(|| Regex::new(self.source.as_bytes()).ok());
        Some(regex.as_ref()?.is_match(path.as_bytes()))
    }
}

impl Patterns {
    /// Reads patterns; blank ones mean nothing.
    ///
    /// # Errors
    /// The reason for a pattern that cannot be read.
    pub(crate) fn new<T: AsRef<str>>(patterns: impl IntoIterator<Item = T>) -> Result<Self, &'static str> {
        let mut read = Vec::new();
        for pattern in patterns {
            let pattern = pattern.as_ref().trim();
            if pattern.is_empty() {
                continue;
            }
            let cleaned = clean(pattern);
            let (excludes, pattern) = match cleaned.strip_prefix('!') {
                Some("") => return Err("illegal exclusion pattern: \"!\""),
                Some(rest) => (true, rest),
                None => (false, cleaned.as_str()),
            };
            if !is_readable(pattern) {
                return Err("syntax error in pattern");
            }
            read.push(Pattern { excludes, how: How::of(pattern) });
        }
        Ok(Self(read))
    }

    /// Returns the position of the pattern that lets a path in: the last that matches, unless that one excludes.
    ///
    /// Positions count the patterns that are not blank. A path that meets an expression beyond the limits is let in by none.
    pub(crate) fn find(&self, path: &str) -> Option<usize> {
        let mut found = None;
        for (at, pattern) in self.0.iter().enumerate() {
            // One that could change nothing is not tried.
            if pattern.excludes == found.is_some() && pattern.how.matches_or_parent(path)? {
                found = (!pattern.excludes).then_some(at);
            }
        }
        found
    }
}

impl How {
    fn of(pattern: &str) -> Self {
        let mut regex = String::from("^");
        let mut kind = 'e';
        let mut chars = pattern.chars().peekable();
        let mut is_first = true;
        while let Some(c) = chars.next() {
            match c {
                '*' if chars.next_if_eq(&'*').is_some() => {
                    chars.next_if_eq(&'/');
                    if chars.peek().is_some() {
                        regex.push_str("(.*/)?");
                        kind = 'r';
                    } else {
                        regex.push_str(".*");
                        kind = if kind == 'e' { 'p' } else { 'r' };
                    }
                    if is_first {
                        kind = 's';
                    }
                }
                '*' | '?' => {
                    regex.push_str(if c == '*' { "[^/]*" } else { "[^/]" });
                    kind = 'r';
                }
                '.' | '+' | '(' | ')' | '|' | '{' | '}' | '$' => regex.extend(['\\', c]),
                '\\' => {
                    regex.push('\\');
                    if let Some(escaped) = chars.next() {
                        regex.push(escaped);
                        kind = 'r';
                    }
                }
                '[' | ']' => {
                    regex.push(c);
                    kind = 'r';
                }
                c => regex.push(c),
            }
            is_first = false;
        }
        match kind {
            'e' => Self::Exact(pattern.into()),
            'p' => Self::Prefix(pattern.strip_suffix("**").unwrap_or(pattern).into()),
            's' => Self::Suffix(pattern.strip_prefix("**").unwrap_or(pattern).into()),
            _ => {
                regex.push('$');
                Self::Regex(Expression::new(pattern, regex))
            }
        }
    }

    /// Tells whether the path or a directory above it matches; `None` if the expression cannot be run.
    fn matches_or_parent(&self, path: &str) -> Option<bool> {
        if self.matches(path)? {
            return Some(true);
        }
        let ends = path.match_indices('/').map(|(at, _)| at);
        Some(ends.filter_map(|end| path.get(..end)).any(|parent| self.matches(parent) == Some(true)))
    }

    fn matches(&self, path: &str) -> Option<bool> {
        Some(match self {
            Self::Exact(whole) => path == whole,
            Self::Prefix(prefix) => path.starts_with(prefix.as_str()),
            Self::Suffix(suffix) => {
                path.ends_with(suffix.as_str()) || suffix.strip_prefix('/').is_some_and(|rest| rest == path)
            }
            Self::Regex(expression) => return expression.matches(path),
        })
    }
}

/// Tells whether Go's `filepath.Match` accepts the pattern: classes are closed and not empty, nothing ends in a `\`.
fn is_readable(pattern: &str) -> bool {
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' if chars.next().is_none() => return false,
            '[' => {
                chars.next_if_eq(&'^');
                let mut ranges = 0;
                loop {
                    if ranges > 0 && chars.next_if_eq(&']').is_some() {
                        break;
                    }
                    if !bound(&mut chars) || (chars.next_if_eq(&'-').is_some() && !bound(&mut chars)) {
                        return false;
                    }
                    ranges += 1;
                }
            }
            _ => {}
        }
    }
    true
}

/// Reads one end of a range in a class; something must follow it.
fn bound(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    let read = match chars.next() {
        None | Some('-' | ']') => false,
        Some('\\') => chars.next().is_some(),
        Some(_) => true,
    };
    read && chars.peek().is_some()
}

#[cfg(test)]
mod tests {
    use super::Patterns;

    #[test]
    fn the_last_pattern_that_matches_decides() {
        // Recorded from moby/patternmatcher 0.6.1, MatchesOrParentMatches.
        for (patterns, path, expected) in [
            (&["*.tf"][..], "a/b.tf", false),
            (&["*"], "a/b.tf", true),
            (&["**/*.tf"], "b.tf", true),
            (&["a/**"], "a/b/c", true),
            (&["a/**"], "ab", false),
            (&["a/b"], "a/b/c/d", true),
            (&["**"], "x", true),
            (&["**x"], "a/yx", true),
            (&["**/x"], "yx", false),
            (&["a/**/b"], "a/b", true),
            (&["a/**/b"], "a/x/y/b", true),
            (&["a/**b"], "a/x/b", true),
            (&["a/**b"], "a/xb", false),
            (&["a", "!a/b"], "a/b/c", false),
            (&["!a/b", "a"], "a/b/c", true),
            (&["a", "!a/b", "a/b/c"], "a/b/c", true),
            (&["{a,b}"], "a", false),
            (&["{a,b}"], "{a,b}", true),
            (&["[a-c].tf"], "b.tf", true),
            (&["[!a].tf"], "b.tf", false),
            (&["[!a].tf"], "!.tf", true),
            (&["[^a].tf"], "b.tf", true),
            (&["a\\*"], "a*", true),
            (&["a\\*"], "ab", false),
            (&["a+b(c)|$"], "a+b(c)|$", true),
            (&[" a "], "a", true),
            (&["./a//b/"], "a/b", true),
            (&["../m"], "m", false),
        ] {
            let found = Patterns::new(patterns).unwrap().find(path).is_some();
            assert_eq!(found, expected, "{patterns:?} on {path}");
        }
        for bad in ["[", "a[", "[]", "[^]", "[a", "[a-]", "[-a]", "a\\", "!", "[a\\"] {
            assert!(Patterns::new([bad]).is_err(), "{bad}");
        }
    }

    #[test]
    fn hostile_patterns_end() {
        let stars = "**/".repeat(20_000) + "x";
        assert_eq!(Patterns::new([&stars]).unwrap().find(&"a/".repeat(2_000)), None);
        assert_eq!(Patterns::new(["*a".repeat(2_000)]).unwrap().find(&"ab".repeat(10_000)), None);
    }
}
