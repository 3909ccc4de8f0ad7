//! What must hold in every run.

use super::{App, Cluster, End};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{EcoString, Object, ResourceKey, Value};
use trueup_sync::*;

/// Watches what must always hold. What it checks it works out from the objects, not from what the engine says of its plan.
#[derive(Default)]
pub(super) struct Watch {
    place: Option<(Phase, i64)>,
    written: BTreeMap<(ResourceKey, Phase), usize>,
    /// How often each hook was run, not counting what a crash made necessary to ask for again.
    ran: BTreeMap<(ResourceKey, Phase), usize>,
    /// The hooks that were deleted.
    deleted: BTreeSet<ResourceKey>,
    /// The own wave of what was written last in the phase `Sync`, and of what was pruned last.
    wave_written: Option<i64>,
    wave_pruned: Option<i64>,
    /// What was pruned although it was to come last.
    last: Option<ResourceKey>,
}

impl Watch {
    pub(super) fn see(
        &mut self,
        app: &App,
        action: &Action,
        outcome: &Outcome,
        created: bool,
    ) -> Result<(), String> {
        let key = &action.key;
        let changes = match &action.kind {
            ActionKind::Write { how, .. } => !how.dry_run,
            ActionKind::Delete { .. } | ActionKind::RemoveFinalizer => true,
            ActionKind::Read | ActionKind::WaveDone { .. } => false,
        };
        if !changes {
            return Ok(());
        }
        if app.settings.dry_run {
            return Err(format!("{action} in a dry run"));
        }
        if app.foreign.iter().any(|foreign| Object::new(foreign).key() == *key) {
            return Err(format!("{action}, which belongs to somebody else"));
        }
        let prune = matches!(action.kind, ActionKind::Delete { prune: true, .. });
        let write = matches!(action.kind, ActionKind::Write { .. });
        // SyncFail hooks are started all at once.
        if (prune || write) && action.phase != Phase::SyncFail {
            let here = (action.phase, action.wave);
            if self.place.is_some_and(|place| here < place) {
                return Err(format!("{action} in {here:?} after {:?}", self.place));
            }
            self.place = Some(here);
        }
        if prune {
            if app.desired.iter().any(|desired| !is_ignored(desired) && Object::new(desired).key() == *key) {
                return Err(format!("{action}, which is desired"));
            }
            if !app.settings.prune {
                return Err(format!("{action} in a sync that does not prune"));
            }
            self.prune(app, action)?;
        }
        if let ActionKind::Write { manifest, .. } = &action.kind {
            self.write(action, manifest, outcome)?;
        }
        if matches!(action.kind, ActionKind::Delete { prune: false, .. }) {
            self.deleted.insert(key.clone());
        }
        if write && created && !matches!(outcome, Outcome::Failed(_)) {
            *self.written.entry((key.clone(), action.phase)).or_default() += 1;
        }
        Ok(())
    }

    /// Prunes go from the highest wave to the lowest, and those that come last come after everything that is written.
    fn prune(&mut self, app: &App, action: &Action) -> Result<(), String> {
        let of_key = |live: &&Value| Object::new(live).key() == action.key;
        let Some(live) = app.live.iter().find(of_key) else {
            return Err(format!("{action}, which the application never had"));
        };
        let comes_last = app.settings.prune_last || has_option(live, SYNC_OPTIONS, "PruneLast=true");
        let forbidden = option_value(live, SYNC_OPTIONS, "Prune") == Some("false");
        if forbidden {
            return Err(format!("{action}, which forbids it"));
        }
        if comes_last {
            self.last = Some(action.key.clone());
        } else if self.wave_pruned.is_some_and(|before| before < wave(live)) && !action.repeated {
            return Err(format!("{action} of wave {} after wave {:?}", wave(live), self.wave_pruned));
        } else {
            self.wave_pruned = Some(wave(live));
        }
        Ok(())
    }

    fn write(&mut self, action: &Action, manifest: &Value, outcome: &Outcome) -> Result<(), String> {
        let in_sync = action.phase == Phase::Sync;
        if let (true, Some(pruned)) = (in_sync, &self.last) {
            return Err(format!("{action} after {pruned} was pruned, which was to come last"));
        }
        if is_hook(manifest) {
            let ran = self.ran.entry((action.key.clone(), action.phase)).or_default();
            *ran += usize::from(!action.repeated && matches!(outcome, Outcome::Done(_)));
            if *ran > 1 {
                return Err(format!("{action} once more"));
            }
            if !phases(manifest).contains(&action.phase) {
                return Err(format!("{action} in {}, which is not its phase", action.phase));
            }
        } else if in_sync && !matches!(action.key.kind.as_str(), "Namespace" | "CustomResourceDefinition") {
            let own = wave(manifest);
            if self.wave_written.is_some_and(|before| own < before) {
                return Err(format!("{action} of wave {own} after wave {:?}", self.wave_written));
            }
            self.wave_written = Some(own);
        }
        Ok(())
    }

    /// A sync that succeeded deleted the hooks that say so.
    fn check_deleted(&self, app: &App, state: &State) -> Result<(), String> {
        for result in state.results.iter().filter(|result| result.hook && result.phase != Phase::SyncFail) {
            let named = |hook: &&Value| {
                let (name, prefix) = (Object::new(hook).name(), Object::new(hook).generate_name());
                if name.is_empty() { result.key.name.starts_with(prefix) } else { result.key.name == name }
            };
            let Some(hook) = app.desired.iter().filter(|hook| is_hook(hook)).find(named) else { continue };
            let wants = delete_policies(hook).contains(&DeletePolicy::HookSucceeded);
            let mut key = result.key.clone();
            if builtin_scope(&Object::new(hook).gvk()) == Scope::Cluster {
                key.namespace = EcoString::new();
            }
            if wants && !self.deleted.contains(&key) {
                return Err(format!("succeeded, but hook {key} was not deleted"));
            }
        }
        Ok(())
    }

    pub(super) fn end(
        self,
        app: &App,
        cluster: &Cluster,
        state: &State,
        steps: usize,
    ) -> Result<End, String> {
        for ((key, phase), count) in &self.written {
            if *count > 1 {
                return Err(format!("{key} was created {count} times in {phase}"));
            }
        }
        if state.operation == OperationPhase::Succeeded && !app.settings.dry_run && !app.settings.skip_hooks {
            for result in state.results.iter().filter(|result| result.hook && result.phase != Phase::SyncFail)
            {
                // That a hook could not be deleted afterwards does not fail the sync.
                let undeleted = result.message.starts_with("failed to delete resource");
                if result.operation != Some(OperationPhase::Succeeded) && !undeleted {
                    return Err(format!("succeeded, but hook {} is {:?}", result.key, result.operation));
                }
            }
            for hook in app.desired.iter().filter(|desired| is_hook(desired)) {
                for phase in phases(hook).into_iter().filter(|phase| *phase != Phase::SyncFail) {
                    let name = Object::new(hook).name();
                    if !state.results.iter().any(|r| r.phase == phase && r.key.name.starts_with(name)) {
                        return Err(format!("succeeded, but hook {name} did not run in {phase}"));
                    }
                }
            }
        }
        if state.operation == OperationPhase::Succeeded && !app.settings.dry_run {
            self.check_deleted(app, state)?;
        }
        let result = |result: &TaskResult| {
            let operation = result.operation.filter(|_| result.hook);
            ((result.key.clone(), result.phase), (result.status, operation))
        };
        let live = cluster.objects.iter().filter(|(_, stored)| stored.gone_at.is_none());
        Ok(End {
            operation: state.operation,
            results: state.results.iter().map(result).collect(),
            live: live.map(|(key, _)| key.clone()).collect(),
            steps,
        })
    }
}
