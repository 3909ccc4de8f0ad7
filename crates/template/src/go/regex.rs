//! Go's regular expressions: the patterns of `regexp`, run by the `regex` crate.
//!
//! Both are of the RE2 family and match leftmost-first. The pattern is parsed as Go parses it, with Go's errors, and
//! written again in the crate's syntax.

use super::class_names::CLASS_NAMES;
use crate::value::Runes;
use regex::bytes::{Match, Regex as Engine, RegexBuilder};

/// How deep groups may nest; Go allows 1000.
const MAX_NESTING: usize = 200;
/// How large a compiled pattern may be, in bytes.
const MAX_SIZE: usize = 4 << 20;

/// A regular expression of Go's `regexp`: its syntax, its meaning, its errors.
///
/// ```
/// use trueup_template::Regex;
///
/// assert!(Regex::new(br"^\d+$").unwrap().is_match(b"42"));
/// assert_eq!(Regex::new(b"(").err().unwrap(), "error parsing regexp: missing closing ): `(`");
/// ```
#[derive(Clone, Debug)]
pub struct Regex {
    engine: Engine,
    /// The names of the groups; the whole match is the first.
    names: Vec<Option<String>>,
    empty: bool,
}

impl Regex {
    /// Compiles a pattern.
    ///
    /// # Errors
    /// Go's text.
    pub fn new(pattern: &[u8]) -> Result<Self, String> {
        let error = |code: &str, at: &str| format!("error parsing regexp: {code}: `{at}`");
        let pattern = std::str::from_utf8(pattern).map_err(|bad| {
            let from = pattern.get(bad.valid_up_to()..).unwrap_or_default();
            error("invalid UTF-8", &crate::value::lossy(from))
        })?;
        let mut parser = Parser::new(pattern);
        let source = parser.parse().map_err(|bad| error(bad.code, &bad.at))?;
        let engine = RegexBuilder::new(&source)
            .size_limit(MAX_SIZE)
            .dfa_size_limit(MAX_SIZE)
            .nest_limit(4 * MAX_NESTING as u32)
            .build()
            .map_err(|_| error("expression too large", pattern))?;
        Ok(Self { engine, names: parser.names, empty: pattern.is_empty() })
    }

    /// Tells whether the pattern matches anywhere.
    pub fn is_match(&self, text: &[u8]) -> bool {
        if std::str::from_utf8(text).is_err() {
            return !self.matches(text, 1, false).is_empty();
        }
        self.engine.is_match(text) && self.engine.find_iter(text).any(|found| whole(text, &found))
    }

    /// Returns the first match.
    pub(crate) fn find<'t>(&self, text: &'t [u8]) -> Option<&'t [u8]> {
        self.find_all(text, 1).pop()
    }

    /// Returns the matches, at most `limit` of them.
    pub(crate) fn find_all<'t>(&self, text: &'t [u8], limit: usize) -> Vec<&'t [u8]> {
        let found = self.matches(text, limit, false).into_iter();
        found.map(|found| text.get(found.span).unwrap_or_default()).collect()
    }

    /// Finds matches. Go takes a byte that is not UTF-8 for U+FFFD, so such text is searched in that form.
    fn matches(&self, text: &[u8], limit: usize, groups: bool) -> Vec<Found> {
        if std::str::from_utf8(text).is_ok() {
            return self.matches_in(text, limit, groups);
        }
        let (mut valid, mut origin) = (Vec::with_capacity(text.len()), Vec::with_capacity(text.len() + 1));
        let mut at = 0;
        for (rune, width) in Runes(text) {
            let mut buffer = [0; 4];
            let encoded = rune.encode_utf8(&mut buffer).as_bytes();
            valid.extend_from_slice(encoded);
            origin.extend(std::iter::repeat_n(at, encoded.len()));
            at += width;
        }
        origin.push(at);
        let back = |span: Span| {
            let of = |at: usize| origin.get(at).copied().unwrap_or(text.len());
            of(span.start)..of(span.end)
        };
        let found = self.matches_in(&valid, limit, groups).into_iter();
        found
            .map(|found| Found {
                span: back(found.span),
                groups: found.groups.into_iter().map(|group| group.map(back)).collect(),
            })
            .collect()
    }

    fn matches_in(&self, text: &[u8], limit: usize, groups: bool) -> Vec<Found> {
        if !groups {
            let found = self.engine.find_iter(text).filter(|found| whole(text, found)).take(limit);
            return found.map(|found| Found { span: found.range(), groups: Vec::new() }).collect();
        }
        let found = self.engine.captures_iter(text).filter_map(|captures| {
            let match_ = captures.get(0).filter(|match_| whole(text, match_))?;
            let groups = captures.iter().map(|group| group.map(|group| group.range())).collect();
            Some(Found { span: match_.range(), groups })
        });
        found.take(limit).collect()
    }

    /// Returns the text with every match replaced; `None` once it would be longer than `limit`.
    pub(crate) fn replace_all(
        &self,
        text: &[u8],
        template: Option<&[u8]>,
        literal: &[u8],
        limit: usize,
    ) -> Option<Vec<u8>> {
        let literal = template.unwrap_or(literal);
        let template = template.filter(|template| template.contains(&b'$'));
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        for found in self.matches(text, usize::MAX, template.is_some()) {
            out.extend_from_slice(text.get(at..found.span.start)?);
            match template {
                Some(template) => self.expand(&mut out, template, text, &found.groups),
                None => out.extend_from_slice(literal),
            }
            at = found.span.end;
            if out.len() > limit {
                return None;
            }
        }
        out.extend_from_slice(text.get(at..)?);
        (out.len() <= limit).then_some(out)
    }

    /// Writes a replacement template: `$1`, `${1}`, `$name`, `$$`.
    fn expand(&self, out: &mut Vec<u8>, template: &[u8], text: &[u8], groups: &[Option<Span>]) {
        let mut rest = template;
        while let Some(at) = memchr::memchr(b'$', rest) {
            out.extend_from_slice(rest.get(..at).unwrap_or_default());
            rest = rest.get(at..).unwrap_or_default();
            if let Some(after) = rest.strip_prefix(b"$$") {
                out.push(b'$');
                rest = after;
                continue;
            }
            match reference(rest) {
                Some((name, after)) => {
                    let group = self.group(name, groups).and_then(|group| text.get(group));
                    out.extend_from_slice(group.unwrap_or_default());
                    rest = after;
                }
                None => {
                    out.push(b'$');
                    rest = rest.get(1..).unwrap_or_default();
                }
            }
        }
        out.extend_from_slice(rest);
    }

    fn group(&self, name: &str, groups: &[Option<Span>]) -> Option<Span> {
        let numbered = name.bytes().all(|b| b.is_ascii_digit());
        let leading_zero = name.len() > 1 && name.starts_with('0');
        let number = name.parse::<usize>().ok().filter(|&n| numbered && !leading_zero && n < 100_000_000);
        match number {
            Some(number) => groups.get(number)?.clone(),
            None => {
                let named = self.names.iter().zip(groups).filter(|(known, _)| known.as_deref() == Some(name));
                named.filter_map(|(_, group)| group.clone()).next()
            }
        }
    }

    /// Splits the text at matches into at most `limit` pieces, if there is a limit.
    pub(crate) fn split<'t>(&self, text: &'t [u8], limit: Option<usize>) -> Vec<&'t [u8]> {
        if !self.empty && text.is_empty() {
            return vec![text];
        }
        let mut pieces = Vec::new();
        let (mut begin, mut end) = (0, 0);
        for found in self.matches(text, limit.unwrap_or(usize::MAX), false) {
            if limit.is_some_and(|limit| pieces.len() + 1 == limit) {
                break;
            }
            end = found.span.start;
            if found.span.end != 0 {
                pieces.push(text.get(begin..end).unwrap_or_default());
            }
            begin = found.span.end;
        }
        if end != text.len() {
            pieces.push(text.get(begin..).unwrap_or_default());
        }
        pieces
    }
}

type Span = std::ops::Range<usize>;

/// A match, with its groups where they are wanted.
struct Found {
    span: Span,
    groups: Vec<Option<Span>>,
}

/// Tells whether a match is no empty one inside a character, where Go finds none.
fn whole(text: &[u8], found: &Match<'_>) -> bool {
    !found.is_empty() || text.get(found.start()).is_none_or(|b| b & 0xC0 != 0x80)
}

/// Reads `$name` or `${name}` at the start: the longest run of letters, digits and underscores.
fn reference(text: &[u8]) -> Option<(&str, &[u8])> {
    let text = text.strip_prefix(b"$")?;
    let (brace, body) = match text.strip_prefix(b"{") {
        Some(body) => (true, body),
        None => (false, text),
    };
    let lossless = std::str::from_utf8(body)
        .or_else(|e| std::str::from_utf8(body.get(..e.valid_up_to()).unwrap_or_default()));
    let valid = lossless.unwrap_or_default();
    let word = |c: char| c == '_' || super::unicode::is_letter(c) || super::unicode::is_digit(c);
    let end = valid.find(|c| !word(c)).unwrap_or(valid.len());
    let name = valid.get(..end).filter(|name| !name.is_empty())?;
    let after = body.get(end..)?;
    let after = if brace { after.strip_prefix(b"}")? } else { after };
    Some((name, after))
}

/// Escapes what has a meaning in a pattern.
pub(crate) fn quote_meta(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &byte in text {
        if br"\.+*?()|[]{}^$".contains(&byte) {
            out.push(b'\\');
        }
        out.push(byte);
    }
    out
}

struct Bad {
    code: &'static str,
    at: String,
}

fn bad<T>(code: &'static str, at: &str) -> Result<T, Bad> {
    Err(Bad { code, at: at.to_owned() })
}

#[derive(Clone, Copy, Default)]
struct Flags {
    fold: bool,
    multi_line: bool,
    dot_newline: bool,
    lazy: bool,
}

/// An element in the crate's syntax, with the largest number of times that repetitions in it multiply to.
struct Item {
    source: String,
    repeat: u32,
}

/// What a group has collected: finished alternatives and the one under way.
#[derive(Default)]
struct Group {
    alternatives: Vec<String>,
    items: Vec<Item>,
    repeat: u32,
    flags_before: Flags,
    captures: bool,
}

struct Parser<'p> {
    whole: &'p str,
    rest: &'p str,
    flags: Flags,
    stack: Vec<Group>,
    names: Vec<Option<String>>,
}

impl<'p> Parser<'p> {
    fn new(pattern: &'p str) -> Self {
        Self {
            whole: pattern,
            rest: pattern,
            flags: Flags::default(),
            stack: vec![Group::default()],
            names: vec![None],
        }
    }

    fn push(&mut self, source: String) {
        if let Some(group) = self.stack.last_mut() {
            group.items.push(Item { source, repeat: 1 });
        }
    }

    fn skip(&mut self, bytes: usize) {
        self.rest = self.rest.get(bytes..).unwrap_or_default();
    }

    fn parse(&mut self) -> Result<String, Bad> {
        let mut last_repeat = "";
        while let Some(first) = self.rest.chars().next() {
            let before = self.rest;
            let mut repeated = false;
            match first {
                '(' => self.open()?,
                '|' => {
                    self.alternative();
                    self.skip(1);
                }
                ')' => self.close()?,
                '^' => self.simple(if self.flags.multi_line { "(?m:^)" } else { r"\A" }),
                '$' => self.simple(if self.flags.multi_line { "(?m:$)" } else { r"\z" }),
                '.' => self.simple(if self.flags.dot_newline { "(?s:.)" } else { "." }),
                '[' => self.class()?,
                '*' | '+' | '?' => {
                    self.skip(1);
                    let (min, max) = if first == '+' { (1, None) } else { (0, (first == '?').then_some(1)) };
                    self.repeat(&first.to_string(), (min, max), before, last_repeat, false)?;
                    repeated = true;
                }
                '{' => match counts(self.rest) {
                    Some((min, max, after)) => {
                        let spelled = before.get(..before.len() - after.len()).unwrap_or_default();
                        let too_big = |n: u32| n > 1000;
                        if too_big(min) || max.is_some_and(|max| too_big(max) || min > max) {
                            return bad("invalid repeat count", spelled);
                        }
                        self.rest = after;
                        self.repeat(spelled, (min, max), before, last_repeat, true)?;
                        repeated = true;
                    }
                    None => {
                        self.literal('{');
                        self.skip(1);
                    }
                },
                '\\' => self.escape()?,
                c => {
                    self.literal(c);
                    self.skip(c.len_utf8());
                }
            }
            last_repeat = if repeated { before } else { "" };
        }
        match self.stack.pop() {
            Some(group) if self.stack.is_empty() => Ok(finish(group).source),
            _ => bad("missing closing )", self.whole),
        }
    }

    fn simple(&mut self, source: &str) {
        self.push(source.to_owned());
        self.skip(1);
    }

    fn literal(&mut self, c: char) {
        let source = literal(c);
        self.push(if self.flags.fold && c.is_alphabetic() { format!("(?i:{source})") } else { source });
    }

    fn alternative(&mut self) {
        if let Some(group) = self.stack.last_mut() {
            close_alternative(group);
        }
    }

    fn group(&mut self, captures: bool) -> Result<(), Bad> {
        if self.stack.len() > MAX_NESTING {
            return bad("expression nests too deeply", self.whole);
        }
        let flags_before = self.flags;
        self.stack.push(Group { flags_before, captures, ..Group::default() });
        Ok(())
    }

    fn open(&mut self) -> Result<(), Bad> {
        if self.rest.starts_with("(?") {
            return self.perl_group();
        }
        self.names.push(None);
        self.group(true)?;
        self.skip(1);
        Ok(())
    }

    /// Reads `(?flags)`, `(?flags:`, `(?P<name>` or `(?<name>`.
    fn perl_group(&mut self) -> Result<(), Bad> {
        let start = self.rest;
        let named = [("(?P<", 5), ("(?<", 4)]
            .into_iter()
            .find(|(mark, len)| start.starts_with(mark) && start.len() >= *len);
        if let Some((mark, _)) = named {
            let Some(end) = start.find('>') else { return bad("invalid named capture", start) };
            let name = start.get(mark.len()..end).unwrap_or_default();
            if name.is_empty() || !name.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
                return bad("invalid named capture", start.get(..=end).unwrap_or(start));
            }
            self.names.push(Some(name.to_owned()));
            self.group(true)?;
            self.skip(end + 1);
            return Ok(());
        }
        let (mut flags, mut on, mut saw) = (self.flags, true, false);
        for (at, c) in start.char_indices().skip(2) {
            match c {
                'i' => flags.fold = on,
                'm' => flags.multi_line = on,
                's' => flags.dot_newline = on,
                'U' => flags.lazy = on,
                '-' if on => {
                    (on, saw) = (false, false);
                    continue;
                }
                ':' | ')' if on || saw => {
                    if c == ':' {
                        self.group(false)?;
                    }
                    self.flags = flags;
                    self.skip(at + 1);
                    return Ok(());
                }
                c => {
                    let end = at + c.len_utf8();
                    return bad("invalid or unsupported Perl syntax", start.get(..end).unwrap_or(start));
                }
            }
            saw = true;
        }
        bad("invalid or unsupported Perl syntax", start)
    }

    fn close(&mut self) -> Result<(), Bad> {
        let Some(group) = self.stack.pop().filter(|_| !self.stack.is_empty()) else {
            return bad("unexpected )", self.whole);
        };
        self.flags = group.flags_before;
        let mark = if group.captures { "(" } else { "(?:" };
        let item = finish(group);
        if let Some(outer) = self.stack.last_mut() {
            outer.items.push(Item { source: format!("{mark}{})", item.source), repeat: item.repeat });
        }
        self.skip(1);
        Ok(())
    }

    fn repeat(
        &mut self,
        operator: &str,
        (min, max): (u32, Option<u32>),
        before: &str,
        last_repeat: &str,
        counted: bool,
    ) -> Result<(), Bad> {
        let mut lazy = self.flags.lazy;
        if self.rest.starts_with('?') {
            self.skip(1);
            lazy = !lazy;
        }
        let up_to_here = |text: &str| {
            text.get(..text.len().saturating_sub(self.rest.len())).unwrap_or_default().to_owned()
        };
        if !last_repeat.is_empty() {
            return bad("invalid nested repetition operator", &up_to_here(last_repeat));
        }
        let spelled = up_to_here(before);
        let Some(item) = self.stack.last_mut().and_then(|group| group.items.last_mut()) else {
            return bad("missing argument to repetition operator", &spelled);
        };
        if counted && (min >= 2 || max.is_some_and(|max| max >= 2)) {
            item.repeat = item.repeat.saturating_mul(max.unwrap_or(min).max(1));
            if item.repeat > 1000 {
                return bad("invalid repeat count", &spelled);
            }
        }
        let mark = if lazy { "?" } else { "" };
        item.source = format!("(?:{}){operator}{mark}", item.source);
        Ok(())
    }

    fn escape(&mut self) -> Result<(), Bad> {
        let Some(next) = self.rest.chars().nth(1) else {
            return bad("trailing backslash at end of expression", "");
        };
        let known = match next {
            'A' => r"\A",
            'b' => r"(?-u:\b)",
            'B' => r"(?-u:\B)",
            'z' => r"\z",
            'C' => return bad("invalid escape sequence", r"\C"),
            'Q' => {
                let quoted = self.rest.get(2..).unwrap_or_default();
                let (text, after) = quoted.split_once(r"\E").unwrap_or((quoted, ""));
                text.chars().for_each(|c| self.literal(c));
                self.rest = after;
                return Ok(());
            }
            _ => "",
        };
        if !known.is_empty() {
            self.push(known.to_owned());
            self.skip(2);
            return Ok(());
        }
        if let Some(class) = self.shared_class()? {
            self.push(self.folded(format!("[{class}]")));
            return Ok(());
        }
        let c = self.escaped_char()?;
        match c {
            Some(c) => self.literal(c),
            // A surrogate matches nothing.
            None => self.push(r"[^\x{0}-\x{10FFFF}]".to_owned()),
        }
        Ok(())
    }

    fn folded(&self, source: String) -> String {
        if self.flags.fold { format!("(?i:{source})") } else { source }
    }

    /// Reads `\d`, `\pN` and their kin, which mean the same inside and outside of brackets.
    fn shared_class(&mut self) -> Result<Option<String>, Bad> {
        let perl = match self.rest.get(..2) {
            Some(r"\d") => "0-9",
            Some(r"\D") => "[^0-9]",
            Some(r"\s") => r"\t\n\x{c}\r\x20",
            Some(r"\S") => r"[^\t\n\x{c}\r\x20]",
            Some(r"\w") => "0-9A-Z_a-z",
            Some(r"\W") => "[^0-9A-Z_a-z]",
            Some(r"\p" | r"\P") => return self.unicode_class().map(Some),
            _ => return Ok(None),
        };
        self.skip(2);
        Ok(Some(perl.to_owned()))
    }

    fn unicode_class(&mut self) -> Result<String, Bad> {
        let start = self.rest;
        let mut negated = start.starts_with(r"\P");
        let (name, len) = match start.chars().nth(2) {
            None => return bad("invalid character class range", start),
            Some('{') => match start.find('}') {
                Some(end) => (start.get(3..end).unwrap_or_default(), end + 1),
                None => return bad("invalid character class range", start),
            },
            Some(c) => (start.get(2..2 + c.len_utf8()).unwrap_or_default(), 2 + c.len_utf8()),
        };
        let plain = name.strip_prefix('^').inspect(|_| negated = !negated).unwrap_or(name);
        let canonical = canonical_name(plain);
        if CLASS_NAMES.binary_search(&canonical.as_str()).is_err() {
            return bad("invalid character class range", start.get(..len).unwrap_or(start));
        }
        self.skip(len);
        let mark = if negated { 'P' } else { 'p' };
        Ok(format!(r"\{mark}{{{canonical}}}"))
    }

    /// Reads `\n`, `\x41` and the like; `None` for a code that is no character.
    fn escaped_char(&mut self) -> Result<Option<char>, Bad> {
        let start = self.rest;
        let mut chars = start.chars();
        chars.next();
        let Some(c) = chars.next() else { return bad("trailing backslash at end of expression", "") };
        let invalid = |after: &str| {
            let spelled = start.get(..start.len() - after.len()).unwrap_or(start);
            bad("invalid escape sequence", spelled)
        };
        let code = match c {
            '0'..='7' => {
                let after = chars.as_str();
                let more = after.bytes().take(2).take_while(|b| (b'0'..=b'7').contains(b)).count();
                if c != '0' && more == 0 {
                    return invalid(after);
                }
                let digits = start.get(1..2 + more).unwrap_or_default();
                self.skip(2 + more);
                return Ok(u32::from_str_radix(digits, 8).ok().and_then(char::from_u32));
            }
            'x' => {
                let Some(first) = chars.next() else { return invalid("") };
                let mut value = 0_u32;
                if first == '{' {
                    let mut count = 0;
                    loop {
                        match chars.next() {
                            Some('}') if count > 0 => break,
                            Some(c) if c.is_ascii_hexdigit() => {
                                value = value * 16 + c.to_digit(16).unwrap_or(0)
                            }
                            _ => return invalid(chars.as_str()),
                        }
                        count += 1;
                        if value > 0x10_FFFF {
                            return invalid(chars.as_str());
                        }
                    }
                } else {
                    let Some(second) = chars.next() else { return invalid("") };
                    match (first.to_digit(16), second.to_digit(16)) {
                        (Some(high), Some(low)) => value = high * 16 + low,
                        _ => return invalid(chars.as_str()),
                    }
                }
                self.rest = chars.as_str();
                return Ok(char::from_u32(value));
            }
            'a' => '\x07',
            'f' => '\x0c',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\x0b',
            c if c.is_ascii() && !c.is_ascii_alphanumeric() => c,
            _ => return invalid(chars.as_str()),
        };
        self.rest = chars.as_str();
        Ok(Some(code))
    }

    fn class(&mut self) -> Result<(), Bad> {
        let whole = self.rest;
        self.skip(1);
        let negated = self.rest.starts_with('^');
        self.skip(usize::from(negated));
        let mut body = String::new();
        let mut first = true;
        while first || !self.rest.starts_with(']') {
            first = false;
            if let Some(named) = self.named_class()? {
                body.push_str(&named);
                continue;
            }
            if let Some(class) = self.shared_class()? {
                body.push_str(&class);
                continue;
            }
            let range = self.rest;
            let low = self.class_char(whole)?;
            let mut high = low;
            if self.rest.starts_with('-') && self.rest.len() >= 2 && !self.rest.starts_with("-]") {
                self.skip(1);
                high = self.class_char(whole)?;
                if high < low {
                    let spelled = range.get(..range.len() - self.rest.len()).unwrap_or(range);
                    return bad("invalid character class range", spelled);
                }
            }
            push_range(&mut body, low, high);
        }
        self.skip(1);
        let source = match (body.is_empty(), negated) {
            (true, false) => r"[^\x{0}-\x{10FFFF}]".to_owned(),
            (true, true) => r"[\x{0}-\x{10FFFF}]".to_owned(),
            (false, false) => format!("[{body}]"),
            (false, true) => format!("[^{body}]"),
        };
        self.push(self.folded(source));
        Ok(())
    }

    fn named_class(&mut self) -> Result<Option<String>, Bad> {
        const NAMES: [&str; 14] = [
            "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
            "space", "upper", "word", "xdigit",
        ];
        let Some(after) = self.rest.strip_prefix("[:") else { return Ok(None) };
        let Some(end) = after.find(":]") else { return Ok(None) };
        let spelled = self.rest.get(..end + 4).unwrap_or_default();
        let name = after.get(..end).unwrap_or_default();
        if !NAMES.contains(&name.strip_prefix('^').unwrap_or(name)) {
            return bad("invalid character class range", spelled);
        }
        self.skip(end + 4);
        Ok(Some(spelled.to_owned()))
    }

    /// Reads one character of a class as its code.
    fn class_char(&mut self, whole: &str) -> Result<u32, Bad> {
        let Some(c) = self.rest.chars().next() else { return bad("missing closing ]", whole) };
        if c == '\\' {
            let start = self.rest;
            let read = self.escaped_char()?;
            // A surrogate has no `char`; its code is in the braces.
            let surrogate =
                || start.get(3..7).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0xD800);
            return Ok(read.map_or_else(surrogate, u32::from));
        }
        self.skip(c.len_utf8());
        Ok(u32::from(c))
    }
}

/// Writes a range, leaving out surrogates, which no text holds.
fn push_range(body: &mut String, low: u32, high: u32) {
    let surrogate = |code: u32| (0xD800..=0xDFFF).contains(&code);
    let low = if surrogate(low) { 0xE000 } else { low };
    let high = if surrogate(high) { 0xD7FF } else { high };
    if low <= high {
        body.push_str(&format!(r"\x{{{low:x}}}-\x{{{high:x}}}"));
    }
}

fn literal(c: char) -> String {
    if c.is_ascii_alphanumeric() { c.to_string() } else { format!(r"\x{{{:x}}}", u32::from(c)) }
}

fn close_alternative(group: &mut Group) {
    let items = std::mem::take(&mut group.items);
    group.repeat = items.iter().map(|item| item.repeat).max().unwrap_or(1).max(group.repeat);
    group.alternatives.push(items.into_iter().map(|item| item.source).collect());
}

fn finish(mut group: Group) -> Item {
    close_alternative(&mut group);
    Item { source: group.alternatives.join("|"), repeat: group.repeat }
}

/// Reads `{n}`, `{n,}` or `{n,m}`; anything else is literal text. Numbers are held to 100 million.
fn counts(text: &str) -> Option<(u32, Option<u32>, &str)> {
    let (min, rest) = count(text.strip_prefix('{')?)?;
    let (max, rest) = match rest.strip_prefix(',') {
        None => (Some(min), rest),
        Some(rest) if rest.starts_with('}') => (None, rest),
        Some(rest) => {
            let (max, rest) = count(rest)?;
            (Some(max), rest)
        }
    };
    Some((min, max, rest.strip_prefix('}')?))
}

fn count(text: &str) -> Option<(u32, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    if digits.is_empty() || (digits.len() > 1 && digits.starts_with('0')) {
        return None;
    }
    Some((digits.parse().unwrap_or(100_000_000), rest))
}

fn canonical_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for c in name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')) {
        out.push(if out.is_empty() { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(pattern: &str, text: &str, template: &str) -> String {
        let regex = Regex::new(pattern.as_bytes()).unwrap();
        String::from_utf8(regex.replace_all(text.as_bytes(), Some(template.as_bytes()), b"", 1000).unwrap())
            .unwrap()
    }

    #[test]
    fn replacement_templates_are_gos() {
        assert_eq!(replaced("a(x*)b", "-ab-axxb-", "${1}W"), "-W-xxW-");
        assert_eq!(replaced("a(x*)b", "-ab-axxb-", "$1W"), "---");
        assert_eq!(replaced("(?P<n>x)", "axb", "<$n$$>"), "a<x$>b");
        assert_eq!(replaced("x*", "abc", "-"), "-a-b-c-");
    }

    #[test]
    fn errors_are_gos() {
        let cases = [
            ("(", "missing closing ): `(`"),
            ("a)", "unexpected ): `a)`"),
            ("[a", "missing closing ]: `[a`"),
            ("*", "missing argument to repetition operator: `*`"),
            ("a**", "invalid nested repetition operator: `**`"),
            ("(?=a)", "invalid or unsupported Perl syntax: `(?=`"),
            (r"\1", r"invalid escape sequence: `\1`"),
            ("[b-a]", "invalid character class range: `b-a`"),
            ("a{1001}", "invalid repeat count: `{1001}`"),
            (r"\p{Nope}", r"invalid character class range: `\p{Nope}`"),
            ("\\", "trailing backslash at end of expression: ``"),
        ];
        for (pattern, text) in cases {
            let error = Regex::new(pattern.as_bytes()).err().unwrap();
            assert_eq!(error, format!("error parsing regexp: {text}"));
        }
    }
}
