//! Hooks: which objects they are, when they run and when they are deleted; Argo CD's annotations and Helm's.

use ecow::EcoString;
use serde::{Deserialize, Serialize};
use trueup_manifest::{Map, Object, Value};

/// The annotation that makes an object a hook.
pub const HOOK: &str = "argocd.argoproj.io/hook";
/// The annotation that says when a hook is deleted.
pub const HOOK_DELETE_POLICY: &str = "argocd.argoproj.io/hook-delete-policy";
/// The annotation that holds the wave.
pub const SYNC_WAVE: &str = "argocd.argoproj.io/sync-wave";
/// The annotation that holds sync options.
pub const SYNC_OPTIONS: &str = "argocd.argoproj.io/sync-options";
/// The annotation on an Application that confirms prunes and deletions.
pub const DELETION_APPROVED: &str = "argocd.argoproj.io/deletion-approved";
/// The finalizer that keeps a hook until its end was seen.
pub const HOOK_FINALIZER: &str = "argocd.argoproj.io/hook-finalizer";

pub(crate) const HELM_HOOK: &str = "helm.sh/hook";
const HELM_HOOK_WEIGHT: &str = "helm.sh/hook-weight";
const HELM_HOOK_DELETE_POLICY: &str = "helm.sh/hook-delete-policy";

/// A phase of a sync, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Phase {
    /// Before anything else.
    PreSync,
    /// The resources themselves, and hooks that run with them.
    Sync,
    /// After all is healthy.
    PostSync,
    /// Only when the sync failed.
    SyncFail,
}

impl Phase {
    /// Returns the word that annotations and results use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreSync => "PreSync",
            Self::Sync => "Sync",
            Self::PostSync => "PostSync",
            Self::SyncFail => "SyncFail",
        }
    }

    /// Returns the phase of a word.
    pub fn parse(word: &str) -> Option<Self> {
        [Self::PreSync, Self::Sync, Self::PostSync, Self::SyncFail]
            .into_iter()
            .find(|phase| phase.as_str() == word)
    }
}

impl std::fmt::Display for Phase {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.as_str())
    }
}

/// What a hook annotation says: a phase, or to leave the object alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HookType {
    /// Run in this phase.
    Phase(Phase),
    /// Do not sync this object.
    Skip,
}

impl HookType {
    /// Returns the word that the annotation uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Phase(phase) => phase.as_str(),
            Self::Skip => "Skip",
        }
    }

    fn argo(word: &str) -> Option<Self> {
        if word == "Skip" { Some(Self::Skip) } else { Phase::parse(word).map(Self::Phase) }
    }

    fn helm(word: &str) -> Option<Self> {
        match word {
            "pre-install" | "pre-upgrade" => Some(Self::Phase(Phase::PreSync)),
            "post-install" | "post-upgrade" => Some(Self::Phase(Phase::PostSync)),
            _ => None,
        }
    }
}

/// When a hook is deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DeletePolicy {
    /// Before it is created again.
    BeforeHookCreation,
    /// After the sync succeeded.
    HookSucceeded,
    /// After the sync failed.
    HookFailed,
}

impl DeletePolicy {
    /// Returns the word that the annotation uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::BeforeHookCreation => "BeforeHookCreation",
            Self::HookSucceeded => "HookSucceeded",
            Self::HookFailed => "HookFailed",
        }
    }

    fn argo(word: &str) -> Option<Self> {
        [Self::BeforeHookCreation, Self::HookSucceeded, Self::HookFailed]
            .into_iter()
            .find(|policy| policy.as_str() == word)
    }

    fn helm(word: &str) -> Option<Self> {
        match word {
            "before-hook-creation" => Some(Self::BeforeHookCreation),
            "hook-succeeded" => Some(Self::HookSucceeded),
            "hook-failed" => Some(Self::HookFailed),
            _ => None,
        }
    }
}

/// A hook that belongs to the deletion of an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum DeleteHook {
    /// Before the resources are deleted.
    PreDelete,
    /// After the resources were deleted.
    PostDelete,
}

impl DeleteHook {
    /// Returns the word that the annotation uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::PreDelete => "PreDelete",
            Self::PostDelete => "PostDelete",
        }
    }

    fn helm_str(self) -> &'static str {
        match self {
            Self::PreDelete => "pre-delete",
            Self::PostDelete => "post-delete",
        }
    }
}

/// Returns the items of a comma-separated annotation: trimmed, without empty ones and duplicates.
pub fn annotation_list<'a>(object: &'a Value, key: &str) -> Vec<&'a str> {
    let mut items: Vec<&str> = Vec::new();
    let text = Object::new(object).annotation(key).unwrap_or_default();
    let mut seen = std::collections::BTreeSet::new();
    for item in text.split(',').map(str::trim).filter(|item| !item.is_empty()) {
        if seen.insert(item) {
            items.push(item);
        }
    }
    items
}

/// Returns true if an item of a comma-separated annotation is `option`.
pub fn has_option(object: &Value, key: &str, option: &str) -> bool {
    let text = Object::new(object).annotation(key).unwrap_or_default();
    !option.is_empty() && text.split(',').any(|item| item.trim() == option)
}

/// Returns what the first item `option=value` of a comma-separated annotation holds.
pub fn option_value<'a>(object: &'a Value, key: &str, option: &str) -> Option<&'a str> {
    let text = Object::new(object).annotation(key)?;
    text.split(',').find_map(|item| item.trim().strip_prefix(option)?.strip_prefix('='))
}

/// The sync options of an object, looked up once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ObjectOptions<'a>(&'a str);

impl<'a> ObjectOptions<'a> {
    pub(crate) fn of(object: Option<&'a Value>) -> Self {
        Self(object.and_then(|object| Object::new(object).annotation(SYNC_OPTIONS)).unwrap_or_default())
    }

    pub(crate) fn text(text: &'a str) -> Self {
        Self(text)
    }

    pub(crate) fn has(self, option: &str) -> bool {
        !self.0.is_empty() && self.0.split(',').any(|item| item.trim() == option)
    }

    pub(crate) fn value(self, option: &str) -> Option<&'a str> {
        self.0.split(',').find_map(|item| item.trim().strip_prefix(option)?.strip_prefix('='))
    }
}

/// Returns true if an object has no hook annotation at all, as nearly all have not.
pub(crate) fn is_plain(object: &Value) -> bool {
    let annotations = object.at(&["metadata", "annotations"]).and_then(Value::as_map);
    annotations.is_none_or(|map| !map.contains_key(HOOK) && !map.contains_key(HELM_HOOK))
}

/// Returns the hook types of an object: Argo CD's words, or Helm's if there is none.
pub fn hook_types(object: &Value) -> Vec<HookType> {
    let argo: Vec<_> = annotation_list(object, HOOK).into_iter().filter_map(HookType::argo).collect();
    if !argo.is_empty() {
        return argo;
    }
    annotation_list(object, HELM_HOOK).into_iter().filter_map(HookType::helm).collect()
}

/// Returns true if the object says that it shall not be synced.
pub fn is_skipped(object: &Value) -> bool {
    hook_types(object) == [HookType::Skip]
}

/// Returns true if the object is a hook, even one without a phase.
pub fn is_hook(object: &Value) -> bool {
    let annotations = Object::new(object);
    match annotations.annotation(HOOK) {
        Some(_) => !is_skipped(object),
        None => annotations.annotation(HELM_HOOK).is_some_and(|hook| hook != "crd-install"),
    }
}

/// Returns true for a hook without any phase: it is neither applied nor compared nor pruned.
pub fn is_ignored(object: &Value) -> bool {
    is_hook(object) && hook_types(object).is_empty()
}

/// Returns the phases an object takes part in, in order: `Sync` for a plain resource, none for what is skipped.
pub fn phases(object: &Value) -> Vec<Phase> {
    if is_plain(object) {
        return vec![Phase::Sync];
    }
    if is_skipped(object) {
        return Vec::new();
    }
    if !is_hook(object) {
        return vec![Phase::Sync];
    }
    let mut phases: Vec<_> = hook_types(object)
        .into_iter()
        .filter_map(|kind| match kind {
            HookType::Phase(phase) => Some(phase),
            HookType::Skip => None,
        })
        .collect();
    phases.sort_unstable();
    phases.dedup();
    phases
}

/// Returns when a hook is deleted; `BeforeHookCreation` if it does not say.
pub fn delete_policies(object: &Value) -> Vec<DeletePolicy> {
    let argo = annotation_list(object, HOOK_DELETE_POLICY).into_iter().filter_map(DeletePolicy::argo);
    let helm = annotation_list(object, HELM_HOOK_DELETE_POLICY).into_iter().filter_map(DeletePolicy::helm);
    let policies: Vec<_> = argo.chain(helm).collect();
    if policies.is_empty() { vec![DeletePolicy::BeforeHookCreation] } else { policies }
}

/// Returns the wave of an object: its annotation, else Helm's hook weight, else 0.
pub fn wave(object: &Value) -> i64 {
    wave_of(object.at(&["metadata", "annotations"]).and_then(Value::as_map))
}

pub(crate) fn wave_of(annotations: Option<&Map>) -> i64 {
    let number = |key| annotations?.get(key)?.as_str()?.parse().ok();
    number(SYNC_WAVE).or_else(|| number(HELM_HOOK_WEIGHT)).unwrap_or(0)
}

/// Returns true if the object is a hook of an application's deletion.
pub fn is_delete_hook(object: &Value, hook: DeleteHook) -> bool {
    has_option(object, HOOK, hook.as_str()) || has_option(object, HELM_HOOK, hook.helm_str())
}

/// Returns true if the object is a hook of a sync or of a deletion.
pub fn is_any_hook(object: &Value) -> bool {
    is_hook(object)
        || is_delete_hook(object, DeleteHook::PreDelete)
        || is_delete_hook(object, DeleteHook::PostDelete)
}

/// What of an application's manifests takes part in a sync.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Partition {
    /// The manifests of the sync, in their order.
    pub sync: Vec<Value>,
    /// The manifests that are hooks of a deletion, in their order; some may be in `sync` too.
    pub delete_hooks: Vec<Value>,
    /// Whether there are hooks to run before a deletion.
    pub has_pre_delete: bool,
    /// Whether there are hooks to run after a deletion.
    pub has_post_delete: bool,
}

/// Splits manifests into those of a sync and the hooks of a deletion.
pub fn partition(targets: impl IntoIterator<Item = Value>) -> Partition {
    let mut out = Partition::default();
    for target in targets {
        let pre = is_delete_hook(&target, DeleteHook::PreDelete);
        let post = is_delete_hook(&target, DeleteHook::PostDelete);
        out.has_pre_delete |= pre;
        out.has_post_delete |= post;
        let has_phase = hook_types(&target).iter().any(|kind| matches!(kind, HookType::Phase(_)));
        if pre || post {
            out.delete_hooks.push(target.clone());
        }
        if !(pre || post) || has_phase {
            out.sync.push(target);
        }
    }
    out
}

/// Returns the name that a hook with `generateName` gets in an operation.
///
/// ```
/// use trueup_sync::{Phase, generated_hook_name};
///
/// let name = generated_hook_name("migrate-", "abcdef0123456789", Phase::PreSync, 1_700_000_000);
/// assert_eq!(name, "migrate-abcdef0-presync-1700000000");
/// ```
pub fn generated_hook_name(generate_name: &str, revision: &str, phase: Phase, started_at: i64) -> EcoString {
    let short = if revision.len() >= 8 { first_bytes(revision, 7) } else { revision };
    let suffix = format!("{short}-{phase}-{started_at}").to_lowercase();
    ecow::eco_format!("{generate_name}{suffix}")
}

fn first_bytes(text: &str, length: usize) -> &str {
    (0..=length).rev().find_map(|end| text.split_at_checked(end)).map_or("", |(head, _)| head)
}
