//! Field specs from the OpenAPI definitions that `crds` names.

use super::definitions::{schema_of, schema_problem};
use super::{BackReference, TransformerConfig, merge_spec};
use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{FieldSpec, FieldSpecs};
use crate::ids::Gvk;
use crate::limits;
use trueup_manifest::{Map, Value, View};

/// How many properties are read for one kind, and how many field specs may come of them. Definitions that share others again and
/// again describe more of them than anyone could write down.
const MAX_PROPERTIES: usize = 200_000;
const MAX_SPECS: usize = 2_000;

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
        let mut reader =
            Reader { config: &mut config, definitions, gvk: &gvk, open: Vec::new(), read: 0, specs: 0 };
        reader.read(name, &mut Vec::new())?;
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
    /// The definitions that are being read, each for a property of the one before.
    open: Vec<&'r str>,
    /// How many properties have been read.
    read: usize,
    /// How many field specs have come of them.
    specs: usize,
}

impl<'r> Reader<'r> {
    fn read(&mut self, name: &'r str, path: &mut Vec<&'r str>) -> Result<()> {
        let Some(properties) = self.definitions.get(name).and_then(properties) else { return Ok(()) };
        if self.open.contains(&name) {
            // Upstream overflows its stack.
            let message = format!("definition {name:?} refers to itself at {}", path.join("/"));
            return Err(Error::new(ErrorKind::Configuration, message));
        }
        limits::check_depth(self.open.len())?;
        self.read += properties.len();
        if self.read > MAX_PROPERTIES {
            return Err(self.too_many(MAX_PROPERTIES, "properties"));
        }
        self.open.push(name);
        for (name, property) in properties {
            path.push(name);
            self.read_property(property, path)?;
            path.pop();
        }
        self.open.pop();
        Ok(())
    }

    fn too_many(&self, most: usize, what: &str) -> Error {
        Error::new(
            ErrorKind::Limit,
            format!("the definitions give {} more than {most} {what}", self.gvk.kind),
        )
    }

    fn read_property(&mut self, property: &'r Value, path: &mut Vec<&'r str>) -> Result<()> {
        let text = |key: &str| property.get(key).and_then(Value::as_str);
        let spec = || FieldSpec::new(self.gvk.clone(), path.join("/").into(), false);
        if text("x-kubernetes-annotation").is_some() {
            self.specs += 1;
            merge_spec(FieldSpecs::edit(&mut self.config.common_annotations), &spec())?;
        }
        if text("x-kubernetes-label-selector").is_some() {
            self.specs += 1;
            merge_spec(FieldSpecs::edit(&mut self.config.common_labels), &spec())?;
        }
        if text("x-kubernetes-identity").is_some() {
            self.specs += 1;
            merge_spec(FieldSpecs::edit(&mut self.config.name_prefix), &spec())?;
        }
        let reference = text("x-kubernetes-object-ref-api-version").zip(text("x-kubernetes-object-ref-kind"));
        if let Some((version, kind)) = reference {
            let key = text("x-kubernetes-object-ref-name-key").unwrap_or("name");
            let path = format!("{}/{key}", path.join("/"));
            let referrer = FieldSpec::new(self.gvk.clone(), path.into(), false);
            let gvk = Gvk { version: version.into(), kind: kind.into(), ..Gvk::default() };
            self.specs += 1;
            self.config.add_name_reference(&BackReference { gvk, referrers: vec![referrer] })?;
        }
        if self.specs > MAX_SPECS {
            return Err(self.too_many(MAX_SPECS, "field specs"));
        }
        if let Some(reference) = text("$ref") {
            self.read(reference, path)?;
        }
        Ok(())
    }
}
