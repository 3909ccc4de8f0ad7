//! The list generator.

use super::{Context, Sets, row};
use crate::error::Failure;
use crate::model::{items, text};
use crate::parameters::{Parameters, Row, string};
use trueup_manifest::{EcoString, Map, Value};

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let mut sets = Vec::new();
    for (index, element) in items(section, &["elements"]).iter().enumerate() {
        let parameters = match element.as_map() {
            Some(map) if context.is_go() => Parameters::from_document(map),
            // Upstream makes a map when it meets the first value.
            Some(map) if map.is_empty() => Parameters::nil(),
            Some(map) => flat(map)?,
            None if element.is_null() => Parameters::nil(),
            None => {
                let found = crate::yaml_text::go_kind(element);
                return Err(Failure::new(format!(
                    "error unmarshling list element json: cannot unmarshal {found} into Go value of type \
                     map[string]interface {{}}"
                )));
            }
        };
        sets.push(row(path, Row::Element { index }, parameters));
    }
    let more = text(section, &["elementsYaml"]);
    if !more.is_empty() {
        for element in from_yaml(more)? {
            let index = sets.len();
            sets.push(row(path, Row::Element { index }, element));
        }
    }
    Ok(sets)
}

/// Without Go templates every value is a string, but for `values`, a map of strings.
fn flat(element: &Map) -> Result<Parameters, Failure> {
    // Upstream wraps an error that is none; the text ends as Go prints that.
    let not_a_string = || Failure::from("error parsing value as string %!w(<nil>)");
    let mut parameters = Parameters::new();
    for (key, value) in element {
        if key == "values" {
            let values = value.as_map().ok_or_else(|| Failure::from("error parsing values map"))?;
            for (key, value) in values {
                let text = value.as_eco_str().ok_or_else(not_a_string)?;
                parameters.set(format!("values.{key}"), string(text.clone()));
            }
        } else {
            let text = value.as_eco_str().ok_or_else(not_a_string)?;
            parameters.set(key.clone(), string(text.clone()));
        }
    }
    Ok(parameters)
}

fn from_yaml(text: &str) -> Result<Vec<Parameters>, Failure> {
    let failed = |error: String| Failure::new(format!("error unmarshling decoded ElementsYaml {error}"));
    let document = crate::yaml_text::parse(text.as_bytes()).map_err(failed)?;
    let wrong = |found: &Value, wanted: &str| failed(crate::yaml_text::type_error(found, wanted));
    if document.is_null() {
        return Ok(Vec::new());
    }
    let elements = document.as_seq().ok_or_else(|| wrong(&document, "[]map[string]interface {}"))?;
    let element = |element: &Value| match element.as_map() {
        Some(map) => Ok(Parameters::from_document(map)),
        None if element.is_null() => Ok(Parameters::nil()),
        None => Err(wrong(element, "map[string]interface {}")),
    };
    elements.iter().map(element).collect()
}
