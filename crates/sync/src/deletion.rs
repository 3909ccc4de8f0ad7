//! Deleting an application: hooks before, its resources wave by wave, hooks after.

use crate::hooks::{
    DeleteHook, DeletePolicy, SYNC_OPTIONS, delete_policies, has_option, is_delete_hook, option_value, wave,
};
use crate::order::is_crd;
use crate::project::is_confirmed;
use crate::settings::{Propagation, app_option, requires_deletion_confirmation};
use crate::world::{Health, HealthStatus, World};
use ecow::{EcoString, eco_format};
use trueup_manifest::argocd::Application;
use trueup_manifest::{Object, ResourceKey, Value};

/// The finalizer of an application whose resources are deleted with it, dependents first.
pub const RESOURCES_FINALIZER: &str = "resources-finalizer.argocd.argoproj.io";
const PRE_DELETE_FINALIZER: &str = "pre-delete-finalizer.argocd.argoproj.io";
const POST_DELETE_FINALIZER: &str = "post-delete-finalizer.argocd.argoproj.io";

/// What to do next to delete an application.
#[derive(Clone, Debug, PartialEq)]
pub enum Deletion {
    /// Create these hooks, with the application's tracking metadata. One that is there already is fine.
    CreateHooks(Vec<Value>),
    /// Delete these objects.
    Delete {
        /// What to delete.
        objects: Vec<ResourceKey>,
        /// How dependents are treated.
        propagation: Propagation,
        /// The error to report: these are hooks that failed, and they will be tried again.
        error: Option<EcoString>,
    },
    /// Wait; says what for.
    Wait(EcoString),
    /// Remove these finalizers from the application, and call again.
    RemoveFinalizers(Vec<EcoString>),
    /// Nothing is left to do.
    Done,
}

/// What the deletion of an application looks at.
#[derive(Clone, Debug)]
pub struct DeletionQuestion<'a> {
    /// The application, being deleted.
    pub app: &'a Application,
    /// Whether its destination cluster exists. Without it, resources are left where they are.
    pub destination_exists: bool,
    /// Its live objects that the project permits. Others are never touched.
    pub live: &'a [Value],
    /// Its deletion hooks, from git.
    pub hooks: &'a [Value],
}

/// Decides what to do next to delete an application. Call it again whenever that was done or something changed.
pub fn delete_application(question: &DeletionQuestion<'_>, world: &(impl World + ?Sized)) -> Deletion {
    let finalizers = &question.app.metadata.finalizers;
    let with = |prefix: &str| -> Vec<EcoString> {
        finalizers.iter().filter(|finalizer| finalizer.starts_with(prefix)).cloned().collect()
    };
    let one = |name: &str| finalizers.iter().find(|finalizer| *finalizer == name).cloned();
    if !question.destination_exists {
        let all: Vec<EcoString> = [RESOURCES_FINALIZER, POST_DELETE_FINALIZER, PRE_DELETE_FINALIZER]
            .into_iter()
            .flat_map(with)
            .collect();
        return if all.is_empty() { Deletion::Done } else { Deletion::RemoveFinalizers(all) };
    }
    if let Some(finalizer) = one(PRE_DELETE_FINALIZER) {
        return run_hooks(question, DeleteHook::PreDelete, world)
            .unwrap_or_else(|| Deletion::RemoveFinalizers(vec![finalizer]));
    }
    let cascading = with(RESOURCES_FINALIZER);
    if !cascading.is_empty() {
        return delete_resources(question).unwrap_or(Deletion::RemoveFinalizers(cascading));
    }
    if let Some(finalizer) = one(POST_DELETE_FINALIZER) {
        return run_hooks(question, DeleteHook::PostDelete, world)
            .unwrap_or_else(|| Deletion::RemoveFinalizers(vec![finalizer]));
    }
    for (name, hook) in
        [(PRE_DELETE_FINALIZER, DeleteHook::PreDelete), (POST_DELETE_FINALIZER, DeleteHook::PostDelete)]
    {
        if let Some(finalizer) = one(&format!("{name}/cleanup")) {
            return clean_hooks(question, hook, world)
                .unwrap_or_else(|| Deletion::RemoveFinalizers(vec![finalizer]));
        }
    }
    Deletion::Done
}

/// Returns which of these objects are deleted now: those of the highest wave.
pub fn deletion_batch<'a>(objects: &[&'a Value]) -> Vec<&'a Value> {
    let highest = objects.iter().map(|object| wave(object)).max();
    objects.iter().copied().filter(|object| Some(wave(object)) == highest).collect()
}

/// Returns whether a deletion hook would be created: none of its kind, namespace and name is live.
pub fn creates_delete_hook(target: &Value, namespace: &str, live: &[Value], hook: DeleteHook) -> bool {
    let key = key_in(target, namespace);
    is_delete_hook(target, hook)
        && !live.iter().any(|live| is_delete_hook(live, hook) && Object::new(live).key() == key)
}

fn key_in(target: &Value, namespace: &str) -> ResourceKey {
    let mut key = Object::new(target).key();
    if key.namespace.is_empty() {
        key.namespace = namespace.into();
    }
    key
}

fn run_hooks(
    question: &DeletionQuestion<'_>,
    hook: DeleteHook,
    world: &(impl World + ?Sized),
) -> Option<Deletion> {
    let namespace = &question.app.spec.destination.namespace;
    let existing: std::collections::BTreeSet<ResourceKey> = question
        .live
        .iter()
        .filter(|live| is_delete_hook(live, hook))
        .map(|live| Object::new(live).key())
        .collect();
    let missing =
        |target: &&Value| is_delete_hook(target, hook) && !existing.contains(&key_in(target, namespace));
    let absent: Vec<Value> = question.hooks.iter().filter(missing).cloned().collect();
    if !absent.is_empty() {
        return Some(Deletion::CreateHooks(absent));
    }
    let (mut failed, mut running) = (Vec::new(), 0);
    for live in question.live.iter().filter(|live| is_delete_hook(live, hook)) {
        match hook_health(live, world) {
            Err(error) => return Some(Deletion::Wait(error)),
            Ok(health) if health.status == HealthStatus::Degraded => failed.push(Object::new(live).key()),
            Ok(health) if health.status == HealthStatus::Progressing => running += 1,
            Ok(_) => {}
        }
    }
    if !failed.is_empty() {
        let names: Vec<String> = failed.iter().map(|key| format!("{}/{}", key.namespace, key.name)).collect();
        let error = eco_format!("{} hook(s) failed: {}", hook.as_str(), names.join(", "));
        let propagation = Propagation::Background;
        return Some(Deletion::Delete { objects: failed, propagation, error: Some(error) });
    }
    (running > 0)
        .then(|| Deletion::Wait(eco_format!("waiting for {running} {} hooks to complete", hook.as_str())))
}

fn hook_health(live: &Value, world: &(impl World + ?Sized)) -> Result<Health, EcoString> {
    Ok(world.health(live)?.unwrap_or_else(|| Health::new(HealthStatus::Healthy)))
}

fn clean_hooks(
    question: &DeletionQuestion<'_>,
    hook: DeleteHook,
    world: &(impl World + ?Sized),
) -> Option<Deletion> {
    let hooks: Vec<&Value> = question.live.iter().filter(|live| is_delete_hook(live, hook)).collect();
    let mut worst = HealthStatus::Healthy;
    for live in &hooks {
        match hook_health(live, world) {
            Err(error) => return Some(Deletion::Wait(error)),
            Ok(health) if health.status.rank() > worst.rank() => worst = health.status,
            Ok(_) => {}
        }
    }
    let applies = |live: &&&Value| {
        delete_policies(live).iter().any(|policy| match policy {
            DeletePolicy::HookFailed => worst == HealthStatus::Degraded,
            DeletePolicy::HookSucceeded => worst == HealthStatus::Healthy,
            DeletePolicy::BeforeHookCreation => false,
        })
    };
    let doomed: Vec<&&Value> = hooks.iter().filter(applies).collect();
    let keys = |objects: &[&&Value]| -> Vec<ResourceKey> {
        let present = objects.iter().filter(|live| !Object::new(live).is_being_deleted());
        present.map(|live| Object::new(live).key()).collect()
    };
    let objects = keys(&doomed);
    if !objects.is_empty() {
        return Some(Deletion::Delete { objects, propagation: Propagation::Background, error: None });
    }
    (!doomed.is_empty()).then(|| {
        Deletion::Wait(eco_format!("waiting for {} {} hooks to be deleted", doomed.len(), hook.as_str()))
    })
}

fn delete_resources(question: &DeletionQuestion<'_>) -> Option<Deletion> {
    let app = question.app;
    if question.live.iter().any(|live| Object::new(live).is_being_deleted()) {
        return Some(Deletion::Wait(eco_format!("{} objects remaining for deletion", question.live.len())));
    }
    let options = app.spec.sync_policy.as_ref().map_or(&[][..], |policy| &policy.sync_options);
    let doomed: Vec<&Value> =
        question.live.iter().filter(|live| should_be_deleted(app, live, options)).collect();
    let approved = app.metadata.annotations.get(crate::hooks::DELETION_APPROVED).map(EcoString::as_str);
    // An unknown time of deletion is one that nobody can have confirmed.
    let since = app.metadata.deletion_timestamp.as_deref().and_then(|time| crate::parse_rfc3339(time).ok());
    let confirmed = since.is_some_and(|since| is_confirmed(approved, since));
    let unconfirmed = doomed.iter().find(|live| !confirmed && requires_deletion_confirmation(live, options));
    if let Some(live) = unconfirmed {
        let key = Object::new(live).key();
        return Some(Deletion::Wait(eco_format!("resource {key} requires manual confirmation to delete")));
    }
    let batch = deletion_batch(&doomed);
    if batch.is_empty() {
        return None;
    }
    let background = format!("{RESOURCES_FINALIZER}/background");
    let in_background = app.metadata.finalizers.iter().any(|finalizer| *finalizer == background);
    Some(Deletion::Delete {
        objects: batch.into_iter().map(|live| Object::new(live).key()).collect(),
        propagation: if in_background { Propagation::Background } else { Propagation::Foreground },
        error: None,
    })
}

/// Returns whether a live object of an application is deleted with it.
fn should_be_deleted(app: &Application, live: &Value, options: &[EcoString]) -> bool {
    let option = option_value(live, SYNC_OPTIONS, "Delete").or_else(|| app_option(options, "Delete"));
    let object = Object::new(live);
    let is_itself = object.group() == "argoproj.io"
        && object.kind() == "Application"
        && object.name() == app.metadata.name
        && object.namespace() == app.metadata.namespace;
    !is_crd(live)
        && !is_itself
        && option != Some("false")
        && !has_option(live, "helm.sh/resource-policy", "keep")
}
