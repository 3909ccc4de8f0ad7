//! Whose object is this? Marking objects as an Application's own, by label or annotation, and reading the mark.

use crate::object::{ObjectKey, group_of, kind_of, remove_metadata, set_metadata, texts};
use ecow::EcoString;
use serde::Serialize;
use std::fmt;
use trueup_manifest::{Map, Value};

/// The annotation that holds the tracking id.
pub const TRACKING_ANNOTATION: &str = "argocd.argoproj.io/tracking-id";
/// The annotation that holds the id of the Argo CD installation.
pub const INSTALLATION_ANNOTATION: &str = "argocd.argoproj.io/installation-id";
/// The label that holds the Application's name, unless another one is configured.
pub const DEFAULT_LABEL: &str = "app.kubernetes.io/instance";
/// The label of old installations, which is also written into pod templates.
const LEGACY_LABEL: &str = "applications.argoproj.io/app-name";
/// How long a label may be.
const MAX_LABEL: usize = 63;

/// How objects are marked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// By an annotation.
    #[default]
    Annotation,
    /// By a label.
    Label,
    /// By both; the annotation counts.
    #[serde(rename = "annotation+label")]
    Both,
}

impl Method {
    /// Returns the method of this name; an unknown name means annotations.
    pub fn named(name: &str) -> Self {
        match name {
            "label" => Self::Label,
            "annotation+label" => Self::Both,
            _ => Self::Annotation,
        }
    }
}

/// How one Argo CD installation marks objects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracking {
    /// The method.
    pub method: Method,
    /// The label key.
    pub label_key: EcoString,
    /// The installation's id; empty if it has none.
    pub installation_id: EcoString,
}

impl Default for Tracking {
    fn default() -> Self {
        Self { method: Method::default(), label_key: DEFAULT_LABEL.into(), installation_id: EcoString::new() }
    }
}

/// What a tracking id says: an Application, and the object it describes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackingId {
    /// The Application's name; `namespace_name` outside the control plane's namespace.
    pub app: EcoString,
    /// The object.
    pub object: ObjectKey,
}

/// Why an object could not be marked or a mark not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrackingError {
    /// The text is no tracking id.
    #[error("wrong resource tracking format, should be <application-name>:<group>/<kind>:<namespace>/<name>")]
    Format,
    /// Nothing that may be a label remains of the name.
    #[error("unable to truncate label to not end with a special character")]
    Label,
}

impl TrackingId {
    /// Returns the id of an object; `namespace` is used when it has none.
    pub fn of(object: &Value, app: &str, namespace: &str) -> Self {
        let mut key = ObjectKey::of(object);
        if key.namespace.is_empty() {
            key.namespace = namespace.into();
        }
        Self { app: app.into(), object: key }
    }

    /// Reads `app:group/kind:namespace/name`. The name may contain colons.
    ///
    /// # Errors
    /// Any other form.
    pub fn parse(text: &str) -> Result<Self, TrackingError> {
        let (app, rest) = text.split_once(':').ok_or(TrackingError::Format)?;
        let (kind, name) = rest.split_once(':').ok_or(TrackingError::Format)?;
        let pair = |text: &str| match text.split_once('/') {
            Some((first, second)) if !second.contains('/') => {
                Ok((EcoString::from(first), EcoString::from(second)))
            }
            _ => Err(TrackingError::Format),
        };
        let ((group, kind), (namespace, name)) = (pair(kind)?, pair(name)?);
        Ok(Self { app: app.into(), object: ObjectKey { group, kind, namespace, name } })
    }
}

impl fmt::Display for TrackingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ObjectKey { group, kind, namespace, name } = &self.object;
        write!(f, "{}:{group}/{kind}:{namespace}/{name}", self.app)
    }
}

/// Cuts a text to what a label may hold: 63 bytes that do not end in a special character.
///
/// # Errors
/// When nothing remains.
pub fn truncate_label(text: &str) -> Result<&str, TrackingError> {
    if text.len() <= MAX_LABEL {
        return Ok(text);
    }
    let fits = (0..=MAX_LABEL).rev().find_map(|len| text.get(..len)).unwrap_or_default();
    let cut = fits.trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    if cut.is_empty() { Err(TrackingError::Label) } else { Ok(cut) }
}

impl Tracking {
    /// Returns the name of the Application an object belongs to; nothing if it is not marked, or by another installation.
    pub fn app_name(&self, object: &Value) -> Option<EcoString> {
        match self.method {
            Method::Label => {
                mark(object, "labels", &self.label_key).filter(|name| !name.is_empty()).map(Into::into)
            }
            Method::Annotation | Method::Both => self.id(object).map(|id| id.app),
        }
    }

    /// Returns the tracking id in an object's annotation, if it is this installation's.
    pub fn id(&self, object: &Value) -> Option<TrackingId> {
        let installation = mark(object, "annotations", INSTALLATION_ANNOTATION).unwrap_or_default();
        if !self.installation_id.is_empty() && installation != self.installation_id {
            return None;
        }
        TrackingId::parse(mark(object, "annotations", TRACKING_ANNOTATION)?).ok()
    }

    /// Marks an object as an Application's own; `namespace` is the Application's destination.
    ///
    /// # Errors
    /// When the name leaves nothing for a label.
    pub fn set(&self, object: &Value, app: &str, namespace: &str) -> Result<Value, TrackingError> {
        let mut out = object.clone();
        if self.method == Method::Label {
            self.set_label(&mut out, app);
            return Ok(out);
        }
        if self.installation_id.is_empty() {
            remove_metadata(&mut out, "annotations", INSTALLATION_ANNOTATION);
        } else {
            set_metadata(&mut out, "annotations", INSTALLATION_ANNOTATION, self.installation_id.clone());
        }
        let id = TrackingId::of(object, app, namespace).to_string();
        set_metadata(&mut out, "annotations", TRACKING_ANNOTATION, id);
        if self.method == Method::Both {
            self.set_label(&mut out, truncate_label(app)?);
        }
        Ok(out)
    }

    fn set_label(&self, object: &mut Value, value: &str) {
        set_metadata(object, "labels", &self.label_key, value);
        if self.label_key == LEGACY_LABEL {
            label_template(object, value);
        }
    }

    /// Removes the marks of this method. The label removed is the default one.
    pub fn remove(&self, object: &Value) -> Value {
        let mut out = object.clone();
        if self.method != Method::Label {
            remove_metadata(&mut out, "annotations", TRACKING_ANNOTATION);
            remove_metadata(&mut out, "annotations", INSTALLATION_ANNOTATION);
        }
        if self.method != Method::Annotation {
            remove_metadata(&mut out, "labels", DEFAULT_LABEL);
        }
        out
    }

    /// Returns the live object as if it were marked by this method, so that a change of method is no difference.
    ///
    /// An object whose annotation names another Application keeps it: that is a difference.
    pub fn normalize(&self, config: &Value, live: &Value) -> Value {
        let is_crd = group_of(live) == "apiextensions.k8s.io" && kind_of(live) == "CustomResourceDefinition";
        if self.method == Method::Label || is_crd || self.labelled(live) != Ok(true) {
            return live.clone();
        }
        let mut out = live.clone();
        let Ok(annotations) = texts(live, "annotations") else { return out };
        let mark = |annotations: Option<&Map>| annotations?.get(TRACKING_ANNOTATION).cloned();
        if mark(annotations).is_none_or(|mark| mark == "") {
            let Ok(wanted) = texts(config, "annotations") else { return out };
            let wanted = mark(wanted).unwrap_or_else(|| "".into());
            set_metadata(&mut out, "annotations", TRACKING_ANNOTATION, wanted);
        }
        if self.labelled(config) == Ok(false) {
            remove_metadata(&mut out, "labels", &self.label_key);
        }
        out
    }

    /// Tells whether an object carries the label; an error when its labels cannot be read.
    fn labelled(&self, object: &Value) -> Result<bool, ()> {
        let labels = texts(object, "labels").map_err(|_| ())?;
        Ok(labels.and_then(|labels| labels.get(&self.label_key)).is_some_and(|name| *name != ""))
    }

    /// Tells whether a live object is the one its mark describes, rather than a copy that took the mark along.
    ///
    /// The mark it should have comes from the configuration, else from its own annotation.
    pub fn is_self_reference(&self, config: Option<&Value>, live: &Value) -> bool {
        if self.method == Method::Label {
            return true;
        }
        let wanted = config.and_then(|config| self.id(config)).or_else(|| self.id(live));
        let Some(wanted) = wanted.map(|id| id.object) else { return true };
        let own = ObjectKey::of(live);
        let same_namespace = own.namespace.is_empty() || own.namespace == wanted.namespace;
        (own.group, own.kind, own.name) == (wanted.group, wanted.kind, wanted.name) && same_namespace
    }
}

/// Returns a mark; none can be read where something else than texts stands beside it.
fn mark<'v>(object: &'v Value, section: &str, key: &str) -> Option<&'v str> {
    texts(object, section).ok()??.get(key)?.as_str()
}

/// Workloads carry the legacy label into their pods; selectors of very old ones are kept from taking it up.
fn label_template(object: &mut Value, value: &str) {
    let workload = matches!(
        (group_of(object), kind_of(object)),
        ("apps" | "extensions", "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet") | ("batch", "Job")
    );
    if !workload {
        return;
    }
    let old = object.get("apiVersion").and_then(Value::as_str).is_some_and(|v| v.ends_with("/v1beta1"));
    let Some(object) = object.as_map_mut() else { return };
    let spec = object.get_or_insert_with("spec", || Map::new().into());
    let Some(spec) = spec.as_map_mut() else { return };
    let template = spec.get_or_insert_with("template", || Map::new().into());
    let before = template.at(&["metadata", "labels"]).and_then(Value::as_map).cloned().unwrap_or_default();
    set_metadata(template, "labels", LEGACY_LABEL, value);
    let selects = spec.get("selector").and_then(Value::as_map).is_some_and(|selector| !selector.is_empty());
    if old && !selects {
        let mut others = before;
        others.remove(LEGACY_LABEL);
        spec.insert("selector", Map::from_iter([("matchLabels", others)]));
    }
}
