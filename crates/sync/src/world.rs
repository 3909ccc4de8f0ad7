//! What the host knows and the engine asks: scopes, permissions, health, ownership.

use crate::Settings;
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use trueup_manifest::argocd::ManagedNamespaceMetadata;
use trueup_manifest::{Gvk, Map, ResourceKey, Value};

/// Whether the objects of a kind live in namespaces.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// They do.
    Namespaced,
    /// They do not.
    Cluster,
    /// It cannot be told; the kind exists.
    Unknown,
    /// The server does not know the kind; holds its message.
    Missing(EcoString),
    /// The server could not be asked; holds the error.
    Failed(EcoString),
}

/// How an object is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum HealthStatus {
    /// As it should be.
    Healthy,
    /// Not there yet.
    Progressing,
    /// Stopped on purpose.
    Suspended,
    /// Failed.
    Degraded,
    /// Not there.
    Missing,
    /// Could not be told.
    Unknown,
    /// Something a custom check made up.
    Other(EcoString),
}

impl HealthStatus {
    /// Returns the status of a word.
    pub fn parse(word: &str) -> Self {
        match word {
            "Healthy" => Self::Healthy,
            "Progressing" => Self::Progressing,
            "Suspended" => Self::Suspended,
            "Degraded" => Self::Degraded,
            "Missing" => Self::Missing,
            "Unknown" => Self::Unknown,
            other => Self::Other(other.into()),
        }
    }

    /// Returns how bad it is; larger is worse.
    pub(crate) fn rank(&self) -> u8 {
        match self {
            Self::Healthy => 0,
            Self::Suspended => 1,
            Self::Progressing => 2,
            Self::Missing => 3,
            Self::Degraded => 4,
            Self::Unknown => 5,
            Self::Other(_) => 6,
        }
    }
}

/// How an object is doing, and what it says about that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// How it is doing.
    pub status: HealthStatus,
    /// What it says.
    pub message: EcoString,
}

impl Health {
    /// Returns a health without a message.
    pub fn new(status: HealthStatus) -> Self {
        Self { status, message: EcoString::new() }
    }
}

/// What the host knows of the cluster and the project.
///
/// Every method has an answer that is safe when nothing is known; the answers must depend on nothing but the arguments.
pub trait World {
    /// Returns whether the objects of a kind live in namespaces.
    fn scope(&self, gvk: &Gvk) -> Scope {
        builtin_scope(gvk)
    }

    /// Returns why the project does not permit an object, if it does not.
    fn permitted(&self, object: &Value, namespaced: bool) -> Result<(), EcoString> {
        let _ = (object, namespaced);
        Ok(())
    }

    /// Returns how a live object is doing; nothing if there is no check for it, an error if the check failed.
    fn health(&self, live: &Value) -> Result<Option<Health>, EcoString> {
        let _ = live;
        Ok(None)
    }

    /// Returns true if a live object belongs to the application. What it does not own is neither changed nor deleted.
    ///
    /// Unless it is overridden, an object without a target is nobody's, so nothing is ever pruned.
    fn owns(&self, live: &Value, target: Option<&Value>) -> bool {
        let _ = live;
        target.is_some()
    }

    /// Returns whether a comparison found a resource modified; nothing if it was not compared.
    fn modified(&self, key: &ResourceKey) -> Option<bool> {
        let _ = key;
        None
    }

    /// Completes the namespace that is created, and returns whether it is to be written.
    fn modify_namespace(
        &self,
        settings: &Settings,
        namespace: &mut Value,
        live: Option<&Value>,
    ) -> Result<bool, EcoString> {
        Ok(managed_namespace(settings.namespace_metadata.as_ref(), namespace, live))
    }
}

/// A world that knows the built-in kinds and nothing else.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoWorld;

impl World for NoWorld {}

/// Returns the scope of a built-in kind; a kind of another group is taken for namespaced.
pub fn builtin_scope(gvk: &Gvk) -> Scope {
    const CLUSTER: [(&str, &[&str]); 16] = [
        ("", &["Namespace", "Node", "PersistentVolume", "ComponentStatus"]),
        ("admissionregistration.k8s.io", &[]),
        ("apiextensions.k8s.io", &["CustomResourceDefinition"]),
        ("apiregistration.k8s.io", &["APIService"]),
        ("certificates.k8s.io", &["CertificateSigningRequest", "ClusterTrustBundle"]),
        ("authentication.k8s.io", &["TokenReview", "SelfSubjectReview"]),
        (
            "authorization.k8s.io",
            &["SubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview"],
        ),
        ("flowcontrol.apiserver.k8s.io", &["FlowSchema", "PriorityLevelConfiguration"]),
        ("networking.k8s.io", &["IngressClass", "IPAddress", "ServiceCIDR"]),
        ("node.k8s.io", &["RuntimeClass"]),
        ("policy", &["PodSecurityPolicy"]),
        ("rbac.authorization.k8s.io", &["ClusterRole", "ClusterRoleBinding"]),
        ("resource.k8s.io", &["DeviceClass", "ResourceSlice"]),
        ("scheduling.k8s.io", &["PriorityClass"]),
        (
            "storage.k8s.io",
            &["StorageClass", "VolumeAttachment", "CSIDriver", "CSINode", "VolumeAttributesClass"],
        ),
        ("internal.apiserver.k8s.io", &["StorageVersion"]),
    ];
    let known = CLUSTER.iter().find(|(group, _)| *group == gvk.group);
    let whole_group = gvk.group == "admissionregistration.k8s.io";
    match known {
        Some((_, kinds)) if whole_group || kinds.contains(&gvk.kind.as_str()) => Scope::Cluster,
        _ => Scope::Namespaced,
    }
}

/// Completes the manifest of an application's namespace, and returns whether it is to be written.
///
/// It is when the namespace is absent, or when the application manages its metadata.
pub fn managed_namespace(
    metadata: Option<&ManagedNamespaceMetadata>,
    namespace: &mut Value,
    live: Option<&Value>,
) -> bool {
    let Some(managed) = metadata else { return live.is_none() };
    let strings = |map: &std::collections::BTreeMap<EcoString, EcoString>| {
        map.iter().map(|(key, value)| (key.clone(), Value::from(value.clone()))).collect::<Map>()
    };
    let mut annotations = strings(&managed.annotations);
    annotations.insert(crate::hooks::SYNC_OPTIONS, "ServerSideApply=true");
    let labels = strings(&managed.labels);
    let Some(object) = namespace.as_map_mut() else { return true };
    let slot = object.get_or_insert_with("metadata", || Map::new().into());
    if let Some(slot) = slot.as_map_mut() {
        if labels.is_empty() {
            slot.remove("labels");
        } else {
            slot.insert("labels", labels);
        }
        slot.insert("annotations", annotations);
    }
    true
}
