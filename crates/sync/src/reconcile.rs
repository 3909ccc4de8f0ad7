//! Pairs what is desired with what is live.

use crate::SyncError;
use crate::hooks::{is_hook, is_ignored};
use crate::world::{Scope, World};
use ecow::EcoString;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use trueup_manifest::{Object, ResourceKey, Value};

/// A desired object and the live one; one of them is there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pair {
    /// What is desired; nothing for an object that is no longer.
    pub target: Option<Value>,
    /// What is live; nothing for an object that is not yet.
    pub live: Option<Value>,
}

impl Pair {
    /// Returns the key of the live object, else of the target.
    pub fn key(&self) -> ResourceKey {
        let object = self.live.as_ref().or(self.target.as_ref());
        object.map(|object| Object::new(object).key()).unwrap_or_default()
    }
}

/// Desired and live, paired, and the hooks apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reconciled {
    /// Resources: those desired in their order, then live ones without a target in the order of their keys.
    pub pairs: Vec<Pair>,
    /// Hooks in their order.
    pub hooks: Vec<Value>,
}

impl Reconciled {
    /// Puts what is applied under `RespectIgnoreDifferences=true` ([`crate::Settings::respect_ignored`]) in place of what is desired.
    ///
    /// `respected` gets a desired object and the live one, and returns the desired one with the live one's ignored fields
    /// (`trueup_diff::respect_ignored` does). Hooks, and what is not live, stay as they are.
    ///
    /// # Errors
    /// What `respected` answers; then nothing is changed, and nothing may be applied: it is not known what would be kept.
    pub fn respect<E: fmt::Display>(
        &mut self,
        respected: impl Fn(&Value, &Value) -> Result<Value, E>,
    ) -> Result<(), SyncError> {
        let target = |pair: &Pair| match (&pair.target, &pair.live) {
            (Some(target), Some(live)) => respected(target, live).map(Some),
            (target, _) => Ok(target.clone()),
        };
        let targets: Result<Vec<_>, E> = self.pairs.iter().map(target).collect();
        let targets = targets.map_err(|error| SyncError::Respect(error.to_string()))?;
        for (pair, target) in self.pairs.iter_mut().zip(targets) {
            pair.target = target;
        }
        Ok(())
    }
}

/// Pairs desired objects with the live objects of an application.
///
/// A live object that several API groups show under one uid counts once, preferably as the one that is desired.
pub fn reconcile(
    targets: &[Value],
    live: &[Value],
    namespace: &str,
    world: &(impl World + ?Sized),
) -> Reconciled {
    let mut by_key: BTreeMap<ResourceKey, &Value> =
        live.iter().map(|object| (Object::new(object).key(), object)).collect();
    let (hooks, resources): (Vec<&Value>, Vec<&Value>) =
        targets.iter().filter(|target| !is_ignored(target)).partition(|target| is_hook(target));
    drop_duplicates(&resources, &mut by_key);
    let mut pairs = Vec::with_capacity(resources.len());
    for target in resources {
        let keys = candidate_keys(target, namespace, world);
        let live = keys.into_iter().find_map(|key| by_key.remove(&key)).cloned();
        pairs.push(Pair { target: Some(target.clone()), live });
    }
    pairs.extend(by_key.into_values().map(|live| Pair { target: None, live: Some(live.clone()) }));
    Reconciled { pairs, hooks: hooks.into_iter().cloned().collect() }
}

fn candidate_keys(target: &Value, namespace: &str, world: &(impl World + ?Sized)) -> Vec<ResourceKey> {
    let object = Object::new(target);
    let mut key = object.key();
    if key.namespace.is_empty() {
        key.namespace = namespace.into();
    }
    let unscoped = ResourceKey { namespace: EcoString::new(), ..key.clone() };
    match world.scope(&object.gvk()) {
        Scope::Namespaced => vec![key],
        Scope::Cluster => vec![unscoped],
        Scope::Unknown | Scope::Missing(_) | Scope::Failed(_) => vec![key, unscoped],
    }
}

fn drop_duplicates(targets: &[&Value], live: &mut BTreeMap<ResourceKey, &Value>) {
    let mut by_uid: BTreeMap<&str, Vec<ResourceKey>> = BTreeMap::new();
    for (key, object) in live.iter() {
        let uid = Object::new(object).uid();
        if !uid.is_empty() {
            by_uid.entry(uid).or_default().push(key.clone());
        }
    }
    by_uid.retain(|_, keys| keys.len() > 1);
    if by_uid.is_empty() {
        return;
    }
    let desired: BTreeSet<ResourceKey> = targets.iter().map(|target| Object::new(target).key()).collect();
    for keys in by_uid.into_values() {
        let surplus = keys.len() - 1;
        for key in keys.iter().filter(|key| !desired.contains(*key)).take(surplus) {
            live.remove(key);
        }
    }
}
