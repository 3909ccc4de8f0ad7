//! The value-add transformer: one value into fields, or into file paths in fields.

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::wrong_kind;
use crate::kustomization::Selector;
use crate::limits;
use crate::node;
use crate::path::{CreateKind, match_path};
use crate::resmap::ResMap;
use crate::transform::{NamespaceOptions, set_namespace_of};
use ecow::EcoString;
use trueup_schema::kustomize::Schema;

/// A value and where it goes.
#[derive(Clone, Debug, Default)]
pub(crate) struct ValueAdd {
    pub(super) value: EcoString,
    pub(super) targets: Vec<ValueTarget>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct ValueTarget {
    pub(super) selector: Option<Selector>,
    pub(super) field_path: EcoString,
    pub(super) position: i64,
}

impl ValueAdd {
    pub(super) fn apply(&self, map: &mut ResMap, schema: &Schema) -> Result<()> {
        for target in &self.targets {
            let selected = match &target.selector {
                Some(selector) => map.select(selector, schema)?,
                None => (0..map.list.len()).collect(),
            };
            for at in selected {
                let Some(resource) = map.list.get_mut(at) else { continue };
                if target.field_path == "metadata/namespace" {
                    let options = NamespaceOptions { namespace: self.value.clone(), ..Default::default() };
                    set_namespace_of(resource, &options, schema)?;
                    continue;
                }
                let parts = crate::fieldspec::split_path(&target.field_path, '/');
                limits::check_depth(parts.len())?;
                let matched = match_path(&resource.value, &parts, Some(CreateKind::Scalar), &mut |field| {
                    if !field.is_scalar() {
                        return Err(wrong_kind("ScalarNode", field));
                    }
                    let value = inserted(&node::text(field), &self.value, target.position);
                    Ok(node::set_over(field, &node::plain(value)))
                })?;
                if let Some(changed) = matched.changed {
                    resource.value = changed;
                }
            }
        }
        Ok(())
    }

    pub(super) fn check(&self) -> Result<()> {
        let error = |message: String| Err(Error::new(ErrorKind::Transformer, message));
        if self.targets.is_empty() {
            return error("must specify at least one target".to_owned());
        }
        for target in &self.targets {
            if target.field_path.is_empty() {
                return error("fieldPath cannot be empty".to_owned());
            }
            if target.position < 0 {
                return error(format!("value of FilePathPosition ({}) cannot be negative", target.position));
            }
        }
        Ok(())
    }
}

/// A path with a part put in at a position from 1; position 0 replaces the whole.
fn inserted(old: &str, part: &str, position: i64) -> String {
    let Ok(position @ 1..) = usize::try_from(position) else { return part.to_owned() };
    if part.is_empty() {
        return old.to_owned();
    }
    let absolute = old.starts_with('/');
    let mut parts: Vec<&str> = old.split('/').filter(|part| !part.is_empty()).collect();
    parts.insert((position - 1).min(parts.len()), part);
    let joined = parts.join("/");
    if absolute { format!("/{joined}") } else { joined }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_put_into_paths() {
        assert_eq!(inserted("a/b", "x", 0), "x");
        assert_eq!(inserted("a/b", "x", 1), "x/a/b");
        assert_eq!(inserted("/a/b", "x", 2), "/a/x/b");
        assert_eq!(inserted("a", "x", 9), "a/x");
    }
}
