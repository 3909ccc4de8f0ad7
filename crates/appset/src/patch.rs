//! `templatePatch`: a strategic merge patch on the rendered Application.

use crate::error::{Error, Failure};
use crate::model::{self, application_schema, map_mut, named, prune_empty};
use std::borrow::Cow;
use trueup_manifest::json::{self, JsonOptions};
use trueup_manifest::yaml::{self, ParseOptions};
use trueup_manifest::{Map, Value};

/// Applies a rendered `templatePatch` to an Application.
///
/// YAML, or JSON if it begins with `{`. Lists are replaced, but for `metadata.finalizers` (a union) and
/// `metadata.ownerReferences` (by uid). Fields that Applications do not have are dropped; `spec.project` cannot be changed.
///
/// # Errors
/// Text that is neither YAML nor JSON, values of the wrong type, directives that do not have their form.
pub fn apply_template_patch(application: &Value, patch: &str) -> Result<Value, Error> {
    let decoded =
        model::decode(application, named("Application")).map_err(|message| Error::Document { message })?;
    apply(&decoded, patch).map_err(|failure| failure.render(""))
}

pub(crate) fn apply(application: &Value, text: &str) -> Result<Value, Failure> {
    let ty = named("Application");
    let (patch, converted) = read(text)?;
    let quoted = || crate::quote(&converted);
    model::decode(&patch, ty)
        .map_err(|error| Failure::new(format!("invalid templatePatch {}: {error}", quoted())))?;
    let Some(schema) = application_schema().type_named("Application") else {
        return Err(Failure::Unsupported("the type table has no Application".to_owned()));
    };
    let original = prune_empty(application, ty);
    let patched = trueup_patch::strategic::apply(&original, &patch, schema).map_err(|error| {
        Failure::new(format!("error while applying templatePatch template to json {}: {error}", quoted()))
    })?;
    let mut result = model::decode(&patched, ty)
        .map_err(|error| Failure::new(format!("error while unmarhsalling patched application: {error}")))?;
    keep_project(&mut result, application);
    Ok(prune_empty(&result, ty))
}

/// Reads a patch; returns it with its JSON text.
fn read(text: &str) -> Result<(Value, Cow<'_, str>), Failure> {
    if text.trim_start().starts_with('{') {
        let invalid = |error: yaml::ParseError| {
            Failure::new(format!("invalid templatePatch {}: {}", crate::quote(text), error.message()))
        };
        let patch = json::parse(text.as_bytes(), &JsonOptions::default()).map_err(invalid)?;
        return Ok((patch, text.into()));
    }
    let patch = yaml::parse(text.as_bytes(), &ParseOptions::kubernetes()).map_err(|error| {
        let quoted = crate::quote(text);
        Failure::new(format!("error while converting template to json {quoted}: {}", error.message()))
    })?;
    let converted = json::to_string(&patch).unwrap_or_default();
    Ok((patch, converted.into()))
}

/// Sets `spec.project` back to what it was before the patch.
fn keep_project(result: &mut Value, application: &Value) {
    let project = application.at(&["spec", "project"]);
    if result.at(&["spec", "project"]) == project {
        return;
    }
    if result.get("spec").is_none()
        && let Some(result) = result.as_map_mut()
    {
        result.insert("spec", Map::new());
    }
    if let Some(spec) = map_mut(result, &["spec"]) {
        match project {
            Some(project) => _ = spec.insert("project", project.clone()),
            None => _ = spec.remove("project"),
        }
    }
}
