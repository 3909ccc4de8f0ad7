//! What builds of one tree share.

use super::accumulate::Accumulated;
use crate::error::Result;
use crate::kustomization::Loaded;
use crate::load::Root;
use crate::origin::Origin;
use crate::resource::Resource;
use ecow::EcoString;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use trueup_manifest::Diagnostic;

/// Parsed files and accumulated directories.
#[derive(Debug, Default)]
pub(super) struct Cache {
    pub(super) kustomizations: BTreeMap<Root, Result<Arc<Loaded>>>,
    pub(super) files: BTreeMap<Root, Result<Arc<Vec<Resource>>>>,
    pub(super) bases: BTreeMap<BaseKey, Arc<Base>>,
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
