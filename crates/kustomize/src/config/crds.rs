//! Field specs from the OpenAPI definitions that `crds` names.

use super::definitions::{schema_of, schema_problem};
use super::{BackReference, TransformerConfig, merge_spec};
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{FieldSpec, FieldSpecs};
use crate::ids::Gvk;
use ecow::EcoString;
use trueup_manifest::{Map, Value, View};

/// How deep references between definitions are followed.
const MAX_DEPTH: usize = 64;

/// Reads the field specs that a document of definitions implies.
pub(crate) fn config_of_crds(document: &Value) -> Result<TransformerConfig> {
    let mut config = TransformerConfig::default();
    let definitions = match document.view() {
        View::Map(definitions) => definitions,
        View::Null => return Ok(config),
        _ => return Err(misfit(document, "nameToApiMap")),
    };
    check_definitions(definitions)?;
    for (name, definition) in definitions {
        let Some(properties) = properties(definition) else { continue };
        if !["kind", "apiVersion", "metadata"].iter().all(|key| properties.contains_key(key)) {
            continue;
        }
        let kind = name.rsplit('.').next().unwrap_or(name);
        let gvk = Gvk { kind: kind.into(), ..Gvk::default() };
        Reader { config: &mut config, definitions, gvk: &gvk }.read(name, &mut Vec::new())?;
    }
    config.sort();
    Ok(config)
}

/// Refuses what is no definition, the first by name.
fn check_definitions(definitions: &Map) -> Result<()> {
    let mut sorted: Vec<_> = definitions.iter().collect();
    sorted.sort_unstable_by_key(|(name, _)| *name);
    for (_, definition) in sorted {
        if !definition.is_map() && !definition.is_null() {
            return Err(misfit(definition, "OpenAPIDefinition"));
        }
        let dependencies = definition.get("Dependencies").filter(|list| !list.is_seq() && !list.is_null());
        if let Some(odd) = dependencies {
            let message = "Go struct field OpenAPIDefinition.Dependencies of type []string";
            return Err(undecodable(&format!("json: cannot unmarshal {} into {message}", kind_of(odd))));
        }
        if let Some(problem) = schema_of(definition).and_then(schema_problem) {
            return Err(undecodable(&problem));
        }
    }
    Ok(())
}

fn undecodable(problem: &str) -> Error {
    let message = format!("error unmarshaling JSON: while decoding JSON: {problem}");
    Error::new(ErrorKind::Configuration, message)
}

/// The words for a value that is not of a Go type.
fn misfit(value: &Value, wanted: &str) -> Error {
    let kind = kind_of(value);
    undecodable(&format!("json: cannot unmarshal {kind} into Go value of type accumulator.{wanted}"))
}

fn kind_of(value: &Value) -> &'static str {
    match value.view() {
        View::Bool(_) => "bool",
        View::Number(_) => "number",
        View::Seq(_) => "array",
        View::Map(_) => "object",
        View::Null | View::String(_) => "string",
    }
}

fn properties(definition: &Value) -> Option<&Map> {
    schema_of(definition)?.get("properties")?.as_map()
}

struct Reader<'r> {
    config: &'r mut TransformerConfig,
    definitions: &'r Map,
    gvk: &'r Gvk,
}

impl Reader<'_> {
    fn read(&mut self, name: &str, path: &mut Vec<EcoString>) -> Result<()> {
        let Some(properties) = self.definitions.get(name).and_then(properties) else { return Ok(()) };
        if path.len() >= MAX_DEPTH {
            return Ok(());
        }
        for (name, property) in properties {
            path.push(name.clone());
            self.read_property(property, path)?;
            path.pop();
        }
        Ok(())
    }

    fn read_property(&mut self, property: &Value, path: &mut Vec<EcoString>) -> Result<()> {
        let text = |key: &str| property.get(key).and_then(Value::as_str);
        let spec = || FieldSpec::new(self.gvk.clone(), path.join("/").into(), false);
        if text("x-kubernetes-annotation").is_some() {
            merge_spec(FieldSpecs::edit(&mut self.config.common_annotations), &spec())?;
        }
        if text("x-kubernetes-label-selector").is_some() {
            merge_spec(FieldSpecs::edit(&mut self.config.common_labels), &spec())?;
        }
        if text("x-kubernetes-identity").is_some() {
            merge_spec(FieldSpecs::edit(&mut self.config.name_prefix), &spec())?;
        }
        let reference = text("x-kubernetes-object-ref-api-version").zip(text("x-kubernetes-object-ref-kind"));
        if let Some((version, kind)) = reference {
            let key = text("x-kubernetes-object-ref-name-key").unwrap_or("name");
            let path = format!("{}/{key}", path.join("/"));
            let referrer = FieldSpec::new(self.gvk.clone(), path.into(), false);
            let gvk = Gvk { version: version.into(), kind: kind.into(), ..Gvk::default() };
            self.config.add_name_reference(&BackReference { gvk, referrers: vec![referrer] })?;
        }
        if let Some(reference) = text("$ref") {
            let reference = reference.to_owned();
            self.read(&reference, path)?;
        }
        Ok(())
    }
}
