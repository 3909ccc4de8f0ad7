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
#[derive(Debug, Default)]
pub(super) struct Cache {
    pub(super) kustomizations: BTreeMap<Root, Result<Arc<Loaded>>>,
    /// The resources of files that have been read twice; nothing for those that have been read once.
    pub(super) files: BTreeMap<Root, Option<Result<Arc<Vec<Resource>>>>>,
    pub(super) bases: BTreeMap<BaseKey, Arc<Base>>,
    /// The transformer configuration of a directory, without that of its bases.
    pub(super) configs: BTreeMap<Root, Arc<TransformerConfig>>,
    /// What two configurations, by their addresses, merge into. They are held so that the addresses stay theirs.
    pub(super) merged: BTreeMap<(usize, usize), [Arc<TransformerConfig>; 3]>,
    /// The built-in transformers of a directory, under a configuration.
    pub(super) steps: BTreeMap<(Root, usize), Steps>,
}

/// Configured transformers; the configuration is held so that its address stays its own.
#[derive(Clone, Debug)]
pub(super) struct Steps {
    pub(super) list: Arc<[(&'static str, Transformer)]>,
    pub(super) _config: Arc<TransformerConfig>,
}

/// Merges two configurations, once.
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
    pub(super) accumulated: Accumulated,
    /// Every directory below it, which must not be above one that leads to it.
    pub(super) roots: Vec<Root>,
    pub(super) warnings: Vec<Diagnostic>,
    pub(super) asked: bool,
    pub(super) walked: bool,
}

/// Locks the cache; a build that panicked left it whole, since entries are put in one by one.
pub(super) fn lock(cache: &Mutex<Cache>) -> std::sync::MutexGuard<'_, Cache> {
    cache.lock().unwrap_or_else(PoisonError::into_inner)
}
