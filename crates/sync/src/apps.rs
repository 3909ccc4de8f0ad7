//! Applications that deploy Applications: in which order they come.

use crate::SyncError;
use ecow::EcoString;
use petgraph::algo::kosaraju_scc;
use petgraph::graph::{DiGraph, NodeIndex};
use std::collections::BTreeMap;

/// An Application and those that it deploys, by name (`namespace/name` where that is needed to tell them apart).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppOfApps {
    /// Its name.
    pub name: EcoString,
    /// The Applications among its resources, with their waves.
    pub children: Vec<(EcoString, i64)>,
}

/// Returns the applications so that each comes after the ones that deploy it: (depth, name), by depth, then wave, then name.
///
/// An application that deploys itself is not counted as its own child; larger circles are an error that names their members.
///
/// ```
/// use trueup_sync::{AppOfApps, application_order};
///
/// let root = AppOfApps { name: "root".into(), children: vec![("payment".into(), 1), ("database".into(), 0)] };
/// let order = application_order(&[root]).unwrap();
/// let names: Vec<&str> = order.iter().map(|(_, name)| name.as_str()).collect();
/// assert_eq!(names, ["root", "database", "payment"]);
/// ```
pub fn application_order(apps: &[AppOfApps]) -> Result<Vec<(usize, EcoString)>, SyncError> {
    let mut graph: DiGraph<EcoString, ()> = DiGraph::new();
    let mut nodes: BTreeMap<EcoString, NodeIndex> = BTreeMap::new();
    let mut waves: BTreeMap<EcoString, i64> = BTreeMap::new();
    let mut node = |graph: &mut DiGraph<EcoString, ()>, name: &EcoString| {
        *nodes.entry(name.clone()).or_insert_with(|| graph.add_node(name.clone()))
    };
    for app in apps {
        let parent = node(&mut graph, &app.name);
        for (child, wave) in app.children.iter().filter(|(child, _)| *child != app.name) {
            let child_node = node(&mut graph, child);
            graph.add_edge(parent, child_node, ());
            let known = waves.entry(child.clone()).or_insert(*wave);
            *known = (*known).max(*wave);
        }
    }
    // Components come children first; reversed, every parent comes before its children.
    let mut components = kosaraju_scc(&graph);
    components.reverse();
    let mut depths: BTreeMap<NodeIndex, usize> = BTreeMap::new();
    for members in components {
        let &[member] = members.as_slice() else {
            return Err(SyncError::ApplicationCycle(circle(&graph, &members)));
        };
        let depth = *depths.entry(member).or_default();
        for child in graph.neighbors(member) {
            let of_child = depths.entry(child).or_default();
            *of_child = (*of_child).max(depth + 1);
        }
    }
    let mut out: Vec<(usize, i64, EcoString)> = depths
        .into_iter()
        .filter_map(|(node, depth)| {
            let name = graph.node_weight(node)?.clone();
            Some((depth, waves.get(&name).copied().unwrap_or(0), name))
        })
        .collect();
    out.sort();
    Ok(out.into_iter().map(|(depth, _, name)| (depth, name)).collect())
}

/// Walks one circle through the members of a component, from the smallest name back to it.
fn circle(graph: &DiGraph<EcoString, ()>, members: &[NodeIndex]) -> Vec<EcoString> {
    let name = |node: &NodeIndex| graph.node_weight(*node).cloned().unwrap_or_default();
    let Some(start) = members.iter().copied().min_by_key(name) else { return Vec::new() };
    let inside: std::collections::BTreeSet<NodeIndex> = members.iter().copied().collect();
    let mut from: BTreeMap<NodeIndex, NodeIndex> = BTreeMap::new();
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(here) = queue.pop_front() {
        for next in graph.neighbors(here).filter(|next| inside.contains(next)) {
            if next == start {
                let mut path = vec![name(&start), name(&here)];
                let mut step = here;
                while let Some(before) = from.get(&step) {
                    path.push(name(before));
                    step = *before;
                }
                path.reverse();
                path.dedup();
                return path;
            }
            if next != here && !from.contains_key(&next) {
                from.insert(next, here);
                queue.push_back(next);
            }
        }
    }
    members.iter().map(name).collect()
}
