//! Taking Argo CD's objects out of what a cluster holds.

use crate::stage::{Stage, stage_of};
use serde::Serialize;
use std::fmt;
use trueup_manifest::yaml::{self, EmitError};
use trueup_manifest::{EcoString, Map, Object, Value};

const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// What is exported, and how.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ExportOptions {
    /// The namespace of Argo CD, which is not written: a backup can be restored into another.
    pub namespace: EcoString,
    /// Whether the status is kept, as Argo CD's own export does.
    pub keep_status: bool,
    /// Whether secrets are exported, in clear.
    pub with_secrets: bool,
}

impl Default for ExportOptions {
    /// Returns the options for the namespace `argocd`, without status and without secrets.
    fn default() -> Self {
        Self { namespace: "argocd".into(), keep_status: false, with_secrets: false }
    }
}

impl ExportOptions {
    /// Sets the namespace of Argo CD.
    #[must_use]
    pub fn in_namespace(self, namespace: impl Into<EcoString>) -> Self {
        Self { namespace: namespace.into(), ..self }
    }

    /// Keeps the status.
    #[must_use]
    pub fn with_status(self) -> Self {
        Self { keep_status: true, ..self }
    }

    /// Exports secrets, in clear.
    #[must_use]
    pub fn with_secrets(self) -> Self {
        Self { with_secrets: true, ..self }
    }
}

/// A secret, without its values.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SecretEntry {
    /// Its namespace.
    pub namespace: EcoString,
    /// Its name.
    pub name: EcoString,
    /// What it is for, such as `repository` or `cluster`; empty if it does not say.
    pub secret_type: EcoString,
    /// The keys of its data, sorted.
    pub keys: Vec<EcoString>,
}

/// What was exported. It is shown without any content.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backup {
    /// What is restored, in that order: by stage, namespace and name.
    pub objects: Vec<Value>,
    /// Applications that an ApplicationSet has made and makes again: restored before it, they would be orphans or doubles.
    pub generated: Vec<Value>,
    /// The secrets that there are, whether or not they are exported.
    pub secrets: Vec<SecretEntry>,
}

impl fmt::Debug for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = |objects: &[Value]| -> Vec<String> {
            objects.iter().map(|object| Object::new(object).key().to_string()).collect()
        };
        f.debug_struct("Backup")
            .field("objects", &keys(&self.objects))
            .field("generated", &keys(&self.generated))
            .field("secrets", &self.secrets)
            .finish()
    }
}

impl Backup {
    /// Writes what is restored as YAML, one document an object, with sorted keys.
    ///
    /// # Errors
    /// An object that nests too deep to be written.
    pub fn to_yaml(&self) -> Result<String, EmitError> {
        to_yaml(&self.objects)
    }

    /// Writes the generated Applications as YAML, to look at.
    ///
    /// # Errors
    /// As [`Backup::to_yaml`].
    pub fn generated_yaml(&self) -> Result<String, EmitError> {
        to_yaml(&self.generated)
    }
}

fn to_yaml(objects: &[Value]) -> Result<String, EmitError> {
    let mut out = String::new();
    for (index, object) in objects.iter().enumerate() {
        if index > 0 {
            out.push_str("---\n");
        }
        yaml::write(object, &mut out)?;
    }
    Ok(out)
}

/// Takes Argo CD's objects out of what a cluster holds, such as what `kubectl get -o yaml` prints: Lists are looked into.
///
/// Kept are the identity, labels, annotations and finalizers, `spec` and `data`. What the cluster added is dropped, and so is the status unless it
/// is asked for. An object that is there twice counts once, as it stands first.
pub fn export(objects: &[Value], options: &ExportOptions) -> Backup {
    let mut kept: Vec<(Stage, EcoString, EcoString, &Value)> = Vec::new();
    for value in items(objects) {
        let Some(stage) = stage_of(value) else { continue };
        let object = Object::new(value);
        kept.push((stage, namespace(object, options), object.name().into(), value));
    }
    kept.sort_by(|a, b| (a.0, &a.1, &a.2).cmp(&(b.0, &b.1, &b.2)));
    kept.dedup_by(|a, b| (a.0, &a.1, &a.2) == (b.0, &b.1, &b.2));
    let mut backup = Backup::default();
    for (stage, namespace, _, value) in kept {
        if stage == Stage::Secrets {
            backup.secrets.push(entry(value, namespace));
            if !options.with_secrets {
                continue;
            }
        }
        let stripped = strip(value, options);
        if stage == Stage::Applications && is_generated(value) {
            backup.generated.push(stripped);
        } else {
            backup.objects.push(stripped);
        }
    }
    backup
}

/// Returns the objects, those of Lists one by one.
pub(crate) fn items(objects: &[Value]) -> Vec<&Value> {
    let mut all = Vec::with_capacity(objects.len());
    for object in objects {
        let is_list = Object::new(object).kind().ends_with("List");
        match object.get("items").and_then(Value::as_seq).filter(|_| is_list) {
            Some(items) => all.extend(items),
            None => all.push(object),
        }
    }
    all
}

/// Returns the namespace of an object; that of Argo CD if it is not said.
pub(crate) fn namespace(object: Object<'_>, options: &ExportOptions) -> EcoString {
    match object.namespace() {
        "" => options.namespace.clone(),
        namespace => namespace.into(),
    }
}

/// Tells whether an ApplicationSet has made an Application.
pub(crate) fn is_generated(application: &Value) -> bool {
    let owners = application.at(&["metadata", "ownerReferences"]).and_then(Value::as_seq);
    let kind = |owner: &Value| owner.get("kind").and_then(Value::as_str) == Some("ApplicationSet");
    owners.unwrap_or_default().iter().any(kind)
}

fn entry(secret: &Value, namespace: EcoString) -> SecretEntry {
    let object = Object::new(secret);
    let keys =
        |field: &str| secret.get(field).and_then(Value::as_map).into_iter().flat_map(Map::keys).cloned();
    let mut keys: Vec<EcoString> = keys("data").chain(keys("stringData")).collect();
    keys.sort();
    keys.dedup();
    let secret_type = object.label("argocd.argoproj.io/secret-type").unwrap_or_default().into();
    SecretEntry { namespace, name: object.name().into(), secret_type, keys }
}

/// Returns what is kept of an object.
pub(crate) fn strip(value: &Value, options: &ExportOptions) -> Value {
    let mut kept = Map::new();
    for key in ["apiVersion", "data", "kind", "spec", "status"] {
        let is_kept = key != "status" || options.keep_status;
        if let Some(field) = value.get(key).filter(|field| is_kept && !field.is_null()) {
            kept.insert(key, field.clone());
        }
    }
    kept.insert("metadata", metadata(value, options));
    kept.into()
}

fn metadata(value: &Value, options: &ExportOptions) -> Map {
    let mut kept = Map::new();
    let given = |key: &str| value.at(&["metadata", key]).filter(|field| !field.is_null());
    for key in ["annotations", "finalizers", "labels", "name"] {
        let Some(mut field) = given(key).cloned() else { continue };
        if let Some(annotations) = field.as_map_mut().filter(|_| key == "annotations") {
            annotations.remove(LAST_APPLIED);
        }
        let is_empty =
            field.as_map().is_some_and(Map::is_empty) || field.as_seq().is_some_and(<[Value]>::is_empty);
        if !is_empty {
            kept.insert(key, field);
        }
    }
    let namespace = Object::new(value).namespace();
    if !namespace.is_empty() && namespace != options.namespace {
        kept.insert("namespace", namespace);
    }
    kept
}
