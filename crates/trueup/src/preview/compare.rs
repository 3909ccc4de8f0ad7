//! One Application: rendered, compared with what runs, and planned.

use super::applications::Declared;
use super::live::LiveIndex;
use crate::report::{
    Action, ApplicationReport, FieldReport, IgnoredReport, ResourceReport, StepReport, SyncState,
};
use crate::world::{Cluster, World, normalize_url};
use std::collections::BTreeMap;
use trueup_diff::rules::{IgnoreRule, RuleNote, Settings};
use trueup_diff::{Comparison, Options, Resource, State, SyncStatus, compare, desired_set, mask};
use trueup_kustomize::Renderer;
use trueup_manifest::argocd::{Application, SyncOperation};
use trueup_manifest::{Cancel, Diagnostic, EcoString, FileTree, Object, Pointer, ResourceKey, Value};
use trueup_source::Repositories;
use trueup_sync::{Observation, PlanAction, Reason, reconcile};

/// What all Applications share: renderers with their memory, live objects with their indexes.
pub(super) struct Comparer<'w> {
    world: &'w World,
    settings: &'w Settings,
    source: trueup_source::Options,
    renderers: BTreeMap<String, Renderer>,
    live: BTreeMap<&'w str, LiveIndex<'w>>,
}

impl Repositories for Comparer<'_> {
    fn tree(&self, url: &str, _: &str) -> Option<&FileTree> {
        self.world.repository(url)
    }

    fn renderer(&self, url: &str, _: &str) -> Option<&Renderer> {
        self.renderers.get(&normalize_url(url))
    }
}

impl<'w> Comparer<'w> {
    pub(super) fn new(world: &'w World, settings: &'w Settings, cancel: &Cancel) -> Self {
        let mut source = trueup_source::Options::default();
        source.cancel = cancel.clone();
        let renderer = |tree: &FileTree| Renderer::new(tree.clone(), trueup_kustomize::Options::default());
        let renderers = world.repositories.iter().map(|(url, tree)| (normalize_url(url), renderer(tree)));
        let index = |objects| LiveIndex::new(objects, &settings.tracking);
        let known = world
            .clusters
            .iter()
            .filter_map(|cluster| Some((cluster.server.as_str(), cluster.live.as_deref()?)));
        let live = known.map(|(server, objects)| (server, index(objects))).collect();
        Self { world, settings, source, renderers: renderers.collect(), live }
    }

    /// Returns how many objects an Application has, and its report.
    pub(super) fn report(&self, declared: &Declared) -> (usize, ApplicationReport) {
        let application = &declared.model;
        let destination = &application.spec.destination;
        let cluster = self.world.cluster(&destination.server, &destination.name);
        let mut report = ApplicationReport {
            name: application.metadata.name.clone(),
            project: application.spec.project.clone(),
            cluster: cluster.map_or_else(|| destination.server.clone(), |cluster| cluster.name.clone()),
            namespace: destination.namespace.clone(),
            origin: declared.origin.clone(),
            ..ApplicationReport::default()
        };
        let manifests = match trueup_source::render(application, self, &self.source) {
            Ok(rendered) => {
                report.diagnostics.extend(rendered.warnings);
                rendered.manifests.into_iter().map(|manifest| manifest.value).collect::<Vec<_>>()
            }
            Err(error) => {
                report.diagnostics.extend(error.diagnostics());
                return (0, report);
            }
        };
        match cluster.and_then(|cluster| self.live.get(cluster.server.as_str()).map(|live| (cluster, live))) {
            Some((_, live)) => self.compare(application, &manifests, live, &mut report),
            None => report.diagnostics.push(unknown_cluster(cluster, application)),
        }
        (manifests.len(), report)
    }

    fn compare(
        &self,
        application: &Application,
        manifests: &[Value],
        live: &LiveIndex<'_>,
        report: &mut ApplicationReport,
    ) {
        let name = application.metadata.name.as_str();
        let namespace = application.spec.destination.namespace.as_str();
        let tracking = &self.settings.tracking;
        let desired = desired_set(manifests, name, namespace, tracking, None);
        report.diagnostics.extend(desired.diagnostics);
        let namespace = live.namespace(namespace).cloned();
        let live = live.of(name, &desired.objects);
        let ignores = application.spec.ignore_differences.iter().map(|rule| IgnoreRule {
            group: rule.group.clone(),
            kind: rule.kind.clone(),
            name: rule.name.clone(),
            namespace: rule.namespace.clone(),
            json_pointers: rule.json_pointers.clone(),
            jq_path_expressions: rule.jq_path_expressions.clone(),
            managed_fields_managers: rule.managed_fields_managers.clone(),
        });
        let rules = match self.settings.rules(&ignores.collect::<Vec<_>>()) {
            Ok(rules) => rules,
            Err(error) => return report.diagnostics.push(error.diagnostic()),
        };
        let mut options = Options::default();
        options.cancel = self.source.cancel.clone();
        options.tracking = Some(tracking.clone());
        options.ignore_aggregated_roles = self.settings.ignore_aggregated_roles;
        let comparison = compare(&desired.objects, &live, &rules, &options);
        report.sync = match comparison.status {
            SyncStatus::Synced => SyncState::Synced,
            SyncStatus::OutOfSync => SyncState::OutOfSync,
            SyncStatus::Unknown => SyncState::Unknown,
        };
        report.diagnostics.extend(comparison.diagnostics.iter().cloned());
        let resources = &comparison.resources;
        report.diagnostics.extend(resources.iter().flat_map(|resource| resource.diagnostics.iter().cloned()));
        let sides = Sides { desired: by_key(&desired.objects), live: by_key(&live) };
        report.resources.extend(resources.iter().filter_map(|resource| resource_report(resource, &sides)));
        if report.sync == SyncState::OutOfSync {
            let objects = Objects { desired: &desired.objects, live: &live, namespace };
            report.plan = self.plan(application, objects, &comparison);
        }
    }

    fn plan(
        &self,
        application: &Application,
        objects: Objects<'_>,
        comparison: &Comparison,
    ) -> Vec<StepReport> {
        let Objects { desired, live, namespace } = objects;
        let policy = application.spec.sync_policy.clone().unwrap_or_default();
        let automated = policy.automated.unwrap_or_default();
        let mut operation =
            SyncOperation { prune: automated.prune.unwrap_or(true), ..SyncOperation::default() };
        operation.sync_options = policy.sync_options;
        let mut settings = trueup_sync::Settings::new(application, &operation);
        // What is in sync is applied again by a real sync, to no effect: it would only hide what happens.
        settings.apply_out_of_sync_only = true;
        let view =
            SyncWorld { modified: comparison.resources.iter().map(|r| (key_of(r), r.state)).collect() };
        let reconciled = reconcile(desired, live, &settings.namespace, &view);
        let observation = Observation {
            pairs: reconciled.pairs,
            hooks: reconciled.hooks,
            namespace: Ok(namespace),
            ..Observation::default()
        };
        let plan = trueup_sync::plan(&settings, &observation, self.world.now.unwrap_or(0), &view);
        plan.steps.iter().filter(|step| step.reason != Reason::InSync).map(step_report).collect()
    }
}

/// What a plan is made of.
struct Objects<'v> {
    desired: &'v [Value],
    live: &'v [Value],
    /// The live namespace of the Application.
    namespace: Option<Value>,
}

fn step_report(step: &trueup_sync::PlanStep) -> StepReport {
    let waits = step.waits_for.map(|group| format!("waits for {group} to be healthy"));
    let reason = match step.reason {
        Reason::Desired | Reason::OutOfSync => String::new(),
        ref reason => reason.to_string(),
    };
    let reasons: Vec<String> = [reason].into_iter().filter(|text| !text.is_empty()).chain(waits).collect();
    StepReport {
        group: step.group,
        phase: step.phase.as_str().into(),
        wave: step.wave,
        key: step.key.clone(),
        deletes: step.action == PlanAction::Prune,
        action: step.action.to_string(),
        reason: reasons.join(", "),
    }
}

/// What the planner asks about a cluster of which only the live objects are known.
struct SyncWorld {
    modified: BTreeMap<ResourceKey, State>,
}

impl trueup_sync::World for SyncWorld {
    /// The live objects that are given are the Application's own.
    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }

    fn modified(&self, key: &ResourceKey) -> Option<bool> {
        self.modified.get(key).map(|state| *state != State::Synced)
    }
}

struct Sides<'v> {
    desired: BTreeMap<ResourceKey, &'v Value>,
    live: BTreeMap<ResourceKey, &'v Value>,
}

fn by_key(objects: &[Value]) -> BTreeMap<ResourceKey, &Value> {
    objects.iter().map(|object| (Object::new(object).key(), object)).collect()
}

fn key_of(resource: &Resource) -> ResourceKey {
    let key = &resource.key;
    ResourceKey {
        group: key.group.clone(),
        kind: key.kind.clone(),
        namespace: key.namespace.clone(),
        name: key.name.clone(),
    }
}

/// Nothing for a resource that is as desired and that no rule had to do with.
fn resource_report(resource: &Resource, sides: &Sides<'_>) -> Option<ResourceReport> {
    let action = match resource.state {
        State::Missing => Action::Create,
        State::Modified => Action::Update,
        State::Extra if resource.requires_pruning => Action::Prune,
        State::Synced => Action::None,
        State::Extra | State::Uncounted | State::Failed => return None,
    };
    let details = resource.report.as_ref();
    let changes = details.filter(|_| action == Action::Update).into_iter().flat_map(|report| &report.changes);
    let fields = changes.map(|change| FieldReport {
        path: change.path.clone(),
        live: change.live.clone(),
        desired: change.desired.clone(),
        manager: change.managers.first().map(EcoString::from),
        set_by: None,
    });
    let key = key_of(resource);
    let notes = details.into_iter().flat_map(|report| &report.suppressed);
    let ignored: Vec<IgnoredReport> = match action {
        Action::None | Action::Update => notes.flat_map(|note| ignored(note, &key, sides)).collect(),
        Action::Create | Action::Prune => Vec::new(),
    };
    if action == Action::None && ignored.is_empty() {
        return None;
    }
    Some(ResourceReport { key, action, fields: fields.collect(), ignored })
}

/// The differences that a rule suppressed: what both sides have, with different values.
fn ignored(note: &RuleNote, key: &ResourceKey, sides: &Sides<'_>) -> Vec<IgnoredReport> {
    let (Some(desired), Some(live)) = (sides.desired.get(key), sides.live.get(key)) else {
        return Vec::new();
    };
    let hides = mask::holds_secrets(desired) || mask::holds_secrets(live);
    let one = |text: &String| {
        let pointer: Pointer = text.parse().ok()?;
        let (wanted, there) = (pointer.get(desired)?, pointer.get(live)?);
        let shown = |value: &Value| (!hides).then(|| value.clone());
        (wanted != there).then(|| IgnoredReport {
            path: pointer.parts().join("."),
            live: shown(there),
            desired: shown(wanted),
            rule: format!("{} {}", note.rule.place, note.rule.rule),
        })
    };
    note.removed.iter().filter_map(one).collect()
}

fn unknown_cluster(cluster: Option<&Cluster>, application: &Application) -> Diagnostic {
    let destination = &application.spec.destination;
    let name = if destination.server.is_empty() { &destination.name } else { &destination.server };
    let message = match cluster {
        Some(_) => format!("nobody said what runs in the cluster `{name}`"),
        None => format!("the cluster `{name}` is not known"),
    };
    let application = &application.metadata.name;
    Diagnostic::warning("trueup/unknown-cluster", message)
        .because(format!("reached from Application `{application}`"))
}
