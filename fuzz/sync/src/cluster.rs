//! A simulated cluster, and what the engine knows of it.

use crate::rng::{Rng, fate};
use crate::scenario::{KINDS, Kind, NAMESPACE, Scenario, known_kinds, missing_message};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{EcoString, Gvk, Map, Object, ResourceKey, Value};
use trueup_sync::{
    Action, ActionKind, Command, HOOK_FINALIZER, Health, HealthStatus, Outcome, Scope, World, is_hook,
};

#[derive(Clone, Debug)]
struct Stored {
    value: Value,
    healthy_at: u64,
    ends: &'static str,
    gone_at: Option<u64>,
}

/// A cluster under a sync.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    seed: u64,
    faults: u64,
    tracks_namespace: bool,
    knows_widgets: bool,
    now: u64,
    objects: BTreeMap<ResourceKey, Stored>,
}

/// An action as it is written down: what is done to what (which decides whether it fails), and how.
pub(crate) struct Line {
    pub(crate) what: String,
    pub(crate) how: String,
}

impl Line {
    /// The whole line.
    pub(crate) fn text(&self) -> String {
        if self.how.is_empty() { self.what.clone() } else { format!("{} {}", self.what, self.how) }
    }
}

impl Cluster {
    pub(crate) fn new(scenario: &Scenario) -> Self {
        let mut objects = BTreeMap::new();
        for json in &scenario.live {
            let Ok(value) = serde_json::from_value::<Value>(json.clone()) else { continue };
            let key = Object::new(&value).key();
            let stored = Stored {
                ends: ends(scenario.seed, scenario.faults, &key.to_string()),
                gone_at: Object::new(&value).is_being_deleted().then_some(3),
                value,
                healthy_at: fate(scenario.seed, &format!("{key} old")) % 3,
            };
            objects.insert(key, stored);
        }
        Self {
            seed: scenario.seed,
            faults: scenario.faults,
            tracks_namespace: scenario.desires_namespace,
            knows_widgets: scenario.knows_widgets,
            now: 0,
            objects,
        }
    }

    /// Time goes by: what was deleted goes away, and somebody may delete an object.
    pub(crate) fn tick(&mut self, trouble: u64, rng: &mut Rng) {
        self.now += 1;
        let now = self.now;
        self.objects.retain(|_, stored| {
            let held = !finalizers(&stored.value).is_empty();
            held || stored.gone_at.is_none_or(|at| at > now)
        });
        if rng.chance(trouble) {
            // Definitions stay: the reference reads them for another reason, too.
            let keys = self.objects.keys().filter(|key| key.kind != "CustomResourceDefinition");
            let keys: Vec<ResourceKey> = keys.cloned().collect();
            if let Some(key) = rng.pick(&keys) {
                self.objects.remove(key);
            }
        }
    }

    /// All objects as they are seen, with their health in an annotation.
    pub(crate) fn seen(&self) -> Vec<Value> {
        self.objects.values().map(|stored| self.show(stored)).collect()
    }

    /// Whether the kind of widgets is known, or their definition is there.
    pub(crate) fn defines_widgets(&self) -> bool {
        self.knows_widgets || self.objects.keys().any(|key| key.name == "widgets.widgets.example")
    }

    /// One object as it is seen.
    pub(crate) fn get(&self, key: &ResourceKey) -> Option<Value> {
        self.objects.get(&scoped(key)).map(|stored| self.show(stored))
    }

    pub(crate) fn namespace(&self) -> Option<Value> {
        self.objects.get(&namespace_key()).map(|stored| self.show(stored))
    }

    fn show(&self, stored: &Stored) -> Value {
        let mut value = stored.value.clone();
        let name = Object::new(&value).kind().to_owned();
        if KINDS.iter().any(|kind| kind.kind == name && kind.has_health) {
            let health = if stored.healthy_at > self.now { "Progressing" } else { stored.ends };
            set_annotation(&mut value, "health", health);
        }
        value
    }

    /// Whether an action fails is decided by what it is.
    pub(crate) fn fails(&self, what: &str) -> Option<EcoString> {
        let percent = match what.split(' ').next().unwrap_or_default() {
            "wave" => self.faults / 10,
            verb if verb.starts_with("try-") => self.faults / 8,
            _ => self.faults,
        };
        // What the cluster does not know yet can be tried, but not made.
        let unknown = !self.defines_widgets() && what.contains(" widgets.example/Widget/");
        if unknown && !what.starts_with("try-") {
            return Some("no matches for kind Widget".into());
        }
        let unlucky = fate(self.seed, what) % 100 < percent;
        unlucky.then(|| format!("{what}: denied").into())
    }

    /// Does an action, and says what became of it.
    pub(crate) fn act(&mut self, action: &Action, line: &Line) -> Outcome {
        let key = scoped(&action.key);
        if let Some(error) = self.fails(&line.what) {
            return Outcome::Failed(error);
        }
        let gone = || Outcome::NotFound(format!("{} not found", path(&key)).into());
        let verb = line.what.split(' ').next().unwrap_or_default();
        match &action.kind {
            ActionKind::Write { how, .. } if how.dry_run => Outcome::Done(written(action, verb)),
            ActionKind::Write { manifest, .. } => {
                self.write(key, manifest);
                Outcome::Done(written(action, verb))
            }
            ActionKind::Delete { .. } => match self.objects.get_mut(&key) {
                Some(stored) => {
                    stored.gone_at.get_or_insert(self.now + fate(self.seed, &line.what) % 4);
                    set(&mut stored.value, "deletionTimestamp", "2024-01-01T00:00:00Z".into());
                    Outcome::Done("".into())
                }
                None => gone(),
            },
            ActionKind::RemoveFinalizer => match self.objects.get_mut(&key) {
                Some(stored) => {
                    let rest = finalizers(&stored.value).iter();
                    let rest: Vec<Value> =
                        rest.filter(|one| one.as_str() != Some(HOOK_FINALIZER)).cloned().collect();
                    set(&mut stored.value, "finalizers", rest.into());
                    Outcome::Done("".into())
                }
                None => gone(),
            },
            ActionKind::Read => {
                self.objects.get(&key).map_or_else(gone, |stored| Outcome::Found(self.show(stored)))
            }
            ActionKind::WaveDone { .. } => Outcome::Done("".into()),
        }
    }

    fn write(&mut self, key: ResourceKey, manifest: &Value) {
        let mut value = manifest.clone();
        if key != namespace_key() || self.tracks_namespace {
            set(&mut value, "labels", Map::from_iter([("app", "me")]).into());
        }
        if key.namespace.is_empty()
            && let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut)
        {
            metadata.remove("namespace");
        }
        let old = self.objects.get(&key);
        if old.is_some_and(|old| Object::new(&old.value).is_being_deleted()) {
            set(&mut value, "deletionTimestamp", "2024-01-01T00:00:00Z".into());
        }
        let stored = Stored {
            value,
            healthy_at: self.now + fate(self.seed, &format!("{key} health")) % 4,
            ends: ends(self.seed, self.faults, &key.to_string()),
            gone_at: old.and_then(|old| old.gone_at),
        };
        self.objects.insert(key, stored);
    }
}

fn namespace_key() -> ResourceKey {
    ResourceKey { kind: "Namespace".into(), name: NAMESPACE.into(), ..ResourceKey::default() }
}

/// What an object comes to in the end.
fn ends(seed: u64, faults: u64, key: &str) -> &'static str {
    let bad = fate(seed, &format!("{key} end")) % 100 < faults;
    match fate(seed, &format!("{key} how")) % 8 {
        _ if !bad => "Healthy",
        0 => "Suspended",
        1 => "Unknown",
        2 => "Missing",
        3 => "error",
        _ => "Degraded",
    }
}

fn written(action: &Action, verb: &str) -> EcoString {
    match &action.kind {
        ActionKind::Write { how, .. } if how.command == Command::Update => {
            format!("{}/{} updated", action.key.kind, action.key.name).into()
        }
        _ => format!("{verb} done").into(),
    }
}

fn finalizers(value: &Value) -> &[Value] {
    value.at(&["metadata", "finalizers"]).and_then(Value::as_seq).unwrap_or_default()
}

fn set(value: &mut Value, field: &str, to: Value) {
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut) {
        metadata.insert(field, to);
    }
}

fn set_annotation(value: &mut Value, key: &str, to: &str) {
    if let Some(metadata) = value.get_mut("metadata").and_then(Value::as_map_mut) {
        let annotations = metadata.get_or_insert_with("annotations", || Map::new().into());
        if let Some(annotations) = annotations.as_map_mut() {
            annotations.insert(key, to);
        }
    }
}

/// The key as the server has it: without a namespace for what lives in none.
pub(crate) fn scoped(key: &ResourceKey) -> ResourceKey {
    let global =
        KINDS.iter().any(|kind| kind.group == key.group && kind.kind == key.kind && !kind.namespaced);
    let namespace = if global { EcoString::new() } else { key.namespace.clone() };
    ResourceKey { namespace, ..key.clone() }
}

/// A key as both sides write it down.
pub(crate) fn path(key: &ResourceKey) -> String {
    format!("{}/{}/{}/{}", key.group, key.kind, key.namespace, key.name)
}

/// Writes an action down.
pub(crate) fn line(action: &Action) -> Line {
    let (what, how) = match &action.kind {
        ActionKind::Write { manifest, how } => {
            let dry = if how.dry_run { "try-" } else { "" };
            let verb = how.command.as_str();
            let version = || manifest.at(&["metadata", "resourceVersion"]).and_then(Value::as_str);
            let detail = match how.command {
                Command::Create => format!("validate={}", how.validate),
                Command::Replace => format!("force={}", how.force),
                Command::Update => format!("version={}", version().unwrap_or_default()),
                Command::Apply => format!(
                    "force={} validate={} server={} migrated={}",
                    how.force,
                    how.validate,
                    how.server_side,
                    how.migrate_from.is_some()
                ),
            };
            (format!("{dry}{verb} {}", path(&action.key)), detail)
        }
        ActionKind::Delete { propagation, prune } => {
            let verb = if *prune { "prune" } else { "delete" };
            let key = if *prune { action.key.clone() } else { scoped(&action.key) };
            (format!("{verb} {}", path(&key)), propagation.as_str().to_owned())
        }
        ActionKind::RemoveFinalizer => (format!("release {}", path(&scoped(&action.key))), String::new()),
        ActionKind::Read => (format!("read {}", path(&scoped(&action.key))), String::new()),
        ActionKind::WaveDone { last } => (format!("wave {} {}", action.phase, action.wave), last.to_string()),
    };
    Line { what, how }
}

/// What the engine is told about the cluster.
pub(crate) struct Known<'s> {
    pub(crate) scenario: &'s Scenario,
    kinds: BTreeSet<(&'static str, &'static str)>,
}

impl<'s> Known<'s> {
    pub(crate) fn new(scenario: &'s Scenario, knows_widgets: bool) -> Self {
        let kinds = known_kinds(knows_widgets).map(|kind| (kind.group, kind.kind)).collect();
        Self { scenario, kinds }
    }

    /// The kinds that the cluster knows.
    pub(crate) fn kinds(&self) -> impl Iterator<Item = &'static Kind> {
        KINDS.iter().filter(|kind| self.kinds.contains(&(kind.group, kind.kind)))
    }
}

impl World for Known<'_> {
    fn scope(&self, gvk: &Gvk) -> Scope {
        let of = |kind: &&Kind| kind.group == gvk.group && kind.kind == gvk.kind;
        match KINDS.iter().find(of).filter(|kind| self.kinds.contains(&(kind.group, kind.kind))) {
            Some(kind) if kind.namespaced => Scope::Namespaced,
            Some(_) => Scope::Cluster,
            None => Scope::Missing(missing_message(&gvk.group, &gvk.version)),
        }
    }

    fn permitted(&self, object: &Value, _: bool) -> Result<(), EcoString> {
        Object::new(object).annotation("denied").map_or(Ok(()), |why| Err(why.into()))
    }

    fn health(&self, live: &Value) -> Result<Option<Health>, EcoString> {
        let object = Object::new(live);
        let status = object.annotation("health");
        if status == Some("error") {
            let (namespace, name) = (object.namespace(), object.name());
            return Err(format!("failed to get resource health for {namespace}/{name}: no health").into());
        }
        let of_hook = finalizers(live).iter().any(|one| one.as_str() == Some(HOOK_FINALIZER));
        if object.is_being_deleted() && !of_hook {
            return Ok(Some(Health {
                status: HealthStatus::Progressing,
                message: "Pending deletion".into(),
            }));
        }
        Ok(status.map(|status| Health {
            status: HealthStatus::parse(status),
            message: format!("is {status}").into(),
        }))
    }

    fn owns(&self, live: &Value, _: Option<&Value>) -> bool {
        Object::new(live).label("app") == Some("me") || is_hook(live)
    }

    fn modified(&self, key: &ResourceKey) -> Option<bool> {
        if *key == namespace_key() && !self.scenario.desires_namespace {
            return None;
        }
        let fate = fate(self.scenario.seed, &format!("{key} modified")) % 10;
        (fate > 0).then_some(fate > 5)
    }
}
