//! What an operation says about itself, in Argo CD's words.

use crate::results::{ResultCode, TaskResult};
use crate::task::Task;
use ecow::{EcoString, eco_format};
use std::collections::BTreeSet;
use trueup_manifest::ResourceKey;

/// What matters of a task that is waited for.
#[derive(Clone, Debug)]
pub struct Waiting<'a> {
    /// The object.
    pub key: &'a ResourceKey,
    /// Whether it is a hook.
    pub hook: bool,
    /// Whether it is a prune that needs a confirmation.
    pub needs_confirmation: bool,
}

impl<'a> From<&'a Task> for Waiting<'a> {
    fn from(task: &'a Task) -> Self {
        let needs_confirmation = task.is_prune() && task.prune_confirm;
        Self { key: &task.key, hook: task.hook, needs_confirmation }
    }
}

/// Returns what a running operation says it waits for.
pub fn waiting_for<'a>(
    tasks: impl Iterator<Item = Waiting<'a>>,
    deletion: bool,
    confirmed: bool,
) -> EcoString {
    let (hooks, resources): (Vec<_>, Vec<_>) = tasks.partition(|task| task.hook);
    let Some(mut first) = hooks.first().or(resources.first()) else { return EcoString::new() };
    let mut reason = match (deletion, hooks.is_empty()) {
        (false, false) => "completion of hook",
        (false, true) => "healthy state of",
        (true, false) => "deletion of hook",
        (true, true) => "deletion of",
    };
    let mut others = hooks.len() + resources.len() - 1;
    let unconfirmed: Vec<_> =
        hooks.iter().chain(&resources).filter(|task| task.needs_confirmation && !confirmed).collect();
    if let Some(prune) = unconfirmed.first() {
        (first, reason, others) = (prune, "pruning confirmation of", unconfirmed.len() - 1);
    }
    let key = first.key;
    let message = eco_format!("waiting for {reason} {}/{}/{}", key.group, key.kind, key.name);
    match (others, resources.is_empty()) {
        (0, _) => message,
        (others, true) => eco_format!("{message} and {others} more hooks"),
        (others, false) => eco_format!("{message} and {others} more resources"),
    }
}

/// Returns what a failed operation says: the base, the reasons, and what became of its SyncFail hooks.
pub fn failure(base: &str, reasons: &[EcoString], broken_hooks: &[EcoString]) -> EcoString {
    let message = with_reasons(base, reasons);
    match broken_hooks {
        [] => message,
        hooks => eco_format!("{message}\n{}", with_reasons("one or more SyncFail hooks failed", hooks)),
    }
}

fn with_reasons(base: &str, reasons: &[EcoString]) -> EcoString {
    let mut seen = BTreeSet::new();
    let distinct: Vec<&str> =
        reasons.iter().map(EcoString::as_str).filter(|reason| seen.insert(*reason)).collect();
    if distinct.is_empty() { base.into() } else { eco_format!("{base}, reason: {}", distinct.join(",")) }
}

/// Returns what an operation with invalid tasks says.
pub(crate) fn not_valid<'a>(results: impl Iterator<Item = &'a TaskResult>) -> EcoString {
    let base = "one or more synchronization tasks are not valid";
    let messages: BTreeSet<&str> = results
        .filter(|result| result.status == Some(ResultCode::SyncFailed) && !result.message.is_empty())
        .map(|result| result.message.as_str())
        .collect();
    if messages.is_empty() {
        return base.into();
    }
    let list: Vec<&str> = messages.into_iter().collect();
    eco_format!("{base}: {}", list.join("; "))
}

/// Makes the message of a failed write helpful.
///
/// `installed` says which version of the kind the cluster has (of the same group, else of any): group, version and kind.
pub fn explain_failure(result: &TaskResult, installed: Option<&trueup_manifest::Gvk>) -> EcoString {
    let (key, message) = (&result.key, &result.message);
    let object = eco_format!("{}/{}", key.namespace, key.name);
    if message.contains("the server could not find the requested resource") {
        let kind = eco_format!("{}/{}", key.group, key.kind);
        return match installed {
            None => eco_format!(
                "The Kubernetes API could not find {kind} for requested resource {object}. Make sure the {:?} CRD is installed on the destination cluster.",
                key.kind
            ),
            Some(known) => eco_format!(
                "The Kubernetes API could not find version {:?} of {kind} for requested resource {object}. Version {:?} of {}/{} is installed on the destination cluster.",
                result.version,
                known.version,
                known.group,
                known.kind
            ),
        };
    }
    if message.contains("metadata.annotations: Too long: must have at most 262144 bytes") {
        return eco_format!(
            "{message} \n -Additional Info: This error usually means that you are trying to add a large resource on client side. Consider using Server-side apply or syncing with replace enabled. Note: Syncing with Replace enabled is potentially destructive as it may cause resource deletion and re-creation."
        );
    }
    message.clone()
}
