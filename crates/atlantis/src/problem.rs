//! Refused values, collected: by field, in fields, as Atlantis prints them.

use std::collections::BTreeMap;
use std::fmt;
use trueup_manifest::EcoString;
use trueup_manifest::yaml::PathStep;

/// What is wrong with a value: a sentence, or what is wrong with its fields.
#[derive(Debug)]
pub(crate) enum Problem {
    Text(String),
    Fields(Problems),
}

/// What is wrong with the fields of something, sorted by name. Items count as fields, named by their position.
#[derive(Debug, Default)]
pub(crate) struct Problems(BTreeMap<EcoString, Problem>);

impl Problems {
    /// Notes what is wrong with a field, if anything.
    pub(crate) fn check(&mut self, field: impl Into<EcoString>, checked: Result<(), Problem>) {
        if let Err(problem) = checked {
            self.0.insert(field.into(), problem);
        }
    }

    /// Returns it as a result.
    pub(crate) fn result(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::Fields(self)) }
    }

    /// Checks every item of a list.
    pub(crate) fn of_items<T>(items: &[T], check: impl Fn(&T) -> Result<(), Problem>) -> Result<(), Problem> {
        let mut problems = Self::default();
        for (at, item) in items.iter().enumerate() {
            problems.check(ecow::eco_format!("{at}"), check(item));
        }
        problems.result()
    }
}

/// Returns an error of one sentence.
pub(crate) fn refuse<T>(sentence: impl Into<String>) -> Result<T, Problem> {
    Err(Problem::Text(sentence.into()))
}

impl Problem {
    /// Returns the names of the fields that lead to the first sentence.
    pub(crate) fn path(&self) -> Vec<PathStep> {
        let mut path = Vec::new();
        let mut problem = self;
        while let Self::Fields(Problems(fields)) = problem
            && let Some((name, below)) = fields.first_key_value()
        {
            path.push(name.parse().map_or_else(|_| PathStep::Key(name.clone()), PathStep::Index));
            problem = below;
        }
        path
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Fields(fields) => fields.fmt(f),
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (name, problem)) in self.0.iter().enumerate() {
            f.write_str(if at > 0 { "; " } else { "" })?;
            match problem {
                Problem::Text(text) => write!(f, "{name}: {text}")?,
                Problem::Fields(fields) => write!(f, "{name}: ({fields})")?,
            }
        }
        f.write_str(".")
    }
}
