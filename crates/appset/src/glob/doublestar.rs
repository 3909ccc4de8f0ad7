//! doublestar v4: the patterns of the git file generator when the new globbing is switched on.

/// A compiled doublestar pattern on cleaned paths.
///
/// `*` and `?` stay in a segment, `**` as a whole segment is any number of them, `[a-z]` one character, `{a,b}` an
/// alternative, `\x` the character x. The whole path must match.
#[derive(Clone, Debug)]
pub(crate) struct DoubleStar(Vec<Vec<Segment>>);

#[derive(Clone, Debug)]
enum Segment {
    /// `**`
    Any,
    Tokens(Vec<Token>),
}

#[derive(Clone, Debug)]
enum Token {
    Char(char),
    One,
    Run,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

/// How many alternatives braces may make.
const MAX_ALTERNATIVES: usize = 1000;

impl DoubleStar {
    /// Compiles a pattern; it is cleaned first, as a path is.
    ///
    /// # Errors
    /// `syntax error in pattern`, or too many alternatives.
    pub(crate) fn new(pattern: &str) -> Result<Self, &'static str> {
        let mut alternatives = Vec::new();
        expand(&clean(pattern), &mut alternatives)?;
        let compile = |text: &String| segments(text).map(segment).collect::<Option<Vec<_>>>();
        let compiled = alternatives.iter().map(compile).collect::<Option<Vec<_>>>();
        compiled.map(Self).ok_or("syntax error in pattern")
    }

    /// Returns true if the whole path matches.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let path: Vec<Vec<char>> = segments(path).map(|part| part.chars().collect()).collect();
        self.0.iter().any(|pattern| segments_match(pattern, &path))
    }
}

/// Splits a path or pattern into its segments; the root, `.`, has none.
fn segments(text: &str) -> impl Iterator<Item = &str> {
    text.split('/').filter(move |_| text != ".")
}

/// Cleans a pattern as `filepath.Clean` does a path; what leads out of the root matches nothing there.
fn clean(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}

/// Writes out the alternatives of `{…}`.
fn expand(pattern: &str, out: &mut Vec<String>) -> Result<(), &'static str> {
    let mut work = vec![pattern.to_owned()];
    while let Some(next) = work.pop() {
        match first_braces(&next)? {
            None => out.push(next),
            Some((before, options, after)) => {
                work.extend(options.iter().rev().map(|option| format!("{before}{option}{after}")));
            }
        }
        if work.len() + out.len() > MAX_ALTERNATIVES {
            return Err("too many alternatives in pattern");
        }
    }
    Ok(())
}

type Braces<'a> = (&'a str, Vec<&'a str>, &'a str);

/// Finds the first `{…}` outside of classes, with its options.
fn first_braces(pattern: &str) -> Result<Option<Braces<'_>>, &'static str> {
    let (mut depth, mut open, mut from, mut in_class) = (0_usize, 0, 0, false);
    let mut options = Vec::new();
    let mut chars = pattern.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '\\' => {
                chars.next();
            }
            '[' if !in_class => in_class = true,
            ']' => in_class = false,
            _ if in_class => {}
            '{' => {
                depth += 1;
                if depth == 1 {
                    (open, from) = (at, at + 1);
                }
            }
            ',' if depth == 1 => {
                options.push(pattern.get(from..at).unwrap_or_default());
                from = at + 1;
            }
            '}' if depth == 1 => {
                options.push(pattern.get(from..at).unwrap_or_default());
                let before = pattern.get(..open).unwrap_or_default();
                return Ok(Some((before, options, pattern.get(at + 1..).unwrap_or_default())));
            }
            '}' => depth = depth.checked_sub(1).ok_or("syntax error in pattern")?,
            _ => {}
        }
    }
    if depth > 0 { Err("syntax error in pattern") } else { Ok(None) }
}

fn segment(text: &str) -> Option<Segment> {
    if text == "**" {
        return Some(Segment::Any);
    }
    let mut chars = text.chars().peekable();
    let mut tokens = Vec::new();
    while let Some(c) = chars.next() {
        tokens.push(match c {
            '*' => {
                while chars.next_if_eq(&'*').is_some() {}
                Token::Run
            }
            '?' => Token::One,
            '\\' => Token::Char(chars.next()?),
            '[' => class(&mut chars)?,
            c => Token::Char(c),
        });
    }
    Some(Segment::Tokens(tokens))
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Token> {
    let negated = chars.next_if(|c| matches!(c, '^' | '!')).is_some();
    let mut ranges = Vec::new();
    loop {
        let low = match chars.next()? {
            ']' if !ranges.is_empty() => return Some(Token::Class { negated, ranges }),
            '\\' => chars.next()?,
            ']' => return None,
            c => c,
        };
        let mut high = low;
        // A dash before the end stands for itself.
        let range = chars.peek() == Some(&'-') && chars.clone().nth(1) != Some(']');
        if range {
            chars.next();
            high = match chars.next()? {
                '\\' => chars.next()?,
                c => c,
            };
        }
        ranges.push((low, high));
    }
}

/// Matches segment by segment; after a `**` only the latest one has to be tried again.
fn segments_match(pattern: &[Segment], path: &[Vec<char>]) -> bool {
    let (mut at, mut step) = (0, 0);
    let mut retry = None;
    loop {
        match (pattern.get(step), path.get(at)) {
            (None, None) => return true,
            (Some(Segment::Any), _) => {
                retry = Some((step, at));
                step += 1;
                continue;
            }
            (Some(Segment::Tokens(tokens)), Some(text)) if tokens_match(tokens, text) => {
                (at, step) = (at + 1, step + 1);
                continue;
            }
            _ => {}
        }
        match retry {
            Some((star, start)) if start < path.len() => {
                retry = Some((star, start + 1));
                (at, step) = (start + 1, star + 1);
            }
            _ => return false,
        }
    }
}

fn tokens_match(tokens: &[Token], text: &[char]) -> bool {
    let (mut at, mut step) = (0, 0);
    let mut retry = None;
    loop {
        match (tokens.get(step), text.get(at)) {
            (None, None) => return true,
            (Some(Token::Run), _) => {
                retry = Some((step, at));
                step += 1;
                continue;
            }
            (Some(token), Some(&c)) if token.accepts(c) => {
                (at, step) = (at + 1, step + 1);
                continue;
            }
            _ => {}
        }
        match retry {
            Some((star, start)) if start < text.len() => {
                retry = Some((star, start + 1));
                (at, step) = (start + 1, star + 1);
            }
            _ => return false,
        }
    }
}

impl Token {
    fn accepts(&self, c: char) -> bool {
        match self {
            Self::Char(own) => *own == c,
            Self::One => true,
            Self::Run => false,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_doublestar() {
        let cases = [
            ("a/*.yaml", "a/b/c.yaml", false),
            ("a/**/c.yaml", "a/c.yaml", true),
            ("a/**/c.yaml", "a/b/d/c.yaml", true),
            ("**/x", "x", true),
            ("**", "a/b", true),
            ("a/**", "a", true),
            ("a**/b", "ax/b", true),
            ("a**/b", "a/x/b", false),
            ("{a,b/{c,d}}/e", "b/d/e", true),
            ("{a,b}", "c", false),
            ("[!a]?", "bc", true),
            (".*", ".x", true),
            ("./a//b", "a/b", true),
            ("[a-]", "-", true),
            ("*", ".", false),
            ("**", ".", true),
        ];
        for (pattern, path, expected) in cases {
            assert_eq!(DoubleStar::new(pattern).unwrap().matches(path), expected, "{pattern} {path}");
        }
        assert!(
            DoubleStar::new("{a").is_err()
                && DoubleStar::new("[a").is_err()
                && DoubleStar::new("a}").is_err()
        );
        assert!(DoubleStar::new(&"{a,b}".repeat(40)).is_err());
    }

    #[test]
    fn many_stars_end() {
        assert!(!DoubleStar::new(&format!("{}b", "**/a/".repeat(300))).unwrap().matches(&"a/".repeat(900)));
        assert!(!DoubleStar::new(&format!("{}b", "*a".repeat(300))).unwrap().matches(&"a".repeat(900)));
    }
}
