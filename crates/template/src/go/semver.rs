//! Semantic versions and constraints as Masterminds' semver 3.4 has them.

use crate::value::{UintType, Value};
use std::cmp::Ordering;
use std::fmt;
use std::sync::Arc;

/// A version, read leniently: `v1.2` is 1.2.0.
#[derive(Clone, Debug)]
pub struct Version {
    major: u64,
    minor: u64,
    patch: u64,
    pre: String,
    metadata: String,
    original: String,
    /// A `semver.Version` rather than the usual pointer to one.
    plain: bool,
}

/// The pieces of a version or of the version in a constraint.
#[derive(Clone, Copy, Default)]
struct Pieces<'a> {
    major: &'a str,
    minor: &'a str,
    patch: &'a str,
    pre: &'a str,
    metadata: &'a str,
}

/// Reads `v?N(.N)?(.N)?(-pre)?(+meta)?` off the start, with `N` made of the characters that `part` accepts.
fn pieces(text: &str, part: fn(char) -> bool) -> Option<(Pieces<'_>, &str)> {
    let text = text.strip_prefix('v').unwrap_or(text);
    let mut found = Pieces::default();
    let (major, mut rest) = run(text, part);
    if major.is_empty() {
        return None;
    }
    found.major = major;
    for slot in [&mut found.minor, &mut found.patch] {
        if let Some((digits, after)) = rest.strip_prefix('.').map(|rest| run(rest, part)) {
            if digits.is_empty() {
                break;
            }
            (*slot, rest) = (digits, after);
        } else {
            break;
        }
    }
    for (mark, slot) in [('-', &mut found.pre), ('+', &mut found.metadata)] {
        if let Some((identifiers, after)) = rest.strip_prefix(mark).map(dotted)
            && !identifiers.is_empty()
        {
            (*slot, rest) = (identifiers, after);
        }
    }
    Some((found, rest))
}

fn run(text: &str, part: fn(char) -> bool) -> (&str, &str) {
    let end = text.find(|c| !part(c)).unwrap_or(text.len());
    text.split_at_checked(end).unwrap_or((text, ""))
}

fn identifier(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

/// Reads dot-separated identifiers; a trailing dot stays behind.
fn dotted(text: &str) -> (&str, &str) {
    let mut end = run(text, identifier).0.len();
    while end > 0 {
        let Some(after) = text.get(end..).and_then(|rest| rest.strip_prefix('.')) else { break };
        let more = run(after, identifier).0.len();
        if more == 0 {
            break;
        }
        end += 1 + more;
    }
    text.split_at_checked(end).unwrap_or((text, ""))
}

impl Version {
    /// Reads a version; the error is the library's text.
    ///
    /// # Errors
    /// The text has no version, or one of numbers beyond 64 bits.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (found, rest) = pieces(text, |c| c.is_ascii_digit()).ok_or("invalid semantic version")?;
        if !rest.is_empty() {
            return Err("invalid semantic version".to_owned());
        }
        let number = |digits: &str| {
            match digits {
            "" => Ok(0),
            digits => digits.parse::<u64>().map_err(|_| {
                format!("error parsing version segment: strconv.ParseUint: parsing \"{digits}\": value out of range")
            }),
        }
        };
        let version = Self {
            major: number(found.major)?,
            minor: number(found.minor)?,
            patch: number(found.patch)?,
            pre: found.pre.to_owned(),
            metadata: found.metadata.to_owned(),
            original: text.to_owned(),
            plain: false,
        };
        check_pre(&version.pre)?;
        Ok(version)
    }

    /// Returns the version that Go's deep copy makes of any: the fields are not exported, so they stay behind.
    pub(crate) fn emptied(&self) -> Self {
        Self {
            major: 0,
            minor: 0,
            patch: 0,
            pre: String::new(),
            metadata: String::new(),
            original: String::new(),
            plain: self.plain,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let numbers = |v: &Self| (v.major, v.minor, v.patch);
        numbers(self).cmp(&numbers(other)).then_with(|| match (self.pre.as_str(), other.pre.as_str()) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => compare_pre(a, b),
        })
    }

    /// Compares as `reflect.DeepEqual` does.
    pub(crate) fn same_struct(&self, other: &Self) -> bool {
        let all = |v: &Self| (v.major, v.minor, v.patch, v.plain);
        let texts = |v: &Self| (v.pre.clone(), v.metadata.clone(), v.original.clone());
        all(self) == all(other) && texts(self) == texts(other)
    }

    /// Returns the fields of the struct, as `%v` without the `String` method would show them.
    pub(crate) fn fields(&self) -> Vec<(&'static str, Value)> {
        let number = |n: u64| Value::Uint(UintType::Uint64, n);
        vec![
            ("major", number(self.major)),
            ("minor", number(self.minor)),
            ("patch", number(self.patch)),
            ("pre", self.pre.as_str().into()),
            ("metadata", self.metadata.as_str().into()),
            ("original", self.original.as_str().into()),
        ]
    }

    /// Tells whether it is a `semver.Version` rather than a pointer to one.
    pub(crate) fn is_plain(&self) -> bool {
        self.plain
    }

    /// Tells whether a method can be called without a pointer.
    pub(crate) fn has_plain_method(name: &str) -> bool {
        let pointer =
            ["Original", "Compare", "Equal", "LessThan", "LessThanEqual", "GreaterThan", "GreaterThanEqual"];
        !pointer.contains(&name)
    }

    /// Returns how many arguments a method takes, if there is one of this name, and whether they are strings.
    pub(crate) fn method(name: &str) -> Option<(usize, bool)> {
        Some(match name {
            "Major" | "Minor" | "Patch" | "Prerelease" | "Metadata" | "Original" | "String" | "IncMajor"
            | "IncMinor" | "IncPatch" => (0, false),
            "Compare" | "Equal" | "LessThan" | "LessThanEqual" | "GreaterThan" | "GreaterThanEqual" => {
                (1, false)
            }
            "SetPrerelease" | "SetMetadata" => (1, true),
            _ => return None,
        })
    }

    /// Calls a method; the arguments have been checked.
    pub(crate) fn call(&self, name: &str, args: &[Value]) -> Result<Value, String> {
        let number = |n: u64| Value::Uint(UintType::Uint64, n);
        let order = || match args.first() {
            Some(Value::Version(other)) => self.compare(other),
            _ => Ordering::Equal,
        };
        let text = || args.first().and_then(Value::as_str).unwrap_or_default();
        Ok(match name {
            "Major" => number(self.major),
            "Minor" => number(self.minor),
            "Patch" => number(self.patch),
            "Prerelease" => self.pre.as_str().into(),
            "Metadata" => self.metadata.as_str().into(),
            "Original" => self.original.as_str().into(),
            "String" => self.to_string().into(),
            "Compare" => Value::int(order() as i64),
            "Equal" => order().is_eq().into(),
            "LessThan" => order().is_lt().into(),
            "LessThanEqual" => order().is_le().into(),
            "GreaterThan" => order().is_gt().into(),
            "GreaterThanEqual" => order().is_ge().into(),
            "IncMajor" => self.next(self.major.wrapping_add(1), 0, 0),
            "IncMinor" => self.next(self.major, self.minor.wrapping_add(1), 0),
            "IncPatch" if !self.pre.is_empty() => self.next(self.major, self.minor, self.patch),
            "IncPatch" => self.next(self.major, self.minor, self.patch.wrapping_add(1)),
            "SetPrerelease" => {
                check_identifiers(text(), "invalid prerelease string")?;
                check_pre(text())?;
                self.changed(|version| version.pre = text().to_owned())
            }
            "SetMetadata" => {
                check_identifiers(text(), "invalid metadata string")?;
                self.changed(|version| version.metadata = text().to_owned())
            }
            _ => return Err(format!("{name} is not a method")),
        })
    }

    fn next(&self, major: u64, minor: u64, patch: u64) -> Value {
        self.changed(|version| {
            (version.major, version.minor, version.patch) = (major, minor, patch);
            version.pre.clear();
            version.metadata.clear();
        })
    }

    fn changed(&self, change: impl FnOnce(&mut Self)) -> Value {
        let mut version = self.clone();
        change(&mut version);
        let prefix = if self.original.starts_with('v') { "v" } else { "" };
        version.original = format!("{prefix}{version}");
        version.plain = true;
        Value::Version(Arc::new(version))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn check_pre(pre: &str) -> Result<(), String> {
    let leading_zero =
        |part: &str| part.len() > 1 && part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit());
    if pre.split('.').any(leading_zero) {
        return Err("version segment starts with 0".to_owned());
    }
    Ok(())
}

fn check_identifiers(text: &str, message: &str) -> Result<(), String> {
    let good =
        text.is_empty() || text.split('.').all(|part| !part.is_empty() && part.chars().all(identifier));
    if good { Ok(()) } else { Err(message.to_owned()) }
}

fn compare_pre(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(a), Some(b)) => compare_part(a, b),
        };
        if order.is_ne() {
            return order;
        }
    }
}

fn compare_part(a: &str, b: &str) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    match (a.parse::<u64>(), b.parse::<u64>()) {
        (Ok(a), Ok(b)) => a.cmp(&b).then(Ordering::Less),
        (Ok(_), Err(_)) => Ordering::Less,
        (Err(_), Ok(_)) => Ordering::Greater,
        (Err(_), Err(_)) => a.cmp(b),
    }
}

/// A constraint: alternatives of terms that must all hold.
///
/// ```
/// use trueup_template::{Constraints, Version};
///
/// let constraints = Constraints::parse(">=1.21 || 1.20.x")?;
/// assert!(constraints.check(&Version::parse("v1.20.4")?));
/// # Ok::<(), String>(())
/// ```
pub struct Constraints(Vec<Group>);

struct Group {
    terms: Vec<Term>,
    has_pre: bool,
}

struct Term {
    operator: Operator,
    version: Version,
    dirty: bool,
    minor_dirty: bool,
    patch_dirty: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    Equal,
    NotEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Tilde,
    Caret,
}

/// Operators, in the order in which they are tried.
const OPERATORS: [(&str, Operator); 11] = [
    (">=", Operator::GreaterEqual),
    ("=>", Operator::GreaterEqual),
    ("<=", Operator::LessEqual),
    ("=<", Operator::LessEqual),
    ("!=", Operator::NotEqual),
    ("~>", Operator::Tilde),
    ("=", Operator::Equal),
    (">", Operator::Greater),
    ("<", Operator::Less),
    ("~", Operator::Tilde),
    ("^", Operator::Caret),
];

fn wild(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, 'x' | 'X' | '*' | '|')
}

/// White space as `\s` of a regular expression.
fn space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | '\x0c')
}

impl Constraints {
    /// Reads a constraint; the error is the library's text.
    ///
    /// # Errors
    /// The text has no constraint.
    pub fn parse(text: &str) -> Result<Self, String> {
        let text = rewrite_ranges(text);
        text.split("||").map(group).collect::<Result<_, _>>().map(Self)
    }

    /// Tells whether a version satisfies the constraint.
    pub fn check(&self, version: &Version) -> bool {
        self.0.iter().any(|group| {
            let pre_ok = version.pre.is_empty() || group.has_pre;
            pre_ok && group.terms.iter().all(|term| term.check(version))
        })
    }
}

/// Turns `a - b` into `>= a, <= b`.
fn rewrite_ranges(text: &str) -> String {
    let mut out = text.to_owned();
    let mut from = 0;
    while let Some((start, end, low, high)) = find_range(text, from) {
        if let Some(whole) = text.get(start..end) {
            out = out.replacen(whole, &format!(">= {low}, <= {high} "), 1);
        }
        from = end;
    }
    out
}

/// Finds the next `\s*V\s+-\s+V\s*` at or after a position.
fn find_range(text: &str, from: usize) -> Option<(usize, usize, &str, &str)> {
    for (offset, _) in text.get(from..)?.char_indices() {
        let start = from + offset;
        let rest = text.get(start..)?;
        let trimmed = rest.trim_start_matches(space);
        let Some((_, after_low)) = pieces(trimmed, wild) else { continue };
        let low = trimmed.get(..trimmed.len() - after_low.len())?;
        let gap = after_low.trim_start_matches(space);
        let Some(after_dash) = gap.strip_prefix('-').filter(|_| gap.len() < after_low.len()) else {
            continue;
        };
        let high_text = after_dash.trim_start_matches(space);
        let Some((_, after_high)) = pieces(high_text, wild).filter(|_| high_text.len() < after_dash.len())
        else {
            continue;
        };
        let high = high_text.get(..high_text.len() - after_high.len())?;
        let end = text.len() - after_high.trim_start_matches(space).len();
        return Some((start, end, low, high));
    }
    None
}

fn group(text: &str) -> Result<Group, String> {
    let improper = || format!("improper constraint: {text}");
    let mut terms = Vec::new();
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches(space);
        let (term, after) = term(rest).ok_or_else(improper)?;
        terms.push(term);
        let next = after.trim_start_matches(space);
        if next.is_empty() {
            break;
        }
        rest = match next.strip_prefix(',') {
            Some(next) => next,
            None if next.len() < after.len() => next,
            None => return Err(improper()),
        };
    }
    // Only when the whole group has the right form does Go look at the numbers.
    let terms: Vec<Term> = terms.into_iter().collect::<Result<_, String>>()?;
    let has_pre = terms.iter().any(|term| !term.version.pre.is_empty());
    Ok(Group { terms, has_pre })
}

/// Reads one term off the start; `None` if there is none.
fn term(text: &str) -> Option<(Result<Term, String>, &str)> {
    let found = OPERATORS.iter().find_map(|(word, operator)| Some((*operator, text.strip_prefix(word)?)));
    let (operator, rest) = found.unwrap_or((Operator::Equal, text));
    let (found, after) = pieces(rest.trim_start_matches(space), wild)?;
    let is_x = |part: &str| matches!(part, "x" | "X" | "*" | "");
    let pre = if found.pre.is_empty() { String::new() } else { format!("-{}", found.pre) };
    let (mut dirty, mut minor_dirty, mut patch_dirty) = (true, false, false);
    let spelled = if is_x(found.major) {
        format!("0.0.0{pre}")
    } else if is_x(found.minor) {
        minor_dirty = true;
        format!("{}.0.0{pre}", found.major)
    } else if is_x(found.patch) {
        patch_dirty = true;
        format!("{}.{}.0{pre}", found.major, found.minor)
    } else {
        dirty = false;
        let metadata = if found.metadata.is_empty() { String::new() } else { format!("+{}", found.metadata) };
        format!("{}.{}.{}{pre}{metadata}", found.major, found.minor, found.patch)
    };
    let version = Version::parse(&spelled).map_err(|_| "constraint parser error".to_owned());
    Some((version.map(|version| Term { operator, version, dirty, minor_dirty, patch_dirty }), after))
}

impl Term {
    fn check(&self, v: &Version) -> bool {
        let order = v.compare(&self.version);
        match self.operator {
            Operator::Equal if self.dirty => self.tilde(v),
            Operator::Equal => order.is_eq(),
            Operator::NotEqual => self.not_equal(v),
            Operator::Greater => self.greater(v),
            Operator::GreaterEqual => order.is_ge(),
            Operator::Less => order.is_lt(),
            Operator::LessEqual => self.less_equal(v),
            Operator::Tilde => self.tilde(v),
            Operator::Caret => self.caret(v),
        }
    }

    fn not_equal(&self, v: &Version) -> bool {
        let c = &self.version;
        if self.dirty {
            if c.major != v.major || (c.minor != v.minor && !self.minor_dirty) {
                return true;
            }
            if self.minor_dirty {
                return false;
            }
            if c.patch != v.patch && !self.patch_dirty {
                return true;
            }
            if self.patch_dirty {
                let pre = !v.pre.is_empty() || !c.pre.is_empty();
                return pre && compare_pre(&v.pre, &c.pre).is_ne();
            }
        }
        v.compare(c).is_ne()
    }

    fn greater(&self, v: &Version) -> bool {
        let c = &self.version;
        if !self.dirty {
            return v.compare(c).is_gt();
        }
        match v.major.cmp(&c.major) {
            Ordering::Greater => true,
            Ordering::Less => false,
            Ordering::Equal if self.minor_dirty => false,
            Ordering::Equal if self.patch_dirty => v.minor > c.minor,
            Ordering::Equal => v.compare(c).is_gt(),
        }
    }

    fn less_equal(&self, v: &Version) -> bool {
        let c = &self.version;
        if !self.dirty {
            return v.compare(c).is_le();
        }
        v.major < c.major || (v.major == c.major && (v.minor <= c.minor || self.minor_dirty))
    }

    fn tilde(&self, v: &Version) -> bool {
        let c = &self.version;
        if v.compare(c).is_lt() {
            return false;
        }
        if (c.major, c.minor, c.patch) == (0, 0, 0) && !self.minor_dirty && !self.patch_dirty {
            return true;
        }
        v.major == c.major && (v.minor == c.minor || self.minor_dirty)
    }

    fn caret(&self, v: &Version) -> bool {
        let c = &self.version;
        if v.compare(c).is_lt() {
            return false;
        }
        if c.major > 0 || self.minor_dirty {
            return v.major == c.major;
        }
        if v.major > 0 {
            return false;
        }
        if c.minor > 0 || self.patch_dirty {
            return v.minor == c.minor;
        }
        v.minor == 0 && v.patch == c.patch
    }
}
