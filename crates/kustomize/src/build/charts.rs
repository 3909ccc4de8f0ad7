//! `helmCharts`: what upstream does around `helm template`, with the host's renderer in its place.

use super::Build;
use super::accumulate::Target;
use crate::documents;
use crate::error::{Error, ErrorKind, Result};
use crate::kustomization::{HelmChart, HelmGlobals};
use crate::options::{ChartRenderer, ChartRequest, chart_key};
use crate::patch;
use crate::resource::Resource;
use ecow::EcoString;
use std::sync::Arc;
use trueup_manifest::{FileBytes, FileTree, Limits, Location, Value, join_path, yaml};

const DEFAULT_HOME: &str = "charts";
const MERGES: [&str; 3] = ["merge", "override", "replace"];

/// A chart that has been checked.
pub(super) struct Chart {
    chart: HelmChart,
    config_home: EcoString,
    /// The directory of charts, relative to the kustomization or absolute.
    home: String,
    additional_values: Vec<FileBytes>,
    renderer: Arc<dyn ChartRenderer>,
}

impl Target {
    /// An entry of `helmCharts` with the namespace of this kustomization, or of those above.
    pub(super) fn chart_in_namespace(&self, chart: &HelmChart) -> HelmChart {
        let mut chart = chart.clone();
        if chart.namespace.is_empty() {
            chart.namespace = self.namespace_below();
        }
        chart
    }

    /// Checks the settings of a chart and fills in what they leave open.
    pub(super) fn configure_chart(
        &self,
        mut chart: HelmChart,
        globals: &HelmGlobals,
        build: &Build<'_>,
    ) -> Result<Chart> {
        let here = self.location(self.loaded.file);
        let error = |kind, message: String| Error::new(kind, message).at(here.clone());
        let Some(renderer) = &build.options.charts else {
            let error = error(ErrorKind::Unsupported, "must specify --enable-helm".to_owned());
            return Err(error.help(format!("give the build a chart renderer for `{}`", chart.name)));
        };
        if chart.name.is_empty() {
            return Err(error(ErrorKind::Generator, "chart name cannot be empty".to_owned()));
        }
        let mut home =
            if globals.chart_home.is_empty() { DEFAULT_HOME } else { &globals.chart_home }.to_owned();
        if !chart.version.is_empty() && !chart.repo.is_empty() {
            home.push_str(&format!("/{}-{}", chart.name, chart.version));
        }
        let load = |file: &EcoString| {
            self.loader.load(file).map_err(|error| error.wrap("could not load additionalValuesFile"))
        };
        let additional_values = chart.additional_values_files.iter().map(load).collect::<Result<_>>()?;
        if chart.values_merge.is_empty() {
            chart.values_merge = "override".into();
        }
        if !MERGES.contains(&chart.values_merge.as_str()) {
            let message = format!("valuesMerge must be one of [{}]", MERGES.join(" "));
            return Err(error(ErrorKind::Generator, message));
        }
        let (renderer, config_home) = (Arc::clone(renderer), globals.config_home.clone());
        Ok(Chart { chart, config_home, home, additional_values, renderer })
    }

    /// Renders a chart that has been checked.
    pub(super) fn render_chart(&self, chart: &Chart, build: &Build<'_>) -> Result<Vec<Resource>> {
        let (tree, directory) = self.find_chart(chart)?;
        let values = self.chart_values(chart, &tree, &directory, build)?;
        let request = ChartRequest {
            chart: &chart.chart,
            config_home: &chart.config_home,
            values: &values,
            additional_values: &chart.additional_values,
            tree: &tree,
            directory: &directory,
        };
        let here = self.location(self.loaded.file);
        let text = chart
            .renderer
            .render(&request)
            .map_err(|message| Error::new(ErrorKind::Generator, message).at(here.clone()))?;
        let mut resources =
            documents::resources(text.as_bytes(), &build.options.limits).map_err(|error| {
                let malformed = error.message().contains("MalformedYAMLError");
                let what = if malformed {
                    "error reading helm output"
                } else {
                    "could not parse rnode slice into resource map"
                };
                error.wrap(what).at(here)
            })?;
        resources.iter_mut().for_each(|resource| resource.history_mut().helm_generated = true);
        Ok(resources)
    }

    /// The tree and directory of a chart: below the kustomization, or mounted.
    pub(super) fn find_chart(&self, chart: &Chart) -> Result<(FileTree, EcoString)> {
        let Chart { chart: settings, home, .. } = chart;
        let path = format!("{home}/{}", settings.name);
        let local = match path.strip_prefix('/') {
            Some(absolute) => join_path("", absolute),
            None => join_path(self.loader.root(), &path),
        };
        if let Ok(local) = local
            && self.loader.tree().is_directory(&local)
        {
            return Ok((self.loader.tree().clone(), local));
        }
        let here: Location = self.location(self.loaded.file);
        if settings.repo.is_empty() {
            let message = format!("no repo specified for pull, no chart found at '{path}'");
            return Err(Error::new(ErrorKind::MissingResource, message).at(here));
        }
        let key = chart_key(settings);
        match self.loader.mounted(&key) {
            Some(tree) => Ok((tree.clone(), EcoString::new())),
            None => {
                let message = format!("chart `{}` of `{}` is not mounted", settings.name, settings.repo);
                let error = Error::new(ErrorKind::MissingRemote, message).at(here).missing_url(key.clone());
                Err(error.help(format!("pull it and mount its files under `{key}`")))
            }
        }
    }

    /// The text of the first values file: that of the chart or of the kustomization, met by the inline values.
    fn chart_values(
        &self,
        chart: &Chart,
        tree: &FileTree,
        directory: &str,
        build: &Build<'_>,
    ) -> Result<String> {
        let settings = &chart.chart;
        let file = || -> Result<FileBytes> {
            if !settings.values_file.is_empty() {
                return self.loader.load(&settings.values_file);
            }
            if directory.is_empty() {
                let missing = |_| {
                    let message = format!("chart `{}` has no values.yaml", settings.name);
                    Error::new(ErrorKind::MissingResource, message)
                };
                return tree.read("values.yaml").cloned().map_err(missing);
            }
            self.loader.load(&format!("{}/{}/values.yaml", chart.home, settings.name))
        };
        let inline = settings.values_inline.as_map().filter(|map| !map.is_empty());
        let Some(inline) = inline else {
            return Ok(String::from_utf8_lossy(&file()?).into_owned());
        };
        // Upstream reads them as YAML once more.
        let inline = yaml::to_string(&inline.clone().into());
        let inline = inline.map_err(|error| Error::new(ErrorKind::Output, error.to_string()))?;
        let inline = parse_values(inline.as_bytes(), &build.options.limits)?;
        let merged = match settings.values_merge.as_str() {
            "replace" => inline,
            merge => {
                let own = parse_values(&file()?, &build.options.limits)?;
                let (target, patch) = if merge == "merge" { (&inline, &own) } else { (&own, &inline) };
                merge_values(target, patch, build)?
            }
        };
        let written = documents::through_json(&merged)?;
        yaml::to_string(&written).map_err(|error| Error::new(ErrorKind::Output, error.to_string()))
    }
}

fn parse_values(bytes: &[u8], limits: &Limits) -> Result<Value> {
    let failed = |message: &str| {
        let message = format!("could not parse values file into rnode: {message}");
        Error::new(ErrorKind::Generator, message)
    };
    let options = yaml::ParseOptions::kyaml().with_limits(limits.clone());
    let documents = yaml::parse_stream(bytes, &options).map_err(|error| failed(error.message()))?;
    documents.into_iter().next().ok_or_else(|| failed("EOF"))
}

/// Puts one map of values over another as kyaml merges: maps meet, lists and scalars are replaced, null deletes.
fn merge_values(target: &Value, over: &Value, build: &Build<'_>) -> Result<Value> {
    let merged = patch::merge_documents(target, over, build.schema.current());
    let merged = merged.map_err(|error| error.wrap("could not merge values"))?;
    if !merged.is_map() {
        let message = "could not parse merged values into map";
        return Err(Error::new(ErrorKind::Generator, message));
    }
    Ok(merged)
}
