//! Go's `path.Match`: the patterns of the git directory generator and of `.helmignore`.

/// A compiled `path.Match` pattern.
///
/// `*` is any run without `/`, `?` one character but `/`, `[a-z]` and `[^a-z]` one character, `\x` the character x.
/// The whole path must match. Matching takes time proportional to path × pattern.
///
/// ```
/// use trueup_manifest::PathMatch;
///
/// assert!(PathMatch::new("apps/*").matches("apps/web") && !PathMatch::new("apps/*").matches("apps/web/base"));
/// assert!(!PathMatch::new("[").is_valid());
/// ```
#[derive(Clone, Debug)]
pub struct PathMatch(Option<Vec<Token>>);

#[derive(Clone, Debug)]
enum Token {
    Char(char),
    Any,
    Run,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl PathMatch {
    /// Compiles a pattern. A malformed one is kept and matches nothing.
    pub fn new(pattern: &str) -> Self {
        Self(parse(pattern))
    }

    /// Returns false for a malformed pattern.
    pub fn is_valid(&self) -> bool {
        self.0.is_some()
    }

    /// Returns true if the whole path matches.
    pub fn matches(&self, path: &str) -> bool {
        let Some(tokens) = &self.0 else { return false };
        let text: Vec<char> = path.chars().collect();
        let (mut at, mut token) = (0, 0);
        let mut retry: Option<(usize, usize)> = None;
        loop {
            match (tokens.get(token), text.get(at)) {
                (None, None) => return true,
                (Some(Token::Run), _) => {
                    retry = Some((token, at));
                    token += 1;
                    continue;
                }
                (Some(one), Some(&c)) if one.accepts(c) => {
                    (at, token) = (at + 1, token + 1);
                    continue;
                }
                _ => {}
            }
            // Give the last run one character more; a run never crosses a slash, so older runs need no retry.
            match retry {
                Some((run, start)) if text.get(start).is_some_and(|&c| c != '/') => {
                    retry = Some((run, start + 1));
                    (at, token) = (start + 1, run + 1);
                }
                _ => return false,
            }
        }
    }
}

impl Token {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::Any => c != '/',
            Self::Run => false,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

fn parse(pattern: &str) -> Option<Vec<Token>> {
    let mut chars = pattern.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => Token::Run,
            '?' => Token::Any,
            '\\' => Token::Char(chars.next()?),
            '[' => class(&mut chars)?,
            c => Token::Char(c),
        });
    }
    Some(tokens)
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Token> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Some(Token::Class { negated, ranges });
        }
        let low = class_char(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { class_char(chars)? } else { low };
        ranges.push((low, high));
    }
}

/// One end of a range; something must follow it.
fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    let c = match chars.next()? {
        '-' | ']' => return None,
        '\\' => chars.next()?,
        c => c,
    };
    chars.peek().map(|_| c)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_go() {
        // Patterns, paths and answers of Go's own table, and the retry across a slash.
        let cases = [
            ("abc", "abc", true),
            ("*", "abc", true),
            ("*c", "abc", true),
            ("a*", "a", true),
            ("a*", "ab/c", false),
            ("a*/b", "abc/b", true),
            ("a*/b", "a/c/b", false),
            ("a*b*c*d*e*/f", "axbxcxdxe/f", true),
            ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false),
            ("a*b?c*x", "abxbbxdbxebxczzx", true),
            ("ab[c]", "abc", true),
            ("ab[^b-d]", "abc", false),
            ("a\\*b", "a*b", true),
            ("a[^a]b", "a☺b", true),
            ("[a-ζ]*", "α", true),
            ("a?b", "a/b", false),
            ("[\\]a]", "]", true),
            ("[]a]", "]", false),
            ("[-]", "-", false),
            ("[a-b-c]", "a", false),
            ("[", "a", false),
            ("[^bc", "a", false),
            ("a[", "ab", false),
            ("*x", "xxx", true),
            ("**", "a/b", false),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(PathMatch::new(pattern).matches(path), expected, "{pattern} {path}");
        }
    }

    #[test]
    fn many_stars_end() {
        assert!(!PathMatch::new(&"*a".repeat(2000)).matches(&"a".repeat(1999)));
        assert!(PathMatch::new(&"*a".repeat(2000)).matches(&"a".repeat(2000)));
    }
}
