//! When an object is restored.

use trueup_manifest::{Object, Value};

/// When an object is restored, first things first: settings, what Applications may do, how repositories and clusters are reached, what makes
/// Applications, and the Applications that nothing makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The ConfigMaps of Argo CD.
    ConfigMaps,
    /// AppProjects.
    Projects,
    /// Secrets with repositories, clusters and settings.
    Secrets,
    /// ApplicationSets.
    ApplicationSets,
    /// Applications.
    Applications,
}

impl Stage {
    /// Returns the name: `config-maps`, `projects`, `secrets`, `application-sets` or `applications`.
    pub fn name(self) -> &'static str {
        match self {
            Self::ConfigMaps => "config-maps",
            Self::Projects => "projects",
            Self::Secrets => "secrets",
            Self::ApplicationSets => "application-sets",
            Self::Applications => "applications",
        }
    }
}

/// The ConfigMaps that are Argo CD's.
const CONFIG_MAPS: [&str; 6] = [
    "argocd-cm",
    "argocd-rbac-cm",
    "argocd-cmd-params-cm",
    "argocd-ssh-known-hosts-cm",
    "argocd-tls-certs-cm",
    "argocd-gpg-keys-cm",
];

/// Returns when an object is restored; nothing for one that is not Argo CD's own.
///
/// ConfigMaps and Secrets count by their names and labels, wherever they are.
pub fn stage_of(value: &Value) -> Option<Stage> {
    let object = Object::new(value);
    match (object.group(), object.kind()) {
        ("", "ConfigMap") => CONFIG_MAPS.contains(&object.name()).then_some(Stage::ConfigMaps),
        ("", "Secret") => {
            let is_typed = object.label("argocd.argoproj.io/secret-type").is_some();
            (is_typed || object.name() == "argocd-secret").then_some(Stage::Secrets)
        }
        ("argoproj.io", "AppProject") => Some(Stage::Projects),
        ("argoproj.io", "ApplicationSet") => Some(Stage::ApplicationSets),
        ("argoproj.io", "Application") => Some(Stage::Applications),
        _ => None,
    }
}
