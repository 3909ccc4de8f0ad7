//! Is an object a hook?

use crate::fields::Fields;
use trueup_manifest::Value;

pub(crate) const HOOK: &str = "argocd.argoproj.io/hook";
const HELM_HOOK: &str = "helm.sh/hook";
/// Helm's hook events that have a counterpart.
const HELM_EVENTS: [&str; 6] =
    ["pre-install", "pre-upgrade", "post-install", "post-upgrade", "post-delete", "pre-delete"];

/// Tells whether an object runs at a point of a sync rather than being part of the result.
pub(crate) fn is_hook(object: &Value) -> bool {
    let fields = Fields(object);
    match fields.annotation(HOOK) {
        Some(_) => !is_skipped(object),
        None => fields.annotation(HELM_HOOK).is_some_and(|events| events != "crd-install"),
    }
}

/// Tells whether an object takes no part in a sync at all.
pub(crate) fn is_skipped(object: &Value) -> bool {
    Fields(object).annotation(HOOK).is_some_and(|hooks| hooks.split(',').all(|hook| hook.trim() == "Skip"))
}

/// Tells whether an object is a Helm hook for events that a sync does not have.
pub(crate) fn is_ignored(object: &Value) -> bool {
    let events = Fields(object).annotation(HELM_HOOK).filter(|events| *events != "crd-install");
    events.is_some_and(|events| !events.split(',').any(|event| HELM_EVENTS.contains(&event.trim())))
}
