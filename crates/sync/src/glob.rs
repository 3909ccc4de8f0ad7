//! Patterns of projects and windows: globs, and the shell patterns of resource lists.
//!
//! A pattern is compiled once and matched in time proportional to pattern × text, whatever the pattern.

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(crate) struct Glob {
    nodes: Vec<Node>,
    separator: Option<char>,
}

#[derive(Clone, Debug)]
enum Node {
    Char(char),
    /// Any one character that is not the separator.
    Single,
    /// Any number of characters that are not the separator.
    Star,
    /// Any number of characters.
    Super,
    Class {
        not: bool,
        ranges: Vec<(char, char)>,
        crosses: bool,
    },
    /// Goes on at several places.
    Split(Vec<usize>),
    Jump(usize),
}

impl Glob {
    /// Compiles a glob: `*` (up to the separator), `**`, `?`, `[abc]`, `[a-z]`, `[!…]`, `{a,b}`, `\`. Nothing if it is malformed.
    pub(crate) fn new(pattern: &str, separator: Option<char>) -> Option<Self> {
        let mut parser = Parser { chars: pattern.chars().collect(), at: 0, nodes: Vec::new(), depth: 0 };
        parser.sequence()?;
        Some(Self { nodes: parser.nodes, separator })
    }

    /// Compiles a shell pattern as Go's `filepath.Match` has it: `*` and `?` do not match `/`. Nothing if it is malformed.
    pub(crate) fn shell(pattern: &str) -> Option<Self> {
        let mut nodes = Vec::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            nodes.push(match c {
                '*' => Node::Star,
                '?' => Node::Single,
                '\\' => Node::Char(chars.next()?),
                '[' => shell_class(&mut chars)?,
                c => Node::Char(c),
            });
        }
        Some(Self { nodes, separator: Some('/') })
    }

    /// Returns true if the whole text matches.
    pub(crate) fn matches(&self, text: &str) -> bool {
        let end = self.nodes.len();
        let mut here = vec![false; end + 1];
        self.reach(0, &mut here);
        for c in text.chars() {
            let mut next = vec![false; end + 1];
            let plain = Some(c) != self.separator;
            for (place, node) in self.nodes.iter().enumerate() {
                if !here.get(place).copied().unwrap_or(false) {
                    continue;
                }
                let (matched, to) = match node {
                    Node::Char(expected) => (*expected == c, place + 1),
                    Node::Single => (plain, place + 1),
                    Node::Star => (plain, place),
                    Node::Super => (true, place),
                    Node::Class { not, ranges, crosses } => {
                        let within = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                        (within != *not && (plain || *crosses), place + 1)
                    }
                    Node::Split(_) | Node::Jump(_) => (false, place),
                };
                if matched {
                    self.reach(to, &mut next);
                }
            }
            here = next;
        }
        here.last().copied().unwrap_or(false)
    }

    /// Marks a place and all that can be reached from it without a character.
    fn reach(&self, place: usize, marks: &mut [bool]) {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            let Some(mark) = marks.get_mut(place) else { continue };
            if std::mem::replace(mark, true) {
                continue;
            }
            match self.nodes.get(place) {
                Some(Node::Star | Node::Super) => open.push(place + 1),
                Some(Node::Split(places)) => open.extend(places),
                Some(Node::Jump(to)) => open.push(*to),
                _ => {}
            }
        }
    }
}

/// How deep alternatives may nest; deeper ones are malformed.
const MAX_DEPTH: usize = 32;

struct Parser {
    chars: Vec<char>,
    at: usize,
    nodes: Vec<Node>,
    depth: usize,
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += 1;
        c
    }

    fn sequence(&mut self) -> Option<()> {
        while let Some(c) = self.peek() {
            if self.depth > 0 && matches!(c, ',' | '}') {
                return Some(());
            }
            self.at += 1;
            match c {
                '*' if self.peek() == Some('*') => {
                    self.at += 1;
                    self.nodes.push(Node::Super);
                }
                '*' => self.nodes.push(Node::Star),
                '?' => self.nodes.push(Node::Single),
                '[' => self.class()?,
                '{' => self.alternatives()?,
                // An escape at the very end stands for nothing.
                '\\' => {
                    let escaped = self.next();
                    self.nodes.extend(escaped.map(Node::Char));
                }
                c => self.nodes.push(Node::Char(c)),
            }
        }
        Some(())
    }

    fn alternatives(&mut self) -> Option<()> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return None;
        }
        let split = self.nodes.len();
        self.nodes.push(Node::Split(Vec::new()));
        let (mut starts, mut ends) = (Vec::new(), Vec::new());
        loop {
            starts.push(self.nodes.len());
            self.sequence()?;
            ends.push(self.nodes.len());
            self.nodes.push(Node::Jump(0));
            // Alternatives that are not closed end with the pattern.
            if self.next() != Some(',') {
                break;
            }
        }
        self.depth -= 1;
        let after = self.nodes.len();
        *self.nodes.get_mut(split)? = Node::Split(starts);
        for end in ends {
            *self.nodes.get_mut(end)? = Node::Jump(after);
        }
        Some(())
    }

    fn class(&mut self) -> Option<()> {
        let not = self.peek() == Some('!');
        self.at += usize::from(not);
        let first = self.next()?;
        if self.peek() == Some('-') {
            self.at += 1;
            let last = self.next()?;
            if self.next()? != ']' || last < first {
                return None;
            }
            self.nodes.push(Node::Class { not, ranges: vec![(first, last)], crosses: true });
            return Some(());
        }
        self.at -= 1;
        let mut ranges = Vec::new();
        loop {
            match self.next()? {
                ']' => break,
                '\\' => {
                    let c = self.next()?;
                    ranges.push((c, c));
                }
                c => ranges.push((c, c)),
            }
        }
        if ranges.is_empty() {
            return None;
        }
        self.nodes.push(Node::Class { not, ranges, crosses: true });
        Some(())
    }
}

fn shell_class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Node> {
    let not = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Some(Node::Class { not, ranges, crosses: true });
        }
        let low = class_char(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { class_char(chars)? } else { low };
        ranges.push((low, high));
    }
}

fn class_char(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}

/// Matches a glob that may be denied with `!`, when that is allowed. `*` alone matches everything; a malformed pattern nothing.
pub(crate) fn glob_match(pattern: &str, text: &str, allow_negation: bool, separator: Option<char>) -> bool {
    let plain = |pattern: &str| Glob::new(pattern, separator).is_some_and(|glob| glob.matches(text));
    match pattern.strip_prefix('!').filter(|_| allow_negation) {
        Some(denied) => !plain(denied),
        None => pattern == "*" || plain(pattern),
    }
}

/// Returns true if a glob matches; with `!` in front it matches what the rest does not, if `allow_negation`.
///
/// ```
/// assert!(trueup_sync::matches_glob("payment-*", "payment-service", false));
/// assert!(!trueup_sync::matches_glob("!kube-*", "kube-system", true));
/// ```
pub fn matches_glob(pattern: &str, text: &str, allow_negation: bool) -> bool {
    glob_match(pattern, text, allow_negation, None)
}

/// Returns true if a shell pattern matches.
pub(crate) fn shell_match(pattern: &str, text: &str) -> bool {
    Glob::shell(pattern).is_some_and(|glob| glob.matches(text))
}
