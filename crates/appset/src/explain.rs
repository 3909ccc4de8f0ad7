//! Why an Application exists, does not exist, or is deleted.

use crate::evaluate::{Evaluation, Generated, GeneratorYield};
use crate::parameters::{Origin, value_text};
use crate::reconcile::{Action, Plan};
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
    /// The rows that would give it, if the selectors of their generators did not leave them out.
    pub excluded: Vec<Arc<Origin>>,
    /// What the generators give, when there is none of this name.
    pub generators: Vec<GeneratorYield>,
    /// Generated names that are similar, when there is none of this name.
    pub similar: Vec<EcoString>,
    /// What was taken for granted.
    pub assumptions: Vec<String>,
    /// What becomes of it, if a plan was given: see [`Explanation::with_plan`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fate: Option<Fate>,
}

impl Explanation {
    /// Adds what a plan does with the Application: created, updated, deleted, or why it is left alone.
    #[must_use]
    pub fn with_plan(mut self, plan: &Plan) -> Self {
        let step = plan.steps.iter().find(|step| step.name == self.name);
        self.fate = step.map(|step| Fate { action: step.action, reason: step.reason.clone() });
        self
    }

    /// Says, of an Application that is not generated, that nobody knows whether it exists and is deleted then.
    #[must_use]
    pub fn with_unknown(mut self, reason: &str) -> Self {
        if self.presence == Presence::NotGenerated {
            self.fate = Some(Fate { action: Action::Unknown, reason: reason.to_owned() });
        }
        self
    }
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
    /// The parameters that it reads.
    pub parameters: Vec<ParameterReason>,
}

/// A parameter that a template reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ParameterReason {
    /// Its name, or the chain of names.
    pub name: EcoString,
    /// Its text; nothing if there is no such parameter.
    pub value: Option<String>,
    /// The row that gave it, as in `directory services/cart`.
    pub from: Option<String>,
}

/// What becomes of an Application in the cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fate {
    /// What is done with it.
    pub action: Action,
    /// Why.
    pub reason: String,
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
    let excluded = evaluation.excluded.iter().filter(|excluded| excluded.name == name);
    let assumption = |(need, reason): &(crate::Need, String)| format!("{need}: {reason}");
    Explanation {
        name: name.into(),
        presence,
        origins: own.iter().map(|generated| generated.origin.clone()).collect(),
        fields: own.first().map(|generated| generated.reasons()).unwrap_or_default(),
        excluded: excluded.map(|excluded| excluded.origin.clone()).collect(),
        generators: if own.is_empty() { evaluation.generators.clone() } else { Vec::new() },
        similar,
        assumptions: evaluation.assumptions.iter().map(assumption).collect(),
        fate: None,
    }
}

impl Generated {
    /// Returns what filled each templated field.
    pub fn reasons(&self) -> Vec<FieldReason> {
        let parameter = |name: &EcoString| ParameterReason {
            name: name.clone(),
            value: self.parameter(name),
            from: self.origin.provider(name).map(Origin::row_text),
        };
        let reason = |field: &crate::Use| FieldReason {
            field: field.field.clone(),
            template: field.template.clone(),
            parameters: field.parameters.iter().map(parameter).collect(),
        };
        self.fields.iter().map(reason).collect()
    }

    /// Returns the text of a parameter by its name or chain of names.
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters.find(name).map(|value| value_text(&value))
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
    /// Writes what it is, what becomes of it, which row gives it, with which parameters, and where they are read.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.presence {
            Presence::Generated => writeln!(f, "{name} is generated")?,
            Presence::Invalid(error) => writeln!(f, "{name} is generated but not valid: {error}")?,
            Presence::Unverified(reason) => {
                writeln!(f, "{name} is generated; whether it is valid is not known: {reason}")?;
            }
            Presence::NotGenerated if self.excluded.is_empty() => {
                writeln!(f, "{name} is not generated: no parameter set gives this name")?;
            }
            Presence::NotGenerated => {
                writeln!(f, "{name} is not generated: a selector leaves its parameter set out")?;
            }
        }
        if let Some(Fate { action, reason }) = &self.fate {
            writeln!(f, "  {}: {reason}", action.words())?;
        }
        for origin in &self.origins {
            writeln!(f, "  from {origin}")?;
        }
        for origin in &self.excluded {
            writeln!(f, "  left out: {origin}")?;
        }
        self.write_parameters(f)?;
        let width = self.fields.iter().map(|field| field.field.len()).max().unwrap_or(0);
        for (position, FieldReason { field, template, .. }) in self.fields.iter().enumerate() {
            let mark = if position == 0 { "in" } else { "" };
            let (first, more) = template.split_once('\n').unwrap_or((template, ""));
            writeln!(f, "  {mark:4} {field:width$}  {first}{}", if more.is_empty() { "" } else { " …" })?;
        }
        for GeneratorYield { generator, sets, excluded } in &self.generators {
            write!(f, "  {generator} gives {}", parameter_sets(*sets))?;
            if *excluded > 0 {
                write!(f, ", its selector leaves {excluded} out")?;
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

impl Explanation {
    /// Writes each parameter that a field reads once, with its value and the row that gave it.
    fn write_parameters(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut all: Vec<(&str, String, &str)> = Vec::new();
        for ParameterReason { name, value, from } in self.fields.iter().flat_map(|field| &field.parameters) {
            if !all.iter().any(|(known, ..)| known == name) {
                let value = value.as_deref().map_or_else(|| "not there".to_owned(), one_line);
                all.push((name, value, from.as_deref().unwrap_or_default()));
            }
        }
        let width = all.iter().map(|(name, ..)| name.chars().count()).max().unwrap_or(0);
        let values = all.iter().map(|(_, value, _)| value.chars().count()).max().unwrap_or(0);
        for (position, (name, value, from)) in all.iter().enumerate() {
            let mark = if position == 0 { "with" } else { "" };
            let line = match from.is_empty() {
                true => format!("  {mark:4} {name:width$}  {value}"),
                false => format!("  {mark:4} {name:width$}  {value:values$}  from {from}"),
            };
            writeln!(f, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

/// Long values and those of several lines are cut.
fn one_line(value: &str) -> String {
    const LONGEST: usize = 60;
    let first = value.lines().next().unwrap_or_default();
    match first.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", first.split_at_checked(end).map_or("", |(head, _)| head)),
        None if first.len() < value.trim_end().len() => format!("{first}…"),
        None => first.to_owned(),
    }
}

fn parameter_sets(count: usize) -> String {
    if count == 1 { "1 parameter set".to_owned() } else { format!("{count} parameter sets") }
}
