//! Times as they stand in documents.

use jiff::Timestamp;

/// Returns true if `a` is after `b`. A text that is no time is at no time: nothing is after it, nor it after anything.
pub(super) fn is_after(a: &str, b: &str) -> bool {
    instant(a).zip(instant(b)).is_some_and(|(a, b)| a > b)
}

/// Returns the seconds from `from` to `to`.
pub(super) fn seconds_between(from: &str, to: &str) -> Option<i64> {
    Some(instant(to)?.as_second().saturating_sub(instant(from)?.as_second()))
}

fn instant(text: &str) -> Option<Timestamp> {
    text.parse().ok()
}
