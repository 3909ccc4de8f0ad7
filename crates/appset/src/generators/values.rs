//! The `values` of a generator.

use crate::error::{Error, Failure};
use crate::model::strings;
use crate::parameters::{Parameters, string};
use crate::render::Renderer;
use trueup_manifest::{Map, Value};
use trueup_template as go;

/// Adds a generator's `values`, rendered with the set itself: as `values.<key>`, or as one map under `values` with Go templates.
///
/// # Errors
/// A template that fails.
pub fn append_values(
    parameters: &Parameters,
    values: &Map,
    renderer: &Renderer,
) -> Result<Parameters, Error> {
    let mut out = parameters.copy();
    let section = Value::from(Map::from_iter([("values", values.clone())]));
    append(&mut out, &section, renderer).map_err(|failure| failure.generate(""))?;
    Ok(out)
}

/// Adds the `values` of a section to a set.
pub(super) fn append(
    parameters: &mut Parameters,
    section: &Value,
    renderer: &Renderer,
) -> Result<(), Failure> {
    let mut rendered = Vec::new();
    for (key, template) in strings(section, &["values"]) {
        let text = renderer.render(template, parameters).map_err(|failure| {
            failure.within("failed to replace templated string: failed to replace templated string with rendered values: ")
        })?;
        rendered.push((key, text));
    }
    if rendered.is_empty() {
        return Ok(());
    }
    if renderer.is_go() {
        parameters.set("values", go::Value::string_map(rendered));
    } else {
        for (key, text) in rendered {
            parameters.set(format!("values.{key}"), string(text));
        }
    }
    Ok(())
}
