//! What differs, for people and programs. Everything here is masked already.

mod changes;

pub use changes::{Change, ChangeKind};

use crate::mask::mask;
use crate::pair::{Compared, Pair};
use crate::rules::RuleNote;
use crate::schemas::Schemas;
use ecow::EcoString;
use serde::Serialize;
use similar::TextDiff;
use trueup_manifest::{Map, Value, yaml};
use trueup_patch::json_patch;

/// What differs in one object. Secrets are masked.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// What the live object would become; null when nothing is configured.
    pub predicted: Value,
    /// The live object; null when there is none.
    pub live: Value,
    /// JSON Patch operations that lead from live to predicted.
    pub patch: Vec<Map>,
    /// A unified text diff of both, in YAML; empty when they are equal.
    pub text: String,
    /// Each field that differs.
    pub changes: Vec<Change>,
    /// What rules took out of the comparison, and which.
    pub suppressed: Vec<RuleNote>,
}

/// A pair that has been through the mask: there is no other way to make one.
struct Masked {
    predicted: Value,
    live: Value,
    hides: bool,
}

impl Masked {
    fn new(pair: &Pair, hidden: &[EcoString]) -> Self {
        let side = |value: &Value| Some(value.clone()).filter(|value| !value.is_null());
        let (predicted, live) = mask(side(&pair.predicted).as_ref(), side(&pair.live).as_ref(), hidden);
        let hides = crate::mask::holds_secrets(&pair.predicted) || crate::mask::holds_secrets(&pair.live);
        Self { predicted: predicted.unwrap_or_default(), live: live.unwrap_or_default(), hides }
    }
}

/// Writes a comparison up.
pub(crate) fn report(
    compared: &Compared,
    raw_live: Option<&Value>,
    hidden: &[EcoString],
    schemas: &Schemas<'_>,
) -> Report {
    let masked = Masked::new(&compared.pair, hidden);
    let suppressed =
        compared.notes.iter().cloned().map(|note| if masked.hides { without_values(note) } else { note });
    let differs = masked.predicted != masked.live;
    let patch = if differs { json_patch::diff(&masked.live, &masked.predicted) } else { Vec::new() };
    let object = if masked.predicted.is_null() { &masked.live } else { &masked.predicted };
    let changes = match differs {
        true => changes::changes(&masked.live, &masked.predicted, schemas.type_of(object), raw_live),
        false => Vec::new(),
    };
    Report {
        patch: patch.into_iter().map(|operation| operation.0).collect(),
        text: if differs { text(&masked.live, &masked.predicted) } else { String::new() },
        changes,
        suppressed: suppressed.collect(),
        predicted: masked.predicted,
        live: masked.live,
    }
}

/// An error text may quote what it stumbled on.
fn without_values(note: RuleNote) -> RuleNote {
    RuleNote { error: note.error.map(|_| "failed on a Secret".to_owned()), ..note }
}

fn text(live: &Value, predicted: &Value) -> String {
    let yaml = |value: &Value| match value.is_null() {
        true => String::new(),
        false => yaml::to_string(value).unwrap_or_default(),
    };
    let (live, predicted) = (yaml(live), yaml(predicted));
    TextDiff::from_lines(&live, &predicted)
        .unified_diff()
        .context_radius(3)
        .header("live", "desired")
        .to_string()
}
