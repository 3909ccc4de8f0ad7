//! `git ls-files -- <pattern>`: the default patterns of the git file generator.

/// A pathspec as git reads it in the root of a checkout.
///
/// Without `*`, `?`, `[` and `\` it names a file, or a directory and then everything below it. With one of them it is a
/// wildmatch in which `*` and `?` cross slashes. A leading `:` is magic: `top`, `literal`, `icase`, `glob`, `exclude`.
#[derive(Clone, Debug)]
pub(crate) struct Pathspec {
    pattern: Vec<u8>,
    literal: bool,
    fold: bool,
    path_mode: bool,
    exclude: bool,
}

/// What a wildmatch of a suffix of the text says.
enum Outcome {
    Match,
    /// No match here; a longer run of an earlier star may help.
    NoMatch,
    /// The text is used up: no star can help.
    Abort,
    /// No star short of a `**` can help.
    AbortToDoubleStar,
}

impl Pathspec {
    /// Reads a pathspec.
    ///
    /// # Errors
    /// git's message for one that is outside of the checkout, or has magic that is unknown or not supported.
    pub(crate) fn new(text: &str) -> Result<Self, String> {
        let mut spec =
            Self { pattern: Vec::new(), literal: false, fold: false, path_mode: false, exclude: false };
        let pattern = spec.magic(text)?;
        spec.pattern = normalize(pattern)
            .ok_or_else(|| format!("fatal: {text}: '{pattern}' is outside repository"))?
            .into_bytes();
        if spec.fold {
            spec.pattern.make_ascii_lowercase();
        }
        spec.literal = spec.literal || !spec.pattern.iter().any(|b| is_special(*b));
        Ok(spec)
    }

    /// Returns true if git lists the file.
    pub(crate) fn matches(&self, path: &str) -> bool {
        self.matches_plain(path) != self.exclude
    }

    fn matches_plain(&self, path: &str) -> bool {
        let folded;
        let path = match self.fold {
            true => {
                folded = path.to_ascii_lowercase();
                folded.as_bytes()
            }
            false => path.as_bytes(),
        };
        if self.pattern.is_empty() {
            return true;
        }
        if let Some(rest) = path.strip_prefix(self.pattern.as_slice()) {
            let whole = rest.is_empty() || rest.first() == Some(&b'/') || self.pattern.last() == Some(&b'/');
            if whole {
                return true;
            }
        }
        // The plain head is compared on its own, so that a `**` right behind it counts as the start of the pattern.
        let special = self.pattern.iter().position(|b| is_special(*b)).unwrap_or(self.pattern.len());
        let (head, rest) = self.pattern.split_at_checked(special).unwrap_or_default();
        !self.literal && path.strip_prefix(head).is_some_and(|path| wildmatch(rest, path, self.path_mode))
    }

    fn magic<'a>(&mut self, text: &'a str) -> Result<&'a str, String> {
        let Some(rest) = text.strip_prefix(':') else { return Ok(text) };
        if let Some(rest) = rest.strip_prefix('(') {
            let unclosed = || format!("fatal: Missing ')' at the end of pathspec magic in '{text}'");
            let (words, pattern) = rest.split_once(')').ok_or_else(unclosed)?;
            for word in words.split(',').filter(|word| !word.is_empty()) {
                match word {
                    "top" => {}
                    "literal" => self.literal = true,
                    "icase" => self.fold = true,
                    "glob" => self.path_mode = true,
                    "exclude" => self.exclude = true,
                    _ => return Err(format!("fatal: Invalid pathspec magic '{word}' in '{text}'")),
                }
            }
            if self.literal && self.path_mode {
                return Err(format!("fatal: {text}: 'literal' and 'glob' are incompatible"));
            }
            return Ok(pattern);
        }
        let mut rest = rest;
        while let Some(c) = rest.chars().next() {
            match c {
                '/' => {}
                '!' | '^' => self.exclude = true,
                ':' => return Ok(rest.strip_prefix(':').unwrap_or_default()),
                // What git reserves for magic to come.
                '"' | '#' | '%' | '&' | '\'' | ',' | '-' | ';' | '<' | '=' | '>' | '@' | '_' | '`' | '~' => {
                    return Err(format!("fatal: Unimplemented pathspec magic '{c}' in '{text}'"));
                }
                _ => break,
            }
            rest = rest.strip_prefix(c).unwrap_or_default();
        }
        Ok(rest)
    }
}

fn is_special(b: u8) -> bool {
    matches!(b, b'*' | b'?' | b'[' | b'\\')
}

/// Removes `.` and `..` and double slashes; a trailing slash stays. Nothing for what leads out of the root.
fn normalize(pattern: &str) -> Option<String> {
    if pattern.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    let mut out = parts.join("/");
    let directory = pattern.ends_with('/') || pattern.ends_with("/.") || pattern.ends_with("/..");
    if directory && !out.is_empty() {
        out.push('/');
    }
    Some(out)
}

/// Matches as git's wildmatch does. With `path_mode`, `*` and `?` stay in a segment and `**` crosses them.
fn wildmatch(pattern: &[u8], text: &[u8], path_mode: bool) -> bool {
    // Which suffixes of the pattern were tried at which suffixes of the text: keeps hostile patterns polynomial.
    let mut failed = std::collections::BTreeSet::new();
    let mut matcher = Matcher { path_mode, whole: pattern, failed: &mut failed };
    matches!(matcher.run(pattern, text), Outcome::Match)
}

struct Matcher<'a> {
    path_mode: bool,
    whole: &'a [u8],
    failed: &'a mut std::collections::BTreeSet<(usize, usize)>,
}

impl Matcher<'_> {
    fn run(&mut self, mut pattern: &[u8], mut text: &[u8]) -> Outcome {
        while let Some((&p, rest)) = pattern.split_first() {
            if text.is_empty() && p != b'*' {
                return Outcome::Abort;
            }
            let t = text.first().copied().unwrap_or_default();
            let (accepted, next) = match p {
                b'*' => return self.star(pattern, rest, text),
                b'?' => (!(self.path_mode && t == b'/'), rest),
                b'[' => match class(rest, t) {
                    Some((matched, next)) => (matched && !(self.path_mode && t == b'/'), next),
                    None => return Outcome::Abort,
                },
                b'\\' => match rest.split_first() {
                    Some((&escaped, next)) => (escaped == t, next),
                    None => (t == 0, rest),
                },
                p => (p == t, rest),
            };
            if !accepted {
                return Outcome::NoMatch;
            }
            pattern = next;
            text = text.get(1..).unwrap_or_default();
        }
        if text.is_empty() { Outcome::Match } else { Outcome::NoMatch }
    }

    fn star(&mut self, here: &[u8], mut rest: &[u8], text: &[u8]) -> Outcome {
        let mut crosses = !self.path_mode;
        if rest.first() == Some(&b'*') {
            let before = self.whole.len().checked_sub(here.len() + 1).and_then(|at| self.whole.get(at));
            while let Some(more) = rest.strip_prefix(b"*") {
                rest = more;
            }
            if self.path_mode {
                // `**` counts only as a whole segment; `/**/` may also be nothing.
                let segment =
                    matches!(before, None | Some(b'/')) && matches!(rest.first(), None | Some(b'/'));
                if segment {
                    if let Some(after) = rest.strip_prefix(b"/")
                        && self.matches_here(after, text)
                    {
                        return Outcome::Match;
                    }
                    crosses = true;
                }
            }
        }
        if rest.is_empty() {
            let whole = crosses || !text.contains(&b'/');
            return if whole { Outcome::Match } else { Outcome::AbortToDoubleStar };
        }
        self.longer(rest, text, crosses)
    }

    /// Tries a suffix of the pattern that follows nothing at all; remembers where it failed.
    fn matches_here(&mut self, rest: &[u8], text: &[u8]) -> bool {
        let key = (rest.len(), text.len());
        if self.failed.contains(&key) {
            return false;
        }
        let matched = matches!(self.run(rest, text), Outcome::Match);
        if !matched {
            self.failed.insert(key);
        }
        matched
    }

    fn longer(&mut self, rest: &[u8], mut text: &[u8], crosses: bool) -> Outcome {
        loop {
            if !self.failed.contains(&(rest.len(), text.len())) {
                match self.run(rest, text) {
                    Outcome::NoMatch => {}
                    Outcome::AbortToDoubleStar if crosses => {}
                    outcome => return outcome,
                }
                self.failed.insert((rest.len(), text.len()));
            }
            let Some((&t, more)) = text.split_first() else { return Outcome::Abort };
            if !crosses && t == b'/' {
                return Outcome::AbortToDoubleStar;
            }
            text = more;
        }
    }
}

/// Reads the class behind a `[`; tells whether it has the character, and what follows it. Nothing if it never ends.
fn class(mut rest: &[u8], t: u8) -> Option<(bool, &[u8])> {
    let take = |rest: &mut &[u8]| {
        let (&first, more) = rest.split_first()?;
        *rest = more;
        Some(first)
    };
    let negated = matches!(rest.first(), Some(b'!' | b'^'));
    if negated {
        take(&mut rest);
    }
    let (mut matched, mut previous, mut first) = (false, None::<u8>, true);
    loop {
        let c = take(&mut rest)?;
        if c == b']' && !first {
            return Some((matched != negated, rest));
        }
        first = false;
        match c {
            b'\\' => {
                let escaped = take(&mut rest)?;
                matched |= escaped == t;
                previous = Some(escaped);
            }
            b'-' if previous.is_some() && rest.first().is_some_and(|next| *next != b']') => {
                let mut high = take(&mut rest)?;
                if high == b'\\' {
                    high = take(&mut rest)?;
                }
                matched |= previous.is_some_and(|low| (low..=high).contains(&t));
                previous = None;
            }
            b'[' if rest.first() == Some(&b':') => {
                let end = rest.windows(2).position(|pair| pair == b":]");
                let name = end.and_then(|end| rest.get(1..end));
                match (name, end) {
                    (Some(name), Some(end)) => {
                        matched |= posix(name, t)?;
                        rest = rest.get(end + 2..)?;
                    }
                    _ => matched |= c == t,
                }
                previous = None;
            }
            c => {
                matched |= c == t;
                previous = Some(c);
            }
        }
    }
}

fn posix(name: &[u8], t: u8) -> Option<bool> {
    Some(match name {
        b"alnum" => t.is_ascii_alphanumeric(),
        b"alpha" => t.is_ascii_alphabetic(),
        b"blank" => matches!(t, b' ' | b'\t'),
        b"cntrl" => t.is_ascii_control(),
        b"digit" => t.is_ascii_digit(),
        b"graph" => t.is_ascii_graphic(),
        b"lower" => t.is_ascii_lowercase(),
        b"print" => t.is_ascii_graphic() || t == b' ',
        b"punct" => t.is_ascii_punctuation(),
        b"space" => t.is_ascii_whitespace() || t == 0x0b,
        b"upper" => t.is_ascii_uppercase(),
        b"xdigit" => t.is_ascii_hexdigit(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Pathspec::new(pattern).unwrap().matches(path)
    }

    #[test]
    fn stars_cross_slashes() {
        assert!(matches("a/*.yaml", "a/b/c.yaml"));
        assert!(matches("a/**/c.yaml", "a/b/c.yaml"));
        assert!(!matches("a/**/c.yaml", "a/c.yaml"));
        assert!(!matches("**/x", "x"));
        assert!(matches(":(glob)**/x", "x"));
        assert!(!matches(":(glob)*/x", "a/b/x"));
        // git compares the plain head on its own, and sees the rest as if it began there.
        assert!(matches(":(glob)a**/", "a"));
        assert!(matches("[a-c]?/[!x]", "ab/y"));
    }

    #[test]
    fn plain_names_are_files_or_directories() {
        assert!(matches("a/b", "a/b/c"));
        assert!(matches("a/b/", "a/b/c"));
        assert!(!matches("a/b/", "a/b"));
        assert!(!matches("a/b", "a/bc"));
        assert!(!matches("a/b*", "x/a/b"));
        assert!(matches(".", "x") && matches("./a/../b", "b") && matches(":/", "x"));
        assert!(!matches(":!a", "a/b") && matches(":(icase)A", "a"));
        assert!(
            Pathspec::new("../x").is_err()
                && Pathspec::new("/x").is_err()
                && Pathspec::new(":(attr:x)y").is_err()
        );
    }

    #[test]
    fn many_stars_end() {
        assert!(!matches(&format!("{}b", "*a".repeat(500)), &"a".repeat(1000)));
        assert!(!matches(&format!(":(glob){}b", "**/a*/".repeat(50)), &"a/".repeat(200)));
    }
}
