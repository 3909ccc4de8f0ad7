//! One Application: rendered, compared with what runs, and planned.

use super::applications::Declared;
use super::live::LiveIndex;
use super::plan::{Planned, plan};
use super::project::{Projects, permits, violations, window};
use super::why::tell_why;
use crate::discover::Discovered;
use crate::report::{Action, ApplicationReport, FieldReport, IgnoredReport, ResourceReport, SyncState};
use crate::world::{Cluster, World, normalize_url};
use std::collections::BTreeMap;
use trueup_diff::rules::{RuleNote, Settings};
use trueup_diff::{
    Comparison, Options, OrphanRule, Resource, State, Strategy, SyncStatus, compare, desired_set, mask,
    orphan_warning, orphaned,
};
use trueup_health::{Checks, Managed, ObjectRef, aggregate};
use trueup_kustomize::Renderer;
use trueup_manifest::argocd::Application;
use trueup_manifest::{Cancel, Diagnostic, EcoString, FileTree, Object, Pointer, ResourceKey, Value};
use trueup_source::{Explainer, Repositories};
use trueup_sync::PruneGuard;

/// What all Applications share: renderers with their memory, live objects with their indexes.
pub(super) struct Comparer<'w> {
    world: &'w World,
    settings: &'w Settings,
    source: trueup_source::Options,
    renderers: Renderers<'w>,
    /// Those that keep what made each manifest what it is, for the Applications that differ.
    traced: Renderers<'w>,
    tree: &'w FileTree,
    live: BTreeMap<&'w str, LiveIndex<'w>>,
    projects: Projects<'w>,
    checks: &'w Checks,
    guard: PruneGuard,
}

/// What the repository and the world say to all Applications.
#[derive(Clone, Copy)]
pub(super) struct Shared<'w> {
    pub(super) tree: &'w FileTree,
    pub(super) world: &'w World,
    pub(super) settings: &'w Settings,
    pub(super) checks: &'w Checks,
    pub(super) discovered: &'w Discovered,
}

/// What came of one Application.
#[derive(Default)]
pub(super) struct Previewed {
    /// How many objects it has.
    pub(super) objects: usize,
    /// The objects it desires, by key.
    pub(super) desired: Vec<ResourceKey>,
    /// Those of them that belong to another Application, and to which.
    pub(super) others: Vec<(ResourceKey, EcoString)>,
    pub(super) report: ApplicationReport,
}

/// The repositories, and a renderer of each that shares its work between Applications.
struct Renderers<'w> {
    world: &'w World,
    by_url: BTreeMap<String, Renderer>,
}

impl<'w> Renderers<'w> {
    fn new(world: &'w World, trace: bool) -> Self {
        let options = trueup_kustomize::Options::default().with_trace(trace);
        let renderer = |tree: &FileTree| Renderer::new(tree.clone(), options.clone());
        let by_url = world.repositories.iter().map(|(url, tree)| (normalize_url(url), renderer(tree)));
        Self { world, by_url: by_url.collect() }
    }
}

impl Repositories for Renderers<'_> {
    fn tree(&self, url: &str, _: &str) -> Option<&FileTree> {
        self.world.repository(url)
    }

    fn chart(&self, url: &str, chart: &str, version: &str) -> Option<&FileTree> {
        self.world.chart(url, chart, version)
    }

    fn renderer(&self, url: &str, _: &str) -> Option<&Renderer> {
        self.by_url.get(&normalize_url(url))
    }
}

impl<'w> Comparer<'w> {
    pub(super) fn new(shared: Shared<'w>, guard: PruneGuard, cancel: &Cancel) -> Self {
        let Shared { tree, world, settings, checks, discovered } = shared;
        let source = world.source_options(cancel);
        let (renderers, traced) = (Renderers::new(world, false), Renderers::new(world, true));
        let known = world
            .clusters
            .iter()
            .filter_map(|cluster| Some((cluster.server.as_str(), cluster.live.as_deref()?)));
        let index = |(server, objects)| (server, LiveIndex::new(objects, server, settings));
        let live = known.map(index).collect();
        let projects = Projects::new(discovered);
        Self { world, settings, source, renderers, traced, tree, live, projects, checks, guard }
    }

    /// Renders an Application, compares it with what runs, and plans its sync.
    pub(super) fn preview(&self, declared: &Declared) -> Previewed {
        let application = &declared.model;
        let destination = &application.spec.destination;
        let cluster = self.world.cluster(&destination.server, &destination.name);
        let report = ApplicationReport {
            name: application.metadata.name.clone(),
            project: application.spec.project.clone(),
            cluster: cluster.map_or_else(|| destination.server.clone(), |cluster| cluster.name.clone()),
            namespace: destination.namespace.clone(),
            origin: declared.origin.clone(),
            ..ApplicationReport::default()
        };
        let mut previewed = Previewed { objects: 0, desired: Vec::new(), others: Vec::new(), report };
        let report = &mut previewed.report;
        let manifests = match trueup_source::render(application, &self.renderers, &self.source) {
            Ok(rendered) => {
                report.diagnostics.extend(rendered.warnings);
                rendered.manifests
            }
            Err(error) => {
                report.diagnostics.extend(error.diagnostics());
                return previewed;
            }
        };
        previewed.objects = manifests.len();
        let project = self.projects.of(application);
        let forbidden = project.map(|project| violations(self.world, project, application, cluster));
        report.diagnostics.extend(forbidden.into_iter().flatten());
        if report.diagnostics.iter().any(|diagnostic| diagnostic.code == "trueup/not-permitted") {
            return previewed;
        }
        match cluster.and_then(|cluster| self.live.get(cluster.server.as_str()).map(|live| (cluster, live))) {
            Some((cluster, live)) => {
                self.compare(application, &manifests, (cluster, live), &mut previewed);
                self.tell_why(declared, &mut previewed.report);
            }
            None => report.diagnostics.push(unknown_cluster(cluster, application)),
        }
        previewed
    }

    /// Says what set the fields that differ.
    fn tell_why(&self, declared: &Declared, report: &mut ApplicationReport) {
        if report.resources.iter().all(|resource| resource.fields.is_empty()) {
            return;
        }
        // It was rendered before, so it is now; where not, nothing is said.
        if let Ok(explainer) = Explainer::new(&declared.model, &self.traced, &self.source) {
            tell_why(&explainer, declared, self.tree, &mut report.resources);
        }
    }

    fn compare(
        &self,
        application: &Application,
        manifests: &[trueup_source::Manifest],
        (cluster, index): (&Cluster, &LiveIndex<'_>),
        previewed: &mut Previewed,
    ) {
        let name = application.metadata.name.as_str();
        let namespace = application.spec.destination.namespace.as_str();
        let tracking = &self.settings.tracking;
        let objects: Vec<Value> = manifests.iter().map(|manifest| manifest.value.clone()).collect();
        let types = index.types(&objects);
        let types = types.as_deref();
        let mut desired = desired_set(&objects, name, namespace, tracking, types);
        desired.diagnostics.extend(self.settings.filters.retain(&mut desired.objects, &cluster.server));
        previewed.desired = desired.objects.iter().map(|object| Object::new(object).key()).collect();
        previewed.others = self.others(name, index, &desired.objects);
        let report = &mut previewed.report;
        report.diagnostics.extend(desired.diagnostics);
        let live = index.of(name, &desired.objects);
        let declared = trueup_manifest::to_value(application).unwrap_or_default();
        let rules = match self.settings.tolerant_rules_for(&declared) {
            Ok(rules) => rules,
            Err(error) => return report.diagnostics.push(error.diagnostic()),
        };
        let mut options = Options::default();
        options.cancel = self.source.cancel.clone();
        options.tracking = Some(tracking.clone());
        options.ignore_aggregated_roles = self.settings.ignore_aggregated_roles;
        options.schema = types;
        options.hidden_annotations = self.settings.hidden_annotations.clone();
        options.strategy = Strategy::for_application(&declared, false);
        if let Strategy::ServerSide { .. } = options.strategy {
            report.diagnostics.push(no_dry_run(application));
            options.strategy = Strategy::Structured;
        }
        let comparison = compare(&desired.objects, &live, &rules, &options);
        report.sync = match comparison.status {
            SyncStatus::Synced => SyncState::Synced,
            SyncStatus::OutOfSync => SyncState::OutOfSync,
            SyncStatus::Unknown => SyncState::Unknown,
        };
        report.diagnostics.extend(comparison.diagnostics.iter().cloned());
        let resources = &comparison.resources;
        let told = |resource: &'_ Resource| {
            let place = format!("comparing {}", key_of(resource));
            resource
                .diagnostics
                .iter()
                .map(move |diagnostic| diagnostic.clone().because(place.clone()))
                .collect::<Vec<_>>()
        };
        report.diagnostics.extend(resources.iter().flat_map(told));
        let sides = Sides { desired: by_key(&desired.objects), live: by_key(&live) };
        report.resources.extend(resources.iter().filter_map(|resource| resource_report(resource, &sides)));
        tell_files(manifests, &mut report.resources);
        self.judge_health(application, &comparison, &sides, report);
        report.diagnostics.extend(self.orphans(application, cluster, index, &previewed.desired));
        report.live = live.len();
        if report.sync == SyncState::OutOfSync {
            let planned = Planned {
                application,
                desired: &desired.objects,
                live: &live,
                namespace: index.namespace(namespace).cloned(),
                rules: &rules,
                types,
                states: resources.iter().map(|resource| (key_of(resource), resource.state)).collect(),
                project: self.projects.of(application),
                cluster,
            };
            plan(planned, self.world, self.guard, report);
        }
        let windows =
            self.projects.of(application).and_then(|project| window(project, application, self.world.now));
        report.blocked.extend(windows);
        self.tell_shared(application, previewed);
    }

    /// Warns of objects in the Application's namespace that nobody wants, where its project asks for that.
    fn orphans(
        &self,
        application: &Application,
        cluster: &Cluster,
        index: &LiveIndex<'_>,
        desired: &[ResourceKey],
    ) -> Option<Diagnostic> {
        let project = self.projects.of(application)?;
        let rules = OrphanRule::of_project(project)?;
        let namespace = application.spec.destination.namespace.as_str();
        let mut orphans = orphaned(index.objects(), namespace, &index.managed(desired), &rules);
        orphans.retain(|object| {
            !self.settings.filters.excludes_object(object, &cluster.server)
                && permits(self.world, project, cluster, object)
        });
        orphan_warning(project, &orphans)
    }

    /// The health of the Application, from its live objects.
    fn judge_health(
        &self,
        application: &Application,
        comparison: &Comparison,
        sides: &Sides<'_>,
        report: &mut ApplicationReport,
    ) {
        let managed = |resource: &Resource| {
            let key = key_of(resource);
            let (target, live) = (sides.desired.get(&key).copied(), sides.live.get(&key).copied());
            let ResourceKey { group, kind, namespace, name } = key;
            Managed { object: ObjectRef { group, kind, namespace, name }, target, live }
        };
        let managed: Vec<Managed<'_>> = comparison.resources.iter().map(managed).collect();
        let own = ObjectRef {
            group: "argoproj.io".into(),
            kind: "Application".into(),
            namespace: application.metadata.namespace.clone(),
            name: application.metadata.name.clone(),
        };
        let health = aggregate(&managed, self.checks, Some(&own));
        report.health = health.status.name().into();
        report.health_causes = health.causes.iter().map(ToString::to_string).collect();
        report.diagnostics.extend(health.diagnostics);
    }

    /// Says which objects belong to another Application; with `FailOnSharedResource` the sync would not begin.
    fn tell_shared(&self, application: &Application, previewed: &mut Previewed) {
        let name = &application.metadata.name;
        let options = application.spec.sync_policy.as_ref().map_or(&[][..], |policy| &policy.sync_options);
        let fails = options.iter().any(|option| option == "FailOnSharedResource=true");
        for (key, owner) in &previewed.others {
            let message = shared_message(key, name, owner);
            if fails {
                previewed.report.blocked.push(format!("Shared resource found: {message}"));
            }
            previewed.report.diagnostics.push(Diagnostic::warning("trueup/shared-resource", message));
        }
    }

    /// Objects that belong to another Application, by what they say: (object, Application).
    fn others(&self, name: &str, live: &LiveIndex<'_>, desired: &[Value]) -> Vec<(ResourceKey, EcoString)> {
        let keys = desired.iter().map(|object| Object::new(object).key());
        let other = |key: ResourceKey| {
            let owner = live.owner(&key, &self.settings.tracking).filter(|owner| owner != name)?;
            Some((key, owner))
        };
        keys.filter_map(other).collect()
    }
}

/// An object that another Application has, as Argo CD words it.
fn shared_message(key: &ResourceKey, name: &str, owner: &str) -> String {
    format!("{}/{} is part of applications {name} and {owner}", key.kind, key.name)
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
        Action::Create | Action::Prune | Action::Keep => Vec::new(),
    };
    if action == Action::None && ignored.is_empty() {
        return None;
    }
    Some(ResourceReport { key, file: EcoString::new(), action, fields: fields.collect(), ignored })
}

/// Says where the resources are declared.
fn tell_files(manifests: &[trueup_source::Manifest], resources: &mut [ResourceReport]) {
    let wanted = |manifest: &trueup_source::Manifest| {
        let key = Object::new(&manifest.value).key();
        ((key.group, key.kind, key.name), (key.namespace, manifest.declared.clone()))
    };
    let mut declared: BTreeMap<_, Vec<_>> = BTreeMap::new();
    if !resources.is_empty() {
        for (key, place) in manifests.iter().map(wanted) {
            declared.entry(key).or_default().push(place);
        }
    }
    for resource in resources {
        let key = &resource.key;
        let places = declared.get(&(key.group.clone(), key.kind.clone(), key.name.clone()));
        // What names no namespace got that of the Application.
        let place = places.into_iter().flatten().rev().find(|(namespace, _)| {
            namespace.is_empty() || key.namespace.is_empty() || *namespace == key.namespace
        });
        if let Some((_, Some(declared))) = place {
            resource.file = match declared.repository.as_str() {
                "" => declared.file.clone(),
                url => format!("{url} {}", declared.file).into(),
            };
        }
    }
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

/// The diff that the Application asks for needs its cluster.
fn no_dry_run(application: &Application) -> Diagnostic {
    let message = "the server-side diff needs the results of dry runs, which a preview does not have";
    let reached = format!("reached from Application `{}`", application.metadata.name);
    Diagnostic::warning("trueup/no-dry-run", message)
        .help("a server-side apply is computed here instead: what webhooks change is not seen")
        .because(reached)
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
