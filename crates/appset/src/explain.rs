//! Why an Application exists, does not exist, or is deleted.

use crate::evaluate::{Evaluation, Generated};
use crate::parameters::{Origin, value_text};
use crate::validate::Validation;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::EcoString;

/// Why there is an Application of a name, or none.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Explanation {
    /// The name that was asked for.
    pub name: EcoString,
    /// Whether it is generated, and what becomes of it.
    pub presence: Presence,
    /// The generators and rows that give it; of several, each is named so.
    pub origins: Vec<Arc<Origin>>,
    /// What filled its templated fields.
    pub fields: Vec<FieldReason>,
    /// Generated names that are similar, when there is none of this name.
    pub similar: Vec<EcoString>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
}

/// Whether an Application is generated, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase", tag = "state", content = "reason")]
#[non_exhaustive]
pub enum Presence {
    /// Exactly one parameter set gives it, and it is valid.
    Generated,
    /// It is generated but not valid: neither created nor updated, nor deleted if it exists.
    Invalid(String),
    /// It is generated, but whether it is valid is not known.
    Unverified(String),
    /// No parameter set gives it: if it exists and is owned by the set, it is deleted where the policy allows.
    NotGenerated,
}

/// A templated field, and the parameters that filled it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FieldReason {
    /// The field, as in `spec.source.path`.
    pub field: EcoString,
    /// The template.
    pub template: EcoString,
    /// The parameters that it reads, with their values; nothing for one that is not there.
    pub parameters: Vec<(EcoString, Option<String>)>,
}

/// Explains why an Application of a name exists, does not exist, or gets deleted.
pub fn explain(evaluation: &Evaluation, validation: &Validation, name: &str) -> Explanation {
    let own: Vec<&Generated> =
        evaluation.applications.iter().filter(|generated| generated.name() == name).collect();
    let presence = match own.first() {
        None => Presence::NotGenerated,
        Some(generated) => {
            let key = crate::validate::qualified_name(&generated.application);
            match (validation.errors.get(&key), validation.unknown.get(&key)) {
                (Some(error), _) => Presence::Invalid(error.clone()),
                (None, Some(reason)) => Presence::Unverified(reason.clone()),
                (None, None) => Presence::Generated,
            }
        }
    };
    let similar = match own.is_empty() {
        true => similar(name, evaluation),
        false => Vec::new(),
    };
    let assumption = |(need, reason): &(crate::Need, String)| format!("{need}: {reason}");
    Explanation {
        name: name.into(),
        presence,
        origins: own.iter().map(|generated| generated.origin.clone()).collect(),
        fields: own.first().map(|generated| generated.reasons()).unwrap_or_default(),
        similar,
        assumptions: evaluation.assumptions.iter().map(assumption).collect(),
    }
}

impl Generated {
    /// Returns what filled each templated field.
    pub fn reasons(&self) -> Vec<FieldReason> {
        let value = |name: &EcoString| (name.clone(), self.parameter(name));
        let reason = |field: &crate::Use| FieldReason {
            field: field.field.clone(),
            template: field.template.clone(),
            parameters: field.parameters.iter().map(value).collect(),
        };
        self.fields.iter().map(reason).collect()
    }

    /// Returns the text of a parameter by its name or chain of names.
    pub fn parameter(&self, name: &str) -> Option<String> {
        if let Some(value) = self.parameters.get(name) {
            return Some(value_text(&value));
        }
        let mut parts = name.split('.');
        let first = self.parameters.get(parts.next()?)?;
        parts.try_fold(first, |value, part| value.get(part)).map(|value| value_text(&value))
    }
}

/// Returns up to three names that are nearest to a name.
fn similar(name: &str, evaluation: &Evaluation) -> Vec<EcoString> {
    let common = |other: &str| {
        let head = name.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
        let tail = name.bytes().rev().zip(other.bytes().rev()).take_while(|(a, b)| a == b).count();
        (head + tail).min(name.len()).min(other.len())
    };
    let mut ranked: Vec<(usize, &str)> = evaluation
        .applications
        .iter()
        .map(|generated| (common(generated.name()), generated.name()))
        .collect();
    ranked.retain(|(score, _)| score * 2 >= name.len());
    ranked.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.cmp(right)));
    ranked.dedup();
    ranked.into_iter().take(3).map(|(_, name)| name.into()).collect()
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.presence {
            Presence::Generated => writeln!(f, "{name} is generated")?,
            Presence::Invalid(error) => writeln!(f, "{name} is generated but not valid: {error}")?,
            Presence::Unverified(reason) => {
                writeln!(f, "{name} is generated; whether it is valid is not known: {reason}")?;
            }
            Presence::NotGenerated => {
                writeln!(f, "{name} is not generated: no parameter set gives this name")?;
            }
        }
        for origin in &self.origins {
            writeln!(f, "  from {origin}")?;
        }
        for field in &self.fields {
            write!(f, "  {} = {}", field.field, field.template)?;
            for (name, value) in &field.parameters {
                write!(f, "  [{name}: {}]", value.as_deref().unwrap_or("not there"))?;
            }
            writeln!(f)?;
        }
        for name in &self.similar {
            writeln!(f, "  similar: {name}")?;
        }
        for assumption in &self.assumptions {
            writeln!(f, "  taken for granted: {assumption}")?;
        }
        Ok(())
    }
}
