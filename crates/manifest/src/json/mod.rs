//! JSON exactly as Go's `encoding/json` reads and writes it.

mod read;
mod write;

pub use write::{JsonStyle, to_string, to_string_with, write};
pub(crate) use write::{float_text, quote_into};

use crate::yaml::ParseError;
use crate::{Limits, Value};

/// What a JSON number becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum JsonNumbers {
    /// An integer if it is written as one and fits `int64`, else a float: what Kubernetes does.
    #[default]
    Kubernetes,
    /// Always a float: what `encoding/json` does with `interface{}`.
    Float64,
    /// As [`JsonNumbers::Kubernetes`], and the spelling is kept, as with `json.Number`.
    Kept,
}

/// How to read JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonOptions {
    /// What numbers become.
    pub numbers: JsonNumbers,
    /// What the text may cost.
    pub limits: Limits,
}

impl JsonOptions {
    /// Sets what numbers become.
    #[must_use]
    pub fn with_numbers(mut self, numbers: JsonNumbers) -> Self {
        self.numbers = numbers;
        self
    }

    /// Sets what the text may cost.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }
}

/// Reads one JSON value; of duplicate keys the last one wins, invalid UTF-8 becomes U+FFFD.
///
/// ```
/// use trueup_manifest::json::{self, JsonOptions};
///
/// let value = json::parse(br#"{"b": 1, "a": "<x>"}"#, &JsonOptions::default())?;
/// assert_eq!(json::to_string(&value)?, r#"{"a":"\u003cx\u003e","b":1}"#);
/// let error = json::parse(b"{]", &JsonOptions::default()).unwrap_err();
/// assert_eq!(error.message(), "invalid character ']' looking for beginning of object key string");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn parse(text: &[u8], options: &JsonOptions) -> Result<Value, ParseError> {
    read::parse(text, options)
}
