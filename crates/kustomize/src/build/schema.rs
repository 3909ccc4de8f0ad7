//! The OpenAPI schema of a build.
//!
//! Upstream keeps it in a global: the first directory that sets one, in the order in which directories are visited, sets it
//! for the rest of the build; and how it lies over the built-in one depends on what has been looked up before.

use super::Build;
use crate::config::parse_openapi;
use crate::error::{Error, ErrorKind, Result};
use crate::go_syntax::go_type;
use crate::kustomization::Kustomization;
use crate::load::Loader;
use crate::resource::Resource;
use std::sync::Arc;
use trueup_manifest::{Map, Value, View};
use trueup_schema::kustomize::{CustomSchema, Layers, Schema};

/// The schema, and what decides how the next one lies over it.
#[derive(Debug, Default)]
pub(super) struct SchemaState {
    current: Schema,
    is_set: bool,
    /// The scope of a kind that the built-in table lacks has been asked for.
    pub(super) asked: bool,
    /// The built-in schema has been walked.
    pub(super) walked: bool,
    /// Why the schema cannot be read, which upstream finds only when it needs one.
    broken: Option<Error>,
}

impl SchemaState {
    pub(super) fn current(&self) -> &Schema {
        &self.current
    }

    /// Whether results may be shared with other builds.
    pub(super) fn is_shareable(&self) -> bool {
        self.current.is_built_in() && !self.is_set
    }

    /// Notes that the kinds of these resources have been looked up.
    pub(super) fn note(&mut self, resources: &[Resource]) {
        if !self.asked && (!self.is_set || self.broken.is_some()) {
            self.asked = resources
                .iter()
                .any(|resource| !Schema::has_built_in_scope(&resource.api_version(), &resource.kind()));
        }
    }

    fn lay_over(&mut self, custom: CustomSchema) {
        let layers = match (self.walked, self.asked) {
            (true, _) => Layers::CustomOverBuiltIn,
            (false, true) => Layers::BuiltInOverCustom,
            (false, false) => Layers::CustomOnly,
        };
        self.current = Schema::with_custom(Arc::new(custom), layers);
    }

    /// Returns what is wrong with the schema if anything has needed one.
    pub(super) fn failure(&self) -> Option<Error> {
        self.broken.clone().filter(|_| self.asked || self.walked)
    }
}

impl Build<'_> {
    /// Sets the schema that a kustomization asks for, unless another has set one.
    pub(super) fn set_schema(&mut self, k: &Kustomization, loader: &Loader, is_root: bool) -> Result<()> {
        let bytes = match k.openapi.get("path") {
            Some(path) => Some(loader.load(path)?),
            None => None,
        };
        if self.schema.is_set && !is_root {
            return Ok(());
        }
        let error = |message: &str| Err(Error::new(ErrorKind::Configuration, message));
        match (bytes, k.openapi.get("version")) {
            (Some(_), Some(_)) => error("builtin version and custom schema provided, cannot use both"),
            (Some(bytes), None) => {
                self.schema.is_set = true;
                match read(&bytes) {
                    Ok(custom) => self.schema.lay_over(custom),
                    Err(error) => {
                        // Only what needs one from now on reads it.
                        (self.schema.asked, self.schema.walked) = (false, false);
                        self.schema.broken = Some(error);
                    }
                }
                Ok(())
            }
            (None, Some(version)) if version == "v1.21.2" => {
                self.schema.is_set = true;
                Ok(())
            }
            (None, Some(version)) if !version.is_empty() => {
                error("the specified OpenAPI version is not built in")
            }
            (None, _) => Ok(()),
        }
    }
}

fn read(bytes: &[u8]) -> Result<CustomSchema> {
    let wrap =
        |message: String| Error::new(ErrorKind::Configuration, format!("invalid schema file: {message}"));
    let document = parse_openapi(bytes).map_err(|error| wrap(error.message().to_owned()))?;
    check_kinds(&document)?;
    CustomSchema::from_document(&document).map_err(|error| wrap(error.0))
}

/// Refuses a kind that is given without texts for its version and kind, over which upstream panics.
fn check_kinds(document: &Value) -> Result<()> {
    const GVK: &str = "x-kubernetes-group-version-kind";
    let all = |field| document.get(field).and_then(Value::as_map).into_iter().flat_map(Map::values);
    let of_types = all("definitions").filter_map(|definition| definition.get(GVK)?.as_seq()).flatten();
    let of_paths = all("paths").filter_map(|path| path.at(&["get", GVK]));
    for kind in of_types.chain(of_paths).filter(|kind| kind.is_map()) {
        for field in ["version", "kind"] {
            let value = kind.get(field).unwrap_or(&Value::NULL);
            let found = match value.view() {
                View::String(_) => continue,
                View::Number(_) => "float64",
                _ => go_type(value),
            };
            let message = format!("interface conversion: interface {{}} is {found}, not string");
            return Err(Error::new(ErrorKind::Configuration, message));
        }
    }
    Ok(())
}
