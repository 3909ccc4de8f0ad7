//! Making a JSON Patch.

use super::Operation;
use super::pointer::escape;
use ecow::EcoString;
use trueup_manifest::{Map, Value};

/// Returns operations that lead from one document to another; none when they are equal.
///
/// Lists are compared by position after what they have in common at both ends.
///
/// ```
/// use trueup_patch::json_patch::{Options, apply, diff};
/// let value = |json| serde_json::from_str::<trueup_manifest::Value>(json).unwrap();
/// let (old, new) = (value(r#"{"a":[1,2,3],"b":1}"#), value(r#"{"a":[1,3],"c":{}}"#));
/// assert_eq!(apply(&old, &diff(&old, &new), &Options::default()).unwrap(), new);
/// ```
pub fn diff(from: &Value, to: &Value) -> Vec<Operation> {
    let mut out = Vec::new();
    values(from, to, EcoString::new(), &mut out);
    out
}

fn values(from: &Value, to: &Value, path: EcoString, out: &mut Vec<Operation>) {
    if from.same(to) {
        return;
    }
    if let Some((from, to)) = from.as_map().zip(to.as_map()) {
        return maps(from, to, &path, out);
    }
    if let Some((from, to)) = from.as_seq().zip(to.as_seq()) {
        return lists(from, to, &path, out);
    }
    if from != to {
        out.push(Operation::with_value("replace", path, to.clone()));
    }
}

fn maps(from: &Map, to: &Map, path: &str, out: &mut Vec<Operation>) {
    if from.same(to) {
        return;
    }
    for (key, old) in from {
        let path = ecow::eco_format!("{path}/{}", escape(key));
        match to.get(key) {
            Some(new) => values(old, new, path, out),
            None => out.push(Operation::remove(path)),
        }
    }
    for (key, new) in to.iter().filter(|(key, _)| !from.contains_key(key)) {
        out.push(Operation::with_value("add", ecow::eco_format!("{path}/{}", escape(key)), new.clone()));
    }
}

fn lists(from: &[Value], to: &[Value], path: &str, out: &mut Vec<Operation>) {
    let head = from.iter().zip(to).take_while(|(old, new)| old == new).count();
    let rest = from.len().min(to.len()) - head;
    let tail = from.iter().rev().zip(to.iter().rev()).take(rest).take_while(|(old, new)| old == new).count();
    let (old_end, new_end) = (from.len() - tail, to.len() - tail);
    let paired = head..old_end.min(new_end);
    for (at, (old, new)) in from.iter().zip(to).enumerate().take(paired.end).skip(head) {
        values(old, new, ecow::eco_format!("{path}/{at}"), out);
    }
    for at in (paired.end..old_end).rev() {
        out.push(Operation::remove(ecow::eco_format!("{path}/{at}")));
    }
    for (at, new) in to.iter().enumerate().take(new_end).skip(paired.end) {
        out.push(Operation::with_value("add", ecow::eco_format!("{path}/{at}"), new.clone()));
    }
}
