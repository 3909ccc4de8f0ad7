//! Lists of field specs, which configurations and transformers share.

use super::{FieldSpec, PathTree};
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

/// Field specs in order, with a tree of their paths that is made when it is first asked for.
#[derive(Debug, Default)]
pub(crate) struct FieldSpecs {
    list: Vec<FieldSpec>,
    paths: OnceLock<PathTree>,
}

impl FieldSpecs {
    pub(crate) fn paths(&self) -> &PathTree {
        self.paths.get_or_init(|| PathTree::new(&self.list))
    }

    /// The list for editing; unshares it.
    pub(crate) fn edit(this: &mut Arc<Self>) -> &mut Vec<FieldSpec> {
        let own = Arc::make_mut(this);
        own.paths = OnceLock::new();
        &mut own.list
    }
}

impl Clone for FieldSpecs {
    /// A copy is made to be changed, so the tree stays behind.
    fn clone(&self) -> Self {
        self.list.clone().into()
    }
}

impl From<Vec<FieldSpec>> for FieldSpecs {
    fn from(list: Vec<FieldSpec>) -> Self {
        Self { list, paths: OnceLock::new() }
    }
}

impl Deref for FieldSpecs {
    type Target = [FieldSpec];

    fn deref(&self) -> &[FieldSpec] {
        &self.list
    }
}
