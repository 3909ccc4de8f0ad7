//! What `--set` and its like mean: `a.b=1,list[0]=x,c={1,2}`.

mod json;
mod literal;
mod parser;
mod target;

use crate::error::{Error, ErrorKind, Result};
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::FileBytes;
use trueup_template::{Map, Value};

/// The files that `--set-file` reads, by the paths that it names.
pub type SetFiles = BTreeMap<EcoString, FileBytes>;

/// How the values of a setting are read.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum SetKind<'a> {
    /// `--set`: booleans, integers and null have their types.
    Typed,
    /// `--set-string`: everything is text.
    String,
    /// `--set-json`: each value is JSON.
    Json,
    /// `--set-file`: each value is the path of a file, whose text it becomes; this reads it, or says why not.
    File(&'a ReadFile<'a>),
    /// `--set-literal`: what follows the first `=` is the value, as it is.
    Literal,
}

/// Reads a file that `--set-file` names; the error is what Go would say.
pub type ReadFile<'a> = dyn Fn(&str) -> std::result::Result<FileBytes, String> + 'a;

/// Returns a file by its path; the error is Go's for one that is not there.
pub(crate) fn read_file(files: &SetFiles, path: &str) -> std::result::Result<FileBytes, String> {
    files.get(path).cloned().ok_or_else(|| format!("open {path}: no such file or directory"))
}

/// Puts a setting into values, as Helm's `strvals` does.
///
/// ```
/// use trueup_helm::{SetKind, set_values};
/// use trueup_template::Map;
///
/// let values = Map::new();
/// set_values(&values, SetKind::Typed, r"image.tag=1\.2,ports[1]=80,on=true")?;
/// assert_eq!(trueup_template::Value::Map(values).to_manifest().at(&["image", "tag"]).unwrap().as_str(), Some("1.2"));
/// # Ok::<(), trueup_helm::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::InvalidValues`] in Helm's words; the values are then changed in part. [`ErrorKind::Limit`] for lists of millions of items.
pub fn set_values(values: &Map, kind: SetKind<'_>, text: &str) -> Result<()> {
    let stopped = match kind {
        SetKind::Literal => literal::parse(values, text),
        kind => parser::parse(values, kind, text),
    };
    match stopped {
        Stop::End => Ok(()),
        Stop::Error(message) => Err(Error::new(ErrorKind::InvalidValues, message)),
        Stop::Limit(message) => Err(Error::new(ErrorKind::Limit, message)),
    }
}

/// Why reading stopped. The end is no error, wherever it comes.
pub(crate) enum Stop {
    End,
    Error(String),
    Limit(String),
}

type Step<T> = std::result::Result<T, Stop>;

impl From<String> for Stop {
    fn from(message: String) -> Self {
        Self::Error(message)
    }
}

/// Lists that `[index]` may make, in items of all of them together.
const MAX_ITEMS: usize = 4_000_000;
/// How deep `[0][0]…` may nest.
const MAX_LISTS: usize = 60;

/// The characters that are left, and what has been made of the others.
struct Input<'t> {
    rest: &'t str,
    items: usize,
}

impl<'t> Input<'t> {
    fn new(text: &'t str) -> Self {
        Self { rest: text, items: 0 }
    }

    fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Reads up to one of the stops, which is consumed; none at the end. A backslash takes the next character as it is.
    fn until(&mut self, stops: &[char], escapes: bool) -> (String, Option<char>) {
        let mut read = String::new();
        while let Some(next) = self.next() {
            match next {
                c if stops.contains(&c) => return (read, Some(c)),
                '\\' if escapes => match self.next() {
                    Some(escaped) => read.push(escaped),
                    None => return (read, None),
                },
                c => read.push(c),
            }
        }
        (read, None)
    }

    /// Reads an index up to `]`.
    fn index(&mut self, escapes: bool) -> Step<i64> {
        let (text, stop) = self.until(&[']'], escapes);
        if stop.is_none() {
            return Err(Stop::End);
        }
        atoi(&text).map_err(|problem| {
            let quoted = trueup_manifest::yaml::go_quote(&text);
            Stop::Error(format!("error parsing index: strconv.Atoi: parsing {quoted}: {problem}"))
        })
    }
}

fn atoi(text: &str) -> std::result::Result<i64, &'static str> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err("invalid syntax");
    }
    text.parse().map_err(|_| "value out of range")
}

/// What Go panics with when a value is not of the type that a key needs.
fn not_a(value: &Value, wanted: &str) -> Stop {
    let got = match value {
        Value::Nil => "nil".into(),
        value => value.type_name(),
    };
    Stop::Error(format!("unable to parse key: interface conversion: interface {{}} is {got}, not {wanted}"))
}
