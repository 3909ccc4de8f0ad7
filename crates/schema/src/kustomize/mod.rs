//! What kustomize knows about kinds: its bundled Kubernetes 1.21 tables and the user's own OpenAPI document.

mod custom;
#[rustfmt::skip]
mod definitions;
#[rustfmt::skip]
mod tables;

pub use custom::{CustomSchema, SchemaError};

use definitions::DEFINITIONS;
use std::borrow::Cow;
use std::sync::Arc;
use tables::{NAMESPACED, NODES, TYPES};

/// The index of a type without merge strategies inside.
const OPAQUE: u16 = 0;
/// No type at all.
const NONE: u16 = u16::MAX;

/// One type of the built-in tables.
struct Node {
    /// Fields that are no scalars, sorted by name.
    fields: &'static [(&'static str, u16)],
    items: u16,
    additional: u16,
    strategy: &'static str,
    keys: &'static [&'static str],
}

impl Node {
    const fn new(
        fields: &'static [(&'static str, u16)],
        items: u16,
        additional: u16,
        strategy: &'static str,
        keys: &'static [&'static str],
    ) -> Self {
        Self { fields, items, additional, strategy, keys }
    }
}

/// Which tables a build consults, and which of them wins for a type both know.
///
/// A clone is a reference count.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    custom: Option<Arc<CustomSchema>>,
    layers: Layers,
}

/// How a custom document lies over the built-in tables.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layers {
    /// The built-in tables, with a custom document (if any) on top.
    #[default]
    CustomOverBuiltIn,
    /// The built-in tables on top of the custom document.
    BuiltInOverCustom,
    /// The custom document alone.
    CustomOnly,
}

impl Schema {
    /// Returns the built-in tables.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// Returns a schema of a custom document and, depending on `layers`, the built-in tables.
    pub fn with_custom(custom: Arc<CustomSchema>, layers: Layers) -> Self {
        Self { custom: Some(custom), layers }
    }

    /// Returns true if these are the built-in tables and nothing else.
    pub fn is_built_in(&self) -> bool {
        self.custom.is_none()
    }

    /// Returns the type of a resource.
    pub fn type_of(&self, api_version: &str, kind: &str) -> Option<Type<'_>> {
        let custom =
            || self.custom.as_deref().and_then(|custom| custom.type_of(api_version, kind, self.layers));
        match self.layers {
            Layers::CustomOnly => custom(),
            Layers::CustomOverBuiltIn => custom().or_else(|| built_in_type(api_version, kind)),
            Layers::BuiltInOverCustom => built_in_type(api_version, kind).or_else(custom),
        }
    }

    /// Returns whether a kind is namespaced, if that is known.
    pub fn is_namespaced(&self, api_version: &str, kind: &str) -> Option<bool> {
        built_in_scope(api_version, kind)
            .or_else(|| self.custom.as_deref().and_then(|custom| custom.is_namespaced(api_version, kind)))
    }

    /// Returns true for kinds that certainly belong to the cluster, not to a namespace.
    pub fn is_cluster_scoped(&self, api_version: &str, kind: &str) -> bool {
        self.is_namespaced(api_version, kind) == Some(false)
    }

    /// Returns true if the built-in scope table knows the kind.
    pub fn has_built_in_scope(api_version: &str, kind: &str) -> bool {
        built_in_scope(api_version, kind).is_some()
    }
}

fn built_in_scope(api_version: &str, kind: &str) -> Option<bool> {
    let found = NAMESPACED.binary_search_by(|&(a, k, _)| (a, k).cmp(&(api_version, kind))).ok()?;
    NAMESPACED.get(found).map(|&(_, _, namespaced)| namespaced)
}

fn built_in_type(api_version: &str, kind: &str) -> Option<Type<'static>> {
    let found = TYPES.binary_search_by(|&(a, k, _)| (a, k).cmp(&(api_version, kind))).ok()?;
    TYPES.get(found).and_then(|&(_, _, node)| Type::built_in(node))
}

/// A built-in type by the name of its definition.
fn built_in_definition(name: &str) -> Option<Type<'static>> {
    let found = DEFINITIONS.binary_search_by(|(known, _)| (*known).cmp(name)).ok()?;
    DEFINITIONS.get(found).and_then(|&(_, node)| Type::built_in(node))
}

/// One type: where a walk through a document and its schema stands.
#[derive(Clone, Copy, Debug)]
pub struct Type<'a>(Kind<'a>);

#[derive(Clone, Copy, Debug)]
enum Kind<'a> {
    BuiltIn(u16),
    Custom(custom::CustomType<'a>),
}

impl<'a> Type<'a> {
    fn built_in(node: u16) -> Option<Self> {
        (node != NONE).then_some(Self(Kind::BuiltIn(node)))
    }

    /// Returns the type of a field, declared or allowed as an additional property.
    pub fn field(self, name: &str) -> Option<Self> {
        match self.0 {
            Kind::BuiltIn(node) => {
                let node = NODES.get(usize::from(node))?;
                let found = node.fields.binary_search_by(|(field, _)| (*field).cmp(name)).ok();
                let index =
                    found.and_then(|at| node.fields.get(at)).map_or(node.additional, |&(_, index)| index);
                Self::built_in(index)
            }
            Kind::Custom(custom) => custom.field(name),
        }
    }

    /// Returns the type of the elements of a list type.
    pub fn elements(self) -> Option<Self> {
        match self.0 {
            Kind::BuiltIn(node) => Self::built_in(NODES.get(usize::from(node))?.items),
            Kind::Custom(custom) => custom.elements(),
        }
    }

    /// Returns the patch strategies, comma-separated; empty if there are none.
    pub fn patch_strategy(self) -> &'a str {
        match self.0 {
            Kind::BuiltIn(node) => NODES.get(usize::from(node)).map_or("", |node| node.strategy),
            Kind::Custom(custom) => custom.patch_strategy().unwrap_or(""),
        }
    }

    /// Returns true if a patch merges into a list of this type instead of replacing it.
    pub fn is_merge_list(self) -> bool {
        self.patch_strategy().split(',').any(|strategy| strategy == "merge")
    }

    /// Returns the keys that tell the elements of a merged list apart.
    pub fn merge_keys(self) -> Cow<'a, [&'a str]> {
        match self.0 {
            Kind::BuiltIn(node) => Cow::Borrowed(NODES.get(usize::from(node)).map_or(&[], |node| node.keys)),
            Kind::Custom(custom) => Cow::Owned(custom.merge_keys()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_sorted() {
        assert!(TYPES.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
        assert!(NAMESPACED.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
        assert!(NODES.iter().all(|node| node.fields.is_sorted_by(|a, b| a.0 < b.0)));
    }

    #[test]
    fn deep_types_are_found() {
        let schema = Schema::built_in();
        let deployment = schema.type_of("apps/v1", "Deployment").unwrap();
        let pod =
            ["spec", "template", "spec"].iter().try_fold(deployment, |at, name| at.field(name)).unwrap();
        let ports = pod.field("containers").unwrap().elements().unwrap().field("ports").unwrap();
        assert!(ports.is_merge_list());
        assert_eq!(ports.merge_keys().as_ref(), ["containerPort", "protocol"]);
        assert!(!pod.field("tolerations").unwrap().is_merge_list());
        assert!(schema.type_of("example.com/v1", "Widget").is_none());
        assert_eq!(schema.is_namespaced("example.com/v1", "Widget"), None);
    }
}
