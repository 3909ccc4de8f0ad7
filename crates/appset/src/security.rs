//! What a reviewer should know about what was generated: who decides about projects, and what is outside of them.

use crate::evaluate::Evaluation;
use crate::facts::{Cluster, Fact, Facts};
use crate::model::{items, text};
use crate::project::{is_destination_permitted, is_source_permitted};
use std::collections::BTreeMap;
use std::sync::Arc;
use trueup_manifest::argocd::AppProject;
use trueup_manifest::{Diagnostic, Value};

/// Adds diagnostics about projects and names to an evaluation.
pub(crate) fn inspect(set: &Value, facts: &dyn Facts, evaluation: &mut Evaluation) {
    let project = text(set, &["spec", "template", "spec", "project"]);
    if project.contains("{{") {
        evaluation.diagnostics.push(
            Diagnostic::warning("appset/templated-project", format!("`spec.template.spec.project` is templated: `{project}`"))
                .because("whoever can change the parameters chooses the project and with it what may be deployed where")
                .because("commit signatures of git generators are not checked, and only unscoped credentials are used")
                .help("write the project down, or make sure that only administrators control the generators' inputs"),
        );
    }
    let clusters = facts.clusters().known();
    let mut projects: BTreeMap<String, Option<Arc<AppProject>>> = BTreeMap::new();
    let mut first_with: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (index, generated) in evaluation.applications.iter().enumerate() {
        let name = generated.name();
        if let Some(first) = first_with.get(name).filter(|_| !name.is_empty()) {
            let other = evaluation.applications.get(*first).map(|other| other.origin.to_string());
            let diagnostic =
                Diagnostic::error("appset/duplicate-name", format!("two Applications are named `{name}`"))
                    .because(format!("one comes from {}", other.unwrap_or_default()))
                    .because(format!("the other comes from {}", generated.origin))
                    .help("Argo CD creates and updates neither of them");
            found.push(diagnostic);
        }
        first_with.entry(name).or_insert(index);
        let project = text(&generated.application, &["spec", "project"]);
        let known = projects.entry(project.to_owned()).or_insert_with(|| match facts.project(project) {
            Fact::Known(project) => project,
            Fact::Unknown(_) => None,
        });
        if let Some(project) = known {
            let outside = outside(&generated.application, project, clusters.as_deref());
            found.extend(outside.map(|what| {
                let message =
                    format!("Application `{name}` is outside of project `{}`: {what}", project.metadata.name);
                Diagnostic::warning("appset/outside-project", message)
                    .because(format!("it comes from {}", generated.origin))
            }));
        }
    }
    evaluation.diagnostics.extend(found);
}

/// Says what of an Application its project does not permit.
fn outside<'a>(
    application: &'a Value,
    project: &'a AppProject,
    clusters: Option<&'a [Cluster]>,
) -> impl Iterator<Item = String> + use<'a> {
    let many = items(application, &["spec", "sources"]);
    let one = application.at(&["spec", "source"]).filter(|_| many.is_empty());
    let sources = many.iter().chain(one).map(|source| text(source, &["repoURL"]));
    let refused = sources.filter(|url| !url.is_empty() && !is_source_permitted(project, url));
    let refused = refused.map(|url| format!("source `{url}` is not permitted"));
    let destination = application.at(&["spec", "destination"]);
    let destination = destination.filter(|it| !is_destination_permitted(project, it, clusters)).map(|it| {
        let (server, name) = (text(it, &["server"]), text(it, &["name"]));
        let cluster = if server.is_empty() { name } else { server };
        format!("destination `{cluster}` namespace `{}` is not permitted", text(it, &["namespace"]))
    });
    refused.chain(destination)
}
