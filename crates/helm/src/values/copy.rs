//! Deep copies of values that count what they copy.

use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use trueup_template::{List, Map, Value};

/// How deep values may nest; documents and settings stay far below.
const MAX_DEPTH: usize = 400;

/// What may still be copied.
#[derive(Debug)]
pub(crate) struct Budget {
    left: u64,
    most: u64,
}

impl Budget {
    pub(crate) fn new(limits: &Limits) -> Self {
        Self { left: limits.value_nodes, most: limits.value_nodes }
    }

    pub(crate) fn spend(&mut self, nodes: usize) -> Result<()> {
        match self.left.checked_sub(nodes as u64) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => {
                let message = format!("merging values takes more than {} nodes", self.most);
                Err(Error::new(ErrorKind::Limit, message))
            }
        }
    }

    /// Copies a map and everything in it.
    pub(crate) fn copy(&mut self, map: &Map) -> Result<Map> {
        self.copy_map(map, 0)
    }

    fn copy_map(&mut self, map: &Map, depth: usize) -> Result<Map> {
        if depth > MAX_DEPTH {
            let message = format!("values are nested more than {MAX_DEPTH} levels deep");
            return Err(Error::new(ErrorKind::Limit, message));
        }
        self.spend(map.len() + 1)?;
        let copy = |(key, value): (_, Value)| Ok((key, self.copy_value(&value, depth + 1)?));
        map.entries().into_iter().map(copy).collect()
    }

    fn copy_value(&mut self, value: &Value, depth: usize) -> Result<Value> {
        Ok(match value {
            Value::Map(map) => Value::Map(self.copy_map(map, depth)?),
            Value::List(list) => {
                self.spend(list.len())?;
                let items = list.items().iter().map(|item| self.copy_value(item, depth + 1));
                Value::List(List::of(list.elem(), items.collect::<Result<_>>()?))
            }
            scalar => scalar.clone(),
        })
    }
}
