//! A simulated cluster: an API server with latencies and failures, controllers that turn objects healthy, and a host that crashes.
//!
//! Everything comes from a seed. Whether something fails is decided by what it is, not by when it happens, so that the same application
//! meets the same failures with and without crashes.

mod app;
mod operation;
mod oracle;
mod watch;

pub use app::{App, random_app};
use watch::Watch;

use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{EcoString, Object, ResourceKey, Value};
use trueup_sync::*;

/// When every operation starts, in Unix seconds.
const STARTED_AT: i64 = 1_000;

/// How the messages of an operation begin that failed after something was changed.
const HOOKS_END: [&str; 2] =
    ["one or more objects failed to apply", "one or more synchronization tasks completed unsuccessfully"];

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

impl Stored {
    fn is_held(&self) -> bool {
        finalizers(&self.value).iter().any(|finalizer| finalizer.as_str() == Some(HOOK_FINALIZER))
    }
}

/// Whether the objects of a kind have a health.
fn has_health(kind: &str) -> bool {
    !matches!(kind, "ConfigMap" | "Namespace" | "CustomResourceDefinition")
}

/// The cluster.
#[derive(Clone, Debug)]
pub struct Cluster {
    seed: u64,
    fault_percent: u64,
    now: u64,
    /// Which attempt of an operation it meets, from 0: faults last for a few of them.
    attempt: u64,
    objects: BTreeMap<ResourceKey, Stored>,
}

impl Cluster {
    fn new(app: &App) -> Self {
        let store = |value: &Value| {
            let stored = Stored { value: value.clone(), healthy_at: 0, degrades: false, gone_at: None };
            (Object::new(value).key(), stored)
        };
        let objects = app.live.iter().chain(&app.foreign).map(store).collect();
        Self { seed: app.seed, fault_percent: app.fault_percent, now: 0, attempt: 0, objects }
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
        fate(self.seed, what) % 100 < self.fault_percent && self.lasts(what)
    }

    /// Lets time pass until right before `then`.
    fn pass_until(&mut self, then: u64) {
        self.now = self.now.max(then.saturating_sub(1));
    }

    /// Whether what failed at first still does.
    fn lasts(&self, what: &str) -> bool {
        self.attempt <= fate(self.seed, &format!("{what} lasts")) % 4
    }

    fn stored(&self, key: &ResourceKey) -> Option<&Stored> {
        self.objects.get(key)
    }

    /// What is there and stays.
    fn standing(&self) -> BTreeSet<ResourceKey> {
        let stays = self.objects.iter().filter(|(_, stored)| stored.gone_at.is_none());
        stays.map(|(key, _)| key.clone()).collect()
    }

    /// Does one action and says what became of it.
    fn act(&mut self, app: &App, action: &Action, key: ResourceKey) -> Outcome {
        let what = format!("{key} {} {}", action.phase, kind_of(action));
        let fault = || Outcome::Failed(format!("{what}: admission denied").into());
        let gone = || Outcome::NotFound(format!("{key} not found").into());
        match &action.kind {
            ActionKind::Write { how, .. } if how.dry_run => {
                let refused = fate(self.seed, &what) % 400 < self.fault_percent && self.lasts(&what);
                if refused { fault() } else { Outcome::Done("tried".into()) }
            }
            ActionKind::Write { .. } if self.fails(&what) => fault(),
            ActionKind::Write { manifest, how } => self.write(app, key, manifest, how),
            ActionKind::Delete { .. } if self.fails(&what) => fault(),
            ActionKind::Delete { .. } => match self.objects.get_mut(&key) {
                None => gone(),
                Some(stored) => {
                    let at = self.now + fate(self.seed, &what) % 12;
                    stored.gone_at.get_or_insert(at);
                    set(&mut stored.value, "deletionTimestamp", "2024-01-01T00:00:00Z".into());
                    Outcome::Done("deleted".into())
                }
            },
            ActionKind::RemoveFinalizer => match self.objects.get_mut(&key) {
                None => gone(),
                Some(stored) => {
                    let rest: Vec<Value> = finalizers(&stored.value)
                        .into_iter()
                        .filter(|finalizer| finalizer.as_str() != Some(HOOK_FINALIZER))
                        .collect();
                    set(&mut stored.value, "finalizers", rest.into());
                    Outcome::Done("updated".into())
                }
            },
            ActionKind::Read => {
                let found = self.objects.get(&key).map(|stored| self.seen(stored));
                found.map_or_else(gone, Outcome::Found)
            }
            ActionKind::WaveDone { .. } => {
                // How its hooks stand when a wave ends in an error depends on the time.
                let fate = fate(self.seed, &format!("{what} {}", action.wave)) % 400;
                let broken = !app.compare && fate < self.fault_percent && self.lasts(&what);
                if broken { fault() } else { Outcome::Done(EcoString::new()) }
            }
        }
    }

    fn write(&mut self, app: &App, key: ResourceKey, manifest: &Value, how: &Write) -> Outcome {
        if how.command == Command::Create && self.objects.contains_key(&key) {
            return Outcome::AlreadyExists(format!("{key} already exists").into());
        }
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
            degrades: fate(self.seed, &format!("{what} end")) % 100 < degrade && self.lasts(&what),
            gone_at: self.objects.get(&key).and_then(|old| old.gone_at),
        };
        self.objects.insert(key, stored);
        Outcome::Done("configured".into())
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
        if !has_health(Object::new(live).kind()) {
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

/// When the host crashes.
#[derive(Clone, Copy, Debug, Default)]
pub enum Crashes {
    /// Never.
    #[default]
    Never,
    /// In so many percent of the steps.
    Often(u64),
    /// In one step, in one way of [`WAYS`].
    Once {
        /// The step, from 0.
        step: usize,
        /// The way.
        way: usize,
    },
}

/// In how many ways a host crashes: before the step was written down; before, among and after its actions; with some outcomes lost.
const WAYS: usize = 5;

/// How the host behaves.
#[derive(Clone, Copy, Debug, Default)]
pub struct Host {
    /// When it crashes.
    pub crashes: Crashes,
    /// After how many calls it asks the operation to stop.
    pub terminate_after: Option<usize>,
    /// After how many steps it asks the operation to stop, if a call is under way then.
    pub terminate_in_call: Option<usize>,
}

impl Host {
    /// Returns the way in which it crashes in a step, if it does.
    fn crash(&self, step: usize, rng: &mut Rng) -> Option<usize> {
        match self.crashes {
            Crashes::Never => None,
            Crashes::Often(percent) => rng.chance(percent).then(|| rng.below(WAYS as u64) as usize),
            Crashes::Once { step: at, way } => (at == step).then_some(way),
        }
    }
}

/// The key of an action as the server has it: cluster-scoped objects carry the application's namespace in memory only.
fn server_key(action: &Action) -> ResourceKey {
    let mut key = action.key.clone();
    let (group, version, kind) = (key.group.clone(), action.version.clone(), key.kind.clone());
    if builtin_scope(&trueup_manifest::Gvk { group, version, kind }) == Scope::Cluster {
        key.namespace = EcoString::new();
    }
    key
}

/// More steps than any run may take.
const MAX_STEPS: usize = 2_000;

/// Runs a whole sync and checks on the way what must always hold.
pub fn run(app: &App, host: Host) -> Result<End, String> {
    let mut cluster = Cluster::new(app);
    let mut rng = Rng(app.seed ^ 0x5eed);
    let mut state = State::new(STARTED_AT);
    let mut watch = Watch::new(app);
    let (mut calls, mut outcomes) = (0, Vec::new());
    let (mut before, mut stale) = (cluster.live(), false);
    for steps in 0..MAX_STEPS {
        cluster.tick();
        // After a crash the host may see the objects as they were before its last actions.
        let seen = if std::mem::take(&mut stale) { before } else { cluster.live() };
        let approved = calls >= app.approved_after;
        watch.observe(approved);
        if !state.awaits_outcomes() {
            watch.call(app, &seen, &state)?;
        }
        if host.terminate_in_call == Some(steps) && state.awaits_outcomes() {
            state.terminate();
            watch.ask_to_end();
        }
        let observation = observe(app, &cluster, &seen, approved, std::mem::take(&mut outcomes));
        before = seen;
        let kept = serde_json::to_string(&state).map_err(|error| error.to_string())?;
        let done = step(state, &app.settings, &observation, app);
        let crash = host.crash(steps, &mut rng);
        if crash == Some(0) {
            // Nobody will ever know of this step.
            state = resumed(&kept)?;
            continue;
        }
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
            Next::Outcomes => {}
        }
        // The host does what it was asked to, in any order, and may crash before, in between or after.
        let mut actions = done.actions;
        for index in (1..actions.len()).rev() {
            actions.swap(index, rng.below(index as u64 + 1) as usize);
        }
        let doable = match crash {
            Some(1) => 0,
            Some(2) => rng.below(actions.len() as u64 + 1) as usize,
            _ => actions.len(),
        };
        for action in actions.iter().take(doable) {
            let key = server_key(action);
            watch.before(app, &cluster, action, &key)?;
            let outcome = cluster.act(app, action, key.clone());
            watch.after(&cluster, action, &key, &outcome);
            outcomes.push((action.id, outcome));
        }
        if let Some(way) = crash {
            // Some outcomes may have been written down before.
            let known = if way == 3 { outcomes.len() } else { rng.below(outcomes.len() as u64 + 1) as usize };
            outcomes.truncate(if way == 4 { 0 } else { known });
            state = resumed(&serde_json::to_string(&state).map_err(|error| error.to_string())?)?;
            stale = rng.chance(50);
        }
    }
    Err(format!("does not end: {} {}", state.operation, state.message))
}

fn resumed(kept: &str) -> Result<State, String> {
    let mut state: State = serde_json::from_str(kept).map_err(|error| error.to_string())?;
    state.resume();
    Ok(state)
}

fn observe(
    app: &App,
    cluster: &Cluster,
    seen: &[Value],
    approved: bool,
    outcomes: Vec<(ActionId, Outcome)>,
) -> Observation {
    let Reconciled { pairs, hooks } = reconcile(&app.desired, seen, &app.settings.namespace, app);
    let namespace = cluster.objects.get(&app.namespace_key()).map(|stored| stored.value.clone());
    let approved_at = approved.then_some(STARTED_AT + 1_000);
    Observation { pairs, hooks, namespace: Ok(namespace), approved_at, outcomes }
}

/// What running a seed took.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taken {
    /// Runs.
    pub runs: usize,
    /// Steps of all runs.
    pub steps: usize,
    /// Steps of the longest run.
    pub longest: usize,
}

impl Taken {
    fn add(&mut self, end: &End) {
        self.runs += 1;
        self.steps += end.steps;
        self.longest = self.longest.max(end.steps);
    }
}

/// Runs a seed: without crashes, with many crashes, with a termination between calls and one in a call, as an operation with windows
/// and retries, and, for one in 32, with one crash at each step in each way.
pub fn run_seed(seed: u64) -> Result<Taken, String> {
    let mut app = random_app(seed);
    app.compare &= !oracle::fails_in_turn(&app) && !oracle::waits_for_approval(&app);
    let mut taken = Taken::default();
    let plain = run(&app, Host::default()).map_err(|why| format!("plain: {why}"))?;
    taken.add(&plain);
    let same = |crashing: &End| {
        let same = plain.operation == crashing.operation
            && plain.results == crashing.results
            && plain.live == crashing.live;
        if same || !app.compare { Ok(()) } else { Err(format!("changes the end:\n{plain:?}\n{crashing:?}")) }
    };
    let mut crashing = vec![Crashes::Often(40)];
    if seed.is_multiple_of(32) {
        let all = (0..=plain.steps).flat_map(|step| (0..WAYS).map(move |way| Crashes::Once { step, way }));
        crashing.extend(all);
    }
    for crashes in crashing {
        let end = run(&app, Host { crashes, ..Host::default() });
        let end = end.map_err(|why| format!("{crashes:?}: {why}"))?;
        same(&end).map_err(|why| format!("{crashes:?} {why}"))?;
        taken.add(&end);
    }
    let after = 1 + seed as usize;
    let host =
        Host { crashes: Crashes::Often(10), terminate_after: Some(after % 5), terminate_in_call: None };
    taken.add(&run(&app, host).map_err(|why| format!("terminated: {why}"))?);
    let host = Host { terminate_after: None, terminate_in_call: Some(after % (plain.steps + 1)), ..host };
    taken.add(&run(&app, host).map_err(|why| format!("terminated in a call: {why}"))?);
    operation::run_seed(&app, &mut taken)?;
    Ok(taken)
}
