//! Validation: which generated Applications may be written.

use crate::evaluate::Evaluation;
use crate::facts::{Cluster, Fact, Facts, Need};
use crate::generators::{LOCAL_NAME, LOCAL_SERVER};
use crate::model::text;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{EcoString, Value};

/// What is wrong with generated Applications, and what could not be looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Validation {
    /// The errors by qualified name (`namespace/name`). All Applications of such a name are left out.
    pub errors: BTreeMap<EcoString, String>,
    /// Why Applications could not be validated, by qualified name.
    pub unknown: BTreeMap<EcoString, String>,
}

impl Validation {
    /// Returns the message that Argo CD puts into the status, if there are errors: the last one, and how many more there are.
    pub fn message(&self) -> Option<String> {
        let last = self.errors.values().next_back()?;
        Some(match self.errors.len() {
            1 => last.clone(),
            count => format!("{last} (and {} more)", count - 1),
        })
    }
}

/// Validates what an evaluation generated: names, projects, destinations.
pub fn validate(set_name: &str, evaluation: &Evaluation, facts: &dyn Facts) -> Validation {
    validate_applications(
        set_name,
        evaluation.applications.iter().map(|generated| &generated.application),
        facts,
    )
}

/// Lists the facts that [`validate`] asks for and that are not known yet: the clusters and the projects of the Applications.
pub fn validation_needs(evaluation: &Evaluation, facts: &dyn Facts) -> Vec<Need> {
    let mut needs = Vec::new();
    if matches!(facts.clusters(), Fact::Unknown(_)) {
        needs.push(Need::Clusters);
    }
    let projects: BTreeSet<&str> =
        evaluation.applications.iter().map(|it| text(&it.application, &["spec", "project"])).collect();
    let unknown = projects.into_iter().filter(|name| matches!(facts.project(name), Fact::Unknown(_)));
    needs.extend(unknown.map(|name| Need::Project { name: name.into() }));
    needs
}

/// Validates Applications that an ApplicationSet of this name generated.
pub fn validate_applications<'a>(
    set_name: &str,
    applications: impl IntoIterator<Item = &'a Value>,
    facts: &dyn Facts,
) -> Validation {
    let clusters = facts.clusters();
    let mut validation = Validation::default();
    let mut seen = BTreeSet::new();
    let mut projects: BTreeMap<&str, Fact<bool>> = BTreeMap::new();
    for application in applications {
        let name = text(application, &["metadata", "name"]);
        let key = qualified_name(application);
        let project = text(application, &["spec", "project"]);
        let result = if name.is_empty() {
            Err(format!(
                "ApplicationSet {set_name} contains an application with no name; a name must be set in the template's \
                 metadata.name or via a templatePatch (generateName is not supported)"
            ))
        } else if !seen.insert(name) {
            Err(format!("ApplicationSet {set_name} contains applications with duplicate name: {name}"))
        } else {
            let known =
                projects.entry(project).or_insert_with(|| facts.project(project).map(|it| it.is_some()));
            match known {
                Fact::Known(false) => {
                    Err(format!("application references project {project} which does not exist"))
                }
                Fact::Known(true) => destination(application, &clusters),
                Fact::Unknown(reason) => Ok(Some(format!("project {project}: {reason}"))),
            }
        };
        match result {
            Ok(None) => {}
            Ok(Some(reason)) => _ = validation.unknown.insert(key, reason),
            Err(message) => _ = validation.errors.insert(key, message),
        }
    }
    validation
}

fn destination(
    application: &Value,
    clusters: &Fact<std::sync::Arc<[Cluster]>>,
) -> Result<Option<String>, String> {
    match clusters {
        Fact::Unknown(reason) => Ok(Some(format!("clusters: {reason}"))),
        Fact::Known(clusters) => {
            let spec = application.at(&["spec", "destination"]).cloned().unwrap_or_default();
            destination_server(&spec, clusters)
                .map(|_| None)
                .map_err(|error| format!("application destination spec is invalid: {error}"))
        }
    }
}

/// Returns the URL of a destination's cluster.
///
/// # Errors
/// Argo CD's words for a destination that is ambiguous, incomplete or not known.
pub(crate) fn destination_server(destination: &Value, clusters: &[Cluster]) -> Result<EcoString, String> {
    let (server, name) = (text(destination, &["server"]), text(destination, &["name"]));
    let has_local = clusters.iter().any(|cluster| cluster.server == LOCAL_SERVER);
    match (server, name) {
        ("", "") => Err("Destination server missing from app spec".to_owned()),
        (server, "") => {
            let wanted = server.trim_end_matches('/');
            let mut known = clusters.iter().map(|cluster| cluster.server.trim_end_matches('/'));
            if known.any(|known| known == wanted) || wanted == LOCAL_SERVER {
                return Ok(wanted.into());
            }
            let quoted = crate::quote(server);
            Err(format!(
                "error getting cluster by server {quoted}: rpc error: code = NotFound desc = cluster \"{wanted}\" not found"
            ))
        }
        ("", name) => {
            let known =
                clusters.iter().filter(|cluster| cluster.name == name).map(|cluster| cluster.server.as_str());
            let mut servers: Vec<&str> = known.collect();
            if name == LOCAL_NAME && !has_local {
                servers.push(LOCAL_SERVER);
            }
            match servers.as_slice() {
                [] => Err(format!("there are no clusters with this name: {name}")),
                [server] => Ok(server.trim_end_matches('/').into()),
                _ => Err(format!(
                    "there are {} clusters with the same name: [{}]",
                    servers.len(),
                    servers.join(" ")
                )),
            }
        }
        (server, name) => {
            Err(format!("application destination can't have both name and server defined: {name} {server}"))
        }
    }
}

/// Returns `namespace/name`, or the name without a namespace.
pub(crate) fn qualified_name(application: &Value) -> EcoString {
    let (namespace, name) =
        (text(application, &["metadata", "namespace"]), text(application, &["metadata", "name"]));
    if namespace.is_empty() { name.into() } else { ecow::eco_format!("{namespace}/{name}") }
}
