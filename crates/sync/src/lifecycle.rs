//! An operation from its start to its end: gates, attempts, retries and what goes into the history.

use crate::SyncError;
use crate::backoff::retry_wait;
use crate::clock::{SECOND, format_kitchen, format_rfc3339};
use crate::engine::{Next, Observation, State, Step, step};
use crate::results::{OperationPhase, Results};
use crate::settings::Settings;
use crate::windows::{WindowQuestion, can_sync};
use crate::world::World;
use ecow::{EcoString, eco_format};
use serde::{Deserialize, Serialize};
use trueup_manifest::argocd::{
    Application, Operation, OperationInitiator, RevisionHistory, SyncOperation, SyncStrategy,
    SyncStrategyApply, SyncWindow,
};

/// An operation under way: a sync and its retries. Everything a restart needs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Attempts {
    /// What was asked for.
    pub operation: Operation,
    /// The sync of the current attempt.
    pub state: State,
    /// How many retries were made.
    pub retry_count: i64,
    /// When the operation ended, in Unix seconds; while it runs, when the last attempt failed.
    pub finished_at: Option<i64>,
}

impl Attempts {
    /// Returns an operation that starts at `now` (Unix seconds).
    pub fn new(operation: Operation, now: i64) -> Self {
        Self { operation, state: State::new(now), retry_count: 0, finished_at: None }
    }

    /// Returns when the next attempt is due, in Unix seconds, if the last one failed and there is another.
    pub fn retry_at(&self) -> Option<Result<i64, SyncError>> {
        let failed_at = self.finished_at.filter(|_| self.state.operation == OperationPhase::Running)?;
        let wait = retry_wait(&self.operation.retry, self.retry_count);
        // Whole seconds, up: never before the time.
        Some(
            wait.map(|nanos| {
                failed_at.saturating_add(nanos.div_euclid(SECOND) + i64::from(nanos % SECOND > 0))
            }),
        )
    }
}

/// What may stop an operation from going on.
#[derive(Clone, Debug, Default)]
pub struct Gates<'a> {
    /// The sync windows that match the application.
    pub windows: Vec<&'a SyncWindow>,
    /// Why the comparison failed, if it did.
    pub compare_error: Option<EcoString>,
    /// The message of the application's SharedResourceWarning, if it has one.
    pub shared_resource: Option<EcoString>,
    /// The application's conditions of type ComparisonError and InvalidSpecError, as they are shown.
    pub error_conditions: Option<EcoString>,
    /// Why there is no destination cluster, if there is none.
    pub destination_error: Option<EcoString>,
    /// Why it is not known which fields stay as they are, if it is not: what [`crate::Reconciled::respect`] answered.
    pub respect_error: Option<SyncError>,
}

/// What one advance of an operation gives.
#[derive(Clone, Debug, PartialEq)]
pub struct Advance {
    /// The operation after it.
    pub attempts: Attempts,
    /// What the host is asked to do.
    pub actions: Vec<crate::Action>,
    /// When to call again.
    pub wake: Wake,
}

/// When to call [`advance`] again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wake {
    /// When outcomes are there.
    Outcomes,
    /// When live objects changed.
    Change,
    /// At this time, in Unix seconds.
    At(i64),
    /// Not at all: the operation is completed.
    Never,
}

/// Goes on with an operation at `now` (Unix seconds): checks the gates, steps the sync, and retries what failed.
pub fn advance(
    mut attempts: Attempts,
    now: i64,
    gates: &Gates<'_>,
    settings: &Settings,
    observation: &Observation,
    world: &(impl World + ?Sized),
) -> Advance {
    if attempts.state.operation.is_completed() {
        return Advance { attempts, actions: Vec::new(), wake: Wake::Never };
    }
    match attempts.retry_at() {
        Some(Err(error)) => {
            attempts.state = ended(&attempts.state, OperationPhase::Error, error.to_string());
            return Advance { attempts, actions: Vec::new(), wake: Wake::Never };
        }
        Some(Ok(at)) if at > now => return Advance { attempts, actions: Vec::new(), wake: Wake::At(at) },
        Some(Ok(_)) => begin_retry(&mut attempts),
        None => {}
    }
    let terminating = attempts.state.operation == OperationPhase::Terminating;
    let in_call = attempts.state.awaits_outcomes();
    let started_at = attempts.state.started_at;
    let Step { state, actions, next } = match gate(&attempts, now, gates, settings) {
        // What is under way is finished; a gate closes before the next call.
        Some(Gate::Blocked(message)) if !in_call => {
            if !terminating {
                attempts.state.message = message;
            }
            return Advance { attempts, actions: Vec::new(), wake: Wake::Change };
        }
        Some(Gate::Ended(phase, message)) if !in_call => {
            let state = ended(&attempts.state, phase, message);
            Step { state, actions: Vec::new(), next: Next::Never }
        }
        _ => step(attempts.state.clone(), settings, observation, world),
    };
    attempts.state = state;
    if attempts.state.operation.is_completed() {
        return conclude(attempts, now, terminating, started_at);
    }
    let wake = if next == Next::Outcomes { Wake::Outcomes } else { Wake::Change };
    Advance { attempts, actions, wake }
}

fn ended(state: &State, phase: OperationPhase, message: impl Into<EcoString>) -> State {
    let message: EcoString = message.into();
    State::restore(phase, &message, state.results.clone(), state.started_at)
}

fn begin_retry(attempts: &mut Attempts) {
    let refresh = attempts.operation.retry.refresh;
    if refresh && let Some(sync) = &mut attempts.operation.sync {
        sync.revision = EcoString::new();
        sync.revisions = Vec::new();
    }
    let extra = if refresh { " with latest revisions" } else { "" };
    let message = eco_format!("Retrying operation{extra}. Attempt #{}", attempts.retry_count);
    let started_at = attempts.state.started_at;
    attempts.state = State::restore(OperationPhase::Running, &message, Results::default(), started_at);
    attempts.finished_at = None;
}

enum Gate {
    Blocked(EcoString),
    Ended(OperationPhase, EcoString),
}

fn gate(attempts: &Attempts, now: i64, gates: &Gates<'_>, settings: &Settings) -> Option<Gate> {
    let error = |message: EcoString| Some(Gate::Ended(OperationPhase::Error, message));
    if attempts.operation.sync.is_none() {
        return error("Invalid operation request: no operation specified".into());
    }
    let question = WindowQuestion {
        manual: !attempts.operation.initiated_by.automated,
        now,
        operation_started_at: Some(attempts.state.started_at),
    };
    let blocked = "Sync operation blocked by sync window";
    match can_sync(&gates.windows, question) {
        Ok(true) => {}
        Ok(false) => return Some(Gate::Blocked(blocked.into())),
        Err(reason) => return Some(Gate::Blocked(eco_format!("{blocked}: {reason}"))),
    }
    if let Some(message) = &gates.compare_error {
        return error(message.clone());
    }
    if let Some(message) = gates.shared_resource.as_ref().filter(|_| settings.fail_on_shared) {
        return Some(Gate::Ended(OperationPhase::Failed, eco_format!("Shared resource found: {message}")));
    }
    if let Some(message) = &gates.error_conditions {
        return error(message.clone());
    }
    if let Some(message) = &gates.destination_error {
        return error(eco_format!("Failed to get destination cluster: {message}"));
    }
    let respect = gates.respect_error.as_ref().filter(|_| settings.respect_ignored);
    respect.and_then(|reason| error(eco_format!("{reason}")))
}

fn conclude(mut attempts: Attempts, now: i64, terminating: bool, started_at: i64) -> Advance {
    let failed = matches!(attempts.state.operation, OperationPhase::Failed | OperationPhase::Error);
    let limit = attempts.operation.retry.limit;
    let may_retry = failed && !terminating && (attempts.retry_count < limit || limit < 0);
    let mut wake = Wake::Never;
    attempts.finished_at = Some(now);
    let message = attempts.state.message.clone();
    let results = attempts.state.results.clone();
    let at = |seconds: i64| now.saturating_add(seconds);
    let (phase, message) = if may_retry {
        match retry_wait(&attempts.operation.retry, attempts.retry_count) {
            Err(error) => (OperationPhase::Error, eco_format!("{message} (failed to retry: {error})")),
            Ok(wait) => {
                attempts.retry_count += 1;
                let time = format_kitchen(at(wait.div_euclid(SECOND)));
                let count = attempts.retry_count;
                let message = eco_format!("{message}. Retrying attempt #{count} at {time}.");
                (OperationPhase::Running, message)
            }
        }
    } else if failed && attempts.retry_count > 0 {
        let count = attempts.retry_count;
        (attempts.state.operation, eco_format!("{message} (retried {count} times)."))
    } else {
        (attempts.state.operation, message)
    };
    attempts.state = State::restore(phase, &message, results, started_at);
    if let Some(Ok(due)) = attempts.retry_at() {
        wake = Wake::At(due);
    }
    Advance { attempts, actions: Vec::new(), wake }
}

/// Returns what goes into the history: nothing unless a full sync that was not a dry run succeeded.
pub fn history_entry(app: &Application, attempts: &Attempts, now: i64) -> Option<RevisionHistory> {
    let sync = attempts.operation.sync.as_ref()?;
    let recorded =
        attempts.state.operation == OperationPhase::Succeeded && !sync.dry_run && sync.resources.is_empty();
    if !recorded {
        return None;
    }
    let last = app.status.history.last().map_or(-1, |entry| entry.id);
    let single = app.spec.sources.is_empty();
    let source = sync.source.clone().or_else(|| app.spec.source.clone()).filter(|_| single);
    Some(RevisionHistory {
        revision: sync.revision.clone(),
        revisions: sync.revisions.clone(),
        source: source.unwrap_or_default(),
        sources: if sync.sources.is_empty() { app.spec.sources.clone() } else { sync.sources.clone() },
        deployed_at: format_rfc3339(now).into(),
        deploy_started_at: Some(format_rfc3339(attempts.state.started_at).into()),
        id: last.saturating_add(1),
        initiated_by: attempts.operation.initiated_by.clone(),
        ..RevisionHistory::default()
    })
}

/// Returns the operation that brings an application back to an entry of its history.
///
/// Refused while automatic sync is on, which would undo it.
pub fn rollback(app: &Application, id: i64, prune: bool, dry_run: bool) -> Result<Operation, SyncError> {
    let policy = app.spec.sync_policy.as_ref();
    let automated = policy.and_then(|policy| policy.automated.as_ref());
    if automated.is_some_and(|automated| automated.enabled != Some(false)) {
        return Err(SyncError::RollbackAutomated);
    }
    let unknown = || SyncError::History { application: app.metadata.name.clone(), id };
    let entry = app.status.history.iter().find(|entry| entry.id == id).ok_or_else(unknown)?;
    let several = !entry.sources.is_empty();
    Ok(Operation {
        sync: Some(SyncOperation {
            revision: entry.revision.clone(),
            revisions: entry.revisions.clone(),
            source: (!several).then(|| entry.source.clone()),
            sources: entry.sources.clone(),
            sync_options: policy.map(|policy| policy.sync_options.clone()).unwrap_or_default(),
            prune,
            dry_run,
            // Without hooks.
            sync_strategy: Some(SyncStrategy {
                apply: Some(SyncStrategyApply::default()),
                ..SyncStrategy::default()
            }),
            ..SyncOperation::default()
        }),
        initiated_by: OperationInitiator::default(),
        ..Operation::default()
    })
}
