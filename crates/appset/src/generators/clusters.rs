//! The cluster generator.

use super::{Context, Sets, row, values};
use crate::error::Failure;
use crate::facts::{Cluster, Need};
use crate::model::{flag, items, map};
use crate::names::normalize;
use crate::parameters::{Parameters, Row, string};
use std::collections::BTreeMap;
use trueup_manifest::argocd::LabelSelector;
use trueup_manifest::{EcoString, Selector, Value, from_value};
use trueup_template::{Elem, List, Map, Value as GoValue};

/// The label of cluster secrets.
const SECRET_TYPE: &str = "argocd.argoproj.io/secret-type";
/// The name of the cluster that Argo CD runs in.
pub(crate) const LOCAL_NAME: &str = "in-cluster";
/// Its URL.
pub(crate) const LOCAL_SERVER: &str = "https://kubernetes.default.svc";

pub(super) fn generate(context: &Context<'_>, section: &Value, path: &EcoString) -> Sets {
    let selector = selector(section).map_err(|error| {
        Failure::new(format!("error getting cluster secrets: error converting label selector: {error}"))
    })?;
    let all = context.require(context.facts.clusters(), || Need::Clusters)?;
    let mut by_name: BTreeMap<&EcoString, &Cluster> = BTreeMap::new();
    for cluster in all.iter().filter(|cluster| is_selected(&selector, cluster)) {
        by_name.insert(&cluster.name, cluster);
    }
    let mut sets = Vec::new();
    for cluster in by_name.values() {
        let mut parameters = parameters(cluster, context.is_go());
        values::append(&mut parameters, section, context.renderer)
            .map_err(|failure| failure.within("error appending templated values for cluster: "))?;
        sets.push(row(path, Row::Cluster { name: cluster.name.clone() }, parameters));
    }
    let no_labels = map(section, &["selector", "matchLabels"]).is_none_or(|labels| labels.is_empty());
    let selects_all = no_labels && items(section, &["selector", "matchExpressions"]).is_empty();
    if selects_all && by_name.values().all(|cluster| cluster.server != LOCAL_SERVER) {
        let texts =
            [("name", LOCAL_NAME), ("nameNormalized", LOCAL_NAME), ("server", LOCAL_SERVER), ("project", "")];
        let mut parameters = Parameters::from_iter(texts.map(|(name, text)| (name, string(text))));
        values::append(&mut parameters, section, context.renderer)
            .map_err(|failure| failure.within("error appending templated values for local cluster: "))?;
        sets.push(row(path, Row::Cluster { name: LOCAL_NAME.into() }, parameters));
    }
    if flag(section, &["flatList"]) {
        let maps = sets.iter().map(|set| GoValue::Map(set.parameters.map().clone())).collect();
        let list = GoValue::List(List::of(Elem::AnyMap, maps));
        return Ok(vec![row(path, Row::Clusters, Parameters::from_iter([("clusters", list)]))]);
    }
    Ok(sets)
}

fn selector(section: &Value) -> Result<Selector, String> {
    let document = section.get("selector").cloned().unwrap_or_default();
    let document: LabelSelector = match document.is_null() {
        true => LabelSelector::default(),
        false => from_value(&document).map_err(|error| error.to_string())?,
    };
    Selector::from_document(&document).map_err(|error| error.to_string())
}

fn is_selected(selector: &Selector, cluster: &Cluster) -> bool {
    selector.matches(|key| match key {
        SECRET_TYPE => Some("cluster"),
        key => cluster.labels.get(key).map(EcoString::as_str),
    })
}

fn parameters(cluster: &Cluster, go: bool) -> Parameters {
    let mut parameters = Parameters::new();
    parameters.set("name", string(cluster.name.clone()));
    parameters.set("nameNormalized", string(normalize(&cluster.name)));
    parameters.set("server", string(cluster.server.clone()));
    parameters.set("project", string(cluster.project.clone()));
    let sections = [("annotations", &cluster.annotations), ("labels", &cluster.labels)];
    if go {
        let metadata = Map::new();
        for (name, entries) in sections.iter().filter(|(_, entries)| !entries.is_empty()) {
            let entries = entries.iter().map(|(key, value)| (key.clone(), value.clone()));
            metadata.insert(*name, GoValue::string_map(entries));
        }
        parameters.set("metadata", GoValue::Map(metadata));
    } else {
        for (name, entries) in sections {
            for (key, value) in entries {
                parameters.set(format!("metadata.{name}.{key}"), string(value.clone()));
            }
        }
    }
    parameters
}
