//! Building the tasks of a sync from what is desired and what is live.

use crate::engine::Observation;
use crate::head::Head;
use crate::hooks::{
    self, DeletePolicy, HOOK_FINALIZER, ObjectOptions, Phase, delete_policies, generated_hook_name,
};
use crate::order::{self, Needs, Ordered, crd_kind, is_namespace};
use crate::reconcile::Pair;
use crate::results::{OperationPhase, ResultCode, TaskResult};
use crate::settings::Settings;
use crate::world::{Scope, World};
use ecow::{EcoString, eco_format};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Gvk, Map, Object, ResourceKey, Value};

/// The facts of one task, without its objects: light enough to be kept while a call is under way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Task {
    pub(crate) key: ResourceKey,
    pub(crate) version: EcoString,
    pub(crate) phase: Phase,
    pub(crate) wave: i64,
    pub(crate) hook: bool,
    pub(crate) has_target: bool,
    pub(crate) has_live: bool,
    /// The namespace that the live object has.
    pub(crate) live_namespace: EcoString,
    pub(crate) deleting: bool,
    pub(crate) has_finalizer: bool,
    pub(crate) policies: Vec<DeletePolicy>,
    pub(crate) prune_confirm: bool,
    pub(crate) prune_disabled: bool,
    pub(crate) skip_dry_run: bool,
    pub(crate) in_sync: bool,
    /// How a live hook stands.
    pub(crate) observed: Option<Observed>,
    pub(crate) status: Option<ResultCode>,
    pub(crate) operation: Option<OperationPhase>,
    pub(crate) message: EcoString,
}

/// How a live hook stands, from its health.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Observed {
    /// The phase that its health means, and what it says.
    Phase(OperationPhase, EcoString),
    /// The health check failed.
    Failed(EcoString),
}

impl Task {
    pub(crate) fn is_prune(&self) -> bool {
        !self.has_target
    }

    pub(crate) fn is_pending(&self) -> bool {
        self.operation.is_none()
    }

    pub(crate) fn is_running(&self) -> bool {
        self.operation == Some(OperationPhase::Running)
    }

    pub(crate) fn is_completed(&self) -> bool {
        self.operation.is_some_and(OperationPhase::is_completed)
    }

    pub(crate) fn is_successful(&self) -> bool {
        self.operation == Some(OperationPhase::Succeeded)
    }

    pub(crate) fn has_policy(&self, policy: DeletePolicy) -> bool {
        self.hook && self.policies.contains(&policy)
    }

    pub(crate) fn delete_before_creation(&self) -> bool {
        self.has_live && self.is_pending() && self.has_policy(DeletePolicy::BeforeHookCreation)
    }

    pub(crate) fn result(&self) -> TaskResult {
        TaskResult {
            key: self.key.clone(),
            version: self.version.clone(),
            phase: self.phase,
            hook: self.hook,
            status: self.status,
            operation: self.operation,
            message: self.message.clone(),
        }
    }
}

/// A task with its objects.
#[derive(Clone, Debug)]
pub(crate) struct Built {
    pub(crate) task: Task,
    pub(crate) target: Option<Value>,
    pub(crate) live: Option<Value>,
    /// The task (by its place among the built ones) that this dependency was moved in front of.
    pub(crate) moved_before: Option<ResourceKey>,
    /// Whether the wave of a prune is not that of its object.
    pub(crate) wave_changed: bool,
    pub(crate) prune_last: bool,
    /// Why the task cannot be done at all.
    pub(crate) invalid: Option<Invalid>,
    /// The sync options of target and live object.
    pub(crate) options: (EcoString, EcoString),
}

/// Why a task cannot be done at all.
#[derive(Clone, Debug)]
pub(crate) struct Invalid {
    pub(crate) message: EcoString,
    /// Whether it is about creating the application's namespace, which fails by itself.
    pub(crate) namespace: bool,
    /// The phase of the task before anything was moved.
    pub(crate) phase: Phase,
}

struct Draft {
    /// Whether the target says which namespace it is in.
    placed: bool,
    phase: Phase,
    hook: bool,
    target: Option<Value>,
    live: Option<Value>,
    failed: Option<EcoString>,
}

/// Builds all tasks in order. `started_at` goes into the names of hooks that ask for one.
///
/// With `keep_namespace` there is a task for the namespace even if it exists by now: a call that is under way has one.
pub(crate) fn build(
    settings: &Settings,
    observation: &Observation,
    started_at: i64,
    keep_namespace: bool,
    world: &(impl World + ?Sized),
) -> Vec<Built> {
    let pairs = Pairs::new(&observation.pairs);
    let mut drafts = resource_drafts(settings, &pairs, world);
    if !settings.skip_hooks {
        drafts.extend(hook_drafts(settings, &observation.hooks, started_at));
    }
    for draft in drafts.iter_mut().filter(|draft| !draft.placed) {
        if let Some(target) = &mut draft.target {
            set_namespace(target, &settings.namespace);
        }
    }
    if settings.create_namespace && !settings.namespace.is_empty() {
        drafts.extend(namespace_draft(settings, observation, &pairs, keep_namespace, world));
    }
    attach_live(&mut drafts, &pairs);
    let mut built = finish(settings, observation, drafts, world);
    prune_waves(settings, &mut built);
    in_order(built)
}

/// A pair, borrowed.
#[derive(Clone, Copy)]
struct Sides<'a> {
    target: Option<&'a Value>,
    live: Option<&'a Value>,
    target_head: Head<'a>,
}

/// A resource key, borrowed, with what tells most keys apart in front.
type ShortKey<'a> = (&'a str, &'a str, &'a str, &'a str);

fn short_key<'a>(head: &Head<'a>) -> ShortKey<'a> {
    (head.name, head.kind, head.namespace, head.group())
}

/// The pairs of a sync by key.
struct Pairs<'a> {
    list: Vec<Sides<'a>>,
    places: BTreeMap<ShortKey<'a>, usize>,
}

impl<'a> Pairs<'a> {
    /// Joins pairs with the same key (that of the live object, else of the target), in the place of the first: of each side the last
    /// one counts. So nothing that is desired is taken for something that is not.
    fn new(pairs: &'a [Pair]) -> Self {
        let mut all = Self { list: Vec::with_capacity(pairs.len()), places: BTreeMap::new() };
        for pair in pairs {
            let (target, live) = (pair.target.as_ref(), pair.live.as_ref());
            let target_head = target.map(Head::of).unwrap_or_default();
            let Some(head) = live.map(Head::of).or(target.map(|_| target_head)) else { continue };
            let place = *all.places.entry(short_key(&head)).or_insert(all.list.len());
            match all.list.get_mut(place) {
                Some(slot) => {
                    slot.live = live.or(slot.live);
                    if target.is_some() {
                        (slot.target, slot.target_head) = (target, target_head);
                    }
                }
                None => all.list.push(Sides { target, live, target_head }),
            }
        }
        all
    }

    /// Returns the live object of a target: with its namespace, or without one, for what is cluster-scoped.
    fn live_of(&self, target: &Value) -> Option<&'a Value> {
        let (name, kind, namespace, group) = short_key(&Head::of(target));
        let place = self.places.get(&(name, kind, namespace, group));
        let place = place.or_else(|| self.places.get(&(name, kind, "", group)))?;
        self.list.get(*place)?.live
    }
}

fn resource_drafts(settings: &Settings, pairs: &Pairs<'_>, world: &(impl World + ?Sized)) -> Vec<Draft> {
    let mut drafts = Vec::with_capacity(pairs.list.len());
    for pair in &pairs.list {
        let owned = pair.live.is_none_or(|live| world.owns(live, pair.target));
        let selected = |object| settings.resources.is_empty() || settings.selects(&Object::new(object).key());
        if !owned || !pair.live.or(pair.target).is_some_and(selected) {
            continue;
        }
        let Some(object) = pair.target.or(pair.live) else { continue };
        // A namespace that the application manages is never pruned, even if it is tracked.
        let managed = pair.target.is_none()
            && settings.namespace_metadata.is_some()
            && is_namespace(object)
            && Object::new(object).name() == settings.namespace;
        let is_plain =
            if pair.target.is_some() { pair.target_head.is_plain() } else { Head::of(object).is_plain() };
        if managed || !is_plain && hooks::is_hook(object) {
            continue;
        }
        let draft = |phase| Draft {
            placed: !pair.target_head.namespace.is_empty(),
            phase,
            hook: false,
            target: pair.target.cloned(),
            live: pair.live.cloned(),
            failed: None,
        };
        match is_plain {
            true => drafts.push(draft(Phase::Sync)),
            false => drafts.extend(hooks::phases(object).into_iter().map(draft)),
        }
    }
    drafts
}

fn hook_drafts(settings: &Settings, all: &[Value], started_at: i64) -> Vec<Draft> {
    let mut drafts = Vec::new();
    for hook in all {
        for phase in hooks::phases(hook) {
            let mut target = hook.clone();
            if Object::new(hook).name().is_empty() {
                let prefix = Object::new(hook).generate_name();
                let name = generated_hook_name(prefix, &settings.revision, phase, started_at);
                set_metadata(&mut target, "name", name.into());
            }
            add_finalizer(&mut target);
            let placed = !Object::new(hook).namespace().is_empty();
            drafts.push(Draft { placed, phase, hook: true, target: Some(target), live: None, failed: None });
        }
    }
    drafts
}

fn namespace_draft(
    settings: &Settings,
    observation: &Observation,
    pairs: &Pairs<'_>,
    keep: bool,
    world: &(impl World + ?Sized),
) -> Option<Draft> {
    let is_it = |target: &Value| is_namespace(target) && Object::new(target).name() == settings.namespace;
    if pairs.list.iter().any(|pair| pair.target.is_some_and(is_it)) {
        return None;
    }
    let metadata = Map::from_iter([("name", settings.namespace.clone())]);
    let mut target = Value::from(Map::from_iter([
        ("apiVersion", Value::from("v1")),
        ("kind", Value::from("Namespace")),
        ("metadata", Value::from(metadata)),
    ]));
    let live = observation.namespace.as_ref().map(Option::as_ref);
    let failed = match live {
        Err(error) => Some(eco_format!("namespace auto creation failed: {error}")),
        Ok(live) => match world.modify_namespace(settings, &mut target, live) {
            Ok(false) if !keep => return None,
            Ok(_) => None,
            Err(error) => Some(eco_format!("namespaceModifier error: {error}")),
        },
    };
    let live = if failed.is_some() { None } else { live.ok().flatten().cloned() };
    Some(Draft { placed: true, phase: Phase::PreSync, hook: false, target: Some(target), live, failed })
}

fn attach_live(drafts: &mut [Draft], pairs: &Pairs<'_>) {
    for draft in drafts.iter_mut().filter(|draft| draft.live.is_none() && draft.failed.is_none()) {
        draft.live = draft.target.as_ref().and_then(|target| pairs.live_of(target)).cloned();
    }
}

fn finish(
    settings: &Settings,
    observation: &Observation,
    drafts: Vec<Draft>,
    world: &(impl World + ?Sized),
) -> Vec<Built> {
    let targets = observation.pairs.iter().filter_map(|pair| pair.target.as_ref());
    let crds: BTreeSet<(&str, &str)> = targets.chain(&observation.hooks).filter_map(crd_kind).collect();
    let mut scopes: BTreeMap<Gvk, Scope> = BTreeMap::new();
    let mut out = Vec::with_capacity(drafts.len());
    for draft in drafts {
        let Some(object) = draft.target.as_ref().or(draft.live.as_ref()) else { continue };
        let live_head = draft.live.as_ref().map(Head::of).unwrap_or_default();
        let head = if draft.target.is_some() { Head::of(object) } else { live_head };
        let gvk = head.gvk();
        let scope = scopes.entry(gvk.clone()).or_insert_with(|| world.scope(&gvk)).clone();
        let mut task = facts(settings, &draft, (object, head, live_head), &gvk, world);
        let of_target = if draft.target.is_some() { head.options() } else { EcoString::new() };
        let options = (of_target, live_head.options());
        let (phase, mut invalid) = (draft.phase, None);
        if let Some(message) = draft.failed {
            invalid = Some(Invalid { message, namespace: true, phase });
        }
        if let (true, Some(live)) = (task.hook, &draft.live)
            && !world.owns(live, draft.target.as_ref())
        {
            // To run the hook, somebody else's object would be deleted.
            let (kind, name) = (&task.key.kind, &task.key.name);
            let message = eco_format!("hook {kind}/{name} exists and does not belong to the application");
            invalid = Some(Invalid { message, namespace: false, phase });
        }
        match scope {
            Scope::Missing(message) => {
                let tolerated = settings.skip_dry_run_on_missing
                    || ObjectOptions::text(&options.0).has("SkipDryRunOnMissingResource=true")
                    || crds.contains(&(gvk.group.as_str(), gvk.kind.as_str()));
                task.skip_dry_run = tolerated;
                if !tolerated {
                    invalid = Some(Invalid { message, namespace: false, phase });
                }
            }
            Scope::Failed(message) => invalid = Some(Invalid { message, namespace: false, phase }),
            scope => {
                if let Err(message) = world.permitted(object, scope != Scope::Cluster) {
                    invalid = Some(Invalid { message, namespace: false, phase });
                }
            }
        }
        let prune_last =
            task.is_prune() && (settings.prune_last || ObjectOptions::text(&options.1).has("PruneLast=true"));
        out.push(Built {
            task,
            target: draft.target,
            live: draft.live,
            moved_before: None,
            wave_changed: false,
            prune_last,
            invalid,
            options,
        });
    }
    out
}

fn facts(
    settings: &Settings,
    draft: &Draft,
    (object, head, live_head): (&Value, Head<'_>, Head<'_>),
    gvk: &Gvk,
    world: &(impl World + ?Sized),
) -> Task {
    let (live, hook) = (draft.live.as_ref(), draft.hook);
    let doomed = live.filter(|_| draft.target.is_none());
    let own_prune = || live_head.object_options().value("Prune");
    let prune = doomed.and_then(|_| own_prune().or(settings.default_prune.as_deref()));
    let key = ResourceKey {
        group: gvk.group.clone(),
        kind: gvk.kind.clone(),
        namespace: head.namespace.into(),
        name: head.name.into(),
    };
    let live_namespace = EcoString::from(live_head.namespace);
    let in_sync = settings.apply_out_of_sync_only
        && !hook
        && live.is_some()
        && draft.target.is_some()
        && world.modified(&ResourceKey { namespace: live_namespace.clone(), ..key.clone() }) == Some(false);
    Task {
        version: gvk.version.clone(),
        key,
        phase: draft.phase,
        wave: hooks::wave_of(head.annotations),
        hook,
        has_target: draft.target.is_some(),
        has_live: live.is_some(),
        live_namespace,
        deleting: doomed.is_some_and(|live| Object::new(live).is_being_deleted()),
        has_finalizer: hook && live.is_some_and(has_finalizer),
        policies: if hook { delete_policies(object) } else { Vec::new() },
        prune_confirm: prune == Some("confirm"),
        prune_disabled: prune == Some("false"),
        skip_dry_run: false,
        in_sync,
        observed: None,
        status: None,
        operation: None,
        message: EcoString::new(),
    }
}

/// Prunes happen in the reverse order of creation, and the last ones after everything else of the phase.
fn prune_waves(settings: &Settings, built: &mut [Built]) {
    let waves: BTreeSet<i64> =
        built.iter().filter(|built| built.task.is_prune()).map(|built| built.task.wave).collect();
    let swapped: BTreeMap<i64, i64> = waves.iter().copied().zip(waves.iter().rev().copied()).collect();
    for built in built.iter_mut().filter(|built| built.task.is_prune()) {
        if let Some(wave) = swapped.get(&built.task.wave) {
            built.wave_changed = *wave != built.task.wave;
            built.task.wave = *wave;
        }
    }
    let in_sync_phase = built.iter().filter(|built| built.task.phase == Phase::Sync);
    let last = in_sync_phase.map(|built| built.task.wave).max().unwrap_or(0).max(0).saturating_add(1);
    for built in
        built.iter_mut().filter(|built| built.prune_last || (settings.prune_last && built.task.is_prune()))
    {
        built.task.wave = last;
    }
}

fn in_order(built: Vec<Built>) -> Vec<Built> {
    let ordered = |(index, built): (usize, &Built)| Ordered {
        phase: built.task.phase,
        wave: built.task.wave,
        kind: built.task.key.kind.clone(),
        name: built.task.key.name.clone(),
        needs: built.target.as_ref().map(|target| Needs::known(&built.task.key, target)),
        moved_before: None,
        index,
    };
    let mut order: Vec<Ordered> = built.iter().enumerate().map(ordered).collect();
    order::sort(&mut order);
    let anchors = order.iter().filter_map(|place| place.moved_before);
    let anchors: BTreeMap<usize, ResourceKey> =
        anchors.filter_map(|index| Some((index, built.get(index)?.task.key.clone()))).collect();
    let mut slots: Vec<Option<Built>> = built.into_iter().map(Some).collect();
    let place = |place: Ordered| {
        let mut built = slots.get_mut(place.index).and_then(Option::take)?;
        (built.task.phase, built.task.wave) = (place.phase, place.wave);
        built.moved_before = place.moved_before.and_then(|index| anchors.get(&index).cloned());
        Some(built)
    };
    order.into_iter().filter_map(place).collect()
}

fn set_metadata(object: &mut Value, field: &str, value: Value) {
    let Some(map) = object.as_map_mut() else { return };
    let metadata = map.get_or_insert_with("metadata", || Map::new().into());
    if !metadata.is_map() {
        *metadata = Map::new().into();
    }
    if let Some(metadata) = metadata.as_map_mut() {
        metadata.insert(field, value);
    }
}

fn set_namespace(object: &mut Value, namespace: &EcoString) {
    if !namespace.is_empty() {
        set_metadata(object, "namespace", namespace.clone().into());
    }
}

pub(crate) fn has_finalizer(object: &Value) -> bool {
    finalizers(object).iter().any(|finalizer| finalizer.as_str() == Some(HOOK_FINALIZER))
}

fn finalizers(object: &Value) -> &[Value] {
    object.at(&["metadata", "finalizers"]).and_then(Value::as_seq).unwrap_or_default()
}

fn add_finalizer(object: &mut Value) {
    if !has_finalizer(object) {
        let all: Vec<Value> = finalizers(object).iter().cloned().chain([HOOK_FINALIZER.into()]).collect();
        set_metadata(object, "finalizers", all.into());
    }
}
