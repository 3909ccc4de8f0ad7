//! Documents of type definitions: what `crds` and `openapi` name.

use crate::error::{Error, ErrorKind, Result};
use crate::plugin::parse_config;
use ecow::EcoString;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, DuplicateKeys, ParseOptions};
use trueup_manifest::{KeyKind, Value, View};

/// Reads a file of `crds`: JSON if it looks like it.
pub(crate) fn parse_crds(bytes: &[u8]) -> Result<Value> {
    if bytes.is_empty() {
        // Upstream looks at the first byte without asking whether there is one.
        return Err(error("runtime error: index out of range [0] with length 0"));
    }
    let Some(document) = as_json(bytes)? else { return parse_config(bytes) };
    let again = yaml::parse(bytes, &repeated_keys()).ok();
    let schemas = again.as_ref().and_then(Value::as_map).into_iter().flat_map(|map| map.values());
    match schemas.filter_map(schema_of).find_map(repeated) {
        Some(key) => Err(twice("spec.Schema", &key)),
        None => Ok(document),
    }
}

/// Reads the file of `openapi`: JSON if it looks like it.
pub(crate) fn parse_openapi(bytes: &[u8]) -> Result<Value> {
    let document = match as_json(bytes).map_err(|error| error.wrap("json"))? {
        None => parse_config(bytes)?,
        Some(document) => match yaml::parse(bytes, &repeated_keys()).ok().as_ref().and_then(repeated) {
            Some(key) => return Err(twice("spec.Swagger", &key)),
            None => document,
        },
    };
    let definitions = document.get("definitions").and_then(Value::as_map);
    let misfit = definitions.into_iter().flat_map(|map| map.values()).find_map(schema_problem);
    match misfit {
        Some(problem) => {
            Err(error(format!("json: cannot unmarshal Go value of type spec.Swagger: {problem}")))
        }
        None => Ok(document),
    }
}

/// The schema of an entry of `crds`, whose name Go finds in any case.
pub(crate) fn schema_of(definition: &Value) -> Option<&Value> {
    let map = definition.as_map()?;
    let (_, schema) = map.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case("schema"))?;
    Some(schema)
}

/// What Go's reader of schemas says of one that it refuses.
pub(crate) fn schema_problem(schema: &Value) -> Option<String> {
    let (got, wanted) = schema_misfit(schema)?;
    Some(format!(
        "json: cannot unmarshal Go value of type spec.Schema: json: cannot unmarshal JSON {got} into Go value of type {wanted}"
    ))
}

fn error(message: impl Into<String>) -> Error {
    Error::new(ErrorKind::Configuration, message)
}

fn as_json(bytes: &[u8]) -> Result<Option<Value>> {
    if bytes.first() != Some(&b'{') {
        return Ok(None);
    }
    let document = json::parse(bytes, &JsonOptions::default());
    document.map(Some).map_err(|why| error(why.message()))
}

fn twice(type_name: &str, key: &str) -> Error {
    let key = yaml::go_quote(key);
    error(format!(
        "json: cannot unmarshal Go value of type {type_name}: json: duplicate name {key} in object"
    ))
}

fn repeated_keys() -> ParseOptions {
    ParseOptions::kyaml().with_duplicate_keys(DuplicateKeys::FirstWins)
}

/// A name that occurs twice in an object, which Go's reader of schemas refuses; elsewhere the last one counts.
fn repeated(value: &Value) -> Option<EcoString> {
    match value.view() {
        View::Map(map) => {
            let is_repeated = |key: &&EcoString| map.key_kind(key) == KeyKind::Repeated;
            map.keys().find(is_repeated).cloned().or_else(|| map.values().find_map(repeated))
        }
        View::Seq(items) => items.iter().find_map(repeated),
        _ => None,
    }
}

/// Something in a schema that Go's reader refuses: what it is, and what it should be.
fn schema_misfit(schema: &Value) -> Option<(&'static str, &'static str)> {
    const STRUCT: &str = "struct { spec.Extensions; spec.SchemaProps; spec.SwaggerSchemaProps }";
    let View::Map(map) = schema.view() else { return misfit(schema, schema.is_null(), STRUCT) };
    map.iter().find_map(|(field, value)| field_misfit(field, value))
}

fn field_misfit(field: &str, value: &Value) -> Option<(&'static str, &'static str)> {
    if value.is_null() {
        return None;
    }
    match field {
        "description" | "format" | "title" | "pattern" | "id" | "discriminator" => {
            misfit(value, value.as_str().is_some(), "string")
        }
        "nullable" | "exclusiveMaximum" | "exclusiveMinimum" | "uniqueItems" | "readOnly" => {
            misfit(value, value.as_bool().is_some(), "bool")
        }
        "maximum" | "minimum" | "multipleOf" => misfit(value, value.as_f64().is_some(), "float64"),
        "maxLength" | "minLength" | "maxItems" | "minItems" | "maxProperties" | "minProperties" => {
            misfit(value, value.as_i64().is_some(), "int64")
        }
        "properties" | "patternProperties" | "definitions" => match value.view() {
            View::Map(map) => map.values().find_map(schema_misfit),
            _ => misfit(value, false, "map[string]spec.Schema"),
        },
        "allOf" | "oneOf" | "anyOf" => match value.view() {
            View::Seq(items) => items.iter().find_map(schema_misfit),
            _ => misfit(value, false, "[]spec.Schema"),
        },
        "required" => match value.view() {
            View::Seq(items) => items.iter().find_map(|item| misfit(item, item.as_str().is_some(), "string")),
            _ => misfit(value, false, "[]string"),
        },
        "enum" => misfit(value, value.is_seq(), "[]interface {}"),
        "externalDocs" => match value.view() {
            View::Map(map) => {
                ["description", "url"].iter().find_map(|key| field_misfit("title", map.get(key)?))
            }
            _ => misfit(value, false, "spec.ExternalDocumentation"),
        },
        "dependencies" => match value.view() {
            View::Map(map) => map.values().filter(|value| value.is_map()).find_map(schema_misfit),
            _ => misfit(value, false, "spec.Dependencies"),
        },
        "not" => schema_misfit(value),
        "items" if value.is_seq() => value.as_seq().unwrap_or_default().iter().find_map(schema_misfit),
        "items" if value.is_map() => schema_misfit(value),
        "additionalProperties" | "additionalItems" if value.is_map() => schema_misfit(value),
        "additionalProperties" | "additionalItems" => {
            misfit(value, value.as_bool().is_some(), "spec.SchemaOrBool")
        }
        "type" => match value.view() {
            View::Seq(items) => items.iter().find_map(|item| misfit(item, item.as_str().is_some(), "string")),
            _ => misfit(value, value.as_str().is_some(), "spec.StringOrArray"),
        },
        _ => None,
    }
}

fn misfit(value: &Value, fits: bool, wanted: &'static str) -> Option<(&'static str, &'static str)> {
    let got = match value.view() {
        View::Null => "null",
        View::Bool(_) => "boolean",
        View::Number(_) => "number",
        View::String(_) => "string",
        View::Seq(_) => "array",
        View::Map(_) => "object",
    };
    (!fits).then_some((got, wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_of_wrong_types_are_errors() {
        let read = |text: &str| {
            let document = format!("{{\"definitions\": {{\"x\": {text}}}}}");
            parse_openapi(document.as_bytes()).map_err(|error| error.message().to_owned())
        };
        for good in ["{}", "null", r#"{"type": ["string"], "items": [{}], "required": ["a"], "x-any": 1}"#] {
            assert!(read(good).is_ok(), "{good}");
        }
        for (bad, words) in [
            ("[]", "JSON array into Go value of type struct {"),
            (r#"{"description": 1}"#, "JSON number into Go value of type string"),
            (r#"{"properties": {"a": {"required": [1]}}}"#, "JSON number into Go value of type string"),
            (r#"{"a": 1, "a": 2}"#, "duplicate name \"a\" in object"),
        ] {
            assert!(read(bad).is_err_and(|message| message.contains(words)), "{bad}");
        }
        assert!(
            parse_openapi(b"{}{}")
                .is_err_and(|error| error.message().starts_with("json: invalid character '{'"))
        );
    }
}
