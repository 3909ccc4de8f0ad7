//! Patterns as Go's `filepath.Match` has them: `*` and `?` stop at `/`, `[a-z]`, `[^a-z]`, `\` before anything.

/// A compiled pattern.
#[derive(Clone, Debug)]
pub(super) struct Pattern(Vec<Node>);

#[derive(Clone, Debug)]
enum Node {
    Char(char),
    One,
    Run,
    Class(bool, Vec<(char, char)>),
}

impl Pattern {
    /// Compiles a pattern; nothing for a malformed one.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        let mut nodes = Vec::new();
        let mut chars = pattern.chars().peekable();
        while let Some(c) = chars.next() {
            nodes.push(match c {
                '*' => Node::Run,
                '?' => Node::One,
                '\\' => Node::Char(chars.next()?),
                '[' => class(&mut chars)?,
                c => Node::Char(c),
            });
        }
        Some(Self(nodes))
    }

    /// Tells whether the whole text matches. It takes time proportional to pattern × text at most.
    pub(super) fn matches(&self, text: &str) -> bool {
        let text: Vec<char> = text.chars().collect();
        let (mut node, mut at) = (0, 0);
        // Where the last run started, and how far it has got.
        let mut run: Option<(usize, usize)> = None;
        loop {
            match (self.0.get(node), text.get(at)) {
                (None, None) => return true,
                (Some(Node::Run), _) => {
                    run = Some((node, at));
                    node += 1;
                    continue;
                }
                (Some(step), Some(c)) if step.takes(*c) => {
                    (node, at) = (node + 1, at + 1);
                    continue;
                }
                _ => {}
            }
            match run {
                Some((start, end)) if text.get(end).is_some_and(|c| *c != '/') => {
                    run = Some((start, end + 1));
                    (node, at) = (start + 1, end + 1);
                }
                _ => return false,
            }
        }
    }
}

impl Node {
    fn takes(&self, c: char) -> bool {
        match self {
            Self::Char(wanted) => *wanted == c,
            Self::One => c != '/',
            Self::Run => false,
            // A class may take a slash.
            Self::Class(negated, ranges) => {
                ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
            }
        }
    }
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Node> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if chars.peek() == Some(&']') && !ranges.is_empty() {
            chars.next();
            return Some(Node::Class(negated, ranges));
        }
        let low = member(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { member(chars)? } else { low };
        ranges.push((low, high));
    }
}

fn member(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        // Something must follow.
        '\\' => chars.next().filter(|_| chars.peek().is_some()),
        c => Some(c).filter(|_| chars.peek().is_some()),
    }
}
