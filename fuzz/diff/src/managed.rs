//! managedFields that fit an object, more or less.

use crate::rng::Rng;
use trueup_manifest::{Map, Value};
use trueup_patch::structured::{FieldSet, Path, PathElement, Typed};
use trueup_schema::{Schema, TypeRef, kubernetes, smd};

/// The manager under which Argo CD applies.
const ARGO: &str = "argocd-controller";

/// Returns the type that server-side apply sees.
pub(crate) fn type_of<'s>(object: &Value, host: &'s Schema) -> TypeRef<'s> {
    let built_in = kubernetes::schema().kind_of(object).filter(|kind| kind.is_structured());
    match (built_in, host.kind_of(object)) {
        (Some(kind), _) => kind.ty(),
        (None, Some(kind)) => kind.ty(),
        (None, None) => smd::deduced(),
    }
}

/// Distributes the fields of an object over managers; `applied` is what Argo CD applied, if it did.
pub(crate) fn fields(rng: &mut Rng, object: &Value, applied: Option<&Value>, ty: TypeRef<'_>) -> Value {
    let set = |object: &Value| -> FieldSet {
        let all = Typed::new(object.clone(), ty).and_then(|typed| typed.field_set()).unwrap_or_default();
        all.paths().into_iter().filter(|path| !is_identity(path)).collect()
    };
    let api_version = object.get("apiVersion").cloned().unwrap_or_default();
    let mut others = [FieldSet::new(), FieldSet::new(), FieldSet::new()];
    for path in set(object).paths() {
        for _ in 0..rng.range(0, 2) {
            let at = rng.below(others.len());
            if let Some(owner) = others.get_mut(at) {
                owner.insert(&path);
            }
        }
    }
    let entry = |manager: &str, operation: &str, set: &FieldSet| -> Value {
        let mut out = Map::from_iter([
            ("manager", Value::from(manager)),
            ("operation", operation.into()),
            ("apiVersion", api_version.clone()),
            ("fieldsType", "FieldsV1".into()),
        ]);
        out.insert("fieldsV1", set.to_fields_v1());
        out.insert("time", "2020-01-01T00:00:00Z");
        out.into()
    };
    let [kubectl, hpa, mine] = others;
    let mut out = vec![entry("kubectl", "Update", &kubectl), entry("hpa", "Apply", &hpa)];
    match applied {
        Some(applied) => out.push(entry(ARGO, "Apply", &set(applied))),
        None if rng.chance(40) => out.push(entry(ARGO, rng.pick(&["Apply", "Update"]), &mine)),
        None => {}
    }
    out.into()
}

/// Nobody owns what tells an object from others: a server leaves that out.
fn is_identity(path: &Path) -> bool {
    let names: Vec<&str> = path
        .iter()
        .map_while(|step| match step {
            PathElement::Field(name) => Some(name.as_str()),
            _ => None,
        })
        .collect();
    match names.as_slice() {
        ["apiVersion" | "kind"] => true,
        ["metadata", field, ..] => {
            !matches!(*field, "labels" | "annotations" | "finalizers" | "ownerReferences")
        }
        _ => path.len() == 1 && names == ["metadata"],
    }
}

/// Puts managedFields into an object.
pub(crate) fn insert(object: &mut Value, fields: Value) {
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_map_mut) {
        metadata.insert("managedFields", fields);
    }
}
