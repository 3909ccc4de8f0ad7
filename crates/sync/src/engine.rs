//! The state machine: `step(state, observation) → (state, actions)`.
//!
//! One *call* looks at the objects once and does one thing: a dry run and the first step, or the next step, or nothing but wait. A call
//! needs answers from the cluster in between, so it is suspended when it asks for them and goes on when they are there. What a call
//! decided stays decided: its tasks are kept in the state, so that a crash in the middle changes nothing.

use crate::call::Call;
use crate::hooks::Phase;
use crate::reconcile::Pair;
use crate::results::{OperationPhase, Results};
use crate::settings::{Propagation, Settings, Write, write};
use crate::task::{Built, build};
use crate::world::World;
use crate::{call, messages};
use ecow::EcoString;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use trueup_manifest::{ResourceKey, Value};

/// What the host sees at one time.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// Resources: desired and live.
    pub pairs: Vec<Pair>,
    /// Hooks, as desired. Live hooks are found among the pairs.
    pub hooks: Vec<Value>,
    /// The live namespace of the application, or why it could not be read. Only looked at when the namespace is to be created.
    pub namespace: Result<Option<Value>, EcoString>,
    /// When prunes were confirmed, in Unix seconds: the annotation `argocd.argoproj.io/deletion-approved`.
    pub approved_at: Option<i64>,
    /// The answers to actions.
    pub outcomes: Vec<(ActionId, Outcome)>,
}

impl Default for Observation {
    fn default() -> Self {
        Self {
            pairs: Vec::new(),
            hooks: Vec::new(),
            namespace: Ok(None),
            approved_at: None,
            outcomes: Vec::new(),
        }
    }
}

/// The number of an action in its operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ActionId(pub u64);

/// What became of an action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It was done; holds the line that the tool printed, if any.
    Done(EcoString),
    /// It was read.
    Found(Value),
    /// The object is not there; holds the server's message.
    NotFound(EcoString),
    /// The object to create is there already; holds the server's message.
    AlreadyExists(EcoString),
    /// It failed; holds the error.
    Failed(EcoString),
}

/// Something the host is asked to do. Actions of one step may be done at the same time, in any order.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// The number that its outcome is reported under.
    pub id: ActionId,
    /// The object.
    pub key: ResourceKey,
    /// The API version of the object.
    pub version: EcoString,
    /// The phase it belongs to.
    pub phase: Phase,
    /// The wave it belongs to.
    pub wave: i64,
    /// What to do.
    pub kind: ActionKind,
    /// Whether it may have been done before a crash. What is already so then counts as done.
    pub repeated: bool,
}

/// What the host is asked to do.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionKind {
    /// Write this manifest.
    Write {
        /// The manifest.
        manifest: Value,
        /// How it is written.
        how: Write,
    },
    /// Delete the object.
    Delete {
        /// How its dependents are treated.
        propagation: Propagation,
        /// Whether it is a prune: a resource that is no longer desired. Otherwise it is a hook.
        prune: bool,
    },
    /// Take [`crate::HOOK_FINALIZER`] off the live object.
    RemoveFinalizer,
    /// Read the object; answered by [`Outcome::Found`] or [`Outcome::NotFound`].
    Read,
    /// A wave was done: give controllers a moment (2 seconds in Argo CD) unless it is the last one.
    WaveDone {
        /// Whether no wave comes after it.
        last: bool,
    },
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verb = match &self.kind {
            ActionKind::Write { how, .. } if how.dry_run => "try",
            ActionKind::Write { how, .. } => how.command.as_str(),
            ActionKind::Delete { prune: true, .. } => "prune",
            ActionKind::Delete { prune: false, .. } => "delete hook",
            ActionKind::RemoveFinalizer => "release",
            ActionKind::Read => "read",
            ActionKind::WaveDone { .. } => return write!(f, "{} wave {} done", self.phase, self.wave),
        };
        write!(f, "{verb} {} {}", self.key.kind, self.key.name)
    }
}

/// Where an operation stands. Write it down before its actions are done, and a crash costs nothing.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// How the operation stands.
    pub operation: OperationPhase,
    /// What there is to say.
    pub message: EcoString,
    /// When it was started, in Unix seconds.
    pub started_at: i64,
    /// What was done so far.
    pub results: Results,
    /// The number of the next action.
    #[serde(deserialize_with = "call::action_number")]
    next_action: u64,
    /// Whether the operation was asked to stop while a call was under way.
    terminate: bool,
    call: Option<Call>,
}

impl State {
    /// Returns the state of an operation that starts now.
    pub fn new(started_at: i64) -> Self {
        Self::restore(OperationPhase::Running, "", Results::default(), started_at)
    }

    /// Returns the state of an operation of which only the status is known.
    pub fn restore(operation: OperationPhase, message: &str, results: Results, started_at: i64) -> Self {
        Self {
            operation,
            message: message.into(),
            started_at,
            results,
            next_action: 0,
            terminate: false,
            call: None,
        }
    }

    /// Asks the operation to stop: running hooks are ended, resources stay. A call that is under way is finished first.
    pub fn terminate(&mut self) {
        if self.operation != OperationPhase::Running {
            return;
        }
        if self.call.is_some() {
            self.terminate = true;
        } else {
            self.operation = OperationPhase::Terminating;
            self.message = "operation is terminating".into();
        }
    }

    /// Makes the next step ask again for everything that was not answered: after a crash.
    pub fn resume(&mut self) {
        if let Some(call) = &mut self.call {
            call.forget_unanswered();
        }
    }

    pub(crate) fn next_action(&self) -> u64 {
        self.next_action
    }

    /// Returns true while actions of this operation wait for their outcome.
    pub fn awaits_outcomes(&self) -> bool {
        self.call.is_some()
    }
}

/// What a step gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The state after it.
    pub state: State,
    /// What the host is asked to do.
    pub actions: Vec<Action>,
    /// When to call again.
    pub next: Next,
}

/// When to call [`step`] again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// When outcomes are there.
    Outcomes,
    /// When live objects changed, with fresh ones.
    Change,
    /// Not at all: the operation is completed.
    Never,
}

/// Does one step of a sync.
///
/// Deterministic: the same state, settings and observation give the same step. The outcomes in the observation answer actions that
/// earlier steps asked for; unknown ones are ignored.
pub fn step(
    mut state: State,
    settings: &Settings,
    observation: &Observation,
    world: &(impl World + ?Sized),
) -> Step {
    if state.operation.is_completed() {
        return Step { state, actions: Vec::new(), next: Next::Never };
    }
    let keep = state.call.as_ref().is_some_and(|call| call.creates_namespace(&settings.namespace));
    let built = build(settings, observation, state.started_at, keep, world);
    let mut call = match state.call.take() {
        Some(call) => call,
        None => match open(&mut state, settings, &built, world) {
            Some(call) => call,
            None => return closed(state),
        },
    };
    call.answer(&observation.outcomes);
    let confirmed = observation.approved_at.is_some_and(|at| at >= state.started_at);
    loop {
        let mut run = call.run(settings, confirmed, world);
        let ended = match call.operation() {
            OperationPhase::Terminating => run.terminate(),
            _ => run.sync(),
        };
        let (requests, asked) = (run.requests, run.next);
        state.results = run.results;
        if let Ok(()) = ended {
            // Only a call that came to its end says how the operation stands.
            (state.operation, state.message) = (run.operation, run.message);
            state.next_action = asked;
            return closed(state);
        }
        let (actions, lost) = resolve(call.fresh(requests, asked), &call, &built, settings);
        if lost.is_empty() {
            state.call = Some(call);
            return Step { state, actions, next: Next::Outcomes };
        }
        call.answer(&lost);
        call.withdraw(&actions);
    }
}

fn closed(mut state: State) -> Step {
    if std::mem::take(&mut state.terminate) && state.operation == OperationPhase::Running {
        state.terminate();
    }
    let next = if state.operation.is_completed() { Next::Never } else { Next::Change };
    Step { state, actions: Vec::new(), next }
}

/// Begins a call; nothing if it ends at once because the tasks are not valid or too much would be pruned.
fn open(
    state: &mut State,
    settings: &Settings,
    built: &[Built],
    world: &(impl World + ?Sized),
) -> Option<Call> {
    let terminating = state.operation == OperationPhase::Terminating;
    if state.results.is_empty()
        && !terminating
        && let Some(error) = crate::plan::guard(settings, built)
    {
        (state.operation, state.message) = (OperationPhase::Failed, error.to_string().into());
        return None;
    }
    let valid = record_invalid(state, built);
    if !valid && !terminating {
        let results = state.results.iter();
        (state.operation, state.message) = (OperationPhase::Failed, messages::not_valid(results));
        return None;
    }
    let mut tasks = Vec::with_capacity(built.len());
    for built in built {
        let mut task = built.task.clone();
        if let Some(result) = state.results.get(&task.key, task.phase) {
            (task.status, task.operation) = (result.status, result.operation);
            task.message = result.message.clone();
        }
        call::observe(&mut task, built.live.as_ref(), world);
        tasks.push(task);
    }
    Some(Call::new(tasks, state))
}

fn record_invalid(state: &mut State, built: &[Built]) -> bool {
    let mut valid = true;
    for built in built {
        let Some(invalid) = &built.invalid else { continue };
        let mut task = built.task.clone();
        task.phase = invalid.phase;
        task.status = Some(crate::ResultCode::SyncFailed);
        task.operation = invalid.namespace.then_some(OperationPhase::Error);
        task.message = invalid.message.clone();
        state.results.set(task.result());
        valid &= invalid.namespace;
    }
    valid
}

/// Turns requests into actions, with the manifests of the objects as they are now.
///
/// A request whose manifest is gone is answered at once: it failed.
fn resolve(
    requests: Vec<call::Request>,
    call: &Call,
    built: &[Built],
    settings: &Settings,
) -> (Vec<Action>, Vec<(ActionId, Outcome)>) {
    let wanted: BTreeSet<(&ResourceKey, Phase)> = requests
        .iter()
        .filter_map(|request| call.task(request.task))
        .map(|task| (&task.key, task.phase))
        .collect();
    let by_key: BTreeMap<(&ResourceKey, Phase), &Built> = built
        .iter()
        .map(|built| ((&built.task.key, built.task.phase), built))
        .filter(|(key, _)| wanted.contains(key))
        .collect();
    let to_action = |request: &call::Request| {
        let task = call.task(request.task)?;
        let built = by_key.get(&(&task.key, task.phase)).copied();
        let kind = match request.kind {
            call::Ask::Write { dry_run } => {
                let target = built.and_then(|built| built.target.as_ref())?;
                let live = built.and_then(|built| built.live.as_ref());
                write_action(settings, target, live, dry_run)
            }
            call::Ask::Prune => ActionKind::Delete { propagation: settings.propagation, prune: true },
            call::Ask::DeleteHook => ActionKind::Delete { propagation: settings.propagation, prune: false },
            call::Ask::RemoveFinalizer => ActionKind::RemoveFinalizer,
            call::Ask::Read => ActionKind::Read,
            call::Ask::WaveDone { last } => ActionKind::WaveDone { last },
        };
        let mut key = task.key.clone();
        if task.has_live && !matches!(kind, ActionKind::Write { .. } | ActionKind::Read) {
            key.namespace = task.live_namespace.clone();
        }
        Some(Action {
            id: ActionId(request.id),
            key,
            version: task.version.clone(),
            phase: task.phase,
            wave: task.wave,
            kind,
            repeated: call.is_repeated(request.id),
        })
    };
    let (mut actions, mut lost) = (Vec::new(), Vec::new());
    for request in &requests {
        match to_action(request) {
            Some(action) => actions.push(action),
            None => {
                let gone = Outcome::Failed("the object is no longer desired".into());
                lost.push((ActionId(request.id), gone));
            }
        }
    }
    (actions, lost)
}

fn write_action(settings: &Settings, target: &Value, live: Option<&Value>, dry_run: bool) -> ActionKind {
    let how = write(settings, target, live, dry_run);
    let mut manifest = target.clone();
    if how.command == crate::Command::Update {
        let version = live.and_then(|live| live.at(&["metadata", "resourceVersion"])).cloned();
        let metadata = manifest.get_mut("metadata").and_then(Value::as_map_mut);
        if let (Some(metadata), Some(version)) = (metadata, version) {
            metadata.insert("resourceVersion", version);
        }
    }
    ActionKind::Write { manifest, how }
}
