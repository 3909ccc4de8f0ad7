//! The objects that templates see: `.Chart`, `.Files`, `.Values` and so on, one set for each chart.

use super::{Templates, text_of};
use crate::chart::{Chart, Dependency, Maintainer, Metadata, join};
use crate::options::Options;
use crate::values::table;
use ecow::EcoString;
use std::collections::BTreeMap;
use trueup_manifest::FileBytes;
use trueup_template::{Map, MapElem, Value};

/// A file to parse, and what it sees.
pub(crate) struct Template {
    pub(super) text: FileBytes,
    pub(super) data: Map,
    pub(super) base_path: EcoString,
    /// Where the file is in the chart's tree.
    pub(super) origin: EcoString,
}

/// Returns the files of a chart and those below it by their names in messages.
pub(super) fn templates(chart: &Chart, values: &Map, options: &Options) -> Templates {
    let release = Value::from_iter([
        ("Name", Value::from(options.release_name.as_str())),
        ("Namespace", options.namespace.as_str().into()),
        ("IsUpgrade", options.is_upgrade.into()),
        ("IsInstall", (!options.is_upgrade).into()),
        ("Revision", Value::int(1)),
        ("Service", "Helm".into()),
    ]);
    let shared = Shared { release, capabilities: options.capabilities.to_value() };
    let mut templates = BTreeMap::new();
    let root = values.with_elem(MapElem::Values);
    collect(chart, &chart.metadata.name, root, true, &shared, &mut templates);
    templates
}

/// What is the same for all charts.
struct Shared {
    release: Value,
    capabilities: Value,
}

/// Adds the files of a chart and those below it; returns what its templates see.
fn collect(
    chart: &Chart,
    path: &str,
    values: Map,
    is_root: bool,
    shared: &Shared,
    templates: &mut Templates,
) -> Map {
    let about = metadata(&chart.metadata);
    about.insert("IsRoot", is_root);
    let (data, charts) = (Map::new(), Map::new());
    data.insert("Chart", about);
    data.insert("Files", files(chart));
    data.insert("Release", shared.release.clone());
    data.insert("Capabilities", shared.capabilities.clone());
    data.insert("Values", values.clone());
    data.insert("Subcharts", charts.clone());
    for inner in &chart.dependencies {
        let name = &inner.metadata.name;
        let values = table(&values, name).map(|table| table.with_elem(MapElem::Values));
        let values = values.unwrap_or_else(|| Map::of(MapElem::Values));
        let path = format!("{path}/charts/{name}");
        let below = collect(inner, &path, values, false, shared, templates);
        charts.insert(name.as_str(), below);
    }
    let is_library = chart.metadata.kind.eq_ignore_ascii_case("library");
    for file in &chart.templates {
        if is_library && !crate::chart::is_partial(&file.name) {
            continue;
        }
        let template = Template {
            text: file.data.clone(),
            data: data.clone(),
            base_path: ecow::eco_format!("{path}/templates"),
            origin: join(&chart.origin, &file.name),
        };
        templates.insert(ecow::eco_format!("{path}/{}", file.name), template);
    }
    data
}

fn files(chart: &Chart) -> Map {
    let files = Map::of(MapElem::Files);
    for file in &chart.files {
        files.insert(file.name.as_str(), text_of(&file.data));
    }
    files
}

fn text(text: &EcoString) -> Value {
    Value::Str(text.clone().into())
}

fn texts(texts: &[EcoString]) -> Value {
    texts.iter().map(text).collect::<Vec<_>>().into()
}

/// The fields of Go's struct by their names there.
fn metadata(metadata: &Metadata) -> Map {
    let annotations = match &metadata.annotations {
        Some(entries) => Value::string_map(entries.iter().map(|(key, value)| (key.as_str(), value.as_str()))),
        None => Map::nil(MapElem::String).into(),
    };
    let maintainers: Vec<Value> = metadata.maintainers.iter().map(maintainer).collect();
    let dependencies: Vec<Value> = metadata.dependencies.iter().flatten().map(dependency).collect();
    Map::from_iter([
        ("Name", text(&metadata.name)),
        ("Home", text(&metadata.home)),
        ("Sources", texts(&metadata.sources)),
        ("Version", text(&metadata.version)),
        ("Description", text(&metadata.description)),
        ("Keywords", texts(&metadata.keywords)),
        ("Maintainers", maintainers.into()),
        ("Icon", text(&metadata.icon)),
        ("APIVersion", text(&metadata.api_version)),
        ("Condition", text(&metadata.condition)),
        ("Tags", text(&metadata.tags)),
        ("AppVersion", text(&metadata.app_version)),
        ("Deprecated", metadata.deprecated.into()),
        ("Annotations", annotations),
        ("KubeVersion", text(&metadata.kube_version)),
        ("Dependencies", dependencies.into()),
        ("Type", text(&metadata.kind)),
    ])
}

fn maintainer(maintainer: &Maintainer) -> Value {
    Value::from_iter([
        ("Name", text(&maintainer.name)),
        ("Email", text(&maintainer.email)),
        ("URL", text(&maintainer.url)),
    ])
}

fn dependency(dependency: &Dependency) -> Value {
    // What is imported has been made pairs of texts.
    let pair = |entry: &trueup_manifest::Value| {
        let map = entry.as_map().into_iter().flat_map(trueup_manifest::Map::iter);
        Value::string_map(map.map(|(key, value)| (key.as_str(), value.as_str().unwrap_or_default())))
    };
    let imports: Vec<Value> = dependency.import_values.iter().map(pair).collect();
    Value::from_iter([
        ("Name", text(&dependency.name)),
        ("Version", text(&dependency.version)),
        ("Repository", text(&dependency.repository)),
        ("Condition", text(&dependency.condition)),
        ("Tags", texts(&dependency.tags)),
        ("Enabled", dependency.enabled.into()),
        ("ImportValues", imports.into()),
        ("Alias", text(&dependency.alias)),
    ])
}
