//! What must hold in every run.

use super::oracle::{self, Unwanted, Wanted};
use super::{App, Cluster, End, HOOKS_END};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Object, ResourceKey, Value};
use trueup_sync::*;

/// Watches what must always hold. What it checks it works out from the objects, not from what the engine says of its plan.
#[derive(Clone)]
pub(super) struct Watch {
    wanted: Vec<Wanted>,
    guarded: bool,
    /// What was to be pruned when the call began.
    unwanted: Vec<Unwanted>,
    /// What was there when the call began.
    there: BTreeSet<ResourceKey>,
    approved: bool,
    terminating: bool,
    /// Whether it was asked to end while a call was under way.
    asked_to_end: bool,
    /// Whether anything was changed.
    changed: bool,
    /// Whether something failed: an action, or what it left.
    failed: bool,
    wave_failed: bool,
    /// What was written, and when it is healthy, if it ever is.
    done: BTreeMap<(ResourceKey, Phase), Option<u64>>,
    /// What was written, or at least tried to.
    tried: BTreeSet<ResourceKey>,
    /// What was written in this call.
    this_call: BTreeSet<ResourceKey>,
    /// How often each hook was run, not counting what a crash made necessary to ask for again.
    ran: BTreeMap<(ResourceKey, Phase), usize>,
    /// Hooks that were deleted although they do not ask for it before they are created.
    ended: BTreeSet<ResourceKey>,
    /// What could not be deleted or released.
    stuck: BTreeSet<ResourceKey>,
}

impl Watch {
    pub(super) fn new(app: &App) -> Self {
        Self {
            wanted: oracle::wanted(app),
            guarded: oracle::is_guarded(app),
            unwanted: Vec::new(),
            there: BTreeSet::new(),
            approved: false,
            terminating: false,
            asked_to_end: false,
            changed: false,
            failed: false,
            wave_failed: false,
            done: BTreeMap::new(),
            tried: BTreeSet::new(),
            this_call: BTreeSet::new(),
            ran: BTreeMap::new(),
            ended: BTreeSet::new(),
            stuck: BTreeSet::new(),
        }
    }

    /// A call begins with these live objects.
    pub(super) fn call(&mut self, app: &App, live: &[Value], state: &State) -> Result<(), String> {
        self.unwanted = oracle::unwanted(app, live);
        self.there = live.iter().map(|object| Object::new(object).key()).collect();
        self.this_call.clear();
        self.terminating = state.operation == OperationPhase::Terminating;
        if self.asked_to_end && state.operation == OperationPhase::Running {
            return Err("goes on, although it was asked to end in a call".to_owned());
        }
        Ok(())
    }

    /// The operation is asked to end while a call is under way.
    pub(super) fn ask_to_end(&mut self) {
        self.asked_to_end = true;
    }

    pub(super) fn observe(&mut self, approved: bool) {
        self.approved = approved;
    }

    /// Checks an action before it is done. The key is the server's.
    pub(super) fn before(
        &mut self,
        app: &App,
        cluster: &Cluster,
        action: &Action,
        key: &ResourceKey,
    ) -> Result<(), String> {
        let (write, delete, prune) = match &action.kind {
            ActionKind::Write { how, .. } => (!how.dry_run, false, false),
            ActionKind::Delete { prune, .. } => (false, true, *prune),
            ActionKind::RemoveFinalizer => (false, false, false),
            ActionKind::Read | ActionKind::WaveDone { .. } => return Ok(()),
        };
        if matches!(&action.kind, ActionKind::Write { how, .. } if how.dry_run) {
            return Ok(());
        }
        self.changed = true;
        if app.settings.dry_run {
            return Err(format!("{action} in a dry run"));
        }
        if self.guarded {
            return Err(format!("{action}, although more would be pruned than the guard allows"));
        }
        if app.is_foreign(key) {
            return Err(format!("{action}, which belongs to somebody else"));
        }
        if write || prune {
            self.check_place(app, cluster, action, key, prune)?;
        }
        match (prune, delete) {
            (true, _) => self.check_prune(app, action, key),
            (false, true) => self.check_hook_deletion(cluster, action, key),
            (false, false) if write => self.check_write(cluster, action, key),
            (false, false) => Ok(()),
        }
    }

    /// Everything that comes before is done: written and healthy, or gone.
    fn check_place(
        &self,
        app: &App,
        cluster: &Cluster,
        action: &Action,
        key: &ResourceKey,
        prune: bool,
    ) -> Result<(), String> {
        let here = (action.phase, action.wave);
        if self.terminating {
            return Err(format!("{action} of an operation that is terminating"));
        }
        if self.wave_failed {
            return Err(format!("{action} after a wave that ended in an error"));
        }
        if !self.ended.is_empty() && action.phase != Phase::SyncFail {
            return Err(format!("{action} after hooks were deleted for the end"));
        }
        if action.phase == Phase::SyncFail {
            return match self.failed {
                true => Ok(()),
                false => Err(format!("{action}, although nothing failed")),
            };
        }
        let namespace = app.namespace_key();
        if app.settings.create_namespace && *key != namespace && cluster.stored(&namespace).is_none() {
            return Err(format!("{action} before the namespace of the application"));
        }
        for before in self.wanted.iter().filter(|wanted| wanted.place() < here && !wanted.in_sync) {
            match self.done.get(&(before.key.clone(), before.phase)) {
                None => return Err(format!("{action} in {here:?} before {} was written", before.key)),
                Some(_) if !before.has_health() => {}
                Some(Some(at)) if *at <= cluster.now => {}
                Some(_) => return Err(format!("{action} in {here:?} before {} was healthy", before.key)),
            }
        }
        let doomed = |unwanted: &&Unwanted| app.settings.prune && !unwanted.forbidden;
        for before in self.unwanted.iter().filter(doomed) {
            if (Phase::Sync, before.wave) < here && cluster.stored(&before.key).is_some() {
                return Err(format!("{action} in {here:?} before {} was gone", before.key));
            }
        }
        let defines = |wanted: &&Wanted| wanted.key.kind == "CustomResourceDefinition" && !wanted.in_sync;
        if !prune && key.kind == "Widget" {
            for definition in self.wanted.iter().filter(defines) {
                if !self.tried.contains(&definition.key) {
                    return Err(format!("{action} before its definition"));
                }
            }
        }
        Ok(())
    }

    fn check_prune(&self, app: &App, action: &Action, key: &ResourceKey) -> Result<(), String> {
        let Some(unwanted) = self.unwanted.iter().find(|unwanted| unwanted.key == *key) else {
            return Err(format!("{action}, which is desired or not the application's own"));
        };
        if !app.settings.prune {
            return Err(format!("{action} in a sync that does not prune"));
        }
        if unwanted.forbidden {
            return Err(format!("{action}, which forbids it"));
        }
        if unwanted.confirm && !self.approved {
            return Err(format!("{action}, which nobody confirmed"));
        }
        if (action.phase, action.wave) != (Phase::Sync, unwanted.wave) {
            return Err(format!("{action} in wave {}, not {}", action.wave, unwanted.wave));
        }
        if unwanted.last && self.wanted.iter().any(|w| w.phase == Phase::Sync && w.wave >= action.wave) {
            return Err(format!("{action}, which was to come last"));
        }
        Ok(())
    }

    fn check_hook_deletion(
        &mut self,
        cluster: &Cluster,
        action: &Action,
        key: &ResourceKey,
    ) -> Result<(), String> {
        let mut hooks = self.wanted.iter().filter(|wanted| wanted.hook && wanted.key == *key).peekable();
        if hooks.peek().is_none() {
            return Err(format!("{action}, which is no hook of the application"));
        }
        // As upstream: when a sync fails, a hook for that case replaces the same object's run in an earlier phase.
        let replaced = |hook: &Wanted| action.phase == Phase::SyncFail && hook.phase != Phase::SyncFail;
        let running = |hook: &Wanted| self.runs(cluster, hook) && !replaced(hook);
        if !self.terminating && !self.wave_failed && hooks.clone().any(running) {
            return Err(format!("{action} while it runs"));
        }
        if !hooks.any(|hook| hook.has(DeletePolicy::BeforeHookCreation)) {
            self.ended.insert(key.clone());
        }
        Ok(())
    }

    fn check_write(&mut self, cluster: &Cluster, action: &Action, key: &ResourceKey) -> Result<(), String> {
        let is_it = |wanted: &&Wanted| {
            wanted.key == *key && (wanted.phase == action.phase || wanted.needed && !wanted.hook)
        };
        let Some(wanted) = self.wanted.iter().find(is_it) else {
            return match key.kind == "Namespace" && !self.wanted.iter().any(|wanted| wanted.key == *key) {
                true => Ok(()),
                false => Err(format!("{action} in {}, where it does not belong", action.phase)),
            };
        };
        let here = (action.phase, action.wave);
        if here > wanted.place() || here < wanted.place() && !wanted.needed {
            return Err(format!("{action} in {here:?}, not {:?}", wanted.place()));
        }
        if wanted.in_sync {
            return Err(format!("{action}, which is in sync"));
        }
        if !wanted.hook {
            return Ok(());
        }
        if !action.repeated && self.ran.get(&(key.clone(), action.phase)).is_some_and(|ran| *ran > 0) {
            return Err(format!("{action} once more"));
        }
        // As upstream: SyncFail hooks are started in the call that failed, whatever it started before.
        let started = || self.this_call.contains(key);
        let first = wanted.has(DeletePolicy::BeforeHookCreation) && !action.repeated;
        if first && cluster.stored(key).is_some() && !(action.phase == Phase::SyncFail && started()) {
            return Err(format!("{action} before what an earlier run left was deleted"));
        }
        Ok(())
    }

    /// Whether something was started and is not done yet.
    fn runs(&self, cluster: &Cluster, wanted: &Wanted) -> bool {
        let healthy_at = self.done.get(&(wanted.key.clone(), wanted.phase));
        wanted.has_health() && matches!(healthy_at, Some(Some(at)) if *at > cluster.now)
    }

    /// Notes what became of an action.
    pub(super) fn after(&mut self, cluster: &Cluster, action: &Action, key: &ResourceKey, outcome: &Outcome) {
        let real = !matches!(&action.kind, ActionKind::Write { how, .. } if how.dry_run);
        let bad = matches!(outcome, Outcome::Failed(_));
        self.failed |= real && bad;
        if real && matches!(action.kind, ActionKind::Write { .. }) {
            self.tried.insert(key.clone());
            self.this_call.insert(key.clone());
        }
        match &action.kind {
            ActionKind::WaveDone { .. } => self.wave_failed |= bad,
            ActionKind::Delete { .. } | ActionKind::RemoveFinalizer if bad => {
                self.stuck.insert(key.clone());
            }
            ActionKind::Write { how, .. } if !how.dry_run && !bad => {
                let stored = cluster.stored(key);
                let healthy_at = stored.filter(|stored| !stored.degrades).map(|stored| stored.healthy_at);
                self.failed |= healthy_at.is_none();
                let phase = self.phase_of(key, action.phase);
                let again = action.repeated && self.done.contains_key(&(key.clone(), phase));
                *self.ran.entry((key.clone(), action.phase)).or_default() += usize::from(!again);
                self.done.insert((key.clone(), phase), healthy_at);
            }
            _ => {}
        }
    }

    /// What was moved to an earlier phase counts for its own.
    fn phase_of(&self, key: &ResourceKey, phase: Phase) -> Phase {
        let moved = self.wanted.iter().find(|wanted| wanted.key == *key && wanted.needed && !wanted.hook);
        moved.map_or(phase, |wanted| wanted.phase)
    }

    pub(super) fn end(
        self,
        app: &App,
        cluster: &Cluster,
        state: &State,
        steps: usize,
    ) -> Result<End, String> {
        self.check_end(app, cluster, state).map_err(|why| format!("{why} ({})", state.message))?;
        let result = |result: &TaskResult| {
            let operation = result.operation.filter(|_| result.hook);
            ((result.key.clone(), result.phase), (result.status, operation))
        };
        Ok(End {
            operation: state.operation,
            results: state.results.iter().map(result).collect(),
            live: cluster.standing(),
            steps,
        })
    }

    fn check_end(&self, app: &App, cluster: &Cluster, state: &State) -> Result<(), String> {
        if self.guarded && state.operation != OperationPhase::Failed && !self.terminating {
            return Err("more is pruned than the guard allows".to_owned());
        }
        if self.wave_failed && state.operation == OperationPhase::Succeeded {
            return Err("succeeded, although a wave ended in an error".to_owned());
        }
        if app.settings.dry_run {
            return if self.changed { Err("a dry run changed something".to_owned()) } else { Ok(()) };
        }
        for result in state.results.iter().filter(|result| result.hook) {
            if result.operation == Some(OperationPhase::Running) {
                return Err(format!("ended while hook {} is {:?}", result.key, result.operation));
            }
        }
        self.check_released(cluster)?;
        match state.operation {
            OperationPhase::Succeeded => self.check_success(app, cluster, state),
            OperationPhase::Failed if HOOKS_END.iter().any(|base| is_failure(state, base)) => {
                self.check_failure(cluster, state)
            }
            OperationPhase::Failed if state.message == "Operation terminated" => {
                self.check_terminated(cluster)
            }
            _ => Ok(()),
        }
    }

    /// No hook that ran still has the finalizer that kept it until its end was seen.
    fn check_released(&self, cluster: &Cluster) -> Result<(), String> {
        for hook in self.wanted.iter().filter(|wanted| wanted.hook && !self.stuck.contains(&wanted.key)) {
            // As upstream: a hook that was there when the call began is released as it was then, so not again if it was written since.
            if self.wave_failed && self.there.contains(&hook.key) {
                continue;
            }
            // What runs in its turn and again at a failure may be seen as its first run left it: without the finalizer of the second.
            if oracle::runs_twice(&self.wanted, hook) {
                continue;
            }
            let ran = self.done.contains_key(&(hook.key.clone(), hook.phase));
            if ran && cluster.stored(&hook.key).is_some_and(super::Stored::is_held) {
                return Err(format!("ended, but hook {} has its finalizer", hook.key));
            }
        }
        Ok(())
    }

    fn check_success(&self, app: &App, cluster: &Cluster, state: &State) -> Result<(), String> {
        for wanted in self.wanted.iter().filter(|wanted| wanted.phase != Phase::SyncFail && !wanted.in_sync) {
            let place = (wanted.key.clone(), wanted.phase);
            let Some(healthy_at) = self.done.get(&place) else {
                return Err(format!("succeeded, but {} was not written in {}", wanted.key, wanted.phase));
            };
            let healthy = healthy_at.is_some_and(|at| at <= cluster.now);
            if wanted.hook && wanted.has_health() && !healthy {
                return Err(format!("succeeded, but hook {} did not", wanted.key));
            }
            if wanted.hook && self.ran.get(&place) != Some(&1) {
                return Err(format!("hook {} ran {:?} times", wanted.key, self.ran.get(&place)));
            }
        }
        let unfinished = |result: &&TaskResult| {
            let undeleted = result.message.starts_with("failed to delete resource");
            result.hook && result.operation != Some(OperationPhase::Succeeded) && !undeleted
        };
        if let Some(result) = state.results.iter().find(unfinished) {
            return Err(format!("succeeded, but hook {} is {:?}", result.key, result.operation));
        }
        oracle::check_left(app, cluster, &self.stuck)
    }

    /// A sync that failed ran all its SyncFail hooks, and deleted those hooks that ask for it, and no other.
    fn check_failure(&self, cluster: &Cluster, state: &State) -> Result<(), String> {
        if !self.failed {
            return Err("failed for no reason".to_owned());
        }
        for hook in self.wanted.iter().filter(|wanted| wanted.hook) {
            let place = (hook.key.clone(), hook.phase);
            if hook.phase == Phase::SyncFail && state.results.get(&hook.key, hook.phase).is_none() {
                return Err(format!("failed, but hook {} did not run", hook.key));
            }
            let left = cluster.standing().contains(&hook.key) && !self.stuck.contains(&hook.key);
            if left && hook.has(DeletePolicy::HookFailed) && self.done.contains_key(&place) {
                return Err(format!("failed, but hook {} was not deleted", hook.key));
            }
            if self.ended.contains(&hook.key) && !hook.has(DeletePolicy::HookFailed) {
                return Err(format!("failed, and hook {} was deleted", hook.key));
            }
        }
        Ok(())
    }

    /// Nothing runs on after an operation was terminated.
    fn check_terminated(&self, cluster: &Cluster) -> Result<(), String> {
        for hook in self.wanted.iter().filter(|wanted| wanted.hook) {
            if self.runs(cluster, hook) && cluster.standing().contains(&hook.key) {
                return Err(format!("terminated, but hook {} runs on", hook.key));
            }
        }
        Ok(())
    }
}

fn is_failure(state: &State, base: &str) -> bool {
    state.message.starts_with(base) && !state.message.contains("(dry run)")
}
