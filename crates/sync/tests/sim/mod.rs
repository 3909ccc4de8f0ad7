//! A simulated cluster: an API server with latencies and failures, controllers that turn objects healthy, and a host that crashes.
//!
//! Everything comes from a seed. Whether something fails is decided by what it is, not by when it happens, so that the same application
//! meets the same failures with and without crashes.

mod app;
mod watch;

pub use app::{App, random_app};
use watch::Watch;

use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{EcoString, Object, ResourceKey, Value};
use trueup_sync::*;

/// A small generator of pseudo-random numbers (splitmix64).
#[derive(Clone, Debug)]
pub struct Rng(pub u64);

impl Rng {
    /// Returns the next number.
    pub fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Returns a number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.number() % end
    }

    /// Returns true in so many of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Returns one of these.
    pub fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len() as u64) as usize]
    }
}

/// Returns a number that depends on the seed and on what it is about, and on nothing else.
fn fate(seed: u64, what: &str) -> u64 {
    let hash = what.bytes().fold(0xcbf2_9ce4_8422_2325_u64 ^ seed, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    Rng(hash).number()
}

/// A live object.
#[derive(Clone, Debug)]
struct Stored {
    value: Value,
    healthy_at: u64,
    degrades: bool,
    gone_at: Option<u64>,
}

/// The cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    seed: u64,
    fault_percent: u64,
    now: u64,
    objects: BTreeMap<ResourceKey, Stored>,
}

impl Cluster {
    fn new(app: &App) -> Self {
        let store = |value: &Value| {
            let stored = Stored { value: value.clone(), healthy_at: 0, degrades: false, gone_at: None };
            (Object::new(value).key(), stored)
        };
        let objects = app.live.iter().chain(&app.foreign).map(store).collect();
        Self { seed: app.seed, fault_percent: app.fault_percent, now: 0, objects }
    }

    fn tick(&mut self) {
        self.now += 1;
        let now = self.now;
        self.objects.retain(|_, stored| {
            let held = !finalizers(&stored.value).is_empty();
            held || stored.gone_at.is_none_or(|at| at > now)
        });
    }

    fn fails(&self, what: &str) -> bool {
        fate(self.seed, what) % 100 < self.fault_percent
    }

    /// Does one action and says what became of it; with `created` when an object appeared.
    fn act(&mut self, app: &App, action: &Action) -> (Outcome, bool) {
        // Cluster-scoped objects carry the application's namespace in memory only.
        let mut key = action.key.clone();
        if builtin_scope(&trueup_manifest::Gvk {
            group: key.group.clone(),
            version: action.version.clone(),
            kind: key.kind.clone(),
        }) == Scope::Cluster
        {
            key.namespace = EcoString::new();
        }
        let what = format!("{key} {} {}", action.phase, kind_of(action));
        let fault = || Outcome::Failed(format!("{what}: admission denied").into());
        let gone = || Outcome::NotFound(format!("{key} not found").into());
        match &action.kind {
            ActionKind::Write { how, .. } if how.dry_run => {
                let refused = fate(self.seed, &what) % 400 < self.fault_percent;
                (if refused { fault() } else { Outcome::Done("tried".into()) }, false)
            }
            ActionKind::Write { .. } if self.fails(&what) => (fault(), false),
            ActionKind::Write { manifest, how } => self.write(app, key, manifest, how),
            ActionKind::Delete { .. } if self.fails(&what) => (fault(), false),
            ActionKind::Delete { .. } => match self.objects.get_mut(&key) {
                None => (gone(), false),
                Some(stored) => {
                    let at = self.now + fate(self.seed, &what) % 4;
                    stored.gone_at.get_or_insert(at);
                    set(&mut stored.value, "deletionTimestamp", "2024-01-01T00:00:00Z".into());
                    (Outcome::Done("deleted".into()), false)
                }
            },
            ActionKind::RemoveFinalizer => match self.objects.get_mut(&key) {
                None => (gone(), false),
                Some(stored) => {
                    let rest: Vec<Value> = finalizers(&stored.value)
                        .into_iter()
                        .filter(|finalizer| finalizer.as_str() != Some(HOOK_FINALIZER))
                        .collect();
                    set(&mut stored.value, "finalizers", rest.into());
                    (Outcome::Done("updated".into()), false)
                }
            },
            ActionKind::Read => {
                let found = self.objects.get(&key).map(|stored| self.seen(stored));
                (found.map_or_else(gone, Outcome::Found), false)
            }
            ActionKind::WaveDone { .. } => {
                // How its hooks stand when a wave ends in an error depends on the time.
                let fate = fate(self.seed, &format!("{what} {}", action.wave)) % 2000;
                let broken = !app.compare && fate < self.fault_percent;
                (if broken { fault() } else { Outcome::Done(EcoString::new()) }, false)
            }
        }
    }

    fn write(&mut self, app: &App, key: ResourceKey, manifest: &Value, how: &Write) -> (Outcome, bool) {
        if how.command == Command::Create && self.objects.contains_key(&key) {
            return (Outcome::AlreadyExists(format!("{key} already exists").into()), false);
        }
        let created = !self.objects.contains_key(&key);
        let what = format!("{key} health");
        let is_hook = is_hook(manifest);
        let degrade = if is_hook || !app.compare { self.fault_percent } else { 0 };
        let mut value = manifest.clone();
        // The namespace that a sync creates is not tracked.
        if key != app.namespace_key() {
            app::own(&mut value, &app.name);
        }
        if key.namespace.is_empty() {
            value.get_mut("metadata").unwrap().as_map_mut().unwrap().remove("namespace");
        }
        if let Some(old) = self.objects.get(&key) {
            // What only the server knows stays.
            if Object::new(&old.value).is_being_deleted() {
                set(&mut value, "deletionTimestamp", "2024-01-01T00:00:00Z".into());
            }
        }
        let stored = Stored {
            value,
            healthy_at: self.now + fate(self.seed, &what) % 6,
            degrades: fate(self.seed, &format!("{what} end")) % 100 < degrade,
            gone_at: self.objects.get(&key).and_then(|old| old.gone_at),
        };
        self.objects.insert(key, stored);
        (Outcome::Done("configured".into()), created)
    }

    /// What the host sees of an object: with its health in an annotation.
    fn seen(&self, stored: &Stored) -> Value {
        let mut value = stored.value.clone();
        let health = match (stored.healthy_at > self.now, stored.degrades) {
            (true, _) => "Progressing",
            (false, true) => "Degraded",
            (false, false) => "Healthy",
        };
        set(&mut value, "health", health.into());
        value
    }

    fn live(&self) -> Vec<Value> {
        self.objects.values().map(|stored| self.seen(stored)).collect()
    }
}

fn kind_of(action: &Action) -> &'static str {
    match &action.kind {
        ActionKind::Write { how, .. } if how.dry_run => "try",
        ActionKind::Write { .. } => "write",
        ActionKind::Delete { .. } => "delete",
        ActionKind::RemoveFinalizer => "release",
        ActionKind::Read => "read",
        ActionKind::WaveDone { .. } => "wave",
    }
}

fn finalizers(value: &Value) -> Vec<Value> {
    value.at(&["metadata", "finalizers"]).and_then(Value::as_seq).unwrap_or_default().to_vec()
}

fn set(value: &mut Value, field: &str, to: Value) {
    value.get_mut("metadata").unwrap().as_map_mut().unwrap().insert(field, to);
}

impl World for App {
    fn owns(&self, live: &Value, _: Option<&Value>) -> bool {
        Object::new(live).label("app") == Some(&self.name)
    }

    fn health(&self, live: &Value) -> Result<Option<Health>, EcoString> {
        if matches!(Object::new(live).kind(), "ConfigMap" | "Namespace") {
            return Ok(None);
        }
        let status = live.at(&["metadata", "health"]).and_then(Value::as_str);
        Ok(status.map(|status| Health::new(HealthStatus::parse(status))))
    }

    fn modified(&self, key: &ResourceKey) -> Option<bool> {
        Some(fate(self.seed, &key.to_string()).is_multiple_of(2))
    }
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// The phase of the operation.
    pub operation: OperationPhase,
    /// What was done to each resource, and how each hook ended.
    pub results: BTreeMap<(ResourceKey, Phase), (Option<ResultCode>, Option<OperationPhase>)>,
    /// The objects that are left.
    pub live: BTreeSet<ResourceKey>,
    /// How many steps it took.
    pub steps: usize,
}

/// How the host behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Host {
    /// How often it crashes, in percent of the steps.
    pub crash_percent: u64,
    /// After how many calls it asks the operation to stop.
    pub terminate_after: Option<usize>,
}

/// Runs a whole sync and checks on the way what must always hold.
pub fn run(app: &App, host: Host) -> Result<End, String> {
    let mut cluster = Cluster::new(app);
    let mut rng = Rng(app.seed ^ host.crash_percent ^ 0x5eed);
    let mut state = State::new(1_000);
    let mut watch = Watch::default();
    let (mut calls, mut outcomes) = (0, Vec::new());
    let mut persisted: Vec<Action> = Vec::new();
    let (mut before, mut stale) = (cluster.live(), false);
    for steps in 0..20_000 {
        cluster.tick();
        let approved = calls >= 2;
        // After a crash the host may see the objects as they were before its last actions.
        let seen = if std::mem::take(&mut stale) { before } else { cluster.live() };
        let Reconciled { pairs, hooks } = reconcile(&app.desired, &seen, &app.settings.namespace, app);
        before = seen;
        let namespace = cluster.objects.get(&app.namespace_key()).map(|stored| stored.value.clone());
        let observation = Observation {
            pairs,
            hooks,
            namespace: Ok(namespace),
            approved_at: approved.then_some(2_000),
            outcomes: std::mem::take(&mut outcomes),
        };
        let done = step(state, &app.settings, &observation, app);
        state = done.state;
        match done.next {
            Next::Never => return watch.end(app, &cluster, &state, steps),
            Next::Change => {
                calls += 1;
                if host.terminate_after == Some(calls) {
                    state.terminate();
                }
                continue;
            }
            Next::Outcomes => persisted.extend(done.actions),
        }
        // The host does what it was asked to, in any order, and may crash before, in between or after.
        for index in (1..persisted.len()).rev() {
            persisted.swap(index, rng.below(index as u64 + 1) as usize);
        }
        let crashes = rng.chance(host.crash_percent);
        let doable = if crashes { rng.below(persisted.len() as u64 + 1) as usize } else { persisted.len() };
        for action in persisted.iter().take(doable) {
            let (outcome, created) = cluster.act(app, action);
            watch.see(app, action, &outcome, created)?;
            outcomes.push((action.id, outcome));
        }
        persisted.clear();
        if crashes {
            // Some outcomes may have been reported before.
            outcomes.truncate(rng.below(outcomes.len() as u64 + 1) as usize);
            let kept = serde_json::to_string(&state).map_err(|error| error.to_string())?;
            state = serde_json::from_str(&kept).map_err(|error| error.to_string())?;
            state.resume();
            stale = rng.chance(50);
        }
    }
    Err(format!("does not end: {} {}", state.operation, state.message))
}

/// Runs a seed: without crashes, with crashes, and with a termination. Returns how many steps that took.
pub fn run_seed(seed: u64) -> Result<usize, String> {
    let app = random_app(seed);
    let plain = run(&app, Host::default()).map_err(|why| format!("plain: {why}"))?;
    let crashing = run(&app, Host { crash_percent: 40, ..Host::default() });
    let crashing = crashing.map_err(|why| format!("crashing: {why}"))?;
    let same = plain.operation == crashing.operation
        && plain.results == crashing.results
        && plain.live == crashing.live;
    if app.compare && !same {
        return Err(format!("a crash changes the end:\n{plain:?}\n{crashing:?}"));
    }
    let host = Host { crash_percent: 10, terminate_after: Some(1 + seed as usize % 5) };
    let ended = run(&app, host).map_err(|why| format!("terminated: {why}"))?;
    Ok(plain.steps + crashing.steps + ended.steps)
}
