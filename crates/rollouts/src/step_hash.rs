//! The hash by which the controller notices that the steps have changed.

use crate::model::Canary;
use trueup_manifest::{EcoString, Value, json, to_value};

/// What digits become, so that no hash spells a word.
const SAFE: [char; 10] = ['4', '5', '6', '7', '8', '9', 'b', 'c', 'd', 'f'];

/// Returns the hash of the steps of a canary.
pub(crate) fn step_hash(canary: &Canary) -> Option<EcoString> {
    let steps = canary.steps.as_ref().map_or(Ok(Value::NULL), to_value).ok()?;
    let text = json::to_string_with(&steps, &json::JsonStyle::default().with_sort_keys(false)).ok()?;
    let hash =
        text.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    Some(
        hash.to_string()
            .chars()
            .filter_map(|digit| SAFE.get(digit.to_digit(10)? as usize).copied())
            .collect(),
    )
}
