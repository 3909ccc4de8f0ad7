//! The `selector` of an entry: which parameter sets it keeps.

use crate::model::{items, strings, text, texts};
use crate::parameters::{Parameters, flatten_label};
use trueup_manifest::{Value, json, label_key_problem};

/// A label selector without restrictions on values, on flattened parameter sets.
pub(super) struct PostSelector(Vec<Requirement>);

struct Requirement {
    key: String,
    operator: Operator,
    values: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Operator {
    In,
    NotIn,
    Exists,
    DoesNotExist,
}

impl PostSelector {
    /// Reads a selector; nothing for an absent one.
    ///
    /// # Errors
    /// The API machinery's words for an operator, key or number of values that cannot be.
    pub(super) fn new(selector: Option<&Value>) -> Result<Option<Self>, String> {
        let Some(selector) = selector else { return Ok(None) };
        let mut requirements = Vec::new();
        for (key, value) in strings(selector, &["matchLabels"]) {
            requirements.push(requirement(key, Operator::In, vec![value.to_owned()])?);
        }
        for expression in items(selector, &["matchExpressions"]) {
            let operator = match text(expression, &["operator"]) {
                "In" => Operator::In,
                "NotIn" => Operator::NotIn,
                "Exists" => Operator::Exists,
                "DoesNotExist" => Operator::DoesNotExist,
                other => return Err(format!("{} is not a valid pod selector operator", quote(other))),
            };
            let values = texts(expression, &["values"]).map(str::to_owned).collect();
            requirements.push(requirement(text(expression, &["key"]), operator, values)?);
        }
        Ok(Some(Self(requirements)))
    }

    pub(super) fn matches(&self, parameters: &Parameters) -> bool {
        self.0.iter().all(|requirement| {
            let label = flatten_label(parameters, &requirement.key);
            let listed = label.as_ref().is_some_and(|label| requirement.values.contains(label));
            match requirement.operator {
                Operator::In => listed,
                Operator::NotIn => !listed,
                Operator::Exists => label.is_some(),
                Operator::DoesNotExist => label.is_none(),
            }
        })
    }
}

fn quote(text: &str) -> String {
    json::to_string(&text.into()).unwrap_or_default()
}

fn requirement(key: &str, operator: Operator, values: Vec<String>) -> Result<Requirement, String> {
    let mut problems = Vec::new();
    if let Some(problem) = label_key_problem(key) {
        problems.push(format!("key: Invalid value: {}: {problem}", quote(key)));
    }
    let listed = || values.iter().map(|value| quote(value)).collect::<Vec<_>>().join(",");
    match operator {
        Operator::In | Operator::NotIn if values.is_empty() => problems.push(
            "values: Invalid value: null: for 'in', 'notin' operators, values set can't be empty".to_owned(),
        ),
        Operator::Exists | Operator::DoesNotExist if !values.is_empty() => problems.push(format!(
            "values: Invalid value: [{}]: values set must be empty for exists and does not exist",
            listed()
        )),
        _ => {}
    }
    match problems.len() {
        0 => Ok(Requirement { key: key.to_owned(), operator, values }),
        1 => Err(problems.concat()),
        _ => Err(format!("[{}]", problems.join(", "))),
    }
}
