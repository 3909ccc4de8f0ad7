//! JSON pointers (RFC 6901).

use crate::Value;
use ecow::EcoString;
use std::fmt;

/// A JSON pointer: the way from the root of a document to one node.
///
/// ```
/// use trueup_manifest::{Map, Pointer, Value};
///
/// let value = Value::from(Map::from_iter([("a/b", Value::from(vec![Value::from(7)]))]));
/// let pointer: Pointer = "/a~1b/0".parse().unwrap();
/// assert_eq!(pointer.get(&value).and_then(Value::as_i64), Some(7));
/// assert_eq!(pointer.to_string(), "/a~1b/0");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<EcoString>);

/// A text that is not a JSON pointer: it is not empty and does not start with `/`.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("JSON pointer `{0}` must be empty or start with `/`")]
pub struct PointerError(pub EcoString);

impl Pointer {
    /// Returns the pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Returns its parts, unescaped.
    pub fn parts(&self) -> &[EcoString] {
        &self.0
    }

    /// Returns the pointer one level further down.
    #[must_use]
    pub fn child(&self, part: impl Into<EcoString>) -> Self {
        let mut parts = self.0.clone();
        parts.push(part.into());
        Self(parts)
    }

    /// Goes one level further down in place.
    pub fn push(&mut self, part: impl Into<EcoString>) {
        self.0.push(part.into());
    }

    /// Goes one level up in place and returns the part that was last.
    pub fn pop(&mut self) -> Option<EcoString> {
        self.0.pop()
    }

    /// Returns the node it points to.
    pub fn get<'a>(&self, value: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(value, |value, part| match value.as_seq() {
            Some(items) => items.get(array_index(part)?),
            None => value.get(part),
        })
    }

    /// Returns the node it points to for editing; nothing is unshared when there is none.
    pub fn get_mut<'a>(&self, value: &'a mut Value) -> Option<&'a mut Value> {
        self.get(value)?;
        self.0.iter().try_fold(value, |value, part| match value.is_seq() {
            true => value.item_mut(array_index(part)?),
            false => value.get_mut(part),
        })
    }
}

/// Reads an array index as RFC 6901 has it: digits without a leading zero.
fn array_index(part: &str) -> Option<usize> {
    let canonical = part == "0" || (!part.starts_with('0') && part.bytes().all(|b| b.is_ascii_digit()));
    if canonical { part.parse().ok() } else { None }
}

impl FromIterator<EcoString> for Pointer {
    fn from_iter<I: IntoIterator<Item = EcoString>>(parts: I) -> Self {
        Self(parts.into_iter().collect())
    }
}

impl std::str::FromStr for Pointer {
    type Err = PointerError;

    fn from_str(text: &str) -> Result<Self, PointerError> {
        if text.is_empty() {
            return Ok(Self::root());
        }
        let rest = text.strip_prefix('/').ok_or_else(|| PointerError(text.into()))?;
        Ok(Self(rest.split('/').map(unescape).collect()))
    }
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|part| write!(f, "/{}", part.replace("~", "~0").replace("/", "~1")))
    }
}

fn unescape(part: &str) -> EcoString {
    if part.contains('~') { part.replace("~1", "/").replace("~0", "~").into() } else { part.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_both_ways() {
        for text in ["", "/", "/a~0b~1c", "/a//b", "/~01"] {
            assert_eq!(text.parse::<Pointer>().unwrap().to_string(), text);
        }
        assert_eq!("/~01".parse::<Pointer>().unwrap().parts(), ["~1"]);
        assert!("a".parse::<Pointer>().is_err());
    }

    #[test]
    fn indexes_are_canonical() {
        let value = Value::from(vec![Value::from(1), Value::from(2)]);
        for (text, found) in [
            ("/0", true),
            ("/1", true),
            ("/2", false),
            ("/01", false),
            ("/-1", false),
            ("/+1", false),
            ("/", false),
        ] {
            assert_eq!(text.parse::<Pointer>().unwrap().get(&value).is_some(), found, "{text}");
        }
    }
}
