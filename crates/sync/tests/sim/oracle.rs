//! What a sync must do, worked out from the objects alone: the engine is not asked.

use super::{App, Cluster, STARTED_AT};
use std::collections::{BTreeMap, BTreeSet};
use trueup_manifest::{Object, ResourceKey, Value};
use trueup_sync::*;

/// Something that is desired: a resource, or a hook in one of its phases.
#[derive(Clone, Debug)]
pub(super) struct Wanted {
    pub(super) key: ResourceKey,
    pub(super) phase: Phase,
    pub(super) wave: i64,
    pub(super) hook: bool,
    pub(super) policies: Vec<DeletePolicy>,
    /// Whether others need it, so that it may come earlier than its wave.
    pub(super) needed: bool,
    /// Whether it is there, and nothing says that it differs, in a sync that leaves such things alone.
    pub(super) in_sync: bool,
}

impl Wanted {
    pub(super) fn place(&self) -> (Phase, i64) {
        (self.phase, self.wave)
    }

    pub(super) fn has(&self, policy: DeletePolicy) -> bool {
        self.policies.contains(&policy)
    }

    pub(super) fn has_health(&self) -> bool {
        super::has_health(&self.key.kind)
    }
}

/// Whether a hook runs in its turn and again when the sync fails.
///
/// Whether it is then deleted first depends on whether the call saw it, which takes as long to go as it takes: so does how it fails.
pub(super) fn fails_in_turn(app: &App) -> bool {
    let wanted = wanted(app);
    wanted.iter().any(|hook| hook.hook && runs_twice(&wanted, hook))
}

/// Whether a hook's object runs in its turn and again when the sync fails.
pub(super) fn runs_twice(wanted: &[Wanted], hook: &Wanted) -> bool {
    let runs = |last: bool| {
        wanted.iter().any(|other| other.key == hook.key && (other.phase == Phase::SyncFail) == last)
    };
    runs(true) && runs(false)
}

/// Whether prunes wait for somebody who confirms them after some calls. Until then nothing is tried, as upstream.
pub(super) fn waits_for_approval(app: &App) -> bool {
    let asks = |object: &Value| {
        let options = Object::new(object).annotation("argocd.argoproj.io/sync-options");
        options.is_some_and(|options| options.contains("Prune=confirm"))
    };
    let by_default = app.settings.default_prune.as_deref() == Some("confirm");
    app.approved_after > 0 && (by_default || app.live.iter().any(asks))
}

/// Returns all that is desired and takes part, SyncFail hooks with it.
pub(super) fn wanted(app: &App) -> Vec<Wanted> {
    let mut all = Vec::new();
    for object in app.desired.iter().filter(|object| !is_ignored(object)) {
        let key = Object::new(object).key();
        let hook = is_hook(object);
        let left_out =
            if hook { app.settings.skip_hooks } else { !app.settings.selects(&key) || app.is_foreign(&key) };
        if left_out {
            continue;
        }
        let was_live = app.had(&key);
        for phase in phases(object) {
            let mut key = key.clone();
            if key.name.is_empty() {
                let prefix = Object::new(object).generate_name();
                key.name = generated_hook_name(prefix, &app.settings.revision, phase, STARTED_AT);
            }
            let modified = app.modified(&key);
            all.push(Wanted {
                phase,
                wave: wave(object),
                hook,
                policies: if hook { delete_policies(object) } else { Vec::new() },
                needed: matches!(key.kind.as_str(), "Namespace" | "CustomResourceDefinition"),
                in_sync: !hook && app.settings.apply_out_of_sync_only && was_live && modified == Some(false),
                key,
            });
        }
    }
    all
}

/// A live object that is no longer desired.
#[derive(Clone, Debug)]
pub(super) struct Unwanted {
    pub(super) key: ResourceKey,
    /// The wave it is pruned in: waves are reversed among what is live at the time.
    pub(super) wave: i64,
    pub(super) last: bool,
    pub(super) confirm: bool,
    pub(super) forbidden: bool,
}

/// Returns what of the live objects is the application's own and no longer desired.
pub(super) fn unwanted(app: &App, live: &[Value]) -> Vec<Unwanted> {
    let desired: BTreeSet<ResourceKey> = app.desired.iter().map(|object| Object::new(object).key()).collect();
    let own = |object: &&Value| {
        let key = Object::new(object).key();
        Object::new(object).label("app") == Some(&app.name)
            && !is_hook(object)
            && !desired.contains(&key)
            && app.settings.selects(&key)
    };
    let all: Vec<&Value> = live.iter().filter(own).collect();
    let waves: BTreeSet<i64> = all.iter().map(|object| wave(object)).collect();
    let reversed: BTreeMap<i64, i64> = waves.iter().copied().zip(waves.iter().rev().copied()).collect();
    let is_last =
        |object: &Value| app.settings.prune_last || has_option(object, SYNC_OPTIONS, "PruneLast=true");
    let others =
        wanted(app).into_iter().filter(|wanted| wanted.phase == Phase::Sync).map(|wanted| wanted.wave);
    let last = others.chain(waves.iter().copied()).max().unwrap_or(0).max(0) + 1;
    let found = |object: &Value| {
        let own = option_value(object, SYNC_OPTIONS, "Prune").or(app.settings.default_prune.as_deref());
        Unwanted {
            key: Object::new(object).key(),
            wave: if is_last(object) { last } else { reversed[&wave(object)] },
            last: is_last(object),
            confirm: own == Some("confirm"),
            forbidden: own == Some("false"),
        }
    };
    all.into_iter().map(found).collect()
}

/// Returns whether the guard must refuse the sync.
pub(super) fn is_guarded(app: &App) -> bool {
    if !app.settings.prune || app.settings.dry_run {
        return false;
    }
    let counts = |live: &&Value| {
        let key = Object::new(live).key();
        !is_hook(live) && app.settings.selects(&key)
    };
    let live = app.live.iter().filter(counts).count();
    let pruned = unwanted(app, &app.live).iter().filter(|unwanted| !unwanted.forbidden).count();
    pruned > app.settings.guard.allowed(live)
}

/// Checks what is left after a sync that succeeded: what is desired, what must stay, and nothing else.
///
/// `undeleted` could not be deleted.
pub(super) fn check_left(
    app: &App,
    cluster: &Cluster,
    undeleted: &BTreeSet<ResourceKey>,
) -> Result<(), String> {
    let mut left: BTreeSet<ResourceKey> =
        app.foreign.iter().map(|object| Object::new(object).key()).collect();
    left.extend(app.live.iter().map(|object| Object::new(object).key()));
    if app.settings.prune {
        for gone in unwanted(app, &app.live).iter().filter(|gone| !gone.forbidden) {
            left.remove(&gone.key);
        }
    }
    for wanted in wanted(app) {
        let kept = match (wanted.hook, wanted.has(DeletePolicy::HookSucceeded)) {
            (true, true) => false,
            (true, false) if wanted.phase == Phase::SyncFail => left.contains(&wanted.key),
            _ => true,
        };
        if kept {
            left.insert(wanted.key)
        } else {
            left.remove(&wanted.key)
        };
    }
    if app.settings.create_namespace {
        left.insert(app.namespace_key());
    }
    let there = cluster.standing();
    let odd = left.symmetric_difference(&there).find(|key| !undeleted.contains(key));
    match odd {
        Some(key) if left.contains(key) => Err(format!("succeeded, but {key} is not there")),
        Some(key) => Err(format!("succeeded, but {key} is still there")),
        None => Ok(()),
    }
}
