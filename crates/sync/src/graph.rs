//! Who needs whom: the dependencies of a plan as a graph, and where they contradict the order.

use crate::hooks::Phase;
use crate::order::crd_kind;
use crate::plan::PlanStep;
use crate::task::Built;
use ecow::{EcoString, eco_format};
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use trueup_manifest::{ResourceKey, Value};

/// Why one object needs another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// It lives in that namespace.
    Namespace,
    /// It is of the kind that is defined there.
    Definition,
    /// Its pods run under that account.
    ServiceAccount,
    /// Its pods read it.
    Configuration,
    /// Its pods store data there.
    Storage,
    /// It binds that role.
    Role,
}

impl Need {
    fn verb(self) -> &'static str {
        match self {
            Self::Namespace => "lives in",
            Self::Definition => "is defined by",
            Self::ServiceAccount => "runs as",
            Self::Configuration => "reads",
            Self::Storage => "stores data in",
            Self::Role => "binds",
        }
    }
}

/// A circle: an object comes before one that it needs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Conflict {
    /// The object that comes too early.
    pub first: ResourceKey,
    /// Why it needs the other one.
    pub need: Need,
    /// The object that it needs.
    pub needed: ResourceKey,
    /// Why the order is as it is.
    pub because: EcoString,
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, needed) = (&self.first, &self.needed);
        write!(
            f,
            "{} {} {} {} {}, but {}",
            first.kind,
            first.name,
            self.need.verb(),
            needed.kind,
            needed.name,
            self.because
        )
    }
}

/// Finds the circles that needs and the order of groups make together.
///
/// Objects of one group do not wait for each other's health, so a need inside a group is no contradiction.
pub(crate) fn conflicts(built: &[Built], steps: &[PlanStep]) -> Vec<Conflict> {
    let needs = needs(built);
    let group = |index: usize| steps.get(index).map_or(0, |step| step.group);
    if !needs.iter().any(|(from, _, to)| group(*from) < group(*to)) {
        return Vec::new();
    }
    let mut graph: DiGraph<(), ()> = DiGraph::new();
    let nodes: Vec<NodeIndex> = steps.iter().map(|_| graph.add_node(())).collect();
    // A gate between two groups: everything after it waits for everything before it.
    let mut gates: BTreeMap<usize, NodeIndex> = BTreeMap::new();
    for (index, node) in nodes.iter().enumerate() {
        let here = group(index);
        let before = *gates.entry(here).or_insert_with(|| graph.add_node(()));
        let after = *gates.entry(here + 1).or_insert_with(|| graph.add_node(()));
        graph.add_edge(before, *node, ());
        graph.add_edge(*node, after, ());
    }
    for (from, _, to) in &needs {
        if let (Some(from), Some(to)) = (nodes.get(*from), nodes.get(*to)) {
            graph.add_edge(*to, *from, ());
        }
    }
    let mut circle: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for (number, members) in kosaraju_scc(&graph).into_iter().enumerate() {
        if members.len() > 1 {
            circle.extend(members.into_iter().map(|node| (node, number)));
        }
    }
    let mut found = Vec::new();
    for (from, need, to) in needs {
        let ends = (nodes.get(from).and_then(|n| circle.get(n)), nodes.get(to).and_then(|n| circle.get(n)));
        let (Some(a), Some(b)) = ends else { continue };
        let (Some(first), Some(needed)) = (steps.get(from), steps.get(to)) else { continue };
        if a == b && first.group < needed.group {
            found.push(Conflict {
                first: first.key.clone(),
                need,
                needed: needed.key.clone(),
                because: because(first, needed),
            });
        }
    }
    found
}

fn because(first: &PlanStep, needed: &PlanStep) -> EcoString {
    match first.phase == needed.phase {
        true => eco_format!("wave {} comes before wave {}", first.wave, needed.wave),
        false => eco_format!("{} comes before {}", first.phase, needed.phase),
    }
}

/// Returns who needs whom among the tasks: (who, why, whom).
fn needs(built: &[Built]) -> Vec<(usize, Need, usize)> {
    let mut places: BTreeMap<(&str, &str, &str, &str), usize> = BTreeMap::new();
    let mut namespaces: BTreeMap<&str, usize> = BTreeMap::new();
    let mut definitions: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let targets = || {
        let desired = built.iter().enumerate().filter(|(_, built)| built.task.phase != Phase::SyncFail);
        desired.filter_map(|(index, built)| Some((index, &built.task.key, built.target.as_ref()?)))
    };
    for (index, key, target) in targets() {
        places.entry((&key.group, &key.kind, &key.namespace, &key.name)).or_insert(index);
        if is_namespace(key) {
            namespaces.entry(&key.name).or_insert(index);
        }
        if key.kind == "CustomResourceDefinition"
            && let Some(kind) = crd_kind(target)
        {
            definitions.entry(kind).or_insert(index);
        }
    }
    let mut out = Vec::new();
    for (index, key, target) in targets() {
        let mut add = |need, to: Option<&usize>| {
            out.extend(to.filter(|to| **to != index).map(|to| (index, need, *to)));
        };
        if !is_namespace(key) {
            add(Need::Namespace, namespaces.get(key.namespace.as_str()));
        }
        add(Need::Definition, definitions.get(&(key.group.as_str(), key.kind.as_str())));
        for (need, group, kind, name) in references(&key.kind, target) {
            let namespace: &str = if kind == "ClusterRole" { "" } else { &key.namespace };
            let found = places.get(&(group, kind, namespace, name));
            // Cluster-scoped objects carry the application's namespace in memory.
            add(need, found.or_else(|| places.get(&(group, kind, key.namespace.as_str(), name))));
        }
    }
    out
}

/// Returns what an object names that must be there for it to become healthy.
fn references<'a>(kind: &str, target: &'a Value) -> Vec<(Need, &'a str, &'a str, &'a str)> {
    let mut out = Vec::new();
    if matches!(kind, "ConfigMap" | "Secret" | "Service" | "Namespace") {
        return out;
    }
    if kind.ends_with("RoleBinding")
        && let Some(role) = target.get("roleRef")
    {
        let text = |key| role.get(key).and_then(Value::as_str).unwrap_or_default();
        out.push((Need::Role, text("apiGroup"), text("kind"), text("name")));
    }
    let Some(pod) = pod_spec(kind, target) else { return out };
    let account = (Need::ServiceAccount, "ServiceAccount", pod, "serviceAccountName");
    let volumes = items(pod, "volumes").iter().flat_map(|volume| {
        [
            (Need::Configuration, "ConfigMap", volume.get("configMap"), "name"),
            (Need::Configuration, "Secret", volume.get("secret"), "secretName"),
            (Need::Storage, "PersistentVolumeClaim", volume.get("persistentVolumeClaim"), "claimName"),
        ]
    });
    let containers = || items(pod, "containers").iter().chain(items(pod, "initContainers"));
    let whole = containers().flat_map(|container| items(container, "envFrom")).flat_map(|source| {
        [
            (Need::Configuration, "ConfigMap", source.get("configMapRef"), "name"),
            (Need::Configuration, "Secret", source.get("secretRef"), "name"),
        ]
    });
    let single = containers().flat_map(|container| items(container, "env")).flat_map(|variable| {
        [
            (Need::Configuration, "ConfigMap", variable.at(&["valueFrom", "configMapKeyRef"]), "name"),
            (Need::Configuration, "Secret", variable.at(&["valueFrom", "secretKeyRef"]), "name"),
        ]
    });
    let named = volumes.chain(whole).chain(single);
    let named = named.filter_map(|(need, kind, from, field)| Some((need, kind, from?, field)));
    for (need, kind, from, field) in std::iter::once(account).chain(named) {
        let optional = from.get("optional").and_then(Value::as_bool) == Some(true);
        let name = from.get(field).and_then(Value::as_str).unwrap_or_default();
        if !name.is_empty() && !optional {
            out.push((need, "", kind, name));
        }
    }
    out
}

fn is_namespace(key: &ResourceKey) -> bool {
    key.kind == "Namespace" && key.group.is_empty()
}

fn pod_spec<'a>(kind: &str, target: &'a Value) -> Option<&'a Value> {
    match kind {
        "Pod" => target.get("spec"),
        "CronJob" => target.at(&["spec", "jobTemplate", "spec", "template", "spec"]),
        _ => target.at(&["spec", "template", "spec"]),
    }
}

fn items<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of.get(key).and_then(Value::as_seq).unwrap_or_default()
}
