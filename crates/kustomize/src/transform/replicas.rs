//! Replica counts.

use crate::error::{Error, ErrorKind, Result};
use crate::fieldspec::{self, Create, FieldSpec};
use crate::ids::Gvk;
use crate::kustomization::Replica;
use crate::node::Tag;
use crate::resmap::ResMap;
use std::sync::Arc;
use trueup_manifest::Value;
use trueup_schema::kustomize::Schema;

/// Sets the count of the resources that have, or had, a name.
pub(crate) fn set_replicas(
    map: &mut ResMap,
    replica: &Replica,
    specs: &[FieldSpec],
    schema: &Schema,
) -> Result<()> {
    let mut found = false;
    let named = map.indices_by_name(&replica.name, schema, |id| id.name == replica.name)?;
    let kinds_of = |at: usize| {
        let ids = map.list.get(at).into_iter().flat_map(|resource| resource.any_ids(schema));
        (at, ids.filter(|id| id.name == replica.name).map(|id| id.gvk).collect::<Vec<_>>())
    };
    let named: Vec<(usize, Vec<Arc<Gvk>>)> = named.iter().copied().map(kinds_of).collect();
    for spec in specs {
        let is_hit = |kinds: &[Arc<Gvk>]| kinds.iter().any(|kind| kind.is_selected(&spec.gvk));
        let hits: Vec<usize> = named.iter().filter(|(_, kinds)| is_hit(kinds)).map(|(at, _)| *at).collect();
        found |= !hits.is_empty();
        for at in hits {
            let Some(resource) = map.list.get_mut(at) else { continue };
            fieldspec::change(&mut resource.value, spec, Create::Scalar(Tag::Int), &mut |field| {
                fieldspec::set_scalar(field, &Value::from(replica.count))
            })?;
        }
    }
    if found {
        return Ok(());
    }
    let kinds: Vec<_> = specs.iter().map(|spec| spec.gvk.to_string()).collect();
    Err(Error::new(
        ErrorKind::Transformer,
        format!(
            "resource with name {} does not match a config with the following GVK [{}]",
            replica.name,
            kinds.join(" ")
        ),
    ))
}
