//! Labels and annotations: key-value pairs put into maps.

use crate::error::Result;
use crate::fieldspec::{self, Create, FieldSpec, wrong_kind};
use crate::kustomization::StringMap;
use crate::node;
use crate::resmap::ResMap;
use crate::resource::Resource;
use trueup_manifest::Value;

/// Puts every pair into every field that the specs select.
pub(crate) fn set_pairs(map: &mut ResMap, pairs: &StringMap, specs: &[FieldSpec]) -> Result<()> {
    if pairs.is_empty() {
        return Ok(());
    }
    map.list.iter_mut().try_for_each(|resource| set_pairs_of(resource, pairs, specs))
}

fn set_pairs_of(resource: &mut Resource, pairs: &StringMap, specs: &[FieldSpec]) -> Result<()> {
    let gvk = resource.gvk();
    let specs: Vec<&FieldSpec> = specs.iter().filter(|spec| gvk.is_selected(&spec.gvk)).collect();
    for (key, text) in pairs {
        let mut value = Value::from(text.clone());
        if specs.len() > 1 {
            // Upstream puts one node into all the fields that lack the key: a later edit of one edits them all.
            let history = resource.history_mut();
            history.cells += 1;
            value = node::with_cell(&value, history.cells);
        }
        for spec in &specs {
            set_pair(resource, spec, key, &value)?;
        }
    }
    Ok(())
}

fn set_pair(resource: &mut Resource, spec: &FieldSpec, key: &str, value: &Value) -> Result<()> {
    let mut writes: Vec<(u32, Value)> = Vec::new();
    fieldspec::change(&mut resource.value, spec, Create::Map, &mut |node| {
        if node::is_null(node) {
            return Ok(None);
        }
        let Some(map) = node.as_map() else { return Err(wrong_kind("MappingNode", node)) };
        let new = match map.get(key) {
            None if key == "<<" => return node::check_fresh_key(key).map(|()| None),
            None => node::quoted_if_needed(value).unwrap_or_else(|| value.clone()),
            Some(old) if is_string_of(old, value) => return Ok(None),
            Some(old) => {
                let new = node::set_over(old, &node::without_cells(value));
                if node::cell(old) != 0 {
                    writes.push((node::cell(old), new.clone()));
                }
                new
            }
        };
        let mut map = map.clone();
        node::insert_fresh(&mut map, key, new);
        Ok(Some(map.into()))
    })?;
    for (cell, value) in writes {
        if let Some(changed) = node::set_cell(&resource.value, cell, &value) {
            resource.value = changed;
        }
    }
    Ok(())
}

/// Whether a field is a string of this text already.
fn is_string_of(old: &Value, new: &Value) -> bool {
    node::tag(old) == node::Tag::Str && old.as_str().is_some() && old.as_str() == new.as_str()
}
