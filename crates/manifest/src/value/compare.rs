//! Equality by meaning: spelling and style do not count, order counts in sequences only.

use super::{Map, Value, View};

impl PartialEq for Value {
    /// Compares by meaning: `0644` equals `420`, `1` equals `1.0`, the order of map keys does not count.
    fn eq(&self, other: &Self) -> bool {
        if self.same(other) {
            return true;
        }
        match (self.view(), other.view()) {
            (View::Null, View::Null) => true,
            (View::Bool(a), View::Bool(b)) => a == b,
            (View::Number(a), View::Number(b)) => a == b,
            (View::String(a), View::String(b)) => a == b,
            (View::Seq(a), View::Seq(b)) => a == b,
            (View::Map(a), View::Map(b)) => a == b,
            _ => false,
        }
    }
}

impl Eq for Value {}

impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        if self.same(other) {
            return true;
        }
        // Documents of one shape are in one order nearly always; look keys up only when they are not.
        self.len() == other.len()
            && self.iter().enumerate().all(|(position, (key, value))| match other.entry_at(position) {
                Some((k, v)) if k == key => v == value,
                _ => other.get(key) == Some(value),
            })
    }
}

impl Eq for Map {}

impl PartialEq<str> for Value {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == Some(other)
    }
}

impl PartialEq<&str> for Value {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == Some(*other)
    }
}
