//! Label selectors: conditions on the labels of an object, in their string and their document form.

mod parse;
mod validate;

pub use validate::{label_key_problem, label_value_problem};

use crate::argocd::LabelSelector;
use ecow::EcoString;
use std::fmt;

/// Conditions on labels that must all hold. Without conditions it selects everything.
///
/// ```
/// use trueup_manifest::Selector;
///
/// let selector: Selector = "app=payment, tier in (web, api), !legacy".parse().unwrap();
/// let labels = [("app", "payment"), ("tier", "api")];
/// assert!(selector.matches(|key| labels.iter().find(|(k, _)| *k == key).map(|(_, v)| *v)));
/// assert!(!selector.matches(|_| None));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selector(Vec<Requirement>);

/// One condition on one label.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Requirement {
    key: EcoString,
    operator: Operator,
    values: Vec<EcoString>,
}

/// How a label is compared. An absent label satisfies `NotIn`, `NotEquals` and `DoesNotExist` only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The label has one of the values.
    In,
    /// The label has none of the values.
    NotIn,
    /// The label has the value.
    Equals,
    /// The label does not have the value.
    NotEquals,
    /// There is such a label.
    Exists,
    /// There is no such label.
    DoesNotExist,
    /// The label is an integer greater than the value.
    GreaterThan,
    /// The label is an integer less than the value.
    LessThan,
}

/// Why a selector is refused; the words are the API machinery's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SelectorError {
    message: String,
}

impl SelectorError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

impl Selector {
    /// Returns the selector of these conditions.
    pub fn new(requirements: impl IntoIterator<Item = Requirement>) -> Self {
        Self(requirements.into_iter().collect())
    }

    /// Returns the selector that a document describes, with keys and values checked as the API machinery does.
    ///
    /// # Errors
    /// [`SelectorError`] for a key, value or operator that Kubernetes would refuse.
    pub fn from_document(selector: &LabelSelector) -> Result<Self, SelectorError> {
        let labels = selector.match_labels.iter();
        let labels =
            labels.map(|(key, value)| Requirement::new(key.clone(), Operator::In, vec![value.clone()]));
        let expressions = selector.match_expressions.iter().map(|expression| {
            let operator = match expression.operator.as_str() {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => {
                    return Err(SelectorError::new(format!(
                        "{other:?} is not a valid label selector operator"
                    )));
                }
            };
            Requirement::new(expression.key.clone(), operator, expression.values.clone())
        });
        labels.chain(expressions).collect::<Result<Vec<_>, _>>().map(Self)
    }

    /// Returns the conditions.
    pub fn requirements(&self) -> &[Requirement] {
        &self.0
    }

    /// Returns true if it selects everything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns true if all conditions hold for the labels that `label` finds.
    pub fn matches<'a>(&self, label: impl Fn(&str) -> Option<&'a str>) -> bool {
        self.0.iter().all(|requirement| requirement.matches(label(&requirement.key)))
    }
}

impl Requirement {
    /// Returns a checked condition.
    ///
    /// # Errors
    /// [`SelectorError`] for a key or value that no label can have, or a number of values that does not fit the operator.
    pub fn new(
        key: EcoString,
        operator: Operator,
        mut values: Vec<EcoString>,
    ) -> Result<Self, SelectorError> {
        let mut problems = Vec::new();
        if let Some(problem) = label_key_problem(&key) {
            problems.push(format!("key: Invalid value: {key:?}: {problem}"));
        }
        let problem = match operator {
            Operator::In | Operator::NotIn if values.is_empty() => {
                Some("for 'in', 'notin' operators, values set can't be empty")
            }
            Operator::Equals | Operator::NotEquals if values.len() != 1 => {
                Some("exact-match compatibility requires one single value")
            }
            Operator::Exists | Operator::DoesNotExist if !values.is_empty() => {
                Some("values set must be empty for exists and does not exist")
            }
            Operator::GreaterThan | Operator::LessThan if values.len() != 1 => {
                Some("for 'Gt', 'Lt' operators, exactly one value is required")
            }
            Operator::GreaterThan | Operator::LessThan
                if values.iter().any(|v| v.parse::<i64>().is_err()) =>
            {
                Some("for 'Gt', 'Lt' operators, the value must be an integer")
            }
            _ => None,
        };
        problems
            .extend(problem.map(|problem| format!("values: Invalid value: {}: {problem}", list(&values))));
        for (index, value) in values.iter().enumerate() {
            problems.extend(
                label_value_problem(value)
                    .map(|problem| format!("values[{index}][{key}]: Invalid value: {value:?}: {problem}")),
            );
        }
        match problems.as_slice() {
            [] => {}
            [one] => return Err(SelectorError::new(one.clone())),
            many => return Err(SelectorError::new(format!("[{}]", many.join(", ")))),
        }
        values.sort_unstable();
        Ok(Self { key, operator, values })
    }

    /// Returns the label's key.
    pub fn key(&self) -> &EcoString {
        &self.key
    }

    /// Returns how the label is compared.
    pub fn operator(&self) -> Operator {
        self.operator
    }

    /// Returns the values, sorted.
    pub fn values(&self) -> &[EcoString] {
        &self.values
    }

    /// Returns true if the condition holds for a label of this value (`None`: there is no such label).
    pub fn matches(&self, label: Option<&str>) -> bool {
        let listed = |label: &str| self.values.iter().any(|value| value == label);
        let compared = |holds: fn(i64, i64) -> bool| {
            let value = self.values.first().and_then(|value| value.parse().ok());
            let label = label.and_then(|label| label.parse().ok());
            label.zip(value).is_some_and(|(label, value)| holds(label, value))
        };
        match self.operator {
            Operator::In | Operator::Equals => label.is_some_and(listed),
            Operator::NotIn | Operator::NotEquals => !label.is_some_and(listed),
            Operator::Exists => label.is_some(),
            Operator::DoesNotExist => label.is_none(),
            Operator::GreaterThan => compared(|label, value| label > value),
            Operator::LessThan => compared(|label, value| label < value),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, requirement) in self.0.iter().enumerate() {
            let comma = if position == 0 { "" } else { "," };
            write!(f, "{comma}{requirement}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, operator, values } = self;
        let values = values.join(",");
        match operator {
            Operator::In => write!(f, "{key} in ({values})"),
            Operator::NotIn => write!(f, "{key} notin ({values})"),
            Operator::Equals => write!(f, "{key}={values}"),
            Operator::NotEquals => write!(f, "{key}!={values}"),
            Operator::Exists => write!(f, "{key}"),
            Operator::DoesNotExist => write!(f, "!{key}"),
            Operator::GreaterThan => write!(f, "{key}>{values}"),
            Operator::LessThan => write!(f, "{key}<{values}"),
        }
    }
}

/// Writes values as Go's JSON encoder does a slice that may be nil.
fn list(values: &[EcoString]) -> String {
    if values.is_empty() {
        return "null".to_owned();
    }
    let values: crate::Value = values.iter().cloned().map(crate::Value::from).collect();
    crate::json::to_string(&values).unwrap_or_default()
}
