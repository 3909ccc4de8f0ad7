//! What made a manifest what it is: its versions, and what brought each about.
//!
//! A build keeps them only when it is asked to ([`crate::Options::trace`]). A version is a document, and documents share what
//! they have in common, so that a step costs what it changes.

use crate::declared::Declared;
use crate::resource::Resource;
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::Value;

/// The cause of a manifest's first version, if a file holds it.
pub(crate) const RESOURCES: &str = "resources";

/// The cause of a version that follows another manifest's name.
pub(crate) const NAME_REFERENCE: &str = "name reference";

/// What changed a manifest.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Cause {
    /// The field of the kustomization that asks for it, such as `images`; for what a build does by itself, what that is:
    /// `name hash`, `name reference`, `output`. `resources` for the manifest as it was declared.
    pub by: &'static str,
    /// Where it is asked for; nothing for what a build does by itself.
    pub declared: Option<Arc<Declared>>,
    /// The files with patches or replacements that the field names, as paths in the tree of [`Cause::declared`].
    pub files: Vec<EcoString>,
}

impl Cause {
    pub(crate) fn of(by: &'static str, declared: Option<Arc<Declared>>) -> Self {
        Self { by, declared, files: Vec::new() }
    }
}

/// A manifest after something changed it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Version {
    /// What changed it.
    pub cause: Arc<Cause>,
    /// What it was then.
    pub value: Value,
}

/// Adds a version to each resource that is no longer what it was.
pub(crate) fn note(list: &mut [Resource], cause: impl FnOnce() -> Cause) {
    let mut cause = Some(cause);
    let mut known: Option<Arc<Cause>> = None;
    for resource in list {
        let last = resource.trace.as_deref().and_then(|trace| trace.last());
        if last.is_some_and(|last| last.value.same(&resource.value) || last.value == resource.value) {
            continue;
        }
        if let Some(make) = cause.take() {
            known = Some(Arc::new(make()));
        }
        let Some(cause) = known.clone() else { continue };
        let value = resource.value.clone();
        Arc::make_mut(resource.trace.get_or_insert_default()).push(Version { cause, value });
    }
}
