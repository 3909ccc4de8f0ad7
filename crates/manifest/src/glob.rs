//! Glob patterns as Argo CD has them (the dialect of Go's gobwas/glob), matched in linear time.

use std::collections::BTreeSet;

/// A compiled glob.
///
/// `*` is any run without a separator, `**` any run, `?` one character that is no separator, `[a-z]` and `[abc]` one of these, `[!…]` one of the
/// others, `{a,b*}` an alternative, `\` makes the next character ordinary. The whole text must match. Without separators `*` crosses everything.
///
/// The reference's own defects are not repeated: there a `{` that is never closed, or stands empty, may crash or match wrongly, and a lone `?` matches
/// the empty text. An unclosed `{` ends with the pattern here.
///
/// Matching takes time proportional to text × pattern, whatever the pattern.
///
/// ```
/// use trueup_manifest::Glob;
///
/// let glob = Glob::new("team-*/{web,api}-[0-9]", &['/']).unwrap();
/// assert!(glob.matches("team-a/api-1"));
/// assert!(!glob.matches("team-a/b/api-1"));
/// assert!(Glob::new("*", &[]).unwrap().matches("https://example.com/x"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    program: Vec<Step>,
    separators: Vec<char>,
}

/// Why a pattern is refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("invalid glob pattern `{pattern}`: {reason}")]
pub struct GlobError {
    pattern: String,
    reason: &'static str,
}

/// How long a pattern may be, in characters.
const MAX_PATTERN: usize = 10_000;

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Char(char),
    /// One character that is no separator.
    One,
    /// Any run; `true` if it may cross separators.
    Run(bool),
    /// One of these characters, or none of them.
    List(Vec<char>, bool),
    /// One character in the range, or outside of it.
    Range(char, char, bool),
    /// Goes on at each of these steps.
    Fork(Vec<usize>),
    Jump(usize),
}

impl Glob {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// [`GlobError`] for a broken character class, or a pattern of more than 10,000 characters.
    pub fn new(pattern: &str, separators: &[char]) -> Result<Self, GlobError> {
        let error = |reason| GlobError { pattern: pattern.chars().take(200).collect(), reason };
        let characters: Vec<char> = pattern.chars().collect();
        if characters.len() > MAX_PATTERN {
            return Err(error("it is too long"));
        }
        let program = Compiler::default().compile(&characters).map_err(error)?;
        Ok(Self { program, separators: separators.to_vec() })
    }

    /// Compiles a pattern without separators; one that cannot be read matches nothing, as in Argo CD.
    pub fn lenient(pattern: &str) -> Self {
        let nothing = || Self { program: vec![Step::List(Vec::new(), false)], separators: Vec::new() };
        Self::new(pattern, &[]).unwrap_or_else(|_| nothing())
    }

    /// Returns true if the whole text matches.
    pub fn matches(&self, text: &str) -> bool {
        let mut now = BTreeSet::new();
        self.enter(0, &mut now);
        for c in text.chars() {
            let mut next = BTreeSet::new();
            for &position in &now {
                if let Some(step) = self.program.get(position)
                    && self.accepts(step, c)
                {
                    let stays = matches!(step, Step::Run(_));
                    self.enter(if stays { position } else { position + 1 }, &mut next);
                }
            }
            if next.is_empty() {
                return false;
            }
            now = next;
        }
        now.contains(&self.program.len())
    }

    fn accepts(&self, step: &Step, c: char) -> bool {
        match step {
            Step::Char(wanted) => *wanted == c,
            Step::One | Step::Run(false) => !self.separators.contains(&c),
            Step::Run(true) => true,
            Step::List(list, negated) => list.contains(&c) != *negated,
            Step::Range(low, high, negated) => (*low..=*high).contains(&c) != *negated,
            Step::Fork(_) | Step::Jump(_) => false,
        }
    }

    /// Adds a position and every position that can be reached from it without reading a character.
    fn enter(&self, position: usize, set: &mut BTreeSet<usize>) {
        let mut pending = vec![position];
        while let Some(position) = pending.pop() {
            if !set.insert(position) {
                continue;
            }
            match self.program.get(position) {
                Some(Step::Run(_)) => pending.push(position + 1),
                Some(Step::Fork(targets)) => pending.extend(targets),
                Some(Step::Jump(target)) => pending.push(*target),
                _ => {}
            }
        }
    }
}

/// Returns true if a pattern without separators matches a text; one that cannot be read matches nothing.
pub fn glob_matches(pattern: &str, text: &str) -> bool {
    pattern == text && !pattern.contains(['*', '?', '[', '{', '\\']) || Glob::lenient(pattern).matches(text)
}

#[derive(Default)]
struct Compiler {
    program: Vec<Step>,
    /// The open alternatives: where the fork is and the jumps that wait for the end.
    open: Vec<(usize, Vec<usize>)>,
}

impl Compiler {
    fn compile(mut self, pattern: &[char]) -> Result<Vec<Step>, &'static str> {
        let mut rest = pattern;
        while let [c, after @ ..] = rest {
            rest = after;
            match c {
                '*' if after.first() == Some(&'*') => {
                    rest = after.get(1..).unwrap_or_default();
                    self.program.push(Step::Run(true));
                }
                '*' => self.program.push(Step::Run(false)),
                '?' => self.program.push(Step::One),
                '[' => rest = self.class(after)?,
                '{' => {
                    let fork = self.program.len();
                    self.program.push(Step::Fork(vec![fork + 1]));
                    self.open.push((fork, Vec::new()));
                }
                ',' if !self.open.is_empty() => self.alternative(),
                '}' if !self.open.is_empty() => self.close(),
                '\\' => {
                    if let [escaped, after @ ..] = after {
                        self.program.push(Step::Char(*escaped));
                        rest = after;
                    }
                }
                c => self.program.push(Step::Char(*c)),
            }
        }
        while !self.open.is_empty() {
            self.close();
        }
        Ok(self.program)
    }

    fn alternative(&mut self) {
        let jump = self.program.len();
        self.program.push(Step::Jump(0));
        let Some((fork, jumps)) = self.open.last_mut() else { return };
        jumps.push(jump);
        if let Some(Step::Fork(targets)) = self.program.get_mut(*fork) {
            targets.push(jump + 1);
        }
    }

    fn close(&mut self) {
        let Some((_, jumps)) = self.open.pop() else { return };
        let end = self.program.len();
        for jump in jumps {
            if let Some(step) = self.program.get_mut(jump) {
                *step = Step::Jump(end);
            }
        }
    }

    /// `[a-z]`, `[abc]`, with `!` in front for the others; never both forms in one class.
    fn class<'a>(&mut self, pattern: &'a [char]) -> Result<&'a [char], &'static str> {
        let (negated, body) = match pattern {
            ['!', body @ ..] => (true, body),
            body => (false, body),
        };
        match body {
            [low, '-', high, ']', rest @ ..] => {
                if high < low {
                    return Err("the range runs backwards");
                }
                self.program.push(Step::Range(*low, *high, negated));
                Ok(rest)
            }
            [_, '-', ..] => Err("a range is not closed"),
            _ => {
                let mut list = Vec::new();
                let mut rest = body;
                loop {
                    match rest {
                        [']', after @ ..] if !list.is_empty() => {
                            self.program.push(Step::List(list, negated));
                            return Ok(after);
                        }
                        ['\\', escaped, after @ ..] => {
                            list.push(*escaped);
                            rest = after;
                        }
                        [']', ..] | [] => return Err("a character class is empty or not closed"),
                        [c, after @ ..] => {
                            list.push(*c);
                            rest = after;
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn matches_like_the_reference() {
        // (pattern, separators, text, matches): recorded from gobwas/glob 0.2.3.
        let cases: &[(&str, &[char], &str, bool)] = &[
            ("", &[], "", true),
            ("*", &[], "", true),
            ("*", &['/'], "a/b", false),
            ("**", &['/'], "a/b", true),
            ("a?c", &['.'], "a.c", false),
            ("[a-c]x", &[], "bx", true),
            ("[!a-c]x", &[], "bx", false),
            ("[abc]", &[], "c", true),
            ("[!abc]", &[], "d", true),
            ("{a,b{c,d}}e", &[], "bde", true),
            ("{a,b{c,d}}e", &[], "be", false),
            ("{a,}", &[], "", true),
            ("{a", &[], "a", true),
            ("a}", &[], "a}", true),
            ("a,b", &[], "a,b", true),
            ("\\*", &[], "*", true),
            ("\\*", &[], "x", false),
            ("a\\", &[], "a", true),
            ("*://*.example.com/**", &['/'], "https://x.example.com/a/b", true),
            ("{*,x}y", &['/'], "a/y", false),
            ("ü*", &[], "üb", true),
        ];
        for (pattern, separators, text, matches) in cases {
            assert_eq!(
                Glob::new(pattern, separators).unwrap().matches(text),
                *matches,
                "{pattern} on {text}"
            );
        }
        for pattern in ["[", "[]", "[a", "[c-a]", "[a-", "[a-z", "[!]"] {
            assert!(Glob::new(pattern, &[]).is_err(), "{pattern}");
        }
    }

    #[test]
    fn many_stars_take_linear_time() {
        let glob = Glob::new(&"*a".repeat(2_000), &[]).unwrap();
        assert!(!glob.matches(&"b".repeat(20_000)));
        assert!(Glob::new(&"{".repeat(9_000), &[]).unwrap().matches(""));
        assert!(Glob::new(&"*".repeat(MAX_PATTERN + 1), &[]).is_err());
    }
}
