//! The plan of one Application, as the report tells it.

use super::project::{own_clusters, sync_cluster};
use crate::report::{Action, ApplicationReport, GuardReport, StepReport};
use crate::world::{Cluster, World};
use std::collections::{BTreeMap, BTreeSet};
use trueup_diff::rules::Rules;
use trueup_diff::{State, respect_ignored};
use trueup_manifest::argocd::{AppProject, Application, SyncOperation};
use trueup_manifest::{Diagnostic, EcoString, Gvk, ResourceKey, Value};
use trueup_schema::Schema;
use trueup_sync::{
    Observation, Plan, PlanAction, PlanStep, PruneGuard, Reason, Scope, builtin_scope, reconcile,
    sync_permitted,
};

/// What a plan is made of.
pub(super) struct Planned<'v> {
    pub(super) application: &'v Application,
    pub(super) desired: &'v [Value],
    pub(super) live: &'v [Value],
    /// The live namespace of the Application.
    pub(super) namespace: Option<Value>,
    /// Which differences are ignored, and how lists of custom kinds merge.
    pub(super) rules: &'v Rules,
    pub(super) types: Option<&'v Schema>,
    /// How the resources compare.
    pub(super) states: BTreeMap<ResourceKey, State>,
    pub(super) project: Option<&'v AppProject>,
    pub(super) cluster: &'v Cluster,
}

/// Plans the sync of an Application and writes it into its report.
pub(super) fn plan(planned: Planned<'_>, world: &World, guard: PruneGuard, report: &mut ApplicationReport) {
    let application = planned.application;
    let policy = application.spec.sync_policy.clone().unwrap_or_default();
    let automated = policy.automated.unwrap_or_default();
    let mut operation = SyncOperation { prune: automated.prune.unwrap_or(true), ..SyncOperation::default() };
    operation.sync_options = policy.sync_options;
    let mut settings = trueup_sync::Settings::new(application, &operation);
    // What is in sync is applied again by a real sync, to no effect: it would only hide what happens.
    settings.apply_out_of_sync_only = true;
    settings.guard = guard;
    let view = View {
        states: planned.states,
        project: planned.project.map(|project| (project, own_clusters(world, project))),
        cluster: sync_cluster(planned.cluster),
    };
    let mut reconciled = reconcile(planned.desired, planned.live, &settings.namespace, &view);
    if settings.respect_ignored {
        let respected = |target: &_, live: &_| respect_ignored(target, live, planned.rules, planned.types);
        if let Err(error) = reconciled.respect(respected) {
            // The sync would end in this error before it does anything.
            report.blocked.push(error.to_string());
            let reached = format!("reached from Application `{}`", report.name);
            report.diagnostics.push(Diagnostic::from(error).because(reached));
        }
    }
    let approved = application.metadata.annotations.get(trueup_sync::DELETION_APPROVED);
    let observation = Observation {
        pairs: reconciled.pairs,
        hooks: reconciled.hooks,
        namespace: Ok(planned.namespace),
        approved_at: approved.and_then(|time| trueup_sync::parse_rfc3339(time).ok()),
        ..Observation::default()
    };
    let plan = trueup_sync::plan(&settings, &observation, world.now.unwrap_or(0), &view);
    report.plan = steps(&plan);
    report.deletions = plan.deleted().map(|step| step.key.clone()).collect();
    report.live = plan.live;
    report.conflicts = plan.conflicts.iter().map(ToString::to_string).collect();
    keep_what_stays(&plan, report);
    judge(&plan, guard, report);
}

/// Says of a resource that is no longer desired but not deleted either that it stays.
fn keep_what_stays(plan: &Plan, report: &mut ApplicationReport) {
    let deleted: BTreeSet<&ResourceKey> = plan.deleted().map(|step| &step.key).collect();
    for resource in report.resources.iter_mut().filter(|resource| resource.action == Action::Prune) {
        if !deleted.contains(&resource.key) {
            resource.action = Action::Keep;
        }
    }
}

fn judge(plan: &Plan, guard: PruneGuard, report: &mut ApplicationReport) {
    if guard == PruneGuard::default() {
        return;
    }
    let verdict = plan.check(guard);
    report.guard = Some(GuardReport { allowed: guard.allowed(plan.live), refused: verdict.is_err() });
    if let Err(error) = verdict {
        report.blocked.push(error.to_string());
        let reached = format!("reached from Application `{}`", report.name);
        report.diagnostics.push(Diagnostic::from(error).because(reached));
    }
}

/// The steps that do something, in stages that are numbered from 1 without gaps.
fn steps(plan: &Plan) -> Vec<StepReport> {
    let mut out: Vec<StepReport> = Vec::new();
    let (mut number, mut last) = (0, None);
    for step in plan.steps.iter().filter(|step| step.reason != Reason::InSync) {
        if last != Some(step.group) {
            (number, last) = (number + 1, Some(step.group));
        }
        out.push(step_report(step, number));
    }
    out
}

fn step_report(step: &PlanStep, stage: usize) -> StepReport {
    let reason = match &step.reason {
        Reason::Desired | Reason::OutOfSync | Reason::Absent => String::new(),
        reason => reason.to_string(),
    };
    let only_on_failure = step.phase == trueup_sync::Phase::SyncFail;
    let reasons = [reason, if only_on_failure { "only if the sync fails".to_owned() } else { String::new() }];
    let reasons: Vec<String> = reasons.into_iter().filter(|reason| !reason.is_empty()).collect();
    StepReport {
        stage,
        phase: step.phase.as_str().into(),
        wave: step.wave,
        key: step.key.clone(),
        deletes: step.action == PlanAction::Prune,
        action: step.action.to_string(),
        reason: reasons.join(", "),
        waits_for: stage.checked_sub(1).filter(|before| *before > 0 && !only_on_failure),
        options: step.options.clone(),
    }
}

/// What the planner asks about a cluster of which only the live objects are known.
struct View<'v> {
    states: BTreeMap<ResourceKey, State>,
    project: Option<(&'v AppProject, Vec<trueup_sync::Cluster>)>,
    cluster: trueup_sync::Cluster,
}

impl trueup_sync::World for View<'_> {
    /// The live objects that are given are the Application's own.
    fn owns(&self, _: &Value, _: Option<&Value>) -> bool {
        true
    }

    fn modified(&self, key: &ResourceKey) -> Option<bool> {
        self.states.get(key).map(|state| *state != State::Synced)
    }

    fn scope(&self, gvk: &Gvk) -> Scope {
        builtin_scope(gvk)
    }

    fn permitted(&self, object: &Value, namespaced: bool) -> Result<(), EcoString> {
        let Some((project, own)) = &self.project else { return Ok(()) };
        let scope = if namespaced { Scope::Namespaced } else { Scope::Cluster };
        sync_permitted(project, &self.cluster, object, &scope, own)
    }
}
