//! The JSON form.

use super::{Argument, Block, Body, HclError};
use crate::json::{self, JsonOptions};
use crate::{Limits, Map, Position, Value, View};

pub(super) fn parse(text: &[u8], limits: &Limits) -> Result<Body, HclError> {
    let options = JsonOptions::default().with_limits(limits.clone());
    let value = json::parse(text, &options).map_err(|error| HclError {
        code: error.code(),
        message: error.message().to_owned(),
        position: error.position(),
    })?;
    let Some(map) = value.as_map() else {
        let message = format!("expected a map, found a {}", value.type_name());
        return Err(HclError { code: "hcl/syntax", message, position: Position::of(text, 0) });
    };
    Ok(body(map))
}

/// The depth is that of the JSON text, which its reader limits.
fn body(map: &Map) -> Body {
    let mut found = Body::default();
    for (name, value) in map.iter() {
        let maps: Vec<&Map> = match value.view() {
            View::Map(map) => vec![map],
            View::Seq(items) => items.iter().filter_map(Value::as_map).collect(),
            _ => Vec::new(),
        };
        if maps.is_empty() {
            let literal = value.as_eco_str().filter(|text| !text.contains("${") && !text.contains("%{"));
            let text = literal.cloned();
            found.arguments.push(Argument { name: name.clone(), text, position: Position::default() });
        }
        found.blocks.extend(maps.into_iter().map(|map| Block {
            kind: name.clone(),
            labels: Vec::new(),
            body: body(map),
            position: Position::default(),
        }));
    }
    found
}
