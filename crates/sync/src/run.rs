//! What a call does: the dry run, waiting, the next step, and the path of failure.

use crate::call::{Ask, Run, Suspended, failure};
use crate::engine::Outcome;
use crate::hooks::{DeletePolicy, Phase};
use crate::messages;
use crate::results::{OperationPhase, ResultCode};
use crate::task::{Observed, Task};
use crate::world::World;
use ecow::{EcoString, eco_format};

type Ended = Result<(), Suspended>;

/// What became of a group of tasks; ordered by which one wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Ran {
    Done,
    Pending,
    Failed,
}

impl<W: World + ?Sized> Run<'_, W> {
    pub(crate) fn sync(&mut self) -> Ended {
        if !self.was_started() && !self.prepare()? {
            return Ok(());
        }
        self.update_running();
        if self.wait_for_running()? || self.wait_for_prunes() {
            return Ok(());
        }
        let completed = self.select(|task| task.hook && task.is_completed());
        self.remove_finalizers(&completed)?;
        let idle_hook = |task: &Task| task.hook && task.has_live && !task.is_running();
        let after = HooksAfter {
            success: self.select(|task| idle_hook(task) && task.has_policy(DeletePolicy::HookSucceeded)),
            failure: self.select(|task| idle_hook(task) && task.has_policy(DeletePolicy::HookFailed)),
            sync_fail: self.select(|task| task.phase == Phase::SyncFail),
        };
        let tasks = self.select(|task| task.phase != Phase::SyncFail);
        if self.any(&tasks, |task| task.is_completed() && !task.is_successful()) {
            self.delete_hooks(&after.failure)?;
            let failed = self.keep(&tasks, |task| task.status == Some(ResultCode::SyncFailed));
            let base = "one or more synchronization tasks completed unsuccessfully";
            return self.fail(&after.sync_fail, &failed, base).map(|_| ());
        }
        let pending = self.keep(&tasks, |task| task.is_pending() && !task.in_sync);
        self.run_step(&pending, &after)
    }

    /// Creates the namespace and tries everything; returns whether the sync may go on.
    fn prepare(&mut self) -> Result<bool, Suspended> {
        let namespace = self.settings.namespace.clone();
        let creates = |task: &Task| {
            !task.has_live
                && task.has_target
                && task.key.kind == "Namespace"
                && task.key.group.is_empty()
                && task.key.name == namespace
        };
        let created = self.select(creates).into_iter().next();
        if let Some(index) = created
            && self.run_tasks(&[index], false)? == Ran::Failed
        {
            self.fail(&[], &[index], "the namespace failed to apply")?;
            return Ok(false);
        }
        let all: Vec<usize> = (0..self.tasks.len()).filter(|index| Some(*index) != created).collect();
        let tried = self.keep(&all, |task| !task.in_sync);
        if self.run_tasks(&tried, true)? == Ran::Failed {
            self.conclude(OperationPhase::Failed, "one or more objects failed to apply (dry run)");
            return Ok(false);
        }
        Ok(true)
    }

    fn update_running(&mut self) {
        for index in self.select(|task| task.is_running() && task.has_live) {
            let Some(task) = self.tasks.get(index) else { continue };
            match task.observed.clone() {
                Some(Observed::Phase(phase, message)) => self.set_phase(index, phase, message),
                Some(Observed::Failed(error)) => {
                    let message = eco_format!("failed to get resource health: {error}");
                    self.set_phase(index, OperationPhase::Error, message);
                }
                None => {}
            }
        }
    }

    /// Waits for what runs, if that counts; returns whether there is something to wait for.
    fn wait_for_running(&mut self) -> Result<bool, Suspended> {
        let ends = (self.phase_of(0), self.phase_of(self.tasks.len().saturating_sub(1)));
        let several_steps = ends.0 != ends.1;
        let running = self.select(|task| (several_steps || task.hook) && task.is_running());
        if running.is_empty() {
            return Ok(false);
        }
        let unseen = self.keep(&running, |task| !task.has_live);
        for (index, answer) in self.ask(Ask::Read, &unseen)? {
            match &answer.outcome {
                Outcome::NotFound(_) => {
                    let Some(task) = self.tasks.get(index) else { continue };
                    let key = &task.key;
                    let message = eco_format!(
                        "Resource {}/{}/{} is missing, it might have been deleted",
                        key.group,
                        key.kind,
                        key.name
                    );
                    self.set(index, Some(ResultCode::SyncFailed), Some(OperationPhase::Error), message);
                }
                outcome => {
                    if let Some(error) = failure(outcome) {
                        let message =
                            eco_format!("Failed to get live resource failed to get resource: {error}");
                        self.set_phase(index, OperationPhase::Error, message);
                    }
                }
            }
        }
        self.waiting(&running, false);
        Ok(true)
    }

    fn wait_for_prunes(&mut self) -> bool {
        let going = |task: &Task| task.status == Some(ResultCode::Pruned) && task.has_live && task.deleting;
        let pruned = self.select(going);
        if !pruned.is_empty() {
            self.waiting(&pruned, true);
        }
        !pruned.is_empty()
    }

    fn run_step(&mut self, pending: &[usize], after: &HooksAfter) -> Ended {
        let (Some(first), Some(last)) = (pending.first(), pending.last()) else {
            self.delete_hooks(&after.success)?;
            self.conclude(OperationPhase::Succeeded, "successfully synced (no more tasks)");
            return Ok(());
        };
        let (here, end) = (self.phase_of(*first), self.phase_of(*last));
        let step = self.keep(pending, |task| Some((task.phase, task.wave)) == here);
        let is_last_step = step.len() == pending.len();
        self.conclude(OperationPhase::Running, "one or more tasks are running");
        let ran = self.run_tasks(&step, false)?;
        if ran != Ran::Failed && !self.wave_done(*first, here == end, &step)? {
            return Ok(());
        }
        match ran {
            Ran::Failed => self.step_failed(&step, after),
            Ran::Done if is_last_step && !self.any(&step, |task| task.hook) => {
                self.delete_hooks(&after.success)?;
                self.conclude(OperationPhase::Succeeded, "successfully synced (all tasks run)");
                Ok(())
            }
            Ran::Done => {
                self.waiting(&step, false);
                Ok(())
            }
            Ran::Pending => {
                let blocking = self.keep(&step, |task| {
                    task.delete_before_creation() || (task.is_prune() && task.is_pending())
                });
                self.waiting(&blocking, true);
                Ok(())
            }
        }
    }

    /// Tells the host that a wave was done; returns whether the sync may go on.
    fn wave_done(&mut self, first: usize, last: bool, step: &[usize]) -> Result<bool, Suspended> {
        let answers = self.ask(Ask::WaveDone { last }, &[first])?;
        let Some(error) = answers.iter().find_map(|(_, answer)| failure(&answer.outcome)) else {
            return Ok(true);
        };
        let hooks = self.keep(step, |task| task.hook);
        self.end_hooks(&hooks)?;
        self.conclude(OperationPhase::Error, eco_format!("SyncWaveHook failed: {error}"));
        Ok(false)
    }

    fn step_failed(&mut self, step: &[usize], after: &HooksAfter) -> Ended {
        let base = "one or more objects failed to apply";
        let failed = self.keep(step, |task| task.status == Some(ResultCode::SyncFailed));
        let mut running = self.keep(step, Task::is_running);
        if running.is_empty() {
            if self.fail(&after.sync_fail, &failed, base)? {
                self.delete_hooks(&after.failure)?;
            }
            return Ok(());
        }
        if !after.sync_fail.is_empty() && !self.fail(&after.sync_fail, &failed, base)? {
            running.extend(&after.sync_fail);
        }
        self.waiting(&running, false);
        Ok(())
    }

    /// Fails the operation, after its SyncFail hooks; returns whether they are done.
    fn fail(&mut self, sync_fail: &[usize], failed: &[usize], base: &str) -> Result<bool, Suspended> {
        let failed_messages = |run: &Self, among: &[usize]| -> Vec<EcoString> {
            among.iter().filter_map(|index| run.tasks.get(*index)).map(|task| task.message.clone()).collect()
        };
        let ended = !self.any(sync_fail, |task| !task.is_completed());
        if ended {
            let broken = self.keep(sync_fail, |task| task.status == Some(ResultCode::SyncFailed));
            let hooks = failed_messages(self, &broken);
            let message = messages::failure(base, &failed_messages(self, failed), &hooks);
            self.conclude(OperationPhase::Failed, message);
            return Ok(true);
        }
        let pending = self.keep(sync_fail, |task| !task.is_completed() && !task.is_running());
        self.run_tasks(&pending, false)?;
        self.waiting(&pending, false);
        Ok(false)
    }

    /// Deletes hooks; one that is gone is fine. A dry run leaves what an earlier sync left.
    fn delete_hooks(&mut self, hooks: &[usize]) -> Ended {
        if self.settings.dry_run {
            return Ok(());
        }
        for (index, answer) in self.ask(Ask::DeleteHook, hooks)? {
            if let Some(error) = answer.failure() {
                self.set_phase(index, OperationPhase::Error, not_deleted(&error));
            }
        }
        Ok(())
    }

    /// Runs the tasks of one step: releases hooks, prunes, deletes hooks that are created again, creates.
    fn run_tasks(&mut self, step: &[usize], dry: bool) -> Result<Ran, Suspended> {
        let dry = dry || self.settings.dry_run;
        for stage in [Self::release_hooks, Self::prune, Self::delete_before_creation] {
            let ran = stage(self, step, dry)?;
            if ran != Ran::Done {
                return Ok(ran);
            }
        }
        self.create(step, dry)
    }

    fn release_hooks(&mut self, step: &[usize], dry: bool) -> Result<Ran, Suspended> {
        let existing =
            self.keep(step, |task| task.hook && task.is_pending() && task.has_live && task.has_finalizer);
        let mut ran = Ran::Done;
        if dry {
            return Ok(ran);
        }
        for (index, error) in self.release(&existing)? {
            ran = Ran::Failed;
            self.set_phase(
                index,
                OperationPhase::Error,
                eco_format!("failed to remove hook finalizer: {error}"),
            );
        }
        Ok(ran)
    }

    fn prune(&mut self, step: &[usize], dry: bool) -> Result<Ran, Suspended> {
        let prunes = self.keep(step, Task::is_prune);
        if !self.confirmed && self.any(&prunes, |task| task.prune_confirm) {
            return Ok(Ran::Pending);
        }
        let may = |run: &Self, task: &Task| run.settings.prune && !task.prune_disabled;
        let deleted =
            if dry { Vec::new() } else { self.keep(&prunes, |task| may(self, task) && !task.deleting) };
        let mut answers = self.ask(Ask::Prune, &deleted)?.into_iter().peekable();
        let mut ran = Ran::Done;
        for index in prunes {
            let Some(task) = self.tasks.get(index) else { continue };
            let answer = answers.next_if(|(answered, _)| *answered == index).map(|(_, answer)| answer);
            let error = answer
                .and_then(|answer| if answer.repeated { answer.failure() } else { failure(&answer.outcome) });
            let (code, message) = match error {
                Some(error) => (ResultCode::SyncFailed, error),
                None if !self.settings.prune => {
                    (ResultCode::PruneSkipped, "ignored (requires pruning)".into())
                }
                None if task.prune_disabled => (ResultCode::PruneSkipped, "ignored (no prune)".into()),
                None if dry => (ResultCode::Pruned, "pruned (dry run)".into()),
                None => (ResultCode::Pruned, "pruned".into()),
            };
            if code == ResultCode::SyncFailed {
                ran = Ran::Failed;
            }
            if !dry || self.settings.dry_run || code == ResultCode::SyncFailed {
                self.set(index, Some(code), Some(code.operation()), message);
            }
        }
        Ok(ran)
    }

    fn delete_before_creation(&mut self, step: &[usize], dry: bool) -> Result<Ran, Suspended> {
        let mut ran = Ran::Done;
        if dry {
            return Ok(ran);
        }
        let existing = self.keep(step, Task::delete_before_creation);
        for (index, answer) in self.ask(Ask::DeleteHook, &existing)? {
            match &answer.outcome {
                // It was deleted before a crash: what else is there is seen in the next call, as without a crash.
                Outcome::NotFound(_) if answer.repeated => ran = ran.max(Ran::Pending),
                Outcome::NotFound(_) => {
                    if let Some(task) = self.tasks.get_mut(index) {
                        task.has_live = false;
                    }
                }
                outcome => match failure(outcome) {
                    Some(error) => {
                        ran = Ran::Failed;
                        self.set_phase(index, OperationPhase::Error, not_deleted(&error));
                    }
                    None => ran = ran.max(Ran::Pending),
                },
            }
        }
        Ok(ran)
    }

    fn create(&mut self, step: &[usize], dry: bool) -> Result<Ran, Suspended> {
        let creates = self.keep(step, |task| task.has_target && !(dry && task.skip_dry_run));
        let kind = |run: &Self, index: usize| run.tasks.get(index).map(|task| task.key.kind.clone());
        let mut ran = Ran::Done;
        let mut rest = creates.as_slice();
        while let Some(first) = rest.first() {
            // A dry run changes nothing, so the kinds need not wait for each other.
            let of = kind(self, *first);
            let same =
                if dry { rest.len() } else { rest.iter().take_while(|i| kind(self, **i) == of).count() };
            let Some((batch, after)) = rest.split_at_checked(same) else { break };
            rest = after;
            for (index, answer) in self.ask(Ask::Write { dry_run: dry }, batch)? {
                ran = ran.max(self.created(index, &answer.outcome, answer.repeated, dry));
            }
        }
        Ok(ran)
    }

    fn created(&mut self, index: usize, outcome: &Outcome, repeated: bool, dry: bool) -> Ran {
        let done = match outcome {
            Outcome::Done(message) => Ok(message.clone()),
            Outcome::Found(_) => Ok(EcoString::new()),
            Outcome::AlreadyExists(_) if repeated => Ok(EcoString::new()),
            other => Err(failure(other).unwrap_or_default()),
        };
        let operation_dry_run = self.settings.dry_run;
        match done {
            Err(error) => {
                let code = ResultCode::SyncFailed;
                self.set(index, Some(code), Some(code.operation()), error);
                Ran::Failed
            }
            Ok(message) => {
                if !dry || operation_dry_run {
                    let running = ResultCode::Synced.operation();
                    let phase = if operation_dry_run { OperationPhase::Succeeded } else { running };
                    self.set(index, Some(ResultCode::Synced), Some(phase), message);
                }
                Ran::Done
            }
        }
    }
}

fn not_deleted(error: &str) -> EcoString {
    eco_format!("failed to delete resource: failed to delete resource: {error}")
}

/// Hooks that matter when the sync ends.
struct HooksAfter {
    success: Vec<usize>,
    failure: Vec<usize>,
    sync_fail: Vec<usize>,
}
