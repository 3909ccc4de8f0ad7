//! Automatic sync: whether to start an operation now, and which.

use crate::backoff::{SelfHeal, self_heal_remaining};
use crate::parse_rfc3339;
use crate::results::OperationPhase;
use ecow::{EcoString, eco_format};
use trueup_manifest::argocd::{
    Application, ApplicationSource, Operation, OperationInitiator, ResourceStatus, RetryStrategy,
    SyncOperation, SyncOperationResource, SyncStatus,
};

/// What automatic sync decides.
#[derive(Clone, Debug, PartialEq)]
pub enum AutoSync {
    /// Nothing to do.
    Nothing(Skip),
    /// Nothing to do, and the application gets the condition `SyncError` with this message.
    Condition(EcoString),
    /// Ask again after so many seconds.
    Later(f64),
    /// Start this operation.
    Start(Box<Operation>),
}

/// Why automatic sync does nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Skip {
    /// The application is not synced automatically.
    Off,
    /// An operation is in progress.
    InProgress,
    /// The application is being deleted.
    Deleting,
    /// The application is not out of sync.
    NotOutOfSync,
    /// All that is out of sync would have to be pruned, and automatic sync does not prune.
    OnlyPrunes,
    /// This was synced already, and self-heal is off.
    AlreadySynced,
}

/// What automatic sync looks at.
#[derive(Clone, Debug)]
pub struct AutoSyncQuestion<'a> {
    /// The application, with its policy, its operation and the state of its last one.
    pub app: &'a Application,
    /// The comparison.
    pub status: &'a SyncStatus,
    /// The resources of the comparison.
    pub resources: &'a [ResourceStatus],
    /// Whether a new revision may have changed manifests.
    pub revisions_may_have_changes: bool,
    /// How self-heal waits.
    pub self_heal: SelfHeal,
    /// Now, in Unix seconds.
    pub now: f64,
}

/// Decides whether to start a sync. The windows are looked at when the operation starts.
pub fn auto_sync(question: &AutoSyncQuestion<'_>) -> AutoSync {
    let &AutoSyncQuestion { app, status, resources, .. } = question;
    let policy = app.spec.sync_policy.as_ref();
    let Some(automated) = policy.and_then(|policy| policy.automated.as_ref()) else {
        return AutoSync::Nothing(Skip::Off);
    };
    let prune = automated.prune.unwrap_or(false);
    let only_prunes = || resources.iter().all(|r| r.status == "Synced" || r.requires_pruning);
    let skip = if automated.enabled == Some(false) {
        Some(Skip::Off)
    } else if app.operation.is_some() {
        Some(Skip::InProgress)
    } else if app.metadata.deletion_timestamp.is_some() {
        Some(Skip::Deleting)
    } else if status.status != "OutOfSync" {
        Some(Skip::NotOutOfSync)
    } else if !prune && only_prunes() {
        Some(Skip::OnlyPrunes)
    } else {
        None
    };
    if let Some(skip) = skip {
        return AutoSync::Nothing(skip);
    }
    let desired = desired_revisions(app, status);
    let mut sync = full_sync(app, status, prune);
    let attempt = already_attempted(app, &desired, question.revisions_may_have_changes);
    if attempt.attempted {
        if attempt.phase != Some(OperationPhase::Succeeded) {
            let message = app.status.operation_state.as_ref().map_or("", |state| &state.message);
            return AutoSync::Condition(eco_format!(
                "Failed last sync attempt to {}: {message}",
                bracketed(&attempt.revisions)
            ));
        }
        if !automated.self_heal.unwrap_or(false) {
            return AutoSync::Nothing(Skip::AlreadySynced);
        }
        match heal(question, &mut sync) {
            Some(wait) => return AutoSync::Later(wait),
            None => sync.resources = out_of_sync(resources),
        }
    }
    let wipes_out = resources.iter().all(|resource| resource.requires_pruning);
    if prune && !automated.allow_empty.unwrap_or(false) && wipes_out {
        let revisions = bracketed(&desired);
        return AutoSync::Condition(eco_format!(
            "Skipping sync attempt to {revisions}: auto-sync will wipe out all resources"
        ));
    }
    let default_retry = || RetryStrategy { limit: 5, ..RetryStrategy::default() };
    AutoSync::Start(Box::new(Operation {
        sync: Some(sync),
        initiated_by: OperationInitiator { automated: true, ..OperationInitiator::default() },
        retry: policy.and_then(|policy| policy.retry.clone()).unwrap_or_else(default_retry),
        ..Operation::default()
    }))
}

fn desired_revisions(app: &Application, status: &SyncStatus) -> Vec<EcoString> {
    if app.spec.sources.is_empty() { vec![status.revision.clone()] } else { status.revisions.clone() }
}

fn full_sync(app: &Application, status: &SyncStatus, prune: bool) -> SyncOperation {
    let single = app.spec.sources.is_empty();
    SyncOperation {
        source: single.then(|| source_of(app)),
        revision: status.revision.clone(),
        prune,
        sync_options: app.spec.sync_policy.as_ref().map(|p| p.sync_options.clone()).unwrap_or_default(),
        sources: app.spec.sources.clone(),
        revisions: status.revisions.clone(),
        ..SyncOperation::default()
    }
}

fn source_of(app: &Application) -> ApplicationSource {
    if let Some(hydrator) = &app.spec.source_hydrator {
        let (dry, sync) = (&hydrator.dry_source, &hydrator.sync_source);
        let own = Some(&sync.repo_url).filter(|url| !url.is_empty());
        return ApplicationSource {
            repo_url: own.unwrap_or(&dry.repo_url).clone(),
            path: sync.path.clone(),
            target_revision: sync.target_branch.clone(),
            ..ApplicationSource::default()
        };
    }
    app.spec.source.clone().unwrap_or_default()
}

/// Counts an attempt of self-heal; returns how many seconds to wait instead.
fn heal(question: &AutoSyncQuestion<'_>, sync: &mut SyncOperation) -> Option<f64> {
    let state = question.app.status.operation_state.as_ref();
    let attempts =
        state.and_then(|state| state.operation.sync.as_ref()).map_or(0, |s| s.auto_heal_attempts_count);
    let finished = state.and_then(|state| parse_rfc3339(state.finished_at.as_ref()?).ok());
    let finished_ago = finished.map(|finished| question.now - finished as f64);
    let wait = match state {
        None => 0.0,
        Some(_) => self_heal_remaining(question.self_heal, attempts, finished_ago),
    };
    sync.auto_heal_attempts_count = attempts.saturating_add(1);
    (wait > 0.0).then_some(wait)
}

fn out_of_sync(resources: &[ResourceStatus]) -> Vec<SyncOperationResource> {
    let listed = resources.iter().filter(|resource| resource.status != "Synced");
    listed
        .map(|resource| SyncOperationResource {
            group: resource.group.clone(),
            kind: resource.kind.clone(),
            name: resource.name.clone(),
            ..SyncOperationResource::default()
        })
        .collect()
}

fn bracketed(revisions: &[EcoString]) -> EcoString {
    eco_format!("[{}]", revisions.join(" "))
}

/// Whether revisions and sources were tried before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Attempt {
    /// Whether they were.
    pub attempted: bool,
    /// What was synced last.
    pub revisions: Vec<EcoString>,
    /// How that ended.
    pub phase: Option<OperationPhase>,
}

/// Returns whether the last operation already tried these revisions with the sources that the application has.
pub fn already_attempted(
    app: &Application,
    desired: &[EcoString],
    revisions_may_have_changes: bool,
) -> Attempt {
    let Some(state) = &app.status.operation_state else { return Attempt::default() };
    let phase = OperationPhase::parse(&state.phase);
    let Some(result) = &state.sync_result else {
        let attempted = phase.is_some_and(OperationPhase::is_completed);
        return Attempt { attempted, revisions: Vec::new(), phase };
    };
    let several = !app.spec.sources.is_empty();
    let revisions = if several { result.revisions.clone() } else { vec![result.revision.clone()] };
    let same_revisions = !revisions_may_have_changes || revisions == desired;
    let same_sources =
        if several { app.spec.sources == result.sources } else { source_of(app) == result.source };
    Attempt { attempted: same_revisions && same_sources, revisions, phase }
}
