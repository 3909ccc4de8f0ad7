//! What builds of one tree share.

use super::accumulate::Accumulated;
use crate::config::TransformerConfig;
use crate::error::Result;
use crate::kustomization::Loaded;
use crate::load::Root;
use crate::origin::Origin;
use crate::plugin::Transformer;
use crate::resource::Resource;
use ecow::EcoString;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use trueup_manifest::Diagnostic;

/// Parsed files and accumulated directories.
///
/// Most files are read once: a directory that others build on is remembered as a whole, and those that are built themselves are built
/// once. So what is not accumulated is kept from the second time on.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pub(super) kustomizations: Kept<Root, Result<Arc<Loaded>>>,
    /// The resources of files.
    pub(super) files: Kept<Root, Result<Arc<Vec<Resource>>>>,
    pub(super) bases: BTreeMap<BaseKey, Arc<Base>>,
    /// The transformer configuration of a directory, without that of its bases.
    pub(super) configs: BTreeMap<Root, Arc<TransformerConfig>>,
    /// What two configurations, by their addresses, merge into. They are held so that the addresses stay theirs.
    pub(super) merged: BTreeMap<(usize, usize), [Arc<TransformerConfig>; 3]>,
    /// The built-in transformers of a directory, under a configuration.
    pub(super) steps: Kept<(Root, usize), Result<Steps>>,
}

/// What has been made twice; nothing under the keys of what has been made once.
#[derive(Debug)]
pub(super) struct Kept<K, V>(BTreeMap<K, Option<V>>);

impl<K, V> Default for Kept<K, V> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// Returns what is kept under a key, or makes it, and keeps it if it has been made before. It is made while nobody waits.
pub(super) fn kept<K: Ord, V: Clone>(
    cache: &Mutex<Cache>,
    part: fn(&mut Cache) -> &mut Kept<K, V>,
    key: K,
    make: impl FnOnce() -> V,
) -> V {
    let is_second = match part(&mut lock(cache)).0.get(&key) {
        Some(Some(known)) => return known.clone(),
        known => known.is_some(),
    };
    let made = make();
    part(&mut lock(cache)).0.insert(key, is_second.then(|| made.clone()));
    made
}

/// Configured transformers; the configuration is held so that its address stays its own.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    pub(super) list: Arc<[(&'static str, Transformer)]>,
    pub(super) _config: Arc<TransformerConfig>,
}

/// Merges two configurations, once. What adds nothing leaves the one that is there, and all that was made under it.
pub(super) fn merge_configs(
    cache: &Mutex<Cache>,
    own: &Arc<TransformerConfig>,
    other: &Arc<TransformerConfig>,
) -> Result<Arc<TransformerConfig>> {
    let key = (address(own), address(other));
    if let Some([_, _, merged]) = lock(cache).merged.get(&key) {
        return Ok(Arc::clone(merged));
    }
    let merged = Arc::clone(own).merge(other)?;
    let known = [own, other].into_iter().find(|known| merged.same(known));
    let merged = known.map_or(merged, Arc::clone);
    lock(cache).merged.insert(key, [Arc::clone(own), Arc::clone(other), Arc::clone(&merged)]);
    Ok(merged)
}

/// The address of a configuration: its identity while it is held.
pub(super) fn address(config: &Arc<TransformerConfig>) -> usize {
    Arc::as_ptr(config).addr()
}

/// What an accumulated directory depends on, besides the tree and the options.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct BaseKey {
    pub(super) root: Root,
    pub(super) root_only: bool,
    pub(super) origin: Option<Origin>,
    pub(super) build_metadata: Vec<EcoString>,
}

/// An accumulated directory.
#[derive(Debug)]
pub(super) struct Base {
    /// None of its directories may be above one that leads to it.
    pub(super) accumulated: Accumulated,
    /// How many bases it is built on, itself among them.
    pub(super) bases: usize,
    pub(super) warnings: Vec<Diagnostic>,
    pub(super) asked: bool,
    pub(super) walked: bool,
}

/// Locks the cache; a build that panicked left it whole, since entries are put in one by one.
pub(super) fn lock(cache: &Mutex<Cache>) -> std::sync::MutexGuard<'_, Cache> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}
