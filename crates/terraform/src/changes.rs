//! The differences between two values, without what is sensitive. This is the one place where values of a plan become output.

use std::collections::BTreeSet;
use trueup_manifest::{EcoString, Map, Value};

/// One step on the way to a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// Into a map.
    Key(EcoString),
    /// Into a list.
    Index(usize),
}

/// One difference: a leaf that is not the same before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LeafChange {
    /// The way to it; empty for the whole value.
    pub path: Vec<Step>,
    /// What it was; sensitive parts are `{"masked": true}`, absent is null.
    pub before: Value,
    /// What it will be, or that nobody knows before it is applied.
    pub after: After,
    /// Whether it is hidden as a whole.
    pub sensitive: bool,
}

/// What a value will be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// This; sensitive parts are `{"masked": true}`, absent is null.
    Known(Value),
    /// Only an apply tells.
    Unknown,
}

/// A value of a plan: before and after, what is unknown, and what is marked as sensitive on each side.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sides<'a> {
    pub(crate) before: Option<&'a Value>,
    pub(crate) after: Option<&'a Value>,
    pub(crate) unknown: Option<&'a Value>,
    pub(crate) before_marks: Option<&'a Value>,
    pub(crate) after_marks: Option<&'a Value>,
}

impl<'a> Sides<'a> {
    /// Returns the sides of a `change` object.
    pub(crate) fn of(change: &'a Value) -> Self {
        Self {
            before: change.get("before"),
            after: change.get("after"),
            unknown: change.get("after_unknown"),
            before_marks: change.get("before_sensitive"),
            after_marks: change.get("after_sensitive"),
        }
    }

    /// Returns the differences, keys sorted, items in order.
    pub(crate) fn changes(self) -> Vec<LeafChange> {
        let mut changes = Vec::new();
        self.walk(&mut Vec::new(), &mut changes);
        changes
    }

    fn walk(self, path: &mut Vec<Step>, changes: &mut Vec<LeafChange>) {
        let is_null = |value: Option<&Value>| value.is_none_or(Value::is_null);
        if is_true(self.before_marks) || is_true(self.after_marks) {
            changes.extend(self.sensitive(path));
            return;
        }
        if is_true(self.unknown) {
            changes.push(self.change(path, After::Unknown));
            return;
        }
        let lists = [self.before, self.after].map(|side| side.and_then(Value::as_seq));
        let maps = [self.before, self.after].map(|side| side.and_then(Value::as_map));
        if maps.iter().any(Option::is_some)
            && maps.iter().zip([self.before, self.after]).all(|(map, side)| map.is_some() || is_null(side))
        {
            let unknown = self.unknown.and_then(Value::as_map);
            let keys: BTreeSet<&EcoString> =
                maps.iter().flatten().copied().chain(unknown).flat_map(Map::keys).collect();
            if keys.is_empty() && maps.iter().any(Option::is_none) {
                changes.push(self.change(path, self.known()));
            }
            for key in keys {
                path.push(Step::Key(key.clone()));
                self.each(|value| value.get(key)).walk(path, changes);
                path.pop();
            }
        } else if lists.iter().any(Option::is_some)
            && lists.iter().zip([self.before, self.after]).all(|(list, side)| list.is_some() || is_null(side))
        {
            let unknown = self.unknown.and_then(Value::as_seq);
            let length =
                lists.iter().flatten().copied().chain(unknown).map(<[Value]>::len).max().unwrap_or(0);
            if length == 0 && lists.iter().any(Option::is_none) {
                changes.push(self.change(path, self.known()));
            }
            for index in 0..length {
                path.push(Step::Index(index));
                self.each(|value| value.item(index)).walk(path, changes);
                path.pop();
            }
        } else if !equal(self.before, self.after) || has_true(self.unknown) {
            changes.push(self.change(path, self.known()));
        }
    }

    /// Returns the one entry for a value that is hidden as a whole, if it changes.
    fn sensitive(self, path: &[Step]) -> Option<LeafChange> {
        let mask =
            |side: Option<&Value>| if side.is_none_or(Value::is_null) { Value::NULL } else { masked() };
        let is_known = !has_true(self.unknown);
        let (before, after) = (mask(self.before), mask(self.after));
        if before.is_null() && after.is_null() && is_known {
            return None;
        }
        let marks_differ = is_true(self.before_marks) != is_true(self.after_marks);
        if is_known && !marks_differ && equal(self.before, self.after) {
            return None;
        }
        let after = if is_known { After::Known(after) } else { After::Unknown };
        Some(LeafChange { path: path.to_vec(), before, after, sensitive: true })
    }

    fn change(self, path: &[Step], after: After) -> LeafChange {
        LeafChange { path: path.to_vec(), before: self.redacted(self.before), after, sensitive: false }
    }

    fn known(self) -> After {
        After::Known(self.redacted(self.after))
    }

    /// Returns a value without what either side marks.
    fn redacted(self, value: Option<&Value>) -> Value {
        redact(value.unwrap_or(&Value::NULL), self.before_marks, self.after_marks)
    }

    /// Goes down one step on every side.
    fn each(self, step: impl Fn(&'a Value) -> Option<&'a Value>) -> Self {
        Self {
            before: self.before.and_then(&step),
            after: self.after.and_then(&step),
            unknown: self.unknown.and_then(&step),
            before_marks: self.before_marks.and_then(&step),
            after_marks: self.after_marks.and_then(&step),
        }
    }
}

/// What stands for a hidden value.
pub(crate) fn masked() -> Value {
    Map::from_iter([("masked", true)]).into()
}

fn redact(value: &Value, before: Option<&Value>, after: Option<&Value>) -> Value {
    if value.is_null() {
        return Value::NULL;
    }
    if is_true(before) || is_true(after) {
        return masked();
    }
    if let Some(items) = value.as_seq() {
        let of = |marks: Option<&'_ Value>, index| marks.and_then(|marks| marks.item(index)).cloned();
        let item = |(index, item)| redact(item, of(before, index).as_ref(), of(after, index).as_ref());
        return items.iter().enumerate().map(item).collect();
    }
    if let Some(map) = value.as_map() {
        let of = |marks: Option<&'_ Value>, key: &str| marks.and_then(|marks| marks.get(key)).cloned();
        let entry = |(key, value): (&EcoString, &Value)| {
            (key.clone(), redact(value, of(before, key).as_ref(), of(after, key).as_ref()))
        };
        return map.iter().map(entry).collect::<Map>().into();
    }
    value.clone()
}

fn is_true(value: Option<&Value>) -> bool {
    value.and_then(Value::as_bool) == Some(true)
}

/// Tells whether anything in a structure of marks is true.
fn has_true(value: Option<&Value>) -> bool {
    let Some(value) = value else { return false };
    value.as_bool() == Some(true)
        || value.as_seq().unwrap_or_default().iter().any(|item| has_true(Some(item)))
        || value.as_map().is_some_and(|map| map.values().any(|value| has_true(Some(value))))
}

/// Compares values; absent is null, and numbers are the same if they are written the same.
fn equal(a: Option<&Value>, b: Option<&Value>) -> bool {
    let (a, b) = (a.unwrap_or(&Value::NULL), b.unwrap_or(&Value::NULL));
    match (a.as_seq(), b.as_seq(), a.as_map(), b.as_map()) {
        (Some(a), Some(b), ..) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(Some(a), Some(b))),
        (.., Some(a), Some(b)) => {
            let keys: BTreeSet<&EcoString> = a.keys().chain(b.keys()).collect();
            keys.into_iter().all(|key| equal(a.get(key), b.get(key)))
        }
        (None, None, None, None) => {
            a.type_name() == b.type_name() && (a.is_null() || a.scalar_text() == b.scalar_text())
        }
        _ => false,
    }
}

impl Step {
    pub(crate) fn to_value(&self) -> Value {
        match self {
            Self::Key(key) => key.clone().into(),
            Self::Index(index) => (*index as u64).into(),
        }
    }
}

impl LeafChange {
    pub(crate) fn to_value(&self) -> Value {
        let mut map = Map::new();
        map.insert("path", self.path.iter().map(Step::to_value).collect::<Value>());
        if self.sensitive {
            map.insert("sensitive", true);
        }
        map.insert("before", self.before.clone());
        match &self.after {
            After::Known(after) => map.insert("after", after.clone()),
            After::Unknown => map.insert("unknown", true),
        };
        map.into()
    }
}
