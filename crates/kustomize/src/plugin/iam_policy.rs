//! `IAMPolicyGenerator`: a service account of Kubernetes that stands for one of Google Cloud.

use super::read::fields;
use crate::decode::{At, Decoded, object, string, string_of};
use crate::error::{Error, ErrorKind, Result};
use crate::resource::Resource;
use ecow::EcoString;
use trueup_manifest::{Map, Value};

/// What the generator is told.
#[derive(Debug, Default)]
pub(super) struct IamPolicy {
    cloud: EcoString,
    /// The name and namespace in Kubernetes.
    service: (EcoString, EcoString),
    /// The name and project in the cloud.
    account: (EcoString, EcoString),
}

impl IamPolicy {
    /// Reads the plugin's document.
    pub(super) fn of(document: &Value) -> Result<Self> {
        let mut policy = Self::default();
        fields(document, |field, value, at| {
            let at = &at.inside("IAMPolicyGeneratorArgs");
            match field {
                "cloud" => string_of(value, at, "types.Cloud", &mut policy.cloud),
                "kubernetesservice" => {
                    pair(value, &at.typed("KubernetesService"), "namespace", &mut policy.service)
                }
                "serviceaccount" => {
                    pair(value, &at.typed("ServiceAccount"), "projectid", &mut policy.account)
                }
                _ => Ok(false),
            }
        })?;
        Ok(policy)
    }

    /// Makes the service account.
    ///
    /// # Errors
    /// For any other cloud than `gke`.
    pub(super) fn generate(&self) -> Result<Resource> {
        if self.cloud != "gke" {
            let message = format!("cloud provider {} not supported yet", self.cloud);
            return Err(Error::new(ErrorKind::Generator, message));
        }
        let account = format!("{}@{}.iam.gserviceaccount.com", self.account.0, self.account.1);
        let annotations = Map::from_iter([("iam.gke.io/gcp-service-account", account)]);
        let mut meta = Map::from_iter([("annotations", annotations)]);
        meta.insert("name", self.service.0.clone());
        if !self.service.1.is_empty() {
            meta.insert("namespace", self.service.1.clone());
        }
        let mut root = Map::from_iter([("apiVersion", "v1"), ("kind", "ServiceAccount")]);
        root.insert("metadata", meta);
        Ok(Resource::new(root.into()))
    }
}

/// Reads an object of a name and another text.
fn pair(value: &Value, at: &At<'_>, other: &str, into: &mut (EcoString, EcoString)) -> Decoded<bool> {
    object(value, at, |field, value, at| match field {
        "name" => string(value, at, &mut into.0),
        _ if field == other => string(value, at, &mut into.1),
        _ => Ok(false),
    })?;
    Ok(true)
}
