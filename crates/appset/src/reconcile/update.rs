//! One Application: what is written when it is created or updated.

use super::ignore::{IgnoreRules, difference, merged, normalize};
use crate::error::Error;
use crate::model::{self, Ty, items, map_mut, named, prune_empty, text, texts};
use trueup_manifest::{EcoString, Map, Value};

/// Annotations that are always kept.
const KEPT_ANNOTATIONS: [&str; 3] =
    ["notified.notifications.argoproj.io", "argocd.argoproj.io/refresh", "argocd.argoproj.io/hydrate"];
/// What finalizers that are kept begin with.
const KEPT_FINALIZERS: [&str; 2] =
    ["pre-delete-finalizer.argocd.argoproj.io", "post-delete-finalizer.argocd.argoproj.io"];

/// Settings of the controller for updates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Annotations that are kept on all Applications.
    pub preserved_annotations: Vec<EcoString>,
    /// Labels that are kept on all Applications.
    pub preserved_labels: Vec<EcoString>,
}

/// Returns what an Application is after it is created or updated; nothing if nothing changes.
///
/// `live` is the Application of that name, if there is one. The spec is normalised and replaced; annotations, labels and
/// finalizers too, but for those that are to be kept; ignored differences keep their live values.
///
/// # Errors
/// Ignore rules that are not supported; an Application that another controller owns.
pub fn updated(
    application_set: &Value,
    live: Option<&Value>,
    generated: &Value,
    settings: &Settings,
) -> Result<Option<Value>, Error> {
    updated_with(application_set, live, generated, settings, &IgnoreRules::of(application_set)?)
}

pub(super) fn updated_with(
    application_set: &Value,
    live: Option<&Value>,
    generated: &Value,
    settings: &Settings,
    rules: &IgnoreRules,
) -> Result<Option<Value>, Error> {
    let ty = named("Application");
    let decode = |document| model::decode(document, ty).map_err(|message| Error::Document { message });
    let live = live.map(decode).transpose()?;
    let mut wanted = mutated(application_set, live.as_ref(), &decode(generated)?, settings)?;
    let Some(live) = live else { return Ok(Some(prune_empty(&wanted, ty))) };
    let mut normal = live.clone();
    normalize(&mut normal);
    let from = rules.strip(&normal);
    wanted = if wanted.is_map() { rules.strip_generated(&wanted) } else { wanted };
    if equal(&from, &wanted, ty) {
        return Ok(None);
    }
    Ok(Some(merged(&live, &difference(&from, &wanted))))
}

/// Returns the live Application with everything that the generated one decides.
fn mutated(
    application_set: &Value,
    live: Option<&Value>,
    generated: &Value,
    settings: &Settings,
) -> Result<Value, Error> {
    let mut wanted = live.cloned().unwrap_or_else(|| Map::new().into());
    let mut source = generated.clone();
    normalize(&mut source);
    let nothing = Value::NULL;
    let old = live.unwrap_or(&nothing);
    let preserved = |kind: &str, global: &[EcoString], always: &[&str]| {
        let own = texts(application_set, &["spec", "preservedFields", kind]).map(EcoString::from);
        let always = always.iter().map(|key| EcoString::from(*key));
        let keys = own.chain(global.iter().cloned()).chain(always);
        let mut entries =
            generated.at(&["metadata", kind]).and_then(Value::as_map).cloned().unwrap_or_default();
        for key in keys {
            if let Some(value) = old.at(&["metadata", kind, key.as_str()]) {
                entries.insert(key, value.clone());
            }
        }
        entries
    };
    let annotations = preserved("annotations", &settings.preserved_annotations, &KEPT_ANNOTATIONS);
    let labels = preserved("labels", &settings.preserved_labels, &[]);
    let mut finalizers = items(generated, &["metadata", "finalizers"]).to_vec();
    for prefix in KEPT_FINALIZERS {
        let kept = items(old, &["metadata", "finalizers"]).iter();
        finalizers.extend(kept.filter(|it| it.as_str().is_some_and(|it| it.starts_with(prefix))).cloned());
    }
    let owners = owners(application_set, old)?;
    if let Some(map) = wanted.as_map_mut() {
        map.insert("spec", source.get("spec").cloned().unwrap_or_default());
        if let Some(operation) = generated.get("operation") {
            map.insert("operation", operation.clone());
        }
    }
    if let Some(metadata) = map_mut(&mut wanted, &["metadata"]) {
        for name in ["name", "namespace"] {
            if let Some(value) = generated.at(&["metadata", name]) {
                metadata.insert(name, value.clone());
            }
        }
        metadata.insert("annotations", annotations);
        metadata.insert("labels", labels);
        metadata.insert("finalizers", finalizers);
        metadata.insert("ownerReferences", owners);
    }
    Ok(wanted)
}

/// Returns the owners of an Application with the ApplicationSet as its controller.
fn owners(application_set: &Value, live: &Value) -> Result<Vec<Value>, Error> {
    let name = text(application_set, &["metadata", "name"]);
    let own = Value::from(Map::from_iter([
        ("apiVersion", Value::from("argoproj.io/v1alpha1")),
        ("kind", "ApplicationSet".into()),
        ("name", name.into()),
        ("uid", text(application_set, &["metadata", "uid"]).into()),
        ("controller", true.into()),
        ("blockOwnerDeletion", true.into()),
    ]));
    let is_same = |owner: &Value| {
        let group = text(owner, &["apiVersion"]).split_once('/').map_or("", |(group, _)| group);
        group == "argoproj.io" && text(owner, &["kind"]) == "ApplicationSet" && text(owner, &["name"]) == name
    };
    let mut owners = items(live, &["metadata", "ownerReferences"]).to_vec();
    let controller = |owner: &&Value| owner.get("controller").and_then(Value::as_bool) == Some(true);
    if let Some(other) = owners.iter().find(controller).filter(|owner| !is_same(owner)) {
        let (kind, owner) = (text(other, &["kind"]), text(other, &["name"]));
        let object = text(live, &["metadata", "namespace"]);
        let application = text(live, &["metadata", "name"]);
        return Err(Error::Unsupported {
            message: format!(
                "error while wrapping using MutateFn: Object {object}/{application} is already owned by another {kind} \
                 controller {owner}"
            ),
        });
    }
    match owners.iter_mut().find(|owner| is_same(owner)) {
        Some(owner) => *owner = own,
        None => owners.push(own),
    }
    Ok(owners)
}

/// Returns true if the ApplicationSet controls an Application.
pub(super) fn is_owned(application_set: &Value, application: &Value) -> bool {
    items(application, &["metadata", "ownerReferences"]).iter().any(|owner| {
        text(owner, &["apiVersion"]) == "argoproj.io/v1alpha1"
            && text(owner, &["kind"]) == "ApplicationSet"
            && text(owner, &["name"]) == text(application_set, &["metadata", "name"])
            && owner.get("controller").and_then(Value::as_bool) == Some(true)
    })
}

/// Returns true if two documents of a type are equal as the controller compares them: nil and empty are the same.
pub(super) fn equal(a: &Value, b: &Value, ty: Ty) -> bool {
    let pruned = |value: &Value| drop_zero(&prune_empty(value, ty), ty);
    pruned(a) == pruned(b)
}

/// Removes zero values of fields that Go always writes: absent is the same to it.
fn drop_zero(value: &Value, ty: Ty) -> Value {
    use crate::model::Shape;
    match (ty.shape(), value.view()) {
        (Shape::Struct(fields), trueup_manifest::View::Map(map)) => {
            let mut out = Map::new();
            for field in fields {
                let Some(member) = map.get(field.name) else { continue };
                let member = drop_zero(member, field.ty);
                let zero = match member.view() {
                    trueup_manifest::View::Null => true,
                    trueup_manifest::View::Bool(b) => !b,
                    trueup_manifest::View::Number(number) => number.as_f64() == 0.0,
                    trueup_manifest::View::String(text) => text.is_empty(),
                    trueup_manifest::View::Seq(items) => items.is_empty(),
                    trueup_manifest::View::Map(map) => map.is_empty(),
                };
                if field.ty.is_pointer() || !zero {
                    out.insert(field.name, member);
                }
            }
            out.into()
        }
        (Shape::List(item), trueup_manifest::View::Seq(items)) => {
            items.iter().map(|value| drop_zero(value, item)).collect()
        }
        _ => value.clone(),
    }
}
