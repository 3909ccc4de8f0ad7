//! The order of the output.

use crate::config::default_order;
use crate::error::{Error, ErrorKind, Result};
use crate::ids::{Gvk, ResId, compare_joined, text_or};
use crate::kustomization::SortOptions;
use crate::resmap::ResMap;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::LazyLock;
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
        ("legacy", None) => sort_legacy(map, schema),
        ("legacy", Some(legacy)) => {
            let ranks = ranks(legacy.first.iter().map(|k| &**k), legacy.last.iter().map(|k| &**k));
            sort_by_ranks(map, &ranks, schema)
        }
        _ => error("the field 'sortOptions.order' must be one of [fifo, legacy]".to_owned()),
    }
}

/// Sorts in the order that is called legacy: what others need comes first.
pub(crate) fn sort_legacy(map: &mut ResMap, schema: &Schema) -> Result<()> {
    static RANKS: LazyLock<BTreeMap<&'static str, i64>> = LazyLock::new(|| {
        let (first, last) = default_order();
        ranks(first.iter().copied(), last.iter().copied())
    });
    sort_by_ranks(map, &RANKS, schema)
}

fn ranks<'k>(
    first: impl ExactSizeIterator<Item = &'k str>,
    last: impl Iterator<Item = &'k str>,
) -> BTreeMap<&'k str, i64> {
    let count = first.len() as i64;
    let first = first.enumerate().map(|(at, kind)| (kind, at as i64 - count));
    first.chain(last.enumerate().map(|(at, kind)| (kind, at as i64 + 1))).collect()
}

/// Sorts; as upstream builds the list again for it, this is where ids that are the same by now are found.
fn sort_by_ranks(map: &mut ResMap, ranks: &BTreeMap<&str, i64>, schema: &Schema) -> Result<()> {
    map.list.sort_by_cached_key(|resource| Key::new(resource.cur_id(schema), ranks));
    map.check_unique(schema)
        .map_err(|error| error.wrap("SortOrderTransformer: Failed to append to resources"))
}

/// What resources are compared by.
#[derive(PartialEq, Eq)]
struct Key {
    rank: i64,
    id: ResId,
}

impl Key {
    fn new(id: ResId, ranks: &BTreeMap<&str, i64>) -> Self {
        Self { rank: ranks.get(id.gvk.kind.as_str()).copied().unwrap_or(0), id }
    }

    /// The parts of the text that tells ids of one kind apart.
    fn id_parts(&self) -> [&str; 3] {
        [text_or(&self.id.namespace, "~X"), "|", text_or(&self.id.name, "~N")]
    }
}

impl Ord for Key {
    fn cmp(&self, other: &Self) -> Ordering {
        let (own, others) = (&self.id.gvk, &other.id.gvk);
        if own == others {
            return compare_joined(&self.id_parts(), &other.id_parts());
        }
        let by_text = || compare_joined(&own.sort_parts(), &others.sort_parts());
        let is_namespace = |gvk: &Gvk| gvk.kind == "Namespace";
        let core = own.group.is_empty() || others.group.is_empty();
        self.rank.cmp(&other.rank).then_with(|| {
            if is_namespace(own) && is_namespace(others) && core { by_text().reverse() } else { by_text() }
        })
    }
}

impl PartialOrd for Key {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
