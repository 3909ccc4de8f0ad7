//! YAML exactly as Go reads and writes it.
//!
//! Two libraries decide what a Kubernetes manifest means: `go.yaml.in/yaml/v3`, through which kustomize reads, and
//! `sigs.k8s.io/yaml`, which stands on `go.yaml.in/yaml/v2`, through which everything is written and most of Kubernetes
//! reads. [`Dialect`] chooses between them for reading. The grammar is libyaml's, as those two apply it: what they
//! accept is accepted, what they refuse is refused, in the same words.
//!
//! The stages: `reader` (bytes to characters), `scanner` (to tokens), `parser` (to events), `compose` (to values, with
//! `resolve` for the meaning of scalars), and `emit` back.

mod compose;
mod emit;
mod error;
mod fast;
mod foot;
mod locate;
mod outline;
mod parser;
mod reader;
mod resolve;
mod scanner;
mod stream;

pub use emit::{SequenceIndent, V3Style};
pub use error::{EmitError, ParseError, ParseErrorKind};
pub use outline::{Outline, OutlineNode};

use crate::{EcoString, Limits, Resolved, ScalarStyle, Span, Value};
use std::borrow::Cow;

/// Which of Go's libraries reads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Dialect {
    /// `go.yaml.in/yaml/v3` as kustomize's kyaml uses it: `yes` is a string, spelling and style are kept, `<<` is merged.
    #[default]
    Kyaml,
    /// `sigs.k8s.io/yaml`: YAML 1.1 (`yes` is true) turned into what JSON can hold.
    Kubernetes,
}

/// The two libraries, by their major version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Generation {
    V2,
    V3,
}

impl Dialect {
    fn generation(self) -> Generation {
        match self {
            Self::Kyaml => Generation::V3,
            Self::Kubernetes => Generation::V2,
        }
    }
}

/// What happens when a key occurs twice in one map.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum DuplicateKeys {
    /// It is an error.
    #[default]
    Error,
    /// The last one wins.
    LastWins,
    /// The first one wins, and the map remembers the others ([`crate::KeyKind::Repeated`]): kustomize reads files so, and fails
    /// when such a map is still part of a resource in the end.
    FirstWins,
}

/// How to read YAML.
///
/// ```
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let manifest = yaml::parse(b"mode: 0644\nanswer: yes\n", &ParseOptions::kyaml())?;
/// assert_eq!(manifest.get("mode").and_then(|mode| mode.as_i64()), Some(420));
/// assert_eq!(manifest.get("answer").and_then(|answer| answer.as_str()), Some("yes"));
///
/// let manifest = yaml::parse(b"answer: yes\n", &ParseOptions::kubernetes())?;
/// assert_eq!(manifest.get("answer").and_then(|answer| answer.as_bool()), Some(true));
/// # Ok::<(), yaml::ParseError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParseOptions {
    /// Which of Go's libraries reads.
    pub dialect: Dialect,
    /// What happens when a key occurs twice in one map.
    pub duplicate_keys: DuplicateKeys,
    /// Whether a scalar whose text does not fit its tag, such as `!!int x`, is kept with both instead of being an error. It
    /// counts as a text, with the tag of null as null: kustomize reads files so, and fails when it writes such a scalar.
    pub keep_misfits: bool,
    /// What the text may cost.
    pub limits: Limits,
}

impl ParseOptions {
    /// Returns the options for reading as kustomize reads resources. Duplicate keys are errors.
    pub fn kyaml() -> Self {
        Self::default()
    }

    /// Returns the options for reading as `sigs.k8s.io/yaml` does in `Unmarshal`. Of duplicate keys the last one wins.
    pub fn kubernetes() -> Self {
        Self {
            dialect: Dialect::Kubernetes,
            duplicate_keys: DuplicateKeys::LastWins,
            keep_misfits: false,
            limits: Limits::default(),
        }
    }

    /// Returns the options for reading as `sigs.k8s.io/yaml` does in `UnmarshalStrict`. Duplicate keys are errors.
    pub fn kubernetes_strict() -> Self {
        Self { duplicate_keys: DuplicateKeys::Error, ..Self::kubernetes() }
    }

    /// Sets what happens when a key occurs twice in one map.
    #[must_use]
    pub fn with_duplicate_keys(mut self, duplicate_keys: DuplicateKeys) -> Self {
        self.duplicate_keys = duplicate_keys;
        self
    }

    /// Sets whether scalars that do not fit their tags are kept.
    ///
    /// ```
    /// use trueup_manifest::yaml::{self, ParseOptions};
    ///
    /// assert!(yaml::parse(b"port: !!int x\n", &ParseOptions::kyaml()).is_err());
    /// let kept = yaml::parse(b"port: !!int x\n", &ParseOptions::kyaml().with_misfits_kept(true))?;
    /// assert_eq!(kept.get("port").and_then(|port| port.as_str()), Some("x"));
    /// # Ok::<(), yaml::ParseError>(())
    /// ```
    #[must_use]
    pub fn with_misfits_kept(mut self, keep_misfits: bool) -> Self {
        self.keep_misfits = keep_misfits;
        self
    }

    /// Sets what the text may cost.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// One step on the way to a field.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathStep {
    /// Into a map, by key.
    Key(EcoString),
    /// Into a sequence, by position.
    Index(usize),
}

impl PathStep {
    /// Goes one step down from a value, if there is anything.
    ///
    /// ```
    /// use trueup_manifest::Value;
    /// use trueup_manifest::yaml::PathStep;
    ///
    /// let list = Value::from(vec![Value::from("a")]);
    /// assert_eq!(PathStep::from(0).of(&list).and_then(Value::as_str), Some("a"));
    /// assert!(PathStep::from("a").of(&list).is_none());
    /// ```
    pub fn of<'v>(&self, value: &'v Value) -> Option<&'v Value> {
        match self {
            Self::Key(key) => value.get(key),
            Self::Index(at) => value.as_seq()?.get(*at),
        }
    }
}

impl From<&str> for PathStep {
    fn from(key: &str) -> Self {
        Self::Key(key.into())
    }
}

impl From<usize> for PathStep {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// Returns where the key and the value at a path are written, in the document at this position of [`parse_stream`].
///
/// The text is scanned again for it, so that plain reading pays nothing. For items and for the root, the key is the
/// value itself. Aliases and `<<` are followed to what they stand for. Documents are counted as with [`Dialect::Kyaml`].
///
/// ```
/// use trueup_manifest::yaml::{self, PathStep};
///
/// let text = b"spec:\n  replicas: 3\n";
/// let (key, value) = yaml::locate(text, 0, &["spec".into(), "replicas".into()]).unwrap();
/// assert_eq!((key.start.line, key.start.column, value.start.column), (2, 3, 13));
/// ```
pub fn locate(text: &[u8], document: usize, path: &[PathStep]) -> Option<(Span, Span)> {
    locate::locate(text, document, path)
}

/// Returns what is written where in a text, one outline a document of the YAML stream.
///
/// It is for editing text: nodes keep the order, the spelling and the place they have in it, aliases are not followed, and
/// neither duplicate keys nor limits are looked at. Read the text with [`parse_stream`] for what it means.
///
/// ```
/// use trueup_manifest::yaml;
///
/// let text = "images:\n- name: web\n  newTag: v1 # ours\n";
/// let outlines = yaml::outline(text)?;
/// let images = outlines[0].root().and_then(|root| root.entry("images")).and_then(|(_, images)| images.items()).unwrap();
/// let (_, tag) = images[0].entry("newTag").unwrap();
/// assert_eq!(&text[tag.range()], "v1");
/// # Ok::<(), yaml::ParseError>(())
/// ```
pub fn outline(text: &str) -> Result<Vec<Outline>, ParseError> {
    outline::outline(text)
}

/// Reads all documents of a stream; an empty document is null.
///
/// With [`Dialect::Kyaml`] the stream is cut at lines that begin with `---`, as kyaml's reader does, and of each piece
/// the first document counts. With [`Dialect::Kubernetes`] the documents are those of the YAML stream.
pub fn parse_stream(text: &[u8], options: &ParseOptions) -> Result<Vec<Value>, ParseError> {
    stream::parse_stream(text, options)
}

/// Reads the first document of a text, as `yaml.Unmarshal` does; what comes behind it is not looked at.
pub fn parse(text: &[u8], options: &ParseOptions) -> Result<Value, ParseError> {
    stream::parse_first(text, options)
}

/// Writes a value as `sigs.k8s.io/yaml` does, which is how kustomize and Argo CD write manifests.
///
/// Keys are sorted in that library's order (`a2` before `a10`), sequences stand below their key, long texts are
/// folded behind column 80, texts that YAML 1.1 would take for something else are quoted.
///
/// ```
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let value = yaml::parse(b"b: 'yes'\na: [0644, {}]\n", &ParseOptions::kyaml())?;
/// assert_eq!(yaml::to_string(&value)?, "a:\n- 420\n- {}\nb: \"yes\"\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_string(value: &Value) -> Result<String, EmitError> {
    let mut out = String::new();
    emit::write(value, &mut out)?;
    Ok(out)
}

/// Appends a value as [`to_string`] writes it; after an error the text is incomplete.
pub fn write(value: &Value, out: &mut String) -> Result<(), EmitError> {
    emit::write(value, out)
}

/// Writes a value as `go.yaml.in/yaml/v3` writes a node: order, style, tags and spelling are kept.
///
/// Comments and flow style are not, since a [`Value`] does not hold them.
pub fn to_string_v3(value: &Value, style: &V3Style) -> Result<String, EmitError> {
    let mut out = String::new();
    emit::write_v3(value, style, &mut out)?;
    Ok(out)
}

/// Returns the text that a string has after [`to_string_v3`] wrote it in a style and it was read again.
///
/// It is the same nearly always. kustomize writes and reads every resource once more before it is done, so where it is
/// not the same, its output differs. The error is what the reader says when it cannot read what was written.
pub fn roundtrip_v3(text: &str, style: ScalarStyle) -> Result<Cow<'_, str>, String> {
    emit::round_trip(text, style)
}

/// Returns where the comments of a text begin, in bytes; nothing for a text that is no YAML.
///
/// Comments behind `|` and `>` are not among them.
///
/// ```
/// use trueup_manifest::yaml;
///
/// assert_eq!(yaml::comments(b"a: 1 # x\nb: '#'\n"), [5]);
/// ```
pub fn comments(text: &[u8]) -> Vec<usize> {
    std::str::from_utf8(text).ok().and_then(|text| scanner::comments_of(text).ok()).unwrap_or_default()
}

/// Returns the style in which [`to_string_v3`] writes a text that is wanted in a style: not every text can be had in each.
///
/// ```
/// use trueup_manifest::ScalarStyle;
/// use trueup_manifest::yaml;
///
/// assert_eq!(yaml::style_v3("a: b", ScalarStyle::Plain), ScalarStyle::SingleQuoted);
/// assert_eq!(yaml::style_v3("a\tb", ScalarStyle::Plain), ScalarStyle::DoubleQuoted);
/// ```
pub fn style_v3(text: &str, wanted: ScalarStyle) -> ScalarStyle {
    emit::style_of(text, wanted)
}

/// Returns what a scalar of this text means to kyaml with a tag in its long form.
///
/// # Errors
/// In Go's words, when the text does not fit the tag.
///
/// ```
/// use trueup_manifest::{Resolved, yaml};
///
/// let binary = "tag:yaml.org,2002:binary";
/// assert!(matches!(yaml::resolve_tagged(binary, "aGk="), Ok(Resolved::String(text)) if text == "hi"));
/// assert!(yaml::resolve_tagged(binary, "hi!").unwrap_err().ends_with("contains invalid base64 data"));
/// ```
pub fn resolve_tagged(tag: &str, text: &str) -> Result<Resolved, String> {
    resolve::tagged(tag, text, Generation::V3)
}

/// Returns true for a text that YAML 1.1 took for a number in base 60, which Go's encoders quote where they write a string.
///
/// ```
/// use trueup_manifest::yaml;
///
/// assert!(yaml::is_base60("12:30:45") && yaml::is_base60("-1:20.5"));
/// assert!(!yaml::is_base60("12:75") && !yaml::is_base60("a:30"));
/// ```
pub fn is_base60(text: &str) -> bool {
    resolve::is_base60(text)
}

/// Returns what a plain scalar of this text means in a dialect.
///
/// ```
/// use trueup_manifest::yaml::{self, Dialect};
/// use trueup_manifest::Resolved;
///
/// assert!(matches!(yaml::resolve_plain("yes", Dialect::Kubernetes), Resolved::Bool(true)));
/// assert!(matches!(yaml::resolve_plain("yes", Dialect::Kyaml), Resolved::Text));
/// ```
pub fn resolve_plain(text: &str, dialect: Dialect) -> Resolved {
    resolve::plain(text, dialect.generation()).into()
}

/// Returns a text in quotes, as Go's `strconv.Quote` writes it and its error messages show it.
///
/// ```
/// assert_eq!(trueup_manifest::yaml::go_quote("a\u{7}\u{85}é\n"), r#""a\a\u0085é\n""#);
/// ```
pub fn go_quote(text: &str) -> String {
    compose::quote(text)
}

/// Returns true for a line that YAML 1.1 would not read as a string: the test by which kyaml quotes fresh strings.
pub fn is_yaml11_non_string(text: &str) -> bool {
    if text.is_empty() || text.contains('\n') {
        return false;
    }
    if is_surely_text(text) {
        return false;
    }
    let is_word = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.' | b'/' | b'+' | b'~');
    if text.bytes().all(is_word) && !text.starts_with('-') {
        return !matches!(
            resolve_plain(text, Dialect::Kubernetes),
            Resolved::Text | Resolved::Timestamp | Resolved::String(_)
        );
    }
    parse(text.as_bytes(), &ParseOptions::kubernetes()).is_ok_and(|value| value.as_str().is_none())
}

/// Returns true, without reading it as YAML, for a line that plainly written is this very string to every reader.
///
/// It is false for many others too: those of other characters than printable ASCII, and those that begin with a sign or a digit.
///
/// ```
/// use trueup_manifest::yaml::is_surely_text;
///
/// assert!(is_surely_text("registry.example.com/web:v1") && is_surely_text("some words"));
/// assert!(!is_surely_text("on") && !is_surely_text("key: value") && !is_surely_text("1.0"));
/// ```
pub fn is_surely_text(text: &str) -> bool {
    /// No longer word is a boolean or null.
    const LONGEST_WORD: usize = 5;
    let bytes = text.as_bytes();
    let begins = match bytes.first() {
        Some(first) if first.is_ascii_alphabetic() => {
            bytes.len() > LONGEST_WORD || resolve::plain(text, Generation::V2) == resolve::Plain::Text
        }
        first => matches!(first, Some(b'/' | b'_' | b'$' | b'(')),
    };
    // Most have nothing but letters, digits and the like; only the others need a closer look.
    begins
        && (bytes.iter().all(|byte| matches!(byte, b'!' | b'"' | b'$'..=b'9' | b';'..=b'~'))
            || is_tame(bytes))
}

/// Tells whether a line of printable ASCII has neither `: ` nor ` #` in it and does not end with a colon or a space.
fn is_tame(line: &[u8]) -> bool {
    let (Some(last), Some(rest)) = (line.last(), line.get(1..)) else { return false };
    let odd =
        |a: u8, b: u8| ((a == b':') & (b == b' ')) | ((a == b' ') & (b == b'#')) | !matches!(a, b' '..=b'~');
    let any_odd = line.iter().zip(rest).fold(false, |found, (a, b)| found | odd(*a, *b));
    !any_odd && matches!(last, b'!'..=b'9' | b';'..=b'~')
}

/// Returns what kyaml makes of a value when it turns it into JSON, as kustomize does with every resource before it prints it.
///
/// kyaml writes the resource with its v3 library, reads it again and encodes that: dates become times
/// (`2001-01-01` is `2001-01-01T00:00:00Z`), nothing in a flow collection becomes the empty text (`{a: }` is `{a: ""}`),
/// some texts change ([`roundtrip_v3`]), and infinities, NaN and maps with keys
/// that are no strings are errors. Duplicate keys and the like were found when the text was read. What does not change
/// is shared with the value. Printing is [`to_string`] of the result.
///
/// The library also writes comments, and cannot read all of them back: a comment behind the colon of a key is an error where the
/// key has come into a flow collection with a collection of its own, and where nothing is left of its block collection.
///
/// ```
/// use trueup_manifest::yaml::{self, ParseOptions};
///
/// let value = yaml::parse(b"since: 2001-01-01\n", &ParseOptions::kyaml())?;
/// assert_eq!(yaml::to_string(&yaml::through_kyaml(&value)?)?, "since: \"2001-01-01T00:00:00Z\"\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn through_kyaml(value: &Value) -> Result<Value, EmitError> {
    emit::through_kyaml(value)
}
