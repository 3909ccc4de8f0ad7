//! Whether two answers are the same.

use crate::answers::Answer;
use crate::question::Question;
use std::fmt;
use trueup_manifest::Value;

/// How answers differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    /// One refuses, the other does not.
    Verdict,
    /// The documents differ.
    Output,
    /// Ours panicked.
    Panic,
    /// Both refuse, in other words.
    Words,
}

/// A difference: what was asked, how answers differ, and a word about the cause.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Difference {
    pub(crate) class: Class,
    pub(crate) op: &'static str,
    pub(crate) cause: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {:?}: {}", self.op, self.class, self.cause)
    }
}

/// Compares answers; nothing when they agree, or when the reference itself fell over.
pub(crate) fn compare(question: &Question, reference: &Answer, ours: &Answer) -> Option<Difference> {
    let different = |class, cause: String| Some(Difference { class, op: question.op, cause });
    match (reference, ours) {
        (_, Answer::Crash(text)) => different(Class::Panic, text.clone()),
        (Answer::Crash(_), _) => None,
        // Of a kind in no schema Argo CD says no more; we take its fields as they come.
        (Answer::Error(theirs), _) if theirs.contains("unable to resolve parseableType") => None,
        (Answer::Output(theirs), Answer::Output(ours)) => {
            let at = if question.op == "diff" {
                verdict(theirs, ours)
            } else {
                first(theirs, ours, String::new())
            };
            at.and_then(|at| different(Class::Output, at))
        }
        (Answer::Error(theirs), Answer::Error(ours)) if theirs == ours || !has_same_words(question.op) => {
            None
        }
        (Answer::Error(theirs), Answer::Error(_)) => different(Class::Words, shortened(theirs)),
        (Answer::Error(theirs), Answer::Output(_)) => {
            different(Class::Verdict, format!("should fail: {}", shortened(theirs)))
        }
        (Answer::Output(_), Answer::Error(ours)) => {
            different(Class::Verdict, format!("should not fail: {}", shortened(ours)))
        }
    }
}

/// Only patches promise the reference's very words.
fn has_same_words(op: &str) -> bool {
    !matches!(op, "diff" | "normalize" | "mask" | "health" | "track")
}

/// Of objects that are in sync only that counts.
fn verdict(theirs: &Value, ours: &Value) -> Option<String> {
    if theirs.get("modified") != ours.get("modified") {
        return Some(format!("modified: {:?}", theirs.get("modified").and_then(Value::as_bool)));
    }
    let modified = theirs.get("modified").and_then(Value::as_bool).unwrap_or_default();
    if modified { first(theirs, ours, String::new()) } else { None }
}

/// Returns the first place at which two values differ, names of items left out.
fn first(theirs: &Value, ours: &Value, path: String) -> Option<String> {
    if let (Some(x), Some(y)) = (theirs.as_map(), ours.as_map()) {
        let keys = x.keys().chain(y.keys().filter(|key| !x.contains_key(key)));
        for key in keys {
            let below = format!("{path}/{key}");
            match (x.get(key), y.get(key)) {
                (Some(x), Some(y)) => {
                    if let Some(at) = first(x, y, below) {
                        return Some(at);
                    }
                }
                (Some(_), None) => return Some(format!("{below} is missing")),
                _ => return Some(format!("{below} is too much")),
            }
        }
        return None;
    }
    if let (Some(x), Some(y)) = (theirs.as_seq(), ours.as_seq()) {
        if x.len() != y.len() {
            return Some(format!("{path} has another length"));
        }
        return x.iter().zip(y).find_map(|(x, y)| first(x, y, format!("{path}/*")));
    }
    let same_kind = theirs.type_name() == ours.type_name();
    let whole = |value: &Value| value.as_i64().is_some();
    let same = theirs == ours && same_kind && whole(theirs) == whole(ours);
    (!same).then(|| format!("{path}: {} for {}", ours.type_name(), theirs.type_name()))
}

fn shortened(text: &str) -> String {
    let quoted: String = text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    quoted.chars().take(110).collect()
}
