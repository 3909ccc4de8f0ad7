//! What the AppProject of an Application permits, and when.

use crate::discover::Discovered;
use crate::world::World;
use std::collections::BTreeMap;
use trueup_manifest::argocd::{AppProject, Application};
use trueup_manifest::{Diagnostic, EcoString, Value};
use trueup_sync::{
    Cluster, Scope, WindowQuestion, can_sync, matching_windows, spec_violations, sync_permitted,
};

/// The AppProjects that the repository has; another one may exist in the cluster and is not judged.
pub(super) struct Projects<'d>(BTreeMap<&'d str, &'d AppProject>);

impl<'d> Projects<'d> {
    pub(super) fn new(discovered: &'d Discovered) -> Self {
        let named =
            |found: &'d crate::Found<AppProject>| (found.object.metadata.name.as_str(), &found.object);
        Self(discovered.projects.iter().map(named).collect())
    }

    pub(super) fn of(&self, application: &Application) -> Option<&'d AppProject> {
        let name = application.spec.project.as_str();
        self.0.get(if name.is_empty() { "default" } else { name }).copied()
    }
}

/// The clusters that belong to a project alone.
pub(super) fn own_clusters(world: &World, project: &AppProject) -> Vec<Cluster> {
    let own = world.clusters.iter().filter(|cluster| cluster.project == project.metadata.name);
    own.map(sync_cluster).collect()
}

pub(super) fn sync_cluster(cluster: &crate::world::Cluster) -> Cluster {
    Cluster { server: cluster.server.clone(), name: cluster.name.clone() }
}

/// Why the project does not permit the Application as a whole: its sources and its destination.
pub(super) fn violations(
    world: &World,
    project: &AppProject,
    application: &Application,
    cluster: Option<&crate::world::Cluster>,
) -> Vec<Diagnostic> {
    let destination = &application.spec.destination;
    let cluster = cluster.map_or_else(
        || Cluster { server: destination.server.clone(), name: destination.name.clone() },
        sync_cluster,
    );
    let found = spec_violations(project, &application.spec, &cluster, &own_clusters(world, project));
    let diagnostic = |message: EcoString| {
        Diagnostic::error("trueup/not-permitted", message.to_string())
            .because(format!("reached from Application `{}`", application.metadata.name))
    };
    found.into_iter().map(diagnostic).collect()
}

/// Tells whether a project permits a live object, by its kind and place.
pub(super) fn permits(
    world: &World,
    project: &AppProject,
    cluster: &crate::world::Cluster,
    object: &Value,
) -> bool {
    let namespaced = object.at(&["metadata", "namespace"]).is_some();
    let scope = if namespaced { Scope::Namespaced } else { Scope::Cluster };
    sync_permitted(project, &sync_cluster(cluster), object, &scope, &own_clusters(world, project)).is_ok()
}

/// Why the sync windows of the project keep the Application from being synced now, if they do.
pub(super) fn window(project: &AppProject, application: &Application, now: Option<i64>) -> Option<String> {
    let windows = matching_windows(&project.spec.sync_windows, application);
    if windows.is_empty() {
        return None;
    }
    let Some(now) = now else {
        return Some("it has sync windows, and nobody said what time it is".to_owned());
    };
    let ask = |manual| can_sync(&windows, WindowQuestion { manual, now, operation_started_at: None });
    match (ask(false), ask(true)) {
        (Ok(true), _) => None,
        (Ok(false), Ok(true)) => Some("a sync window permits only manual syncs now".to_owned()),
        (Ok(false), _) => Some("a sync window permits no sync now".to_owned()),
        (Err(error), _) => Some(error.to_string()),
    }
}
