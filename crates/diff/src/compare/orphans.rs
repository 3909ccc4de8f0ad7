//! Live objects that belong to nobody.

use crate::object::ObjectKey;
use ecow::EcoString;
use std::collections::BTreeSet;
use trueup_manifest::argocd::{AppProject, OrphanedResourceKey};
use trueup_manifest::{Diagnostic, Value, glob_matches};

/// An entry of a project's `orphanedResources.ignore`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OrphanRule {
    /// A glob for the group; empty is the core group only.
    pub group: EcoString,
    /// A glob for the kind; empty is any.
    pub kind: EcoString,
    /// A glob for the name; empty is any.
    pub name: EcoString,
}

impl OrphanRule {
    /// Returns the rules of a project; nothing when it does not ask for orphans.
    pub fn of_project(project: &AppProject) -> Option<Vec<Self>> {
        let settings = project.spec.orphaned_resources.as_ref()?;
        let rule = |key: &OrphanedResourceKey| Self {
            group: key.group.clone(),
            kind: key.kind.clone(),
            name: key.name.clone(),
        };
        Some(settings.ignore.iter().map(rule).collect())
    }

    fn matches(&self, key: &ObjectKey) -> bool {
        let any = |glob: &str, text: &str| glob.is_empty() || glob_matches(glob, text);
        glob_matches(&self.group, &key.group) && any(&self.kind, &key.kind) && any(&self.name, &key.name)
    }
}

/// Returns the live objects of a namespace that no Application manages, that nobody owns, and that no rule excuses.
///
/// `managed` holds the objects of all Applications. What owns one of them, directly or not, is no orphan either.
pub fn orphaned<'v>(
    live: &'v [Value],
    namespace: &str,
    managed: &BTreeSet<ObjectKey>,
    ignore: &[OrphanRule],
) -> Vec<&'v Value> {
    let owners_of_managed = owners_of_managed(live, managed);
    let is_orphan = |object: &&Value| {
        let key = ObjectKey::of(object);
        key.namespace == namespace
            && owner_uids(object).next().is_none()
            && !managed.contains(&key)
            && !is_made_by_the_cluster(&key)
            && !ignore.iter().any(|rule| rule.matches(&key))
            && uid(object).is_none_or(|uid| !owners_of_managed.contains(uid))
    };
    live.iter().filter(is_orphan).collect()
}

/// Warns of orphans where a project asks for it (`orphanedResources.warn`).
pub fn orphan_warning(project: &AppProject, orphans: &[&Value]) -> Option<Diagnostic> {
    let warns = project.spec.orphaned_resources.as_ref()?.warn.unwrap_or_default();
    (warns && !orphans.is_empty()).then(|| {
        let keys: Vec<String> = orphans.iter().map(|object| ObjectKey::of(object).to_string()).collect();
        let message = format!("Application has {} orphaned resources", orphans.len());
        Diagnostic::warning("diff/orphaned-resources", message).help(keys.join(", "))
    })
}

fn is_made_by_the_cluster(key: &ObjectKey) -> bool {
    key.group.is_empty()
        && matches!(
            (key.kind.as_str(), key.namespace.as_str(), key.name.as_str()),
            ("Service", "default", "kubernetes")
                | ("ServiceAccount", _, "default")
                | ("ConfigMap", _, "kube-root-ca.crt")
        )
}

fn uid(object: &Value) -> Option<&str> {
    object.at(&["metadata", "uid"])?.as_str()
}

fn owner_uids(object: &Value) -> impl Iterator<Item = &str> {
    let owners = object.at(&["metadata", "ownerReferences"]).and_then(Value::as_seq).unwrap_or_default();
    owners.iter().filter_map(|owner| owner.get("uid")?.as_str())
}

/// Returns the uids of everything above a managed object.
fn owners_of_managed<'v>(live: &'v [Value], managed: &BTreeSet<ObjectKey>) -> BTreeSet<&'v str> {
    let mut above: BTreeSet<&str> = BTreeSet::new();
    for object in live.iter().filter(|object| managed.contains(&ObjectKey::of(object))) {
        above.extend(owner_uids(object));
    }
    loop {
        let known = above.len();
        let owned: Vec<&str> = live
            .iter()
            .filter(|object| uid(object).is_some_and(|uid| above.contains(uid)))
            .flat_map(owner_uids)
            .collect();
        above.extend(owned);
        if above.len() == known {
            return above;
        }
    }
}
