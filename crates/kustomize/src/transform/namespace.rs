//! The namespace of resources, and of the service accounts that role bindings name.

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{self, Create, FieldSpec, FieldSpecs, wrong_kind};
use crate::ids::{IdKey, ResId};
use crate::node::{self, Tag};
use crate::resmap::ResMap;
use crate::resource::Resource;
use ecow::EcoString;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};
use trueup_manifest::{Map, Value};
use trueup_schema::kustomize::Schema;

/// Which subjects of a role binding get the namespace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Subjects {
    /// Those named `default`.
    #[default]
    NamedDefault,
    /// All service accounts.
    ServiceAccounts,
    /// None.
    None,
}

/// How to set the namespace.
#[derive(Clone, Debug, Default)]
pub(crate) struct NamespaceOptions {
    pub(crate) namespace: EcoString,
    pub(crate) specs: Arc<FieldSpecs>,
    pub(crate) unset_only: bool,
    pub(crate) subjects: Subjects,
}

/// Sets the namespace of every resource that has one.
pub(crate) fn set_namespace(map: &mut ResMap, options: &NamespaceOptions, schema: &Schema) -> Result<()> {
    if options.namespace.is_empty() {
        return Ok(());
    }
    let mut ids: BTreeMap<IdKey, usize> = BTreeMap::new();
    let before: Vec<ResId> = map.list.iter().map(|resource| resource.cur_id(schema)).collect();
    for id in &before {
        *ids.entry(id.key()).or_default() += 1;
    }
    for (resource, id) in map.list.iter_mut().zip(before) {
        if resource.is_deleted() || resource.history().helm_generated {
            continue;
        }
        let old = id.key();
        resource.store_previous(id)?;
        set_namespace_of(resource, options, schema)?;
        let id = resource.cur_id(schema);
        if let Some(count) = ids.get_mut(&old) {
            *count -= 1;
        }
        let count = ids.entry(id.key()).or_default();
        *count += 1;
        if *count != 1 {
            return Err(conflict(map, &id, schema));
        }
    }
    Ok(())
}

fn conflict(map: &ResMap, id: &ResId, schema: &Schema) -> Error {
    let matches = map.list.iter().filter(|resource| resource.cur_id(schema).same(id));
    let matches: Vec<_> = matches.map(Resource::as_json).collect();
    let message = format!("namespace transformation produces ID conflict: [{}]", matches.join(" "));
    Error::new(ErrorKind::IdConflict, message)
}

/// Sets the namespace of one resource.
pub(crate) fn set_namespace_of(
    resource: &mut Resource,
    options: &NamespaceOptions,
    schema: &Schema,
) -> Result<()> {
    let (api_version, kind) = (resource.api_version(), resource.kind());
    if !schema.is_cluster_scoped(&api_version, &kind) {
        static OWN: LazyLock<FieldSpec> = LazyLock::new(|| FieldSpec::of_any("metadata/namespace", true));
        fieldspec::change(&mut resource.value, &OWN, Create::Scalar(Tag::Untagged), &mut |field| {
            set_field(field, options)
        })?;
    }
    let is_binding = matches!(kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
    if is_binding && let Some(value) = set_subjects(&resource.value, options)? {
        resource.value = value;
    }
    for spec in options.specs.iter() {
        let is_own =
            spec.path == "metadata/namespace" || (api_version != "v1" && spec.path == "metadata/name");
        let is_subject = is_binding
            && spec.path == "subjects/namespace"
            && matches!(spec.gvk.kind.as_str(), "RoleBinding" | "ClusterRoleBinding");
        if is_own || is_subject {
            continue;
        }
        let set = fieldspec::change(&mut resource.value, spec, Create::Scalar(Tag::Str), &mut |field| {
            set_field(field, options)
        });
        set.map_err(|error| {
            let wrong_kind = error.message().contains("wrong node kind: expected");
            error.wrap(if wrong_kind {
                "namespace field specs must target scalar nodes"
            } else {
                "namespace transformation failed"
            })
        })?;
    }
    Ok(())
}

fn set_field(field: &Value, options: &NamespaceOptions) -> Result<Option<Value>> {
    if options.unset_only && field.is_scalar() && !node::is_null(field) && !node::text(field).is_empty() {
        return Ok(None);
    }
    fieldspec::set_scalar(field, &Value::from(options.namespace.clone()))
}

fn set_subjects(document: &Value, options: &NamespaceOptions) -> Result<Option<Value>> {
    let (key, wanted) = match options.subjects {
        Subjects::None => return Ok(None),
        Subjects::NamedDefault => ("name", "default"),
        Subjects::ServiceAccounts => ("kind", "ServiceAccount"),
    };
    let Some(subjects) = document.get("subjects").filter(|subjects| !node::is_null(subjects)) else {
        return Ok(None);
    };
    let failed = |error: Error| error.wrap("setting namespace on (cluster)role binding subjects");
    let Some(items) = subjects.as_seq() else { return Err(failed(wrong_kind("SequenceNode", subjects))) };
    let mut changed = subjects.clone();
    for index in 0..items.len() {
        let Some(subject) = changed.item_mut(index) else { continue };
        let Some(map) = subject.as_map() else {
            if node::is_null(subject) {
                continue;
            }
            let context = format!("looking up {key} on (cluster)role binding subject");
            return Err(failed(wrong_kind("MappingNode", subject).wrap(context)));
        };
        if let Some(value) = map.get(key).filter(|value| !value.is_scalar()) {
            let context = format!("looking up {key} on (cluster)role binding subject");
            return Err(failed(wrong_kind("ScalarNode", value).wrap(context)));
        }
        let matches = map.get(key).is_some_and(|value| !node::is_null(value) && node::text(value) == wanted);
        if matches && let Some(new) = with_namespace(map, options).map_err(failed)? {
            *subject = new.into();
        }
    }
    Ok(document.as_map().map(|root| {
        let mut root = root.clone();
        root.insert("subjects", changed);
        root.into()
    }))
}

fn with_namespace(subject: &Map, options: &NamespaceOptions) -> Result<Option<Map>> {
    let field = subject.get("namespace").cloned().unwrap_or_else(|| node::plain(""));
    Ok(set_field(&field, options)?.map(|value| {
        let mut subject = subject.clone();
        subject.insert("namespace", value);
        subject
    }))
}
