//! Several ApplicationSets side by side: Applications that two of them claim, and objects that two Applications would track.

use crate::evaluate::{Evaluation, Generated};
use crate::facts::{Cluster, Facts};
use crate::generators::LOCAL_SERVER;
use crate::model::{items, text};
use crate::project::normalize_url;
use crate::validate::{destination_server, qualified_name};
use std::collections::BTreeMap;
use trueup_manifest::{Diagnostic, EcoString, Value};

/// An ApplicationSet's name with what it gives.
#[derive(Clone, Copy, Debug)]
pub struct SetEvaluation<'a> {
    /// The name of the ApplicationSet.
    pub name: &'a str,
    /// What it gives.
    pub evaluation: &'a Evaluation,
}

/// Finds where ApplicationSets get into each other's way.
///
/// Two that generate an Application of one name are an error (`appset/duplicate-name`): Argo CD lets the first keep it. Two
/// Applications with one source and one destination are a warning (`appset/shared-objects`): both track the same objects, and
/// pruning one removes what the other needs. The cluster that Argo CD runs in often has a second URL; where that is the only
/// difference the warning says so.
///
/// ```
/// use trueup_appset::{MemoryFacts, SetEvaluation, evaluate, overlaps};
///
/// let set = |name: &str| serde_json::from_value(serde_json::json!({
///     "metadata": {"name": name, "namespace": "argocd"},
///     "spec": {
///         "generators": [{"list": {"elements": [{"service": "cart"}]}}],
///         "template": {"metadata": {"name": format!("{name}-{{{{service}}}}")}, "spec": {
///             "project": "default", "source": {"repoURL": "https://git.example.com/config.git", "path": "services/{{service}}"},
///             "destination": {"name": "in-cluster", "namespace": "{{service}}"}}},
///     },
/// })).unwrap();
/// let facts = MemoryFacts::new().with_clusters([]);
/// let (one, two) = (evaluate(&set("one"), &facts)?, evaluate(&set("two"), &facts)?);
/// let sets = [SetEvaluation { name: "one", evaluation: &one }, SetEvaluation { name: "two", evaluation: &two }];
/// let found = overlaps(&sets, &facts);
/// assert_eq!(found[0].code, "appset/shared-objects");
/// assert!(found[0].message.contains("`one-cart` and `two-cart`"));
/// # Ok::<(), trueup_appset::Error>(())
/// ```
pub fn overlaps(sets: &[SetEvaluation<'_>], facts: &dyn Facts) -> Vec<Diagnostic> {
    let clusters = facts.clusters().known();
    let clusters = clusters.as_deref().unwrap_or_default();
    let all: Vec<(&str, &Generated)> = sets
        .iter()
        .flat_map(|set| set.evaluation.applications.iter().map(|generated| (set.name, generated)))
        .collect();
    let mut found = claimed_twice(&all);
    found.extend(tracked_twice(&all, clusters));
    found
}

/// Applications of one name from two sets; those of one set are found by its own evaluation.
fn claimed_twice(all: &[(&str, &Generated)]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<EcoString, (&str, &Generated)> = BTreeMap::new();
    let mut found = Vec::new();
    for (set, generated) in all {
        let name = qualified_name(&generated.application);
        match first.get(&name) {
            Some((other, one)) if other != set => found.push(
                Diagnostic::error(
                    "appset/duplicate-name",
                    format!("ApplicationSets `{other}` and `{set}` both generate Application `{name}`"),
                )
                .because(format!("in `{other}` it comes from {}", one.origin))
                .because(format!("in `{set}` it comes from {}", generated.origin))
                .help("Argo CD lets the one that creates it first keep it, and the other fails on every reconciliation"),
            ),
            Some(_) => {}
            None => _ = first.insert(name, (set, generated)),
        }
    }
    found
}

/// What decides which objects an Application has: repository, revision, path or chart, and the namespace.
type Place = (String, EcoString, EcoString, EcoString);

fn tracked_twice(all: &[(&str, &Generated)], clusters: &[Cluster]) -> Vec<Diagnostic> {
    let mut first: BTreeMap<Place, Vec<(&str, &Generated, String)>> = BTreeMap::new();
    let mut found = Vec::new();
    for (set, generated) in all {
        let application = &generated.application;
        let destination = application.at(&["spec", "destination"]).cloned().unwrap_or_default();
        let server = destination_server(&destination, clusters)
            .map(|server| server.to_string())
            .unwrap_or_else(|_| text(&destination, &["server"]).trim_end_matches('/').to_owned());
        for place in places(application) {
            let known = first.entry(place).or_default();
            let same = |(_, other, at): &&(&str, &Generated, String)| {
                other.name() != generated.name() && may_be_one(at, &server)
            };
            found.extend(known.iter().find(same).map(|other| shared(other, (set, generated, &server))));
            known.push((set, generated, server.clone()));
        }
    }
    found
}

fn places(application: &Value) -> impl Iterator<Item = Place> {
    let namespace = text(application, &["spec", "destination", "namespace"]);
    let many = items(application, &["spec", "sources"]);
    let one = application.at(&["spec", "source"]).filter(|_| many.is_empty());
    many.iter().chain(one).filter_map(move |source| {
        let (path, chart) = (text(source, &["path"]), text(source, &["chart"]));
        let what = if chart.is_empty() { path } else { chart };
        let revision = match text(source, &["targetRevision"]) {
            "" => "HEAD",
            revision => revision,
        };
        let repository = normalize_url(text(source, &["repoURL"]));
        // A source that only lends its files deploys nothing.
        (!what.is_empty()).then(|| (repository, revision.into(), what.into(), namespace.into()))
    })
}

/// The local cluster may be any other by a second name.
fn may_be_one(one: &str, other: &str) -> bool {
    one == other || one == LOCAL_SERVER || other == LOCAL_SERVER
}

fn shared(
    (set, one, at): &(&str, &Generated, String),
    (other_set, other, other_at): (&str, &Generated, &str),
) -> Diagnostic {
    let (name, other_name) = (one.name(), other.name());
    let namespace = text(&other.application, &["spec", "destination", "namespace"]);
    let message = match *at == other_at {
        true => format!(
            "Applications `{name}` and `{other_name}` deploy the same source to namespace `{namespace}` of `{at}`"
        ),
        false => format!(
            "Applications `{name}` and `{other_name}` deploy the same source to namespace `{namespace}` of `{at}` and of \
             `{other_at}`, which may be one cluster"
        ),
    };
    Diagnostic::warning("appset/shared-objects", message)
        .because(format!("`{name}` comes from {set}, {}", one.origin))
        .because(format!("`{other_name}` comes from {other_set}, {}", other.origin))
        .help("both track the same objects: each sync takes them over, and deleting one Application deletes them")
}
