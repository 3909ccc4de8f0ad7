//! What a build may be told.

use crate::functions::FunctionRunner;
use crate::kustomization::HelmChart;
use ecow::EcoString;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::{FileBytes, FileTree, Limits};

/// The order of the output, unless the kustomization has `sortOptions`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reorder {
    /// As the command does by itself, which is [`Reorder::Legacy`].
    #[default]
    Unspecified,
    /// By kind, what others need first.
    Legacy,
    /// As the resources were loaded.
    None,
}

/// Which files a kustomization may load.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LoadRestrictions {
    /// Those in or below its directory.
    #[default]
    RootOnly,
    /// Any file of the tree.
    None,
}

/// Options of a build. The default is what `kustomize build` does without flags.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Options {
    /// The order of the output.
    pub reorder: Reorder,
    /// Which files may be loaded.
    pub load_restrictions: LoadRestrictions,
    /// As `--enable-alpha-plugins`: plugins that are not built in are told apart from those that do not exist.
    pub enable_plugins: bool,
    /// As `--enable-managedby-label`.
    pub add_managed_by_label: bool,
    /// Keeps what made each manifest what it is ([`crate::Manifest::versions`]). It costs a reference for each change.
    pub trace: bool,
    /// What one file may cost.
    pub limits: Limits,
    /// Renders `helmCharts`; without it they are [`crate::ErrorKind::Unsupported`].
    pub charts: Option<Arc<dyn ChartRenderer>>,
    /// Runs exec and container functions, if [`Options::enable_plugins`] is set too; without it they are
    /// [`crate::ErrorKind::Unsupported`].
    pub functions: Option<Arc<dyn FunctionRunner>>,
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("reorder", &self.reorder)
            .field("load_restrictions", &self.load_restrictions)
            .field("enable_plugins", &self.enable_plugins)
            .field("add_managed_by_label", &self.add_managed_by_label)
            .field("trace", &self.trace)
            .field("limits", &self.limits)
            .field("charts", &self.charts.is_some())
            .field("functions", &self.functions.is_some())
            .finish()
    }
}

impl Options {
    /// Sets the order of the output.
    #[must_use]
    pub fn with_reorder(mut self, reorder: Reorder) -> Self {
        self.reorder = reorder;
        self
    }

    /// Sets which files may be loaded.
    #[must_use]
    pub fn with_load_restrictions(mut self, restrictions: LoadRestrictions) -> Self {
        self.load_restrictions = restrictions;
        self
    }

    /// Sets whether plugins that are not built in are known.
    #[must_use]
    pub fn with_plugins(mut self, enabled: bool) -> Self {
        self.enable_plugins = enabled;
        self
    }

    /// Sets whether resources are labelled as managed by kustomize.
    #[must_use]
    pub fn with_managed_by_label(mut self, enabled: bool) -> Self {
        self.add_managed_by_label = enabled;
        self
    }

    /// Sets whether the build keeps what made each manifest what it is.
    #[must_use]
    pub fn with_trace(mut self, enabled: bool) -> Self {
        self.trace = enabled;
        self
    }

    /// Sets what one file may cost.
    #[must_use]
    pub fn with_limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets what renders `helmCharts`.
    #[must_use]
    pub fn with_charts(mut self, charts: Arc<dyn ChartRenderer>) -> Self {
        self.charts = Some(charts);
        self
    }

    /// Sets what runs functions.
    #[must_use]
    pub fn with_functions(mut self, functions: Arc<dyn FunctionRunner>) -> Self {
        self.functions = Some(functions);
        self
    }
}

/// Renders a chart to manifests; the host's part of `helmCharts`.
///
/// The build does what kustomize does around `helm template`: it finds the chart, merges the values, checks the settings,
/// reads the output and keeps the namespace transformer away from it. The renderer stands for `helm template` itself, and
/// should look at the whole of [`ChartRequest::chart`]. Where `kube_version` and `api_versions` are empty, its own defaults
/// hold, as those of `--helm-kube-version` and `--helm-api-versions` do.
pub trait ChartRenderer: Send + Sync {
    /// Returns the manifests as YAML, or why there are none.
    ///
    /// # Errors
    /// A message for people; it becomes part of the build's error.
    fn render(&self, request: &ChartRequest<'_>) -> Result<String, String>;
}

/// One chart to render.
#[derive(Debug)]
#[non_exhaustive]
pub struct ChartRequest<'r> {
    /// The settings of the entry; namespace and defaults are filled in.
    pub chart: &'r HelmChart,
    /// `HELM_CONFIG_HOME`, as `helmGlobals` has it; empty for a fresh one.
    pub config_home: &'r str,
    /// The values that replace the chart's own file, as `-f` hands them over: YAML, inline values merged in.
    pub values: &'r str,
    /// More values files, in order; later ones win.
    pub additional_values: &'r [FileBytes],
    /// The tree of the chart.
    pub tree: &'r FileTree,
    /// The directory of the chart in its tree.
    pub directory: &'r str,
}

/// Returns the name under which a chart that is not below its kustomization is mounted:
/// `helm+REPOSITORY/NAME`, and `?version=VERSION` if there is one.
///
/// A build that lacks it is [`crate::ErrorKind::MissingRemote`], and [`crate::Error::missing`] has this name.
pub(crate) fn chart_key(chart: &HelmChart) -> EcoString {
    let key = ecow::eco_format!("helm+{}/{}", chart.repo.trim_end_matches('/'), chart.name);
    if chart.version.is_empty() { key } else { ecow::eco_format!("{key}?version={}", chart.version) }
}
