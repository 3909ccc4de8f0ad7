//! What is wrong with the steps of a RollingSync.

use std::collections::BTreeMap;
use trueup_manifest::EcoString;

/// What is wrong with the steps; steps count from 0 here and from 1 in messages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Issues {
    /// Steps with an operator that is neither `In` nor `NotIn`.
    pub invalid_match_expressions: Vec<(usize, EcoString)>,
    /// Applications in several steps.
    pub duplicate_applications: BTreeMap<EcoString, Vec<usize>>,
    /// Steps with a `maxUpdate` that is none.
    pub invalid_max_updates: Vec<(usize, EcoString)>,
    /// Steps without Applications.
    pub empty_steps: Vec<usize>,
}

impl Issues {
    /// Returns true if nothing is wrong.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Returns the message of the condition: the first kind of issue there is.
    pub fn message(&self) -> Option<String> {
        if !self.invalid_match_expressions.is_empty() {
            return Some(self.match_expressions());
        }
        if !self.duplicate_applications.is_empty() {
            return Some(self.duplicates());
        }
        if !self.invalid_max_updates.is_empty() {
            return Some(self.max_updates());
        }
        let numbers: Vec<String> = self.empty_steps.iter().map(|step| (step + 1).to_string()).collect();
        (!numbers.is_empty())
            .then(|| format!("Steps [{}] have no applications matching their criteria", numbers.join(" ")))
    }

    fn match_expressions(&self) -> String {
        let (steps, operators) = columns(&self.invalid_match_expressions);
        let head = match self.invalid_match_expressions.len() {
            1 => format!("Step {steps} has"),
            _ => format!("Steps {steps} have"),
        };
        format!(
            "{head} invalid matchExpression operators: {operators}. Supported Operators are 'In' and 'NotIn'"
        )
    }

    fn duplicates(&self) -> String {
        let steps = |steps: &Vec<usize>| {
            steps.iter().map(|step| (step + 1).to_string()).collect::<Vec<_>>().join("-")
        };
        let numbers: Vec<String> = self.duplicate_applications.values().map(steps).collect();
        let names: Vec<&str> = self.duplicate_applications.keys().map(EcoString::as_str).collect();
        match names.as_slice() {
            [name] => format!("Application '{name}' is selected by multiple steps: ({})", numbers.join(", ")),
            _ => format!(
                "Applications '{}' are selected by multiple steps: [({})]",
                names.join("', '"),
                numbers.join("), (")
            ),
        }
    }

    fn max_updates(&self) -> String {
        let (steps, values) = columns(&self.invalid_max_updates);
        match self.invalid_max_updates.len() {
            1 => format!("Step {steps} has an invalid maxUpdate value: {values}"),
            _ => format!("Steps {steps} have invalid maxUpdate values: [{values}]"),
        }
    }
}

fn columns(issues: &[(usize, EcoString)]) -> (String, String) {
    let steps: Vec<String> = issues.iter().map(|(step, _)| (step + 1).to_string()).collect();
    let values: Vec<&str> = issues.iter().map(|(_, value)| value.as_str()).collect();
    (steps.join(", "), values.join(", "))
}
