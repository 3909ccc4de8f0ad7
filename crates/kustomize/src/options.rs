//! What a build may be told.

use crate::functions::FunctionRunner;
use crate::kustomization::HelmChart;
use std::fmt;
use std::sync::Arc;
use trueup_manifest::{FileTree, Limits};

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
    /// The directory of charts, relative to the kustomization.
    pub chart_home: &'r str,
    /// The tree of the kustomization.
    pub tree: &'r FileTree,
    /// The directory of the kustomization in its tree.
    pub directory: &'r str,
}
