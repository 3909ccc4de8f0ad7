//! How a chart's own values, those of its parents and those of the user become the values that templates see.

use super::copy::Budget;
use crate::chart::Chart;
use crate::error::{Error, ErrorKind, Result};
use trueup_template::{Map, Value, sprintf};

/// The key of what all charts see.
const GLOBAL: &str = "global";

/// What becomes of nulls.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// A null takes a chart's default away and is gone.
    Coalesce,
    /// Nulls are kept for a later merge.
    Merge,
}

/// Puts values over those of a chart and the charts below it. What is given is copied.
pub(crate) fn coalesce_values(chart: &Chart, values: &Map, mode: Mode, budget: &mut Budget) -> Result<Map> {
    let values = budget.copy(values)?;
    coalesce(chart, &values, mode, budget)?;
    Ok(values)
}

/// Merges a table into another one that wins; nulls are kept.
pub(crate) fn merge_tables(target: &Map, source: &Map, budget: &mut Budget) -> Result<()> {
    tables(target, source, Mode::Merge, budget)
}

fn coalesce(chart: &Chart, values: &Map, mode: Mode, budget: &mut Budget) -> Result<()> {
    own(chart, values, mode, budget)?;
    for inner in &chart.dependencies {
        let name = inner.metadata.name.as_str();
        let table = match values.get(name.as_bytes()) {
            None => {
                let table = Map::new();
                values.insert(name, table.clone());
                table
            }
            Some(Value::Map(table)) => table,
            Some(other) => {
                let message = format!("type mismatch on {name}: {}", sprintf("%t", &[other]));
                return Err(Error::new(ErrorKind::InvalidValues, message));
            }
        };
        globals(&table, values, budget)?;
        coalesce(inner, &table, mode, budget)?;
    }
    Ok(())
}

/// Puts the globals of a parent into those of a chart below it.
fn globals(target: &Map, source: &Map, budget: &mut Budget) -> Result<()> {
    let table = |map: &Map| match map.get(GLOBAL.as_bytes()) {
        None => Some(Map::new()),
        Some(Value::Map(table)) => Some(table),
        Some(_) => None,
    };
    let (Some(below), Some(above)) = (table(target), table(source)) else { return Ok(()) };
    budget.spend(above.len())?;
    for (key, value) in above.entries() {
        match (value, below.get(key.as_bytes())) {
            (Value::Map(above), None) => below.insert(key, shallow(&above)),
            (Value::Map(above), Some(Value::Map(own))) => {
                let merged = shallow(&above);
                tables(&merged, &own, Mode::Merge, budget)?;
                below.insert(key, merged);
            }
            // A table stays where the other one has none.
            (Value::Map(_), Some(_)) | (_, Some(Value::Map(_))) => {}
            (value, _) => below.insert(key, value),
        }
    }
    target.insert(GLOBAL, below);
    Ok(())
}

/// Copies a map, but not what is in it.
fn shallow(map: &Map) -> Map {
    map.entries().into_iter().collect()
}

/// Puts the values of one chart below others.
fn own(chart: &Chart, values: &Map, mode: Mode, budget: &mut Budget) -> Result<()> {
    let Some(defaults) = &chart.values else { return Ok(()) };
    for (key, default) in budget.copy(&defaults.0)?.entries() {
        match (values.get(key.as_bytes()), default) {
            (Some(Value::Nil), _) if mode == Mode::Coalesce => values.remove(key.as_bytes()),
            (Some(Value::Map(table)), Value::Map(default)) => {
                let is_chart =
                    chart.dependencies.iter().any(|inner| inner.metadata.name.as_bytes() == key.as_bytes());
                let mode = if is_chart { Mode::Merge } else { mode };
                if mode == Mode::Coalesce {
                    without_nulls(&default);
                }
                tables(&table, &default, mode, budget)?;
            }
            (Some(_), _) => {}
            (None, Value::Nil) if mode == Mode::Coalesce => {}
            (None, default) => {
                if let (Value::Map(table), Mode::Coalesce) = (&default, mode) {
                    without_nulls(table);
                }
                values.insert(key, default);
            }
        }
    }
    Ok(())
}

/// Merges a table into another one that wins. The source changes, too, and parts of it become parts of the target.
fn tables(target: &Map, source: &Map, mode: Mode, budget: &mut Budget) -> Result<()> {
    budget.spend(target.len() + source.len())?;
    let given: Vec<_> =
        source.entries().into_iter().filter(|(_, value)| !matches!(value, Value::Nil)).collect();
    let is_given = |key: &[u8]| given.binary_search_by(|(given, _)| given.as_bytes().cmp(key)).is_ok();
    for (key, value) in target.entries() {
        if matches!(value, Value::Nil) {
            source.insert(key, Value::Nil);
        }
    }
    for (key, value) in source.entries() {
        match (target.get(key.as_bytes()), value) {
            // A null takes away what the other table has.
            (Some(Value::Nil), _) if mode == Mode::Coalesce && is_given(key.as_bytes()) => {
                target.remove(key.as_bytes());
            }
            (None, value) => target.insert(key, value),
            (Some(Value::Map(target)), Value::Map(source)) => tables(&target, &source, mode, budget)?,
            (Some(_), _) => {}
        }
    }
    Ok(())
}

fn without_nulls(table: &Map) {
    for (key, value) in table.entries() {
        match value {
            Value::Nil => table.remove(key.as_bytes()),
            Value::Map(inner) => without_nulls(&inner),
            _ => {}
        }
    }
}
