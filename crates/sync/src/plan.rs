//! The plan: what a sync would do, in order, each step with its reason; deletions apart.

use crate::engine::Observation;
use crate::graph::{self, Conflict};
use crate::hooks::{ObjectOptions, Phase};
use crate::settings::{Command, Settings, Write, write_with};
use crate::task::{Built, build};
use crate::world::World;
use crate::{SyncError, settings::Propagation};
use ecow::{EcoString, eco_format};
use serde::Serialize;
use std::fmt;
use trueup_manifest::ResourceKey;

/// What a sync would do.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The steps in order. Those with the same group are done together.
    pub steps: Vec<PlanStep>,
    /// The live objects that would be deleted, in the order of the steps: indexes into `steps`.
    pub deletions: Vec<usize>,
    /// How many live resources the application has.
    pub live: usize,
    /// Dependencies that the order contradicts.
    pub conflicts: Vec<Conflict>,
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlanStep {
    /// The group it is done in, from 1. A group begins when the one before it is healthy.
    pub group: usize,
    /// The phase.
    pub phase: Phase,
    /// The wave.
    pub wave: i64,
    /// The object.
    pub key: ResourceKey,
    /// What is done.
    pub action: PlanAction,
    /// The options that are in force for it.
    pub options: Vec<EcoString>,
    /// Why it is there and why there.
    pub reason: Reason,
    /// The group that must be healthy before, if any.
    pub waits_for: Option<usize>,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PlanAction {
    /// Creates the object.
    Create,
    /// Applies a difference.
    Update,
    /// Replaces the object.
    Replace,
    /// Deletes an object that is no longer desired.
    Prune,
    /// Runs a hook.
    Hook,
    /// Deletes a hook that an earlier sync left, and runs it.
    HookAgain,
    /// Applies a hook over the one that an earlier sync left, which its policies keep: a finished Job does not run again.
    HookOver,
    /// Does nothing; the reason says why.
    Skip,
}

/// Why a step is there and why there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It is desired and not there.
    Absent,
    /// It is desired and there.
    Desired,
    /// A comparison found that it differs.
    OutOfSync,
    /// A comparison found no difference, and only differences are applied.
    InSync,
    /// It is a hook of this phase; with its delete policies.
    Hook(Vec<crate::DeletePolicy>),
    /// Another object needs it, so it was moved in front of that.
    NeededBy(ResourceKey),
    /// It is the namespace of the application.
    Namespace,
    /// It is no longer desired.
    NotDesired,
    /// It is no longer desired, and prunes go in the reverse order of waves.
    NotDesiredReversed,
    /// It is no longer desired, and goes after everything else.
    NotDesiredLast,
    /// It is no longer desired, but this sync does not prune.
    PruneNotRequested,
    /// It is no longer desired, but says that it must not be deleted.
    PruneForbidden,
    /// It is no longer desired, and somebody must confirm its deletion.
    PruneUnconfirmed,
    /// The sync would fail here; holds the message.
    Invalid(EcoString),
}

impl Plan {
    /// Returns the steps that delete live resources.
    pub fn deleted(&self) -> impl Iterator<Item = &PlanStep> {
        self.deletions.iter().filter_map(|index| self.steps.get(*index))
    }

    /// Returns the number of groups.
    pub fn groups(&self) -> usize {
        self.steps.last().map_or(0, |step| step.group)
    }

    /// Returns an error if the plan deletes more than the guard allows.
    pub fn check(&self, guard: crate::PruneGuard) -> Result<(), SyncError> {
        check(guard, self.deletions.len(), self.live)
    }
}

fn check(guard: crate::PruneGuard, pruned: usize, live: usize) -> Result<(), SyncError> {
    let allowed = guard.allowed(live);
    if pruned > allowed { Err(SyncError::PruneGuard { pruned, live, allowed }) } else { Ok(()) }
}

/// Returns the error of a sync that would delete more than its guard allows.
pub(crate) fn guard(settings: &Settings, built: &[Built]) -> Option<SyncError> {
    if !settings.prune || settings.dry_run {
        return None;
    }
    let pruned = built.iter().filter(|built| built.task.is_prune() && !built.task.prune_disabled).count();
    check(settings.guard, pruned, live_count(built)).err()
}

fn live_count(built: &[Built]) -> usize {
    built.iter().filter(|built| built.live.is_some() && !built.task.hook).count()
}

/// Plans a sync.
///
/// `started_at` (Unix seconds) goes into the names of hooks that ask for one. SyncFail hooks stand last; they run only on failure.
pub fn plan(
    settings: &Settings,
    observation: &Observation,
    started_at: i64,
    world: &(impl World + ?Sized),
) -> Plan {
    let confirmed = observation.approved_at.is_some_and(|at| at >= started_at);
    let built = build(settings, observation, started_at, false, world);
    let mut steps: Vec<PlanStep> = Vec::with_capacity(built.len());
    let (mut group, mut last) = (0, None);
    for built in &built {
        let here = (built.task.phase, built.task.wave);
        if last != Some(here) {
            (group, last) = (group + 1, Some(here));
        }
        steps.push(plan_step(settings, built, group, confirmed, world));
    }
    let deletes = |(_, step): &(usize, &PlanStep)| {
        step.action == PlanAction::Prune && !matches!(step.reason, Reason::Invalid(_))
    };
    let deletions = steps.iter().enumerate().filter(deletes).map(|(index, _)| index).collect();
    let conflicts = graph::conflicts(&built, &steps);
    Plan { steps, deletions, live: live_count(&built), conflicts }
}

fn plan_step(
    settings: &Settings,
    built: &Built,
    group: usize,
    confirmed: bool,
    world: &(impl World + ?Sized),
) -> PlanStep {
    let task = &built.task;
    let (of_target, of_live) = &built.options;
    let given = (ObjectOptions::text(of_target), ObjectOptions::text(of_live));
    let how =
        built.target.as_ref().map(|target| write_with(settings, target, built.live.as_ref(), given, false));
    let (action, reason) = match &built.invalid {
        Some(invalid) => (PlanAction::Skip, Reason::Invalid(invalid.message.clone())),
        None if task.is_prune() => prune_action(settings, built, confirmed),
        None if task.hook => {
            let action = match (task.has_live, task.delete_before_creation()) {
                (false, _) => PlanAction::Hook,
                (true, true) => PlanAction::HookAgain,
                (true, false) => PlanAction::HookOver,
            };
            (action, Reason::Hook(task.policies.clone()))
        }
        None => write_action(built, how.as_ref(), world),
    };
    PlanStep {
        group,
        phase: task.phase,
        wave: task.wave,
        key: task.key.clone(),
        action,
        options: options(settings, built, how.as_ref()),
        reason,
        waits_for: (group > 1).then(|| group - 1),
    }
}

fn prune_action(settings: &Settings, built: &Built, confirmed: bool) -> (PlanAction, Reason) {
    let task = &built.task;
    if task.prune_confirm && !confirmed {
        return (PlanAction::Skip, Reason::PruneUnconfirmed);
    }
    if !settings.prune {
        return (PlanAction::Skip, Reason::PruneNotRequested);
    }
    if task.prune_disabled {
        return (PlanAction::Skip, Reason::PruneForbidden);
    }
    let reason = match (built.prune_last, built.wave_changed) {
        (true, _) => Reason::NotDesiredLast,
        (false, true) => Reason::NotDesiredReversed,
        (false, false) => Reason::NotDesired,
    };
    (PlanAction::Prune, reason)
}

fn write_action(built: &Built, how: Option<&Write>, world: &(impl World + ?Sized)) -> (PlanAction, Reason) {
    let task = &built.task;
    if task.in_sync {
        return (PlanAction::Skip, Reason::InSync);
    }
    let command = how.map(|how| how.command);
    let action = match (task.has_live, command) {
        (false, _) => PlanAction::Create,
        (true, Some(Command::Replace)) => PlanAction::Replace,
        (true, _) => PlanAction::Update,
    };
    let live_key = ResourceKey { namespace: task.live_namespace.clone(), ..task.key.clone() };
    let reason = match (&built.moved_before, task.has_live) {
        (Some(key), _) => Reason::NeededBy(key.clone()),
        (None, false) if task.phase == Phase::PreSync => Reason::Namespace,
        (None, false) => Reason::Absent,
        (None, true) if world.modified(&live_key) == Some(true) => Reason::OutOfSync,
        (None, true) => Reason::Desired,
    };
    (action, reason)
}

/// Returns the options in force: those on the object, and those of the application that decide about it.
fn options(settings: &Settings, built: &Built, how: Option<&Write>) -> Vec<EcoString> {
    let text = if built.target.is_some() { &built.options.0 } else { &built.options.1 };
    let mut out: Vec<EcoString> = Vec::new();
    for option in text.split(',').map(str::trim).filter(|option| !option.is_empty()) {
        if !out.iter().any(|have| have == option) {
            out.push(option.into());
        }
    }
    let mut add = |holds: bool, option: &str| {
        if holds && !out.iter().any(|have| have == option) {
            out.push(option.into());
        }
    };
    if let Some(how) = how {
        add(how.command != Command::Apply && (settings.replace || built.live.is_some()), "Replace=true");
        add(how.server_side, "ServerSideApply=true");
        add(how.force, "Force=true");
        add(!how.validate, "Validate=false");
        add(how.migrate_from.is_some(), "ClientSideApplyMigration=true");
        add(built.task.skip_dry_run, "SkipDryRunOnMissingResource=true");
        let keeps = settings.respect_ignored && built.live.is_some() && !built.task.hook;
        add(keeps, "RespectIgnoreDifferences=true");
        return out;
    }
    add(built.prune_last, "PruneLast=true");
    add(built.task.prune_disabled, "Prune=false");
    add(built.task.prune_confirm, "Prune=confirm");
    if settings.propagation != Propagation::Foreground {
        add(true, &eco_format!("PrunePropagationPolicy={}", settings.propagation.as_str()));
    }
    out
}

impl fmt::Display for PlanAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Prune => "prune",
            Self::Hook => "run hook",
            Self::HookAgain => "delete and run hook",
            Self::HookOver => "apply over old hook",
            Self::Skip => "skip",
        })
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => f.write_str("not there yet"),
            Self::Desired => f.write_str("desired"),
            Self::OutOfSync => f.write_str("out of sync"),
            Self::InSync => f.write_str("in sync already"),
            Self::Hook(policies) => {
                let words: Vec<&str> = policies.iter().map(|policy| policy.as_str()).collect();
                write!(f, "hook, {}", words.join(", "))
            }
            Self::NeededBy(key) => write!(f, "needed by {} {}", key.kind, key.name),
            Self::Namespace => f.write_str("the application's namespace"),
            Self::NotDesired => f.write_str("no longer desired"),
            Self::NotDesiredReversed => f.write_str("no longer desired, in reverse order"),
            Self::NotDesiredLast => f.write_str("after everything above"),
            Self::PruneNotRequested => f.write_str("ignored (requires pruning)"),
            Self::PruneForbidden => f.write_str("ignored (no prune)"),
            Self::PruneUnconfirmed => f.write_str("waits for confirmation"),
            Self::Invalid(message) => f.write_str(message),
        }
    }
}

impl fmt::Display for PlanStep {
    /// Writes one line: `3 wave 5   Ingress payment  update   waits for 2 to be healthy`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = match (self.phase, self.wave) {
            (Phase::Sync, _) if self.action == PlanAction::Prune => EcoString::from("prune"),
            (Phase::Sync, 0) => "Sync".into(),
            (Phase::Sync, wave) => eco_format!("wave {wave}"),
            (phase, 0) => phase.as_str().into(),
            (phase, wave) => eco_format!("{phase} {wave}"),
        };
        write!(f, "{} {place:<8} {} {}", self.group, self.key.kind, self.key.name)?;
        match (&self.reason, self.action) {
            (Reason::Hook(_), PlanAction::HookAgain) => write!(f, " ({}, deleted first)", self.reason)?,
            (Reason::Hook(_), PlanAction::HookOver) => {
                write!(f, " ({}, over the one that is there)", self.reason)?;
            }
            (Reason::Hook(_), _) => write!(f, " ({})", self.reason)?,
            (_, PlanAction::Prune) => return write!(f, "   {}", self.reason),
            (Reason::Desired, _) => write!(f, "  {}", self.action)?,
            _ => write!(f, "  {} ({})", self.action, self.reason)?,
        }
        match self.waits_for {
            Some(group) if self.phase != Phase::SyncFail => write!(f, "   waits for {group} to be healthy"),
            Some(_) => f.write_str("   only if the sync fails"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Plan {
    /// Writes one line per step, then what is deleted and what contradicts itself.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        if !self.deletions.is_empty() {
            writeln!(f, "deletes {} of {} live resources:", self.deletions.len(), self.live)?;
        }
        for step in self.deleted() {
            writeln!(f, "  {}", step.key)?;
        }
        self.conflicts.iter().try_for_each(|conflict| writeln!(f, "{conflict}"))
    }
}
