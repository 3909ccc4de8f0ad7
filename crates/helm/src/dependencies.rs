//! Which charts below a chart take part, under which names, and what of their values their parents take over.

use crate::chart::{Chart, Dependency, Values};
use crate::error::{Error, ErrorKind, Result};
use crate::limits::Limits;
use crate::values::{Budget, Mode, coalesce_values, merge_tables, path_value, table};
use std::collections::BTreeSet;
use trueup_manifest as manifest;
use trueup_template::{Constraints, Map, Value, Version, sprintf};

/// Applies conditions, tags, aliases and imports to a chart and those below it.
pub(crate) fn process(chart: &mut Chart, values: &Map, limits: &Limits, budget: &mut Budget) -> Result<()> {
    let mut charts = limits.charts;
    enable(chart, values, "", &mut charts, budget)?;
    import_all(chart, budget)
}

/// Checks that what `Chart.yaml` lists is below `charts/`, by name.
pub(crate) fn check_presence(chart: &Chart) -> Result<()> {
    let listed = chart.metadata.dependencies.iter().flatten();
    let is_there = |name: &str| chart.dependencies.iter().any(|inner| inner.metadata.name == name);
    let missing: Vec<&str> = listed.map(|d| d.name.as_str()).filter(|name| !is_there(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!("found in Chart.yaml, but missing in charts/ directory: {}", missing.join(", "));
    let error = Error::new(ErrorKind::MissingDependency, message);
    let file = crate::chart::join(&chart.origin, "Chart.yaml");
    Err(error
        .at(manifest::Location::file(file))
        .help("put the charts below `charts/`, as `helm dependency build` does"))
}

/// Tells whether a version satisfies a constraint; what cannot be read does not.
pub(crate) fn is_compatible(constraint: &str, version: &str) -> bool {
    let (Ok(version), Ok(constraints)) = (Version::parse(version), Constraints::parse(constraint)) else {
        return false;
    };
    constraints.check(&version)
}

fn enable(
    chart: &mut Chart,
    values: &Map,
    path: &str,
    charts: &mut usize,
    budget: &mut Budget,
) -> Result<()> {
    let Some(mut listed) = chart.metadata.dependencies.take() else { return Ok(()) };
    chart.dependencies = chosen(&chart.dependencies, &listed, charts)?;
    for dependency in &mut listed {
        if !dependency.alias.is_empty() {
            dependency.name = dependency.alias.clone();
        }
        dependency.enabled = true;
    }
    let values = coalesce_values(chart, values, Mode::Coalesce, budget)?;
    let tags = table(&values, "tags");
    for dependency in &mut listed {
        if let Some(tags) = &tags {
            dependency.enabled = enabled_by_tags(dependency, tags);
        }
        if let Some(enabled) = condition(dependency, &values, path) {
            dependency.enabled = enabled;
        }
    }
    let disabled: BTreeSet<_> =
        listed.iter().filter(|dependency| !dependency.enabled).map(|d| d.name.clone()).collect();
    chart.dependencies.retain(|inner| !disabled.contains(&inner.metadata.name));
    listed.retain(|dependency| !disabled.contains(&dependency.name));
    for inner in &mut chart.dependencies {
        let path = format!("{path}{}.", inner.metadata.name);
        enable(inner, &values, &path, charts, budget)?;
    }
    chart.metadata.dependencies = Some(listed).filter(|listed| !listed.is_empty());
    Ok(())
}

/// The charts that are not listed, and for each listed one the first that fits, under its alias.
fn chosen(charts: &[Chart], listed: &[Dependency], left: &mut usize) -> Result<Vec<Chart>> {
    let fits = |chart: &Chart, dependency: &Dependency| {
        chart.metadata.name == dependency.name && is_compatible(&dependency.version, &chart.metadata.version)
    };
    let mut chosen: Vec<Chart> = charts
        .iter()
        .filter(|chart| !listed.iter().any(|dependency| fits(chart, dependency)))
        .cloned()
        .collect();
    for dependency in listed {
        let Some(found) = charts.iter().find(|chart| fits(chart, dependency)) else { continue };
        let size = count(found);
        *left = left.checked_sub(size).ok_or_else(|| {
            Error::new(ErrorKind::Limit, "there are too many charts below others".to_owned())
        })?;
        let mut copy = found.clone();
        if !dependency.alias.is_empty() {
            copy.metadata.name = dependency.alias.clone();
        }
        chosen.push(copy);
    }
    Ok(chosen)
}

fn count(chart: &Chart) -> usize {
    1 + chart.dependencies.iter().map(count).sum::<usize>()
}

/// Any true tag enables, else any false one disables.
fn enabled_by_tags(dependency: &Dependency, tags: &Map) -> bool {
    let set = dependency.tags.iter().filter_map(|tag| match tags.get(tag.as_bytes()) {
        Some(Value::Bool(on)) => Some(on),
        _ => None,
    });
    let set: Vec<bool> = set.collect();
    set.is_empty() || set.contains(&true)
}

/// The first boolean among the paths of a condition.
fn condition(dependency: &Dependency, values: &Map, path: &str) -> Option<bool> {
    let paths = dependency.condition.trim().split(',').filter(|condition| !condition.is_empty());
    paths.into_iter().find_map(|condition| match path_value(values, &format!("{path}{condition}")) {
        Some(Value::Bool(on)) => Some(on),
        _ => None,
    })
}

/// Takes over values, the deepest charts first.
fn import_all(chart: &mut Chart, budget: &mut Budget) -> Result<()> {
    for inner in &mut chart.dependencies {
        import_all(inner, budget)?;
    }
    let Some(mut listed) = chart.metadata.dependencies.take() else { return Ok(()) };
    let values = coalesce_values(chart, &Map::new(), Mode::Merge, budget)?;
    let imported = Map::new();
    for dependency in &mut listed {
        let mut kept = Vec::new();
        for entry in std::mem::take(&mut dependency.import_values) {
            let Some((child, parent)) = from_to(&entry) else { continue };
            if let Some(found) = table(&values, &format!("{}.{child}", dependency.name)) {
                let found = at_path(&parent, found);
                merge_tables(&imported, &found, budget)?;
            }
            let pair = [("child", child), ("parent", parent)];
            kept.push(manifest::Value::from(manifest::Map::from_iter(pair)));
        }
        dependency.import_values = kept;
    }
    let values = budget.copy(&values)?;
    merge_tables(&values, &imported, budget)?;
    chart.values = Some(Values(values));
    chart.metadata.dependencies = Some(listed);
    Ok(())
}

/// Where an entry of `import-values` takes a table from and puts it; nothing for what is neither a text nor a map.
fn from_to(entry: &manifest::Value) -> Option<(String, String)> {
    if let Some(name) = entry.as_str() {
        return Some((format!("exports.{name}"), ".".to_owned()));
    }
    let map = entry.as_map()?;
    let text = |key: &str| {
        let value = map.get(key).map_or(Value::Nil, Value::from_manifest);
        sprintf("%v", &[value])
    };
    Some((text("child"), text("parent")))
}

/// Puts a table at a path of new ones.
fn at_path(path: &str, table: Map) -> Map {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, key| Map::from_iter([(key, Value::Map(inner))]))
}
