//! The Applications that a change reaches.

use super::graph::{Graph, Way, ancestors};
use super::terraform::Claimed;
use crate::preview::applications::{Declared, all};
use crate::{World, discover};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::argocd::{Application, ApplicationSource};
use trueup_manifest::{Diagnostic, EcoString, FileTree, join_path, normalize_path, split_path, to_value};
use trueup_source::SourceKind;
use trueup_sync::RESOURCES_FINALIZER;

/// Why a change concerns an Application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Reason {
    /// A source of it reads a changed file.
    Source,
    /// It says something else than before.
    Definition,
    /// It was not there before.
    Added,
    /// It is not there any more.
    Removed,
}

/// An Application that a change concerns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct AffectedApplication {
    /// Its name.
    pub name: EcoString,
    /// Its own namespace, empty for Argo CD's.
    pub namespace: EcoString,
    /// Why. Where it is changed itself, that counts more than its sources.
    pub reason: Reason,
    /// The changed file, then each directory that reads the one before; empty where no source reads a changed file.
    pub via: Vec<EcoString>,
    /// What declares it: a file, or an ApplicationSet and the row.
    pub origin: String,
    /// Whether it is removed, and its resources with it.
    pub deletes_resources: bool,
}

/// A tree, who reads what in it, and the Applications of the world in which it is.
pub(super) struct Side<'t> {
    tree: &'t FileTree,
    pub(super) graph: Graph,
    pub(super) reached: BTreeMap<EcoString, Way>,
    pub(super) terraform: Claimed,
    world: World,
    applications: BTreeMap<(EcoString, EcoString), Declared>,
}

impl<'t> Side<'t> {
    /// Puts a tree into the place of the other in a world.
    pub(super) fn new(
        tree: &'t FileTree,
        world: &World,
        other: &FileTree,
        changed: &[EcoString],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Self {
        let mut world = world.clone();
        for (_, known) in world.repositories.iter_mut().filter(|(_, known)| known.same(other)) {
            *known = tree.clone();
        }
        let discovered = discover(tree);
        diagnostics.extend(discovered.diagnostics.iter().cloned());
        let declared = all(&discovered, &world, diagnostics);
        let key = |declared: &Declared| {
            let meta = &declared.model.metadata;
            (meta.name.clone(), meta.namespace.clone())
        };
        let applications = declared.into_iter().map(|declared| (key(&declared), declared)).collect();
        let graph = Graph::of(tree);
        let reached = graph.reached(changed);
        Self { tree, graph, reached, terraform: Claimed::of(tree), world, applications }
    }

    /// The changed files that the sources of an Application read, the way to each of them with it.
    fn ways(&self, application: &Application, changed: &[EcoString]) -> Vec<Way> {
        let spec = &application.spec;
        let sources: Vec<&ApplicationSource> = match spec.sources.as_slice() {
            [] => spec.source.iter().collect(),
            sources => sources.iter().collect(),
        };
        let own = |source: &&&ApplicationSource| {
            self.world.repository(&source.repo_url).is_some_and(|tree| tree.same(self.tree))
        };
        let mut ways = Vec::new();
        for source in sources.iter().filter(own) {
            self.ways_of_source(source, changed, &mut ways);
        }
        ways.extend(self.ways_of_values(&sources, changed));
        ways
    }

    fn ways_of_source(&self, source: &ApplicationSource, changed: &[EcoString], ways: &mut Vec<Way>) {
        if !source.chart.is_empty() || (!source.r#ref.is_empty() && source.path.is_empty()) {
            return;
        }
        let Ok(directory) = normalize_path(&source.path) else { return };
        let resolved = self.tree.resolve(&directory).map_or_else(|_| directory.clone(), EcoString::from);
        ways.extend(self.reached.get(&resolved).cloned());
        let components = source.kustomize.iter().flat_map(|kustomize| &kustomize.components);
        for component in components.filter_map(|path| join_path(&resolved, path).ok()) {
            let reached = self.reached.get(&component).cloned();
            ways.extend(reached.map(|way| way.into_iter().chain([resolved.clone()]).collect()));
        }
        let kind = SourceKind::of(source, self.tree, &resolved).unwrap_or(SourceKind::Directory);
        let recurse = source.directory.as_ref().is_some_and(|options| options.recurse);
        let is_flat = kind == SourceKind::Directory && !recurse;
        for file in changed {
            let (above, name) = split_path(file);
            let is_override = above == resolved.as_str() && name.starts_with(".argocd-source");
            let is_inside = match kind {
                SourceKind::Kustomize => false,
                _ if is_flat => above == resolved.as_str(),
                _ => resolved.is_empty() || ancestors(file).any(|path| path == resolved.as_str()),
            };
            if is_override || is_inside {
                ways.push(vec![file.clone(), resolved.clone()]);
            }
        }
    }

    /// The values files of charts that are in this tree, by way of `$ref` or beside the chart.
    fn ways_of_values(&self, sources: &[&ApplicationSource], changed: &[EcoString]) -> Vec<Way> {
        let is_own = |url: &str| self.world.repository(url).is_some_and(|tree| tree.same(self.tree));
        let mut ways = Vec::new();
        for source in sources {
            let files = source.helm.iter().flat_map(|helm| {
                helm.value_files.iter().chain(helm.file_parameters.iter().map(|parameter| &parameter.path))
            });
            for file in files {
                let path = match file.strip_prefix('$').and_then(|rest| rest.split_once('/')) {
                    Some((name, rest)) => {
                        let referred = sources.iter().find(|other| other.r#ref == name);
                        referred
                            .filter(|other| is_own(&other.repo_url))
                            .and_then(|_| normalize_path(rest).ok())
                    }
                    None if is_own(&source.repo_url) => match file.strip_prefix('/') {
                        Some(rest) => normalize_path(rest).ok(),
                        None => join_path(&source.path, file).ok(),
                    },
                    None => None,
                };
                ways.extend(path.filter(|path| changed.contains(path)).map(|path| vec![path]));
            }
        }
        ways
    }
}

/// The Applications that changes concern, sorted by name, and the changed files that they read.
pub(super) fn affected(
    old: &Side<'_>,
    new: &Side<'_>,
    changed: &[EcoString],
) -> (Vec<AffectedApplication>, BTreeSet<EcoString>) {
    let mut read = BTreeSet::new();
    let mut found = Vec::new();
    let keys: BTreeSet<_> = old.applications.keys().chain(new.applications.keys()).collect();
    for key in keys {
        let (before, after) = (old.applications.get(key), new.applications.get(key));
        let mut ways: Vec<Way> = after.map(|app| new.ways(&app.model, changed)).unwrap_or_default();
        ways.extend(before.map(|app| old.ways(&app.model, changed)).unwrap_or_default());
        read.extend(ways.iter().filter_map(|way| way.first()).cloned());
        let via = ways.into_iter().min_by_key(Vec::len).unwrap_or_default();
        let Some(declared) = after.or(before) else { continue };
        let reason = match (before, after) {
            (None, _) => Reason::Added,
            (_, None) => Reason::Removed,
            (Some(before), Some(after)) if differs(&before.model, &after.model) => Reason::Definition,
            _ if !via.is_empty() => Reason::Source,
            _ => continue,
        };
        found.push(AffectedApplication {
            name: key.0.clone(),
            namespace: key.1.clone(),
            reason,
            via,
            origin: declared.origin.clone(),
            deletes_resources: reason == Reason::Removed && cascades(&declared.model),
        });
    }
    (found, read)
}

fn differs(before: &Application, after: &Application) -> bool {
    match (to_value(before), to_value(after)) {
        (Ok(before), Ok(after)) => before != after,
        _ => true,
    }
}

/// Whether what an Application deployed goes with it.
fn cascades(application: &Application) -> bool {
    application.metadata.finalizers.iter().any(|finalizer| finalizer.starts_with(RESOURCES_FINALIZER))
}
