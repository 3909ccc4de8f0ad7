//! `ignoreApplicationDifferences`: fields that stay as they are in the live Application.

use super::jq::{self, Deletion};
use super::update::equal;
use crate::error::Error;
use crate::model::{self, items, map_mut, named, normalize_spec, prune_empty, text, texts};
use trueup_manifest::{Map, Value};
use trueup_patch::json_patch::{self, Operation};
use trueup_patch::merge_patch;

/// The compiled rules of an ApplicationSet.
pub(crate) struct IgnoreRules(Vec<Rule>);

struct Rule {
    /// The Application it is for; empty for all.
    name: String,
    pointers: Vec<String>,
    deletions: Vec<Deletion>,
}

impl IgnoreRules {
    /// Compiles the rules.
    ///
    /// # Errors
    /// A jq expression that is none, or that is not supported.
    pub(crate) fn new(rules: &[Value]) -> Result<Self, Error> {
        let rule = |rule: &Value| {
            let expressions: Vec<_> = texts(rule, &["jqPathExpressions"]).map(Into::into).collect();
            let deletions = jq::compile(&expressions).map_err(|error| Error::Unsupported {
                message: format!("failed to build ignore diff config: {error}"),
            })?;
            Ok(Rule {
                name: text(rule, &["name"]).to_owned(),
                pointers: texts(rule, &["jsonPointers"]).map(str::to_owned).collect(),
                deletions,
            })
        };
        rules.iter().map(rule).collect::<Result<Vec<_>, _>>().map(Self)
    }

    /// Returns the rules of an ApplicationSet.
    ///
    /// # Errors
    /// As [`IgnoreRules::new`].
    pub(crate) fn of(application_set: &Value) -> Result<Self, Error> {
        Self::new(items(application_set, &["spec", "ignoreApplicationDifferences"]))
    }

    /// Returns an Application without the ignored fields, its spec normalised again.
    pub(crate) fn strip(&self, application: &Value) -> Value {
        if self.0.is_empty() {
            return application.clone();
        }
        let ty = named("Application");
        let mut stripped = prune_empty(application, ty);
        // The rules are for objects of this group and kind, so they see them.
        let kind = stripped.get("kind").cloned();
        let api_version = stripped.get("apiVersion").cloned();
        if let Some(map) = stripped.as_map_mut() {
            map.insert("apiVersion", "argoproj.io/v1alpha1");
            map.insert("kind", "Application");
        }
        let name = text(application, &["metadata", "name"]);
        for rule in self.0.iter().filter(|rule| rule.name.is_empty() || rule.name == name) {
            for pointer in &rule.pointers {
                let remove = [Operation::remove(pointer.as_str())];
                if let Ok(without) = json_patch::apply(&stripped, &remove, &json_patch::Options::default()) {
                    stripped = without;
                }
            }
            for deletion in &rule.deletions {
                stripped = deletion.apply(&stripped).unwrap_or(stripped);
            }
        }
        let mut result = model::decode(&stripped, ty).unwrap_or(stripped);
        if let Some(map) = result.as_map_mut() {
            for (name, own) in [("kind", kind), ("apiVersion", api_version)] {
                match own {
                    Some(own) => _ = map.insert(name, own),
                    None => _ = map.remove(name),
                }
            }
        }
        normalize(&mut result);
        result
    }

    /// Strips a generated Application; what rules must not change stays.
    pub(crate) fn strip_generated(&self, generated: &Value) -> Value {
        let mut stripped = self.strip(generated);
        if self.0.is_empty() {
            return stripped;
        }
        for name in ["name", "namespace"] {
            if let (Some(own), Some(metadata)) =
                (generated.at(&["metadata", name]), map_mut(&mut stripped, &["metadata"]))
            {
                metadata.insert(name, own.clone());
            }
        }
        if let (Some(operation), Some(map)) = (generated.get("operation"), stripped.as_map_mut()) {
            map.insert("operation", operation.clone());
        }
        stripped
    }

    /// Returns true if an update would not change the spec of a live Application.
    pub(crate) fn specs_equal(&self, live: &Value, desired: &Value) -> bool {
        let side = |application: &Value| {
            let mut application = application.clone();
            normalize(&mut application);
            self.strip(&application).get("spec").cloned().unwrap_or_default()
        };
        equal(&side(live), &side(desired), named("ApplicationSpec"))
    }
}

/// Normalises the spec of an Application in place.
pub(super) fn normalize(application: &mut Value) {
    let spec = normalize_spec(application.get("spec").unwrap_or(&Value::NULL));
    if let Some(application) = application.as_map_mut() {
        application.insert("spec", spec);
    }
}

/// Returns a live Application after a write of the generated one under ignore rules: ignored fields keep their live value.
///
/// # Errors
/// Rules or documents that are none.
pub fn apply_ignore_differences(rules: &[Value], live: &Value, generated: &Value) -> Result<Value, Error> {
    let ty = named("Application");
    let decode = |document| model::decode(document, ty).map_err(|message| Error::Document { message });
    let (mut live, mut generated) = (decode(live)?, decode(generated)?);
    normalize(&mut live);
    normalize(&mut generated);
    let rules = IgnoreRules::new(rules)?;
    let patch = difference(&rules.strip(&live), &rules.strip_generated(&generated));
    Ok(merged(&live, &patch))
}

/// Returns the merge patch between two Applications.
pub(super) fn difference(from: &Value, to: &Value) -> Value {
    let ty = named("Application");
    merge_patch::create(&prune_empty(from, ty), &prune_empty(to, ty)).unwrap_or_else(|_| Map::new().into())
}

/// Applies a merge patch.
pub(super) fn merged(live: &Value, patch: &Value) -> Value {
    merge_patch::apply(live, patch).unwrap_or_else(|_| live.clone())
}
