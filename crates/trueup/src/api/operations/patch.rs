//! Patches: made and applied as Kubernetes does.

use super::table;
use crate::api::shape::{Object, Word, choice, input};
use crate::api::{Context, Error};
use trueup_manifest::{Diagnostic, Value};
use trueup_patch::strategic::OnConflict;
use trueup_patch::{json_patch, merge_patch, strategic};
use trueup_schema::{TypeRef, kubernetes};

table! {
    /// Applies a JSON Patch (RFC 6902).
    "patch.json_apply": JsonApply => json_apply => Value;
    /// Returns the JSON Patch that leads from one document to another.
    "patch.json_create": Create => json_create => Vec<Value>;
    /// Applies a JSON merge patch (RFC 7386).
    "patch.merge_apply": Apply => merge_apply => Value;
    /// Returns the JSON merge patch that leads from the original to the modified document, given `current` the three-way one that keeps what others changed.
    "patch.merge_create": Create => merge_create => Value;
    /// Applies a strategic merge patch; how lists merge is known from the object's kind.
    "patch.strategic_apply": StrategicApply => strategic_apply => Value;
    /// Returns the strategic merge patch that leads from the original to the modified object, given `current` the three-way one that `kubectl apply` makes.
    "patch.strategic_create": StrategicCreate => strategic_create => Value;
}

choice! {
    /// Which version of the JSON Patch library decides where they differ.
    enum Dialect {
        /// Version 4, which kustomize and Argo CD's ignore rules use.
        V4 = "v4",
        /// Version 5, which Kubernetes uses.
        V5 = "v5",
    }
}

impl Word for Dialect {}

input! {
    /// A document and a JSON Patch.
    struct JsonApply {
        /// The document.
        document: Value,
        /// The operations.
        patch: Vec<Object>,
        /// Which version of the library decides where they differ.
        dialect: Dialect = Dialect::V4,
    }
}

fn json_apply(request: JsonApply, context: &Context) -> Result<Value, Error> {
    context.cancel.advance(request.patch.len())?;
    let dialect = match request.dialect {
        Dialect::V4 => json_patch::Dialect::V4,
        Dialect::V5 => json_patch::Dialect::V5,
    };
    let patch: Value = request.patch.into_iter().map(|operation| operation.0).collect();
    let operations = json_patch::decode(&patch, dialect).map_err(|error| failed("patch/json", error))?;
    json_patch::apply(&request.document, &operations, &json_patch::Options::of(dialect))
        .map_err(|error| failed("patch/json", error))
}

fn failed(code: &str, error: impl ToString) -> Error {
    Diagnostic::error(code, error.to_string()).into()
}

input! {
    /// Two documents, or three.
    struct Create {
        /// The document as it was.
        original: Value,
        /// The document as it should be.
        modified: Value,
        /// The document as it is now, if somebody else may have changed it.
        current: Option<Value>,
    }
}

fn json_create(request: Create, _: &Context) -> Result<Vec<Value>, Error> {
    if request.current.is_some() {
        return Err(Error::request("a JSON Patch has no three-way form: leave `current` out"));
    }
    let operations = json_patch::diff(&request.original, &request.modified).into_iter();
    Ok(operations.map(|operation| operation.0.into()).collect())
}

fn merge_create(request: Create, _: &Context) -> Result<Value, Error> {
    let patch = match &request.current {
        Some(current) => merge_patch::create_three_way(&request.original, &request.modified, current),
        None => merge_patch::create(&request.original, &request.modified),
    };
    patch.map_err(|error| failed("patch/merge", error))
}

input! {
    /// A document and a patch.
    struct Apply {
        /// The document.
        document: Value,
        /// The patch.
        patch: Value,
    }
}

fn merge_apply(request: Apply, _: &Context) -> Result<Value, Error> {
    merge_patch::apply(&request.document, &request.patch).map_err(|error| failed("patch/merge", error))
}

input! {
    /// An object and a strategic merge patch.
    struct StrategicApply {
        /// The object.
        document: Object,
        /// The patch.
        patch: Object,
    }
}

fn strategic_apply(request: StrategicApply, _: &Context) -> Result<Value, Error> {
    let ty = type_of(&request.document.0)?;
    strategic::apply(&request.document.0, &request.patch.0, ty)
        .map_err(|error| failed("patch/strategic", error))
}

input! {
    /// Two objects, or three.
    struct StrategicCreate {
        /// The object as it was: as it was applied last, if there is a current one.
        original: Object,
        /// The object as it should be.
        modified: Object,
        /// The object as it is now, if somebody else may have changed it.
        current: Option<Object>,
        /// Whether a change of somebody else in the same place is overwritten; else it is an error.
        overwrite: bool = true,
    }
}

fn strategic_create(request: StrategicCreate, _: &Context) -> Result<Value, Error> {
    let (original, modified) = (&request.original.0, &request.modified.0);
    let ty = type_of(modified)?;
    let on_conflict = if request.overwrite { OnConflict::Overwrite } else { OnConflict::Fail };
    let patch = match &request.current {
        Some(current) => strategic::create_three_way([original, modified, &current.0], ty, on_conflict, &[]),
        None => strategic::create_two_way(original, modified, ty, &[]),
    };
    patch.map_err(|error| failed("patch/strategic", error))
}

/// The type of an object's kind.
fn type_of(object: &Value) -> Result<TypeRef<'static>, Error> {
    let kind = kubernetes::schema().kind_of(object).filter(|kind| kind.is_typed());
    kind.map(|kind| kind.ty()).ok_or_else(|| {
        let object = trueup_manifest::Object::new(object);
        let message = format!("no type is known for `{}` `{}`", object.api_version(), object.kind());
        let help = "custom kinds have no strategic merge; use a JSON merge patch, as kubectl does";
        Diagnostic::error("patch/unsupported", message).help(help).into()
    })
}
