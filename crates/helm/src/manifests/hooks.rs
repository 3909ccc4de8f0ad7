//! Hooks: manifests for moments of a release's life.

use super::Manifest;
use ecow::EcoString;

/// The annotation that makes a manifest a hook.
pub(super) const ANNOTATION: &str = "helm.sh/hook";

/// When a hook runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HookEvent {
    /// `pre-install`
    PreInstall,
    /// `post-install`
    PostInstall,
    /// `pre-delete`
    PreDelete,
    /// `post-delete`
    PostDelete,
    /// `pre-upgrade`
    PreUpgrade,
    /// `post-upgrade`
    PostUpgrade,
    /// `pre-rollback`
    PreRollback,
    /// `post-rollback`
    PostRollback,
    /// `test`, and `test-success` of older charts
    Test,
}

/// A manifest that is a hook.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hook {
    /// The manifest.
    pub manifest: Manifest,
    /// The name of the object.
    pub name: EcoString,
    /// When it runs.
    pub events: Vec<HookEvent>,
}

impl Hook {
    /// Tells whether it is a test, among other things.
    pub fn is_test(&self) -> bool {
        self.events.contains(&HookEvent::Test)
    }
}

/// Reads names with commas between them; nothing if one is unknown.
pub(super) fn events(names: &str) -> Option<Vec<HookEvent>> {
    names.split(',').map(|name| event(&name.trim().to_lowercase())).collect()
}

fn event(name: &str) -> Option<HookEvent> {
    Some(match name {
        "pre-install" => HookEvent::PreInstall,
        "post-install" => HookEvent::PostInstall,
        "pre-delete" => HookEvent::PreDelete,
        "post-delete" => HookEvent::PostDelete,
        "pre-upgrade" => HookEvent::PreUpgrade,
        "post-upgrade" => HookEvent::PostUpgrade,
        "pre-rollback" => HookEvent::PreRollback,
        "post-rollback" => HookEvent::PostRollback,
        "test" | "test-success" => HookEvent::Test,
        _ => return None,
    })
}
