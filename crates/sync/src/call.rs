//! One call: its tasks, the answers it got, and the straight line of what it does.
//!
//! A call is run from its beginning each time new answers are there. What it asked before is answered from the record, so it comes to
//! the same point again and goes on; where an answer is missing it is suspended. It looks at nothing but its record.

use crate::engine::{Action, ActionId, Outcome, State};
use crate::hooks::Phase;
use crate::messages;
use crate::results::{OperationPhase, ResultCode, Results};
use crate::settings::Settings;
use crate::task::{Observed, Task, has_finalizer};
use crate::world::{HealthStatus, World};
use ecow::{EcoString, eco_format};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Object, ResourceKey, Value};

/// A call is waiting for answers.
pub(crate) struct Suspended;

type Ended = Result<(), Suspended>;

/// What a call keeps while it waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Call {
    tasks: Vec<Task>,
    results: Results,
    operation: OperationPhase,
    message: EcoString,
    /// Whether there were results when it began.
    started: bool,
    #[serde(deserialize_with = "action_number")]
    first: u64,
    #[serde(deserialize_with = "action_number")]
    asked: u64,
    /// Actions before this one may have been done before a crash.
    #[serde(deserialize_with = "action_number")]
    repeated_until: u64,
    #[serde(with = "outcomes")]
    outcomes: BTreeMap<u64, Answer>,
}

/// The highest number of an action in a state that is read: one that every reader of JSON keeps, and far from the end of the type.
const MAX_ACTION: u64 = 1 << 53;

/// Reads the number of an action.
pub(crate) fn action_number<'de, D: serde::Deserializer<'de>>(from: D) -> Result<u64, D::Error> {
    let number = u64::deserialize(from)?;
    match number <= MAX_ACTION {
        true => Ok(number),
        false => Err(serde::de::Error::custom(format!("no operation has {number} actions"))),
    }
}

/// Outcomes as a list: not every format has numbers as keys.
mod outcomes {
    use super::Answer;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::collections::BTreeMap;

    pub(super) fn serialize<S: Serializer>(all: &BTreeMap<u64, Answer>, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(all)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<u64, Answer>, D::Error> {
        Ok(Vec::<(u64, Answer)>::deserialize(from)?.into_iter().collect())
    }
}

/// Something a call asks for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request {
    pub(crate) id: u64,
    pub(crate) task: usize,
    pub(crate) kind: Ask,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Ask {
    Write { dry_run: bool },
    Prune,
    DeleteHook,
    RemoveFinalizer,
    Read,
    WaveDone { last: bool },
}

impl Call {
    pub(crate) fn new(tasks: Vec<Task>, state: &State) -> Self {
        let first = state.next_action();
        Self {
            tasks,
            results: state.results.clone(),
            operation: state.operation,
            message: state.message.clone(),
            started: !state.results.is_empty(),
            first,
            asked: first,
            repeated_until: first,
            outcomes: BTreeMap::new(),
        }
    }

    pub(crate) fn operation(&self) -> OperationPhase {
        self.operation
    }

    pub(crate) fn task(&self, index: usize) -> Option<&Task> {
        self.tasks.get(index)
    }

    /// Returns true if the namespace of the application is written in this call.
    pub(crate) fn creates_namespace(&self, name: &str) -> bool {
        let is_it =
            |task: &Task| task.key.kind == "Namespace" && task.key.group.is_empty() && task.key.name == name;
        self.tasks.iter().any(|task| task.phase == Phase::PreSync && !task.hook && is_it(task))
    }

    pub(crate) fn is_repeated(&self, id: u64) -> bool {
        id < self.repeated_until
    }

    pub(crate) fn answer(&mut self, outcomes: &[(ActionId, Outcome)]) {
        for (ActionId(id), outcome) in outcomes {
            if (self.first..self.asked.max(self.repeated_until)).contains(id) {
                let answer = Answer { outcome: outcome.clone(), repeated: self.is_repeated(*id) };
                self.outcomes.entry(*id).or_insert(answer);
            }
        }
    }

    pub(crate) fn forget_unanswered(&mut self) {
        self.repeated_until = self.repeated_until.max(self.asked);
        self.asked = self.first;
    }

    /// Returns the requests that were not made before.
    pub(crate) fn fresh(&mut self, requests: Vec<Request>, next: u64) -> Vec<Request> {
        let asked = std::mem::replace(&mut self.asked, next);
        requests.into_iter().filter(|request| request.id >= asked).collect()
    }

    /// Takes requests back that were not handed out after all.
    pub(crate) fn withdraw(&mut self, actions: &[Action]) {
        let lowest = actions.iter().map(|action| action.id.0).min().unwrap_or(self.asked);
        self.asked = self.asked.min(lowest);
    }

    pub(crate) fn run<'a, W: World + ?Sized>(
        &'a self,
        settings: &'a Settings,
        confirmed: bool,
        world: &'a W,
    ) -> Run<'a, W> {
        Run {
            call: self,
            settings,
            world,
            confirmed,
            tasks: self.tasks.clone(),
            results: self.results.clone(),
            operation: self.operation,
            message: self.message.clone(),
            next: self.first,
            requests: Vec::new(),
            read: BTreeSet::new(),
        }
    }
}

/// One pass through a call.
pub(crate) struct Run<'a, W: ?Sized> {
    call: &'a Call,
    pub(crate) settings: &'a Settings,
    world: &'a W,
    pub(crate) confirmed: bool,
    pub(crate) tasks: Vec<Task>,
    pub(crate) results: Results,
    pub(crate) operation: OperationPhase,
    pub(crate) message: EcoString,
    pub(crate) next: u64,
    pub(crate) requests: Vec<Request>,
    /// The tasks whose live object was read in this call.
    read: BTreeSet<usize>,
}

impl<'a, W: World + ?Sized> Run<'a, W> {
    /// Asks one thing for each task, and is suspended until all answers are there.
    pub(crate) fn ask(&mut self, kind: Ask, tasks: &[usize]) -> Result<Vec<(usize, Answer)>, Suspended> {
        let mut answers = Vec::with_capacity(tasks.len());
        for &task in tasks {
            let id = self.next;
            self.next += 1;
            match self.call.outcomes.get(&id) {
                Some(answer) => answers.push((task, answer.clone())),
                None => self.requests.push(Request { id, task, kind }),
            }
        }
        if self.requests.is_empty() { Ok(answers) } else { Err(Suspended) }
    }

    pub(crate) fn select(&self, keep: impl Fn(&Task) -> bool) -> Vec<usize> {
        let all = self.tasks.iter().enumerate();
        all.filter(|(_, task)| keep(task)).map(|(index, _)| index).collect()
    }

    pub(crate) fn keep(&self, among: &[usize], keep: impl Fn(&Task) -> bool) -> Vec<usize> {
        let holds = |index: &usize| self.tasks.get(*index).is_some_and(&keep);
        among.iter().copied().filter(holds).collect()
    }

    pub(crate) fn any(&self, among: &[usize], holds: impl Fn(&Task) -> bool) -> bool {
        among.iter().any(|index| self.tasks.get(*index).is_some_and(&holds))
    }

    pub(crate) fn set(
        &mut self,
        index: usize,
        status: Option<ResultCode>,
        operation: Option<OperationPhase>,
        message: impl Into<EcoString>,
    ) {
        let Some(task) = self.tasks.get_mut(index) else { return };
        (task.status, task.operation) = (status, operation);
        let message = message.into();
        if !message.is_empty() {
            task.message = message;
        }
        self.results.set(task.result());
    }

    /// Sets the operation phase of a task and keeps what was done.
    pub(crate) fn set_phase(
        &mut self,
        index: usize,
        operation: OperationPhase,
        message: impl Into<EcoString>,
    ) {
        let status = self.tasks.get(index).and_then(|task| task.status);
        self.set(index, status, Some(operation), message);
    }

    pub(crate) fn conclude(&mut self, operation: OperationPhase, message: impl Into<EcoString>) {
        (self.operation, self.message) = (operation, message.into());
    }

    pub(crate) fn waiting(&mut self, tasks: &[usize], deletion: bool) {
        let tasks = tasks.iter().filter_map(|index| self.tasks.get(*index));
        let message = messages::waiting_for(tasks.map(messages::Waiting::from), deletion, self.confirmed);
        self.conclude(OperationPhase::Running, message);
    }

    /// Ends the operation: hooks that run are released and deleted.
    pub(crate) fn terminate(&mut self) -> Ended {
        let completed = self.select(|task| task.hook && task.is_completed());
        self.remove_finalizers(&completed)?;
        let hooks = self.select(|task| task.hook);
        match self.end_hooks(&hooks)? {
            true => self.conclude(OperationPhase::Failed, "Operation terminated"),
            false => self.conclude(OperationPhase::Error, "Operation termination had errors"),
        }
        Ok(())
    }

    /// Takes the finalizer off completed hooks. One that is not seen may still be there, so it is read first.
    pub(crate) fn remove_finalizers(&mut self, hooks: &[usize]) -> Ended {
        if self.settings.dry_run {
            return Ok(());
        }
        let unseen = self.keep(hooks, |task| !task.has_live);
        for (index, answer) in self.ask(Ask::Read, &unseen)? {
            match &answer.outcome {
                Outcome::Found(live) => self.found(index, live),
                Outcome::NotFound(_) => {}
                other => {
                    let error = failure(other).unwrap_or_default();
                    let message = eco_format!(
                        "Failed to remove hook finalizer: failed to get resource: failed to get resource: {error}"
                    );
                    self.set_phase(index, OperationPhase::Error, message);
                }
            }
        }
        let held = self.keep(hooks, |task| task.has_live && task.has_finalizer);
        for (index, error) in self.release(&held)? {
            self.set_phase(
                index,
                OperationPhase::Error,
                eco_format!("Failed to remove hook finalizer: {error}"),
            );
        }
        Ok(())
    }

    /// Takes the finalizer off the live objects of hooks, once off each object; returns which failed and why.
    ///
    /// The phases of a hook share its live object, so that only the first one fails; those that had to read it fail one by one.
    pub(crate) fn release(&mut self, hooks: &[usize]) -> Result<Vec<(usize, EcoString)>, Suspended> {
        let mut objects: BTreeMap<(&ResourceKey, &str), Vec<usize>> = BTreeMap::new();
        let mut once = Vec::new();
        for (index, task) in hooks.iter().filter_map(|index| Some((*index, self.tasks.get(*index)?))) {
            let phases = objects.entry((&task.key, task.live_namespace.as_str())).or_default();
            if phases.is_empty() {
                once.push(index);
            }
            phases.push(index);
        }
        let phases: BTreeMap<usize, Vec<usize>> =
            objects.into_values().filter_map(|phases| Some((*phases.first()?, phases))).collect();
        let mut failed = Vec::new();
        for (index, answer) in self.ask(Ask::RemoveFinalizer, &once)? {
            let Some(error) = answer.failure() else { continue };
            let error = eco_format!("failed to update resource: failed to update resource: {error}");
            let all = phases.get(&index).filter(|_| self.read.contains(&index));
            for phase in all.map_or(std::slice::from_ref(&index), Vec::as_slice) {
                failed.push((*phase, error.clone()));
            }
        }
        self.released(&once);
        Ok(failed)
    }

    /// A hook of several phases is one object: its finalizer is asked for once in a call.
    fn released(&mut self, hooks: &[usize]) {
        let keys: BTreeSet<_> =
            hooks.iter().filter_map(|index| self.tasks.get(*index)).map(|task| task.key.clone()).collect();
        for task in self.tasks.iter_mut().filter(|task| task.has_finalizer && keys.contains(&task.key)) {
            task.has_finalizer = false;
        }
    }

    /// Ends the running ones among these hooks; returns whether all went well.
    pub(crate) fn end_hooks(&mut self, hooks: &[usize]) -> Result<bool, Suspended> {
        let mut fine = true;
        let unseen = self.keep(hooks, |task| task.is_running() && !task.has_live);
        for (index, answer) in self.ask(Ask::Read, &unseen)? {
            match answer.outcome {
                Outcome::Found(live) => self.found(index, &live),
                Outcome::NotFound(_) => self.set_phase(index, OperationPhase::Succeeded, "Terminated"),
                other => {
                    let error = failure(&other).unwrap_or_default();
                    let message = eco_format!("Failed to get live resource: failed to get resource: {error}");
                    self.set_phase(index, OperationPhase::Error, message);
                    fine = false;
                }
            }
        }
        let running = self.keep(hooks, |task| task.is_running() && task.has_live);
        for &index in &running {
            if let Some(Observed::Failed(error)) = self.observed(index) {
                let message = eco_format!("Failed to get hook health: {error}");
                self.set_phase(index, OperationPhase::Error, message);
            }
        }
        let held = self.keep(&running, |task| task.has_finalizer);
        let mut stuck = BTreeSet::new();
        for (index, error) in self.release(&held)? {
            let message = eco_format!("Failed to remove hook finalizer: {error}");
            self.set_phase(index, OperationPhase::Error, message);
            fine = false;
            stuck.insert(index);
        }
        let released: Vec<usize> = running.into_iter().filter(|index| !stuck.contains(index)).collect();
        Ok(self.delete_ended(&released)? && fine)
    }

    fn delete_ended(&mut self, released: &[usize]) -> Result<bool, Suspended> {
        let mut fine = true;
        let doomed = self.keep(released, |task| {
            let unknown = !matches!(task.observed, Some(Observed::Phase(..)));
            let running = matches!(task.observed, Some(Observed::Phase(OperationPhase::Running, _)));
            unknown || running || task.has_policy(crate::DeletePolicy::HookFailed)
        });
        let mut failed = BTreeSet::new();
        for (index, answer) in self.ask(Ask::DeleteHook, &doomed)? {
            if let Some(error) = answer.failure() {
                let message = eco_format!("Failed to delete: failed to delete resource: {error}");
                self.set_phase(index, OperationPhase::Failed, message);
                fine = false;
                failed.insert(index);
            }
        }
        for &index in released.iter().filter(|index| !failed.contains(index)) {
            match self.observed(index) {
                Some(Observed::Phase(phase, message)) if phase.is_completed() => {
                    self.set_phase(index, phase, message);
                }
                _ if self
                    .tasks
                    .get(index)
                    .is_some_and(|task| task.operation == Some(OperationPhase::Error)) => {}
                _ => self.set_phase(index, OperationPhase::Failed, "Terminated"),
            }
        }
        Ok(fine)
    }

    fn observed(&self, index: usize) -> Option<Observed> {
        self.tasks.get(index)?.observed.clone()
    }

    fn found(&mut self, index: usize, live: &Value) {
        let world = self.world;
        self.read.insert(index);
        if let Some(task) = self.tasks.get_mut(index) {
            task.has_live = true;
            task.live_namespace = Object::new(live).namespace().into();
            task.has_finalizer = has_finalizer(live);
            task.observed = Some(hook_phase(live, world));
        }
    }

    pub(crate) fn was_started(&self) -> bool {
        self.call.started
    }

    pub(crate) fn phase_of(&self, index: usize) -> Option<(Phase, i64)> {
        self.tasks.get(index).map(|task| (task.phase, task.wave))
    }
}

/// An answer from the cluster, as it was given: what a call decided by it stays decided.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Answer {
    pub(crate) outcome: Outcome,
    /// Whether the action may have been done before a crash.
    pub(crate) repeated: bool,
}

impl Answer {
    /// Returns the error of something that is done when the object is gone.
    pub(crate) fn failure(&self) -> Option<EcoString> {
        match &self.outcome {
            Outcome::NotFound(_) => None,
            outcome => failure(outcome),
        }
    }
}

pub(crate) fn failure(outcome: &Outcome) -> Option<EcoString> {
    match outcome {
        Outcome::Done(_) | Outcome::Found(_) => None,
        Outcome::NotFound(error) | Outcome::AlreadyExists(error) | Outcome::Failed(error) => {
            Some(error.clone())
        }
    }
}

/// Brings a task up to date with its live object: how a hook stands, how a running resource is doing.
pub(crate) fn observe(task: &mut Task, live: Option<&Value>, world: &(impl World + ?Sized)) {
    let Some(live) = live else { return };
    if task.hook {
        if !task.is_completed() {
            task.observed = Some(hook_phase(live, world));
        }
        return;
    }
    if !task.is_running() {
        return;
    }
    task.observed = match world.health(live) {
        Ok(None) => Some(Observed::Phase(OperationPhase::Succeeded, EcoString::new())),
        Ok(Some(health)) => match health.status {
            HealthStatus::Healthy => Some(Observed::Phase(OperationPhase::Succeeded, health.message)),
            HealthStatus::Degraded => Some(Observed::Phase(OperationPhase::Failed, health.message)),
            _ => None,
        },
        Err(_) => None,
    };
}

fn hook_phase(live: &Value, world: &(impl World + ?Sized)) -> Observed {
    let created = || eco_format!("{} created", Object::new(live).name());
    match world.health(live) {
        Err(error) => Observed::Failed(eco_format!("failed to get resource health: {error}")),
        Ok(None) => Observed::Phase(OperationPhase::Succeeded, created()),
        Ok(Some(health)) => match health.status {
            HealthStatus::Degraded | HealthStatus::Unknown => {
                Observed::Phase(OperationPhase::Failed, health.message)
            }
            HealthStatus::Progressing | HealthStatus::Suspended => {
                Observed::Phase(OperationPhase::Running, health.message)
            }
            HealthStatus::Healthy => Observed::Phase(OperationPhase::Succeeded, health.message),
            HealthStatus::Missing | HealthStatus::Other(_) => {
                Observed::Phase(OperationPhase::Succeeded, created())
            }
        },
    }
}
