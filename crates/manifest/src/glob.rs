//! Globs as Argo CD uses them in rules: `*` crosses everything, `?`, `[a-z]`, `[!a]`, `{a,b}`, `\x`.

/// How many patterns the alternatives of one may make.
const MAX_ALTERNATIVES: usize = 256;

/// A compiled glob. A pattern that is none matches nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob(Kind);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Kind {
    Exact(String),
    Any,
    Patterns(Vec<Vec<Token>>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Many,
    Class { negated: bool, ranges: Vec<(char, char)> },
}

impl Glob {
    /// Compiles a pattern.
    pub fn new(pattern: &str) -> Self {
        if pattern == "*" {
            return Self(Kind::Any);
        }
        if !pattern.contains(['*', '?', '[', '{', '\\']) {
            return Self(Kind::Exact(pattern.into()));
        }
        let expanded = alternatives(pattern).unwrap_or_default();
        Self(Kind::Patterns(expanded.iter().filter_map(|pattern| tokens(pattern)).collect()))
    }

    /// Returns true if the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        match &self.0 {
            Kind::Exact(pattern) => pattern == text,
            Kind::Any => true,
            Kind::Patterns(patterns) => {
                let text: Vec<char> = text.chars().collect();
                patterns.iter().any(|tokens| matches(tokens, &text))
            }
        }
    }
}

/// Returns true if a text matches a glob.
pub fn glob_matches(pattern: &str, text: &str) -> bool {
    Glob::new(pattern).matches(text)
}

/// Greedy matching with one point to come back to: linear in practice, quadratic at worst.
fn matches(tokens: &[Token], text: &[char]) -> bool {
    let (mut t, mut c) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        match (tokens.get(t), text.get(c)) {
            (Some(Token::Many), _) => {
                back = Some((t, c));
                t += 1;
                continue;
            }
            (None, None) => return true,
            (Some(token), Some(ch)) if token.takes(*ch) => {
                (t, c) = (t + 1, c + 1);
                continue;
            }
            _ => {}
        }
        match back {
            Some((star, from)) if from < text.len() => {
                back = Some((star, from + 1));
                (t, c) = (star + 1, from + 1);
            }
            _ => return false,
        }
    }
}

impl Token {
    fn takes(&self, ch: char) -> bool {
        match self {
            Self::Char(own) => *own == ch,
            Self::One => true,
            Self::Many => false,
            Self::Class { negated, ranges } => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&ch)) != *negated
            }
        }
    }
}

fn tokens(pattern: &str) -> Option<Vec<Token>> {
    let mut out = Vec::new();
    let mut rest = pattern.chars();
    while let Some(ch) = rest.next() {
        out.push(match ch {
            '*' => Token::Many,
            '?' => Token::One,
            '[' => class(&mut rest)?,
            '\\' => Token::Char(rest.next()?),
            _ => Token::Char(ch),
        });
    }
    Some(out)
}

fn class(rest: &mut std::str::Chars<'_>) -> Option<Token> {
    let mut ranges = Vec::new();
    let mut ahead = rest.clone().peekable();
    let negated = ahead.next_if_eq(&'!').is_some();
    if negated {
        rest.next();
    }
    loop {
        let low = match rest.next()? {
            ']' if !ranges.is_empty() => return Some(Token::Class { negated, ranges }),
            ']' => return None,
            '\\' => rest.next()?,
            ch => ch,
        };
        let mut ahead = rest.clone();
        match (ahead.next(), ahead.next()) {
            (Some('-'), Some(high)) if high != ']' => {
                rest.next();
                rest.next();
                ranges.push((low, high));
            }
            _ => ranges.push((low, low)),
        }
    }
}

/// Writes out `{a,b}`; nothing when braces do not close or there are too many.
fn alternatives(pattern: &str) -> Option<Vec<String>> {
    let mut out = vec![String::new()];
    let mut rest = pattern.chars();
    while let Some(ch) = rest.next() {
        match ch {
            '\\' => {
                let escaped = rest.next()?;
                out.iter_mut().for_each(|text| text.extend(['\\', escaped]));
            }
            '[' => {
                let class: String = class_text(&mut rest)?;
                out.iter_mut().for_each(|text| text.push_str(&class));
            }
            '{' => {
                let choices = choices(&mut rest)?;
                if out.len() * choices.len() > MAX_ALTERNATIVES {
                    return None;
                }
                out = out
                    .iter()
                    .flat_map(|text| choices.iter().map(move |choice| format!("{text}{choice}")))
                    .collect();
            }
            '}' => return None,
            _ => out.iter_mut().for_each(|text| text.push(ch)),
        }
    }
    Some(out)
}

fn class_text(rest: &mut std::str::Chars<'_>) -> Option<String> {
    let mut text = String::from("[");
    loop {
        let ch = rest.next()?;
        text.push(ch);
        match ch {
            '\\' => text.push(rest.next()?),
            ']' if text.len() > 2 => return Some(text),
            _ => {}
        }
    }
}

fn choices(rest: &mut std::str::Chars<'_>) -> Option<Vec<String>> {
    let mut parts = vec![String::new()];
    let mut depth = 0_u32;
    loop {
        let ch = rest.next()?;
        let part = parts.last_mut()?;
        match ch {
            '\\' => part.extend(['\\', rest.next()?]),
            '{' => {
                depth += 1;
                part.push(ch);
            }
            '}' if depth > 0 => {
                depth -= 1;
                part.push(ch);
            }
            '}' => break,
            ',' if depth == 0 => parts.push(String::new()),
            _ => part.push(ch),
        }
        if depth > 8 || parts.len() > MAX_ALTERNATIVES {
            return None;
        }
    }
    let mut out = Vec::new();
    for part in parts {
        out.extend(alternatives(&part)?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_match_as_gobwas_does() {
        let cases = [
            ("*", "", true),
            ("*.crossplane.io", "a.b.crossplane.io", true),
            ("*/*", "apps/Deployment", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("[a-c]x", "bx", true),
            ("[!a-c]x", "bx", false),
            ("{apps,batch}", "batch", true),
            ("{a,b{c,d}}e", "bde", true),
            ("a\\*", "a*", true),
            ("[", "[", false),
            ("{a", "{a", false),
            ("a*b*c", "aXbYbZc", true),
            ("**", "x", true),
        ];
        for (pattern, text, expected) in cases {
            assert_eq!(glob_matches(pattern, text), expected, "{pattern} {text}");
        }
        let hostile = "a*".repeat(50);
        assert!(!glob_matches(&hostile, &"a".repeat(49)));
        assert!(!glob_matches(&"{a,b}".repeat(40), "a"));
    }
}
