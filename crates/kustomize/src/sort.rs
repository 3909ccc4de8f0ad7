//! The order of the output.

use crate::config::default_order;
use crate::error::{Error, ErrorKind, Result};
use crate::ids::{Gvk, ResId};
use crate::kustomization::SortOptions;
use crate::resmap::ResMap;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use trueup_schema::kustomize::Schema;

/// Sorts as `sortOptions` asks.
pub(crate) fn sort(map: &mut ResMap, options: &SortOptions, schema: &Schema) -> Result<()> {
    let error = |message: String| Err(Error::new(ErrorKind::InvalidKustomization, message));
    match (options.order.as_str(), &options.legacy) {
        ("fifo", None) => Ok(()),
        ("fifo", Some(_)) => error(
            "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'"
                .to_owned(),
        ),
        ("legacy", None) => {
            sort_legacy(map, schema);
            Ok(())
        }
        ("legacy", Some(legacy)) => {
            let ranks = ranks(legacy.first.iter().map(|k| &**k), legacy.last.iter().map(|k| &**k));
            sort_by_ranks(map, &ranks, schema);
            Ok(())
        }
        _ => error("the field 'sortOptions.order' must be one of [fifo, legacy]".to_owned()),
    }
}

/// Sorts in the order that is called legacy: what others need comes first.
pub(crate) fn sort_legacy(map: &mut ResMap, schema: &Schema) {
    let (first, last) = default_order();
    sort_by_ranks(map, &ranks(first.iter().copied(), last.iter().copied()), schema);
}

fn ranks<'k>(
    first: impl ExactSizeIterator<Item = &'k str>,
    last: impl Iterator<Item = &'k str>,
) -> BTreeMap<&'k str, i64> {
    let count = first.len() as i64;
    let first = first.enumerate().map(|(at, kind)| (kind, at as i64 - count));
    first.chain(last.enumerate().map(|(at, kind)| (kind, at as i64 + 1))).collect()
}

fn sort_by_ranks(map: &mut ResMap, ranks: &BTreeMap<&str, i64>, schema: &Schema) {
    map.list.sort_by_cached_key(|resource| Key::new(resource.cur_id(schema), ranks));
}

/// What resources are compared by.
#[derive(PartialEq, Eq)]
struct Key {
    rank: i64,
    gvk: Gvk,
    gvk_text: String,
    id_text: String,
}

impl Key {
    fn new(id: ResId, ranks: &BTreeMap<&str, i64>) -> Self {
        let namespace = if id.namespace.is_empty() { "~X" } else { &id.namespace };
        let name = if id.name.is_empty() { "~N" } else { &id.name };
        Self {
            rank: ranks.get(id.gvk.kind.as_str()).copied().unwrap_or(0),
            gvk_text: id.gvk.sort_text(),
            id_text: format!("{}|{namespace}|{name}", id.gvk),
            gvk: id.gvk,
        }
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.gvk == other.gvk {
            return self.id_text.cmp(&other.id_text);
        }
        let by_text = self.gvk_text.cmp(&other.gvk_text);
        let is_namespace = |key: &Self| key.gvk.kind == "Namespace";
        let core = self.gvk.group.is_empty() || other.gvk.group.is_empty();
        let by_text =
            if is_namespace(self) && is_namespace(other) && core { by_text.reverse() } else { by_text };
        self.rank.cmp(&other.rank).then(by_text)
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
