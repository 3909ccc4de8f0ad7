//! The sync: its plan, its steps, and when it may run.

use super::source::application;
use super::table;
use crate::api::handles::{Content, Document};
use crate::api::shape::{Empty, Object, Objects, PlanHandle, Word, answer, choice, input, output, words};
use crate::api::{Context, Error};
use std::collections::BTreeMap;
use trueup_diff::rules::Settings as DiffSettings;
use trueup_diff::{DiffError, respect_ignored};
use trueup_health::Checks;
use trueup_manifest::argocd::{Application, SyncOperation, SyncWindow};
use trueup_manifest::{Diagnostic, EcoString, Map, ResourceKey, Value, from_value, to_value};
use trueup_schema::openapi;
use trueup_sync::{
    Action, ActionId, ActionKind, Conflict, Need, Next, Observation, OperationPhase, Outcome, Phase, Plan,
    PlanAction, PlanStep, Reason, Reconciled, Settings, State, Step, SyncError, WindowQuestion,
    active_windows, can_sync, matching_windows, plan, reconcile, step,
};

table! {
    /// Plans a sync: what is done, in which order, why, and what is deleted.
    "sync.plan": Question => planned => PlanHandle;
    /// Takes the next step of a sync. The host does the actions, and calls again with what became of them.
    ///
    /// `state` is the one that the step before answered, absent at the start. It is plain data: write it down, and a crash costs nothing.
    "sync.step": Advance => stepped => Stepped;
    /// Tells whether sync windows let an Application be synced now.
    "sync.windows": Windows => windows => WindowVerdict;
}

words! { Phase: "PreSync", "Sync", "PostSync", "SyncFail", "Skip" }
words! { PlanAction: "create", "update", "replace", "prune", "hook", "hook-again", "hook-over", "skip" }
words! { Need: "namespace", "definition", "service-account", "configuration", "storage", "role" }
words! { OperationPhase: "Running", "Terminating", "Succeeded", "Failed", "Error" }

impl crate::api::shape::Output for Reason {
    fn ty() -> crate::api::shape::Type {
        crate::api::shape::Type::Any
    }

    fn show(self) -> Result<crate::api::Data, Error> {
        to_value(&self).map(crate::api::Data::Value).map_err(Error::internal)
    }
}

output! {
    /// What makes an object one object in a cluster.
    struct ResourceKey: ResourceKey {
        /// The API group; empty for the core group.
        group: EcoString,
        /// The kind.
        kind: EcoString,
        /// The namespace; empty for what lives in none.
        namespace: EcoString,
        /// The name.
        name: EcoString,
    }
}

output! {
    /// One step of a plan.
    struct PlanStep: PlanStep {
        /// The group it is done in, from 1. A group begins when the one before it is healthy.
        group: usize,
        /// The phase.
        phase: Phase,
        /// The wave.
        wave: i64,
        /// The object.
        key: ResourceKey,
        /// What is done.
        action: PlanAction,
        /// The options that are in force for it.
        options: Vec<EcoString>,
        /// Why it is there and why there: a word, or a map of the word to what belongs to it.
        reason: Reason,
        /// The group that must be healthy before, if any.
        waits_for: Option<usize>,
    }
}

output! {
    /// An object that comes before one that it needs.
    struct Conflict: Conflict {
        /// The object that comes too early.
        first: ResourceKey,
        /// Why it needs the other one.
        need: Need,
        /// The object that it needs.
        needed: ResourceKey,
        /// Why the order is as it is.
        because: EcoString,
    }
}

output! {
    /// What a sync would do.
    struct Plan: Plan {
        /// The steps in order. Those with the same group are done together.
        steps: Vec<PlanStep>,
        /// The live objects that would be deleted: positions in `steps`.
        deletions: Vec<usize>,
        /// How many live resources the Application has.
        live: usize,
        /// Dependencies that the order contradicts.
        conflicts: Vec<Conflict>,
    }
}

input! {
    /// A sync.
    struct Question {
        /// What is desired.
        desired: Objects,
        /// The Application's own objects in the cluster. Whatever else runs there does not belong here: it would be pruned.
        live: Objects,
        /// The Application, whose sync policy counts.
        application: Option<Object>,
        /// The sync part of an operation: `{prune: true, syncOptions: […]}`.
        operation: Option<Object>,
        /// Resources that a comparison found modified or not, by `group/kind/namespace/name`.
        modified: BTreeMap<EcoString, bool> = Empty,
        /// The live namespace of the Application, if it is there.
        namespace: Option<Object>,
        /// The `data` of the ConfigMap `argocd-cm`: its ignore rules count under the sync option `RespectIgnoreDifferences=true`.
        settings: Option<Object>,
        /// CustomResourceDefinitions and OpenAPI documents, which tell under that option how lists of custom kinds merge.
        schemas: Vec<Object> = Empty,
        /// The time in seconds since 1970.
        now: i64 = 0_i64,
    }
}

/// What the engine asks about the cluster, answered from the request.
struct Known {
    modified: BTreeMap<EcoString, bool>,
    checks: Checks,
}

impl trueup_sync::World for Known {
    /// The live objects that are given are the Application's own.
    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }

    fn modified(&self, key: &ResourceKey) -> Option<bool> {
        self.modified.get(key.to_string().as_str()).copied()
    }

    fn health(&self, live: &Value) -> Result<Option<trueup_sync::Health>, EcoString> {
        let health = self.checks.health(live).map_err(|error| EcoString::from(error.to_string()))?;
        let status = |health: trueup_health::Health| {
            let status = trueup_sync::HealthStatus::parse(health.status?.name());
            Some(trueup_sync::Health { status, message: health.message.into() })
        };
        Ok(health.and_then(status))
    }
}

struct Prepared {
    settings: Settings,
    observation: Observation,
    known: Known,
    now: i64,
    /// Why it is not known what a sync leaves as it is, if it is not.
    unknown: Option<SyncError>,
}

impl Question {
    fn prepare(self) -> Result<Prepared, Error> {
        let app = self.application.as_ref().map(application).transpose()?.unwrap_or_default();
        let settings = Settings::new(&app, &operation(&app, self.operation.as_ref())?);
        let known = Known { modified: self.modified, checks: Checks::default() };
        let mut reconciled = reconcile(&self.desired.0, &self.live.0, &settings.namespace, &known);
        let rules = Rules { application: self.application, settings: self.settings, schemas: self.schemas };
        let unknown = if settings.respect_ignored { rules.respect(&mut reconciled).err() } else { None };
        let observation = Observation {
            pairs: reconciled.pairs,
            hooks: reconciled.hooks,
            namespace: Ok(self.namespace.map(|object| object.0)),
            ..Observation::default()
        };
        Ok(Prepared { settings, observation, known, now: self.now, unknown })
    }
}

/// Which fields a sync leaves as they are.
struct Rules {
    application: Option<Object>,
    settings: Option<Object>,
    schemas: Vec<Object>,
}

impl Rules {
    fn respect(&self, reconciled: &mut Reconciled) -> Result<(), SyncError> {
        let unusable = |error: DiffError| SyncError::Respect(error.to_string());
        let settings = self.settings.as_ref().map(|data| DiffSettings::from_config_map(&data.0));
        let settings = settings.transpose().map_err(unusable)?.unwrap_or_default();
        let application = self.application.as_ref().map(|application| application.0.clone());
        let rules = settings.rules_for(&application.unwrap_or_default()).map_err(unusable)?;
        let schema = openapi::parse(self.schemas.iter().map(|document| &document.0));
        reconciled.respect(|target, live| respect_ignored(target, live, &rules, Some(&schema)))
    }
}

/// The operation that is asked for; without one, what automatic sync would do.
fn operation(app: &Application, asked: Option<&Object>) -> Result<SyncOperation, Error> {
    let policy = app.spec.sync_policy.clone().unwrap_or_default();
    let Some(asked) = asked else {
        let prune = policy.automated.unwrap_or_default().prune.unwrap_or(false);
        return Ok(SyncOperation { prune, sync_options: policy.sync_options, ..SyncOperation::default() });
    };
    let mut operation: SyncOperation = from_value(&asked.0)
        .map_err(|error| Error::request(format!("`operation` is no sync operation: {error}")))?;
    if asked.0.get("syncOptions").is_none() {
        operation.sync_options = policy.sync_options;
    }
    Ok(operation)
}

fn planned(request: Question, context: &Context) -> Result<PlanHandle, Error> {
    context.cancel.advance(request.desired.0.len() + request.live.0.len())?;
    let Prepared { settings, observation, known, now, unknown } = request.prepare()?;
    if let Some(error) = unknown {
        return Err(error.into());
    }
    let plan = plan(&settings, &observation, now, &known);
    Ok(PlanHandle(Document::new(Content::Plan(plan))))
}

choice! {
    /// What became of an action.
    enum Became {
        /// It was done; `message` holds the line that the tool printed.
        Done = "done",
        /// It was read; `object` holds what was found.
        Found = "found",
        /// The object is not there.
        NotFound = "notFound",
        /// The object to create is there already.
        AlreadyExists = "alreadyExists",
        /// It failed; `message` holds the error.
        Failed = "failed",
    }
}

impl Word for Became {}

input! {
    /// The answer to an action.
    struct ActionOutcome {
        /// The number of the action.
        id: u64,
        /// What became of it.
        outcome: Became,
        /// What there is to say.
        message: EcoString = "",
        /// The object, for `found`.
        object: Option<Object>,
    }
}

input! {
    /// A sync that is under way.
    struct Advance {
        /// The state that the step before answered; absent at the start.
        state: Option<Object>,
        /// Whether the operation is to stop: running hooks are ended, resources stay.
        terminate: bool = false,
        /// What became of the actions of earlier steps.
        outcomes: Vec<ActionOutcome> = Empty,
        /// When prunes were confirmed, in seconds since 1970.
        approved_at: Option<i64>,
        /// What is desired.
        desired: Objects,
        /// The Application's own objects in the cluster, as they are now.
        live: Objects,
        /// The Application, whose sync policy counts.
        application: Option<Object>,
        /// The sync part of an operation.
        operation: Option<Object>,
        /// Resources that a comparison found modified or not, by `group/kind/namespace/name`.
        modified: BTreeMap<EcoString, bool> = Empty,
        /// The live namespace of the Application, if it is there.
        namespace: Option<Object>,
        /// The `data` of the ConfigMap `argocd-cm`: its ignore rules count under the sync option `RespectIgnoreDifferences=true`.
        settings: Option<Object>,
        /// CustomResourceDefinitions and OpenAPI documents, which tell under that option how lists of custom kinds merge.
        schemas: Vec<Object> = Empty,
        /// The time in seconds since 1970.
        now: i64 = 0_i64,
    }
}

answer! {
    /// Something that the host is asked to do. Actions of one step may be done at the same time, in any order.
    struct SyncAction {
        /// The number that its outcome is reported under.
        id: usize,
        /// What to do: `write`, `delete`, `removeFinalizer`, `read` or `waveDone`.
        kind: EcoString,
        /// The object.
        key: ResourceKey,
        /// The API version of the object.
        version: EcoString,
        /// The phase it belongs to.
        phase: Phase,
        /// The wave it belongs to.
        wave: i64,
        /// Whether it may have been done before a crash. What is already so then counts as done.
        repeated: bool,
        /// The manifest to write; null for everything else.
        manifest: Option<Object>,
        /// How it is written, deleted, or whether it was the last wave; null if there is nothing to say.
        how: Option<Object>,
        /// The action as people read it.
        text: String,
    }
}

answer! {
    /// What a step gives.
    struct Stepped {
        /// The state after it.
        state: Object,
        /// How the operation stands.
        operation: OperationPhase,
        /// What there is to say.
        message: EcoString,
        /// What the host is asked to do.
        actions: Vec<SyncAction>,
        /// When to call again: `outcomes`, `change` (of live objects), or `never`.
        next: EcoString,
    }
}

fn stepped(request: Advance, context: &Context) -> Result<Stepped, Error> {
    context.cancel.advance(request.desired.0.len() + request.live.0.len())?;
    let Advance {
        state,
        terminate,
        outcomes,
        approved_at,
        desired,
        live,
        application,
        operation,
        modified,
        namespace,
        settings,
        schemas,
        now,
    } = request;
    let question =
        Question { desired, live, application, operation, modified, namespace, settings, schemas, now };
    let Prepared { settings, mut observation, known, now, unknown } = question.prepare()?;
    let mut state = match state {
        Some(state) => from_value(&state.0)
            .map_err(|error| Error::request(format!("`state` is none that a step answered: {error}")))?,
        None => State::new(now),
    };
    if terminate {
        state.terminate();
    }
    observation.approved_at = approved_at;
    observation.outcomes = outcomes.into_iter().map(ActionOutcome::into_outcome).collect::<Result<_, _>>()?;
    let step = match unknown {
        // What is under way is not given up: the host may ask again.
        Some(error) if state.awaits_outcomes() => return Err(error.into()),
        Some(error) if !state.operation.is_completed() => {
            let state =
                State::restore(OperationPhase::Error, &error.to_string(), state.results, state.started_at);
            Step { state, actions: Vec::new(), next: Next::Never }
        }
        _ => step(state, &settings, &observation, &known),
    };
    Ok(Stepped {
        operation: step.state.operation,
        message: step.state.message.clone(),
        state: Object(to_value(&step.state).map_err(Error::internal)?),
        actions: step.actions.into_iter().map(shown).collect(),
        next: match step.next {
            Next::Outcomes => "outcomes",
            Next::Change => "change",
            Next::Never => "never",
        }
        .into(),
    })
}

impl ActionOutcome {
    fn into_outcome(self) -> Result<(ActionId, Outcome), Error> {
        let outcome = match (self.outcome, self.object) {
            (Became::Found, Some(object)) => Outcome::Found(object.0),
            (Became::Found, None) => return Err(Error::request("an outcome `found` needs its `object`")),
            (Became::Done, _) => Outcome::Done(self.message),
            (Became::NotFound, _) => Outcome::NotFound(self.message),
            (Became::AlreadyExists, _) => Outcome::AlreadyExists(self.message),
            (Became::Failed, _) => Outcome::Failed(self.message),
        };
        Ok((ActionId(self.id), outcome))
    }
}

fn shown(action: Action) -> SyncAction {
    let text = action.to_string();
    let (kind, manifest, how) = match action.kind {
        ActionKind::Write { manifest, how } => ("write", Some(Object(manifest)), Some(write_options(&how))),
        ActionKind::Delete { propagation, prune } => {
            let entries = [("propagation", Value::from(propagation.as_str())), ("prune", prune.into())];
            ("delete", None, Some(Map::from_iter(entries)))
        }
        ActionKind::RemoveFinalizer => ("removeFinalizer", None, None),
        ActionKind::Read => ("read", None, None),
        ActionKind::WaveDone { last } => ("waveDone", None, Some(Map::from_iter([("last", last)]))),
    };
    SyncAction {
        id: usize::try_from(action.id.0).unwrap_or(usize::MAX),
        kind: kind.into(),
        key: action.key,
        version: action.version,
        phase: action.phase,
        wave: action.wave,
        repeated: action.repeated,
        manifest,
        how: how.map(|how| Object(how.into())),
        text,
    }
}

fn write_options(how: &trueup_sync::Write) -> Map {
    Map::from_iter([
        ("command", Value::from(how.command.as_str())),
        ("serverSide", how.server_side.into()),
        ("force", how.force.into()),
        ("validate", how.validate.into()),
        ("migrateFrom", how.migrate_from.clone().into()),
        ("dryRun", how.dry_run.into()),
        ("waitEstablished", how.wait_established.into()),
    ])
}

input! {
    /// Sync windows and an Application.
    struct Windows {
        /// The windows of the project: `spec.syncWindows`.
        windows: Vec<Object>,
        /// The Application.
        application: Object,
        /// The time in seconds since 1970.
        now: i64,
        /// Whether somebody asked for the sync.
        manual: bool = false,
        /// When the operation was started, in seconds since 1970, if it runs.
        operation_started_at: Option<i64>,
    }
}

answer! {
    /// What sync windows say.
    struct WindowVerdict {
        /// Whether the Application may be synced now.
        can_sync: bool,
        /// The windows that match the Application.
        matching: Vec<Object>,
        /// Those of them that are open.
        active: Vec<Object>,
    }
}

fn windows(request: Windows, _: &Context) -> Result<WindowVerdict, Error> {
    let app = application(&request.application)?;
    let read = |window: &Object| {
        let window = from_value::<SyncWindow>(&window.0);
        window.map_err(|error| {
            Error::from(Diagnostic::error("trueup/object", format!("this is no sync window: {error}")))
        })
    };
    let all = request.windows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    let matching = matching_windows(&all, &app);
    let active = active_windows(&matching, request.now, request.now)?;
    let question = WindowQuestion {
        manual: request.manual,
        now: request.now,
        operation_started_at: request.operation_started_at,
    };
    let shown = |windows: &[&SyncWindow]| {
        windows
            .iter()
            .map(|window| to_value(window).map(Object).map_err(Error::internal))
            .collect::<Result<_, _>>()
    };
    Ok(WindowVerdict {
        can_sync: can_sync(&matching, question)?,
        matching: shown(&matching)?,
        active: shown(&active)?,
    })
}
